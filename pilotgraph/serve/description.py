"""What the endpoint is and can do: SPARQL 1.1 Service Description (W3C Recommendation, 21 March 2013)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pilotgraph.serve.edition import Edition
    from pilotgraph.serve.server import Server

PATH: Final = "/sparql"
_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = PREFIXES["void"]
_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "N-Quads",
    "TriG",
    "JSON-LD",
)
_SERIALISERS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
_PREFIXES: Final = {"sd": _SD, "format": "http://www.w3.org/ns/formats/"} | {
    name: PREFIXES[name] for name in ("void", "dct", "foaf", "xsd")
}


def describe(server: Server, origin: str, media_type: str) -> bytes:
    """Describe the service whose scheme and host are `origin`, in one of the forms of graphs."""
    current = server.current
    return _described(current.edition.fingerprint, origin, media_type, _Content(current.edition, current.graphs))


class _Content:
    """What is described; it stands beside its fingerprint in the cache, so it needs no comparing."""

    def __init__(self, edition: Edition, graphs: Mapping[str, int]) -> None:
        self.edition = edition
        self.graphs = graphs

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content)


@lru_cache(64)
def _described(_fingerprint: str, origin: str, media_type: str, content: _Content) -> bytes:
    triples = list(_triples(f"{origin}{PATH}", content.edition, content.graphs))
    return serialize(triples, format=_SERIALISERS[media_type], prefixes=_PREFIXES) or b""


def _triples(endpoint: str, edition: Edition, graphs: Mapping[str, int]) -> Iterator[Triple]:
    service, dataset, default = (NamedNode(f"{endpoint}#{part}") for part in ("service", "dataset", "default"))
    yield Triple(service, RDF_TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for name in _FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, RDF_TYPE, _sd("Dataset"))
    for language, text in sorted(edition.dataset.title.items()):
        yield Triple(dataset, _dct("title"), Literal(text, language=language))
    yield Triple(dataset, _dct("license"), NamedNode(edition.dataset.licence))
    yield Triple(dataset, NamedNode(PREFIXES["foaf"] + "homepage"), NamedNode(edition.base))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, _sd("Graph"))
    for number, (name, triples) in enumerate(sorted(graphs.items()), 1):
        named, graph = NamedNode(f"{endpoint}#named-{number}"), NamedNode(f"{endpoint}#graph-{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, RDF_TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(name))
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, RDF_TYPE, _sd("Graph"))
        count = Literal(str(triples), datatype=NamedNode(PREFIXES["xsd"] + "integer"))
        yield Triple(graph, NamedNode(f"{_VOID}triples"), count)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _dct(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dct"] + name)
