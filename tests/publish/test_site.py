"""The site as a whole: complete, true to the graph, twice the same, and inert whatever the data say."""

from __future__ import annotations

import functools
import html
import json
import posixpath
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
import rdflib
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import to_isomorphic

from pilotgraph.cli.site import command
from pilotgraph.errors import DatasetError
from pilotgraph.load import in_memory
from pilotgraph.pages.site.addresses import page_path, relative
from pilotgraph.pages.site.words import WORDS
from pilotgraph.publish.site import publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from tests.publish.conftest import Built

BASE = "https://w3id.org/pilotgraph/rechtsbijstand/"
_LINK = re.compile(r'<[a-z][^>]*? (?:href|src|action)="([^"]*)"')
_ID = re.compile(r'<[a-z][^>]*? id="([^"]*)"')
MEDIA = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/n-triples": "nt"}


class Parsed(HTMLParser):
    """What a page links to, its parts with an id, and its head."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.head: dict[str, str] = {}
        self.alternates: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says."""
        said = {name: value or "" for name, value in attrs}
        self.links += [said[name] for name in ("href", "src", "action") if name in said and tag != "link"]
        if tag == "link":
            self._link(said)
        if tag == "meta":
            self.head[said.get("name") or said.get("property") or said.get("http-equiv", "")] = said.get("content", "")
        if "id" in said:
            self.ids.append(said["id"])
        self._in_title = tag == "title"

    def _link(self, said: dict[str, str]) -> None:
        if said["rel"] == "canonical" or said.get("hreflang"):
            self.head[said.get("hreflang") or "canonical"] = said["href"]
        elif said["rel"] == "alternate":
            self.alternates[said["type"]] = said["href"]
            self.links.append(said["href"])
        else:
            self.links.append(said["href"])

    def handle_data(self, data: str) -> None:
        """Note the title."""
        if self._in_title:
            self.title += data
            self._in_title = False


def pages(folder: Path) -> Iterator[tuple[str, Parsed]]:
    """Every page in a language, parsed."""
    for language in ("nl", "en"):
        for path in sorted((folder / language).rglob("*.html")):
            yield path.relative_to(folder).as_posix(), Parsed(path.read_text(encoding="utf-8"))


def broken_links(folder: Path) -> list[str]:
    """The links within the site that lead nowhere: no such file, or no such part of the page."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    texts = {path: (folder / path).read_text(encoding="utf-8") for path in files if path.endswith(".html")}
    ids = {path: set(_ID.findall(text)) for path, text in texts.items()}
    wrong = []
    for path, text in texts.items():
        for link in sorted(set(_LINK.findall(text))):
            target, fragment = _target(posixpath.dirname(path), link)
            if target is None:
                continue
            if (target or path) not in files:
                wrong.append(f"{path}: {link}")
            elif fragment and "=" not in fragment and fragment not in ids.get(target or path, {fragment}):
                wrong.append(f"{path}: {link} (no such part)")
    return wrong


@functools.cache
def _target(folder: str, link: str) -> tuple[str | None, str]:
    """The file of the site to which a link leads (empty: the page itself; None: elsewhere) and the part of it."""
    parts = urlsplit(html.unescape(link))
    if parts.scheme or parts.netloc:
        return None, ""
    return posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else "", parts.fragment


def union(folder: Path, suffix: str, format_: str) -> rdflib.Graph:
    """All RDF files of one form, read back with another library into one graph."""
    graph = rdflib.Graph()
    for path in sorted((folder / "doc").rglob(f"*.{suffix}")):
        graph.parse(path, format=format_)
    return graph


def whole_graph(dataset: Dataset) -> rdflib.Graph:
    """The graph of a data set, without the names of its parts."""
    graph = rdflib.Graph()
    lines = {f"{quad.triple} .\n" for quad in in_memory(dataset).quads()}
    graph.parse(data="".join(sorted(lines)), format="nt")
    return graph


def grounded(graph: rdflib.Graph) -> set[tuple[rdflib.term.Node, ...]]:
    """The triples without blank nodes, which can be compared one by one."""
    return {triple for triple in graph if not any(isinstance(node, rdflib.BNode) for node in triple)}


def hanging(graph: rdflib.Graph) -> rdflib.Graph:
    """The triples with blank nodes, which can only be compared together."""
    found = rdflib.Graph()
    for triple in set(graph) - grounded(graph):
        found.add(triple)
    return found


def test_every_link_within_the_site_resolves(site: Built) -> None:
    """Pages, parts of pages, RDF files, styles and scripts, whatever the names of things."""
    assert broken_links(site.folder) == []


# rdflib's own reader of JSON-LD uses a class that rdflib calls old.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize(("suffix", "format_"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt")])
def test_the_rdf_of_all_pages_is_the_graph(site: Built, suffix: str, format_: str) -> None:
    """No more and no less, blank nodes included, in each form and read by another library."""
    read, wanted = union(site.folder, suffix, format_), whole_graph(site.dataset)
    assert to_isomorphic(read) == to_isomorphic(wanted)


def test_the_rdf_of_a_pilot_holds_its_claims_and_their_passages(site: Built) -> None:
    """What the page tells, the file holds."""
    graph = rdflib.Graph().parse(site.folder / "doc/pilot/alfa.ttl")
    claims = set(graph.subjects(rdflib.URIRef("https://w3id.org/pilotgraph/def#about")))
    evidence = set(graph.objects(None, rdflib.URIRef("https://w3id.org/pilotgraph/def#evidence")))
    assert rdflib.URIRef(f"{BASE}id/claim/money") in claims
    assert evidence <= set(graph.subjects())


def test_every_page_says_what_it_is(site: Built) -> None:
    """Title, description, canonical address, both languages, Open Graph, a strict policy and its RDF in three forms."""
    without_rdf = set()
    for path, page in pages(site.folder):
        language, _, rest = path.partition("/")
        assert page.title, path
        assert page.head["description"], path
        assert page.head["canonical"] == f"{BASE}{path}"
        assert (page.head["nl"], page.head["en"]) == (f"{BASE}nl/{rest}", f"{BASE}en/{rest}")
        assert page.head["og:title"]
        assert page.head["og:url"] == f"{BASE}{path}"
        assert "'unsafe-inline'" not in page.head["Content-Security-Policy"]
        assert f"{language}_" in page.head["og:locale"]
        if set(page.alternates) != {*MEDIA, "application/atom+xml"}:
            without_rdf.add(rest)
    # The search page tells of nothing.
    assert without_rdf == {"search.html"}


def test_every_page_has_its_like_in_the_other_language(site: Built) -> None:
    """The language switch stays on the page."""
    paths = {path for path, _ in pages(site.folder)}
    assert {path for path in paths if path.startswith("nl/")} == {
        f"nl{path[2:]}" for path in paths if path.startswith("en/")
    }


def test_no_id_stands_twice_on_a_page(site: Built) -> None:
    """Or links and labels would lead to the wrong place."""
    assert [path for path, page in pages(site.folder) if len(page.ids) != len(set(page.ids))] == []


def test_only_web_addresses_become_links(site: Built) -> None:
    """No link of any page runs a script or leaves by another protocol."""
    schemes = {urlsplit(link).scheme for _, page in pages(site.folder) for link in page.links}
    assert schemes <= {"", "http", "https"}


def test_json_in_pages_cannot_end_its_script(site: Built) -> None:
    """What stands in a script element is valid JSON, and nothing in it looks like a tag."""
    found = 0
    for path in (site.folder / "nl").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', text, re.DOTALL):
            json.loads(block)
            assert "<" not in block, path
            found += 1
    assert found > 10


def test_twice_gives_the_same_bytes_and_writes_nothing_again(site: Built, tmp_path: Path) -> None:
    """A site is a function of its data set: no clock, no order of chance, no path of the machine."""
    folder = tmp_path / "elsewhere"
    publish(site.dataset, in_memory(site.dataset), folder, sources=site.dataset.root / "sources")
    paths = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert paths == {path.relative_to(site.folder) for path in site.folder.rglob("*") if path.is_file()}
    assert [
        str(path) for path in sorted(paths) if (folder / path).read_bytes() != (site.folder / path).read_bytes()
    ] == []
    written = publish(site.dataset, in_memory(site.dataset), folder, sources=site.dataset.root / "sources")
    assert (written.new, written.changed, written.removed) == (0, 0, 0)


def test_a_page_names_no_path_of_the_machine(site: Built) -> None:
    """Where the data set lies is nobody's business."""
    root = str(site.dataset.root).encode()
    assert [path for path in site.folder.rglob("*") if path.is_file() and root in path.read_bytes()] == []


def test_a_passage_stands_in_its_context_only_if_the_text_is_at_hand(site: Built, tmp_path: Path) -> None:
    """Without the sources the first and last words are shown, and nothing else of the text."""
    marked = "<mark>Kosten € 1.500 voor drie zaken</mark>"
    assert marked in (site.folder / "nl/evidence/kosten.html").read_text(encoding="utf-8")
    publish(site.dataset, in_memory(site.dataset), tmp_path / "site")
    without = (tmp_path / "site/nl/evidence/kosten.html").read_text(encoding="utf-8")
    assert "<mark>Kosten € 1.500 voor</mark> … <mark>1.500 voor drie zaken</mark>" in without
    assert "tot en met juni" not in without


def test_another_base_moves_every_address(hostile: Dataset, tmp_path: Path) -> None:
    """IRIs, canonical addresses and RDF; a missing slash is added, and no address of the old base is left over."""
    result = CliRunner().invoke(
        command, [str(tmp_path / "site"), "--base", "https://example.org/p", "--dataset", str(hostile.root), "-q"]
    )
    assert result.exit_code == 0, result.output
    graph = rdflib.Graph().parse(tmp_path / "site/doc/pilot/alfa.ttl")
    assert rdflib.URIRef("https://example.org/p/id/pilot/alfa") in set(graph.subjects())
    page = Parsed((tmp_path / "site/nl/pilot/alfa.html").read_text(encoding="utf-8"))
    assert page.head["canonical"] == "https://example.org/p/nl/pilot/alfa.html"
    union_ = union(tmp_path / "site", "nt", "nt")
    assert [term for triple in union_ for term in triple if str(term).startswith(BASE)] == []
    assert broken_links(tmp_path / "site") == []


@pytest.mark.parametrize(
    "base", ["https://example.org/a b/", "example.org", "javascript:alert(1)", "https://x.org/#", "ftp://x/"]
)
def test_a_base_that_is_no_address_is_refused(hostile: Dataset, tmp_path: Path, base: str) -> None:
    """Before anything is written."""
    arguments = [str(tmp_path / "site"), "--base", base, "--dataset", str(hostile.root)]
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, DatasetError)
    assert "write it as https://example.org/pilots/" in result.exception.message
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(hostile: Dataset, tmp_path: Path) -> None:
    """On standard error, with the page to open; nothing on standard output."""
    result = CliRunner().invoke(command, [str(tmp_path / "site"), "--dataset", str(hostile.root)])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert re.fullmatch(
        r"written: .*site: \d+ files \(\d+ new, 0 changed, 0 unchanged\); open .*index\.html\n", result.stderr
    )


def test_both_languages_have_the_same_words() -> None:
    """A text that exists in one language exists in the other, with the same blanks to fill."""

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [shape(part) for part in value]
        return sorted(re.findall(r"\{\w*\}", str(value)))

    nl, en = (
        {key: value for key, value in WORDS[language].items() if key not in {"columns", "menu", "footer"}}
        for language in ("nl", "en")
    )
    assert shape(nl) == shape(en)
    assert [path for _, path in WORDS["nl"]["menu"]] == [path for _, path in WORDS["en"]["menu"]]


@given(st.lists(st.text(min_size=1).filter(lambda part: "/" not in part), min_size=1, max_size=4))
def test_addresses_are_safe_and_of_one_thing_each(parts: list[str]) -> None:
    """Whatever the slug: no path leads out, needs encoding, or is that of another thing on any disk."""
    iri = f"{BASE}id/pilot/" + "/".join(parts)
    path = page_path(iri, BASE, "nl")
    if path is None:
        assert max(len(part.encode()) for part in parts) * 3 > 200
        return
    assert re.fullmatch(r"nl/pilot(?:/(?!\.)(?:[a-z0-9._-]|~[0-9A-F]{2})+)+\.html", path)
    assert path != "nl/pilot/index.html"
    back = re.sub(rb"~([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()), path[9:-5].encode()).decode()
    assert back == "/".join(parts)


@given(st.lists(st.sampled_from("abc"), max_size=4), st.lists(st.sampled_from("abc"), max_size=4))
def test_relative_links_lead_where_they_should(here: list[str], there: list[str]) -> None:
    """From any depth to any other."""
    page, target = "/".join([*here, "x.html"]), "/".join([*there, "y.html"])
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page), relative(target, page))) == target


def test_the_site_of_the_bundled_data_is_whole(flagship_site: Built) -> None:
    """Every link resolves, every thing has its pages, and the RDF of all is the graph, read by another library."""
    assert broken_links(flagship_site.folder) == []
    read = {
        line
        for path in (flagship_site.folder / "doc").rglob("*.nt")
        for line in path.read_text().splitlines(keepends=True)
    }
    graph = rdflib.Graph().parse(data="".join(sorted(read)), format="nt")
    wanted = whole_graph(flagship_site.dataset)
    assert len(graph) == len(wanted)
    assert grounded(graph) == grounded(wanted)
    assert to_isomorphic(hanging(graph)) == to_isomorphic(hanging(wanted))
    missing = []
    for subject in {str(subject) for subject in wanted.subjects()}:
        if path := page_path(subject, BASE, "nl"):
            stem = path[2:-5]
            files = [path, f"en{path[2:]}", *(f"doc{stem}.{suffix}" for suffix in ("ttl", "jsonld", "nt"))]
            missing += [file for file in files if not (flagship_site.folder / file).is_file()]
    assert missing == []
