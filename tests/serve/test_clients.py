"""The clients that analysts use, unmodified: curl, SPARQLWrapper, rdflib and Comunica."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import SPARQLWrapper as sw  # noqa: N813 - it is a module
from rdflib import ConjunctiveGraph, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

COMUNICA = Path(__file__).with_name("comunica")
PG = "https://w3id.org/pilotgraph/def#"
BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
ZSM = f"{BASE}id/pilot/zsm"
LABELS = f"""PREFIX pg: <{PG}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label {{ <{ZSM}> skos:prefLabel ?label }} ORDER BY LANG(?label)"""
COUNT = f"SELECT (COUNT(?p) AS ?n) {{ ?p a <{PG}Pilot> }}"


def curl(*arguments: str) -> bytes:
    """What curl writes."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    return subprocess.run(["curl", "-sS", "--max-time", "20", *arguments], capture_output=True, check=True).stdout  # noqa: S607


def test_curl(live: Any) -> None:  # noqa: ANN401
    """The three ways of the protocol, compression and a large upload, as the tutorials write them."""
    url = f"{live.url}/sparql"
    expected = b"n\r\n34\r\n"
    csv = ("-H", "Accept: text/csv")
    assert curl("-G", url, *csv, "--data-urlencode", f"query={COUNT}") == expected
    assert curl(url, *csv, "--data-urlencode", f"query={COUNT}") == expected
    assert curl(url, *csv, "-H", "Content-Type: application/sparql-query", "--data-binary", COUNT) == expected
    assert curl("--compressed", "-G", url, *csv, "--data-urlencode", f"query={COUNT}") == expected
    assert curl("--http1.0", "-G", url, *csv, "--data-urlencode", f"query={COUNT}") == expected


def test_curl_gets_the_refusal_of_a_large_upload(live: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A client such as curl hears why its 20 MB are not taken, whether it waits for 100 Continue or not."""
    large = tmp_path / "large"
    large.write_bytes(b"x" * 20_000_000)
    for expect in ("Expect: 100-continue", "Expect:"):
        headers = ("-H", "Content-Type: application/sparql-query", "-H", expect)
        answer = curl(*headers, "--data-binary", f"@{large}", f"{live.url}/sparql")
        assert json.loads(answer)["status"] == 413


@pytest.mark.parametrize(
    ("method", "request_method"), [(sw.GET, sw.URLENCODED), (sw.POST, sw.URLENCODED), (sw.POST, sw.POSTDIRECTLY)]
)
def test_sparqlwrapper(live: Any, method: str, request_method: str) -> None:  # noqa: ANN401
    """SPARQLWrapper gets tables in JSON, XML, CSV and TSV, truths, and graphs."""
    client = sw.SPARQLWrapper(f"{live.url}/sparql")
    client.setMethod(method)
    client.setRequestMethod(request_method)
    client.setQuery(COUNT)
    client.setReturnFormat(sw.JSON)
    assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "34"
    client.setReturnFormat(sw.XML)
    assert "<literal" in client.queryAndConvert().toxml()
    for form, expected in ((sw.CSV, b"n\r\n34\r\n"), (sw.TSV, b"?n\n34\n")):
        client.setReturnFormat(form)
        assert client.queryAndConvert() == expected
    client.setQuery(f"ASK {{ <{ZSM}> a <{PG}Pilot> }}")
    client.setReturnFormat(sw.JSON)
    assert client.queryAndConvert()["boolean"] is True
    client.setQuery(f"CONSTRUCT {{ ?p a <urn:P> }} WHERE {{ ?p a <{PG}Pilot> }}")
    client.setReturnFormat(sw.TURTLE)
    assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) == 34


def test_sparqlwrapper_hears_of_errors(live: Any) -> None:  # noqa: ANN401
    """A malformed query is SPARQLWrapper's QueryBadFormed, with our reason in it."""
    client = sw.SPARQLWrapper(f"{live.url}/sparql", returnFormat=sw.JSON)
    client.setQuery("SELECT *\nWHERE { ?s ?p }")
    with pytest.raises(sw.SPARQLExceptions.QueryBadFormed, match="query:2"):
        client.queryAndConvert()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(live: Any, method: str) -> None:  # noqa: ANN401
    """The store of rdflib reads the endpoint as a graph: patterns, queries, lengths, and one named graph."""
    store = SPARQLStore(f"{live.url}/sparql", method=method)
    graph = ConjunctiveGraph(store=store)
    labels = {row.label for row in graph.query(LABELS)}  # type: ignore[union-attr]
    assert labels == set(graph.objects(URIRef(ZSM), URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")))
    assert all(isinstance(label, Literal) and label.language in {"nl", "en"} for label in labels)
    pilots = list(graph.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), URIRef(f"{PG}Pilot")))
    assert len(pilots) == 34
    named = Graph(store=store, identifier=URIRef(f"{BASE}graph/decisions"))
    assert (URIRef(ZSM), None, None) not in named
    assert not graph.query("ASK { <urn:nothing> ?p ?o }").askAnswer


def test_comunica(live: Any) -> None:  # noqa: ANN401
    """Comunica finds what the endpoint can do from its description, and answers a join and an aggregate by it."""
    if not (COMUNICA / "node_modules").is_dir() or shutil.which("node") is None:
        pytest.skip("Comunica is not installed: run npm ci in tests/serve/comunica")
    rows = [json.loads(line) for line in _comunica(live, LABELS).splitlines()]
    expected = live.query(LABELS, accept="application/sparql-results+json").json()["results"]["bindings"]
    assert [row["label"] for row in rows] == [row["label"]["value"] for row in expected]
    assert len(rows) == 2
    assert json.loads(_comunica(live, COUNT)) == {"n": "34"}


def _comunica(live: Any, query: str) -> str:  # noqa: ANN401
    line = ["node", "ask.mjs", f"{live.url}/sparql", query]
    done = subprocess.run(line, capture_output=True, check=False, cwd=COMUNICA, env=dict(os.environ), timeout=60)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()
