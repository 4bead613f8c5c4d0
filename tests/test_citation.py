"""Footnotes that can be checked: what their fingerprint depends on, and what a check says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.answers import Table
from pilotgraph.citation import (
    canonical,
    check,
    check_query,
    cite,
    fingerprint,
    keep,
    parse_citation,
    read_kept,
    whole_answer,
)
from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError, SourceError
from pilotgraph.queries import find_query, parse_query
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

ROWS = [[NamedNode("https://example.org/a"), Literal("één", language="nl")], [None, Literal(2)]]


def table(*order: int, names: tuple[str, ...] = ("a", "b")) -> Table:
    """The rows in some order."""
    return Table(list(names), [ROWS[n] for n in order], [[] for _ in order])


@pytest.fixture(scope="module")
def bundled() -> Dataset:
    """The data set that pilotgraph carries."""
    return Dataset.open()


def test_the_canonical_answer_is_as_documented() -> None:
    """Columns by name, terms as N-Triples, rows sorted, blank nodes without a name."""
    found = canonical(
        Table(["b", "a"], [[Literal(2), BlankNode("x")], [ROWS[0][1], ROWS[0][0]], [None, None]], [[]] * 3)
    )
    assert found == [
        "a\tb",
        "\t",
        '<https://example.org/a>\t"één"@nl',
        '_:\t"2"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_order_does_not_matter_but_every_row_does() -> None:
    """Rows and columns may come in any order; a row twice, a value or a column name more is another answer."""
    first = fingerprint(canonical(table(0, 1)))
    turned = Table(["b", "a"], [list(reversed(row)) for row in reversed(ROWS)], [[], []])
    assert fingerprint(canonical(table(1, 0))) == first
    assert fingerprint(canonical(turned)) == first
    others = [table(0), table(0, 1, 1), table(0, 1, names=("a", "c"))]
    assert first not in {fingerprint(canonical(other)) for other in others}


def test_every_kind_of_answer_can_be_cited() -> None:
    """Rows, true or false, and a graph."""
    store = EmbeddedStore()
    assert whole_answer(store.query("ASK { ?s ?p ?o }")).rows == [[Literal(False)]]  # noqa: FBT003 - a literal's value
    graph = whole_answer(store.query("CONSTRUCT { <i:s> <i:p> 1 } WHERE {}"))
    assert (graph.variables, len(graph.rows)) == (["subject", "predicate", "object"], 1)
    assert whole_answer(store.query("SELECT ?x { VALUES ?x { 1 2 } }")).variables == ["x"]


@pytest.mark.parametrize(
    ("language", "beginning", "end"),
    [
        ("en", "“", "” (query status, pilot = zsm), answered with 2 rows from {title}, edition {edition}; "),
        ("nl", "‘", "’ (vraag status, pilot = zsm), beantwoord met 2 rijen uit {title}, editie {edition}; "),
    ],
)
def test_the_footnote_of_a_named_query(bundled: Dataset, language: str, beginning: str, end: str) -> None:
    """A sentence for people, then the part for machines with everything that a check needs."""
    query = find_query(bundled, "status")
    text = cite(query, {"pilot": "zsm"}, bundled, table(0, 1), language)
    cited = parse_citation(text)
    said = end.format(title=bundled.title[language], edition=bundled.edition)
    assert text.startswith(beginning + query.say("summary", language) + said)
    assert f" {cited.answer[:12]}. [pilotgraph:query=status&" in text
    assert (cited.query, cited.parameters, cited.language, cited.rows) == ("status", {"pilot": "zsm"}, language, 2)
    assert (cited.data, cited.edition) == (bundled.base, bundled.edition)
    assert cited.answer == fingerprint(canonical(table(1, 0)))


@given(value=st.text(max_size=40), name=st.from_regex(r"[a-z]{1,8}", fullmatch=True))
def test_any_parameter_comes_back(value: str, name: str) -> None:
    """Whatever a parameter holds, brackets and line ends too, a footnote holds it, even when broken over lines."""
    dataset = Dataset.open()
    query = parse_query("SELECT ?s { ?s ?p ?o }", "free")
    text = cite(query, {name: value}, dataset, table(0), "en")
    start = text.index("[pilotgraph:")
    broken = text[:start] + "\n  ".join(text[n : n + 30] for n in range(start, len(text), 30))
    assert parse_citation(text).parameters == {name: value}
    assert parse_citation(broken) == parse_citation(text)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text[: text.index("[")], "needs one part [pilotgraph:…], but there is none"),
        (lambda text: text + text, "but there is 2 of them"),
        (lambda text: text[:-40] + "]", "is damaged"),
        (lambda text: text.replace("rows=", "rows=x"), "is damaged"),
        (lambda text: text.replace("edition=", "edit="), "is damaged (edition is missing or cut off)"),
        (lambda text: text.replace("lang=en", "lang=tlh"), "is damaged"),
        (lambda text: text.replace("[", "\\["[1:]).replace("]", ""), "but there is none"),
    ],
)
def test_a_damaged_footnote_is_not_taken(bundled: Dataset, damage: object, said: str) -> None:
    """It is said what is missing; a check never passes by accident."""
    text = cite(find_query(bundled, "status"), {}, bundled, table(0), "en")
    with pytest.raises(SourceError, match=re.escape(said)):
        parse_citation(damage(text))  # type: ignore[operator]


def test_the_same_answer_passes(bundled: Dataset) -> None:
    """In another order it is the same answer; another edition with the same answer is worth a remark."""
    query = find_query(bundled, "status")
    cited = parse_citation(cite(query, {}, bundled, table(0, 1), "en"))
    verdict = check(cited, query, bundled, table(1, 0), "en")
    assert verdict.same
    assert verdict.write("en") == f"The answer is the same: 2 rows, SHA-256 {cited.answer[:12]}.\n"
    later = check(cited, query, replace(bundled, edition="9.9"), table(1, 0), "nl")
    assert later.same
    assert later.remarks[1] == f"Er is geciteerd uit editie {bundled.edition}; dit is editie 9.9."


def test_without_rows_a_check_says_how_many(bundled: Dataset) -> None:
    """A fingerprint cannot tell which rows differ, and the check says that too."""
    query = find_query(bundled, "status")
    verdict = check(parse_citation(cite(query, {}, bundled, table(0, 1), "en")), query, bundled, table(0), "en")
    assert not verdict.same
    assert verdict.remarks[0] == "The answer differs: 2 rows when it was cited, 1 row now."
    assert "--cite-file" in verdict.remarks[1]


def test_with_rows_a_check_says_exactly_what_changed(bundled: Dataset) -> None:
    """Each row that is gone or new, as often as it is; a query that was changed is told."""
    query = find_query(bundled, "status")
    then = table(0, 0, 1)
    cited = read_kept(keep(cite(query, {}, bundled, then, "en"), then), "kept.json")
    now = Table(["a", "b"], [ROWS[0], ROWS[1], [None, Literal("new")]], [[]] * 3)
    verdict = check(cited, replace(query, text=query.text + "# changed"), bundled, now, "en")
    assert verdict.write("en") == (
        "The answer differs: 3 rows when it was cited, 3 rows now.\n"
        "The query itself has been changed since.\n"
        'gone: <https://example.org/a>\t"één"@nl\n'
        'new: \t"new"\n'
    )
    renamed = check(cited, query, bundled, table(0, 0, 1, names=("a", "c")), "en")
    assert "The columns differ: a, b when it was cited, a, c now." in renamed.remarks


def test_a_changed_citation_file_is_refused(bundled: Dataset) -> None:
    """Its rows must be those of its footnote; a file that is none is said to be none."""
    query = find_query(bundled, "status")
    document = json.loads(keep(cite(query, {}, bundled, table(0, 1), "en"), table(0, 1)))
    document["rows"] = document["rows"][:1]
    with pytest.raises(SourceError, match="its rows are not those of its footnote"):
        read_kept(json.dumps(document), "kept.json")
    for content in ("{", "{}", '{"citation": 3, "columns": "", "rows": []}', '{"citation": "x"}'):
        with pytest.raises(SourceError, match=re.escape("kept.json")):
            read_kept(content, "kept.json")


def test_a_citation_is_checked_against_its_own_query_and_data(bundled: Dataset) -> None:
    """Another data set, another named query, or another free query is refused with a message."""
    query, free = find_query(bundled, "status"), parse_query("SELECT ?s { ?s ?p ?o }", "free.rq")
    cited, cited_free = (parse_citation(cite(q, {}, bundled, table(0), "en")) for q in (query, free))
    check_query(cited, query, bundled)
    check_query(cited_free, replace(free, text=free.text + "  \n"), bundled)
    wrong = [
        (cited, query, replace(bundled, base="https://example.org/"), "the citation is of the data set"),
        (cited, find_query(bundled, "pilots"), bundled, "pilots: is not the query that was cited, status"),
        (cited_free, parse_query("ASK {}", "other.rq"), bundled, "other.rq: is not the query that was cited"),
    ]
    for citation, asked, dataset, said in wrong:
        with pytest.raises(DatasetError, match=re.escape(said)):
            check_query(citation, asked, dataset)


# At the command line.


def test_a_citation_at_the_command_line(pilotgraph: Command, tmp_path: Path) -> None:
    """Cited, kept and checked: in a file, as text, and from standard input; the answer itself goes to --output."""
    kept, answer = tmp_path / "kept.json", tmp_path / "answer.csv"
    done = pilotgraph("query", "partners-of-pilots", "-p", "pilot=zsm", "--cite", "--cite-file", kept, "-o", answer)
    assert done.code == 0
    assert done.out.startswith("“Who takes part in what, and how?” (query partners-of-pilots, pilot = zsm)")
    assert answer.read_text(encoding="utf-8").startswith("pilot")
    for footnote in (kept, done.out, done.out.replace("&", "\n&")):
        assert pilotgraph("query", "--check-citation", footnote).out.startswith("The answer is the same: ")
    assert pilotgraph("query", "--check-citation", "-", stdin=done.out).code == 0


def test_the_language_is_part_of_the_answer(pilotgraph: Command) -> None:
    """A Dutch answer is asked again in Dutch, whatever the language of the verdict."""
    done = pilotgraph("query", "pilots", "--cite", "--lang", "nl")
    checked = pilotgraph("query", "--check-citation", done.out, "--lang", "en")
    assert (checked.code, checked.out.split(":")[0]) == (0, "The answer is the same")


def test_a_free_query_is_cited_by_its_text(pilotgraph: Command, tmp_path: Path) -> None:
    """It has to be given again, unchanged."""
    query = tmp_path / "mine.rq"
    query.write_text("SELECT ?p { ?p a pg:Pilot }")
    done = pilotgraph("query", query, "--cite")
    assert done.out.startswith("Query of our own (SHA-256 ")
    assert pilotgraph("query", query, "--check-citation", done.out).code == 0
    without = pilotgraph("query", "--check-citation", done.out)
    assert (without.code, without.out) == (2, "")
    assert "a query without a name" in without.err
    query.write_text("SELECT ?p { ?p a pg:Programme }")
    other = pilotgraph("query", query, "--check-citation", done.out)
    assert (other.code, other.out) == (3, "")
    assert "is not the query that was cited" in other.err


def test_changed_data_is_found(pilotgraph: Command, flagship: Path, tmp_path: Path) -> None:
    """A claim less is a row gone: exit code 1, and the row is shown."""
    kept = tmp_path / "kept.json"
    asked = ("query", "partners-of-pilots", "-p", "pilot=zsm", "--dataset", flagship, "--cite", "--cite-file", kept)
    footnote = pilotgraph(*asked).out
    file = next((flagship / "data/turtle").glob("pilotoverzicht-*/zsm.ttl"))
    file.write_text(file.read_text().replace("pg:participant organisation:openbaar-ministerie ;\n", "", 1))
    exact = pilotgraph("query", "--check-citation", kept, "--dataset", flagship)
    assert exact.code == 1
    assert exact.out.count("\ngone: ") == 1
    assert "organisation/openbaar-ministerie" in exact.out
    short = pilotgraph("query", "--check-citation", footnote, "--dataset", flagship)
    assert short.code == 1
    assert "Which rows differ cannot be told" in short.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--check-citation", "no such thing"), 3, "is no file, and no footnote either"),
        (("--check-citation", "[pilotgraph:" + quote_plus("query=x") + "]"), 3, "is damaged"),
        (("-p", "pilot=zsm", "--check-citation", "{footnote}"), 2, "takes the parameters from the citation"),
        (("status", "--cite", "--cite-file", "{folder}"), 3, "is a folder"),
        (("pilots", "--check-citation", "{footnote}"), 3, "pilots: is not the query that was cited, status"),
    ],
)
def test_wrong_calls(pilotgraph: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    """One clear message each, and nothing on standard output."""
    footnote = pilotgraph("query", "status", "--cite").out
    done = pilotgraph("query", *(text.format(footnote=footnote, folder=tmp_path) for text in arguments))
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
