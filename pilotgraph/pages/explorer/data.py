"""What the explorer shows, as plain values: things, links, the claims behind them and their passages.

Everything is numbered and said once, for a page carries it all: a link names two nodes and a claim, a claim its
passages. The browser makes the networks from it, so that each filter leads to true numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pilotgraph.answers import Table, add_evidence
from pilotgraph.explain.facts import read_words
from pilotgraph.network.networks import LAYERS, contradicted, layer_rows
from pilotgraph.network.options import FUNDING_ROLES, NetworkOptions
from pilotgraph.network.pilots import pilots
from pilotgraph.network.rows import links, slug
from pilotgraph.pages.explorer.clusters import find_clusters, tell_clusters
from pilotgraph.pages.explorer.places import arrange
from pilotgraph.terms import PG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.answers import Passage
    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters import ClusterReport
    from pilotgraph.network.rows import Row
    from pilotgraph.store.base import Reader

Values = dict[str, Any]
# Of so many pilots a picture can still be read, and a page can carry the claims.
MOST_PILOTS: Final = 1000
_KINDS: Final = {PG + "Organisation": "organisation", PG + "OrganisationKind": "kind"}
# What a claim says besides who and what: the column of the label, by kind of link.
_DETAILS: Final = {"relation": "relationLabel"}


class Numbers:
    """Things in the order in which they came, each under one number."""

    def __init__(self) -> None:
        self.items: list[Values] = []
        self._found: dict[str, int] = {}

    def number(self, key: str, item: Values) -> int:
        """The number of a thing; `item` is kept if it is new."""
        if key not in self._found:
            self._found[key] = len(self.items)
            self.items.append(item)
        return self._found[key]

    def __getitem__(self, key: str) -> int:
        """The number of a thing that has come."""
        return self._found[key]

    def get(self, key: str) -> int | None:
        """The number of a thing that may have come."""
        return self._found.get(key)

    def names(self) -> list[str]:
        """All keys, by number."""
        return list(self._found)


def explorer_data(dataset: Dataset, reader: Reader, language: str, report: ClusterReport | None = None) -> Values:
    """Read what the explorer shows, in a language: en or nl.

    `nodes` are pilots and all that they are linked to, `links` by kind lists of [pilot, thing, claim] and, where the
    link follows from the register of places, a fourth value; `claims` tell source, role and passages, `layouts`
    where the nodes stand. Numbers point into these lists. `report` is what
    :func:`pilotgraph.pages.explorer.clusters.find_clusters` gives, which takes long: for several languages, call it
    once. Of more than :data:`MOST_PILOTS` pilots, those with the most links are there, and `part` tells how many of how
    many. Raises DatasetError if a query is missing.
    """
    build = _Build(dataset, reader, language)
    build.add_pilots()
    for layer in LAYERS:
        build.add_links(layer)
    build.add_traits()
    build.add_texts()
    build.add_passages()
    data = build.data()
    if build.left_out:
        shown = sum(node["mode"] == "pilot" for node in data["nodes"])
        data["part"] = {"shown": shown, "total": shown + build.left_out}
    data["layouts"] = arrange(data)
    found = None if build.left_out else report or find_clusters(dataset, reader)
    data["clusters"] = found and tell_clusters(found, language, build.nodes.__getitem__, build.claims.__getitem__)
    return data


def _most_linked(found: Iterable[str], rows: dict[str, list[Row]]) -> list[str]:
    """The pilots that are shown: all, or of many those that are linked to the most things."""
    every = list(found)
    if len(every) <= MOST_PILOTS:
        return every
    things: dict[str, set[str]] = {}
    for row in (row for layer in rows.values() for row in layer):
        things.setdefault(row["pilot"], set()).add(row["thing"])
    ranked = sorted(every, key=lambda iri: (-len(things.get(iri, ())), iri))
    return sorted(ranked[:MOST_PILOTS])


class _Build:
    def __init__(self, dataset: Dataset, reader: Reader, language: str) -> None:
        self.dataset, self.reader, self.language = dataset, reader, language
        self.options = NetworkOptions(kinds=True, language=language)
        self.nodes, self.claims, self.roles, self.sources = Numbers(), Numbers(), Numbers(), Numbers()
        self.passages = Numbers()
        self.links: dict[str, list[list[int]]] = {}
        self.linked: set[tuple[str | int, ...]] = set()
        self.clashing = contradicted(dataset, reader)
        self.rows = {layer: layer_rows(dataset, reader, layer, self.options) for layer in LAYERS}
        self.left_out = 0

    def add_pilots(self) -> None:
        """Number the sources and the pilots, which are there also without links."""
        labels = read_words(
            [self.dataset.iri("source", s.slug) for s in self.dataset.sources], self.reader, self.language
        )
        for source in self.dataset.sources:
            label = labels.label(self.dataset.iri("source", source.slug))
            self.sources.number(source.slug, {"slug": source.slug, "label": label})
        found = pilots(self.dataset, self.reader, self.options)
        shown = _most_linked(found, self.rows)
        self.left_out = len(found) - len(shown)
        for iri in shown:
            pilot = found[iri]
            node = {"id": self.short(iri), "label": pilot["label"], "mode": "pilot"}
            node |= {key: pilot[key] for key in ("start", "end") if pilot[key]}
            self.nodes.number(iri, {**node, "sources": [self.source(name) for name in pilot["sources"]]})

    def add_links(self, layer: str) -> None:
        """Number the links of one kind, with what they lead to."""
        rows = [row for row in self.rows[layer] if self.is_shown(row, layer)]
        for row in rows:
            mode = _KINDS[row["class"]] if layer == "actor" else "pilot" if layer == "relation" else layer
            self.link(layer, row, mode, row["knowing"] == "derived")
        for row in rows:
            if row.get("inside") and (larger := self.nodes.get(row["inside"])) is not None:
                within = self.nodes.items[self.nodes[row["thing"]]].setdefault("within", [])
                within += [] if larger in within else [larger]

    def is_shown(self, row: Row, layer: str) -> bool:
        """Tell whether the pilots of a row are among those that are shown."""
        if not self.left_out:
            return True
        both = (row["pilot"], row["thing"]) if layer == "relation" else (row["pilot"],)
        return all(self.nodes.get(iri) is not None for iri in both)

    def add_traits(self) -> None:
        """Number pillar and status, which describe a pilot and link none."""
        for row in links(self.dataset, self.reader, "pilot-trait", self.options):
            if not self.is_shown(row, "pilot-trait"):
                continue
            self.link(slug(row["dimension"]), row, slug(row["dimension"]), derived=False)

    def link(self, layer: str, row: Row, mode: str, derived: bool) -> None:  # noqa: FBT001 - it says what follows
        """Number one row of an answer."""
        node = {"id": self.short(row["thing"]), "label": row["label"], "mode": mode}
        if mode == "organisation" and row["kindLabel"]:
            node["kind"] = row["kindLabel"]
        found = [self.nodes[row["pilot"]], self.nodes.number(row["thing"], node), self.claim(layer, row)]
        entry = [*found, 1] if derived else found
        # The rows of one claim with two sources are one link.
        if (layer, *entry) not in self.linked:
            self.linked.add((layer, *entry))
            self.links.setdefault(layer, []).append(entry)

    def claim(self, layer: str, row: Row) -> int:
        """Number the claim of a row; the rows of one claim differ in source, or in the place that contains another."""
        claim: Values = {"id": self.short(row["claim"]), "sources": []}
        if row["claim"] in self.clashing:
            claim["knowing"] = "contradicted"
        elif row["knowing"] == "assigned":
            claim["knowing"] = "assigned"
        if row.get("role"):
            role = slug(row["role"])
            funding = {"funding": True} if role in FUNDING_ROLES else {}
            claim["role"] = self.roles.number(role, {"slug": role, "label": row["roleLabel"] or role, **funding})
        if detail := row.get(_DETAILS.get(layer, "")):
            claim["detail"] = detail
        number = self.claims.number(row["claim"], claim)
        sources = self.claims.items[number]["sources"]
        source = self.source(slug(row["source"]))
        sources += [] if source in sources else [source]
        return number

    def add_texts(self) -> None:
        """Add what things are, in our own words, and how a source names who takes part."""
        words = read_words([*self.nodes.names(), *self.claims.names()], self.reader, self.language)
        for iri, node in zip(self.nodes.names(), self.nodes.items, strict=True):
            if text := words.one(iri, "description"):
                node["text"] = text
        for iri, claim in zip(self.claims.names(), self.claims.items, strict=True):
            for key, name in (("named", "namedAs"), ("note", "note")):
                if texts := words.all(iri, name):
                    claim[key] = texts

    def add_passages(self) -> None:
        """Add where each claim stands in its source."""
        table = Table([], [[] for _ in self.claims.items], [[iri] for iri in self.claims.names()])
        add_evidence(table, self.reader, self.language)
        for claim, passages in zip(self.claims.items, table.passages, strict=True):
            claim["passages"] = [self.passage(passage) for passage in passages]

    def passage(self, passage: Passage) -> int:
        """Number a passage: one that carries several claims is said once."""
        found = {
            "source": self.source(passage.source),
            "section": passage.section,
            "page": passage.page,
            "first": passage.starts_with,
            "last": passage.ends_with,
            "link": passage.link,
        }
        return self.passages.number(repr(found), {key: value for key, value in found.items() if value != ""})

    def source(self, name: str) -> int:
        """Number a source; one that the manifest does not list goes by its slug."""
        return self.sources.number(name, {"slug": name, "label": name})

    def short(self, iri: str) -> str:
        """An IRI without the part that all of a data set have; the browser puts it back."""
        return iri.removeprefix(f"{self.dataset.base}id/")

    def data(self) -> Values:
        """Everything, without the layouts."""
        return {
            "language": self.language,
            "base": f"{self.dataset.base}id/",
            "title": self.dataset.title.get(self.language, ""),
            "edition": self.dataset.edition,
            "licence": self.dataset.licence,
            "sources": self.sources.items,
            "roles": self.roles.items,
            "nodes": self.nodes.items,
            "claims": self.claims.items,
            "passages": self.passages.items,
            "links": self.links,
        }
