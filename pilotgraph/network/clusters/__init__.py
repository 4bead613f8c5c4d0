"""Clusters of pilots with a warrant: found by two methods, tested, and with what holds them together.

    report = cluster_report(two_mode(dataset, reader, NetworkOptions(relation="goal")))
    report.verdict, report.cores, report.methods[0].p

Two methods divide the pilots (:mod:`~pilotgraph.network.clusters.modularity`): Louvain on the projection, and
Barber's modularity on the two-mode network itself. Both are compared with random networks of the same degrees
(:mod:`~pilotgraph.network.clusters.null`), with each other, with divisions made by others, and with themselves
when a thing, a pilot or some links are left out (:mod:`~pilotgraph.network.clusters.stability`). What stays
together in nearly all of this is a core (:mod:`~pilotgraph.network.clusters.consensus`); where nothing does, or
chance does as well, the verdict says so (:mod:`~pilotgraph.network.clusters.verdict`) and no group is drawn.

The same network gives the same report, whatever its nodes are called and in whatever order they come.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pilotgraph.network.clusters import agreement
from pilotgraph.network.clusters.consensus import MIN_CORE, between, cores, labels_of, together
from pilotgraph.network.clusters.holding import holds
from pilotgraph.network.clusters.incidence import incidence
from pilotgraph.network.clusters.model import Agreement, ClusterReport, Reference, Settings
from pilotgraph.network.clusters.modularity import METHODS
from pilotgraph.network.clusters.references import references
from pilotgraph.network.clusters.render import cluster_json, cluster_text
from pilotgraph.network.clusters.stability import examine
from pilotgraph.network.clusters.verdict import judge, too_small

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

__all__ = [
    "METHODS",
    "Agreement",
    "ClusterReport",
    "Reference",
    "Settings",
    "cluster_json",
    "cluster_report",
    "cluster_text",
    "references",
]

_MIN_COMPARED = 3


def cluster_report(
    graph: nx.Graph[str], settings: Settings | None = None, compare_with: Sequence[Reference] = ()
) -> ClusterReport:
    """Look for clusters of pilots in a two-mode network, and tell how sure they are.

    `graph` is as :func:`pilotgraph.network.two_mode` gives it (several composed are one network with several kinds
    of things): nodes have a `mode`, "pilot" or another, and a `label`; edges `claims` and `knowing`. What only one
    pilot has links nothing and is left aside. `compare_with` are divisions by others (:func:`references`).
    """
    settings = settings or Settings()
    of = incidence(graph)
    labels = {node: graph.nodes[node].get("label", node) for node in sorted(graph)}
    linked = set(of.pilots)
    alone = [node for node in labels if graph.nodes[node]["mode"] == "pilot" and node not in linked]
    empty = ClusterReport(
        settings, len(of.pilots), len(of.things), of.links, "none", ("too-small",), alone=tuple(alone), labels=labels
    )
    if too_small(of):
        return empty
    examined = [examine(of, method, settings) for method in METHODS]
    results = [result for result, _ in examined]
    divisions = {result.method: labels_of(result.groups, of.pilots) for result in results}
    agree = _compare(divisions, settings)
    verdict, reasons = judge(results, agree.adjusted_rand)
    tested = replace(empty, verdict=verdict, reasons=reasons, methods=tuple(results), methods_agree=agree)
    if verdict == "none":
        return tested
    shares = together(of.pilots, [kept for _, kept in examined])
    firm = [replace(c, holds=holds(graph, of, c.pilots)) for c in cores(of.pilots, shares, settings.core)]
    found = [core for core in firm if len(core.pilots) >= MIN_CORE]
    divisions["cores"] = labels_of([core.pilots for core in found], of.pilots)
    compared = [_refer(name, ours, other, settings) for other in compare_with for name, ours in divisions.items()]
    return replace(
        tested,
        cores=tuple(found),
        pairs=tuple(core for core in firm if len(core.pilots) < MIN_CORE),
        between=tuple(between(of.pilots, found, shares)),
        references=tuple(made for made in compared if made),
    )


def _compare(divisions: Mapping[str, Mapping[str, int]], settings: Settings) -> Agreement:
    """Compare the divisions of the two methods."""
    ours, other = METHODS
    mine, yours = divisions[ours], divisions[other]
    return Agreement(
        ours=ours,
        reference=other,
        label=other,
        pilots=len(mine),
        adjusted_rand=agreement.adjusted_rand(mine, yours),
        mutual_information=agreement.mutual_information(mine, yours),
        p=agreement.chance(mine, yours, settings.samples, settings.seed),
    )


def _refer(name: str, ours: Mapping[str, int], other: Reference, settings: Settings) -> Agreement | None:
    """Compare with a division by others; None where too few pilots are in both, or ours has one group of them."""
    theirs = other.division
    nodes = set(ours) & set(theirs)
    if len(nodes) < _MIN_COMPARED or len({ours[node] for node in nodes}) == 1:
        return None
    overlap = sum(len(group & nodes) for group in other.groups.values()) > len(nodes)
    mine: dict[int, set[str]] = {}
    for pilot in nodes:
        mine.setdefault(ours[pilot], set()).add(pilot)
    cover = [group & nodes for group in other.groups.values()]
    return Agreement(
        ours=name,
        reference=other.name,
        label=other.label,
        pilots=len(nodes),
        adjusted_rand=agreement.adjusted_rand(ours, theirs),
        mutual_information=agreement.mutual_information(ours, theirs),
        p=agreement.chance(ours, theirs, settings.samples, settings.seed),
        overlapping=agreement.omega([frozenset(group) for group in mine.values()], cover, nodes) if overlap else None,
    )
