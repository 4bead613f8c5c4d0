"""What the benchmarks share: processes that are timed whole, medians with their spread, and sections of the README.

Times are processor seconds (user and system, all threads): on a shared machine they say more than a clock. Wall time
and peak memory come from the operating system when the process ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
GENERATE = Path(__file__).with_name("generate.py")
_MEGABYTE = 1024


@dataclass(frozen=True)
class Run:
    """One process: processor and wall seconds, peak memory in MB, and what it printed last."""

    cpu: float
    wall: float
    memory: float
    answer: str


@dataclass(frozen=True)
class Cost:
    """Some runs of the same: medians, and the range of the processor seconds."""

    cpu: float
    wall: float
    memory: float
    low: float
    high: float
    answer: str

    def cells(self) -> str:
        """The cells of a table: processor seconds with their range, wall seconds, memory."""
        return f"{number(self.cpu)} | {number(self.low)}–{number(self.high)} | {number(self.wall)} | {self.memory:.0f}"


HEAD = "| CPU, s | range | wall, s | peak MB |"
RULE = "|---:|---:|---:|---:|"


def number(value: float) -> str:
    """Three figures.

    >>> number(0.01234), number(123.4)
    ('0.0123', '123')
    """
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"  # noqa: PLR2004 - no power of ten is wanted


def run(code: str, *arguments: object) -> Run:
    """Run Python code in a process of its own; raises RuntimeError if it fails."""
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().decode().splitlines()
    if process.returncode:
        msg = f"exit status {process.returncode}: {code[:200]}"
        raise RuntimeError(msg)
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / _MEGABYTE, lines[-1] if lines else "")


def run_once(code: str, *files: Path) -> Run:
    """Run code on files, or give what it cost before on files with the same content: a slow peer is asked once.

    What is known lies in `build/benchmarks`, which `make bench` empties first.
    """
    digest = hashlib.sha256(code.encode())
    for path in files:
        for part in sorted(path.rglob("*.ttl")) if path.is_dir() else [path]:
            digest.update(part.read_bytes())
    known = ROOT / "build/benchmarks" / f"{digest.hexdigest()[:32]}.json"
    if not known.is_file():
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps(asdict(run(code, *files))), encoding="utf-8")
    return Run(**json.loads(known.read_text(encoding="utf-8")))


def cost(code: str, *arguments: object, runs: int = 3) -> Cost:
    """Run code some times; give the medians. Raises RuntimeError if it gives another answer each time."""
    return costs({"": (code, *arguments)}, runs)[""]


def costs(sides: dict[str, tuple[object, ...]], runs: int = 3) -> dict[str, Cost]:
    """Run several sides in turn, so that a busy machine troubles all alike."""
    made: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, (code, *arguments) in sides.items():
            made[name].append(run(str(code), *arguments))
    return {name: _cost(name, found) for name, found in made.items()}


def _cost(name: str, found: list[Run]) -> Cost:
    answers = {each.answer for each in found}
    if len(answers) > 1:
        msg = f"{name}: different answers {sorted(answers)}"
        raise RuntimeError(msg)
    cpu = [each.cpu for each in found]
    wall, memory = (statistics.median(values) for values in zip(*((r.wall, r.memory) for r in found), strict=True))
    return Cost(statistics.median(cpu), wall, memory, min(cpu), max(cpu), answers.pop())


def generated(folder: Path, pilots: int, *arguments: str) -> tuple[Path, Path]:
    """Generate a data set, and the one file of N-Triples with the same content."""
    to, lines = folder / f"set-{pilots}", folder / f"{pilots}.nt"
    generate("--pilots", str(pilots), "--to", str(to), "--nt", str(lines), *arguments)
    return to, lines


def generate(*arguments: str) -> None:
    """Call the generator."""
    subprocess.run([sys.executable, str(GENERATE), *arguments], check=True)


def count_lines(path: Path) -> int:
    """Count the triples of a file of N-Triples of any size."""
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 24), b""))


def machine(*packages: str) -> str:
    """The line under a table: cores, Python and the versions of packages."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return f"{os.cpu_count()} cores; Python {platform.python_version()}, {versions}."


def write_section(name: str, text: str) -> None:
    """Put a section of the README in place, between its marks."""
    page = ROOT / "benchmarks/README.md"
    with page.open("r+", encoding="utf-8") as file:
        # Two benchmarks may end at the same time.
        fcntl.flock(file, fcntl.LOCK_EX)
        content = file.read()
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, mark, rest = content.partition(begin)
        _, closing, after = rest.partition(end)
        if not mark or not closing:
            msg = f"{page}: has no place for {name}"
            raise RuntimeError(msg)
        file.seek(0)
        file.truncate()
        file.write(f"{before}{begin}\n{text}{end}{after}")
