"""docs/network.md says what the code does: every measure, weighting, relation, role and format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pilotgraph.cli.network import FORMATS
from pilotgraph.network import FUNDING_ROLES, LAYERS, MEASURES, RELATIONS, WEIGHTINGS, WHOLE
from pilotgraph.network.compute import LARGE
from pilotgraph.pages.picture.scene import MOST

TEXT = (Path(__file__).parents[2] / "docs" / "network.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\S+)\n\n(.*?)(?=\n##|\Z)", TEXT, re.DOTALL | re.MULTILINE))


def test_every_measure_has_its_section() -> None:
    """In the order of the code, and no other."""
    assert list(SECTIONS) == [*MEASURES, *WHOLE]


@pytest.mark.parametrize("name", [*MEASURES, *WHOLE])
def test_a_section_is_what_the_code_says(name: str) -> None:
    """The sentence in both languages, the formula and the source."""
    found = MEASURES.get(name) or WHOLE[name]
    only = {"two-mode": " For two-mode networks.", "one-mode": " For projections and cross-links.", "": ""}[found.only]
    assert SECTIONS[name].strip() == (
        f"{found.sentence['en']}\\\n*{found.sentence['nl']}*\n\n```text\n{found.formula}\n```\n\n{found.source}.{only}"
    )


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("The networks", set(RELATIONS)),
        ("Weights of a projection", set(WEIGHTINGS)),
        ("Files for other programs", set(FORMATS) - {"table", "csv"}),
    ],
)
def test_tables_name_what_there_is(heading: str, names: set[str]) -> None:
    """The tables list exactly the relations, weightings and formats that the command takes."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`([a-z]+)`", cell)} == names


def test_numbers_and_names_in_the_text() -> None:
    """Roles that count as funding, kinds of cross-link, and the sizes at which things change."""
    assert all(f"`{role}`" in TEXT for role in FUNDING_ROLES)
    assert all(f"`{layer}`" in TEXT for layer in LAYERS)
    assert f"From {LARGE} nodes on" in TEXT
    assert f"Of more than {MOST} linked things" in TEXT
