"""Synthetic programmes in the data model of pilotgraph: pilots, organisations, sources, claims and their passages.

Everything is drawn from one seeded generator, pilot by pilot, so that any number of pilots takes the same memory.
Terms are written as N-Triples; a thing is its subject and its pairs of predicate and object.

What is modelled: the popularity of partners is skewed (rank r is drawn about as often as 1/r, Zipf's law); most
partners of a pilot work in its own domain; passages carry every claim; some pilots have two running times that
contradict each other; a part of the pilots states no domain, goal or running time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://w3id.org/pilotgraph/synthetic/"
DUTCH = "<http://publications.europa.eu/resource/authority/language/NLD>"

Thing = tuple[str, list[tuple[str, str]]]

# Names of concepts in the schemes of the bundled data set.
DOMAINS = (
    "schulden", "wonen", "scheiden", "sociaal-domein", "toegang", "inkomen", "burger-en-overheid", "strafzaken",
    "slachtoffers", "buurt", "consumentenzaken", "multiproblematiek", "doorverwijzing",
)  # fmt: skip
GOALS = ("eerder-oplossen", "eigen-regie", "juiste-hulp-snel", "toegang-tot-het-recht", "duurzame-oplossing")
PILLARS = ("eerste-lijn", "tweede-lijn", "burgergerichte-overheid")
ROLES = ("participant", "partner", "lead", "service-provider", "tester", "referrer", "funder", "consulted")
KINDS = ("gemeente", "stichting", "advocatuur", "welzijnsorganisatie", "rechtbank", "woningcorporatie")
WORDS_NL = (
    "samen",
    "vroeg",
    "dichtbij",
    "digitaal",
    "helder",
    "tijdig",
    "lokaal",
    "eenvoudig",
    "gericht",
    "zorgvuldig",
)
WORDS_EN = ("joint", "early", "nearby", "digital", "clear", "timely", "local", "simple", "targeted", "careful")

PILOTS_PER_SOURCE = 50
PILOTS_PER_ORGANISATION = 8
_OWN_DOMAIN = 0.7
_MOST_PARTNERS = 8


@dataclass
class Pilot:
    """The things that one pilot adds: to the register, the decisions, and the folder of its source."""

    number: int
    register: list[Thing]
    claims: list[Thing]
    decisions: list[Thing]

    def find(self, kind: str) -> list[tuple[str, str]]:
        """The properties of the first thing of a class, to be changed in place."""
        wanted = (pg("rdf:type"), pg(f"pg:{kind}"))
        return next(pairs for _, pairs in (*self.register, *self.claims) if wanted in pairs)


def pg(name: str) -> str:
    """Write out a prefixed name.

    >>> pg("pg:Pilot")
    '<https://w3id.org/pilotgraph/def#Pilot>'
    """
    found = _NAMES.get(name)
    if found is None:
        prefix, local = name.split(":", 1)
        found = _NAMES[name] = f"<{PREFIXES[prefix]}{local}>"
    return found


_NAMES: dict[str, str] = {}


def iri(kind: str, slug: str) -> str:
    """The IRI of a thing of the synthetic data set."""
    return f"<{BASE}id/{kind}/{slug}>"


def concept(scheme: str, slug: str) -> str:
    """The IRI of a concept."""
    return f"<{BASE}id/concept/{scheme}/{slug}>"


def typed(value: str | int, datatype: str) -> str:
    """A literal with an XML Schema type."""
    return f'"{value}"^^<{PREFIXES["xsd"]}{datatype}>'


def texts(predicate: str, dutch: str, english: str) -> list[tuple[str, str]]:
    """A text in both languages."""
    return [(pg(predicate), f'"{dutch}"@nl'), (pg(predicate), f'"{english}"@en')]


def organisation_names(number: int) -> tuple[str, str]:
    """The Dutch and the English name of an organisation."""
    return f"Organisatie {number}", f"Organisation {number}"


def number_of_organisations(pilots: int) -> int:
    """How many organisations a programme of this size has."""
    return -(-pilots // PILOTS_PER_ORGANISATION)


def organisations(pilots: int) -> Iterator[Thing]:
    """The organisations, the most popular first; number n works in domain n mod 13."""
    for number in range(number_of_organisations(pilots)):
        yield (
            iri("organisation", f"organisation-{number}"),
            [
                (pg("rdf:type"), pg("pg:Organisation")),
                (pg("org:classification"), concept("organisation-kind", KINDS[number % len(KINDS)])),
                *texts("skos:prefLabel", *organisation_names(number)),
            ],
        )


def sources(pilots: int, generator: random.Random) -> Iterator[Thing]:
    """The source documents: one for each fifty pilots."""
    for number in range(-(-pilots // PILOTS_PER_SOURCE)):
        slug = f"overview-{number}"
        yield (
            iri("source", slug),
            [
                (pg("rdf:type"), pg("pg:SourceDocument")),
                *texts("dct:title", f"Overzicht {number}", f"Overview {number}"),
                (pg("dct:identifier"), f'"{slug}"'),
                (pg("dct:issued"), typed("2023-07-06", "date")),
                (pg("dct:publisher"), iri("organisation", "organisation-0")),
                (pg("dct:language"), DUTCH),
                (pg("dcat:landingPage"), f"<https://example.org/{slug}>"),
                (pg("pg:digest"), _digest(generator)),
            ],
        )


def pilots(count: int, seed: int, partners: float) -> Iterator[Pilot]:
    """Draw pilots one by one; `partners` is about the mean number of partners."""
    generator = random.Random(seed)  # noqa: S311 - a simulation, no secret
    for number in range(count):
        yield _pilot(number, number_of_organisations(count), partners, generator)


def _pilot(number: int, actors: int, partners: float, generator: random.Random) -> Pilot:
    name = f"p{number:07d}"
    this, passage = iri("pilot", name), iri("evidence", name)
    source = iri("source", f"overview-{number // PILOTS_PER_SOURCE}")
    start = number % PILOTS_PER_SOURCE * 2000
    domain = int(len(DOMAINS) ** generator.random()) - 1
    words = generator.randrange(len(WORDS_NL))
    dutch, english = DOMAINS[domain], DOMAINS[domain]
    register = [
        (
            this,
            [
                (pg("rdf:type"), pg("pg:Pilot")),
                *texts("skos:prefLabel", f"Pilot {number} {dutch}", f"Pilot {number} on {english}"),
                *texts(
                    "dct:description",
                    f"Werkwijze {number}: {WORDS_NL[words]} hulp bij {dutch}, voor wie er zelf niet uitkomt.",
                    f"Method {number}: {WORDS_EN[words]} help with {english}, for those who cannot solve it alone.",
                ),
            ],
        ),
        (
            iri("record", name),
            [
                (pg("rdf:type"), pg("pg:Record")),
                (pg("pg:recordOf"), this),
                *_passage(source, start, start + 1990, generator),
            ],
        ),
    ]
    claims: list[Thing] = [
        (passage, [(pg("rdf:type"), pg("pg:Evidence")), *_passage(source, start + 10, start + 400, generator)]),
        _claim(name, "pillar", "Classification", _classified("pillar", PILLARS[int(3 * generator.random() ** 2)])),
    ]
    if generator.random() < 0.4:  # noqa: PLR2004 - shares of the simulation
        claims.append(_claim(name, "domain", "Classification", _classified("domain", DOMAINS[domain])))
    if generator.random() < 0.1:  # noqa: PLR2004
        goal = concept("goal", generator.choice(GOALS))
        stated = (pg("pg:alignmentKind"), concept("alignment-kind", "stated"))
        claims.append(_claim(name, "goal", "GoalAlignment", [(pg("pg:goal"), goal), stated]))
    for actor in sorted(_partners(number, domain, actors, partners, generator)):
        role = ROLES[int(len(ROLES) ** generator.random()) - 1]
        said = [
            (pg("pg:participant"), iri("organisation", f"organisation-{actor}")),
            (pg("pg:role"), concept("role", role)),
            (pg("pg:namedAs"), f'"{organisation_names(actor)[0]}"'),
        ]
        claims.append(_claim(name, f"actor-{actor}", "Participation", said))
    decisions = []
    if generator.random() < 0.2:  # noqa: PLR2004
        year = generator.randrange(2018, 2023)
        claims.append(_claim(name, "period", "Period", _dates(year, year + 1)))
        if generator.random() < 0.1:  # noqa: PLR2004
            claims.append(_claim(name, "period-2", "Period", _dates(year, year + 2)))
            decisions.append(contradiction(name, "date-date", [iri("claim", f"{name}-{c}") for c in _BOTH]))
    return Pilot(number, register, claims, decisions)


_BOTH = ("period", "period-2")


def contradiction(name: str, kind: str, joined: list[str]) -> Thing:
    """A contradiction between claims of a pilot."""
    said = texts("pg:explanation", f"De opgaven van {name} verschillen.", f"The statements of {name} differ.")
    return (
        iri("contradiction", f"{name}-{kind}"),
        [
            (pg("rdf:type"), pg("pg:Contradiction")),
            (pg("pg:contradictionKind"), concept("contradiction-kind", kind)),
            (pg("pg:severity"), concept("severity", "low")),
            *said,
            *((pg("pg:joins"), claim) for claim in joined),
        ],
    )


def _claim(name: str, part: str, class_: str, said: list[tuple[str, str]]) -> Thing:
    known = [
        (pg("rdf:type"), pg(f"pg:{class_}")),
        (pg("pg:about"), iri("pilot", name)),
        (pg("pg:evidence"), iri("evidence", name)),
    ]
    return iri("claim", f"{name}-{part}"), known + said


def _classified(dimension: str, slug: str) -> list[tuple[str, str]]:
    return [
        (pg("pg:dimension"), concept("dimension", dimension)),
        (pg("pg:concept"), concept(dimension, slug)),
        (pg("pg:alignmentKind"), concept("alignment-kind", "stated")),
    ]


def _dates(start: int, end: int) -> list[tuple[str, str]]:
    return [(pg("dcat:startDate"), typed(start, "gYear")), (pg("dcat:endDate"), typed(end, "gYear"))]


def _passage(source: str, start: int, end: int, generator: random.Random) -> list[tuple[str, str]]:
    return [
        (pg("oa:hasSource"), source),
        (pg("pg:start"), typed(start, "integer")),
        (pg("pg:end"), typed(end, "integer")),
        (pg("pg:startsWith"), f'"Woord {start} van de"'),
        (pg("pg:endsWith"), f'"tot aan woord {end}."'),
        (pg("pg:digest"), _digest(generator)),
    ]


def _digest(generator: random.Random) -> str:
    return f'"sha256:{generator.getrandbits(256):064x}"'


def _partners(number: int, domain: int, actors: int, mean: float, generator: random.Random) -> set[int]:
    """Draw the partners of a pilot; every organisation is the partner of some pilot."""
    found = {number // PILOTS_PER_ORGANISATION} if number % PILOTS_PER_ORGANISATION == 0 else set()
    wanted = 1
    while wanted < _MOST_PARTNERS and generator.random() < 1 - 1 / mean:
        wanted += 1
    for _ in range(wanted - len(found)):
        places = (actors - 1 - domain) // len(DOMAINS) + 1
        if places and generator.random() < _OWN_DOMAIN:
            found.add((int(places ** generator.random()) - 1) * len(DOMAINS) + domain)
        else:
            found.add(int(actors ** generator.random()) - 1)
    return found
