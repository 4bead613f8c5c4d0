"""Property paths: from the shapes graph into the plan (Recommendation, section 2.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from pilotgraph.shacl.graph import IrregularError
from pilotgraph.shacl.model import (
    Alternative,
    Inverse,
    OneOrMore,
    Path,
    Predicate,
    Sequence,
    ZeroOrMore,
    ZeroOrOne,
)
from pilotgraph.terms import term

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.shacl.graph import ShapesGraph
    from pilotgraph.shacl.model import Value

_FIRST = term("rdf:first")
_UNARY: dict[NamedNode, Callable[[Path], Path]] = {
    term("sh:inversePath"): Inverse,
    term("sh:zeroOrMorePath"): ZeroOrMore,
    term("sh:oneOrMorePath"): OneOrMore,
    term("sh:zeroOrOnePath"): ZeroOrOne,
}
_ALTERNATIVE = term("sh:alternativePath")
# pySHACL gives up on a path that is nested deeper; a list counts one for each of its members.
_DEEPEST = 9
_LEAST_MEMBERS = 2


def compile_path(graph: ShapesGraph, node: Value, depth: int = 0) -> Path:
    """Read the path that `node` stands for; IrregularError if it is ill-formed or too deep for pySHACL."""
    if isinstance(node, NamedNode):
        return Predicate(node)
    if not isinstance(node, BlankNode) or depth > _DEEPEST:
        msg = "the path is ill-formed or too deep"
        raise IrregularError(msg)
    if graph.objects(node, _FIRST):
        members = _members(graph, node)
        return Sequence(tuple(compile_path(graph, m, depth + place + 1) for place, m in enumerate(members)))
    kinds = [kind for kind in (*_UNARY, _ALTERNATIVE) if graph.objects(node, kind)]
    if len(kinds) != 1:
        msg = "the path is of no one kind"
        raise IrregularError(msg)
    inner = graph.one(node, kinds[0])
    if kinds[0] == _ALTERNATIVE:
        return Alternative(tuple(compile_path(graph, m, depth + 1) for m in _members(graph, inner)))
    return _UNARY[kinds[0]](compile_path(graph, inner, depth + 1))


def _members(graph: ShapesGraph, node: Value) -> tuple[Value, ...]:
    members = graph.items(node)
    if len(members) < _LEAST_MEMBERS:
        msg = "a list of paths has fewer than two members"
        raise IrregularError(msg)
    return members


def inverts_sequence(path: Path) -> bool:
    """Tell whether a sequence stands under an inverse, whose order pySHACL does not turn round."""
    return _inverts(path, inverse=False)


def _inverts(path: Path, *, inverse: bool) -> bool:
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return _inverts(inner, inverse=not inverse)
        case Sequence(members):
            return inverse or any(_inverts(member, inverse=inverse) for member in members)
        case Alternative(members):
            return any(_inverts(member, inverse=inverse) for member in members)
        case _:
            return _inverts(path.path, inverse=inverse)
