"""Progress on a real terminal: what is done and how far it is, nothing in a pipe, and nothing left after Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import shutil
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
CLUSTERS = re.compile(r"\r\x1b\[Klooking for clusters  █*░*  +\d+ %(  about \d+:\d\d left)?")
PASSAGES = re.compile(r"\r\x1b\[K(finding passages|checking claims)  █*░*  +\d+ %(  about \d+:\d\d left)?")
PARTS = re.compile(r"\r\x1b\[K(grouping|writing parts)  █*░*  +\d+ %(  about \d+:\d\d left)?")
STOPPED = "pilotgraph: stopped; nothing was left half-written\r\n"
WAIT = 60.0
STEPS = ["loading files", "deriving", "checking shapes", "asking check queries"]
needs_bundle = pytest.mark.skipif(
    not (ROOT / "viz/dist/explorer-levels.js").is_file(), reason="viz/dist is not built; run: make viz"
)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set that takes some seconds to load."""
    folder = tmp_path_factory.mktemp("synthetic") / "set"
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", "1500", "--to", str(folder)]
    subprocess.run(command, check=True)
    return folder


class Terminal:
    """A command that has a terminal for its messages."""

    def __init__(self, line: list[str], **env: str) -> None:
        self._reading, writing = pty.openpty()
        environment = os.environ | {"TERM": "xterm"} | env
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
    assert terminal.text.endswith(STOPPED)
    assert [path.name for path in (tmp_path / "store").iterdir()] == [".lock"]


@pytest.fixture(scope="module")
def unread(synthetic: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same data set with a source that holds none of its passages, and the folder of that source."""
    folder = tmp_path_factory.mktemp("unread")
    shutil.copytree(synthetic, folder / "set")
    (folder / "overview-0.txt").write_text("Nothing of it is here.")
    (folder / "set/data/sources.toml").write_text(
        '[[source]]\nslug = "overview-0"\nfile = "overview-0.txt"\nsha256 = ""\naddress = ""\n'
    )
    return folder / "set", folder


@needs_bundle
def test_a_terminal_sees_how_far_a_network_is(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Groups and parts of a large explorer are counted, and the line is wiped before the summary."""
    target = tmp_path / "explorer.html"
    terminal = Terminal(pilotgraph.line("network", "--format", "explorer", "-o", target, "--dataset", synthetic))
    terminal.read()
    assert terminal.process.wait() == 0
    assert PARTS.search(terminal.text)
    assert terminal.text.rpartition("\r\x1b[K")[2] == f"written: {target}\r\n"


@needs_bundle
def test_ctrl_c_leaves_no_part_of_an_explorer(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Stopped while the parts are written, the old page and its parts are as they were, and nothing stands beside."""
    target, parts = tmp_path / "explorer.html", tmp_path / "explorer-parts"
    target.write_text("old")
    parts.mkdir()
    (parts / "part-1.js").write_text("old")
    terminal = Terminal(
        pilotgraph.line("network", "--format", "explorer", "-o", target, "--force", "--dataset", synthetic)
    )
    terminal.read(PARTS)
    terminal.process.send_signal(signal.SIGINT)
    terminal.read()
    assert terminal.process.wait() == 130
    assert terminal.text.endswith(STOPPED)
    assert {path.name for path in tmp_path.iterdir()} == {"explorer.html", "explorer-parts"}
    assert [path.name for path in parts.iterdir()] == ["part-1.js"]
    assert (target.read_text(), (parts / "part-1.js").read_text()) == ("old", "old")


def test_ctrl_c_stops_the_search_for_clusters(tmp_path: Path, pilotgraph: Command) -> None:
    """The many searches are counted; stopped in the middle, no file is there."""
    target = tmp_path / "clusters.json"
    terminal = Terminal(pilotgraph.line("network", "--clusters", "-o", target))
    terminal.read(CLUSTERS)
    terminal.process.send_signal(signal.SIGINT)
    terminal.read()
    assert terminal.process.wait() == 130
    assert CLUSTERS.search(terminal.text)
    assert terminal.text.endswith(STOPPED)
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_sees_how_far_verifying_is(unread: tuple[Path, Path], pilotgraph: Command) -> None:
    """Passages and claims are counted, and the summary stands alone at the end."""
    dataset, sources = unread
    terminal = Terminal(pilotgraph.line("verify", "--sources", sources, "--dataset", dataset))
    terminal.read()
    assert terminal.process.wait() == 1
    assert PASSAGES.search(terminal.text)
    assert re.match(r"passages: 0 anchored, 0 moved, \d+ missing", terminal.text.rpartition("\r\x1b[K")[2])


def test_ctrl_c_leaves_the_files_of_a_verification_alone(
    unread: tuple[Path, Path], tmp_path: Path, pilotgraph: Command
) -> None:
    """Stopped in the middle, --fix has changed no file of the data set, and no report is there."""
    dataset, sources = unread
    before = {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()}
    line = pilotgraph.line(
        "verify", "--fix", "--sources", sources, "--dataset", dataset, "-o", tmp_path / "report.json"
    )
    terminal = Terminal(line)
    terminal.read(PASSAGES)
    terminal.process.send_signal(signal.SIGINT)
    terminal.read()
    assert terminal.process.wait() == 130
    assert terminal.text.endswith(STOPPED)
    assert list(tmp_path.iterdir()) == []
    assert {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()} == before


def test_a_pipe_sees_nothing_of_it(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Without a terminal there is only the summary, and with --quiet nothing."""
    told = pilotgraph("load", "--to", tmp_path / "store", "--dataset", synthetic)
    quiet = pilotgraph("load", "--to", tmp_path / "other", "--dataset", synthetic, "--quiet")
    assert re.fullmatch(r"( +\d+  graph:[a-z]+\n)+loaded \d+ triples into \S+\n", told.err)
    assert quiet == (0, "", "")


def test_a_terminal_sees_how_far_a_validation_is(synthetic: Path, pilotgraph: Command) -> None:
    """Each step is named, those that can be counted with a bar, and the summary stands alone at the end."""
    terminal = Terminal(pilotgraph.line("validate", "--dataset", synthetic))
    terminal.read()
    assert terminal.process.wait() == 0
    steps = [step for step in STEPS if re.search(rf"\r\x1b\[K{step}", terminal.text)]
    assert steps == STEPS
    assert re.search(r"asking check queries  █*░*  +\d+ %", terminal.text)
    _, _, after = terminal.text.rpartition("\r\x1b[K")
    assert re.fullmatch(r"checked the data set: 0 violations, 0 warnings, \d+ info\r\n", after)


def test_ctrl_c_stops_a_validation(synthetic: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Stopped while the shapes are checked, a validation says so, and takes its working files with it."""
    terminal = Terminal(pilotgraph.line("validate", "--dataset", synthetic), TMPDIR=str(tmp_path))
    terminal.read(re.compile("checking shapes"))
    assert list(tmp_path.rglob("derived.nt"))
    terminal.process.send_signal(signal.SIGINT)
    terminal.read()
    assert terminal.process.wait() == 130
    assert terminal.text.endswith("pilotgraph: stopped; nothing was left half-written\r\n")
    assert list(tmp_path.iterdir()) == []
