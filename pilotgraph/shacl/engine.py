"""The choice between the executors, and what they give: findings, and a report equal to pySHACL's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

from pilotgraph.errors import DatasetError
from pilotgraph.rdf import parse_file
from pilotgraph.shacl import reference, results
from pilotgraph.shacl.compile import compile_shapes, has_sparql
from pilotgraph.shacl.endpoint import executor
from pilotgraph.shacl.graph import ShapesGraph
from pilotgraph.shacl.messages import Messages
from pilotgraph.shacl.model import Plan
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import BlankNode, NamedNode

    from pilotgraph.findings import Finding
    from pilotgraph.shacl.columns import Columns
    from pilotgraph.shacl.model import Node, Value
    from pilotgraph.shacl.reference import Report
    from pilotgraph.shacl.results import Description, Result
    from pilotgraph.store.base import Reader

    Data = Sequence[Path] | Sequence[Triple] | bytes | Reader

ENGINES: Final = ("auto", "columns", "sparql", "reference")
# pySHACL needs less than a tenth of a second for so little, and its import no longer than that of polars.
_LITTLE = 1_000
_LITTLE_BYTES = 200_000


@dataclass
class Verdict:
    """What a validation found.

    `results` are those of the executor, `left` what pySHACL found about the shapes that the executor cannot
    judge, `why` names these with the reason.
    """

    engine: str
    results: list[Result]
    why: dict[Node, str]
    left: Report | None
    shapes: list[Triple] = field(repr=False)
    data: Description = field(repr=False, default=lambda _: [])

    @property
    def conforms(self) -> bool:
        """Tell whether there is no result."""
        return not self.results and (self.left is None or self.left.conforms)

    def findings(self) -> Iterator[Finding]:
        """Give the results as findings, in no particular order."""
        graph = ShapesGraph(self.shapes)
        said: dict[Node, tuple[Value, ...]] = {
            shape: tuple(graph.objects(shape, term("sh:message")))
            for shape, _ in graph.pairs(term("sh:message"))
            if not isinstance(shape, Literal)
        }
        yield from results.findings(self.results, said)
        if self.left is not None:
            yield from self.left.findings(said)

    def triples(self) -> list[Triple]:
        """Give the sh:ValidationReport."""
        if self.engine == "reference" and self.left is not None:
            return self.left.triples()
        own = results.report(self.results, results.description(self.shapes), self.data)
        return _merged(own, self.left.triples()) if self.left is not None else own

    @cached_property
    def report(self) -> str:
        """The sh:ValidationReport as Turtle."""
        if self.engine == "reference" and self.left is not None:
            return self.left.turtle()
        return results.turtle(self.triples())


def validate(data: Data, shapes: Sequence[Triple], engine: str = "auto") -> Verdict:
    """Validate data against shapes.

    `data` are files, triples of one graph, N-Triples as pyoxigraph writes them, or a Reader; `engine` is one of
    ENGINES. "auto" takes pySHACL for very little, SPARQL for a Reader and columns for the rest.

    Raises DatasetError for an unknown engine and where pySHACL fails, SourceError and DatasetError for files,
    EndpointError for a Reader.
    """
    if engine not in ENGINES:
        msg = f"engine: {engine} is not known; choose {', '.join(ENGINES)}"
        raise DatasetError(msg)
    plan, given = compile_shapes(shapes), _Given.of(data)
    chosen = _auto(plan, given) if engine == "auto" else engine
    if chosen == "reference":
        return Verdict("reference", [], {}, reference.run(given.n_triples(), shapes), list(shapes))
    return _sparql(plan, given, shapes) if chosen == "sparql" else _columns(plan, given, shapes)


@dataclass(frozen=True)
class _Given:
    """Data in one of the four forms."""

    files: Sequence[Path] = ()
    triples: Sequence[Triple] = ()
    content: bytes | None = None
    reader: Reader | None = None

    @classmethod
    def of(cls, data: Data) -> _Given:
        if isinstance(data, bytes):
            return cls(content=data)
        if not isinstance(data, Sequence):
            return cls(reader=data)
        files = [one for one in data if isinstance(one, Path)]
        return cls(files=files) if files else cls(triples=[one for one in data if isinstance(one, Triple)])

    def is_little(self) -> bool:
        if self.content is not None:
            return self.content.count(b"\n") <= _LITTLE
        if self.files:
            return sum(path.stat().st_size for path in self.files if path.exists()) <= _LITTLE_BYTES
        return len(self.triples) <= _LITTLE

    def all(self) -> Iterable[Triple]:
        if self.reader is not None:
            return (quad.triple for quad in self.reader.quads())
        if self.content is not None:
            return (quad.triple for quad in parse(self.content, RdfFormat.N_TRIPLES))
        if self.files:
            return (quad.triple for path in self.files for quad in parse_file(path))
        return self.triples

    def n_triples(self) -> bytes:
        """Give data to pySHACL as the N-Triples that pyoxigraph writes."""
        return reference.n_triples(self.all())

    def columns(self) -> Columns:
        from pilotgraph.shacl.columns import Columns  # noqa: PLC0415 - loads polars

        if self.content is not None:
            return Columns.of_n_triples(self.content)
        return Columns.of_files(self.files) if self.files else Columns.of_triples(self.all())

    def store(self) -> Reader:
        if self.reader is not None:
            return self.reader
        store = EmbeddedStore()
        store.add(Quad(*triple) for triple in self.all())
        return store


def _auto(plan: Plan, given: _Given) -> str:
    if given.reader is not None:
        return "sparql"
    # Where pySHACL is known to be wrong, a small data set gets the same verdict as a large one.
    return "reference" if given.is_little() and not plan.deviations else "columns"


def _columns(plan: Plan, given: _Given, shapes: Sequence[Triple]) -> Verdict:
    from pilotgraph.shacl.columns import run  # noqa: PLC0415 - loads polars

    columns = given.columns()

    def described(node: BlankNode) -> list[tuple[NamedNode, Value]]:
        return columns.described(node)

    found, left = run(plan, columns, Messages(shapes, described))
    asking = {node for node in left if has_sparql(plan, node)}
    if asking:
        # What columns cannot ask, a store can, for these shapes alone.
        others = {shape.id: "" for shape in plan.targeted() if shape.id not in asking}
        asked, _ = executor.validate(Plan(plan.shapes, plan.fallback | others), given.store(), shapes)
        found += asked.results
        left = {node: why for node, why in left.items() if node not in asking} | asked.unsupported
    return _with_rest(Verdict("columns", found, plan.fallback | left, None, list(shapes), described), given)


def _sparql(plan: Plan, given: _Given, shapes: Sequence[Triple]) -> Verdict:
    outcome, described = executor.validate(plan, given.store(), shapes)
    why = plan.fallback | outcome.unsupported
    return _with_rest(Verdict("sparql", outcome.results, why, None, list(shapes), described), given)


def _with_rest(verdict: Verdict, given: _Given) -> Verdict:
    """Give the shapes that are left to pySHACL."""
    if not verdict.why:
        return verdict
    return replace(verdict, left=reference.run(given.n_triples(), verdict.shapes, verdict.why))


def _merged(own: list[Triple], other: list[Triple]) -> list[Triple]:
    """Put two reports under one head."""
    conforms, report = term("sh:conforms"), term("sh:ValidationReport")
    heads = [next(t.subject for t in part if t.object == report) for part in (own, other)]
    false = Literal("false", datatype=term("xsd:boolean"))
    agreed = all(t.object != false for t in (*own, *other) if t.predicate == conforms)
    joined = [Triple(heads[0], t.predicate, t.object) if t.subject == heads[1] else t for t in (*own, *other)]
    kept = [t for t in joined if t.predicate != conforms]
    verdict = Literal(str(agreed).lower(), datatype=term("xsd:boolean"))
    return list(dict.fromkeys([*kept, Triple(heads[0], conforms, verdict)]))
