"""The application: each request to its handler, counted and logged.

What programs ask for most, SPARQL and graphs, is answered before any routing; the rest are Starlette's routes.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pilotgraph.serve import graph_store, links, openapi, pages
from pilotgraph.serve.answering import Asked, refuse
from pilotgraph.serve.graph_store import graph_store as read_graph
from pilotgraph.serve.jobs import Refused
from pilotgraph.serve.metrics import MEDIA_TYPE
from pilotgraph.serve.problems import COMMON, Reply, not_allowed, preflight
from pilotgraph.serve.sparql_protocol import sparql

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pilotgraph.serve.server import Server

_SPARQL: Final = frozenset({"/sparql", "/sparql/"})
_STATUS: Final = frozenset({"/health", "/metrics"})
_PRIVATE: Final = (b"cache-control", b"no-store")
_READ: Final = "GET, HEAD, OPTIONS"
# nginx's number for a visitor who left before the answer; it is logged and counted, and never sent.
_LEFT: Final = 499


class App:
    """The ASGI application of one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pages = _routed(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        started = perf_counter()
        server = self._server
        path: str = scope["path"]
        asked = Asked(scope, server.client_of(scope))
        route, status, size = "page", _LEFT, 0
        try:
            if path in _SPARQL:
                route, reply = "sparql", await sparql(server, asked, receive)
            elif path == graph_store.PATH or path.startswith(graph_store.DIRECT):
                route, reply = "graph", await read_graph(server, asked)
            elif path in _STATUS:
                route, reply = path[1:], self._status(asked, path)
            else:
                route = "query" if path.startswith("/query") else "page"
                status, size = await self._routed(scope, receive, send)
                return
            status, size = reply.status, len(reply.body)
            await reply.send(scope, send)
        except asyncio.CancelledError:
            # The visitor has gone, or the server stops; to one who has gone nothing is sent.
            detail = "the server is stopping; try again in a moment"
            stopped = Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Stopping", detail, retry_after=5)
            await refuse(asked, stopped).send(scope, send)
        finally:
            seconds = perf_counter() - started
            server.metrics.count(route, status, seconds)
            server.log.request(asked.method, path, status, size, seconds, asked.client, asked.query)

    async def _routed(self, scope: Scope, receive: Receive, send: Send) -> tuple[int, int]:
        """Let Starlette's routes answer; gives the status and the bytes of the body."""
        status, size = 500, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        await self._pages(scope, receive, counted)
        return status, size

    def _status(self, asked: Asked, path: str) -> Reply:
        """Tell how the server is; from the parent process alone, so also when all workers are taken."""
        if asked.method == "OPTIONS":
            return preflight(_READ)
        if asked.method not in {"GET", "HEAD"}:
            return refuse(asked, *not_allowed(_READ, "this address is only for reading"))
        if path == "/metrics":
            headers = ((b"content-type", MEDIA_TYPE.encode()), _PRIVATE, *COMMON)
            return Reply(HTTPStatus.OK, headers, self._server.metrics.text())
        found = health(self._server)
        status = HTTPStatus.OK if found["workers"] else HTTPStatus.SERVICE_UNAVAILABLE
        headers = ((b"content-type", b"application/json"), _PRIVATE, *COMMON)
        return Reply(status, headers, (json.dumps(found, ensure_ascii=False) + "\n").encode())


def create_app(server: Server) -> ASGIApp:
    """Make the application of a server that has been started."""
    return App(server)


def health(server: Server) -> dict[str, Any]:
    """The state of the server: the edition, the workers, the line before them, what protects them."""
    current = server.current
    stats = current.pool.stats()
    return {
        "status": "ok" if stats.workers else "no workers",
        "edition": current.edition.fingerprint,
        "version": current.edition.dataset.edition,
        "workers": stats.workers,
        "busy": stats.busy,
        "waiting": stats.waiting,
        "protections": list(stats.protections),
    }


def _routed(server: Server) -> ASGIApp:
    routes = [*links.routes(server), *openapi.routes(server), *pages.routes(server)]

    async def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            error = _as_refused(error)
        if not isinstance(error, Refused):
            raise error
        asked = Asked(request.scope, server.client_of(request.scope))
        extra = ((b"allow", _READ.encode()),) if error.status == HTTPStatus.METHOD_NOT_ALLOWED else ()
        reply = refuse(asked, error, extra)
        response = Response(reply.body, reply.status)
        response.raw_headers = list(reply.headers)
        return response

    return Starlette(routes=routes, exception_handlers={HTTPException: refused, Refused: refused})


def _as_refused(error: HTTPException) -> Refused:
    status = HTTPStatus(error.status_code)
    told = {
        HTTPStatus.NOT_FOUND: "there is nothing at this address",
        HTTPStatus.METHOD_NOT_ALLOWED: "this address is only for reading",
    }
    return Refused(status, status.phrase, told.get(status, error.detail))
