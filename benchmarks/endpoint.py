"""Validating what a SPARQL server holds, without fetching it: a query a check, against pySHACL on a file.

An Oxigraph server and a Virtuoso server on loopback hold the data set, its ontology and its concepts, brought there by
the Graph Store Protocol before the clock starts. The processor time of our side is that of client and server together.
The findings must be those of pySHACL. Prints a Markdown section; --write puts it in place.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import psutil
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from timing import ROOT, Run, count_lines, generated, machine, number, run, run_once, write_section
from validate import FAULTS, PYSHACL, SHAPES, same_report

from pilotgraph.bulk import make_basis
from pilotgraph.dataset import Dataset
from pilotgraph.progress import silent
from pilotgraph.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(ROOT / "tests"))
import servers

CLIENT = (
    SHAPES
    + """
from pilotgraph.shacl.engine import validate
from pilotgraph.store.protocol import Connection
from pilotgraph.store.remote import RemoteStore
reader = RemoteStore.open(Connection(sys.argv[1], 600), sys.argv[3], copy=False)
verdict = validate(reader, shapes, "sparql")
assert not verdict.why, verdict.why
print(told(verdict.triples()))
"""
)
# The ends of the addresses of queries and of graphs.
ADDRESSES = {"oxigraph": ("/query", "/store?graph="), "virtuoso": ("/sparql", "/sparql-graph-crud?graph-uri=")}


def graphs(folder: Path, dataset: Dataset) -> Iterator[tuple[str, Path]]:
    """Write each graph of a data set as Turtle; give its name and its file."""
    store = make_basis(dataset, folder / "store", None, silent)
    # By this a reader knows the graphs of a data set.
    base, meta = NamedNode(dataset.base), NamedNode(dataset.graph("meta"))
    names = list(store.counts())
    store.add([Quad(base, term("dct:hasPart"), NamedNode(name), meta) for name in names])
    store.close()
    whole = Store.read_only(str(folder / "store"))
    for place, name in enumerate(dict.fromkeys([*names, meta.value])):
        path = folder / f"graph-{place}.ttl"
        whole.dump(str(path), RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        yield name, path


def asked(kind: str, folder: Path, parts: list[tuple[str, Path]], shapes: Path, base: str) -> tuple[Run, float]:
    """Bring the graphs to a server of a kind and validate there; give the cost of the client, and the server's CPU."""
    folder.mkdir()
    server: Any = servers.STARTERS[kind](folder)
    server.start()
    try:
        for name, path in parts:
            address = server.url.replace(*ADDRESSES[kind]) + quote(name, safe="")
            with path.open("rb") as body:
                httpx.put(
                    address, content=body, headers={"Content-Type": "text/turtle"}, timeout=600
                ).raise_for_status()
        process = psutil.Process(server.process.pid)
        before = sum(process.cpu_times()[:2])
        client = run(CLIENT, server.url, shapes, base)
        return client, sum(process.cpu_times()[:2]) - before
    finally:
        server.kill()


def without_values(answer: str) -> str:
    """The number of results, and the digest that leaves out values: some stores give "18.0" back as "18"."""
    number_of_results, _, digest = answer.split()
    return f"{number_of_results} {digest}"


def section(folder: Path, pilots: int, *, peer: bool) -> str:
    """Measure; give the section."""
    data, lines = generated(folder, pilots, *FAULTS)
    dataset, shapes = Dataset.open(data), data / "ontology/shapes"
    (folder / "store").mkdir()
    parts = list(graphs(folder, dataset))
    out = [f"{pilots:,} pilots, {count_lines(lines):,} triples; once.", ""]
    out += ["| side | CPU, s | wall, s | peak MB of the client | results |", "|---|---:|---:|---:|---:|"]
    here = [kind for kind in ADDRESSES if kind != "virtuoso" or shutil.which("virtuoso-t")]
    found = {kind: asked(kind, folder / kind, parts, shapes, dataset.base) for kind in here}
    for kind, (client, server) in found.items():
        costs = f"client {number(client.cpu)} s, server {number(server)} s"
        rest = f"{number(client.cpu + server)} | {number(client.wall)} | {client.memory:.0f}"
        out.append(f"| {kind}, a query a check ({costs}) | {rest} | {client.answer.split()[0]} |")
    if peer:
        other = run_once(PYSHACL, lines, shapes)
        out.append(
            f"| pySHACL, from a file | {number(other.cpu)} | {number(other.wall)} | {other.memory:.0f} | "
            f"{other.answer.split()[0]} |"
        )
        told = []
        for kind, (client, server) in found.items():
            same_report(without_values(client.answer), without_values(other.answer))
            told.append(f"{other.cpu / (client.cpu + server):.0f} times as long as {kind}")
        same = "for the same report but for the way a store writes a number"
        out += ["", f"pySHACL takes {' and '.join(told)}, {same}. Aim: at least 10."]
    return "\n".join([*out, "", machine("oxigraph", "pyshacl", "rdflib")[:-1] + ", Virtuoso 7.2.5."]) + "\n"


def main() -> None:
    """Measure and print, or write into benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--no-peer", action="store_true", help="without pySHACL, which takes minutes")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        text = section(Path(folder), options.pilots, peer=not options.no_peer)
    print(text)
    if options.write:
        write_section("endpoint", text)


if __name__ == "__main__":
    main()
