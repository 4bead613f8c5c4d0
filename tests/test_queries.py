"""The query library: headers, and parameters that stay data whatever is written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError, PilotGraphError, SourceError
from pilotgraph.queries import bind, did_you_mean, find_query, library, parse_query, read_query
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tiny
    from pyoxigraph import Quad

    from pilotgraph.store.base import Reader

NAMED = """#+ summary: Which pilots?
#+ summary_nl: Welke pilots?
#+ reading: one row
#+ reading: a pilot
#+ param: pilot | pilot | required | a pilot | een pilot
#+ param: least | integer | optional | at least | minstens
#+ param: since | date | optional | since | sinds
#+ param: text | string | optional | a text | een tekst
SELECT ?pilot ?least ?since ?text ?lang { VALUES ?pilot { UNDEF } VALUES ?least { UNDEF } VALUES ?since { UNDEF }
  VALUES ?text { UNDEF } VALUES ?lang { "en" } ?pilot a pg:Pilot }
"""


@pytest.fixture
def dataset(tiny: Tiny) -> Dataset:
    """A data set with two pilots and one question."""
    label = "skos:prefLabel"
    tiny.add(
        "register",
        f'@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\npilot:alfa a pg:Pilot ; {label} "Pilot Alfa"@nl .\n'
        f'pilot:beta a pg:Pilot ; {label} "Pilot Beta"@nl .\n',
    )
    (tiny.root / "queries/question/which-pilots.rq").write_text(NAMED)
    return Dataset.open(tiny.root)


@pytest.fixture
def reader(dataset: Dataset) -> Reader:
    """The pilots in memory."""
    from pilotgraph.load import in_memory  # noqa: PLC0415 - one fixture

    return in_memory(dataset)


def test_a_header_is_read(dataset: Dataset) -> None:
    """Summary, reading and parameters are read; repeated lines join; a missing translation falls back."""
    (query,) = library(dataset)
    assert (query.name, query.say("summary", "nl"), query.say("summary", "en")) == (
        "which-pilots",
        "Welke pilots?",
        "Which pilots?",
    )
    assert query.say("reading", "nl") == "one row a pilot"
    assert query.say("nothing", "en") == ""
    assert [(p.name, p.kind, p.required, p.about["nl"]) for p in query.parameters] == [
        ("pilot", "pilot", True, "een pilot"),
        ("least", "integer", False, "minstens"),
        ("since", "date", False, "sinds"),
        ("text", "string", False, "een tekst"),
    ]


@pytest.mark.parametrize("line", ["pilot", "pilot | pilot | maybe | a | b", "a | b | required | c"])
def test_a_parameter_line_that_cannot_be_read_is_named(line: str) -> None:
    """A wrong param line is named with its line number and the form that it should have."""
    with pytest.raises(SourceError) as caught:
        parse_query(f"#+ summary: x\n#+ param: {line}\nASK {{}}", "mine")
    assert caught.value.message == (
        "mine:2: a param line reads: name | type | required or optional | description | beschrijving"
    )


def test_a_query_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """The encoding is checked before anything else."""
    path = tmp_path / "q.rq"
    path.write_bytes(b"# caf\xe9")
    with pytest.raises(SourceError) as caught:
        read_query(path)
    assert caught.value.message == f"{path}: is not UTF-8; save it as UTF-8"


@pytest.mark.parametrize("value", ["alfa", "Pilot Alfa", "pilot alfa", "https://example.org/set/id/pilot/alfa"])
def test_a_thing_is_found_by_slug_label_or_iri(dataset: Dataset, reader: Reader, value: str) -> None:
    """However a pilot is named, its IRI is what goes into the query; other parameters take their types."""
    query = find_query(dataset, "which-pilots")
    given_ = {"pilot": value, "least": "-7", "since": "2022-07-06", "text": "x"}
    (row,) = reader.select(bind(query, given_, dataset, reader, "nl"))
    assert [str(row[name]) for name in ("pilot", "least", "since", "text", "lang")] == [
        "<https://example.org/set/id/pilot/alfa>",
        '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"2022-07-06"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"x"',
        '"nl"',
    ]


WRONG = [
    ({}, "which-pilots: the parameter pilot is missing; add --param pilot=…"),
    (
        {"pilot": "alfa", "plot": "x"},
        "which-pilots: no parameter plot; did you mean pilot?; it has lang, least, pilot, since, text",
    ),
    ({"pilot": "alva"}, "which-pilots: the parameter pilot: no pilot 'alva'; did you mean alfa?"),
    (
        {"pilot": "zzz"},
        "which-pilots: the parameter pilot: no pilot 'zzz'; there are 2, such as alfa, beta",
    ),
    ({"pilot": "alfa", "least": "1.5"}, "which-pilots: the parameter least must be a whole number, not '1.5'"),
    (
        {"pilot": "alfa", "since": "July"},
        "which-pilots: the parameter since must be a date such as 2022-07-06, not 'July'",
    ),
    ({"pilot": "alfa", "lang": "de"}, "which-pilots: the parameter lang is en or nl, not 'de'"),
]


@pytest.mark.parametrize(("values", "message"), WRONG)
def test_a_wrong_parameter_is_explained(dataset: Dataset, reader: Reader, values: dict[str, str], message: str) -> None:
    """Missing, unknown or of the wrong type: the message names the parameter and what would fit."""
    with pytest.raises(DatasetError) as caught:
        bind(find_query(dataset, "which-pilots"), values, dataset, reader)
    assert caught.value.message == message


def test_an_unknown_query_suggests_near_names(dataset: Dataset) -> None:
    """A mistyped name is met with the right one."""
    with pytest.raises(DatasetError) as caught:
        find_query(dataset, "witch-pilots")
    assert caught.value.message == (
        "witch-pilots: no such query, and no such file; did you mean which-pilots?; see: pilotgraph query --list"
    )
    assert did_you_mean("x", ["alfa"]) == ""


def test_a_declared_parameter_needs_its_block(dataset: Dataset, reader: Reader) -> None:
    """A header that declares what the query does not use is a fault of the query."""
    query = parse_query("#+ param: n | integer | required | a | b\nASK {}", "mine")
    with pytest.raises(SourceError) as caught:
        bind(query, {"n": "1"}, dataset, reader)
    assert caught.value.message == (
        "mine: the header declares ?n, but there is no VALUES ?n { UNDEF } block; add it to WHERE"
    )


INJECTIONS = ["alfa> } DROP ALL", 'x" } DROP ALL #', "'} ; DELETE WHERE {?s ?p ?o}", "\\", "\\u0022 }", "a\nb", "UNDEF"]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_parameter_stays_data(dataset: Dataset, reader: Reader, value: str) -> None:
    """What looks like SPARQL in a text is that text, and in the name of a thing it is no such thing."""
    query = find_query(dataset, "which-pilots")
    (row,) = reader.select(bind(query, {"pilot": "alfa", "text": value}, dataset, reader))
    assert plain(row["text"]) == value
    with pytest.raises(DatasetError, match="no pilot"):
        bind(query, {"pilot": value}, dataset, reader)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_stays_data(value: str) -> None:
    """Every text comes out of the query as it went in."""
    dataset, store = Dataset.open(), EmbeddedStore()
    query = parse_query("#+ param: t | string | required | a | b\nSELECT ?t { VALUES ?t { UNDEF } }", "mine")
    (row,) = store.select(bind(query, {"t": value}, dataset, store))
    assert plain(row["t"]) == value


CARET = "    ?s ?p }\n           ^"
NESTED = "is nested more than 100 levels deep"
DEEP = {
    "braces": ("SELECT * {" + "{" * 10_000 + "}" * 10_000 + "}", NESTED),
    "brackets": ("SELECT (" + "(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}", NESTED),
    "functions": (
        "SELECT (" + "STR(" * 10_000 + "1" + ")" * 10_000 + " AS ?x) {}",
        "is nested more than 100 levels deep",
    ),
    "signs": ("SELECT (" + "!" * 10_000 + "true AS ?x) {}", "is too long a chain"),
    "sums": ("SELECT (1" + "+1" * 10_000 + " AS ?x) {}", "is too long a chain"),
    "differences": ("SELECT (1" + "-1" * 10_000 + " AS ?x) {}", "is too long a chain"),
    "paths": ("SELECT * { ?s <a:a>" + "/<a:a>" * 10_000 + " ?o}", "is too long a chain"),
    "unions": ("SELECT * { {}" + " UNION {}" * 10_000 + "}", "is too long a chain"),
    "triples": ("SELECT * { " + "?s ?p ?o ." * 10_000 + "}", "is too long a chain"),
    "objects": ("SELECT * { ?s ?p ?o" + ", ?o" * 10_000 + "}", "is too long a chain"),
}


@pytest.mark.parametrize("kind", DEEP)
def test_a_query_that_the_engine_would_not_survive_is_refused(kind: str) -> None:
    """The engine's parser calls itself for each level: what is too deep is refused, not tried."""
    text, fault = DEEP[kind]
    with pytest.raises(SourceError) as caught:
        EmbeddedStore().query(text)
    assert caught.value.message == f"query:1: {fault} for the engine; ask in smaller steps"


def test_long_lists_are_no_deep_queries() -> None:
    """Thousands of values, and brackets in texts, IRIs and comments, are no nesting."""
    values = " ".join(f'"({number}"' for number in range(20_000))
    rows = list(EmbeddedStore().select(f"SELECT ?x {{ VALUES ?x {{ {values} <x:(((> }} }} # {'(' * 9000}"))
    assert len(rows) == 20_001


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "query: is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query"),
        ("# nothing\nPREFIX a: <b:c>\n", "query: is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query"),
        (
            "PREFIX a: <b:c> DROP ALL",
            "query: is an update, and a query only reads; write SELECT, ASK, CONSTRUCT or DESCRIBE",
        ),
        (
            "SELECT * {\n  ?s ?p }",
            "query:2: syntax error at column 10: expected one of LATERAL, SERVICE, [_]; correct the query\n" + CARET,
        ),
        (
            "PREFIX pg: <https://w3id.org/pilotgraph/def#> SELEC * {}",
            "query:1: syntax error at column 10: expected CONSTRUCT; correct the query\n  SELEC * {}\n           ^",
        ),
    ],
)
def test_a_syntax_error_has_its_place(text: str, message: str) -> None:
    """A query that cannot be read is shown with line, column and a caret; an update is told from a query."""
    with pytest.raises(SourceError) as caught:
        EmbeddedStore().query(text)
    assert caught.value.message == message


@given(st.text(alphabet='SELECT*{}?sp<>"#()\n ', max_size=40))
def test_no_text_breaks_the_engine(text: str) -> None:
    """Any text is a query or gives one message."""
    try:
        EmbeddedStore().query(text)
    except PilotGraphError as error:
        assert error.message.startswith("query")  # noqa: PT017 - either outcome is right


def test_a_reader_gives_only_the_kind_that_is_asked_for() -> None:
    """SELECT, CONSTRUCT and ASK are told apart, each with a message of its own."""
    store = EmbeddedStore()
    quads: list[Quad] = list(store.quads())
    assert (quads, store.ask(f"ASK {{ ?s a <{PG}Pilot> }}")) == ([], False)
    for ask, kind, text in (
        (store.select, "SELECT", "ASK {}"),
        (store.construct, "CONSTRUCT or DESCRIBE", "SELECT * {}"),
        (store.ask, "ASK", "SELECT * {}"),
    ):
        with pytest.raises(SourceError) as caught:
            ask(text)
        assert caught.value.message == f"query: the query is of another kind; use {kind} here"
