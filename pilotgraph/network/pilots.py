"""The pilots of a network, with the traits that pictures and tables show and filter on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.network.rows import Row, ask, first_day, last_day, slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.dataset import Dataset
    from pilotgraph.network.options import NetworkOptions
    from pilotgraph.store.base import Reader

# The lists of a pilot: attribute, query.
_LISTS = {
    "programme": "pilot-programme",
    "domain": "pilot-domain",
    "goal": "pilot-goal",
    "target_group": "pilot-target-group",
    "place": "pilot-place",
}


def pilots(dataset: Dataset, reader: Reader, options: NetworkOptions) -> dict[str, dict[str, Any]]:
    """The pilots that a network has, by IRI, sorted, with their attributes.

    `label`, `slug`, `mode`; `pillar` and `pillar_label`; `statuses`, `programmes`, `domains`, `goals`,
    `target_groups` and `places` (lists of slugs) with `status_labels` and so on; `status` and `status_label`, the
    same in one text; `start` and `end` as printed, empty if not stated; `sources`, the slugs of the sources that
    name the pilot. What describes a pilot comes from all sources, whatever the network is limited to.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in ask(dataset, reader, "pilot-source", options.language):
        node = found.setdefault(row["pilot"], _node(row))
        node["sources"] = sorted({*node["sources"], *([slug(row["source"])] if row["source"] else [])})
    _add_traits(found, ask(dataset, reader, "pilot-trait", options.language))
    for name, query in _LISTS.items():
        _add_list(found, name, ask(dataset, reader, query, options.language))
    _add_dates(found, ask(dataset, reader, "pilot-period", options.language))
    return {iri: found[iri] for iri in sorted(found) if _kept(found[iri], options)}


def _node(row: Row) -> dict[str, Any]:
    lists: dict[str, list[str]] = {f"{name}{ending}": [] for name in _LISTS for ending in ("s", "_labels")}
    return {
        "label": row["pilotLabel"] or slug(row["pilot"]),
        "slug": slug(row["pilot"]),
        "mode": "pilot",
        "pillar": "",
        "pillar_label": "",
        "status": "",
        "status_label": "",
        "statuses": [],
        "status_labels": [],
        **lists,
        "start": "",
        "end": "",
        "sources": [],
    }


def _kept(node: dict[str, Any], options: NetworkOptions) -> bool:
    if options.sources and not options.sources & set(node["sources"]):
        return False
    if options.as_of is None:
        return True
    begun = not node["start"] or first_day(node["start"]) <= options.as_of
    return begun and (not node["end"] or last_day(node["end"]) >= options.as_of)


def _add_traits(found: dict[str, dict[str, Any]], rows: Iterable[Row]) -> None:
    """Add pillar and statuses; of more than one pillar, the first by slug."""
    of_dimension: dict[str, list[Row]] = {"pillar": [], "status": []}
    for row in rows:
        of_dimension[slug(row["dimension"])].append(row)
    for row in sorted(of_dimension["pillar"], key=lambda row: row["thing"], reverse=True):
        found[row["pilot"]]["pillar"] = slug(row["thing"])
        found[row["pilot"]]["pillar_label"] = row["thingLabel"] or slug(row["thing"])
    _add_list(found, "status", of_dimension["status"], "statuses")
    for node in found.values():
        node["status"], node["status_label"] = "; ".join(node["statuses"]), "; ".join(node["status_labels"])


def _add_list(found: dict[str, dict[str, Any]], name: str, rows: Iterable[Row], plural: str = "") -> None:
    values: dict[str, dict[str, str]] = {}
    for row in rows:
        values.setdefault(row["pilot"], {})[slug(row["thing"])] = row["thingLabel"] or slug(row["thing"])
    for pilot, labels in values.items():
        found[pilot][plural or f"{name}s"] = sorted(labels)
        found[pilot][f"{name}_labels"] = [labels[key] for key in sorted(labels)]


def _add_dates(found: dict[str, dict[str, Any]], rows: Iterable[Row]) -> None:
    """Add the widest reading of the stated dates; where the editors prefer one of several, that one."""
    of_pilot: dict[str, list[Row]] = {}
    for row in rows:
        of_pilot.setdefault(row["pilot"], []).append(row)
    for pilot, periods in of_pilot.items():
        chosen = [row for row in periods if row["preferred"] == "true"] or periods
        found[pilot]["start"] = min((row["start"] for row in chosen if row["start"]), key=first_day, default="")
        found[pilot]["end"] = max((row["end"] for row in chosen if row["end"]), key=last_day, default="")
