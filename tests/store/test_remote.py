"""A remote endpoint is an equal: real servers give every answer that the embedded store gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples

from pilotgraph.answers import add_evidence, take
from pilotgraph.dataset import Dataset
from pilotgraph.errors import EndpointError, SourceError
from pilotgraph.queries import LANGUAGES, bind, library, with_prefixes
from pilotgraph.store.conformance import PROBES
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.store.remote import RemoteStore
from pilotgraph.store.syntax import shape
from pilotgraph.store.upload import Upload

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.store.base import Reader

KINDS = ("question", "network", "check")
NAMED = {query.name: query for kind in KINDS for query in library(Dataset.open(), kind)}
REQUIRED = {"pilot": "rotterdam-zuid"}
RULES = {path.stem: path for path in Dataset.open().rule_files()}
# What the standard's corners give. Each has one row, or one order of its rows.
FREE = {
    "union as default graph": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "named graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "foreign graphs are not seen": "SELECT (COUNT(*) AS ?n) { ?pilot a pg:Pilot }",
    "numbers": "SELECT DISTINCT ?v (DATATYPE(?v) AS ?t) { ?c pg:value ?v } ORDER BY STR(?v) LIMIT 20",
    "booleans": 'SELECT (1 = 1 AS ?yes) (STRLEN("é–☃") AS ?n) (1 / 3 AS ?third) {}',
    "paths and NOT EXISTS": """SELECT (COUNT(DISTINCT ?c) AS ?n) {
        ?c skos:broader* ?top . FILTER NOT EXISTS { ?top skos:broader ?more } }""",
    "subquery": "SELECT (MAX(?n) AS ?most) { SELECT ?p (COUNT(*) AS ?n) { ?c pg:about ?p } GROUP BY ?p }",
}


def rows(solutions: QuerySolutions, text: str) -> list[list[str]]:
    """An answer with its header; SPARQL leaves open in which order GROUP_CONCAT joins, so its words are sorted."""
    names = [variable.value for variable in solutions.variables]
    joined = "GROUP_CONCAT" in text
    return [names, *([cell(solution[name], joined=joined) for name in names] for solution in solutions)]


def cell(term: object, *, joined: bool) -> str:
    """A term with its type."""
    if joined and isinstance(term, Literal) and term.datatype.value.lower().endswith("string"):
        return f"{' '.join(sorted(re.split('[;,]? ', term.value)))}@{term.language}"
    return str(term)


def bound(name: str, language: str, dataset: Dataset, reader: Reader) -> str:
    """The text of a named question."""
    query = NAMED[name]
    given = {p.name: REQUIRED[p.name] for p in query.parameters if p.required}
    return bind(query, given, dataset, reader, language)


@pytest.mark.parametrize("name", NAMED)
def test_named_question(name: str, dataset: Dataset, remote: RemoteStore, store: EmbeddedStore) -> None:
    """Each named question has the embedded store's rows, in its order, with its types, in both languages."""
    for language in LANGUAGES:
        text = bound(name, language, dataset, remote)
        assert rows(remote.select(text), text) == rows(store.select(text), text)


@pytest.mark.parametrize("name", RULES)
def test_rule(name: str, remote: RemoteStore, store: EmbeddedStore) -> None:
    """Each rule constructs the same triples there as here."""
    text = RULES[name].read_text()
    answer = remote.query(text)
    assert isinstance(answer, QueryTriples)
    assert set(answer) == set(store.construct(text))


@pytest.mark.parametrize("name", FREE)
def test_free_query(name: str, remote: RemoteStore, store: EmbeddedStore) -> None:
    """A free query has the same rows there as here; a graph that is not ours takes no part."""
    text = with_prefixes(FREE[name])
    assert rows(remote.select(text), text) == rows(store.select(text), text)


def test_evidence(dataset: Dataset, remote: RemoteStore, store: EmbeddedStore) -> None:
    """The passages under an answer are the same there as here."""
    text = bound("money-totals", "nl", dataset, remote)
    here, there = take(store.select(text)), take(remote.select(text))
    assert add_evidence(there, remote, "nl") == add_evidence(here, store, "nl")
    assert there.passages == here.passages


def test_all_quads(remote: RemoteStore, store: EmbeddedStore) -> None:
    """Every quad of the data set comes back, and no other; blank nodes may have other names."""

    def nameless(quad: Quad) -> str:
        nodes = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        return " ".join("[]" if type(node).__name__ == "BlankNode" else str(node) for node in nodes)

    there = EmbeddedStore()
    there.add(remote.quads())
    assert sorted(map(nameless, there.quads())) == sorted(map(nameless, store.quads()))


def test_kinds(remote: RemoteStore) -> None:
    """ASK and DESCRIBE are answered; a query of another kind than asked for is refused."""
    assert remote.ask("ASK { ?s ?p ?o }")
    assert not remote.ask("ASK { <urn:x> ?p ?o }")
    assert list(remote.construct("DESCRIBE <https://w3id.org/pilotgraph/def#Pilot>"))
    with pytest.raises(SourceError, match="of another kind; use SELECT here"):
        remote.select("ASK {}")
    with pytest.raises(SourceError, match="of another kind; use ASK here"):
        remote.ask("SELECT * {}")
    with pytest.raises(SourceError, match="of another kind; use CONSTRUCT"):
        remote.construct("ASK {}")


def test_long_query(remote: RemoteStore) -> None:
    """A query that is too long for a URL is posted."""
    values = " ".join(f'"{number:050}"' for number in range(1000))
    assert len(list(remote.select(f"SELECT ?v {{ VALUES ?v {{ {values} }} }}"))) == 1000


@pytest.mark.parametrize("text", ["SELECT ?s { ?s a }", "", "DROP ALL", "SELECT ?s {\n  ?s ?p ?o\n  FILTER(\n}"])
def test_syntax_error(text: str, remote: RemoteStore, store: EmbeddedStore) -> None:
    """A syntax error gives the embedded store's message, with its place."""
    with pytest.raises(SourceError) as here:
        store.query(text)
    with pytest.raises(SourceError) as there:
        remote.query(text)
    assert (there.value.message, there.value.line) == (here.value.message, here.value.line)


def test_what_each_server_fails(remote: RemoteStore, loaded: Any) -> None:  # noqa: ANN401
    """Oxigraph answers itself; Virtuoso fails the probes, so that its data are asked here (docs/endpoints.md)."""
    expected = "" if loaded.url.endswith("/query") else next(iter(PROBES))
    assert (remote.deviation, remote.answered_here) == (expected, bool(expected))


def test_login_by_digest(servers: Any, connect: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    """With a password Virtuoso's protected addresses are used, for graphs and for updates."""
    server = servers.virtuoso(tmp_path)
    server.start()
    try:
        for graphs in ("", "none"):
            monkeypatch.setenv("PILOTGRAPH_ENDPOINT_GRAPHS", graphs)
            monkeypatch.setenv("PILOTGRAPH_ENDPOINT_USER", servers.USER)
            monkeypatch.setenv("PILOTGRAPH_ENDPOINT_PASSWORD", servers.PASSWORD)
            upload = Upload(connect(server.url + "-auth"), f"https://example.org/{graphs}/")
            upload.add([Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("é"), NamedNode("https://example.org/g"))])
            upload.finish()
            assert [step.action for step in upload.steps] == ["replace" if graphs else "add"]
            monkeypatch.setenv("PILOTGRAPH_ENDPOINT_PASSWORD", "wrong-password")
            with pytest.raises(EndpointError, match=r"refuses these credentials \(401\)") as caught:
                RemoteStore.open(connect(server.url + "-auth"), f"https://example.org/{graphs}/")
            assert "wrong-password" not in caught.value.message
    finally:
        server.kill()


def test_row_limit(servers: Any, connect: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A Virtuoso that gives 100 rows at most: nothing is lost unsaid, and graphs are read page by page."""
    server = servers.virtuoso(tmp_path, "ResultSetMaxRows = 100")
    server.start()
    base, graph = "https://example.org/", NamedNode("https://example.org/graph/g")
    try:
        connection = connect(server.url)
        upload = Upload(connection, base)
        quads = {Quad(NamedNode(f"urn:{i}"), NamedNode("urn:p"), Literal(str(i)), graph) for i in range(450)}
        upload.add(quads)
        upload.finish()
        store = RemoteStore.open(connection, base)
        assert set(store.quads()) == quads
        assert len(list(store.select("SELECT * { ?s ?p ?o }"))) == 450
        straight = RemoteStore(connection, store.graphs)
        assert len(list(straight.select("SELECT * { ?s ?p ?o } LIMIT 99"))) == 99
        for text in ("SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"):
            with pytest.raises(EndpointError, match=r"gives no more than 10[01] rows and the answer has as many"):
                straight.query(text)
    finally:
        server.kill()


@pytest.mark.parametrize(
    ("text", "form", "has_dataset"),
    [
        ("PREFIX select: <urn:ask#> # CONSTRUCT\nASK { ?from select:from 'FROM' }", "ASK", False),
        ("select ?s from <urn:g> { ?s ?p ?o }", "SELECT", True),
        ('CONSTRUCT { ?s ?p """FROM" <x>""" } FROM NAMED <urn:g> { ?s ?p ?o }', "CONSTRUCT", True),
        ("BASE <http://e/> DESCRIBE <from>", "DESCRIBE", False),
        ("SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SELECT", False),
    ],
)
def test_shape(text: str, form: str, *, has_dataset: bool) -> None:
    """The form of a query and its FROM clauses are told from its words, and nothing is called or computed."""
    assert (shape(text).form, shape(text).has_dataset) == (form, has_dataset)
