"""Dumps, feed and site map: the graph comes back whole, whatever it holds and wherever it is published."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import in_memory
from pilotgraph.publish import discovery
from pilotgraph.publish.rebase import in_memory_under
from tests.publish.conftest import all_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conftest import Tiny

    from pilotgraph.store.embedded import EmbeddedStore

    Files = dict[str, bytes]

BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
OTHER = "https://example.org/elders/"
TABLES = "data/tables/"
# Prints a digest of all files, so that another process can be compared.
DIGEST = """
import hashlib
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.publish import discovery
from pilotgraph.publish.content import pieces
dataset = Dataset.open()
digest = hashlib.sha256()
files = discovery.Files(dataset, in_memory(dataset), dataset.base)
for path, content in sorted((path, b"".join(pieces(content))) for path, content in files):
    digest.update(path.encode() + b"\\0" + content)
print(digest.hexdigest())
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


@pytest.mark.parametrize("suffix", ["nq", "trig", "jsonld"])
def test_a_dump_with_graphs_equals_the_graph(files: Files, graph: list[Quad], suffix: str) -> None:
    """Read with pyoxigraph and with rdflib, it holds the same quads, blank nodes told apart by what is said."""
    content = gzip.decompress(files["data/pilotgraph.nq.gz"]) if suffix == "nq" else files[f"data/pilotgraph.{suffix}"]
    form = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}[suffix]
    expected = canonical(graph)
    assert canonical(ox.parse(content, form)) == expected
    other = rdflib.Dataset()
    other.parse(data=content, format={"nq": "nquads", "trig": "trig", "jsonld": "json-ld"}[suffix])
    assert canonical(ox.parse(other.serialize(format="nquads"), RdfFormat.N_QUADS)) == expected


def test_turtle_equals_the_merged_graph(files: Files, graph: list[Quad]) -> None:
    """So do all the files of the named graphs together."""
    expected = canonical(merged(graph))
    assert canonical(ox.parse(files["data/pilotgraph.ttl"], RdfFormat.TURTLE)) == expected
    parts: list[Quad] = []
    for path, content in files.items():
        if path.startswith("data/graph/"):
            name = NamedNode(f"{BASE}graph/{path.removeprefix('data/graph/').removesuffix('.ttl')}")
            parts += [Quad(q.subject, q.predicate, q.object, name) for q in ox.parse(content, RdfFormat.TURTLE)]
    assert canonical(parts) == canonical(graph)


def test_n_quads_are_canonical(files: Files, graph: list[Quad]) -> None:
    """Sorted by code point, blank nodes named by RDFC-1.0, whatever they were called in the store."""
    text = gzip.decompress(files["data/pilotgraph.nq.gz"]).decode()
    lines = text.splitlines(keepends=True)
    assert lines == sorted(lines)
    assert {line.split()[0] for line in lines if line.startswith("_:")} == {f"_:c14n{n}" for n in range(38)}
    # A parser names them anew, and at random.
    again = ox.parse("".join(reversed(lines)).encode(), RdfFormat.N_QUADS, rename_blank_nodes=True)
    assert canonical(again) == canonical(graph) == {line.removesuffix(" .\n") for line in lines}


def test_json_ld_uses_the_words_of_the_context(files: Files) -> None:
    """A program that knows only JSON finds a pilot's names by language and a claim's amount."""
    document = json.loads(files["data/pilotgraph.jsonld"])
    nodes = {node["id"]: node for graph in document["@graph"] for node in graph["@graph"] if "id" in node}
    funding = nodes[f"{BASE}id/claim/po22-mijn-zaak-funding-subsidy"]
    assert funding["type"] == "Funding"
    assert (funding["amount"], funding["currency"]) == ("772865", "EUR")
    assert funding["about"] == f"{BASE}id/pilot/mijn-zaak"
    register = next(graph for graph in document["@graph"] if graph["@id"] == f"{BASE}graph/register")
    named = {node["id"]: node.get("prefLabel") for node in register["@graph"]}
    assert named[f"{BASE}id/pilot/mijn-zaak"] == {"en": "My Case", "nl": "Mijn Zaak"}


def test_the_shapes_accept_the_same_data(dataset: Dataset, files: Files) -> None:
    """The file with all shapes is the shape files together."""
    shapes = [quad for path in dataset.shape_files() for quad in ox.parse(path=path, rename_blank_nodes=True)]
    assert canonical(ox.parse(files["data/shapes.ttl"], RdfFormat.TURTLE)) == canonical(shapes)


def test_checksums_can_be_checked(files: Files, tmp_path: Path) -> None:
    """With sha256sum, in the folder of the dumps; a changed byte is seen."""
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    line = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(line, cwd=tmp_path / "data", check=False).returncode == 0
    listed = {row.split("  ")[1] for row in files["data/SHA256SUMS"].decode().splitlines()}
    assert listed == {p.removeprefix("data/") for p in files if p.startswith("data/")} - {"SHA256SUMS"}
    (tmp_path / "data/tables/pilot.csv").write_bytes(files["data/tables/pilot.csv"] + b" ")
    assert subprocess.run(line, cwd=tmp_path / "data", capture_output=True, check=False).returncode == 1


def test_the_feed_is_atom(dataset: Dataset, files: Files) -> None:
    """With what RFC 4287 asks for; its days are the edition's."""
    feed = ET.fromstring(files["feed.atom"])  # noqa: S314 - our own file
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{atom}feed"
    (entry,) = feed.findall(f"{atom}entry")
    for part in (feed, entry):
        assert part.findtext(f"{atom}updated") == f"{dataset.issued}T00:00:00Z"
        assert part.findtext(f"{atom}id").startswith(BASE)
        assert part.findtext(f"{atom}title").startswith(dataset.title["nl"])
    assert feed.findtext(f"{atom}author/{atom}name") == "The pilotgraph developers"
    assert {link.get("rel") for link in feed.findall(f"{atom}link")} == {"self", "alternate", "license"}


def test_the_map_lists_every_page_with_its_other_language(dataset: Dataset) -> None:
    """Pages only; each once."""
    paths = ["index.html", "nl/index.html", "en/index.html", "nl/only.html", "data/pilotgraph.ttl", "nl/index.html"]
    found = dict(discovery.last(dataset, BASE, paths))
    assert set(found) == {"sitemap.xml", "robots.txt"}
    told = ET.fromstring(found["sitemap.xml"])  # noqa: S314 - our own file
    pages = {
        url.findtext("{*}loc").removeprefix(BASE): {
            link.get("hreflang"): link.get("href").removeprefix(BASE) for link in url.findall("{*}link")
        }
        for url in told
    }
    both = {"nl": "nl/index.html", "en": "en/index.html"}
    assert pages == {
        "index.html": {},
        "nl/index.html": both,
        "en/index.html": both,
        "nl/only.html": {"nl": "nl/only.html"},
    }
    assert found["robots.txt"].decode().splitlines()[-1] == f"Sitemap: {BASE}sitemap.xml"


def test_a_large_map_is_split(dataset: Dataset) -> None:
    """At the protocol's limit of 50,000 pages."""
    found = dict(discovery.last(dataset, BASE, (f"nl/{number}.html" for number in range(50_001))))
    assert set(found) == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "robots.txt"}
    sizes = [len(ET.fromstring(found[path])) for path in ("sitemap.xml", "sitemap-1.xml", "sitemap-2.xml")]  # noqa: S314
    assert sizes == [2, 50_000, 1]


def test_a_map_of_long_addresses_is_split_by_its_size(dataset: Dataset) -> None:
    """At the protocol's limit of 50 MB, and no page is lost."""
    found = dict(discovery.last(dataset, BASE, (f"nl/{'x' * 1800}{number}.html" for number in range(16_000))))
    maps = {path: content for path, content in found.items() if path.startswith("sitemap-")}
    assert sorted(maps) == ["sitemap-1.xml", "sitemap-2.xml"]
    assert max(map(len, maps.values())) <= 50 * 1024 * 1024
    assert sum(content.count(b"<loc>") for content in maps.values()) == 16_000


def test_twice_is_the_same(files: Files) -> None:
    """In another process, with another order of hashes."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(path.encode() + b"\0" + content)
    line = [sys.executable, "-c", DIGEST]
    other = subprocess.run(line, env=os.environ | {"PYTHONHASHSEED": "7"}, capture_output=True, check=True)
    assert other.stdout.decode().strip() == digest.hexdigest()


def test_no_machine_is_named(root: Path, files: Files) -> None:
    """No file holds a path of the machine that made it."""
    assert [path for path, content in files.items() if str(root).encode() in content] == []


def test_another_base_is_another_base_throughout(dataset: Dataset, store: EmbeddedStore) -> None:
    """No file names the old one; the graph is the old one with its addresses changed."""
    moved, under = in_memory_under(dataset, store, OTHER)
    found = publish(moved, under)
    assert [path for path, content in found.items() if BASE.encode() in content] == []
    read_back = canonical(ox.parse(gzip.decompress(found["data/pilotgraph.nq.gz"]), RdfFormat.N_QUADS))
    lines = [f"{quad} .".replace(f"<{BASE}", f"<{OTHER}") for quad in store.quads()]
    assert read_back == canonical(ox.parse("\n".join(lines).encode(), RdfFormat.N_QUADS))


def test_hostile_titles_stay_in_their_place(tiny: Tiny) -> None:
    """In the feed, the map, the workbook and the rules."""
    manifest = tiny.root / "data/dataset.toml"
    nasty = {'"Klein"': '"</title><script>&\\u0007\\nRewriteEngine Off"', '"Verzonnen."': "']]> {{ 7 * 7 }} ${x}'"}
    text = manifest.read_text()
    for old, new in nasty.items():
        text = text.replace(old, new)
    manifest.write_text(text)
    dataset = Dataset.open(tiny.root)
    found = publish(dataset)
    feed = ET.fromstring(found["feed.atom"])  # noqa: S314 - our own file
    assert feed.findtext("{*}title") == "</title><script>&\nRewriteEngine Off"
    assert feed.findtext("{*}subtitle") == "]]> {{ 7 * 7 }} ${x}"
    page = "nl/<&\"'>.html"
    told = ET.fromstring(dict(discovery.last(dataset, tiny.base, [page]))["sitemap.xml"])  # noqa: S314
    assert told.findtext("{*}url/{*}loc") == tiny.base + page


def test_a_short_name_never_changes_an_address(tiny: Tiny) -> None:
    """An IRI whose scheme is also a prefix of the context, and words of JSON-LD as texts, come back as they were."""
    pages = ("geo:52.1,4.3", "dct:x", "urn:x:y", "javascript:alert(1)")
    body = " , ".join(f"<{page}>" for page in pages)
    tiny.add("register", f'pilot:a a pg:Pilot ; foaf:page {body} ; pg:note "@id" , "_:b"@nl , "x"@en .\n')
    dataset = Dataset.open(tiny.root)
    store = in_memory(dataset)
    content = publish(dataset, store)["data/pilotgraph.jsonld"]
    assert canonical(ox.parse(content, RdfFormat.JSON_LD)) == canonical(store.quads())
    other = rdflib.Dataset()
    other.parse(data=content, format="json-ld")
    assert {str(page) for _, _, page, _ in other.quads((None, rdflib.FOAF.page, None, None))} == set(pages)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON object with the key @context"),
        ("[]", "is no JSON object"),
        ('{"@context": "https://x.org/c"}', "has a context that is no object"),
    ],
)
def test_a_wrong_context_is_named(tiny: Tiny, content: str, message: str) -> None:
    """With its file."""
    path = tiny.root / "ontology/context.jsonld"
    path.write_text(content)
    with pytest.raises(SourceError) as error:
        publish(Dataset.open(tiny.root))
    assert error.value.message.startswith(f"{path}: {message}")
