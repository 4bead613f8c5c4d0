"""HTTP as nobody should use it: after each of these the next query is answered, and nothing has been read or kept."""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MB = 1024 * 1024


def _conftest() -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    spec = importlib.util.spec_from_file_location("serve_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


read_all = _conftest().read_all


@pytest.fixture(autouse=True)
def _the_next_is_answered(live: Any) -> Iterator[None]:  # noqa: ANN401
    yield
    assert live.answers()


def status_of(answer: bytes) -> int:
    """The status of a raw answer, 0 if the connection was closed without one."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def post(headers: bytes, body: bytes = b"") -> bytes:
    """A direct query by POST, as bytes."""
    return (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n" + headers + b"\r\n\r\n" + body
    )


def test_a_body_of_100_mb(live: Any) -> None:  # noqa: ANN401
    """It is refused before it is sent; sent all the same, in one piece or in chunks, it is not kept."""
    process = psutil.Process(live.process.pid)
    before = process.memory_info().rss
    for headers, part in (
        (b"Content-Length: %d" % (100 * MB), b"x" * MB),
        (b"Transfer-Encoding: chunked", b"100000\r\n" + b"x" * MB + b"\r\n"),
    ):
        with socket.create_connection((live.host, live.port), timeout=10) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(post(headers))
                for _ in range(100):
                    connection.sendall(part)
            answer = read_all(connection)
        # A system may throw the answer away when it says that nobody reads on; it must not say anything else.
        assert status_of(answer) in {413, 0}
    assert process.memory_info().rss - before < 30 * MB


def test_a_body_that_announces_100_mb_is_refused_at_once(live: Any) -> None:  # noqa: ANN401
    """The refusal does not wait for the body."""
    started = time.monotonic()
    answer = live.raw(post(b"Content-Length: %d" % (100 * MB)), wait=5)
    assert status_of(answer) == 413
    assert b"connection: close" in answer
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: -1",
        b"Content-Length: abc",
        b"Content-Length: 6\r\nContent-Length: 7",
        b"Content-Length: 6, 6",
        b"Content-Length: 99999999999999999999999999",
        b"Content-Length: 6\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 6",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding : chunked",
        b"X: a\0b",
        b"X: a\r\n folded",
        b"Host: y",
    ],
)
def test_lengths_and_headers_that_can_be_read_in_two_ways(live: Any, headers: bytes) -> None:  # noqa: ANN401
    """What a proxy could read otherwise than we do is refused, and the connection closed."""
    answer = live.raw(post(headers, b"ASK {}"), wait=5)
    assert status_of(answer) == 400
    assert answer.count(b"\r\n\r\n") == 1


def test_an_unknown_transfer_coding(live: Any) -> None:  # noqa: ANN401
    """Only chunked is understood."""
    assert status_of(live.raw(post(b"Transfer-Encoding: gzip, chunked", b"0\r\n\r\n"), wait=5)) == 501


def test_a_chunk_that_is_none(live: Any) -> None:  # noqa: ANN401
    """A body that breaks off its own coding is refused."""
    assert status_of(live.raw(post(b"Transfer-Encoding: chunked", b"zz\r\nASK\r\n"), wait=5)) == 400


def test_large_heads(live: Any) -> None:  # noqa: ANN401
    """64 kB of headers are 431, a request line of 1 MB is 414, and trailers are not kept."""
    one = b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 65_536 + b"\r\n\r\n"
    many = b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 11_000 + b"\r\n"
    unending = b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 500_000
    for head in (one, many, unending):
        assert status_of(live.raw(head, wait=5)) in {431, 0}
    assert status_of(live.raw(b"GET /?" + b"x" * MB + b" HTTP/1.1\r\nHost: x\r\n\r\n", wait=5)) in {414, 0}
    trailers = b"6\r\nASK {}\r\n0\r\n" + b"X: y\r\n" * 1000 + b"\r\n"
    assert status_of(live.raw(post(b"Connection: close\r\nTransfer-Encoding: chunked", trailers), wait=5)) == 200


def test_slow_heads_and_bodies_end(live: Any) -> None:  # noqa: ANN401
    """A hundred that send a byte a second are answered meanwhile by nothing but 408, in half a minute at most."""
    connections = [socket.create_connection((live.host, live.port), timeout=40) for _ in range(100)]
    try:
        for number, connection in enumerate(connections):
            slow_body = post(b"Content-Length: 1000", b"A")
            connection.sendall(slow_body if number % 2 else b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-")
        for _ in range(3):
            for connection in connections:
                connection.sendall(b"a")
            assert live.answers()
            time.sleep(1)
        head, body = read_all(connections[0]), read_all(connections[1])
        assert [status_of(head), status_of(body)] == [408, 408]
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%252e%252e%252fetc/passwd",
        "/..%c0%af..%c0%afetc/passwd",
        "/..\\..\\etc\\passwd",
        "/%5c..%5c..%5cetc%5cpasswd",
        "//etc/passwd",
        "/./././etc/passwd",
        "/doc/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/..%00/etc/passwd",
        "/graph/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/query/..%2f..%2fetc%2fpasswd",
        "/file:///etc/passwd",
        "http://elsewhere/etc/passwd",
    ],
)
def test_no_path_leads_out(live: Any, path: str) -> None:  # noqa: ANN401
    """No way of writing a path reads a file outside what is served."""
    answer = live.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode(), wait=5)
    assert status_of(answer) in {400, 404}
    assert b"root:" not in answer


@pytest.mark.parametrize(
    "accept",
    [
        ",".join(f"text/x{n}" for n in range(2500)),
        ",".join(f"a/b{n};q=0.{n % 10}" for n in range(1800)),
        "text/turtle" + ";a=b" * 7000,
        "text/turtle;" + '"' * 30_000,
        "*/*" + ";q=" * 9000,
        "(" * 30_000,
        ";" * 30_000,
        "," * 30_000,
        "\xff" * 100,
    ],
)
def test_hostile_accept_headers(live: Any, accept: str) -> None:  # noqa: ANN401
    """A header of 30 kB is read in a moment, whatever it says: nobody else waits for it."""
    head = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: "
    started = time.monotonic()
    answer = live.raw(head + accept.encode("latin-1") + b"\r\n\r\n", wait=5)
    assert status_of(answer) in {200, 400, 406}
    assert time.monotonic() - started < 1.5


def test_ten_thousand_entries_of_accept(live: Any) -> None:  # noqa: ANN401
    """More than 32 kB of it are not even read."""
    accept = ",".join(f"text/x{n}" for n in range(10_000)).encode()
    head = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: "
    assert status_of(live.raw(head + accept + b"\r\n\r\n", wait=5)) == 431


@pytest.mark.parametrize("abrupt", [True, False])
def test_who_leaves_frees_the_worker(live: Any, abrupt: bool) -> None:  # noqa: ANN401, FBT001
    """A client that goes away in the middle of a query, politely or not, leaves no worker at work."""
    query = SLOW.replace(" ", "%20").replace("?", "%3F").replace("{", "%7B").replace("}", "%7D")
    connection = socket.create_connection((live.host, live.port), timeout=10)
    connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    _until(lambda: live.health()["busy"] == 1)
    if abrupt:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    started = time.monotonic()
    _until(lambda: live.health()["busy"] == 0)
    assert time.monotonic() - started < 2.5


def _until(true: Any) -> None:  # noqa: ANN401 - a function without arguments
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_null_bytes_and_noise(live: Any) -> None:  # noqa: ANN401
    """What is no HTTP is refused, whatever it is."""
    noise = [
        b"\0" * 1000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 500,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"get / http/1.1\r\n\r\n",
    ]
    for data in noise:
        assert status_of(live.raw(data, wait=3)) in {400, 404, 405, 0}, data
    null = live.raw(b"GET /sparql?query=ASK%20%7B%7D%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", wait=5)
    assert status_of(null) == 400


def test_pipelined_requests_are_answered_in_order(live: Any) -> None:  # noqa: ANN401
    """Requests that come without waiting get their answers in order; a flood of them ends the connection."""
    one = "GET /sparql?query=SELECT%20({}%20AS%20%3Fn)%20%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n{}\r\n"
    requests = "".join(one.format(n, "Connection: close\r\n" if n == 19 else "") for n in range(20)).encode()
    answer = live.raw(requests, wait=10)
    bodies = [part.split(b"\r\n\r\n", 1)[1] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"n\r\n%d\r\n" % n for n in range(20)]
    flood = live.raw(one.format(1, "").encode() * 5000, wait=5)
    assert flood.count(b"HTTP/1.1 ") < 5000


def test_who_does_not_read_is_dropped(live: Any) -> None:  # noqa: ANN401
    """Large answers that nobody takes are not gathered without end, and nobody else waits for them."""
    query = b"SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%20"
    process = psutil.Process(live.process.pid)
    before = process.memory_info().rss
    connections = []
    for number in range(20):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((live.host, live.port))
        for again in range(10):
            line = b"GET /sparql?query=" + query + b"%d HTTP/1.1\r\nHost: x\r\n\r\n" % (9000 + number * 10 + again)
            connection.sendall(line)
        connections.append(connection)
    time.sleep(3)
    assert live.answers()
    assert process.memory_info().rss - before < 400 * MB
    for connection in connections:
        connection.close()


def test_an_upgrade_is_not_taken(live: Any) -> None:  # noqa: ANN401
    """Who asks for another protocol gets an answer in this one."""
    head = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    assert status_of(live.raw(head, wait=5)) == 200
