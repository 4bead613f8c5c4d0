"""How far the sources answer each research question for each pilot: the matrix of `pilotgraph info --coverage`.

Which kinds of claims count for which question is kept in one place, the query `coverage-by-question`, so that
the matrix, the query and any other SPARQL endpoint give the same states.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotgraph.queries import bind, find_query
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

QUERY = "coverage-by-question"
STATES = ("stated", "contradicted", "not-applicable", "not-stated")
SIGNS = {"stated": "+", "contradicted": "!", "not-applicable": "n", "not-stated": "."}
_STATE_LABELS = {
    "en": ("answered", "contradicted", "not applicable by the source's own word", "not stated"),
    "nl": ("beantwoord", "tegengesproken", "niet van toepassing volgens de bron zelf", "niet vermeld"),
}


@dataclass(frozen=True)
class Matrix:
    """Pilots in the order of their labels, questions as the study numbers them, and a state for each pair."""

    pilots: tuple[str, ...]
    questions: tuple[str, ...]
    labels: Mapping[str, str]
    states: Mapping[tuple[str, str], str]
    language: str

    def counts(self, question: str) -> dict[str, int]:
        """Count the pilots in each state for a question; the counts add up to the number of pilots."""
        found = Counter(self.states[pilot, question] for pilot in self.pilots)
        return {state: found[state] for state in STATES}

    def total(self) -> dict[str, int]:
        """Count the cells in each state."""
        found = Counter(self.states.values())
        return {state: found[state] for state in STATES}

    def as_data(self) -> dict[str, object]:
        """Give the matrix in a form that JSON can hold."""
        return {
            "questions": {question: self.counts(question) for question in self.questions},
            "pilots": {
                pilot: {
                    "label": self.labels[pilot],
                    "questions": {question: self.states[pilot, question] for question in self.questions},
                }
                for pilot in self.pilots
            },
            "total": self.total(),
        }

    def as_text(self) -> str:
        """Draw the matrix with a sign a state, and the counts below."""
        width = max((len(label) for label in self.labels.values()), default=0)
        columns = [max(len(question), 2) for question in self.questions]
        names = _STATE_LABELS[self.language]
        lines = [f"{SIGNS[state]}  {name}" for state, name in zip(STATES, names, strict=True)]
        lines += ["", _line("", self.questions, width, columns)]
        for pilot in self.pilots:
            signs = [SIGNS[self.states[pilot, question]] for question in self.questions]
            lines.append(_line(self.labels[pilot], signs, width, columns))
        lines.append("")
        for state in STATES:
            numbers = [str(self.counts(question)[state]) for question in self.questions]
            lines.append(_line(f"{SIGNS[state]} pilots", numbers, width, columns))
        return "\n".join(lines) + "\n"


def research_coverage(reader: Reader, dataset: Dataset, language: str) -> Matrix:
    """Tell for each pilot and research question whether the sources answer it.

    The states: stated (some claim bears on the question, which is less than a full answer), contradicted,
    not-applicable (by the source's own word) and not-stated.
    """
    pilots: dict[str, str] = {}
    questions: dict[str, None] = {}
    states: dict[tuple[str, str], str] = {}
    for state in STATES:
        text = bind(find_query(dataset, QUERY), {"knowing": state}, dataset, reader, language)
        for row in reader.select(text):
            pilot = plain(row["pilot"]).rpartition("/")[2]
            question = plain(row["number"])
            pilots[pilot] = plain(row["pilotLabel"])
            questions[question] = None
            states[pilot, question] = state
    ordered = sorted(pilots, key=lambda pilot: (pilots[pilot].casefold(), pilot))
    return Matrix(tuple(ordered), tuple(sorted(questions, key=_order)), pilots, states, language)


def _order(number: str) -> tuple[str, int]:
    letter, _, roman = number.partition(".")
    numerals = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    return letter, numerals.index(roman) if roman in numerals else len(numerals)


def _line(head: str, cells: list[str] | tuple[str, ...], width: int, columns: list[int]) -> str:
    right = [cell.rjust(size) for cell, size in zip(cells, columns, strict=True)]
    return " ".join([head.ljust(width), *right]).rstrip()
