"""Every number of a network table, worked out anew by another library or by the definition."""

from __future__ import annotations

import math
import random
from statistics import fmean
from typing import TYPE_CHECKING

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite

from pilotgraph.errors import DatasetError
from pilotgraph.network import (
    MEASURES,
    WHOLE,
    NetworkOptions,
    collapse,
    cross_links,
    measure,
    overview,
    project,
    two_mode,
)
from pilotgraph.network.compute import LARGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.embedded import EmbeddedStore

    Anew = Callable[[nx.Graph[str], igraph.Graph], list[float]]


def in_igraph(graph: nx.Graph[str]) -> igraph.Graph:
    """The same network in igraph, nodes in the same order."""
    places = {node: place for place, node in enumerate(graph)}
    found = igraph.Graph(len(graph), [(places[one], places[two]) for one, two in graph.edges])
    found.es["weight"] = [data.get("weight", 1.0) for *_, data in graph.edges(data=True)]
    return found


def _betweenness(_: nx.Graph[str], other: igraph.Graph) -> list[float]:
    pairs = math.comb(other.vcount() - 1, 2)
    return [value / pairs if pairs else 0.0 for value in other.betweenness(directed=False)]


def _closeness(_: nx.Graph[str], other: igraph.Graph) -> list[float]:
    """By the formula, from the distances that igraph finds."""
    found = []
    for row in other.distances():
        near = [steps for steps in row if 0 < steps < math.inf]
        found.append(len(near) / (other.vcount() - 1) * len(near) / sum(near) if near else 0.0)
    return found


def _articulation(_: nx.Graph[str], other: igraph.Graph) -> list[float]:
    """Take each node away and count the pieces."""
    before = len(other.connected_components())
    found = []
    for node in range(other.vcount()):
        rest = other.copy()
        rest.delete_vertices([node])
        found.append(max(0.0, float(len(rest.connected_components()) - before)))
    return found


def _bridges(_: nx.Graph[str], other: igraph.Graph) -> list[float]:
    """Take each link away and see whether there is a piece more."""
    found = [0.0] * other.vcount()
    before = len(other.connected_components())
    for edge in other.es:
        rest = other.copy()
        rest.delete_edges([edge.index])
        if len(rest.connected_components()) > before:
            for node in edge.tuple:
                found[node] += 1
    return found


def _overlap(graph: nx.Graph[str], _: igraph.Graph) -> list[float]:
    """By the definition, with sets."""
    near = {node: set(graph.neighbors(node)) for node in graph}
    found = []
    for node in graph:
        others = {other for thing in near[node] for other in near[thing]} - {node}
        found.append(fmean(len(near[node] & near[o]) / len(near[node] | near[o]) for o in others) if others else 0.0)
    return found


def _component(graph: nx.Graph[str], other: igraph.Graph) -> list[float]:
    nodes = list(graph)
    pieces = sorted(other.connected_components(), key=lambda piece: (-len(piece), min(nodes[n] for n in piece)))
    return [next(float(n) for n, piece in enumerate(pieces, 1) if node in piece) for node in range(len(nodes))]


ANEW: dict[str, Anew] = {
    "degree": lambda _, other: [float(value) for value in other.degree()],
    "weighted-degree": lambda _, other: other.strength(weights="weight"),
    "betweenness": _betweenness,
    "closeness": _closeness,
    "pagerank": lambda _, other: other.pagerank(weights="weight", damping=0.85),
    "k-core": lambda _, other: [float(value) for value in other.coreness()],
    "articulation": _articulation,
    "bridges": _bridges,
    "two-mode-clustering": _overlap,
    "clustering": lambda _, other: other.transitivity_local_undirected(mode="zero"),
    "component": _component,
}


def whole_anew(graph: nx.Graph[str], other: igraph.Graph) -> dict[str, float]:
    """The numbers of a whole network, worked out anew."""
    pilots = [node for node, data in graph.nodes(data=True) if data["mode"] == "pilot"]
    things = len(graph) - len(pilots) if pilots else 0
    found = {
        "nodes": float(other.vcount()),
        "links": float(other.ecount()),
        "isolated": float(other.degree().count(0)),
        "components": float(len(other.connected_components())),
        "density": other.ecount() / (len(pilots) * things) if things else other.density(),
    }
    if things:
        return found | {"robins-alexander": bipartite.robins_alexander_clustering(graph)}
    return found | {"transitivity": other.transitivity_undirected(mode="zero")}


@pytest.fixture(scope="module")
def networks(dataset: Dataset, reader: EmbeddedStore) -> dict[str, nx.Graph[str]]:
    """The networks of the bundled data whose tables are checked."""
    actors = two_mode(dataset, reader)
    return {
        "actors": actors,
        "actors and groups, no funders": two_mode(dataset, reader, NetworkOptions(kinds=True, funders=False)),
        "goals": two_mode(dataset, reader, NetworkOptions(relation="goal")),
        "places": two_mode(dataset, reader, NetworkOptions(relation="place")),
        "pilots by actors": project(actors, "pilot", "newman"),
        "actors by pilots": project(actors, "actor", "inverse"),
        "cross-links": collapse(cross_links(dataset, reader)),
    }


NAMES = (
    "actors",
    "actors and groups, no funders",
    "goals",
    "places",
    "pilots by actors",
    "actors by pilots",
    "cross-links",
)
TWO_MODE = NAMES[:4]


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("network", NAMES)
def test_measure_of_the_bundled_data(network: str, name: str, networks: dict[str, nx.Graph[str]]) -> None:
    """Each measure of each network is what another computation gives, node by node."""
    graph = networks[network]
    only = MEASURES[name].only
    if only and (only == "two-mode") != (network in TWO_MODE):
        with pytest.raises(DatasetError, match=f"{name}: is for a {only} network"):
            measure(graph, name)
        return
    found = measure(graph, name)
    assert list(found) == list(graph)
    assert list(found.values()) == pytest.approx(ANEW[name](graph, in_igraph(graph)), abs=1e-9)


@pytest.mark.parametrize("network", NAMES)
def test_numbers_of_the_whole(network: str, networks: dict[str, nx.Graph[str]]) -> None:
    """The numbers of each whole network are what another computation gives."""
    graph = networks[network]
    assert overview(graph) == pytest.approx(whole_anew(graph, in_igraph(graph)))


LINKS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 6)), min_size=1)


@given(LINKS)
def test_measures_of_any_network(links: set[tuple[int, int]]) -> None:
    """On networks of any form, with pieces and single nodes, every measure agrees with the other computation."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"p{n}", {"mode": "pilot", "label": f"P{n}"}) for n in range(6))
    graph.add_nodes_from((f"a{n}", {"mode": "organisation", "label": f"A{n}"}) for n in range(7))
    graph.add_edges_from((f"p{one}", f"a{two}", {"claims": [], "sources": []}) for one, two in sorted(links))
    for network in (graph, project(graph, "pilot", "newman")):
        two = network is graph
        for name, found in MEASURES.items():
            if found.only in {"", "two-mode" if two else "one-mode"}:
                expected = ANEW[name](network, in_igraph(network))
                assert list(measure(network, name).values()) == pytest.approx(expected, abs=1e-9), name
        assert overview(network) == pytest.approx(whole_anew(network, in_igraph(network)))


def test_by_hand() -> None:
    """A small network on paper: a path of two organisations between three pilots, and a pilot alone."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(
        (node, {"mode": "pilot" if node[0] == "p" else "organisation"}) for node in ("p1", "p2", "p3", "p4", "a1", "a2")
    )
    graph.add_edges_from([("p1", "a1"), ("p2", "a1"), ("p2", "a2"), ("p3", "a2")])
    found = {name: list(measure(graph, name).values()) for name in MEASURES if name not in {"clustering", "pagerank"}}
    expected = {
        "degree": [1, 2, 1, 0, 2, 2],
        "weighted-degree": [1, 2, 1, 0, 2, 2],
        # Of ten pairs of others, four lead through p2, three through each organisation.
        "betweenness": [0, 0.4, 0, 0, 0.3, 0.3],
        # Four of five others in reach: 4/5 of 4 over the sum of the steps.
        "closeness": [0.32, 16 / 30, 0.32, 0, 16 / 35, 16 / 35],
        "k-core": [1, 1, 1, 0, 1, 1],
        "articulation": [0, 1, 0, 0, 1, 1],
        "bridges": [1, 2, 1, 0, 2, 2],
        # p1 has one of the two that p2 has; p2 meets p1 and p3.
        "two-mode-clustering": [0.5, 0.5, 0.5, 0, 1 / 3, 1 / 3],
        "component": [1, 1, 1, 2, 1, 1],
    }
    assert {name: pytest.approx(values) for name, values in expected.items()} == found
    assert overview(graph) == pytest.approx(
        {"nodes": 6, "links": 4, "isolated": 1, "components": 2, "density": 0.5, "robins-alexander": 0}
    )


def test_robins_alexander_by_hand() -> None:
    """Two pilots that share both organisations close the one path of three links; one more link leaves four of six."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(
        (node, {"mode": "pilot" if node[0] == "p" else "organisation"}) for node in ("p1", "p2", "a1", "a2", "a3")
    )
    graph.add_edges_from([("p1", "a1"), ("p1", "a2"), ("p2", "a1"), ("p2", "a2")])
    assert overview(graph)["robins-alexander"] == 1
    graph.add_edge("p2", "a3")
    assert overview(graph)["robins-alexander"] == pytest.approx(4 / 6)


@pytest.mark.parametrize("name", ["betweenness", "closeness"])
def test_a_large_network_gives_the_same(name: str) -> None:
    """What the faster library gives for a large network is what networkx gives."""
    dice = random.Random(7)  # noqa: S311 - no secret
    size = LARGE + 20
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"n{n}", {"mode": "pilot" if n < size // 3 else "organisation"}) for n in range(size))
    for _ in range(2 * size):
        graph.add_edge(f"n{dice.randrange(size // 3)}", f"n{dice.randrange(size // 3, size)}")
    theirs = {"betweenness": nx.betweenness_centrality, "closeness": nx.closeness_centrality}[name](graph)
    assert len(graph) >= LARGE
    found = measure(graph, name)
    assert found == pytest.approx(theirs, abs=1e-12)
    assert measure(graph, name) == found


def test_empty_networks() -> None:
    """A network without anything has no numbers, and raises nothing."""
    graph: nx.Graph[str] = nx.Graph()
    assert all(measure(graph, name) == {} for name, found in MEASURES.items() if found.only != "two-mode")
    assert set(overview(graph).values()) == {0.0}


def test_unknown_measures_are_refused() -> None:
    """A measure that does not exist is refused, with what was meant."""
    graph: nx.Graph[str] = nx.Graph()
    with pytest.raises(DatasetError, match="betweenes: no such measure; did you mean betweenness"):
        measure(graph, "betweenes")
    with pytest.raises(DatasetError, match="xyz: no such measure; there are degree, weighted-degree"):
        measure(graph, "xyz")


def test_every_measure_is_checked_and_explained() -> None:
    """No measure without an independent computation here, a sentence in both languages, a formula and a source."""
    assert set(ANEW) == set(MEASURES)
    for found in [*MEASURES.values(), *WHOLE.values()]:
        assert set(found.label) == set(found.sentence) == {"en", "nl"}
        for sentence in found.sentence.values():
            assert sentence.endswith(".")
            assert sentence.count(".") == 1
        assert found.formula
        assert found.source


def test_pairs_are_independent_of_order(networks: dict[str, nx.Graph[str]]) -> None:
    """The order of nodes and links does not change a number."""
    graph = networks["actors"]
    turned: nx.Graph[str] = nx.Graph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from((two, one, data) for one, two, data in reversed(list(graph.edges(data=True))))
    for name, found in MEASURES.items():
        if found.only != "one-mode":
            assert measure(turned, name) == pytest.approx(measure(graph, name)), name
    assert overview(turned) == pytest.approx(overview(graph))
