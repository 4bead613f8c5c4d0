"""The connection: HTTP/1.1 (RFC 9112) with a limit on everything a visitor can send, hold open or leave unread.

uvicorn's protocol on httptools parses (it refuses double and malformed lengths itself). What it leaves open is
closed here: how large and how slow the head and the body may be, how slowly an answer may be read, how many
connections there are and what happens to the work of a visitor who has gone. There is no timer for each request:
the server calls :meth:`Protocol.check` on every connection once a second.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn._types import ASGI3Application

REPLY = "pilotgraph.reply"
_NEVER = math.inf
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How much and how long the server listens to one connection."""

    # The request line; a longer query goes by POST.
    target_bytes: int = 65_536
    head_bytes: int = 32_768
    # A form writes three bytes for one of a query, and graph names come on top.
    body_bytes: int = 262_144
    # From the first byte of a request to the end of its headers, and from there to the end of its body.
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    idle_seconds: float = 15.0
    # An answer must be read in the first plus its size at the second.
    write_seconds: float = 20.0
    write_rate: int = 65_536
    # What a visitor still sends after a refusal is thrown away for so long, so that the refusal reaches it.
    linger_seconds: float = 2.0
    connections: int = 1000
    pipelined: int = 64


class Crowd:
    """All connections together: how many wait for a request (the oldest first), and what lies unread."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.quiet: dict[Protocol, None] = {}
        self.unread_bytes = 0
        self.refused: dict[str, int] = {}

    def count(self, reason: str) -> None:
        """Count a connection that was refused or dropped."""
        self.refused[reason] = self.refused.get(reason, 0) + 1


class Cycle(RequestResponseCycle):
    """One request and its response, with a way to send the response whole."""

    def reply(self, head: bytes, body: bytes) -> None:
        """Send status line, headers and body at once; the length in `head` is that of `body`.

        Where the request has not come in whole, the connection ends with the response.
        """
        if self.disconnected or self.response_started:
            return
        self.response_started = self.response_complete = True
        self.keep_alive = self.keep_alive and not self.more_body
        self.waiting_for_100_continue = False
        date = b"".join((b"date: ", self.default_headers[0][1], b"\r\n")) if self.default_headers else b""
        ending = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        if self.scope["method"] == "HEAD":
            body = b""
        self.transport.write(b"".join((head, date, ending, body)))
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


class Protocol(HttpToolsProtocol):
    """One connection."""

    crowd: ClassVar[Crowd]
    transport: asyncio.Transport

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._patience = self.crowd.patience
        self._deadline = _NEVER
        self._head = 0
        self._in_head = False
        self._in_body = False
        self._over = False
        self._unread = 0
        self._write_by = _NEVER
        self._running: tuple[Cycle, asyncio.Task[None]] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, in place of one that only waits if there are too many."""
        super().connection_made(transport)
        self._wire: Any = _Wire(transport, self.finish)
        if len(self.connections) > self._patience.connections:
            quietest = next(iter(self.crowd.quiet), None)
            self.crowd.count("connections")
            if quietest is None:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections; try again in a moment.")
                return
            quietest.drop()
        self._wait(self._patience.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Free whatever works for a visitor who has gone."""
        super().connection_lost(exc)
        self._over = True
        self.crowd.quiet.pop(self, None)
        self._forget_unread()
        self.pipeline.clear()
        if self._running is not None:
            cycle, task = self._running
            cycle.disconnected = True
            task.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse what has come; after the last response of a connection, throw it away."""
        if self._over:
            return
        if self._in_head:
            self._head += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No other protocol is spoken here: the request is answered as it stands, and nothing after it.
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            if not self._over:
                self.crowd.count("malformed")
                self._refuse(HTTPStatus.BAD_REQUEST, "This is no valid HTTP/1.1 request.")
        if self._in_head and not self._over:
            self._check_head(self._head - len(self.url))

    def on_message_begin(self) -> None:
        """Start the clock of the head."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._wait(self._patience.head_seconds)

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self.url += url
        if len(self.url) > self._patience.target_bytes:
            self._check_head(0)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; the trailers of a body are ignored."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start to answer the request, or put it in line behind the one before it."""
        if self._over:
            return
        self._in_head, self._in_body = False, True
        self.crowd.quiet.pop(self, None)
        self._deadline = self.loop.time() + self._patience.body_seconds
        if not self._check_head(sum(len(name) + len(value) + 4 for name, value in self.headers)):
            return
        if refusal := self._fault():
            self._refuse(*refusal)
            return
        self._next_cycle()

    def _fault(self) -> tuple[HTTPStatus, str] | None:
        """What makes the meaning of a request doubtful; a proxy before us could read it otherwise."""
        hosts = 0
        for name, value in self.headers:
            if name == b"host":
                hosts += 1
            elif name == b"transfer-encoding" and value.strip().lower() != b"chunked":
                return HTTPStatus.NOT_IMPLEMENTED, "Only the transfer coding chunked is understood here."
        if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):
            return HTTPStatus.BAD_REQUEST, "A request has exactly one Host header."
        return None

    def _next_cycle(self) -> None:
        version = self.parser.get_http_version()
        scope: Any = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = version
        parsed = httptools.parse_url(self.url)
        raw_path = parsed.path or b"/"
        path = raw_path.decode("ascii")
        scope["raw_path"] = raw_path
        scope["path"] = unquote(path) if "%" in path else path
        scope["query_string"] = parsed.query or b""
        before = self.cycle
        cycle = Cycle(
            scope=scope,
            transport=self._wire,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        self.cycle = cycle
        scope["extensions"] = {REPLY: cycle}
        if (before is None or before.response_complete) and not (self.pipeline or self.flow.write_paused):
            self._start_asgi_task(cycle, self.app)
            return
        self.pipeline.appendleft((cycle, self.app))
        if len(self.pipeline) > self._patience.pipelined:
            self.crowd.count("pipelined")
            self.drop()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        task = self.loop.create_task(cycle.run_asgi(app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        self._running = (cycle, task)  # type: ignore[assignment]

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body for the handler, unless the response is out already."""
        if not self._over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: from here on the limits of the answer hold."""
        self._in_body = False
        self._head = 0
        self._deadline = _NEVER
        if not self._over:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, if there is one and the last answer is being read."""
        self.server_state.total_requests += 1
        self._running = None
        if self._over or self.transport.is_closing():
            return
        if not self.flow.write_paused:
            self.flow.resume_reading()
        if self._in_body and self.cycle.response_complete:
            self.finish()
        elif self.pipeline:
            self._next_in_line()
        elif not self._in_head:
            self._wait(self._patience.idle_seconds)

    def _next_in_line(self) -> None:
        if self.pipeline and self._running is None and not self.flow.write_paused:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        """Count what a visitor leaves unread, and take nothing more from it meanwhile."""
        super().pause_writing()
        self._forget_unread()
        self._unread = self.transport.get_write_buffer_size()
        self.crowd.unread_bytes += self._unread
        patience = self._patience
        self._write_by = self.loop.time() + patience.write_seconds + self._unread / patience.write_rate

    def resume_writing(self) -> None:
        """The visitor has read on."""
        super().resume_writing()
        self._forget_unread()
        self._next_in_line()

    def _forget_unread(self) -> None:
        self.crowd.unread_bytes -= self._unread
        self._unread, self._write_by = 0, _NEVER

    def check(self, now: float) -> None:
        """End what has taken too long; called once a second."""
        if now > self._write_by:
            self.crowd.count("slow reader")
            self.drop()
        elif now > self._deadline:
            if self._over or not (self._in_head or self._in_body):
                self.transport.close()
                return
            self.crowd.count("slow request")
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")

    def finish(self) -> None:
        """Close after a response; what the visitor is still sending must not destroy it on the way (RFC 9112, 9.6)."""
        self._over = True
        self.crowd.quiet.pop(self, None)
        if not self._in_body or self.transport.is_closing():
            self.transport.close()
            return
        self.flow.resume_reading()
        self.transport.write_eof()
        self._deadline = self.loop.time() + self._patience.linger_seconds

    def drop(self) -> None:
        """End the connection at once."""
        self._over = True
        self.transport.abort()

    def _wait(self, seconds: float) -> None:
        """Wait for a request, or the rest of one."""
        self._deadline = self.loop.time() + seconds
        self.crowd.quiet.pop(self, None)
        self.crowd.quiet[self] = None

    def _check_head(self, header_bytes: int) -> bool:
        if self._over:
            return False
        if len(self.url) > self._patience.target_bytes:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, "The address is too long; send a long query by POST.")
        elif header_bytes > self._patience.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.")
        return not self._over

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        """Answer what never became a request, and close."""
        self._over = True
        if self._running is not None:
            cycle, task = self._running
            if cycle is not self.cycle or not self._in_body:
                # The request before this one is still being answered.
                cycle.keep_alive = False
                self._in_body, self._deadline = False, _NEVER
                self.pipeline.clear()
                return
            cycle.disconnected = True
            task.cancel()
        self.transport.write(_plain(status, why))
        self._in_body = True
        self.finish()


class _Wire:
    """The transport as a response sees it."""

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = close


def _plain(status: HTTPStatus, why: str) -> bytes:
    body = f'{{"title":"{status.phrase}","status":{status.value},"detail":"{why}"}}\n'.encode()
    retry = b"retry-after: 2\r\n" if status == HTTPStatus.SERVICE_UNAVAILABLE else b""
    return b"".join(
        (
            STATUS_LINE[status],
            b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n" % len(body),
            retry,
            b"access-control-allow-origin: *\r\nx-content-type-options: nosniff\r\n\r\n",
            body,
        )
    )
