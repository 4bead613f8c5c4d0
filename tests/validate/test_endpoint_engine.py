"""`validate --endpoint --engine sparql` with real servers: the data stay there, with the same findings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from pilotgraph.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Command

# INVENTED VALUES: a claim about nothing, a passage that nothing uses, a date that does not exist, and a concept that is
# broader than itself.
FAULTS = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix pg: <https://w3id.org/pilotgraph/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/id/claim/a> a pg:Period ; dcat:startDate "2031-02-30"^^xsd:date .
<https://example.org/id/evidence/a> a pg:Evidence .
<https://example.org/id/scheme/a> a skos:ConceptScheme .
<https://example.org/id/scheme/a/b> skos:inScheme <https://example.org/id/scheme/a> ;
    skos:broader <https://example.org/id/scheme/a/c> .
<https://example.org/id/scheme/a/c> skos:inScheme <https://example.org/id/scheme/a> ;
    skos:broader <https://example.org/id/scheme/a/b> .
"""
GRAPHS = {"oxigraph": ("/query", "/store?graph="), "virtuoso": ("/sparql", "/sparql-graph-crud?graph-uri=")}


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def endpoint(
    request: pytest.FixtureRequest,
    pilotgraph: Command,
    servers: Any,  # noqa: ANN401
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A server that holds the bundled data set, and faults in one of its graphs."""
    server = servers.STARTERS[request.param](tmp_path_factory.mktemp(request.param))
    server.start()
    try:
        assert pilotgraph("load", "--to", server.url).code == 0
        graph = next(name for name, path in Dataset.open().graph_files() if path.parent.name != "schemes")
        target = server.url.replace(*GRAPHS[request.param]) + quote(graph, safe="")
        headers = {"Content-Type": "text/turtle"}
        httpx.post(target, content=FAULTS.encode(), headers=headers, timeout=60).raise_for_status()
        yield server.url
    finally:
        server.kill()


def test_same_findings_as_from_the_data(endpoint: str, pilotgraph: Command) -> None:
    """Shapes find the same there; the rules `validate/…`, which read all data, are left out.

    So are, and this is said, the check queries on a server that answers some of SPARQL 1.1 otherwise.
    """

    def found(engine: str) -> tuple[set[tuple[str, ...]], str]:
        arguments = ("--format", "json", "--fail-on", "never", "--engine", engine)
        outcome = pilotgraph("validate", "--endpoint", endpoint, *arguments)
        return {(f["severity"], f["rule"], f["focus"], f["value"]) for f in json.loads(outcome.out)}, outcome.err

    (asked, said), (read, _) = found("sparql"), found("columns")
    deviates = endpoint.endswith("/sparql")
    assert ("no check query is asked" in said) == deviates
    assert "left to pySHACL" not in said
    left_out = ("validate/", "check/") if deviates else ("validate/",)
    assert asked == {finding for finding in read if not finding[1].startswith(left_out)}
    rules = {rule for _, rule, focus, _ in asked if focus.startswith("https://example.org/")}
    assert ("check/unused-evidence" in rules) == (not deviates)
    assert any(rule.endswith("sh:MinCountConstraintComponent") for rule in rules)
    assert "<https://example.org/id/scheme/a/b>" in {value for *_, value in asked}
    assert "validate/ill-typed" in {rule for _, rule, _, _ in read}
