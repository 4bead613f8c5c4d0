"""The formats in which answers leave: whole, deterministic, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results

from pilotgraph.answers import Table, neutral, render

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command, Tiny

XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = """SELECT ?text ?number ?thing ?none {
  VALUES (?text ?number ?thing ?none) {
    ("=1+1" 7 <https://example.org/set/id/pilot/a> UNDEF)
    ("a, \\"b\\"\\n| <c> [d] `e`"@nl -1.5 <https://example.org/x> UNDEF)
  }
} ORDER BY DESC(?number)"""
CONSTRUCT = "CONSTRUCT { pg:b pg:p 1 . pg:a pg:p 'x'@nl } WHERE {}"
EXPECTED = {
    "table": (
        "text               number  thing                  none\n"
        "─────────────────  ──────  ─────────────────────  ────\n"
    ),
    "csv": ('text,number,thing,none\n\'=1+1,7,pilot:a,\n"a, ""b""\n| <c> [d] `e`",-1.5,https://example.org/x,\n'),
    "tsv": (
        'text\tnumber\tthing\tnone\n\'=1+1\t7\tpilot:a\t\n"a, ""b""\n| <c> [d] `e`"\t-1.5\thttps://example.org/x\t\n'
    ),
    "md": (
        "| text | number | thing | none |\n|---|---|---|---|\n| =1+1 | 7 | pilot:a |  |\n"
        '| a, "b" \\| &lt;c> \\[d] \\`e\\` | -1.5 | https://example.org/x |  |\n'
    ),
}
FORMULAS = ["=1+1", "+31 6", "-x", "@x", "\tx", "\rx", "=HYPERLINK(1)"]


@pytest.mark.parametrize("format_", ["csv", "tsv", "md"])
def test_a_table_in_each_text_format(tiny: Tiny, pilotgraph: Command, format_: str) -> None:
    """Values are written bare, IRIs short, texts quoted or escaped as the format asks."""
    result = pilotgraph("query", "-", "--format", format_, "--dataset", tiny.root, "-q", stdin=VALUES)
    assert result == (0, EXPECTED[format_], "")


def test_json_is_the_standard_form(tiny: Tiny, pilotgraph: Command) -> None:
    """JSON is SPARQL 1.1 Query Results JSON: another parser reads the same terms from it."""
    result = pilotgraph("query", "-", "--format", "json", "--dataset", tiny.root, "-q", stdin=VALUES)
    read = parse_query_results(result.out.encode(), format=QueryResultsFormat.JSON)
    rows = [
        [str(row[name]) if row[name] is not None else None for name in ("text", "number", "thing", "none")]
        for row in read
    ]
    assert rows == [
        ['"=1+1"', f'"7"^^<{XSD}integer>', "<https://example.org/set/id/pilot/a>", None],
        ['"a, \\"b\\"\\n| <c> [d] `e`"@nl', f'"-1.5"^^<{XSD}decimal>', "<https://example.org/x>", None],
    ]


def test_a_spreadsheet_reads_back(tiny: Tiny, tmp_path: Path, pilotgraph: Command) -> None:
    """In XLSX numbers are numbers, texts are texts, and nothing is a formula."""
    path = tmp_path / "answer.xlsx"
    assert pilotgraph("query", "-", "-o", path, "--dataset", tiny.root, "-q", stdin=VALUES).code == 0
    sheet = openpyxl.load_workbook(path)["answer"]
    assert [[value or None for value in row] for row in sheet.iter_rows(values_only=True)] == [
        ["text", "number", "thing", "none"],
        ["'=1+1", 7, "pilot:a", None],
        ['a, "b"\n| <c> [d] `e`', -1.5, "https://example.org/x", None],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_neutralised(text: str) -> None:
    """A text that a spreadsheet would run gets an apostrophe; so does one that only looks like a number."""
    assert neutral(Literal(text), "") == "'" + text
    assert neutral(Literal(text, language="nl"), "") == "'" + text
    table = Table(["x"], [[Literal(text)]], [[]])
    written = render(table, "csv", "", evidence=False)
    assert isinstance(written, str)
    if sys.version_info >= (3, 13) or text[0] != "\r":  # before 3.13 the csv module leaves a carriage return unquoted
        assert list(csv.reader(io.StringIO(written, newline="")))[1] == ["'" + text]
    book = render(table, "xlsx", "", evidence=False)
    assert isinstance(book, bytes)
    assert openpyxl.load_workbook(io.BytesIO(book))["answer"]["A2"].data_type == "s"


@pytest.mark.parametrize("text", ["-1", "+1", "-1.5", "1"])
def test_a_number_stays_a_number(text: str) -> None:
    """A number with a sign is no formula; the same text without a numeric type is neutralised."""
    assert neutral(Literal(text, datatype=NamedNode(XSD + "decimal")), "") == text
    assert neutral(Literal(text), "") == ("'" + text if text[0] in "+-" else text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10), min_size=1, max_size=4))
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    """CSV is quoted so that every text is read back, but for the apostrophe before a formula."""
    written = render(Table(["x"], [[Literal(text)] for text in texts], [[] for _ in texts]), "csv", "", evidence=False)
    assert isinstance(written, str)
    read = [row[0] if row else "" for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert read == [neutral(Literal(text), "") for text in texts]


@pytest.mark.parametrize("format_", ["table", "csv", "tsv", "json", "xlsx", "md"])
def test_the_same_question_gives_the_same_bytes(tmp_path: Path, pilotgraph: Command, format_: str) -> None:
    """Asked twice, with evidence, a question gives the same bytes in every format."""
    for name in ("one", "two"):
        arguments = ("query", "pilots", "--evidence", "--format", format_, "-o", tmp_path / name, "-q")
        assert pilotgraph(*arguments).code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_graphs_leave_as_turtle_or_json_ld(tiny: Tiny, pilotgraph: Command) -> None:
    """The answer to CONSTRUCT is canonical Turtle, or JSON-LD with the same triples."""
    turtle = pilotgraph("query", "-", "--format", "ttl", "--dataset", tiny.root, stdin=CONSTRUCT)
    assert turtle == (
        0,
        '@prefix pg: <https://w3id.org/pilotgraph/def#> .\n\npg:a pg:p "x"@nl .\n\npg:b pg:p 1 .\n',
        "",
    )
    linked = pilotgraph("query", "-", "--format", "jsonld", "--dataset", tiny.root, stdin=CONSTRUCT)
    read = {str(quad.triple) for quad in parse(linked.out.encode(), RdfFormat.JSON_LD)}
    assert read == {str(quad.triple) for quad in parse(turtle.out.encode(), RdfFormat.TURTLE)}


def test_ask(tiny: Tiny, pilotgraph: Command) -> None:
    """No is an answer and no failure."""
    options = ("--dataset", tiny.root)
    assert pilotgraph("query", "-", *options, stdin="ASK { ?p a pg:Pilot }") == (0, "true\n", "")
    assert pilotgraph("query", "-", *options, stdin="ASK { ?p a pg:Programme }") == (0, "false\n", "")
    told = pilotgraph("query", "-", *options, "--format", "json", stdin="ASK { ?p a pg:Programme }")
    assert json.loads(told.out)["boolean"] is False


@pytest.mark.parametrize(
    ("text", "format_", "message"),
    [
        ("SELECT * {}", "ttl", "the format ttl holds a graph, but this query gives rows; use one of "),
        (CONSTRUCT, "csv", "the query gives a graph, and csv holds rows; use --format ttl or jsonld"),
    ],
)
def test_a_format_that_does_not_fit_is_refused(
    tiny: Tiny, pilotgraph: Command, text: str, format_: str, message: str
) -> None:
    """Rows do not go into a graph format, nor a graph into a table."""
    result = pilotgraph("query", "-", "--format", format_, "--dataset", tiny.root, stdin=text)
    assert (result.code, result.out) == (3, "")
    assert message in result.err


def test_a_row_comes_with_its_passages(tiny: Tiny, pilotgraph: Command) -> None:
    """With --evidence each row has the passages of its claims; a row without a claim says so."""
    tiny.source("Pilot Alfa kost € 5.")
    tiny.claim("kost € 5.", "pg:amount 5")
    path = tiny.root / "data/turtle/register.ttl"
    path.write_text(path.read_text() + 'source:s dct:identifier "s" .\n')
    text = "SELECT ?pilot ?amount { ?c pg:about ?pilot ; pg:amount ?amount }"
    arguments = ("query", "-", "--dataset", tiny.root, "--evidence", "--format", "csv")
    assert pilotgraph(*arguments, stdin=text).out == 'pilot,amount,evidence\npilot:alfa,5,"s, , p. 1: “kost € 5.”"\n'
    untold = pilotgraph(*arguments, stdin="SELECT (1 AS ?one) {}")
    assert untold.out == "one,evidence\n1,(rests on register or vocabulary only)\n"
    assert "register or vocabulary only" in untold.err
