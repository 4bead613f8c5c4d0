"""Large data sets: the same store by the engine's bulk loader, and only what changed the next time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pilotgraph import load as loading
from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import CURRENT, in_memory, load_to, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Tiny

    from pilotgraph.store.base import Reader

NAMED = "<https://x.example/p> <https://x.example/q> "


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every data set counts as large."""
    monkeypatch.setattr(loading, "LARGE", 0)


def lines(reader: Reader) -> list[str]:
    """The sorted N-Quads of a store."""
    return sorted(map(str, reader.quads()))


def current(store: Path) -> str:
    """The name of the current generation."""
    return (store / CURRENT).read_text()


def check(tiny: Tiny, store: Path) -> None:
    """Load, and hold that the store is that of the files, and the counts those of the store."""
    counts = load_to(Dataset.open(tiny.root), store)
    expected = lines(in_memory(Dataset.open(tiny.root)))
    assert lines(open_store(store)) == expected
    assert sum(counts.values()) == len(expected)


def test_the_bulk_loader_makes_the_same_store(root: Path, tmp_path: Path) -> None:
    """The flagship set, blank nodes included, is the same on disk as in memory."""
    load_to(Dataset.open(root), tmp_path / "store")
    assert lines(open_store(tmp_path / "store")) == lines(in_memory(Dataset.open(root)))


def test_lines_and_prefixes_of_files_are_kept_apart(tiny: Tiny, tmp_path: Path) -> None:
    """A missing last newline, signs of blank nodes in texts, and real blank nodes are read as they are."""
    folder = tiny.root / "data/turtle/more"
    folder.mkdir()
    (folder / "a.nt").write_text(f'{NAMED}"no newline" .')
    (folder / "b.nt").write_text(f'{NAMED}"second" .')
    (folder / "c.nt").write_text(f"_:x <https://x.example/q> _:y .\n{NAMED}_:x .\n")
    (folder / "d.ttl").write_text(f'{NAMED}"""a "list" (of) [things] _:z""" , \'(\' .# [ comment\n')
    (folder / "e.ttl").write_text(f"{NAMED}( 1 2 ) , [ <https://x.example/r> 3 ] .\n")
    (folder / "f.nq").write_text(f"{NAMED}<https://x.example/o> <https://x.example/elsewhere> .\n")
    check(tiny, tmp_path / "store")


def test_only_what_changed_is_loaded_again(tiny: Tiny, tmp_path: Path) -> None:
    """After each change of the files, the store is that of the files as they are."""
    store = tmp_path / "store"
    shared = 'pilot:beta a pg:Pilot ; dct:title "Beta"@nl .\n'
    one, two = tiny.add("one", shared), tiny.add("two", shared + "pilot:gamma a pg:Pilot .\n")
    check(tiny, store)
    one.unlink()
    check(tiny, store)
    two.write_text(two.read_text().replace("Beta", "Bèta"))
    check(tiny, store)
    tiny.add("three", "pilot:delta a pg:Pilot .\n")
    check(tiny, store)
    rule = max((tiny.root / "ontology/rules").glob("*.rq"))
    rule.unlink()
    check(tiny, store)


def test_an_unchanged_data_set_is_not_loaded_again(tiny: Tiny, tmp_path: Path) -> None:
    """The generation stays when no file changed, also if one was written anew with the same bytes."""
    store = tmp_path / "store"
    first = load_to(Dataset.open(tiny.root), store)
    generation = current(store)
    path = tiny.add("more", "pilot:beta a pg:Pilot .\n")
    load_to(Dataset.open(tiny.root), store)
    changed = current(store)
    os.utime(path, (0, 0))
    again = load_to(Dataset.open(tiny.root), store)
    assert generation != changed == current(store)
    assert sum(again.values()) > sum(first.values())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.nt", f'{NAMED}"good" .\n{NAMED}"bad .\n', "2: column "),
        ("a.ttl", f"{NAMED}x:y .\n", "1: column "),
        ("a.nt", b"\xff\xfe<\x00", "1: is UTF-16; save it as UTF-8"),
        ("a.nt", f'{NAMED}"caf'.encode() + b'\xe9" .\n', "1: is not UTF-8 here (byte 0xE9); save the file as UTF-8"),
        ("a.nt", f"{NAMED}<<( {NAMED} 1 )>> .\n", "1: "),
        ("a.ttl", "", "1: is empty; restore its content, or remove the file"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tiny: Tiny, tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    """What the engine refuses, or would take in silence, is told with the same words as for a small data set."""
    path = tiny.root / "data/turtle" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    dataset = Dataset.open(tiny.root)
    with pytest.raises(SourceError) as caught:
        load_to(dataset, tmp_path / "store")
    with pytest.raises(SourceError) as expected:
        in_memory(dataset)
    assert caught.value.message == expected.value.message
    assert caught.value.message.startswith(f"{path}:{message}")
    assert [entry.name for entry in (tmp_path / "store").iterdir()] == [".lock"]
