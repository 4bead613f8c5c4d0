"""What pilotgraph.proof says of each row, as JSON on standard output, for the port of it in viz/src/sparql-worker.

The cases are those of tests/test_proof.py, on its small graph, and some questions on the bundled data.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import in_memory
from pilotgraph.proof import carriers
from pilotgraph.queries import bind, find_query, with_prefixes

if TYPE_CHECKING:
    from pilotgraph.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[2]
# Free queries on the bundled data: through shortcuts, coverage, contradictions and aggregates.
FREE = (
    "SELECT ?pilot ?partner { ?pilot pg:hasPartner ?partner }",
    "SELECT ?partner (COUNT(DISTINCT ?pilot) AS ?n) { ?pilot pg:hasPartner ?partner } GROUP BY ?partner",
    "SELECT ?pilot ?c ?knowing { ?c a pg:Coverage ; pg:about ?pilot ; pg:knowing ?knowing } ORDER BY ?c LIMIT 120",
    "SELECT ?clash ?claim { ?clash a pg:Contradiction ; pg:joins ?claim }",
    "SELECT ?pilot ?start { ?pilot a pg:Pilot OPTIONAL { ?pilot pg:startDate ?start } }",
    "ASK { ?pilot pg:inDomain ?domain ; pg:servesGoal ?goal }",
)
# Questions whose column of claims is taken away: then the proof has to find the claims itself.
NAMED = ("most-connected-organisations", "goals-served", "places-map")


def main() -> None:
    """Write the cases."""
    tests = SimpleNamespace(**runpy.run_path(str(ROOT / "tests/test_proof.py")))
    small = {"cases": _cases(tests, [tests.HEAD + query for query, _ in tests.CASES.values()])}
    small |= {"base": tests.BASE, "data": _lines(tests.loaded(tests.quads()))}
    dataset = Dataset.open()
    store = in_memory(dataset)
    named = [bind(find_query(dataset, name), {"lang": "en"}, dataset, store) for name in NAMED]
    texts = [*map(with_prefixes, FREE), *(text.replace(" AS ?claims)", " AS ?shown)") for text in named)]
    whole = {"cases": [_case(text, store, dataset) for text in texts], "base": dataset.base, "data": _lines(store)}
    rules = [{"name": path.stem, "text": path.read_text(encoding="utf-8")} for path in dataset.rule_files()]
    json.dump({"sets": [small, whole], "rules": rules}, sys.stdout, ensure_ascii=True)


def _cases(tests: SimpleNamespace, texts: list[str]) -> list[dict[str, Any]]:
    store = tests.loaded(tests.quads())
    return [_case(text, store, tests.SMALL) for text in texts]


def _case(text: str, store: EmbeddedStore, dataset: Dataset) -> dict[str, Any]:
    try:
        proofs = carriers(text, store, dataset)
    except SourceError as error:
        return {"text": text, "error": str(error)}
    return {
        "text": text,
        "rows": [
            {
                "row": [str(term) if term is not None else None for term in proof.row],
                "claims": proof.claims,
                "rules": proof.rules,
                "records": proof.records,
                "absent": proof.absent,
                "reason": proof.reason,
                "bare": proof.bare,
                "knowing": proof.knowing,
            }
            for proof in proofs
        ],
    }


def _lines(store: EmbeddedStore) -> str:
    return "".join(sorted(f"{quad} .\n" for quad in store.quads()))


if __name__ == "__main__":
    main()
