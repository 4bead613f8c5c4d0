"""The rows of a large network by pilot, so that each part is made from its own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pilotgraph.network.options import FUNDING_ROLES
from pilotgraph.network.report.analysis import GROUPED_BY, LOOSE_ROLES
from pilotgraph.network.rows import slug
from pilotgraph.pages.explorer.data import Rows
from pilotgraph.terms import PG

if TYPE_CHECKING:
    from collections.abc import Collection

    from pilotgraph.network.rows import Row

_ORGANISATION: Final = PG + "Organisation"
# What a reader looks for by name, in the order in which equal finds are told.
SOUGHT: Final = ("pilot", "organisation", "kind", "goal", "domain", "place")


class Material:
    """What the levels are made from. `labels` and `modes` are of all pilots and things, by IRI.

    `has` are by pilot the things that it is linked to, `holders` by thing its pilots, sorted; `grouping` are by pilot
    the things by which groups are looked for: those of the page on cross-links and clusters; `actors` its named
    organisations.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.labels = {iri: str(pilot["label"]) for iri, pilot in rows.pilots.items()}
        self.modes = dict.fromkeys(rows.pilots, "pilot")
        self._links: dict[str, dict[str, list[Row]]] = {layer: _by_pilot(found) for layer, found in rows.links.items()}
        self._traits = _by_pilot(rows.traits)
        has: dict[str, set[str]] = {}
        grouping: dict[str, set[str]] = {}
        for layer, row in ((layer, row) for layer, found in rows.links.items() for row in found):
            if layer == "relation" or row["pilot"] not in rows.pilots:
                continue
            thing = row["thing"]
            self.labels.setdefault(thing, row["label"])
            self.modes.setdefault(thing, _mode(layer, row))
            has.setdefault(row["pilot"], set()).add(thing)
            if layer in GROUPED_BY and _joins(layer, row):
                grouping.setdefault(row["pilot"], set()).add(thing)
        self.has = {pilot: sorted(things) for pilot, things in has.items()}
        self.grouping = {pilot: sorted(things) for pilot, things in grouping.items()}
        self.actors = {
            pilot: [thing for thing in things if self.modes[thing] == "organisation"]
            for pilot, things in self.has.items()
        }
        self.holders: dict[str, list[str]] = {}
        for pilot in sorted(self.has):
            for thing in self.has[pilot]:
                self.holders.setdefault(thing, []).append(pilot)

    def counts(self, pilots: Collection[str]) -> Counter[str]:
        """How many of some pilots have each thing."""
        return Counter(thing for pilot in pilots for thing in self.has.get(pilot, ()))

    def of(self, pilots: Collection[str]) -> Rows:
        """The rows of some pilots; of the relations between pilots, those inside."""
        inside = set(pilots)
        kept = sorted(inside)
        links = {
            layer: [
                row for pilot in kept for row in found.get(pilot, ()) if layer != "relation" or row["thing"] in inside
            ]
            for layer, found in self._links.items()
        }
        traits = [row for pilot in kept for row in self._traits.get(pilot, ())]
        return Rows({iri: self.rows.pilots[iri] for iri in kept}, links, traits, self.rows.clashing)

    def related(self, pilot: str) -> list[str]:
        """The pilots with which a pilot has a relation that a source states."""
        found = {row["thing"] for row in self._links["relation"].get(pilot, ())}
        return sorted(iri for iri in found if iri in self.rows.pilots)


def _by_pilot(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["pilot"], []).append(row)
    return found


def _mode(layer: str, row: Row) -> str:
    if layer != "actor":
        return layer
    return "organisation" if row["class"] == _ORGANISATION else "kind"


def _joins(layer: str, row: Row) -> bool:
    if layer != "actor":
        return True
    return row["class"] == _ORGANISATION and slug(row["role"]) not in FUNDING_ROLES | LOOSE_ROLES
