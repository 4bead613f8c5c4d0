"""Query links: every form of an answer, the parameters, what is wrong with them, and the page in a real browser."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from playwright.sync_api import sync_playwright
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pilotgraph import answers
from pilotgraph.dataset import Dataset
from pilotgraph.load import open_cached
from pilotgraph.queries import bind, find_query
from pilotgraph.serve.edition import KINDS
from pilotgraph.serve.named import json_type, json_value
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from conftest import Live

    from pilotgraph.answers import Table

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
AXE = Path(__file__).parents[2] / "viz/node_modules/axe-core/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NAME, GIVEN = "partners-of-pilots", {"pilot": "zsm"}


def table(name: str, given: dict[str, str], *, evidence: bool = False) -> Table:
    """What the library itself answers."""
    dataset = Dataset.open()
    with_reader = open_cached(dataset)
    found = answers.take(with_reader.select(bind(find_query(dataset, name), given, dataset, with_reader, "nl")))
    if evidence:
        answers.add_evidence(found, with_reader, "nl")
    return found


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "srj"])
def test_an_answer_is_that_of_the_command(live: Live, form: str) -> None:
    """Byte for byte what `pilotgraph query` writes in the same form, with the passages."""
    got = live.client.get(f"/query/{NAME}.{form}", params=GIVEN | {"lang": "nl", "evidence": "true"})
    kind = "json" if form == "srj" else form
    base = Dataset.open().base
    assert got.status_code == 200
    assert got.text == answers.render(table(NAME, GIVEN, evidence=True), kind, base, evidence=True)


def test_json_has_types(live: Live) -> None:
    """Columns with their kind, rows of plain values, and the passages of each row in the same order."""
    expected = table(NAME, GIVEN, evidence=True)
    got = live.client.get(f"/query/{NAME}.json", params=GIVEN | {"lang": "nl", "evidence": "true"})
    assert got.headers["content-type"] == "application/json"
    found = got.json()
    assert list(found) == [
        *("query", "title", "reading", "language", "parameters", "edition", "licence", "columns", "rows", "evidence")
    ]
    assert (found["query"], found["language"], found["parameters"]) == (NAME, "nl", GIVEN)
    assert [column["name"] for column in found["columns"]] == expected.variables
    assert found["rows"] == [
        {name: plain(node) if node is not None else None for name, node in zip(expected.variables, row, strict=True)}
        for row in expected.rows
    ]
    assert [[p["claim"] for p in one["passages"]] for one in found["evidence"]] == [
        [p.claim for p in passages] for passages in expected.passages
    ]
    totals = live.client.get("/query/money-totals.json?lang=en").json()
    types = {column["name"]: column["type"] for column in totals["columns"]}
    assert types["amounts"] == "integer"
    assert all(isinstance(row["amounts"], int) for row in totals["rows"])
    plain_answer = live.client.get(f"/query/{NAME}.json", params=GIVEN).json()
    assert "evidence" not in plain_answer


def test_turtle_holds_the_rows(live: Live) -> None:
    """In the W3C's vocabulary for result sets: each row in order, each value as it is; with proof, its claims."""
    expected = table(NAME, GIVEN)
    got = live.client.get(f"/query/{NAME}.ttl", params=GIVEN | {"lang": "nl", "evidence": "1"})
    triples = list(parse(got.content, format=RdfFormat.TURTLE))
    value = {(str(t.subject), t.predicate.value): t.object for t in triples}
    rows: dict[int, dict[str, Any]] = {}
    claims: dict[int, set[str]] = {}
    for t in triples:
        index = value.get((str(t.subject), f"{RS}index"))
        if t.predicate.value == f"{RS}binding":
            name = plain(value[str(t.object), f"{RS}variable"])
            rows.setdefault(int(plain(index)), {})[name] = value[str(t.object), f"{RS}value"]
        elif t.predicate.value.endswith("#wasDerivedFrom"):
            claims.setdefault(int(plain(index)), set()).add(plain(t.object))
    assert rows == {
        number: {n: node for n, node in zip(expected.variables, row, strict=True) if node is not None}
        for number, row in enumerate(expected.rows, 1)
    }
    assert claims == {number: set(found) for number, found in enumerate(expected.claims, 1)}


def test_a_spreadsheet_holds_the_passages(live: Live) -> None:
    """One sheet with the answer, one with the passages; it is kept as a file with the name of the query."""
    expected = table(NAME, GIVEN)
    got = live.client.get(f"/query/{NAME}.xlsx", params=GIVEN | {"evidence": "yes"})
    assert got.headers["content-disposition"] == f'attachment; filename="{NAME}.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    assert book.sheetnames == ["answer", "evidence"]
    assert book["answer"].max_row == len(expected.rows) + 1
    book.close()


def test_the_form_is_negotiated(live: Live) -> None:
    """Without an end the address gives what Accept prefers, and says where that stands by itself."""
    for accept, end in {
        "application/json": "json",
        "text/csv": "csv",
        "text/turtle": "ttl",
        "*/*": "html",
        BROWSER: "html",
    }.items():
        got = live.client.get(f"/query/{NAME}", params=GIVEN, headers={"accept": accept, "accept-language": "en"})
        assert got.status_code == 200
        assert got.headers["content-location"] == f"{NAME}.{end}?pilot=zsm&lang=en"
        assert got.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        again = live.client.get(f"/query/{got.headers['content-location']}")
        assert again.headers["content-type"] == got.headers["content-type"]
        assert again.content == got.content or end == "html"
    none = live.client.get(f"/query/{NAME}", params=GIVEN, headers={"accept": "image/png"})
    assert none.status_code == 406


def test_an_answer_is_kept_and_asked_for_again(live: Live) -> None:
    """By its digest; packed where that is asked for; open to programs elsewhere; HEAD tells the same."""
    address = f"/query/{NAME}.json?pilot=zsm&lang=nl"
    got = live.client.get(address, headers={"accept-encoding": "identity"})
    packed = live.client.get(address, headers={"accept-encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", got.content)
    assert got.headers["access-control-allow-origin"] == "*"
    again = live.client.get(address, headers={"accept-encoding": "identity", "if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = live.client.head(address, headers={"accept-encoding": "identity"})
    assert (head.headers["etag"], head.content) == (got.headers["etag"], b"")


WRONG = {
    f"{NAME}.json?pilott=zsm": (400, "no parameter pilott; did you mean pilot?"),
    f"{NAME}.json?pilot=zms": (400, "no pilot or programme 'zms'; did you mean zsm"),
    f"{NAME}.json?pilot=zsm&pilot=zsm": (400, "the parameter pilot is given twice"),
    f"{NAME}.json?lang=fr": (400, "the parameter lang is nl or en, not 'fr'"),
    f"{NAME}.json?evidence=perhaps": (400, "the parameter evidence is true or false"),
    f"{NAME}.json?pilot=%ff": (400, "the parameters cannot be read"),
    f"{NAME}.json?" + "a=1&" * 60: (400, "the parameters cannot be read"),
    "pilot-dossier.json": (400, "the parameter pilot is missing; add pilot=…"),
    "pilot-dossier.csv?lang=nl": (400, "the parameter pilot is missing"),
    "partners-of-pilot.json": (404, "no such query; did you mean partners-of-pilots"),
    f"{NAME}.pdf": (404, "an address of a query ends in .json, .csv"),
    "..%2fcheck%2funused-evidence.json": (404, "this server has no pages"),
    f"{NAME}.json?pilot=" + "x" * 3000: (400, "no pilot or programme"),
    f"{NAME}.json?pilot=%3Chttp://a%3E%20%7D%20SERVICE%20%3Chttp://b%3E%20%7B": (400, "no pilot or programme"),
}


@pytest.mark.parametrize("address", WRONG)
def test_what_is_wrong_is_said(live: Live, address: str) -> None:
    """With the status, and with what to do, or what was perhaps meant."""
    got = live.client.get(f"/query/{address}", headers={"accept": "application/json"})
    status, detail = WRONG[address]
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
    assert detail in got.json()["detail"]


def test_a_value_stays_ajson_value(live: Live) -> None:
    """A label, a slug and an IRI name the same thing."""
    base = Dataset.open().base
    label = plain(next(row[0] for row in table(NAME, GIVEN).rows))
    found = {
        live.client.get(f"/query/{NAME}.csv", params={"pilot": v, "lang": "nl"}).text
        for v in ("zsm", label, f"{base}id/pilot/zsm")
    }
    assert len(found) == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see scripts/system.sh")
def test_the_page_is_used_with_the_keyboard(live: Live) -> None:
    """Choose a pilot, ask for the proof, and the answer stands there with its passages; nothing fails on the way."""
    expected = table(NAME, GIVEN, evidence=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="nl-NL")
        outside: list[str] = []
        page.on("request", lambda asked: outside.append(asked.url) if not asked.url.startswith(live.url) else None)
        page.goto(f"{live.url}/query/?lang=nl")
        page.get_by_role("link", name="Wie doet waaraan mee, en hoe?").click()
        page.get_by_label("Alleen deze pilot of dit programma").select_option("zsm")
        page.get_by_label("Toon onder elke rij de passages").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**pilot=zsm**")
        assert page.locator("tbody tr:not(.passages)").count() == len(expected.rows)
        assert page.locator("tr.passages q").count() == sum(map(len, expected.passages))
        assert page.locator("#p-pilot").input_value() == "zsm"
        assert page.locator("#link").input_value().startswith(f"{live.url}/query/{NAME}.html?pilot=zsm")
        page.get_by_role("link", name="English").click()
        assert page.locator("h1").inner_text() == "Who takes part in what, and how?"
        assert page.locator("#p-pilot").input_value() == "zsm"
        assert outside == []
        browser.close()


PAGES = (
    f"/query/{NAME}.html?pilot=zsm&evidence=true&lang=nl",
    f"/query/{NAME}.html?pilot=zms&lang=en",
    "/query/pilot-dossier.html?lang=en",
    "/query/?lang=en",
    "/api.html?lang=nl",
    "/query/nothing.html",
)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; see scripts/system.sh")
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed; run npm ci in viz/")
def test_pages_are_accessible(live: Live) -> None:
    """Axe finds nothing, light and dark, on a desk and on a phone; no page is wider than the screen."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, scheme in ((1300, "light"), (390, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                bypass_csp=True,  # type: ignore[arg-type]
            )
            page = context.new_page()
            for path in PAGES:
                page.goto(live.url + path)
                page.evaluate(AXE.read_text())
                ids = "axe.run({resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))"
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                found[path, width] = (page.evaluate(ids), max(0, wide))
            context.close()
        browser.close()
    assert found == dict.fromkeys(found, ([], 0))


def test_a_page_tells_what_is_wrong(live: Live) -> None:
    """With 400 and the form to put it right; without any parameter the form only, which is no error."""
    wrong = live.client.get(f"/query/{NAME}.html?pilot=zms&lang=nl", headers={"accept": BROWSER})
    assert wrong.status_code == 400
    assert "did you mean zsm" in wrong.text
    assert '<option value="zms" selected>' in wrong.text
    first = live.client.get("/query/pilot-dossier.html?lang=nl", headers={"accept": BROWSER})
    assert (first.status_code, "Kies hierboven eerst een waarde" in first.text) == (200, True)


def test_markup_in_a_parameter_stays_text(live: Live) -> None:
    """It is shown as it was given, and is no markup."""
    evil = '"><script>alert(1)</script>'
    got = live.client.get(f"/query/{NAME}.html", params={"pilot": evil}, headers={"host": 'a"><script>x'})
    assert (got.status_code, "<script>alert" in got.text, "<script>x" in got.text) == (400, False, False)


def test_a_list_of_all(live: Live) -> None:
    """Every named query stands in the list, with a link that answers or asks for what it needs."""
    listed = live.client.get("/query/?lang=en").text
    dataset = Dataset.open()
    names = [path.stem for kind in KINDS for path in dataset.query_files(kind)]
    assert [name for name in names if f'href="{name}.html?lang=en"' not in listed] == []


def test_terms_of_every_kind_have_ajson_type() -> None:
    """Numbers, truth and dates as JSON and the documentation name them; a column of several kinds is text."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    cases: list[tuple[Any, str | None, Any]] = [
        (None, None, None),
        (NamedNode("http://x/"), "iri", "http://x/"),
        (Literal("a", language="nl"), "text", "a"),
        (Literal("12", datatype=NamedNode(f"{xsd}integer")), "integer", 12),
        (Literal("1.50", datatype=NamedNode(f"{xsd}decimal")), "number", 1.5),
        (Literal("INF", datatype=NamedNode(f"{xsd}double")), "number", "INF"),
        (Literal("NaN", datatype=NamedNode(f"{xsd}double")), "number", "NaN"),
        (Literal("true", datatype=NamedNode(f"{xsd}boolean")), "boolean", True),
        (Literal("x", datatype=NamedNode(f"{xsd}integer")), "integer", "x"),
        (Literal("2021-03", datatype=NamedNode(f"{xsd}gYearMonth")), "month", "2021-03"),
    ]
    assert [(json_type([node]), json_value(node)) for node, *_ in cases] == [(kind, value) for _, kind, value in cases]
    assert json.loads(json.dumps([json_value(node) for node, *_ in cases])) == [value for *_, value in cases]
    assert json_type([Literal(1), Literal("a")]) == "text"
    assert json_type([Literal(1), Literal(1.5)]) == "number"
