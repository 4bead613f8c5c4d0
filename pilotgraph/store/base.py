"""What a store can do: reading and writing are different objects.

Everything after `load` gets a :class:`Reader`; only `load` gets a :class:`Writer`. Answers are pyoxigraph's
own types, which `pyoxigraph.parse_query_results` also gives for a remote answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples, Triple


class Reader(Protocol):
    """Answers SPARQL 1.1 over the union of all graphs."""

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer any query; SourceError names the place of a syntax error."""

    def select(self, text: str) -> QuerySolutions:
        """Answer a SELECT query; SourceError if it is another kind."""

    def construct(self, text: str) -> Iterator[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; SourceError if it is another kind."""

    def ask(self, text: str) -> bool:
        """Answer an ASK query; SourceError if it is another kind."""

    def quads(self) -> Iterable[Quad]:
        """All quads."""

    def close(self) -> None:
        """Let go of files and connections."""


class Writer(Protocol):
    """Takes whole named graphs."""

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads."""

    def reader(self) -> Reader:
        """Read what has been added so far: rules derive from it."""

    def finish(self) -> None:
        """Make what was added durable."""
