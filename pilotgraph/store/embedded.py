"""Oxigraph inside the process, in memory or on disk."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import RdfFormat, Store

from pilotgraph.errors import DatasetError
from pilotgraph.store.base import QueryForms
from pilotgraph.store.syntax import check_size, query_syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples


class EmbeddedStore(QueryForms):
    """An Oxigraph store as a Reader and a Writer."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store if store is not None else Store()

    @classmethod
    def open(cls, folder: Path) -> EmbeddedStore:
        """Open a store on disk for reading only. Raises DatasetError if there is none."""
        try:
            return cls(Store.read_only(str(folder)))
        except OSError as error:
            msg = f"{folder}: holds no readable store ({_first_line(error)}); make one with: pilotgraph load --to DIR"
            raise DatasetError(msg) from error

    @classmethod
    def create(cls, folder: Path) -> EmbeddedStore:
        """Make a store in an empty folder. Raises OSError if that fails."""
        return cls(Store(str(folder)))

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query over the union of all graphs."""
        check_size(text)
        try:
            return self._store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise query_syntax_error(text, str(error)) from error

    def quads(self) -> Iterable[Quad]:
        """All quads, in the engine's order."""
        return self._store

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads in one go."""
        self._store.bulk_extend(quads)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Take quads out, one by one."""
        for quad in quads:
            self._store.remove(quad)

    def load_files(self, paths: Sequence[Path], format_: RdfFormat, graph: NamedNode) -> None:
        """Load files of triples into a graph by the engine's own parser; several are put together first.

        Raises SyntaxError and OSError as the engine does. May be called from several threads.
        """
        if len(paths) == 1:
            self._store.bulk_load(path=str(paths[0]), format=format_, to_graph=graph)
        else:
            content = b"\n".join(path.read_bytes() for path in paths)
            self._store.bulk_load(input=content, format=format_, to_graph=graph)

    def load_own(self, path: Path, graph: NamedNode) -> None:
        """Load N-Triples that the engine has written itself."""
        self._store.bulk_load(path=str(path), format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

    def write_constructed(self, text: str, stream: IO[bytes]) -> None:
        """Write the answer of a CONSTRUCT query as N-Triples; SourceError if it is another kind."""
        answer = cast("QueryTriples", self.construct(text))
        answer.serialize(stream, RdfFormat.N_TRIPLES)

    def checkpoint(self, folder: Path) -> None:
        """Copy the store as it is now into a new folder, by hard links where the disk has them."""
        self._store.backup(str(folder))

    def counts(self) -> dict[str, int]:
        """The number of triples by graph IRI."""
        rows = self.select("SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
        return {row["graph"].value: int(row["n"].value) for row in rows}

    def reader(self) -> EmbeddedStore:
        """The same store, for reading."""
        return self

    def finish(self) -> None:
        """Write everything to disk."""
        self._store.flush()

    def close(self) -> None:
        """Let go of the files."""
        self._store = Store()


def _first_line(error: OSError) -> str:
    return str(error).split("\n", 1)[0]
