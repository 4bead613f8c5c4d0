"""The queries of one validation: asked one by one, each answer as rows of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pilotgraph.shacl.endpoint.scope import UnsupportedError
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.shacl.model import Node, Value
    from pilotgraph.store.base import Reader

_SUBCLASS = f"<{PREFIXES['rdfs']}subClassOf>"
_BOOLEAN = NamedNode(PREFIXES["xsd"] + "boolean")


class Rows:
    """Asks a Reader, and counts how often."""

    def __init__(self, reader: Reader) -> None:
        self.asked = 0
        self._reader = reader
        self._lower: dict[Node, list[Node]] | None = None
        self._repeated: dict[str, bool] | None = None

    def table(self, variables: str, pattern: str, tail: str = "") -> list[tuple[Value | None, ...]]:
        """Give the rows of a SELECT DISTINCT of `variables`. Raises EndpointError for the server's faults."""
        self.asked += 1
        solutions = self._reader.select(f"SELECT DISTINCT {variables} {{ {pattern} }} {tail}")
        names = [variable.value for variable in solutions.variables]
        return [tuple(_term(solution[name]) for name in names) for solution in solutions]

    def check(self) -> None:
        """Make sure that the store still answers. Raises EndpointError if it does not."""
        list(self._reader.select("SELECT ?x { BIND(1 AS ?x) }"))

    def bindings(self, text: str) -> Iterator[dict[str, Value]]:
        """Give the rows of a whole query, each with the variables that it binds."""
        self.asked += 1
        solutions = self._reader.select(text)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: term for name in names if (term := _term(solution[name])) is not None}

    def subclasses(self) -> dict[Node, list[Node]]:
        """Give the direct subclasses of each class; asked once."""
        if self._lower is None:
            self._lower = {}
            for lower, upper in self.table("?lower ?upper", f"?lower {_SUBCLASS} ?upper"):
                if isinstance(lower, NamedNode | BlankNode) and isinstance(upper, NamedNode | BlankNode):
                    self._lower.setdefault(upper, []).append(lower)
        return self._lower

    def predicates(self) -> dict[str, bool]:
        """Tell of each predicate of the data whether a subject may have two values of it; asked once.

        One scan of the store spares a query for each count and each check of a predicate that the data lack.
        """
        if self._repeated is None:
            counted = "?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m)"
            self._repeated = {}
            for predicate, triples, subjects in self.table(counted, "?s ?p ?o", "GROUP BY ?p"):
                if isinstance(predicate, NamedNode):
                    self._repeated[predicate.value] = triples != subjects
        return self._repeated

    def blank_nodes(self) -> Iterator[Triple]:
        """Give what the data say of blank nodes, for the report."""
        for subject, predicate, value in self.table("?s ?p ?o", "?s ?p ?o FILTER(isBLANK(?s))"):
            if isinstance(subject, BlankNode) and isinstance(predicate, NamedNode) and value is not None:
                yield Triple(subject, predicate, value)


def _term(term: object) -> Value | None:
    if isinstance(term, Literal) and term.datatype == _BOOLEAN:
        # Virtuoso writes true as 1.
        return Literal({"1": "true", "0": "false"}.get(term.value, term.value), datatype=_BOOLEAN)
    if term is None or isinstance(term, NamedNode | BlankNode | Literal):
        return term
    msg = "the data hold a triple as a term, which SHACL does not know"
    raise UnsupportedError(msg)
