"""Loading a data set to disk: the engine alone, pilotgraph, and what others take to read the same files.

The same N-Triples files on every side. `pilotgraph, files` ends where the engine alone ends: the files are in the
store, checked as every load checks them. What the rules derive is told apart. Prints a Markdown section; --write
puts it in place.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from timing import HEAD, RULE, costs, generated, machine, write_section

FILES = """
import sys, tempfile
from pathlib import Path
from pilotgraph.dataset import Dataset
files = list(Dataset.open(sys.argv[1]).graph_files())
"""
RDFLIB = (
    FILES
    + """
from rdflib import Graph
graph = Graph()
for _, path in files:
    graph.parse(path)
print(len(graph) > 0)
"""
)
PARSE = (
    FILES
    + """
from pyoxigraph import parse
print(sum(1 for _, path in files for _ in parse(path=path)) > 0)
"""
)
ENGINE = (
    FILES
    + """
from pyoxigraph import NamedNode, Store
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    store = Store(folder)
    for graph, path in files:
        store.bulk_load(path=path, to_graph=NamedNode(graph))
    store.flush()
    print(len(store) > 0)
    del store
"""
)
OURS = (
    FILES
    + """
from pilotgraph.bulk import make_basis
from pilotgraph.progress import silent
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    store = make_basis(Dataset.open(sys.argv[1]), Path(folder), None, silent)
    print(sum(store.counts().values()) > 0)
    store.close()
"""
)
WHOLE = """
import sys, tempfile
from pathlib import Path
from pilotgraph.dataset import Dataset
from pilotgraph.load import load_to
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    print(sum(load_to(Dataset.open(sys.argv[1]), Path(folder)).values()))
"""
AGAIN = """
import sys, time
from pathlib import Path
from pilotgraph.dataset import Dataset
from pilotgraph.load import load_to
print(sum(load_to(Dataset.open(sys.argv[1]), Path(sys.argv[2])).values()))
"""
SIDES = {
    "rdflib, in memory": RDFLIB,
    "checked parse alone": PARSE,
    "engine alone: bulk_load a file": ENGINE,
    "pilotgraph, files": OURS,
}


def section(folder: Path, pilots: int, large: int, runs: int) -> str:
    """Measure; give the section."""
    data, lines = generated(folder, pilots)
    triples = lines.read_bytes().count(b"\n")
    found = costs({name: (code, data) for name, code in SIDES.items()}, runs)
    found["pilotgraph load, with what rules derive"] = costs({"": (WHOLE, data)}, 1)[""]
    costs({"": (AGAIN, data, folder / "store")}, 1)
    found["pilotgraph load, again, nothing changed"] = costs({"": (AGAIN, data, folder / "store")}, runs)[""]
    out = [f"{pilots:,} pilots, {triples:,} triples in files; {runs} runs in turn (1 with derived triples).", ""]
    out += [f"| side {HEAD}", f"|---{RULE}"]
    out += [f"| {name} | {each.cells()} |" for name, each in found.items()]
    ours, engine = found["pilotgraph, files"], found["engine alone: bulk_load a file"]
    out += ["", f"Against the engine alone: {ours.cpu / engine.cpu:.2f} times its CPU time, ", ""]
    out[-2] += f"{ours.wall / engine.wall:.2f} times its wall time. Aim: at most 1.2."
    if large:
        big, lines = generated(folder, large)
        pair = costs({name: (SIDES[name], big) for name in list(SIDES)[1:]}, 1)
        out += [f"{large:,} pilots, once:", "", f"| side {HEAD}", f"|---{RULE}"]
        out += [f"| {name} | {each.cells()} |" for name, each in pair.items()]
        out += [""]
    return "\n".join([*out, machine("pyoxigraph", "rdflib")]) + "\n"


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000, help="also this many, once; 0 for not")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = section(Path(folder), options.pilots, options.large, options.runs)
    print(text)
    if options.write:
        write_section("load", text)


if __name__ == "__main__":
    main()
