"""Proof: the claims that carry each row of an answer, for any SELECT or ASK.

**Definition.** A *solution* is one solution of the query's pattern, with all its variables. It *uses* the
triples that its triple patterns match, those on any walk that a `+` or `*` path takes between its ends, and
what the rows of its sub-selects and its positive EXISTS use. A claim *contributes* a triple if the triple is
said of the claim, of a passage that it uses, or of a contradiction that joins it, or if a rule derived the
triple from what the claim contributes (:mod:`pilotgraph.proof.attribute`). A claim **carries a row** if it
contributes a triple that a solution of that row uses; for an aggregate row, a solution of any member of its
group. Of a triple that several claims contribute each alone (a shared passage, a shortcut with two grounds),
all count, unless one of them carries the solution anyway: then the others add nothing to it.

From this follow two facts, which the tests check on random graphs for queries without negation: without the
claims that carry a row the row is gone (unless it is marked `bare`: also had without any claim); without any
other claim the row stays.

This is why-provenance: the union of the witnesses (Buneman, Khanna and Tan, "Why and where: a
characterization of data provenance", ICDT 2001), which is the image of the provenance polynomial in the
semiring of sets of contributors (Green, Karvounarakis and Tannen, "Provenance semirings", PODS 2007), with
absorption inside a solution.

**What is not followed.** A row rests on absence where nothing can be pointed at: NOT EXISTS, MINUS, an OPTIONAL
that finds nothing, a dimension on which the record is silent. And where it cannot tell, it says so: SERVICE,
LIMIT in a sub-select, a list or quoted triple in a pattern, DESCRIBE and CONSTRUCT, functions that give
something else each time, and too many solutions. A row is told by its values: two equal rows have the same
proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions

from pilotgraph.errors import SourceError
from pilotgraph.proof.attribute import Attributor, Carried
from pilotgraph.proof.derive import Deriver, facts_of
from pilotgraph.proof.plan import Planner
from pilotgraph.proof.syntax import CannotTellError, parse
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pilotgraph.dataset import Dataset
    from pilotgraph.proof.derive import Key, Part
    from pilotgraph.proof.syntax import Select
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

CANNOT_TELL = "cannot tell"
REGISTER_ONLY = "rests on register or vocabulary only"
ABSENCE = "rests on absence"
NOT_FOUND = "the row is not found again when the query is asked for what it uses"
_MANY = 1000


@dataclass(frozen=True)
class RowProof:
    """The proof of a row.

    `row` holds the values of the row. An engine may give the rows of a query without ORDER BY in another order
    each time: match by `row`, or hand the rows to :func:`prove`.

    `claims` are IRIs, sorted; `knowing` gives for each of them contradicted, assigned, derived or stated
    (:func:`states`); `rules` names the rules whose triples were used; `records` the records that were read;
    `absent` what was looked for and not found. `reason` says why there is no claim, or what cannot be told;
    it is empty if the claims are all there is. `bare`: the row also holds without any claim.
    """

    claims: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    reason: str = ""
    bare: bool = False
    knowing: dict[str, str] = field(default_factory=dict)
    row: tuple[Term | None, ...] = ()


def carriers(text: str, reader: Reader, dataset: Dataset) -> list[RowProof]:
    """Answer a query and give the proof of each row, in the order of the answer; ASK has one row.

    `text` declares its prefixes (:func:`pilotgraph.queries.with_prefixes`). Raises SourceError for a query
    that the engine does not accept.
    """
    answer = reader.query(text)
    if isinstance(answer, QuerySolutions):
        names = [variable.value for variable in answer.variables]
        return prove(text, names, [tuple(solution) for solution in answer], reader, dataset)
    if isinstance(answer, QueryBoolean):
        return prove(text, [], [()] if answer else [], reader, dataset) or [RowProof(reason=f"{ABSENCE}: no solution")]
    return [RowProof(reason=f"{CANNOT_TELL}: a query that makes a graph")]


def prove(
    text: str, variables: Sequence[str], rows: Sequence[Sequence[Term | None]], reader: Reader, dataset: Dataset
) -> list[RowProof]:
    """The proof of each row of an answer that is at hand; `variables` names its columns."""
    try:
        found = _Prover(text, variables, reader, dataset).proofs([tuple(row) for row in rows])
    except CannotTellError as error:
        return [RowProof(reason=f"{CANNOT_TELL}: {error}", row=tuple(row)) for row in rows]
    known = states({claim for proof, _ in found for claim in proof.claims}, reader)
    told = [_with_knowing(proof, direct, known) for proof, direct in found]
    return [replace(proof, row=tuple(row)) for proof, row in zip(told, rows, strict=True)]


def states(claims: Iterable[str], reader: Reader) -> dict[str, str]:
    """The state of knowing of each claim.

    contradicted: `pg:contradictedBy` names a contradiction; assigned: by the editor, not stated by
    the source; stated otherwise.
    """
    wanted = sorted(claims)
    found = dict.fromkeys(wanted, "stated")
    for start in range(0, len(wanted), _MANY):
        values = " ".join(f"<{claim}>" for claim in wanted[start : start + _MANY])
        for state, pattern in _STATES.items():
            for row in reader.select(f"SELECT DISTINCT ?claim {{ VALUES ?claim {{ {values} }} {pattern} }}"):
                found[plain(row["claim"])] = state
    return found


# In this order: what is both assigned and contradicted is contradicted.
_STATES = {
    "assigned": f'?claim <{PG}alignmentKind> ?kind . FILTER(STRENDS(STR(?kind), "/assigned"))',
    "contradicted": f"?claim <{PG}contradictedBy> ?clash",
}


class _Prover:
    """Proves the rows of one answer."""

    def __init__(self, text: str, variables: Sequence[str], reader: Reader, dataset: Dataset) -> None:
        self._query = parse(text)
        self._reader = reader
        self._columns = [f"?{name}" for name in variables]
        self._planner = Planner(self._query)
        self._deriver = Deriver(reader)
        self._attributor = Attributor(reader, dataset, self._deriver)

    def proofs(self, rows: list[Key]) -> list[tuple[RowProof, frozenset[str]]]:
        """The proof of each row, and the claims that carry it without a rule."""
        select = self._query.select
        try:
            plan = self._planner.plan(select, key=self._columns)
            parts = self._deriver.parts(plan)
            keys = self._group_keys(select) if plan.every else {key: [key] for key in parts}
        except SourceError as error:
            msg = "the engine does not accept the query that asks for what it uses"
            raise CannotTellError(msg) from error
        if not select.limited and not plan.every and set(rows) != parts.keys():
            raise CannotTellError(NOT_FOUND)
        used = [parts[key] for row in set(rows) for key in keys.get(row, ()) if key in parts]
        self._attributor.prepare(facts_of([solution for part in used for solution in part.solutions]))
        done: dict[Key, tuple[RowProof, frozenset[str]]] = {}
        for row in rows:
            if row not in done:
                done[row] = self._proof([parts.get(key) for key in keys.get(row, ())], every=plan.every)
        return [done[row] for row in rows]

    def _group_keys(self, select: Select) -> dict[Key, list[Key]]:
        """The keys of the groups that give a row: more than one where the keys are not among its columns."""
        text, _ = self._planner.keyed(select, select.dataset)
        found: dict[Key, list[Key]] = {}
        width = len(self._columns)
        for solution in self._reader.select(f"{self._planner.prologue} {text}"):
            values = tuple(solution)
            found.setdefault(values[:width], []).append(values[width:])
        return found

    def _proof(self, parts: list[Part | None], *, every: bool) -> tuple[RowProof, frozenset[str]]:
        if not parts or (None in parts and len(parts) > 1):
            return RowProof(reason=f"{CANNOT_TELL}: {NOT_FOUND}"), frozenset()
        solutions = [solution for part in parts if part for solution in part.solutions]
        if not solutions:
            # The one group of an aggregate over nothing.
            return RowProof(reason=f"{ABSENCE}: no solution"), frozenset()
        carried = self._attributor.carried(solutions, every=every)
        return _row_proof(carried), carried.direct


def _row_proof(carried: Carried) -> RowProof:
    return RowProof(
        claims=tuple(sorted(carried.claims)),
        rules=tuple(sorted(carried.rules)),
        records=tuple(sorted(carried.records)),
        absent=tuple(sorted(carried.absent)),
        reason=_reason(carried),
        bare=carried.bare,
    )


def _reason(carried: Carried) -> str:
    if carried.unclear:
        return f"{CANNOT_TELL}{' all' if carried.claims else ''}: {', '.join(sorted(carried.unclear))}"
    if carried.claims:
        return ""
    if carried.absent:
        through = f", derived by {', '.join(sorted(carried.rules))}" if carried.rules else ""
        return f"{ABSENCE}: {', '.join(sorted(carried.absent))}{through}"
    return REGISTER_ONLY


def _with_knowing(proof: RowProof, direct: frozenset[str], known: dict[str, str]) -> RowProof:
    knowing = {c: "derived" if known[c] == "stated" and c not in direct else known[c] for c in proof.claims}
    return replace(proof, knowing=knowing)
