"""The network page: true to the graph, whole without a network, and safe with hostile labels."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from playwright.sync_api import Page, sync_playwright

import pilotgraph
from pilotgraph.network import describe
from pilotgraph.pages.graph import network_page, script_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see scripts/system.sh")
HOSTILE = (
    "</script><script>window.alarm = 1</script>",
    '<img src=x onerror="window.alarm = 1">',
    "\"'`};window.alarm=1//",
    "javascript:window.alarm=1",
    "\u202ertl\ufeff\u2028line",
    "x" * 300,
)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """A Chromium page that records what it asks of the network."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser.new_page(viewport={"width": 1300, "height": 900})
        browser.close()


def bundled_page(language: str, *, kinds: bool) -> tuple[nx.Graph[str], str]:
    """Draw the bundled data set."""
    graph = pilotgraph.open().network(language, kinds=kinds)
    return graph, network_page(graph, "Titel", language, describe(graph), "bron")


def open_page(page: Page, html: str, folder: Path) -> tuple[list[str], list[str]]:
    """Open a page from disk and wait for the picture; give the outside requests and the errors."""
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    file = folder / "page.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    return [url for url in requests if not url.startswith("file:")], errors


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_names_no_other_host(language: str) -> None:
    """Outside the library's own text nothing in the page loads from an address."""
    _, html = bundled_page(language, kinds=True)
    own = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import""", own)
    assert "default-src 'none'" in own


@pytest.mark.parametrize("language", ["en", "nl"])
def test_page_is_deterministic(language: str) -> None:
    """The same graph gives the same bytes."""
    assert bundled_page(language, kinds=True)[1] == bundled_page(language, kinds=True)[1]


@needs_chromium
def test_picture_is_the_graph(browser_page: Page, tmp_path: Path) -> None:
    """The browser draws every node and link of the network, asks no other host, and reports no error."""
    graph, html = bundled_page("nl", kinds=True)
    assert open_page(browser_page, html, tmp_path) == ([], [])
    drawn = browser_page.evaluate("[nodeSet.length, edgeSet.length, document.querySelectorAll('tbody tr').length]")
    assert drawn == [graph.number_of_nodes(), graph.number_of_edges(), graph.number_of_edges()]


@needs_chromium
def test_labels_do_not_overlap(browser_page: Page, tmp_path: Path) -> None:
    """No label of the picture of pilots and organisations lies over another."""
    _, html = bundled_page("en", kinds=False)
    open_page(browser_page, html, tmp_path)
    overlaps = browser_page.evaluate(
        """() => { const boxes = nodes.map((node) => network.getBoundingBox(node.id)); let count = 0;
        for (let i = 0; i < boxes.length; i += 1) for (let j = i + 1; j < boxes.length; j += 1) {
          const [a, b] = [boxes[i], boxes[j]];
          if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) count += 1; }
        return count; }"""
    )
    assert overlaps == 0


@needs_chromium
def test_search_shows_the_neighbours(browser_page: Page, tmp_path: Path) -> None:
    """Finding an organisation dims all but its own pilots; clearing the field shows all again."""
    graph, html = bundled_page("nl", kinds=False)
    open_page(browser_page, html, tmp_path)
    loket = next(node for node in graph if graph.nodes[node]["label"] == "Juridisch Loket")
    browser_page.fill("#search", "juridisch loket")
    bright = browser_page.evaluate("nodeSet.get().filter((node) => node.opacity === 1).map((node) => node.id).sort()")
    assert bright == sorted([loket, *graph.neighbors(loket)])
    browser_page.fill("#search", "")
    assert browser_page.evaluate("nodeSet.get().every((node) => node.opacity === 1)")


@needs_chromium
def test_hostile_labels_stay_text(browser_page: Page, tmp_path: Path) -> None:
    """Markup in labels, roles and titles is shown and never run."""
    graph: nx.Graph[str] = nx.Graph()
    for number, text in enumerate(HOSTILE):
        graph.add_node(f"p{number}", label=text, mode="pilot", pillar="x", pillar_label=text)
        graph.add_node(f"a{number}", label=text, mode="kind")
        graph.add_edge(f"p{number}", f"a{number}", roles=text, role_slugs=[], claims=[])
    html = network_page(graph, HOSTILE[0], "en", describe(graph), HOSTILE[1])
    assert open_page(browser_page, html, tmp_path) == ([], [])
    assert browser_page.evaluate("window.alarm") is None
    assert browser_page.evaluate("nodeSet.length") == 2 * len(HOSTILE)
    assert browser_page.title() == HOSTILE[0]


def test_script_json_cannot_end_its_element() -> None:
    """What JSON is put into a script element holds no character that HTML could read."""
    assert not set("<>&\u2028") & set(script_json(list(HOSTILE)))
