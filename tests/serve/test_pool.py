"""The pool of workers: right answers, whole ones, within limits, and a process that is always replaced."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, parse

from pilotgraph.dataset import REQUIRED
from pilotgraph.errors import DatasetError
from pilotgraph.serve.evaluate import GRAPH_FORMATS, RESULT_FORMATS
from pilotgraph.serve.jobs import Answer, GraphJob, NamedJob, Refused, SparqlJob
from pilotgraph.serve.limits import Limits
from pilotgraph.serve.pool import Pool
from pilotgraph.serve.worker import LENGTH, Reply, Source, pack, unpack
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from concurrent.futures import Future

    from pilotgraph.serve.jobs import Job

JSON, CSV, TSV, TURTLE = "application/sparql-results+json", "text/csv", "text/tab-separated-values", "text/turtle"
A, B, MANY, P = NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:many"), NamedNode("urn:p")
QUADS = [Quad(A, P, Literal("one"), A), Quad(B, P, Literal("two"), B)]
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6)) + " }"
ALL = "SELECT ?s ?o { ?s <urn:p> ?o FILTER(STRLEN(?o) = 3) } ORDER BY ?s"
XML_HEAD = (
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
)
SMALL = Limits(workers=2, spares=1)


class Running:
    """A pool in an event loop of its own, in a thread, so that a test can ask it like any function."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.limits = limits
        self.pool = Pool(source, limits)
        try:
            self.do(self.pool.start()).result()
        except BaseException:
            self.stop()
            raise

    def do(self, what: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Start a coroutine."""
        return asyncio.run_coroutine_threadsafe(what, self.loop)

    def begin(self, job: Job | str, client: str = "someone") -> Future[Answer]:
        """Ask without waiting; a text is a query for JSON or Turtle."""
        return self.do(self.pool.run(SparqlJob(job, JSON, TURTLE) if isinstance(job, str) else job, client))

    def ask(self, job: Job | str, client: str = "someone") -> Answer:
        """Ask and wait."""
        return self.begin(job, client).result(60)

    def refusal(self, job: Job | str) -> tuple[int, str]:
        """Ask what is refused, and give status and title."""
        with pytest.raises(Refused) as caught:
            self.ask(job)
        return caught.value.status.value, caught.value.title

    def rests(self) -> bool:
        """Wait until all workers are ready and none has a job."""
        whole = self.limits.workers + self.limits.spares
        return until(lambda: (self.pool.stats().busy, self.pool.stats().workers) == (0, whole))

    def close(self, grace: float = 0.0) -> None:
        """Close the pool and its loop."""
        self.do(self.pool.close(grace)).result(60)
        self.stop()

    def stop(self) -> None:
        """End the loop."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait until something holds; tells whether it came to hold."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def listens(port: int) -> bool:
    """Whether there is a server at a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def children(*, below: bool = True) -> set[int]:
    """The processes under this one; with `below` false only its own children: workers stand under the fork server."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    own = {child for child, parent in parents.items() if parent == os.getpid()}
    return own | {child for child, parent in parents.items() if parent in own and below}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two graphs of one triple and one of a thousand."""
    folder = tmp_path_factory.mktemp("store")
    made = EmbeddedStore.create(folder / "generation-1")
    made.add([*QUADS, *(Quad(NamedNode(f"urn:n{i}"), P, Literal(f"number {i}"), MANY) for i in range(1000))])
    made.finish()
    made.close()
    folder.joinpath("CURRENT").write_text("generation-1\n")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of nothing, without queries: workers start in no time."""
    root = tmp_path_factory.mktemp("dataset")
    for part in REQUIRED:
        made = root / part
        (made.parent if made.suffix else made).mkdir(parents=True, exist_ok=True)
        if made.suffix:
            made.touch()
    words = {name: f'"{name}"' for name in ("base", "edition", "licence")} | {"title": "{}", "description": "{}"}
    lines = "".join(f"{name} = {value}\n" for name, value in words.items())
    root.joinpath("data/dataset.toml").write_text(lines.replace('"base"', '"http://e/"'))
    return root


@pytest.fixture(scope="module")
def running(store: Path) -> Iterator[Running]:
    """A pool over the store."""
    pool = Running(Source(store=store), SMALL)
    yield pool
    pool.close()


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'),
        (
            "application/sparql-results+xml",
            XML_HEAD + b'<results><result><binding name="s"><uri>urn:a</uri></binding></result></results></sparql>',
        ),
        (CSV, b"s\r\nurn:a\r\n"),
        (TSV, b"?s\n<urn:a>\n"),
    ],
)
def test_rows_in_each_form(running: Running, media_type: str, body: bytes) -> None:
    """A SELECT query is answered in each of the four forms, byte for byte."""
    job = SparqlJob("SELECT ?s { ?s <urn:p> 'one' }", media_type, "")
    assert running.ask(job) == Answer(media_type, body)


@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_a_graph_in_each_form(running: Running, media_type: str) -> None:
    """A CONSTRUCT query is answered in each of the RDF formats, and read back it is the same triple."""
    job = SparqlJob("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o = 'one') }", "", media_type)
    answer = running.ask(job)
    assert answer.media_type == media_type
    assert [quad.triple for quad in parse(answer.body, GRAPH_FORMATS[media_type])] == [QUADS[0].triple]


def test_yes_and_no(running: Running) -> None:
    """An ASK query is answered with a boolean."""
    assert running.ask("ASK { <urn:a> ?p ?o }").body == b'{"head":{},"boolean":true}'
    assert running.ask("ASK { <urn:nobody> ?p ?o }").body == b'{"head":{},"boolean":false}'


@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        ("SELECT ?o { ?s <urn:p> ?o FILTER(STRLEN(?o) = 3) } ORDER BY ?o", None, None, ["one", "two"]),
        ("SELECT ?o { GRAPH <urn:b> { ?s ?p ?o } }", None, None, ["two"]),
        ("SELECT ?o FROM <urn:a> { ?s ?p ?o }", None, None, ["one"]),
        ("SELECT ?o FROM NAMED <urn:a> { GRAPH ?g { ?s ?p ?o } }", None, None, ["one"]),
        ("SELECT ?o FROM NAMED <urn:a> { ?s ?p ?o }", None, None, []),
        ("SELECT ?o FROM <file:///etc/passwd> { ?s ?p ?o }", None, None, []),
        ("SELECT ?o { ?s ?p ?o }", ("urn:b",), None, ["two"]),
        ("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", ("urn:b",), None, []),
        ("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", None, ("urn:b",), ["two"]),
        ("SELECT ?o { ?s ?p ?o }", None, ("urn:b",), []),
        ("SELECT ?o FROM <urn:a> { ?s ?p ?o }", ("urn:b",), None, ["two"]),
        ("SELECT ?o FROM NAMED <urn:a> { GRAPH ?g { ?s ?p ?o } }", None, ("urn:b",), ["two"]),
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o", ("urn:b", "urn:a", "file:///etc/passwd"), None, ["one", "two"]),
    ],
)
def test_which_graphs_a_query_sees(
    running: Running, text: str, default: tuple[str, ...] | None, named: tuple[str, ...] | None, expected: list[str]
) -> None:
    """The protocol's data set goes before the query's own, and that before all graphs."""
    answer = running.ask(SparqlJob(text, TSV, "", default, named))
    assert answer.body.decode().splitlines() == ["?o", *(f'"{value}"' for value in expected)]


def test_the_triples_of_a_graph(running: Running) -> None:
    """A graph is given whole, the default graph is the union, and an unknown graph is not found."""
    job = GraphJob("urn:a", "application/n-triples")
    assert running.ask(job).body == b'<urn:a> <urn:p> "one" .\n'
    assert len(running.ask(GraphJob(None, "application/n-triples")).body.splitlines()) == 1002
    assert running.refusal(GraphJob("urn:nobody", TURTLE)) == (404, "No such graph")
    assert running.refusal(GraphJob("nobody", TURTLE)) == (400, "A graph's name is malformed")


def test_a_named_query(running: Running) -> None:
    """A named query's own errors come back as refusals."""
    job = NamedJob("partners-of-pilots", (("pilot", "nobody"),), "en", "json")
    assert running.refusal(job)[0] in {400, 404}


def test_large_answers_are_compressed(running: Running) -> None:
    """An answer over 1 kB is compressed when that is asked for, a small one is not."""
    text = "SELECT ?o { ?s <urn:p> ?o } ORDER BY ?o"
    plain = running.ask(SparqlJob(text, CSV, ""))
    packed = running.ask(SparqlJob(text, CSV, "", gzip=True))
    assert (packed.gzip, gzip.decompress(packed.body)) == (True, plain.body)
    assert running.ask(SparqlJob("ASK {}", CSV, "", gzip=True)) == Answer(CSV, b"true")


def test_a_malformed_query_is_shown_its_place(running: Running) -> None:
    """A syntax error comes back as 400 with line, column and a caret."""
    with pytest.raises(Refused) as caught:
        running.ask("SELECT *\n{ ?s ?p }")
    assert caught.value.status is HTTPStatus.BAD_REQUEST
    assert caught.value.detail.startswith("query:2: syntax error at column 10: expected ")
    assert caught.value.detail.endswith("\n  { ?s ?p }\n           ^")


def test_forms_that_are_not_taken(running: Running) -> None:
    """A query whose kind of answer is in no form that the visitor takes is refused with 406."""
    title = "None of the forms of the answer is acceptable"
    assert running.refusal(SparqlJob("ASK {}", "", TURTLE)) == (406, title)
    assert running.refusal(SparqlJob("DESCRIBE <urn:a>", JSON, "")) == (406, title)


def test_a_long_query_is_refused(running: Running) -> None:
    """A query of more bytes than allowed is refused with 413, and one of as many is answered."""
    fits = "ASK {} #" + "é" * ((SMALL.query_bytes - 8) // 2)
    assert running.ask(fits).body == b'{"head":{},"boolean":true}'
    assert running.refusal(fits + "é") == (413, "The query is too long")
    many = SparqlJob("ASK {}", JSON, TURTLE, default_graphs=("urn:" + "x" * 200_000,))
    assert running.refusal(many) == (413, "The query is too long")


def test_a_query_of_a_megabyte_reaches_the_worker(store: Path) -> None:
    """Where so much is allowed, a query that the system does not take in one go arrives whole."""
    running = Running(Source(store=store), Limits(workers=1, spares=0, query_bytes=2_000_000))
    try:
        text = f"SELECT (STRLEN('{'é' * 900_000}') AS ?n) {{}}"
        assert running.ask(SparqlJob(text, CSV, "")).body == b"n\r\n900000\r\n"
        assert running.ask(ALL).body.count(b"urn:") == 2
    finally:
        running.close()


def test_an_answer_is_whole_or_refused(store: Path) -> None:
    """Too many rows, triples or bytes are refused with 422; as many as allowed are given, whatever is in them."""
    lines = "SELECT ?x { VALUES ?x { 'a\\r\\nb' 'c\\nd' '}},{' '},{' } }"
    running = Running(Source(store=store), Limits(workers=1, spares=0, rows=4, answer_bytes=2000))
    too_large = (422, "The answer is too large")
    try:
        for media_type in RESULT_FORMATS:
            assert running.ask(SparqlJob(lines, media_type, "")).media_type == media_type
            assert running.refusal(SparqlJob("SELECT ?s { ?s ?p ?o } LIMIT 5", media_type, "")) == too_large
            assert running.refusal(SparqlJob("SELECT (UUID() AS ?x) { ?s ?p ?o }", media_type, "")) == too_large
        assert running.ask(SparqlJob("DESCRIBE <urn:a>", "", TURTLE)).body.endswith(b'<urn:a> <urn:p> "one" .\n')
        assert running.refusal("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 5") == too_large
        assert running.refusal(GraphJob(None, TURTLE)) == too_large
        assert running.refusal("SELECT (CONCAT('" + "x" * 2000 + "') AS ?x) {}") == too_large
        assert running.pool.stats().kills == {}
    finally:
        running.close()


def test_a_large_answer_comes_whole_and_its_worker_is_replaced(store: Path) -> None:
    """An answer of many frames' length is not changed on its way; a worker that took much memory for it is replaced."""
    doubled = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(20))
    text = f"SELECT ?x20 {{ BIND('0123456789abcde\\n' AS ?x0) {doubled} }}"
    running = Running(Source(store=store), Limits(workers=1, spares=1, memory=256 * 1024 * 1024))
    try:
        line = "0123456789abcde\n"
        assert running.ask(SparqlJob(text, CSV, "")).body == f'x20\r\n"{line * 2**20}"\r\n'.encode()
        assert running.ask(ALL).body.count(b"urn:") == 2
        running.ask(SparqlJob(text.replace("abcde", "abcd" * 3), CSV, ""))
        assert running.rests()
        stats = running.pool.stats()
        assert set(stats.kills) <= {"spent"}
        assert stats.restarts == sum(stats.kills.values())
    finally:
        running.close()


def test_limits_of_time(store: Path) -> None:
    """A query that passes the clock's or the processor's limit is refused with 503; the next is answered."""
    for limits, reason in ((Limits(seconds=0.3), "time"), (Limits(cpu_seconds=0), "SIGXCPU")):
        running = Running(Source(store=store), limits)
        try:
            with pytest.raises(Refused) as caught:
                running.ask(ENDLESS)
            assert (caught.value.status, caught.value.title) == (503, "The query takes too long")
            assert caught.value.retry_after is None
            assert running.ask(ALL, "other").body.count(b"urn:") == 2
            stats = running.pool.stats()
            assert stats.kills | stats.died == {reason: 1}
            assert stats.refused == {"503 The query takes too long": 1}
        finally:
            running.close()


def test_clients_and_the_line_are_bounded(store: Path) -> None:
    """One client too many at once gets 429, a full line 503, and who waits too long 503, each with Retry-After."""
    limits = Limits(workers=1, spares=1, waiting=2, per_client=2, waiting_seconds=0.4, seconds=1)
    running = Running(Source(store=store), limits)
    try:
        slow = [running.begin(ENDLESS, "a") for _ in range(2)]
        third = running.begin(ENDLESS, "a").exception(1)
        assert isinstance(third, Refused)
        assert (third.status, third.retry_after) == (429, 1)
        waits = running.begin(ALL, "b")
        start = time.monotonic()
        full = running.begin(ALL, "c").exception(1)
        assert isinstance(full, Refused)
        assert (full.status, full.retry_after) == (503, 2)
        assert time.monotonic() - start < 0.1
        late = waits.exception(2)
        assert isinstance(late, Refused)
        assert (late.status, late.retry_after) == (503, 2)
        assert [getattr(future.exception(5), "status", None) for future in slow] == [503, 503]
        assert running.ask(ALL, "a").body.count(b"urn:") == 2
        assert running.pool.stats().clients == 0
    finally:
        running.close()


def test_a_crowd_of_one_client_lets_others_pass(store: Path) -> None:
    """Who has fewer queries running is served before who has more, though it came later."""
    running = Running(Source(store=store), Limits(workers=2, spares=2, seconds=0.5))
    try:
        crowd = [running.begin(ENDLESS, "crowd") for _ in range(8)]
        start = time.monotonic()
        running.ask(ALL, "someone")
        assert time.monotonic() - start < 1
        for future in crowd:
            assert isinstance(future.exception(20), Refused)
    finally:
        running.close()


def test_who_leaves_frees_the_worker(store: Path) -> None:
    """A query whose client has left is stopped, in evaluation and in the line, and no client is left in the books."""
    running = Running(Source(store=store), Limits(workers=1, spares=1))
    try:
        evaluated, waiting = running.begin(ENDLESS), running.begin(ENDLESS)
        assert until(lambda: running.pool.stats().waiting == 1)
        waiting.cancel()
        evaluated.cancel()
        start = time.monotonic()
        assert running.ask(ALL).body.count(b"urn:") == 2
        assert time.monotonic() - start < 1
        assert running.pool.stats().kills == {"left": 1}
        quick = running.begin(ALL)
        quick.cancel()
        assert running.rests()
        assert running.pool.stats().kills == {"left": 1}
        assert running.pool.stats().clients == 0
    finally:
        running.close()


def test_workers_that_are_killed_are_replaced(store: Path) -> None:
    """When the system ends all processes at once, what they were doing is refused, and others take their places."""
    running = Running(Source(store=store), SMALL)
    try:
        slow = running.begin(ENDLESS)
        assert until(lambda: running.pool.stats().busy == 1)
        for pid in children() - children(below=False):
            os.kill(pid, signal.SIGKILL)
        refused = slow.exception(5)
        assert isinstance(refused, Refused)
        assert (refused.status, refused.title) == (503, "The query takes too much memory")
        assert until(lambda: running.pool.stats().died == {"SIGKILL": 3})
        assert running.ask(ALL).body.count(b"urn:") == 2
        assert running.rests()
        assert running.pool.stats().restarts == 3
    finally:
        running.close()


def test_hundreds_of_kills_leave_nothing_behind(store: Path, base: Path) -> None:
    """After two hundred killed queries there are as many processes and descriptors as before, and answers are right."""
    limits = Limits(workers=2, spares=2, seconds=0.01, per_client=200, waiting=200, waiting_seconds=120)
    running = Running(Source(base, store), limits)
    try:
        assert running.rests()
        processes, descriptors = len(children()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        slow = [running.begin(ENDLESS) for _ in range(200)]
        refusals = [future.exception(120) for future in slow]
        assert {getattr(refused, "title", refused) for refused in refusals} == {"The query takes too long"}
        assert running.rests()
        assert until(lambda: len(children()) == processes)
        assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208
        assert running.pool.stats().kills == {"time": 200}
        assert running.ask(ALL).body.count(b"urn:") == 2
    finally:
        running.close()


def test_closing_lets_running_queries_end(store: Path) -> None:
    """With grace a running query is answered; new ones are refused with Retry-After, and no process stays."""
    running = Running(Source(store=store), Limits(workers=1, spares=0))
    lasting = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    slow = running.begin(lasting)
    assert until(lambda: running.pool.stats().busy == 1)
    closing = running.do(running.pool.close(20))
    time.sleep(0.1)
    late = running.begin(ALL).exception(1)
    assert isinstance(late, Refused)
    assert (late.status, late.retry_after) == (503, 5)
    assert b'"1004004"' in slow.result(20).body
    closing.result(20)
    assert running.pool.stats().workers == 0
    running.stop()


def test_a_source_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    """Where there is no store, the start fails with the reason and what to do, and leaves no process."""
    with pytest.raises(DatasetError, match="holds no store; make one with: pilotgraph load --to"):
        Running(Source(store=tmp_path), SMALL)


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server that is not ours, with one graph of the data set `base`."""
    store = EmbeddedStore.create(tmp_path / "endpoint")
    part = Quad(NamedNode("http://e/"), NamedNode(f"{PREFIXES['dct']}hasPart"), A, NamedNode("http://e/graph/meta"))
    store.add([QUADS[0], part])
    store.finish()
    store.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("oxigraph")
    line = [str(program), "serve-read-only", "--location", str(tmp_path / "endpoint"), "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(line, stderr=subprocess.DEVNULL) as process:
        assert until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}/query", process
        process.terminate()


def test_an_endpoint_behind_the_workers(endpoint: tuple[str, subprocess.Popen[bytes]], base: Path) -> None:
    """Queries are passed on; what cannot be is refused; an endpoint that is gone is 502."""
    url, process = endpoint
    running = Running(Source(base, endpoint=url), SMALL)
    try:
        assert running.ask(SparqlJob("SELECT ?s { ?s <urn:p> 'one' }", CSV, "")).body == b"s\r\nurn:a\r\n"
        assert running.ask(GraphJob("urn:a", "application/n-triples")).body == b'<urn:a> <urn:p> "one" .\n'
        assert running.refusal(GraphJob("urn:nobody", TURTLE))[0] == 404
        assert running.refusal(SparqlJob("ASK {}", CSV, "", ("urn:a",)))[0] == 400
        assert running.refusal("SELECT nonsense") == (400, "Malformed query")
        assert running.refusal(f"ASK {{ SERVICE <{url}> {{}} }}")[0] == 403
        assert "no network" not in running.pool.stats().protections
        process.terminate()
        process.wait()
        assert running.refusal("ASK {}") == (502, "The endpoint behind this server failed")
    finally:
        running.close()


def test_what_a_worker_holds(store: Path) -> None:
    """A worker has the store's files, its channel and nothing else of the server's, and says how it is shut in."""
    before = children()
    running = Running(Source(store=store), SMALL)
    try:
        for pid in children() - before - children(below=False):
            folder = f"/proc/{pid}/fd"
            try:
                held = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]  # noqa: PTH115, PTH208
            except PermissionError:
                pytest.skip("only the administrator sees what a confined process holds")
            outside = [name for name in held if name != "/dev/null" and str(store) not in name]
            assert [name.partition(":")[0] for name in outside] == ["socket"]
        assert {"memory", "processor", "no writing"} <= set(running.pool.stats().protections)
    finally:
        running.close()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(texts, st.binary(max_size=100), st.booleans(), st.booleans())
def test_answers_survive_the_way(media_type: str, body: bytes, packed: bool, spent: bool) -> None:  # noqa: FBT001
    """What is packed is unpacked the same."""
    reply = Reply(Answer(media_type, body, gzip=packed), spent)
    assert unpack(memoryview(b"".join(pack(reply)))[LENGTH.size :]) == reply


@given(st.sampled_from([*HTTPStatus][10:]), texts, texts, st.none() | st.integers(1, 3600))
def test_refusals_survive_the_way(status: HTTPStatus, title: str, detail: str, retry: int | None) -> None:
    """What is packed is unpacked the same."""
    sent = Refused(status, title, detail, retry_after=retry)
    outcome = unpack(memoryview(b"".join(pack(Reply(sent))))[LENGTH.size :]).outcome
    assert isinstance(outcome, Refused)
    assert vars(outcome) == vars(sent)
