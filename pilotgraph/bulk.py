"""Large data sets into a store on disk: by the engine's own bulk loader, several files at a time.

The engine reads a file itself where it can. Where it cannot give what :mod:`pilotgraph.load` promises (names of blank
nodes that are the same every time, no RDF 1.2, one graph whatever the file says), the file is read here.

Beside the store lie the files that it was made from, and a checkpoint of the store without what rules derived. So the
next load takes out what is gone from the files, puts in what is new, and derives anew; what did not change is not
loaded again. Checkpoints are hard links: they take no time and hardly any room.
"""

from __future__ import annotations

import filecmp
import mmap
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad

from pilotgraph import __version__
from pilotgraph.dataset import RDF_SUFFIXES
from pilotgraph.errors import unreadable
from pilotgraph.graphs import into
from pilotgraph.rdf import parse_file, rdf_format
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell

# Small files go to the engine together, up to this size: each call writes files of its own.
_POOL: Final = 8 * 2**20
# Above this share of changed bytes a new store is made faster than the old one is changed.
_MOSTLY_NEW: Final = 0.3
_FILES, _BASIS, _MADE_BY = "files", "basis", "MADE-BY"

# Skips what is in quotes or in an IRI, and stops at a blank node or a list.
_NO_BLANK_NODE: Final = re.compile(
    rb"""(?:[^"'<\[(_#]++
      |\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|"(?:[^"\\\n]|\\.)*+"
      |'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}|'(?:[^'\\\n]|\\.)*+'
      |<[^>]*+>|_(?!:)|\#[^\n]*+)*+""",
    re.VERBOSE | re.DOTALL,
)
_RDF12: Final = (b"<<", b"{|", b"--ltr", b"--rtl")
_OTHER_ENCODINGS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def make_basis(dataset: Dataset, fresh: Path, changes: Changes | None, tell: Tell) -> EmbeddedStore:
    """Give a store in an empty folder that holds the files of a data set, and nothing derived.

    With `changes` since another generation, that one is the start if little has changed. Raises as
    :func:`pilotgraph.rdf.parse_file` does.
    """
    few = changes is not None and changes.few(dataset)
    if changes and few:
        _copy_basis(changes.generation, fresh)
    store = EmbeddedStore.create(fresh)
    try:
        if changes and few:
            _change(dataset, changes, store, tell)
        else:
            load_files(dataset, store, tell)
        _keep(dataset, store, fresh, changes.generation if changes else None)
    except BaseException:
        # The engine writes in the background for as long as the store is open.
        store.close()
        raise
    return store


def load_files(dataset: Dataset, store: EmbeddedStore, tell: Tell) -> None:
    """Load all files of a data set into an empty store on disk."""
    units = list(_units(dataset.graph_files()))
    total, done = sum(size for _, _, size in units), 0
    tell("loading files", 0, total)
    # The engine works outside Python's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sizes = {pool.submit(_put, store, NamedNode(graph), paths, dataset.root): n for graph, paths, n in units}
        try:
            for future in as_completed(sizes):
                future.result()
                done += sizes[future]
                tell("loading files", done, total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _units(files: Iterable[tuple[str, Path]]) -> Iterator[tuple[str, list[Path], int]]:
    """Group the files that go to the engine together: graph, paths of one format, bytes."""
    pools: dict[tuple[str, str], tuple[list[Path], int]] = {}
    for graph, path in files:
        key = (graph, path.suffix.lower())
        paths, size = pools.pop(key, ([], 0))
        pools[key] = ([*paths, path], size + path.stat().st_size)
        if pools[key][1] >= _POOL:
            yield graph, *pools.pop(key)
    for (graph, _), (paths, size) in pools.items():
        yield graph, paths, size


def _put(store: EmbeddedStore, graph: NamedNode, paths: list[Path], root: Path) -> None:
    plain: list[Path] = []
    for path in paths:
        if is_plain(path):
            plain.append(path)
        else:
            store.add(into(graph, parse_file(path), path.relative_to(root)))
    # Lines can be put together, statements with prefixes cannot.
    together = [plain] if all(path.suffix.lower() == ".nt" for path in plain) else [[path] for path in plain]
    for group in together if plain else ():
        try:
            store.load_files(group, rdf_format(group[0]), graph)
        except SyntaxError:
            # Reading it again here finds the place, and says what to do.
            for path in group:
                parse_file(path)
            raise
        except OSError as error:
            raise unreadable(group[0], error) from error


def is_plain(path: Path) -> bool:
    """Tell whether the engine would load a file as it is meant; parse_file judges the others."""
    if path.suffix.lower() not in {".nt", ".ttl"}:
        return False
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if content[:3].startswith(_OTHER_ENCODINGS) or any(content.find(mark) >= 0 for mark in _RDF12):
                return False
            if path.suffix.lower() == ".nt":
                return content.find(b"_:") < 0
            suspect = any(content.find(mark) >= 0 for mark in (b"_:", b"[", b"("))
            match = _NO_BLANK_NODE.match(content) if suspect else None
            return not suspect or (match is not None and match.end() == len(content))
    except (OSError, ValueError):
        # Empty, or not to be read.
        return False


class Changes:
    """What differs between the files of a data set and those that a store was made from."""

    def __init__(self, dataset: Dataset, generation: Path) -> None:
        self.generation = generation
        kept = {path.relative_to(generation / _FILES) for path in _all_files(generation / _FILES)}
        now = {path.relative_to(dataset.root): path for path in dataset.all_files()}
        self.comparable = _made_by(generation) == _stamp(dataset)
        self.gone = sorted(kept - set(now))
        self.new = sorted(part for part in now if part not in kept or not _same(now[part], generation / _FILES / part))

    def few(self, dataset: Dataset) -> bool:
        """Tell whether changing the old store is faster than making one."""
        total = sum(path.stat().st_size for path in dataset.all_files())
        touched = sum((dataset.root / part).stat().st_size for part in self.new)
        touched += sum((self.generation / _FILES / part).stat().st_size for part in self.gone)
        return self.comparable and (self.generation / _BASIS).is_dir() and touched <= _MOSTLY_NEW * total

    def none(self) -> bool:
        """Tell whether the store is that of these files."""
        return self.comparable and not self.gone and not self.new


def _change(dataset: Dataset, changes: Changes, store: EmbeddedStore, tell: Tell) -> None:
    """Bring a store that was made from the old files to the state of the new ones."""
    graphs = {path.relative_to(dataset.root): graph for graph, path in dataset.graph_files()}
    graph_of = graphs | {part: graph for part in changes.gone if (graph := _graph_of(dataset, part))}
    touched = sorted({*changes.new, *changes.gone} & set(graph_of))
    gone: dict[str, set[Quad]] = {}
    for number, part in enumerate(touched):
        tell("comparing changed files", number, len(touched))
        into_graph = NamedNode(graph_of[part])
        before, after = (
            set(into(into_graph, parse_file(folder / part), part)) if (folder / part).is_file() else set()
            for folder in (changes.generation / _FILES, dataset.root)
        )
        store.add(after - before)
        gone.setdefault(into_graph.value, set()).update(before - after)
    for name, quads in gone.items():
        # Another file of the graph may say the same.
        for part in [part for part, of in graphs.items() if of == name and quads]:
            quads.difference_update(into(NamedNode(name), parse_file(dataset.root / part), part))
        store.remove(quads)


def _keep(dataset: Dataset, store: EmbeddedStore, generation: Path, previous: Path | None) -> None:
    """Keep the files and a checkpoint of the store, for the next load; call it before anything is derived."""
    store.finish()
    store.checkpoint(generation / _BASIS)
    for path in dataset.all_files():
        part = path.relative_to(dataset.root)
        target = generation / _FILES / part
        target.parent.mkdir(parents=True, exist_ok=True)
        old = previous / _FILES / part if previous else None
        if old and old.is_file() and _same(path, old):
            os.link(old, target)
        else:
            shutil.copy2(path, target)
    (generation / _MADE_BY).write_text(_stamp(dataset), encoding="utf-8")


def _copy_basis(previous: Path, fresh: Path) -> None:
    """Copy the checkpoint of a store into an empty folder: data by hard link, for they never change, the rest whole."""
    for path in sorted((previous / _BASIS).iterdir()):
        if path.suffix == ".sst":
            os.link(path, fresh / path.name)
        else:
            shutil.copy2(path, fresh / path.name)


def derive(store: EmbeddedStore, text: str, graph: NamedNode) -> None:
    """Add what a CONSTRUCT query gives to a graph, through a pipe: the result is never whole in memory."""
    reading, writing = os.pipe()

    def load() -> None:
        try:
            store.load_own(Path(f"/dev/fd/{reading}"), graph)
        finally:
            os.close(reading)

    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load)
        try:
            with os.fdopen(writing, "wb") as stream:
                store.write_constructed(text, stream)
        except BrokenPipeError:
            # The other end says why.
            loading.result()
            raise
        loading.result()


def _graph_of(dataset: Dataset, part: Path) -> str:
    """The graph of a file that is gone; empty if it was not loaded."""
    if part.suffix not in RDF_SUFFIXES:
        return ""
    match part.parts:
        case ("data", "turtle", name, *_):
            return dataset.graph(Path(name).stem)
        case ("ontology", "schemes", *_):
            return dataset.graph("schemes")
        case _:
            return dataset.graph("ontology")


def _all_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _same(path: Path, kept: Path) -> bool:
    """Tell whether a file is still as it was kept: by size and time, else by its bytes."""
    now, then = path.stat(), kept.stat()
    if now.st_size != then.st_size:
        return False
    return now.st_mtime_ns == then.st_mtime_ns or filecmp.cmp(path, kept, shallow=False)


def _stamp(dataset: Dataset) -> str:
    return f"{__version__}\n{dataset.base}\n"


def _made_by(generation: Path) -> str:
    with suppress(OSError):
        return (generation / _MADE_BY).read_text(encoding="utf-8")
    return ""
