"""Which nodes a shape is about, as SPARQL: its targets, or the values that another shape's path leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from pilotgraph.shacl.endpoint.filters import is_safe, written
from pilotgraph.shacl.endpoint.paths import chains, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pilotgraph.shacl.model import Node, Path, Targets, Value

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


class UnsupportedError(Exception):
    """A shape that this executor cannot express; `args[0]` says why. pySHACL judges it then."""


@dataclass(frozen=True)
class Scope:
    """Nodes as a group pattern that binds the variable `focus`, possibly more than once."""

    pattern: str
    focus: str

    def values(self, path: Path | None) -> tuple[str, str]:
        """Give a pattern that binds focus nodes and their values, and the variable of the values."""
        if path is None:
            return self.pattern, self.focus
        value = f"{self.focus}v"
        return self.along(path, value), value

    def along(self, path: Path, value: str) -> str:
        """Write that a path leads from a focus node to `value`."""
        ways = []
        for number, chain in enumerate(chains(path)):
            mark = f"{value[1:]}{number}x"
            way = joined(chain, self.focus, value, mark) if chain else f"BIND({self.focus} AS {value})"
            ways.append(f"{self.pattern} {way}")
        return ways[0] if len(ways) == 1 else " UNION ".join(f"{{ {way} }}" for way in ways)

    def without(self, path: Path, value: str, mark: str) -> str:
        """Write, as filters, that no way of a path leads from a focus node to `value`, a variable or a term."""
        tests = []
        for number, chain in enumerate(chains(path)):
            if chain:
                way = joined(chain, self.focus, value, f"{mark}{number}x")
                tests.append(f"FILTER NOT EXISTS {{ {way} }}")
            else:
                tests.append(f"FILTER(!COALESCE(sameTerm({self.focus}, {value}), false))")
        return " ".join(tests)

    def inner(self, path: Path | None, condition: str = "") -> Scope:
        """Give the values as the focus nodes of another shape, each once."""
        pattern, value = self.values(path)
        if path is None and not condition:
            return self
        return Scope(f"{{ SELECT DISTINCT {value} {{ {pattern} {condition} }} }}", value)


def closure(class_: Node, parents: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Give a class and all its subclasses, from the pairs of rdfs:subClassOf."""
    found: dict[Node, None] = {class_: None}
    waiting = [class_]
    while waiting:
        for lower in parents.get(waiting.pop(), ()):
            if lower not in found:
                found[lower] = None
                waiting.append(lower)
    return list(found)


def instances(classes: Iterable[Node], focus: str) -> list[str]:
    """Write, for each class, that `focus` is an instance. Raises UnsupportedError for a class without a name."""
    ways = []
    for class_ in classes:
        if not isinstance(class_, NamedNode):
            msg = "a class is a blank node, which SPARQL cannot name"
            raise UnsupportedError(msg)
        ways.append(f"{focus} {_TYPE} <{class_.value}> .")
    return ways


def of_targets(targets: Targets, lower: Mapping[Node, Iterable[Node]], number: int) -> list[Scope]:
    """Write the focus nodes of a shape: those that are named, and the others, since Virtuoso loses VALUES in a UNION.

    Raises UnsupportedError for a target that SPARQL cannot name.
    """
    focus = f"?pg{number}"
    ways = list(dict.fromkeys(way for class_ in targets.classes for way in instances(closure(class_, lower), focus)))
    ways += [f"{focus} <{iri.value}> ?pgo{number} ." for iri in targets.subjects_of]
    ways += [f"?pgs{number} <{iri.value}> {focus} ." for iri in targets.objects_of]
    scopes = []
    named = " ".join(map(_constant, targets.nodes))
    if named:
        scopes.append(Scope(f"VALUES {focus} {{ {named} }}", focus))
    if ways:
        others = ways[0] if len(ways) == 1 else "{ " + " } UNION { ".join(ways) + " }"
        scopes.append(Scope(others, focus))
    return scopes


def _constant(value: Value) -> str:
    if isinstance(value, BlankNode) or not is_safe(value):
        msg = f"the target {value} cannot be written in a query as it stands"
        raise UnsupportedError(msg)
    return written(value)
