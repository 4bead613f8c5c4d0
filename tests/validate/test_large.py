"""A large data set gets the findings and the report that it would get if it were small."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pilotgraph import load as loading
from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.validate import validate

if TYPE_CHECKING:
    from conftest import Tiny

    from pilotgraph.validate import Validation

CONFORMS = (
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "_:b a sh:ValidationReport ;\n\tsh:conforms true .\n"
)
ROOT = Path(__file__).parents[2]
BASE = "https://example.org/set/"
CHECK = """#+ summary: no {what}
#+ severity: warning
#+ solution: add one
PREFIX pg: <https://w3id.org/pilotgraph/def#>
SELECT ?focus {{ {where} }}
"""
# What rules derive is read by these: by name, by any predicate, and by what a thing derived lacks.
CHECKS = {
    "coverage": "?focus a pg:Coverage ; pg:knowing ?knowing",
    "nameless": "?focus pg:about ?what . FILTER NOT EXISTS { ?focus pg:evidence ?passage }",
    "anything": '?focus ?any ?value . FILTER(CONTAINS(STR(?value), "not-stated"))',
}
ODD = f"""pilot:x a foaf:Person .
pilot:y a pg:Piolt ; pg:abuot <{BASE}id/concept/role/none> , <{BASE}id/concept/role/some> .
<{BASE}id/concept/role/some> dct:title "defined here" .
claim:one a pg:Period ; pg:about pilot:alfa ; dcat:startDate "2021-02-30"^^xsd:date ; dcat:endDate "2020"^^xsd:gYear .
"""
LINES = (
    '<https://x.example/s> <https://x.example/p> "x"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    '<https://x.example/a> <https://x.example/p> "1"  .  # not canonical\n'
    "<https://x.example/b> a:b .\n".replace("a:b", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C>")
)


def both(folder: Path, monkeypatch: pytest.MonkeyPatch, engine: str = "columns") -> tuple[Validation, Validation]:
    """Validate a data set as a small one and as a large one."""
    found = []
    for limit in (2**40, 0):
        monkeypatch.setattr(loading, "LARGE", limit)
        found.append(validate(Dataset.open(folder), engine=engine))
    return found[0], found[1]


@pytest.mark.parametrize("engine", ["columns", "sparql"])
def test_the_bundled_data_set_gets_the_same_report(root: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """The flagship set, blank nodes and lists included: every finding, and the report to the letter."""
    small, large = both(root, monkeypatch, engine)
    assert large.findings == small.findings
    # The head of a report is a blank node, with another name each time.
    assert [re.sub(r"_:\w+", "_:b", report.report) for report in (large, small)] == [CONFORMS, CONFORMS]


@pytest.mark.parametrize("format_", ["nt", "ttl"])
def test_every_fault_is_found_at_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    """A programme with faults of all kinds, in N-Triples and in Turtle: the same findings, file and line included."""
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", "40", "--per-file", "20"]
    more = ["--to", str(tmp_path / "set"), "--faults", "all=0.1", "--format", format_]
    subprocess.run([*command, *more], check=True)
    small, large = both(tmp_path / "set", monkeypatch)
    assert len({finding.rule for finding in small.findings if finding.path}) > 10
    assert large.findings == small.findings


def test_what_shapes_do_not_see_is_found_too(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown terms, ill-typed values, blank nodes, silent files and check queries that read what rules derive."""
    tiny.add("odd", ODD)
    tiny.add("blank", '[] a pg:Pilot , pg:Piolt ; pg:value "x"^^xsd:integer .\n')
    tiny.add("silent", "# nothing yet\n")
    (tiny.root / "data/turtle/lines.nt").write_text(LINES)
    (tiny.root / "data/turtle/one-line.nt").write_text(LINES.replace("\n", "\r").replace("x.example/", "y.example/"))
    (tiny.root / "data/turtle/silent.nt").write_text("# nothing yet\n")
    for name, where in CHECKS.items():
        (tiny.root / f"queries/check/{name}.rq").write_text(CHECK.format(what=name, where=where))
    small, large = both(tiny.root, monkeypatch)
    rules = {finding.rule for finding in small.findings}
    assert rules >= {
        *(f"validate/{name}" for name in ("unknown-term", "ill-typed", "blank-node", "no-triples", "untargeted-class")),
        *(f"check/{name}" for name in CHECKS),
    }
    assert large.findings == small.findings


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("data/turtle/broken.nt", "<https://x.example/s> <https://x.example/p> .\n"),
        ("data/turtle/broken.ttl", "<https://x.example/s> <https://x.example/p> .\n"),
        ("data/turtle/empty.nt", ""),
        ("ontology/rules/16-broken.rq", "CONSTRUCT { ?s ?p }\n"),
        ("ontology/rules/16-select.rq", "SELECT * { ?s ?p ?o }\n"),
        ("queries/check/broken.rq", "SELECT ?focus { ?focus }\n"),
        ("queries/check/other.rq", "ASK { ?focus ?p ?o }\n"),
    ],
)
def test_what_is_wrong_is_named(tiny: Tiny, monkeypatch: pytest.MonkeyPatch, part: str, content: str) -> None:
    """A broken file, rule or query stops both ways with the same message."""
    (tiny.root / part).write_text(content)
    messages = []
    for limit in (2**40, 0):
        monkeypatch.setattr(loading, "LARGE", limit)
        with pytest.raises(SourceError) as caught:
            validate(Dataset.open(tiny.root))
        messages.append(str(caught.value))
    assert messages[1] == messages[0]
