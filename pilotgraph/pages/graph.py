"""A network as one HTML file, for notebooks and quick looks: drawn by vis-network through pyvis.

pyvis's own page loads Bootstrap from another host, whatever its settings, and shows labels as markup in
places. So only its data and the copy of vis-network that it carries are taken, and put into a page of our
own that asks no one for anything.
"""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pilotgraph.pages import templates

if TYPE_CHECKING:
    import networkx as nx

PILLAR_COLOURS = ("#0b6e99", "#b4531a", "#5b7f1e", "#7a4fa3", "#8a6d00")
ORGANISATION_COLOUR = "#3d4852"
KIND_COLOUR = "#a8b1ba"
_WORDS = {
    "en": {
        "lang": "en",
        "pilot": "pilot",
        "organisation": "organisation",
        "kind": "professional group or kind of organisation",
        "size": "the larger, the more links",
        "hint": "Drag to move, scroll or pinch to zoom. Click a node to see only its neighbours, beside it to see all.",
        "search": "Find",
        "table": "The same as a table",
        "columns": ["pilot", "actor", "roles"],
        "counts": "{pilots} pilots, {organisations} organisations, {links} links",
        "counts_with_kinds": "{pilots} pilots, {organisations} organisations, {kinds} groups, {links} links",
        "noscript": "The picture needs JavaScript; the table below shows the same.",
    },
    "nl": {
        "lang": "nl",
        "pilot": "pilot",
        "organisation": "organisatie",
        "kind": "beroepsgroep of soort organisatie",
        "size": "hoe groter, hoe meer verbindingen",
        "hint": "Sleep om te verschuiven, scrol of knijp om te zoomen. Klik: alleen de buren; klik ernaast: alles.",
        "search": "Zoek",
        "table": "Hetzelfde als tabel",
        "columns": ["pilot", "partij", "rollen"],
        "counts": "{pilots} pilots, {organisations} organisaties, {links} verbindingen",
        "counts_with_kinds": "{pilots} pilots, {organisations} organisaties, {kinds} groepen, {links} verbindingen",
        "noscript": "De tekening heeft JavaScript nodig; de tabel hieronder toont hetzelfde.",
    },
}


def network_page(graph: nx.Graph[str], title: str, language: str, counts: dict[str, int], source: str) -> str:
    """Draw a two-mode network as a page that needs nothing but itself.

    `graph` is as :func:`pilotgraph.network.pilot_actor_network` makes it. Pilots are boxes coloured by
    pillar, organisations dark dots, groups and kinds light diamonds; size is the number of links.
    """
    words = _WORDS[language]
    pillars = _pillars(graph)
    return (
        templates()
        .get_template("network.html")
        .render(
            title=title,
            words=words,
            counts=str(words["counts_with_kinds" if counts["kinds"] else "counts"]).format(**counts),
            kinds=counts["kinds"],
            pillars=[{"label": label, "colour": colour} for label, colour in pillars.values()],
            organisation_colour=ORGANISATION_COLOUR,
            kind_colour=KIND_COLOUR,
            data=script_json(_vis_data(graph, pillars)),
            rows=_rows(graph),
            vis=vis_network(),
            source=source,
        )
    )


def script_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON that can stand inside a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def vis_network() -> str:
    """The vis-network library that pyvis carries, as script text."""
    library = files("pyvis") / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return library.read_text(encoding="utf-8").replace("</script", "<\\/script")


def _pillars(graph: nx.Graph[str]) -> dict[str, tuple[str, str]]:
    """Each pillar's label and colour, largest first."""
    count: dict[str, int] = {}
    labels: dict[str, str] = {}
    for _, data in graph.nodes(data=True):
        if data["mode"] == "pilot":
            count[data["pillar"]] = count.get(data["pillar"], 0) + 1
            labels[data["pillar"]] = data["pillar_label"]
    order = sorted(count, key=lambda pillar: (-count[pillar], pillar))
    return {pillar: (labels[pillar], PILLAR_COLOURS[i % len(PILLAR_COLOURS)]) for i, pillar in enumerate(order)}


def _vis_data(graph: nx.Graph[str], pillars: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Build the network with pyvis and take its nodes, edges and options."""
    from pyvis.network import Network  # noqa: PLC0415 - it imports IPython

    picture = Network()
    for node in sorted(graph):
        data, degree = graph.nodes[node], graph.degree[node]
        picture.add_node(node, **_look(data, degree, pillars))
    for number, (pilot, actor) in enumerate(sorted(_oriented(graph))):
        roles = graph.edges[pilot, actor]["roles"]
        picture.add_edge(pilot, actor, id=number, title=roles, color={"color": "#a3adb7", "highlight": "#1a1f24"})
    return {"nodes": picture.nodes, "edges": picture.edges}


def _look(data: dict[str, Any], degree: int, pillars: dict[str, tuple[str, str]]) -> dict[str, Any]:
    if data["mode"] == "pilot":
        label, colour = pillars[data["pillar"]]
        return {
            "label": _wrap(data["label"]),
            "title": f"{data['label']}\n{label}\n{degree}",
            "shape": "box",
            "color": colour,
            "font": {"color": "#ffffff", "size": 24},
            "margin": 8,
        }
    organisation = data["mode"] == "organisation"
    return {
        "label": _wrap(data["label"]),
        "title": f"{data['label']}\n{degree}",
        "shape": "dot" if organisation else "diamond",
        "size": 9 + 8 * math.sqrt(degree),
        "color": ORGANISATION_COLOUR if organisation else KIND_COLOUR,
        "font": {"color": "#1a1f24", "size": 22 + 2 * min(degree, 8)},
    }


def _wrap(label: str, width: int = 22) -> str:
    """Break a label into lines, so that a long name does not cover its neighbours."""
    lines = [""]
    for word in label.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return "\n".join(lines)


def _oriented(graph: nx.Graph[str]) -> list[tuple[str, str]]:
    return [(a, b) if graph.nodes[a]["mode"] == "pilot" else (b, a) for a, b in graph.edges]


def _rows(graph: nx.Graph[str]) -> list[tuple[str, str, str]]:
    """The same network as rows: pilot, actor, roles."""
    rows = [
        (graph.nodes[pilot]["label"], graph.nodes[actor]["label"], graph.edges[pilot, actor]["roles"])
        for pilot, actor in _oriented(graph)
    ]
    return sorted(rows, key=lambda row: (row[0].casefold(), row[1].casefold()))
