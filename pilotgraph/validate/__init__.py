"""Validation: SHACL by pySHACL, check queries, and what neither can see.

The verdict is pySHACL's report. It is given bytes and not a graph, because a graph in memory loses lexical
forms. A shape that finds nothing to look at, a class that no shape looks at, and a term that does not exist
are findings too: SHACL itself is silent about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding, ordered
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.validate import checks, shacl, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pilotgraph.dataset import Dataset


@dataclass(frozen=True)
class Validation:
    """Findings in order, and pySHACL's own report as Turtle."""

    findings: list[Finding]
    report: str


def validate(dataset: Dataset, files: Iterable[Path] = ()) -> Validation:
    """Validate a data set, or only the given files against its ontology, schemes and register.

    Raises SourceError or DatasetError for a file that cannot be read. With files, only findings about
    subjects of those files are given.
    """
    chosen = list(files)
    facts = Facts.read(chosen or dataset.data_files())
    known = Facts.read(dataset.vocabulary_files())
    context = _context(facts, dataset) if chosen else []
    triples = [t for listed in (*facts.triples.values(), *known.triples.values()) for t in listed]
    data = _n_triples([*triples, *context])
    shapes = _n_triples(t for path in dataset.shape_files() for t in Facts.read([path]).triples[path])
    outcome = shacl.run(data, shapes)
    found = list(outcome.findings)
    found += vocabulary.check(facts, known, dataset)
    if not chosen:
        found += shacl.without_focus(facts, known, dataset)
        found += checks.run(dataset, _store(dataset, facts, known))
    found += _blank_nodes(facts)
    placed = [_place(finding, facts, known, dataset) for finding in found]
    if chosen:
        placed = [finding for finding in placed if not finding.focus or finding.path]
    return Validation(ordered(placed), outcome.report)


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


def _store(dataset: Dataset, *parts: Facts) -> EmbeddedStore:
    store = EmbeddedStore()
    graph = NamedNode(dataset.graph("checked"))
    for facts in parts:
        store.add([Quad(t.subject, t.predicate, t.object, graph) for ts in facts.triples.values() for t in ts])
    return store


def _n_triples(triples: Iterable[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES)


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
    for part in (facts, known):
        if not path and finding.focus in part.places:
            found, line = part.places[finding.focus]
            path = str(found)
    if path and path.startswith(str(dataset.root) + "/"):
        path = path[len(str(dataset.root)) + 1 :]
    return Finding(**{**vars(finding), "path": path, "line": line})


__all__ = ["Validation", "validate"]
