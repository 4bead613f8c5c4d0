"""Which distinct terms break a constraint on single values.

What an expression over the whole column can tell for certain is told so; the terms that are left are judged one
by one with the rules of pySHACL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from pilotgraph.shacl import judge, model
from pilotgraph.shacl.columns.literals import CERTAIN
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray
    from pyoxigraph import Literal

    from pilotgraph.shacl.columns.terms import Ids, Mask, Terms

    Counts = NDArray[np.uint8]
    Range = type[model.MinExclusive | model.MinInclusive | model.MaxExclusive | model.MaxInclusive]

_IRI, _BLANK, _LITERAL = 0, 1, 2
_XSD = PREFIXES["xsd"]
_STRING, _LANG_STRING = _XSD + "string", PREFIXES["rdf"] + "langString"
_WHOLE = {_XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = {*_WHOLE, _XSD + "decimal"}
_IN_ORDER_AS_TEXT = {_XSD + "date", _XSD + "dateTime"}
# Two numbers nearer to each other than this are compared exactly.
_NEAR, _PRECISION = 1e-3, 1e-12
_ORDERS: dict[type, Callable[[NDArray[np.float64], float], Mask]] = {
    model.MinExclusive: lambda value, bound: value > bound,
    model.MinInclusive: lambda value, bound: value >= bound,
    model.MaxExclusive: lambda value, bound: value < bound,
    model.MaxInclusive: lambda value, bound: value <= bound,
}
# Expressions that mean the same to Python and to Rust in texts of plain characters on one line.
_SAME_IN_RUST = re.compile(
    r"(?:[A-Za-z0-9 ^$()|*+?/:#,_@=~;<>\"'.-]|\\[.\-/dSs]"
    r"|\[\^?(?:[A-Za-z0-9 _/:.#+@-]|\\[.\-/d])+\]|\{[0-9]+(?:,[0-9]*)?\})+"
)


def faults(terms: Terms, constraint: judge.SingleValue, numbers: Ids) -> Counts:  # noqa: PLR0911 - one for each
    """Count for each distinct term the results that it gives."""
    match constraint:
        case model.Datatype():
            return _datatype(terms, constraint, numbers)
        case model.NodeKind():
            allowed = np.array([constraint.iri, constraint.blank, constraint.literal])
            return _counts(~allowed[terms.kinds[numbers]])
        case model.MinLength() | model.MaxLength():
            return _length(terms, constraint, numbers)
        case model.Pattern():
            return _pattern(terms, constraint, numbers)
        case model.LanguageIn():
            spoken = [code for code, tag in terms.languages.items() if judge.speaks(tag, constraint.tags)]
            return _counts(~np.isin(terms.suffixes[numbers], spoken))
        case model.In():
            return _counts(~np.isin(numbers, terms.ids(constraint.members)))
        case (
            model.MinExclusive(bounds)
            | model.MinInclusive(bounds)
            | model.MaxExclusive(bounds)
            | model.MaxInclusive(bounds)
        ):
            return _range(terms, type(constraint), bounds, numbers)
    raise TypeError(constraint)


def _counts(bad: Mask) -> Counts:
    return bad.astype(np.uint8)


def _judged(terms: Terms, constraint: judge.SingleValue, numbers: Ids, unsure: Mask, found: Counts) -> Counts:
    """Fill in the terms that no expression has decided."""
    for place in np.flatnonzero(unsure):
        found[place] = judge.faults(constraint, terms.term(int(numbers[place])))
    return found


def _certain(terms: Terms, numbers: Ids, datatype: str) -> Mask:
    """Tell which terms are of a form of their datatype that is well formed at a glance."""
    form = CERTAIN.get(datatype)
    fits: Mask = np.isin(terms.suffixes[numbers], terms.suffix_codes(f"^^<{datatype}>"))
    if form is None or not fits.any():
        return np.zeros(len(numbers), dtype=np.bool_)
    places = np.flatnonzero(fits)
    fits[places] = terms.texts.gather(numbers[places]).str.contains(f'^"{form}"').to_numpy()
    return fits


def _certain_numbers(terms: Terms, numbers: Ids) -> Mask:
    certain: Mask = np.logical_or.reduce([_certain(terms, numbers, datatype) for datatype in sorted(_NUMBERS)])
    return certain


def _datatype(terms: Terms, constraint: model.Datatype, numbers: Ids) -> Counts:
    wanted = constraint.datatype.value
    suffixes, literal = terms.suffixes[numbers], terms.kinds[numbers] == _LITERAL
    if wanted == _STRING:
        return _counts(~np.isin(suffixes, terms.suffix_codes("")))
    if wanted == _LANG_STRING:
        return _counts(~np.isin(suffixes, list(terms.languages)))
    if wanted in {PREFIXES["rdfs"] + "Literal", PREFIXES["rdfs"] + "Datatype"}:
        return _judged(terms, constraint, numbers, literal, _counts(~literal))
    right = np.isin(suffixes, terms.suffix_codes(f"^^<{wanted}>"))
    return _judged(terms, constraint, numbers, right & ~_certain(terms, numbers, wanted), _counts(~right))


def _length(terms: Terms, constraint: model.MinLength | model.MaxLength, numbers: Ids) -> Counts:
    if isinstance(constraint, model.MinLength) and constraint.length == 0:
        return np.zeros(len(numbers), dtype=np.uint8)
    lengths = terms.lexical(numbers).str.len_chars().to_numpy()
    least = isinstance(constraint, model.MinLength)
    fits = lengths >= constraint.length if least else lengths <= constraint.length
    return _counts(~fits | (terms.kinds[numbers] == _BLANK))


def _pattern(terms: Terms, constraint: model.Pattern, numbers: Ids) -> Counts:
    texts, plain = terms.lexical(numbers), terms.plain[numbers]
    blank = terms.kinds[numbers] == _BLANK
    found = np.zeros(len(numbers), dtype=np.uint8)
    for pattern in constraint.patterns:
        found += _counts(~_matches(texts, plain, pattern.value, constraint.flags) | blank)
    return found


def _matches(texts: pl.Series, plain: Mask, pattern: str, flags: str) -> Mask:
    search = judge.expression(pattern, flags).search
    if not _SAME_IN_RUST.fullmatch(pattern) or set(flags) & {"i", "m"}:
        return np.array([search(text) is not None for text in texts.to_list()], dtype=np.bool_)
    found = texts.str.contains(pattern).to_numpy().copy()
    for place in np.flatnonzero(~plain):
        found[place] = search(texts[int(place)]) is not None
    return found


def _range(terms: Terms, kind: Range, bounds: tuple[Literal, ...], numbers: Ids) -> Counts:
    """Compare with bounds: numbers far from the bound, and dates of one form, need no exact comparison."""
    total = np.zeros(len(numbers), dtype=np.uint8)
    for bound in bounds:
        sure, bad = _sure_range(terms, kind, bound, numbers)
        total += _judged(terms, kind((bound,)), numbers, ~sure, _counts(bad))
    return total


def _sure_range(terms: Terms, kind: type, bound: Literal, numbers: Ids) -> tuple[Mask, Mask]:
    import polars as pl  # noqa: PLC0415

    # What is no literal cannot be compared.
    sure = terms.kinds[numbers] != _LITERAL
    bad = sure.copy()
    datatype = bound.datatype.value
    if not re.fullmatch(CERTAIN.get(datatype, "(?!)"), bound.value):
        return sure, bad
    if datatype in _NUMBERS:
        for same in _NUMBERS:
            places = np.flatnonzero(_certain(terms, numbers, same))
            values = terms.lexical(numbers[places]).cast(pl.Float64).to_numpy()
            far = np.abs(values - float(bound.value)) > _NEAR + np.abs(values) * _PRECISION
            sure[places[far]] = True
            bad[places[far]] = ~_ORDERS[kind](values[far], float(bound.value))
    elif datatype in _IN_ORDER_AS_TEXT:
        places = np.flatnonzero(_certain(terms, numbers, datatype))
        texts = terms.lexical(numbers[places])
        order = (texts > bound.value).to_numpy().astype(np.float64) - (texts < bound.value).to_numpy()
        sure[places] = True
        bad[places] = ~_ORDERS[kind](order, 0.0)
    return sure, bad


def in_order(terms: Terms, first: Ids, second: Ids, *, or_equal: bool) -> Mask:
    """Tell of pairs whether the first is less than the second; raises IncomparableError as pySHACL fails."""
    import polars as pl  # noqa: PLC0415

    done = np.zeros(len(first), dtype=np.bool_)
    right = np.zeros(len(first), dtype=np.bool_)
    for datatype in _IN_ORDER_AS_TEXT:
        places = np.flatnonzero(_certain(terms, first, datatype) & _certain(terms, second, datatype))
        one, other = terms.texts.gather(first[places]), terms.texts.gather(second[places])
        done[places] = True
        right[places] = (one <= other if or_equal else one < other).to_numpy()
    whole = np.flatnonzero(_certain_numbers(terms, first) & _certain_numbers(terms, second) & ~done)
    least, most = (terms.lexical(one[whole]).cast(pl.Float64).to_numpy() for one in (first, second))
    far = np.abs(most - least) > _NEAR + (np.abs(least) + np.abs(most)) * _PRECISION
    done[whole[far]] = True
    right[whole[far]] = least[far] < most[far]
    same = np.flatnonzero((first == second) & _certain_numbers(terms, first) & ~done)
    done[same] = True
    right[same] = or_equal
    for place in np.flatnonzero(~done):
        pair = (terms.term(int(first[place])), terms.term(int(second[place])))
        right[place] = judge.in_order(*pair, or_equal=or_equal)
    return right
