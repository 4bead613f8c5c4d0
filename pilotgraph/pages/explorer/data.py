"""What the explorer shows, as plain values: things, links, the claims behind them and their passages.

Everything is numbered and said once, for a page carries it all: a link names two nodes and a claim, a claim its
passages. The browser makes the networks from it, so that each filter leads to true numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from pilotgraph.answers import Table, add_evidence
from pilotgraph.explain.facts import Words, read_words
from pilotgraph.network.networks import LAYERS, contradicted, layer_rows
from pilotgraph.network.options import FUNDING_ROLES, NetworkOptions
from pilotgraph.network.pilots import pilots
from pilotgraph.network.rows import links, slug
from pilotgraph.pages.explorer.clusters import find_clusters, tell_clusters
from pilotgraph.pages.explorer.places import arrange
from pilotgraph.progress import silent
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pilotgraph.answers import Passage
    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters import ClusterReport
    from pilotgraph.network.rows import Row
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

Values = dict[str, Any]
# Of so many pilots a picture can still be read, and a page can carry the claims.
MOST_PILOTS: Final = 1000
_KINDS: Final = {PG + "Organisation": "organisation", PG + "OrganisationKind": "kind"}
# What a claim says besides who and what: the column of the label, by kind of link.
_DETAILS: Final = {"relation": "relationLabel"}


_TEXTS: Final = """SELECT ?thing ?name ?text {
  VALUES ?thing { %s }
  ?thing ?property ?text . FILTER(?property IN (dct:description, pg:namedAs, pg:note))
  BIND(REPLACE(STR(?property), "^.*[/#]", "") AS ?name)
}"""


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


@dataclass(frozen=True)
class Rows:
    """What the graph says of pilots and their links, as rows: read once, for a page or for many parts.

    `pilots` are as :func:`pilotgraph.network.pilots.pilots` gives them, `links` the rows by kind, `traits` the rows of
    what describes a pilot and links none, `clashing` the claims that an open contradiction joins.
    """

    pilots: dict[str, Values]
    links: dict[str, list[Row]]
    traits: list[Row]
    clashing: set[str]

    @classmethod
    def read(cls, dataset: Dataset, reader: Reader, language: str) -> Rows:
        """Ask the queries of the network. Raises DatasetError if one is missing."""
        options = NetworkOptions(kinds=True, language=language)
        return cls(
            pilots(dataset, reader, options),
            {layer: layer_rows(dataset, reader, layer, options) for layer in LAYERS},
            links(dataset, reader, "pilot-trait", options),
            contradicted(dataset, reader),
        )


def explorer_data(
    dataset: Dataset, reader: Reader, language: str, report: ClusterReport | None = None, progress: Tell = silent
) -> Values:
    """Read what the explorer shows, in a language: en or nl.

    `nodes` are pilots and all that they are linked to, `links` by kind lists of [pilot, thing, claim] and, where the
    link follows from the register of places, a fourth value; `claims` tell source, role and passages, `layouts`
    where the nodes stand. Numbers point into these lists. `report` is what
    :func:`pilotgraph.pages.explorer.clusters.find_clusters` gives, which takes long: for several languages, call it
    once. Of more than :data:`MOST_PILOTS` pilots, those with the most links are there, and `part` tells how many of how
    many; :mod:`pilotgraph.pages.explorer.levels` shows all of them. Raises DatasetError if a query is missing.
    """
    progress("reading the network", 0, 0)
    build = _Build(dataset, reader, language, Rows.read(dataset, reader, language))
    [data] = _told([build])
    if build.left_out:
        shown = sum(node["mode"] == "pilot" for node in data["nodes"])
        data["part"] = {"shown": shown, "total": shown + build.left_out}
    data["layouts"] = arrange(data)
    found = None if build.left_out else report or find_clusters(dataset, reader, progress=progress)
    data["clusters"] = found and tell_clusters(found, language, build.nodes.__getitem__, build.claims.__getitem__)
    return data


def parts_data(dataset: Dataset, reader: Reader, language: str, parts: Iterable[Rows]) -> list[Values]:
    """Tell parts of the network as :func:`explorer_data` does, each from its own rows; texts are asked for together.

    There are no clusters, for a part is one, and no layouts: the browser makes them.
    """
    builds = [_Build(dataset, reader, language, rows) for rows in parts]
    return [data | {"clusters": None} for data in _told(builds)]


def _told(builds: Sequence[_Build]) -> list[Values]:
    """Number everything of some pages, ask what things are and where claims stand, and tell it."""
    for build in builds:
        build.add_everything()
    if not builds:
        return []
    reader, language = builds[0].reader, builds[0].language
    claims = list(dict.fromkeys(iri for build in builds for iri in build.claims.names()))
    nodes = dict.fromkeys(iri for build in builds for iri in build.nodes.names())
    words = _read_texts([*nodes, *claims], reader, language)
    table = Table([], [[] for _ in claims], [[iri] for iri in claims])
    add_evidence(table, reader, language)
    passages = dict(zip(claims, table.passages, strict=True))
    for build in builds:
        build.add_texts(words)
        build.add_passages(passages)
    return [build.data() for build in builds]


def _read_texts(iris: Iterable[str], reader: Reader, language: str) -> Words:
    """Read the texts that the explorer shows; for many things this takes a tenth of the time of all their words."""
    words = Words(language)
    answer = reader.select(with_prefixes(_TEXTS % " ".join(str(NamedNode(iri)) for iri in iris)))
    for row in answer:
        by_language = words.texts.setdefault((plain(row["thing"]), plain(row["name"])), {})
        by_language.setdefault(getattr(row["text"], "language", None) or "", []).append(plain(row["text"]))
    return words


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
    def __init__(self, dataset: Dataset, reader: Reader, language: str, rows: Rows) -> None:
        self.dataset, self.reader, self.language, self.rows = dataset, reader, language, rows
        self.nodes, self.claims, self.roles, self.sources = Numbers(), Numbers(), Numbers(), Numbers()
        self.passages = Numbers()
        self.links: dict[str, list[list[int]]] = {}
        self.linked: set[tuple[str | int, ...]] = set()
        self.left_out = 0

    def add_everything(self) -> None:
        """Number pilots, links and traits."""
        self.add_pilots()
        for layer in LAYERS:
            self.add_links(layer)
        self.add_traits()

    def add_pilots(self) -> None:
        """Number the sources and the pilots, which are there also without links."""
        labels = read_words(
            [self.dataset.iri("source", s.slug) for s in self.dataset.sources], self.reader, self.language
        )
        for source in self.dataset.sources:
            label = labels.label(self.dataset.iri("source", source.slug))
            self.sources.number(source.slug, {"slug": source.slug, "label": label})
        found = self.rows.pilots
        shown = _most_linked(found, self.rows.links)
        self.left_out = len(found) - len(shown)
        for iri in shown:
            pilot = found[iri]
            node = {"id": self.short(iri), "label": pilot["label"], "mode": "pilot"}
            node |= {key: pilot[key] for key in ("start", "end") if pilot[key]}
            self.nodes.number(iri, {**node, "sources": [self.source(name) for name in pilot["sources"]]})

    def add_links(self, layer: str) -> None:
        """Number the links of one kind, with what they lead to."""
        rows = [row for row in self.rows.links[layer] if self.is_shown(row, layer)]
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
        for row in self.rows.traits:
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
        if row["claim"] in self.rows.clashing:
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

    def add_texts(self, words: Words) -> None:
        """Add what things are, in our own words, and how a source names who takes part."""
        for iri, node in zip(self.nodes.names(), self.nodes.items, strict=True):
            if text := words.one(iri, "description"):
                node["text"] = text
        for iri, claim in zip(self.claims.names(), self.claims.items, strict=True):
            for key, name in (("named", "namedAs"), ("note", "note")):
                if texts := words.all(iri, name):
                    claim[key] = texts

    def add_passages(self, passages: Mapping[str, list[Passage]]) -> None:
        """Add where each claim stands in its source."""
        for iri, claim in zip(self.claims.names(), self.claims.items, strict=True):
            claim["passages"] = [self.passage(passage) for passage in passages[iri]]

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
