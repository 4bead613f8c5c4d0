"""Replies, whole and ready to be sent; and what a refusal says: problem details (RFC 9457), a page, or plain text."""

from __future__ import annotations

import json
import re
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from pilotgraph.serve import negotiation
from pilotgraph.serve.http import REPLY
from pilotgraph.serve.jobs import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Scope, Send

Headers = tuple[tuple[bytes, bytes], ...]
# Any page may read what is public; nothing here depends on who asks.
CORS: Final[Headers] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, Link, Content-Location"),
)
SAFE: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
)
COMMON: Final[Headers] = CORS + SAFE
# The place of the explanation in docs/serving.md, under an address that stays.
_TYPE: Final = "https://w3id.org/pilotgraph/problem/"
_DUTCH: Final = {
    HTTPStatus.BAD_REQUEST: "Deze vraag is niet te lezen",
    HTTPStatus.FORBIDDEN: "Dit mag hier niet",
    HTTPStatus.NOT_FOUND: "Dit is hier niet",
    HTTPStatus.METHOD_NOT_ALLOWED: "Deze methode werkt hier niet",
    HTTPStatus.NOT_ACCEPTABLE: "Geen van deze vormen is er",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Te groot",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Dit soort inhoud wordt hier niet gelezen",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Het antwoord is te groot",
    HTTPStatus.TOO_MANY_REQUESTS: "Te veel vragen tegelijk",
    HTTPStatus.SERVICE_UNAVAILABLE: "Dit kan nu niet worden beantwoord",
}


class Reply:
    """A whole response: status, headers with the length, and body."""

    __slots__ = ("_head", "body", "headers", "status")

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes = b"") -> None:
        self.status = status
        length = () if status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED} else _length(body)
        self.headers = (*headers, *length)
        self.body = body
        self._head = b""

    @property
    def head(self) -> bytes:
        """The status line and the headers, but for those of the connection."""
        if not self._head:
            lines = (b"%b: %b\r\n" % header for header in self.headers)
            self._head = b"".join((STATUS_LINE[self.status], *lines))
        return self._head

    async def send(self, scope: Scope, send: Send) -> None:
        """Send it: in one piece where the connection can, by ASGI's messages elsewhere."""
        if cycle := scope.get("extensions", {}).get(REPLY):
            cycle.reply(self.head, self.body)
            return
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


def refusal(refused: Refused, accept: str | None, languages: str | None = None, extra: Headers = ()) -> Reply:
    """Say why there is no answer, in the form that the visitor prefers."""
    form = negotiation.preferred(accept, negotiation.ERRORS) or negotiation.PROBLEM
    language = negotiation.language(languages) if languages else "en"
    headers = (
        (b"content-type", form.media_type.encode() + (b"" if form is negotiation.PROBLEM else b"; charset=utf-8")),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Accept-Language"),
        *COMMON,
        *(((b"retry-after", str(refused.retry_after).encode()),) if refused.retry_after is not None else ()),
        *extra,
    )
    if form is negotiation.HTML:
        body = _page(refused, language)
    elif form is negotiation.TEXT:
        body = f"{refused.status.value} {refused.title}\n\n{refused.detail}\n"
    else:
        body = _details(refused)
    return Reply(refused.status, headers, body.encode("utf-8", "replace"))


def not_allowed(allowed: str, detail: str) -> tuple[Refused, Headers]:
    """The refusal of a method, with the header that tells which are right."""
    refused = Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed", detail)
    return refused, ((b"allow", allowed.encode()),)


def preflight(allowed: str) -> Reply:
    """Tell which methods an address takes, and let pages of other hosts use them (Fetch, section 3.2)."""
    return Reply(
        HTTPStatus.NO_CONTENT,
        (
            (b"allow", allowed.encode()),
            (b"access-control-allow-methods", allowed.encode()),
            (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match"),
            (b"access-control-max-age", b"86400"),
            *COMMON,
        ),
    )


def _length(body: bytes) -> Headers:
    return ((b"content-length", b"%d" % len(body)),)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _details(refused: Refused) -> str:
    found = {
        "type": _TYPE + _slug(refused.title),
        "title": refused.title,
        "status": refused.status.value,
        "detail": refused.detail,
    }
    return json.dumps(found, ensure_ascii=False) + "\n"


def _page(refused: Refused, language: str) -> str:
    dutch = _DUTCH.get(refused.status, "Er is geen antwoord")
    title, other = (dutch, refused.title) if language == "nl" else (refused.title, dutch)
    second = "en" if language == "nl" else "nl"
    return f"""<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<style>:root{{color-scheme:light dark}}
body{{font:1.1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;font:.95rem/1.5 monospace}}</style></head>
<body><main><h1>{escape(title)}</h1><p lang="{second}">{escape(other)}</p>
<pre lang="en">{escape(refused.detail)}</pre><p>HTTP {refused.status.value}</p></main></body>
</html>
"""
