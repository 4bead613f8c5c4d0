"""Validation results, and the report that pySHACL writes of them, triple for triple.

Source: Shapes Constraint Language, W3C, 20 July 2017, section 3.6; for what the Recommendation leaves open
(how a blank node is described, which messages there are) pySHACL 0.40.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.findings import Finding
from pilotgraph.terms import PREFIXES, RDF_TYPE, compact, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pilotgraph.shacl.model import Node, Value

    Description = Callable[[BlankNode], list[tuple[NamedNode, Value]]]

BLANK = "_:blank"
_SH = PREFIXES["sh"]
_SEVERITIES = {_SH + "Violation": "violation", _SH + "Warning": "warning", _SH + "Info": "info"}
_FIRST, _REST, _NIL = term("rdf:first"), term("rdf:rest"), term("rdf:nil")
# pySHACL describes a blank node as far as ten steps of its own recursion, two of them a level.
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult.

    `path` is the node of the path in the shapes graph (for sh:closed the predicate), `constraint` the value of
    sh:sourceConstraint, `details` the results under sh:detail. `messages` holds all of them, the default one
    of pySHACL where the shape has none.
    """

    focus: Value
    shape: Node
    component: NamedNode
    severity: Value
    path: Node | None = None
    value: Value | None = None
    messages: tuple[Value, ...] = ()
    constraint: Node | None = None
    details: tuple[Result, ...] = ()


def description(triples: Iterable[Triple]) -> Description:
    """Make the function that tells what a graph says of a blank node."""
    known: dict[BlankNode, list[tuple[NamedNode, Value]]] = {}
    for triple in triples:
        if isinstance(triple.subject, BlankNode) and not isinstance(triple.object, Triple):
            known.setdefault(triple.subject, []).append((triple.predicate, triple.object))
    return lambda node: known.get(node, [])


def report(results: Iterable[Result], shapes: Description, data: Description) -> list[Triple]:
    """Give the sh:ValidationReport as triples, blank nodes of the two graphs described as pySHACL does."""
    writer = _Writer(shapes, data)
    head = BlankNode()
    nodes = [writer.result(result) for result in results]
    writer.add(head, RDF_TYPE, term("sh:ValidationReport"))
    conforms = Literal("false" if nodes else "true", datatype=term("xsd:boolean"))
    writer.add(head, term("sh:conforms"), conforms)
    for node in nodes:
        writer.add(head, term("sh:result"), node)
    return list(writer.triples)


def turtle(triples: Iterable[Triple]) -> str:
    """Write a report as Turtle."""
    content = serialize(triples, format=RdfFormat.TURTLE, prefixes={name: PREFIXES[name] for name in ("sh", "xsd")})
    return (content or b"").decode()


def findings(results: Iterable[Result], messages: Mapping[Node, tuple[Value, ...]]) -> Iterator[Finding]:
    """Give the results as findings; `messages` holds those of each shape, for the languages they are in."""
    for result in results:
        path = "" if result.path is None else _plain(result.path)
        said = {(m.language if isinstance(m, Literal) else None) or "en": _plain(m) for m in result.messages}
        own = messages.get(result.shape, ())
        said |= {str(m.language): m.value for m in own if isinstance(m, Literal)}
        where = f"{compact(path)}: " if path and path != BLANK else ""
        yield Finding(
            severity=_SEVERITIES.get(_plain(result.severity), "violation"),
            rule=f"{compact(_plain(result.shape))} {compact(result.component.value)}",
            message={language: where + text for language, text in sorted(said.items())},
            focus=_plain(result.focus),
            value="" if result.value is None else _n3(result.value),
        )


def _plain(node: Value) -> str:
    return BLANK if isinstance(node, BlankNode) else node.value


def _n3(node: Value) -> str:
    """Write a value as rdflib does in Notation3: a text of several lines stands between triple quotes."""
    if isinstance(node, BlankNode):
        return BLANK
    if isinstance(node, NamedNode):
        return f"<{node.value}>"
    text = node.value.replace("\\", "\\\\")
    if "\n" in text:
        text = text.replace('"""', '\\"\\"\\"')
        if text.endswith('"') and not text.endswith('\\"'):
            text = text[:-1] + '\\"'
        quoted = '"""' + text.replace("\r", "\\r") + '"""'
    else:
        quoted = '"' + text.replace('"', '\\"').replace("\r", "\\r") + '"'
    if node.language:
        return f"{quoted}@{node.language}"
    plain = node.datatype.value == PREFIXES["xsd"] + "string"
    return quoted if plain else f"{quoted}^^<{node.datatype.value}>"


class _Writer:
    """A report under construction. A blank node of a graph is described once, what is inside it each time."""

    def __init__(self, shapes: Description, data: Description) -> None:
        self.triples: dict[Triple, None] = {}
        self._shapes, self._data = shapes, data
        self._copied: dict[tuple[bool, BlankNode], BlankNode] = {}

    def add(self, subject: Node, predicate: NamedNode, value: Value) -> None:
        self.triples[Triple(subject, predicate, value)] = None

    def result(self, result: Result) -> BlankNode:
        node = BlankNode()
        self.add(node, RDF_TYPE, term("sh:ValidationResult"))
        self.add(node, term("sh:sourceConstraintComponent"), result.component)
        self.add(node, term("sh:sourceShape"), self._known(result.shape, shapes=True))
        self.add(node, term("sh:resultSeverity"), result.severity)
        self.add(node, term("sh:focusNode"), self._known(result.focus, shapes=False))
        if result.value is not None:
            self.add(node, term("sh:value"), self._known(result.value, shapes=False))
        if result.path is not None:
            self.add(node, term("sh:resultPath"), self._known(result.path, shapes=True))
        if result.constraint is not None:
            self.add(node, term("sh:sourceConstraint"), self._known(result.constraint, shapes=True))
        for message in result.messages:
            self.add(node, term("sh:resultMessage"), message)
        for detail in result.details:
            self.add(node, term("sh:detail"), self.result(detail))
        return node

    def _known(self, node: Value, *, shapes: bool) -> Value:
        if not isinstance(node, BlankNode):
            return node
        key = (shapes, node)
        if key not in self._copied:
            self._copied[key] = copy = BlankNode()
            self._describe(node, copy, self._shapes if shapes else self._data, 0)
        return self._copied[key]

    def _describe(self, node: BlankNode, copy: BlankNode, said: Description, depth: int) -> None:
        statements = said(node) if depth < _DEPTH else []
        if any(predicate == _FIRST for predicate, _ in statements):
            self._list(node, copy, said, depth)
            return
        for predicate, value in statements:
            self.add(copy, predicate, self._inner(value, said, depth + 1))

    def _inner(self, value: Value, said: Description, depth: int) -> Value:
        if not isinstance(value, BlankNode):
            return value
        copy = BlankNode()
        self._describe(value, copy, said, depth + 1)
        return copy

    def _list(self, node: BlankNode, copy: BlankNode, said: Description, depth: int) -> None:
        """Copy an RDF list; what else is said of its nodes is left out, as pySHACL does."""
        item: Value | None = node
        end: BlankNode | None = None
        while isinstance(item, BlankNode):
            parts = dict(reversed(said(item)))
            if _FIRST in parts:
                if end is not None:
                    following = BlankNode()
                    self.add(end, _REST, following)
                    copy = following
                self.add(copy, _FIRST, self._inner(parts[_FIRST], said, depth + 1))
                end = copy
            item = parts.get(_REST)
        if end is not None:
            self.add(end, _REST, _NIL)


__all__ = ["BLANK", "Result", "description", "findings", "report", "turtle"]
