"""SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), the query operation; and a service description.

A request is read by the letter: exactly one query, by GET, in a form or as the body; the data set of the protocol
beside it. Parameters that the standard does not know are ignored, as it is usual for clients to send some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote_plus

from pilotgraph.serve import description, negotiation
from pilotgraph.serve.answering import Asked, answer, refuse
from pilotgraph.serve.jobs import Refused, SparqlJob
from pilotgraph.serve.limits import too_long
from pilotgraph.serve.problems import COMMON, Reply, not_allowed, preflight

if TYPE_CHECKING:
    from starlette.types import Receive

    from pilotgraph.serve.server import Server

ALLOWED: Final = "GET, HEAD, POST, OPTIONS"
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_UPDATES: Final = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
_MOST_PARAMETERS: Final = 200
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_READ_ONLY: Final = "this server is for reading; load data with `pilotgraph load`, and it serves the new edition"
_NOT_A_GRAPH_NAME: Final = "Not a graph name"
_NOT_EXACTLY_ONE_QUERY: Final = "Not exactly one query"
_NOT_UTF_8: Final = "Not UTF-8"
_TOO_MANY_PARAMETERS: Final = "Too many parameters"
_WRONG_CHARACTER_ENCODING: Final = "Wrong character encoding"
_BODY_TYPES: Final = f"send the query as {_FORM} or {_QUERY}"


@dataclass(slots=True)
class _Parameters:
    """What the protocol knows, as it was given."""

    queries: list[str]
    default: list[str]
    named: list[str]

    def add(self, encoded: bytes) -> None:
        """Read parameters from an address or a form. Raises Refused for what cannot be read, and for an update."""
        for name, value in _pairs(encoded):
            if name == "query":
                self.queries.append(value)
            elif name == "default-graph-uri":
                self.default.append(value)
            elif name == "named-graph-uri":
                self.named.append(value)
            elif name in _UPDATES:
                raise _no_update()


async def sparql(server: Server, asked: Asked, receive: Receive) -> Reply:
    """Answer a request at the address of the endpoint; every refusal is a reply too."""
    try:
        if asked.method == "GET" or asked.method == "HEAD":  # noqa: PLR1714 - the hot path
            if not asked.query_string:
                return _describe(server, asked)
            parameters = _Parameters([], [], [])
            parameters.add(asked.query_string)
        elif asked.method == "POST":
            parameters = await _posted(server, asked, receive)
        elif asked.method == "OPTIONS":
            return preflight(ALLOWED)
        else:
            refused, extra = not_allowed(ALLOWED, f"{asked.method} is not for queries; use GET or POST")
            return refuse(asked, refused, extra)
        job = _job(parameters, asked.accept, gzip=asked.gzip)
        if len(job.text) > server.limits.query_bytes or len(job.text.encode()) > server.limits.query_bytes:
            raise too_long(server.limits)
        asked.query = job.text
        return await answer(server, job, asked)
    except Refused as refused:
        return refuse(asked, refused)


async def _posted(server: Server, asked: Asked, receive: Receive) -> _Parameters:
    kind, charset = _content_type(asked.headers.get(b"content-type", b""))
    if kind == _UPDATE:
        raise _no_update()
    if kind not in {_FORM, _QUERY}:
        what = f"the body is {kind}" if kind else "the request does not say what its body is (Content-Type)"
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", f"{what}; {_BODY_TYPES}")
    if asked.headers.get(b"content-encoding", b"identity") not in {b"", b"identity"}:
        detail = "a packed body is not read here; send it as it is"
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported content coding", detail)
    if charset not in {"", "utf-8", "utf8"} and (kind == _QUERY or charset != "us-ascii"):
        detail = f"the body is said to be in {charset[:40]}; SPARQL is sent in UTF-8"
        raise _bad(_WRONG_CHARACTER_ENCODING, detail)
    parameters = _Parameters([], [], [])
    parameters.add(asked.query_string)
    most = server.limits.query_bytes if kind == _QUERY else server.settings.patience.body_bytes
    body = await asked.body(receive, most)
    if kind == _FORM:
        parameters.add(body)
    else:
        parameters.queries.append(_utf8(body))
    return parameters


def _job(parameters: _Parameters, accept: str | None, *, gzip: bool) -> SparqlJob:
    if len(parameters.queries) != 1:
        found = f"{len(parameters.queries)} queries" if parameters.queries else "no query"
        detail = f"the request has {found}; give exactly one, as the parameter query or as the body"
        raise _bad(_NOT_EXACTLY_ONE_QUERY, detail)
    result_type, graph_type = _types(accept)
    if not (result_type or graph_type):
        raise not_acceptable((*negotiation.RESULTS, *negotiation.GRAPHS))
    dataset: tuple[tuple[str, ...] | None, tuple[str, ...] | None] = (None, None)
    if parameters.default or parameters.named:
        for iri in (*parameters.default, *parameters.named):
            if not is_absolute(iri):
                raise _bad(_NOT_A_GRAPH_NAME, f"{iri[:200]!r} is no absolute IRI; name a graph by its whole IRI")
        dataset = tuple(parameters.default), tuple(parameters.named)
    return SparqlJob(parameters.queries[0], result_type, graph_type, *dataset, gzip=gzip)


def is_absolute(iri: str) -> bool:
    """Tell whether a text is an IRI by itself, as the name of a graph must be (RFC 3987, as SPARQL restricts it).

    >>> is_absolute("urn:x"), is_absolute("../x"), is_absolute("urn:a b")
    (True, False, False)
    """
    return _ABSOLUTE.fullmatch(iri) is not None


def not_acceptable(forms: tuple[negotiation.Form, ...]) -> Refused:
    """The refusal of a visitor who takes none of the forms that there are."""
    names = ", ".join(form.media_type for form in forms)
    detail = f"the header Accept leaves none of the forms that there are: {names}"
    return Refused(HTTPStatus.NOT_ACCEPTABLE, "Not acceptable", detail)


@lru_cache(1024)
def _remembered_types(accept: str | None) -> tuple[str, str]:
    result = negotiation.preferred(accept, negotiation.RESULTS)
    graph = negotiation.preferred(accept, negotiation.GRAPHS)
    return (result.media_type if result else ""), (graph.media_type if graph else "")


def _types(accept: str | None) -> tuple[str, str]:
    return _remembered_types(accept) if not accept or len(accept) <= 512 else _remembered_types.__wrapped__(accept)  # noqa: PLR2004


def _describe(server: Server, asked: Asked) -> Reply:
    """Describe the service, or show a person the page on which queries are written."""
    forms = (*negotiation.GRAPHS, *((negotiation.HTML,) if server.settings.pages else ()))
    form = negotiation.preferred(asked.accept, forms)
    if form is None:
        raise not_acceptable(forms)
    vary = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
    if form is negotiation.HTML:
        language = negotiation.language(asked.text_of(b"accept-language"))
        return Reply(HTTPStatus.SEE_OTHER, ((b"location", f"/{language}/sparql/index.html".encode()), vary, *COMMON))
    body = description.describe(server, server.origin_of(asked.scope, asked.host), form.media_type)
    headers = (
        (b"content-type", form.media_type.encode()),
        (b"cache-control", b"public, max-age=60, must-revalidate"),
        vary,
        *COMMON,
    )
    return Reply(HTTPStatus.OK, headers, body)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of a form (application/x-www-form-urlencoded), in UTF-8.

    Raises Refused for bytes that are no UTF-8, and for more parameters than any request needs.
    """
    try:
        text = encoded.decode("utf-8")
        if text.startswith("query=") and "&" not in text:
            return [("query", unquote_plus(text[6:], errors="strict"))]
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise _bad(_NOT_UTF_8, "the request has bytes that are no UTF-8; SPARQL is sent in UTF-8") from error
    except ValueError as error:
        raise _bad(_TOO_MANY_PARAMETERS, f"give at most {_MOST_PARAMETERS} parameters") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1} of the body is no UTF-8; SPARQL is sent in UTF-8"
        raise _bad(_NOT_UTF_8, detail) from error


def _content_type(header: bytes) -> tuple[str, str]:
    """The media type and the charset of a Content-Type header, in lower case."""
    kind, _, rest = header.decode("latin-1").partition(";")
    found = re.search(r"(?:^|;)\s*charset\s*=\s*\"?([^\s;\"]*)", rest, re.IGNORECASE)
    return kind.strip().lower(), found[1].lower() if found else ""


def _bad(title: str, detail: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, title, detail)


def _no_update() -> Refused:
    return Refused(HTTPStatus.FORBIDDEN, "Read-only", _READ_ONLY)
