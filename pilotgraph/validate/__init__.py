"""Validation: SHACL, check queries, and what neither can see.

The verdict is that of :mod:`pilotgraph.shacl.engine`, whose report equals pySHACL's. A shape that finds nothing
to look at, a class that no shape looks at, and a term that does not exist are findings too: SHACL itself is
silent about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from pilotgraph.facts import Facts
from pilotgraph.findings import ordered
from pilotgraph.load import in_memory, is_large
from pilotgraph.progress import silent
from pilotgraph.shacl import engine as shacl
from pilotgraph.store.within import Within
from pilotgraph.validate import checks, focus
from pilotgraph.validate.outcome import COVERAGE, Validation, beside_shapes, placed, shapes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader


def validate(dataset: Dataset, files: Iterable[Path] = (), engine: str = "auto", tell: Tell = silent) -> Validation:
    """Validate a data set, or only the given files against its ontology, schemes and register.

    `engine` is one of :data:`pilotgraph.shacl.engine.ENGINES`. With files, only findings about subjects of those
    files are given. Raises SourceError or DatasetError for a file that cannot be read.
    """
    chosen = list(files)
    if not chosen and is_large(dataset):
        from pilotgraph.validate import large  # noqa: PLC0415 - loads numpy

        return large.validate(dataset, engine, tell)
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
    verdict = shacl.validate([*triples, *context, *derived], shapes(dataset), engine)
    found = [*verdict.findings(), *beside_shapes(facts, known, dataset)]
    if store is not None:
        found += focus.without_focus(facts, known, dataset, {COVERAGE} if derived else set())
        found += checks.run(dataset, store, tell)
    in_place = placed(found, facts, known, dataset)
    if store is None:
        in_place = [finding for finding in in_place if not finding.focus or finding.path]
    return Validation(ordered(in_place), verdict)


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
    verdict = shacl.validate(Within(reader, graphs), shapes(dataset), "sparql")
    asked = checks.run(dataset, reader, tell) if check_queries else []
    return Validation(ordered([*verdict.findings(), *asked]), verdict)


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
    return list(store.construct(f"CONSTRUCT {{ ?c ?p ?o }} {{ ?c a <{COVERAGE}> ; ?p ?o }}"))


__all__ = ["Validation", "validate", "validate_store"]
