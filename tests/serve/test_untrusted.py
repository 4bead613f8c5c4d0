"""Queries that mean harm, against the workers: each is refused or contained, and the next query is answered right."""

from __future__ import annotations

import ast
import asyncio
import ctypes
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from pilotgraph.serve import sandbox
from pilotgraph.serve.jobs import Answer, Refused, SparqlJob
from pilotgraph.serve.limits import Limits
from pilotgraph.serve.pool import Pool
from pilotgraph.serve.worker import Source
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

JSON, TURTLE = "application/sparql-results+json", "text/turtle"
MIB = 1024 * 1024
LIMITS = Limits(
    workers=2,
    spares=2,
    seconds=2,
    cpu_seconds=2,
    memory=256 * MIB,
    answer_bytes=4 * MIB,
    per_client=120,
    waiting_seconds=3,
)
MALFORMED, REACHING, WRITING = "400 Malformed query", "403 SERVICE and LOAD are refused", "403 Updates are refused"
TIME, MEMORY = "503 The query takes too long", "503 The query takes too much memory"
ENDED, TOO_LARGE, TOO_LONG = (
    "503 The query ended the engine",
    "422 The answer is too large",
    "413 The query is too long",
)
NO = '{"head":{},"boolean":false}'
EMPTY = '{"head":{"vars":["s"]},"results":{"bindings":[]}}'
DOUBLED = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
# What is asked, and what may come of it; PORT stands for a port that listens.
HOSTILE = {
    "NOT EXISTS, a thousand deep": ("ASK {" + " FILTER NOT EXISTS {" * 1000 + "}" * 1001, {MALFORMED}),
    "sub-select, two thousand deep": ("SELECT * {" + "{ SELECT * {" * 2000 + "}}" * 2000 + "}", {MALFORMED}),
    "five thousand brackets": ("ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5001 + "}", {MALFORMED}),
    "twenty thousand negations": ("ASK { FILTER(" + "!" * 20_000 + "true) }", {MALFORMED}),
    "brackets hidden in an IRI and a string": (
        "ASK { <urn:'> ?p ?a FILTER(?a<" + "(" * 2900 + "1" + ")" * 2900 + "&&?a>1) . <urn:'> ?p ?b }",
        {ENDED, NO},
    ),
    "a chain hidden in an IRI": ("ASK { ?a ?p ?b FILTER(?a<" + "1+" * 20_000 + "1&&?b>1) }", {MALFORMED, ENDED, NO}),
    "a hundred thousand bytes": ("ASK { FILTER(" + "!" * 100_000 + "true) }", {TOO_LONG}),
    "SERVICE": ("SELECT ?s { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }", {REACHING}),
    "SERVICE SILENT": ("SELECT ?s { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }", {REACHING}),
    "SERVICE behind a comparison": (
        "SELECT ?s { VALUES (?a ?b ?x) { (1 2 <http://127.0.0.1:PORT/>) } FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
        {REACHING},
    ),
    "SERVICE behind an apostrophe": (
        "SELECT ?s { BIND(<http://127.0.0.1:PORT/> AS ?x) BIND(<urn:(it's> AS ?y) SERVICE ?x { ?s ?p ?o } #'\n}",
        {REACHING},
    ),
    "SERVICE with escapes": (r"SELECT ?s { \u0053ERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }", {MALFORMED}),
    "LOAD": ("LOAD <http://127.0.0.1:PORT/>", {WRITING}),
    "LOAD of a file": ("LOAD <file:///etc/passwd> INTO GRAPH <urn:x>", {WRITING}),
    "FROM a file": ("SELECT ?s FROM <file:///etc/passwd> { ?s ?p ?o }", {EMPTY}),
    "FROM an address": ("SELECT ?s FROM <http://127.0.0.1:PORT/> { ?s ?p ?o }", {EMPTY}),
    "GRAPH of an address": ("SELECT ?s { GRAPH <http://127.0.0.1:PORT/> { ?s ?p ?o } }", {EMPTY}),
    "an endless join": (
        "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(9)) + "}",
        {TIME},
    ),
    "a sorted cross join": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", {MEMORY, TIME}),
    "a grouped cross join": (
        "SELECT ?c ?f ?i (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?c ?f ?i",
        {MEMORY, TIME},
    ),
    "a distinct cross join": ("SELECT DISTINCT ?c ?f ?i { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {MEMORY, TIME, TOO_LARGE}),
    "doubling": (f"SELECT ?x40 {{ BIND('0123456789abcdef' AS ?x0) {DOUBLED} }}", {MEMORY}),
    "GROUP_CONCAT": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f), STR(?i))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        {MEMORY, TIME},
    ),
    "a huge REPLACE": (
        "SELECT ?n { BIND('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(REPLACE(?x{i}, 'a', ?x{i}) AS ?x{i + 1})" for i in range(9))
        + " BIND(STRLEN(?x9) AS ?n) }",
        {MEMORY, TIME},
    ),
    "a huge REGEX": (
        "SELECT ?s { ?s ?p ?o FILTER(REGEX(?o, '((((a{1,100}){1,100}){1,100}){1,100}){1,100}')) }",
        {EMPTY, MEMORY, TIME},
    ),
    "a backtracking REGEX": (
        "SELECT ?s { BIND('" + "a" * 5000 + "!' AS ?x) FILTER(REGEX(?x, '(a|a)*(a|aa)+$')) }",
        {EMPTY, TIME},
    ),
    "paths": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)+ ?c . ?c (!<urn:y>)* ?d }",
        {TIME, MEMORY},
    ),
    "nested paths": (
        "SELECT (COUNT(*) AS ?n) { ?a (((((!<urn:x>)*)*)+)*/((^!<urn:x>)*)+)* ?b, ?c, ?d }",
        {TIME, MEMORY},
    ),
    "many rows": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {TOO_LARGE}),
    "many triples": ("CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", {TOO_LARGE, TIME}),
}
RIGHT = Answer("text/csv", b"o\r\nnumber 7\r\n")
# Talks to a port as a hostile query would, in a process with some of the walls of a worker and without the guard.
UNGUARDED = """
import ctypes, sys
from pyoxigraph import Store
from pilotgraph.serve import sandbox, seccomp
walls, port = sys.argv[1], sys.argv[2]
if "network" in walls and not sandbox.leave_network():
    sys.exit("no network namespace here")
store = Store.read_only(sys.argv[3])
if "calls" in walls:
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
    if not seccomp.refuse_calls():
        sys.exit("no filter here")
try:
    print(list(store.query("SELECT * { SERVICE <http://127.0.0.1:%s/> { ?s ?p ?o } }" % port)))
except OSError as error:
    print("stopped:", error)
"""

# Tries what a worker that was taken over would try, after the walls are up; tells what went through.
TAKEN_OVER = """
import os, socket, subprocess, sys
from pyoxigraph import Store
from pilotgraph.serve import sandbox
channel = socket.socketpair()
out = os.dup(1)
sandbox.leave(out)
sandbox.leave_network()
store = Store.read_only(sys.argv[1])
held = sandbox.confine(2 ** 30, networked=False)
folder = sys.argv[2]
tries = {
    "socket": socket.socket,
    "pair": socket.socketpair,
    "fork": os.fork,
    "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", "print('exec')"]),
    "signal": lambda: os.kill(os.getppid(), 0),
    "write": lambda: os.open(folder + "/new", os.O_WRONLY | os.O_CREAT),
    "append": lambda: os.open(folder + "/old", os.O_WRONLY | os.O_APPEND),
    "truncate": lambda: os.truncate(folder + "/old", 0),
    "remove": lambda: os.unlink(folder + "/old"),
    "rename": lambda: os.rename(folder + "/old", folder + "/new"),
    "folder": lambda: os.mkdir(folder + "/new"),
    "mode": lambda: os.chmod(folder + "/old", 0o777),
}
passed = []
for name, attempt in tries.items():
    try:
        attempt()
        passed.append(name)
    except OSError:
        pass
os.write(out, repr((len(list(store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }"))), passed, held)).encode())
os._exit(0)
"""


class Listener:
    """A port that listens, and the number of connections that came."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """A port that must not be spoken to."""
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two thousand triples in a ring."""
    folder = tmp_path_factory.mktemp("store")
    made = EmbeddedStore.create(folder / "generation-1")
    graph = NamedNode("urn:graph")
    nodes = [NamedNode(f"urn:n{i}") for i in range(1000)]
    made.add(Quad(node, NamedNode("urn:p"), Literal(f"number {i}"), graph) for i, node in enumerate(nodes))
    made.add(Quad(node, NamedNode("urn:next"), nodes[i - 1], graph) for i, node in enumerate(nodes))
    made.finish()
    made.close()
    folder.joinpath("CURRENT").write_text("generation-1\n")
    return folder


@pytest.fixture(scope="module")
def ask(store: Path) -> Iterator[Callable[..., list[Answer | BaseException]]]:
    """A pool, as a function that asks it several things at once."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    pool = Pool(Source(store=store), LIMITS)

    async def all_of(jobs: tuple[SparqlJob, ...]) -> list[Answer | BaseException]:
        return await asyncio.gather(*(pool.run(job, "someone") for job in jobs), return_exceptions=True)

    asyncio.run_coroutine_threadsafe(pool.start(), loop).result(60)
    yield lambda *jobs: asyncio.run_coroutine_threadsafe(all_of(jobs), loop).result(120)
    asyncio.run_coroutine_threadsafe(pool.close(), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def outcome(result: Answer | BaseException) -> str:
    """What came of a query: the body, or status and title of the refusal."""
    if isinstance(result, Refused):
        return f"{result.status.value} {result.title}"
    assert isinstance(result, Answer)
    return result.body.decode()


def next_is_right(ask: Callable[..., list[Answer | BaseException]]) -> bool:
    """Whether a query of good will is answered."""
    [answer] = ask(SparqlJob("SELECT ?o { <urn:n7> <urn:p> ?o }", "text/csv", ""))
    return answer == RIGHT


@pytest.mark.parametrize(("text", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_query_is_contained(
    ask: Callable[..., list[Answer | BaseException]], listener: Listener, text: str, expected: set[str]
) -> None:
    """The query is refused, stopped or harmless; no connection is made; and the next query is answered right."""
    [result] = ask(SparqlJob(text.replace("PORT", str(listener.port)), JSON, TURTLE))
    assert outcome(result) in expected
    assert listener.connections == 0
    assert next_is_right(ask)


class Watched:
    """A file of triples, and whether any process opens it (inotify, Linux)."""

    def __init__(self, path: Path) -> None:
        path.write_text("<urn:secret> <urn:p> 'secret' .\n")
        self.address = path.as_uri()
        self._path = path
        libc = ctypes.CDLL(None, use_errno=True)
        self._events = libc.inotify_init1(os.O_NONBLOCK)
        in_open = 0x20
        assert libc.inotify_add_watch(self._events, os.fsencode(path), in_open) >= 0

    def was_opened(self) -> bool:
        """Whether it was opened since this was last asked."""
        try:
            return bool(os.read(self._events, 4096))
        except BlockingIOError:
            return False

    def read(self) -> str:
        """Open it, to show that this is seen."""
        return self._path.read_text()

    def close(self) -> None:
        """Watch no longer."""
        os.close(self._events)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A file that must not be read."""
    if not hasattr(ctypes.CDLL(None), "inotify_init1"):
        pytest.skip("only Linux tells who opens a file")
    opened = Watched(tmp_path_factory.mktemp("secret") / "secret.ttl")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s FROM <FILE> { ?s ?p ?o }",
        "SELECT ?s FROM NAMED <FILE> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s { GRAPH <FILE> { ?s ?p ?o } }",
        "BASE <FILE> SELECT ?s FROM <> { ?s ?p ?o }",
        "DESCRIBE <FILE>",
        "SELECT ?s { SERVICE <FILE> { ?s ?p ?o } }",
        "LOAD <FILE>",
    ],
)
def test_no_query_reads_a_file(ask: Callable[..., list[Answer | BaseException]], watched: Watched, text: str) -> None:
    """Whatever names a file, in the query or as its data set, nobody opens it; that the test itself does is seen."""
    job = SparqlJob(text.replace("FILE", watched.address), JSON, TURTLE)
    results = ask(job, replace(job, default_graphs=(watched.address,)), replace(job, named_graphs=(watched.address,)))
    assert not watched.was_opened()
    assert not any("secret'" in outcome(result) or "urn:secret" in outcome(result) for result in results)
    assert "urn:secret" in watched.read()
    assert watched.was_opened()


def test_a_hundred_slow_queries_at_once(ask: Callable[..., list[Answer | BaseException]]) -> None:
    """Two workers take what they can in the time; the rest are told at once or soon that the server is busy."""
    slow = SparqlJob(HOSTILE["an endless join"][0], JSON, TURTLE)
    start = time.monotonic()
    results = ask(*[slow] * 100)
    assert time.monotonic() - start < LIMITS.waiting_seconds + LIMITS.seconds + 20
    assert {outcome(result) for result in results} == {TIME, "503 The server is busy"}
    busy = [result for result in results if outcome(result) != TIME]
    assert len(busy) >= 100 - LIMITS.waiting - LIMITS.workers
    assert all(getattr(result, "retry_after", None) for result in busy)
    assert next_is_right(ask)


@pytest.mark.parametrize("walls", ["network", "calls"])
def test_each_wall_alone_stops_what_the_guard_would_miss(store: Path, walls: str) -> None:
    """Without the guard, SERVICE reaches a listening port; with either wall of the sandbox it does not."""
    listener = Listener()

    def unguarded(walls: str) -> str:
        line = [sys.executable, "-c", UNGUARDED, walls, str(listener.port), str(store / "generation-1")]
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60).stdout

    try:
        assert unguarded("none").startswith("stopped:")
        assert listener.connections >= 1, "the test itself cannot tell"
        before = listener.connections
        said = unguarded(walls)
        if not said:
            pytest.skip(f"this system has no wall “{walls}”")
        assert said.startswith("stopped:")
        assert listener.connections == before
    finally:
        listener.close()


def test_a_worker_that_is_taken_over_can_change_nothing(store: Path, tmp_path: Path) -> None:
    """Behind all walls there is no socket, no program, no signal and no change to a file; the store is still read."""
    tmp_path.joinpath("old").write_text("old")
    line = [sys.executable, "-c", TAKEN_OVER, str(store / "generation-1"), str(tmp_path)]
    said = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stdout
    read, passed, held = ast.literal_eval(said)
    if sandbox.FEW_CALLS not in held:
        pytest.skip("this system has no filter for system calls")
    assert (read, passed) == (2000, [])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "old")]
