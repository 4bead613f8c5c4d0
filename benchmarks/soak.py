"""Half an hour of good and hostile visitors at once: wrong answers, lost workers, memory.

Good visitors ask queries whose answers are known, and compare them byte by byte. Hostile ones send, in turn, what is
listed in `HOSTILE`, and are answered with anything but 500. The script is bounded: so many threads of each kind, each
one request at a time. Prints a Markdown table; `--write` puts it into docs/serving.md.

    python benchmarks/soak.py --minutes 30
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
PILOT = "<https://w3id.org/pilotgraph/def#Pilot>"
GOOD = [
    "SELECT (1 + 1 AS ?two) {}",
    f"SELECT (COUNT(?p) AS ?n) {{ ?p a {PILOT} }}",
    f"SELECT ?p ?l {{ ?p a {PILOT} ; {LABEL} ?l }} ORDER BY ?p ?l",
    f"SELECT ?s ?l {{ ?s {LABEL} ?l }} ORDER BY ?s ?l LIMIT 200",
    f"SELECT ?s ?l {{ ?s {LABEL} ?l }} ORDER BY DESC(?l) ?s LIMIT 2000",
    "ASK { <urn:nothing> ?p ?o }",
]
JOIN = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
HOSTILE_QUERIES = [
    JOIN,
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "ASK { " + "FILTER NOT EXISTS { " * 3000 + "}" * 3000 + " }",
    "SELECT * { " * 3000 + "}" * 3000,
    "ASK { FILTER(" + "(" * 8000 + "1" + ")" * 8000 + ") }",
    "ASK { FILTER(" + "!" * 30_000 + "true) }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    "LOAD <http://127.0.0.1:9/>",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * { "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40)).replace("?v0", '"xxxxxxxx"')
    + " }",
    "SELECT * { ?s (<urn:a>|!<urn:b>)* ?o }",
    "SELECT",
    "\0",
]


class Tally:
    """What has happened, counted by all threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.memory: list[tuple[float, float, float, int]] = []

    def add(self, name: str) -> None:
        """Count one."""
        with self.lock:
            self.counts[name] += 1

    def fault(self, text: str) -> None:
        """Keep what should not have been."""
        with self.lock:
            self.wrong.append(text)


class Target:
    """The server under load."""

    def __init__(self) -> None:
        self.line = [sys.executable, "-m", "pilotgraph", "serve", "--port", "0", "--no-pages", "--no-access-log"]
        self.line += ["--time-limit", "3", "--memory", "256", "--per-client", "1000"]
        self.process = subprocess.Popen(self.line, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        for line in self.process.stderr or ():
            if line.startswith("listening on "):
                self.host, port = line.removeprefix("listening on http://").strip().rstrip("/").rsplit(":", 1)
                self.port = int(port)
                break
        else:
            sys.exit("the server does not start")
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        for line in self.process.stderr or ():
            print(line, end="", file=sys.stderr)

    def ask(self, query: str, timeout: float = 60) -> tuple[int, bytes]:
        """Ask a query by POST on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            body = "query=" + quote(query)
            kind = "application/x-www-form-urlencoded"
            connection.request("POST", "/sparql", body, {"Content-Type": kind, "Accept": "text/csv, text/turtle;q=0.5"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def health(self) -> dict[str, object]:
        """What the server tells of itself."""
        import json  # noqa: PLC0415 - beside its use

        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("GET", "/health")
        found: dict[str, object] = json.loads(connection.getresponse().read())
        connection.close()
        return found

    def send(self, data: bytes, *, read: float = 2, reset: bool = False) -> None:
        """Send bytes, read for a while or leave abruptly."""
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=read) as connection:
            connection.sendall(data)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            while connection.recv(65536):
                pass


def hostile_http(target: Target) -> list[Callable[[], None]]:
    """Requests that are none, or that go wrong."""
    slow = quote(HOSTILE_QUERIES[1]).encode()
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    return [
        lambda: target.send(post + b"Content-Length: 100000000\r\n\r\n" + b"x" * 1_000_000),
        lambda: target.send(post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}"),
        lambda: target.send(post + b"Content-Length: 1000\r\n\r\nASK", read=1),
        lambda: target.send(b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 65_536 + b"\r\n\r\n"),
        lambda: target.send(b"GET /?" + b"x" * 1_000_000),
        lambda: target.send(b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        lambda: target.send(b"GET / HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b;q=0.1," * 3000 + b"\r\n\r\n"),
        lambda: target.send(b"GET /sparql?query=" + slow + b" HTTP/1.1\r\nHost: x\r\n\r\n", reset=True),
        lambda: target.send(b"\0" * 1000),
        lambda: target.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 200, read=0.2),
    ]


def good(target: Target, expected: dict[str, bytes], tally: Tally, until: float, seed: int) -> None:
    """A visitor who asks, and looks at what comes back."""
    chance = random.Random(seed)  # noqa: S311 - the same requests each time
    while time.monotonic() < until:
        query = chance.choice(GOOD)
        # A comment makes it another text, so that half of the answers are evaluated.
        text = f"{query}#{chance.randrange(10**9)}" if chance.random() < 0.5 else query  # noqa: PLR2004
        try:
            status, body = target.ask(text)
        except OSError as error:
            tally.fault(f"{error!r} for {query[:60]}")
            continue
        if status == http.client.OK and body == expected[query]:
            tally.add("good answers")
        elif status in {429, 503}:
            tally.add(f"good requests put off ({status})")
        else:
            tally.fault(f"{status} {body[:200]!r} for {query[:60]}")
        time.sleep(0.02)


def hostile(target: Target, tally: Tally, until: float, seed: int) -> None:
    """A visitor who means no good."""
    chance = random.Random(seed)  # noqa: S311
    raw = hostile_http(target)
    while time.monotonic() < until:
        if chance.random() < 0.5:  # noqa: PLR2004
            chance.choice(raw)()
            tally.add("hostile requests")
        else:
            query = chance.choice(HOSTILE_QUERIES)
            try:
                status, body = target.ask(query)
            except OSError:
                tally.add("hostile queries cut off")
                continue
            tally.add(f"hostile queries answered {status}")
            if status == http.client.INTERNAL_SERVER_ERROR or b"root:" in body:
                tally.fault(f"{status} {body[:200]!r} for {query[:60]!r}")
        time.sleep(0.05)


def watch(target: Target, tally: Tally, until: float) -> None:
    """Look at memory and workers."""
    parent = psutil.Process(target.process.pid)
    began = time.monotonic()
    while time.monotonic() < until:
        children = parent.children(recursive=True)
        workers = 0.0
        for child in children:
            with contextlib.suppress(psutil.Error):
                workers = max(workers, child.memory_info().rss / 1e6)
        tally.memory.append((time.monotonic() - began, parent.memory_info().rss / 1e6, workers, parent.num_fds()))
        time.sleep(min(5, max(0.1, until - time.monotonic())))


def run(minutes: float, visitors: int, attackers: int) -> tuple[str, bool]:
    """Load a server, and tell what came of it."""
    target = Target()
    tally = Tally()
    expected = {query: target.ask(query)[1] for query in GOOD}
    ready = target.health()["workers"]
    until = time.monotonic() + minutes * 60
    threads = [threading.Thread(target=good, args=(target, expected, tally, until, n)) for n in range(visitors)]
    threads += [threading.Thread(target=hostile, args=(target, tally, until, 1000 + n)) for n in range(attackers)]
    threads.append(threading.Thread(target=watch, args=(target, tally, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 30
    while (target.health()["workers"], target.health()["busy"]) != (ready, 0) and time.monotonic() < deadline:
        time.sleep(0.5)
    after = target.health()
    for query in GOOD:
        if target.ask(query) != (200, expected[query]):
            tally.fault(f"after the load: {query[:60]}")
    target.process.terminate()
    code = target.process.wait(30)
    lost = int(str(ready)) - int(str(after["workers"]))
    for text in tally.wrong[:20]:
        print(text, file=sys.stderr)
    return table(tally, minutes, lost, int(str(after["busy"])), code), not tally.wrong and lost == 0 and code == 0


def table(tally: Tally, minutes: float, lost: int, busy: int, code: int) -> str:
    """The figures as Markdown."""
    quarter = max(1, len(tally.memory) // 4)
    first, last = tally.memory[quarter : 2 * quarter] or tally.memory, tally.memory[-quarter:]

    def middle(rows: list[tuple[float, float, float, int]], column: int) -> float:
        return sorted(row[column] for row in rows)[len(rows) // 2]

    lines = [
        f"| after {minutes:g} minutes | |",
        "|---|---:|",
        f"| wrong answers | {len(tally.wrong)} |",
        f"| lost workers | {lost} |",
        f"| workers still busy | {busy} |",
        f"| exit code after SIGTERM | {code} |",
        *(f"| {name} | {number} |" for name, number in sorted(tally.counts.items())),
        f"| memory of the parent, second quarter → last quarter, MB | {middle(first, 1):.0f} → {middle(last, 1):.0f} |",
        f"| open files of the parent, the same | {middle(first, 3):.0f} → {middle(last, 3):.0f} |",
        f"| memory of the largest worker at any time, MB | {max(row[2] for row in tally.memory):.0f} |",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run it, and print or write the table; exit with 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=4)
    parser.add_argument("--attackers", type=int, default=4)
    parser.add_argument("--write", action="store_true", help="put the table into docs/serving.md")
    options = parser.parse_args()
    text, fine = run(options.minutes, options.visitors, options.attackers)
    print(text)
    if options.write:
        page = ROOT / "docs/serving.md"
        marked = re.compile(r"(<!-- soak: begin -->\n).*?(<!-- soak: end -->)", re.DOTALL)
        page.write_text(marked.sub(rf"\1{text}\n\2", page.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
