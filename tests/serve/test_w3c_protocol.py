"""The W3C's tests of the SPARQL 1.1 Protocol and of the Service Description, by their own manifests."""

from __future__ import annotations

import importlib.util
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, parse, parse_query_results
from rdflib import Graph, Namespace, URIRef
from rdflib.util import guess_format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ROOT = Path(__file__).parents[2]
W3C = ROOT.parent / "shared/w3c/sparql/sparql11"
DATA = "http://kasei.us/2009/09/sparql/data/"
# Refused by design, for the server only reads: each request that would change data gets 403. The manifests ask that
# the first eight succeed, and that the others fail with some 4xx.
UPDATES = {
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
}
REFUSED_UPDATES = {
    "bad_update_get": 403,
    "bad_multiple_updates": 403,
    "bad_update_wrong_media_type": 415,
    "bad_update_missing_form_type": 415,
    "bad_update_non_utf8": 403,
    "bad_update_syntax": 403,
    "bad_update_dataset_conflict": 403,
}
REFUSED_QUERIES = {
    "bad_query_method": 405,
    "bad_multiple_queries": 400,
    "bad_query_wrong_media_type": 415,
    "bad_query_missing_form_type": 415,
    "bad_query_missing_direct_type": 415,
    "bad_query_non_utf8": 400,
    "bad_query_syntax": 400,
}


@dataclass(frozen=True)
class Request:
    """One request of a test, and what is expected."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    form: str


def requests(folder: Path) -> dict[str, list[Request]]:
    """The tests of a manifest, in order."""
    graph = Graph().parse(folder / "manifest.ttl", format=guess_format("x.ttl"))
    entries = graph.value(predicate=MF.entries)
    del entries
    found = {}
    for listed in graph.objects(None, MF.entries):
        for test in graph.items(listed):
            connection = graph.value(test, MF.action)
            asked = graph.value(connection, HT.requests)
            found[str(test).partition("#")[2]] = [_request(graph, one) for one in graph.items(asked)]
    return found


def _request(graph: Graph, node: Any) -> Request:  # noqa: ANN401 - a node of rdflib
    fields = graph.items(graph.value(node, HT.headers)) if graph.value(node, HT.headers) else ()
    headers = {str(graph.value(f, HT.fieldName)): str(graph.value(f, HT.fieldValue)) for f in fields}
    body = graph.value(node, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding)) if body else ""
    response = graph.value(node, HT.resp)
    boolean = graph.value(response, MF.expectedBoolean)
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        headers,
        str(graph.value(body, CNT.chars)).encode(encoding) if body else None,
        frozenset(str(s).partition("#")[2] for s in graph.objects(response, MF.expectedStatus)),
        None if boolean is None else bool(boolean.toPython()),
        str(graph.value(response, MF.expectedFormat) or ""),
    )


TESTS = requests(W3C / "protocol") if (W3C / "protocol").is_dir() else {}


def _conftest() -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    spec = importlib.util.spec_from_file_location("serve_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def server(w3c: Path, start: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401
    """A server that holds the graphs of which the tests speak."""
    graphs = {f"{DATA}data{n}.rdf": (w3c / f"protocol/data{n}.nt").read_bytes() for n in (1, 2, 3)}
    store = _conftest().write_store(tmp_path_factory.mktemp("w3c") / "store", graphs)
    return start("--store", store, "--no-pages")


def send(server: Any, request: Request) -> httpx.Response:  # noqa: ANN401
    """Send a request as the manifest writes it."""
    headers = dict(request.headers)
    built = server.client.build_request(request.method, request.path, content=request.body, headers=headers)
    if "content-type" not in headers:
        built.headers.pop("content-type", None)
    answer: httpx.Response = server.client.send(built)
    return answer


def check_answer(answer: httpx.Response, request: Request) -> None:
    """The answer is of the form, and gives the truth, that the manifest expects."""
    kind = answer.headers["content-type"]
    if request.form == "RDF":
        assert list(parse(io.BytesIO(answer.content), format=None or _rdf(kind))) is not None
        return
    found = parse_query_results(answer.content, format=QueryResultsFormat.from_media_type(kind))
    assert isinstance(found, QueryBoolean if request.form == "boolean" else QuerySolutions)
    if request.boolean is not None:
        assert isinstance(found, QueryBoolean)
        assert bool(found) is request.boolean


def _rdf(kind: str) -> Any:  # noqa: ANN401
    from pyoxigraph import RdfFormat  # noqa: PLC0415

    found = RdfFormat.from_media_type(kind)
    assert found is not None, kind
    return found


def test_every_test_is_accounted_for(w3c: Path) -> None:
    """The manifest has 34 tests, and each is either passed as it stands or refused by design."""
    assert len(requests(w3c / "protocol")) == 34
    passed = {name for name in TESTS if name not in UPDATES}
    assert set(REFUSED_UPDATES) | set(REFUSED_QUERIES) < passed
    assert set(TESTS) > UPDATES


@pytest.mark.parametrize("name", [name for name in TESTS if name not in UPDATES])
def test_protocol(server: Any, name: str) -> None:  # noqa: ANN401
    """A test of the W3C passes: the class of the status, the form of the answer, and whether it is true."""
    for request in TESTS[name]:
        answer = send(server, request)
        assert f"StatusCode{answer.status_code // 100}xx" in request.statuses, answer.text
        exact = REFUSED_UPDATES.get(name) or REFUSED_QUERIES.get(name)
        if exact is not None:
            assert (answer.status_code, answer.headers["content-type"]) == (exact, "application/problem+json")
            assert answer.json()["detail"]
        else:
            check_answer(answer, request)


@pytest.mark.parametrize("name", sorted(UPDATES & set(TESTS)))
def test_updates_are_refused(server: Any, name: str) -> None:  # noqa: ANN401
    """What would change data is forbidden, and says why; nothing is changed."""
    before = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv").text
    for request in TESTS[name]:
        if b"ASK" in (request.body or b""):
            continue
        answer = send(server, request)
        assert (answer.status_code, answer.json()["title"]) == (403, "Read-only")
    assert server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", accept="text/csv").text == before == "n\r\n3\r\n"


@pytest.fixture(scope="module")
def described(server: Any) -> Graph:  # noqa: ANN401
    """What a bare GET at the endpoint gives."""
    answer = server.client.get("/sparql", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def test_description_returns_rdf(server: Any, described: Graph) -> None:  # noqa: ANN401
    """W3C returns-rdf: GET on the endpoint returns RDF, the same in each form."""
    triples = {tuple(map(str, triple)) for triple in described}
    for kind in ("application/n-triples", "application/ld+json", "application/trig", "application/n-quads"):
        answer = server.client.get("/sparql", headers={"accept": kind})
        found = parse(answer.content, format=_rdf(answer.headers["content-type"]))
        plain = {(q.subject.value, q.predicate.value, getattr(q.object, "value", "")) for q in found}
        assert plain == triples


def test_description_has_endpoint_triple(server: Any, described: Graph) -> None:  # noqa: ANN401
    """W3C has-endpoint-triple: the description names the address at which it was found."""
    assert list(described.objects(None, SD.endpoint)) == [URIRef(f"{server.url}/sparql")]


def test_description_conforms_to_schema(described: Graph) -> None:
    """W3C conforms-to-schema: what is said uses the classes and properties of the vocabulary as it defines them."""
    classes = {SD.endpoint: SD.Service, SD.defaultDataset: SD.Service, SD.defaultGraph: SD.Dataset}
    classes |= {SD.namedGraph: SD.Dataset, SD.name: SD.NamedGraph, SD.graph: SD.NamedGraph}
    for predicate, kind in classes.items():
        subjects = set(described.subjects(predicate))
        assert subjects, predicate
        assert subjects <= set(described.subjects(URIRef(str(NamedNode(RDF).value)), kind)), predicate
    known = {"Service", "Dataset", "Graph", "NamedGraph", "endpoint", "supportedLanguage", "feature", "resultFormat"}
    known |= {"defaultDataset", "defaultGraph", "namedGraph", "name", "graph", "SPARQL11Query", "UnionDefaultGraph"}
    used = {str(term).removeprefix(str(SD)) for triple in described for term in triple if str(term).startswith(str(SD))}
    assert used == known
    named = {str(name) for name in described.objects(None, SD.name)}
    assert named == {f"{DATA}data{n}.rdf" for n in (1, 2, 3)}


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@pytest.fixture(scope="module", autouse=True)
def _nothing_left(server: Any) -> Iterator[None]:  # noqa: ANN401
    yield
    assert server.answers()
