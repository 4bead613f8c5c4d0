"""What a data set holds, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.terms import PG, PREFIXES, compact, plain

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

_CLASSES = f"""SELECT ?class (COUNT(DISTINCT ?thing) AS ?number) {{
  ?thing a ?class . FILTER(STRSTARTS(STR(?class), "{PG}"))
}} GROUP BY ?class ORDER BY DESC(?number) ?class"""
_BY = """PREFIX pg: <%s> PREFIX skos: <%s>
SELECT ?label (COUNT(DISTINCT ?pilot) AS ?number) {
  ?pilot a pg:Pilot ; pg:%s ?group . ?group skos:prefLabel ?label . FILTER(LANG(?label) = "%s")
} GROUP BY ?group ?label ORDER BY DESC(?number) ?label"""
_SOURCES = f"""PREFIX pg: <{PG}> PREFIX oa: <{PREFIXES["oa"]}> PREFIX dct: <{PREFIXES["dct"]}>
PREFIX dcat: <{PREFIXES["dcat"]}>
SELECT ?slug ?issued ?address (COUNT(DISTINCT ?passage) AS ?passages) {{
  ?source a pg:SourceDocument ; dct:identifier ?slug ; dct:issued ?issued ; dcat:landingPage ?address .
  OPTIONAL {{ ?passage a pg:Evidence ; oa:hasSource ?source }}
}} GROUP BY ?slug ?issued ?address ORDER BY ?slug"""


def overview(dataset: Dataset, reader: Reader, language: str) -> dict[str, Any]:
    """Count a data set: edition, pilots by pillar and programme, things by class, sources with passages."""
    return {
        "data set": dataset.title.get(language, next(iter(dataset.title.values()))),
        "base": dataset.base,
        "edition": dataset.edition,
        "licence": dataset.licence,
        "pilots": count_pilots(reader),
        "pilots by pillar": _count(reader, "inPillar", language),
        "pilots by programme": _count(reader, "inProgramme", language),
        "things by class": {compact(plain(row["class"])): int(plain(row["number"])) for row in reader.select(_CLASSES)},
        "sources": [
            {
                "source": f"{plain(row['slug'])} ({plain(row['issued'])}): {plain(row['passages'])} passages",
                "address": plain(row["address"]),
            }
            for row in reader.select(_SOURCES)
        ],
    }


def count_pilots(reader: Reader) -> int:
    """Count the pilots."""
    rows = reader.select(f"SELECT (COUNT(DISTINCT ?pilot) AS ?n) {{ ?pilot a <{PG}Pilot> }}")
    return next(int(plain(row["n"])) for row in rows)


def _count(reader: Reader, shortcut: str, language: str) -> dict[str, int]:
    rows = reader.select(_BY % (PG, PREFIXES["skos"], shortcut, language))
    return {plain(row["label"]): int(plain(row["number"])) for row in rows}
