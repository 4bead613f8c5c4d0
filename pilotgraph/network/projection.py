"""Projections of a two-mode network: pilots by what they share, actors by the pilots they share."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.errors import DatasetError
from pilotgraph.network.compute import pilots_of
from pilotgraph.network.networks import smallest
from pilotgraph.queries import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

ONTO: Final = ("pilot", "actor")
# More pairs than these are not made: of each node only so many of the strongest links are.
TOO_MANY: Final = 2_000_000
STRONGEST: Final = 10


def count(holders: int, population: int) -> float:  # noqa: ARG001 - every weighting takes both
    """Count each shared thing as one.

    >>> count(5, 34)
    1.0
    """
    return 1.0


def newman(holders: int, population: int) -> float:  # noqa: ARG001
    """Divide each thing evenly over the others who have it: 1 / (k - 1) for k holders (Newman 2001).

    Source: M. E. J. Newman, Scientific collaboration networks II, Physical Review E 64 (2001), 016132.

    >>> newman(2, 34), newman(5, 34)
    (1.0, 0.25)
    """
    return 1 / (holders - 1)


def inverse(holders: int, population: int) -> float:
    """Weigh each thing by its rarity: log2(N / k) for k holders among N, its information content in bits.

    The same as the first factor of the weights of `pilotgraph explain`; what all share weighs nothing.
    Source: K. Spärck Jones, A statistical interpretation of term specificity, Journal of Documentation 28 (1972).

    >>> inverse(2, 8), inverse(8, 8)
    (2.0, 0.0)
    """
    return math.log2(population / holders)


WEIGHTINGS: Final[dict[str, Callable[[int, int], float]]] = {"count": count, "newman": newman, "inverse": inverse}


def project(
    graph: nx.Graph[str], onto: str = "pilot", weighting: str = "count", most: int | None = None
) -> nx.Graph[str]:
    """Project a two-mode network onto its pilots, or (`actor`) onto what they are linked to.

    Two nodes are joined if they share something in the network, of places only the smallest. Edges have `weight`
    (the sum over what is shared of :data:`WEIGHTINGS`, where k counts all who have it and N all nodes of the side
    projected onto), `shared` (IRIs), `shared_labels`, `claims` (of both sides) and `sources`; an edge whose
    weight would be nought is left out. Nodes keep their attributes, also those that share nothing.

    With `most`, only so many strongest links of each node are made (:mod:`pilotgraph.network.strongest`). If there
    would be more than :data:`TOO_MANY` pairs, `most` is :data:`STRONGEST` unless given. The graph then says so by
    its attribute `strongest`. Places inside each other are told apart after the choice.

    Raises DatasetError for a side or weighting that does not exist.
    """
    import networkx as nx  # noqa: PLC0415 - only networks need it

    for given, known, what in ((onto, ONTO, "side"), (weighting, WEIGHTINGS, "weighting")):
        if given not in known:
            hint = did_you_mean(given, known) or f"; there are {', '.join(known)}"
            msg = f"{given}: no such {what}{hint}"
            raise DatasetError(msg)
    pilots = pilots_of(graph)
    kept = pilots if onto == "pilot" else set(graph) - pilots
    result: nx.Graph[str] = nx.Graph()
    result.add_nodes_from((node, dict(graph.nodes[node])) for node in sorted(kept))
    weigh = WEIGHTINGS[weighting]
    if most is None and sum(math.comb(graph.degree[thing], 2) for thing in graph if thing not in kept) > TOO_MANY:
        most = STRONGEST
    if most is None:
        pairs = _shared(graph, kept)
    else:
        result.graph["strongest"] = most
        pairs = _strongest(graph, sorted(kept), weigh, most)
    for pair, shared in sorted(pairs.items()):
        weight = math.fsum(weigh(graph.degree[thing], len(kept)) for thing in shared)
        if weight:
            result.add_edge(*pair, weight=weight, **_edge(graph, pair, shared))
    return result


def collapse(graph: nx.MultiGraph[str]) -> nx.Graph[str]:
    """Make one link of all the cross-links between two pilots (:func:`cross_links`).

    `weight` is the number of kinds, `layers` names them; `shared`, `shared_labels`, `claims` and `sources` are those
    of all kinds together.
    """
    import networkx as nx  # noqa: PLC0415

    result: nx.Graph[str] = nx.Graph()
    result.add_nodes_from(graph.nodes(data=True))
    for one, two in sorted({tuple(sorted(pair)) for pair in graph.edges()}):
        layers = dict(graph.get_edge_data(one, two))
        labels = {
            thing: label
            for data in layers.values()
            for thing, label in zip(data["shared"], data["shared_labels"], strict=True)
        }
        result.add_edge(
            one,
            two,
            weight=float(len(layers)),
            layers=sorted(layers),
            shared=sorted(labels),
            shared_labels=[labels[thing] for thing in sorted(labels)],
            claims=sorted({claim for data in layers.values() for claim in data["claims"]}),
            sources=sorted({source for data in layers.values() for source in data["sources"]}),
        )
    return result


def _strongest(
    graph: nx.Graph[str], kept: list[str], weigh: Callable[[int, int], float], most: int
) -> dict[tuple[str, str], list[str]]:
    """What those two nodes share, sorted, that are among the strongest links of one of them."""
    import numpy as np  # noqa: PLC0415 - only a large network needs it
    from scipy.sparse import csr_array  # noqa: PLC0415

    from pilotgraph.network.strongest import strongest  # noqa: PLC0415

    rows = {node: place for place, node in enumerate(kept)}
    # What one node has joins nothing.
    things = [thing for thing in sorted(set(graph) - set(rows)) if graph.degree[thing] > 1]
    held = [(rows[node], column) for column, thing in enumerate(things) for node in graph.neighbors(thing)]
    ends = np.array(held, dtype=np.int64).reshape(-1, 2).T
    holds = csr_array((np.ones(len(held)), (ends[0], ends[1])), shape=(len(rows), len(things)))
    weights = np.array([weigh(graph.degree[thing], len(rows)) for thing in things])
    pairs = [(kept[one], kept[two]) for one, two in strongest(holds, weights, most)]
    return _smallest(graph, {(a, b): sorted(set(graph[a]) & set(graph[b])) for a, b in pairs})


def _shared(graph: nx.Graph[str], kept: set[str]) -> dict[tuple[str, str], list[str]]:
    """What each two nodes share, sorted."""
    found: dict[tuple[str, str], list[str]] = {}
    for thing in sorted(set(graph) - kept):
        for pair in combinations(sorted(graph.neighbors(thing)), 2):
            found.setdefault(pair, []).append(thing)
    return _smallest(graph, found)


def _smallest(graph: nx.Graph[str], found: dict[tuple[str, str], list[str]]) -> dict[tuple[str, str], list[str]]:
    """Of places that two share, the smallest; and no link between a place and what it contains."""
    within = {thing: graph.nodes[thing].get("within", ()) for thing in graph}
    return {
        (one, two): smallest(things, within)
        for (one, two), things in found.items()
        # A district and its city share every pilot of the district by definition.
        if one not in within[two] and two not in within[one]
    }


def _edge(graph: nx.Graph[str], pair: tuple[str, str], shared: list[str]) -> dict[str, Any]:
    edges = [graph.edges[node, thing] for node in pair for thing in shared]
    return {
        "shared": shared,
        "shared_labels": [graph.nodes[thing]["label"] for thing in shared],
        "claims": sorted({claim for edge in edges for claim in edge["claims"]}),
        "sources": sorted({source for edge in edges for source in edge["sources"]}),
    }
