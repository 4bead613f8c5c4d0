"""Named queries in a worker process: bind the parameters, answer, find the passages, and write it down.

The forms are those of `pilotgraph query`, and three more: JSON for programs that know no RDF, the W3C's vocabulary for
result sets in Turtle, and a table for the page. docs/query-links.md describes them.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from pilotgraph import answers
from pilotgraph.errors import DatasetError
from pilotgraph.pages import templates
from pilotgraph.pages.site.addresses import page_path, relative
from pilotgraph.pages.site.answers import MOST_ROWS, heading, laid_out
from pilotgraph.pages.site.graph import LABELS, TYPE, Graph
from pilotgraph.pages.site.page import Sheet, Site
from pilotgraph.pages.site.words import WORDS
from pilotgraph.queries import bind, did_you_mean, library
from pilotgraph.serve.jobs import Answer, Refused
from pilotgraph.serve.negotiation import ANSWERS
from pilotgraph.serve.words import SERVED
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PG, PREFIXES, RDF_TYPE, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import Environment

    from pilotgraph.answers import Table
    from pilotgraph.queries import Query
    from pilotgraph.serve.jobs import NamedJob
    from pilotgraph.serve.worker import Opened
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

_TEMPLATE = "serve/answer.html"
KINDS = ("question", "network", "check")
MEDIA = {form.suffix: form.media_type for form in ANSWERS}
RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TEXTS = {"json", "srj", "xlsx"}
_AT_ONCE = 200
_WORTH_PACKING = 1024
_XSD = PREFIXES["xsd"]
TYPES = {
    _XSD + "integer": "integer",
    _XSD + "decimal": "number",
    _XSD + "double": "number",
    _XSD + "float": "number",
    _XSD + "boolean": "boolean",
    _XSD + "date": "date",
    _XSD + "gYearMonth": "month",
    _XSD + "gYear": "year",
    _XSD + "dateTime": "time",
}


@dataclass(frozen=True)
class _Ready:
    """What a worker has read before it shuts itself in."""

    queries: dict[str, Query]
    graph: Graph


_ready: dict[int, _Ready] = {}


@cache
def pages() -> Environment:
    """The templates, compiled; the fork server asks for them once, and all workers share them."""
    made = templates().overlay(trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    made.get_template(_TEMPLATE)
    return made


def prepare(opened: Opened) -> None:
    """Read and import whatever an answer will need: a confined worker can open no file.

    What an answer needs of the store is read when the first one is asked for: that takes no file, only time.
    """
    import pilotgraph.proof  # noqa: F401, PLC0415 - named nowhere here, but answers imports it when it needs it
    from pilotgraph.proof.attribute import hold_rules  # noqa: PLC0415

    hold_rules(opened.dataset)
    queries = {query.name: query for kind in reversed(KINDS) for query in library(opened.dataset, kind)}
    trial = replace(opened, reader=EmbeddedStore(), store=None)
    _ready.clear()
    for one in (trial, opened):
        _ready[id(one)] = _Ready(queries, Graph((), opened.dataset.base))
    row: list[Term | None] = [Literal(1), NamedNode(opened.dataset.base)]
    empty = answers.Table(["a", "b"], [row], [[]], [[]], [""], [()])
    query = next(iter(queries.values()), None)
    for form in MEDIA if query else ():
        job = _Writing(trial, query, empty, {}, "nl", evidence=True) if query else None
        _ = job.write(form) if job else b""
    del _ready[id(trial)]


def _names(opened: Opened) -> Graph:
    """The words of the ontology, learnt when the first answer needs them."""
    graph = _ready[id(opened)].graph
    if not graph.out:
        graph.out.update(terms(opened.reader, opened.dataset.base).out)
    return graph


def terms(reader: Reader, base: str) -> Graph:
    """The names of what the columns of answers are called after: the ontology's terms, and the dimensions."""
    graph = Graph((), base)
    for space in (PG, f"{base}id/concept/dimension/"):
        _learn(graph, reader, f"FILTER(STRSTARTS(STR(?thing), {Literal(space)}))")
    return graph


def answer(job: NamedJob, opened: Opened) -> Answer:
    """Answer a named query in one of the forms of its address.

    Raises Refused: 404 for an unknown query, 400 for a parameter, 406 for a form that cannot hold the answer, 422 for
    an answer beyond the limits.
    """
    if id(opened) not in _ready:
        prepare(opened)
    query = _find(job.name, _ready[id(opened)].queries)
    given = dict(job.parameters)
    try:
        text = bind(query, given, opened.dataset, opened.reader, job.language)
    except DatasetError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "Unsuitable parameter", error.message) from error
    found = opened.reader.query(text)
    if not isinstance(found, QuerySolutions):
        body = _other(found, job.format, opened.dataset.base)
    else:
        table = answers.take(found)
        if len(table.rows) > opened.limits.rows:
            detail = f"the answer has {len(table.rows)} rows, more than {opened.limits.rows}; give more parameters"
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Answer too large", detail)
        total = len(table.rows)
        if job.format == "html":
            table = _first(table)
        if job.evidence:
            proofs = answers.proofs_of(table, text, opened.reader, opened.dataset)
            answers.add_evidence(table, opened.reader, job.language, proofs)
        body = _Writing(opened, query, table, given, job.language, evidence=job.evidence, total=total).write(job.format)
    if len(body) > opened.limits.answer_bytes:
        detail = f"the answer has {len(body)} bytes, more than {opened.limits.answer_bytes}; give more parameters"
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Answer too large", detail)
    return _packed(media_type(job.format), body, packed=job.gzip and job.format != "xlsx")


def media_type(form: str) -> str:
    """The media type of a form, with the encoding of its characters where it is a text."""
    return MEDIA[form] if form in _TEXTS else f"{MEDIA[form]}; charset=utf-8"


def _packed(type_: str, body: bytes, *, packed: bool) -> Answer:
    if not packed or len(body) <= _WORTH_PACKING:
        return Answer(type_, body)
    return Answer(type_, gzip.compress(body, 6, mtime=0), gzip=True)


def _find(name: str, known: dict[str, Query]) -> Query:
    if name not in known:
        detail = f"{name[:100]}: no such query{did_you_mean(name[:100], known)}; see /query/"
        raise Refused(HTTPStatus.NOT_FOUND, "No such query", detail)
    return known[name]


def _first(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_ROWS], claims=table.claims[:MOST_ROWS])


def _other(found: Any, form: str, base: str) -> bytes:  # noqa: ANN401 - a boolean or a graph, as the query says
    if isinstance(found, QueryBoolean):
        wanted, content = "json", answers.render_boolean(found, "json")
    else:
        wanted, content = "ttl", answers.render_graph(found, "ttl", base)
    if form != wanted:
        detail = (
            f"the answer of this query is no table, and is given as {MEDIA[wanted]} only; end the address in .{wanted}"
        )
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, "Not acceptable", detail)
    return content.encode() if isinstance(content, str) else content


@dataclass(frozen=True)
class _Writing:
    """An answer with what surrounds it, about to be written."""

    opened: Opened
    query: Query
    table: Table
    given: dict[str, str]
    language: str
    evidence: bool
    total: int = 0

    def write(self, form: str) -> bytes:
        """Write the answer in one of the forms."""
        base = self.opened.dataset.base
        content: str | bytes
        match form:
            case "json":
                content = json.dumps(self._document(), ensure_ascii=False, indent=1) + "\n"
            case "html":
                content = self._page()
            case "ttl":
                content = _turtle(self.table, evidence=self.evidence)
            case _:
                kind = "json" if form == "srj" else form
                content = answers.render(self.table, kind, base, evidence=self.evidence)
        return content.encode() if isinstance(content, str) else content

    def _sheet(self) -> Sheet:
        sheet = Sheet(Site(self.opened.dataset, self.opened.reader, _names(self.opened), []), self.language, "")
        sheet.path = f"query/{self.query.name}.html"
        return sheet

    def _document(self) -> dict[str, Any]:
        """The answer for a program that knows no RDF."""
        sheet, table, dataset = self._sheet(), self.table, self.opened.dataset
        document = {
            "query": self.query.name,
            "title": self.query.say("summary", self.language),
            "reading": self.query.say("reading", self.language),
            "language": self.language,
            "parameters": dict(sorted(self.given.items())),
            "edition": dataset.edition,
            "licence": dataset.licence,
            "columns": [
                {"name": name, "title": heading(sheet, name), "type": json_type(row[number] for row in table.rows)}
                for number, name in enumerate(table.variables)
            ],
            "rows": [
                {name: json_value(node) for name, node in zip(table.variables, row, strict=True)} for row in table.rows
            ],
        }
        if self.evidence:
            document["evidence"] = [
                {"passages": [vars(passage) for passage in passages], "reason": reason}
                for passages, reason in zip(table.passages, table.reasons, strict=True)
            ]
        return document

    def _page(self) -> str:
        """The table for the page; the server puts the rest of the page around it."""
        sheet, table, words = self._sheet(), self.table, WORDS[self.language]
        named = {node.value for row in table.rows for node in row if isinstance(node, NamedNode)}
        wanted = sorted(iri for iri in named if iri not in sheet.graph.out)
        for start in range(0, len(wanted), _AT_ONCE):
            part = " ".join(f"<{iri}>" for iri in wanted[start : start + _AT_ONCE])
            _learn(sheet.graph, self.opened.reader, f"VALUES ?thing {{ {part} }}")
        columns, cells = laid_out(sheet, table)
        rows = [
            (
                row,
                [(passage, *self._place(sheet, passage)) for passage in table.passages[number]]
                if self.evidence
                else [],
                table.reasons[number] if self.evidence else "",
            )
            for number, row in enumerate(cells)
        ]
        template = pages().get_template(_TEMPLATE)
        return str(
            template.render(
                columns=columns,
                rows=rows,
                total=self.total,
                evidence=self.evidence,
                title=self.query.say("summary", self.language) or self.query.name,
                words=words,
                served=SERVED[self.language],
            )
        )

    def _place(self, sheet: Sheet, passage: answers.Passage) -> tuple[str, str]:
        """The link to the page of the claim behind a passage, and its state if that is not the usual one."""
        path = page_path(passage.claim, self.opened.dataset.base, self.language)
        state = "" if passage.knowing == "stated" else WORDS[self.language]["states"].get(passage.knowing, "")
        return relative(path, sheet.path) if path else "", state


def _learn(graph: Graph, reader: Reader, which: str) -> None:
    """Read the names and classes of some things into a graph of which pages are made."""
    predicates = " ".join(f"<{iri}>" for iri in (*LABELS, TYPE, f"{PREFIXES['skos']}inScheme"))
    text = f"SELECT DISTINCT ?thing ?p ?o {{ {which} VALUES ?p {{ {predicates} }} ?thing ?p ?o }}"
    for row in sorted(reader.select(text), key=str):
        value = row["o"]
        if value is not None:
            graph.out[plain(row["thing"])].setdefault(plain(row["p"]), []).append(value)


def json_type(column: Iterable[Term | None]) -> str | None:
    """The type that all values of a column share; text if they share none, null if there are none."""
    found = {_type_of(node) for node in column if node is not None}
    if found == {"integer", "number"}:
        return "number"
    return found.pop() if len(found) == 1 else "text" if found else None


def _type_of(node: Term) -> str:
    if isinstance(node, NamedNode):
        return "iri"
    return TYPES.get(node.datatype.value, "text") if isinstance(node, Literal) else "text"


def json_value(node: Term | None) -> str | int | float | bool | None:
    """A value as JSON has it; a number that JSON cannot hold stays a text."""
    text = plain(node)
    if not isinstance(node, Literal):
        return text if node is not None else None
    try:
        match TYPES.get(node.datatype.value):
            case "integer":
                return int(text)
            case "number":
                number = float(text)
                return number if abs(number) < float("inf") else text
            case "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text]
    except (ValueError, KeyError):
        return text
    return text


def _turtle(table: Table, *, evidence: bool) -> bytes:
    prefixes = {"rs": RESULT_SET, "prov": PREFIXES["prov"], "xsd": PREFIXES["xsd"]}
    return serialize(_result_set(table, evidence=evidence), format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def _result_set(table: Table, *, evidence: bool) -> Iterator[Triple]:
    """The rows in the W3C's vocabulary for result sets, in order; with proof, the claims that each row derives from."""

    def rs(name: str) -> NamedNode:
        return NamedNode(RESULT_SET + name)

    whole = BlankNode("answer")
    yield Triple(whole, RDF_TYPE, rs("ResultSet"))
    for name in table.variables:
        yield Triple(whole, rs("resultVariable"), Literal(name))
    solutions = [BlankNode(f"row{number}") for number in range(1, len(table.rows) + 1)]
    for solution in solutions:
        yield Triple(whole, rs("solution"), solution)
    for number, (solution, row) in enumerate(zip(solutions, table.rows, strict=True), 1):
        yield Triple(solution, rs("index"), Literal(number))
        for claim in table.claims[number - 1] if evidence else ():
            yield Triple(solution, NamedNode(f"{PREFIXES['prov']}wasDerivedFrom"), NamedNode(claim))
        bound = [(name, node) for name, node in zip(table.variables, row, strict=True) if node is not None]
        for name, _ in bound:
            yield Triple(solution, rs("binding"), BlankNode(f"row{number}{name}"))
        for name, node in bound:
            yield Triple(BlankNode(f"row{number}{name}"), rs("variable"), Literal(name))
            yield Triple(BlankNode(f"row{number}{name}"), rs("value"), node)
