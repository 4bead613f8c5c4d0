"""What the page reads besides networks: ties that sources name, groups of a report, clashes, passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotgraph import answers
from pilotgraph.network.clusters.references import report_themes
from pilotgraph.network.networks import layer_rows
from pilotgraph.network.options import NetworkOptions
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.answers import Passage
    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters.model import Core
    from pilotgraph.store.base import Reader

# The conclusion of the report that results of pilots overlap: the reason to ask who belongs together.
_OVERLAP = "id/claim/tb22-finding-4-4-e"
_CLASHES = """SELECT DISTINCT ?text ?count {
  ?clash pg:joins ?count ; pg:contradictionKind ?kind ; pg:explanation ?text .
  ?count a pg:AggregateObservation ; pg:countedBy ?topic ; pg:category ?category .
  FILTER(STRENDS(STR(?topic), "/count-topic/partners") && STRENDS(STR(?category), "/%s"))
  FILTER(!STRENDS(STR(?kind), "/apparent") && LANG(?text) = "%s")
} ORDER BY ?text ?count"""
_TO_PROGRAMMES = """SELECT ?pilot ?programme ?kindLabel ?label ?claim {
  ?claim a pg:Relation ; pg:about ?pilot ; pg:other ?programme ; pg:relationKind ?kind .
  ?pilot a pg:Pilot . ?programme a pg:Programme ; skos:prefLabel ?label . ?kind skos:prefLabel ?kindLabel .
  FILTER(!STRENDS(STR(?kind), "/part-of") && LANG(?label) = "%s" && LANG(?kindLabel) = "%s")
} ORDER BY ?pilot ?programme ?claim"""
_OUT_OF_SCOPE = """SELECT ?pilot ?claim {
  ?claim a pg:AggregateObservation ; pg:countedBy ?topic ; pg:category ?category ; pg:concerns ?pilot .
  FILTER(STRENDS(STR(?topic), "/count-topic/scope") && CONTAINS(STR(?category), "/left-out"))
} ORDER BY ?pilot ?claim"""
_COMMISSIONED = """SELECT ?name ?who ?claim {
  ?claim pg:about ?study ; pg:participant ?body ; pg:role ?role . ?study a pg:Study ; skos:prefLabel ?name .
  ?body skos:prefLabel ?who .
  FILTER(STRENDS(STR(?role), "/commissioner") && LANG(?name) = "%s" && LANG(?who) = "%s")
} ORDER BY ?name ?who ?claim"""
_SOURCES = """SELECT ?name ?publisher {
  ?source a pg:SourceDocument ; skos:prefLabel ?name ; dct:publisher/skos:prefLabel ?publisher .
  FILTER(LANG(?name) = "%s" && LANG(?publisher) = "%s")
} ORDER BY ?name"""


@dataclass(frozen=True)
class Relation:
    """A tie between two pilots that a source itself names, with the claims of either side."""

    first: str
    kind: str
    second: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """A group of the report as far as its members are known; `landing` counts them by core (-1: none)."""

    label: str
    pilots: tuple[str, ...]
    landing: dict[int, int]
    claims: tuple[str, ...]


def relations(dataset: Dataset, reader: Reader, language: str) -> list[Relation]:
    """Ties between pilots that records name; one that both name is told once."""
    rows = layer_rows(dataset, reader, "relation", NetworkOptions(language=language))
    found: dict[frozenset[str], list[dict[str, str]]] = {}
    for row in sorted(rows, key=lambda row: (row["pilot"], row["thing"])):
        found.setdefault(frozenset((row["pilot"], row["thing"], row["relation"])), []).append(row)
    return [
        Relation(of[0]["pilot"], of[0]["relationLabel"], of[0]["thing"], tuple(sorted({r["claim"] for r in of})))
        for of in found.values()
    ]


def to_programmes(reader: Reader, language: str) -> list[tuple[str, str, str, str]]:
    """Ties between a pilot and a programme other than that it is part of it: pilot, kind, programme, claim."""
    rows = reader.select(with_prefixes(_TO_PROGRAMMES % (language, language)))
    return [(plain(r["pilot"]), plain(r["kindLabel"]), plain(r["label"]), plain(r["claim"])) for r in rows]


def out_of_scope(reader: Reader) -> tuple[list[str], list[str]]:
    """The pilots that a report leaves out, and the claims that say so."""
    rows = [(plain(row["pilot"]), plain(row["claim"])) for row in reader.select(with_prefixes(_OUT_OF_SCOPE))]
    return sorted({pilot for pilot, _ in rows}), sorted({claim for _, claim in rows})


def themes(reader: Reader, language: str, cores: Sequence[Core]) -> list[Theme]:
    """The groups of the report with two known members or more, the largest first, and in which cores they land."""
    core_of = {pilot: number for number, core in enumerate(cores) for pilot in core.pilots}
    found: dict[str, list[dict[str, str]]] = {}
    for row in report_themes(reader, language):
        found.setdefault(row["label"], []).append(row)
    made = []
    for label, rows in found.items():
        pilots = sorted({row["pilot"] for row in rows})
        numbers = [core_of.get(pilot, -1) for pilot in pilots]
        landing = {number: numbers.count(number) for number in sorted(set(numbers), key=lambda n: (n < 0, n))}
        if len(pilots) > 1:
            made.append(Theme(label, tuple(pilots), landing, tuple(sorted({row["claim"] for row in rows}))))
    return sorted(made, key=lambda theme: (-len(theme.pilots), theme.pilots))


def overlap(dataset: Dataset, reader: Reader) -> tuple[str, ...]:
    """The claim that the report itself sees overlap; empty where a data set has none."""
    claim = dataset.base + _OVERLAP
    return (claim,) if reader.ask(with_prefixes(f"ASK {{ <{claim}> a pg:Finding }}")) else ()


def clashes(reader: Reader, hub: str, language: str) -> list[tuple[str, str]]:
    """Open contradictions about how many pilots a partner has: explanation and the claim that counts."""
    rows = reader.select(with_prefixes(_CLASHES % (hub.rsplit("/", 1)[-1], language)))
    return [(plain(row["text"]), plain(row["count"])) for row in rows]


def sources(reader: Reader, language: str) -> list[tuple[str, str]]:
    """The source documents and who published them."""
    rows = reader.select(with_prefixes(_SOURCES % (language, language)))
    return [(plain(row["name"]), plain(row["publisher"])) for row in rows]


def commissioned(reader: Reader, language: str) -> list[tuple[str, str, str]]:
    """The studies among the sources and who commissioned them, with the claim that says so."""
    rows = reader.select(with_prefixes(_COMMISSIONED % (language, language)))
    return [(plain(row["name"]), plain(row["who"]), plain(row["claim"])) for row in rows]


def passages(claims: Sequence[str], reader: Reader, language: str) -> list[list[Passage]]:
    """The passages of each claim."""
    table = answers.Table(["claim"], [[None] for _ in claims], [[claim] for claim in claims])
    answers.add_evidence(table, reader, language)
    return table.passages
