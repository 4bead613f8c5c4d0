"""A site of many pilots: several processes, the strongest links only, a search in pieces, and limits that are told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import in_memory
from pilotgraph.pages.explorer import data as explorer
from pilotgraph.pages.site import answers, links
from pilotgraph.pages.site.graph import Graph
from pilotgraph.pages.site.page import Site
from pilotgraph.publish import search
from pilotgraph.publish.crew import Crew
from pilotgraph.publish.site import publish
from tests.publish.conftest import needs_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.publish.conftest import Built


def _fail() -> int:
    fault = "is broken"
    raise SourceError(fault, Path("a.ttl"))


def test_the_number_of_processes_changes_no_byte(site: Built, tmp_path: Path) -> None:
    """Three processes write what one writes; once more, and nothing is written again."""
    folder = tmp_path / "site"
    told: list[tuple[str, int, int]] = []
    sources = site.dataset.root / "sources"

    def tell(*step: object) -> None:
        told.append(step)  # type: ignore[arg-type]

    publish(site.dataset, in_memory(site.dataset), folder, sources=sources, jobs=3, progress=tell)
    paths = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert paths == {path.relative_to(site.folder) for path in site.folder.rglob("*") if path.is_file()}
    assert [str(p) for p in sorted(paths) if (folder / p).read_bytes() != (site.folder / p).read_bytes()] == []
    written = publish(site.dataset, in_memory(site.dataset), folder, sources=sources, jobs=2)
    assert (written.new, written.changed, written.removed) == (0, 0, 0)
    assert ("RDF", total := told[-1][2], total) == told[-1]


def test_an_error_in_a_process_is_raised_where_its_result_is_asked_for() -> None:
    """The crew passes it on whole, and leaves no process behind."""
    with pytest.raises(SourceError, match=r"a\.ttl.*is broken"), Crew([_fail, _fail, int], 2) as crew:
        list(crew.results())


def test_of_many_pilots_the_strongest_links_are_those_that_weigh_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product of matrices chooses the same links as weighing every pair, and what they share stays the same."""
    dataset = Dataset.open()
    store = in_memory(dataset)
    site = Site(dataset, store, Graph(store.quads(), dataset.base), [])
    every = links.all_links(site)
    weight = {pair: round(sum(s.weight for s in every.shared(pair)), 9) for pair in every.pairs}
    monkeypatch.setattr(links, "LARGE", 10)
    monkeypatch.setattr(links, "LINKS_OF_A_PILOT_OF_MANY", 3)
    few = links.all_links(site)
    wanted = set()
    for pilot in site.graph.of_class("Pilot"):
        ranked = sorted(every.others(pilot).items(), key=lambda item: (-weight[item[1]], item[0]))
        wanted.update(pair for _, pair in ranked[:3])
    assert few.pairs == sorted(wanted)
    assert [few.shared(pair) for pair in few.pairs] == [every.shared(pair) for pair in few.pairs]
    assert few.most == 3


def _shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bundled data set be a large one."""
    monkeypatch.setattr(links, "LARGE", 10)
    monkeypatch.setattr(links, "LINKS_OF_A_PILOT_OF_MANY", 2)
    monkeypatch.setattr(answers, "MOST_ANSWERED", 10)
    monkeypatch.setattr(explorer, "MOST_PILOTS", 12)
    monkeypatch.setattr(search, "MOST_IN_ONE", 100)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the bundled data set, with limits so low that it passes them all."""
    folder = tmp_path_factory.mktemp("large") / "site"
    with pytest.MonkeyPatch.context() as patch:
        _shrink(patch)
        dataset = Dataset.open()
        publish(dataset, in_memory(dataset), folder, jobs=2)
    return folder


def test_what_is_left_out_of_a_large_site_is_told(large: Path) -> None:
    """Links, answers and the network say what is not there, in both languages."""
    for path, text in (
        ("nl/pilot/zsm.html", "van elke pilot hebben de 2 sterkste verbindingen een eigen pagina"),
        ("en/pilot/zsm.html", "for each, its 2 strongest links have a page of their own"),
        ("nl/query/linked-pilots.html", "te groot om het antwoord hier uit te schrijven"),
        ("en/query/linked-pilots.html", "too large to write the answer out here"),
        ("nl/network/index.html", "de 12 met de meeste"),
        ("en/network/index.html", "the 12 with the most links"),
    ):
        assert text in (large / path).read_text(encoding="utf-8"), path
    page = (large / "en/network/index.html").read_text(encoding="utf-8")
    if "explorer-data" in page:
        data = json.loads(page.partition('id="explorer-data">')[2].partition("</script>")[0])
        assert sum(node["mode"] == "pilot" for node in data["nodes"]) == 12
        assert data["clusters"] is None


def test_every_link_to_a_page_of_a_large_site_leads_somewhere(large: Path) -> None:
    """Only pairs that have a page are linked to."""
    missing = [
        (path.name, href)
        for path in (large / "en/pilot").glob("*.html")
        for href in re.findall(r'href="([^"]*/link/[^"]*)"', path.read_text(encoding="utf-8"))
        if not (path.parent / href).is_file()
    ]
    assert missing == []


def test_a_search_in_pieces_names_every_page_once(large: Path) -> None:
    """All pages are in some piece, and no piece of words is large."""
    first = (large / "search/nl.js").read_text(encoding="utf-8")
    told = json.loads(first.removeprefix("window.pilotgraphPages=").removesuffix(";\n"))
    pieces = sorted((large / "search/nl").glob("pages-*.js"), key=lambda path: int(path.stem.removeprefix("pages-")))
    pages = [
        page
        for path in pieces
        for page in json.loads(path.read_text(encoding="utf-8").partition(",")[2].removesuffix(");\n"))
    ]
    assert len(pages) == told["total"] == len(told["lengths"]) == sum(number for _, number in told["kinds"])
    assert len({path for _, path, _ in pages}) == len(pages)
    assert len(list((large / "search/nl").glob("words-*.js"))) == len(told["keys"])
    assert max(path.stat().st_size for path in (large / "search/nl").iterdir()) < 100_000


@needs_chromium
def test_a_search_in_pieces_works_from_a_disk(large: Path, browser: Browser) -> None:
    """Suggestions and results, with the pieces loaded as scripts by a page that was opened from a file."""
    page = browser.new_page()
    page.goto((large / "nl/index.html").as_uri())
    page.locator("#find").press_sequentially("rotterd")
    page.locator("#suggestions li").first.wait_for()
    assert "Rotterdam" in page.locator("#suggestions li").first.inner_text()
    page.goto((large / "nl/search.html").as_uri() + "?q=juridsch+loket")
    page.locator("#results li").first.wait_for()
    assert "Juridisch Loket" in page.locator("#results li").first.inner_text()
    page.close()
