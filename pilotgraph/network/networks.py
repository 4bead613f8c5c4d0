"""Networks from queries: pilots with what they have in common, and pilots with each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.errors import DatasetError
from pilotgraph.network.options import ALL, RELATIONS, NetworkOptions
from pilotgraph.network.pilots import pilots
from pilotgraph.network.rows import Row, ask, links, slug
from pilotgraph.terms import PG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

# The kinds of cross-link, in the order in which they are told, and the query of each.
LAYERS: Final = {
    "relation": "pilot-relation",
    "actor": "pilot-actor",
    "programme": "pilot-programme",
    "place": "pilot-place",
    "goal": "pilot-goal",
    "domain": "pilot-domain",
    "target-group": "pilot-target-group",
    "finding": "pilot-finding",
}
# How a link can be known, the surest first.
_KNOWING: Final = ("stated", "assigned", "derived", "contradicted")
_MODES: Final = {PG + "Organisation": "organisation", PG + "OrganisationKind": "kind"}


def two_mode(dataset: Dataset, reader: Reader, options: NetworkOptions | None = None) -> nx.Graph[str]:
    """Make the network of pilots and their actors, goals, domains or places.

    Nodes are IRIs, sorted, with `label`, `slug` and `mode`: pilot, organisation, kind, goal, domain or place.
    Pilots have the attributes of :func:`pilotgraph.network.pilots.pilots`, and are there also without links;
    organisations have `kind` and `kind_label`, places `within`: the IRIs of the larger places around them.
    Edges, from pilot to thing, sorted, have `claims` (IRIs), `sources` (slugs), `roles` (labels), `role_slugs`
    and `knowing`: contradicted, stated, assigned or derived. Only claims that the options let through count.

    Raises DatasetError for the relation `all`, which has no second mode.
    """
    import networkx as nx  # noqa: PLC0415 - only networks need it

    options = options or NetworkOptions()
    if options.relation == ALL:
        msg = f"{ALL}: joins pilots with each other; use cross_links"
        raise DatasetError(msg)
    graph: nx.Graph[str] = nx.Graph()
    nodes = pilots(dataset, reader, options)
    graph.add_nodes_from(nodes.items())
    rows = [row for row in layer_rows(dataset, reader, options.relation, options) if row["pilot"] in nodes]
    graph.add_nodes_from(sorted(_things(rows, options.relation).items()))
    clashing = contradicted(dataset, reader)
    for (pilot, thing), group in sorted(_grouped(rows).items()):
        graph.add_edge(pilot, thing, **_edge(group, clashing))
    return graph


def cross_links(dataset: Dataset, reader: Reader, options: NetworkOptions | None = None) -> nx.MultiGraph[str]:
    """Make the network of pilots with each other, one edge per kind of cross-link (:data:`LAYERS`).

    The key of an edge, also its `layer`, is the kind. `shared` are the IRIs of what both pilots have (of places
    only the smallest; of a relation its kind), `shared_labels` their labels, `claims` the claims of both pilots
    that say so, `sources` and `knowing` as in :func:`two_mode`. Nodes are the pilots, as there.
    """
    import networkx as nx  # noqa: PLC0415

    options = options or NetworkOptions()
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    nodes = pilots(dataset, reader, options)
    graph.add_nodes_from(nodes.items())
    clashing = contradicted(dataset, reader)
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for layer in LAYERS:
        rows = [row for row in layer_rows(dataset, reader, layer, options) if row["pilot"] in nodes]
        pairs = _related(rows, nodes) if layer == "relation" else _sharing(rows)
        found.update({(*pair, layer): _cross_link(group, layer, clashing) for pair, group in pairs.items()})
    for first, second, layer in sorted(found):
        graph.add_edge(first, second, key=layer, **found[first, second, layer])
    return graph


def everything(dataset: Dataset, reader: Reader, options: NetworkOptions | None = None) -> nx.Graph[str]:
    """Make one two-mode network of pilots with their actors, goals, domains and places together."""
    import networkx as nx  # noqa: PLC0415

    options = options or NetworkOptions()
    relations = [relation for relation in RELATIONS if relation != ALL]
    parts = [two_mode(dataset, reader, replace(options, relation=relation)) for relation in relations]
    return nx.compose_all(parts)


def layer_rows(dataset: Dataset, reader: Reader, layer: str, options: NetworkOptions) -> list[Row]:
    """The claims that make one kind of link; without kinds of organisation unless they are asked for."""
    rows = links(dataset, reader, LAYERS[layer], options)
    return [row for row in rows if layer != "actor" or options.kinds or _MODES[row["class"]] != "kind"]


def contradicted(dataset: Dataset, reader: Reader) -> set[str]:
    """The claims about pilots that an open contradiction joins."""
    return {row["claim"] for row in ask(dataset, reader, "contradicted-claim", "en")}


def smallest(shared: Iterable[str], within: Mapping[str, Iterable[str]]) -> list[str]:
    """Leave out what contains another of the things: who meets in a district has not also met in its city."""
    things = set(shared)
    return sorted(things - {larger for thing in things for larger in within.get(thing, ())})


def containers(rows: Iterable[Row]) -> dict[str, list[str]]:
    """By place, all larger places around it."""
    inside: dict[str, set[str]] = {}
    for row in rows:
        inside.setdefault(row["thing"], set()).update(filter(None, [row.get("inside")]))
    found: dict[str, list[str]] = {}
    for place in inside:
        around, todo = set[str](), [place]
        while todo:
            fresh = inside.get(todo.pop(), set()) - around
            around |= fresh
            todo += fresh
        found[place] = sorted(around & set(inside))
    return found


def _things(rows: list[Row], relation: str) -> dict[str, dict[str, Any]]:
    within = containers(rows)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        mode = _MODES[row["class"]] if relation == "actor" else relation
        node: dict[str, Any] = {"label": row["label"], "slug": slug(row["thing"]), "mode": mode}
        if mode == "organisation":
            node |= {"kind": slug(row["kind"]), "kind_label": row["kindLabel"] or slug(row["kind"])}
        if mode == "place":
            node["within"] = within.get(row["thing"], [])
        found.setdefault(row["thing"], node)
    return found


def _grouped(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["pilot"], row["thing"]), []).append(row)
    return found


def _edge(group: list[Row], clashing: set[str]) -> dict[str, Any]:
    roles = {slug(row["role"]): row["roleLabel"] or slug(row["role"]) for row in group if row.get("role")}
    return {
        "roles": ", ".join(sorted(roles.values())),
        "role_slugs": sorted(roles),
        "claims": sorted({row["claim"] for row in group}),
        "sources": sorted({slug(row["source"]) for row in group}),
        "knowing": knowing(group, clashing),
    }


def knowing(group: Iterable[Row], clashing: set[str]) -> str:
    """How a link is known: contradicted if one of its claims is, else by the surest of them."""
    states = {"contradicted" if row["claim"] in clashing else row["knowing"] for row in group}
    return "contradicted" if "contradicted" in states else min(states, key=_KNOWING.index)


def _sharing(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each two pilots about the things that both have."""
    within = containers(rows)
    grouped = _grouped(rows)
    holders: dict[str, list[str]] = {}
    for pilot, thing in sorted(grouped):
        holders.setdefault(thing, []).append(pilot)
    shared: dict[tuple[str, str], list[str]] = {}
    for thing, having in holders.items():
        for pair in combinations(having, 2):
            shared.setdefault(pair, []).append(thing)
    return {
        pair: [row for thing in smallest(things, within) for pilot in pair for row in grouped[pilot, thing]]
        for pair, things in shared.items()
    }


def _related(rows: list[Row], nodes: Mapping[str, Any]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each two pilots about a relation between them."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["thing"] in nodes and row["thing"] != row["pilot"]:
            first, second = sorted((row["pilot"], row["thing"]))
            named = {**row, "thing": row["relation"], "label": row["relationLabel"] or slug(row["relation"])}
            found.setdefault((first, second), []).append(named)
    return found


def _cross_link(group: list[Row], layer: str, clashing: set[str]) -> dict[str, Any]:
    labels = {row["thing"]: row["label"] for row in group}
    sides: dict[str, dict[str, list[Row]]] = {}
    for row in group:
        sides.setdefault(row["thing"], {}).setdefault(row["pilot"], []).append(row)
    # A thing links two pilots as surely as the less sure of the two has it; the surest thing counts.
    surest = min(max(_KNOWING.index(knowing(rows, clashing)) for rows in of.values()) for of in sides.values())
    return {
        "layer": layer,
        "shared": sorted(labels),
        "shared_labels": [labels[thing] for thing in sorted(labels)],
        "claims": sorted({row["claim"] for row in group}),
        "sources": sorted({slug(row["source"]) for row in group}),
        "knowing": _KNOWING[surest],
    }
