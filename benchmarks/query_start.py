"""How long a small question takes as a whole process, against bare Python with pyoxigraph.

Both sides read the same store on disk and run the same query text; they take turns, so that a busy machine
troubles both alike. Prints a Markdown table; `--write` puts it into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph

import pilotgraph
from pilotgraph.dataset import Dataset
from pilotgraph.load import load_to
from pilotgraph.queries import find_query, with_prefixes

ROOT = Path(__file__).parents[1]
QUESTIONS = ("money-totals", "most-connected-organisations", "partners-of-pilots", "contradictions")
BARE = """
import sys
from pyoxigraph import Store
store = Store.read_only(sys.argv[1])
for row in store.query(sys.argv[2], use_default_graph_as_union=True):
    print(*(row))
"""
START, END = "<!-- query_start: begin -->", "<!-- query_start: end -->"


def seconds(command: list[str]) -> float:
    """Run a command to its end; give the wall time."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def compare(question: str, store: Path, runs: int) -> tuple[float, float, float]:
    """Time both sides in turn; give the medians and the median of the pairwise ratios."""
    generation = store / (store / "CURRENT").read_text(encoding="utf-8").strip()
    text = with_prefixes(find_query(Dataset.open(), question).text)
    ours = [str(Path(sys.executable).with_name("pilotgraph")), "query", question]
    bare = [sys.executable, "-c", BARE, str(generation), text]
    for command in (ours, bare):
        seconds(command)
    pairs = [(seconds(ours), seconds(bare)) for _ in range(runs)]
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def table(runs: int) -> str:
    """Measure all questions; give a Markdown table."""
    versions = f"Python {platform.python_version()}, pyoxigraph {pyoxigraph.__version__}"
    lines = [
        f"{runs} runs a side, in turn; {os.cpu_count()} cores; {versions}, pilotgraph {pilotgraph.__version__}.",
        "",
        "| question | pilotgraph query, ms | bare Python, ms | ratio |",
        "|---|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        load_to(Dataset.open(), store)
        for question in QUESTIONS:
            ours, bare, ratio = compare(question, store, runs)
            lines.append(f"| {question} | {ours * 1000:.0f} | {bare * 1000:.0f} | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    found = table(options.runs)
    print(found)
    if options.write:
        page = ROOT / "benchmarks/README.md"
        text = page.read_text(encoding="utf-8")
        before, _, rest = text.partition(START)
        _, _, after = rest.partition(END)
        page.write_text(f"{before}{START}\n{found}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
