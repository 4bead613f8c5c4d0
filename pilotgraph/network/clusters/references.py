"""Divisions made by others: what the records say of the pilots, and how a report groups them.

A report seldom lists the members of its groups. They are taken from its counts and from the mentions whose pilots
are certain or probable, matched by the passage that both rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pilotgraph.network.clusters.model import Reference
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.store.base import Reader

Rows = list[dict[str, str]]

# The dimensions of the records that are compared with, in the order in which they are told.
DIMENSIONS: Final = ("pillar", "domain", "result-kind")
_LABELS: Final = {
    "pillar": {"en": "pillar of the overview", "nl": "pijler in het overzicht"},
    "domain": {"en": "domain of the overview", "nl": "domein in het overzicht"},
    "result-kind": {"en": "kind of result", "nl": "soort resultaat"},
    "programme": {"en": "programme", "nl": "programma"},
    "theme": {"en": "theme of the report", "nl": "thema van het rapport"},
}
_CLASSIFIED = """SELECT ?pilot ?claim ?label ?dimension {
  ?claim a pg:Classification ; pg:about ?pilot ; pg:concept ?concept ; pg:dimension ?dimension .
  ?pilot a pg:Pilot . ?concept skos:prefLabel ?label . FILTER(LANG(?label) = "%s")
} ORDER BY ?pilot ?claim"""
_PROGRAMMES = """SELECT ?pilot ?claim ?label {
  ?claim a pg:Relation ; pg:about ?pilot ; pg:other ?programme ; pg:relationKind ?kind .
  ?pilot a pg:Pilot . ?programme a pg:Programme ; skos:prefLabel ?label .
  FILTER(LANG(?label) = "%s" && STRENDS(STR(?kind), "/part-of"))
} ORDER BY ?pilot ?claim"""
# A passage that carries several counts by theme, or several mentions, does not tell which belongs to which.
_THEMES = """SELECT ?label ?value ?pilot ?claim ?sure {
  ?count a pg:AggregateObservation ; pg:countedBy ?topic ; pg:category/skos:prefLabel ?label .
  FILTER(STRENDS(STR(?topic), "/count-topic/theme") && LANG(?label) = "%s")
  OPTIONAL { ?count pg:value ?value }
  { ?count pg:concerns ?pilot . BIND(?count AS ?claim) BIND(true AS ?sure) }
  UNION
  { ?count pg:evidence ?passage . ?claim a pg:Mention ; pg:evidence ?passage ; pg:tie ?tie .
    FILTER(STRENDS(STR(?tie), "/certain") || STRENDS(STR(?tie), "/probable"))
    FILTER NOT EXISTS { ?other a pg:Mention ; pg:evidence ?passage . FILTER(?other != ?claim) }
    FILTER NOT EXISTS {
      ?another pg:evidence ?passage ; pg:countedBy ?topic ; pg:category ?different . FILTER(?another != ?count) }
    { ?claim pg:concerns ?pilot . BIND(true AS ?sure) } UNION { ?claim pg:candidate ?pilot . BIND(false AS ?sure) } }
  ?pilot a pg:Pilot .
} ORDER BY ?label ?claim ?pilot"""
_MIN_GROUP = 2


def references(reader: Reader, language: str = "en") -> list[Reference]:
    """Read all divisions that the graph has: by dimension of the records, by programme, by theme of the report.

    Group names are labels in the language. A division of fewer than two pilots is left out.
    """
    classified = _ask(_CLASSIFIED, reader, language)
    by_dimension = {
        name: [row for row in classified if row["dimension"].endswith(f"/dimension/{name}")] for name in DIMENSIONS
    }
    rows = by_dimension | {"programme": _ask(_PROGRAMMES, reader, language), "theme": report_themes(reader, language)}
    made = [_reference(name, found, language) for name, found in rows.items()]
    return [reference for reference in made if len(reference.division) >= _MIN_GROUP]


def report_themes(reader: Reader, language: str) -> Rows:
    """The pilots of each theme of a report, as far as they are known: rows of `pilot`, `label` and `claim`.

    Pilots of which a mention says only that they may be meant count where the report prints the number of the
    group and one too many is named at most: then all but one are meant.
    """
    rows = _ask(_THEMES, reader, language)
    kept = []
    for label in sorted({row["label"] for row in rows}):
        group = [row for row in rows if row["label"] == label]
        printed = max((int(row["value"]) for row in group if row["value"]), default=0)
        sure = [row for row in group if row["sure"] == "true"]
        kept += group if printed and len({row["pilot"] for row in group}) <= printed + 1 else sure
    return kept


def _reference(name: str, rows: Iterable[dict[str, str]], language: str) -> Reference:
    groups: dict[str, set[str]] = {}
    claims = set()
    for row in rows:
        groups.setdefault(row["label"], set()).add(row["pilot"])
        claims.add(row["claim"])
    return Reference(
        name, _LABELS[name][language], {g: frozenset(groups[g]) for g in sorted(groups)}, tuple(sorted(claims))
    )


def _ask(query: str, reader: Reader, language: str) -> Rows:
    answer = reader.select(with_prefixes(query % language))
    names = [variable.value for variable in answer.variables]
    return [{name: plain(row[name]) for name in names} for row in answer]
