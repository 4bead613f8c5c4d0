"""A data set on disk: every part is there and readable, or one message says which is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pilotgraph.dataset import REQUIRED, Dataset
from pilotgraph.errors import PilotGraphError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command, Tiny


def message_of(root: Path) -> str:
    """Why a data set cannot be opened."""
    with pytest.raises(PilotGraphError) as caught:
        Dataset.open(root)
    return caught.value.message


@pytest.mark.parametrize("part", REQUIRED)
def test_a_missing_part_is_named(tiny: Tiny, pilotgraph: Command, part: str) -> None:
    """A folder without one of the parts is refused by every verb, with the part's path and the list of all."""
    (tiny.root / part).rename(tiny.root / "away")
    message = f"{tiny.root / part}: is missing; a data set needs {', '.join(REQUIRED)}"
    assert message_of(tiny.root) == message
    assert pilotgraph("info", "--dataset", tiny.root) == (3, "", f"pilotgraph: {message}\n")


@pytest.mark.parametrize("name", ["nowhere", "data/dataset.toml"])
def test_what_is_no_folder_is_refused(tiny: Tiny, name: str) -> None:
    """A path that leads nowhere or to a file is no data set."""
    folder = tiny.root / name
    assert message_of(folder) == (
        f"{folder}: is no folder; --dataset takes the folder that holds data/, ontology/ and queries/"
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"base = \n", "Invalid value (at line 1, column 8)"),
        (b'title = "caf\xe9"', "'utf-8' codec can't decode byte 0xe9 in position 12: invalid continuation byte"),
    ],
)
def test_a_manifest_that_is_no_toml_is_named(tiny: Tiny, content: bytes, fault: str) -> None:
    """Bad TOML is named with its place."""
    path = tiny.root / "data/dataset.toml"
    path.write_bytes(content)
    assert message_of(tiny.root) == f"{path}: is no valid TOML ({fault}); correct it"


@pytest.mark.parametrize("key", ["base", "edition", "licence", "title", "description"])
def test_a_missing_entry_is_named(tiny: Tiny, key: str) -> None:
    """An entry that every data set needs is named when it is missing."""
    path = tiny.root / "data/dataset.toml"
    path.write_text(path.read_text().replace(f"{key} =", "x =").replace(f"[{key}]", "[x]"))
    assert message_of(tiny.root) == (
        f"{tiny.root / 'data'}: the entry '{key}' is missing or of the wrong kind; "
        "compare it with the bundled data set's"
    )


@pytest.mark.parametrize("key", ["slug", "file", "sha256", "address"])
def test_a_source_without_an_entry_is_refused(tiny: Tiny, key: str) -> None:
    """A source in the manifest has all its entries."""
    path = tiny.root / "data/sources.toml"
    path.write_text(path.read_text().replace(f"{key} =", "x ="))
    assert f"the entry '{key}' is missing" in message_of(tiny.root)


def test_files_and_graphs(tiny: Tiny) -> None:
    """Each file goes to the graph that its folder, or itself, gives the name to."""
    (tiny.root / "data/turtle/notes/deep").mkdir(parents=True)
    tiny.add("notes/deep/a", "pilot:b a pg:Pilot .\n")
    graphs = {str(path.relative_to(tiny.root)): graph for graph, path in Dataset.open(tiny.root).graph_files()}
    assert graphs["data/turtle/notes/deep/a.ttl"] == f"{tiny.base}graph/notes"
    assert graphs["data/turtle/register.ttl"] == f"{tiny.base}graph/register"
    assert graphs["ontology/pilotgraph.ttl"] == f"{tiny.base}graph/ontology"
    assert graphs["ontology/schemes/role.ttl"] == f"{tiny.base}graph/schemes"
    assert not any("shapes" in name for name in graphs)
