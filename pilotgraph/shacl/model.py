"""Compiled shapes: what a shapes graph says, as data that every executor reads the same way.

The terms are those of the Recommendation (Shapes Constraint Language, W3C, 20 July 2017). One class stands for
one constraint component; where a shape may repeat a parameter the class holds all its values, since each is a
constraint of its own and the default message names them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | RdfLiteral


@dataclass(frozen=True)
class Predicate:
    """A path of one property (section 2.3.1.1)."""

    iri: NamedNode


@dataclass(frozen=True)
class Inverse:
    """sh:inversePath."""

    path: Path


@dataclass(frozen=True)
class Sequence:
    """A list of paths, one after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """sh:alternativePath."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class ZeroOrMore:
    """sh:zeroOrMorePath: the node itself is among its values."""

    path: Path


@dataclass(frozen=True)
class OneOrMore:
    """sh:oneOrMorePath."""

    path: Path


@dataclass(frozen=True)
class ZeroOrOne:
    """sh:zeroOrOnePath: the node itself is among its values."""

    path: Path


Path = Predicate | Inverse | Sequence | Alternative | ZeroOrMore | OneOrMore | ZeroOrOne


@dataclass(frozen=True)
class Targets:
    """What a shape is about. `classes` holds the shape itself too where it is a class (implicit target)."""

    classes: tuple[Node, ...] = ()
    nodes: tuple[Value, ...] = ()
    subjects_of: tuple[NamedNode, ...] = ()
    objects_of: tuple[NamedNode, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any target."""
        return bool(self.classes or self.nodes or self.subjects_of or self.objects_of)


@dataclass(frozen=True)
class Class:
    """sh:class: one result for each value node and each class of which it is no instance."""

    classes: tuple[Value, ...]


@dataclass(frozen=True)
class Datatype:
    """sh:datatype."""

    datatype: Value


@dataclass(frozen=True)
class NodeKind:
    """sh:nodeKind: the kinds that are allowed."""

    kind: Value
    iri: bool
    blank: bool
    literal: bool


@dataclass(frozen=True)
class MinCount:
    """sh:minCount."""

    count: int


@dataclass(frozen=True)
class MaxCount:
    """sh:maxCount."""

    count: int


@dataclass(frozen=True)
class MinExclusive:
    """sh:minExclusive: one result for each value node and each bound."""

    bounds: tuple[RdfLiteral, ...]


@dataclass(frozen=True)
class MinInclusive:
    """sh:minInclusive."""

    bounds: tuple[RdfLiteral, ...]


@dataclass(frozen=True)
class MaxExclusive:
    """sh:maxExclusive."""

    bounds: tuple[RdfLiteral, ...]


@dataclass(frozen=True)
class MaxInclusive:
    """sh:maxInclusive."""

    bounds: tuple[RdfLiteral, ...]


@dataclass(frozen=True)
class MinLength:
    """sh:minLength: 0 allows everything, blank nodes too."""

    length: int


@dataclass(frozen=True)
class MaxLength:
    """sh:maxLength: no blank node conforms."""

    length: int


@dataclass(frozen=True)
class Pattern:
    """sh:pattern: one result for each value node and each pattern. Of the flags pySHACL knows "i" and "m"."""

    patterns: tuple[RdfLiteral, ...]
    flags: str = ""


@dataclass(frozen=True)
class LanguageIn:
    """sh:languageIn: `tags` in small letters, `ranges` as given. pySHACL matches a tag whole or by its first part."""

    tags: tuple[str, ...]
    ranges: tuple[Value, ...] = ()


@dataclass(frozen=True)
class UniqueLang:
    """sh:uniqueLang true: one result for each tag that two value nodes share."""


@dataclass(frozen=True)
class Equals:
    """sh:equals: for each property, one result for each value that only one of the two sides has."""

    properties: tuple[Value, ...]


@dataclass(frozen=True)
class Disjoint:
    """sh:disjoint."""

    properties: tuple[Value, ...]


@dataclass(frozen=True)
class LessThan:
    """sh:lessThan: one result for each pair that is not in order, with the value node as value."""

    properties: tuple[NamedNode, ...]


@dataclass(frozen=True)
class LessThanOrEquals:
    """sh:lessThanOrEquals."""

    properties: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Not:
    """sh:not: one result for each value node and each shape to which it conforms."""

    shapes: tuple[Node, ...]


@dataclass(frozen=True)
class And:
    """sh:and: one result for each value node and each list that it does not satisfy."""

    lists: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Or:
    """sh:or."""

    lists: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Xone:
    """sh:xone: a shape that stands twice in a list counts twice."""

    lists: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class NodeShape:
    """sh:node: one result for each value node and each shape that it fails, with that shape's as sh:detail."""

    shapes: tuple[Node, ...]


@dataclass(frozen=True)
class Property:
    """sh:property: the results are those of the property shapes, with the value node as focus node."""

    shapes: tuple[Node, ...]


@dataclass(frozen=True)
class QualifiedValueShape:
    """sh:qualifiedValueShape with its counts; `siblings` are those of each shape, if they are to be disjoint."""

    shapes: tuple[Node, ...]
    minimum: int | None
    maximum: int | None
    disjoint: bool = False
    siblings: tuple[tuple[Node, ...], ...] = ()


@dataclass(frozen=True)
class Closed:
    """sh:closed true: the predicates that a value node may have, from sh:property and sh:ignoredProperties.

    ``rdf:type rdfs:Resource`` is always allowed, as pySHACL has it.
    """

    allowed: tuple[NamedNode, ...]


@dataclass(frozen=True)
class HasValue:
    """sh:hasValue: one result for each focus node and each value that it misses."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class In:
    """sh:in, in the order of the list."""

    members: tuple[Value, ...]


@dataclass(frozen=True)
class Sparql:
    """One value of sh:sparql: its SELECT query, with the prefixes that it declares. Deactivated ones are left out."""

    node: Node
    select: str
    prefixes: tuple[tuple[str, str], ...] = ()
    messages: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Component:
    """A SPARQL-based constraint component as a shape uses it: the validator that fits, and its parameters."""

    component: Node
    validator: Node
    form: Literal["ask", "select"]
    query: str
    parameters: tuple[tuple[str, Value], ...]
    prefixes: tuple[tuple[str, str], ...] = ()
    messages: tuple[Value, ...] = ()


Constraint = (
    Class
    | Datatype
    | NodeKind
    | MinCount
    | MaxCount
    | MinExclusive
    | MinInclusive
    | MaxExclusive
    | MaxInclusive
    | MinLength
    | MaxLength
    | Pattern
    | LanguageIn
    | UniqueLang
    | Equals
    | Disjoint
    | LessThan
    | LessThanOrEquals
    | Not
    | And
    | Or
    | Xone
    | NodeShape
    | Property
    | QualifiedValueShape
    | Closed
    | HasValue
    | In
    | Sparql
    | Component
)


@dataclass(frozen=True)
class Shape:
    """A node shape (no path) or a property shape. `path_node` is the path as the shapes graph names it."""

    id: Node
    targets: Targets
    constraints: tuple[Constraint, ...]
    severity: Value
    messages: tuple[Value, ...] = ()
    path: Path | None = None
    path_node: Node | None = None
    deactivated: bool = False

    def references(self) -> Iterator[Node]:
        """Give the shapes that this shape's constraints name, repeats included."""
        for constraint in self.constraints:
            if isinstance(constraint, Not | NodeShape | Property):
                yield from constraint.shapes
            elif isinstance(constraint, And | Or | Xone):
                for members in constraint.lists:
                    yield from members
            elif isinstance(constraint, QualifiedValueShape):
                yield from constraint.shapes
                for siblings in constraint.siblings:
                    yield from siblings


@dataclass(frozen=True)
class Plan:
    """All shapes of a shapes graph by id.

    `fallback` names the shapes with a target that only pySHACL can judge, with the reason; a reason also stands
    for an ill-formed shape, so that the failure is pySHACL's own. `deviations` says where pySHACL is known to
    judge these shapes otherwise than the Recommendation does, and the plan does not follow it.
    """

    shapes: dict[Node, Shape]
    fallback: dict[Node, str] = field(default_factory=dict)
    deviations: tuple[str, ...] = ()

    def targeted(self) -> Iterator[Shape]:
        """Give the active shapes that have a target and that the plan expresses."""
        for shape in self.shapes.values():
            if shape.targets and not shape.deactivated and shape.id not in self.fallback:
                yield shape

    def reachable(self, shape: Node) -> set[Node]:
        """Give a shape and all that its constraints lead to."""
        found: set[Node] = set()
        waiting = [shape]
        while waiting:
            current = waiting.pop()
            if current not in found and current in self.shapes:
                found.add(current)
                waiting.extend(self.shapes[current].references())
        return found
