"""Passages: anchored, new, moved or missing; and whether a claim's values follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotgraph import evidence
from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError

if TYPE_CHECKING:
    from conftest import Tiny

TEXT = (
    "Voorwoord over Bureau Oost. Pilot Alfa begint hier. Looptijd: juli 2020 – eind 2022. "
    "Budget: € 128.000,- subsidie. Er zijn ruim 100 zaken en 20-25 gesprekken. "
    "Met Bureau Oost en Bureau West en Bureau Oost. Recht op rechtshulp. "
    "Zie www.alfa.example. Einde van Alfa. Pilot Beta kost € 128.000,- ook."
)
RECORD = "Pilot Alfa begint hier." + TEXT.split("Pilot Alfa begint hier.")[1].split(" Pilot Beta", maxsplit=1)[0]
AMOUNT = "Budget: € 128.000,- subsidie."


@pytest.fixture
def alfa(tiny: Tiny) -> Tiny:
    """A data set with a source about two pilots, and the extent of the first one's record."""
    tiny.source(TEXT)
    tiny.add("records", tiny.passage("record", RECORD))
    return tiny


def found(result: evidence.Verification) -> list[tuple[str, str, str]]:
    """Rule, message and value of each finding."""
    return [(f.rule, f.say("en"), f.value) for f in result.findings]


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Normalised text is normal, and has no white space but single spaces between words."""
    once = evidence.normalise(text)
    assert evidence.normalise(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("e\u0301e\u0301n", "één"),
        ("a\u00a0b\t\n c\u2003d", "a b c d"),
        ("  a  ", "a"),
        ("so\u00adft hy-phen", "so\u00adft hy-phen"),
        ("¼ ﬁ", "¼ ﬁ"),
        ("", ""),
    ],
)
def test_normalised_text(text: str, normal: str) -> None:
    """Composed characters, single spaces; soft hyphens and ligatures stay as the source has them."""
    assert evidence.normalise(text) == normal


def test_a_passage_that_stands_where_it_should_is_anchored(alfa: Tiny) -> None:
    """Position, words and digest agree: nothing is found."""
    alfa.claim(AMOUNT, "pg:amount 128000")
    result = alfa.verify()
    assert (result.count(), found(result)) == ("2 anchored, 0 moved, 0 missing", [])


def test_a_text_with_inserted_words_moves_its_passages(alfa: Tiny) -> None:
    """What stands elsewhere, unchanged, is moved, and its new place is told."""
    alfa.claim(AMOUNT, "pg:amount 128000")
    alfa.source("Vooraf. " + TEXT)
    result = alfa.verify()
    start, record = alfa.text.index(AMOUNT), alfa.text.index(RECORD)
    assert result.count() == "0 anchored, 2 moved, 0 missing"
    assert [(rule, message) for rule, message, _ in found(result)] == [
        ("verify/moved", f"the passage is moved: it stands at {start}–{start + len(AMOUNT)}"),
        ("verify/moved", f"the passage is moved: it stands at {record}–{record + len(RECORD)}"),
    ]


@pytest.mark.parametrize("changed", ["start", "end"])
def test_a_wrong_position_is_found_and_corrected(alfa: Tiny, changed: str) -> None:
    """One wrong digit in a position: the passage is found again by its words and digest."""
    start = alfa.text.index(AMOUNT)
    right = {"start": start, "end": start + len(AMOUNT)}
    alfa.add(
        "claims",
        "claim:c a pg:Claim ; pg:about pilot:alfa ; pg:evidence evidence:e ; pg:amount 128000 .\n"
        + alfa.passage("e", AMOUNT, **{changed: right[changed] + 10}),
    )
    result = alfa.verify()
    assert result.count() == "1 anchored, 1 moved, 0 missing"
    assert list(result.corrections.values()) == [(start, start + len(AMOUNT), evidence.digest(AMOUNT), 1)]
    assert found(result) == [
        (
            "verify/moved",
            f"the passage is moved: it stands at {start}–{start + len(AMOUNT)}",
            f"“Budget: € 128.000,- subsidie. … Budget: € 128.000,- subsidie.” carries {alfa.base}id/claim/c",
        )
    ]


def test_a_changed_text_is_missing(alfa: Tiny) -> None:
    """One changed digit in the source: the passage is nowhere, and the message says where its words begin."""
    alfa.claim(AMOUNT, "pg:amount 128000")
    alfa.source(TEXT.replace("Budget: € 128.000,- subsidie", "Budget: € 128.001,- subsidie"))
    rules = [(rule, message) for rule, message, _ in found(alfa.verify())]
    assert rules == [
        ("verify/missing", "no passage begins with these words"),
        (
            "verify/missing",
            f"no passage has these words and this digest; the first words stand at {TEXT.index('Pilot Alfa')}",
        ),
    ]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("Looptijd: juli", "eind 2022."), "Looptijd: juli 2020 – eind 2022."),
        (("Looptijd:  juli", "eind\u00a02022."), "Looptijd: juli 2020 – eind 2022."),
        (("Recht", "Recht"), "Recht"),
        (("Einde van Alfa.", "Einde van Alfa."), "Einde van Alfa."),
        (("Met Bureau Oost en", "Bureau West"), "Met Bureau Oost en Bureau West"),
    ],
)
def test_a_new_passage_is_found_by_its_words(alfa: Tiny, words: tuple[str, str], place: str) -> None:
    """A passage without position and digest is looked for, in whole words, in the record of its pilot."""
    alfa.add(
        "claims",
        "claim:c a pg:Claim ; pg:about pilot:alfa ; pg:evidence evidence:e .\n"
        + alfa.passage(
            "e",
            AMOUNT,
            start=None,
            end=None,
            digest=None,
            page=None,
            startsWith=f'"{words[0]}"',
            endsWith=f'"{words[1]}"',
        ),
    )
    result = alfa.verify()
    start = alfa.text.index(place)
    assert list(result.corrections.values()) == [(start, start + len(place), evidence.digest(place), 1)]
    assert [rule for rule, _, _ in found(result)] == ["verify/new"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Bureau", "Oost"), "the passage is not unique: 3 places begin and end so"),
        (("Voorwoord", "Oost."), "no passage begins and ends with these words in the record of its pilot"),
        (("Voorwerp", "Oost."), "no passage begins with these words"),
        (("", ""), "has no first and last words"),
    ],
)
def test_a_new_passage_that_is_nowhere_or_not_unique_is_missing(
    alfa: Tiny, words: tuple[str, str], message: str
) -> None:
    """Nothing is guessed: words that fit two places, or none in the record of the pilot, are a finding."""
    alfa.add(
        "claims",
        "claim:c a pg:Claim ; pg:about pilot:alfa ; pg:evidence evidence:e .\n"
        + alfa.passage(
            "e",
            AMOUNT,
            start=None,
            end=None,
            digest=None,
            page=None,
            startsWith=f'"{words[0]}"',
            endsWith=f'"{words[1]}"',
        ),
    )
    result = alfa.verify()
    assert (result.count(), result.corrections) == ("1 anchored, 0 moved, 1 missing", {})
    assert [(rule, text) for rule, text, _ in found(result)] == [("verify/missing", message)]


def test_a_passage_of_another_record_is_a_finding_unless_the_claim_says_why(alfa: Tiny) -> None:
    """A claim about one pilot is carried by that pilot's record, or says why not."""
    other = "Pilot Beta kost € 128.000,- ook."
    alfa.claim(other, "pg:amount 128000")
    assert [(rule, value) for rule, _, value in found(alfa.verify())] == [
        ("verify/record", f"{alfa.base}id/evidence/e")
    ]
    alfa.claim(other, 'pg:amount 128000 ;\n    pg:outsideRecord "Told elsewhere."@en')
    assert found(alfa.verify()) == []


@pytest.mark.parametrize(
    ("pages", "stated", "message"),
    [
        ("[[1, 0], [2, 100]]", 1, "the page is 2, not 1"),
        ("[[1, 0], [2, 100]]", None, "the page is 2, not None"),
        ("[[1, 0]]\npages_known_until = 20", 1, "the page is not known, but 1 is given"),
    ],
)
def test_a_wrong_page_is_a_finding(tiny: Tiny, pages: str, stated: int | None, message: str) -> None:
    """The page follows from the position, by the manifest."""
    tiny.source(TEXT, pages)
    tiny.add("claims", tiny.passage("e", "Einde van Alfa.", page=stated))
    assert [(rule, text) for rule, text, _ in found(tiny.verify())] == [("verify/page", message)]


VALUES = [
    (AMOUNT, "pg:amount 128000", None),
    (AMOUNT, "pg:amount 128000.0", None),
    (AMOUNT, "pg:amount 128001", ("pg:amount", "128001")),
    (AMOUNT, 'pg:amount "veel"', ("pg:amount", "veel")),
    (AMOUNT, "pg:amount 1e999999", ("pg:amount", "1e999999")),
    ("ruim 100 zaken", "pg:amount 100", ("pg:amount", "100")),
    ("20-25 gesprekken", "pg:value 20 ; pg:valueMax 25", None),
    ("20-25 gesprekken", "pg:value 20 ; pg:valueMax 26", ("pg:value", "20–26")),
    ("20-25 gesprekken", 'pg:value 20 ; pg:valueMax "veel"', ("pg:value", "20–veel")),
    ("juli 2020 – eind 2022", 'dcat:startDate "2020-07"^^xsd:gYearMonth', None),
    ("juli 2020 – eind 2022", 'dcat:endDate "2022"^^xsd:gYear', None),
    ("juli 2020 – eind 2022", 'dcat:startDate "2020-08"^^xsd:gYearMonth', ("dcat:startDate", "2020-08")),
    ("juli 2020 – eind 2022", 'dcat:startDate "soon"^^xsd:gYearMonth', ("dcat:startDate", "soon")),
    ("juli 2020 – eind 2022", 'pg:endText "Eind 2022"', None),
    ("juli 2020 – eind 2022", 'pg:endText "begin 2022"', ("pg:endText", "begin 2022")),
    ("Met Bureau Oost", 'pg:namedAs "Bureau Oost"', None),
    ("Met Bureau Oost", 'pg:namedAs "Bureau Ost"', ("pg:namedAs", "Bureau Ost")),
    ("Zie www.alfa.example.", "foaf:page <http://www.alfa.example>", ("foaf:page", "http://www.alfa.example")),
]


@pytest.mark.parametrize(("words", "values", "underivable"), VALUES)
def test_a_value_must_follow_from_its_passage(
    alfa: Tiny, words: str, values: str, underivable: tuple[str, str] | None
) -> None:
    """Amounts, numbers, dates and printed names are read in the passage, or the claim is a finding."""
    alfa.claim(words, values + (" ; pg:certainty <x:/lower-bound>" if "ruim" in words else ""))
    name, value = underivable or ("", "")
    expected = [("verify/value", f"the value of {name} does not follow from the passage", value)]
    assert found(alfa.verify()) == (expected if underivable else [])


@pytest.mark.parametrize(
    ("stated", "fits"), [("lower-bound", True), ("exact", False), ("approximate", False), ("planned", True)]
)
def test_the_certainty_is_the_one_that_is_printed(alfa: Tiny, stated: str, fits: bool) -> None:  # noqa: FBT001
    """A number that is printed with "ruim" is a lower bound, and nothing else but a plan or expectation."""
    alfa.claim("ruim 100 zaken", f"pg:value 100 ; pg:certainty <https://example.org/set/id/concept/certainty/{stated}>")
    message = f"the claim calls the number {stated}, but its passage prints it as lower-bound"
    assert found(alfa.verify()) == ([] if fits else [("verify/certainty", message, "100")])


def test_a_passage_that_does_not_exist_is_a_finding(alfa: Tiny) -> None:
    """A claim whose passage is described nowhere does not pass for want of one."""
    alfa.add("claims", "claim:c a pg:Claim ; pg:about pilot:alfa ; pg:evidence evidence:nowhere ; pg:amount 5 .\n")
    assert found(alfa.verify()) == [
        ("verify/no-passage", "the claim names a passage that does not exist", f"{alfa.base}id/evidence/nowhere")
    ]


def test_a_passage_of_an_unlisted_source_is_missing(alfa: Tiny) -> None:
    """A source that the manifest does not list cannot be checked, and the passage says so."""
    alfa.claim(AMOUNT, "pg:amount 128000")
    path = alfa.root / "data/turtle/claims.ttl"
    path.write_text(path.read_text().replace("source:s", "source:t"))
    result = alfa.verify()
    assert result.count() == "1 anchored, 0 moved, 1 missing"
    assert [message for _, message, _ in found(result)] == [
        f"the passage names no source that data/sources.toml lists ({alfa.base}id/source/t)"
    ]


def test_another_file_with_the_same_words_is_a_warning(alfa: Tiny) -> None:
    """A source text of other bytes is told apart, even where every passage stands."""
    (alfa.root / "sources/s.txt").write_text(TEXT + "\n")
    (finding,) = alfa.verify().findings
    assert (finding.severity, finding.rule, finding.value) == ("warning", "verify/source", "s.txt")


def test_findings_name_file_and_line(alfa: Tiny) -> None:
    """A finding about a claim points to where the claim stands."""
    alfa.claim(AMOUNT, "pg:amount 1")
    (finding,) = alfa.verify().findings
    row = alfa.head.count("\n") + 1
    assert (finding.path, finding.line, finding.focus) == ("data/turtle/claims.ttl", row, f"{alfa.base}id/claim/c")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "{folder}: not checked: none of the source texts (s.txt) is here; give their folder with --sources"),
        (b"caf\xe9", "{folder}/s.txt: is not UTF-8; take the text that data/sources.toml describes"),
    ],
)
def test_sources_that_cannot_be_read_are_named(tiny: Tiny, content: bytes | None, message: str) -> None:
    """Without a source text nothing is checked, and that is an error and no pass."""
    path = tiny.root / "sources/s.txt"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        evidence.read_sources(Dataset.open(tiny.root), path.parent)
    assert caught.value.message == message.format(folder=path.parent)
