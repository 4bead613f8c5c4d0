"""What a small command costs: heavy libraries are imported by the verb that needs them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = (
    *("rdflib", "networkx", "pyshacl", "pyvis", "pandas", "xlsxwriter", "SPARQLWrapper", "httpx", "numpy", "jinja2"),
    *("rustworkx", "resvg_py", "polars", "scipy", "sknetwork", "starlette", "uvicorn", "werkzeug", "prometheus_client"),
)
PROBE = f"""
import sys
from pilotgraph.cli import main
try:
    main(sys.argv[1:])
finally:
    print("imported:", *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["query", "--help"],
        ["validate", "--help"],
        ["query", "--list"],
        ["query", "pilots"],
        ["query", "pilots", "--format", "csv"],
        ["info"],
    ],
    ids=" ".join,
)
def test_a_small_command_imports_nothing_heavy(arguments: list[str], root: Path) -> None:
    """Help, a named question as a table and the overview need neither rdflib nor networkx nor pySHACL."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=False, cwd=root
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "imported:")
