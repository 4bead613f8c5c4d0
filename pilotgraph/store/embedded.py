"""Oxigraph inside the process, in memory or on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Store

from pilotgraph.errors import DatasetError
from pilotgraph.store.base import QueryForms
from pilotgraph.store.syntax import check_size, query_syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples


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
