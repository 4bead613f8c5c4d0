"""A server that fails gives one clear error, exit code 4, no partial answer, and never a password in any output."""

from __future__ import annotations

import gc
import json
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from pilotgraph.errors import EndpointError
from pilotgraph.store.credentials import Credentials
from pilotgraph.store.protocol import Connection
from pilotgraph.store.remote import GRAPH, RemoteStore
from pilotgraph.store.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BASE = "https://example.org/"
G = NamedNode(f"{BASE}graph/g")
ROWS = "application/sparql-results+json"
SECRET = "tr0ub4dor-und-3"  # noqa: S105 - invented
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


class Misbehaving(ThreadingHTTPServer):
    """A SPARQL server over a few triples, which does to a request what `fault` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = Store()
        self.store.bulk_extend(Quad(NamedNode(f"urn:{i}"), NamedNode("urn:p"), Literal(str(i)), G) for i in range(30))
        meta = NamedNode(f"{BASE}graph/meta")
        self.store.add(Quad(NamedNode(BASE), NamedNode("http://purl.org/dc/terms/hasPart"), G, meta))
        self.fault: Callable[[Handler], bool] = lambda _: False
        self.limit = 10**9
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        """Where queries go."""
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


class Handler(BaseHTTPRequestHandler):
    """Answers one request, if the fault lets it."""

    server: Misbehaving
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the base class's signature
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer a query or an update."""
        self.do_GET()

    do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815 - the base class's names

    def do_GET(self) -> None:
        """Answer a query."""
        from urllib.parse import parse_qs, urlsplit  # noqa: PLC0415

        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length).decode() if length else ""
        self.server.seen.append(f"{self.command} {self.headers.get('authorization', '')}".strip())
        self.asked = parse_qs(urlsplit(self.path).query) | parse_qs(body)
        if self.server.fault(self):
            return
        if "query" not in self.asked:
            self.give(404, "text/plain", b"only queries here")
            return
        self.give(200, *self.result())

    def result(self) -> tuple[str, bytes]:
        """The right answer, cut off at the limit of rows."""
        graphs = self.asked.get("default-graph-uri")
        chosen: dict[str, Any] = {"default_graph": [NamedNode(g) for g in graphs]} if graphs else {}
        answer = self.server.store.query(self.asked["query"][0], **chosen)
        if not isinstance(answer, QuerySolutions):
            format_ = RdfFormat.N_TRIPLES if "triples" in type(answer).__name__.lower() else QueryResultsFormat.JSON
            media = "application/n-triples" if format_ is RdfFormat.N_TRIPLES else ROWS
            content = answer.serialize(format=format_) or b""
            return media, b"".join(content.splitlines(keepends=True)[: self.server.limit])
        document = json.loads(answer.serialize(format=QueryResultsFormat.JSON) or b"")
        document["results"]["bindings"] = document["results"]["bindings"][: self.server.limit]
        return ROWS, json.dumps(document).encode()

    def give(self, status: int, media: str, content: bytes, **headers: str) -> bool:
        """Send an answer."""
        self.send_response(status)
        for name, value in {"content-type": media, "content-length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        return True


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """A server that behaves, until a test tells it otherwise."""
    # The engine's answers may only be dropped by the thread that made them, and the collector of garbage runs
    # in any thread.
    gc.disable()
    with Misbehaving() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()
    gc.enable()
    gc.collect()


@pytest.fixture
def store(server: Misbehaving, connect: Any) -> RemoteStore:  # noqa: ANN401
    """The server as a Reader, before anything goes wrong."""
    return RemoteStore.open(connect(server.url, 1), BASE)


def fails(call: Callable[[], object], message: str) -> None:
    """Check the message of an EndpointError, and that neither it nor its traceback holds the secret."""
    with pytest.raises(EndpointError) as caught:
        call()
    assert caught.value.exit_code == 4
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def cut(handler: Handler) -> bool:
    """Announce more than is sent, and hang up."""
    media, content = handler.result()
    handler.give(200, media, content[: len(content) // 2], content_length=str(len(content)))
    handler.close_connection = True
    return True


def unframed(handler: Handler, share: float = 0.5) -> bool:
    """Announce no length, send a part, and hang up."""
    media, content = handler.result()
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nConnection: close\r\n\r\n".encode())
    handler.wfile.write(content[: int(len(content) * share)])
    handler.close_connection = True
    return True


def hang_up(handler: Handler) -> bool:
    """Close the connection without a word."""
    handler.close_connection = True
    return True


def slow(_: Handler) -> bool:
    """Take longer than anyone waits."""
    time.sleep(2)
    return False


def trickle(handler: Handler) -> bool:
    """Send a byte now and then."""
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 99\r\n\r\n"
    )
    for _ in range(15):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)
    handler.close_connection = True
    return True


WEB_PAGE = b"<html><head><title>x</title></head><body>Please <b>log in</b></body></html>"
TIMED_OUT = {"X_SQL_State": "S1TAT", "X_SQL_Message": "RC...: Returning incomplete results"}
FAULTS: dict[str, tuple[Callable[[Handler], bool], str]] = {
    "HTML": (lambda h: h.give(200, "text/html", WEB_PAGE), "answers with a web page instead of SPARQL results in JSON"),
    "no type": (lambda h: h.give(200, "", b"{}"), "answers with something without a type instead of"),
    "no JSON": (lambda h: h.give(200, ROWS, b"so sorry"), "the answer cannot be read to its end"),
    "true for rows": (lambda h: h.give(200, ROWS, b'{"head":{},"boolean":true}'), "answers with true or false where"),
    "bad IRI": (
        lambda h: h.give(
            200, ROWS, b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"no iri"}}]}}'
        ),
        "the answer cannot be read to its end",
    ),
    "truncated": (cut, "broke off the connection in the middle; nothing of its answer was used"),
    "truncated, no length": (unframed, "the answer cannot be read to its end"),
    "hangs up": (hang_up, "broke off the connection in the middle"),
    "slow": (slow, "gave no whole answer within 1 seconds; ask in smaller steps, or raise PILOTGRAPH_ENDPOINT_TIMEOUT"),
    "trickles": (trickle, "gave no whole answer within 1 seconds"),
    "partial": (
        lambda h: h.give(200, *h.result(), **TIMED_OUT),
        "the answer is only a part (S1TAT RC...: Returning incomplete results)",
    ),
    "206": (lambda h: h.give(206, *h.result()), "the answer is only a part (HTTP 206)"),
    "limit of rows": (
        lambda h: h.give(200, *h.result(), X_SPARQL_MaxRows="30"),
        "gives no more than 30 rows and the answer has as many",
    ),
    "400": (
        lambda h: h.give(400, "text/plain", b"bad\x1b[31m\nquery"),
        "(HTTP 400): bad [31m query; it could not read",
    ),
    "401": (lambda h: h.give(401, "text/plain", b""), "wants authentication (401); set PILOTGRAPH_ENDPOINT_USER and"),
    "403": (lambda h: h.give(403, "text/html", WEB_PAGE), "refuses to read (HTTP 403): Please log in; ask its admin"),
    "404": (lambda h: h.give(404, "text/plain", b""), "refuses to read (HTTP 404); there is no such address"),
    "500": (lambda h: h.give(500, "text/plain", b"out of memory"), "(HTTP 500): out of memory; the server failed"),
    "503": (lambda h: h.give(503, "text/plain", b""), "refuses to read (HTTP 503); the server is overloaded"),
    "elsewhere": (
        lambda h: h.give(302, "text/plain", b"", Location="http://user:pw@localhost:9/sparql"),
        "redirects to http://localhost:9/sparql, another place; give that address if you trust it",
    ),
    "round and round": (lambda h: h.give(307, "text/plain", b"", Location=h.path), "redirects more than 5 times"),
    "redirect to nowhere": (
        lambda h: h.give(302, "text/plain", b"", Location="http://host:port"),
        "redirects to something that",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str, server: Misbehaving, store: RemoteStore) -> None:
    """Each way to fail has its message, and no row is given."""
    server.fault, message = FAULTS[name]
    fails(lambda: store.query(ALL), message)


@pytest.mark.parametrize("fault", [cut, hang_up, unframed, lambda h: unframed(h, 1)])
def test_graph_cut_off(fault: Callable[[Handler], bool], server: Misbehaving, store: RemoteStore) -> None:
    """N-Triples have no end mark: an answer without an announced end is refused, even a whole one."""
    server.fault = fault
    fails(lambda: store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), server.url)


def test_down(connect: Any) -> None:  # noqa: ANN401
    """Nothing listens."""
    fails(lambda: RemoteStore.open(connect("http://127.0.0.1:9/sparql"), BASE), "127.0.0.1:9/sparql: cannot be reached")


@pytest.mark.parametrize("limit", [2, 5, 29, 30])
def test_silent_limit(limit: int, server: Misbehaving, store: RemoteStore) -> None:
    """A server that cuts off without a word, in front of the last row or far from it, is found out."""
    server.limit = limit
    for text in (ALL, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
        fails(lambda text=text: store.query(text), f"gives no more than {limit} rows and the answer has as many")
    assert {quad.object.value for quad in store.quads() if quad.graph_name == G} == set(map(str, range(30)))


def test_no_number(server: Misbehaving, connect: Any) -> None:  # noqa: ANN401
    """A server that counts without a number is no SPARQL server."""
    server.limit = 0
    fails(lambda: RemoteStore.open(connect(server.url), BASE), "gives no number where triples were to be counted")


def test_larger_than_the_data(server: Misbehaving, store: RemoteStore) -> None:
    """An answer with more rows than there are triples is not taken for a part."""
    assert len(list(store.select("SELECT * { ?s ?p ?o . ?t ?q ?u }"))) == 31 * 31
    assert server.seen


def test_passing_trouble(server: Misbehaving, store: RemoteStore) -> None:
    """A query is asked up to three times when the server hangs up or is overloaded; not after a time-out."""
    for fault in (hang_up, lambda h: h.give(503, "text/plain", b"")):
        times = iter([fault, fault])
        server.fault = lambda h, times=times: next(times, lambda _: False)(h)
        assert len(list(store.select(f"{ALL} LIMIT 1"))) == 1
    server.seen.clear()
    server.fault = slow
    fails(lambda: store.query(ALL), "gave no whole answer")
    assert len(server.seen) == 1


def test_update_is_sent_once(server: Misbehaving, connect: Any) -> None:  # noqa: ANN401
    """An update is never repeated: nobody knows whether the first did its work."""
    server.fault = hang_up
    connection = connect(server.url)
    fails(lambda: connection.update(server.url, "DROP ALL"), "broke off the connection")
    assert len(server.seen) == 1


def test_update_refused(server: Misbehaving, connect: Any) -> None:  # noqa: ANN401
    """A server that takes no graphs and no updates says so; nothing was changed."""

    def read_only(handler: Handler) -> bool:
        return "query" not in handler.asked and handler.give(403, "text/plain", b"read only")

    server.fault = read_only
    upload = Upload(connect(server.url), BASE)
    upload.add([Quad(G, G, G, G)])
    fails(upload.finish, "refuses to update (HTTP 403): read only; ask its administrator for the right to do this")
    assert len(list(server.store)) == 31


def test_redirect_on_the_same_host(server: Misbehaving, store: RemoteStore) -> None:
    """A redirect on the same host is followed, with query and login."""
    server.fault = lambda h: "/moved" not in h.path and h.give(307, "text/plain", b"", Location="/moved" + h.path)
    assert len(list(store.select(ALL))) == 31


LOGINS: dict[str, dict[str, str]] = {
    "user": {"PILOTGRAPH_ENDPOINT_USER": "ann", "PILOTGRAPH_ENDPOINT_PASSWORD": SECRET},
    "token": {"PILOTGRAPH_ENDPOINT_TOKEN": SECRET},
    "URL": {},
    "netrc": {},
}


@pytest.mark.parametrize("kind", LOGINS)
def test_login(kind: str, server: Misbehaving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connect: Any) -> None:  # noqa: ANN401
    """A login is sent, and shown nowhere, not even when the server sends it back."""
    for name, value in LOGINS[kind].items():
        monkeypatch.setenv(name, value)
    if kind == "netrc":
        (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login ann password {SECRET}\n")
    connection: Connection = connect(server.url.replace("//", f"//ann:{SECRET}@") if kind == "URL" else server.url)
    store = RemoteStore.open(connection, BASE)
    expected = f"Bearer {SECRET}" if kind == "token" else "Basic YW5uOnRyMHViNGRvci11bmQtMw=="
    assert set(server.seen) == {f"GET {expected}"}

    def echo(handler: Handler) -> bool:
        login = handler.headers.get("authorization", "none")
        return handler.give(401, "text/plain", f"no {login} {SECRET}".encode())

    server.fault = echo
    fails(lambda: store.query(ALL), "refuses these credentials (401): no ")
    with pytest.raises(EndpointError) as caught:
        store.query(ALL)
    assert "YW5u" not in caught.value.message
    for thing in (connection, connection.credentials, vars(connection), store):
        assert SECRET not in repr(thing)


def test_login_does_not_follow_to_another_host(
    server: Misbehaving,
    monkeypatch: pytest.MonkeyPatch,
    connect: Any,  # noqa: ANN401
) -> None:
    """Where a redirect leads to another host, no request is made there."""
    monkeypatch.setenv("PILOTGRAPH_ENDPOINT_TOKEN", SECRET)
    with Misbehaving() as other:
        server.fault = lambda h: h.give(307, "text/plain", b"", Location=other.url)
        fails(lambda: RemoteStore.open(connect(server.url), BASE), "another place")
        assert other.seen == []


@pytest.mark.parametrize("content", ["machine 127.0.0.1 login ann passwort " + SECRET, "\x00\xff" + SECRET])
def test_broken_netrc(content: str, server: Misbehaving, tmp_path: Path) -> None:
    """A netrc file that cannot be read is named, and nothing of it is quoted."""
    (tmp_path / "netrc").write_bytes(content.encode("latin-1"))
    fails(lambda: Connection(server.url), "netrc: cannot be read as netrc; correct it or its permissions")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PILOTGRAPH_ENDPOINT_USER": "ann"}, "PILOTGRAPH_ENDPOINT_PASSWORD is not set, but its companion is"),
        ({"PILOTGRAPH_ENDPOINT_PASSWORD": SECRET}, "PILOTGRAPH_ENDPOINT_USER is not set, but its companion is"),
        ({"PILOTGRAPH_ENDPOINT_TIMEOUT": "soon"}, "PILOTGRAPH_ENDPOINT_TIMEOUT=soon: is no number of seconds"),
        ({"PILOTGRAPH_ENDPOINT_TIMEOUT": "-1"}, "PILOTGRAPH_ENDPOINT_TIMEOUT=-1: is no number of seconds"),
    ],
)
def test_settings(settings: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a login, or a time that is none, is refused before anything is sent."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    fails(lambda: Connection("http://127.0.0.1:9/"), message)


@pytest.mark.parametrize("url", ["", "sparql", "ftp://host/x", "file:///etc/passwd", "http://", f"ann:{SECRET}@host"])
def test_no_address(url: str) -> None:
    """What is no web address is refused."""
    fails(lambda: Connection(url), "is no address of an endpoint; write it as https://host/path")


def test_credentials_say_nothing() -> None:
    """Credentials tell whether they are there, and that is all."""
    assert repr(Credentials("ann", SECRET)) == "Credentials(…)"
    assert repr(Credentials()) == "Credentials()"
    assert GRAPH.startswith("application/n-triples")
