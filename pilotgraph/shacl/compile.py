"""From a shapes graph to a plan.

What the Recommendation calls ill-formed, and the few things that only pySHACL can do, become a reason to give
the shape to pySHACL, so that a fault is reported as pySHACL reports it: when the shape is used, and in its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.shacl.constraints import READERS, Reading
from pilotgraph.shacl.graph import IrregularError, ShapesGraph, iri, truth
from pilotgraph.shacl.model import Plan, Shape, Sparql, Targets
from pilotgraph.shacl.paths import compile_path, inverts_sequence
from pilotgraph.terms import RDF_TYPE, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from pilotgraph.shacl.model import Constraint, Node, Value

_PATH, _CLASS = term("sh:path"), term("rdfs:Class")
_TARGETS = tuple(map(term, ("sh:targetClass", "sh:targetNode", "sh:targetObjectsOf", "sh:targetSubjectsOf")))
_SHAPE_VALUED = tuple(map(term, ("sh:property", "sh:node", "sh:not", "sh:qualifiedValueShape")))
_LIST_VALUED = tuple(map(term, ("sh:and", "sh:or", "sh:xone")))
# pySHACL stops with an error at the sixteenth shape inside another.
_DEEPEST = 14
INVERSE_SEQUENCE = "inverse of a sequence path: pySHACL does not turn the order of its members round"


def compile_shapes(triples: Iterable[Triple]) -> Plan:
    """Compile a shapes graph. Nothing is raised: see :class:`pilotgraph.shacl.model.Plan` on faults."""
    graph = ShapesGraph(triples)
    reading = Reading(graph, *_discover(graph))
    shapes: dict[Node, Shape] = {}
    faults: dict[Node, str] = dict(reading.faults)
    for node in reading.nodes:
        try:
            shapes[node] = _shape(reading, node)
        except IrregularError as error:
            faults[node] = str(error)
    faults |= dict.fromkeys(_custom(graph, shapes), "uses a SPARQL-based constraint component")
    everywhere = next((faults[node] for node in faults if node in reading.faults), "")
    plan = Plan(shapes)
    fallback = {}
    for node in (*faults, *shapes):
        targets = shapes[node].targets if node in shapes else _any_target(graph, node)
        if targets and (reason := everywhere or _reason(plan, node, faults)):
            fallback[node] = reason
    if everywhere and not fallback:
        fallback = dict(reading.faults)
    return Plan(shapes, fallback, _deviations(shapes.values()))


def _discover(graph: ShapesGraph) -> tuple[dict[Node, Value | None], dict[Node, str]]:
    """Find the shapes as pySHACL does: node shapes without a path, property shapes with theirs, and faults."""
    node_shapes = graph.subjects(RDF_TYPE, term("sh:NodeShape"))
    property_shapes = graph.subjects(RDF_TYPE, term("sh:PropertyShape"))
    implied = [s for name in (*_TARGETS, *_SHAPE_VALUED[:2]) for s, _ in graph.pairs(name)]
    implied += [o for name in _SHAPE_VALUED for _, o in graph.pairs(name)]
    faults: dict[Node, str] = {}
    for name in _LIST_VALUED:
        for subject, head in graph.pairs(name):
            try:
                members = graph.items(head)
            except IrregularError as error:
                members = ()
                faults[_node(subject)] = str(error)
            if not members:
                faults.setdefault(_node(subject), f"the list of {name.value} is empty")
            implied += members
    found: dict[Node, Value | None] = {}
    for candidate in dict.fromkeys((*node_shapes, *property_shapes, *implied)):
        if isinstance(candidate, Literal):
            continue
        shape = _node(candidate)
        paths = graph.objects(shape, _PATH)
        declared = (shape in node_shapes, shape in property_shapes)
        if len(paths) > 1 or declared == (True, True) or (declared[0] and paths) or (declared[1] and not paths):
            faults[shape] = "it is not one kind of shape with one path"
        elif len(graph.objects(shape, term("sh:deactivated"))) > 1:
            faults[shape] = "sh:deactivated has more than one value"
        else:
            found[shape] = paths[0] if paths else None
    return found, faults


def _node(value: Value) -> Node:
    if isinstance(value, Literal):
        raise TypeError(value)
    return value


def _shape(reading: Reading, node: Node) -> Shape:
    graph, path = reading.graph, reading.nodes[node]
    severities = graph.objects(node, term("sh:severity"))
    if len(severities) > 1:
        msg = "sh:severity has more than one value"
        raise IrregularError(msg)
    constraints: list[Constraint] = []
    present = set(graph.predicates(node))
    for parameters, reader in READERS:
        if present.intersection(parameters):
            constraints += reader(reading, node)
    if path is not None and isinstance(path, Literal):
        msg = "the path is a literal"
        raise IrregularError(msg)
    return Shape(
        id=node,
        targets=_targets(graph, node),
        constraints=tuple(constraints),
        severity=severities[0] if severities else term("sh:Violation"),
        messages=tuple(graph.objects(node, term("sh:message"))),
        path=None if path is None else compile_path(graph, path),
        path_node=path,
        deactivated=any(truth(value) for value in graph.objects(node, term("sh:deactivated"))),
    )


def _targets(graph: ShapesGraph, node: Node) -> Targets:
    classes = [_node_of(value) for value in graph.objects(node, term("sh:targetClass"))]
    metaclasses = {*graph.subjects(term("rdfs:subClassOf"), _CLASS), _CLASS, term("owl:Class")}
    if metaclasses.intersection(graph.objects(node, RDF_TYPE)):
        classes.append(node)
    return Targets(
        tuple(dict.fromkeys(classes)),
        tuple(graph.objects(node, term("sh:targetNode"))),
        tuple(map(iri, graph.objects(node, term("sh:targetSubjectsOf")))),
        tuple(map(iri, graph.objects(node, term("sh:targetObjectsOf")))),
    )


def _node_of(value: Value) -> Node:
    if not isinstance(value, NamedNode | BlankNode):
        msg = f"{value} is no class"
        raise IrregularError(msg)
    return value


def _any_target(graph: ShapesGraph, node: Node) -> bool:
    metaclasses = {*graph.subjects(term("rdfs:subClassOf"), _CLASS), _CLASS, term("owl:Class")}
    implicit = metaclasses.intersection(graph.objects(node, RDF_TYPE))
    return bool(implicit) or any(graph.objects(node, target) for target in _TARGETS)


def _custom(graph: ShapesGraph, shapes: Iterable[Node]) -> list[Node]:
    """Give the shapes that have all mandatory parameters of a constraint component of the shapes graph."""
    component = term("sh:ConstraintComponent")
    kinds = [component, *graph.subjects(term("rdfs:subClassOf"), component)]
    found = [c for kind in kinds for c in graph.subjects(RDF_TYPE, kind)]
    needed = []
    for one in found:
        parameters = [
            [path for path in graph.objects(parameter, _PATH) if isinstance(path, NamedNode)]
            for parameter in graph.objects(one, term("sh:parameter"))
            if Literal("true", datatype=term("xsd:boolean")) not in graph.objects(parameter, term("sh:optional"))
        ]
        needed.append({path for paths in parameters for path in paths})
    return [shape for shape in shapes if any(paths <= set(graph.predicates(shape)) for paths in needed)]


def _reason(plan: Plan, node: Node, faults: dict[Node, str]) -> str:
    """Tell why a shape with a target goes to pySHACL; empty if it need not."""
    if node in faults:
        return faults[node]
    for reached in plan.reachable(node):
        for inner in plan.shapes[reached].references():
            if inner in faults:
                return f"leads to a shape of which {faults[inner]}"
    return "is recursive or nested too deep" if _too_deep(plan, node, 1) else ""


def _too_deep(plan: Plan, node: Node, depth: int) -> bool:
    """Follow the longest chain of shapes; a recursive one is as long as can be."""
    if depth > _DEEPEST:
        return True
    inner = dict.fromkeys(plan.shapes[node].references()) if node in plan.shapes else {}
    return any(_too_deep(plan, one, depth + 1) for one in inner)


def _deviations(shapes: Iterable[Shape]) -> tuple[str, ...]:
    return (INVERSE_SEQUENCE,) if any(one.path and inverts_sequence(one.path) for one in shapes) else ()


def has_sparql(plan: Plan, node: Node) -> bool:
    """Tell whether a shape leads to a SPARQL constraint."""
    return any(isinstance(c, Sparql) for reached in plan.reachable(node) for c in plan.shapes[reached].constraints)
