"""The rooms of the house: imports go down only (DESIGN, section 2)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# From the bottom up. A module imports from its own layer's list only what stands before it there, and
# anything from the layers below. The rooms that DESIGN does not name stand where their work is: `rdf`,
# `turtle` and `facts` read and write files and know nothing of stores; `dutch` knows only text; `fixing` and
# `coverage` are the two other users of passages; `answers` gives the rows of `queries` a form; `citation`
# writes a passage in one line; `proof` tells from a query which claims carry each of its rows; `overview`
# counts what was loaded; `api` is the door for Python, beside the command line and never above it.
LAYERS = [
    ["__init__", "errors"],
    [
        "terms",
        "dataset",
        "dutch",
        "turtle",
        "rdf",
        "graphs",
        "progress",
        "store.base",
        "store.syntax",
        "store.embedded",
        "store.credentials",
        "store.protocol",
        "store.conformance",
        "store.record",
        "store.remote",
        "store.upload",
        "store.within",
        "store",
        "facts",
    ],
    ["proof", "findings", "queries", "rules", "bulk", "load", "terminal", "answers", "citation"],
    ["evidence", "fixing", "coverage", "coverage_report", "overview", "network", "explain", "citation"],
    ["shacl"],
    [
        *("validate.checks", "validate.focus", "validate.literals", "validate.vocabulary"),
        *("validate.outcome", "validate.large", "validate"),
    ],
    ["pages"],
    ["publish"],
    ["serve"],
    ["api"],
    ["cli", "__main__"],
]
# A table is laid out below the answers that hold it, and names their type.
FOR_TYPES_ONLY = {"terminal imports answers"}
# The package's own face gives its version to all, and `open` from the layer of the door.
FACE = "__init__"


def layer(module: str) -> tuple[int, int]:
    """The layer of a module and its place in it; a package's modules stand where the package does."""
    for name in (module, module.split(".", maxsplit=1)[0]):
        for number, names in enumerate(LAYERS):
            if name in names:
                return number, names.index(name)
    pytest.fail(f"pilotgraph.{module} stands in no layer: give it one in this test")


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package, named without the package."""
    package = root / "pilotgraph"
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


def imports(path: Path, known: set[str]) -> set[str]:
    """The modules of the package that a file imports, inside functions and for type checks too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pilotgraph":
            inside = (node.module or "").removeprefix("pilotgraph").removeprefix(".")
            for alias in node.names:
                full = f"{inside}.{alias.name}".removeprefix(".")
                found.add(full if full in known else inside or FACE)
        elif isinstance(node, ast.Import):
            found |= {a.name.removeprefix("pilotgraph.") for a in node.names if a.name.startswith("pilotgraph.")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: imports are absolute"
    return found


def test_imports_go_down_only(root: Path) -> None:
    """No module imports from a layer above it, nor from a later place of its own layer."""
    known = modules(root)
    upward = [
        f"{module} imports {target}"
        for module, path in known.items()
        if module != FACE
        for target in sorted(imports(path, set(known)))
        if layer(target) > layer(module)
    ]
    assert set(upward) - FOR_TYPES_ONLY == set()


def test_every_room_is_built(root: Path) -> None:
    """The layers name no module that does not exist."""
    known = {name for module in modules(root) for name in (module, module.split(".", maxsplit=1)[0])}
    assert [name for names in LAYERS for name in names if name not in known] == []
