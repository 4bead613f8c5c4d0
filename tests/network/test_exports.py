"""Exports: other programs read them back, with labels and attributes; and tables, row by row."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pydot
import pytest

from pilotgraph import answers
from pilotgraph.errors import DatasetError
from pilotgraph.network import NetworkOptions, measure
from pilotgraph.network.export import EXPORTS, to_cytoscape, to_dot, to_gexf, to_graphml, to_json
from pilotgraph.network.tables import add_passages, link_table, node_table, told
from pilotgraph.network.view import View, make_view
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Small

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.embedded import EmbeddedStore

GEXF = "{http://www.gexf.net/1.2draft}"
HOSTILE = 'a "quoted" <b>&amp; \\back\nnew; line'
WANTED = ("degree", "k-core")
# pydot calls its parser by names that the parser has given up.
OLD_PYDOT = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")


@pytest.fixture(scope="module", params=["actors", "pilots", "kinds of cross-link"])
def view(request: pytest.FixtureRequest, dataset: Dataset, reader: EmbeddedStore) -> View:
    """A network as it is, one projected, and one with parallel links."""
    options = {
        "actors": (NetworkOptions(kinds=True, language="nl"), "none"),
        "pilots": (NetworkOptions(relation="goal"), "pilot"),
        "kinds of cross-link": (NetworkOptions(relation="all"), "none"),
    }
    chosen, projection = options[request.param]
    return make_view(dataset, reader, chosen, projection, "newman")


def flat(value: Any) -> str:  # noqa: ANN401 - an attribute
    """An attribute as the formats without lists hold it."""
    return "; ".join(value) if isinstance(value, list) else str(value)


def wanted(view: View) -> tuple[dict[str, dict[str, str]], list[tuple[frozenset[str], dict[str, str]]]]:
    """What every export must hold: nodes and links with all their attributes, as texts."""
    nodes = {}
    scores = {name.replace("-", "_"): measure(view.simple, name) for name in WANTED}
    for node, data in view.graph.nodes(data=True):
        named = {{"start": "start_date", "end": "end_date"}.get(name, name): flat(v) for name, v in data.items()}
        nodes[node] = named | {name: str(of[node]) for name, of in scores.items()}
    links = [(frozenset((one, two)), {k: flat(v) for k, v in d.items()}) for one, two, d in view.graph.edges(data=True)]
    return nodes, links


def same(
    found: list[tuple[frozenset[str], dict[str, str]]], expected: list[tuple[frozenset[str], dict[str, str]]]
) -> bool:
    """Tell whether two lists of links are equal, whatever their order."""

    def key(link: tuple[frozenset[str], dict[str, str]]) -> tuple[list[str], list[tuple[str, str]]]:
        return sorted(link[0]), sorted(link[1].items())

    return sorted(found, key=key) == sorted(expected, key=key)


def test_graphml_in_igraph(view: View, tmp_path: Path) -> None:
    """Igraph, which shares no code with networkx, reads every node, link and attribute."""
    path = tmp_path / "network.graphml"
    path.write_text(to_graphml(view, WANTED), encoding="utf-8")
    graph = igraph.Graph.Read_GraphML(str(path))
    nodes, links = wanted(view)
    found = {v["id"]: {k: _number(v[k]) for k in nodes[v["id"]]} for v in graph.vs}
    assert found == nodes
    edges = [
        (
            frozenset(graph.vs[n]["id"] for n in edge.tuple),
            {k: _number(v) for k, v in edge.attributes().items() if k != "id"},
        )
        for edge in graph.es
    ]
    assert same(edges, links)
    assert graph["title"] == view.title
    assert graph["publisher"] == view.source


def _number(value: Any) -> str:  # noqa: ANN401 - what igraph read
    return str(value)


def test_gexf_as_gephi_reads_it(view: View) -> None:
    """By the format's own rules: the label in its attribute, other attributes declared, and no date of today."""
    text = to_gexf(view, WANTED)
    root = ET.fromstring(text)  # noqa: S314 - we wrote it
    meta = root.find(f"{GEXF}meta")
    assert meta is not None
    assert meta.get("lastmodifieddate") == view.issued
    assert view.source in str(meta.findtext(f"{GEXF}description"))
    graph = root.find(f"{GEXF}graph")
    assert graph is not None
    assert graph.get("defaultedgetype") == "undirected"
    nodes, links = wanted(view)
    titles = {
        kind: {
            a.get("id"): a.get("title")
            for of in graph.findall(f"{GEXF}attributes")
            if of.get("class") == kind
            for a in of
        }
        for kind in ("node", "edge")
    }
    found = {}
    for node in graph.iter(f"{GEXF}node"):
        values = {titles["node"][v.get("for")]: str(v.get("value")) for v in node.iter(f"{GEXF}attvalue")}
        found[node.get("id")] = values | {"label": str(node.get("label"))}
    # Gephi's own name for the label; an empty text is left out of the format.
    assert {n: {k: v for k, v in of.items() if v} for n, of in found.items()} == {
        n: {k: v for k, v in of.items() if v} for n, of in nodes.items()
    }
    edges = []
    for edge in graph.iter(f"{GEXF}edge"):
        values = {titles["edge"][v.get("for")]: str(v.get("value")) for v in edge.iter(f"{GEXF}attvalue")}
        values |= {"weight": str(edge.get("weight"))} if edge.get("weight") else {}
        values.pop("networkx_key", None)
        edges.append((frozenset((str(edge.get("source")), str(edge.get("target")))), values))
    plain_links = [(ends, {k: v for k, v in of.items() if v}) for ends, of in links]
    assert same([(ends, {k: v for k, v in of.items() if v}) for ends, of in edges], plain_links)
    assert nx.read_gexf(io.BytesIO(text.encode())).number_of_edges() == len(links)


@OLD_PYDOT
@pytest.mark.parametrize(("relation", "projection"), [("actor", "none"), ("actor", "pilot"), ("all", "none")])
def test_dot_in_pydot(relation: str, projection: str, small: Small) -> None:
    """Pydot, with a parser of its own, reads every node, link and attribute."""
    view = make_view(small.dataset, small.reader, NetworkOptions(relation=relation, kinds=True), projection)
    (graph,) = pydot.graph_from_dot_data(to_dot(view, WANTED)) or ()
    nodes, links = wanted(view)
    things = [node for node in graph.get_nodes() if node.get_name() != "graph"]
    assert {unquoted(n.get_name()): {k: unquoted(v) for k, v in n.get_attributes().items()} for n in things} == nodes
    edges = [
        (
            frozenset((unquoted(e.get_source()), unquoted(e.get_destination()))),
            {k: unquoted(v) for k, v in e.get_attributes().items()},
        )
        for e in graph.get_edges()
    ]
    assert same(edges, links)


def unquoted(text: str) -> str:
    """A text of DOT without its quotes and escapes."""
    return text[1:-1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def test_json_in_networkx(view: View) -> None:
    """Networkx makes the same network of it again, lists and all."""
    graph = nx.node_link_graph(json.loads(to_json(view, WANTED)), edges="edges")
    nodes, links = wanted(view)
    assert {n: {k: flat(v) for k, v in d.items()} for n, d in graph.nodes(data=True)} == nodes
    assert same([(frozenset((a, b)), {k: flat(v) for k, v in d.items()}) for a, b, d in graph.edges(data=True)], links)
    assert graph.graph["title"] == view.title


def test_cytoscape_by_its_own_form(view: View) -> None:
    """Elements as Cytoscape's JSON has them: an id and name for each node, source and target for each link."""
    elements = json.loads(to_cytoscape(view, WANTED))["elements"]
    nodes, links = wanted(view)
    for element in elements["nodes"]:
        data = element["data"]
        assert {name: flat(data[name]) for name in nodes[data["id"]]} == nodes[data["id"]]
        assert data["name"] == data["label"]
    assert {element["data"]["id"] for element in elements["nodes"]} == set(nodes)
    found = [
        (
            frozenset((d["source"], d["target"])),
            {k: flat(v) for k, v in d.items() if k not in {"source", "target", "key"}},
        )
        for d in (element["data"] for element in elements["edges"])
    ]
    assert same(found, links)


@OLD_PYDOT
@pytest.mark.parametrize("format_", EXPORTS)
def test_hostile_labels(format_: str, small: Small) -> None:
    """Quotes, markup and line ends in a label come back as they were, and break no format."""
    view = make_view(small.dataset, small.reader)
    node = small.dataset.iri("organisation", "x")
    view.graph.nodes[node]["label"] = HOSTILE
    text = EXPORTS[format_](view, ())
    match format_:
        case "json":
            found = nx.node_link_graph(json.loads(text), edges="edges").nodes[node]["label"]
        case "cytoscape":
            found = next(e["data"]["label"] for e in json.loads(text)["elements"]["nodes"] if e["data"]["id"] == node)
        case "graphml":
            found = nx.parse_graphml(text).nodes[node]["label"]
        case "gexf":
            found = nx.read_gexf(io.BytesIO(text.encode())).nodes[node]["label"]
        case _:
            (graph,) = pydot.graph_from_dot_data(text) or ()
            raw = graph.get_node(f'"{node}"')[0].get_attributes()["label"]
            found = unquoted(raw)
    # An XML attribute, where GEXF keeps the label, holds a line end as white space.
    assert found in ({HOSTILE, HOSTILE.replace("\n", " ")} if format_ == "gexf" else {HOSTILE})


def test_node_table(small: Small) -> None:
    """One row per thing, the best linked first, with the decimals of each measure."""
    view = make_view(small.dataset, small.reader)
    table = node_table(view, ["degree", "closeness", "component"])
    rows = [[plain(term) for term in row] for row in table.rows]
    iri = small.dataset.iri
    assert table.variables == ["label", "what", "degree", "closeness", "component", "node"]
    assert rows == [
        ["Body X", "organisation", "3", "0.5102", "1", iri("organisation", "x")],
        ["Pilot C", "pilot", "3", "0.5102", "1", iri("pilot", "c")],
        ["Body Y", "organisation", "2", "0.3968", "1", iri("organisation", "y")],
        ["Pilot B", "pilot", "2", "0.3968", "1", iri("pilot", "b")],
        ["Body Z", "organisation", "1", "0.3247", "1", iri("organisation", "z")],
        ["Pilot A", "pilot", "1", "0.3247", "1", iri("pilot", "a")],
        ["Pilot D", "pilot", "0", "0.0000", "2", iri("pilot", "d")],
        ["Pilot E", "pilot", "0", "0.0000", "3", iri("pilot", "e")],
    ]
    assert told(view) == "without links 2, pieces 3, density 0.400, two-mode clustering 0.444"


def test_link_table_of_a_projection(small: Small) -> None:
    """One row per link, the heaviest first, with what is shared."""
    table = link_table(make_view(small.dataset, small.reader, NetworkOptions(language="nl"), "pilot", "newman"))
    rows = [[plain(term) for term in row][:4] for row in table.rows]
    assert table.variables == ["from", "to", "weight", "shared", "fromNode", "toNode"]
    assert rows == [
        ["Pilot B (nl)", "Pilot C (nl)", "1.500", "Body X (nl); Body Y (nl)"],
        ["Pilot A (nl)", "Pilot B (nl)", "0.500", "Body X (nl)"],
        ["Pilot A (nl)", "Pilot C (nl)", "0.500", "Body X (nl)"],
    ]


def test_link_table_of_roles(small: Small) -> None:
    """Without weights: the roles, how the link is known, and the claims that say so."""
    view = make_view(small.dataset, small.reader)
    table = link_table(view)
    rows = [[plain(term) for term in row][:4] for row in table.rows]
    assert table.variables == ["from", "to", "roles", "knowing", "fromNode", "toNode"]
    assert rows == [
        ["Pilot A", "Body X", "as funder, as lead", "stated"],
        ["Pilot B", "Body X", "as partner", "stated"],
        ["Pilot B", "Body Y", "as partner", "stated"],
        ["Pilot C", "Body X", "as funder", "stated"],
        ["Pilot C", "Body Y", "as partner", "stated"],
        ["Pilot C", "Body Z", "as host", "contradicted"],
    ]
    assert table.claims[0] == [small.dataset.iri("claim", name) for name in ("a-x-funder", "a-x-lead")]


def test_every_link_leads_to_passages(dataset: Dataset, reader: EmbeddedStore) -> None:
    """Each row of a table of links has a passage, and none twice."""
    table = link_table(make_view(dataset, reader, NetworkOptions(relation="all")))
    add_passages(table, reader, "en")
    assert all(table.passages)
    assert all(len({passage.cite() for passage in found}) == len(found) for found in table.passages)
    content = answers.render(table, "csv", dataset.base, evidence=True)
    assert isinstance(content, str)
    read = list(csv.DictReader(io.StringIO(content)))
    assert len(read) == len(table.rows)
    assert all("pilotoverzicht-2022" in row["evidence"] or "tussentijds-beeld" in row["evidence"] for row in read)


def test_notes_say_what_is_left_out(dataset: Dataset, reader: EmbeddedStore) -> None:
    """A network tells in words what it holds, leaves out, and could not date."""
    options = NetworkOptions(
        funders=False,
        without_roles=frozenset({"consulted"}),
        as_of="2021-06-30",
        sources=frozenset({"pilotoverzicht-2022"}),
    )
    view = make_view(dataset, reader, options, "pilot", "inverse")
    assert view.notes == (
        "Without professional groups and kinds of organisation.",
        "Without these roles: administrator of the subsidy scheme, consulted, funder, lead of the overarching project.",
        "Only what this source says: pilotoverzicht-2022.",
        "As of 2021-06-30: without pilots that had not begun or had ended by their stated dates.",
        "Without stated dates, and therefore kept: 5 of the pilots.",
        "Weight of a link: each one shared counts by its rarity, in bits.",
    )
    dutch = make_view(dataset, reader, NetworkOptions(kinds=True, language="nl"))
    assert dutch.counts == "34 pilots, 60 organisaties, 38 beroepsgroepen, 232 verbindingen"


def test_one_is_singular(dataset: Dataset, reader: EmbeddedStore) -> None:
    """The report names one organisation in one pilot."""
    view = make_view(dataset, reader, NetworkOptions(sources=frozenset({"tussentijds-beeld-2022"})))
    assert view.counts == "34 pilots, 1 organisation, 1 link"


def test_what_cannot_be_projected(dataset: Dataset, reader: EmbeddedStore) -> None:
    """The network of pilots with each other has nothing else to project onto."""
    with pytest.raises(DatasetError, match="actor: no such projection of the network all"):
        make_view(dataset, reader, NetworkOptions(relation="all"), "actor")
