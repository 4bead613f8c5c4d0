"""Validation: SHACL by pySHACL, check queries, and what neither can see.

The verdict is pySHACL's report. It is given bytes and not a graph, because a graph in memory loses lexical
forms. A shape that finds nothing to look at, a class that no shape looks at, and a term that does not exist
are findings too: SHACL itself is silent about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding, ordered
from pilotgraph.load import in_memory
from pilotgraph.terms import PG
from pilotgraph.validate import checks, literals, shacl, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader
    from pilotgraph.store.embedded import EmbeddedStore


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
    return _validate(dataset, facts, known, chosen=chosen, context=_context(facts, dataset) if chosen else [])


def _validate(dataset: Dataset, facts: Facts, known: Facts, *, chosen: list[Path], context: list[Triple]) -> Validation:
    store = None if chosen else in_memory(dataset)
    derived = _coverage(store) if store else []
    triples = [t for listed in (*facts.triples.values(), *known.triples.values()) for t in listed]
    outcome = shacl.run(_n_triples([*triples, *context, *derived]), Facts.read(dataset.shape_files()))
    found = list(outcome.findings)
    found += vocabulary.check(facts, known, dataset)
    found += literals.check(facts)
    if store:
        found += shacl.without_focus(facts, known, dataset, {PG + "Coverage"} if derived else set())
        found += checks.run(dataset, store)
    found += _blank_nodes(facts)
    found += _without_triples(facts)
    placed = [_place(finding, facts, known, dataset) for finding in found]
    if chosen:
        placed = [finding for finding in placed if not finding.focus or finding.path]
    return Validation(ordered(placed), outcome.report)


def validate_store(dataset: Dataset, reader: Reader) -> Validation:
    """Validate what a store or an endpoint holds of a data set against the shapes and check queries on disk.

    The graphs are read whole, since SHACL is not asked for in SPARQL. Literals come as the engine keeps them,
    so that a finding about the way a number is written can be missing here; findings name the graph.
    """
    vocabulary_graphs = {dataset.graph("ontology"), dataset.graph("schemes")}
    ours, known_quads = [], []
    for quad in reader.quads():
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if name in vocabulary_graphs:
            known_quads.append(quad)
        elif name not in {dataset.graph("derived"), dataset.graph("meta")}:
            ours.append(quad)
    return _validate(dataset, Facts.of(ours), Facts.of(known_quads), chosen=[], context=[])


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


def _coverage(store: EmbeddedStore) -> list[Triple]:
    """The one class that only rules make: what a record tells of each dimension."""
    return list(store.construct(f"CONSTRUCT {{ ?c ?p ?o }} {{ ?c a <{PG}Coverage> ; ?p ?o }}"))


def _n_triples(triples: Iterable[Triple]) -> bytes:
    """Write triples for rdflib, which reads fewer names of blank nodes than the standard has."""
    names: dict[BlankNode, BlankNode] = {}

    def renamed(node: Any) -> Any:  # noqa: ANN401 - what pyoxigraph's Triple takes depends on the place
        return names.setdefault(node, BlankNode(f"b{len(names)}")) if isinstance(node, BlankNode) else node

    plain = (Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in triples)
    return serialize(plain, format=RdfFormat.N_TRIPLES) or b""


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
    if not path and finding.focus == shacl.BLANK:
        path = next((str(file) for file, number in facts.blank_nodes.items() if number), "")
    for part in (facts, known):
        if not path and finding.focus in part.places:
            found, line = part.places[finding.focus]
            path = str(found)
    if path and path.startswith(str(dataset.root) + "/"):
        path = path[len(str(dataset.root)) + 1 :]
    return Finding(**{**vars(finding), "path": path, "line": line})


__all__ = ["Validation", "validate", "validate_store"]
