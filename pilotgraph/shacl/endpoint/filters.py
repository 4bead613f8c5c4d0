"""What certainly conforms, as a SPARQL expression: the store leaves it out, all the rest is judged here.

An expression may be true only where the value conforms on every engine; where it is false or an error the value
is sent, and :mod:`pilotgraph.shacl.judge` decides. So an engine that reads dates, numbers or patterns in its own way
costs rows, not right answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.shacl import model
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from pilotgraph.shacl.judge import Range, SingleValue
    from pilotgraph.shacl.model import Value

_XSD = PREFIXES["xsd"]
_STRING = _XSD + "string"
_LANG_STRING = PREFIXES["rdf"] + "langString"
_DAY = (
    "[12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Forms that are well formed whoever reads them, and fit the range of every engine's numbers.
_WELL_FORMED = {
    _XSD + "integer": "^-?[0-9]{1,15}$",
    _XSD + "decimal": r"^-?[0-9]{1,9}(\\.[0-9]{1,6})?$",
    _XSD + "double": r"^-?[0-9]{1,9}(\\.[0-9]{1,6})?$",
    _XSD + "float": r"^-?[0-9]{1,6}(\\.[0-9]{1,3})?$",
    _XSD + "boolean": "^(true|false)$",
    _XSD + "date": f"^{_DAY}$",
    _XSD + "dateTime": f"^{_DAY}T{_TIME}$",
    _XSD + "time": f"^{_TIME}$",
    _XSD + "gYear": "^[12][0-9]{3}$",
    _XSD + "gYearMonth": "^[12][0-9]{3}-(0[1-9]|1[0-2])$",
    _XSD + "nonNegativeInteger": "^[0-9]{1,15}$",
    _XSD + "positiveInteger": "^[1-9][0-9]{0,14}$",
    _XSD + "anyURI": "^[A-Za-z0-9:/.#?=&_-]+$",
}
# To Virtuoso a blank node is an IRI too.
_IS_IRI = "(isIRI({0}) && !isBLANK({0}))"
_NUMBERS = {_XSD + "integer", _XSD + "decimal"}
_OPERATORS: dict[type[Range], str] = {
    model.MinExclusive: ">",
    model.MinInclusive: ">=",
    model.MaxExclusive: "<",
    model.MaxInclusive: "<=",
}
_ORDERED_AS_TEXT = {_XSD + "date", _XSD + "dateTime"}
# What all regular expressions read alike; no look-around, no back-reference, no \\w and \\b, which differ in letters
# outside ASCII, and no negated class but \\S, which is written out.
_PLAIN_PATTERN = re.compile(
    r"""(?: [A-Za-z0-9_/:#~@,;=<>&%!'\- ]            # characters
          | \\[-./:()+?*|^$\[\]{}] | \\[dS]           # escapes
          | \[ (?: [A-Za-z0-9_/:#~@,;=.+ ] | [a-z]-[a-z] | [A-Z]-[A-Z] | [0-9]-[0-9] | \\[-.d] | -(?=\]) )+ \]
          | \((?:\?:|(?!\?)) | \) | \| | \^ | \$ | \.
          | [?*+] | \{\d+(?:,\d*)?\} )*""",
    re.VERBOSE,
)


def certain(constraint: SingleValue, value: str) -> str:  # noqa: PLR0911 - one for each component
    """Write the expression under which the variable `value` certainly conforms; empty where there is none."""
    if isinstance(constraint, model.NodeKind):
        tests = {_IS_IRI: constraint.iri, "isBLANK({0})": constraint.blank, "isLITERAL({0})": constraint.literal}
        return " || ".join(test.format(value) for test, allowed in tests.items() if allowed)
    if isinstance(constraint, model.Datatype):
        return _datatype(constraint.datatype, value)
    if isinstance(constraint, model.MinLength | model.MaxLength):
        sign = ">=" if isinstance(constraint, model.MinLength) else "<="
        return f"{_has_text(value)} && STRLEN(STR({value})) {sign} {constraint.length}"
    if isinstance(constraint, model.Pattern):
        return _pattern(constraint, value)
    if isinstance(constraint, model.LanguageIn):
        tags = ", ".join(quoted(tag) for tag in constraint.tags)
        spoken = f'LANG({value}) != ""' if "*" in constraint.tags else f"LCASE(LANG({value})) IN ({tags})"
        return f"isLITERAL({value}) && {spoken}"
    if isinstance(constraint, model.In):
        return " || ".join(same(value, member) for member in constraint.members if is_safe(member))
    return _within(constraint, value)


def same(value: str, wanted: Value) -> str:
    """Write that a variable is a term that :func:`is_safe`."""
    return f"sameTerm({value}, {written(wanted)})"


def in_order(first: str, second: str, *, or_equal: bool) -> str:
    """Write that two variables are certainly in order: two small integers, or two dates of the same kind."""
    sign = "<=" if or_equal else "<"
    integer = _well_formed(first, _XSD + "integer") + " && " + _well_formed(second, _XSD + "integer")
    parts = [f"({integer} && {first} {sign} {second})"]
    for datatype in sorted(_ORDERED_AS_TEXT):
        both = _well_formed(first, datatype) + " && " + _well_formed(second, datatype)
        parts.append(f"({both} && STR({first}) {sign} STR({second}))")
    return " || ".join(parts)


def is_safe(value: Value) -> bool:
    """Tell whether every engine keeps a term as it is, so that it may be written into a query."""
    if isinstance(value, NamedNode):
        return True
    if isinstance(value, BlankNode):
        return False
    if value.language is not None or value.datatype.value == _STRING:
        return True
    return value.datatype.value == _XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", value.value) is not None


def written(value: Value) -> str:
    """Write an IRI or a literal for a query."""
    if isinstance(value, Literal):
        if value.language is not None:
            return f"{quoted(value.value)}@{value.language}"
        plain = value.datatype.value == _STRING
        return quoted(value.value) if plain else f"{quoted(value.value)}^^<{value.datatype.value}>"
    return f"<{value.value}>"


def quoted(text: str) -> str:
    """Write a text as a string of SPARQL."""
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(character, escape)
    return f'"{text}"'


def _has_text(value: str) -> str:
    """Write that a value has the same text on every engine: Virtuoso writes a boolean as a number."""
    is_text = f'isLITERAL({value}) && (LANG({value}) != "" || DATATYPE({value}) = <{_STRING}>)'
    return f"({_IS_IRI.format(value)} || ({is_text}))"


def _well_formed(value: str, datatype: str) -> str:
    return f'DATATYPE({value}) = <{datatype}> && REGEX(STR({value}), "{_WELL_FORMED[datatype]}")'


def _datatype(datatype: Value, value: str) -> str:
    iri = datatype.value
    if iri == _LANG_STRING:
        return f'isLITERAL({value}) && LANG({value}) != ""'
    if iri == _STRING:
        return f'isLITERAL({value}) && LANG({value}) = "" && DATATYPE({value}) = <{iri}>'
    if iri in _WELL_FORMED:
        return f"isLITERAL({value}) && {_well_formed(value, iri)}"
    known = iri.startswith((_XSD, PREFIXES["rdf"], PREFIXES["rdfs"]))
    return "" if known else f"isLITERAL({value}) && DATATYPE({value}) = <{iri}>"


def _pattern(constraint: model.Pattern, value: str) -> str:
    flags = "".join(flag for flag in "im" if flag in constraint.flags.lower())
    parts = []
    for pattern in constraint.patterns:
        if not _PLAIN_PATTERN.fullmatch(pattern.value):
            return ""
        # White space of Unicode and of Python differ in four control characters.
        text = pattern.value.replace(r"\S", "[^\\s\x1c-\x1f]")
        last = f", {quoted(flags)}" if flags else ""
        parts.append(f"REGEX(STR({value}), {quoted(text)}{last})")
    return f"{_has_text(value)} && " + " && ".join(parts)


def _within(constraint: Range, value: str) -> str:
    sign, parts = _OPERATORS[type(constraint)], []
    for bound in constraint.bounds:
        datatype = bound.datatype.value
        if datatype in _NUMBERS and re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", bound.value):
            of_number = " || ".join(f"({_well_formed(value, name)})" for name in sorted(_NUMBERS))
            parts.append(f"({of_number}) && {value} {sign} {bound.value}")
        elif datatype in _ORDERED_AS_TEXT and re.fullmatch(_WELL_FORMED[datatype], bound.value):
            parts.append(f"{_well_formed(value, datatype)} && STR({value}) {sign} {quoted(bound.value)}")
        else:
            return ""
    return " && ".join(parts)
