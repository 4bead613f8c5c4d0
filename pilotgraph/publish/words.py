"""Titles and descriptions for the columns of the tables, in Dutch and English.

Those of the data set's own terms stand in its ontology; here are those of the terms that it reuses, and of the
columns that come from no single property.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from pilotgraph.terms import PREFIXES, plain

if TYPE_CHECKING:
    from pilotgraph.store.base import Reader

_QUERY = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX skos: <{PREFIXES["skos"]}> PREFIX owl: <{PREFIXES["owl"]}>
SELECT ?term ?label ?definition {{
  ?term rdfs:label ?label ; rdfs:isDefinedBy ?ontology . ?ontology a owl:Ontology .
  OPTIONAL {{ ?term skos:definition ?definition . FILTER(LANG(?definition) = LANG(?label)) }}
}}"""


@dataclass
class Words:
    """What something is called, and what it means, by language."""

    title: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)


def _words(nl: str, en: str, about_nl: str, about_en: str) -> Words:
    return Words({"nl": nl, "en": en}, {"nl": about_nl, "en": about_en})


ID: Final = _words(
    "kenmerk",
    "identifier",
    "Het vaste adres zonder het begin dat voor alle dingen gelijk is.",
    "The permanent address without the beginning that all things share.",
)
STATE: Final = _words(
    "staat van kennis",
    "state of knowing",
    "stated: de bron zegt het; contradicted: een andere passage spreekt tegen; assigned: toegekend door de redactie.",
    "stated: the source says so; contradicted: another passage contradicts it; assigned: by the editors.",
)
DERIVED: Final = _words(
    "afgeleid",
    "derived",
    "Of een regel dit heeft afgeleid, en geen redacteur het heeft opgeschreven.",
    "Whether a rule derived this, rather than an editor writing it down.",
)
NAME_OF: Final = _words(
    "{}: naam", "{}: name", "De naam van wat in de kolom ‘{}’ staat.", "The name of what stands in the column ‘{}’."
)
REUSED: Final = {
    PREFIXES[curie.partition(":")[0]] + curie.partition(":")[2]: words
    for curie, words in {
        "skos:Concept": _words(
            "begrip", "concept", "Een waarde uit een van de begrippenlijsten.", "A value of one of the concept schemes."
        ),
        "skos:ConceptScheme": _words(
            "begrippenlijst",
            "concept scheme",
            "Een lijst van waarden, zoals rollen of domeinen.",
            "A list of values, such as roles or domains.",
        ),
        "skos:prefLabel": _words("naam", "name", "De naam.", "The name."),
        "skos:altLabel": _words(
            "andere namen", "other names", "Andere namen voor hetzelfde.", "Other names for the same."
        ),
        "skos:definition": _words("definitie", "definition", "Wat het begrip betekent.", "What the concept means."),
        "skos:notation": _words("code", "code", "De code in een register.", "The code in a register."),
        "skos:broader": _words(
            "ruimer begrip", "broader concept", "Het begrip waar dit onder valt.", "The concept that this falls under."
        ),
        "skos:related": _words(
            "verwant begrip",
            "related concept",
            "Een begrip dat hiermee samenhangt.",
            "A concept that is related to this.",
        ),
        "skos:inScheme": _words(
            "begrippenlijst", "concept scheme", "De lijst waarin het begrip staat.", "The list that the concept is in."
        ),
        "skos:topConceptOf": _words(
            "bovenaan in",
            "top of",
            "De lijst waarin het begrip bovenaan staat.",
            "The list in which the concept stands at the top.",
        ),
        "skos:hasTopConcept": _words(
            "begrippen bovenaan",
            "top concepts",
            "De begrippen bovenaan in de lijst.",
            "The concepts at the top of the list.",
        ),
        "skos:exactMatch": _words(
            "zelfde als",
            "same as",
            "Hetzelfde in een andere gegevensverzameling.",
            "The same thing in another data set.",
        ),
        "skos:closeMatch": _words(
            "bijna zelfde als",
            "nearly the same as",
            "Bijna hetzelfde in een andere gegevensverzameling.",
            "Nearly the same thing in another data set.",
        ),
        "skos:relatedMatch": _words(
            "verwant aan",
            "related to",
            "Iets verwants in een andere gegevensverzameling.",
            "Something related in another data set.",
        ),
        "dct:title": _words("titel", "title", "De titel.", "The title."),
        "dct:description": _words("beschrijving", "description", "In eigen woorden.", "In our own words."),
        "dct:identifier": _words("korte naam", "short name", "De korte naam.", "The short name."),
        "dct:isPartOf": _words("deel van", "part of", "Waar dit deel van is.", "What this is part of."),
        "dct:issued": _words(
            "uitgebracht", "issued", "De dag of het jaar van uitgave.", "The day or year of publication."
        ),
        "dct:language": _words("taal", "language", "De taal van het document.", "The language of the document."),
        "dct:publisher": _words("uitgever", "publisher", "Wie het document uitgaf.", "Who published the document."),
        "dcat:startDate": _words(
            "begin",
            "start",
            "Zo precies als de bron: een jaar, maand of dag.",
            "As precise as the source: a year, month or day.",
        ),
        "dcat:endDate": _words(
            "einde",
            "end",
            "Zo precies als de bron: een jaar, maand of dag.",
            "As precise as the source: a year, month or day.",
        ),
        "dcat:landingPage": _words(
            "webpagina", "web page", "Waar het document te vinden is.", "Where the document can be found."
        ),
        "foaf:page": _words(
            "webpagina", "web page", "Het adres dat in de bron staat.", "The address that the source gives."
        ),
        "geo:lat": _words(
            "breedtegraad",
            "latitude",
            "Van een punt van de plaats (WGS 84), geen zwaartepunt.",
            "Of a point of the place (WGS 84), not its centre of gravity.",
        ),
        "geo:long": _words(
            "lengtegraad",
            "longitude",
            "Van een punt van de plaats (WGS 84), geen zwaartepunt.",
            "Of a point of the place (WGS 84), not its centre of gravity.",
        ),
        "oa:hasSource": _words(
            "bron", "source", "Het document waarin de passage staat.", "The document that the passage is in."
        ),
        "org:classification": _words(
            "soort organisatie",
            "kind of organisation",
            "Wat voor organisatie het is.",
            "What kind of organisation it is.",
        ),
        "org:subOrganizationOf": _words(
            "onderdeel van",
            "part of",
            "De organisatie waar dit een onderdeel van is.",
            "The organisation that this is a part of.",
        ),
    }.items()
}


def ontology_words(reader: Reader) -> dict[str, Words]:
    """The labels and definitions of the terms of the data set's ontology."""
    found: dict[str, Words] = defaultdict(Words)
    for row in sorted(reader.select(_QUERY), key=str):
        label, definition = row["label"], row["definition"]
        words = found[plain(row["term"])]
        if isinstance(label, Literal):
            words.title[label.language or "en"] = label.value
        if isinstance(definition, Literal):
            words.about[definition.language or "en"] = definition.value
    return found
