"""The generator of synthetic programmes: what it writes is a data set, and its faults are those that were asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from click.testing import CliRunner
from pyoxigraph import parse

from pilotgraph.cli import group
from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory

ROOT = Path(__file__).parents[2]
COMPONENTS = {
    "class": "Class", "datatype": "Datatype", "node-kind": "NodeKind", "min-count": "MinCount", "max-count": "MaxCount",
    "min-inclusive": "MinInclusive", "max-inclusive": "MaxInclusive", "pattern": "Pattern",
    "language-in": "LanguageIn", "unique-lang": "UniqueLang", "less-than": "LessThan",
    "less-than-or-equals": "LessThanOrEquals", "disjoint": "Disjoint", "has-value": "HasValue", "closed": "Closed",
    "or": "Or", "node": "Node", "sparql": "SPARQL",
}  # fmt: skip


def generate(folder: Path, *arguments: str) -> Path:
    """Generate a data set in a folder."""
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--to", str(folder), *arguments]
    subprocess.run(command, check=True)
    return folder


def found(folder: Path) -> Counter[tuple[str, str]]:
    """Validate a data set; count its findings by severity and rule."""
    answer = CliRunner().invoke(group, ["validate", "--dataset", str(folder), "--format", "json", "--quiet"])
    return Counter((finding["severity"], finding["rule"]) for finding in json.loads(answer.stdout))


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_generated_data_set_is_valid(tmp_path: Path) -> None:
    """Nothing is wrong with 200 pilots; shapes of classes that are not generated have nothing to look at."""
    counted = found(generate(tmp_path / "set", "--pilots", "200"))
    assert {rule for _, rule in counted} == {"validate/no-focus-node"}


def test_each_fault_is_found_as_often_as_it_was_asked_for(tmp_path: Path) -> None:
    """Each kind of fault gives one SHACL result at each of its pilots, from the component that it is named after."""
    counted = found(generate(tmp_path / "set", "--pilots", "200", "--faults", "all=0.02"))
    results = Counter[str]()
    for (_, rule), number in counted.items():
        if rule.endswith("ConstraintComponent"):
            results[rule.rsplit(":", 1)[-1]] += number
    assert results == {f"{component}ConstraintComponent": 4 for component in COMPONENTS.values()}


def test_the_same_arguments_write_the_same_bytes(tmp_path: Path) -> None:
    """A seed decides everything, and another seed gives another programme."""
    first, again, other = (
        tree(generate(tmp_path / name, "--pilots", "60", "--seed", seed))
        for name, seed in (("a", "1"), ("b", "1"), ("c", "2"))
    )
    assert first == again
    assert first != other


def test_the_one_file_holds_what_the_folder_holds(tmp_path: Path) -> None:
    """N-Triples files, Turtle files and the one file say the same."""
    lines = generate(tmp_path / "nt", "--pilots", "60", "--nt", str(tmp_path / "all.nt"), "--per-file", "25")
    turtle = generate(tmp_path / "ttl", "--pilots", "60", "--format", "ttl")
    stores = [in_memory(Dataset.open(folder)) for folder in (lines, turtle)]
    triples = [
        {quad.triple for quad in store.quads() if not quad.graph_name.value.endswith(("derived", "meta"))}
        for store in stores
    ]
    assert triples[0] == triples[1]
    # The names of blank nodes are the parser's own.
    files = [path for _, path in Dataset.open(lines).graph_files()]
    whole, parts = (
        {str(quad.triple) for path in paths for quad in parse(path=path) if "BlankNode" not in repr(quad)}
        for paths in ([tmp_path / "all.nt"], files)
    )
    assert whole == parts
