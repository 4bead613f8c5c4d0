"""A network as a table: a row per thing with its measures, or a row per link with its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from pilotgraph.answers import Table, add_evidence
from pilotgraph.network.measures import MEASURES, WHOLE, measure, overview
from pilotgraph.network.words import say
from pilotgraph.progress import silent
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.network.view import View
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

DEFAULT_MEASURES: Final = ("degree", "betweenness", "articulation")
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
_DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")


def scores(view: View, names: Sequence[str], progress: Tell = silent) -> dict[str, dict[str, float]]:
    """Work out measures of a network, by name; rounded to what is shown of each.

    Raises DatasetError for a measure that does not exist or is not for this kind of network.
    """
    found = {}
    wanted = list(dict.fromkeys(names))
    for done, name in enumerate(wanted):
        progress("measuring", done, len(wanted))
        found[name] = {
            node: round(value, MEASURES[name].decimals) for node, value in measure(view.simple, name).items()
        }
    return found


def node_table(view: View, measures: Sequence[str] = DEFAULT_MEASURES, progress: Tell = silent) -> Table:
    """One row per thing: label, what it is, measures, IRI; sorted by the measures, highest first, then by label."""
    found = scores(view, measures, progress)
    nodes = view.simple.nodes
    signs = {name: 1 if MEASURES[name].lowest_first else -1 for name in found}

    def place(node: str) -> tuple[list[float], str, str]:
        return [signs[name] * of[node] for name, of in found.items()], nodes[node]["label"].casefold(), node

    order = sorted(nodes, key=place)
    rows: list[list[Term | None]] = [
        [
            Literal(nodes[node]["label"]),
            Literal(say(f"mode-{nodes[node]['mode']}", view.language)),
            *(number(of[node], MEASURES[name].decimals) for name, of in found.items()),
            NamedNode(node),
        ]
        for node in order
    ]
    return Table(["label", "what", *found, "node"], rows, [[] for _ in rows])


def link_table(view: View) -> Table:
    """One row per link, heaviest first: both ends, what links them, and the claims that say so.

    Columns: `from`, `to`; `roles` for actors, `layer` for kinds of cross-link, `weight` and `shared` where links
    are made of what is shared; `knowing`; `fromNode`, `toNode`.
    """
    edges = [(*_oriented(view, one, two), data) for one, two, data in view.graph.edges(data=True)]
    labels = {node: data["label"] for node, data in view.graph.nodes(data=True)}
    edges.sort(
        key=lambda edge: (
            -edge[2].get("weight", 0.0),
            *((labels[node].casefold(), node) for node in edge[:2]),
            edge[2].get("layer", ""),
        )
    )
    names = [name for name in ("layer", "roles", "weight", "shared", "knowing") if any(_has(e[2], name) for e in edges)]
    rows: list[list[Term | None]] = [
        [
            Literal(labels[one]),
            Literal(labels[two]),
            *(_cell(data, name, view.language) for name in names),
            NamedNode(one),
            NamedNode(two),
        ]
        for one, two, data in edges
    ]
    return Table(["from", "to", *names, "fromNode", "toNode"], rows, [data["claims"] for _, _, data in edges])


def add_passages(table: Table, reader: Reader, language: str) -> None:
    """Look up the passages of each link, each once: several claims can rest on one."""
    add_evidence(table, reader, language)
    table.passages = [list({passage.cite(): passage for passage in found}.values()) for found in table.passages]


def told(view: View) -> str:
    """The numbers of the whole network in one line: "pieces 3, density 0.054"."""
    found = overview(view.simple)
    shown = [name for name in found if name not in {"nodes", "links"}]
    return ", ".join(f"{WHOLE[name].label[view.language]} {found[name]:.{WHOLE[name].decimals}f}" for name in shown)


def number(value: float, decimals: int) -> Literal:
    """Write a measure with its decimals.

    >>> number(0.5, 4).value, number(3.0, 0).value
    ('0.5000', '3')
    """
    return Literal(f"{value:.{decimals}f}", datatype=_DECIMAL if decimals else _INTEGER)


def _oriented(view: View, one: str, two: str) -> tuple[str, str]:
    """Pilots first, then by IRI."""
    first, second = sorted((one, two), key=lambda node: (view.graph.nodes[node]["mode"] != "pilot", node))
    return first, second


def _has(data: dict[str, Any], name: str) -> bool:
    return bool(data.get(name))


def _cell(data: dict[str, Any], name: str, language: str) -> Term:
    if name == "weight":
        value = data["weight"]
        return number(value, 0 if value == int(value) else 3)
    if name == "knowing":
        return Literal(say(f"knowing-{data['knowing']}", language))
    return Literal("; ".join(data["shared_labels"]) if name == "shared" else data.get(name, ""))
