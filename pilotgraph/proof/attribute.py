"""From triples to claims: who contributes a triple that a solution uses.

- A triple whose subject is a claim (anything with `pg:evidence`): that claim.
- A triple of a passage: any one claim that uses the passage.
- `pg:joins` and `pg:preferredClaim` of a contradiction: the claim that they name; its other triples: all the
  claims that it joins.
- A triple of the derived graph: what the rule that made it rests on, found by running the same proof on the
  rule. A rule sees what the rules before it made, as in :mod:`pilotgraph.load`.
- Any other triple (register, schemes, ontology, sources, meta): no claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode

from pilotgraph.proof.derive import BATCH, Fact, facts_of
from pilotgraph.proof.plan import Planner
from pilotgraph.proof.syntax import Link, parse
from pilotgraph.rdf import read_text
from pilotgraph.terms import PG, PREFIXES, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.proof.derive import Deriver, Part, Solution
    from pilotgraph.proof.syntax import Query
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

_NAMING = {PG + "joins", PG + "preferredClaim"}
_NOTHING: frozenset[str] = frozenset()
_SETS = ("claims", "direct", "rules", "records", "absent", "unclear")
_MANY = 1000
_PREFIX = re.compile(r"PREFIX\s+(\S*?)\s*:\s*<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Carried:
    """What carries a solution or a row.

    `claims`: all of them; `direct`: those with a triple that the query itself uses, not only a rule; `bare`:
    some derivation takes no claim at all.
    """

    claims: frozenset[str] = _NOTHING
    direct: frozenset[str] = _NOTHING
    rules: frozenset[str] = _NOTHING
    records: frozenset[str] = _NOTHING
    absent: frozenset[str] = _NOTHING
    unclear: frozenset[str] = _NOTHING
    bare: bool = False


def merged(several: Iterable[Carried]) -> Carried:
    """All together, as derivations of the same row: without claims if one of them is."""
    found = list(several)
    sets = {name: _NOTHING.union(*(getattr(c, name) for c in found)) for name in _SETS}
    return Carried(**sets, bare=any(carried.bare for carried in found))


@dataclass(frozen=True)
class _Source:
    """The ways in which something that a solution uses can be had; an empty way takes no claim."""

    ways: tuple[frozenset[str], ...]
    total: Carried = field(default_factory=Carried)


_REGISTER = _Source((_NOTHING,))


_held: dict[Path, list[tuple[str, Query]]] = {}


def hold_rules(dataset: Dataset) -> None:
    """Read the rules of a data set that will not change, for a process that can open no file later."""
    _held[dataset.root] = _read_rules(dataset)


def _read_rules(dataset: Dataset) -> list[tuple[str, Query]]:
    return [(path.stem, parse(read_text(path))) for path in dataset.rule_files()]


class _Rule:
    """A rule, and what its solutions make."""

    def __init__(self, name: str, query: Query, deriver: Deriver) -> None:
        self.name = name
        self._query = query
        self._deriver = deriver
        self._predicates = _predicates(self._query)
        self._index: dict[tuple[Term, ...], list[Solution]] | None = None

    def solutions(self, fact: Fact) -> list[Solution]:
        """The solutions that make a triple."""
        if self._predicates and plain(fact.predicate) not in self._predicates:
            return []
        if self._index is None:
            self._index = self._run()
        return self._index.get((fact.subject, fact.predicate, fact.object), [])

    def _run(self) -> dict[tuple[Term, ...], list[Solution]]:
        index: dict[tuple[Term, ...], list[Solution]] = {}
        plan, made = Planner(self._query).rule(self._query)
        for row, solution in self._deriver.solutions(plan):
            for triple in made:
                terms = [row[plan.columns[name]] if name else None for name in triple]
                known = tuple(term for term in terms if term is not None)
                if len(known) == len(terms):
                    index.setdefault(known, []).append(solution)
        return index


class Attributor:
    """Tells which claims carry solutions."""

    def __init__(self, reader: Reader, dataset: Dataset, deriver: Deriver) -> None:
        self._reader = reader
        self._derived = NamedNode(dataset.graph("derived"))
        self._rules = [_Rule(name, query, deriver) for name, query in _held.get(dataset.root) or _read_rules(dataset)]
        self._patterns = _PATTERNS | {"derived": f"FILTER EXISTS {{ GRAPH {self._derived} {{ ?node ?p ?o }} }}"}
        self._subjects: dict[Term, _Kind] = {}
        self._made: dict[Fact, list[tuple[int, list[Solution]]]] = {}
        self._asserted: set[Fact] = set()
        self._sources: dict[tuple[Fact, int], _Source] = {}
        self._solutions: dict[tuple[Solution, int], Carried] = {}
        self._parts: dict[tuple[Part, int], _Source] = {}

    def carried(self, solutions: list[Solution], *, every: bool) -> Carried:
        """What carries a row with these solutions, about whose triples :meth:`prepare` has learnt."""
        return self._several(solutions, len(self._rules), every=every)

    def _several(self, solutions: list[Solution], limit: int, *, every: bool) -> Carried:
        return _together([self._solution(solution, limit) for solution in solutions], every=every)

    def _solution(self, solution: Solution, limit: int) -> Carried:
        known = (solution, limit)
        if known not in self._solutions:
            self._solutions[known] = self._of_solution(solution, limit)
        return self._solutions[known]

    def _of_solution(self, solution: Solution, limit: int) -> Carried:
        """Union of what is used, but where one of the ways is taken already the others add nothing."""
        found = [self._source(fact, limit) for fact in solution.facts]
        found += [self._part(part, limit) for part in solution.parts]
        sources = [source for source in found if source is not _REGISTER]
        forced = _NOTHING.union(*(source.ways[0] for source in sources if len(source.ways) == 1))
        open_ = [s.ways for s in sources if len(s.ways) > 1 and not any(way and way <= forced for way in s.ways)]
        claims = forced.union(*(way for ways in open_ for way in ways))
        total = merged([Carried(absent=solution.absent, unclear=solution.unclear), *(s.total for s in sources)])
        bare = all(_NOTHING in source.ways for source in sources)
        return replace(total, claims=claims, direct=total.direct & claims, bare=bare)

    def _part(self, part: Part, limit: int) -> _Source:
        known = (part, limit)
        if known not in self._parts:
            found = [self._solution(solution, limit) for solution in part.solutions]
            total = _together(found, every=part.every)
            ways = {total.claims} if part.every else {carried.claims for carried in found}
            self._parts[known] = _Source(_ordered(ways | ({_NOTHING} if total.bare else set())), total)
        return self._parts[known]

    # Triples.

    def _source(self, fact: Fact, limit: int) -> _Source:
        known = (fact, limit)
        if known not in self._sources:
            self._sources[known] = self._of_fact(fact, limit)
        return self._sources[known]

    def _of_fact(self, fact: Fact, limit: int) -> _Source:
        made = [entry for entry in self._made.get(fact, ()) if entry[0] < limit]
        found = [self._by_rule(number, solutions) for number, solutions in made]
        if not made or fact in self._asserted:
            found.append(self._by_subject(fact))
        if len(found) == 1:
            return found[0]
        total = merged(source.total for source in found)
        return _Source(_ordered(way for source in found for way in source.ways), total)

    def _by_rule(self, number: int, solutions: list[Solution]) -> _Source:
        found = [self._solution(solution, number) for solution in solutions]
        ways = {carried.claims for carried in found} | {_NOTHING for carried in found if carried.bare}
        total = merged(found)
        return _Source(_ordered(ways), replace(total, direct=_NOTHING, rules=total.rules | {self._rules[number].name}))

    def _by_subject(self, fact: Fact) -> _Source:
        kind = self._subjects.get(fact.subject)
        if not kind:
            return _REGISTER
        iri = plain(fact.subject)
        ways: tuple[frozenset[str], ...] = (_NOTHING,)
        if kind.claim:
            ways = (frozenset({iri}),)
        elif kind.users:
            ways = _ordered({frozenset({user}) for user in kind.users})
        elif kind.joined:
            named = {plain(fact.object)} if plain(fact.predicate) in _NAMING else kind.joined
            ways = (frozenset(named),)
        claims = _NOTHING.union(*ways)
        records = frozenset({iri}) if kind.record else _NOTHING
        return _Source(ways, Carried(claims, claims, records=records))

    # What the store says about the triples.

    def prepare(self, facts: Collection[Fact]) -> None:
        """Look up what is not known yet about these triples, and about those from which rules made them."""
        waiting = {fact for fact in facts if fact not in self._made}
        while waiting:
            self._look_up({fact.subject for fact in waiting} - self._subjects.keys())
            self._made |= {fact: [] for fact in waiting}
            below: list[Solution] = []
            for fact in self._of_derived_graph(waiting):
                self._made[fact] = [(n, found) for n, rule in enumerate(self._rules) if (found := rule.solutions(fact))]
                below += [solution for _, found in self._made[fact] for solution in found]
            waiting = {fact for fact in facts_of(below) if fact not in self._made}

    def _look_up(self, subjects: Iterable[Term]) -> None:
        nodes = sorted(str(node) for node in subjects if isinstance(node, NamedNode))
        for start in range(0, len(nodes), _MANY):
            values = f"VALUES ?node {{ {' '.join(nodes[start : start + _MANY])} }}"
            for kind, pattern in self._patterns.items():
                for row in self._reader.select(f"SELECT DISTINCT ?node ?other {{ {values} {pattern} }}"):
                    self._note(row["node"], kind, plain(row["other"]))

    def _note(self, node: Term, kind: str, other: str) -> None:
        entry = self._subjects.setdefault(node, _Kind())
        match kind:
            case "user":
                entry.users.add(other)
            case "joined":
                entry.joined.add(other)
            case "claim":
                entry.claim = True
            case "record":
                entry.record = True
            case "derived":
                entry.derived = True

    def _of_derived_graph(self, facts: Iterable[Fact]) -> list[Fact]:
        """Those of the triples that are in the derived graph; what is in another too is noted as asserted."""
        may_be = [
            fact
            for fact in sorted(facts, key=str)
            if (kind := self._subjects.get(fact.subject)) and kind.derived and not isinstance(fact.object, BlankNode)
        ]
        derived = []
        for start in range(0, len(may_be), BATCH):
            batch = may_be[start : start + BATCH]
            rows = " ".join(f"({n} {f.subject} {f.predicate} {f.object})" for n, f in enumerate(batch))
            query = f"SELECT ?n ?graph {{ VALUES (?n ?s ?p ?o) {{ {rows} }} GRAPH ?graph {{ ?s ?p ?o }} }}"
            for row in self._reader.select(query):
                fact = batch[int(plain(row["n"]))]
                if fact.graph not in {None, row["graph"]}:
                    continue
                if row["graph"] == self._derived:
                    derived.append(fact)
                else:
                    self._asserted.add(fact)
        return derived


@dataclass
class _Kind:
    """What a subject is: a claim, a passage with its users, a contradiction with its claims, a record."""

    claim: bool = False
    users: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    record: bool = False
    derived: bool = False


_PATTERNS = {
    "claim": f"?node <{PG}evidence> ?passage",
    "user": f"?other <{PG}evidence> ?node",
    "joined": f"?node <{PG}joins> ?other",
    "record": f"?node a <{PG}Record>",
}


def _together(found: list[Carried], *, every: bool) -> Carried:
    """Several solutions: of a row that takes every one of them, or that any one of them gives."""
    bare = all(c.bare for c in found) if every else any(c.bare for c in found)
    return replace(merged(found), bare=bare)


def _predicates(rule: Query) -> set[str]:
    """The predicates of what a rule makes, as IRIs; none if one is a variable."""
    prefixes = dict(_PREFIX.findall(rule.prologue))
    found = set()
    for pattern in rule.template:
        name = pattern.path.term if isinstance(pattern.path, Link) else "?"
        if name.startswith("?"):
            return set()
        prefix, _, local = name.partition(":")
        full = PREFIXES["rdf"] + "type" if name == "a" else prefixes.get(prefix, "") + local
        found.add(name[1:-1] if name.startswith("<") else full)
    return found


def _ordered(ways: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    return tuple(sorted(set(ways), key=sorted))
