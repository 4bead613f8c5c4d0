"""The site in a real browser: inert, silent, accessible, and good for its purpose."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.publish.conftest import AXE, needs_axe, needs_chromium, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.publish.conftest import Built

pytestmark = needs_chromium
# One page of each kind, within a language.
KINDS = [
    "index",
    "pictures",
    "data",
    "search",
    "about",
    "licence",
    "cite",
    "accessibility",
    "privacy",
    "downloads",
    "coverage",
    "goals",
    "timeline",
    "map",
    "pilot/index",
    "pilot/alfa",
    "pilot/beta",
    "print/alfa",
    "programme/p",
    "study/s",
    "organisation/index",
    "organisation/o",
    "place/index",
    "place/utrecht",
    "source/index",
    "source/s",
    "contradiction/index",
    "contradiction/c",
    "finding/index",
    "claim/found",
    "claim/money",
    "evidence/kosten",
    "question/index",
    "question/a",
    "query/index",
    "query/hostile",
    "query/coverage-by-question",
    "link/alfa/beta",
    "concept/index",
    "concept/goal",
    "concept/goal/toegang-tot-het-recht",
    "def/index",
    "def/class/Funding",
    "def/property/about",
    "shape/index",
    "shape/funding",
    "network/index",
]


class Visit:
    """A tab that keeps what a page asks for, what it complains of, and whether an alarm went off."""

    def __init__(self, browser: Browser, *, width: int = 1300) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(f"{self.page.url}: {said.text}") if said.type in {"error", "warning"} else None
            ),
        )
        self.page.on("dialog", lambda _: self.complaints.append(f"{self.page.url}: a dialog"))

    def open(self, address: str) -> None:
        """Open a page with everything in it that can be opened, and look whether it did harm."""
        self.page.goto(address)
        self.page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert self.page.evaluate("window.alarm") is None, address
        assert (
            self.page.evaluate(
                "document.querySelectorAll('main img, main b:not([aria-hidden]), main script:not([type])').length"
            )
            == 0
        ), address


@pytest.fixture(scope="module")
def address(site: Built) -> Iterator[str]:
    """The hostile site, served by a bare file server."""
    with serve(site.folder) as found:
        yield found


def test_nothing_in_the_data_can_do_harm(browser: Browser, address: str) -> None:
    """On every kind of page, in both languages: no script runs, no element appears, no other host is asked."""
    visit = Visit(browser)
    for language in ("nl", "en"):
        for kind in KINDS:
            visit.open(f"{address}{language}/{kind}.html")
    visit.context.close()
    assert [url for url in visit.requests if not url.startswith(address)] == []
    assert visit.complaints == []


def test_no_page_is_wider_than_a_phone(browser: Browser, address: str) -> None:
    """Nothing sticks out at 320 points, which is also a wide page at 400 %: tables scroll inside themselves."""
    visit = Visit(browser, width=320)
    wide = []
    for kind in KINDS:
        visit.open(f"{address}nl/{kind}.html")
        if visit.page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(kind)
    visit.context.close()
    assert wide == []


@needs_axe
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_on_any_kind_of_page(browser: Browser, address: str, language: str) -> None:
    """WCAG 2.1 A and AA and axe's best practices, with all proofs opened; in the dark theme only colours differ."""
    visit = Visit(browser)
    found = {}
    for kind in KINDS:
        visit.page.emulate_media(color_scheme="light")
        visit.open(f"{address}{language}/{kind}.html")
        # It is put in past the page's policy, which lets no such script in.
        visit.page.evaluate(AXE.read_text(encoding="utf-8"))
        faults = axe(visit.page, "{ resultTypes: ['violations'] }")
        visit.page.emulate_media(color_scheme="dark")
        faults += axe(visit.page, "{ runOnly: ['color-contrast', 'link-in-text-block'] }")
        if faults:
            found[kind] = faults
    visit.context.close()
    assert found == {}


def axe(page: Page, options: str) -> list[str]:
    """What axe-core has to say about a page."""
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {options})")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in result["violations"]]


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    """The first stop is the skip link, and it leads past the menu."""
    visit = Visit(browser)
    visit.open(f"{address}nl/pilot/alfa.html")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.context.close()


def test_a_page_works_from_a_disk_and_without_scripts(browser: Browser, site: Built) -> None:
    """Opened as a file, in a browser that runs no script, the style is there and a proof opens."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site.folder / "nl/pilot/beta.html").as_uri())
    page.locator("details.proof > summary").first.click()
    expect(page.locator("details.proof[open] q").first).to_be_visible()
    assert (
        page.locator("header.masthead").evaluate("(part) => getComputedStyle(part).backgroundColor")
        == "rgb(11, 74, 107)"
    )
    context.close()


def test_search_works_from_a_disk(browser: Browser, site: Built) -> None:
    """The list of pages is a script, which a page from a disk may load; the answer is found in spite of a slip."""
    if not (site.folder / "assets/search.js").is_file():
        pytest.skip("viz/dist is not built; run make viz")
    visit = Visit(browser)
    visit.page.goto((site.folder / "nl/search.html").as_uri() + "?q=utrehct")
    visit.page.wait_for_selector("#results li")
    expect(visit.page.locator("#results li").first).to_contain_text("Utrecht")
    assert visit.complaints == []
    visit.context.close()


def test_a_pilot_fits_on_one_sheet(browser: Browser, flagship_site: Built) -> None:
    """The form for print of every pilot is one page of A4."""
    context = browser.new_context()
    page = context.new_page()
    sheets = {}
    for path in sorted((flagship_site.folder / "nl/print").glob("*.html")):
        page.goto(path.as_uri())
        sheets[path.stem] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    context.close()
    assert len(sheets) == 34
    assert {name: number for name, number in sheets.items() if number != 1} == {}


def test_who_knows_no_rdf_finds_why_two_pilots_are_linked(browser: Browser, flagship_site: Built) -> None:
    """From the home page: the pilots of the Juridisch Loket, why two are linked, and the passage that says so."""
    with serve(flagship_site.folder) as address:
        visit = Visit(browser)
        page = visit.page
        page.goto(f"{address}index.html")
        page.wait_for_url("**/nl/index.html")
        page.get_by_role("link", name="Juridisch Loket", exact=True).click()
        pilots = page.locator("table").first
        expect(pilots.get_by_role("link", name="Mijn Zaak", exact=True)).to_be_visible()
        page.locator("details.more > summary", has_text="Divosa / Gemeente Almere").click()
        page.get_by_role("link", name="Divosa / Gemeente Almere – Mijn Zaak", exact=True).first.click()
        expect(page.locator("h1")).to_have_text("Waarom Divosa / Gemeente Almere en Mijn Zaak verbonden zijn")
        first = page.locator("main section").first
        expect(first.locator("h2")).to_contain_text("Juridisch Loket")
        expect(first).to_contain_text("Er zijn tests uitgevoerd … Juridisch Loket, en klanten.")
        first.get_by_role("link", name="stand van zaken").click()
        expect(page.locator("blockquote mark").first).to_have_text("Er zijn tests uitgevoerd")
        visit.context.close()
    assert visit.complaints == []


def test_a_pilot_page_is_light(flagship_site: Built) -> None:
    """At most 60 kB, compressed, with all that it needs: the page, the style and the icon."""
    shared = sum(
        len(gzip.compress((flagship_site.folder / f"assets/{name}").read_bytes())) for name in ("site.css", "icon.svg")
    )
    sizes = {
        path.stem: len(gzip.compress(path.read_bytes())) + shared
        for path in flagship_site.folder.glob("*/pilot/*.html")
    }
    assert {name: size for name, size in sizes.items() if size > 60_000} == {}
