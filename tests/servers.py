"""Real SPARQL servers on loopback, started for the tests and killed after them."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

USER, PASSWORD = "analyst", "correct-horse-battery"
PATIENCE = 60
# Only loopback; small buffers; no limit on rows unless a test sets one.
VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
MaxClientConnections = 10
Charset = UTF-8
[SPARQL]
{limits}
"""
VIRTUOSO_RIGHTS = f"""\
GRANT SPARQL_UPDATE TO "SPARQL";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);
DB.DBA.USER_CREATE('{USER}', '{PASSWORD}');
GRANT SPARQL_SELECT TO "{USER}";
GRANT SPARQL_UPDATE TO "{USER}";
"""


@dataclass
class Server:
    """A server process: how to start it, and where it answers queries."""

    url: str
    line: list[str]
    folder: Path
    after_start: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(self.line, cwd=self.folder, stdout=output, stderr=output)
        deadline = time.monotonic() + PATIENCE
        while not answers(self.url):
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{self.line[0]} does not start: {(self.folder / 'output.txt').read_text()[-1000:]}")
            time.sleep(0.1)
        self.after_start()

    def kill(self) -> None:
        """End the server without warning, as a failing machine does (SIGKILL)."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(PATIENCE)
        for left in self.folder.glob("*.lck"):
            left.unlink()


def answers(url: str) -> bool:
    """Tell whether a query service gives an answer."""
    try:
        with urlopen(f"{url}?query=ASK%7B%7D", timeout=2):  # noqa: S310 - our own server
            return True
    except HTTPError as error:
        error.close()
        return True
    except (URLError, OSError):
        return False


def free_ports(number: int) -> list[int]:
    """Ports that nobody uses now."""
    sockets = [socket.socket() for _ in range(number)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def oxigraph(folder: Path) -> Server:
    """An Oxigraph server with its data in `folder`."""
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.exists():
        pytest.skip("the Oxigraph server is not installed: it comes with the Python package oxigraph")
    (port,) = free_ports(1)
    line = [str(binary), "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    return Server(f"http://127.0.0.1:{port}/query", line, folder)


def virtuoso(folder: Path, limits: str = "") -> Server:
    """A Virtuoso server with its data in `folder`; anyone, and USER with PASSWORD, may update."""
    binary, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if not binary or not isql:
        pytest.skip("Virtuoso is not installed: it is the Debian package virtuoso-opensource (make system)")
    sql, http = free_ports(2)
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(sql=sql, http=http, limits=limits))
    (folder / "rights.sql").write_text(VIRTUOSO_RIGHTS)

    def grant() -> None:
        command = [isql, f"127.0.0.1:{sql}", "dba", "dba", "rights.sql"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=PATIENCE)

    line = [binary, "+configfile", "virtuoso.ini", "+foreground", "+wait"]
    return Server(f"http://127.0.0.1:{http}/sparql", line, folder, grant)


STARTERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}
