"""What the reader may have missed: amounts, numbers, dates and actors in a record that no claim's passage covers.

Descriptions do not count as cover, for they span whole sections. What was left out on purpose is a
`pg:Omission` with its reason, and counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pilotgraph import dutch
from pilotgraph.evidence import HAS_SOURCE, Selector
from pilotgraph.facts import Facts
from pilotgraph.findings import Finding
from pilotgraph.terms import pg, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pilotgraph.dataset import Dataset
    from pilotgraph.evidence import SourceText

_NO_COUNT = {"een", "eerste", "tweede", "derde", "één", "eén", "nul"}
_SENTENCE_END = re.compile(r"[.;?!]\s")
_URL = re.compile(r"\S*(?:https?://|www\.)\S*")
_MINIMUM_NAME = 3


def uncovered(dataset: Dataset, sources: Mapping[str, SourceText]) -> Iterator[Finding]:
    """Find the mentions in each pilot's record that no passage of a claim or omission covers."""
    facts = Facts.read([*dataset.data_files(), *dataset.vocabulary_files()])
    spans = _covered_spans(facts)
    names = _actor_names(facts)
    for record in facts.subjects(pg("Record")):
        selector = Selector.of(facts, record)
        if selector.source not in sources or selector.start is None or selector.end is None:
            continue
        text = sources[selector.source].text[selector.start : selector.end]
        missed: dict[str, list[str]] = {}
        for start, end, what in mentions(text, names):
            low, high = selector.start + start, selector.start + end
            if not any(a <= low and high <= b for a, b in spans.get(selector.source, ())):
                missed.setdefault(_sentence(text, start), []).append(f"{what} “{text[start:end]}”")
        for sentence, named in missed.items():
            yield Finding(
                "warning",
                "verify/uncovered",
                {
                    "en": f"no claim covers {', '.join(sorted(set(named)))}",
                    "nl": f"geen bewering dekt {', '.join(sorted(set(named)))}",
                },
                focus=facts.text(record, pg("recordOf")),
                value=sentence,
                advice={
                    "en": "make a claim of it, or a pg:Omission that says why not",
                    "nl": "maak er een bewering van, of een pg:Omission die zegt waarom niet",
                },
            )


def mentions(text: str, names: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Find what needs a claim in a text: start, end (exclusive), and whether it is a number, date or actor."""
    blocked = [match.span() for match in _URL.finditer(text)]
    found = [(*span, "number") for span in dutch.number_spans(text) if text[slice(*span)].lower() not in _NO_COUNT]
    found += [(*span, "date") for span in dutch.date_spans(text)]
    found += [(*match.span(), "actor") for match in names.finditer(text)]
    for start, end, what in found:
        if not any(a <= start < b for a, b in blocked):
            yield start, end, what


def _covered_spans(facts: Facts) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for passage, users in facts.users(pg("evidence")).items():
        if all(pg("Description").value in facts.types(user) for user in users):
            continue
        start, end = facts.number(passage, pg("start")), facts.number(passage, pg("end"))
        if start is not None and end is not None:
            found.setdefault(facts.text(passage, HAS_SOURCE), []).append((start, end))
    return found


def _actor_names(facts: Facts) -> re.Pattern[str]:
    """All names of organisations and professional groups, as labelled and as printed somewhere."""
    labels = set()
    for class_ in ("Organisation", "OrganisationKind"):
        for iri in facts.subjects(pg(class_)):
            for predicate in ("skos:prefLabel", "skos:altLabel"):
                labels.update(facts.texts(iri, term(predicate)))
    for claim in facts.subjects(pg("Participation")):
        labels.update(facts.texts(claim, pg("namedAs")))
    usable = sorted((label for label in labels if len(label) >= _MINIMUM_NAME), key=lambda s: (-len(s), s))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, usable))})(?!\w)")


def _sentence(text: str, position: int) -> str:
    """The first and last words of the sentence around a position: enough to find it, too little to copy it."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    start = max((end for end in ends if end <= position), default=0)
    stop = min((end for end in ends if end > position), default=len(text))
    words = text[start:stop].split()
    return " ".join(words) if len(words) <= 8 else f"{' '.join(words[:4])} … {' '.join(words[-4:])}"  # noqa: PLR2004 - four words at either end
