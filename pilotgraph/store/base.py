"""What a store can do: reading and writing are different objects.

Everything after `load` gets a :class:`Reader`; only `load` gets a :class:`Writer`. Answers are pyoxigraph's
own types, which `pyoxigraph.parse_query_results` also gives for a remote answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from pilotgraph.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad, Triple

QUERY = "query"
_OTHER_KIND = "the query is of another kind; use {} here"


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


class QueryForms:
    """The three forms of query, for a store that answers any."""

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer any query."""
        raise NotImplementedError

    def select(self, text: str) -> QuerySolutions:
        """Answer a SELECT query."""
        answer = self.query(text)
        if not isinstance(answer, QuerySolutions):
            raise SourceError(_OTHER_KIND.format("SELECT"), QUERY)
        return answer

    def construct(self, text: str) -> Iterator[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query."""
        answer = self.query(text)
        if not isinstance(answer, QueryTriples):
            raise SourceError(_OTHER_KIND.format("CONSTRUCT or DESCRIBE"), QUERY)
        return answer

    def ask(self, text: str) -> bool:
        """Answer an ASK query."""
        answer = self.query(text)
        if not isinstance(answer, QueryBoolean):
            raise SourceError(_OTHER_KIND.format("ASK"), QUERY)
        return bool(answer)
