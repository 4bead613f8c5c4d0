"""Files into named graphs, and the triples derived from them by rules.

A store is a cache: it can be deleted and made again from the files. On disk it lives in a folder of its
own beside its predecessors, and a one-line file names the current one, so that whatever goes wrong while
loading leaves the old store as it was::

    DIR/CURRENT          the name of the current generation
    DIR/generation-…/    an Oxigraph store
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from pilotgraph import __version__
from pilotgraph.errors import DatasetError, SourceError
from pilotgraph.graphs import into, short_digest
from pilotgraph.progress import silent
from pilotgraph.queries import library
from pilotgraph.rdf import parse_file, read_bytes, read_text
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PREFIXES, RDF_TYPE, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader, Writer

CURRENT = "CURRENT"
GENERATION = "generation-"
# From this size of the files on, in bytes, the engine's bulk loader is worth its start.
LARGE = 8 * 2**20


def load(dataset: Dataset, writer: Writer) -> dict[str, int]:
    """Load a data set: its files, the derived triples, and a description of the build.

    Returns the number of triples by graph IRI. Raises SourceError for a file that cannot be parsed.
    """
    counts: dict[str, int] = {}
    for graph, path in dataset.graph_files():
        quads = set(into(NamedNode(graph), parse_file(path), path.relative_to(dataset.root)))
        writer.add(quads)
        counts[graph] = counts.get(graph, 0) + len(quads)
    derived = NamedNode(dataset.graph("derived"))
    counts[derived.value] = _derive(dataset, writer, derived)
    meta = [*_describe(dataset, counts), *_answers(dataset, writer.reader())]
    writer.add(meta)
    counts[dataset.graph("meta")] = len(meta)
    writer.finish()
    return counts


def in_memory(dataset: Dataset) -> EmbeddedStore:
    """Load a data set into memory."""
    store = EmbeddedStore()
    load(dataset, store)
    return store


def is_large(dataset: Dataset) -> bool:
    """Tell whether a data set is large enough for ways of its own."""
    return sum(path.stat().st_size for _, path in dataset.graph_files()) >= LARGE


def for_queries(dataset: Dataset, queries: Sequence[str], tell: Tell = silent) -> EmbeddedStore:
    """Load a data set into memory by the engine's bulk loader, with what rules derive only as far as queries need it.

    `queries` are texts. Each gives the answer that it gives with everything derived (:mod:`pilotgraph.rules`); the
    description of the graphs counts what is there. Raises SourceError for a wrong file, rule or query.
    """
    from pilotgraph import bulk, rules  # noqa: PLC0415 - only a large data set needs them

    texts = rule_texts(dataset)
    nothing = EmbeddedStore()
    for text in queries:
        nothing.query(text)
    store = EmbeddedStore()
    bulk.load_files(dataset, store, tell)

    def both(one: str, two: str) -> bool:
        return store.ask(f"ASK {{ ?thing a {one} , {two} }}")

    wanted = rules.needed(list(texts.values()), queries, both)
    chosen = [path for path, is_wanted in zip(texts, wanted, strict=True) if is_wanted]
    _complete(dataset, store, bulk.derive, tell, chosen)
    return store


def rule_texts(dataset: Dataset) -> dict[Path, str]:
    """Read the rules of a data set; SourceError names the one that the engine does not accept."""
    nothing = EmbeddedStore()
    texts = {path: read_text(path) for path in dataset.rule_files()}
    for path, text in texts.items():
        with _named(path):
            nothing.construct(text)
    return texts


def load_to(dataset: Dataset, folder: Path, name: str = "", tell: Tell = silent) -> dict[str, int]:
    """Build a store on disk beside the one in `folder`, and make it the current one when it is complete.

    `name` marks the generation, so that it can be known again. Of a large data set only the files that changed since
    the last load are loaded (:mod:`pilotgraph.bulk`). Returns the number of triples by graph IRI.
    Raises DatasetError if the folder holds other things, if another load is at work there, or if the disk
    fails; SourceError if a file of the data set is wrong. In each case the old store stays as it was.
    """
    _check_folder(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            return _new_generation(dataset, folder, name, tell)
    except OSError as error:
        # The engine's own message ends with the reason, behind a path that is gone by now.
        reason = (error.strerror or str(error).rsplit(": ", 1)[-1]).lower()
        left = "the store that was there is as it was" if (folder / CURRENT).exists() else "no store was made"
        msg = f"{folder}: {reason}; check the folder, its permissions and the space on the disk; {left}"
        raise DatasetError(msg) from error


def open_store(folder: Path) -> EmbeddedStore:
    """Open the current store in `folder` for reading."""
    name = _current(folder)
    if not name:
        msg = f"{folder}: holds no store; make one with: pilotgraph load --to {folder}"
        raise DatasetError(msg)
    return EmbeddedStore.open(folder / name)


def open_cached(dataset: Dataset, tell: Tell = silent) -> EmbeddedStore:
    """Open a data set's store from the user's cache, and make it there first if its files have changed.

    Where the cache cannot be written, the data set is loaded into memory.
    """
    folder = cache_folder() / short_digest(str(dataset.root.resolve()))
    name = _fingerprint(dataset)
    try:
        if _is_of(_current(folder), name):
            with contextlib.suppress(DatasetError):
                return open_store(folder)
        load_to(dataset, folder, name, tell)
        return open_store(folder)
    except DatasetError:
        return in_memory(dataset)


def cache_folder() -> Path:
    """The folder of the stores that can be made again: PILOTGRAPH_CACHE, or the user's cache."""
    named = os.environ.get("PILOTGRAPH_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(named) if named else Path(home) / "pilotgraph"


def _is_of(generation: str, name: str) -> bool:
    """Tell whether a generation was made under a name."""
    return bool(name) and generation.startswith(f"{GENERATION}{name}-")


def _fingerprint(dataset: Dataset) -> str:
    """Tell by name, size and time whether the files are still those that a cached store was made from."""
    files = [f"{__version__} {dataset.root.resolve()}"]
    for path in dataset.all_files():
        state = path.stat()
        files.append(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n")
    return short_digest("\n".join(files))


def _derive(dataset: Dataset, writer: Writer, graph: NamedNode) -> int:
    total = 0
    for path in dataset.rule_files():
        text = read_text(path)
        with _named(path):
            triples = set(writer.reader().construct(text))
        writer.add([Quad(t.subject, t.predicate, t.object, graph) for t in triples])
        total += len(triples)
    return total


@contextlib.contextmanager
def _named(rule: Path) -> Iterator[None]:
    """Name the rule file in an error of its query."""
    try:
        yield
    except SourceError as error:
        raise SourceError(error.message.split(": ", 1)[-1], rule, error.line) from error


def _describe(dataset: Dataset, counts: dict[str, int]) -> Iterator[Quad]:
    """Describe the data set and its graphs (DCAT, VoID): no clock and no path, so that twice is identical."""
    graph = NamedNode(dataset.graph("meta"))
    this = NamedNode(dataset.base)
    yield Quad(this, RDF_TYPE, term("dcat:Dataset"), graph)
    yield Quad(this, term("dcat:version"), Literal(dataset.edition), graph)
    yield Quad(this, term("dct:license"), NamedNode(dataset.licence), graph)
    for language, text in sorted(dataset.title.items()):
        yield Quad(this, term("dct:title"), Literal(text, language=language), graph)
    for name, number in sorted(counts.items()):
        part = NamedNode(name)
        yield Quad(this, term("dct:hasPart"), part, graph)
        yield Quad(part, RDF_TYPE, term("void:Dataset"), graph)
        count = Literal(str(number), datatype=NamedNode(PREFIXES["xsd"] + "integer"))
        yield Quad(part, term("void:triples"), count, graph)


def _answers(dataset: Dataset, reader: Reader) -> Iterator[Quad]:
    """Say which named query answers which research question, as the headers of the queries tell."""
    graph = NamedNode(dataset.graph("meta"))
    asked = f"SELECT ?question ?number {{ ?question a {term('pg:ResearchQuestion')} ; {term('pg:number')} ?number }}"
    questions = {row["number"].value: row["question"] for row in reader.select(asked)}
    for query in library(dataset) if questions else ():
        for number in query.answers:
            if number in questions:
                yield Quad(questions[number], term("pg:answeredBy"), Literal(query.name), graph)


def _current(folder: Path) -> str:
    """The name of the current generation, empty if there is none."""
    pointer = folder / CURRENT
    return read_bytes(pointer).decode("utf-8", "replace").strip() if pointer.is_file() else ""


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        msg = f"{folder}: is a file; --to takes a folder"
        raise DatasetError(msg)
    if folder.is_dir() and not (folder / CURRENT).exists():
        foreign = [p.name for p in folder.iterdir() if not p.name.startswith((GENERATION, ".lock"))]
        if foreign:
            msg = f"{folder}: holds other things ({min(foreign)}); choose an empty or new folder"
            raise DatasetError(msg)


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    import fcntl  # noqa: PLC0415 - only building a store locks

    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{folder}: another load is at work here; wait for it, or choose another folder"
            raise DatasetError(msg) from error
        yield


def _new_generation(dataset: Dataset, folder: Path, name: str, tell: Tell) -> dict[str, int]:
    import shutil  # noqa: PLC0415 - only building a store removes one

    previous = _current(folder)
    for leftover in folder.glob(GENERATION + "*"):
        if leftover.name != previous:
            shutil.rmtree(leftover)
    large = _bulk(dataset)
    changes = large.Changes(dataset, folder / previous) if large and previous else None
    if changes and changes.none() and (not name or _is_of(previous, name)):
        return _counts(folder / previous)
    # The lock keeps other loads away, and the previous generation has at most one of the two names.
    stem = f"{GENERATION}{name}-" if name else GENERATION
    fresh = next(path for path in (folder / f"{stem}1", folder / f"{stem}2") if path.name != previous)
    fresh.mkdir()
    store = None
    try:
        if large:
            store = large.make_basis(dataset, fresh, changes, tell)
            counts = _complete(dataset, store, large.derive, tell, dataset.rule_files())
        else:
            store = EmbeddedStore.create(fresh)
            counts = load(dataset, store)
        store.close()
        _point_to(folder / CURRENT, fresh.name)
    except BaseException:
        # Whatever stops a load, Ctrl-C included, must not leave half a store behind. The engine writes in the
        # background for as long as the store is open.
        if store is not None:
            store.close()
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return counts


def _bulk(dataset: Dataset) -> ModuleType | None:
    """What loads a large data set; None for a small one, which is loaded without it in less time."""
    if not is_large(dataset):
        return None
    from pilotgraph import bulk  # noqa: PLC0415 - only a large data set needs it

    return bulk


def _complete(
    dataset: Dataset, store: EmbeddedStore, derive: Callable[..., None], tell: Tell, rules: Sequence[Path]
) -> dict[str, int]:
    """Add to a store that holds the files what rules derive, and the description of the build."""
    derived = NamedNode(dataset.graph("derived"))
    for number, path in enumerate(rules):
        tell("deriving", number, len(rules))
        with _named(path):
            derive(store, read_text(path), derived)
    counts = {derived.value: 0} | store.counts()
    meta = [*_describe(dataset, counts), *_answers(dataset, store)]
    store.add(meta)
    store.finish()
    return counts | {dataset.graph("meta"): len(meta)}


def _counts(generation: Path) -> dict[str, int]:
    store = EmbeddedStore.open(generation)
    try:
        return store.counts()
    finally:
        store.close()


def _point_to(pointer: Path, name: str) -> None:
    """Name the current generation in one atomic step, durable before the step."""
    temporary = pointer.with_name(".lock-pointer")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(pointer)
