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
from itertools import count
from typing import TYPE_CHECKING

from pilotgraph.network.clusters import agreement, sampled
from pilotgraph.network.clusters.consensus import MIN_CORE, between, cores, labels_of, together
from pilotgraph.network.clusters.holding import holds
from pilotgraph.network.clusters.incidence import incidence
from pilotgraph.network.clusters.model import Agreement, ClusterReport, Group, Reference, Settings
from pilotgraph.network.clusters.modularity import METHODS
from pilotgraph.network.clusters.references import references
from pilotgraph.network.clusters.render import cluster_json, cluster_text
from pilotgraph.network.clusters.stability import Sample, examine, steps
from pilotgraph.network.clusters.verdict import judge, too_small
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx

    from pilotgraph.network.clusters.incidence import Incidence
    from pilotgraph.progress import Tell

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
_MOST_COMPARED = 2_000


def cluster_report(
    graph: nx.Graph[str],
    settings: Settings | None = None,
    compare_with: Sequence[Reference] = (),
    progress: Tell = silent,
) -> ClusterReport:
    """Look for clusters of pilots in a two-mode network, and tell how sure they are.

    `graph` is as :func:`pilotgraph.network.two_mode` gives it (several composed are one network with several kinds
    of things): nodes have a `mode`, "pilot" or another, and a `label`; edges `claims` and `knowing`. What only one
    pilot has links nothing and is left aside. `compare_with` are divisions by others (:func:`references`). A large
    network is tested on samples (:mod:`~pilotgraph.network.clusters.sampled`), and the report says so.
    """
    settings = settings or Settings()
    of = incidence(graph)
    large = sampled.is_large(of)
    settings = sampled.fewer(settings) if large else settings
    labels = {node: graph.nodes[node].get("label", node) for node in sorted(graph)}
    linked = set(of.pilots)
    alone = [node for node in labels if graph.nodes[node]["mode"] == "pilot" and node not in linked]
    empty = ClusterReport(
        settings, len(of.pilots), len(of.things), of.links, "none", ("too-small",), alone=tuple(alone), labels=labels
    )
    if too_small(of):
        return empty
    if large:
        return _large_report(graph, of, empty, compare_with, progress)
    step = _steps(progress, len(METHODS) * steps(of, settings))
    examined = [examine(of, method, settings, step=step) for method in METHODS]
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
    return replace(
        tested,
        cores=tuple(found),
        pairs=tuple(core for core in firm if len(core.pilots) < MIN_CORE),
        between=tuple(between(of.pilots, found, shares)),
        references=_refer_all(divisions, compare_with, settings),
    )


def _large_report(
    graph: nx.Graph[str], of: Incidence, empty: ClusterReport, compare_with: Sequence[Reference], progress: Tell
) -> ClusterReport:
    """Look for clusters in a large network, and test them on samples."""
    settings, names = empty.settings, sampled.methods(of)
    sample = Sample(sampled.DRAWN, sampled.TRADES)
    step = _steps(progress, len(names) * steps(of, settings, sample))
    results = [examine(of, method, settings, sample, step)[0] for method in names]
    divisions = {result.method: labels_of(result.groups, of.pilots) for result in results}
    verdict, reasons = sampled.judge(results, settings.samples)
    tested = replace(
        empty,
        verdict=verdict,
        reasons=reasons,
        methods=tuple(results),
        methods_agree=_compare(divisions, settings) if len(names) > 1 else None,
        left_out=("cores",) if "projection" in names else ("projection", "cores"),
        drawn=sample.drawn,
    )
    if verdict == "none":
        return tested
    told = results[-1].groups[: sampled.MOST_TOLD]
    groups = tuple(Group(pilots, holds(graph, of, set(pilots))) for pilots in told)
    return replace(tested, groups=groups, references=_refer_all(divisions, compare_with, settings))


def _steps(progress: Tell, total: int) -> Callable[[], None]:
    """Count steps, and tell how far they are."""
    done = count(1)
    progress("looking for clusters", 0, total)
    return lambda: progress("looking for clusters", next(done), total)


def _refer_all(
    divisions: Mapping[str, Mapping[str, int]], others: Sequence[Reference], settings: Settings
) -> tuple[Agreement, ...]:
    compared = (_refer(name, ours, other, settings) for other in others for name, ours in divisions.items())
    return tuple(made for made in compared if made)


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
        # The index compares each two pilots.
        overlapping=agreement.omega([frozenset(group) for group in mine.values()], cover, nodes)
        if overlap and len(nodes) < _MOST_COMPARED
        else None,
    )
