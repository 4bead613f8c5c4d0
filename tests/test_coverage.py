"""What the reader may have missed: mentions in a record that no claim's passage covers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pilotgraph.coverage import mentions, uncovered
from pilotgraph.dataset import Dataset
from pilotgraph.evidence import read_sources

if TYPE_CHECKING:
    from conftest import Tiny

RECORD = "Pilot Alfa begint in juli 2020. Budget: € 5. Met Bureau Oost en 12 zaken. Zie https://x.example/2021/12 hier."
NOBODY = re.compile(r"(?!)")


@pytest.fixture
def alfa(tiny: Tiny) -> Tiny:
    """A record that names a month, an amount, an actor and a number, and an organisation under two names."""
    tiny.source(RECORD + " Pilot Beta telt 99 zaken.")
    tiny.add("records", tiny.passage("record", RECORD))
    tiny.add(
        "organisations",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'pilot:oost a pg:Organisation ; skos:prefLabel "Oosterbureau"@nl ; skos:altLabel "Bureau Oost"@nl .\n',
    )
    return tiny


def found(tiny: Tiny) -> list[tuple[str, str]]:
    """Message and sentence of each finding."""
    dataset = Dataset.open(tiny.root)
    return [(f.say("en"), f.value) for f in uncovered(dataset, read_sources(dataset, tiny.root / "sources"))]


def test_all_mentions_are_missed_without_claims(alfa: Tiny) -> None:
    """Numbers, dates and actors of the record are told, sentence by sentence; not those of an address."""
    assert found(alfa) == [
        ("no claim covers date “juli 2020”, number “2020”", "Pilot Alfa begint in juli 2020."),
        ("no claim covers number “€ 5”", "Budget: € 5."),
        ("no claim covers actor “Bureau Oost”, number “12”", "Met Bureau Oost en 12 zaken."),
    ]


def test_a_claim_covers_what_its_passage_holds(alfa: Tiny) -> None:
    """A passage covers the mentions inside it; a passage that ends in the middle of one does not."""
    alfa.claim("begint in juli 2020", 'pg:note "x"')
    assert [sentence for _, sentence in found(alfa)] == ["Budget: € 5.", "Met Bureau Oost en 12 zaken."]
    alfa.claim("Met Bureau", 'pg:note "x"')
    assert ("no claim covers actor “Bureau Oost”, number “12”", "Met Bureau Oost en 12 zaken.") in found(alfa)


def test_an_omission_covers_and_a_description_does_not(alfa: Tiny) -> None:
    """What was left out with a reason is no gap; a description spans whole sections and proves nothing."""
    alfa.claim(RECORD, 'pg:note "x"')
    path = alfa.root / "data/turtle/claims.ttl"
    assert found(alfa) == []
    path.write_text(path.read_text().replace("a pg:Claim", "a pg:Omission"))
    assert found(alfa) == []
    path.write_text(path.read_text().replace("a pg:Omission", "a pg:Description"))
    assert len(found(alfa)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("een tweede en één", []),
        ("eind maart", [("maart", "date")]),
        ("dit najaar", [("najaar", "date")]),
        ("12%", [("12%", "number")]),
        ("www.x.nl/12 en 13", [("13", "number")]),
    ],
)
def test_what_needs_a_claim(text: str, said: list[tuple[str, str]]) -> None:
    """Articles, ordinals and the figures of addresses need none."""
    assert [(text[start:end], what) for start, end, what in mentions(text, NOBODY)] == said
