"""Servers under test: the installed command as a process, listening on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
W3C = ROOT.parent / "shared/w3c/sparql/sparql11"
PATIENCE = 60
# What a server answers at any time, and the answer.
QUESTION = "SELECT (1 + 1 AS ?two) {}"


class Live:
    """A running `pilotgraph serve`, and ways to speak to it."""

    def __init__(self, *arguments: object, env: dict[str, str] | None = None) -> None:
        line = [str(Path(sys.executable).with_name("pilotgraph")), "serve", "--port", "0", *map(str, arguments)]
        self.process = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=os.environ | (env or {}))
        self.lines: list[str] = []
        self.deaf = threading.Event()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        self.url = self._wait_for("listening on ").rstrip("/")
        self.host, port = self.url.removeprefix("http://").rsplit(":", 1)
        self.port = int(port)
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))
            if self.deaf.is_set():
                return

    def _wait_for(self, start: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in tuple(self.lines):
                if line.startswith(start):
                    return line.removeprefix(start)
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.process.kill()
        self.process.wait()
        if self.process.stderr is not None:
            self.process.stderr.close()
        pytest.fail(f"serve does not start: {self.lines}")

    def query(self, text: str, **headers: str) -> httpx.Response:
        """Ask a query by GET."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get("/sparql", params={"query": text}, headers=names)

    def answers(self) -> bool:
        """Tell whether the next query is answered, rightly."""
        with httpx.Client(base_url=self.url, timeout=10) as fresh:
            got = fresh.get("/sparql", params={"query": QUESTION}, headers={"accept": "text/csv"})
        return (got.status_code, got.text) == (200, "two\r\n2\r\n")

    def health(self) -> dict[str, Any]:
        """What /health tells."""
        return dict(self.client.get("/health").json())

    def metric(self, name: str) -> float:
        """The value of a metric, 0 if it is not there."""
        found = [line for line in self.client.get("/metrics").text.splitlines() if line.startswith(f"{name} ")]
        return float(found[0].split()[-1]) if found else 0.0

    def raw(self, data: bytes, *, wait: float = 10) -> bytes:
        """Send bytes, and give all that comes back until the server closes or is silent for `wait` seconds."""
        with socket.create_connection((self.host, self.port), timeout=wait) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(data)
            return read_all(connection)

    def log(self) -> list[dict[str, Any]]:
        """The lines of the log so far."""
        time.sleep(0.5)
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the server; gives its exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self._reading.join(5)
            if self.process.stderr is not None:
                self.process.stderr.close()
        return code


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes, or is silent for as long as the connection waits."""
    found = b""
    with contextlib.suppress(OSError):
        while part := connection.recv(65536):
            found += part
    return found


def write_store(folder: Path, graphs: dict[str, bytes]) -> Path:
    """A store like `pilotgraph load` makes them, with graphs of our choosing, each in Turtle."""
    generation = folder / "generation-test"
    generation.mkdir(parents=True)
    store = EmbeddedStore.create(generation)
    for name, turtle in graphs.items():
        found = parse(turtle, format=RdfFormat.TURTLE, base_iri=name)
        store.add(Quad(q.subject, q.predicate, q.object, NamedNode(name)) for q in found)
    store.finish()
    store.close()
    (folder / "CURRENT").write_text("generation-test\n")
    return folder


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[..., Live]]:
    """Starts servers, which are stopped at the end if the test does not."""
    started: list[Live] = []

    def start(*arguments: object, **env: str) -> Live:
        started.append(Live(*arguments, env=env))
        return started[-1]

    yield start
    for live in started:
        # One that has ended by itself holds a pipe all the same.
        if not live.client.is_closed:
            live.stop()


@pytest.fixture(scope="session")
def live(start: Callable[..., Live]) -> Live:
    """A server of the bundled data set, without pages, for tests that leave it as it is."""
    return start("--no-pages", "--time-limit", "5", "--per-client", "1000")


@pytest.fixture(scope="session")
def w3c() -> Path:
    """The SPARQL 1.1 tests of the W3C, which are not in the repository."""
    if not W3C.is_dir():
        pytest.skip(f"the W3C tests are not at hand: no {W3C.name}")
    return W3C
