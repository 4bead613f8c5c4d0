"""Validation: SHACL, check queries, and what neither can see.

The verdict is that of :mod:`pilotgraph.shacl.engine`, whose report equals pySHACL's. A shape that finds nothing
to look at, a class that no shape looks at, and a term that does not exist are findings too: SHACL itself is
silent about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding, ordered
from pilotgraph.load import in_memory
from pilotgraph.progress import silent
from pilotgraph.shacl import engine as shacl
from pilotgraph.shacl.results import BLANK
from pilotgraph.store.within import Within
from pilotgraph.terms import PG
from pilotgraph.validate import checks, focus, literals, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.shacl.engine import Verdict
    from pilotgraph.store.base import Reader


@dataclass(frozen=True)
class Validation:
    """Findings in order, and what the engine for SHACL found."""

    findings: list[Finding]
    verdict: Verdict

    @property
    def report(self) -> str:
        """The sh:ValidationReport as Turtle."""
        return self.verdict.report


def validate(dataset: Dataset, files: Iterable[Path] = (), engine: str = "auto", tell: Tell = silent) -> Validation:
    """Validate a data set, or only the given files against its ontology, schemes and register.

    `engine` is one of :data:`pilotgraph.shacl.engine.ENGINES`. With files, only findings about subjects of those
    files are given. Raises SourceError or DatasetError for a file that cannot be read.
    """
    chosen = list(files)
    tell("reading files", 0, 0)
    facts = Facts.read(chosen or dataset.data_files())
    known = Facts.read(dataset.vocabulary_files())
    context = _context(facts, dataset) if chosen else []
    tell("deriving", 0, 0)
    store = None if chosen else in_memory(dataset)
    return _validate(dataset, facts, known, store, context=context, engine=engine, tell=tell)


def _validate(  # noqa: PLR0913 - what is checked, against what, and how
    dataset: Dataset,
    facts: Facts,
    known: Facts,
    store: Reader | None,
    *,
    context: list[Triple],
    engine: str,
    tell: Tell,
) -> Validation:
    """Without a store, `facts` are those of single files: no check query is asked, and other findings are left out."""
    derived = _coverage(store) if store is not None else []
    triples = [t for listed in (*facts.triples.values(), *known.triples.values()) for t in listed]
    tell("checking shapes", 0, 0)
    verdict = shacl.validate([*triples, *context, *derived], _shapes(dataset), engine)
    found = list(verdict.findings())
    found += vocabulary.check(facts, known, dataset)
    found += literals.check(facts)
    if store is not None:
        found += focus.without_focus(facts, known, dataset, {PG + "Coverage"} if derived else set())
        found += checks.run(dataset, store, tell)
    found += _blank_nodes(facts)
    found += _without_triples(facts)
    placed = [_place(finding, facts, known, dataset) for finding in found]
    if store is None:
        placed = [finding for finding in placed if not finding.focus or finding.path]
    return Validation(ordered(placed), verdict)


def validate_store(
    dataset: Dataset, reader: Reader, engine: str = "auto", tell: Tell = silent, *, check_queries: bool = True
) -> Validation:
    """Validate what a store or an endpoint holds of a data set against the shapes and check queries on disk.

    Check queries are asked of it. With the engine "sparql" the data stay where they are: shapes are asked too, and
    nothing else is checked; `check_queries` false leaves these out as well, for a store whose answers to queries in
    general cannot be relied on. Otherwise the graphs are read whole. Literals come as the store keeps them, so that a
    finding about the way a number is written can be missing here; findings name the graph.
    """
    if engine == "sparql":
        return _ask(dataset, reader, tell, check_queries=check_queries)
    vocabulary_graphs = {dataset.graph("ontology"), dataset.graph("schemes")}
    ours, known_quads = [], []
    tell("reading the store", 0, 0)
    for quad in reader.quads():
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if name in vocabulary_graphs:
            known_quads.append(quad)
        elif name not in {dataset.graph("derived"), dataset.graph("meta")}:
            ours.append(quad)
    facts, known = Facts.of(ours), Facts.of(known_quads)
    return _validate(dataset, facts, known, reader, context=[], engine=engine, tell=tell)


def _ask(dataset: Dataset, reader: Reader, tell: Tell, *, check_queries: bool) -> Validation:
    tell("checking shapes", 0, 0)
    apart = {dataset.graph("derived"), dataset.graph("meta")}
    named = (row["g"] for row in reader.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
    graphs = [g for g in named if isinstance(g, NamedNode) and g.value not in apart]
    verdict = shacl.validate(Within(reader, graphs), _shapes(dataset), "sparql")
    asked = checks.run(dataset, reader, tell) if check_queries else []
    return Validation(ordered([*verdict.findings(), *asked]), verdict)


def _shapes(dataset: Dataset) -> list[Triple]:
    return [triple for triples in Facts.read(dataset.shape_files()).triples.values() for triple in triples]


def _context(facts: Facts, dataset: Dataset) -> list[Triple]:
    """What the data set says of the things that the files refer to but do not describe."""
    wanted = {iri for iri in facts.iris() if iri not in facts.places}
    rest = Facts.read(dataset.data_files())
    return [
        triple
        for triples in rest.triples.values()
        for triple in triples
        if isinstance(triple.subject, NamedNode) and triple.subject.value in wanted
    ]


def _coverage(store: Reader) -> list[Triple]:
    """The one class that only rules make: what a record tells of each dimension."""
    return list(store.construct(f"CONSTRUCT {{ ?c ?p ?o }} {{ ?c a <{PG}Coverage> ; ?p ?o }}"))


def _without_triples(facts: Facts) -> list[Finding]:
    message = {"en": "the file says nothing: it holds no triple", "nl": "het bestand zegt niets: het bevat geen triple"}
    advice = {"en": "write the data, or remove the file", "nl": "schrijf de data, of verwijder het bestand"}
    return [
        Finding("warning", "validate/no-triples", message, str(path), 1, advice=advice)
        for path, triples in facts.triples.items()
        if not triples
    ]


def _blank_nodes(facts: Facts) -> list[Finding]:
    message = {
        "en": "blank nodes cannot be cited, compared or kept apart",
        "nl": "naamloze knopen zijn niet te citeren, te vergelijken of uit elkaar te houden",
    }
    advice = {"en": "give each thing an IRI", "nl": "geef elk ding een IRI"}
    return [
        Finding("warning", "validate/blank-node", message, str(path), 1, value=str(number), advice=advice)
        for path, number in facts.blank_nodes.items()
        if number
    ]


def _place(finding: Finding, facts: Facts, known: Facts, dataset: Dataset) -> Finding:
    path, line = (finding.path, finding.line)
    if not path and finding.focus == BLANK:
        path = next((str(file) for file, number in facts.blank_nodes.items() if number), "")
    for part in (facts, known):
        if not path and finding.focus in part.places:
            found, line = part.places[finding.focus]
            path = str(found)
    if path and path.startswith(str(dataset.root) + "/"):
        path = path[len(str(dataset.root)) + 1 :]
    return Finding(**{**vars(finding), "path": path, "line": line})


__all__ = ["Validation", "validate", "validate_store"]
