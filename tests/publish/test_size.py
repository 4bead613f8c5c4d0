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
from pilotgraph.pages.site import answers, links, paging
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
    for name, number in (("LONGEST", 20), ("ENTRIES", 9), ("LONGEST_PICTURE", 20), ("PICTURE_ENTRIES", 10)):
        monkeypatch.setattr(paging, name, number)
    monkeypatch.setattr(paging, "MOST_NAMED", 5)


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
        ("nl/network/index.html", "De tabel bevat de eerste 12"),
        ("en/network/index.html", "The table holds the first 12"),
    ):
        assert text in (large / path).read_text(encoding="utf-8"), path


def test_every_link_to_a_page_of_a_large_site_leads_somewhere(large: Path) -> None:
    """Only pairs that have a page are linked to."""
    missing = [
        (path.name, href)
        for path in (large / "en/pilot").glob("*.html")
        for href in re.findall(r'href="([^"]*/link/[^"]*)"', path.read_text(encoding="utf-8"))
        if not (path.parent / href).is_file()
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("first", "pages"),
    [
        ("pilot/index.html", 4),
        ("organisation/index.html", 7),
        ("finding/index.html", 34),
        ("contradiction/index.html", 12),
    ],
)
def test_a_long_list_comes_in_pages_that_lead_to_each_other(large: Path, first: str, pages: int) -> None:
    """From the first to the last by the link to the next, each thing once, and the count on every page."""
    for language, count in (("nl", "{} van {}"), ("en", "{} of {}")):
        seen: list[str] = []
        path, walked = large / language / first, 0
        while path:
            text, walked = path.read_text(encoding="utf-8"), walked + 1
            rows = re.findall(r'^<tr[^>]*><th scope="row"><a href="([^"]*)"', text, re.MULTILINE)
            assert count.format(f"{len(seen) + 1}–{len(seen) + len(rows)}", "") in text
            seen += [(path.parent / href).resolve().name for href in rows]
            onward = re.search(r'rel="next" href="([^"]*)"', text)
            path = (path.parent / onward[1]).resolve() if onward else None
        kind = "claim" if first.startswith("finding") else first.partition("/")[0]
        assert walked == pages
        assert sorted(seen) == sorted(set(seen))
        if kind != "claim":
            assert set(seen) == {one.name for one in (large / language / kind).glob("*.html")} - {"index.html"}


def test_the_letters_of_a_long_list_lead_to_its_rows(large: Path) -> None:
    """Each to the page and the row where the names with that letter begin."""
    first = large / "nl/organisation/index.html"
    letters = re.findall(r'<a href="([^"]*)#(letter-.)">(.)</a>', first.read_text(encoding="utf-8"))
    assert len(letters) > 10
    for href, anchor, letter in letters:
        text = (first.parent / href).read_text(encoding="utf-8")
        row = re.search(f'<tr id="{anchor}"><th scope="row"><a [^>]*><bdi>(.)', text)
        assert row, letter
        assert row[1].upper() == letter


def test_a_long_matrix_and_timeline_come_in_pages(large: Path) -> None:
    """Every pilot stands on one page of the goals and the coverage, and the totals are those of all."""
    for name in ("goals", "coverage"):
        paths = [large / f"en/{name}.html", *sorted((large / f"en/list/{name}").glob("*.html"))]
        texts = [path.read_text(encoding="utf-8") for path in paths]
        assert len(texts) == 4
        row = re.compile(r'^<tr><th scope="row"><a href="[^"]*pilot/([^"]*)"', re.MULTILINE)
        names = [name for text in texts for name in row.findall(text)]
        assert sorted(names) == sorted(one.name for one in (large / "en/pilot").glob("*.html") if one.stem != "index")
        assert len({text.partition("<tfoot>")[2].partition("</tfoot>")[0] for text in texts}) == 1
    assert len(list((large / "en/list/timeline").glob("*.html"))) > 1


def test_every_page_of_a_list_has_its_own_data(large: Path) -> None:
    """The RDF beside a further page is of the things on it, and the page names the table of all."""
    page = (large / "nl/list/pilot/2.html").read_text(encoding="utf-8")
    assert "../../../data/tables/pilot.csv" in page
    assert (large / "data/tables/pilot.csv").is_file()
    told = (large / "doc/list/pilot/2.nt").read_text(encoding="utf-8")
    shown = set(re.findall(r'<th scope="row"><a href="../../pilot/([^"]*).html"', page))
    assert len(shown) == 9
    assert shown <= set(re.findall(r"^<[^>]*/id/pilot/([^>]*)>", told, re.MULTILINE))


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
