"""What the command line answers, as JSON on standard output, for the tests of the SPARQL page.

- `answers`: per question and language the CSV of `pilotgraph query`, and the claims of each row;
- `bound`: per question and parameter the text that is asked with a value, in English;
- `evidence`: the passages of the first row of some questions, as `--evidence` gives them.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pilotgraph import answers
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.queries import LANGUAGES, Query, bind, library

if TYPE_CHECKING:
    from pilotgraph.store.embedded import EmbeddedStore

PROVED = ("partners-of-pilots", "most-connected-organisations", "contradictions", "what-is-not-stated")


def main() -> None:
    """Write it all."""
    dataset = Dataset.open()
    store = in_memory(dataset)
    questions = {query.name: query for query in library(dataset)}
    tests = Path(__file__).parents[2] / "tests/queries/test_questions.py"
    values = SimpleNamespace(**runpy.run_path(str(tests)))
    found: dict[str, Any] = {"answers": {}, "bound": [], "evidence": {}, "required": values.REQUIRED}
    for name, query in questions.items():
        given = values.REQUIRED.get(name, {})
        found["answers"][name] = {lang: _answer(query, given, dataset, store, lang) for lang in LANGUAGES}
        for parameter, value in values.VALUES.get(name, {}).items():
            text = bind(query, {**given, parameter: value}, dataset, store, "en")
            found["bound"].append({"name": name, "given": {**given, parameter: value}, "text": text})
    for name in PROVED:
        table = answers.take(store.select(bind(questions[name], {}, dataset, store, "nl")))
        answers.add_evidence(table, store, "nl")
        found["evidence"][name] = [vars(passage) for passage in table.passages[0]]
    json.dump(found, sys.stdout)


def _answer(
    query: Query, given: dict[str, str], dataset: Dataset, store: EmbeddedStore, language: str
) -> dict[str, Any]:
    table = answers.take(store.select(bind(query, given, dataset, store, language)))
    return {"csv": answers.render(table, "csv", dataset.base, evidence=False), "claims": table.claims}


if __name__ == "__main__":
    main()
