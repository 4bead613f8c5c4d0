"""The named queries described in RDF, so that a program can find them, fill them in and run them.

A query is an ``sh:SPARQLSelectExecutable`` (SHACL Advanced Features, W3C Working Group Note, 8 June 2017,
section 4), with its text in ``sh:select``, prefixes declared. A parameter is an ``sh:Parameter`` (section 5.1):
the local name of its ``sh:path`` is the variable, and ``VALUES ?name { … }`` in the text is the place for its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.publish.statements import Statements, name, texts, typed, write
from pilotgraph.queries import LANGUAGES, library, with_prefixes
from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.settings import Settings
    from pilotgraph.queries import Parameter, Query

_LITERALS = {"integer": "integer", "date": "date", "string": "string"}


def executables(dataset: Dataset, base: str, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """A description for each named question, in three formats, and all of them in one file."""
    everything = Statements()
    for query in library(dataset):
        one = _Executable(query, base, settings)
        everything.triples |= one.triples
        for suffix in ("ttl", "jsonld", "nt"):
            yield f"queries/{query.name}.{suffix}", write(one.triples, suffix, base)
    yield "queries/all.ttl", write(everything.triples, "ttl", base)


class _Executable(Statements):
    def __init__(self, query: Query, base: str, settings: Settings) -> None:
        super().__init__()
        self._base = base
        self._this = NamedNode(f"{base}id/query/{query.name}")
        this = self._this
        self.is_a(this, "sh:SPARQLExecutable", "sh:SPARQLSelectExecutable", "sh:Parameterizable")
        summary = {language: query.say("summary", language) for language in LANGUAGES}
        self.say(this, "rdfs:label", *texts(summary))
        reading = {language: text for language in LANGUAGES if (text := query.say("reading", language))}
        self.say(this, "rdfs:comment", *texts(reading))
        self.say(this, "dct:identifier", Literal(query.name))
        self.say(this, "dct:isPartOf", NamedNode(base))
        self.say(this, "foaf:page", *(NamedNode(f"{base}{tag}/query/{query.name}.html") for tag in LANGUAGES))
        self.say(this, "sh:select", Literal(with_prefixes(query.text)))
        if settings.endpoint:
            self.say(this, "void:sparqlEndpoint", NamedNode(settings.endpoint))
        for order, parameter in enumerate(query.parameters):
            self._parameter(parameter, order)

    def _parameter(self, parameter: Parameter, order: int) -> None:
        node = NamedNode(f"{self._this.value}#parameter-{parameter.name}")
        self.say(self._this, "sh:parameter", node)
        self.is_a(node, "sh:Parameter")
        self.say(node, "sh:path", NamedNode(f"{self._this.value}#{parameter.name}"))
        self.say(node, "sh:order", typed(order, "integer"))
        self.say(node, "sh:optional", typed(str(not parameter.required).lower(), "boolean"))
        self.say(node, "sh:name", Literal(parameter.name))
        self.say(node, "sh:description", *texts(parameter.about))
        if parameter.kind in _LITERALS:
            self.say(node, "sh:datatype", NamedNode(PREFIXES["xsd"] + _LITERALS[parameter.kind]))
            if parameter.name == "lang":
                self.say(node, "sh:pattern", Literal(f"^({'|'.join(LANGUAGES)})$"))
                self.say(node, "sh:defaultValue", Literal("en"))
        else:
            self.say(node, "sh:nodeKind", name("sh:IRI"))
            stems = "|".join(_escaped(f"{self._base}id/{kind}/") for kind in parameter.kind.split(","))
            self.say(node, "sh:pattern", Literal(f"^({stems})"))


def _escaped(text: str) -> str:
    """Escape what has a meaning in the regular expressions of XPath (which SPARQL uses)."""
    return "".join(f"\\{sign}" if sign in ".\\?*+{}()[]^$|-" else sign for sign in text)
