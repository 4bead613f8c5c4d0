"""Tables of bindings: a column of numbers for each variable, joined with patterns over the columns of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyoxigraph import NamedNode

from pilotgraph.proof import syntax
from pilotgraph.shacl import model
from pilotgraph.shacl.columns.focus import Focus
from pilotgraph.shacl.columns.paths import joined, pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pilotgraph.shacl.columns.read import Columns
    from pilotgraph.shacl.columns.terms import Ids, Mask

    Table = dict[str, Ids]
    Resolve = Callable[[str], str]

_REPEATS: dict[str, Callable[[model.Path], model.Path]] = {
    "?": model.ZeroOrOne,
    "*": model.ZeroOrMore,
    "+": model.OneOrMore,
}


class UnplannedError(Exception):
    """A query, or data, that are not for columns; the SPARQL executor takes the shape."""


def rows_of(table: Table) -> int:
    """Count the rows of a table."""
    return len(next(iter(table.values())))


def taken(table: Table, places: NDArray[np.intp]) -> Table:
    """Give some rows of a table."""
    return {name: column[places] for name, column in table.items()}


class Matcher:
    """Joins tables with triple patterns; `resolve` gives an IRI for what the query wrote."""

    def __init__(self, columns: Columns, resolve: Resolve) -> None:
        self._columns, self._resolve = columns, resolve
        self._size = len(columns.terms)
        # Terms that a variable can have: others are left out before they are joined.
        self.possible: dict[str, Mask] = {}

    def all(self, table: Table, patterns: list[syntax.Pattern]) -> Table:
        """Join a table with patterns, each as soon as it hangs together with what there is."""
        waiting = list(patterns)
        while waiting:
            ready = [one for one in waiting if {one.subject, one.object} & table.keys()]
            if not ready:
                msg = "its query has a pattern that does not hang together with $this"
                raise UnplannedError(msg)
            chosen = max(ready, key=lambda one: {one.subject, one.object} <= table.keys())
            table = self._one(table, chosen)
            waiting.remove(chosen)
        return table

    def _one(self, table: Table, pattern: syntax.Pattern) -> Table:
        start, end = pattern.subject, pattern.object
        forwards = start in table
        if not forwards:
            start, end = end, start
        focus = Focus.of(table[start], self._size)
        if isinstance(pattern.path, syntax.Link) and pattern.path.term.startswith("?"):
            return self._any_predicate(table, pattern.path.term, (start, end), focus, forwards=forwards)
        path = self._path(pattern.path)
        return self._joined(
            table, pairs(self._columns, path if forwards else model.Inverse(path), focus), start, end, {}
        )

    def _joined(self, table: Table, found: tuple[Ids, Ids], start: str, end: str, more: Table) -> Table:
        left, right = joined((table[start], table[start]), found)
        wider = taken(table, left) | {name: column[right] for name, column in more.items()}
        ends = found[1][right]
        if end in wider:
            return taken(wider, np.flatnonzero(wider[end] == ends))
        if not end.startswith("?"):
            return taken(wider, np.flatnonzero(ends == self._constant(end)))
        return wider | {end: ends}

    def _any_predicate(self, table: Table, name: str, nodes: tuple[str, str], focus: Focus, *, forwards: bool) -> Table:
        if name in table or name in nodes:
            msg = "its query uses a predicate as a node"
            raise UnplannedError(msg)
        parts = []
        for iri, subjects, objects in self._columns.tables():
            starts, ends = (subjects, objects) if forwards else (objects, subjects)
            chosen = focus.mask[starts]
            if nodes[1] in self.possible:
                chosen &= self.possible[nodes[1]][ends]
            number = self._columns.terms.id(NamedNode(iri))
            parts.append((starts[chosen], ends[chosen], np.full(int(chosen.sum()), number, dtype=np.uint32)))
        starts, ends, predicates = (np.concatenate(column) for column in zip(*parts, strict=True))
        return self._joined(table, (starts, ends), *nodes, {name: predicates})

    def _constant(self, token: str) -> int:
        return self._columns.terms.id(NamedNode(self._resolve(token)))

    def _path(self, path: syntax.Path) -> model.Path:
        match path:
            case syntax.Link(token):
                return model.Predicate(NamedNode(self._resolve(token)))
            case syntax.Inverse(inner):
                return model.Inverse(self._path(inner))
            case syntax.Sequence(parts):
                # Two ways from one node to another count once in a path, and twice in SPARQL; here rows are distinct.
                return model.Sequence(tuple(self._path(part) for part in parts))
            case syntax.Alternative(parts):
                return model.Alternative(tuple(self._path(part) for part in parts))
            case syntax.Repeat(inner, mark):
                repeated: model.Path = _REPEATS[mark](self._path(inner))
                return repeated
        msg = "its query has a negated path"
        raise UnplannedError(msg)
