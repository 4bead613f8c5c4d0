"""Faults of every kind that a constraint of the shapes can find, each with exactly one SHACL result at a pilot.

A fault is named after the constraint component that finds it. `sh:in` and `sh:qualifiedValueShape` occur in the shapes
only inside the value shape of `node`, and `sh:flags` only with a pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme import Pilot, concept, contradiction, iri, pg, texts, typed

if TYPE_CHECKING:
    from collections.abc import Callable


def apply(pilot: Pilot, shares: dict[str, float]) -> None:
    """Put into a pilot the faults whose turn it is: of n pilots, the first floor(n * share) evenly spread ones."""
    for name, share in shares.items():
        if int((pilot.number + 1) * share) > int(pilot.number * share):
            FAULTS[name](pilot)


def expected(pilots: int, share: float) -> int:
    """How many results a fault gives.

    >>> expected(200, 0.015)
    3
    """
    return int(pilots * share)


def _set(pairs: list[tuple[str, str]], predicate: str, *values: str) -> None:
    """Replace the values of a property, in place."""
    pairs[:] = [pair for pair in pairs if pair[0] != pg(predicate)] + [(pg(predicate), value) for value in values]


def _name(pilot: Pilot) -> str:
    return f"p{pilot.number:07d}"


def _class(pilot: Pilot) -> None:
    _set(pilot.find("Classification"), "pg:evidence", iri("record", _name(pilot)))


def _datatype(pilot: Pilot) -> None:
    _set(pilot.find("Evidence"), "pg:end", typed("999999.0", "decimal"))


def _node_kind(pilot: Pilot) -> None:
    _claim(pilot, "link", ["WebLink"], [(pg("foaf:page"), '"https://example.org/"')])


def _min_count(pilot: Pilot) -> None:
    _set(pilot.find("Participation"), "pg:role")


def _max_count(pilot: Pilot) -> None:
    pairs = pilot.find("Participation")
    name = next(value for predicate, value in pairs if predicate == pg("pg:namedAs"))
    pairs.append((pg("pg:namedAs"), name.replace("Organisatie", "Organisation")))


def _min_inclusive(pilot: Pilot) -> None:
    pilot.find("Evidence").append((pg("pg:page"), typed(0, "integer")))


def _max_inclusive(pilot: Pilot) -> None:
    name = _name(pilot)
    said = [
        (pg("rdf:type"), pg("pg:Place")),
        (pg("pg:placeKind"), concept("place-kind", "site")),
        (pg("geo:lat"), typed("91.5", "decimal")),
        (pg("geo:long"), typed("4.5", "decimal")),
        *texts("skos:prefLabel", f"Plaats {name}", f"Place {name}"),
    ]
    pilot.register.append((iri("place", name), said))


def _pattern(pilot: Pilot) -> None:
    _set(pilot.find("Record"), "pg:startsWith", '"Dit zijn er vijf bijeen"')


def _language_in(pilot: Pilot) -> None:
    pilot.find("Pilot").append((pg("skos:altLabel"), f'"Essai {pilot.number}"@fr'))


def _unique_lang(pilot: Pilot) -> None:
    pilot.find("Pilot").append((pg("skos:prefLabel"), f'"Proef {pilot.number}"@nl'))


def _less_than(pilot: Pilot) -> None:
    _set(pilot.find("Evidence"), "pg:start", typed(9999999, "integer"))


def _less_than_or_equals(pilot: Pilot) -> None:
    _observation(pilot, ["AggregateObservation"], 40, "-more-than-all")
    pilot.claims[-1][1].append((pg("rdf:type"), pg("qb:Observation")))


def _disjoint(pilot: Pilot) -> None:
    pairs = pilot.find("Pilot")
    label = next(value for predicate, value in pairs if predicate == pg("skos:prefLabel") and value.endswith("@nl"))
    pairs.append((pg("skos:altLabel"), label))


def _has_value(pilot: Pilot) -> None:
    _observation(pilot, ["AggregateObservation"], 20, "-half-typed")


def _closed(pilot: Pilot) -> None:
    pilot.find("Participation").append((pg("pg:currency"), '"EUR"'))


def _or(pilot: Pilot) -> None:
    pilot.find("Classification").append((pg("pg:asOf"), '"2022-01-01"'))


def _node(pilot: Pilot) -> None:
    name = _name(pilot)
    joined = [iri("claim", f"{name}-pillar"), iri("pilot", name)]
    pilot.decisions.append(contradiction(name, "apparent", joined))


def _sparql(pilot: Pilot) -> None:
    _set(pilot.find("Classification"), "pg:concept", concept("goal", "eigen-regie"))


def _claim(pilot: Pilot, part: str, classes: list[str], said: list[tuple[str, str]]) -> None:
    name = _name(pilot)
    known = [
        *((pg("rdf:type"), pg(f"pg:{class_}")) for class_ in classes),
        (pg("pg:about"), iri("pilot", name)),
        (pg("pg:evidence"), iri("evidence", name)),
    ]
    pilot.claims.append((iri("claim", f"{name}-{part}"), known + said))


def _observation(pilot: Pilot, classes: list[str], value: int, part: str) -> None:
    said = [
        (pg("qb:dataSet"), iri("cube", "report-counts")),
        (pg("pg:countedBy"), concept("count-topic", "context")),
        (pg("pg:category"), concept("category", "attention-to-service")),
        (pg("pg:populationGroup"), concept("population-group", "municipalities-where-pilots-run")),
        (pg("pg:statedIn"), concept("section", "paragraaf-3-3-3")),
        (pg("pg:bound"), concept("certainty", "exact")),
        (pg("pg:population"), typed(30, "integer")),
        (pg("pg:value"), typed(value, "integer")),
    ]
    _claim(pilot, f"count{part}", classes, said)


FAULTS: dict[str, Callable[[Pilot], None]] = {
    "class": _class,
    "datatype": _datatype,
    "node-kind": _node_kind,
    "min-count": _min_count,
    "max-count": _max_count,
    "min-inclusive": _min_inclusive,
    "max-inclusive": _max_inclusive,
    "pattern": _pattern,
    "language-in": _language_in,
    "unique-lang": _unique_lang,
    "less-than": _less_than,
    "less-than-or-equals": _less_than_or_equals,
    "disjoint": _disjoint,
    "has-value": _has_value,
    "closed": _closed,
    "or": _or,
    "node": _node,
    "sparql": _sparql,
}
