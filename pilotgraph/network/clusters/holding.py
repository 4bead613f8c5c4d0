"""What holds a core together: the things that its pilots have and others have not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.network.clusters.model import Hold

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx

    from pilotgraph.network.clusters.incidence import Incidence

TOP = 6
_MIN_INSIDE = 2


def holds(graph: nx.Graph[str], of: Incidence, core: Collection[str]) -> tuple[Hold, ...]:
    """Rank what the pilots of a core share by its part of the core's two-mode modularity, the largest first.

    That part is the number of pilots inside that have it, less the number to be expected from how many have it at
    all and how much the pilots inside have (Barber 2007). Only what two of them have, and more of them than
    expected, counts; at most :data:`TOP` are given.
    """
    share = sum(len(of.rows[number]) for number, pilot in enumerate(of.pilots) if pilot in core) / of.links
    found = []
    for thing, holders in zip(of.things, of.columns, strict=True):
        having = [of.pilots[number] for number in holders if of.pilots[number] in core]
        weight = len(having) - share * len(holders)
        if len(having) >= _MIN_INSIDE and weight > 0:
            found.append(_hold(graph, thing, having, len(holders) - len(having), weight / of.links))
    # Things of equal weight stay in canonical order: names decide nothing.
    return tuple(sorted(found, key=lambda hold: -round(hold.weight, 12))[:TOP])


def _hold(graph: nx.Graph[str], thing: str, having: list[str], outside: int, weight: float) -> Hold:
    edges = [graph.edges[pilot, thing] for pilot in having]
    return Hold(
        thing=thing,
        label=graph.nodes[thing].get("label", thing),
        layer=graph.nodes[thing]["mode"],
        inside=len(having),
        outside=outside,
        weight=weight,
        assigned=sum(edge.get("knowing") == "assigned" for edge in edges),
        claims=tuple(sorted({claim for edge in edges for claim in edge.get("claims", ())})),
    )
