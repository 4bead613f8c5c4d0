"""Large networks: the same numbers by sparse matrices, and projections that do not explode."""

from __future__ import annotations

import random
import time
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from pilotgraph.network import compute, measure, overview, project, sparse
from pilotgraph.network.clusters import cluster_json, cluster_report, cluster_text, modularity, sampled
from pilotgraph.network.clusters.incidence import incidence
from pilotgraph.network.clusters.modularity import two_mode
from pilotgraph.network.projection import STRONGEST, WEIGHTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

TOLERANCE = 1e-9


def network(pilots: int, actors: int, seed: int, hub: int = 0) -> nx.Graph[str]:
    """A two-mode network with popular and rare actors; with `hub`, so many pilots have one actor more."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"p{i:06d}", {"mode": "pilot", "label": str(i)}) for i in range(pilots))
    graph.add_nodes_from((f"a{i:06d}", {"mode": "organisation", "label": str(i)}) for i in range(actors))
    said = {"claims": [], "sources": []}
    for pilot in range(pilots):
        for _ in range(chance.randint(0, 4)):
            graph.add_edge(f"p{pilot:06d}", f"a{int(actors ** chance.random()) - 1:06d}", **said)
        if pilot < hub:
            graph.add_edge(f"p{pilot:06d}", "a000000", **said)
    return graph


@pytest.mark.parametrize("name", ["pagerank", "bridges", "two-mode-clustering", "closeness"])
def test_large_networks_give_the_same_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each measure of a network in several pieces is the same by either way, node by node."""
    graph = network(300, 90, 1)
    expected = measure(graph, name)
    for limit in ("LARGE", "SPARSE"):
        monkeypatch.setattr(compute, limit, 0)
    monkeypatch.setattr(sparse, "SAMPLED", 0)
    # With every node as a pivot an estimate is the value itself.
    monkeypatch.setattr(sparse, "PIVOTS", len(graph))
    found = measure(graph, name)
    assert list(found) == list(expected)
    assert found == pytest.approx(expected, abs=TOLERANCE)


def test_clustering_and_overview_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Triangles and four-cycles are counted the same by either way."""
    two_mode = network(200, 60, 2)
    one_mode = project(two_mode)
    expected = measure(one_mode, "clustering"), overview(two_mode)
    monkeypatch.setattr(compute, "SPARSE", 0)
    assert measure(one_mode, "clustering") == pytest.approx(expected[0], abs=TOLERANCE)
    assert overview(two_mode) == pytest.approx(expected[1], abs=TOLERANCE)


def test_sampled_betweenness_is_that_of_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the same pivots, the estimate is the same as that of networkx."""
    graph = network(400, 120, 3)
    monkeypatch.setattr(sparse, "SAMPLED", 0)
    monkeypatch.setattr(sparse, "PIVOTS", 50)
    expected = nx.betweenness_centrality(graph, k=50, seed=sparse.SEED)
    assert measure(graph, "betweenness") == pytest.approx(expected, abs=TOLERANCE)


def test_an_estimated_closeness_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pieces are searched whole and exact; in the largest, half of the nodes as pivots come near."""
    graph = network(400, 120, 6)
    expected = measure(graph, "closeness")
    monkeypatch.setattr(sparse, "SAMPLED", 0)
    monkeypatch.setattr(sparse, "PIVOTS", 200)
    pieces = measure(graph, "component")
    found = measure(graph, "closeness")
    small = {node for node, piece in pieces.items() if piece > 1}
    assert len(small) > 20
    assert {node: found[node] for node in small} == pytest.approx(
        {node: expected[node] for node in small}, abs=TOLERANCE
    )
    assert found == pytest.approx(expected, rel=0.08)


def test_the_large_search_divides_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best of some searches has the same modularity by either way, within a hundredth; and it tells it right."""
    of = incidence(network(250, 80, 7))
    small = [two_mode(of, seed, "newman", 1.0)[0] for seed in range(20)]
    monkeypatch.setattr(modularity, "LARGE", 0)
    searches = [two_mode(of, seed, "newman", 1.0) for seed in range(20)]
    assert max(quality for quality, _ in searches) == pytest.approx(max(small), abs=0.01)
    assert searches == [two_mode(of, seed, "newman", 1.0) for seed in range(20)]


def test_the_large_search_finds_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pilots that share partners only within three groups come out as those groups, with Barber's modularity."""
    graph: nx.Graph[str] = nx.Graph()
    for pilot in range(60):
        graph.add_node(f"p{pilot}", mode="pilot", label="")
        for actor in range(6):
            graph.add_node(f"a{pilot % 3}-{actor}", mode="organisation", label="")
            if (pilot + actor) % 4:
                graph.add_edge(f"p{pilot}", f"a{pilot % 3}-{actor}")
    of = incidence(graph)
    monkeypatch.setattr(modularity, "LARGE", 0)
    quality, labels = max(two_mode(of, seed, "newman", 1.0) for seed in range(5))
    assert len({(int(pilot[1:]) % 3, label) for pilot, label in zip(of.pilots, labels, strict=True)}) == 3
    assert quality == pytest.approx(2 / 3)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_matrix_is_that_of_networkx(weighted: bool) -> None:  # noqa: FBT001 - a case
    """Links of ones or of weights, in the order of the nodes; a network without weights has ones either way."""
    two = network(80, 30, 8)
    for graph in (two, project(two, weighting="inverse")):
        expected = nx.to_scipy_sparse_array(graph, weight="weight" if weighted else None, dtype=float)
        assert (sparse.matrix(graph, weighted=weighted).toarray() == expected.toarray()).all()


def test_a_projection_is_made_the_same_whatever_is_shared() -> None:
    """One thing or several, with the claims and sources of both sides, each once and sorted."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from([("p", {"mode": "pilot", "label": "P"}), ("q", {"mode": "pilot", "label": "Q"})])
    for thing, claims, sources in (("b", ["c3"], ["s"]), ("a", ["c1", "c2"], ["s", "t"])):
        graph.add_node(thing, mode="organisation", label=thing.upper())
        graph.add_edge("p", thing, claims=claims, sources=sources)
        graph.add_edge("q", thing, claims=[f"{claim}q" for claim in claims], sources=["s"])
    assert list(project(graph).edges(data=True)) == [
        (
            "p",
            "q",
            {
                "weight": 2.0,
                "shared": ["a", "b"],
                "shared_labels": ["A", "B"],
                "claims": ["c1", "c1q", "c2", "c2q", "c3", "c3q"],
                "sources": ["s", "t"],
            },
        )
    ]
    graph.remove_node("b")
    [(_, _, link)] = project(graph).edges(data=True)
    assert link == {
        "weight": 1.0,
        "shared": ["a"],
        "shared_labels": ["A"],
        "claims": ["c1", "c1q", "c2", "c2q"],
        "sources": ["s", "t"],
    }
    # The lists of a link are its own: who changes one changes no other.
    assert link["sources"] is not graph.edges["p", "a"]["sources"]


@pytest.mark.parametrize(
    ("most_pairs", "methods", "left_out"),
    [(1_000_000, ["projection", "two-mode"], ("cores",)), (10, ["two-mode"], ("projection", "cores"))],
    ids=["few links", "many links"],
)
def test_a_large_network_is_tested_on_samples(
    most_pairs: int, methods: list[str], left_out: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report tells its groups and what was left out, in words too, and is the same each time."""
    monkeypatch.setattr(sampled, "MOST_PAIRS", most_pairs)
    monkeypatch.setattr(modularity, "LARGE", 0)
    chance = random.Random(9)  # noqa: S311 - a simulation
    graph: nx.Graph[str] = nx.Graph()
    for pilot in range(330):
        graph.add_node(f"p{pilot:03d}", mode="pilot", label=str(pilot))
        for place in {*chance.sample(range(8), 3), chance.randrange(240)}:
            actor = place + 8 * (pilot % 30) if place < 8 else place
            graph.add_node(f"a{actor:03d}", mode="organisation", label=str(actor))
            graph.add_edge(f"p{pilot:03d}", f"a{actor:03d}", claims=[], knowing="stated")
    steps: list[tuple[int, int]] = []
    report = cluster_report(graph, progress=lambda _what, done, total: steps.append((done, total)))
    assert (report.verdict, report.reasons, report.cores, report.drawn) == ("weak", ("sampled",), (), sampled.DRAWN)
    assert report.left_out == left_out
    assert [method.method for method in report.methods] == methods
    assert (report.methods_agree is None) == (len(methods) == 1)
    assert steps == [(n, steps[-1][1]) for n in range(steps[-1][1] + 1)]
    told = [group.pilots for group in report.groups]
    assert told == list(report.methods[-1].groups[: sampled.MOST_TOLD])
    assert all(group.holds for group in report.groups[:5])
    assert report == cluster_report(graph)
    for language, text in (("en", "for the network is large"), ("nl", "want het netwerk is groot")):
        assert text in cluster_text(report, language)
        assert text in " ".join(cluster_json(report, language)["says"])


def test_a_large_network_without_groups_is_said_so() -> None:
    """Where who has what is drawn by lot, random networks are as modular, and no groups are told."""
    chance = random.Random(10)  # noqa: S311 - a simulation
    graph: nx.Graph[str] = nx.Graph()
    for pilot in range(400):
        graph.add_node(f"p{pilot}", mode="pilot", label="")
        for actor in chance.sample(range(60), 4):
            graph.add_node(f"a{actor}", mode="organisation", label="")
            graph.add_edge(f"p{pilot}", f"a{actor}", claims=[], knowing="stated")
    report = cluster_report(graph)
    assert (report.verdict, report.reasons, report.groups) == ("none", ("chance",), ())


def strongest_by_hand(
    graph: nx.Graph[str], onto: str, weigh: Callable[[int, int], float], most: int
) -> dict[tuple[str, str], float]:
    """The strongest links of each node, from all pairs."""
    kept = sorted(node for node, data in graph.nodes(data=True) if (data["mode"] == "pilot") == (onto == "pilot"))
    weights = {
        pair: round(
            sum(weigh(graph.degree[thing], len(kept)) for thing in set(graph[pair[0]]) & set(graph[pair[1]])), 9
        )
        for pair in combinations(kept, 2)
    }
    chosen = set()
    for node in kept:
        mine = [(-weight, *pair) for pair, weight in weights.items() if node in pair and weight > 0]
        ordered = sorted((weight, one if two == node else two, one, two) for weight, one, two in mine)
        chosen.update((one, two) for _, _, one, two in ordered[:most])
    return {pair: weights[pair] for pair in chosen}


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@pytest.mark.parametrize("onto", ["pilot", "actor"])
@pytest.mark.parametrize("many", [3, 12, 500])
def test_the_strongest_links_are_kept(weighting: str, onto: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever things count as those that many have, each node keeps its strongest links, and no others are there."""
    monkeypatch.setattr("pilotgraph.network.strongest._MANY", many)
    graph = network(70, 30, 4, hub=60)
    found = project(graph, onto, weighting, most=3)
    links = {(one, two): round(data["weight"], 9) for one, two, data in found.edges(data=True)}
    assert links == strongest_by_hand(graph, onto, WEIGHTINGS[weighting], 3)
    assert found.graph["strongest"] == 3


def test_a_hub_does_not_explode() -> None:
    """One partner of 30,000 pilots would make 450 million pairs; some strongest links of each are made instead."""
    graph = network(30_000, 4_000, 5, hub=30_000)
    begin = time.monotonic()
    pairs = project(graph)
    assert time.monotonic() - begin < 60
    assert pairs.graph["strongest"] == STRONGEST
    assert len(pairs) == 30_000
    assert min(degree for _, degree in pairs.degree()) >= STRONGEST
    assert pairs.number_of_edges() <= STRONGEST * len(pairs)
