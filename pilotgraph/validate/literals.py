"""Literals that are not of the type they claim: stores take them in silence."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.findings import Finding
from pilotgraph.terms import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pilotgraph.facts import Facts

_XSD = PREFIXES["xsd"]
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE = re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?{_ZONE}")
_ADVICE = {"en": "correct the value, or its type", "nl": "verbeter de waarde, of haar type"}


def check(facts: Facts) -> Iterator[Finding]:
    """Find literals whose text is not in the lexical space of their XML Schema type."""
    for path, triples in facts.triples.items():
        for triple in triples:
            node = triple.object
            if isinstance(node, Literal) and not is_well_typed(node):
                subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
                name, property_ = compact(node.datatype.value), compact(triple.predicate.value)
                message = {
                    "en": f"{property_}: “{node.value}” is no {name}",
                    "nl": f"{property_}: “{node.value}” is geen {name}",
                }
                yield Finding(
                    "violation",
                    "validate/ill-typed",
                    message,
                    path="" if subject else str(path),
                    focus=subject,
                    advice=_ADVICE,
                )


def is_well_typed(node: Literal) -> bool:
    """Tell whether a literal's text fits its type; types that the data model does not use fit always."""
    test = _TESTS.get(node.datatype.value.removeprefix(_XSD))
    return test is None or test(node.value)


def _exists(text: str, *, day: bool) -> bool:
    match = _DATE.fullmatch(text)
    if not match or bool(match["day"]) is not day or match["year"] == "0000":
        return False
    try:
        date(int(match["year"]), int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return False
    return True


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "boolean": _matches(r"true|false|0|1"),
    "integer": _matches(r"[+-]?[0-9]+"),
    "nonNegativeInteger": _matches(r"\+?[0-9]+|-0+"),
    "positiveInteger": _matches(r"\+?0*[1-9][0-9]*"),
    "decimal": _matches(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "double": _matches(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
    "gYear": _matches(rf"(?!0000)[0-9]{{4}}{_ZONE}"),
    "gYearMonth": lambda text: _exists(text, day=False),
    "date": lambda text: _exists(text, day=True),
}
