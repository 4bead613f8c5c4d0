"""Editions: opened whole, known by their content, pinned while they are served, and their pages kept for later."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError
from pilotgraph.load import load_to, open_store
from pilotgraph.publish.tree import MANIFEST
from pilotgraph.serve.building import build_site
from pilotgraph.serve.edition import Choice, Origin, open_edition

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tiny

SKOS = "http://www.w3.org/2004/02/skos/core#"
BASE = "https://pilots.example.org/"
QUERY = """#+ summary: Which pilots are there?
#+ param: pilot | pilot | optional | only this pilot | alleen deze pilot
PREFIX pg: <https://w3id.org/pilotgraph/def#>
SELECT ?pilot WHERE { VALUES ?pilot { UNDEF } ?pilot a pg:Pilot }
"""


@pytest.fixture
def small(tiny: Tiny) -> Dataset:
    """A data set of one pilot, with a query."""
    (tiny.root / "queries/question/pilots.rq").write_text(QUERY)
    tiny.add("names", f'pilot:alfa <{SKOS}prefLabel> "Alfa"@nl , "Alpha"@en .\n')
    return Dataset.open(tiny.root)


def test_an_edition_knows_what_can_be_asked(small: Dataset) -> None:
    """The queries, the things that their parameters name, where things without a page stand, and the versions."""
    edition = open_edition(Origin(small))
    assert list(edition.queries) == ["pilots"]
    assert edition.choices == {"pilot": (Choice("alfa", {"nl": "Alfa", "en": "Alpha"}),)}
    assert "0.1.0" in edition.versions
    assert edition.base == small.base


def test_the_fingerprint_is_that_of_the_content(small: Dataset, tiny: Tiny, tmp_path: Path) -> None:
    """The same files elsewhere have the same; another word, query or base gives another."""
    first = open_edition(Origin(small)).fingerprint
    shutil.copytree(small.root, tmp_path / "copy")
    assert open_edition(Origin(Dataset.open(tmp_path / "copy"))).fingerprint == first
    assert open_edition(Origin(small, base=BASE)).fingerprint != first
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    second = open_edition(Origin(small)).fingerprint
    (tiny.root / "queries/question/pilots.rq").write_text(QUERY + "\n")
    third = open_edition(Origin(small)).fingerprint
    assert len({first, second, third}) == 3


def test_an_edition_sees_that_its_files_changed(small: Dataset, tiny: Tiny) -> None:
    """And that they did not."""
    edition = open_edition(Origin(small))
    assert not edition.has_changed()
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    assert edition.has_changed()


def pilots(store: Path | None) -> set[str]:
    """The pilots in the store that a worker opens."""
    assert store is not None
    reader = open_store(store)
    found = {row["p"].value for row in reader.select("SELECT ?p { ?p a <https://w3id.org/pilotgraph/def#Pilot> }")}
    reader.close()
    return found


@pytest.mark.parametrize("from_store", [False, True])
def test_an_edition_stays_as_it_is(small: Dataset, tiny: Tiny, tmp_path: Path, *, from_store: bool) -> None:
    """A worker that is started later still opens the data with which the edition was opened."""
    folder = tmp_path / "store"
    load_to(small, folder)
    origin = Origin(small, folder if from_store else None)
    old = open_edition(origin)
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    load_to(small, folder)
    new = open_edition(origin)
    assert old.fingerprint != new.fingerprint
    assert pilots(old.source.store) == {f"{small.base}id/pilot/alfa"}
    assert pilots(new.source.store) == {f"{small.base}id/pilot/{name}" for name in ("alfa", "beta")}


def test_an_edition_under_another_base(small: Dataset) -> None:
    """What workers open names everything under it, and says so; a base that can be none is refused."""
    edition = open_edition(Origin(small, base=BASE.rstrip("/")))
    assert (edition.base, edition.source.base) == (BASE, BASE)
    assert pilots(edition.source.store) == {f"{BASE}id/pilot/alfa"}
    assert [choice.slug for choice in edition.choices["pilot"]] == ["alfa"]
    with pytest.raises(DatasetError, match="no address of the web"):
        open_edition(Origin(small, base="urn:x"))


def test_a_cache_that_cannot_be_written(small: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers then load the data into memory; another base needs the cache."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PILOTGRAPH_CACHE", str(tmp_path / "file"))
    edition = open_edition(Origin(small))
    assert (edition.source.store, edition.source.dataset_root) == (None, small.root)
    with pytest.raises(DatasetError):
        open_edition(Origin(small, base=BASE))


def test_few_editions_are_kept(small: Dataset, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were opened last, so that the cache does not grow with every change."""
    monkeypatch.setenv("PILOTGRAPH_CACHE", str(tmp_path / "cache"))
    seen = []
    for number in range(5):
        tiny.add("more", f"pilot:p{number} a pg:Pilot .\n")
        seen.append(open_edition(Origin(small)).fingerprint)
    assert {path.name for path in (tmp_path / "cache/served").iterdir()} == set(seen[-4:])


def test_the_pages_are_written_once(small: Dataset) -> None:
    """By a process of its own; the next server finds them; what is asked of them is by exact name."""
    edition = open_edition(Origin(small))
    assert edition.files is not None
    assert not edition.files.is_built
    assert edition.files.has("assets/site.css")
    asyncio.run(build_site(edition))
    again = open_edition(Origin(small))
    assert again.files is not None
    assert again.files.has("nl/pilot/alfa.html")
    assert [p for p in ("nginx.conf", ".htaccess", MANIFEST, "../store/CURRENT", "nl", "") if again.files.has(p)] == []
    written = (again.files.folder / MANIFEST).stat().st_mtime_ns
    asyncio.run(build_site(again))
    assert (again.files.folder / MANIFEST).stat().st_mtime_ns == written


def test_writing_the_pages_can_be_stopped(small: Dataset, tiny: Tiny) -> None:
    """Nothing half-written is served, and the next time they are written whole."""
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    edition = open_edition(Origin(small))
    assert edition.files is not None

    async def stopped() -> None:
        task = asyncio.create_task(build_site(edition))
        await asyncio.sleep(0.7)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(stopped())
    assert not edition.files.is_built
    asyncio.run(build_site(edition))
    assert edition.files.has("nl/pilot/beta.html")


def test_pages_that_cannot_be_written_are_told(small: Dataset, tiny: Tiny) -> None:
    """With what the process said."""
    tiny.add("more", "pilot:gamma a pg:Pilot .\n")
    edition = open_edition(Origin(small))
    assert edition.files is not None
    edition.files.folder.mkdir(parents=True)
    (edition.files.folder / "notes.txt").write_text("not ours")
    with pytest.raises(DatasetError, match=r"could not be written: .*notes\.txt"):
        asyncio.run(build_site(edition))
