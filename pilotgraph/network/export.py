"""Networks for other programs: JSON, GraphML, GEXF, DOT and Cytoscape.

Each file names the network and where it comes from, and has the label and attributes of every node and link.
The same network gives the same bytes: no clock, no random order.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.network.tables import scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import networkx as nx

    from pilotgraph.network.view import View

# GEXF reads `start` and `end` as the times when a node exists, and refuses a mere year; so nowhere these names.
_RENAMED: Final = {"start": "start_date", "end": "end_date"}


def to_json(view: View, measures: Sequence[str] = ()) -> str:
    """Node-link JSON, as networkx reads it (`node_link_graph`, edges under `edges`)."""
    import networkx as nx  # noqa: PLC0415 - only networks need it

    data = nx.node_link_data(prepared(view, measures), edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def to_cytoscape(view: View, measures: Sequence[str] = ()) -> str:
    """Cytoscape JSON (.cyjs), for Cytoscape and cytoscape.js; `name` and `label` are the label."""
    import networkx as nx  # noqa: PLC0415

    graph = prepared(view, measures)
    for _, data in graph.nodes(data=True):
        data["name"] = data["label"]
    return json.dumps(nx.cytoscape_data(graph), ensure_ascii=False, indent=1) + "\n"


def to_graphml(view: View, measures: Sequence[str] = ()) -> str:
    """GraphML, for igraph, Gephi, yEd and others; lists become texts joined by semicolons."""
    import networkx as nx  # noqa: PLC0415

    lines = nx.generate_graphml(flat(prepared(view, measures)), named_key_ids=True)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + "\n".join(lines) + "\n"


def to_gexf(view: View, measures: Sequence[str] = ()) -> str:
    """GEXF 1.2, for Gephi; lists become texts joined by semicolons."""
    import networkx as nx  # noqa: PLC0415

    graph = flat(prepared(view, measures))
    graph.graph.clear()
    graph.graph["name"] = view.title
    text = "\n".join(nx.generate_gexf(graph))
    # networkx writes today's date and its own version.
    date = f' lastmodifieddate="{view.issued}"' if view.issued else ""
    about = _xml(" ".join([view.counts + ".", *view.notes, view.source]))
    meta = f"<meta{date}>\n    <creator>pilotgraph</creator>\n    <description>{about}</description>\n  </meta>"
    return re.sub(r"<meta .*?</meta>", lambda _: meta, text, count=1, flags=re.DOTALL) + "\n"


def to_dot(view: View, measures: Sequence[str] = ()) -> str:
    """DOT, for Graphviz; lists become texts joined by semicolons."""
    graph = flat(prepared(view, measures))
    head = {"label": view.title, "comment": " ".join([*view.notes, view.source])}
    lines = [
        "graph pilotgraph {",
        f"  graph {_attributes(head)};",
        *(f"  {_quoted(node)} {_attributes(data)};" for node, data in graph.nodes(data=True)),
        *(f"  {_quoted(one)} -- {_quoted(two)} {_attributes(data)};" for one, two, data in graph.edges(data=True)),
        "}",
    ]
    return "\n".join(lines) + "\n"


EXPORTS: Final[dict[str, Callable[[View, Sequence[str]], str]]] = {
    "json": to_json,
    "graphml": to_graphml,
    "gexf": to_gexf,
    "dot": to_dot,
    "cytoscape": to_cytoscape,
}


def prepared(view: View, measures: Sequence[str]) -> nx.Graph[str]:
    """A copy of the network with its measures as attributes, under names that no format takes for its own."""
    graph = view.graph.copy()
    for name, values in scores(view, measures).items():
        for node, value in values.items():
            graph.nodes[node][name.replace("-", "_")] = value
    for _, data in graph.nodes(data=True):
        for old, new in _RENAMED.items():
            if old in data:
                data[new] = data.pop(old)
    return graph


def flat(graph: nx.Graph[str]) -> nx.Graph[str]:
    """The same network with lists as texts, in place: the XML formats and DOT hold no lists."""
    of_nodes = [data for _, data in graph.nodes(data=True)]
    of_edges = [data for *_, data in graph.edges(data=True)]
    for data in of_nodes + of_edges:
        for name, value in data.items():
            if isinstance(value, list):
                data[name] = "; ".join(value)
    return graph


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: Any) -> str:  # noqa: ANN401 - a text or a number
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def _attributes(data: dict[str, Any]) -> str:
    return "[" + ", ".join(f"{name}={_quoted(value)}" for name, value in data.items()) + "]"
