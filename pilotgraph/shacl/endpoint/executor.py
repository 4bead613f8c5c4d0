"""The checks of a plan, each as one query for all focus nodes of a shape at once.

Source: Shapes Constraint Language, W3C, 20 July 2017, sections 2 to 5; where the Recommendation leaves open how many
results there are, pySHACL 0.40.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, NamedNode

from pilotgraph.errors import EndpointError
from pilotgraph.shacl import model
from pilotgraph.shacl.endpoint import filters, logic
from pilotgraph.shacl.endpoint.paths import chains
from pilotgraph.shacl.endpoint.rows import Rows
from pilotgraph.shacl.endpoint.scope import Scope, UnsupportedError, closure, instances, of_targets
from pilotgraph.shacl.endpoint.sparql import violations
from pilotgraph.shacl.judge import IncomparableError, SingleValue, faults, in_order
from pilotgraph.shacl.messages import Messages, component
from pilotgraph.shacl.results import Result, description

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Triple

    from pilotgraph.shacl.model import Constraint, Node, Plan, Shape, Value
    from pilotgraph.shacl.results import Description
    from pilotgraph.store.base import Reader

Failing = dict["Value", list[Result]]
# Results, each with the node that does not conform: not always the focus node of the result (sh:property).
Found: TypeAlias = "Iterator[tuple[Value, Result]]"
_SINGLE = SingleValue.__args__
_MOST_DEPTH = 14
_INCOMPARABLE = "pySHACL cannot compare the values of sh:lessThan that the data have"


@dataclass
class Outcome:
    """What the shapes of a plan give: results, and the shapes that only pySHACL can judge here, with the reason."""

    results: list[Result] = field(default_factory=list)
    unsupported: dict[Node, str] = field(default_factory=dict)
    queries: int = 0


def validate(plan: Plan, reader: Reader, shapes: Iterable[Triple]) -> tuple[Outcome, Description]:
    """Run a plan over a store; `shapes` is the shapes graph of which the plan was made.

    Gives the outcome, and the description of the data's blank nodes. Raises EndpointError if the store answers nothing;
    a check that it refuses makes the shape one for pySHACL.
    """
    rows = Rows(reader)
    executor = Executor(plan, rows, shapes)
    outcome = Outcome()
    for number, shape in enumerate(plan.targeted()):
        try:
            failing: Failing = {}
            for scope in reversed(of_targets(shape.targets, rows.subclasses(), number)):
                # A node that is named and found in another way as well counts once.
                failing |= executor.shape(shape.id, scope)
        except UnsupportedError as error:
            outcome.unsupported[shape.id] = str(error)
        except EndpointError as error:
            rows.check()
            outcome.unsupported[shape.id] = f"the store refuses a check: {error.message}"
        else:
            outcome.results.extend(result for results in failing.values() for result in results)
        executor.forget()
    outcome.queries = rows.asked
    return outcome, executor.data


class Executor:
    """Evaluates shapes over scopes. What one check found is kept while one target shape is being evaluated."""

    def __init__(self, plan: Plan, rows: Rows, shapes: Iterable[Triple]) -> None:
        self.rows = rows
        self._plan = plan
        self._described: Description | None = None
        self._messages = Messages(shapes, self.data)
        self._known: dict[tuple[Node, Scope], Failing] = {}
        self._pairs: dict[tuple[Scope, str], list[tuple[Value, Value]]] = {}
        self._depth = 0

    def data(self, node: BlankNode) -> list[tuple[NamedNode, Value]]:
        """Tell what the data say of a blank node; they are asked when the first one is met."""
        if self._described is None:
            self._described = description(self.rows.blank_nodes())
        return self._described(node)

    def forget(self) -> None:
        """Let go of what was kept for one target shape."""
        self._known.clear()
        self._pairs.clear()

    def shape(self, id_: Node, scope: Scope) -> Failing:
        """Give the results of each node of a scope that does not conform to a shape."""
        shape = self._plan.shapes.get(id_)
        if shape is None or id_ in self._plan.fallback:
            msg = f"it leads to the shape {id_}: {self._plan.fallback.get(id_, 'which is not defined')}"
            raise UnsupportedError(msg)
        if shape.deactivated:
            return {}
        key = (id_, scope)
        if key not in self._known:
            if self._depth == _MOST_DEPTH:
                msg = "its shapes lead to each other more than 14 deep"
                raise UnsupportedError(msg)
            self._depth += 1
            self._known[key] = _gathered(self._checked(shape, scope))
            self._depth -= 1
        return self._known[key]

    def found(  # noqa: PLR0913 - the parts of a result
        self,
        shape: Shape,
        constraint: Constraint,
        focus: Value,
        value: Value | None = None,
        *,
        path: Node | None = None,
        kind: NamedNode | None = None,
        details: Iterable[Result] = (),
    ) -> tuple[Value, Result]:
        """Make a result with the messages that pySHACL would give it; gives it with its focus node."""
        result = Result(
            focus=focus,
            shape=shape.id,
            component=kind or component(type(constraint)),
            severity=shape.severity,
            path=path or shape.path_node,
            value=value,
            messages=self._messages.of(shape, constraint, focus, value),
            details=tuple(details),
        )
        return focus, result

    def pairs(self, shape: Shape, scope: Scope, condition: str = "") -> list[tuple[Value, Value]]:
        """Give each focus node with each of its values."""
        if isinstance(shape.path, model.Predicate) and shape.path.iri.value not in self.rows.predicates():
            return []
        pattern, value = scope.values(shape.path)
        key = (Scope(pattern, value), condition)
        if key not in self._pairs:
            found = self.rows.table(f"{scope.focus} {value}" if shape.path else value, f"{pattern} {condition}")
            self._pairs[key] = [_bound(row[0], row[-1]) for row in found]
        return self._pairs[key]

    def focus_nodes(self, scope: Scope, condition: str = "") -> Iterator[Value]:
        """Give each node of a scope once."""
        for (focus,) in self.rows.table(scope.focus, f"{scope.pattern} {condition}"):
            if focus is not None:
                yield focus

    def _checked(self, shape: Shape, scope: Scope) -> Found:
        yield from self._single(shape, scope, [c for c in shape.constraints if isinstance(c, _SINGLE)])
        for constraint in shape.constraints:
            check = _CHECKS.get(type(constraint))
            if check is not None:
                yield from check(self, shape, constraint, scope)
            elif not isinstance(constraint, _SINGLE):
                msg = f"it uses {component(type(constraint)).value}"
                raise UnsupportedError(msg)

    def _single(self, shape: Shape, scope: Scope, constraints: list[SingleValue]) -> Found:
        """Check what concerns one value at a time: one query for all that have a filter, one for the others."""
        _, value = scope.values(shape.path)
        tests = {index: filters.certain(constraint, value) for index, constraint in enumerate(constraints)}
        for group in ([i for i, test in tests.items() if test], [i for i, test in tests.items() if not test]):
            if not group:
                continue
            certain = " && ".join(f"({tests[i]})" for i in group if tests[i])
            condition = f"FILTER(!COALESCE({certain}, false))" if certain else ""
            for focus, given in self.pairs(shape, scope, condition):
                for index in group:
                    for _ in range(faults(constraints[index], given)):
                        yield self.found(shape, constraints[index], focus, given)


def _bound(focus: Value | None, value: Value | None) -> tuple[Value, Value]:
    if focus is None or value is None:
        # Seen of Virtuoso where a path begins at a literal.
        msg = "the store gives a row without a value where each must have one"
        raise UnsupportedError(msg)
    return focus, value


def _gathered(found: Found) -> Failing:
    failing: Failing = {}
    for focus, result in found:
        failing.setdefault(focus, []).append(result)
    return failing


def _class(self: Executor, shape: Shape, constraint: model.Class, scope: Scope) -> Found:
    _, value = scope.values(shape.path)
    for class_ in constraint.classes:
        tests = []
        if isinstance(class_, NamedNode):
            ways = instances(closure(class_, self.rows.subclasses()), value)
            tests = [f"FILTER NOT EXISTS {{ {way} }}" for way in ways]
        for focus, given in self.pairs(shape, scope, " ".join(tests)):
            yield self.found(shape, constraint, focus, given)


def _min_count(self: Executor, shape: Shape, constraint: model.MinCount, scope: Scope) -> Found:
    if constraint.count == 0 or shape.path is None:
        return
    if constraint.count == 1:
        if () in chains(shape.path):
            return
        value = f"{scope.focus}m"
        found = self.focus_nodes(scope, scope.without(shape.path, value, value[1:]))
    else:
        pattern, value = scope.values(shape.path)
        least = f"GROUP BY {scope.focus} HAVING(COUNT(DISTINCT {value}) < {constraint.count})"
        rows = self.rows.table(scope.focus, f"{scope.pattern} OPTIONAL {{ {pattern} }}", least)
        found = (row[0] for row in rows if row[0] is not None)
    for focus in found:
        yield self.found(shape, constraint, focus)


def _max_count(self: Executor, shape: Shape, constraint: model.MaxCount, scope: Scope) -> Found:
    if isinstance(shape.path, model.Predicate):
        repeated = self.rows.predicates().get(shape.path.iri.value)
        if repeated is None or (constraint.count > 0 and not repeated):
            return
    pattern, value = scope.values(shape.path)
    most = f"GROUP BY {scope.focus} HAVING(COUNT(DISTINCT {value}) > {constraint.count})"
    for (focus,) in self.rows.table(scope.focus, pattern, most):
        if focus is not None:
            yield self.found(shape, constraint, focus)


def _has_value(self: Executor, shape: Shape, constraint: model.HasValue, scope: Scope) -> Found:
    for wanted in constraint.values:
        missing: Iterable[Value]
        if shape.path is None:
            missing = [focus for focus in self.focus_nodes(scope) if focus != wanted]
        elif isinstance(wanted, BlankNode):
            missing = self.focus_nodes(scope)
        elif filters.is_safe(wanted):
            missing = self.focus_nodes(scope, scope.without(shape.path, filters.written(wanted), "pgh"))
        else:
            having = {focus for focus, value in self.pairs(shape, scope) if value == wanted}
            missing = [focus for focus in self.focus_nodes(scope) if focus not in having]
        for focus in missing:
            yield self.found(shape, constraint, focus)


def _property(value: Value) -> str:
    if not isinstance(value, NamedNode):
        msg = "it compares with a property that is no IRI"
        raise UnsupportedError(msg)
    return f"<{value.value}>"


def _equals(self: Executor, shape: Shape, constraint: model.Equals, scope: Scope) -> Found:
    _, value = scope.values(shape.path)
    other = f"{scope.focus}e"
    for named in constraint.properties:
        iri = _property(named)
        for focus, given in self.pairs(shape, scope, f"FILTER NOT EXISTS {{ {scope.focus} {iri} {value} }}"):
            yield self.found(shape, constraint, focus, given)
        without = (
            f"FILTER(!sameTerm({scope.focus}, {other}))"
            if shape.path is None
            else scope.without(shape.path, other, other[1:])
        )
        pattern = f"{scope.pattern} {scope.focus} {iri} {other} . {without}"
        for node, missed in self.rows.table(f"{scope.focus} {other}", pattern):
            if node is not None:
                yield self.found(shape, constraint, node, missed)


def _disjoint(self: Executor, shape: Shape, constraint: model.Disjoint, scope: Scope) -> Found:
    _, value = scope.values(shape.path)
    for named in constraint.properties:
        for focus, given in self.pairs(shape, scope, f"FILTER EXISTS {{ {scope.focus} {_property(named)} {value} }}"):
            yield self.found(shape, constraint, focus, given)


def _less_than(
    self: Executor, shape: Shape, constraint: model.LessThan | model.LessThanOrEquals, scope: Scope
) -> Found:
    or_equal = isinstance(constraint, model.LessThanOrEquals)
    pattern, value = scope.values(shape.path)
    other = f"{scope.focus}l"
    if self.rows.table(value, f"{{ {pattern} }} FILTER(isBLANK({value}))", "LIMIT 1"):
        raise UnsupportedError(_INCOMPARABLE)
    for named in constraint.properties:
        certain = filters.in_order(value, other, or_equal=or_equal)
        joined = f"{{ {pattern} }} {scope.focus} {_property(named)} {other} . FILTER(!COALESCE({certain}, false))"
        for focus, first, second in self.rows.table(f"{scope.focus} {value} {other}", joined):
            if focus is None or first is None or second is None:
                continue
            try:
                ordered = in_order(first, second, or_equal=or_equal)
            except IncomparableError:
                raise UnsupportedError(_INCOMPARABLE) from None
            if not ordered:
                yield self.found(shape, constraint, focus, first)


def _unique_lang(self: Executor, shape: Shape, constraint: model.UniqueLang, scope: Scope) -> Found:
    if isinstance(shape.path, model.Predicate) and not self.rows.predicates().get(shape.path.iri.value):
        return
    pattern, value = scope.values(shape.path)
    tag = f"{scope.focus}t"
    tagged = f'{{ {pattern} }} BIND(LCASE(LANG({value})) AS {tag}) FILTER({tag} != "")'
    shared = f"GROUP BY {scope.focus} {tag} HAVING(COUNT(DISTINCT {value}) > 1)"
    for focus, _ in self.rows.table(f"{scope.focus} {tag}", tagged, shared):
        if focus is not None:
            yield self.found(shape, constraint, focus)


def _closed(self: Executor, shape: Shape, constraint: model.Closed, scope: Scope) -> Found:
    pattern, value = scope.values(shape.path)
    verb, object_ = f"{scope.focus}p", f"{scope.focus}o"
    allowed = ", ".join(f"<{iri.value}>" for iri in constraint.allowed)
    test = f"FILTER({verb} NOT IN ({allowed}))" if allowed else ""
    variables = dict.fromkeys([scope.focus, value, verb, object_])
    for row in self.rows.table(" ".join(variables), f"{{ {pattern} }} {value} {verb} {object_} . {test}"):
        focus, predicate, given = row[0], row[-2], row[-1]
        is_resource = predicate == _TYPE and given == _RESOURCE
        if focus is not None and isinstance(predicate, NamedNode) and not is_resource:
            yield self.found(shape, constraint, focus, given, path=predicate)


def _sparql(self: Executor, shape: Shape, constraint: model.Sparql, scope: Scope) -> Found:
    return violations(self.rows, shape, constraint, scope)


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RESOURCE = NamedNode("http://www.w3.org/2000/01/rdf-schema#Resource")
_CHECKS: dict[type, Callable[..., Found]] = {
    model.Class: _class,
    model.MinCount: _min_count,
    model.MaxCount: _max_count,
    model.HasValue: _has_value,
    model.Equals: _equals,
    model.Disjoint: _disjoint,
    model.LessThan: _less_than,
    model.LessThanOrEquals: _less_than,
    model.UniqueLang: _unique_lang,
    model.Closed: _closed,
    model.Not: logic.not_,
    model.And: logic.and_,
    model.Or: logic.or_,
    model.Xone: logic.xone,
    model.NodeShape: logic.node,
    model.Property: logic.property_,
    model.QualifiedValueShape: logic.qualified,
    model.Sparql: _sparql,
}
