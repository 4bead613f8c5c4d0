"""Progress on a real terminal: what is done and how far it is, nothing in a pipe, and nothing left after Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

ROOT = Path(__file__).parents[1]
DRAWN = re.compile(r"\r\x1b\[K(loading files|deriving)  █*░*  +\d+ %(  about \d+:\d\d left)?")
WAIT = 60.0


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set that takes some seconds to load."""
    folder = tmp_path_factory.mktemp("synthetic") / "set"
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", "1500", "--to", str(folder)]
    subprocess.run(command, check=True)
    return folder


class Terminal:
    """A command that has a terminal for its messages."""

    def __init__(self, line: list[str]) -> None:
        self._reading, writing = pty.openpty()
        environment = os.environ | {"TERM": "xterm"}
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=writing, env=environment)
        os.close(writing)
        self.text = ""

    def read(self, until: re.Pattern[str] | None = None) -> None:
        """Read what is written, to the end or until it holds what is looked for."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end and not (until and until.search(self.text)):
            try:
                self.text += os.read(self._reading, 4096).decode()
            except OSError:
                # Linux says so when the other side has closed.
                return


def test_a_terminal_sees_how_far_a_load_is(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """The line is drawn over and over, is wiped, and the summary stands alone at the end."""
    terminal = Terminal(pilotgraph.line("load", "--to", tmp_path / "store", "--dataset", synthetic))
    terminal.read()
    assert terminal.process.wait() == 0
    assert DRAWN.search(terminal.text)
    before, _, after = terminal.text.rpartition("\r\x1b[K")
    assert "█" in before
    assert re.fullmatch(r"( +\d+  graph:[a-z]+\r\n)+loaded \d+ triples into \S+\r\n", after)


def test_ctrl_c_leaves_nothing_half_done(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Stopped in the middle, a load says so, and the folder holds no part of a store."""
    terminal = Terminal(pilotgraph.line("load", "--to", tmp_path / "store", "--dataset", synthetic))
    terminal.read(DRAWN)
    terminal.process.send_signal(signal.SIGINT)
    terminal.read()
    assert terminal.process.wait() == 130
    assert terminal.text.endswith("pilotgraph: stopped; nothing was left half-written\r\n")
    assert [path.name for path in (tmp_path / "store").iterdir()] == [".lock"]


def test_a_pipe_sees_nothing_of_it(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Without a terminal there is only the summary, and with --quiet nothing."""
    told = pilotgraph("load", "--to", tmp_path / "store", "--dataset", synthetic)
    quiet = pilotgraph("load", "--to", tmp_path / "other", "--dataset", synthetic, "--quiet")
    assert re.fullmatch(r"( +\d+  graph:[a-z]+\n)+loaded \d+ triples into \S+\n", told.err)
    assert quiet == (0, "", "")
