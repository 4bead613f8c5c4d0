"""Linked data and pages: what the site's rules for web servers do, by the server itself.

``/id/…`` answers 303 (See Other) to ``/doc/…``, for a thing is no document ("Cool URIs for the Semantic Web", W3C,
2008; the Dutch URI strategy). ``/doc/…`` gives the RDF that the visitor prefers, or leads to the page in the visitor's
language, which is a document of its own. Every other address is a file of the site or is not there.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from pilotgraph.pages.site.addresses import PAGED, relative, stem_of
from pilotgraph.publish.dumps import graph_path
from pilotgraph.publish.rules_for_servers import OPEN, POLICY, WASM_PAGES
from pilotgraph.serve import problems
from pilotgraph.serve.files import is_packable, media_type, tag_of
from pilotgraph.serve.frame import Frame, language_of
from pilotgraph.serve.jobs import GraphJob, Refused, SparqlJob
from pilotgraph.serve.negotiation import (
    ERRORS,
    HTML,
    LANGUAGES,
    LINKED_DATA,
    RDF,
    TURTLE,
    Form,
    is_same,
    language,
    linked_data,
    preferred,
    takes_gzip,
)
from pilotgraph.serve.words import SERVED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from pilotgraph.serve.edition import Edition
    from pilotgraph.serve.files import SiteFiles
    from pilotgraph.serve.server import Current, Server

    Handler = Callable[[Request, Current], Awaitable[Response]]

SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY.format("'self'"),
}
ANYONE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Link, Content-Location",
}
_NEGOTIATED: Final = "Accept, Accept-Language"
_WASM: Final = re.compile(rf"(?:nl|en)/(?:{'|'.join(WASM_PAGES)})/")
_OPEN: Final = re.compile(OPEN)
METHODS: Final = ["GET", "HEAD", "OPTIONS"]
_WAIT: Final = 10
_WORTH_PACKING: Final = 1024
_SAFE_IRI: Final = re.compile(r"[^\x00-\x20<>\"{}|\\^`\x7f-\x9f]+")
# Segments of a path (RFC 3986, section 3.3), none of which leads upwards or holds a slash or a control character.
_SEGMENT: Final = (
    r"(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%(?!2[fF]|5[cC]|[01][0-9A-Fa-f]|7[fF])[0-9A-Fa-f]{2})+"
)
_THING: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_ROOT_FORMS: Final = {"ttl": "void.ttl", "nt": "void.ttl", "jsonld": "dcat.jsonld"}


def routes(server: Server) -> list[Route]:
    """The addresses of things, of the ontology and of every file; the last one takes all that is left."""

    def route(path: str, handler: Handler) -> Route:
        return Route(path, at_edition(server, handler), methods=METHODS)

    return [
        route("/", root),
        route("/id/{tail:path}", identifier),
        route("/doc/{tail:path}", document),
        route("/def", ontology),
        route("/def/{version:path}", ontology),
        route("/{path:path}", file),
    ]


def at_edition(server: Server, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let a handler work on one edition from beginning to end, and turn its refusals into answers."""

    async def endpoint(request: Request) -> Response:
        current = server.current
        request.state.client = server.client_of(request.scope)
        if request.method == "OPTIONS":
            return as_response(problems.preflight(", ".join(METHODS)))
        try:
            return await handler(request, current)
        except Refused as refused:
            return await refusal(request, current.edition, refused)

    return endpoint


def as_response(reply: problems.Reply) -> Response:
    """A reply of the hot path as a response of the framework."""
    response = Response(reply.body, reply.status)
    response.raw_headers = [(name.lower(), value) for name, value in reply.headers]
    return response


async def root(request: Request, current: Current) -> Response:
    """The base itself: the home page, or the description of the data set."""
    _pages(current.edition)
    form = _wanted(request, LINKED_DATA)
    target = _ROOT_FORMS.get(form.suffix) or f"{spoken_language(request)}/index.html"
    return see_other(request, target)


async def identifier(request: Request, current: Current) -> Response:
    """A thing: it is described elsewhere."""
    edition = current.edition
    files = _pages(edition)
    sent = raw_path(request).removeprefix("id/")
    kind, _, rest = sent.partition("/")
    if not _THING.fullmatch(sent) or not rest:
        raise nothing(request)
    query = f"queries/{rest}.ttl" if kind == "query" else ""
    known = files.has(query) or any(files.has(f"doc/{stem}.ttl") for stem in _stems(request, edition, sent))
    if not known and (kind in PAGED or kind not in edition.unpaged):
        raise nothing(request)
    return see_other(request, f"doc/{sent}")


async def document(request: Request, current: Current) -> Response:
    """What is told about a thing: a file in the form that its address names, or that the visitor prefers."""
    edition = current.edition
    files = _pages(edition)
    path = request.path_params["tail"]
    if files.has(f"doc/{path}"):
        return await send(request, files, f"doc/{path}", links=_alternates(request, files, f"doc/{path}", edition))
    if path.startswith("query/") and files.has(f"queries/{path[6:]}.ttl"):
        return await _described(request, edition, files, f"queries/{path[6:]}", path)
    sent = raw_path(request).removeprefix("doc/")
    for stem in (path, *_stems(request, edition, sent)):
        if files.has(f"doc/{stem}.ttl"):
            return await _described(request, edition, files, f"doc/{stem}", stem)
    return await _unpaged(request, current, files)


def _stems(request: Request, edition: Edition, sent: str) -> list[str]:
    """What the file of a thing may be called: by its address as it was sent, and as it was meant."""
    found = (stem_of(f"{edition.base}id/{one}", edition.base) for one in (sent, request.path_params["tail"]))
    return [stem for stem in dict.fromkeys(found) if stem]


async def _described(request: Request, edition: Edition, files: SiteFiles, rdf: str, page: str) -> Response:
    spoken = spoken_language(request)
    has_page = files.has(f"{spoken}/{page}.html")
    form = _wanted(request, LINKED_DATA if has_page else RDF)
    if form is HTML and has_page:
        return see_other(request, f"{spoken}/{page}.html")
    path = f"{rdf}.{form.suffix}"
    return await send(request, files, path, chosen=True, links=_alternates(request, files, path, edition))


def _alternates(request: Request, files: SiteFiles, path: str, edition: Edition) -> str:
    """The header Link (RFC 8288) of a file with RDF: its other forms, its licence and the data set's description."""
    stem, here = path.rpartition(".")[0], raw_path(request)
    page = stem.removeprefix("doc/").replace("queries/", "query/", 1)
    others = [(f"{stem}.{form.suffix}", form.media_type, "") for form in RDF]
    others += [(f"{code}/{page}.html", "text/html", f'; hreflang="{code}"') for code in ("nl", "en")]
    links = [
        f'<{relative(target, here)}>; rel="alternate"; type="{type_}"{more}'
        for target, type_, more in others
        if target != path and files.has(target)
    ]
    links.append(f'<{relative("void.ttl", here)}>; rel="describedby"; type="text/turtle"')
    licence = edition.dataset.licence
    if _SAFE_IRI.fullmatch(licence) and licence.isascii():
        links.append(f'<{licence}>; rel="license"')
    return ", ".join(links)


async def _unpaged(request: Request, current: Current, files: SiteFiles) -> Response:
    """A thing without a page leads to the file in which it stands, if there is such a thing."""
    edition = current.edition
    kind = request.path_params["tail"].partition("/")[0]
    target = edition.unpaged.get(kind)
    if not target or kind in PAGED or not files.has(target):
        raise nothing(request)
    for tail in dict.fromkeys((raw_path(request).removeprefix("doc/"), request.path_params["tail"])):
        iri = f"{edition.base}id/{tail}"
        if _SAFE_IRI.fullmatch(iri):
            asked = SparqlJob(f"ASK {{ <{iri}> ?p ?o }}", "application/sparql-results+json", "")
            answer = await current.pool.run(asked, request.state.client)
            if b"true" in answer.body:
                return see_other(request, target)
    raise nothing(request)


async def ontology(request: Request, current: Current) -> Response:
    """The ontology, whose terms are hash IRIs, at its own address and at that of its version."""
    edition = current.edition
    files = _pages(edition)
    version = request.path_params.get("version", "").rstrip("/")
    path = f"def/{version}" if version else "def/"
    if version and version not in edition.versions:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            "Not found",
            f"the ontology has no version {version!r} here; it has {', '.join(sorted(edition.versions)) or 'none'}",
        )
    form = _wanted(request, LINKED_DATA)
    if form is HTML:
        return see_other(request, f"{spoken_language(request)}/def/index.html")
    graph = edition.dataset.graph("ontology")
    file_of = graph_path(graph, edition.base) or ""
    if form is TURTLE and files.has(file_of):
        return await send(request, files, file_of, chosen=True)
    answer = await current.pool.run(GraphJob(graph, form.media_type), request.state.client)
    return await body_response(request, answer.body, answer.media_type, chosen=True, at=path)


async def file(request: Request, current: Current) -> Response:
    """A file of the site; a folder stands for its index."""
    edition = current.edition
    path = request.path_params["path"]
    if here := next((files for files in (edition.files, edition.style) if files is not None and files.has(path)), None):
        return await send(request, here, path)
    files = _pages(edition)
    if path.endswith("/") and files.has(f"{path}index.html"):
        return await send(request, files, f"{path}index.html")
    if files.has(f"{path}/index.html"):
        name = quote(path.rsplit("/", 1)[-1])
        return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers=SAFE | {"Location": f"{name}/"})
    raise nothing(request)


async def send(request: Request, files: SiteFiles, path: str, *, chosen: bool = False, links: str = "") -> Response:
    """Send a file that there is; `chosen` says that it was chosen for this visitor and has an address of its own."""
    sent = await files.get(path, packed=takes_gzip(request.headers.get("accept-encoding")))
    vary = [_NEGOTIATED] if chosen else []
    vary += ["Accept-Encoding"] if is_packable(path) else []
    headers = SAFE | {
        "Content-Type": media_type(path),
        "ETag": sent.tag,
        "Cache-Control": "public, max-age=3600" if path.startswith("assets/") else "no-cache",
    }
    headers |= {"Vary": ", ".join(vary)} if vary else {}
    headers |= {"Content-Encoding": "gzip"} if sent.packed else {}
    headers |= ANYONE if _OPEN.search(f"/{path}") or chosen else {}
    headers |= {"Content-Location": relative(path, raw_path(request))} if chosen else {}
    headers |= {"Link": links} if links else {}
    if _WASM.match(path):
        headers["Content-Security-Policy"] = POLICY.format("'self' 'wasm-unsafe-eval'")
    if is_same(request.headers.get("if-none-match"), sent.tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_without_body(headers))
    return FileResponse(sent.path, headers=headers) if sent.path else Response(sent.body, headers=headers)


async def body_response(  # noqa: PLR0913 - each says something of its own
    request: Request,
    body: bytes,
    type_: str,
    *,
    chosen: bool = False,
    at: str = "",
    status: int = HTTPStatus.OK,
    extra: Mapping[str, str] | None = None,
) -> Response:
    """Send an answer that was made for this request, packed if the visitor takes it so."""
    tag = tag_of(body)
    packed = len(body) > _WORTH_PACKING and takes_gzip(request.headers.get("accept-encoding")) and "sheet" not in type_
    headers = SAFE | ANYONE | {"Content-Type": type_, "Cache-Control": "no-cache"} | dict(extra or {})
    headers["Vary"] = f"{_NEGOTIATED}, Accept-Encoding" if chosen else "Accept-Language, Accept-Encoding"
    headers["ETag"] = f'{tag[:-1]}-gzip"' if packed else tag
    headers |= {"Content-Location": relative(at, raw_path(request))} if at and at != raw_path(request) else {}
    if status == HTTPStatus.OK and is_same(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_without_body(headers))
    if packed:
        body = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, status, headers)


def _without_body(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {"etag", "cache-control", "vary", "content-location", "access-control-allow-origin", "link"}
    return {name: value for name, value in headers.items() if name.lower() in kept}


def see_other(request: Request, target: str) -> Response:
    """Lead to another address of the site, by 303; the link is relative, so that it holds behind any proxy."""
    headers = (
        SAFE
        | ANYONE
        | {
            "Location": relative(target, raw_path(request)) or "./",
            "Vary": _NEGOTIATED,
            "Cache-Control": "no-cache",
        }
    )
    return Response(status_code=HTTPStatus.SEE_OTHER, headers=headers)


async def refusal(request: Request, edition: Edition, refused: Refused) -> Response:
    """Say what is wrong: as a page in the style of the site, as problem details (RFC 9457) or as text."""
    accept = request.headers.get("accept")
    if preferred(accept, ERRORS) is not HTML:
        return as_response(problems.refusal(refused, accept, request.headers.get("accept-language")))
    path = raw_path(request)
    spoken = language_of(path) or spoken_language(request)
    waits = refused.title == _BUILDING
    served = SERVED[spoken]
    title = served["wait"] if waits else served["errors"].get(refused.status.value, refused.title)
    known = edition.files.known if edition.files else frozenset()
    links = [(label, f"{spoken}/{to}") for label, to in served["try_links"] if f"{spoken}/{to}" in known]
    values = {
        "status": refused.status.value,
        "detail": refused.detail,
        "links": [(label, relative(to, path)) for label, to in links],
    }
    template = "serve/wait.html" if waits else "serve/refused.html"
    body = await asyncio.to_thread(Frame(edition).render, template, title, spoken, path, values)
    headers = (
        SAFE
        | ANYONE
        | {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "Vary": _NEGOTIATED,
            "Content-Language": spoken,
        }
    )
    headers |= {"Retry-After": str(refused.retry_after)} if refused.retry_after is not None else {}
    return Response(body, refused.status, headers)


async def listing(  # noqa: PLR0913, PLR0917 - each says something of its own
    request: Request, edition: Edition, template: str, title: str, at: str, values: dict[str, Any]
) -> Response:
    """Send a page of the server's own that is there in both languages."""
    spoken = asked_language(request)
    other = f"{relative(at, at) or './'}?lang={next(one for one in LANGUAGES if one != spoken)}"
    body = await asyncio.to_thread(Frame(edition).render, template, title, spoken, at, values, other=other)
    return await body_response(request, body, "text/html; charset=utf-8", extra={"Content-Language": spoken})


_BUILDING: Final = "The pages are being written"


def _pages(edition: Edition) -> SiteFiles:
    if edition.files is None:
        raise Refused(
            HTTPStatus.NOT_FOUND, "Not found", "this server has no pages; it was started with --no-pages. Ask /sparql"
        )
    if not edition.files.is_built:
        detail = "the pages of this edition are being written; try again in a few seconds. Ask /sparql or /query/ now"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, _BUILDING, detail, retry_after=_WAIT)
    return edition.files


def nothing(request: Request) -> Refused:
    """The refusal of an address at which there is nothing."""
    return Refused(HTTPStatus.NOT_FOUND, "Not found", f"there is nothing at /{raw_path(request)[:200]}")


def raw_path(request: Request) -> str:
    """The path of a request as it was sent, without its first slash."""
    sent = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    path = sent.partition(b"?")[0].decode("ascii", "replace")
    return path.removeprefix(request.scope.get("root_path", "")).removeprefix("/")


def _wanted(request: Request, forms: tuple[Form, ...]) -> Form:
    """The form that the visitor prefers; refuses one who takes none."""
    accept = ", ".join(request.headers.getlist("accept")) or None
    found = linked_data(accept) if forms is LINKED_DATA else _among(accept, forms)
    if found is None:
        there = ", ".join(form.media_type for form in forms)
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, "Not acceptable", f"this is here as {there}")
    return found


def _among(accept: str | None, forms: tuple[Form, ...]) -> Form | None:
    """RDF for whoever would rather have a page, where there is none."""
    wanted = linked_data(accept)
    return forms[0] if wanted is HTML else preferred(accept, forms) or wanted


def asked_language(request: Request) -> str:
    """The language that the parameter lang names, else that of the headers."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else spoken_language(request)


def spoken_language(request: Request) -> str:
    """The language that the visitor prefers."""
    return language(", ".join(request.headers.getlist("accept-language")) or None)
