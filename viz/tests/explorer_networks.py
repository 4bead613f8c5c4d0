"""Print as JSON the networks that the package makes, for the browser's to be compared with: an entry a case."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pilotgraph.dataset import Dataset
from pilotgraph.load import open_cached
from pilotgraph.network import FUNDING_ROLES, NetworkOptions, cross_links, project, two_mode

if TYPE_CHECKING:
    import networkx as nx

CASES: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "with groups": {"kinds": True},
    "without funders": {"funders": False},
    "one source": {"sources": ["tussentijds-beeld-2022"]},
}
RELATIONS = ("actor", "goal", "domain", "place")
WEIGHTINGS = ("count", "newman", "inverse")


def short(dataset: Dataset, iri: str) -> str:
    """An IRI as the explorer names it."""
    return iri.removeprefix(f"{dataset.base}id/")


def main() -> None:
    """Make every network in every case."""
    dataset = Dataset.open()
    reader = open_cached(dataset)
    found = {}
    for name, given in CASES.items():
        options = {**given, "sources": frozenset(given.get("sources", ())), "language": "nl"}
        graphs = {
            relation: two_mode(dataset, reader, NetworkOptions(relation=relation, **options)) for relation in RELATIONS
        }
        networks: dict[str, list[list[object]]] = {}
        for relation, graph in graphs.items():
            networks[relation] = [
                [*(short(dataset, end) for end in ends(graph, a, b)), data["knowing"], claims(dataset, data)]
                for a, b, data in graph.edges(data=True)
            ]
        for weighting in WEIGHTINGS:
            graph = project(graphs["actor"], "actor", weighting)
            networks[f"actors {weighting}"] = [
                [*sorted((short(dataset, a), short(dataset, b))), round(data["weight"], 9), claims(dataset, data)]
                for a, b, data in graph.edges(data=True)
            ]
            graph = project(graphs["actor"], "pilot", weighting)
            networks[f"pilots {weighting}"] = [
                [*sorted((short(dataset, a), short(dataset, b))), round(data["weight"], 9), claims(dataset, data)]
                for a, b, data in graph.edges(data=True)
            ]
        multi = cross_links(dataset, reader, NetworkOptions(**options))
        networks["layers"] = [
            [*sorted((short(dataset, a), short(dataset, b))), layer, data["knowing"], claims(dataset, data)]
            for a, b, layer, data in multi.edges(keys=True, data=True)
        ]
        found[name] = {"options": given, "networks": {key: sorted(edges) for key, edges in networks.items()}}
    found_roles = sorted(FUNDING_ROLES)
    json.dump({"cases": found, "funding": found_roles}, sys.stdout)


def ends(graph: nx.Graph[str], a: str, b: str) -> tuple[str, str]:
    """The pilot of a link first."""
    return (a, b) if graph.nodes[a]["mode"] == "pilot" else (b, a)


def claims(dataset: Dataset, data: dict[str, Any]) -> list[str]:
    """The claims of a link, as the explorer names them."""
    return sorted(short(dataset, claim) for claim in data["claims"])


if __name__ == "__main__":
    main()
