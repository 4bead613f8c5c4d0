"""Compiling shapes: what a plan holds, and what goes to pySHACL with which reason."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from pilotgraph.shacl import compile as compiling
from pilotgraph.shacl import model
from pilotgraph.shacl.compile import compile_shapes

PREFIXES = """@prefix : <https://ex.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
S = NamedNode("https://ex.org/S")


def shapes(text: str) -> list[Triple]:
    """Read shapes."""
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


def ex(name: str) -> NamedNode:
    """Give a term of the example."""
    return NamedNode("https://ex.org/" + name)


def test_a_shape_becomes_data() -> None:
    """Targets, path, constraints, severity and messages of a shape stand in the plan, nothing else."""
    plan = compile_shapes(
        shapes("""
:S sh:targetClass :C ; sh:targetNode "x" ; sh:path [ sh:inversePath ( :p [ sh:zeroOrMorePath :q ] ) ] ;
  sh:minCount 1 ; sh:in ( :a "b"@nl ) ; sh:severity sh:Warning ; sh:message "no"@en .
""")
    )
    (shape,) = plan.shapes.values()
    path = model.Inverse(model.Sequence((model.Predicate(ex("p")), model.ZeroOrMore(model.Predicate(ex("q"))))))
    expected = model.Shape(
        id=S,
        targets=model.Targets(classes=(ex("C"),), nodes=(Literal("x"),)),
        constraints=(model.MinCount(1), model.In((ex("a"), Literal("b", language="nl")))),
        severity=NamedNode("http://www.w3.org/ns/shacl#Warning"),
        messages=(Literal("no", language="en"),),
        path=path,
        path_node=shape.path_node,
    )
    assert (shape, plan.fallback, plan.deviations) == (expected, {}, (compiling.INVERSE_SEQUENCE,))


def test_a_class_that_is_a_shape_is_its_own_target() -> None:
    """An implicit class target stands among the classes (section 2.1.3.3)."""
    plan = compile_shapes(shapes(":S a sh:NodeShape, rdfs:Class ."))
    assert [shape.targets for shape in plan.targeted()] == [model.Targets(classes=(S,))]


def test_siblings_of_a_qualified_shape_are_known_beforehand() -> None:
    """The other qualified value shapes of the parent are the siblings, if they are to be disjoint."""
    plan = compile_shapes(
        shapes("""
:S sh:property :P , :Q .
:P sh:path :p ; sh:qualifiedValueShape :A ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .
:Q sh:path :p ; sh:qualifiedValueShape :B ; sh:qualifiedMinCount 1 .
""")
    )
    found = [plan.shapes[ex(name)].constraints for name in "PQ"]
    first = model.QualifiedValueShape((ex("A"),), 1, None, disjoint=True, siblings=((ex("B"),),))
    assert found == [(first,), (model.QualifiedValueShape((ex("B"),), 1, None, disjoint=False, siblings=((),)),)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sh:minCount 1", "sh:minCount stands on a node shape"),
        ("sh:path :p ; sh:minCount 1, 2", "http://www.w3.org/ns/shacl#minCount has 2 values"),
        (
            "sh:path :p ; sh:minCount -1",
            '"-1"^^<http://www.w3.org/2001/XMLSchema#integer> is no whole number from 0 up',
        ),
        ("sh:path :p, :q", "it is not one kind of shape with one path"),
        ("a sh:NodeShape ; sh:path :p", "it is not one kind of shape with one path"),
        ("sh:path ( :p )", "a list of paths has fewer than two members"),
        ('sh:pattern "("', "missing ), unterminated subpattern at position 0"),
        ("sh:ignoredProperties ()", "http://www.w3.org/ns/shacl#closed has 0 values"),
        ("sh:datatype xsd:date, xsd:string", "http://www.w3.org/ns/shacl#datatype has 2 values"),
        ("sh:node [ sh:path :p ]", "is not the kind of shape that is needed there"),
        ("sh:node :S", "is recursive or nested too deep"),
        ("sh:property [ sh:path :p ; sh:node :S ]", "is recursive or nested too deep"),
        ("sh:or ()", "the list of http://www.w3.org/ns/shacl#or is empty"),
        ("sh:severity sh:Info, sh:Warning", "sh:severity has more than one value"),
        ('sh:deactivated "1"^^xsd:boolean', "is not written true or false"),
        ('sh:sparql [ sh:select "SELECT $this { MINUS { $this ?p ?o } }" ]', "its query has MINUS"),
    ],
)
def test_what_is_ill_formed_or_beyond_the_plan_goes_to_pyshacl(text: str, reason: str) -> None:
    """A shape that pySHACL refuses, or reads in its own way, is left to it with the reason."""
    plan = compile_shapes(shapes(f":S sh:targetNode :x ; {text} ."))
    assert list(plan.fallback) == [S]
    assert reason in plan.fallback[S]
    assert list(plan.targeted()) == []


def test_a_shape_is_left_to_pyshacl_for_what_it_leads_to() -> None:
    """A fault in a shape that another uses is a fault of the other; a third is not touched."""
    plan = compile_shapes(
        shapes(":S sh:targetNode :x ; sh:node [ sh:minLength -1 ] . :T sh:targetNode :x ; sh:class :C .")
    )
    assert list(plan.fallback) == [S]
    assert plan.fallback[S].startswith("leads to a shape of which")
    assert [shape.id for shape in plan.targeted()] == [ex("T")]
