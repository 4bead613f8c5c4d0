"""A visitor's query, or a graph, to a whole answer: within the limits, or refused.

An answer is written into a buffer that refuses to grow beyond the limit, so that no answer is ever cut: it is whole,
or it is an error. Which graphs a query sees: those that the protocol names, else those that the query names (FROM),
else all of them, each as a named graph and their union as default graph (SPARQL 1.1 Protocol, section 2.1.4).
"""

from __future__ import annotations

import gzip
import io
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse_query_results,
    serialize,
)

from pilotgraph.errors import EndpointError, SourceError
from pilotgraph.serve import guard
from pilotgraph.serve.jobs import Answer, Refused
from pilotgraph.serve.limits import too_large
from pilotgraph.store.syntax import query_syntax_error
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store, Triple

    from pilotgraph.serve.jobs import GraphJob, SparqlJob
    from pilotgraph.serve.limits import Limits
    from pilotgraph.serve.worker import Opened

RESULT_FORMATS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/trig": RdfFormat.TRIG,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_NAMED = {RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.JSON_LD, RdfFormat.RDF_XML}
# What stands between two rows of each format; it may also stand in a value, or in every row.
_ROW_MARKS = {
    QueryResultsFormat.JSON: b"},{",
    QueryResultsFormat.XML: b"<result>",
    QueryResultsFormat.CSV: b"\n",
    QueryResultsFormat.TSV: b"\n",
}
_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
# Below this, compressing costs more than it saves.
_SMALL = 1024
# On answers of 60 kB, half the time of the usual level for a tenth more bytes.
_LEVEL = 4


class TooLargeError(Exception):
    """The answer does not fit into the limits."""


class _Bounded(io.BytesIO):
    """A buffer that takes no more than `room` bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine writes bytes only
        """Take bytes. Raises TooLargeError if they do not fit."""
        self._room -= len(data)
        if self._room < 0:
            raise TooLargeError
        return super().write(data)


def sparql(job: SparqlJob, opened: Opened) -> Answer:
    """Answer a query. Raises Refused."""
    try:
        results = _evaluate(job, guard.check(job.text), opened)
        if isinstance(results, QueryTriples):
            return _graph(results, job.graph_type, opened.limits, compress=job.gzip)
        return _rows(results, job, opened.limits)
    except SourceError as error:
        raise guard.malformed(error) from error
    except EndpointError as error:
        raise Refused(HTTPStatus.BAD_GATEWAY, "The endpoint behind this server failed", error.message) from error
    except TooLargeError as error:
        raise too_large(opened.limits) from error
    except (RuntimeError, OSError, ValueError) as error:
        # The engine's own words for what it cannot do, such as an aggregate of a type that it does not know.
        detail = f"the engine stopped: {error}; ask it another way"
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The query could not be evaluated", detail) from error


def graph(job: GraphJob, opened: Opened) -> Answer:
    """Give the triples of a graph. Raises Refused: 404 if there is no such graph."""
    try:
        return _graph(_triples(job, opened), job.graph_type, opened.limits, compress=job.gzip)
    except EndpointError as error:
        raise Refused(HTTPStatus.BAD_GATEWAY, "The endpoint behind this server failed", error.message) from error
    except TooLargeError as error:
        raise too_large(opened.limits) from error


def _evaluate(job: SparqlJob, query: guard.Checked, opened: Opened) -> QuerySolutions | QueryBoolean | QueryTriples:
    store = opened.store
    by_protocol = job.default_graphs is not None or job.named_graphs is not None
    if store is None:
        if by_protocol:
            detail = "this server asks another endpoint; name the graphs in the query, with FROM and FROM NAMED"
            raise Refused(HTTPStatus.BAD_REQUEST, "Graphs cannot be chosen by parameters here", detail)
        return opened.reader.query(query.text)
    # A relative IRI is resolved against the address of the service (SPARQL 1.1 Query Language, section 4.1.1.2).
    base = f"{opened.dataset.base}sparql"
    try:
        if by_protocol:
            default, named = _graphs(job.default_graphs or ()), _graphs(job.named_graphs or ())
            return store.query(query.text, base_iri=base, default_graph=[*default], named_graphs=[*named])
        return store.query(query.text, base_iri=base, use_default_graph_as_union=not query.has_dataset)
    except SyntaxError as error:
        raise query_syntax_error(query.text, str(error)) from error


def _graphs(names: Iterable[str]) -> list[NamedNode]:
    return [_node(name) for name in names]


def _node(name: str) -> NamedNode:
    try:
        return NamedNode(name)
    except ValueError as error:
        detail = f"“{name}” is no absolute IRI, and a graph is named by one ({error})"
        raise Refused(HTTPStatus.BAD_REQUEST, "A graph's name is malformed", detail) from error


def _triples(job: GraphJob, opened: Opened) -> Iterable[Triple]:
    if job.graph is None:
        return opened.reader.construct(_EVERYTHING)
    name = _node(job.graph)
    if opened.store is None:
        found: Iterable[Triple] = list(
            opened.reader.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
        )
        known = found != []
    else:
        found, known = _within(opened.store, name), opened.store.contains_named_graph(name)
    if not known:
        detail = f"there is no graph {name} here; the service description lists those there are"
        raise Refused(HTTPStatus.NOT_FOUND, "No such graph", detail)
    return found


def _within(store: Store, name: NamedNode) -> Iterator[Triple]:
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, name))


def _rows(results: QuerySolutions | QueryBoolean, job: SparqlJob, limits: Limits) -> Answer:
    format_ = RESULT_FORMATS.get(job.result_type)
    if format_ is None:
        _refuse_form("SPARQL results in JSON or XML, CSV or TSV", RESULT_FORMATS)
    buffer = _Bounded(limits.answer_bytes)
    results.serialize(buffer, format_)
    body = buffer.getvalue()
    # Between rows there is a mark; there may be more in values, and then the rows are counted.
    if body.count(_ROW_MARKS[format_]) >= limits.rows and _count(body, format_) > limits.rows:
        raise TooLargeError
    return _answer(body, job.result_type, compress=job.gzip)


def _count(body: bytes, format_: QueryResultsFormat) -> int:
    if format_ == QueryResultsFormat.JSON:
        found = parse_query_results(body, format_)
        return sum(1 for _ in found) if isinstance(found, QuerySolutions) else 1
    if format_ == QueryResultsFormat.CSV:
        # Every other piece stands outside of quotation marks; one that is doubled leaves an empty piece.
        return sum(piece.count(b"\n") for piece in body.split(b'"')[::2]) - 1
    # The header of TSV is a line too; the other formats write no mark of theirs inside a value.
    return body.count(_ROW_MARKS[format_]) - (format_ == QueryResultsFormat.TSV)


def _graph(triples: Iterable[Triple], media_type: str, limits: Limits, *, compress: bool) -> Answer:
    format_ = GRAPH_FORMATS.get(media_type)
    if format_ is None:
        _refuse_form("Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML", GRAPH_FORMATS)
    buffer = _Bounded(limits.answer_bytes)
    prefixes = PREFIXES if format_ in _NAMED else None
    serialize(_at_most(triples, limits.rows), buffer, format_, prefixes=prefixes)
    return _answer(buffer.getvalue(), media_type, compress=compress)


def _at_most(triples: Iterable[Triple], most: int) -> Iterator[Triple]:
    for number, triple in enumerate(triples):
        if number == most:
            raise TooLargeError
        yield triple


def _answer(body: bytes, media_type: str, *, compress: bool) -> Answer:
    if compress and len(body) > _SMALL:
        return Answer(media_type, gzip.compress(body, _LEVEL, mtime=0), gzip=True)
    return Answer(media_type, body)


def _refuse_form(names: str, types: Iterable[str]) -> NoReturn:
    detail = f"this kind of query is answered in {names}; accept one of {', '.join(types)}"
    raise Refused(HTTPStatus.NOT_ACCEPTABLE, "None of the forms of the answer is acceptable", detail)
