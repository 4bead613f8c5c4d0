"""The constraint components, each over all pairs of focus and value nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pyoxigraph import NamedNode

from pilotgraph.shacl import model
from pilotgraph.shacl.columns import sparql, values
from pilotgraph.shacl.columns.focus import Focus, distinct
from pilotgraph.shacl.columns.outcome import Rows
from pilotgraph.shacl.columns.paths import joined, packed, pairs, unpacked
from pilotgraph.shacl.judge import IncomparableError
from pilotgraph.terms import RDF_TYPE, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from pilotgraph.shacl import judge
    from pilotgraph.shacl.columns.executor import Executor
    from pilotgraph.shacl.columns.terms import Ids, Mask
    from pilotgraph.shacl.model import Constraint, Node, Shape

    Pairs = tuple[Ids, Ids]
    Check = Callable[[Executor, Shape, Any, Focus, Pairs], Iterator[Rows]]


_QUALIFIED_MIN, _QUALIFIED_MAX = (term(f"sh:Qualified{end}CountConstraintComponent") for end in ("Min", "Max"))


def _rows(shape: Shape, constraint: Constraint, found: Pairs, bad: Mask) -> Rows:
    focus = found[0][bad]
    return Rows(shape, constraint, focus, focus, found[1][bad])


def _single(run: Executor, shape: Shape, constraint: judge.SingleValue, _: Focus, found: Pairs) -> Iterator[Rows]:
    """Constraints on single values: judge each distinct value once."""
    if not len(found[1]):
        return
    numbers = distinct(found[1], len(run.terms))
    counts = values.faults(run.terms, constraint, numbers)
    if not counts.any():
        return
    spread = np.zeros(len(run.terms), dtype=np.uint8)
    spread[numbers] = counts
    each = spread[found[1]]
    for level in range(int(counts.max())):
        yield _rows(shape, constraint, found, each > level)


def _class(run: Executor, shape: Shape, constraint: model.Class, _: Focus, found: Pairs) -> Iterator[Rows]:
    for one in constraint.classes:
        yield _rows(shape, constraint, found, ~run.instances(one)[found[1]])


def _counts(focus: Focus, nodes: Ids) -> NDArray[np.intp]:
    return np.bincount(focus.places[nodes], minlength=len(focus))


def _of_focus(shape: Shape, constraint: Constraint, nodes: Ids) -> Rows:
    return Rows(shape, constraint, nodes, nodes)


def _min_count(_: Executor, shape: Shape, constraint: model.MinCount, focus: Focus, found: Pairs) -> Iterator[Rows]:
    yield _of_focus(shape, constraint, focus.ids[_counts(focus, found[0]) < constraint.count])


def _max_count(_: Executor, shape: Shape, constraint: model.MaxCount, focus: Focus, found: Pairs) -> Iterator[Rows]:
    yield _of_focus(shape, constraint, focus.ids[_counts(focus, found[0]) > constraint.count])


def _unique_lang(run: Executor, shape: Shape, constraint: model.UniqueLang, _: Focus, found: Pairs) -> Iterator[Rows]:
    tags = run.terms.suffixes[found[1]]
    spoken = np.isin(tags, list(run.terms.languages))
    keys, counts = np.unique(packed(found[0][spoken], tags[spoken].astype(np.uint32)), return_counts=True)
    yield _of_focus(shape, constraint, unpacked(keys[counts > 1])[0])


def _others(run: Executor, property_: object, focus: Focus) -> Pairs:
    """The values of another property of the focus nodes."""
    if not isinstance(property_, NamedNode):
        return _NONE, _NONE
    return pairs(run.columns, model.Predicate(property_), focus)


_NONE: Ids = np.zeros(0, dtype=np.uint32)


def _equals(run: Executor, shape: Shape, constraint: model.Equals, focus: Focus, found: Pairs) -> Iterator[Rows]:
    mine = packed(*found)
    for one in constraint.properties:
        theirs = packed(*_others(run, one, focus))
        for keys in (np.setdiff1d(mine, theirs), np.setdiff1d(theirs, mine)):
            nodes, missing = unpacked(keys)
            yield Rows(shape, constraint, nodes, nodes, missing)


def _disjoint(run: Executor, shape: Shape, constraint: model.Disjoint, focus: Focus, found: Pairs) -> Iterator[Rows]:
    mine = packed(*found)
    for one in constraint.properties:
        nodes, shared = unpacked(np.intersect1d(mine, packed(*_others(run, one, focus))))
        yield Rows(shape, constraint, nodes, nodes, shared)


def _less_than(
    run: Executor,
    shape: Shape,
    constraint: model.LessThan | model.LessThanOrEquals,
    focus: Focus,
    found: Pairs,
) -> Iterator[Rows]:
    if (run.terms.kinds[found[1]] == 1).any():
        # pySHACL gives up at a blank node, even where there is nothing to compare it with.
        raise IncomparableError
    for one in constraint.properties:
        others = _others(run, one, focus)
        left, right = joined((_NONE, found[0]), others)
        first, second = found[1][left], others[1][right]
        fine = values.in_order(run.terms, first, second, or_equal=isinstance(constraint, model.LessThanOrEquals))
        yield _rows(shape, constraint, (found[0][left], first), ~fine)


def _fails(run: Executor, node: Node, found: Pairs) -> Mask:
    """Tell which pairs have a value that does not conform to a shape."""
    return run.of(node, Focus.of(found[1], len(run.terms))).fails(found[1])


def _not(run: Executor, shape: Shape, constraint: model.Not, _: Focus, found: Pairs) -> Iterator[Rows]:
    for node in constraint.shapes:
        yield _rows(shape, constraint, found, ~_fails(run, node, found))


def _and(run: Executor, shape: Shape, constraint: model.And, _: Focus, found: Pairs) -> Iterator[Rows]:
    for members in constraint.lists:
        yield _rows(shape, constraint, found, _conforming(run, members, found) < len(members))


def _or(run: Executor, shape: Shape, constraint: model.Or, _: Focus, found: Pairs) -> Iterator[Rows]:
    for members in constraint.lists:
        bad = np.ones(len(found[1]), dtype=np.bool_)
        for node in dict.fromkeys(members):
            # A value that one member has accepted is not shown to the others.
            places = np.flatnonzero(bad)
            bad[places] = _fails(run, node, (found[0][places], found[1][places]))
        yield _rows(shape, constraint, found, bad)


def _xone(run: Executor, shape: Shape, constraint: model.Xone, _: Focus, found: Pairs) -> Iterator[Rows]:
    for members in constraint.lists:
        yield _rows(shape, constraint, found, _conforming(run, members, found) != 1)


def _conforming(run: Executor, members: tuple[Node, ...], found: Pairs) -> NDArray[np.intp]:
    """Count for each pair the shapes to which its value conforms."""
    fitting = np.zeros(len(found[1]), dtype=np.intp)
    for node in members:
        fitting += ~_fails(run, node, found)
    return fitting


def _node(run: Executor, shape: Shape, constraint: model.NodeShape, _: Focus, found: Pairs) -> Iterator[Rows]:
    for node in constraint.shapes:
        inner = run.of(node, Focus.of(found[1], len(run.terms)))
        bad = inner.fails(found[1])
        nodes = found[0][bad]
        yield Rows(shape, constraint, nodes, nodes, found[1][bad], details=inner)


def _property(run: Executor, shape: Shape, constraint: model.Property, focus: Focus, found: Pairs) -> Iterator[Rows]:
    inner_focus = focus if shape.path is None else Focus.of(found[1], len(run.terms))
    for node in constraint.shapes:
        for rows in run.of(node, inner_focus).rows:
            if shape.path is None:
                yield rows
            else:
                left, right = joined(found, (rows.owner, rows.owner))
                yield rows.taken(right, found[0][left])


def _qualified(
    run: Executor, shape: Shape, constraint: model.QualifiedValueShape, focus: Focus, found: Pairs
) -> Iterator[Rows]:
    for node, siblings in zip(constraint.shapes, constraint.siblings, strict=True):
        fits = ~_fails(run, node, found)
        for sibling in siblings:
            fits &= _fails(run, sibling, found)
        counts = _counts(focus, found[0][fits])
        if constraint.maximum is not None:
            nodes = focus.ids[counts > constraint.maximum]
            yield Rows(shape, constraint, nodes, nodes, component=_QUALIFIED_MAX)
        if constraint.minimum is not None:
            nodes = focus.ids[counts < constraint.minimum]
            yield Rows(shape, constraint, nodes, nodes, component=_QUALIFIED_MIN)


def _closed(run: Executor, shape: Shape, constraint: model.Closed, focus: Focus, found: Pairs) -> Iterator[Rows]:
    allowed = {one.value for one in constraint.allowed}
    nodes = focus if shape.path is None else Focus.of(found[1], len(run.terms))
    for iri, subjects, objects in run.columns.tables():
        if iri in allowed:
            continue
        chosen = nodes.mask[subjects]
        if iri == RDF_TYPE.value:
            chosen &= objects != run.terms.id(term("rdfs:Resource"))
        if not chosen.any():
            continue
        owners, others = subjects[chosen], objects[chosen]
        if shape.path is not None:
            left, right = joined(found, (owners, others))
            owners, others = found[0][left], others[right]
        yield Rows(shape, constraint, owners, owners, others, NamedNode(iri))


def _has_value(run: Executor, shape: Shape, constraint: model.HasValue, focus: Focus, found: Pairs) -> Iterator[Rows]:
    for one in constraint.values:
        missing = np.ones(len(focus), dtype=np.bool_)
        missing[focus.places[found[0][found[1] == run.terms.id(one)]]] = False
        yield _of_focus(shape, constraint, focus.ids[missing])


def _sparql(run: Executor, shape: Shape, constraint: model.Sparql, focus: Focus, _: Pairs) -> Iterator[Rows]:
    yield from sparql.rows(run, shape, constraint, focus)


CHECKS: dict[type, Check] = {
    model.Class: _class,
    model.Datatype: _single,
    model.NodeKind: _single,
    model.MinCount: _min_count,
    model.MaxCount: _max_count,
    model.MinExclusive: _single,
    model.MinInclusive: _single,
    model.MaxExclusive: _single,
    model.MaxInclusive: _single,
    model.MinLength: _single,
    model.MaxLength: _single,
    model.Pattern: _single,
    model.LanguageIn: _single,
    model.UniqueLang: _unique_lang,
    model.Equals: _equals,
    model.Disjoint: _disjoint,
    model.LessThan: _less_than,
    model.LessThanOrEquals: _less_than,
    model.Not: _not,
    model.And: _and,
    model.Or: _or,
    model.Xone: _xone,
    model.NodeShape: _node,
    model.Property: _property,
    model.QualifiedValueShape: _qualified,
    model.Closed: _closed,
    model.HasValue: _has_value,
    model.In: _single,
    model.Sparql: _sparql,
}
