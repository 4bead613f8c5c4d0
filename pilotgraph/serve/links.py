"""Query links: every named query is an address, with its parameters behind the question mark.

``/query/{name}.json?pilot=zsm&lang=nl`` names a form; ``/query/{name}`` gives the one that the visitor prefers. The
page is a form with the parameters, the answer, and the links to it. docs/query-links.md describes them for those who
build on them.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup
from starlette.routing import Route

from pilotgraph.dataset import bundled_root
from pilotgraph.pages.site.addresses import page_path, relative
from pilotgraph.pages.site.answers import in_words
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.page import LANGUAGES, Sheet, Site, Text
from pilotgraph.pages.site.words import WORDS
from pilotgraph.queries import did_you_mean, with_prefixes
from pilotgraph.serve.frame import Frame
from pilotgraph.serve.jobs import NamedJob, Refused
from pilotgraph.serve.negotiation import ANSWERS, HTML, preferred
from pilotgraph.serve.pages import (
    METHODS,
    asked_language,
    at_edition,
    body_response,
    listing,
    raw_path,
    spoken_language,
)
from pilotgraph.serve.words import SERVED
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from pilotgraph.queries import Parameter, Query
    from pilotgraph.serve.edition import Choice, Edition
    from pilotgraph.serve.negotiation import Form
    from pilotgraph.serve.server import Current, Server

    Handler = Callable[[Request, Server, Current], Awaitable[Response]]

_BY_SUFFIX: Final = {form.suffix: form for form in ANSWERS}
_NAMES: Final = {
    "json": "JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "Excel",
    "ttl": "Turtle",
    "md": "Markdown",
    "srj": "SPARQL JSON",
}
_YES: Final = {"true", "1", "yes", "on"}
_NO: Final = {"false", "0", "no", "off", ""}
_RESERVED: Final = ("lang", "evidence")
_MOST_PARAMETERS: Final = 50
_HEADER: Final = re.compile(r"^#\+.*\n?", re.MULTILINE)
_INPUTS: Final = {"integer": "number", "date": "date", "string": "text"}
_BAD: Final = "Unsuitable parameter"
_SCRIPT: Final = "text/javascript; charset=utf-8"
_BESIDE: Final = {"query.css": "text/css; charset=utf-8", "link.js": _SCRIPT, "wait.js": _SCRIPT}
# An answer in one of these is kept as a file.
_SAVED: Final = {"csv", "tsv", "xlsx"}


class Asked(NamedTuple):
    """What the address of a query link says behind its question mark."""

    given: dict[str, str]
    language: str
    evidence: bool

    def address(self, name: str, suffix: str = "", **other: str) -> str:
        """The address of this answer in a form, from the folder of the queries."""
        said = {**self.given, "lang": self.language, **({"evidence": "true"} if self.evidence else {}), **other}
        return f"{name}{suffix and '.'}{suffix}?{urlencode(said)}"


def routes(server: Server) -> list[Route]:
    """The queries, the list of them, and their description for programs."""

    def route(path: str, handler: Handler) -> Route:
        async def bound(request: Request, current: Current) -> Response:
            return await handler(request, server, current)

        return Route(path, at_edition(server, bound), methods=METHODS)

    return [
        route("/query/", queries),
        *(route(f"/query/{name}", _beside(name)) for name in _BESIDE),
        route("/query/{name}", query),
    ]


def _beside(name: str) -> Handler:
    content = (bundled_root() / "viz/templates/serve" / name).read_bytes()

    async def handler(request: Request, _server: Server, _current: Current) -> Response:
        return await body_response(request, content, _BESIDE[name])

    return handler


async def query(request: Request, server: Server, current: Current) -> Response:
    """The answer to a named query; a page also where the parameters are not right, with what to change."""
    edition = current.edition
    name, form, chosen = _address(request, edition)
    found = edition.queries.get(name)
    if found is None:
        near = did_you_mean(name[:100], edition.queries)
        raise Refused(HTTPStatus.NOT_FOUND, "No such query", f"{name[:100]}: no such query{near}; /query/ lists them")
    asked = Asked({}, spoken_language(request), evidence=False)
    try:
        asked = read(request, found)
        missing = [p.name for p in found.parameters if p.required and p.name not in asked.given]
        if missing and form is HTML and not asked.given:
            return await _page(request, server, edition, found, asked)
        if missing:
            detail = f"{name}: the parameter {missing[0]} is missing; add {missing[0]}=… behind the question mark"
            raise Refused(HTTPStatus.BAD_REQUEST, "Missing parameter", detail)  # noqa: TRY301 - the page says it too
        job = NamedJob(name, tuple(sorted(asked.given.items())), asked.language, form.suffix, asked.evidence)
        answer = await current.pool.run(job, request.state.client)
    except Refused as refused:
        if form is not HTML or refused.status != HTTPStatus.BAD_REQUEST:
            raise
        return await _page(request, server, edition, found, asked, refused=refused)
    if form is HTML:
        return await _page(request, server, edition, found, asked, body=answer.body)
    return await body_response(
        request,
        answer.body,
        answer.media_type,
        chosen=chosen,
        at=f"query/{asked.address(name, form.suffix)}" if chosen else "",
        extra=_headers(found, asked, form, edition),
    )


def _address(request: Request, edition: Edition) -> tuple[str, Form, bool]:
    """The name and the form of an address, and whether the form was chosen by the header Accept."""
    whole = request.path_params["name"]
    name, dot, suffix = whole.rpartition(".")
    if not dot:
        form = preferred(", ".join(request.headers.getlist("accept")) or None, ANSWERS, HTML)
        if form is None:
            there = ", ".join(one.media_type for one in ANSWERS)
            raise Refused(HTTPStatus.NOT_ACCEPTABLE, "Not acceptable", f"this is here as {there}")
        return whole, form, True
    if suffix not in _BY_SUFFIX and name in edition.queries:
        ends = ", ".join(f".{one}" for one in _BY_SUFFIX)
        raise Refused(HTTPStatus.NOT_FOUND, "No such form", f"{whole[:100]}: an address of a query ends in {ends}")
    return (name, _BY_SUFFIX[suffix], False) if suffix in _BY_SUFFIX else (whole, HTML, True)


def read(request: Request, query_: Query) -> Asked:
    """Read the parameters of an address. Raises Refused for one that is unknown, given twice or of the wrong kind."""
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_MOST_PARAMETERS,
            errors="strict",
        )
    except ValueError as error:
        detail = "the parameters cannot be read; write them as name=value in UTF-8, joined by &"
        raise Refused(HTTPStatus.BAD_REQUEST, _BAD, detail) from error
    known = [p.name for p in query_.parameters if p.name not in _RESERVED]
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known and name not in _RESERVED:
            has = ", ".join(sorted({*known, *_RESERVED}))
            near = did_you_mean(name[:100], [*known, *_RESERVED])
            detail = f"{query_.name}: no parameter {name[:100]}{near}; it has {has}"
            raise Refused(HTTPStatus.BAD_REQUEST, "Unknown parameter", detail)
        if name in given:
            raise Refused(HTTPStatus.BAD_REQUEST, _BAD, f"{query_.name}: the parameter {name} is given twice; give one")
        given[name] = value
    evidence, spoken = given.pop("evidence", "").lower(), given.pop("lang", "") or spoken_language(request)
    if evidence not in _YES | _NO:
        detail = f"{query_.name}: the parameter evidence is true or false, not {evidence[:100]!r}"
        raise Refused(HTTPStatus.BAD_REQUEST, _BAD, detail)
    if spoken not in LANGUAGES:
        detail = f"{query_.name}: the parameter lang is nl or en, not {spoken[:100]!r}"
        raise Refused(HTTPStatus.BAD_REQUEST, _BAD, detail)
    # A form on a page sends its empty fields too.
    return Asked({name: value for name, value in given.items() if value}, spoken, evidence in _YES)


def _headers(query_: Query, asked: Asked, form: Form, edition: Edition) -> dict[str, str]:
    others = [
        f'<{asked.address(query_.name, one.suffix)}>; rel="alternate"; type="{one.media_type}"' for one in ANSWERS
    ]
    links = [link for one, link in zip(ANSWERS, others, strict=True) if one is not form]
    if edition.dataset.licence.isascii() and ">" not in edition.dataset.licence:
        links.append(f'<{edition.dataset.licence}>; rel="license"')
    headers = {"Link": ", ".join(links), "Content-Language": asked.language}
    if form.suffix in _SAVED:
        headers["Content-Disposition"] = f'attachment; filename="{query_.name}.{form.suffix}"'
    return headers


async def _page(  # noqa: PLR0913 - each says something of its own
    request: Request,
    server: Server,
    edition: Edition,
    query_: Query,
    asked: Asked,
    *,
    body: bytes = b"",
    refused: Refused | None = None,
) -> Response:
    """The page of a query: form, answer, links, the questions that it answers, and its text."""
    name, spoken = query_.name, asked.language
    at = f"query/{name}.html"
    link = asked.address(name, "html")
    here = server.origin_of(request.scope, request.headers.get("host", "localhost"))
    folder = f"{request.scope.get('root_path', '')}/query/"
    values = {
        "name": name,
        "reading": _reading(query_, edition, spoken),
        "error": refused.detail if refused else "",
        "fields": [_field(p, asked, edition) for p in query_.parameters if p.name != "lang"],
        "evidence": asked.evidence,
        "fragment": Markup(body.decode()),  # noqa: S704 - a worker wrote it with the same template engine
        "link": link,
        "address": f"{here}{folder}{link}",
        "formats": [
            (_NAMES[one.suffix], asked.address(name, one.suffix), one.media_type) for one in ANSWERS if one is not HTML
        ],
        "questions": _questions(query_, edition, spoken, at),
        "sparql": with_prefixes(_HEADER.sub("", query_.text).strip()),
        "command": _command(query_, asked),
        "trail": [(SERVED[spoken]["live"], "query/")],
        "section": "query/index.html",
        "description": query_.say("reading", spoken),
    }
    title = query_.say("summary", spoken) or name
    other = asked.address(name, "html", lang=next(one for one in LANGUAGES if one != spoken))
    content = await asyncio.to_thread(Frame(edition).render, "serve/query.html", title, spoken, at, values, other=other)
    return await body_response(
        request,
        content,
        "text/html; charset=utf-8",
        chosen=raw_path(request) != at,
        at=f"query/{link}" if raw_path(request) != at else "",
        status=refused.status if refused else HTTPStatus.OK,
        extra=_headers(query_, asked, HTML, edition),
    )


def _field(parameter: Parameter, asked: Asked, edition: Edition) -> dict[str, Any]:
    """A field of the form: a list of the things that the parameter can name, or a box."""
    value = asked.given.get(parameter.name, "")
    field: dict[str, Any] = {
        "name": parameter.name,
        "about": capital(parameter.about[asked.language]),
        "required": parameter.required,
        "value": value,
        "type": _INPUTS.get(parameter.kind, "text"),
    }
    if parameter.kind in _INPUTS:
        return field
    kinds = [kind for kind in parameter.kind.split(",") if edition.choices.get(kind)]
    # Behind the comma stands what to type, which a list makes clear by itself.
    field["about"] = field["about"].partition(",")[0]
    groups = [(kind, [_option(one, value, asked.language) for one in edition.choices[kind]]) for kind in kinds]
    if value and not any(selected for _, options in groups for *_, selected in options):
        groups.insert(0, ("", [(value, value, "", True)]))
    names = WORDS[asked.language]["lists"]
    headed = len(kinds) > 1
    field["groups"] = [
        (capital(names.get(kind, kind.rpartition("/")[2])) if headed and kind else "", options)
        for kind, options in groups
    ]
    return field


def _option(choice: Choice, value: str, spoken: str) -> tuple[str, str, str, bool]:
    own = choice.names.get(spoken)
    code, label = (spoken, own) if own else min(choice.names.items())
    named = {choice.slug.casefold(), *(name.casefold() for name in choice.names.values())}
    selected = value.casefold() in named or value.rpartition("/")[2] == choice.slug
    return choice.slug, label, "" if code == spoken else code, selected


def _questions(query_: Query, edition: Edition, spoken: str, at: str) -> list[Text]:
    found = []
    for number in query_.answers:
        if question := edition.questions.get(number):
            path = page_path(question.iri, edition.base, spoken)
            text = question.text.get(spoken) or next(iter(question.text.values()), "")
            found.append(Text(f"{number} {text}", relative(path, at) if path else ""))
    return found


def _reading(query_: Query, edition: Edition, spoken: str) -> str:
    """How to read an answer, with its columns named as the page heads them."""
    site = Site(edition.dataset, EmbeddedStore(), edition.terms, [])
    return in_words(Sheet(site, spoken, ""), query_.say("reading", spoken))


def _command(query_: Query, asked: Asked) -> str:
    from shlex import quote  # noqa: PLC0415 - beside its use

    parts = [f"-p {quote(f'{name}={value}')}" for name, value in asked.given.items()]
    return " ".join(["pilotgraph query", query_.name, *parts, "--lang", asked.language, "--evidence"])


async def queries(request: Request, _server: Server, current: Current) -> Response:
    """The list of all named queries."""
    edition, spoken = current.edition, asked_language(request)
    served = SERVED[spoken]
    groups = [
        (
            served["groups"][kind],
            served["group_about"][kind],
            [
                (q.say("summary", spoken) or q.name, f"{q.name}.html?lang={spoken}", _reading(q, edition, spoken))
                for q in those
            ],
        )
        for kind, those in edition.groups.items()
        if those
    ]
    values = {"groups": groups, "description": served["live_about"], "section": "query/index.html"}
    return await listing(request, edition, "serve/queries.html", served["live"], "query/", values)
