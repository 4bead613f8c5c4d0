"""SPARQL 1.1 Protocol and Graph Store Protocol over HTTP: one connection, and one clear error for each failure.

SPARQLWrapper writes the protocol's requests; httpx sends them, since SPARQLWrapper would follow a redirect
with the password to any host. What is safe to repeat is repeated with exponential back-off when a connection
fails or the server is briefly overloaded: queries, and PUT and DELETE of a graph. A time-out is not repeated:
it would double the load.
"""

from __future__ import annotations

import math
import os
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
from SPARQLWrapper import GET, INSERT, POST, SELECT, SPARQLWrapper

from pilotgraph import __version__
from pilotgraph.errors import EndpointError
from pilotgraph.store.credentials import HOW, Credentials

if TYPE_CHECKING:
    import urllib.request
    from collections.abc import Iterable, Mapping

TIMEOUT = "PILOTGRAPH_ENDPOINT_TIMEOUT"
DEFAULT_TIMEOUT = 120.0
PAUSE = 0.5
_ATTEMPTS = 3
_CONNECT_TIMEOUT = 10.0
_MOST_REDIRECTS = 5
_LONGEST_URL = 2000
_LONGEST_QUOTE = 200
_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {429, 502, 503}
_OK = range(200, 300)
_PARTIAL_CONTENT = 206
_AGENT = f"pilotgraph/{__version__}"
_ADVICE = {
    400: "it could not read the request; see what it says",
    403: "ask its administrator for the right to do this",
    404: "there is no such address; check it, it often ends in /sparql or /query",
    405: "the address does not take this kind of request; check it",
    413: "the request is too large for it",
    414: "the request is too long for it",
    429: "it wants fewer requests; wait a while",
    500: "the server failed; see what it says, or its log",
    503: "the server is overloaded or being maintained; wait a while",
    504: "the server ran out of time; ask in smaller steps, or have its time limit raised",
}


@dataclass(frozen=True)
class Request:
    """An HTTP request. `content` can be iterated many times; `repeatable` says that sending it twice is harmless."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Iterable[bytes] = b""
    repeatable: bool = True


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, read to its end. `framed` says that the server announced where the end is."""

    status: int
    headers: httpx.Headers
    body: bytes
    framed: bool = True

    @property
    def ok(self) -> bool:
        """Whether the server did what was asked."""
        return self.status in _OK

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return str(self.headers.get("content-type", "")).split(";")[0].strip().lower()


class _Protocol(SPARQLWrapper):
    """SPARQLWrapper as a writer of requests. Its text would show the password, so it is given none."""

    def request(self, operation: str, text: str) -> urllib.request.Request:
        """Write the request of one operation; the text has been checked, so it is not looked at again."""
        self.queryString, self.queryType = text, operation
        return self._createRequest()


class Connection:
    """A connection to one endpoint. Make it with the URL of its SPARQL query service.

    `timeout` is the number of seconds for one answer, by default PILOTGRAPH_ENDPOINT_TIMEOUT or 120. Raises
    EndpointError if the URL or that number is none.
    """

    def __init__(self, url: str, timeout: float | None = None, pause: float = PAUSE) -> None:
        try:
            parsed = httpx.URL(url.strip())
        except (httpx.InvalidURL, UnicodeError):
            parsed = httpx.URL("")
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            shown = url if "@" not in url else "what was given"  # it may hold a password
            msg = f"{shown}: is no address of an endpoint; write it as https://host/path"
            raise EndpointError(msg)
        self.credentials = Credentials.find(parsed)
        self.url = _shown(parsed)
        self.server = ""
        timeout = _timeout() if timeout is None else timeout
        self._timeout, self._pause = timeout, pause
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_TIMEOUT)),
            auth=self.credentials.auth(),
            headers={"User-Agent": _AGENT},
        )

    def query(self, text: str, accept: str, graphs: Iterable[str] = ()) -> Answer:
        """Send a query; `graphs` are the default graph together, and the named graphs. Raises EndpointError."""
        protocol = _Protocol(self.url, agent=_AGENT)
        protocol.setOnlyConneg(True)
        protocol.addCustomHttpHeader("Accept", accept)
        for graph in graphs:
            protocol.addParameter("default-graph-uri", graph)
            protocol.addParameter("named-graph-uri", graph)
        protocol.setMethod(GET)
        request = protocol.request(SELECT, text)
        if len(request.full_url) > _LONGEST_URL or "?" in self.url:
            protocol.setMethod(POST)
            request = protocol.request(SELECT, text)
        return self._whole(self.send(_converted(request, repeatable=True)), "read")

    def update(self, url: str, text: str) -> None:
        """Send an update to `url`, once. Raises EndpointError."""
        protocol = _Protocol(url, agent=_AGENT)
        protocol.setMethod(POST)
        request = _converted(protocol.request(INSERT, text), repeatable=False)
        self._whole(self.send(request), "update")

    def check(self, answer: Answer, right: str) -> Answer:
        """Raise EndpointError for an answer that says that something went wrong; `right` is what was asked for."""
        if answer.ok:
            return answer
        said = self._quote(answer)
        if answer.status == httpx.codes.UNAUTHORIZED:
            fault = "refuses these credentials" if self.credentials else "wants authentication"
            msg = f"{fault} (401){said}; {HOW if not self.credentials else 'check them'}"
            raise self.error(msg)
        advice = _ADVICE.get(answer.status, "see what it says, or its log")
        msg = f"refuses to {right} (HTTP {answer.status}){said}; {advice}"
        raise self.error(msg)

    def error(self, fault: str) -> EndpointError:
        """Make the error for something that the endpoint does wrong."""
        return EndpointError(self.credentials.redact(f"{self.url}: {fault}"))

    def send(self, request: Request) -> Answer:
        """Send a request, again if that is safe and may help. Raises EndpointError if no answer comes."""
        attempt = 0
        while True:
            attempt += 1
            last = attempt == _ATTEMPTS
            try:
                answer = self._follow(request)
            except httpx.HTTPError as error:
                if last or not _may_repeat(request, error):
                    raise self.error(self._explain(error)) from error
            else:
                if last or not request.repeatable or answer.status not in _PASSING:
                    return answer
            time.sleep(self._pause * 2 ** (attempt - 1))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _follow(self, request: Request) -> Answer:
        for _ in range(_MOST_REDIRECTS):
            answer = self._once(request)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            request = self._redirected(request, answer)
        msg = f"redirects more than {_MOST_REDIRECTS} times; check the address"
        raise self.error(msg)

    def _redirected(self, request: Request, answer: Answer) -> Request:
        """Go where the endpoint points, if that is the same host, and no step back from https."""
        here = httpx.URL(request.url)
        there = here.join(answer.headers["location"])
        same = (there.scheme, there.host, there.port) == (here.scheme, here.host, here.port)
        upgrade = (here.scheme, there.scheme, there.host) == ("http", "https", here.host)
        if not same and not upgrade:
            msg = f"redirects to {_shown(there)}, another place; give that address if you trust it"
            raise self.error(msg)
        see_other = answer.status == httpx.codes.SEE_OTHER
        method, content = ("GET", b"") if see_other else (request.method, request.content)
        return Request(method, str(there), request.headers, content, request.repeatable)

    def _once(self, request: Request) -> Answer:
        deadline = time.monotonic() + self._timeout
        content = request.content or None
        with self._client.stream(request.method, request.url, headers=request.headers, content=content) as response:
            parts = []
            for part in response.iter_bytes():
                parts.append(part)
                if time.monotonic() > deadline:
                    # A server that trickles never lets the socket's own timer run out.
                    message = "trickles"
                    raise httpx.ReadTimeout(message, request=response.request)
            self.server = response.headers.get("server", "")
            framed = "content-length" in response.headers or "transfer-encoding" in response.headers
            return Answer(response.status_code, response.headers, b"".join(parts), framed)

    def _whole(self, answer: Answer, right: str) -> Answer:
        """Refuse an answer that says of itself that it is partial (Virtuoso: when its time is over)."""
        self.check(answer, right)
        state, message = answer.headers.get("x-sql-state", ""), answer.headers.get("x-sql-message", "")
        if state or answer.status == _PARTIAL_CONTENT:
            said = f"{state} {' '.join(message.split())[:_LONGEST_QUOTE]}".strip() or "HTTP 206"
            fault = f"the answer is only a part ({said}); ask in smaller steps, or have the server's time limit raised"
            raise self.error(fault)
        return answer

    def _explain(self, error: httpx.HTTPError) -> str:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return "cannot be reached; check the address, the network, and that the server runs"
        if isinstance(error, httpx.TimeoutException):
            limit = f"{self._timeout:g} seconds"
            return f"gave no whole answer within {limit}; ask in smaller steps, or raise {TIMEOUT}"
        if "location header" in str(error):
            return "redirects to something that is no address; check the address"
        return "broke off the connection in the middle; nothing of its answer was used; try again, or see its log"

    def _quote(self, answer: Answer) -> str:
        """The first words that the server says, without markup, control characters or our secrets."""
        text = answer.body[:4000].decode("utf-8", "replace")
        if "html" in answer.media_type:
            text = re.sub(r"(?s)<(style|script|head)\b.*?</\1>|<[^>]*>", " ", text)
        text = self.credentials.redact(" ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).split()))
        return f": {text[:_LONGEST_QUOTE]}" if text else ""


def _timeout() -> float:
    told = os.environ.get(TIMEOUT, "")
    try:
        seconds = float(told) if told else DEFAULT_TIMEOUT
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        msg = f"{TIMEOUT}={told}: is no number of seconds; write one such as 300"
        raise EndpointError(msg)
    return seconds


def _converted(request: urllib.request.Request, *, repeatable: bool) -> Request:
    content = request.data if isinstance(request.data, bytes) else b""
    return Request(request.get_method(), request.full_url, dict(request.header_items()), content, repeatable)


def _may_repeat(request: Request, error: httpx.HTTPError) -> bool:
    if isinstance(error, httpx.ConnectError):
        return True
    return request.repeatable and isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError)


def _shown(url: httpx.URL) -> str:
    return str(url.copy_with(userinfo=b"", fragment=None))
