"""Projections of a two-mode network: pilots by what they share, actors by the pilots they share."""

from __future__ import annotations

import gc
import math
from contextlib import contextmanager
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.errors import DatasetError
from pilotgraph.network.compute import pilots_of
from pilotgraph.network.networks import smallest
from pilotgraph.queries import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import networkx as nx

    Shared = tuple[tuple[str, str], list[str]]

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
        pairs = _shared(graph, sorted(kept))
    else:
        result.graph["strongest"] = most
        pairs = _strongest(graph, sorted(kept), weigh, most)
    # What a thing adds is the same for all that share it; what none share may have no weight at all.
    adds = {thing: weigh(of, len(kept)) for thing, of in graph.degree() if thing not in kept and of > 1}
    links = _Links(graph)
    with _no_collection():
        result.add_edges_from(
            (*pair, links.attributes(pair, shared, weight))
            for pair, shared in pairs
            if (weight := adds[shared[0]] if len(shared) == 1 else math.fsum(adds[thing] for thing in shared))
        )
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


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for garbage: links are only added, and it would go through all of them each time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _strongest(
    graph: nx.Graph[str], kept: list[str], weigh: Callable[[int, int], float], most: int
) -> Iterator[Shared]:
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
    near = {node: graph.adj[node].keys() for node in kept}
    pairs = [(kept[one], kept[two]) for one, two in strongest(holds, weights, most)]
    return _smallest(graph, (((a, b), sorted(near[a] & near[b])) for a, b in pairs))


def _shared(graph: nx.Graph[str], kept: list[str]) -> Iterator[Shared]:
    """What each two nodes share, sorted, in the order of the pairs."""
    # Pairs are numbers while they are counted, for there are many of them.
    place = {node: number for number, node in enumerate(kept)}
    found: dict[int, list[str]] = {}
    for thing in sorted(set(graph) - set(place)):
        for one, two in combinations(sorted(place[node] for node in graph.neighbors(thing)), 2):
            pair = one * len(kept) + two
            if pair in found:
                found[pair].append(thing)
            else:
                found[pair] = [thing]
    pairs = ((divmod(pair, len(kept)), found[pair]) for pair in sorted(found))
    return _smallest(graph, (((kept[one], kept[two]), things) for (one, two), things in pairs))


def _smallest(graph: nx.Graph[str], found: Iterable[Shared]) -> Iterator[Shared]:
    """Of places that two share, the smallest; and no link between a place and what it contains."""
    within = {thing: larger for thing, larger in graph.nodes(data="within") if larger}
    for (one, two), things in found:
        # A district and its city share every pilot of the district by definition.
        if not within or (one not in within.get(two, ()) and two not in within.get(one, ())):
            yield (one, two), smallest(things, within) if within else things


class _Links:
    """The attributes of the links of a projection; a network read once, for there are many of them."""

    def __init__(self, graph: nx.Graph[str]) -> None:
        self._near = dict(graph.adjacency())
        self._labels: dict[str, str] = {node: data.get("label", "") for node, data in graph.nodes(data=True)}

    def attributes(self, pair: tuple[str, str], shared: list[str], weight: float) -> dict[str, Any]:
        """What a link between two nodes carries that share these things."""
        one, two = self._near[pair[0]], self._near[pair[1]]
        edges = [one[thing] for thing in shared] + [two[thing] for thing in shared]
        return {
            "weight": weight,
            "shared": shared,
            "shared_labels": [self._labels[thing] for thing in shared],
            "claims": _union([edge["claims"] for edge in edges]),
            "sources": _union([edge["sources"] for edge in edges]),
        }


def _union(lists: list[list[str]]) -> list[str]:
    """All that is in sorted lists, sorted."""
    first = lists[0]
    for other in lists:
        if other != first:
            return sorted(set().union(*lists))
    return first.copy()
