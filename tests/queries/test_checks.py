"""The check queries: each finds the defect planted for it, and nothing in the bundled data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad

from pilotgraph.dataset import Dataset
from pilotgraph.findings import SEVERITIES
from pilotgraph.queries import library
from pilotgraph.rdf import parse_file
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.terms import Term

DEFECTS = Path(__file__).parent / "defects"
CHECKS = {query.name: query for query in library(Dataset.open(), "check")}
NAMESPACE = "https://example.org/id/"

# What each check finds in the file of its name: the focus, and the value where it gives one.
FOUND = {
    "contradiction-across-subjects": [
        ("defect", "claim/b"),
        ("defect", "claim/c"),
        ("defect-outside-part", "claim/a"),
        ("defect-outside-part", "claim/e"),
        ("defect-outside-programme", "claim/d"),
        ("defect-outside-programme", "claim/z"),
        ("defect-outside-study", "claim/c"),
        ("defect-outside-study", "claim/f"),
        ("defect-stranger", "claim/z"),
    ],
    "duplicate-claim": [
        ("claim/a1", "claim/a2"),
        ("claim/a5", "claim/a6"),
        ("claim/b1", "claim/b2"),
        ("claim/c1", "claim/c2"),
        ("claim/d1", "claim/d2"),
        ("claim/e1", "claim/e2"),
        ("claim/f1", "claim/f2"),
        ("claim/g1", "claim/g2"),
        ("claim/h1", "claim/h2"),
        ("claim/i1", "claim/i2"),
        ("claim/j1", "claim/j2"),
        ("claim/k1", "claim/k2"),
        ("claim/l2", "claim/l3"),
        ("claim/m1", "claim/m2"),
    ],
    "end-before-start": [
        ("claim/defect", "2031-04 – 2031-03-30"),
        ("claim/defect-year", "2031-04 – 2030"),
    ],
    "mention-against-tie": [("claim/defect-certain", "other-pilot"), ("claim/defect-open", "pilot")],
    "name-not-of-organisation": [("claim/defect", "gemeente Proefstad"), ("claim/defect-described", "the alderman")],
    "observation-incomplete": [
        ("claim/defect-attribute", "bound"),
        ("claim/defect-dimension", "topic"),
        ("claim/defect-measure", "number"),
    ],
    "organisation-unused": [("defect",)],
    "overlapping-records": [("first", "second")],
    "pilot-without-pillar": [("none",), ("two",)],
    "pilot-without-record": [("defect",)],
    "programme-budget-at-pilot": [("claim/defect", "pilot")],
    "refused-but-stated": [("claim/bare", "claim/reach"), ("claim/bare-concept", "claim/ict")],
    "same-amount-twice": [("claim/a1", "claim/a2")],
    "status-against-dates": [
        ("claim/early-status", "claim/early-period"),
        ("claim/late-status", "claim/late-period"),
    ],
    "unused-evidence": [("defect",)],
}


@pytest.mark.parametrize("name", CHECKS)
def test_finds_the_planted_defect(name: str) -> None:
    """Each check finds exactly the defects of its own file, beside sound data that resembles them."""
    store = EmbeddedStore()
    graph = NamedNode(NAMESPACE + "graph")
    triples = parse_file(DEFECTS / f"{name}.ttl")
    store.add({Quad(t.subject, t.predicate, t.object, graph) for t in triples})
    assert shortened(store.select(CHECKS[name].text)) == FOUND[name]


@pytest.mark.parametrize("name", CHECKS)
def test_rdflib_finds_the_same(name: str) -> None:
    """Rdflib, which shares no code with Oxigraph, finds the same defects."""
    graph = rdflib.Graph().parse(DEFECTS / f"{name}.ttl", format="turtle")
    rows = graph.query(CHECKS[name].text)
    found = [tuple(str(cell).removeprefix(NAMESPACE) for cell in row) for row in rows if isinstance(row, tuple)]
    assert found == FOUND[name]


@pytest.mark.parametrize("name", CHECKS)
def test_finds_nothing_in_the_bundled_data(name: str, store: EmbeddedStore) -> None:
    """The bundled data set has none of these defects."""
    assert shortened(store.select(CHECKS[name].text)) == []


@pytest.mark.parametrize("name", CHECKS)
def test_header_is_complete(name: str) -> None:
    """Each check says in both languages what is wrong and what to do, how bad it is, and on what."""
    query = CHECKS[name]
    for key in ("summary", "summary_nl", "solution", "solution_nl"):
        assert query.header.get(key), key
    assert query.header["severity"] in SEVERITIES
    selected = re.findall(r"\?(\w+)", query.text.split("SELECT", 1)[1].split("WHERE", 1)[0])
    assert selected[0] == "focus"
    assert selected[-1] in {"focus", "value"}


def test_every_check_has_a_planted_defect() -> None:
    """No check is without a defect file, and no defect file without a check."""
    assert {path.stem for path in DEFECTS.glob("*.ttl")} == set(CHECKS) == set(FOUND)


def shortened(rows: Iterable[Iterable[Term | None]]) -> list[tuple[str, ...]]:
    """Write each row without the namespace of the invented data."""
    return [tuple(plain(cell).removeprefix(NAMESPACE) for cell in row) for row in rows]
