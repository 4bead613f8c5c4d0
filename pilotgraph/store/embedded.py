"""Oxigraph inside the process, in memory or on disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from pilotgraph.errors import DatasetError, SourceError
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Quad, Triple

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MAX_EXPECTED = 160
_QUERY = "query"
# The engine's parser and planner call themselves for each level and operator, and a deeper query than these
# would end the process without a word. The largest query of the project has 20 levels and 300 marks.
_MAX_DEPTH = 100
_MAX_MARKS = 3000
_QUERY_TOKEN = re.compile(
    r"""\#[^\n]* | <[^<>"{}|^`\\\s]*>
      | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | (?P<open>[(\[{]) | (?P<close>[)\]}]) | [A-Za-z_][\w-]*:[\w.-]*
      | (?P<mark>[.,;+*/|&!^=<>-])""",
    re.VERBOSE | re.DOTALL,
)
_OTHER_KIND = "the query is of another kind; use {} here"
_UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", re.IGNORECASE)
_ADDED_PREFIXES = re.compile(
    rf"(?:{'|'.join(f'PREFIX {name}: <{re.escape(iri)}> ' for name, iri in PREFIXES.items())})*"
)
_PROLOGUE = re.compile(r"(?:\s|\#[^\n]*\n?|PREFIX\s+\S*:\s*<[^>]*>|BASE\s*<[^>]*>)*", re.IGNORECASE)


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
        """Make a store in an empty folder. Raises OSError if that fails."""
        return cls(Store(str(folder)))

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query over the union of all graphs."""
        _check_size(text)
        try:
            return self._store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise query_syntax_error(text, str(error)) from error

    def select(self, text: str) -> QuerySolutions:
        """Answer a SELECT query."""
        answer = self.query(text)
        if not isinstance(answer, QuerySolutions):
            raise SourceError(_OTHER_KIND.format("SELECT"), _QUERY)
        return answer

    def construct(self, text: str) -> Iterator[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query."""
        answer = self.query(text)
        if not isinstance(answer, QueryTriples):
            raise SourceError(_OTHER_KIND.format("CONSTRUCT or DESCRIBE"), _QUERY)
        return answer

    def ask(self, text: str) -> bool:
        """Answer an ASK query."""
        answer = self.query(text)
        if not isinstance(answer, QueryBoolean):
            raise SourceError(_OTHER_KIND.format("ASK"), _QUERY)
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
    fault = _why_no_query(text)
    if fault or not match:
        return SourceError(fault or message, _QUERY)
    line, column, expected = int(match[1]), int(match[2]), " ".join(match[3].split())
    if len(expected) > _MAX_EXPECTED:
        expected = expected[:_MAX_EXPECTED].rsplit(",", 1)[0] + ", …"
    rows = text.split("\n")
    row = rows[line - 1] if line <= len(rows) else ""
    added = _ADDED_PREFIXES.match(row) if line == 1 else None
    if added and added.end() < column:
        # These were put in front of the query (pilotgraph.queries.with_prefixes).
        row, column = row[added.end() :], column - added.end()
    return SourceError(
        f"syntax error at column {column}: {expected}; correct the query\n  {row}\n  {' ' * (column - 1)}^",
        _QUERY,
        line,
    )


def _check_size(text: str) -> None:
    """Refuse a query that the engine would not survive."""
    depth, marks = 0, 0
    for match in _QUERY_TOKEN.finditer(text):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        marks += match.lastgroup is not None
        if depth > _MAX_DEPTH or marks > _MAX_MARKS:
            what = f"is nested more than {_MAX_DEPTH} levels deep" if depth > _MAX_DEPTH else "is too long a chain"
            fault = f"{what} for the engine; ask in smaller steps"
            raise SourceError(fault, _QUERY, text.count("\n", 0, match.start()) + 1)


def _why_no_query(text: str) -> str:
    """Say what a text is if it is not even the beginning of a query, empty otherwise."""
    start = _PROLOGUE.match(text)
    body = text[start.end() :] if start else text
    if not body.strip():
        return "is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query"
    if _UPDATE.match(body):
        return "is an update, and a query only reads; write SELECT, ASK, CONSTRUCT or DESCRIBE"
    return ""


def _first_line(error: OSError) -> str:
    return str(error).split("\n", 1)[0]
