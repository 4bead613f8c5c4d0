"""From plans to derivations: what each solution of a query uses, as triples.

A :class:`Solution` is one solution of a pattern: the triples that it uses, and what else it rests on, such as
a row of a sub-select, which may be had in several ways or take many solutions together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode

from pilotgraph.proof.plan import EXISTS, SLOT, Absent, Closure, Inner, Tested, Triple, Unclear
from pilotgraph.proof.syntax import CannotTellError
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.proof.plan import Plan, Use
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

# More solutions than these are not followed: they would take minutes, and nobody reads such a proof.
MAX_SOLUTIONS = 300_000
# The engine refuses a query with more marks than it would survive; each row of VALUES has a few.
BATCH = 200
_TRUE = "true"

Key = tuple["Term | None", ...]
Row = tuple["Term | None", ...]


@dataclass(frozen=True)
class Fact:
    """A triple that was used; `graph` is None where the query does not name one."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term | None


@dataclass(frozen=True, eq=False)
class Part:
    """Something that a solution rests on: any one of some solutions, or every one of them together."""

    solutions: list[Solution]
    every: bool


@dataclass(frozen=True, eq=False)
class Solution:
    """What one solution of a pattern uses, what was absent, and through what nothing could be followed."""

    facts: frozenset[Fact]
    parts: tuple[Part, ...] = ()
    absent: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()


def facts_of(solutions: list[Solution]) -> set[Fact]:
    """All triples below some solutions."""
    found: set[Fact] = set()
    waiting, seen = [solutions], set[int]()
    while waiting:
        some = waiting.pop()
        if id(some) not in seen:
            seen.add(id(some))
            for solution in some:
                found |= solution.facts
                waiting += [part.solutions for part in solution.parts]
    return found


class Deriver:
    """Runs plans on a reader; each plan once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._done: dict[Plan, dict[Key, Part]] = {}

    def parts(self, plan: Plan) -> dict[Key, Part]:
        """All solutions of a plan, by key. Raises CannotTellError if there are too many."""
        if plan not in self._done:
            self._done[plan] = self._grouped(plan, self._rows(plan.text))
        return self._done[plan]

    def solutions(self, plan: Plan) -> list[tuple[Row, Solution]]:
        """All solutions of a plan, with their rows."""
        rows = self._rows(plan.text)
        return list(zip(rows, _Collector(self, plan, rows).solutions(), strict=True))

    def tested(self, plan: Plan, given: list[Key]) -> dict[Key, Part]:
        """What made an EXISTS true, for the values that it was asked with."""
        found: dict[Key, Part] = {}
        for start in range(0, len(given), BATCH):
            batch = given[start : start + BATCH]
            slot = " ".join(f"({number} {' '.join(map(_written, key))})" for number, key in enumerate(batch))
            parts = self._grouped(plan, self._rows(plan.text.replace(SLOT, slot)))
            found |= {batch[int(plain(number))]: part for (number,), part in parts.items()}
        return found

    def _grouped(self, plan: Plan, rows: list[Row]) -> dict[Key, Part]:
        places = [plan.columns[name] for name in plan.key]
        found: dict[Key, Part] = {}
        for row, solution in zip(rows, _Collector(self, plan, rows).solutions(), strict=True):
            key = tuple(row[place] for place in places)
            found.setdefault(key, Part([], plan.every)).solutions.append(solution)
        return found

    def _rows(self, text: str) -> list[Row]:
        rows: list[Row] = []
        for solution in self._reader.select(text):
            rows.append(tuple(solution))
            if len(rows) > MAX_SOLUTIONS:
                msg = f"more than {MAX_SOLUTIONS} solutions"
                raise CannotTellError(msg)
        return rows


class _Collector:
    """Collects what the solutions of one plan use."""

    def __init__(self, deriver: Deriver, plan: Plan, rows: list[Row]) -> None:
        self._deriver = deriver
        self._plan = plan
        self._rows = rows
        self._exists = {use: self._tested(use) for use in plan.uses if isinstance(use, Tested)}
        self._closures = {use: _Tracer(deriver.parts(use.steps)) for use in plan.uses if isinstance(use, Closure)}

    def solutions(self) -> Iterator[Solution]:
        for row in self._rows:
            yield self._solution(row)

    def _value(self, row: Row, name: str) -> Term | None:
        return row[self._plan.columns[name]] if name else None

    def _values(self, row: Row, names: tuple[str, ...]) -> Key:
        return tuple(self._value(row, name) for name in names)

    def _guarded(self, row: Row, use: Use) -> bool:
        return not use.guard or self._value(row, use.guard) is not None

    def _tested(self, use: Tested) -> dict[Key, Part]:
        asked = {
            self._values(row, use.key): None
            for row in self._rows
            if self._guarded(row, use) and plain(self._value(row, use.truth)) == _TRUE
        }
        # A blank node cannot be named in a query.
        given = [key for key in asked if not any(isinstance(term, BlankNode) for term in key)]
        return self._deriver.tested(use.found, given) if given else {}

    def _solution(self, row: Row) -> Solution:
        facts: set[Fact] = set()
        parts: list[Part] = []
        absent: set[str] = set()
        unclear: set[str] = set()
        for use in self._plan.uses:
            if not self._guarded(row, use):
                continue
            match use:
                case Triple():
                    facts.add(self._fact(row, use))
                case Absent(_, note, unless):
                    absent |= {note} if self._value(row, unless) is None else set()
                case Unclear(_, note):
                    unclear.add(note)
                case _:
                    part = self._part(row, use)
                    parts += [part] if isinstance(part, Part) else []
                    absent |= {part} if part == EXISTS else set()
                    unclear |= {part} if isinstance(part, str) and part != EXISTS else set()
        return Solution(frozenset(facts), tuple(parts), frozenset(absent), frozenset(unclear))

    def _fact(self, row: Row, use: Triple) -> Fact:
        subject, predicate, value = self._values(row, (use.subject, use.predicate, use.object))
        if subject is None or predicate is None or value is None:
            msg = "a pattern whose variables the engine leaves unbound"
            raise CannotTellError(msg)
        return Fact(subject, predicate, value, self._value(row, use.graph))

    def _part(self, row: Row, use: Closure | Inner | Tested) -> Part | str:
        """What a solution rests on beside its triples, or why that cannot be told."""
        match use:
            case Inner(_, key, rows):
                return self._deriver.parts(rows).get(self._values(row, key), "a row of a sub-select")
            case Tested(_, truth, key):
                held = plain(self._value(row, truth)) == _TRUE
                return self._exists[use].get(self._values(row, key), "EXISTS") if held else EXISTS
            case Closure(_, subject, value, graph, mark):
                named = (self._value(row, graph),) if graph else ()
                return self._closures[use].trace(named, self._value(row, subject), self._value(row, value), mark)


class _Tracer:
    """Finds the steps of a repeated path between two ends: all steps on any walk from the one to the other."""

    def __init__(self, steps: dict[Key, Part]) -> None:
        self._steps = steps
        self._there: dict[Key, list[Key]] = {}
        self._back: dict[Key, list[Key]] = {}
        self._known: dict[tuple[Key, bool], set[Key]] = {}
        for *graph, start, end in steps:
            self._there.setdefault((*graph, start), []).append((*graph, end))
            self._back.setdefault((*graph, end), []).append((*graph, start))

    def trace(self, graph: Key, start: Term | None, end: Term | None, mark: str) -> Part | str:
        """The steps, or why they cannot be told."""
        if start == end and mark != "+":
            # A path of length nought uses nothing.
            return Part([Solution(frozenset())], every=True)
        steps = [(start, end)] if mark == "?" else self._between((*graph, start), (*graph, end))
        found = [self._steps[*graph, *step] for step in steps if (*graph, *step) in self._steps]
        if not found:
            return f"a path with {mark}"
        return Part([Solution(frozenset(), (part,)) for part in found], every=True)

    def _between(self, start: Key, end: Key) -> list[tuple[Term | None, Term | None]]:
        forward = self._reached(start, forward=True)
        backward = self._reached(end, forward=False)
        return [(a[-1], b[-1]) for a in forward for b in self._there.get(a, ()) if b in backward]

    def _reached(self, node: Key, *, forward: bool) -> set[Key]:
        if (node, forward) not in self._known:
            links, found, waiting = (self._there if forward else self._back), {node}, [node]
            while waiting:
                new = [n for n in links.get(waiting.pop(), ()) if n not in found]
                found.update(new)
                waiting += new
            self._known[node, forward] = found
        return self._known[node, forward]


def _written(term: Term | None) -> str:
    return "UNDEF" if term is None else str(term)
