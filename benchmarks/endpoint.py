"""Validating what a SPARQL server holds, without fetching it: a query a check, against pySHACL on a file.

An Oxigraph server on loopback holds the data set, its ontology and its concepts. The processor time of our side is that
of client and server together. Prints a Markdown section; --write puts it in place.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyoxigraph import NamedNode, Quad
from timing import generated, machine, number, run, run_once, write_section
from validate import FAULTS, PYSHACL

from pilotgraph.bulk import make_basis
from pilotgraph.dataset import Dataset
from pilotgraph.progress import silent
from pilotgraph.terms import term

CLIENT = """
import sys
from pathlib import Path
from pyoxigraph import parse
from pilotgraph.shacl.engine import validate
from pilotgraph.store.protocol import Connection
from pilotgraph.store.remote import RemoteStore
shapes = [q.triple for path in sorted(Path(sys.argv[2]).glob("*.ttl")) for q in parse(path=path)]
reader = RemoteStore.open(Connection(sys.argv[1]), sys.argv[3])
print(len(validate(reader, shapes, "sparql").results))
"""
_PATIENCE = 30.0


def served(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server on a store; give its process and address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve-read-only", "--location", folder, "--bind", place], stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(place.rsplit(":", 1)[1]))) == 0:
                return process, f"http://{place}/query"
        time.sleep(0.1)
    process.kill()
    msg = "the server does not start"
    raise RuntimeError(msg)


def section(folder: Path, pilots: int, *, peer: bool) -> str:
    """Measure; give the section."""
    data, lines = generated(folder, pilots, *FAULTS)
    dataset, shapes = Dataset.open(data), data / "ontology/shapes"
    (folder / "store").mkdir()
    store = make_basis(dataset, folder / "store", None, silent)
    # By this a reader knows the graphs of a data set.
    base, meta = NamedNode(dataset.base), NamedNode(dataset.graph("meta"))
    store.add([Quad(base, term("dct:hasPart"), NamedNode(name), meta) for name in store.counts()])
    store.close()
    process, address = served(folder / "store")
    try:
        client = run(CLIENT, address, shapes, dataset.base)
    finally:
        process.terminate()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    server = used.ru_utime + used.ru_stime
    ours = client.cpu + server
    out = [f"{pilots:,} pilots, {lines.read_bytes().count(10):,} triples; once.", ""]
    out += ["| side | CPU, s | wall, s | peak MB of the client | results |", "|---|---:|---:|---:|---:|"]
    parts = f"client {number(client.cpu)} s, server {number(server)} s"
    rest = f"{number(ours)} | {number(client.wall)} | {client.memory:.0f} | {client.answer}"
    out.append(f"| a query a check ({parts}) | {rest} |")
    if peer:
        other = run_once(PYSHACL, lines, shapes)
        rest = f"{number(other.cpu)} | {number(other.wall)} | {other.memory:.0f} | {other.answer}"
        out += [
            f"| pySHACL, from a file | {rest} |",
            "",
            f"pySHACL takes {other.cpu / ours:.0f} times as long. Aim: at least 10.",
        ]
    return "\n".join([*out, "", machine("oxigraph", "pyshacl", "rdflib")]) + "\n"


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
