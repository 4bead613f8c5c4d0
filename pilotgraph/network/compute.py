"""How the measures are worked out: with networkx, and where that is slow on a large network with rustworkx or scipy.

All count steps and not weights, except where the name says weighted, and PageRank.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final, cast

from pilotgraph.network import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx
    import rustworkx

Scores = dict[str, float]

# From here on the same algorithm in a compiled library is worth the conversion.
LARGE: Final = 500
# And from here on for what networkx works out in little more than the time of the conversion, or scipy's start.
SPARSE: Final = 5_000
# One thread: the sums of several arrive in another order each time, and so differ in their last digits.
_NEVER_PARALLEL: Final = 2**31
_DAMPING: Final = 0.85
_TOLERANCE: Final = 1e-13
_MOST_ROUNDS: Final = 1000


def degree(graph: nx.Graph[str]) -> Scores:
    """Count the links of each node."""
    return {node: float(number) for node, number in graph.degree()}


def weighted_degree(graph: nx.Graph[str]) -> Scores:
    """Add up the weights of the links of each node; a link without a weight counts as one."""
    return {node: math.fsum(data.get("weight", 1.0) for data in near.values()) for node, near in graph.adjacency()}


def betweenness(graph: nx.Graph[str]) -> Scores:
    """Which share of the shortest paths between two others goes through each node."""
    import networkx as nx  # noqa: PLC0415 - only networks need it

    if len(graph) < LARGE:
        return dict(nx.betweenness_centrality(graph))
    if len(graph) > sparse.SAMPLED:
        return sparse.betweenness(graph)
    import rustworkx  # noqa: PLC0415 - only a large network needs it

    scores = rustworkx.betweenness_centrality(_compiled(graph), parallel_threshold=_NEVER_PARALLEL)
    return dict(zip(graph, scores.values(), strict=True))


def closeness(graph: nx.Graph[str]) -> Scores:
    """The inverse mean distance to the nodes in reach, times the share of all nodes that are in reach."""
    import networkx as nx  # noqa: PLC0415

    if len(graph) < LARGE:
        return dict(nx.closeness_centrality(graph, wf_improved=True))
    if len(graph) > sparse.SAMPLED:
        return sparse.closeness(graph)
    import rustworkx  # noqa: PLC0415

    scores = rustworkx.closeness_centrality(_compiled(graph), wf_improved=True, parallel_threshold=_NEVER_PARALLEL)
    return dict(zip(graph, scores.values(), strict=True))


def pagerank(graph: nx.Graph[str]) -> Scores:
    """The share of time that a walker spends at each node who follows a link by weight, or jumps at times.

    Worked out here because networkx needs scipy for it, which starts slowly.
    """
    if len(graph) >= SPARSE:
        return sparse.pagerank(graph)
    size = len(graph)
    total = weighted_degree(graph)
    scores = dict.fromkeys(graph, 1 / size) if size else {}
    for _ in range(_MOST_ROUNDS):
        stranded = math.fsum(scores[node] for node in graph if not total[node])
        base = (1 - _DAMPING + _DAMPING * stranded) / size if size else 0.0
        new = {
            node: base
            + _DAMPING
            * math.fsum(scores[other] * data.get("weight", 1.0) / total[other] for other, data in near.items())
            for node, near in graph.adjacency()
        }
        change = math.fsum(abs(new[node] - scores[node]) for node in graph)
        scores = new
        if change < _TOLERANCE * max(size, 1):
            break
    return scores


def k_core(graph: nx.Graph[str]) -> Scores:
    """The largest k of a k-core that holds each node."""
    import networkx as nx  # noqa: PLC0415

    return {node: float(number) for node, number in nx.core_number(graph).items()}


def articulation(graph: nx.Graph[str]) -> Scores:
    """How many pieces more there are without each node: one less than the blocks that meet in it."""
    import networkx as nx  # noqa: PLC0415

    found = cast("Iterable[set[str]]", nx.biconnected_components(graph))  # its stub says lists of sets
    blocks = Counter(chain.from_iterable(found))
    return {node: float(max(0, blocks[node] - 1)) for node in graph}


def bridges(graph: nx.Graph[str]) -> Scores:
    """How many links of each node are the only way between two parts."""
    import networkx as nx  # noqa: PLC0415

    if len(graph) >= SPARSE:
        import rustworkx  # noqa: PLC0415

        names = list(graph)
        ends = Counter(names[end] for bridge in rustworkx.bridges(_compiled(graph)) for end in bridge)
    else:
        ends = Counter(chain.from_iterable(nx.bridges(graph)))
    return {node: float(ends[node]) for node in graph}


def two_mode_clustering(graph: nx.Graph[str]) -> Scores:
    """The mean overlap (Jaccard) of the neighbours of each node with those of each it shares one with."""
    from networkx.algorithms import bipartite  # noqa: PLC0415

    if len(graph) >= SPARSE:
        return sparse.two_mode_clustering(graph)
    return dict(bipartite.latapy_clustering(graph, mode="dot"))


def clustering(graph: nx.Graph[str]) -> Scores:
    """Which share of the pairs of neighbours of each node is linked."""
    import networkx as nx  # noqa: PLC0415

    if len(graph) >= SPARSE:
        return sparse.clustering(graph)
    scores = cast("dict[str, float]", nx.clustering(graph))
    return {node: float(value) for node, value in scores.items()}


def component(graph: nx.Graph[str]) -> Scores:
    """Number the pieces of the network from 1, the largest first, and of equal ones the first by its first node."""
    import networkx as nx  # noqa: PLC0415

    pieces = sorted(nx.connected_components(graph), key=lambda piece: (-len(piece), min(piece)))
    number = {node: float(n) for n, piece in enumerate(pieces, 1) for node in piece}
    return {node: number[node] for node in graph}


def density(graph: nx.Graph[str]) -> float:
    """Which share of the links that could be there is there."""
    pilots = len(pilots_of(graph))
    size = len(graph)
    possible = pilots * (size - pilots) if two_sided(graph) else size * (size - 1) // 2
    return graph.number_of_edges() / possible if possible else 0.0


def robins_alexander(graph: nx.Graph[str]) -> float:
    """Four times the four-cycles per path of three links: how often two who share something share another thing."""
    pilots = pilots_of(graph)
    if len(graph) >= SPARSE:
        cycles = sparse.four_cycles(graph, pilots)
    else:
        things = set(graph) - pilots
        shared = Counter(pair for thing in things for pair in combinations(sorted(graph.neighbors(thing)), 2))
        cycles = sum(math.comb(number, 2) for number in shared.values())
    paths = sum((graph.degree[one] - 1) * (graph.degree[other] - 1) for one, other in graph.edges)
    return 4 * cycles / paths if paths else 0.0


def transitivity(graph: nx.Graph[str]) -> float:
    """Three times the triangles per path of two links."""
    import networkx as nx  # noqa: PLC0415

    return float(nx.transitivity(graph))


def two_sided(graph: nx.Graph[str]) -> bool:
    """Tell whether every link of a network is between a pilot and something else, and there is something else."""
    pilots = pilots_of(graph)
    return 0 < len(pilots) < len(graph) and all((one in pilots) != (two in pilots) for one, two in graph.edges)


def pilots_of(graph: nx.Graph[str]) -> set[str]:
    """The nodes of a network that are pilots."""
    return {node for node, data in graph.nodes(data=True) if data["mode"] == "pilot"}


def _compiled(graph: nx.Graph[str]) -> rustworkx.PyGraph[str, None]:
    """The links of a network for rustworkx, nodes in the same order."""
    import rustworkx  # noqa: PLC0415

    places = {node: place for place, node in enumerate(graph)}
    compiled: rustworkx.PyGraph[str, None] = rustworkx.PyGraph()
    compiled.add_nodes_from(list(graph))
    compiled.add_edges_from_no_data([(places[one], places[two]) for one, two in graph.edges])
    return compiled
