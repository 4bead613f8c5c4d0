"""What the graph says about the things to be explained: read with SPARQL 1.1 through a Reader.

Only facts about the given things are read, and counts of what they share, so that the size of the graph
matters little. Every IRI that is put into a query comes out of the graph and is written as a term.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pilotgraph.explain.model import Fact
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.store.base import Reader

_DIMENSIONS = {"direct-target-group": "target-group", "indirect-target-group": "target-group"}
# The status is left out: that two pilots are both running is a matter of the calendar.
_NO_LINK = frozenset({"status"})
_FACTS = """SELECT DISTINCT ?thing ?claim ?property ?value ?class ?detail ?how {
  VALUES ?thing { %s }
  VALUES (?property ?by) {
    (pg:participant pg:role) (pg:concept pg:dimension) (pg:goal pg:none) (pg:place pg:none)
    (pg:other pg:relationKind) (pg:theme pg:none) (foaf:page pg:none) }
  ?claim pg:about ?thing ; ?property ?value ; pg:evidence ?passage .
  OPTIONAL { ?claim ?by ?detail }
  OPTIONAL { ?claim pg:alignmentKind ?how }
  OPTIONAL { ?value a ?class . VALUES ?class { pg:Organisation pg:OrganisationKind pg:Pilot pg:Programme } }
}"""
# Pilots and programmes are what people do together; a study about them is not.
_WORK = "?of a ?kind_of . FILTER(?kind_of IN (pg:Pilot, pg:Programme))"
_LINKS = {"goal": "goal", "place": "place", "theme": "theme", "page": "page"}
_HOLDERS = """SELECT ?value (COUNT(DISTINCT ?thing) AS ?n) {
  VALUES ?value { %s }
  VALUES ?property { pg:participant pg:concept pg:goal pg:other pg:theme foaf:page }
  ?claim ?property ?value ; pg:evidence ?passage ; pg:about ?thing . ?thing a pg:Pilot .
} GROUP BY ?value"""
_MEMBERS = """SELECT ?value (COUNT(DISTINCT ?actor) AS ?n) {
  VALUES ?value { %s }
  ?claim pg:about ?value ; pg:evidence ?passage ; pg:participant ?actor . ?actor a pg:Organisation .
} GROUP BY ?value"""
_INSIDE = """SELECT ?value (COUNT(DISTINCT ?thing) AS ?n) {
  VALUES ?value { %s }
  ?place dct:isPartOf* ?value . ?claim pg:place ?place ; pg:evidence ?passage ; pg:about ?thing . ?thing a pg:Pilot .
} GROUP BY ?value"""
_WORDS = """SELECT ?thing ?property ?text {
  VALUES ?thing { %s }
  ?thing ?property ?text .
  FILTER(?property IN (skos:prefLabel, dct:description, pg:text, pg:note, pg:namedAs, pg:part, dcat:startDate,
    dcat:endDate, pg:startText, pg:endText, pg:explanation))
}"""


@dataclass
class Words:
    """Texts of things and claims, by IRI and property, in one language if they have one."""

    language: str
    texts: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)

    def all(self, iri: str, name: str) -> list[str]:
        """Every text of a property: in the language, else without one, else in whatever there is."""
        by_language = self.texts.get((iri, name), {})
        found = by_language.get(self.language) or by_language.get("") or next(iter(by_language.values()), [])
        return sorted(found)

    def one(self, iri: str, name: str) -> str:
        """The first text of a property, empty if there is none."""
        return next(iter(self.all(iri, name)), "")

    def label(self, iri: str) -> str:
        """The label of a thing; without one, the last part of its IRI."""
        return self.one(iri, "prefLabel") or iri.rstrip("/").rsplit("/", 1)[-1]


def read_facts(things: Iterable[str], reader: Reader) -> list[Fact]:
    """Read what the claims about some pilots or programmes name, sorted."""
    found = set()
    for row in reader.select(_ask(_FACTS, things)):
        value, detail = plain(row["value"]), plain(row["detail"])
        slug = detail.rsplit("/", 1)[-1]
        link = _link(plain(row["property"]).rsplit("#", 1)[-1].rsplit("/", 1)[-1], plain(row["class"]), slug)
        if link and slug not in _NO_LINK:
            assigned = plain(row["how"]).endswith("/assigned")
            found.add(Fact(plain(row["thing"]), plain(row["claim"]), link, value, slug, detail, assigned))
    return sorted(found, key=lambda fact: (fact.thing, fact.link, fact.value, fact.detail, fact.claim))


def _link(property_: str, class_: str, detail: str) -> str:
    """Tell the type of link from the property, the class of its value, and the dimension."""
    name = class_.removeprefix(PG)
    match property_:
        case "participant":
            return {"Organisation": "organisation", "OrganisationKind": "kind"}.get(name, "")
        case "other":
            return {"Pilot": "relation", "Programme": "programme"}.get(name, "")
        case "concept":
            return _DIMENSIONS.get(detail, detail)
    return _LINKS.get(property_, "")


def read_participations(organisations: Iterable[str], reader: Reader) -> list[Fact]:
    """Read in which pilots and programmes some organisations have which roles: `value` is the pilot or programme."""
    query = """SELECT DISTINCT ?thing ?claim ?value ?class ?detail {
      VALUES ?thing { %s }
      ?claim pg:participant ?thing ; pg:about ?value ; pg:evidence ?passage . ?value a ?class .
      VALUES ?class { pg:Pilot pg:Programme }
      OPTIONAL { ?claim pg:role ?detail } }"""
    found = {
        Fact(
            plain(row["thing"]),
            plain(row["claim"]),
            "pilot" if plain(row["class"]) == PG + "Pilot" else "programme",
            plain(row["value"]),
            plain(row["detail"]).rsplit("/", 1)[-1],
            plain(row["detail"]),
        )
        for row in reader.select(_ask(query, organisations))
    }
    return sorted(found, key=lambda fact: (fact.thing, fact.link, fact.value, fact.detail, fact.claim))


def count_organisations(reader: Reader) -> int:
    """Count the organisations that have a role in a pilot or programme."""
    return _number(
        reader,
        f"""SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {_WORK}
          ?claim pg:participant ?x ; pg:evidence ?passage ; pg:about ?of . ?x a pg:Organisation }}""",
    )


def _number(reader: Reader, query: str) -> int:
    return next(int(plain(row["n"])) for row in reader.select(with_prefixes(query)))


def holders(values: Iterable[str], reader: Reader) -> dict[str, int]:
    """Count the pilots whose claims name each value; for a place, those in it or in a part of it."""
    wanted = sorted(set(values))
    return _counts(_HOLDERS, wanted, reader) | _counts(_INSIDE, wanted, reader)


def members(values: Iterable[str], reader: Reader) -> dict[str, int]:
    """Count the organisations that take part in each pilot or programme."""
    return _counts(_MEMBERS, values, reader)


def classifications(organisations: Iterable[str], reader: Reader) -> dict[str, set[str]]:
    """Give the kinds under which the register puts some organisations."""
    found: dict[str, set[str]] = {}
    query = "SELECT ?thing ?kind { VALUES ?thing { %s } ?thing org:classification ?kind }"
    for row in reader.select(_ask(query, organisations)):
        found.setdefault(plain(row["thing"]), set()).add(plain(row["kind"]))
    return found


def count_classified(kinds: Iterable[str], reader: Reader) -> dict[str, int]:
    """Count the organisations of each kind that have a role in a pilot or programme."""
    query = f"""SELECT ?value (COUNT(DISTINCT ?x) AS ?n) {{ VALUES ?value {{ %s }} {_WORK}
      ?x org:classification ?value . ?claim pg:participant ?x ; pg:evidence ?passage ; pg:about ?of }}
      GROUP BY ?value"""
    return _counts(query, kinds, reader)


def _counts(query: str, values: Iterable[str], reader: Reader) -> dict[str, int]:
    wanted = sorted(set(values))
    if not wanted:
        return {}
    rows = reader.select(_ask(query, wanted))
    return {plain(row["value"]): int(plain(row["n"])) for row in rows if row["value"] is not None}


def containers(places: Iterable[str], reader: Reader) -> dict[str, set[str]]:
    """Give for each place those in which it lies, itself excluded."""
    found: dict[str, set[str]] = {}
    query = "SELECT ?place ?container { VALUES ?place { %s } ?place dct:isPartOf+ ?container }"
    for row in reader.select(_ask(query, places)):
        found.setdefault(plain(row["place"]), set()).add(plain(row["container"]))
    return found


def read_words(iris: Iterable[str], reader: Reader, language: str) -> Words:
    """Read labels, descriptions, notes, findings and dates of things and claims."""
    words = Words(language)
    for row in reader.select(_ask(_WORDS, iris)):
        name = plain(row["property"]).rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        text = row["text"]
        by_language = words.texts.setdefault((plain(row["thing"]), name), {})
        by_language.setdefault(getattr(text, "language", None) or "", []).append(plain(text))
    return words


def periods(pilots: Iterable[str], reader: Reader) -> dict[str, list[str]]:
    """Give the period claims of each pilot, sorted."""
    found: dict[str, list[str]] = {}
    query = """SELECT DISTINCT ?thing ?claim { VALUES ?thing { %s }
      ?claim a pg:Period ; pg:about ?thing ; pg:evidence ?passage } ORDER BY ?claim"""
    for row in reader.select(_ask(query, pilots)):
        found.setdefault(plain(row["thing"]), []).append(plain(row["claim"]))
    return found


def coverage(pilots: Iterable[str], reader: Reader) -> dict[tuple[str, str], str]:
    """Give per pilot and dimension (slug) what is known: stated, contradicted, not-applicable, not-stated."""
    query = """SELECT ?thing ?dimension ?knowing { VALUES ?thing { %s }
      ?c a pg:Coverage ; pg:about ?thing ; pg:dimension ?dimension ; pg:knowing ?knowing }"""
    return {
        (plain(row["thing"]), plain(row["dimension"]).rsplit("/", 1)[-1]): plain(row["knowing"]).rsplit("/", 1)[-1]
        for row in reader.select(_ask(query, pilots))
    }


def clashing(claims: Iterable[str], reader: Reader) -> dict[str, set[str]]:
    """Give by claim the contradictions that it stands in (`pg:contradictedBy`)."""
    found: dict[str, set[str]] = {}
    query = """SELECT DISTINCT ?claim ?clash { VALUES ?claim { %s }
      ?claim pg:contradictedBy ?clash }"""
    for row in reader.select(_ask(query, claims)):
        found.setdefault(plain(row["claim"]), set()).add(plain(row["clash"]))
    return found


@dataclass(frozen=True)
class Extent:
    """Where the passage of a claim stands: code points in a source's normalised text, end exclusive."""

    claim: str
    source: str
    start: int
    end: int

    def meets(self, other: Extent) -> bool:
        """Tell whether two passages have text in common."""
        return self.source == other.source and self.start < other.end and other.start < self.end


def extents(claims: Iterable[str], reader: Reader) -> list[Extent]:
    """Read where the passages of some claims stand; a claim that rests on another's record is left out."""
    query = """SELECT DISTINCT ?claim ?source ?start ?end { VALUES ?claim { %s }
      ?claim pg:evidence ?passage . ?passage oa:hasSource ?source ; pg:start ?start ; pg:end ?end .
      FILTER NOT EXISTS { ?claim pg:outsideRecord ?why } } ORDER BY ?claim ?start ?end"""
    rows = reader.select(_ask(query, claims))
    return [Extent(plain(r["claim"]), plain(r["source"]), int(plain(r["start"])), int(plain(r["end"]))) for r in rows]


def claims_about(pilots: Iterable[str], reader: Reader) -> dict[str, list[str]]:
    """Give all claims about each pilot, sorted."""
    found: dict[str, list[str]] = {}
    query = """SELECT DISTINCT ?thing ?claim { VALUES ?thing { %s } ?claim pg:about ?thing ; pg:evidence ?passage }
      ORDER BY ?thing ?claim"""
    for row in reader.select(_ask(query, pilots)):
        found.setdefault(plain(row["thing"]), []).append(plain(row["claim"]))
    return found


def edges(reader: Reader) -> list[Fact]:
    """Read all links between pilots, programmes and organisations: participations and relations, sorted."""
    query = f"""SELECT DISTINCT ?thing ?claim ?value ?class ?detail {{
      {_WORK} ?claim pg:about ?of ; pg:evidence ?passage . BIND(?of AS ?thing)
      {{ ?claim pg:participant ?value . ?value a pg:Organisation . BIND("organisation" AS ?class)
        OPTIONAL {{ ?claim pg:role ?detail }} }}
      UNION
      {{ ?claim pg:other ?value . BIND("relation" AS ?class) OPTIONAL {{ ?claim pg:relationKind ?detail }} }} }}"""
    found = []
    for row in reader.select(with_prefixes(query)):
        detail = plain(row["detail"])
        slug = detail.rsplit("/", 1)[-1]
        found.append(
            Fact(plain(row["thing"]), plain(row["claim"]), plain(row["class"]), plain(row["value"]), slug, detail)
        )
    return sorted(found, key=lambda fact: (fact.thing, fact.value, fact.detail, fact.claim))


def _ask(query: str, iris: Iterable[str]) -> str:
    """Put IRIs, as terms, into the VALUES block of a query."""
    return with_prefixes(query.replace("%s", " ".join(str(NamedNode(iri)) for iri in sorted(set(iris)))))
