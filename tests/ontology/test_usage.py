"""Nothing in the ontology is idle: every class and property is used, in the data or by the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode, Quad

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.terms import PG, PREFIXES, RDF_TYPE, term

if TYPE_CHECKING:
    from collections.abc import Iterable

SORTS = {PREFIXES["owl"] + name for name in ("Class", "ObjectProperty", "DatatypeProperty")}
SUBCLASS = term("rdfs:subClassOf")
EXCEPTIONS = {
    PG + "funder": "the overview names the amount or who pays, but never both in one place",
}


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    """The bundled data set with its derived triples."""
    return list(in_memory(Dataset.open()).quads())


def idle_terms(quads: Iterable[Quad]) -> list[str]:
    """List our classes without an instance (their own or a subclass's) and our properties without a triple."""
    quads = list(quads)
    declared = {q.subject.value for q in quads if q.predicate == RDF_TYPE and q.object.value in SORTS}
    used = {q.predicate.value for q in quads}
    used |= {q.object.value for q in quads if q.predicate == RDF_TYPE and q.subject.value not in declared}
    parents = [(q.subject.value, q.object.value) for q in quads if q.predicate == SUBCLASS]
    while more := {parent for child, parent in parents if child in used} - used:
        used |= more
    return sorted(name for name in declared - used if name.startswith(PG))


def test_every_class_and_property_is_used(quads: list[Quad]) -> None:
    """Each class and property is used, but for those that an exception explains."""
    assert idle_terms(quads) == sorted(EXCEPTIONS)


def test_an_idle_term_is_found(quads: list[Quad]) -> None:
    """A class without instances and a property without triples do not go unseen."""
    graph = quads[0].graph_name
    idle = [
        Quad(NamedNode(PG + "Idle"), RDF_TYPE, term("owl:Class"), graph),
        Quad(NamedNode(PG + "idle"), RDF_TYPE, term("owl:ObjectProperty"), graph),
    ]
    assert idle_terms([*quads, *idle]) == sorted([*EXCEPTIONS, PG + "Idle", PG + "idle"])
