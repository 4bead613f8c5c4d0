"""sh:sparql over columns: patterns are joined for all focus nodes at once, expressions judged on distinct bindings.

The engine itself evaluates BIND and FILTER, on one row for each combination of values that occurs, so that SPARQL
means here what it means there. Queries of other kinds go to the SPARQL executor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from pyoxigraph import QuerySolutions, Store

from pilotgraph.proof import syntax
from pilotgraph.shacl.columns.bindings import Matcher, UnplannedError, rows_of, taken
from pilotgraph.shacl.columns.outcome import Rows
from pilotgraph.shacl.endpoint import paths as sparql_paths
from pilotgraph.shacl.endpoint.sparql import result
from pilotgraph.store.syntax import check_size
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pilotgraph.shacl.columns.bindings import Table
    from pilotgraph.shacl.columns.executor import Executor
    from pilotgraph.shacl.columns.focus import Focus
    from pilotgraph.shacl.columns.terms import Ids, Mask
    from pilotgraph.shacl.model import Shape, Sparql

_PATH = re.compile(r"[$?]PATH\b")
# A constraint whose row has none of these gives no result in pySHACL.
_TOLD = {"?this", "?path", "?value"}
_RESERVED = {"?shapesGraph", "?currentShape", "?failure"}
_AT_ONCE = 20_000
_BLANK = 1
_KINDS = 3
# So many numbers more than there are values are no waste of memory.
_DENSE = 1_000_000
_EXPRESSIONS = (syntax.Filter, syntax.Bind)


def rows(run: Executor, shape: Shape, constraint: Sparql, focus: Focus) -> Iterator[Rows]:
    """Give the results of one sh:sparql. Raises UnplannedError if its query is not for columns."""
    plan = _Plan(run, shape, constraint)
    table = plan.table(focus)
    names = [name for name in plan.projected if name in table]
    keys = [table["?this"], *(table[name] for name in names if name != "?this")]
    told = {*names} & _TOLD
    if not told or not len(keys[0]):
        return
    places = _distinct(keys)[0]
    term = run.terms.term
    found = []
    for place in places:
        bound = {name[1:]: term(int(table[name][place])) for name in names}
        found.append(result(shape, constraint, term(int(table["?this"][place])), bound))
    owners = table["?this"][places]
    yield Rows(shape, constraint, owners, owners, ready=tuple(found))


def _distinct(keys: list[Ids]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give a place of each distinct row, and the number of its row for each place."""
    code, count = _numbered(keys[0].astype(np.int64))
    for key in keys[1:]:
        values, more = _numbered(key.astype(np.int64))
        code, count = _numbered(code * more + values)
    first = np.zeros(count, dtype=np.intp)
    first[code[::-1]] = np.arange(len(code))[::-1]
    return first, code


def _numbered(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Give each value a number from 0 up, equal ones the same."""
    size = int(values.max(initial=-1)) + 1
    if size > _DENSE + len(values):
        known, code = np.unique(values, return_inverse=True)
        return code, len(known)
    seen = np.zeros(size, dtype=np.bool_)
    seen[values] = True
    numbers = np.cumsum(seen) - 1
    return numbers[values], int(numbers[-1]) + 1 if size else 0


class _Plan:
    """The query of a constraint on one shape."""

    def __init__(self, run: Executor, shape: Shape, constraint: Sparql) -> None:
        self._terms = run.terms
        self._prefixes = {name: PREFIXES[name] for name in ("rdf", "rdfs", "owl")} | dict(constraint.prefixes)
        path = f"({sparql_paths.written(shape.path)})" if shape.path is not None else ""
        text = _PATH.sub(lambda match: path or match[0], constraint.select)
        try:
            self._query = syntax.parse(text)
        except syntax.CannotTellError as error:
            msg = f"its query has {error}"
            raise UnplannedError(msg) from error
        select = self._query.select
        mentioned = {*select.where.mentioned()}
        odd = select.keys is not None or select.limited or select.having or select.values or select.dataset
        if odd or self._query.prologue or self._query.form != "SELECT" or mentioned & {"?PATH", *_RESERVED}:
            msg = "its query is more than patterns and expressions"
            raise UnplannedError(msg)
        self.projected = [str(column) for column in select.columns]
        if not self.projected or any(isinstance(column, syntax.Bind) for column in select.columns):
            msg = "its query computes a column, or selects all"
            raise UnplannedError(msg)
        self._matcher = Matcher(run.columns, self._resolve)

    def table(self, focus: Focus) -> Table:
        """Give the bindings for all focus nodes."""
        return self._group(self._query.select.where, {"?this": focus.ids})

    def _resolve(self, token: str) -> str:
        if token == "a":  # noqa: S105 - a word of the query
            return PREFIXES["rdf"] + "type"
        if token.startswith("<"):
            return token[1:-1]
        prefix, colon, local = token.partition(":")
        if not colon or prefix not in self._prefixes or "\\" in local or token.startswith(("_:", '"', "'", "?")):
            msg = f"its query has {token} in a pattern"
            raise UnplannedError(msg)
        return self._prefixes[prefix] + local

    def _group(self, group: syntax.Group, table: Table) -> Table:
        patterns = [one for one in group.elements if isinstance(one, syntax.Pattern)]
        unions = [one for one in group.elements if isinstance(one, syntax.Union)]
        filters = [one for one in group.elements if isinstance(one, syntax.Filter)]
        binds = [one for one in group.elements if isinstance(one, syntax.Bind)]
        if len(patterns) + len(unions) + len(filters) + len(binds) != len(group.elements):
            msg = "its query is more than patterns and expressions"
            raise UnplannedError(msg)
        if binds and any(isinstance(one, syntax.Pattern | syntax.Union) for one in _after(group, binds[0])):
            msg = "its query has a pattern after a BIND"
            raise UnplannedError(msg)
        outer = self._matcher.possible
        self._matcher.possible = outer | self._spoken(filters)
        table = self._matcher.all(table, patterns)
        for union in unions:
            table = self._union(union, table)
        self._matcher.possible = outer
        plain = [one for one in filters if not one.expression.exists]
        table = self._judged(table, binds, plain)
        for one in filters:
            if one.expression.exists:
                table = self._existing(one.expression, table)
        return table

    def _union(self, union: syntax.Union, table: Table) -> Table:
        for branch in union.branches:
            inside = {*branch.visible(), "?this"}
            if any(set(_used(one, union)) - inside for one in branch.elements if isinstance(one, _EXPRESSIONS)):
                msg = "its query has an expression in a part of a UNION on what stands outside"
                raise UnplannedError(msg)
        parts = [self._group(branch, table) for branch in union.branches]
        shared = {name for part in parts for name in part if all(name in other for other in parts)}
        local = {name for part in parts for name in part} - shared
        outside = {*self.projected} | {name for one in self._query.select.where.elements for name in _used(one, union)}
        if local & outside:
            msg = "its query leaves a variable unbound in a part of a UNION"
            raise UnplannedError(msg)
        return {name: np.concatenate([part[name] for part in parts]) for name in sorted(shared)}

    def _existing(self, expression: syntax.Expression, table: Table) -> Table:
        (exists,) = expression.exists if len(expression.exists) == 1 else (None,)
        if exists is None or not re.fullmatch(
            r"(?:NOT\s+)?EXISTS\s*\{.*\}", expression.text.strip(), re.DOTALL | re.IGNORECASE
        ):
            msg = "its query has EXISTS inside an expression"
            raise UnplannedError(msg)
        number = np.arange(rows_of(table), dtype=np.uint32)
        found = self._group(exists.group, table | {"?": number})
        holds = np.zeros(len(number), dtype=np.bool_)
        holds[found["?"]] = True
        return taken(table, np.flatnonzero(~holds if exists.negative else holds))

    def _judged(self, table: Table, binds: list[syntax.Bind], filters: list[syntax.Filter]) -> Table:
        """Keep the rows for which the filters hold, asked once for each combination of values."""
        if {bind.variable for bind in binds} & {*self.projected, *table}:
            msg = "its query gives a computed value"
            raise UnplannedError(msg)
        if not filters:
            return table
        text = " ".join([*(bind.expression.text for bind in binds), *(one.expression.text for one in filters)])
        used = [name for name in dict.fromkeys(t for t in syntax.tokens(text) if t[0] == "?") if name in table]
        if not used:
            msg = "its query has an expression without a variable of a pattern"
            raise UnplannedError(msg)
        keys = [self._only_language(table[name]) if _only_in_lang(text, name) else table[name] for name in used]
        places, inverse = _distinct(keys)
        tail = " ".join(
            [*(f"BIND({bind.expression.text} AS {bind.variable})" for bind in binds)]
            + [f"FILTER({one.expression.text})" for one in filters]
        )
        good = np.zeros(len(places), dtype=np.bool_)
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            good[[start + row for row in self._ask(used, [key[part] for key in keys], tail)]] = True
        return taken(table, np.flatnonzero(good[inverse]))

    def _only_language(self, values: Ids) -> Ids:
        """Let one term stand for all of its language, and one for all that have none."""
        suffixes, kinds = self._terms.suffixes[values].astype(np.intp), self._terms.kinds[values]
        spoken = np.isin(suffixes, list(self._terms.languages))
        # Neither an IRI nor a blank node has a language, and every predicate is an IRI.
        codes = np.where(spoken, suffixes + _KINDS, np.where(kinds == _BLANK, 0, kinds))
        standing = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.uint32)
        standing[codes] = values
        standing[0] = np.argmin(self._terms.kinds)
        return standing[codes]

    def _spoken(self, filters: list[syntax.Filter]) -> dict[str, Mask]:
        """Find the variables of which filters ask only the language, and the terms that can be their values."""
        found: dict[str, Mask] = {}
        for one in filters:
            text = one.expression.text
            names = {token for token in syntax.tokens(text) if token[0] == "?"}
            if len(names) == 1 and not one.expression.exists and _only_in_lang(text, *names):
                (name,) = names
                standing = self._only_language(np.arange(len(self._terms), dtype=np.uint32))
                distinct = np.unique(standing)
                good = distinct[self._ask([name], [distinct], f"FILTER({text})")]
                found[name] = np.isin(standing, good) & found.get(name, True)
        return found

    def _ask(self, names: list[str], columns: list[Ids], tail: str) -> list[int]:
        if any((self._terms.kinds[column] == _BLANK).any() for column in columns):
            msg = "the data have blank nodes where its query computes"
            raise UnplannedError(msg)
        texts = [self._terms.texts.gather(column).to_list() for column in columns]
        values = "".join(f"({row} {' '.join(terms)})" for row, terms in enumerate(zip(*texts, strict=True)))
        declared = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in self._prefixes.items())
        query = f"{declared}SELECT ?_row {{ VALUES (?_row {' '.join(names)}) {{ {values} }} {tail} }}"
        # The rows are a list and no chain; what the shape wrote itself is looked at by itself.
        check_size(tail)
        answer = Store().query(query)
        if not isinstance(answer, QuerySolutions):
            raise TypeError(answer)
        return [int(solution["_row"].value) for solution in answer]


def _after(group: syntax.Group, element: object) -> tuple[object, ...]:
    places = [place for place, one in enumerate(group.elements) if one is element]
    return group.elements[places[0] + 1 :]


def _used(element: object, union: syntax.Union) -> list[str]:
    """The variables that an element beside a union mentions."""
    if element is union:
        return []
    match element:
        case syntax.Pattern(subject, path, value):
            return [subject, value, path.term if isinstance(path, syntax.Link) else ""]
        case syntax.Filter(expression) | syntax.Bind(expression, _):
            return [token for token in syntax.tokens(expression.text) if token[0] == "?"]
        case syntax.Union(branches):
            return [name for branch in branches for name in branch.mentioned()]
    return []


def _only_in_lang(text: str, name: str) -> bool:
    """Tell whether an expression asks nothing of a variable but its language."""
    variable = rf"[?$]{re.escape(name[1:])}\b"
    return len(re.findall(variable, text)) == len(re.findall(rf"\bLANG\s*\(\s*{variable}\s*\)", text, re.IGNORECASE))


__all__ = ["UnplannedError", "rows"]
