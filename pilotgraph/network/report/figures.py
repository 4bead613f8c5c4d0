"""Counts on networks for the page: what is shared, who is between, and what stays together."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.network.measures import measure
from pilotgraph.network.options import FUNDING_ROLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import networkx as nx

    from pilotgraph.network.clusters import ClusterReport

# Kinds of cross-link that are told, in this order; that two records report like findings is no tie between them.
KINDS: Final = ("relation", "actor", "place", "programme", "domain", "goal")
_MIN_SHARED = 2


@dataclass(frozen=True)
class Shared:
    """Something that two or more pilots share: they, and the claims (IRIs) that say so."""

    thing: str
    pilots: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two pilots and their cross-links, by kind: what they share (`shared`, IRIs) and the `claims`."""

    first: str
    second: str
    links: dict[str, dict[str, Any]]

    @property
    def size(self) -> int:
        """How many things they share."""
        return sum(len(link["shared"]) for link in self.links.values())


@dataclass(frozen=True)
class Bridge:
    """Someone on whom links depend: with whom, how often between others, and how many pilots are linked without."""

    node: str
    links: tuple[str, ...]
    betweenness: float
    linked_without: int


def pilots_of(graph: nx.Graph[str]) -> list[str]:
    """The pilots of a network, sorted."""
    return sorted(node for node in graph if graph.nodes[node]["mode"] == "pilot")


def things_of(graph: nx.Graph[str]) -> list[str]:
    """What the pilots of a network are linked to, sorted."""
    return sorted(node for node in graph if graph.nodes[node]["mode"] != "pilot")


def stated(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Only the links that a source itself makes: without what editors assigned or rules derived."""
    made = {"stated", "contradicted"}
    kept = graph.copy()
    kept.remove_edges_from([(a, b) for a, b, data in graph.edges(data=True) if data["knowing"] not in made])
    return kept


def knowing(graph: nx.Graph[str]) -> dict[str, int]:
    """How many links are known in which way."""
    states = [data["knowing"] for *_, data in graph.edges(data=True)]
    return {state: states.count(state) for state in sorted(set(states))}


def shared_things(graph: nx.Graph[str]) -> tuple[Shared, ...]:
    """What two or more pilots share, the most shared first; a place only if no smaller one is shared by the same."""
    found = []
    for thing in things_of(graph):
        having = sorted(graph[thing])
        if len(having) >= _MIN_SHARED:
            claims = {claim for pilot in having for claim in graph.edges[pilot, thing]["claims"]}
            found.append(Shared(thing, tuple(having), tuple(sorted(claims))))
    by_thing = {shared.thing: set(shared.pilots) for shared in found}
    covered = {
        outer
        for inner in by_thing
        for outer in graph.nodes[inner].get("within", ())
        if by_thing.get(outer, {None}) <= by_thing[inner]
    }
    kept = [shared for shared in found if shared.thing not in covered]
    return tuple(sorted(kept, key=lambda shared: (-len(shared.pilots), shared.thing)))


def payers(graph: nx.Graph[str]) -> tuple[Shared, ...]:
    """Who is in two or more pilots only because it pays, or runs the scheme or the programme: with these pilots."""
    found = []
    for shared in shared_things(graph):
        only = [p for p in shared.pilots if set(graph.edges[p, shared.thing]["role_slugs"]) <= FUNDING_ROLES]
        if len(only) >= _MIN_SHARED:
            claims = {claim for pilot in only for claim in graph.edges[pilot, shared.thing]["claims"]}
            found.append(Shared(shared.thing, tuple(only), tuple(sorted(claims))))
    return tuple(found)


def linked(graph: nx.Graph[str]) -> set[str]:
    """The pilots that share something with another pilot."""
    return {pilot for thing in things_of(graph) if graph.degree[thing] >= _MIN_SHARED for pilot in graph[thing]}


def tying(graph: nx.Graph[str]) -> nx.Graph[str]:
    """The network without what only one pilot has, and without pilots that share nothing."""
    kept = linked(graph) | {thing for thing in things_of(graph) if graph.degree[thing] >= _MIN_SHARED}
    return graph.subgraph(kept).copy()


def only_through(graph: nx.Graph[str], thing: str) -> int:
    """How many pairs of pilots share this and nothing else."""
    return sum(set(graph[a]) & set(graph[b]) == {thing} for a, b in combinations(sorted(graph[thing]), 2))


def linked_pairs(crossing: nx.MultiGraph[str]) -> list[Pair]:
    """Pairs of pilots by the number of kinds of cross-link, then by how much they share; the closest first."""
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for first, second, kind, link in crossing.edges(keys=True, data=True):
        if kind in KINDS:
            found.setdefault((first, second), {})[str(kind)] = link
    pairs = [Pair(first, second, links) for (first, second), links in found.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.links), -pair.size, pair.first, pair.second))


def bridges(graph: nx.Graph[str], nodes: Iterable[str]) -> tuple[Bridge, ...]:
    """Those of the nodes that are between others, most often first, with what depends on them."""
    scores = measure(graph, "betweenness")
    found = []
    for node in nodes:
        if scores[node] > 0:
            rest = graph.copy()
            rest.remove_node(node)
            found.append(Bridge(node, tuple(sorted(graph[node])), scores[node], len(linked(rest))))
    return tuple(sorted(found, key=lambda bridge: (-round(bridge.betweenness, 9), bridge.node)))


def kept_together(pilots: Collection[str], report: ClusterReport) -> float:
    """The share of the pairs of some pilots that are in one group in the divisions of a report, over both methods."""
    shares = []
    for result in report.methods:
        of_pilot = {pilot: number for number, group in enumerate(result.groups) for pilot in group}
        pairs = combinations(sorted(pilots), 2)
        shares.append(statistics.fmean(a in of_pilot and of_pilot[a] == of_pilot.get(b) for a, b in pairs))
    return statistics.fmean(shares) if shares else 0.0
