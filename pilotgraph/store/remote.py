"""An endpoint anywhere as a Reader: SPARQL 1.1 over HTTP, with the embedded store's answers.

*The same graphs.* An endpoint may hold other things, and its default graph may be empty or the union of
everything. So each request names the data set's graphs, as default graph and as named graphs
(`default-graph-uri` and `named-graph-uri`, SPARQL 1.1 Protocol, section 2.1.4). Which they are stands in
the record of the upload, or else in `graph/meta`. A query with FROM clauses keeps them.

*The same language.* Before anything else the server is asked small questions of known answer
(:mod:`pilotgraph.store.conformance`). If it fails one, its graphs are read, and questions are answered here,
by the embedded engine: slower to begin with, and right. `answered_here` tells so, `deviation` why.

*Nothing partial.* An answer counts only when it is complete: to its last bracket or announced length, without
a notice that says otherwise, and with proof that the server does not cut off answers of its size.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from pilotgraph.store.base import QueryForms
from pilotgraph.store.conformance import first_failure
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.store.record import Record, graph_of
from pilotgraph.store.syntax import shape
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.errors import EndpointError
    from pilotgraph.store.protocol import Answer, Connection

ROWS = "application/sparql-results+json"
GRAPH = "application/n-triples, text/turtle;q=0.5"
_GRAPH_TYPES = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
}
# Virtuoso names a blank node by an IRI of its own, which no label may be.
_BLANK_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_SMALLEST_PROBE = 1000
_LARGEST_COPY = 2_000_000
# More and more of what any data set has.
_TRIPLES = {
    "SELECT": (
        "SELECT ?p { ?s ?p ?o }",
        "SELECT ?p ?q { ?s ?p ?o . ?t ?q ?u }",
        "SELECT ?p ?q ?r { ?s ?p ?o . ?t ?q ?u . ?v ?r ?w }",
    ),
    "CONSTRUCT": ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "CONSTRUCT { ?s ?q ?u } { ?s ?p ?o . ?t ?q ?u }"),
}


class RemoteStore(QueryForms):
    """An endpoint as a Reader over the graphs of one data set. Make one with :meth:`open`."""

    def __init__(self, connection: Connection, graphs: list[str]) -> None:
        self.graphs = graphs
        self.answered_here = False
        self.deviation = ""
        self._connection = connection
        self._here: EmbeddedStore | None = None
        # The largest number of rows or triples of which it is known that the server gives them all.
        self._given = {"SELECT": 1, "CONSTRUCT": 1}

    @classmethod
    def open(cls, connection: Connection, base: str, *, copy: bool = True) -> RemoteStore:
        """Read which graphs of the data set `base` the endpoint holds, and whether it can be relied on.

        With `copy` false the endpoint is asked even where it fails a question of known answer (`deviation` tells
        which): for shapes, whose queries keep to what such servers do right. Raises EndpointError if it cannot be
        asked, holds nothing of the data set, or holds half an upload.
        """
        store = cls(connection, _graphs(connection, base))
        store.deviation = first_failure(store._probe)
        if store.deviation and copy:
            store.answered_here = True
            store._copy()
        return store

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query. Raises SourceError for its faults, EndpointError for the server's."""
        found = shape(text)
        if self._here is not None:
            return self._here.query(text)
        graphs = () if found.has_dataset else self.graphs
        if found.form == "SELECT":
            return self._select(text, graphs)
        if found.form == "ASK":
            return _boolean(self._connection, self._connection.query(text, ROWS, graphs))
        triples = self._triples(text, graphs)
        self._prove(len(triples), "CONSTRUCT")
        return _as_answer(triples)

    def quads(self) -> Iterable[Quad]:
        """All quads of the data set, graph by graph, each complete."""
        if self._here is not None:
            return self._here.quads()
        return (quad for graph in self.graphs for quad in self._graph(graph))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _select(self, text: str, graphs: Iterable[str]) -> QuerySolutions:
        answer = self._connection.query(text, ROWS, graphs)
        number = sum(1 for _ in solutions(self._connection, answer))
        limit = answer.headers.get("x-sparql-maxrows", "")
        if limit.isdecimal() and number >= int(limit):
            raise self._cut(int(limit))
        self._prove(number, "SELECT")
        return solutions(self._connection, answer)

    def _probe(self, text: str) -> QuerySolutions:
        return solutions(self._connection, self._connection.query(text, ROWS))

    def _triples(self, text: str, graphs: Iterable[str]) -> list[Triple]:
        answer = self._connection.query(text, GRAPH, graphs)
        format_ = _GRAPH_TYPES.get(answer.media_type)
        if format_ is None:
            raise _not_results(self._connection, answer, "N-Triples or Turtle")
        if not answer.framed:
            # Neither format has an end mark: a lost half would not be missed.
            msg = "does not say where its answer ends, so it may be a part; try another server"
            raise self._connection.error(msg)
        try:
            return list(dict.fromkeys(quad.triple for quad in parse(answer.body, format_)))
        except SyntaxError as error:
            msg = f"the answer cannot be read as RDF ({error.msg}); see its log"
            raise self._connection.error(msg) from error

    def _prove(self, number: int, form: str) -> None:
        """Make sure that the server does not cut off answers of this size: it must be able to give more."""
        if number <= self._given[form]:
            return
        wanted = max(2 * number, _SMALLEST_PROBE)
        for query in _TRIPLES[form]:
            text = f"{query} LIMIT {wanted}"
            if form == "SELECT":
                got = sum(1 for _ in solutions(self._connection, self._connection.query(text, ROWS, self.graphs)))
            else:
                got = len(self._triples(text, self.graphs))
            if got > number:
                self._given[form] = got
                return
        raise self._cut(number)

    def _cut(self, number: int) -> EndpointError:
        return self._connection.error(
            f"gives no more than {number} rows and the answer has as many, so it may be a part; "
            "ask in smaller steps (LIMIT and ORDER BY), or have the server's limit raised"
        )

    def _graph(self, graph: str) -> Iterator[Quad]:
        """The quads of one graph, page by page until there are as many as the server counts."""
        counted = count(self._connection, graph)
        found: dict[Triple, None] = {}
        while len(found) < counted:
            page = self._triples(
                f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT {counted} OFFSET {len(found)}", ()
            )
            before = len(found)
            found.update(dict.fromkeys(page))
            if len(found) == before:
                fault = f"counts {counted} triples in <{graph}> but gives {before}; try again when nobody writes there"
                raise self._connection.error(fault)
        name = NamedNode(graph)
        return (Quad(triple.subject, triple.predicate, triple.object, name) for triple in found)

    def _copy(self) -> None:
        total = sum(count(self._connection, graph) for graph in self.graphs)
        if total > _LARGEST_COPY:
            msg = (
                f"answers SPARQL 1.1 otherwise than the standard says ({self.deviation}), and its {total} triples "
                "are too many to answer from a copy; use another server (docs/endpoints.md)"
            )
            raise self._connection.error(msg)
        here = EmbeddedStore()
        here.add(self.quads())
        self._here = here


def solutions(connection: Connection, answer: Answer) -> QuerySolutions:
    """Read the rows of an answer, all of which have been checked to be readable. Raises EndpointError."""
    if answer.media_type not in {ROWS, "application/json"}:
        raise _not_results(connection, answer, "SPARQL results in JSON")
    try:
        # Read twice: the first time to find out whether it can be read to its end.
        body = _BLANK_NODE.sub(rb"\1", answer.body)
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if isinstance(found, QuerySolutions):
            for _ in found:
                pass
            again = parse_query_results(body, QueryResultsFormat.JSON)
            if isinstance(again, QuerySolutions):
                return again
    except (SyntaxError, ValueError) as error:
        msg = f"the answer cannot be read to its end ({error}); try again, or see its log"
        raise connection.error(msg) from error
    msg = "answers with true or false where rows were asked for; check the address"
    raise connection.error(msg)


def count(connection: Connection, graph: str) -> int:
    """Count the triples of a graph on an endpoint."""
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    numbers = [plain(row["n"]) for row in solutions(connection, connection.query(query, ROWS))]
    if len(numbers) != 1 or not numbers[0].isdecimal():
        fault = "gives no number where triples were to be counted; check that it is the address of SPARQL queries"
        raise connection.error(fault)
    return int(numbers[0])


def _boolean(connection: Connection, answer: Answer) -> QueryBoolean:
    if answer.media_type not in {ROWS, "application/json"}:
        raise _not_results(connection, answer, "SPARQL results in JSON")
    try:
        found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        msg = f"the answer cannot be read to its end ({error}); try again, or see its log"
        raise connection.error(msg) from error
    if not isinstance(found, QueryBoolean):
        msg = "answers with rows where true or false was asked for; check the address"
        raise connection.error(msg)
    return found


def _not_results(connection: Connection, answer: Answer, wanted: str) -> EndpointError:
    what = "a web page" if "html" in answer.media_type else answer.media_type or "something without a type"
    return connection.error(f"answers with {what} instead of {wanted}; check that it is the address of SPARQL queries")


def _as_answer(triples: Iterable[Triple]) -> QueryTriples:
    """Give triples the type, and the normal forms of numbers, of the embedded store's answers."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    answer = store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    if not isinstance(answer, QueryTriples):  # pragma: no cover - a CONSTRUCT gives triples
        raise TypeError
    return answer


def _graphs(connection: Connection, base: str) -> list[str]:
    """The graphs of a data set: from the record of an upload, or else from its own description."""

    def ask(text: str) -> QuerySolutions:
        return solutions(connection, connection.query(text, ROWS))

    record = Record.read(base, ask)
    load = f"pilotgraph load --to {connection.url}"
    if record.finished:
        return sorted(record.parts)
    if record.parts or _exists(graph_of(base), connection):
        msg = f"holds an unfinished upload of {base}; finish it with: {load}"
        raise connection.error(msg)
    meta = f"{base}graph/meta"
    parts = {
        plain(row["g"])
        for row in ask(f"SELECT ?g {{ GRAPH <{meta}> {{ <{base}> <http://purl.org/dc/terms/hasPart> ?g }} }}")
    }
    if not parts:
        msg = f"holds nothing of the data set {base}; bring it there with: {load}"
        raise connection.error(msg)
    return sorted(parts | {meta})


def _exists(graph: str, connection: Connection) -> bool:
    return count(connection, graph) > 0
