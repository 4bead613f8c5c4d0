"""How far the sources answer each research question for each pilot."""

from __future__ import annotations

import json

import pytest

from pilotgraph.coverage_report import SIGNS, STATES, Matrix, research_coverage
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory

QUESTIONS = (
    *(f"a.{number}" for number in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")),
    *("b.i", "b.ii", "b.iii", "c.iv", "c.v", "c.vi", "d.i", "e.i"),
)


@pytest.fixture(scope="module", params=["en", "nl"])
def matrix(request: pytest.FixtureRequest) -> Matrix:
    """The matrix of the bundled data set, in each language."""
    dataset = Dataset.open()
    return research_coverage(in_memory(dataset), dataset, request.param)


def test_is_complete(matrix: Matrix) -> None:
    """34 pilots by 18 questions, in the order of the report, each with one state."""
    assert len(matrix.pilots) == 34
    assert matrix.questions == QUESTIONS
    assert set(matrix.states) == {(pilot, question) for pilot in matrix.pilots for question in QUESTIONS}
    assert set(matrix.states.values()) <= set(STATES)
    assert sum(matrix.total().values()) == 34 * 18
    for question in QUESTIONS:
        assert sum(matrix.counts(question).values()) == 34


@pytest.mark.parametrize(
    ("pilot", "question", "state"),
    [
        # The report has a case of Samen Recht Vinden, none of ZSM.
        ("samen-recht-vinden", "d.i", "stated"),
        ("zsm", "d.i", "not-stated"),
        # Wijk bij Duurstede is housed with Binding; no other record tells an owner.
        ("divosa-wijk-bij-duurstede", "a.x", "stated"),
        ("mijn-zaak", "a.x", "not-stated"),
        # Under “number of participants” the record says that it does not apply.
        ("mijn-zaak", "a.vii", "not-applicable"),
        ("gezinsadvocaat", "a.vii", "stated"),
        # The report has the Divosa pilots start early in 2021, the records in November.
        ("divosa-tilburg", "b.i", "contradicted"),
    ],
)
def test_states_read_by_hand(pilot: str, question: str, state: str, matrix: Matrix) -> None:
    """Some states are those that a reader of the two documents finds."""
    assert matrix.states[pilot, question] == state


def test_a_count_over_pilots_contradicts_no_record(matrix: Matrix) -> None:
    """“More than half” with the Juridisch Loket clashes with the records together, not with each that was counted."""
    assert matrix.states["adr-clientenondersteuningstool", "a.viii"] == "stated"


def test_text_and_data_say_the_same(matrix: Matrix) -> None:
    """The text has a line a pilot with the signs of its states, and the numbers of each state below."""
    data = json.loads(json.dumps(matrix.as_data()))
    lines = matrix.as_text().splitlines()
    for pilot in matrix.pilots:
        states = data["pilots"][pilot]["questions"]
        line = next(line for line in lines if line.startswith(f"{matrix.labels[pilot]} "))
        assert line[len(matrix.labels[pilot]) :].split() == [SIGNS[states[question]] for question in QUESTIONS]
    for state in STATES:
        numbers = [str(data["questions"][question][state]) for question in QUESTIONS]
        assert any(line.split()[-len(QUESTIONS) :] == numbers for line in lines if line.startswith(f"{SIGNS[state]} "))
