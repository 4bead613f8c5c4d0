"""The executors against pySHACL on random shapes and data: the same report, result by result."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic, to_canonical_graph


def _module(name: str) -> Any:  # noqa: ANN401 - a module by its path: tests are no package
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


strategies, differential = _module("strategies"), _module("differential")
EVERY_COMPONENT = {
    "and", "class", "closed", "datatype", "disjoint", "equals", "hasValue", "in", "languageIn", "lessThan",
    "lessThanOrEquals", "maxCount", "maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive",
    "minInclusive", "minLength", "node", "nodeKind", "not", "or", "pattern", "property", "qualifiedMaxCount",
    "qualifiedMinCount", "sparql", "uniqueLang", "xone",
}  # fmt: skip
EVERY_PATH = {"inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"}
EVERY_TARGET = {"targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"}
RARELY = settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Ill-typed literals and ill-formed shapes are what is tested: no word about them."""
    differential.quiet()


@pytest.mark.parametrize("engine", ["endpoint", "columns"])
def test_reports_are_equal(engine: str) -> None:
    """On random cases an executor gives the report that pySHACL gives, or leaves the case to pySHACL."""

    @RARELY
    @given(strategies.cases())
    def check(case: Any) -> None:  # noqa: ANN401
        stored = differential.stored(case)
        outcome = differential.compare(stored, engine)
        if outcome.kind == "different":
            note(differential.explained(stored, engine))
        assert outcome.kind != "different"

    check()


@pytest.mark.parametrize("engine", ["endpoint", "columns"])
def test_few_cases_are_left_to_pyshacl(engine: str) -> None:
    """An executor judges at least nine random cases in ten itself: equality by abstention would be worth nothing."""
    kinds = [
        differential.compare(differential.stored(strategies.case(Random(number))), engine).kind  # noqa: S311
        for number in range(60)
    ]
    assert kinds.count("equal") >= 54, kinds


def test_random_cases_have_everything() -> None:
    """Among a few hundred cases are all components, paths, targets, blank nodes, named graphs and both verdicts."""
    made = [strategies.case(Random(number)) for number in range(300)]  # noqa: S311
    words = {t.predicate.value.removeprefix(strategies.SH) for case in made for t in case.shapes}
    assert words >= EVERY_COMPONENT | EVERY_PATH | EVERY_TARGET
    assert {"severity", "message", "deactivated", "flags", "ignoredProperties", "qualifiedValueShapesDisjoint"} <= words
    assert any(str(quad.subject).startswith("_:") for case in made for quad in case.data)
    assert len({str(quad.graph_name) for case in made for quad in case.data}) == 3
    verdicts = {
        any('conforms> "true"' in line for line in differential.reference(case).statements) for case in made[:40]
    }
    assert verdicts == {True, False}


def test_the_comparison_agrees_with_isomorphism() -> None:
    """The quick normal form tells reports apart exactly where rdflib's test of isomorphism does."""
    said = URIRef(strategies.SH + "resultMessage")
    for number in range(30):
        case = strategies.case(Random(number))  # noqa: S311
        found = differential.reference_report(case)
        if found is None or len(found) > 300:
            continue
        report = Graph()
        for triple in found:
            if triple[1] != said:
                report.add(triple)
        forms = differential.normal_form
        assert forms(report) == forms(to_canonical_graph(report))
        for triple in sorted(report)[:: max(1, len(report) // 6)]:
            changed = Graph()
            for other in report:
                changed.add(other if other != triple else (*triple[:2], Literal("changed")))
            assert not isomorphic(report, changed)
            assert forms(report) != forms(changed)
