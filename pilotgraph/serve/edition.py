"""An edition of a data set as it is served: one state of the data, which nothing changes while it is in use.

An edition is opened whole and replaced whole. Its fingerprint is made from the data, the program and the base, so that
two editions with the same fingerprint give the same answers, byte for byte. Its store is pinned: a new load beside it
does not reach the workers of the old one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

import pilotgraph
from pilotgraph.dataset import bundled_root
from pilotgraph.errors import DatasetError, unreadable
from pilotgraph.load import CURRENT, cache_folder, in_memory, load_to, open_store
from pilotgraph.pages.site.addresses import PAGED
from pilotgraph.pages.site.graph import Graph
from pilotgraph.publish.dumps import STEM, graph_path
from pilotgraph.publish.rebase import check_base, in_memory_under
from pilotgraph.queries import library
from pilotgraph.rdf import read_text
from pilotgraph.serve import memory
from pilotgraph.serve.files import SiteFiles
from pilotgraph.serve.named import terms
from pilotgraph.serve.worker import Source
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PREFIXES, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pilotgraph.dataset import Dataset
    from pilotgraph.queries import Query
    from pilotgraph.store.base import Reader

KINDS = ("question", "network", "check")
_SERVED = "served"
# The edition in use, the one before it, and two for other data sets or bases.
_KEPT = 4
_PARTS = ("data", "ontology", "queries")
_ONTOLOGY = PREFIXES["pg"].rstrip("#")


class Choice(NamedTuple):
    """A value that a parameter takes: its slug, and its names by language."""

    slug: str
    names: dict[str, str]


class Asked(NamedTuple):
    """A research question: its address and its words by language."""

    iri: str
    text: dict[str, str]


@dataclass(frozen=True)
class Origin:
    """What an edition is made from, as the command line names it."""

    dataset: Dataset
    store: Path | None = None
    endpoint: str | None = None
    base: str = ""
    sources: Path | None = None

    def state(self) -> str:
        """Tell by names, sizes and times whether the files are still those that an edition was made from.

        It is cheap enough to be asked every few seconds. Behind an endpoint nothing can be seen to change.
        """
        return _digest(_stats(self._watched()))

    def _watched(self) -> Iterator[Path]:
        yield from _files(self.dataset.root)
        if self.store:
            yield self.store / CURRENT


@dataclass(frozen=True)
class Edition:
    """A data set under the base of its publication, and what visitors may ask of it.

    `source` is what workers open. `queries` are all named queries by name, `groups` the same by kind; `choices` are the
    things that parameters can name, by the kind of parameter; `unpaged` leads from a kind of thing that has no page to
    the file in which such things stand. `files` are the pages and all that stands around them, None without pages;
    `style` is what the server's own pages need, and `terms` are the names of what columns are called after.
    """

    origin: Origin
    dataset: Dataset
    fingerprint: str
    state: str
    source: Source
    queries: Mapping[str, Query]
    groups: Mapping[str, tuple[Query, ...]]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    questions: Mapping[str, Asked] = field(default_factory=dict)
    unpaged: Mapping[str, str] = field(default_factory=dict)
    versions: frozenset[str] = frozenset()
    files: SiteFiles | None = None
    style: SiteFiles | None = None
    terms: Graph = field(default_factory=lambda: Graph((), ""), repr=False)

    @property
    def base(self) -> str:
        """The base IRI under which everything is named."""
        return self.dataset.base

    def has_changed(self) -> bool:
        """Tell whether the files are others than when the edition was opened. It reads the disk: not for the loop."""
        return self.origin.state() != self.state


def open_edition(origin: Origin, *, pages: bool = True) -> Edition:
    """Open an edition; it takes as long as loading the data, so not for the event loop.

    Raises DatasetError or SourceError for data that cannot be read, EndpointError for an endpoint that does not answer.
    """
    state = origin.state()
    base = check_base(origin.base) if origin.base else origin.dataset.base
    dataset = replace(origin.dataset, base=base)
    fingerprint = _fingerprint(origin, base)
    folder = cache_folder() / _SERVED / fingerprint
    reader, store = _opened(origin, folder, base)
    try:
        groups = {kind: tuple(library(dataset, kind)) for kind in KINDS}
        queries = {query.name: query for kind in reversed(KINDS) for query in groups[kind]}
        return Edition(
            origin=origin,
            dataset=dataset,
            fingerprint=fingerprint,
            state=state,
            source=Source(
                dataset.root,
                store,
                None if store else origin.endpoint,
                base if base != origin.dataset.base else "",
                _quads(reader, store, folder) if store else None,
            ),
            files=SiteFiles(folder / "site") if pages else None,
            style=SiteFiles(folder / "no-pages"),
            queries=queries,
            groups=groups,
            choices=_choices(reader, base, queries.values()),
            questions=_questions(reader),
            unpaged=_unpaged(reader, base),
            versions=_versions(reader),
            terms=terms(reader, base),
        )
    finally:
        reader.close()
        _forget(folder)


def _opened(origin: Origin, folder: Path, base: str) -> tuple[Reader, Path | None]:
    """Open what is served, and name the store that workers open, if it is on disk and will stay as it is."""
    if base != origin.dataset.base:
        return _rebased(origin, folder, base)
    if origin.endpoint:
        return _remote(origin), None
    if origin.store:
        generation = origin.store / read_text(origin.store / CURRENT).strip()
        store = _pin(folder, generation)
        return open_store(store), store
    return _loaded(origin.dataset, folder)


def _quads(reader: Reader, store: Path, folder: Path) -> Path | None:
    """Write what a small store holds into one file, for workers to hold it in memory."""
    path = folder / "quads.nq"
    if not memory.is_small(store / read_text(store / CURRENT).strip()):
        return None
    if not path.is_file():
        memory.write_quads(reader, path)
    return path


def _remote(origin: Origin) -> Reader:
    from pilotgraph.store.protocol import Connection  # noqa: PLC0415 - only an endpoint needs the network
    from pilotgraph.store.remote import RemoteStore  # noqa: PLC0415

    return RemoteStore.open(Connection(origin.endpoint or ""), origin.dataset.base)


def _loaded(dataset: Dataset, folder: Path) -> tuple[Reader, Path | None]:
    """Load a data set into a store of this edition's own; where the cache cannot be written, into memory."""
    store = folder / "store"
    try:
        if not (store / CURRENT).is_file():
            load_to(dataset, store)
        return open_store(store), store
    except DatasetError:
        return in_memory(dataset), None


def _rebased(origin: Origin, folder: Path, base: str) -> tuple[Reader, Path]:
    """Keep a copy of the data under another base in the cache, made when it is first asked for."""
    store, generation = folder / "store", folder / "rebased"
    if not (store / CURRENT).is_file():
        source, _ = _opened(origin, folder / "own", origin.dataset.base)
        _, moved = in_memory_under(origin.dataset, source, base)
        source.close()
        shutil.rmtree(generation, ignore_errors=True)
        try:
            generation.mkdir(parents=True)
            copy = EmbeddedStore.create(generation)
        except OSError as error:
            raise unreadable(generation, error) from error
        copy.add(moved.quads())
        copy.finish()
        copy.close()
        _pin(folder, generation)
        shutil.rmtree(folder / "own", ignore_errors=True)
    return open_store(store), store


def _pin(folder: Path, generation: Path) -> Path:
    """Make a store's folder that goes on naming a generation when the data have been loaded anew beside it."""
    pointer = folder / "store" / CURRENT
    text = f"{generation.resolve()}\n"
    if not pointer.is_file() or read_text(pointer) != text:
        try:
            pointer.parent.mkdir(parents=True, exist_ok=True)
            pointer.write_text(text, encoding="utf-8")
        except OSError as error:
            raise unreadable(pointer, error) from error
    return pointer.parent


def _forget(folder: Path) -> None:
    """Keep the editions that were opened last, and remove the others from the cache."""
    with contextlib.suppress(OSError):
        os.utime(folder)
        known = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in known[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def _fingerprint(origin: Origin, base: str) -> str:
    parts = [pilotgraph.__version__, base, origin.endpoint or "", str(origin.sources or "")]
    package = Path(pilotgraph.__file__).parent
    viz = bundled_root() / "viz"
    looks = (path for name in ("templates", "style", "dist") for path in (viz / name).rglob("*"))
    code = (path for path in package.rglob("*") if path.suffix in {".py", ".txt"})
    sources = origin.sources.iterdir() if origin.sources else ()
    parts += _contents([*looks, *code, *_files(origin.dataset.root), *sources])
    if origin.store:
        generation = origin.store / read_text(origin.store / CURRENT).strip()
        parts += _stats(path for path in generation.iterdir() if path.suffix == ".sst")
    elif origin.endpoint:
        reader = _remote(origin)
        parts += sorted(map(str, reader.quads()))
        reader.close()
    return _digest(parts)


def _files(root: Path) -> list[Path]:
    return sorted(path for part in _PARTS for path in (root / part).rglob("*") if path.is_file())


def _contents(paths: Iterable[Path]) -> list[str]:
    found = sorted(path for path in paths if path.is_file())
    return [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in found]


def _stats(paths: Iterable[Path]) -> list[str]:
    found = ((path, path.stat()) for path in sorted(paths) if path.exists())
    return [f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in found]


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def _choices(reader: Reader, base: str, queries: Iterable[Query]) -> dict[str, tuple[Choice, ...]]:
    """The things that parameters can name, by kind, sorted by their names."""
    stems = {
        f"{base}id/{part}/": part for query in queries for p in query.parameters for part in _kinds_of(query, p.name)
    }
    label = f"<{PREFIXES['skos']}prefLabel>"
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in reader.select(f"SELECT DISTINCT ?thing ?label {{ ?thing {label} ?label }}"):
        stem, _, slug = plain(row["thing"]).rpartition("/")
        name = row["label"]
        if f"{stem}/" in stems and isinstance(name, Literal):
            names = found.setdefault(stems[f"{stem}/"], {}).setdefault(slug, {})
            names[name.language or "en"] = min(name.value, names.get(name.language or "en", name.value))
    return {
        kind: tuple(sorted((Choice(slug, names) for slug, names in things.items()), key=_by_name))
        for kind, things in sorted(found.items())
    }


def _kinds_of(query: Query, name: str) -> tuple[str, ...]:
    kind = next(p.kind for p in query.parameters if p.name == name)
    return () if kind in {"integer", "date", "string"} else tuple(kind.split(","))


def _by_name(choice: Choice) -> tuple[str, str]:
    return (choice.names.get("nl") or next(iter(choice.names.values()))).casefold(), choice.slug


def _questions(reader: Reader) -> dict[str, Asked]:
    asked = f"""PREFIX pg: <{PREFIXES["pg"]}>
    SELECT ?question ?number ?text {{ ?question a pg:ResearchQuestion ; pg:number ?number ; pg:text ?text }}"""
    found: dict[str, Asked] = {}
    for row in reader.select(asked):
        text = row["text"]
        if isinstance(text, Literal):
            one = found.setdefault(plain(row["number"]), Asked(plain(row["question"]), {}))
            one.text[text.language or "en"] = text.value
    return dict(sorted(found.items()))


def _unpaged(reader: Reader, base: str) -> dict[str, str]:
    """The kinds of things without a page, and the dump in which they stand, as the rules for servers say it."""
    found: dict[str, set[str]] = {}
    space = Literal(f"{base}id/")
    asked = f"""SELECT DISTINCT ?graph ?kind {{ GRAPH ?graph {{ ?thing a ?class }}
      FILTER(STRSTARTS(STR(?thing), {space}))
      BIND(STRBEFORE(STRAFTER(STR(?thing), {space}), "/") AS ?kind) }}"""
    for row in reader.select(asked):
        kind, graph = plain(row["kind"]), row["graph"]
        if kind and kind not in PAGED and kind.replace("-", "").isalnum() and isinstance(graph, NamedNode):
            found.setdefault(kind, set()).add(graph_path(graph.value, base) or f"{STEM}.trig")
    return {kind: paths.pop() if len(paths) == 1 else f"{STEM}.trig" for kind, paths in sorted(found.items())}


def _versions(reader: Reader) -> frozenset[str]:
    """The versions of the ontology that the data set holds."""
    owl = PREFIXES["owl"]
    asked = f"SELECT ?version {{ ?ontology a <{owl}Ontology> ; <{owl}versionIRI> ?version }}"
    versions = (plain(row["version"]) for row in reader.select(asked))
    return frozenset(v.removeprefix(f"{_ONTOLOGY}/") for v in versions if v.startswith(f"{_ONTOLOGY}/"))
