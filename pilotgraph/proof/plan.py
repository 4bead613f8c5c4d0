"""From a query to its witness queries: the same patterns, with everything visible that a derivation uses.

Where the query asks `SELECT ?a { … }`, its witness query asks for the variables of all its patterns, so that
each solution tells which triples made it. The engine itself answers it: expressions stay as they were
written, and no second SPARQL engine can deviate from the first. (Perm does this for SQL: Glavic and Alonso,
"Perm: processing provenance and data on the same data model through query rewriting", ICDE 2009.)

- A pattern of a branch of UNION or of OPTIONAL is *guarded*: the branch also binds a flag, and the pattern
  was used only if the flag is bound.
- A path is taken apart: `a/b` is two patterns with a variable between them, `^a` a pattern the other way
  round, `a|b` a UNION, `!a` a pattern with a filter. `a*`, `a+` and `a?` stay, and their ends are kept.
- A sub-select stays as it is; a plan of its own answers, per row, what made that row.
- EXISTS stays as it is; its truth is kept, and a plan of its own answers what made it true.
- MINUS, NOT EXISTS and an OPTIONAL that finds nothing use no triple: they are noted as absence.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotgraph.proof.syntax import (
    Alternative,
    Bind,
    CannotTellError,
    Filter,
    Group,
    Inverse,
    Link,
    Minus,
    Negated,
    Optional,
    Pattern,
    Repeat,
    Select,
    Sequence,
    Union,
    Values,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pilotgraph.proof.syntax import Element, Exists, Expression, Path, Query

# Where the solutions for which an EXISTS was true are put into its plan.
SLOT = "\N{NULL}"
OPTIONAL, MINUS, NOT_EXISTS, EXISTS = "OPTIONAL finds nothing", "MINUS", "NOT EXISTS", "EXISTS finds nothing"
BESIDE_AGGREGATE = "EXISTS beside an aggregate"


@dataclass(frozen=True)
class Triple:
    """A triple pattern was used, in a named graph if `graph` is not empty."""

    guard: str
    subject: str
    predicate: str
    object: str
    graph: str


@dataclass(frozen=True)
class Closure:
    """A path with * + or ? was used; `steps` answers its single steps, keyed by graph and both ends."""

    guard: str
    subject: str
    object: str
    graph: str
    mark: str
    steps: Plan


@dataclass(frozen=True)
class Inner:
    """A row of a sub-select was used; `key` holds the values by which `rows` knows it."""

    guard: str
    key: tuple[str, ...]
    rows: Plan


@dataclass(frozen=True)
class Tested:
    """EXISTS was evaluated; `truth` is what it gave for the values of `key`."""

    guard: str
    truth: str
    key: tuple[str, ...]
    found: Plan


@dataclass(frozen=True)
class Absent:
    """Something was not found: always, or where the flag `unless` is unbound."""

    guard: str
    note: str
    unless: str = ""


@dataclass(frozen=True)
class Unclear:
    """A construct was used that is not followed; the rest of the solution is."""

    guard: str
    note: str


Use = Triple | Closure | Inner | Tested | Absent | Unclear


@dataclass(frozen=True, eq=False)
class Plan:
    """A witness query: its text, the columns that its solutions are grouped by, and what a solution uses.

    `every`: all solutions of a key carry it together (the members of an aggregate's group), not each alone.
    """

    text: str
    columns: dict[str, int]
    key: tuple[str, ...]
    uses: tuple[Use, ...]
    every: bool = False


@dataclass
class _Columns:
    """The columns of a witness query: variables, and constants under a name, as the engine writes them."""

    fresh: Callable[[], str]
    constants: dict[str, str] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def column(self, term: str) -> str:
        """The column in which a term of the query is found; empty for no term."""
        if not term:
            return ""
        if not term.startswith("?"):
            term = self._constant(_RDF_TYPE if term == "a" else term)
        self.names.setdefault(term, len(self.names))
        return term

    def _constant(self, term: str) -> str:
        if term not in self.constants:
            self.constants[term] = self.fresh()
        return self.constants[term]

    def clause(self) -> str:
        """What stands between SELECT and WHERE."""
        written = {name: f"({constant} AS {name})" for constant, name in self.constants.items()}
        return " ".join(written.get(name, name) for name in self.names) or "(1 AS ?one)"


class Planner:
    """What all witness queries of one query share: its prologue, its FROM clauses, the supply of new names."""

    def __init__(self, query: Query) -> None:
        self.prologue = query.prologue
        self.prefix = query.fresh
        self.dataset = query.select.dataset
        self._numbers = itertools.count()

    def fresh(self) -> str:
        """A variable that no other text of this query has."""
        return f"{self.prefix}{next(self._numbers)}"

    def plan(self, select: Select, graph: str = "", key: Iterable[str] | None = None) -> Plan:
        """The witness query of a SELECT, grouped by its group keys, or else by its own columns or those given."""
        writer = _Writer(self)
        names = list(key if key is not None else select.visible())
        binds, every = select.columns, select.keys is not None
        if select.keys is not None:
            names, binds = _names(select.keys), select.keys
        # Beside an aggregate VALUES picks groups, and the groups are told by their keys.
        body = [writer.group(select.where, "", graph, braces=True), "" if every else select.values]
        for column in binds:
            body += writer.bind(column, "", graph) if isinstance(column, Bind) else []
        if select.unclear:
            writer.uses.append(Unclear("", BESIDE_AGGREGATE))
        return writer.finish(_within(graph, " ".join(body)), [*_named(graph), *names], every=every)

    def rule(self, query: Query) -> tuple[Plan, list[tuple[str, str, str]]]:
        """The witness query of a CONSTRUCT, and the columns of each triple that it makes."""
        writer = _Writer(self)
        made = []
        for pattern in query.template:
            predicate = pattern.path.term if isinstance(pattern.path, Link) else ""
            made.append((writer.column(pattern.subject), writer.column(predicate), writer.column(pattern.object)))
        return writer.finish(writer.group(query.select.where, "", "", braces=True), ()), made

    def keyed(self, select: Select, dataset: str = "") -> tuple[str, tuple[str, ...]]:
        """An aggregating SELECT that also gives its group keys, without modifiers, and their columns."""
        keys = select.keys or ()
        exports = tuple(self.fresh() for _ in keys)
        copies = [f"({name} AS {export})" for name, export in zip(_names(keys), exports, strict=True)]
        columns = " ".join([*map(_column, select.columns), *copies])
        group = f"GROUP BY {' '.join(map(_column, keys))}" if keys else ""
        tail = f"{select.where.text} {group} {select.having} {select.values}"
        return f"SELECT {columns} {dataset} WHERE {tail}", exports


class _Writer:
    """Writes the patterns of one witness query, and keeps what they use."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self.columns = _Columns(planner.fresh)
        self.uses: list[Use] = []

    def finish(self, body: str, key: Iterable[str], *, every: bool = False) -> Plan:
        """The plan, when all patterns are written."""
        names = tuple(self.column(name) for name in key)
        for use in self.uses:
            for flag in (use.guard, getattr(use, "unless", ""), getattr(use, "truth", "")):
                self.column(flag)
        text = f"{self._planner.prologue} SELECT {self.columns.clause()} {self._planner.dataset} WHERE {body}"
        return Plan(text, self.columns.names, names, tuple(self.uses), every)

    def column(self, term: str) -> str:
        """The column of a term: a blank node of a pattern is a variable."""
        return self.columns.column(self._term(term))

    def group(self, group: Group, guard: str, graph: str, *, braces: bool = False) -> str:
        """The elements of a group, and the tests of its filters behind them."""
        parts, tests = self._split(group, guard, graph)
        body = " ".join([*parts, *tests])
        return f"{{ {body} }}" if braces else body

    def bind(self, bind: Bind, guard: str, graph: str) -> list[str]:
        """A BIND, and the tests of the EXISTS in it."""
        return [f"BIND({bind.expression.text} AS {bind.variable})", *self._tests(bind.expression, guard, graph)]

    def _split(self, group: Group, guard: str, graph: str) -> tuple[list[str], list[str]]:
        parts: list[str] = []
        tests: list[str] = []
        for element in group.elements:
            if isinstance(element, Filter):
                parts.append(f"FILTER {element.expression.text}")
                tests += self._tests(element.expression, guard, graph)
            else:
                parts += self._element(element, guard, graph)
        return parts, tests

    def _element(self, element: Element | Select, guard: str, graph: str) -> list[str]:
        match element:
            case Pattern():
                return [self.pattern(element, guard, graph)]
            case Bind():
                return self.bind(element, guard, graph)
            case Optional(group):
                return self._optional(group, guard, graph)
            case Select():
                return [self._subselect(element, guard, graph)]
            case _:
                return [self._nested(element, guard, graph)]

    def _nested(self, element: Element, guard: str, graph: str) -> str:
        match element:
            case Within(term, group):
                return f"GRAPH {term} {self.group(group, guard, term, braces=True)}"
            case Union(branches):
                return self._union(branches, guard, graph)
            case Minus(group):
                self.uses.append(Absent(guard, MINUS))
                return f"MINUS {group.text}"
            case Values(text):
                return text
        raise CannotTellError(type(element).__name__)

    def _optional(self, group: Group, guard: str, graph: str) -> list[str]:
        flag = self._planner.fresh()
        self.uses.append(Absent(guard, OPTIONAL, unless=flag))
        parts, tests = self._split(group, flag, graph)
        # The filters of an OPTIONAL see what stands before it (section 18.2.2.6): so must their tests.
        return [f"OPTIONAL {{ {' '.join(parts)} BIND(true AS {flag}) }}", *tests]

    def _union(self, branches: tuple[Group, ...], guard: str, graph: str) -> str:
        if len(branches) == 1:
            return self.group(branches[0], guard, graph, braces=True)
        written = []
        for branch in branches:
            flag = self._planner.fresh()
            written.append(f"{{ {self.group(branch, flag, graph)} BIND(true AS {flag}) }}")
        return " UNION ".join(written)

    def _subselect(self, select: Select, guard: str, graph: str) -> str:
        if select.limited:
            # Which rows it lets through need not be the same in a query of another form.
            msg = "LIMIT in a sub-select"
            raise CannotTellError(msg)
        plan = self._planner.plan(select, graph)
        if select.keys is not None:
            text, exports = self._planner.keyed(select)
            written = f"{{ {text} }}"
        else:
            # Copies, because a variable that the sub-select leaves unbound may be bound outside it.
            exports = tuple(self._planner.fresh() for _ in select.visible())
            copies = [f"BIND({name} AS {copy})" for name, copy in zip(select.visible(), exports, strict=True)]
            written = f"{{ {{ {select.text} }} {' '.join(copies)} }}"
        key = (*_named(graph), *exports)
        self.uses.append(Inner(guard, tuple(self.column(name) for name in key), plan))
        return written

    def _tests(self, expression: Expression, guard: str, graph: str) -> list[str]:
        return [bind for exists in expression.exists for bind in self._test(exists, guard, graph)]

    def _test(self, exists: Exists, guard: str, graph: str) -> list[str]:
        if exists.negative:
            self.uses.append(Absent(guard, NOT_EXISTS))
            return []
        truth = self._planner.fresh()
        # Copies, because a variable of the same name may be bound elsewhere in the query.
        given = [*([graph] if graph.startswith("?") else []), *exists.group.mentioned()]
        given = list(dict.fromkeys(given))
        copies = [self._planner.fresh() for _ in given]
        plan = self._found(exists, given, graph)
        self.uses.append(Tested(guard, truth, tuple(self.column(copy) for copy in copies), plan))
        binds = [f"BIND({name} AS {copy})" for name, copy in zip(given, copies, strict=True)]
        return [f"BIND(EXISTS {exists.group.text} AS {truth})", *binds]

    def _found(self, exists: Exists, given: list[str], graph: str) -> Plan:
        """What makes EXISTS true, for the solutions that are put into the slot under a number."""
        writer = _Writer(self._planner)
        number = self._planner.fresh()
        body = writer.group(exists.group, "", graph)
        if graph:
            body = f"GRAPH {graph} {{ {body} }}"
        head = f"VALUES ({' '.join([number, *given])}) {{ {SLOT} }}"
        return writer.finish(f"{{ {head} {body} }}", [number])

    def pattern(self, pattern: Pattern, guard: str, graph: str) -> str:
        """A triple pattern, its path taken apart."""
        subject, path, value = pattern.subject, pattern.path, pattern.object
        match path:
            case Link(term):
                ends = [self.column(part) for part in (subject, term, value, graph)]
                self.uses.append(Triple(guard, *ends))
                return f"{self._term(subject)} {term} {self._term(value)} ."
            case Inverse(inner):
                return self.pattern(Pattern(value, inner, subject), guard, graph)
            case Sequence(parts):
                return self._sequence(pattern, parts, guard, graph)
            case Alternative(parts):
                return self._either([Pattern(subject, part, value) for part in parts], graph)
            case Repeat(inner, mark):
                start, end, named = (self.column(part) for part in (subject, value, graph))
                self.uses.append(Closure(guard, start, end, named, mark, self._steps(inner, graph)))
                return f"{self._term(subject)} {_written(path)} {self._term(value)} ."
            case Negated(forward, backward):
                there = [self._any_but(subject, forward, value)] if forward or not backward else []
                back = [self._any_but(value, backward, subject)] if backward else []
                return self._either([*there, *back], graph)

    def _sequence(self, pattern: Pattern, parts: tuple[Path, ...], guard: str, graph: str) -> str:
        between = [self._planner.fresh() for _ in parts[1:]]
        ends = itertools.pairwise([pattern.subject, *between, pattern.object])
        steps = [Pattern(start, part, end) for (start, end), part in zip(ends, parts, strict=True)]
        return " ".join(self.pattern(step, guard, graph) for step in steps)

    def _either(self, patterns: list[Pattern | tuple[Pattern, str]], graph: str) -> str:
        """A union of patterns, each with a flag, and perhaps a filter."""
        written = []
        for entry in patterns:
            pattern, condition = entry if isinstance(entry, tuple) else (entry, "")
            flag = self._planner.fresh()
            written.append(f"{{ {self.pattern(pattern, flag, graph)} {condition} BIND(true AS {flag}) }}")
        return " UNION ".join(written)

    def _any_but(self, subject: str, excluded: tuple[str, ...], value: str) -> tuple[Pattern, str]:
        predicate = self._planner.fresh()
        names = ", ".join(_RDF_TYPE if name == "a" else name for name in excluded)
        return Pattern(subject, Link(predicate), value), f"FILTER({predicate} NOT IN ({names}))"

    def _steps(self, path: Path, graph: str) -> Plan:
        """The single steps of a path that is repeated, keyed by graph and both ends."""
        writer = _Writer(self._planner)
        start, end = self._planner.fresh(), self._planner.fresh()
        body = _within(graph, writer.pattern(Pattern(start, path, end), "", graph))
        return writer.finish(body, [*_named(graph), start, end])

    def _term(self, term: str) -> str:
        return f"{self._planner.prefix}b_{term[2:]}" if term.startswith("_:") else term


_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def _names(keys: Iterable[str | Bind]) -> list[str]:
    return [key.variable if isinstance(key, Bind) else key for key in keys]


def _column(column: str | Bind) -> str:
    return f"({column.expression.text} AS {column.variable})" if isinstance(column, Bind) else column


def _named(graph: str) -> list[str]:
    return [graph] if graph else []


def _within(graph: str, body: str) -> str:
    return f"{{ GRAPH {graph} {{ {body} }} }}" if graph else f"{{ {body} }}"


def _written(path: Path) -> str:
    """A path as SPARQL, bracketed at every level."""
    match path:
        case Link(term):
            return term
        case Inverse(inner):
            return f"^({_written(inner)})"
        case Sequence(parts):
            return f"({'/'.join(map(_written, parts))})"
        case Alternative(parts):
            return f"({'|'.join(map(_written, parts))})"
        case Repeat(inner, mark):
            return f"({_written(inner)}){mark}"
        case Negated(forward, backward):
            return f"!({'|'.join([*forward, *('^' + name for name in backward)])})"
