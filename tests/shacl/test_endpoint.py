"""Validation where the data are: real SPARQL servers on loopback give pySHACL's report, and their data stay there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from pilotgraph.errors import EndpointError
from pilotgraph.shacl.compile import compile_shapes
from pilotgraph.shacl.endpoint.executor import validate
from pilotgraph.store.base import QueryForms
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.store.protocol import Connection
from pilotgraph.store.remote import RemoteStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

HERE = Path(__file__).parent
SHAPES = """
@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def _module(name: str, path: Path) -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


strategies = _module("strategies", HERE / "strategies.py")
differential = _module("differential", HERE / "differential.py")


class Asked(QueryForms):
    """A store that remembers what it was asked."""

    def __init__(self, data: str) -> None:
        store = Store()
        store.bulk_extend(parse(f"{SHAPES}{data}", RdfFormat.TURTLE))
        self.texts: list[str] = []
        self._store = EmbeddedStore(store)

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query."""
        self.texts.append(text)
        return self._store.query(text)

    def quads(self) -> Iterable[Quad]:
        """Refuse: the executor must not fetch the data."""
        raise AssertionError

    def close(self) -> None:
        """Do nothing."""


def _shapes(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(f"{SHAPES}{text}", RdfFormat.TURTLE)]


def _found(data: str, shapes: str) -> tuple[list[tuple[str, str, str | None]], dict[str, str], list[str]]:
    store, triples = Asked(data), _shapes(shapes)
    plan = compile_shapes(triples)
    outcome, _ = validate(plan, store, triples)
    results = sorted(
        (str(r.focus), r.component.value.rpartition("#")[2], None if r.value is None else str(r.value))
        for r in outcome.results
    )
    left = plan.fallback | outcome.unsupported
    return results, {str(shape): why for shape, why in left.items()}, store.texts


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    servers: Any,  # noqa: ANN401
) -> Iterator[Any]:
    """A server of each kind."""
    started = servers.STARTERS[request.param](tmp_path_factory.mktemp(request.param))
    started.start()
    try:
        yield started
    finally:
        started.kill()


def _loaded(server: Any, case: Any, number: int) -> RemoteStore:  # noqa: ANN401
    graph = f"https://example.org/graph/{number}"
    if server.url.endswith("/query"):
        address, media_type = server.url.replace("/query", "/store?graph="), "application/n-triples"
    else:
        address, media_type = server.url.replace("/sparql", "/sparql-graph-crud?graph-uri="), "text/turtle"
    body = differential.n_triples(quad.triple for quad in case.data)
    httpx.put(address + graph, content=body, headers={"content-type": media_type}, timeout=60).raise_for_status()
    return RemoteStore(Connection(server.url, 60), [graph])


def test_a_server_gives_the_report_of_pyshacl(server: Any) -> None:  # noqa: ANN401
    """On random cases the report over a server is pySHACL's over what the server holds; few cases go to pySHACL."""
    differential.quiet()
    kinds = []
    for number in range(25):
        case = strategies.case(Random(number))  # noqa: S311
        if "virtuoso" in str(server.folder):
            # Its names of blank nodes are none in SPARQL results (docs/validation-differences.md).
            case.data = [q for q in case.data if not {"_:"} & {str(q.subject)[:2], str(q.object)[:2]}]
        reader = _loaded(server, case, number)
        held = strategies.Case(list(reader.quads()), case.shapes)
        ours, theirs = differential.over(reader, held), differential.reference(held)
        reader.close()
        if ours.refused or theirs.refused:
            kinds.append("left")
            continue
        kinds.append("equal" if ours.statements == theirs.statements else f"case {number}")
    assert set(kinds) <= {"equal", "left"}
    assert kinds.count("equal") >= 22


def test_only_violations_come_over_the_wire() -> None:
    """For data that conform, each check of values, counts and classes answers with no row at all."""
    data = "".join(f':n{i} a :C ; :p "{i}"^^xsd:integer ; :q :n{i} .\n' for i in range(50))
    shapes = """:S a sh:NodeShape ; sh:targetClass :C ;
        sh:property [ sh:path :p ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:minCount 1 ; sh:maxCount 1 ] ,
            [ sh:path :q ; sh:class :C ; sh:nodeKind sh:IRI ] ."""
    results, left, texts = _found(data, shapes)
    assert (results, left) == ([], {})
    store = Asked(data)
    checks = [text for text in texts if "?pg0" in text]
    assert len(checks) == 4
    assert [len(list(store.select(text))) for text in checks] == [0, 0, 0, 0]


def test_sparql_constraints_are_asked_once_for_all_focus_nodes() -> None:
    """A sh:sparql constraint is one query, however many focus nodes there are, with all variables of SHACL bound."""
    data = ":a a :C ; :p 1 , 3 . :b a :C ; :p 2 . :c a :D ; :p 9 ."
    query = "SELECT $this ?value { $this :p ?value . { ?x a ?t FILTER(?x = $this) } FILTER(?value > 1) }"
    query = query.replace(":p", "<http://example.org/p>")
    shapes = f':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "{query}" ] .'
    results, left, texts = _found(data, shapes)
    assert left == {}
    assert results == [
        ("<http://example.org/a>", "SPARQLConstraintComponent", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("<http://example.org/b>", "SPARQLConstraintComponent", '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    ]
    assert sum("?value > 1" in text for text in texts) == 1


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this ?value { $this ?p ?value } LIMIT 1", "LIMIT"),
        ("SELECT $this { $this ?p ?v MINUS { $this a ?v } }", "MINUS"),
        ("SELECT $this (COUNT(?v) AS ?value) { $this ?p ?v }", "group by"),
        ("SELECT * { $this ?p ?value }", "selects *"),
        ("SELECT $this { GRAPH ?g { $this ?p ?v } }", "GRAPH"),
        ("SELECT ?value { ?value ?p ?o }", "hang together"),
    ],
)
def test_what_cannot_be_asked_at_once_is_left_to_pyshacl(query: str, reason: str) -> None:
    """A query whose answer for one focus node depends on the others is named, with the reason, and not run."""
    results, left, _ = _found(
        ":a a :C .", f':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "{query}" ] .'
    )
    assert results == []
    assert reason in left["<http://example.org/S>"]


def test_a_store_that_answers_nothing_is_an_error() -> None:
    """A dead endpoint is an EndpointError, not a reason to give the shapes to pySHACL."""
    store = RemoteStore(Connection("http://127.0.0.1:9/query", 5, pause=0.01), ["https://example.org/g"])
    triples = _shapes(":S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:IRI .")
    with pytest.raises(EndpointError, match="cannot be reached"):
        validate(compile_shapes(triples), store, triples)
