"""Checks that ask whether a value conforms to another shape: the other shape is evaluated for all values at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.shacl import model
    from pilotgraph.shacl.endpoint.executor import Executor, Failing, Found
    from pilotgraph.shacl.endpoint.scope import Scope
    from pilotgraph.shacl.model import Constraint, Node, Shape, Value

_MIN, _MAX = term("sh:QualifiedMinCountConstraintComponent"), term("sh:QualifiedMaxCountConstraintComponent")


def not_(self: Executor, shape: Shape, constraint: model.Not, scope: Scope) -> Found:
    """sh:not: the values that conform."""
    for other in constraint.shapes:
        failing = _failing(self, other, shape, scope)
        yield from _all(self, shape, constraint, ((f, v) for f, v in self.pairs(shape, scope) if v not in failing))


def and_(self: Executor, shape: Shape, constraint: model.And, scope: Scope) -> Found:
    """sh:and: the values that fail one of the list."""
    for members in constraint.lists:
        failing: set[Value] = set()
        for member in members:
            failing.update(_failing(self, member, shape, scope))
        yield from _all(self, shape, constraint, _of(self, shape, scope, failing))


def or_(self: Executor, shape: Shape, constraint: model.Or, scope: Scope) -> Found:
    """sh:or: the values that fail all of the list."""
    for members in constraint.lists:
        failing: set[Value] | None = None
        for member in members:
            if failing is None or failing:
                found = set(_failing(self, member, shape, scope))
                failing = found if failing is None else failing & found
        yield from _all(self, shape, constraint, _of(self, shape, scope, failing or set()))


def xone(self: Executor, shape: Shape, constraint: model.Xone, scope: Scope) -> Found:
    """sh:xone: the values that do not conform to exactly one of the list."""
    for members in constraint.lists:
        failing = [_failing(self, member, shape, scope) for member in members]
        wrong = ((f, v) for f, v in self.pairs(shape, scope) if sum(v not in found for found in failing) != 1)
        yield from _all(self, shape, constraint, wrong)


def node(self: Executor, shape: Shape, constraint: model.NodeShape, scope: Scope) -> Found:
    """sh:node: the values that fail, with their results as details."""
    for other in constraint.shapes:
        failing = _failing(self, other, shape, scope)
        for focus, value in _of(self, shape, scope, failing):
            yield self.found(shape, constraint, focus, value, details=failing[value])


def property_(self: Executor, shape: Shape, constraint: model.Property, scope: Scope) -> Found:
    """sh:property: the results of the property shape, once for each focus node that leads to its focus node."""
    for other in constraint.shapes:
        failing = _failing(self, other, shape, scope)
        for focus, value in _of(self, shape, scope, failing):
            yield from ((focus, result) for result in failing[value])


def qualified(self: Executor, shape: Shape, constraint: model.QualifiedValueShape, scope: Scope) -> Found:
    """sh:qualifiedValueShape: how many values conform to the shape and to none of its siblings."""
    for index, other in enumerate(constraint.shapes):
        failing = _failing(self, other, shape, scope)
        beside = constraint.siblings[index] if constraint.siblings else ()
        siblings = [_failing(self, sibling, shape, scope) for sibling in beside]
        counted: dict[Value, int] = dict.fromkeys(self.focus_nodes(scope), 0)
        for focus, value in self.pairs(shape, scope):
            if value not in failing and all(value in found for found in siblings):
                counted[focus] += 1
        for focus, number in counted.items():
            if constraint.maximum is not None and number > constraint.maximum:
                yield self.found(shape, constraint, focus, kind=_MAX)
            if constraint.minimum is not None and number < constraint.minimum:
                yield self.found(shape, constraint, focus, kind=_MIN)


def _failing(self: Executor, other: Node, shape: Shape, scope: Scope) -> Failing:
    return self.shape(other, scope.inner(shape.path))


def _of(self: Executor, shape: Shape, scope: Scope, values: Iterable[Value]) -> Iterator[tuple[Value, Value]]:
    """Give the focus nodes that lead to some values, with these."""
    wanted = set(values)
    if not wanted:
        return
    if shape.path is None:
        yield from ((value, value) for value in wanted)
    else:
        yield from ((focus, value) for focus, value in self.pairs(shape, scope) if value in wanted)


def _all(self: Executor, shape: Shape, constraint: Constraint, pairs: Iterable[tuple[Value, Value]]) -> Found:
    for focus, value in pairs:
        yield self.found(shape, constraint, focus, value)
