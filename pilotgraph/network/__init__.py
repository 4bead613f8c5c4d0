"""Networks of pilots and what they share: made from queries, projected, measured and exported.

    graph = two_mode(dataset, reader, NetworkOptions(funders=False))   # pilots and organisations
    pairs = project(graph, "pilot", "newman")                           # pilots by shared organisations
    scores = measure(pairs, "betweenness")

Everything is read through a Reader, so a remote endpoint serves as well. Nodes and edges come sorted, and all
attributes can be written as JSON. `docs/network.md` explains the weights and measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.network.measures import MEASURES, WHOLE, find_measure, measure, overview
from pilotgraph.network.networks import LAYERS, cross_links, two_mode
from pilotgraph.network.options import FUNDING_ROLES, RELATIONS, NetworkOptions, check_roles, check_sources
from pilotgraph.network.projection import ONTO, WEIGHTINGS, collapse, project

if TYPE_CHECKING:
    import networkx as nx

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

__all__ = [
    "FUNDING_ROLES",
    "LAYERS",
    "MEASURES",
    "ONTO",
    "RELATIONS",
    "WEIGHTINGS",
    "WHOLE",
    "NetworkOptions",
    "check_roles",
    "check_sources",
    "collapse",
    "cross_links",
    "describe",
    "find_measure",
    "measure",
    "overview",
    "pilot_actor_network",
    "project",
    "two_mode",
]


def pilot_actor_network(
    dataset: Dataset,
    reader: Reader,
    language: str = "en",
    *,
    kinds: bool = False,
    without_roles: frozenset[str] = frozenset(),
) -> nx.Graph[str]:
    """The network of pilots and actors with the usual options; :func:`two_mode` takes them all."""
    return two_mode(dataset, reader, NetworkOptions(kinds=kinds, without_roles=without_roles, language=language))


def describe(graph: nx.Graph[Any]) -> dict[str, int]:
    """Count a network: pilots, organisations, kinds, links."""
    modes = [data["mode"] for _, data in graph.nodes(data=True)]
    return {
        "pilots": modes.count("pilot"),
        "organisations": modes.count("organisation"),
        "kinds": modes.count("kind"),
        "links": graph.number_of_edges(),
    }
