"""Triples gathered one by one, for the descriptions that are published beside the data.

The vocabularies are those of catalogues: DCAT, VoID, and what DCAT-AP takes from ADMS, SPDX and vCard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from pilotgraph.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pilotgraph.terms import Term

NAMESPACES: Final = PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


def name(curie: str) -> NamedNode:
    """Return the IRI of a prefixed name such as ``"spdx:Checksum"``; the prefix must be in NAMESPACES.

    >>> name("spdx:Checksum").value
    'http://spdx.org/rdf/terms#Checksum'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(NAMESPACES[prefix] + local)


def typed(value: object, datatype: str) -> Literal:
    """Return a literal of a type of XML Schema, such as ``typed(5, "integer")``.

    >>> str(typed("2022", "gYear"))
    '"2022"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    return Literal(str(value), datatype=NamedNode(PREFIXES["xsd"] + datatype))


def texts(values: Mapping[str, str]) -> list[Literal]:
    """Return a literal for each language.

    >>> [str(text) for text in texts({"nl": "ja", "en": "yes"})]
    ['"yes"@en', '"ja"@nl']
    """
    return [Literal(text, language=language) for language, text in sorted(values.items())]


class Statements:
    """A set of triples that grows by one subject and predicate at a time."""

    def __init__(self) -> None:
        self.triples: set[Triple] = set()

    def say(self, subject: NamedNode, predicate: str, *objects: Term) -> None:
        """Say one or more things of a subject."""
        self.triples |= {Triple(subject, name(predicate), value) for value in objects}

    def is_a(self, subject: NamedNode, *classes: str) -> None:
        """Say what a subject is."""
        self.triples |= {Triple(subject, RDF_TYPE, name(kind)) for kind in classes}


def write(triples: Iterable[Triple], suffix: str, base: str = "") -> bytes:
    """Write triples in the format of a file name's last part: ttl, nt, jsonld or rdf. The same triples, the same bytes.

    `base` is the data set's base IRI, whose things get prefixes of their own in Turtle.
    """
    if suffix == "ttl":
        from pilotgraph.turtle import write_turtle  # noqa: PLC0415 - only this format needs it

        return write_turtle(triples, base).encode()
    formats = {"nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}
    return serialize(sorted(triples, key=str), format=formats[suffix]) or b""
