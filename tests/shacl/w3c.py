"""The cases of the W3C data-shapes-test-suite, and reports in a form that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from pilotgraph.terms import RDF_TYPE, term

SUITE = Path(__file__).parents[3] / "shared" / "w3c" / "data-shapes-test-suite" / "tests"
_ACTION = NamedNode("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#action")
_RESULT = NamedNode("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#result")
_SHT = "http://www.w3.org/ns/shacl-test#"
# What the suite leaves to the engine.
_FREE = {term("sh:resultMessage"), term("sh:detail")}


@dataclass(frozen=True)
class Case:
    """One test: its data, its shapes, and the expected report; `failure` if the shapes must be refused."""

    name: str
    data: list[Triple]
    shapes: list[Triple]
    expected: tuple[str, ...]
    failure: bool


def read(path: Path) -> list[Triple]:
    """Read a Turtle file."""
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE, base_iri=path.as_uri())]


def case(path: Path) -> Case:
    """Read the test that a file describes; several shapes graphs are merged, its result is what is expected."""
    triples = read(path)
    action = next(t.object for t in triples if t.predicate == _ACTION)
    result = next(t.object for t in triples if t.predicate == _RESULT)
    graphs = {
        kind: [
            triple
            for t in triples
            if t.subject == action and t.predicate.value == _SHT + kind
            for triple in read(Path(unquote(t.object.value.removeprefix("file://"))))
        ]
        for kind in ("dataGraph", "shapesGraph")
    }
    failure = result == NamedNode(_SHT + "Failure")
    expected = () if failure else comparable(_reached(triples, result))
    return Case(path.stem, graphs["dataGraph"], graphs["shapesGraph"], expected, failure)


def cases(kind: str) -> list[Path]:
    """Find the files of the suite that describe a test."""
    return sorted(path for path in SUITE.glob(f"{kind}/**/*.ttl") if b"sht:Validate" in path.read_bytes())


def name_of(path: Path) -> str:
    """Give the name of a test of the suite."""
    return path.relative_to(SUITE).with_suffix("").as_posix()


def _reached(triples: list[Triple], start: object) -> list[Triple]:
    found, waiting, seen = [], [start], set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for triple in triples:
            if triple.subject == node:
                found.append(triple)
                waiting += [triple.object] if isinstance(triple.object, BlankNode) else []
    return found


def comparable(report: list[Triple], apart: frozenset[NamedNode] = frozenset()) -> tuple[str, ...]:
    """Give what the suite compares of a report: each result without messages and details, in order.

    Of a blank node only the structure of a path counts; `apart` are properties that are not compared either.
    """
    heads = {t.subject for t in report if t.predicate == RDF_TYPE and t.object == term("sh:ValidationReport")}
    results = [t.object for t in report if t.subject in heads and t.predicate == term("sh:result")]
    conforms = [str(t.object) for t in report if t.subject in heads and t.predicate == term("sh:conforms")]
    said = [
        " ".join(
            sorted(
                f"{t.predicate.value} {_written(t.object, report, inside=t.predicate == term('sh:resultPath'))}"
                for t in report
                if t.subject == result and t.predicate not in _FREE | apart
            )
        )
        for result in results
    ]
    return (*conforms, *sorted(said))


def _written(node: object, report: list[Triple], *, inside: bool) -> str:
    if not isinstance(node, BlankNode):
        return str(node)
    parts = [(t.predicate, t.object) for t in report if t.subject == node] if inside else []
    return "[" + " ".join(sorted(f"{p.value} {_written(o, report, inside=True)}" for p, o in parts)) + "]"


def canonical(triples: list[Triple]) -> frozenset[Quad]:
    """Give triples with the same names for the same blank nodes."""
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(dataset)
