"""Namespaces, and IRIs written short.

The vocabularies are those of `ontology/pilotgraph.ttl`; the prefixes are the ones that the project's
Turtle files, queries and printed tables use.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

PG: Final = "https://w3id.org/pilotgraph/def#"
PGSH: Final = "https://w3id.org/pilotgraph/shapes#"

PREFIXES: Final = {
    "pg": PG,
    "pgsh": PGSH,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")

Term = NamedNode | Literal | BlankNode | Triple

_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


def pg(name: str) -> NamedNode:
    """Return the term `name` of our own ontology."""
    return NamedNode(PG + name)


def term(curie: str) -> NamedNode:
    """Return the IRI of a prefixed name such as ``"oa:hasSource"``; the prefix must be in PREFIXES."""
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def data_prefix(iri: str, base: str) -> tuple[str, str] | None:
    """Give the prefix and namespace under which a data set's own IRI is written.

    ``{base}id/pilot/x`` is ``pilot:x``, ``{base}id/concept/role/x`` is ``role:x``.
    """
    if not iri.startswith(base):
        return None
    namespace, slash, _ = iri.rpartition("/")
    if not slash or namespace + "/" == base:
        return None
    return namespace.rsplit("/", 1)[-1], namespace + "/"


def compact(iri: str, base: str = "") -> str:
    """Write `iri` as a prefixed name if one of the known prefixes fits, else in angle brackets."""
    candidates = list(PREFIXES.items())
    if base and (own := data_prefix(iri, base)):
        candidates.insert(0, own)
    for prefix, namespace in candidates:
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def plain(term_: Term | None) -> str:
    """Give the bare text of a term: an IRI without brackets, a literal without type or language."""
    if term_ is None:
        return ""
    return term_.value if isinstance(term_, NamedNode | Literal | BlankNode) else str(term_)
