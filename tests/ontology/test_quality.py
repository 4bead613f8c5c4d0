"""The ontology, its alignments, the schemes and the JSON-LD context are fit to build on.

Each check also meets something broken, so that a check that finds nothing has shown that it can find.
A pitfall is a query in `pitfalls/NAME.rq`; beside it, `pitfalls/NAME.ttl` holds broken data and, in its first
line, exactly what the query must find there.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple, parse, serialize
from rdflib import Graph
from rdflib.compare import isomorphic

from pilotgraph.turtle import write_turtle

HERE = Path(__file__).parent
ONTOLOGY = HERE.parents[1] / "ontology"
SCHEMES = sorted((ONTOLOGY / "schemes").glob("*.ttl"))
PITFALLS = sorted((HERE / "pitfalls").glob("*.rq"))
BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
PG = "https://w3id.org/pilotgraph/def#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ALIGNMENTS_HEADER = NamedNode("https://w3id.org/pilotgraph/def/alignments")
PREFIXES = f"""
@prefix ex: <https://example.org/> .
@prefix owl: <{OWL}> .
@prefix pg: <{PG}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT and the OWL API need java; this machine has none"
)

# The JSON-LD parser of rdflib still builds on a class that rdflib itself deprecates; nothing of ours can avoid it.
reads_json_ld = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def load(*paths: Path) -> Store:
    """Read Turtle files into a store."""
    store = Store()
    for path in paths:
        store.load(path=path, format=RdfFormat.TURTLE)
    return store


def ontology() -> Store:
    """Read the ontology and its alignments."""
    return load(ONTOLOGY / "pilotgraph.ttl", ONTOLOGY / "alignments.ttl")


def found(query: Path, store: Store) -> set[str]:
    """Run a pitfall; give the IRIs of the terms at fault."""
    rows = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(rows, QuerySolutions)
    return {row["term"].value for row in rows}


def named(items: list[Path]) -> pytest.MarkDecorator:
    """Run a test once for each file, under its name."""
    return pytest.mark.parametrize("path", items, ids=[item.stem for item in items])


# Pitfalls: what OOPS!, the ROBOT report, FOOPS!, qSKOS and NL-SBB look for, as far as SPARQL can say it.


@named(PITFALLS)
def test_pitfall_finds_what_is_broken(path: Path) -> None:
    """A pitfall query finds each fault in its broken example, and nothing else."""
    example = path.with_suffix(".ttl")
    first_line = example.read_text(encoding="utf-8").partition("\n")[0]
    assert found(path, load(example)) == set(first_line.removeprefix("#+ finds: ").split())


@named([path for path in PITFALLS if not path.stem.startswith("scheme-")])
def test_ontology_is_free_of(path: Path) -> None:
    """The ontology with its alignments has none of the faults that a pitfall query finds."""
    assert found(path, ontology()) == set()


@named([path for path in PITFALLS if path.stem.startswith("scheme-")])
def test_schemes_are_free_of(path: Path) -> None:
    """The schemes together have none of the faults that a pitfall query finds."""
    assert found(path, load(*SCHEMES)) == set()


def test_every_pitfall_has_a_summary_and_an_example() -> None:
    """Each pitfall says in its first line what it finds, and no example lacks its query."""
    assert all(path.read_text(encoding="utf-8").startswith("#+ summary: ") for path in PITFALLS)
    assert {path.stem for path in (HERE / "pitfalls").glob("*.ttl")} == {path.stem for path in PITFALLS}


# Files: what a parser forgives and a difference between two editions does not.


def blank_nodes(turtle: str) -> int:
    """Count the triples with a blank node."""
    return sum(str(triple).count("_:") > 0 for triple in parse(turtle, format=RdfFormat.TURTLE))


def tags_in_capitals(turtle: str) -> list[str]:
    """List the language tags that are not in lower case, from the text: stores change the case."""
    return [tag for tag in re.findall(r'"@([A-Za-z-]+)', turtle) if tag != tag.lower()]


@named(SCHEMES)
def test_scheme_file_is_plain(path: Path) -> None:
    """A scheme file has no blank nodes and only lower-case language tags."""
    text = path.read_text(encoding="utf-8")
    assert (blank_nodes(text), tags_in_capitals(text)) == (0, [])


@named(SCHEMES)
def test_scheme_file_is_regular(path: Path) -> None:
    """A scheme file is in canonical Turtle, is named after its one scheme, and holds that and its concepts."""
    text = path.read_text(encoding="utf-8")
    triples = [Triple(quad.subject, quad.predicate, quad.object) for quad in parse(text, format=RdfFormat.TURTLE)]
    assert write_turtle(triples, BASE) == text
    slugs = {triple.subject.value.removeprefix(f"{BASE}id/concept/") for triple in triples}
    assert all(slug == path.stem or slug.startswith(f"{path.stem}/") for slug in slugs)


@pytest.mark.parametrize("name", ["pilotgraph", "alignments"])
def test_ontology_file_is_plain(name: str) -> None:
    """An ontology file has lower-case language tags, and blank nodes only in lists of disjoint classes."""
    text = (ONTOLOGY / f"{name}.ttl").read_text(encoding="utf-8")
    lists = text.count("a owl:AllDisjointClasses")
    members = sum(len(found_list.split()) for found_list in re.findall(r"owl:members \((.*)\)", text))
    # A list costs its own type and head, and two triples for each member.
    assert (blank_nodes(text), tags_in_capitals(text)) == (2 * lists + 2 * members, [])


def test_plainness_checks_find_what_is_broken() -> None:
    """A blank node and a tag in capitals do not go unseen."""
    nested = blank_nodes('<https://example.org/a> <https://example.org/b> [ <https://example.org/c> "d" ] .')
    capitals = tags_in_capitals('ex:a skos:prefLabel "een"@nl, "one"@en-GB, "uno"@IT .')
    assert (nested, capitals) == (2, ["en-GB", "IT"])


# Reasoning: HermiT for consistency, the OWL API for the profiles.


def rdf_xml(directory: Path, extra: str = "") -> Path:
    """Write the ontology with its alignments, and what a test adds, as the one file that the tools read."""
    store = ontology()
    # Two ontology headers in one file would make it unclear which ontology it is.
    for quad in list(store.quads_for_pattern(ALIGNMENTS_HEADER, None, None)):
        store.remove(quad)
    store.load(f"{PREFIXES}{extra}".encode(), format=RdfFormat.TURTLE)
    path = directory / "ontology.owl"
    serialize((quad.triple for quad in store), output=path, format=RdfFormat.RDF_XML)
    return path


# The exit status of HermiT's command line says nothing: what it prints does, and DONE shows that it came to the end.
REASON = """
import sys
import owlready2
world = owlready2.World()
world.get_ontology(sys.argv[1]).load()
try:
    owlready2.sync_reasoner_hermit(world, debug=0)
except owlready2.OwlReadyInconsistentOntologyError:
    print("INCONSISTENT")
else:
    for entity in world.inconsistent_classes():
        print("UNSATISFIABLE", entity.iri)
print("DONE", len(world.graph))
"""


def reason(path: Path) -> tuple[list[str], int]:
    """Run HermiT in a process of its own; give what it reports and the number of triples that it read."""
    finished = subprocess.run(
        [sys.executable, "-c", REASON, path.as_uri()], capture_output=True, check=False, text=True, timeout=120
    )
    *report, done = finished.stdout.splitlines() or [finished.stderr]
    assert done.startswith("DONE "), finished.stderr
    return [line for line in report if line != f"UNSATISFIABLE {OWL}Nothing"], int(done.split()[1])


@needs_java
@pytest.mark.parametrize(
    ("extra", "report"),
    [
        pytest.param("", [], id="as-it-is"),
        pytest.param("ex:both a owl:NamedIndividual, pg:Pilot, pg:Organisation .", ["INCONSISTENT"], id="two-tops"),
        pytest.param(
            'ex:pilot a owl:NamedIndividual, pg:Pilot ; pg:startDate "2020", "2021" .',
            ["INCONSISTENT"],
            id="two-starts",
        ),
        pytest.param(
            "ex:Impossible a owl:Class ; rdfs:subClassOf pg:Reach, pg:Evidence .",
            ["UNSATISFIABLE https://example.org/Impossible"],
            id="impossible-class",
        ),
    ],
)
def test_hermit_reports(tmp_path: Path, extra: str, report: list[str]) -> None:
    """The ontology is consistent and each of its classes can have members; a broken variant is reported."""
    answer, triples = reason(rdf_xml(tmp_path, extra))
    assert answer == report
    assert triples >= len(ontology()) - len(list(ontology().quads_for_pattern(ALIGNMENTS_HEADER, None, None)))


def owl_api() -> Path:
    """Find the jar inside owlready2, without importing it: it is slow and warns."""
    spec = importlib.util.find_spec("owlready2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "hermit" / "HermiT.jar"


def violations(path: Path) -> set[str]:
    """Run the profile checkers; give the names of the profiles that the ontology violates, and why."""
    command = ["java", "-cp", str(owl_api()), str(HERE / "ProfileCheck.java"), str(path)]
    finished = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    first, *report = finished.stdout.splitlines() or [finished.stderr]
    assert re.fullmatch(r"axioms [1-9]\d{2,}", first), finished.stderr
    return {line.split("[")[0].strip() for line in report}


@needs_java
@pytest.mark.parametrize(
    ("extra", "report"),
    [
        pytest.param("", set(), id="as-it-is"),
        pytest.param(
            "pg:joins a owl:TransitiveProperty, owl:IrreflexiveProperty .",
            {"OWL2DLProfile", "OWL2RLProfile"},
            id="not-dl",
        ),
        pytest.param(
            "pg:about rdfs:domain [ a owl:Class ; owl:unionOf ( pg:Claim pg:Omission ) ] .",
            {"OWL2RLProfile"},
            id="not-rl",
        ),
    ],
)
def test_profiles(tmp_path: Path, extra: str, report: set[str]) -> None:
    """The ontology is in OWL 2 DL and in OWL 2 RL; outside DL is outside both, a union as domain outside RL."""
    assert {line.split()[0] for line in violations(rdf_xml(tmp_path, extra))} == report


# The JSON-LD context.


def context() -> dict[str, object]:
    """Read the terms of the context."""
    terms = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert isinstance(terms, dict)
    return terms


def declared(kind: str) -> set[str]:
    """List the declared terms of a kind."""
    quads = ontology().quads_for_pattern(None, RDF_TYPE, NamedNode(OWL + kind))
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def expanded(terms: dict[str, object]) -> dict[str, dict[str, object]]:
    """Give each term of a context as its full definition, under its full IRI."""
    definitions = [value if isinstance(value, dict) else {"@id": value} for value in terms.values()]
    result = {}
    for definition in definitions:
        prefix, colon, name = str(definition["@id"]).partition(":")
        if colon and prefix in terms:
            result[f"{terms[prefix]}{name}"] = definition
    return result


def uncovered(terms: dict[str, object]) -> set[str]:
    """List our terms and the properties we reuse that the context does not know, or not rightly."""
    known = expanded(terms)
    ours = {iri for iri in declared("Class") if iri.startswith(PG)}
    needed = ours | {iri for iri in declared("ObjectProperty") if not iri.startswith("http://www.w3.org/ns/prov#")}
    missing = (needed | declared("DatatypeProperty")) - set(known)
    untyped = {iri for iri in declared("ObjectProperty") & set(known) if known[iri].get("@type") != "@id"}
    misnamed = {PG + name for name, value in terms.items() if value == f"pg:{name}"} - (
        ours | declared("DatatypeProperty")
    )
    return missing | untyped | misnamed


def test_context_covers_every_term() -> None:
    """The context knows each class and property, and that the values of an object property are IRIs."""
    assert uncovered(context()) == set()


def test_context_check_finds_what_is_broken() -> None:
    """A missing term, an object property without IRIs and a term that does not exist are found."""
    broken = context() | {"about": "pg:about", "Nonsense": "pg:Nonsense"}
    del broken["Pilot"]
    assert uncovered(broken) == {f"{PG}about", f"{PG}Nonsense", f"{PG}Pilot"}


JSON_DOCUMENT = {
    "id": "https://example.org/claim",
    "type": "Funding",
    "about": "https://example.org/pilot",
    "amount": "1500000",
    "asOf": {"@value": "2022-07", "@type": "xsd:gYearMonth"},
    "covers": {"nl": "alles", "en": "everything"},
    "currency": "EUR",
    "evidence": {
        "id": "https://example.org/evidence",
        "type": "Evidence",
        "hasSource": "https://example.org/source",
        "start": 10,
        "end": 20,
        "startsWith": "Van hier",
    },
}
TURTLE_DOCUMENT = """
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:claim a pg:Funding ;
    pg:about ex:pilot ;
    pg:amount 1500000.0 ;
    pg:asOf "2022-07"^^xsd:gYearMonth ;
    pg:covers "alles"@nl, "everything"@en ;
    pg:currency "EUR" ;
    pg:evidence ex:evidence .
ex:evidence a pg:Evidence ;
    oa:hasSource ex:source ;
    pg:start 10 ;
    pg:end 20 ;
    pg:startsWith "Van hier" .
""".replace("1500000.0", '"1500000"^^xsd:decimal')


@reads_json_ld
def test_context_gives_the_triples_that_are_meant() -> None:
    """A document written with the plain names of the context is the same as its Turtle."""
    from_json = Graph().parse(data=json.dumps({"@context": context()} | JSON_DOCUMENT), format="json-ld")
    assert isomorphic(from_json, Graph().parse(data=PREFIXES + TURTLE_DOCUMENT, format="turtle"))


@reads_json_ld
@named([ONTOLOGY / "schemes" / "goal.ttl", ONTOLOGY / "schemes" / "organisation-kind.ttl"])
def test_context_round_trip(path: Path) -> None:
    """A scheme written through the context uses its plain names, and reads back as the same triples."""
    graph = Graph().parse(path, format="turtle")
    text = graph.serialize(format="json-ld", context=context())
    node = json.loads(text)["@graph"][0]
    assert {"id", "type", "prefLabel"} <= set(node)
    assert set(node["prefLabel"]) == {"nl", "en"}
    assert isomorphic(graph, Graph().parse(data=text, format="json-ld"))
