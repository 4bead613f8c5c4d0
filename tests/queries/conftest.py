"""The bundled data set, loaded once a session into Oxigraph and into rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory

if TYPE_CHECKING:
    from pyoxigraph import Triple
    from rdflib.term import IdentifiedNode, Node

    from pilotgraph.store.embedded import EmbeddedStore


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="session")
def store(dataset: Dataset) -> EmbeddedStore:
    """The data set with its derived triples, in Oxigraph."""
    return in_memory(dataset)


@pytest.fixture(scope="session")
def graph(store: EmbeddedStore) -> rdflib.Graph:
    """The same quads as one graph in rdflib: the union that analysts query."""
    union = rdflib.Graph()
    for quad in store.quads():
        union.add((_node(quad.subject), rdflib.URIRef(quad.predicate.value), _term(quad.object)))
    return union


def _node(term: NamedNode | BlankNode | Triple) -> IdentifiedNode:
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, NamedNode)
    return rdflib.URIRef(term.value)


def _term(term: NamedNode | BlankNode | Literal | Triple) -> Node:
    if not isinstance(term, Literal):
        return _node(term)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # Not normalised: rdflib would write the year 2022 as a day.
    datatype = term.datatype.value
    plain = datatype == str(rdflib.XSD.string)
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)
