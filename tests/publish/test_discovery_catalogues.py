"""What machines read first: VoID, DCAT and the descriptions of the queries, against the graph and the profiles."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, Quad, RdfFormat, Triple

from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import in_memory
from pilotgraph.publish import discovery
from pilotgraph.queries import bind, find_query, library
from pilotgraph.terms import PREFIXES, plain
from tests.publish.conftest import all_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from conftest import Tiny

    from pilotgraph.store.embedded import EmbeddedStore

    Files = dict[str, bytes]
    Check = Callable[[bytes, Path], bool]

BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
VOID = PREFIXES["void"]
SETTINGS = """
[catalogue]
publisher = "Ministry of Invention"
publisher_iri = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1058"
publisher_page = "https://example.org/ministry"
contact_page = "https://example.org/contact"
contact_email = "data@example.org"
themes = ["JUST", "SOCI"]
spatial = ["http://publications.europa.eu/resource/authority/country/NLD"]
start = "2020-05"
end = "2023"
frequency = "ANNUAL"
endpoint = "https://sparql.example.org/"
address = "https://files.example.org/set"
keywords.nl = ["hulp"]
keywords.en = ["aid"]
[[catalogue.earlier]]
edition = "0.9"
issued = "2025-12-31"
summary.nl = "Eerste editie."
"""


def publish(dataset: Dataset, store: EmbeddedStore | None = None) -> Files:
    """All files of a data set; no path comes twice."""
    listed = all_files(dataset, store or in_memory(dataset))
    found = dict(listed)
    assert len(found) == len(listed)
    return found


def canonical(quads: Iterable[Quad | Triple]) -> set[str]:
    """Quads as text, blank nodes named canonically."""
    whole = ox.Dataset(quad if isinstance(quad, Quad) else Quad(*quad) for quad in quads)
    whole.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in whole}


def merged(quads: Iterable[Quad]) -> list[Quad]:
    """Quads without their graphs."""
    return [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="module")
def store(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set, loaded."""
    return in_memory(dataset)


@pytest.fixture(scope="module")
def files(dataset: Dataset, store: EmbeddedStore) -> Files:
    """What is published of it."""
    return publish(dataset, store)


@pytest.fixture(scope="module")
def graph(store: EmbeddedStore) -> list[Quad]:
    """All its quads."""
    return list(store.quads())


@pytest.fixture(scope="class")
def void(files: Files) -> rdflib.Graph:
    """The description, from its well-known address."""
    assert files[".well-known/void"] == files["void.ttl"]
    return rdflib.Graph().parse(data=files[".well-known/void"], format="turtle")


def test_totals(void: rdflib.Graph, graph: list[Quad]) -> None:
    """Of triples, things, classes, properties, subjects and objects."""
    triples = set(merged(graph))
    this = rdflib.URIRef(BASE)
    kinds = {t.object for t in triples if t.predicate.value == PREFIXES["rdf"] + "type"}
    expected = {
        "triples": len(triples),
        "entities": len({t.subject for t in triples if f"<{BASE}id/" in str(t.subject)}),
        "classes": len(kinds),
        "properties": len({t.predicate for t in triples}),
        "distinctSubjects": len({t.subject for t in triples}),
        "distinctObjects": len({t.object for t in triples}),
    }
    assert {what: int(void.value(this, rdflib.URIRef(VOID + what))) for what in expected} == expected


def test_partitions_by_class_and_property(void: rdflib.Graph, store: EmbeddedStore) -> None:
    """Each class with its things, each property with its triples, and each property within each class."""
    by_class = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"
    by_property = "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } GROUP BY ?p"
    nested = "SELECT ?c ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?c ?s ?p ?o { ?s a ?c ; ?p ?o } } GROUP BY ?c ?p"
    part = "[ void:{0} ?{0} ; void:{1} ?n ]"
    whole = f"PREFIX void: <{VOID}> SELECT {{}} ?n {{{{ <{BASE}> {{}} }}}}"
    classes = whole.format("?class", f"void:classPartition {part.format('class', 'entities')}")
    properties = whole.format("?property", f"void:propertyPartition {part.format('property', 'triples')}")
    inside = f"void:classPartition [ void:class ?class ; void:propertyPartition {part.format('property', 'triples')} ]"
    assert _told(void, classes) == _counted(store, by_class)
    assert _told(void, properties) == _counted(store, by_property)
    assert _told(void, whole.format("?class ?property", inside)) == _counted(store, nested)


def test_named_graphs_are_subsets_with_dumps(void: rdflib.Graph, store: EmbeddedStore, files: Files) -> None:
    """Each with its number of triples and an address at which a file is."""
    found = void.query("""PREFIX void: <http://rdfs.org/ns/void#> SELECT ?g ?n ?dump {
      ?d void:subset ?g . ?g void:dataDump ?dump ; void:triples ?n }""")
    sizes = Counter(dict(_counted(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")))
    assert {(str(row.g),): int(row.n) for row in found} == sizes
    assert {str(row.dump).removeprefix(BASE) for row in found} <= files.keys()
    dumps = {
        str(dump).removeprefix(BASE) for dump in void.objects(rdflib.URIRef(BASE), rdflib.URIRef(f"{VOID}dataDump"))
    }
    assert dumps == {f"data/pilotgraph.{suffix}" for suffix in ("ttl", "trig", "jsonld", "nq.gz")}


def test_links_to_other_data_sets(void: rdflib.Graph, store: EmbeddedStore) -> None:
    """Municipalities are linked to TOOI, as many as the graph says."""
    space = "https://identifier.overheid.nl/tooi/id/gemeente/"
    exact = f"SELECT ?s ?o {{ ?s <{PREFIXES['skos']}exactMatch> ?o . FILTER(STRSTARTS(STR(?o), '{space}')) }}"
    told = void.query(f"""PREFIX void: <{VOID}> SELECT ?n {{ ?l a void:Linkset ; void:triples ?n ;
      void:linkPredicate <{PREFIXES["skos"]}exactMatch> ; void:subjectsTarget <{BASE}> ;
      void:objectsTarget [ void:uriSpace "{space}" ] }}""")
    assert [int(row.n) for row in told] == [len(list(store.select(exact)))]


def test_examples_are_things(void: rdflib.Graph, store: EmbeddedStore) -> None:
    """One of each kind that has a page."""
    examples = list(void.objects(rdflib.URIRef(BASE), rdflib.URIRef(f"{VOID}exampleResource")))
    kinds = [str(example).removeprefix(f"{BASE}id/").split("/")[0] for example in examples]
    assert sorted(kinds) == sorted(set(kinds))
    assert {"pilot", "organisation", "claim", "evidence", "concept"} <= set(kinds)
    assert all(store.ask(f"ASK {{ <{example}> a ?class }}") for example in examples)


def _told(found: rdflib.Graph, query: str) -> dict[tuple[str, ...], int]:
    return {tuple(map(str, row[:-1])): int(row[-1]) for row in found.query(query)}


def _counted(store: EmbeddedStore, query: str) -> dict[tuple[str, ...], int]:
    return {tuple(plain(term) for term in tuple(row)[:-1]): int(plain(tuple(row)[-1])) for row in store.select(query)}


@pytest.fixture(scope="module")
def profiles(root: Path) -> list[Path]:
    """The files of shapes of both profiles, which are not in the repository."""
    folder = root.parent / "shared/profiles"
    found = sorted(folder.glob("dcat-ap*/*.ttl"))
    if not found:
        pytest.skip(f"the shapes of the profiles are not at hand: {folder} has none")
    return found


@pytest.fixture
def conforms(tmp_path: Path) -> Check:
    """Tells whether Turtle conforms to the shapes in a file, warnings aside."""

    def check(content: bytes, shapes: Path) -> bool:
        data = tmp_path / "data.ttl"
        data.write_bytes(content)
        # One of the profiles does not itself pass SHACL-SHACL, so the shapes are not validated.
        verdict, _, _ = pyshacl.validate(str(data), shacl_graph=str(shapes), allow_warnings=True, meta_shacl=False)
        return bool(verdict)

    return check


THIS = rdflib.URIRef(BASE)
FAULTS: dict[str, Callable[[rdflib.Graph], object]] = {
    "no publisher": lambda g: g.remove((THIS, rdflib.DCTERMS.publisher, None)),
    "no contact": lambda g: g.remove((THIS, rdflib.DCAT.contactPoint, None)),
    "no theme": lambda g: g.remove((THIS, rdflib.DCAT.theme, None)),
    "no access rights": lambda g: g.remove((THIS, rdflib.DCTERMS.accessRights, None)),
    "no title": lambda g: g.remove((THIS, rdflib.DCTERMS.title, None)),
    "no licence": lambda g: g.remove((None, rdflib.DCTERMS.license, None)),
    "no data set": lambda g: g.remove((None, rdflib.DCAT.dataset, None)),
    "two identifiers": lambda g: g.add((THIS, rdflib.DCTERMS.identifier, rdflib.Literal("again"))),
    "a publisher that is no agent": lambda g: g.remove((None, rdflib.RDF.type, rdflib.FOAF.Agent)),
    "a theme that is no concept": lambda g: g.remove((None, rdflib.RDF.type, rdflib.SKOS.Concept)),
    "a size in words": lambda g: [
        g.set((s, rdflib.DCAT.byteSize, rdflib.Literal("big"))) for s in list(g.subjects(rdflib.DCAT.byteSize))
    ],
    "an address that is a text": lambda g: [
        g.set((s, rdflib.DCAT.accessURL, rdflib.Literal("x"))) for s in list(g.subjects(rdflib.DCAT.accessURL))
    ],
}


def test_the_formats_hold_the_same(files: Files) -> None:
    """Turtle, JSON-LD and RDF/XML."""
    turtle = canonical(ox.parse(files["dcat.ttl"], RdfFormat.TURTLE))
    assert canonical(ox.parse(files["dcat.jsonld"], RdfFormat.JSON_LD)) == turtle
    assert canonical(ox.parse(files["dcat.rdf"], RdfFormat.RDF_XML)) == turtle


def test_it_conforms(files: Files, profiles: list[Path], conforms: Check) -> None:
    """To every file of shapes of both profiles; what they only recommend may be missing."""
    assert {path.name for path in profiles if not conforms(files["dcat.ttl"], path)} == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_catalogue_does_not(files: Files, profiles: list[Path], conforms: Check, fault: str) -> None:
    """Each fault is seen by one of the files of shapes."""
    broken = rdflib.Graph().parse(data=files["dcat.ttl"], format="turtle")
    FAULTS[fault](broken)
    content = broken.serialize(format="turtle").encode()
    assert [path.name for path in profiles if not conforms(content, path)]


def test_a_data_set_without_settings_conforms(tiny: Tiny, profiles: list[Path], conforms: Check) -> None:
    """Publisher, contact and theme have honest defaults."""
    manifest = tiny.root / "data/dataset.toml"
    manifest.write_text(f'creator = "Somebody"\nissued = "2026-01-31"\n{manifest.read_text()}')
    content = publish(Dataset.open(tiny.root))["dcat.ttl"]
    assert {path.name for path in profiles if not conforms(content, path)} == set()


def test_settings_are_used(tiny: Tiny, profiles: list[Path], conforms: Check) -> None:
    """Publisher, contact, themes, area, period, words and an endpoint, which is described as a service."""
    with (tiny.root / "data/dataset.toml").open("a") as manifest:
        manifest.write(SETTINGS)
    found = publish(Dataset.open(tiny.root))
    # This file's shape of a data service has properties without a path, at which pySHACL stops.
    sound = [path for path in profiles if path.parts[-2:] != ("dcat-ap-3.0.1", "dcat-ap-SHACL.ttl")]
    assert {path.name for path in sound if not conforms(found["dcat.ttl"], path)} == set()
    told = rdflib.Graph().parse(data=found["dcat.ttl"], format="turtle")
    this = rdflib.URIRef(tiny.base)
    ministry = "https://identifier.overheid.nl/tooi/id/ministerie/mnre1058"
    assert str(told.value(this, rdflib.DCTERMS.publisher)) == ministry
    assert str(told.value(rdflib.URIRef(ministry), rdflib.FOAF.name)) == "Ministry of Invention"
    contact = told.value(this, rdflib.DCAT.contactPoint)
    vcard = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
    assert str(told.value(contact, vcard.hasEmail)) == "mailto:data@example.org"
    assert {str(theme).rsplit("/", 1)[-1] for theme in told.objects(this, rdflib.DCAT.theme)} == {"JUST", "SOCI"}
    assert set(told.objects(this, rdflib.DCAT.keyword)) == {
        rdflib.Literal("hulp", "nl"),
        rdflib.Literal("aid", "en"),
    }
    period = told.value(this, rdflib.DCTERMS.temporal)
    assert told.value(period, rdflib.DCAT.startDate) == rdflib.Literal("2020-05", datatype=rdflib.XSD.gYearMonth)
    service = told.value(predicate=rdflib.DCAT.servesDataset, object=this)
    assert str(told.value(service, rdflib.DCAT.endpointURL)) == "https://sparql.example.org/"
    assert (
        b"<http://rdfs.org/ns/void#sparqlEndpoint>" in found["void.ttl"] or b"void:sparqlEndpoint" in found["void.ttl"]
    )
    entries = ET.fromstring(found["feed.atom"]).findall("{*}entry")  # noqa: S314 - our own file
    assert [entry.findtext("{*}title") for entry in entries] == ["Klein 1", "Klein 0.9"]
    sitemap = dict(discovery.last(Dataset.open(tiny.root), tiny.base, ["nl/index.html"]))
    assert b"Sitemap: https://files.example.org/set/sitemap.xml" in sitemap["robots.txt"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('pubisher = "x"', "[catalogue] has no entry pubisher"),
        ('endpoint = "not an address"', "[catalogue] has an entry that is missing or of the wrong kind"),
        ("themes = 3", "[catalogue] has an entry that is missing or of the wrong kind"),
        (
            'earlier = [{ edition = "0.1" }]',
            "[catalogue] has an entry that is missing or of the wrong kind ('issued')",
        ),
    ],
)
def test_a_wrong_setting_is_named(tiny: Tiny, line: str, message: str) -> None:
    """With its file."""
    with (tiny.root / "data/dataset.toml").open("a") as manifest:
        manifest.write(f"\n[catalogue]\n{line}\n")
    with pytest.raises(SourceError) as error:
        publish(Dataset.open(tiny.root))
    assert message in error.value.message
    assert error.value.message.startswith(str(tiny.root / "data/dataset.toml"))


def test_distributions_are_the_files(files: Files) -> None:
    """Each with the size and the checksum of the file at its address."""
    told = rdflib.Graph().parse(data=files["dcat.ttl"], format="turtle")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    found = {}
    for one in told.objects(rdflib.URIRef(BASE), rdflib.DCAT.distribution):
        path = str(told.value(one, rdflib.DCAT.downloadURL)).removeprefix(BASE)
        value = told.value(told.value(one, spdx.checksum), spdx.checksumValue)
        found[path] = (int(str(told.value(one, rdflib.DCAT.byteSize))), str(value).lower())
    assert found == {path: (len(files[path]), hashlib.sha256(files[path]).hexdigest()) for path in found}
    assert len(found) == 6


@pytest.fixture(scope="class")
def described(files: Files) -> rdflib.Graph:
    """All descriptions."""
    return rdflib.Graph().parse(data=files["queries/all.ttl"], format="turtle")


def test_each_query_runs_as_it_is_described(dataset: Dataset, store: EmbeddedStore, described: rdflib.Graph) -> None:
    """The text, prefixes declared, gives the answer that the tool gives; one that must be filled in has the place."""
    for query in library(dataset):
        this = rdflib.URIRef(f"{BASE}id/query/{query.name}")
        text = str(described.value(this, rdflib.SH.select))
        required = [parameter.name for parameter in query.parameters if parameter.required]
        assert all(f"VALUES ?{name} {{ UNDEF }}" in text for name in required)
        if not required:
            expected = bind(query, {}, dataset, store)
            assert [str(row) for row in store.select(text)] == [str(row) for row in store.select(expected)]


def test_a_parameter_tells_where_and_what(dataset: Dataset, store: EmbeddedStore, described: rdflib.Graph) -> None:
    """Put into its VALUES block, a thing that fits the description gives what the tool gives."""
    query = find_query(dataset, "money-totals")
    this = rdflib.URIRef(f"{BASE}id/query/money-totals")
    node = next(
        n for n in described.objects(this, rdflib.SH.parameter) if str(described.value(n, rdflib.SH.name)) == "kind"
    )
    variable = str(described.value(node, rdflib.SH.path)).rsplit("#", 1)[-1]
    text, value = str(described.value(this, rdflib.SH.select)), f"{BASE}id/concept/funding-kind/subsidy"
    assert store.ask(f'ASK {{ FILTER(REGEX("{value}", {Literal(str(described.value(node, rdflib.SH.pattern)))})) }}')
    assert f"VALUES ?{variable} {{ UNDEF }}" in text
    filled = text.replace(f"VALUES ?{variable} {{ UNDEF }}", f"VALUES ?{variable} {{ <{value}> }}")
    expected = bind(query, {"kind": "subsidy"}, dataset, store)
    assert [str(row) for row in store.select(filled)] == [str(row) for row in store.select(expected)]
    assert described.value(node, rdflib.SH.optional) == rdflib.Literal(lexical_or_value=True)


def test_every_parameter_is_described(dataset: Dataset, described: rdflib.Graph) -> None:
    """With name, need and words in two languages, in the order of the query."""
    for query in library(dataset):
        this = rdflib.URIRef(f"{BASE}id/query/{query.name}")
        nodes = sorted(
            described.objects(this, rdflib.SH.parameter),
            key=lambda node: int(described.value(node, rdflib.SH.order)),
        )
        found = [
            (
                str(described.value(node, rdflib.SH.name)),
                not described.value(node, rdflib.SH.optional).toPython(),
                {text.language: str(text) for text in described.objects(node, rdflib.SH.description)},
            )
            for node in nodes
        ]
        assert found == [(parameter.name, parameter.required, parameter.about) for parameter in query.parameters]


def test_each_query_has_files_of_its_own(dataset: Dataset, files: Files) -> None:
    """In three formats with the same triples; together they are the whole."""
    whole: set[str] = set()
    for query in library(dataset):
        turtle = canonical(ox.parse(files[f"queries/{query.name}.ttl"], RdfFormat.TURTLE))
        assert canonical(ox.parse(files[f"queries/{query.name}.jsonld"], RdfFormat.JSON_LD)) == turtle
        assert canonical(ox.parse(files[f"queries/{query.name}.nt"], RdfFormat.N_TRIPLES)) == turtle
        whole |= turtle
    assert canonical(ox.parse(files["queries/all.ttl"], RdfFormat.TURTLE)) == whole
