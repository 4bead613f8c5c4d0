"""The SHACL shapes: each constraint catches its mutant, and nothing else does.

A case holds its data and the report that is expected of it, in the manner of the W3C data-shapes-test-suite.
It names the shape files that it is about: what it refers to is then a line, not a valid thing of its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

if TYPE_CHECKING:
    from rdflib.term import Node

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHAPE_FILES = tuple(sorted((ROOT / "ontology" / "shapes").glob("*.ttl")))
CASES = sorted((HERE / "cases").glob("*.ttl"))
SHACL_SHACL = ROOT.parent / "shared" / "w3c" / "shacl" / "shacl-shacl.ttl"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
PGSH = Namespace("https://w3id.org/pilotgraph/shapes#")
LANGUAGES = ["en", "nl"]

# What says something of a shape, or refines a constraint, but is none.
NOT_CONSTRAINTS = {
    SH.flags,
    SH.ignoredProperties,
    SH.message,
    SH.name,
    SH.path,
    SH.property,
    SH.qualifiedValueShape,
    SH.severity,
    SH.targetClass,
    SH.targetSubjectsOf,
}

# Shapes that report through the shape that uses them (in sh:or, sh:node or a qualified value shape), so that no
# result can name them; and, instead of a mutant, the valid case that does not conform without them.
INDIRECT = {
    "IsClaim": "contradiction-valid",
    "IsClaim-type": "contradiction-valid",
    "IsClaimClass": "contradiction-valid",
    "IsConcept": "concept-valid-broader",
    "IsDate": "period-valid-day",
    "IsDecimal": "reach-valid",
    "IsInteger": "reach-valid",
    "IsOrganisation": "participation-valid",
    "IsOrganisationKind": "participation-valid-kind",
    "IsPilot": "participation-valid",
    "IsPlace": "identity-decision-valid-place",
    "IsProgramme": "participation-valid-about-programme",
    "IsStudy": "participation-valid-about-study",
    "IsYear": "period-valid",
    "IsYearMonth": "period-valid",
}

# pySHACL 0.40 asks rdflib 7 for names that rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")


class Result(NamedTuple):
    """One validation result, without its messages."""

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: str


class Report(NamedTuple):
    """A validation report: its results in a fixed order."""

    conforms: bool
    results: list[Result]


@cache
def shapes(files: tuple[Path, ...] = SHAPE_FILES) -> Graph:
    """Read and merge shape files, once per session."""
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph


def read_case(case: Path) -> Graph:
    """Read a case; its relative IRIs are relative to the file."""
    return Graph().parse(case, publicID=case.as_uri())


def files_of(case: Graph) -> tuple[Path, ...]:
    """Tell which shape files a case is about."""
    named = {str(file).rsplit("/", 1)[-1] for file in case.objects(None, SHT.shapesGraph)}
    return tuple(file for file in SHAPE_FILES if file.name in named)


def one(graph: Graph, subject: Node, predicate: URIRef) -> Node | None:
    """Give the value of a property that has at most one."""
    return graph.value(subject, predicate, any=False)


def text(graph: Graph, node: Node | None) -> str:
    """Write a node so that two graphs can be compared: a path by its parts, another blank node without its name."""
    if node is None:
        return ""
    if not isinstance(node, BNode):
        return node.n3()
    if (node, RDF.first, None) in graph:
        return f"( {' '.join(text(graph, item) for item in Collection(graph, node))} )"
    steps = (f"{p.n3()} {text(graph, o)}" for p, o in graph.predicate_objects(node) if is_path(p))
    return f"[ {' '.join(steps)} ]"


def is_path(predicate: Node) -> bool:
    """Tell whether a property makes a SHACL path."""
    return predicate in {SH.alternativePath, SH.inversePath, SH.oneOrMorePath}


def result(graph: Graph, node: Node) -> Result:
    """Read one validation result."""
    return Result(
        focus=text(graph, one(graph, node, SH.focusNode)),
        path=text(graph, one(graph, node, SH.resultPath)),
        value=text(graph, one(graph, node, SH.value)),
        component=text(graph, one(graph, node, SH.sourceConstraintComponent)),
        shape=text(graph, one(graph, node, SH.sourceShape)),
        severity=text(graph, one(graph, node, SH.resultSeverity)),
    )


def report(graph: Graph, node: Node) -> Report:
    """Read a validation report."""
    conforms = one(graph, node, SH.conforms) == Literal("true", datatype=XSD.boolean)
    return Report(conforms, sorted(result(graph, each) for each in graph.objects(node, SH.result)))


def expected(case: Graph) -> Report:
    """Read the report that a case expects."""
    (node,) = case.objects(None, MF.result)
    return report(case, node)


def validate(data: bytes, shapes_graph: Graph) -> Report:
    """Validate data given as bytes, because a graph object would lose its lexical forms."""
    _, graph, _ = pyshacl.validate(data, data_graph_format="turtle", shacl_graph=shapes_graph)
    assert isinstance(graph, Graph)
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    return report(graph, node)


def all_shapes() -> set[Node]:
    """Give every node shape and property shape."""
    graph = shapes()
    return {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}


def constraints(shape: Node) -> set[str]:
    """Give the constraint components of a shape."""
    declared = {p for p in shapes().predicates(shape) if str(p).startswith(str(SH)) and p not in NOT_CONSTRAINTS}
    return {component(str(parameter).removeprefix(str(SH))) for parameter in declared}


def component(parameter: str) -> str:
    """Name the component of a parameter: sh:minCount belongs to sh:MinCountConstraintComponent."""
    name = "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
    return SH[f"{name}ConstraintComponent"].n3()


def languages(shape: Node, predicate: URIRef) -> list[str]:
    """Give the languages of the texts of a shape, in order."""
    return sorted(str(o.language) for o in shapes().objects(shape, predicate) if isinstance(o, Literal))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case_gives_exactly_the_expected_report(case: Path) -> None:
    """A valid case conforms; a mutant is caught by the constraints it names, and by no other."""
    graph = read_case(case)
    assert validate(case.read_bytes(), shapes(files_of(graph))) == expected(graph)


def test_case_is_named_after_its_file_and_says_that_its_values_are_invented() -> None:
    """Each case is the entry that its file is named after, and opens by saying that its values are invented."""
    for case in CASES:
        assert case.read_text(encoding="utf-8").startswith("# INVENTED VALUES\n")
        (entry,) = read_case(case).subjects(RDF.type, SHT.Validate)
        assert str(entry) == case.with_suffix("").as_uri()


def test_each_class_has_a_valid_case() -> None:
    """For each file of shapes of a class there is a valid case; the others hold what several classes share."""
    shared = {"claim", "common", "passage"}
    valid = {case.stem.removesuffix("-valid") for case in CASES}
    assert {file.stem for file in SHAPE_FILES} - shared <= valid


def test_each_constraint_has_a_mutant_that_it_catches() -> None:
    """Each constraint of each shape is named by the expected report of some case, or the shape reports indirectly."""
    declared = {(shape.n3(), each) for shape in all_shapes() for each in constraints(shape)}
    caught = {(each.shape, each.component) for case in CASES for each in expected(read_case(case)).results}
    assert {shape for shape, _ in declared - caught} | {PGSH["IsClaim"].n3()} == {PGSH[name].n3() for name in INDIRECT}
    assert caught <= declared


@pytest.mark.parametrize("name", INDIRECT)
def test_each_indirect_shape_is_needed(name: str) -> None:
    """A shape that reports through another one matters: when it refuses everything, its valid case fails."""
    case = HERE / "cases" / f"{INDIRECT[name]}.ttl"
    changed = Graph() + shapes(files_of(read_case(case)))
    changed.set((PGSH[name], SH["in"], RDF.nil))
    assert not validate(case.read_bytes(), changed).conforms


def test_shapes_are_well_formed() -> None:
    """The shapes conform to the W3C's shapes of shapes."""
    data = b"\n".join(file.read_bytes() for file in SHAPE_FILES)
    if SHACL_SHACL.exists():
        assert validate(data, Graph().parse(SHACL_SHACL)) == Report(conforms=True, results=[])
    else:
        # Without the W3C's file: pySHACL's own copy; it raises when a shape is not well formed.
        pyshacl.validate(data, data_graph_format="turtle", shacl_graph=shapes(), meta_shacl=True)


def test_each_shape_has_an_iri_and_a_severity() -> None:
    """No shape is a blank node, each is typed, and each says how bad its results are."""
    graph = shapes()
    assert set(graph.objects(None, SH.property)) <= all_shapes()
    for shape in all_shapes():
        assert isinstance(shape, URIRef)
        assert shape.startswith(PGSH)
        assert one(graph, shape, SH.severity) in {SH.Violation, SH.Warning}


def test_each_shape_has_a_name_in_both_languages() -> None:
    """Each property shape has a sh:name and each node shape a rdfs:label, once in Dutch and once in English."""
    graph = shapes()
    for shape in all_shapes():
        predicate = SH.name if (shape, RDF.type, SH.PropertyShape) in graph else RDFS.label
        assert languages(shape, predicate) == LANGUAGES, shape


def test_each_message_says_in_both_languages_what_is_wrong_and_what_to_do() -> None:
    """Each shape with a constraint has a message in Dutch and in English, of the form "what is wrong; what to do."."""
    for shape in all_shapes():
        assert languages(shape, SH.message) == (LANGUAGES if constraints(shape) else []), shape
        for message in shapes().objects(shape, SH.message):
            what, _, remedy = str(message).partition("; ")
            assert what[0].isupper(), message
            assert remedy.endswith("."), message


def test_shapes_do_not_depend_on_the_base_of_a_data_set() -> None:
    """A pattern on an IRI looks at its end only, so that a data set under another base is checked the same."""
    patterns = {str(pattern) for pattern in shapes().objects(None, SH.pattern)}
    on_data = {pattern for pattern in patterns if "/id/" in pattern}
    assert on_data
    assert all(pattern.startswith("/id/") and pattern.endswith("$") for pattern in on_data)
