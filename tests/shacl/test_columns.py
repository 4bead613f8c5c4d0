"""Reading into columns, and the shortcuts that may not change a verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.errors import SourceError
from pilotgraph.shacl import judge, model
from pilotgraph.shacl.columns import values
from pilotgraph.shacl.columns.literals import CERTAIN
from pilotgraph.shacl.columns.read import Columns
from pilotgraph.shacl.columns.terms import parse_term

if TYPE_CHECKING:
    from pathlib import Path

A, P, Q = (NamedNode(f"https://ex.org/{name}") for name in "apq")
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["nl", "en-gb"])),
    st.builds(
        lambda text, type_: Literal(text, datatype=NamedNode(XSD + type_)), TEXTS, st.sampled_from(["date", "integer"])
    ),
)


def triples(columns: Columns) -> set[Triple]:
    """Give what the columns hold as triples."""
    term = columns.terms.term
    return {
        Triple(term(int(s)), NamedNode(iri), term(int(o)))
        for iri, subjects, objects in columns.tables()
        for s, o in zip(subjects, objects, strict=True)
    }


@given(st.lists(st.builds(Triple, st.sampled_from([A, BlankNode("b")]), st.sampled_from([P, Q]), LITERALS)))
@settings(max_examples=60, deadline=None)
def test_what_is_read_is_what_was_written(written: list[Triple]) -> None:
    """Columns hold each triple once, with every character of its terms."""
    columns = Columns.of_triples(written)
    assert triples(columns) == set(written)
    assert sum(len(subjects) for _, subjects, _ in columns.tables()) == len(set(written))


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ('<https://ex.org/a> <https://ex.org/p> "\\u00e9" .', Literal("é")),
        ('<https://ex.org/a> <https://ex.org/p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .', Literal("x")),
        ('<https://ex.org/a>  <https://ex.org/p> "x"@NL . # said', Literal("x", language="nl")),
        ('<https://ex.org/a> <https://ex.org/p> "a b \\" c" .', Literal('a b " c')),
    ],
)
def test_lines_that_are_not_canonical_mean_the_same(tmp_path: Path, line: str, same: Literal) -> None:
    """A file with a line that pyoxigraph would write otherwise goes through the parser."""
    path = tmp_path / "data.nt"
    path.write_text(f'<https://ex.org/a> <https://ex.org/q> "1" .\n{line}\n')
    assert triples(Columns.of_files([path])) == {Triple(A, Q, Literal("1")), Triple(A, P, same)}


def test_a_fault_in_a_file_has_its_line(tmp_path: Path) -> None:
    """A line that is no N-Triples is named."""
    path = tmp_path / "data.nt"
    path.write_text('<https://ex.org/a> <https://ex.org/q> "1" .\n<https://ex.org/a> <no> "1" .\n')
    with pytest.raises(SourceError, match=re.escape(f"{path}:2: ")):
        Columns.of_files([path])


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    """The same name in two files is two nodes, whatever the format."""
    for name, line in (("a.nt", b'_:b <https://ex.org/p> "1" .\n'), ("b.ttl", b'_:b <https://ex.org/p> "2" .\n')):
        (tmp_path / name).write_bytes(line)
    columns = Columns.of_files(sorted(tmp_path.iterdir()))
    assert len({int(subject) for subject in columns.pairs(P.value)[0]}) == 2


@pytest.mark.parametrize("datatype", sorted(CERTAIN))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_form_that_is_certain_is_well_formed(datatype: str, data: st.DataObject) -> None:
    """What an expression takes for well formed at a glance, rdflib does too."""
    text = data.draw(st.from_regex(CERTAIN[datatype], fullmatch=True, alphabet=st.characters(codec="ascii")))
    literal = Literal(text, datatype=NamedNode(datatype))
    assert judge.has_datatype(literal, NamedNode(datatype))
    assert parse_term(str(literal)) == literal


NUMBERS = [
    *(
        Literal(text, datatype=NamedNode(XSD + kind))
        for kind in ("integer", "decimal")
        for text in ("0", "1", "-7", "10")
    )
]
NUMBERS += [
    Literal(text, datatype=NamedNode(XSD + "decimal")) for text in ("0.5", "9.9999", "999999999999.999999", "1e3")
]
NUMBERS += [Literal(text, datatype=NamedNode(XSD + "date")) for text in ("2021-02-28", "2021-02-30", "2020-01-01Z")]
NUMBERS += [Literal("999999999999999999", datatype=NamedNode(XSD + "integer")), Literal("2"), Literal("2021-02-28")]


@pytest.mark.parametrize("kind", [model.MinExclusive, model.MinInclusive, model.MaxExclusive, model.MaxInclusive])
def test_bounds_are_judged_as_one_by_one(kind: type) -> None:
    """Whole columns of numbers and dates compare as each value does alone, near a bound and far from it."""
    columns = Columns.of_triples([Triple(A, P, one) for one in [*NUMBERS, A]])
    numbers = np.arange(len(columns.terms), dtype=np.uint32)
    for bound in NUMBERS:
        constraint = kind(bounds=(bound,))
        alone = [judge.faults(constraint, columns.terms.term(int(number))) for number in numbers]
        assert values.faults(columns.terms, constraint, numbers).tolist() == alone


@pytest.mark.parametrize("or_equal", [False, True])
def test_pairs_are_in_order_as_one_by_one(or_equal: bool) -> None:  # noqa: FBT001 - the two constraints
    """sh:lessThan over columns orders each pair as pySHACL's rule does."""
    # An ill-formed date has no place in an order: pySHACL fails.
    known = [one for one in NUMBERS if one.value not in {"2021-02-30", "2020-01-01Z"}]
    columns = Columns.of_triples([Triple(A, P, one) for one in known])
    ids = columns.terms.ids(known)
    first, second = np.repeat(ids, len(ids)), np.tile(ids, len(ids))
    alone = [judge.in_order(one, other, or_equal=or_equal) for one in known for other in known]
    assert values.in_order(columns.terms, first, second, or_equal=or_equal).tolist() == alone


@pytest.mark.parametrize(
    "pattern",
    ["^[A-Z]{3}$", r"^\S(.*\S)?$", "/id/[a-z0-9]+(-[a-z0-9]+)*$", "^[0-9]{4}(-[0-9]{2}){0,2}$", r"\d+", "a|b"],
)
@given(texts=st.lists(TEXTS | st.sampled_from(["EUR", "EUR\n", "x y", "/id/a-1", "٣", "2020-01"]), min_size=1))
@settings(max_examples=40, deadline=None)
def test_a_pattern_finds_what_python_finds(pattern: str, texts: list[str]) -> None:
    """The columns' own expressions agree with Python's, which are pySHACL's, on every text."""
    columns = Columns.of_triples([Triple(A, P, Literal(text)) for text in texts])
    numbers = columns.pairs(P.value)[1]
    found = values.faults(columns.terms, model.Pattern((Literal(pattern),)), numbers)
    expected = [not re.search(pattern, columns.terms.term(int(number)).value) for number in numbers]
    assert found.astype(bool).tolist() == expected


def test_a_large_file_is_read_by_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands across the border of two parts is read whole, and numbers mean the same in both."""
    written = [Triple(NamedNode(f"https://ex.org/{n % 50}"), P, Literal(str(n))) for n in range(400)]
    path = tmp_path / "data.nt"
    path.write_bytes(serialize(written, format=RdfFormat.N_TRIPLES) or b"")
    monkeypatch.setattr("pilotgraph.shacl.columns.read._PART", 1000)
    assert triples(Columns.of_files([path])) == set(written)
