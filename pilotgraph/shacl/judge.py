"""Whether one term satisfies a constraint on single values, by the rules of pySHACL, for distinct terms.

What a literal means is left to rdflib, on which pySHACL stands: whether it is ill-typed, and which of two comes
first. Stores differ in that, so an executor may let a store sort out what certainly conforms, and asks here about
the rest. A term is taken as it stands; pySHACL rewrites some literals of the data when it reads them
(docs/validation-differences.md).
"""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.shacl import model
from pilotgraph.shacl.quiet import quiet
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import Literal as RdflibLiteral

    from pilotgraph.shacl.model import Value

_XSD = PREFIXES["xsd"]
_STRING, _LANG_STRING = _XSD + "string", PREFIXES["rdf"] + "langString"
_ANY_LITERAL, _ANY_DATATYPE = PREFIXES["rdfs"] + "Literal", PREFIXES["rdfs"] + "Datatype"
# The datatypes of SPARQL 1.1 that rdflib gives a type of Python.
_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    _STRING: (str, bytes),
    _LANG_STRING: (str, bytes),
    _XSD + "integer": int,
    _XSD + "float": float,
    _XSD + "decimal": Decimal,
    _XSD + "boolean": bool,
    _XSD + "date": date,
    _XSD + "time": time,
    _XSD + "dateTime": datetime,
}
Range = model.MinExclusive | model.MinInclusive | model.MaxExclusive | model.MaxInclusive
_RANGES: dict[type[Range], Callable[[int], bool]] = {
    model.MinExclusive: lambda order: order > 0,
    model.MinInclusive: lambda order: order >= 0,
    model.MaxExclusive: lambda order: order < 0,
    model.MaxInclusive: lambda order: order <= 0,
}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}
_MAX_TERMS = 100_000

SingleValue = (
    model.Datatype
    | model.NodeKind
    | Range
    | model.MinLength
    | model.MaxLength
    | model.Pattern
    | model.LanguageIn
    | model.In
)


class IncomparableError(Exception):
    """Two values of sh:lessThan for which pySHACL gives up: a blank node, or types that Python cannot order."""


def faults(constraint: SingleValue, value: Value) -> int:
    """Count the results that `value` gives for a constraint: a repeated parameter can give several."""
    if isinstance(constraint, model.Pattern):
        return sum(not _matches(pattern.value, constraint.flags, value) for pattern in constraint.patterns)
    if isinstance(constraint, Range):
        accepts = _RANGES[type(constraint)]
        return sum(not _within(bound, accepts, value) for bound in constraint.bounds)
    return 0 if _conforms(constraint, value) else 1


def in_order(first: Value, second: Value, *, or_equal: bool) -> bool:
    """Tell whether the first is less than (or equal to) the second. Raises IncomparableError as pySHACL fails."""
    if isinstance(first, BlankNode) or isinstance(second, BlankNode):
        raise IncomparableError
    left, right = _comparable(first), _comparable(second)
    if _is_text(left) is not _is_text(right):
        return False
    try:
        return bool(left <= right if or_equal else left < right)
    except TypeError as error:
        raise IncomparableError from error


def text(value: Value) -> str:
    """Give the text of a value whose length and pattern count; a blank node has none."""
    return value.value


def _conforms(constraint: SingleValue, value: Value) -> bool:  # noqa: PLR0911 - one line for each component
    if isinstance(constraint, model.Datatype):
        return isinstance(value, Literal) and has_datatype(value, constraint.datatype)
    if isinstance(constraint, model.NodeKind):
        if isinstance(value, BlankNode):
            return constraint.blank
        return constraint.literal if isinstance(value, Literal) else constraint.iri
    if isinstance(constraint, model.MinLength):
        return constraint.length == 0 or (not isinstance(value, BlankNode) and len(text(value)) >= constraint.length)
    if isinstance(constraint, model.MaxLength):
        return not isinstance(value, BlankNode) and len(text(value)) <= constraint.length
    if isinstance(constraint, model.LanguageIn):
        return isinstance(value, Literal) and speaks(value.language, constraint.tags)
    if isinstance(constraint, model.In):
        return value in constraint.members
    raise TypeError(constraint)


def speaks(tag: str | None, ranges: tuple[str, ...]) -> bool:
    """Tell whether a language tag is one of `ranges` as a whole or by its first part."""
    if not tag:
        return False
    small = tag.lower()
    return "*" in ranges or small in ranges or small.split("-", 1)[0] in ranges


def has_datatype(value: Literal, datatype: Value) -> bool:
    """Tell whether a literal is of a datatype and, if rdflib knows it, well formed."""
    wanted = datatype.value
    if wanted in {_ANY_LITERAL, _ANY_DATATYPE}:
        # A plain text has no datatype in rdflib.
        return wanted == _ANY_LITERAL or value.datatype.value not in {_STRING, _LANG_STRING}
    if value.datatype.value != wanted:
        return False
    known = rdflib_literal(value)
    if known.ill_typed is True:
        return False
    type_ = _PYTHON_TYPES.get(wanted)
    return type_ is None or isinstance(known.value, type_)


@lru_cache(maxsize=_MAX_TERMS)
def rdflib_literal(value: Literal) -> RdflibLiteral:
    """Give a literal to rdflib, unchanged; a text without a language gets no datatype, as from N-Triples."""
    from rdflib import Literal as RdflibLiteral  # noqa: PLC0415 - importing it takes a third of a second
    from rdflib import URIRef  # noqa: PLC0415

    datatype = None if value.datatype.value in {_STRING, _LANG_STRING} else URIRef(value.datatype.value)
    with _silence():
        return RdflibLiteral(value.value, lang=value.language, datatype=datatype, normalize=False)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep rdflib from warning of odd booleans too."""
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _within(bound: Literal, accepts: Callable[[int], bool], value: Value) -> bool:
    if not isinstance(value, Literal):
        return False
    left, right = rdflib_literal(value), rdflib_literal(bound)
    if isinstance(left.value, str) is not isinstance(right.value, str):
        return False
    try:
        return accepts(_order(left, right))
    except (TypeError, NotImplementedError):
        return False


def _order(left: RdflibLiteral, right: RdflibLiteral) -> int:
    """Compare as pySHACL does: times of day and moments by their own type, which refuses to mix time zones."""
    if left.eq(right):
        return 0
    if left.value.__class__ in {datetime, time}:
        if left.value == right.value:
            return 0
        return 1 if left.value > right.value else -1
    return 1 if left > right else -1


def _matches(pattern: str, flags: str, value: Value) -> bool:
    return not isinstance(value, BlankNode) and expression(pattern, flags).search(text(value)) is not None


@lru_cache(maxsize=1000)
def expression(pattern: str, flags: str) -> re.Pattern[str]:
    """Compile a pattern; of the flags only "i" and "m" count."""
    bits = 0
    for flag in flags.lower():
        bits |= _FLAGS.get(flag, 0)
    return re.compile(pattern, bits)


def _comparable(value: Value) -> Any:  # noqa: ANN401 - a text, or rdflib's literal
    if isinstance(value, NamedNode):
        return value.value
    known = rdflib_literal(value)
    return known.value if isinstance(known.value, str) else known


def _is_text(value: Any) -> bool:  # noqa: ANN401 - see _comparable
    # rdflib's literal is a str as well.
    from rdflib import Literal as RdflibLiteral  # noqa: PLC0415

    return not isinstance(value, RdflibLiteral)
