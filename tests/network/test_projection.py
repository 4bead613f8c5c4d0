"""Projections and their weights: worked out by hand, and against igraph and networkx."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite

from pilotgraph.errors import DatasetError
from pilotgraph.network import LAYERS, NetworkOptions, collapse, cross_links, project, two_mode

if TYPE_CHECKING:
    from conftest import Small

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.embedded import EmbeddedStore

LINKS = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 9)), min_size=1)


def made(links: set[tuple[int, int]]) -> nx.Graph[str]:
    """A two-mode network of pilots p0 to p7 and organisations a0 to a9."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"p{n}", {"label": f"P{n}", "mode": "pilot"}) for n in range(8))
    graph.add_nodes_from((f"a{n}", {"label": f"A{n}", "mode": "organisation"}) for n in range(10))
    for pilot, actor in sorted(links):
        graph.add_edge(f"p{pilot}", f"a{actor}", claims=[f"c{pilot}{actor}"], sources=["s"])
    return graph


def weights(graph: nx.Graph[str]) -> dict[tuple[str, str], float]:
    """The weight of each link, its ends sorted."""
    return {(min(pair), max(pair)): graph.edges[pair]["weight"] for pair in graph.edges}


def short(found: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """The same with the last parts of IRIs: "a-b"."""
    return {"-".join(node.rsplit("/", 1)[-1] for node in pair): value for pair, value in found.items()}


@pytest.mark.parametrize(
    ("onto", "weighting", "expected"),
    [
        # x is with A, B and C; y with B and C; z with C alone. There are five pilots.
        ("pilot", "count", {"a-b": 1, "a-c": 1, "b-c": 2}),
        ("pilot", "newman", {"a-b": 1 / 2, "a-c": 1 / 2, "b-c": 1 / 2 + 1}),
        ("pilot", "inverse", {"a-b": math.log2(5 / 3), "a-c": math.log2(5 / 3), "b-c": math.log2(5 / 3 * 5 / 2)}),
        # B has x and y, C has all three, A has x alone. There are three organisations; what C links weighs nothing.
        ("actor", "count", {"x-y": 2, "x-z": 1, "y-z": 1}),
        ("actor", "newman", {"x-y": 1 + 1 / 2, "x-z": 1 / 2, "y-z": 1 / 2}),
        ("actor", "inverse", {"x-y": math.log2(3 / 2)}),
    ],
)  # fmt: skip
def test_weights_by_hand(small: Small, onto: str, weighting: str, expected: dict[str, float]) -> None:
    """The weights of the small data set are those worked out on paper."""
    graph = project(two_mode(small.dataset, small.reader), onto, weighting)
    assert short(weights(graph)) == pytest.approx(expected)
    assert len(graph) == {"pilot": 5, "actor": 3}[onto]


def test_what_a_link_is_made_of(small: Small) -> None:
    """A link names what is shared, and the claims of both sides."""
    graph = project(two_mode(small.dataset, small.reader))
    pair = small.dataset.iri("pilot", "b"), small.dataset.iri("pilot", "c")
    assert graph.edges[pair] == {
        "weight": 2.0,
        "shared": [small.dataset.iri("organisation", "x"), small.dataset.iri("organisation", "y")],
        "shared_labels": ["Body X", "Body Y"],
        "claims": [small.dataset.iri("claim", name) for name in ("b-x", "b-y", "c-x", "c-y")],
        "sources": ["one", "two"],
    }


def test_nested_places_count_once(small: Small) -> None:
    """Pilots in two districts share the city alone, and a district and its city are not linked by what they share."""
    network = two_mode(small.dataset, small.reader, NetworkOptions(relation="place"))
    assert short(weights(project(network))) == {"a-b": 1.0, "a-c": 1.0, "b-c": 1.0}
    assert short(weights(project(network, "actor"))) == {}


@given(LINKS)
def test_counts_are_those_of_igraph(links: set[tuple[int, int]]) -> None:
    """The count of what two share is the multiplicity that igraph gives, on both sides."""
    graph = made(links)
    names = list(graph)
    other = igraph.Graph.Bipartite(
        [name[0] == "a" for name in names], [(names.index(one), names.index(two)) for one, two in graph.edges]
    )
    both = zip(("pilot", "actor"), other.bipartite_projection(multiplicity=True), strict=True)
    for side, (onto, theirs) in enumerate(both):
        kept = [name for name in names if (name[0] == "a") == bool(side)]
        expected = {
            (min(kept[e.source], kept[e.target]), max(kept[e.source], kept[e.target])): e["weight"] for e in theirs.es
        }
        assert weights(project(graph, onto)) == expected


@given(LINKS)
def test_newman_is_that_of_networkx(links: set[tuple[int, int]]) -> None:
    """Newman's weights are those of networkx, and those of a pilot add up to the things it shares at all."""
    graph = made(links)
    pilots = [node for node in graph if node[0] == "p"]
    theirs = bipartite.collaboration_weighted_projected_graph(graph, pilots)
    found = project(graph, "pilot", "newman")
    assert weights(found) == pytest.approx(weights(theirs))
    for pilot in pilots:
        shared = [thing for thing in graph.neighbors(pilot) if graph.degree[thing] > 1]
        assert found.degree(pilot, weight="weight") == pytest.approx(len(shared))


@given(LINKS)
def test_rarity_is_bits(links: set[tuple[int, int]]) -> None:
    """Two to the power of a link's weight is the product of N / k over what is shared."""
    graph = made(links)
    found = weights(project(graph, "pilot", "inverse"))
    for one, two in project(graph).edges:
        shared = set(graph.neighbors(one)) & set(graph.neighbors(two))
        product = math.prod(8 / graph.degree[thing] for thing in shared)
        assert 2 ** found.get((min(one, two), max(one, two)), 0.0) == pytest.approx(product)


def test_collapse_counts_kinds(dataset: Dataset, reader: EmbeddedStore) -> None:
    """Made one, the cross-links of two pilots weigh the number of kinds, and keep all that they share."""
    many = cross_links(dataset, reader)
    one = collapse(many)
    assert list(one) == list(many)
    assert sum(data["weight"] for *_, data in one.edges(data=True)) == many.number_of_edges()
    for first, second, data in one.edges(data=True):
        kinds = many.get_edge_data(first, second)
        assert data["layers"] == sorted(kinds)
        assert set(data["layers"]) <= set(LAYERS)
        assert set(data["shared"]) == {thing for of in kinds.values() for thing in of["shared"]}
        assert set(data["claims"]) == {claim for of in kinds.values() for claim in of["claims"]}
        assert len(data["shared_labels"]) == len(data["shared"])


@pytest.mark.parametrize(
    ("onto", "weighting", "said"),
    [
        ("pilots", "count", "pilots: no such side; did you mean pilot"),
        ("pilot", "newmann", "newmann: no such weighting; did you mean newman"),
        ("pilot", "xyz", "xyz: no such weighting; there are count, newman, inverse"),
    ],
)
def test_what_does_not_exist(onto: str, weighting: str, said: str) -> None:
    """A side or weighting that does not exist is refused, with what was meant."""
    with pytest.raises(DatasetError, match=said):
        project(made({(0, 0)}), onto, weighting)
