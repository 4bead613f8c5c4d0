"""Check queries: SPARQL of which every row is a defect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.findings import SEVERITIES, Finding
from pilotgraph.progress import silent
from pilotgraph.queries import LANGUAGES, library
from pilotgraph.terms import compact, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term


def run(dataset: Dataset, reader: Reader, tell: Tell = silent) -> Iterator[Finding]:
    """Run all check queries. A row binds ?focus, and ?value if something more is to be shown."""
    queries = library(dataset, "check")
    for number, query in enumerate(queries):
        tell("asking check queries", number, len(queries))
        severity = query.header.get("severity", "violation")
        answer = reader.select(query.text)
        has_value = "value" in {variable.value for variable in answer.variables}
        for row in answer:
            yield Finding(
                severity=severity if severity in SEVERITIES else "violation",
                rule=f"check/{query.name}",
                message={language: query.say("summary", language) for language in LANGUAGES},
                focus=plain(row["focus"]),
                value=_value(row["value"], dataset) if has_value else "",
                advice={language: query.say("solution", language) for language in LANGUAGES},
            )


def _value(node: Term | None, dataset: Dataset) -> str:
    text = plain(node)
    return compact(text, dataset.base) if "://" in text and " " not in text else text
