"""Compare the executors with pySHACL on many random cases, in parallel; prints figures and every difference.

Case number N is made from N alone: a difference can be looked at again with ``--first N --cases 1``. A worker
ends after a thousand cases, so that memory does not grow. Exit code 1 if there is a difference.
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
_CHUNK = 250
_CHUNKS_OF_WORKER = 4
_SHOWN = 5
_LONGEST = 300


@dataclass
class Figures:
    """What a range of cases gave: counts by engine and outcome, and the differences as text."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)
    megabytes: int = 0

    def add(self, other: Figures) -> None:
        """Add the figures of another range."""
        self.counts += other.counts
        self.reasons += other.reasons
        self.differences += other.differences
        self.seconds += other.seconds
        self.megabytes = max(self.megabytes, other.megabytes)


def run(job: tuple[int, int, tuple[str, ...]]) -> Figures:
    """Compare the cases from the first number up to the second."""
    sys.path.insert(0, str(ROOT / "tests" / "shacl"))
    import differential  # noqa: PLC0415 - a module of the tests, which are no package
    import strategies  # noqa: PLC0415

    differential.quiet()
    first, end, engines = job
    figures = Figures()
    for number in range(first, end):
        case = differential.stored(strategies.case(Random(number)))  # noqa: S311 - no secret
        start = time.perf_counter()
        theirs = differential.reference(case)
        figures.seconds["pySHACL"] += time.perf_counter() - start
        for name in engines:
            start = time.perf_counter()
            outcome = differential.compare(case, name, theirs)
            figures.seconds[name] += time.perf_counter() - start
            figures.counts[name, outcome.kind] += 1
            if outcome.reason:
                figures.reasons[f"{name}, {outcome.kind}: {outcome.reason}"] += 1
            if outcome.kind == "different":
                figures.differences.append(f"case {number}, {name}\n{differential.explained(case, name)}")
    figures.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def main() -> int:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--engine", action="append", choices=("endpoint", "columns"), help="default: both")
    options = parser.parse_args()
    engines = tuple(options.engine or ("endpoint", "columns"))
    end = options.first + options.cases
    jobs = [(start, min(start + _CHUNK, end), engines) for start in range(options.first, end, _CHUNK)]
    total, start, done = Figures(), time.monotonic(), 0
    # A fresh interpreter each: polars does not survive a fork.
    with get_context("spawn").Pool(options.processes, maxtasksperchild=_CHUNKS_OF_WORKER) as pool:
        for figures in pool.imap_unordered(run, jobs):
            total.add(figures)
            done += sum(
                figures.counts[engines[0], kind] for kind in ("equal", "left to pySHACL", "listed", "different")
            )
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done} of {options.cases} cases, {len(total.differences)} differences ")
    write(total, engines, options.cases, time.monotonic() - start)
    return 1 if total.differences else 0


def write(total: Figures, engines: tuple[str, ...], cases: int, seconds: float) -> None:
    """Print the figures."""
    out = [f"{cases} random cases in {seconds:.0f} s; largest process {total.megabytes} MB"]
    out.append(f"pySHACL: {1000 * total.seconds['pySHACL'] / max(cases, 1):.1f} ms a case")
    for name in engines:
        kinds = ", ".join(f"{n} {kind}" for (who, kind), n in sorted(total.counts.items()) if who == name)
        out.append(f"{name}: {kinds}; {1000 * total.seconds[name] / max(cases, 1):.1f} ms a case")
    out += [f"  {number} × {reason[:_LONGEST]}" for reason, number in total.reasons.most_common()]
    out += total.differences[:_SHOWN]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    sys.exit(main())
