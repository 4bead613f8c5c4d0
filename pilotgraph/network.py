"""The two-mode network of pilots and the actors that take part in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.errors import DatasetError
from pilotgraph.queries import bind, did_you_mean, find_query
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

ORGANISATION_KIND = PG + "OrganisationKind"


def pilot_actor_network(
    dataset: Dataset,
    reader: Reader,
    language: str = "en",
    *,
    kinds: bool = False,
    without_roles: frozenset[str] = frozenset(),
) -> nx.Graph[str]:
    """Make the network of pilots and actors from the query `pilot-actor`.

    Nodes are IRIs with `label`, `mode` (pilot, organisation or kind) and, for pilots, `pillar` and
    `pillar_label`. Edges carry `roles` (labels), `role_slugs` and `claims` (IRIs). With `kinds`,
    professional groups are nodes too, though a group in two pilots is not one actor. `without_roles` leaves out the
    roles with these slugs.
    """
    import networkx as nx  # noqa: PLC0415 - only networks need it

    graph: nx.Graph[str] = nx.Graph()
    query = find_query(dataset, "pilot-actor")
    for row in reader.select(bind(query, {}, dataset, reader, language)):
        found = {name: plain(row[name]) for name in ("pilot", "pilotLabel", "pillar", "pillarLabel", "actor", "kind")}
        graph.add_node(
            found["pilot"],
            label=found["pilotLabel"],
            mode="pilot",
            pillar=found["pillar"],
            pillar_label=found["pillarLabel"],
        )
        mode = "kind" if found["kind"] == ORGANISATION_KIND else "organisation"
        slugs = sorted(set(plain(row["roleSlugs"]).split()) - without_roles)
        if not slugs or (mode == "kind" and not kinds):
            continue
        graph.add_node(found["actor"], label=plain(row["actorLabel"]), mode=mode)
        graph.add_edge(
            found["pilot"],
            found["actor"],
            roles=", ".join(sorted(plain(row["roles"]).split(", "))),
            role_slugs=slugs,
            claims=sorted(plain(row["claims"]).split()),
        )
    return graph


def check_roles(slugs: Iterable[str], reader: Reader) -> None:
    """Raise DatasetError for a slug that is no role of the data set."""
    rows = reader.select(f"SELECT DISTINCT ?role {{ ?claim <{PG}role> ?role }}")
    known = {plain(row["role"]).rsplit("/", 1)[-1] for row in rows}
    for slug in slugs:
        if slug not in known:
            hint = did_you_mean(slug, known) or f"; there are {', '.join(sorted(known))}"
            msg = f"--without {slug}: no such role{hint}"
            raise DatasetError(msg)


def describe(graph: nx.Graph[Any]) -> dict[str, int]:
    """Count a network: pilots, organisations, kinds, links."""
    modes = [data["mode"] for _, data in graph.nodes(data=True)]
    return {
        "pilots": modes.count("pilot"),
        "organisations": modes.count("organisation"),
        "kinds": modes.count("kind"),
        "links": graph.number_of_edges(),
    }
