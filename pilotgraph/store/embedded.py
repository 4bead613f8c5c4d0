"""Oxigraph inside the process, in memory or on disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from pilotgraph.errors import DatasetError, SourceError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad, Triple

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MAX_EXPECTED = 160


class EmbeddedStore:
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
        """Make a store in an empty folder. Raises DatasetError if that fails."""
        try:
            return cls(Store(str(folder)))
        except OSError as error:
            raise unreadable(folder, error) from error

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query over the union of all graphs."""
        try:
            return self._store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise query_syntax_error(text, str(error)) from error

    def select(self, text: str) -> QuerySolutions:
        """Answer a SELECT query."""
        answer = self.query(text)
        if not isinstance(answer, QuerySolutions):
            raise _wrong_kind("SELECT")
        return answer

    def construct(self, text: str) -> Iterator[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query."""
        answer = self.query(text)
        if not isinstance(answer, QueryTriples):
            raise _wrong_kind("CONSTRUCT or DESCRIBE")
        return answer

    def ask(self, text: str) -> bool:
        """Answer an ASK query."""
        answer = self.query(text)
        if not isinstance(answer, QueryBoolean):
            raise _wrong_kind("ASK")
        return bool(answer)

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


def query_syntax_error(text: str, message: str) -> SourceError:
    """Turn the engine's message into one with line, column and a caret under the place."""
    match = _PLACE.search(message)
    if not match:
        return SourceError(message, "query")
    line, column, expected = int(match[1]), int(match[2]), " ".join(match[3].split())
    if len(expected) > _MAX_EXPECTED:
        expected = expected[:_MAX_EXPECTED].rsplit(",", 1)[0] + ", …"
    rows = text.split("\n")
    row = rows[line - 1] if line <= len(rows) else ""
    return SourceError(
        f"syntax error at column {column}: {expected}; correct the query\n  {row}\n  {' ' * (column - 1)}^",
        "query",
        line,
    )


def _wrong_kind(wanted: str) -> SourceError:
    return SourceError(f"the query is of another kind; use {wanted} here", "query")


def _first_line(error: OSError) -> str:
    return str(error).split("\n", 1)[0]
