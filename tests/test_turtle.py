"""Turtle as the project writes it, and the lines on which subjects stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pilotgraph.errors import SourceError
from pilotgraph.rdf import parse_bytes
from pilotgraph.turtle import FOOT, subject_comments, subject_lines, write_turtle

FILE = Path("data.ttl")
BASE = "https://example.org/set/"
XSD = "http://www.w3.org/2001/XMLSchema#"

LOCAL = st.text(alphabet="abcXYZ019-_.~%é(/:'", min_size=1, max_size=6).map(lambda s: s.replace("%", "%41"))
IRIS = st.builds(
    str.__add__,
    st.sampled_from(
        [
            "http://ex.org/",
            "urn:x:",
            XSD,
            "https://w3id.org/pilotgraph/def#",
            "http://www.w3.org/ns/org#",
            f"{BASE}id/org/",
            f"{BASE}id/pilot/",
            f"{BASE}id/concept/pilot/",
            f"{BASE}id/2022/",
            f"{BASE}graph/",
        ]
    ),
    LOCAL,
).map(NamedNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["nl", "en-gb"])),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(XSD + name)),
        TEXTS | st.sampled_from(["1", "-007", "+1.50", ".5", "1.", "true", "1e3", "2021-02-30", "0x1"]),
        st.sampled_from(["integer", "decimal", "boolean", "date", "gYear", "double"]),
    ),
)
TRIPLES = st.lists(st.builds(Triple, IRIS, IRIS, IRIS | LITERALS), max_size=8)


def parsed(text: str) -> set[Triple]:
    """Read a text back."""
    return {quad.triple for quad in parse_bytes(text.encode(), FILE)}


@given(TRIPLES)
def test_what_is_written_is_read_back(triples: list[Triple]) -> None:
    """Writing and parsing gives the same triples, lexical forms and all, whatever prefixes would collide."""
    text = write_turtle(triples, BASE)
    assert parsed(text) == set(triples)
    assert write_turtle(reversed(triples), BASE) == text
    assert write_turtle(parsed(text), BASE) == text


@given(TRIPLES)
def test_every_subject_has_its_line(triples: list[Triple]) -> None:
    """In what the writer wrote, the line of a subject is the one that begins with it."""
    text = write_turtle(triples, BASE)
    lines = subject_lines(text)
    assert set(lines) == {triple.subject.value for triple in triples}
    rows = text.split("\n")
    for line in lines.values():
        assert rows[line - 1][0] == "<" or rows[line - 1][0].isalpha()


def test_two_namespaces_never_share_a_prefix() -> None:
    """If two namespaces would take one prefix, one of them is written in full."""
    own, standard = NamedNode(f"{BASE}id/org/a"), NamedNode("http://www.w3.org/ns/org#a")
    assert write_turtle([Triple(own, standard, own)], BASE) == (
        "@prefix org: <http://www.w3.org/ns/org#> .\n\n"
        "<https://example.org/set/id/org/a> org:a <https://example.org/set/id/org/a> .\n"
    )


def test_the_canonical_form() -> None:
    """Prefixes, subjects, predicates and objects are sorted, a type comes first, blank nodes come last."""
    text = """PREFIX pg: <https://w3id.org/pilotgraph/def#> PREFIX p: <https://example.org/set/id/pilot/>
    _:x pg:amount 1.50 . p:b pg:note "two\\nlines", "a \\"quote\\""@nl ; a pg:Pilot . p:a pg:value 7, 5 ."""
    assert write_turtle(parsed(text), BASE).replace(str(next(iter(blank_nodes(text)))), "_:x") == (
        "@prefix pg: <https://w3id.org/pilotgraph/def#> .\n"
        "@prefix pilot: <https://example.org/set/id/pilot/> .\n"
        "\n"
        "pilot:a pg:value 5 ,\n        7 .\n"
        "\n"
        'pilot:b a pg:Pilot ;\n    pg:note "a \\"quote\\""@nl ,\n        "two\\nlines" .\n'
        "\n"
        "_:x pg:amount 1.50 .\n"
    )


def blank_nodes(text: str) -> set[BlankNode]:
    """The blank nodes that are subjects in a text."""
    return {triple.subject for triple in parsed(text) if isinstance(triple.subject, BlankNode)}


ODD = (Path(__file__).parent / "turtle/odd.ttl").read_text(encoding="utf-8")


def test_lines_of_odd_turtle() -> None:
    """Comments, long texts, lists, escapes and both ways to declare a prefix do not lead the lines astray."""
    expected = {quad.subject.value for quad in parse_bytes(ODD.encode(), FILE) if isinstance(quad.subject, NamedNode)}
    rows = ODD.split("\n")

    def line(start: str) -> int:
        return next(n for n, row in enumerate(rows, 1) if start in row)

    assert subject_lines(ODD) == {
        "http://ex.org/one": line("ex:one a"),
        "http://ex.org/two.dots": line("ex:two.dots"),
        "http://ex.org/same_line": line("ex:two.dots"),
        "http://ex.org/none/default": line(":default"),
        "http://ex.org/sp/sparql": line(":default"),
        "http://ex.org/dot/c": line("a.b:c"),
        "http://ex.org/base/relative": line("<relative>"),
        "http://ex.org/esc,aped.name": line("ex:esc"),
        "http://ex.org/p%20c": line("ex:p%20c"),
        "http://ex.org/été": line(r"\u00e9t"),
        "http://ex.org/last": line("ex:last"),
    }
    assert set(subject_lines(ODD)) == expected


def test_lines_of_trig() -> None:
    """A graph's name is no subject, and the last statement before a brace needs no full stop."""
    text = (
        "@prefix ex: <http://ex.org/> .\nex:g {\n  ex:a ex:p 1 .\n  ex:b ex:p 2\n}\n"
        "GRAPH ex:h {\n  ex:g ex:p 3\n}\n{ ex:c ex:p 4 }\nex:d ex:p 5 .\n"
    )
    lines = {"a": 3, "b": 4, "g": 7, "c": 9, "d": 10}
    assert subject_lines(text) == {f"http://ex.org/{name}": line for name, line in lines.items()}
    assert {quad.subject.value for quad in parse_bytes(text.encode(), Path("x.trig"))} == set(subject_lines(text))


def test_lines_of_n_quads() -> None:
    """N-Triples and N-Quads are read a line a statement."""
    text = '<http://a/1> <http://b> "x . <y>" <http://g> .\n# c\n_:b <b:b> <c:c> .\n<http://a/2> <http://b> _:b .\n'
    assert subject_lines(text) == {"http://a/1": 1, "http://a/2": 4}


@given(st.text(max_size=60) | st.text(alphabet='@prefix:<>"\\[](){}.;,#_ab1\n', max_size=60))
def test_no_text_breaks_the_search_for_lines(text: str) -> None:
    """The search for lines ends for every text, and gives lines that the text has."""
    assert all(1 <= line <= text.count("\n") + 1 for line in subject_lines(text).values())


COMMENTED = """# Head of the file.
# Two lines of it.
@prefix ex: <http://ex.org/> .

# About b. With a dot.
ex:b ex:p 1 .

# About a,
# in two lines.
ex:a ex:p "# no comment" ;
    ex:q 2 .
# The end.
"""


def test_comments_keep_their_subject() -> None:
    """Comment lines go with the subject below them; those at both ends stay there."""
    comments = subject_comments(COMMENTED, FILE)
    assert comments == {
        "": "# Head of the file.\n# Two lines of it.\n",
        "http://ex.org/b": "# About b. With a dot.\n",
        "http://ex.org/a": "# About a,\n# in two lines.\n",
        FOOT: "# The end.\n",
    }
    text = write_turtle(parsed(COMMENTED), BASE, comments)
    assert text == (
        "# Head of the file.\n# Two lines of it.\n# About a,\n# in two lines.\n"
        '<http://ex.org/a> <http://ex.org/p> "# no comment" ;\n    <http://ex.org/q> 2 .\n\n'
        "# About b. With a dot.\n<http://ex.org/b> <http://ex.org/p> 1 .\n\n# The end.\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [("<http://a> <http://b> 1 . # why\n", 1), ("<http://a> <http://b> 1 ;\n# why\n  <http://c> 2 .\n", 2)],
)
def test_a_comment_that_would_be_lost_is_refused(text: str, line: int) -> None:
    """A comment inside or behind a statement has no place in the canonical form, and is not dropped in silence."""
    with pytest.raises(SourceError) as caught:
        subject_comments(text, FILE)
    assert caught.value.message == (
        f"data.ttl:{line}: a comment stands inside or behind a statement and would be lost; put it above the subject"
    )


def test_the_bundled_data_is_canonical(root: Path) -> None:
    """Every data file of the flagship set is what the writer makes of it, and has a line for every subject."""
    base = "https://w3id.org/pilotgraph/rechtsbijstand/"
    for path in sorted((root / "data/turtle").rglob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        triples = parsed(text)
        assert write_turtle(triples, base, subject_comments(text, path)) == text, path
        assert set(subject_lines(text)) == {triple.subject.value for triple in triples}, path
