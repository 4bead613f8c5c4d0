"""A shapes graph by subject and predicate, and the faults for which a shape goes to pySHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from pilotgraph.terms import PREFIXES, term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.shacl.model import Value

XSD_STRING = PREFIXES["xsd"] + "string"
_FIRST, _REST, _NIL = term("rdf:first"), term("rdf:rest"), term("rdf:nil")


class IrregularError(Exception):
    """A shape that the plan does not express: ill-formed, or beyond what both executors do alike."""


class ShapesGraph:
    """Triples in the order in which they came; that order is pySHACL's too, and shows in its messages."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_subject: dict[Value, dict[NamedNode, list[Value]]] = {}
        self._by_predicate: dict[NamedNode, list[tuple[Value, Value]]] = {}
        for triple in dict.fromkeys(triples):
            if isinstance(triple.object, Triple) or isinstance(triple.subject, Triple):
                continue
            self._by_subject.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
            self._by_predicate.setdefault(triple.predicate, []).append((triple.subject, triple.object))

    def objects(self, subject: Value, predicate: NamedNode) -> list[Value]:
        """Give the values of a property, each once."""
        return self._by_subject.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Value) -> Iterable[NamedNode]:
        """Give the properties that a node has."""
        return self._by_subject.get(subject, {})

    def pairs(self, predicate: NamedNode) -> list[tuple[Value, Value]]:
        """Give the subjects and objects of a property."""
        return self._by_predicate.get(predicate, [])

    def subjects(self, predicate: NamedNode, value: Value) -> list[Value]:
        """Give the subjects that have a value, each once."""
        return [subject for subject, found in self.pairs(predicate) if found == value]

    def one(self, subject: Value, predicate: NamedNode) -> Value:
        """Give the only value of a property; IrregularError if there is none or more than one."""
        values = self.objects(subject, predicate)
        if len(values) != 1:
            msg = f"{predicate.value} has {len(values)} values"
            raise IrregularError(msg)
        return values[0]

    def items(self, head: Value) -> tuple[Value, ...]:
        """Give the members of a well-formed list; IrregularError for anything else."""
        found: list[Value] = []
        seen: set[Value] = set()
        while head != _NIL:
            if head in seen:
                msg = "a list returns to itself"
                raise IrregularError(msg)
            seen.add(head)
            found.append(self.one(head, _FIRST))
            head = self.one(head, _REST)
        return tuple(found)


def text(value: Value) -> str:
    """Give the text of a plain literal; IrregularError for anything else."""
    if not isinstance(value, Literal) or not (value.language or value.datatype.value == XSD_STRING):
        msg = f"{value} is no text"
        raise IrregularError(msg)
    return value.value


def iri(value: Value) -> NamedNode:
    """Give an IRI; IrregularError for anything else."""
    if not isinstance(value, NamedNode):
        msg = f"{value} is no IRI"
        raise IrregularError(msg)
    return value


def truth(value: Value) -> bool:
    """Give a boolean written as a word: pySHACL reads "1" as false."""
    words = {"true": True, "false": False}
    if not isinstance(value, Literal) or value.datatype != term("xsd:boolean") or value.value not in words:
        msg = f"{value} is not written true or false"
        raise IrregularError(msg)
    return words[value.value]
