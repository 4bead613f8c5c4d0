"""Loading: files into graphs, and a store on disk that is whole or as it was."""

from __future__ import annotations

import fcntl
import random
import resource
import shutil
import signal
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError, SourceError
from pilotgraph.load import CURRENT, GENERATION, in_memory, load, load_to, open_cached, open_store
from pilotgraph.rdf import parse_file
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conftest import Command, Tiny
    from pyoxigraph import Quad

    from pilotgraph.store.base import Reader

COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?p a <{PG}Pilot> }}"
SPACE = "check the folder, its permissions and the space on the disk"


def number_of_pilots(reader: Reader) -> int:
    """The answer of the store that tells the old one from the new one."""
    return int(plain(next(iter(reader.select(COUNT)))["n"]))


def lines(reader: Reader) -> list[str]:
    """The sorted N-Quads of a store."""
    return sorted(map(str, reader.quads()))


def named(quads: Iterable[Quad]) -> set[str]:
    """The triples of quads, without those that have a blank node: a file does not fix its name."""
    return {str(q.triple) for q in quads if not {type(q.subject), type(q.object)} & {BlankNode}}


@pytest.fixture
def loaded(tiny: Tiny, tmp_path: Path) -> Path:
    """A store on disk of the tiny data set, which then gets a second pilot."""
    load_to(Dataset.open(tiny.root), tmp_path / "store")
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    return tmp_path / "store"


def test_a_graph_has_the_triples_of_its_files(root: Path) -> None:
    """Each file's triples are in the graph of its folder, once, and the counts say so."""
    dataset = Dataset.open(root)
    store = in_memory(dataset)
    expected: dict[str, set[str]] = {}
    for graph, path in dataset.graph_files():
        expected.setdefault(graph, set()).update(named(parse_file(path)))
    found: dict[str, set[str]] = {}
    for quad in store.quads():
        found.setdefault(plain(quad.graph_name), set()).update(named([quad]))
    del found[dataset.graph("derived")], found[dataset.graph("meta")]
    assert found == expected


def test_the_counts_are_those_of_the_store(tiny: Tiny) -> None:
    """What a load reports, and what the store says of itself, is what the store holds."""
    store = EmbeddedStore()
    counts = load(Dataset.open(tiny.root), store)
    held = Counter(plain(quad.graph_name) for quad in store.quads())
    rows = store.select("SELECT ?graph ?n { ?graph <http://rdfs.org/ns/void#triples> ?n }")
    told = {plain(row["graph"]): int(plain(row["n"])) for row in rows}
    assert counts == dict(held)
    assert told == {graph: number for graph, number in counts.items() if not graph.endswith("/meta")}


def test_literals_survive_unchanged(root: Path) -> None:
    """The store gives back every literal of the flagship set as it is written in its file."""
    dataset = Dataset.open(root)
    written = {q.object for _, path in dataset.graph_files() for q in parse_file(path) if isinstance(q.object, Literal)}
    kept = {quad.object for quad in in_memory(dataset).quads() if isinstance(quad.object, Literal)}
    assert written - kept == set()


def test_loading_twice_gives_the_same_store(tiny: Tiny, tmp_path: Path) -> None:
    """The same files give the same quads, in memory and on disk, at the first and the second time."""
    tiny.source("Pilot Alfa: € 5.")
    tiny.claim("Pilot Alfa: € 5.", "pg:amount 5")
    dataset = Dataset.open(tiny.root)
    counts = [load_to(dataset, tmp_path / "store") for _ in range(2)]
    assert counts[0] == counts[1]
    assert lines(open_store(tmp_path / "store")) == lines(in_memory(dataset))
    assert sum(counts[0].values()) == len(lines(in_memory(dataset)))


def test_loading_again_replaces_the_store_and_leaves_nothing_behind(tiny: Tiny, loaded: Path) -> None:
    """A second load takes the place of the first; a third clears the first away."""
    old = open_store(loaded)
    for _ in range(3):
        load_to(Dataset.open(tiny.root), loaded)
    assert number_of_pilots(open_store(loaded)) == 2
    assert number_of_pilots(old) == 1
    assert len(list(loaded.glob(GENERATION + "*"))) == 2
    assert {path.name for path in loaded.iterdir()} - {path.name for path in loaded.glob(GENERATION + "*")} == {
        ".lock",
        CURRENT,
    }


def test_a_syntax_error_on_the_last_line_leaves_the_old_store(tiny: Tiny, loaded: Path, pilotgraph: Command) -> None:
    """A fault at the very end of the last file is named with its line, and the old answers are still given."""
    path = tiny.add("zzz", "pilot:gamma a pg:Pilot .\npilot:delta a pg:Pilot\n")
    result = pilotgraph("load", "--to", loaded, "--dataset", tiny.root)
    line = path.read_text().count("\n") + 1
    place = f"{path}:{line}: column 1: Unexpected end; the file seems cut off; restore its end"
    assert result == (3, "", f"pilotgraph: {place}\n")
    assert number_of_pilots(open_store(loaded)) == 1
    assert len(list(loaded.glob(GENERATION + "*"))) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"CONSTRUCT { ?a ?b }", "1: syntax error at column 19: "),
        (b"SELECT * {}", " the query is of another kind; use CONSTRUCT or DESCRIBE here"),
        (b"# caf\xe9", "1: is not UTF-8 here (byte 0xE9); save the file as UTF-8"),
    ],
)
def test_a_wrong_rule_is_named(tiny: Tiny, content: bytes, message: str) -> None:
    """A rule file that cannot be used is named with the line of its fault."""
    rule = tiny.root / "ontology/rules/99-wrong.rq"
    rule.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        in_memory(Dataset.open(tiny.root))
    assert caught.value.message.startswith(f"{rule}:{message}")


def test_killing_a_load_leaves_the_old_store(flagship: Path, tmp_path: Path, pilotgraph: Command) -> None:
    """Killed at any moment, a load leaves the old answers, and the next load cleans up and succeeds."""
    store = tmp_path / "store"
    assert pilotgraph("load", "--to", store, "--dataset", flagship, "-q").code == 0
    before = number_of_pilots(open_store(store))
    (flagship / "data/turtle/register/extra.ttl").write_text(f"<https://x.example/p> a <{PG}Pilot> .\n")
    chance = random.Random(20220706)  # noqa: S311 - moments, not secrets
    killed = 0
    for _ in range(6):
        process = subprocess.Popen(pilotgraph.line("load", "--to", store, "--dataset", flagship, "-q"))
        time.sleep(chance.uniform(0.2, 0.9))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
            assert number_of_pilots(open_store(store)) == before
    assert killed >= 3
    assert pilotgraph("load", "--to", store, "--dataset", flagship, "-q") == (0, "", "")
    assert number_of_pilots(open_store(store)) == before + 1
    assert len(list(store.glob(GENERATION + "*"))) == 2


@pytest.mark.parametrize("limit", [1_000, 100_000])
def test_a_full_disk_leaves_the_old_store(tiny: Tiny, loaded: Path, pilotgraph: Command, limit: int) -> None:
    """A file that cannot grow, as on a full disk, ends in one message, and the old answers are still given."""
    done = subprocess.run(
        pilotgraph.line("load", "--to", loaded, "--dataset", tiny.root),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    message = f"pilotgraph: {loaded}: file too large; {SPACE}; the store that was there is as it was\n"
    assert (done.returncode, done.stdout, done.stderr) == (3, "", message)
    assert number_of_pilots(open_store(loaded)) == 1
    assert len(list(loaded.glob(GENERATION + "*"))) == 1


def test_a_tiny_disk_gives_one_message(tiny: Tiny, tmp_path: Path, pilotgraph: Command) -> None:
    """On a disk of one megabyte there is no room for a store, and no part of one stays."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount") or "mount"
    try:
        mounted = subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False
        )
    except OSError:
        pytest.skip("there is no mount command")
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        result = pilotgraph("load", "--to", disk / "store", "--dataset", tiny.root)
        left = [path.name for path in (disk / "store").iterdir()]
    finally:
        subprocess.run([shutil.which("umount") or "umount", disk], check=True)
    message = f"pilotgraph: {disk}/store: no space left on device; {SPACE}; no store was made\n"
    assert (result, left) == ((3, "", message), [".lock"])


def test_a_locked_store_is_left_alone(tiny: Tiny, loaded: Path, pilotgraph: Command) -> None:
    """While another load is at work, a second one stops at once; questions are still answered."""
    with (loaded / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        result = pilotgraph("load", "--to", loaded, "--dataset", tiny.root)
        asked = pilotgraph(
            "query", "-", "--store", loaded, "--dataset", tiny.root, "-q", "--format", "csv", stdin=COUNT
        )
    message = f"pilotgraph: {loaded}: another load is at work here; wait for it, or choose another folder\n"
    assert result == (3, "", message)
    assert asked == (0, "n\n1\n", "")


def test_a_folder_with_other_things_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    """A folder that holds something else is not taken for a store, and nothing in it is touched."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.doc").write_text("mine")
    with pytest.raises(DatasetError) as caught:
        load_to(Dataset.open(tiny.root), folder)
    assert caught.value.message == f"{folder}: holds other things (thesis.doc); choose an empty or new folder"
    assert [path.name for path in folder.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("file", "is a file; --to takes a folder"),
        ("file/below", f"not a directory; {SPACE}; no store was made"),
    ],
)
def test_a_target_that_is_no_folder_is_refused(tiny: Tiny, tmp_path: Path, target: str, message: str) -> None:
    """A file in the way is named, and stays."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DatasetError) as caught:
        load_to(Dataset.open(tiny.root), tmp_path / target)
    assert caught.value.message == f"{tmp_path / target}: {message}"
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("broken", [None, "generation-gone\n"])
def test_a_folder_without_a_store_says_how_to_make_one(tmp_path: Path, broken: str | None) -> None:
    """A missing store is named, with the command that makes it."""
    if broken:
        (tmp_path / CURRENT).write_text(broken)
    with pytest.raises(DatasetError) as caught:
        open_store(tmp_path)
    assert caught.value.message.startswith(f"{tmp_path}")
    assert "make one with: pilotgraph load --to" in caught.value.message


def test_a_changed_file_makes_the_cache_anew(tiny: Tiny) -> None:
    """The cached store follows the files: changed ones are seen at once, unchanged ones are not read again."""
    dataset = Dataset.open(tiny.root)
    assert number_of_pilots(open_cached(dataset)) == 1
    tiny.add("more", "pilot:beta a pg:Pilot .\n")
    assert number_of_pilots(open_cached(dataset)) == 2
    (tiny.root / "data/turtle/more.ttl").unlink()
    assert number_of_pilots(open_cached(dataset)) == 1


@pytest.mark.parametrize("damage", ["gone", "emptied", "unwritable"])
def test_a_damaged_cache_is_no_obstacle(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A cache that was cleared away, damaged or cannot be made costs time, never an answer."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PILOTGRAPH_CACHE", str(folder))
    dataset = Dataset.open(tiny.root)
    if damage == "unwritable":
        folder.write_text("a file in the way")
    else:
        open_cached(dataset).close()
        (generation,) = folder.glob(f"*/{GENERATION}*")
        shutil.rmtree(generation)
        if damage == "emptied":
            generation.mkdir()
    assert number_of_pilots(open_cached(dataset)) == 1
    assert number_of_pilots(open_cached(dataset)) == 1
