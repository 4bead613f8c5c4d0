"""The explorer of a large network: every pilot and link is in one part, and the first page stays small."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.network import NetworkOptions, two_mode
from pilotgraph.pages.explorer import render_levels
from pilotgraph.pages.explorer.levels import levels
from pilotgraph.pages.explorer.levels.names import fold, pieces
from pilotgraph.pages.explorer.levels.tree import MOST_GROUPS, MOST_IN_PART, MOST_NODES, divide
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from pilotgraph.store.embedded import EmbeddedStore

    Values = dict[str, Any]

ROOT = Path(__file__).parents[2]
PILOTS = 1200
needs_bundle = pytest.mark.skipif(
    not (ROOT / "viz/dist/explorer-levels.js").is_file(), reason="viz/dist is not built; run: make viz"
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A made-up data set that is too large to be drawn at once."""
    folder = tmp_path_factory.mktemp("synthetic") / "set"
    command = [sys.executable, str(ROOT / "benchmarks/generate.py"), "--pilots", str(PILOTS), "--to", str(folder)]
    subprocess.run(command, check=True)
    return Dataset.open(folder)


@pytest.fixture(scope="module")
def reader(dataset: Dataset) -> EmbeddedStore:
    """Its store."""
    return in_memory(dataset)


@pytest.fixture(scope="module")
def first(dataset: Dataset, reader: EmbeddedStore) -> Values:
    """What the first page holds."""
    return levels(dataset, reader, "en")[0]


@pytest.fixture(scope="module")
def files(dataset: Dataset, reader: EmbeddedStore) -> dict[str, Values]:
    """The scripts beside it, by name, read back."""
    found = {}
    for name, content in levels(dataset, reader, "en")[1]:
        script = re.fullmatch(r'window\.pilotgraphPart\("([^"]*)",(.*)\);\n', content.decode(), re.DOTALL)
        assert script
        assert name == f"{script[1]}.js"
        found[script[1]] = json.loads(script[2])
    return found


@pytest.fixture(scope="module")
def parts(files: dict[str, Values]) -> dict[str, Values]:
    """The parts, by number."""
    return {name.removeprefix("part-"): found for name, found in files.items() if "nodes" in found}


def test_every_pilot_and_link_is_in_one_part(dataset: Dataset, reader: EmbeddedStore, parts: dict[str, Values]) -> None:
    """All parts together are the network, and none overlaps another."""
    pilots = Counter(node["id"] for part in parts.values() for node in part["nodes"] if node["mode"] == "pilot")
    base = f"{dataset.base}id/"
    graph = two_mode(dataset, reader, NetworkOptions(kinds=True))
    expected = {node.removeprefix(base) for node, mode in graph.nodes(data="mode") if mode == "pilot"}
    assert pilots == Counter(expected)
    links = {
        (part["nodes"][pilot]["id"], part["nodes"][thing]["id"], part["claims"][claim]["id"])
        for part in parts.values()
        for pilot, thing, claim, *_ in part["links"].get("actor", [])
    }
    told = {
        (pilot.removeprefix(base), thing.removeprefix(base), claim.removeprefix(base))
        for pilot, thing, data in (
            (one, two, data) if one.removeprefix(base) in expected else (two, one, data)
            for one, two, data in graph.edges(data=True)
        )
        for claim in data["claims"]
    }
    assert links == told


def test_levels_are_a_tree_of_what_can_be_read(
    first: Values, files: dict[str, Values], parts: dict[str, Values]
) -> None:
    """No level has more groups than a picture holds, no part more nodes; sizes add up; each leads to a file."""
    todo = [first["level"]]
    seen = set()
    while todo:
        level = todo.pop()
        assert 1 < len(level["groups"]) <= MOST_GROUPS
        assert sum(group["pilots"] for group in level["groups"]) == level["pilots"]
        for group in level["groups"]:
            found = files[f"part-{group['number']}"]
            seen.add(f"part-{group['number']}")
            assert [number for number, _ in group["around"]] == [
                group["number"].rsplit(".", cut)[0] for cut in range(group["number"].count("."), 0, -1)
            ]
            if group["groupsInside"]:
                todo.append(found)
                continue
            assert found["part"]["pilots"] == group["pilots"] <= MOST_IN_PART
            modes = Counter(node["mode"] for node in found["nodes"])
            assert modes["pilot"] == group["pilots"]
            assert modes["pilot"] + modes["organisation"] <= MOST_NODES
    assert seen == {name for name in files if name.startswith("part-")}
    assert len(parts) > len(first["level"]["groups"])


def test_every_name_leads_to_a_part_that_has_it(
    first: Values, files: dict[str, Values], parts: dict[str, Values]
) -> None:
    """Each pilot, organisation, goal and domain is found by each of its words, unless very many have that word."""
    inside = {number: {node["id"] for node in part["nodes"]} for number, part in parts.items()}
    found: dict[str, set[str]] = {}
    for number, key in enumerate(first["names"]):
        piece = files[f"names-{number}"]
        for label, _, thing, part, _ in piece["names"]:
            assert thing in inside[part]
            found.setdefault(thing, set()).update(word for word in fold(label) if word.startswith(key))
    cut = {word for name, piece in files.items() if name.startswith("names-") for word in piece["cut"]}
    expected = {
        node["id"]: set(fold(node["label"]))
        for part in parts.values()
        for node in part["nodes"]
        if node["mode"] in first["modes"]
    }
    assert "pilot" in cut
    assert {thing: words - cut for thing, words in expected.items()} == {
        thing: found.get(thing, set()) - cut for thing in expected
    }


def test_a_thing_tells_how_many_pilots_of_other_groups_have_it(parts: dict[str, Values]) -> None:
    """Inside and elsewhere together are all its pilots."""
    having: dict[str, set[str]] = {}
    for part in parts.values():
        for pilot, thing, *_ in part["links"].get("actor", []):
            having.setdefault(part["nodes"][thing]["id"], set()).add(part["nodes"][pilot]["id"])
    checked = 0
    for number, part in parts.items():
        own = {node["id"] for node in part["nodes"] if node["mode"] == "pilot"}
        for node in part["nodes"]:
            if node["mode"] == "organisation":
                elsewhere = node.get("elsewhere", {"total": 0, "at": []})
                assert elsewhere["total"] == len(having[node["id"]] - own)
                assert number not in {at[0] for at in elsewhere["at"]}
                checked += bool(elsewhere["total"])
    assert checked > 100


def test_the_first_page_is_small(first: Values, files: dict[str, Values]) -> None:
    """Besides its script the first page holds some tens of kilobytes, and no piece is large."""
    assert len(json.dumps(first)) < 60_000
    assert max(len(json.dumps(found)) for found in files.values()) < 400_000


@needs_bundle
def test_the_page_lets_scripts_of_its_own_folder_run_and_no_others(first: Values) -> None:
    """The policy names the page's own script by its digest, and files beside the page."""
    html = render_levels(first | {"folder": "x-parts/"})
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/=]+' 'self';", policy[1])
    block = re.search(r'<script type="application/json" id="explorer-data">(.*?)</script>', html, re.DOTALL)
    assert block
    assert json.loads(block[1]) == json.loads(json.dumps(first | {"folder": "x-parts/"}))


def test_what_cannot_be_grouped_is_cut() -> None:
    """Pilots that all have the same, and pilots that have nothing, make parts by name that differ by one in size."""
    for held in ({}, {f"p{n}": ["a", "b"] for n in range(1000)}):
        whole = divide({f"p{n}": f"Pilot {n:04d}" for n in range(1000)}, held, held, silent)
        sizes = [len(part.pilots) for part in whole.parts()]
        assert sum(sizes) == 1000
        assert max(sizes) <= MOST_IN_PART
        assert [pilot for part in whole.parts() for pilot in part.pilots] == list(whole.pilots)


def test_pilots_with_very_many_partners_make_small_parts() -> None:
    """A part counts its organisations too: forty pilots with a hundred of their own each are not one picture."""
    held = {f"p{n}": [f"o{n}-{k}" for k in range(100)] for n in range(40)}
    for part in divide({pilot: pilot for pilot in held}, {}, held, silent).parts():
        assert len(part.pilots) * 101 <= MOST_NODES


def test_a_word_of_very_many_names_is_cut_and_told() -> None:
    """The best linked are kept, and the piece says that there are more."""
    names = [[f"Pilot {n}", 0, f"pilot/{n}", "1", n] for n in range(2000)]
    found = dict(pieces(names))
    assert [key for key, piece in found.items() if "pilot" in piece["cut"]] == ["pi"]
    assert [name[2] for name in found["pi"]["names"]] == [f"pilot/{n}" for n in range(1999, 1699, -1)]
    assert {name[2] for key, piece in found.items() if key != "pi" for name in piece["names"]} == {
        f"pilot/{n}" for n in range(2000)
    }
