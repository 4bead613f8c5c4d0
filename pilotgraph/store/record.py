"""The record of an upload: which graphs of a data set an endpoint holds, and that they are whole.

It is a named graph of its own, `graph/upload`, which no question reads::

    <…/graph/register> owl:versionInfo "sha256:…" ; void:triples 1071 .
    <…/>               owl:versionInfo "sha256:…" .

The digest of a graph is that of its N-Triples, sorted. That of the data set is taken over all entries: it is
written last, and while it does not fit, an upload is under way or has failed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.terms import PREFIXES, plain, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import QuerySolutions

_BATCH = 1000
_DIGEST = term("owl:versionInfo")
_TRIPLES = term("void:triples")


@dataclass(frozen=True)
class Part:
    """One graph: its digest and its number of triples."""

    digest: str
    triples: int


@dataclass(frozen=True)
class Record:
    """The graphs of a data set, by IRI, and whether an upload of them was finished."""

    base: str
    parts: dict[str, Part] = field(default_factory=dict)
    finished: bool = False

    @classmethod
    def read(cls, base: str, ask: Callable[[str], QuerySolutions]) -> Record:
        """Read the record that an endpoint holds; one without parts if it holds none."""
        query = (
            f"SELECT ?what ?digest ?triples {{ GRAPH <{graph_of(base)}> "
            f"{{ ?what {_DIGEST} ?digest OPTIONAL {{ ?what {_TRIPLES} ?triples }} }} }}"
        )
        rows = [(plain(row["what"]), plain(row["digest"]), plain(row["triples"])) for row in ask(query)]
        parts = {what: Part(digest, int(triples)) for what, digest, triples in rows if triples.isdecimal()}
        record = cls(base, parts)
        finished = any(what == base and digest == record.digest for what, digest, _ in rows)
        return cls(base, parts, finished and bool(parts))

    @property
    def digest(self) -> str:
        """The digest over all entries."""
        lines = (f"{graph} {part.digest} {part.triples}\n" for graph, part in sorted(self.parts.items()))
        return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()

    def triples(self) -> Iterator[Triple]:
        """The record as triples."""
        integer = NamedNode(PREFIXES["xsd"] + "integer")
        for graph, part in sorted(self.parts.items()):
            yield Triple(NamedNode(graph), _DIGEST, Literal(part.digest))
            yield Triple(NamedNode(graph), _TRIPLES, Literal(str(part.triples), datatype=integer))
        if self.finished:
            yield Triple(NamedNode(self.base), _DIGEST, Literal(self.digest))


@dataclass(frozen=True)
class Content:
    """Triples as N-Triples, sorted, which can be sent again and again without a copy in memory."""

    ordered: list[Triple]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Content:
        """Sort triples."""
        return cls(sorted(triples, key=str))

    def __iter__(self) -> Iterator[bytes]:
        """N-Triples in pieces."""
        for start in range(0, len(self.ordered), _BATCH):
            yield serialize(self.ordered[start : start + _BATCH], format=RdfFormat.N_TRIPLES) or b""

    def measure(self) -> tuple[Part, int]:
        """The entry of the record, and the number of bytes."""
        digest, size = hashlib.sha256(), 0
        for piece in self:
            digest.update(piece)
            size += len(piece)
        return Part("sha256:" + digest.hexdigest(), len(self.ordered)), size


def graph_of(base: str) -> str:
    """The IRI of the graph that holds the record."""
    return f"{base}graph/upload"
