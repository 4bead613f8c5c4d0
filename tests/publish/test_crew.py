"""Ctrl-C while a site is written: the one that was there stays, and no process is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

ROOT = Path(__file__).parents[2]
WAIT = 300.0


def generated(folder: Path, pilots: int) -> Path:
    """A synthetic data set."""
    line = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", str(pilots), "--to", str(folder)]
    subprocess.run(line, check=True)
    return folder


def held(folder: Path) -> dict[str, tuple[int, int]]:
    """The files of a folder, each with its size and its time."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def session(leader: int) -> list[int]:
    """The processes of a session that are still there; zombies are not."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(state[3]) == leader and state[0] != "Z":
                found.append(int(entry.name))
    return found


def until(what: str, holds: object) -> None:
    """Wait for what a function tells."""
    end = time.monotonic() + WAIT
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, what
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_stopped_site_leaves_the_former_one_and_no_process(
    tmp_path: Path, pilotgraph: Command, stop: signal.Signals, code: int
) -> None:
    """In the midst of making pages; from a terminal all processes get Ctrl-C, and a maker may be killed."""
    small, more = generated(tmp_path / "small", 5), generated(tmp_path / "more", 150)
    folder, beside = tmp_path / "sites/site", tmp_path / "sites/.site.new"
    subprocess.run(pilotgraph.line("site", folder, "--dataset", small, "-q"), check=True)
    before = held(folder)
    line = pilotgraph.line("site", folder, "--dataset", more, "--jobs", "2")
    maker = subprocess.Popen(line, start_new_session=True, stderr=subprocess.PIPE)
    until("pages are made", lambda: len(list((beside / "nl").rglob("*.html"))) > 50)
    assert len(session(maker.pid)) == 3
    if stop == signal.SIGINT:
        os.killpg(maker.pid, stop)
    else:
        maker.kill()
    _, told = maker.communicate(timeout=WAIT)
    assert (maker.returncode, b"Traceback" in told) == (code, False)
    until("no process is left", lambda: not session(maker.pid))
    assert held(folder) == before
    if stop == signal.SIGKILL:
        # The next run clears what this one could not.
        subprocess.run(pilotgraph.line("site", folder, "--dataset", small, "-q"), check=True)
        assert held(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["site"]
