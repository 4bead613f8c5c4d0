"""From a request to a reply: what was asked, the cache, the entity tag, and the answer of a worker."""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pilotgraph.serve import negotiation
from pilotgraph.serve.cache import is_lasting
from pilotgraph.serve.jobs import Refused
from pilotgraph.serve.problems import COMMON, Headers, Reply, refusal

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from pilotgraph.serve.jobs import GraphJob, SparqlJob
    from pilotgraph.serve.server import Server

_CACHED: Final = (b"cache-control", b"public, max-age=60, must-revalidate")
_PASSING: Final = (b"cache-control", b"no-store")
_VARY: Final = (b"vary", b"Accept, Accept-Encoding")
_GZIP: Final = (b"content-encoding", b"gzip")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_TYPES: dict[str, tuple[bytes, bytes]] = {}


class Asked:
    """A request: what its headers say, read once."""

    __slots__ = ("accept", "client", "gzip", "headers", "method", "query", "query_string", "scope")

    def __init__(self, scope: Scope, client: str) -> None:
        self.scope = scope
        self.client = client
        self.method: str = scope["method"]
        self.query_string: bytes = scope["query_string"]
        raw: list[tuple[bytes, bytes]] = scope["headers"]
        headers = dict(raw)
        if len(headers) != len(raw):
            headers = _joined(raw)
        self.headers = headers
        accept = headers.get(b"accept")
        self.accept = accept.decode("latin-1") if accept is not None else None
        self.gzip = _takes_gzip(headers.get(b"accept-encoding", b""))
        self.query = ""

    def text_of(self, name: bytes) -> str | None:
        """A header as text, None if it is not there."""
        value = self.headers.get(name)
        return value.decode("latin-1") if value is not None else None

    @property
    def host(self) -> str:
        """The name by which the visitor calls us, if it is one."""
        told = self.text_of(b"host") or ""
        return told if _HOST.fullmatch(told) else "localhost"

    async def body(self, receive: Receive, most: int) -> bytes:
        """Read the body. Raises Refused before reading it if it says that it is too large, or as soon as it is."""
        announced = self.headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > most:
            raise _too_large(most)
        found = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(HTTPStatus.BAD_REQUEST, "Incomplete request", "the body ended too early")
            found += message.get("body", b"")
            if len(found) > most:
                raise _too_large(most)
            if not message.get("more_body", False):
                return bytes(found)


async def answer(server: Server, job: SparqlJob | GraphJob, asked: Asked) -> Reply:
    """Answer a job: from the cache, with 304 if the visitor has that very answer, or from a worker.

    A 304 is given only for an answer that has been given in this edition: what cannot be answered never gets one.
    Raises Refused.
    """
    current = server.current
    cache = current.cache
    condition = asked.headers.get(b"if-none-match")
    if (known := cache.find(job)) is not None:
        server.metrics.cache_hits.inc()
        return known if condition is None else _unless_same(known, condition, cache.tag(job))
    lasting = not asked.query or is_lasting(asked.query)
    tag = cache.tag(job) if lasting else ""
    if condition is not None and lasting and cache.was_given(tag) and _is_same(condition, tag):
        server.metrics.cache_hits.inc()
        return _not_modified(tag)
    if server.crowd.unread_bytes > server.limits.in_flight_bytes:
        detail = "too many answers are being read slowly; try again in a moment"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Overloaded", detail, retry_after=5)
    found = await current.pool.run(job, asked.client)
    headers = [_content_type(found.media_type)]
    if lasting:
        headers += [(b"etag", tag.encode()), _CACHED]
    else:
        headers.append(_PASSING)
    if found.gzip:
        headers.append(_GZIP)
    reply = Reply(HTTPStatus.OK, (*headers, _VARY, *COMMON), found.body)
    if lasting:
        cache.give(tag)
        cache.keep(job, reply, len(asked.query))
    return _unless_same(reply, condition, tag) if condition is not None and lasting else reply


def refuse(asked: Asked, refused: Refused, extra: Headers = ()) -> Reply:
    """Tell a visitor why there is no answer."""
    return refusal(refused, asked.accept, asked.text_of(b"accept-language"), extra)


def _unless_same(reply: Reply, condition: bytes, tag: str) -> Reply:
    return _not_modified(tag) if _is_same(condition, tag) else reply


def _is_same(condition: bytes, tag: str) -> bool:
    return negotiation.is_same(condition.decode("latin-1"), tag)


def _not_modified(tag: str) -> Reply:
    return Reply(HTTPStatus.NOT_MODIFIED, ((b"etag", tag.encode()), _CACHED, _VARY, *COMMON))


def _content_type(media_type: str) -> tuple[bytes, bytes]:
    """The header, made once for each of the few media types that there are."""
    if (found := _TYPES.get(media_type)) is None:
        found = _TYPES[media_type] = (b"content-type", media_type.encode())
    return found


@lru_cache(256)
def _remembered_gzip(header: bytes) -> bool:
    return negotiation.takes_gzip(header.decode("latin-1"))


def _takes_gzip(header: bytes) -> bool:
    if not header:
        return False
    return _remembered_gzip(header) if len(header) <= 256 else _remembered_gzip.__wrapped__(header)  # noqa: PLR2004


def _joined(raw: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers of which some come more than once: together they are one list (RFC 9110, section 5.3)."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in raw:
        found.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in found.items()}


def _too_large(most: int) -> Refused:
    detail = f"the body of the request is larger than the {most} bytes that are read here"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request too large", detail)
