"""The choice of an engine, and that it changes nothing but the time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from pilotgraph.errors import DatasetError
from pilotgraph.shacl.engine import ENGINES, validate
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

PREFIXES = """@prefix : <https://ex.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = ':a a :C ; :p "x" , 1 ; :q [ :p 2 ] . :b a :D . :D rdfs:subClassOf :C . :c :p 3 .'
SHAPES = """
:S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:datatype xsd:integer ] ;
  sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ] .
:T sh:targetSubjectsOf :p ; sh:severity sh:Warning ; sh:message "one p"@en , "één p"@nl ;
  sh:sparql [ sh:select "SELECT $this ?value { $this <https://ex.org/p> ?value FILTER(isNumeric(?value)) }" ] .
"""
# What the command says of a file with one pilot and one funding, both incomplete.
FINDINGS = 10
RECURSIVE = ":R sh:targetNode :c ; sh:property [ sh:path :p ; sh:node :R ; sh:minInclusive 5 ] ."


def turtle(text: str) -> list[Triple]:
    """Read Turtle."""
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


def told(engine: str, shapes: str = SHAPES) -> set[tuple[str, str, str, str]]:
    """Give what the findings of an engine say."""
    found = validate(turtle(DATA), turtle(shapes), engine).findings()
    return {(f.severity, f.focus, f.rule.rsplit(" ", 1)[-1], f.value) for f in found}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_same(engine: str) -> None:
    """Severity, focus node, component and value do not depend on the engine."""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    one, two, three = (f'"{number}"^^<{integer}>' for number in (1, 2, 3))
    assert told(engine) == {
        ("violation", "https://ex.org/a", "sh:DatatypeConstraintComponent", '"x"'),
        ("violation", "https://ex.org/a", "sh:NodeConstraintComponent", "<https://ex.org/a>"),
        ("violation", "https://ex.org/b", "sh:MinCountConstraintComponent", ""),
        ("violation", "https://ex.org/b", "sh:NodeConstraintComponent", "<https://ex.org/b>"),
        ("warning", "https://ex.org/a", "sh:SPARQLConstraintComponent", one),
        ("warning", "_:blank", "sh:SPARQLConstraintComponent", two),
        ("warning", "https://ex.org/c", "sh:SPARQLConstraintComponent", three),
    }


@pytest.mark.parametrize("engine", ["columns", "sparql"])
def test_what_a_plan_cannot_express_is_left_to_pyshacl_and_said(engine: str) -> None:
    """A recursive shape is judged by pySHACL, the others by the engine; the report holds both."""
    verdict = validate(turtle(DATA), turtle(SHAPES + RECURSIVE), engine)
    assert verdict.why == {NamedNode("https://ex.org/R"): "is recursive or nested too deep"}
    alone = validate(turtle(DATA), turtle(SHAPES + RECURSIVE), "reference")
    results = [len([t for t in one.triples() if t.predicate.value.endswith("#result")]) for one in (verdict, alone)]
    assert results[0] == results[1] == len(told("reference", SHAPES + RECURSIVE))
    heads = {t.subject for t in verdict.triples() if t.predicate.value.endswith("#conforms")}
    assert len(heads) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_conforming_graph_gives_an_empty_report(engine: str) -> None:
    """Nothing found is a report that says so, of a graph without a triple too."""
    for data in (turtle(":a :p 1 ."), []):
        verdict = validate(data, turtle(":S sh:targetSubjectsOf :p ; sh:nodeKind sh:IRI ."), engine)
        assert verdict.conforms
        assert [t.object.value for t in verdict.triples() if t.predicate.value.endswith("#conforms")] == ["true"]


def test_auto_takes_pyshacl_for_little_columns_for_more_and_sparql_for_a_store(tmp_path: Path) -> None:
    """The engine follows from what is given, and from nothing else."""
    much = [
        Triple(NamedNode(f"https://ex.org/{n}"), NamedNode("https://ex.org/p"), NamedNode("https://ex.org/o"))
        for n in range(2000)
    ]
    shapes = turtle(SHAPES)
    file = tmp_path / "data.ttl"
    file.write_text(PREFIXES + DATA)
    store = EmbeddedStore()
    assert [validate(data, shapes).engine for data in (much[:10], much, [file], store)] == [
        "reference",
        "columns",
        "reference",
        "sparql",
    ]


def test_where_pyshacl_is_wrong_a_small_graph_is_judged_as_a_large_one() -> None:
    """Auto passes over pySHACL for shapes that it is known to read wrongly: the inverse of a sequence."""
    data = turtle(":a :p :b . :b :q :c .")
    shapes = turtle(":S sh:targetNode :c ; sh:path [ sh:inversePath ( :p :q ) ] ; sh:minCount 1 .")
    verdicts = [validate(data, shapes, engine) for engine in ("auto", "columns", "sparql", "reference")]
    assert [(v.engine, v.conforms) for v in verdicts] == [
        ("columns", True),
        ("columns", True),
        ("sparql", True),
        ("reference", False),
    ]


def test_an_engine_that_does_not_exist_is_refused() -> None:
    """The message names those that do."""
    with pytest.raises(DatasetError, match="engine: fast is not known; choose auto, columns, sparql, reference"):
        validate([], [], "fast")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_shape_that_pyshacl_refuses_is_refused_by_all(engine: str) -> None:
    """An ill-formed shape fails in pySHACL's words, and only if it has something to look at."""
    shapes = turtle(":S sh:targetClass :C ; sh:minCount 1 .")
    with pytest.raises(DatasetError, match="can only be present on a PropertyShape"):
        validate(turtle(DATA), shapes, engine)
    assert validate(turtle(":x :p 1 ."), shapes, engine).conforms


def test_the_command_says_the_same_with_every_engine(tmp_path: Path, pilotgraph: Command) -> None:
    """`validate --engine` changes no finding, and no byte of the output."""
    file = tmp_path / "new.ttl"
    file.write_text(
        "@prefix pg: <https://w3id.org/pilotgraph/def#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        '<https://ex.org/p> a pg:Pilot ; dct:title "Een proef"@nl , "Nog een"@nl .\n'
        "<https://ex.org/f> a pg:Funding ; pg:about <https://ex.org/p> ; pg:currency 3 .\n"
    )
    results = [pilotgraph("validate", file, "--format", "json", "--engine", engine) for engine in ENGINES]
    assert len(json.loads(results[0].out)) == FINDINGS
    assert {(r.out, r.err, r.code) for r in results} == {(results[0].out, results[0].err, 1)}
