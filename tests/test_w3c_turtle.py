"""The W3C test suites for Turtle, TriG, N-Triples and N-Quads (RDF 1.1), through our own door."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

from pilotgraph.errors import PilotGraphError
from pilotgraph.rdf import parse_bytes

SUITES = Path(__file__).parents[2] / "shared/w3c/rdf/rdf11"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
BASES = {
    "rdf-turtle": "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-turtle/",
    "rdf-trig": "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-trig/",
}
# Tests whose result is another than the suite's, with the reason.
DEVIATIONS: dict[str, str] = {}


class Case(NamedTuple):
    """One entry of a manifest."""

    suite: str
    name: str
    kind: str
    action: Path
    result: Path | None


def cases() -> list[Case]:
    """All entries of all manifests; none where the suites are not at hand."""
    found = []
    for manifest in sorted(SUITES.glob("*/manifest.ttl")):
        base = "http://manifest.example/"
        quads = list(parse(manifest.read_bytes(), RdfFormat.TURTLE, base_iri=base))
        values = {(quad.subject, quad.predicate.value): quad.object for quad in quads}

        def file(subject: object, name: str, values: dict = values, folder: Path = manifest.parent) -> Path | None:
            node = values.get((subject, MF + name))
            return folder / node.value.rsplit("/", 1)[-1] if isinstance(node, NamedNode) else None

        for subject in sorted({q.subject for q in quads if q.predicate.value == MF + "action"}, key=str):
            kind = values[subject, TYPE.value].value.rsplit("#", 1)[-1]
            action = file(subject, "action")
            if action:
                name = values[subject, MF + "name"].value
                found.append(Case(manifest.parent.name, name, kind, action, file(subject, "result")))
    return found


CASES = cases()


def quads_of(case: Case) -> list[Quad]:
    """Parse a test's input; relative IRIs get the base that the suite assumes."""
    content = case.action.read_bytes()
    if case.suite in BASES:
        content = f"@base <{BASES[case.suite]}{case.action.name}> . ".encode() + content
    return parse_bytes(content, case.action)


def canonical(quads: list[Quad]) -> str:
    """One form for all graphs that are the same but for the names of blank nodes."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(map(str, dataset)))


@pytest.mark.skipif(not CASES, reason=f"the W3C suites are not at hand: {SUITES}")
def test_the_suites_are_whole() -> None:
    """All four suites were found, with as many tests as their manifests list."""
    assert sorted({case.suite for case in CASES}) == ["rdf-n-quads", "rdf-n-triples", "rdf-trig", "rdf-turtle"]
    assert len(CASES) > 800


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.suite}/{case.name}")
def test_w3c(case: Case) -> None:
    """Good syntax is read, bad syntax is refused with a place, and the meaning is the suite's."""
    if "Negative" in case.kind:
        with pytest.raises(PilotGraphError) as caught:
            quads_of(case)
        outcome = caught.value.message.startswith(str(case.action))
    elif case.result is None:
        outcome = isinstance(quads_of(case), list)
    else:
        outcome = canonical(quads_of(case)) == canonical(parse_bytes(case.result.read_bytes(), case.result))
    assert outcome is (case.name not in DEVIATIONS)
