"""What a validation finds beside the shapes, and the place of each finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pilotgraph.facts import Facts
from pilotgraph.findings import Finding
from pilotgraph.shacl.results import BLANK
from pilotgraph.terms import PG
from pilotgraph.validate import literals, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.shacl.engine import Verdict

# The one class that only rules make and shapes look at: what a record tells of each dimension.
COVERAGE: Final = PG + "Coverage"


@dataclass(frozen=True)
class Validation:
    """Findings in order, and what the engine for SHACL found."""

    findings: list[Finding]
    verdict: Verdict

    @property
    def report(self) -> str:
        """The sh:ValidationReport as Turtle."""
        return self.verdict.report


def shapes(dataset: Dataset) -> list[Triple]:
    """Read the shapes of a data set."""
    return [triple for triples in Facts.read(dataset.shape_files()).triples.values() for triple in triples]


def beside_shapes(facts: Facts, known: Facts, dataset: Dataset) -> Iterator[Finding]:
    """Find what is wrong with single terms and files of the data; `known` has the ontology and the schemes."""
    yield from vocabulary.check(facts, known, dataset)
    yield from literals.check(facts)
    yield from _blank_nodes(facts)
    yield from _without_triples(facts)


def placed(findings: Iterable[Finding], facts: Facts, known: Facts, dataset: Dataset) -> list[Finding]:
    """Give each finding the file and line where its focus stands."""
    return [_place(finding, facts, known, dataset) for finding in findings]


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
