"""Requests a second and processor time a request: `pilotgraph serve` with all its limits, against bare peers.

The peers are `oxigraph serve-read-only`, the same engine in one process without protection, and rdflib-endpoint, what
one would otherwise write in Python. All serve the same data on loopback and take turns in each round, so that a busy
machine troubles all alike; the median round counts. wrk asks over eight connections. "Varying": each request has a
query that was never asked before, so that no cache can answer. "Same": one query again and again.

    python benchmarks/serve.py [--write]
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import psutil
from pyoxigraph import RdfFormat, serialize

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory, load_to

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
PILOT = "https://w3id.org/pilotgraph/rechtsbijstand/id/pilot/zsm"
QUERIES = {
    "small": f'SELECT ?l {{ <{PILOT}> <{LABEL}> ?l FILTER(STR(?l) != "@") }}',
    "200 rows": f'SELECT ?s ?l {{ ?s <{LABEL}> ?l FILTER(STR(?l) != "@") }} LIMIT 200',
}
JSON = "application/sparql-results+json"
ROWS = {"small": 2, "200 rows": 200}
PATIENCE = 120
OURS, ENGINE, PYTHON = "pilotgraph serve", "oxigraph serve-read-only", "rdflib-endpoint"
SCRIPT = """
local number = {start}
local before, after = [[{before}]], [[{after}]]
request = function()
  number = number + {step}
  return wrk.format("GET", before .. number .. after, {{ ["Accept"] = "{accept}" }})
end
"""


@dataclass
class Peer:
    """A server: how to start it, and the address of its endpoint."""

    name: str
    line: list[str]
    url: str
    env: dict[str, str] = field(default_factory=dict)


def quoted(text: str) -> str:
    """A query as a part of an address, all but letters and digits in percents."""
    return "".join(c if c.isascii() and c.isalnum() else f"%{ord(c):02X}" for c in text)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peers(folder: Path, endpoint: str) -> list[Peer]:
    """The servers that are there, on the same data."""
    dataset = Dataset.open(ROOT)
    load_to(dataset, folder / "store")
    generation = folder / "store" / (folder / "store/CURRENT").read_text().strip()
    triples = {quad.triple for quad in in_memory(dataset).quads()}
    (folder / "data.nt").write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES))
    ports = [free_port() for _ in range(3)]
    bins = Path(sys.executable).parent
    ours = [sys.executable, "-m", "pilotgraph", "serve", "--store", str(folder / "store"), "--no-pages", "-q"]
    bare = [str(bins / "oxigraph"), "serve-read-only", "--location", str(generation), "--union-default-graph"]
    found = [
        Peer(OURS, [*ours, "--port", str(ports[0])], f"http://127.0.0.1:{ports[0]}/sparql"),
        Peer(ENGINE, [*bare, "--bind", f"127.0.0.1:{ports[1]}"], f"http://127.0.0.1:{ports[1]}/query"),
    ]
    if endpoint:
        line = [endpoint, "serve", "--port", str(ports[2]), "--host", "127.0.0.1", str(folder / "data.nt")]
        found.append(Peer(PYTHON, line, f"http://127.0.0.1:{ports[2]}/"))
    return found


@contextmanager
def running(peer: Peer) -> Iterator[psutil.Process]:
    """A server, from when it answers until it is stopped."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(peer.line, stdout=output, stderr=output, env=os.environ | peer.env)
        try:
            deadline = time.monotonic() + PATIENCE
            while not answers(peer):
                if process.poll() is not None or time.monotonic() > deadline:
                    output.seek(0)
                    sys.exit(f"{peer.name} does not start: {output.read().decode()[-800:]}")
                time.sleep(0.2)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(20)


def answers(peer: Peer) -> bool:
    """Tell whether a server answers both queries with the right number of rows."""
    for name, query in QUERIES.items():
        request = Request(f"{peer.url}?query={quoted(query)}", headers={"Accept": JSON})  # noqa: S310 - our own servers
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310
                rows = answer.read().decode().count('"value"')
        except OSError:
            return False
        if rows not in {ROWS[name], 2 * ROWS[name]}:
            sys.exit(f"{peer.name}: {rows} values for the query {name!r}")
    return True


def processor(process: psutil.Process) -> float:
    """The processor seconds that a server and its workers have taken."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system
    return total


def measure(  # noqa: PLR0913 - what is asked, of whom, for how long
    peer: Peer, process: psutil.Process, query: str, *, varying: bool, seconds: int, start: int
) -> tuple[float, float]:
    """Requests a second, and processor milliseconds a request."""
    before, after = query.split("@")
    path = "/" + peer.url.split("/", 3)[3]
    text = SCRIPT.format(
        start=start, step=1 if varying else 0, before=f"{path}?query={quoted(before)}", after=quoted(after), accept=JSON
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(text)
        script.flush()
        used = processor(process)
        line = ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script.name, peer.url]
        told = subprocess.run(line, capture_output=True, text=True, check=True).stdout
        used = processor(process) - used
    if bad := re.search(r"Non-2xx or 3xx responses: \d+", told):
        sys.exit(f"{peer.name}: {bad[0]}\n{told}")
    requests = int(re.search(r"(\d+) requests in", told)[1])  # type: ignore[index]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    return rate, used * 1000 / max(1, requests)


def table(found: list[Peer], rounds: int, seconds: int) -> str:
    """Measure all, and lay it out."""
    figures: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    with ExitStack() as stack:
        processes = {peer.name: stack.enter_context(running(peer)) for peer in found}
        for turn in range(rounds):
            for name, query in QUERIES.items():
                for kind in ("varying", "same"):
                    for number, peer in enumerate(found):
                        start = (turn * 10 + number) * 10_000_000
                        got = measure(
                            peer, processes[peer.name], query, varying=kind == "varying", seconds=seconds, start=start
                        )
                        figures.setdefault((name, kind, peer.name), []).append(got)
    lines = [
        "| query | asked | server | requests a second | pilotgraph to it | processor ms a request |",
        "|---|---|---|---:|---:|---:|",
    ]
    for (name, kind, peer_name), got in figures.items():
        rate, used = (statistics.median(values) for values in zip(*got, strict=True))
        ours = statistics.median(value for value, _ in figures[name, kind, OURS])
        ratio = "" if peer_name == OURS else f"{ours / rate:.2f}"
        lines.append(f"| {name} | {kind} | {peer_name} | {rate:.0f} | {ratio} | {used:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rdflib-endpoint", default=str(Path(sys.executable).with_name("rdflib-endpoint")), metavar="COMMAND"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = table(peers(Path(folder), options.rdflib_endpoint), options.rounds, options.seconds)
    print(text)
    if options.write:
        readme = ROOT / "benchmarks/README.md"
        page = readme.read_text(encoding="utf-8")
        marked = re.compile(r"(<!-- serve: begin -->\n).*?(<!-- serve: end -->)", re.DOTALL)
        readme.write_text(marked.sub(rf"\1{text}\n\2", page), encoding="utf-8")


if __name__ == "__main__":
    main()
