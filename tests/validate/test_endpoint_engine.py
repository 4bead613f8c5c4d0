"""`validate --endpoint --engine sparql` with a real Oxigraph server: the data stay there, with the same findings."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from pilotgraph.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Command

# INVENTED VALUES: a claim about nothing, a passage that nothing uses, and a date that does not exist.
FAULTS = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix pg: <https://w3id.org/pilotgraph/def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/id/claim/a> a pg:Period ; dcat:startDate "2031-02-30"^^xsd:date .
<https://example.org/id/evidence/a> a pg:Evidence .
"""


@pytest.fixture(scope="module")
def endpoint(pilotgraph: Command) -> Iterator[str]:
    """An Oxigraph server that holds the bundled data set, and faults in one of its graphs."""
    binary = Path(sys.executable).with_name("oxigraph")
    if not binary.exists():
        pytest.skip("the Oxigraph server is not installed: it comes with the Python package oxigraph")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen([binary, "serve", "--bind", place], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if pilotgraph("load", "--to", f"http://{place}/query", "--dry-run").code == 0:
                break
            time.sleep(0.1)
        assert pilotgraph("load", "--to", f"http://{place}/query").code == 0
        graph = next(name for name, path in Dataset.open().graph_files() if path.parent.name != "schemes")
        target = f"http://{place}/store?graph={quote(graph, safe='')}"
        headers = {"Content-Type": "text/turtle"}
        urlopen(Request(target, FAULTS.encode(), headers), timeout=30).close()
        yield f"http://{place}/query"
    finally:
        process.kill()
        process.wait()


def test_same_findings_as_from_the_data(endpoint: str, pilotgraph: Command) -> None:
    """Shapes and check queries find the same there; only the rules `validate/…`, which read all data, are left out."""

    def found(engine: str) -> set[tuple[str, ...]]:
        arguments = ("--format", "json", "--fail-on", "never", "--engine", engine)
        outcome = pilotgraph("validate", "--endpoint", endpoint, *arguments)
        return {(f["severity"], f["rule"], f["focus"], f["value"]) for f in json.loads(outcome.out)}

    asked, read = found("sparql"), found("columns")
    assert asked == {finding for finding in read if not finding[1].startswith("validate/")}
    rules = {rule for _, rule, focus, _ in asked if focus.startswith("https://example.org/")}
    assert "check/unused-evidence" in rules
    assert any(rule.endswith("sh:MinCountConstraintComponent") for rule in rules)
    assert "validate/ill-typed" in {rule for _, rule, _, _ in read}
