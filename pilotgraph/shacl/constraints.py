"""Constraint parameters: from the shapes graph into the plan, each component by its own reader.

A reader gives the constraints of one component on one shape, or raises IrregularError where pySHACL 0.40 fails
or does something of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.proof.syntax import tokens
from pilotgraph.shacl import model
from pilotgraph.shacl.graph import IrregularError, iri, text, truth
from pilotgraph.terms import PREFIXES, term

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.shacl.graph import ShapesGraph
    from pilotgraph.shacl.model import Constraint, Node, Value

    Reader = Callable[["Reading", Node], list[Constraint]]

_XSD = PREFIXES["xsd"]
_WHOLE = re.compile(r"[0-9]{1,9}")
_KINDS = {
    "IRI": (True, False, False),
    "BlankNode": (False, True, False),
    "Literal": (False, False, True),
    "BlankNodeOrIRI": (True, True, False),
    "BlankNodeOrLiteral": (False, True, True),
    "IRIOrLiteral": (True, False, True),
}
_DEFAULT_PREFIXES = ("rdf", "rdfs", "owl")


@dataclass(frozen=True)
class Reading:
    """A shapes graph, its shapes with the node of their path, and what is wrong with it as a whole."""

    graph: ShapesGraph
    nodes: dict[Node, Value | None]
    faults: dict[Node, str]

    def values(self, shape: Node, name: str) -> tuple[Value, ...]:
        """Give the values of a parameter."""
        return tuple(self.graph.objects(shape, term(f"sh:{name}")))

    def one(self, shape: Node, name: str) -> Value:
        """Give the only value of a parameter."""
        return self.graph.one(shape, term(f"sh:{name}"))

    def on_property(self, shape: Node, name: str) -> None:
        """Refuse a parameter that only a property shape may have."""
        if self.nodes[shape] is None:
            msg = f"sh:{name} stands on a node shape"
            raise IrregularError(msg)

    def shapes(self, values: tuple[Value, ...], *, paths: bool | None = None) -> tuple[Node, ...]:
        """Give shapes that are named, and refuse those of the wrong kind."""
        found = []
        for value in values:
            if isinstance(value, Literal):
                msg = f"{value} is no shape"
                raise IrregularError(msg)
            if paths is not None and value in self.nodes and (self.nodes[value] is not None) is not paths:
                msg = f"{value} is not the kind of shape that is needed there"
                raise IrregularError(msg)
            found.append(value)
        return tuple(found)


def _class(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Class(reading.values(shape, "class"))]


def _datatype(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Datatype(reading.one(shape, "datatype"))]


def _node_kind(reading: Reading, shape: Node) -> list[Constraint]:
    kind = reading.one(shape, "nodeKind")
    name = kind.value.removeprefix(PREFIXES["sh"]) if isinstance(kind, NamedNode) else ""
    return [model.NodeKind(kind, *_KINDS.get(name, (False, False, False)))]


def _whole(value: Value, names: tuple[str, ...]) -> int:
    known = isinstance(value, Literal) and value.datatype.value.removeprefix(_XSD) in names
    if not known or not _WHOLE.fullmatch(value.value):
        msg = f"{value} is no whole number from 0 up"
        raise IrregularError(msg)
    return int(value.value)


def _min_count(reading: Reading, shape: Node) -> list[Constraint]:
    reading.on_property(shape, "minCount")
    return [model.MinCount(_whole(reading.one(shape, "minCount"), ("integer",)))]


def _max_count(reading: Reading, shape: Node) -> list[Constraint]:
    reading.on_property(shape, "maxCount")
    return [model.MaxCount(_whole(reading.one(shape, "maxCount"), ("integer",)))]


def _bounds(reading: Reading, shape: Node, name: str) -> tuple[Literal, ...]:
    values = reading.values(shape, name)
    found = tuple(value for value in values if isinstance(value, Literal))
    if len(found) != len(values) or any(value.datatype.value == _XSD + "boolean" for value in found):
        msg = f"sh:{name} has a value that cannot be compared"
        raise IrregularError(msg)
    return found


def _min_exclusive(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MinExclusive(_bounds(reading, shape, "minExclusive"))]


def _min_inclusive(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MinInclusive(_bounds(reading, shape, "minInclusive"))]


def _max_exclusive(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MaxExclusive(_bounds(reading, shape, "maxExclusive"))]


def _max_inclusive(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MaxInclusive(_bounds(reading, shape, "maxInclusive"))]


_LENGTHS = ("integer", "int", "long", "short", "nonNegativeInteger", "unsignedInt", "unsignedLong", "unsignedShort")


def _min_length(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MinLength(_whole(reading.one(shape, "minLength"), _LENGTHS))]


def _max_length(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.MaxLength(_whole(reading.one(shape, "maxLength"), _LENGTHS))]


def _pattern(reading: Reading, shape: Node) -> list[Constraint]:
    patterns = reading.values(shape, "pattern")
    flags = reading.values(shape, "flags")
    if len(flags) > 1:
        msg = "sh:flags has more than one value"
        raise IrregularError(msg)
    for pattern in patterns:
        try:
            re.compile(text(pattern))
        except re.error as error:
            raise IrregularError(str(error)) from error
    found = tuple(pattern for pattern in patterns if isinstance(pattern, Literal))
    return [model.Pattern(found, text(flags[0]).lower() if flags else "")]


def _language_in(reading: Reading, shape: Node) -> list[Constraint]:
    tags = reading.graph.items(reading.one(shape, "languageIn"))
    return [model.LanguageIn(tuple(text(tag).lower() for tag in tags), tags)]


def _unique_lang(reading: Reading, shape: Node) -> list[Constraint]:
    reading.on_property(shape, "uniqueLang")
    return [model.UniqueLang()] if truth(reading.one(shape, "uniqueLang")) else []


def _equals(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Equals(reading.values(shape, "equals"))]


def _disjoint(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Disjoint(reading.values(shape, "disjoint"))]


def _less_than(reading: Reading, shape: Node) -> list[Constraint]:
    reading.on_property(shape, "lessThan")
    return [model.LessThan(tuple(map(iri, reading.values(shape, "lessThan"))))]


def _less_than_or_equals(reading: Reading, shape: Node) -> list[Constraint]:
    reading.on_property(shape, "lessThanOrEquals")
    return [model.LessThanOrEquals(tuple(map(iri, reading.values(shape, "lessThanOrEquals"))))]


def _not(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Not(reading.shapes(reading.values(shape, "not")))]


def _lists(reading: Reading, shape: Node, name: str) -> tuple[tuple[Node, ...], ...]:
    return tuple(reading.shapes(reading.graph.items(head)) for head in reading.values(shape, name))


def _and(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.And(_lists(reading, shape, "and"))]


def _or(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Or(_lists(reading, shape, "or"))]


def _xone(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Xone(_lists(reading, shape, "xone"))]


def _node(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.NodeShape(reading.shapes(reading.values(shape, "node"), paths=False))]


def _property(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.Property(reading.shapes(reading.values(shape, "property"), paths=True))]


def _qualified(reading: Reading, shape: Node) -> list[Constraint]:
    # pySHACL passes over a qualified shape on a node shape with a warning in its log.
    if reading.nodes[shape] is None:
        return []
    shapes = reading.shapes(reading.values(shape, "qualifiedValueShape"))
    counts = {
        name: [_whole(value, ("integer",)) for value in reading.values(shape, name)]
        for name in ("qualifiedMinCount", "qualifiedMaxCount")
    }
    least, most = counts.values()
    if not shapes or len(least) > 1 or len(most) > 1 or not least + most:
        msg = "sh:qualifiedValueShape and its counts do not fit"
        raise IrregularError(msg)
    disjoint = any(truth(value) for value in reading.values(shape, "qualifiedValueShapesDisjoint"))
    siblings = tuple(_siblings(reading, shape, one) for one in shapes) if disjoint else tuple(() for _ in shapes)
    minimum, maximum = (least[0] if least else None), (most[0] if most else None)
    return [model.QualifiedValueShape(shapes, minimum, maximum, disjoint, siblings)]


def _siblings(reading: Reading, shape: Node, value_shape: Node) -> tuple[Node, ...]:
    """Give the sibling shapes (Recommendation, section 4.7.3)."""
    found: list[Value] = []
    for parent in reading.graph.subjects(term("sh:property"), shape):
        for sibling in reading.graph.objects(parent, term("sh:property")):
            found += reading.graph.objects(sibling, term("sh:qualifiedValueShape"))
    return reading.shapes(tuple(dict.fromkeys(one for one in found if one != value_shape)))


def _closed(reading: Reading, shape: Node) -> list[Constraint]:
    if not truth(reading.one(shape, "closed")):
        return []
    allowed: list[Value] = [
        path
        for one in reading.shapes(reading.values(shape, "property"), paths=True)
        if (path := reading.nodes.get(one)) is not None
    ]
    for head in reading.values(shape, "ignoredProperties"):
        allowed += reading.graph.items(head)
    return [model.Closed(tuple(dict.fromkeys(one for one in allowed if isinstance(one, NamedNode))))]


def _has_value(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.HasValue(reading.values(shape, "hasValue"))]


def _in(reading: Reading, shape: Node) -> list[Constraint]:
    return [model.In(reading.graph.items(reading.one(shape, "in")))]


def _sparql(reading: Reading, shape: Node) -> list[Constraint]:
    graph = reading.graph
    found: list[Constraint] = []
    for node in reading.shapes(reading.values(shape, "sparql")):
        select = _select(text(graph.one(node, term("sh:select"))))
        messages = tuple(graph.objects(node, term("sh:message")))
        for message in messages:
            text(message)
        off = graph.objects(node, term("sh:deactivated"))
        if len(off) > 1:
            msg = "sh:deactivated has more than one value"
            raise IrregularError(msg)
        if not (off and truth(off[0])):
            found.append(model.Sparql(node, select, _prefixes(graph, node), messages))
    return found


def _select(query: str) -> str:
    """Refuse what appendix A of the Recommendation forbids, so that pySHACL can say so."""
    words = tokens(query)
    for place, word in enumerate(words):
        head = words[place + 1 : place + 1 + next((n for n, t in enumerate(words[place + 1 :]) if t == "{"), 0)]
        nested = word.upper() == "SELECT" and "{" in words[:place]
        rebound = word.upper() == "AS" and words[place + 1 : place + 2] == ["?this"]
        if word.upper() in {"MINUS", "VALUES", "SERVICE"} or (nested and "?this" not in head) or rebound:
            msg = f"its query has {word.upper()} where a variable is bound beforehand"
            raise IrregularError(msg)
    return query


def _imported(graph: ShapesGraph, node: Value) -> list[Value]:
    """Follow owl:imports within the shapes graph (Recommendation, section 5.2.1)."""
    found = [node]
    for one in found:
        found += [other for other in graph.objects(one, term("owl:imports")) if other not in found]
    return found


def _prefixes(graph: ShapesGraph, node: Node) -> tuple[tuple[str, str], ...]:
    """Give the prefixes of a query: those that sh:prefixes names, and with pySHACL those of each owl:Ontology."""
    found = {name: PREFIXES[name] for name in _DEFAULT_PREFIXES}
    declare = term("sh:declare")
    ontologies = graph.subjects(term("rdf:type"), term("owl:Ontology"))
    everywhere = [one for ontology in ontologies for one in graph.objects(ontology, declare)]
    declared: dict[str, set[str]] = {}
    for source in graph.objects(node, term("sh:prefixes")):
        own = [one for imported in _imported(graph, source) for one in graph.objects(imported, declare)]
        for one in own if own and source in ontologies else [*everywhere, *own]:
            prefix, namespace = text(graph.one(one, term("sh:prefix"))), graph.one(one, term("sh:namespace"))
            if not isinstance(namespace, Literal):
                msg = "sh:namespace is no literal"
                raise IrregularError(msg)
            declared.setdefault(prefix, set()).add(namespace.value)
    if any(len(namespaces) > 1 for namespaces in declared.values()):
        msg = "a prefix is declared twice"
        raise IrregularError(msg)
    return tuple((found | {prefix: next(iter(names)) for prefix, names in declared.items()}).items())


def _parameters(*names: str) -> frozenset[NamedNode]:
    return frozenset(term(f"sh:{name}") for name in names)


READERS: tuple[tuple[frozenset[NamedNode], Reader], ...] = (
    (_parameters("class"), _class),
    (_parameters("datatype"), _datatype),
    (_parameters("nodeKind"), _node_kind),
    (_parameters("minCount"), _min_count),
    (_parameters("maxCount"), _max_count),
    (_parameters("minExclusive"), _min_exclusive),
    (_parameters("minInclusive"), _min_inclusive),
    (_parameters("maxExclusive"), _max_exclusive),
    (_parameters("maxInclusive"), _max_inclusive),
    (_parameters("minLength"), _min_length),
    (_parameters("maxLength"), _max_length),
    (_parameters("pattern"), _pattern),
    (_parameters("languageIn"), _language_in),
    (_parameters("uniqueLang"), _unique_lang),
    (_parameters("equals"), _equals),
    (_parameters("disjoint"), _disjoint),
    (_parameters("lessThan"), _less_than),
    (_parameters("lessThanOrEquals"), _less_than_or_equals),
    (_parameters("not"), _not),
    (_parameters("and"), _and),
    (_parameters("or"), _or),
    (_parameters("xone"), _xone),
    (_parameters("node"), _node),
    (_parameters("property"), _property),
    (
        _parameters("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
        _qualified,
    ),
    (_parameters("closed", "ignoredProperties"), _closed),
    (_parameters("hasValue"), _has_value),
    (_parameters("in"), _in),
    (_parameters("sparql"), _sparql),
)
