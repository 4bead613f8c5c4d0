"""A store of which only some graphs are seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pilotgraph.store.base import QueryForms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples

    from pilotgraph.store.base import Reader

# Neither an IRI nor a prefix holds a brace, so the first one opens the pattern.
_PATTERN = re.compile(r"(?:\bWHERE\s*)?\{", re.IGNORECASE)


class Within(QueryForms):
    """A Reader that asks another about the union of some of its graphs (SPARQL 1.1, section 13.2)."""

    def __init__(self, reader: Reader, graphs: Sequence[NamedNode]) -> None:
        self._reader, self._graphs = reader, set(graphs)
        self._clause = " ".join(f"FROM {graph}" for graph in graphs)

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query that says nothing itself of graphs."""
        return self._reader.query(_PATTERN.sub(lambda match: f" {self._clause} {match[0]}", text, count=1))

    def quads(self) -> Iterator[Quad]:
        """All quads of the graphs."""
        quads: Iterable[Quad] = self._reader.quads()
        return (quad for quad in quads if quad.graph_name in self._graphs)

    def close(self) -> None:
        """Leave the other Reader open: it is not ours."""
