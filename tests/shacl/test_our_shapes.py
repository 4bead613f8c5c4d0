"""Our own shapes through the columns: each mutant is caught as its case says, and the report is pySHACL's."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, Triple

from pilotgraph.shacl.compile import compile_shapes
from pilotgraph.shacl.engine import validate
from pilotgraph.shacl.quiet import quiet
from pilotgraph.terms import term

sys.path.insert(0, str(Path(__file__).parent))

import w3c

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "shapes" / "cases").glob("*.ttl"))
# Cases of one kind of thing at a time: their data meet in one graph, where each has its own mistakes.
SHARE = 12
# The cases name the shape and not the query in it.
NOT_SAID = frozenset({term("sh:sourceConstraint")})

# pyoxigraph writes language tags in small letters, before any engine sees them.
UNSEEN = ["pilot-language-tag-upper-case"]


@cache
def shapes() -> tuple[Triple, ...]:
    """Read all shapes."""
    files = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
    return tuple(triple for file in files for triple in w3c.read(file))


def is_left_alone(triple: Triple) -> bool:
    """Tell whether rdflib, and so pySHACL, leaves a literal as it is written."""
    node = triple.object
    if not isinstance(node, Literal):
        return True
    with quiet():
        datatype = None if node.language else rdflib.URIRef(node.datatype.value)
        return str(rdflib.Literal(node.value, lang=node.language, datatype=datatype)) == node.value


def test_our_shapes_need_no_pyshacl() -> None:
    """The plan expresses all our shapes, and none of them is read differently by pySHACL."""
    plan = compile_shapes(shapes())
    assert (plan.fallback, plan.deviations) == ({}, ())


def test_each_case_gives_the_expected_report() -> None:
    """For every valid case and every mutant the columns give exactly the report that the case holds."""
    wrong = []
    for path in CASES:
        case = w3c.case(path)
        verdict = validate(case.data, case.shapes, "columns")
        if verdict.why or w3c.comparable(verdict.triples(), NOT_SAID) != case.expected:
            wrong.append(path.stem)
    assert wrong == UNSEEN


@pytest.mark.parametrize("start", range(SHARE))
def test_the_report_is_that_of_pyshacl(start: int) -> None:
    """On the data of many mutants together the report equals pySHACL's, with messages and details."""
    data = list(dict.fromkeys(t for path in CASES[start::SHARE] for t in w3c.case(path).data if "mf#" not in str(t)))
    data = [triple for triple in data if is_left_alone(triple)]
    ours, theirs = (w3c.canonical(validate(data, shapes(), engine).triples()) for engine in ("columns", "reference"))
    assert ours == theirs
