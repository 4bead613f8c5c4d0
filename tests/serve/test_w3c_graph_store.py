"""The W3C's tests of the Graph Store Protocol, as far as they read; what writes is refused by design.

The manifests write a graph and read it again. Here the graph that the last write before a reading would have left is
in the store from the start, under the name that the test gives it, and each reading request is sent as it stands.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, parse
from rdflib import Graph, Namespace

if TYPE_CHECKING:
    from collections.abc import Callable

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
W3C = Path(__file__).parents[2].parent / "shared/w3c/sparql/sparql11"
GSP = "http://www.example/gsp/"
WRITING = {"PUT", "POST", "DELETE", "PATCH"}
# Requests that write, in all tests together; each is forbidden.
REFUSED_BY_DESIGN = 21


@dataclass(frozen=True)
class Request:
    """One request of a test: what is sent, the statuses that are right, and the graph that is expected."""

    test: str
    method: str
    path: str
    accept: str
    body: str
    statuses: frozenset[str]
    expected: str


def requests(folder: Path) -> list[Request]:
    """All requests of both manifests, in order."""
    found = []
    for part in ("direct", "indirect"):
        graph = Graph().parse(folder / f"manifest-{part}.ttl")
        for listed in graph.objects(None, MF.entries):
            for test in graph.items(listed):
                asked = graph.value(graph.value(test, MF.action), HT.requests)
                found += [_request(graph, str(test).partition("#")[2], one) for one in graph.items(asked)]
    return found


def _request(graph: Graph, test: str, node: Any) -> Request:  # noqa: ANN401 - a node of rdflib
    listed = graph.value(node, HT.headers)
    fields = graph.items(listed) if listed else ()
    headers = {str(graph.value(f, HT.fieldName)): str(graph.value(f, HT.fieldValue)) for f in fields}
    response = graph.value(node, HT.resp)
    body, expected = graph.value(node, HT.body), graph.value(response, HT.body)
    return Request(
        test,
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        headers.get("accept", ""),
        str(graph.value(body, CNT.chars) or "") if body else "",
        frozenset(str(s).partition("#")[2] for s in graph.objects(response, MF.expectedStatus)),
        str(graph.value(expected, CNT.chars) or "") if expected else "",
    )


ALL = requests(W3C / "graph-store-protocol") if (W3C / "graph-store-protocol").is_dir() else []
READING = [one for one in ALL if one.method not in WRITING and "$" not in one.path]


def graph_of(request: Request) -> str:
    """The graph that a request names; empty for the default graph."""
    if "?default" in request.path:
        return ""
    if "?" in request.path:
        return dict(parse_qsl(request.path.partition("?")[2]))["graph"]
    return f"{GSP}{request.path.removeprefix('/gsp/')}"


def held(request: Request) -> str | None:
    """What the graph of a request holds when it is made, None if there is no such graph."""
    if "NotFound" in request.statuses:
        return None
    return request.expected or "<a> <b> <c> ."


def states(readings: list[Request]) -> list[tuple[dict[str, str | None], list[Request]]]:
    """Few stores, such that each reading finds its graph in one of them as its test left it.

    The default graph is the union of all others, so its reading has a store of its own.
    """
    found: list[tuple[dict[str, str | None], list[Request]]] = []
    for one in readings:
        graph, content = graph_of(one), held(one)
        for graphs, members in found:
            if "" not in graphs and graph and graphs.get(graph, content) == content:
                graphs[graph] = content
                members.append(one)
                break
        else:
            found.append(({graph: content}, [one]))
    return found


STATES = states(READING)


def _conftest() -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    spec = importlib.util.spec_from_file_location("serve_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def canonical(turtle: bytes | str, base: str = GSP) -> Dataset:
    """A graph that can be compared with others, whatever its blank nodes are called."""
    data = turtle if isinstance(turtle, bytes) else turtle.encode()
    triples = (q.triple for q in parse(data, format=RdfFormat.TURTLE, base_iri=base))
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples if isinstance(t, Triple))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_what_is_run_and_what_is_refused(w3c: Path) -> None:
    """Every request of the manifests either reads, or writes and is refused; one reads what only a write can name."""
    asked = requests(w3c / "graph-store-protocol")
    writing = [one for one in asked if one.method in WRITING]
    assert len(writing) == REFUSED_BY_DESIGN
    unnamed = [one.test for one in asked if "$" in one.path]
    assert unnamed == ["post_get_new_graph"]
    assert len(READING) + len(writing) + len(unnamed) == len(asked)


@pytest.fixture(scope="module")
def server(live: Any) -> Any:  # noqa: ANN401
    """The server of the bundled data set."""
    return live


@pytest.mark.parametrize("state", range(len(STATES)))
def test_reading(state: int, start: Callable[..., Any], tmp_path: Path) -> None:
    """Each reading request of the manifests gets the status and the graph that they expect."""
    graphs, members = STATES[state]
    there = {name or f"{GSP}one": content.encode() for name, content in graphs.items() if content is not None}
    live = start("--store", _conftest().write_store(tmp_path / "store", there), "--no-pages")
    for one in members:
        answer = live.client.request(one.method, _ours(one), headers={"accept": one.accept or "*/*"})
        assert {200: "OK", 404: "NotFound"}[answer.status_code] in one.statuses, one
        assert bool(answer.content) is (one.method != "HEAD")
        if one.expected:
            assert answer.headers["content-type"] == "text/turtle"
            assert canonical(answer.content) == canonical(one.expected), one.test
    live.stop()


def _ours(request: Request) -> str:
    """The request at our address; the graphs of the tests lie outside the base, so they are named by parameter."""
    if "?" in request.path:
        return request.path.replace("/gsp", "/graph-store", 1)
    return f"/graph-store?graph={GSP}{request.path.removeprefix('/gsp/')}"


@pytest.mark.parametrize("method", sorted(WRITING))
@pytest.mark.parametrize("path", ["/graph-store?default", "/graph-store?graph=urn:x", "/graph/register"])
def test_writing_is_refused(server: Any, method: str, path: str) -> None:  # noqa: ANN401
    """PUT, POST, DELETE and PATCH are forbidden at every address of a graph, and say why."""
    body = b"<urn:a> <urn:b> <urn:c> ." if method != "DELETE" else None
    answer = server.client.request(method, path, content=body, headers={"content-type": "text/turtle"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Read-only")


def test_direct_and_indirect_are_the_same_graph(server: Any) -> None:  # noqa: ANN401
    """A graph below the base has an address of its own, which gives what the parameter gives."""
    base = "https://w3id.org/pilotgraph/rechtsbijstand/"
    direct = server.client.get("/graph/decisions", headers={"accept": "application/n-triples"})
    indirect = server.client.get(
        "/graph-store", params={"graph": f"{base}graph/decisions"}, headers={"accept": "application/n-triples"}
    )
    counted = server.query(
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{base}graph/decisions> {{ ?s ?p ?o }} }}", accept="text/csv"
    )
    assert direct.status_code == indirect.status_code == 200
    assert direct.content == indirect.content
    assert len(direct.content.splitlines()) == int(counted.text.split()[1]) > 100


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graph-store", 400),
        ("/graph-store?default&graph=urn:x", 400),
        ("/graph-store?graph=urn:x&graph=urn:y", 400),
        ("/graph-store?graph=relative", 400),
        ("/graph-store?graph=", 400),
        ("/graph-store?graph=urn:%FF", 400),
        ("/graph-store?graph=urn:unknown", 404),
        ("/graph/unknown", 404),
        ("/graph/..%2f..%2fetc%2fpasswd", 404),
    ],
)
def test_a_graph_that_is_not_there(server: Any, path: str, status: int) -> None:  # noqa: ANN401
    """What names no graph, or more than one, is a bad request; a graph that is not there is not found."""
    assert server.client.get(path).status_code == status
