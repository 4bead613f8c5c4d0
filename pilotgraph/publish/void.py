"""VoID: what is in the graph, counted, for a machine that must decide whether and what to fetch.

After "Describing Linked Datasets with the VoID Vocabulary" (W3C Interest Group Note, 3 March 2011): totals,
partitions by class, by property and by property within a class, subsets (the named graphs), linksets to other
data sets, example resources and dumps. It is counted over distinct triples, without graph names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.pages.site.addresses import PAGED, kind_of
from pilotgraph.publish.dumps import STEM, graph_path, triple
from pilotgraph.publish.statements import NAMESPACES, Statements, name, texts, typed, write
from pilotgraph.publish.whole import graph_name
from pilotgraph.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.settings import Settings
    from pilotgraph.publish.whole import Subject, Whole
    from pilotgraph.terms import Term

DUMPS = (".ttl", ".trig", ".jsonld", ".nq.gz")
_FORMATS = ("Turtle", "TriG", "JSON-LD", "N-Quads")
# The relations by which things of two data sets are linked; any other IRI may be a page or a term.
_LINKING = frozenset(
    name(curie).value
    for curie in (
        "skos:exactMatch",
        "skos:closeMatch",
        "skos:broadMatch",
        "skos:narrowMatch",
        "skos:relatedMatch",
        "owl:sameAs",
        "owl:equivalentClass",
        "owl:equivalentProperty",
    )
)


def void(dataset: Dataset, whole: Whole, base: str, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """The description, at the well-known address (RFC 8615) and under a name that every server knows."""
    content = write(_Description(dataset, whole, base, settings).triples, "ttl", base)
    yield "void.ttl", content
    yield ".well-known/void", content


def namespace(iri: str) -> str:
    """The namespace of an IRI: up to its last # or /.

    >>> namespace("http://www.w3.org/ns/org#role")
    'http://www.w3.org/ns/org#'
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


@dataclass
class _Partition:
    """What was counted of the triples with one property; distinct values are told apart by their hashes of 64 bits."""

    triples: int = 0
    subjects: int = 0
    objects: set[int] = field(default_factory=set)

    def add(self, said: Iterable[int]) -> None:
        """Count the values that one thing has."""
        values = list(said)
        self.triples += len(values)
        self.subjects += 1
        self.objects.update(values)


_Properties = dict[NamedNode, _Partition]


class _Counts:
    """One pass over a graph, thing by thing."""

    def __init__(self, whole: Whole, base: str) -> None:
        self._base = base
        self.triples = self.subjects = self.things = 0
        self.objects: set[int] = set()
        self.examples: dict[str, str] = {}
        self.graphs: Counter[str] = Counter()
        self.links: Counter[tuple[str, str]] = Counter()
        self.properties: _Properties = defaultdict(_Partition)
        self.classes: dict[Term, _Class] = defaultdict(_Class)
        for subject in whole.subjects():
            quads = whole.about(subject)
            self.graphs.update(map(graph_name, quads))
            self._take(subject, {triple(quad) for quad in quads})

    def _take(self, subject: Subject, said: set[Triple]) -> None:
        self.triples += len(said)
        self.subjects += 1
        values: dict[NamedNode, list[int]] = defaultdict(list)
        for one in said:
            values[one.predicate].append(hash(one.object))
            self._link(one)
        kinds = [one.object for one in said if one.predicate == RDF_TYPE]
        classes = [self.classes[kind] for kind in kinds]
        for kind in classes:
            kind.entities += 1
            kind.triples += len(said)
        for predicate, some in values.items():
            self.objects.update(some)
            for properties in (self.properties, *(kind.properties for kind in classes)):
                properties[predicate].add(some)
        if isinstance(subject, NamedNode):
            self._example(subject.value)

    def _example(self, iri: str) -> None:
        """Keep the first thing of each kind that has a page."""
        self.things += iri.startswith(f"{self._base}id/")
        kind = kind_of(iri, self._base)
        if kind in PAGED:
            self.examples[kind] = min(iri, self.examples.get(kind, iri))

    def _link(self, one: Triple) -> None:
        if one.predicate.value in _LINKING and isinstance(one.object, NamedNode):
            space = namespace(one.object.value)
            if not one.object.value.startswith((self._base, PREFIXES["pg"])):
                self.links[one.predicate.value, space] += 1


@dataclass
class _Class:
    entities: int = 0
    triples: int = 0
    properties: _Properties = field(default_factory=lambda: defaultdict(_Partition))


class _Description(Statements):
    def __init__(self, dataset: Dataset, whole: Whole, base: str, settings: Settings) -> None:
        super().__init__()
        self._base = base
        self._counts = _Counts(whole, base)
        self._this = NamedNode(base)
        self._names: dict[str, str] = {}
        self._head(dataset, settings)
        self._totals()
        self._partitions()
        self._graphs()
        self._linksets()

    def _head(self, dataset: Dataset, settings: Settings) -> None:
        this = self._this
        document = NamedNode(f"{self._base}void.ttl")
        self.say(document, "rdf:type", name("void:DatasetDescription"))
        self.say(document, "foaf:primaryTopic", this)
        self.is_a(this, "void:Dataset")
        self.say(this, "dct:title", *texts(dataset.title))
        self.say(this, "dct:description", *texts(dataset.description))
        self.say(this, "dct:license", NamedNode(dataset.licence))
        self.say(this, "dct:publisher", settings.publisher(self._base))
        self.say(this, "foaf:homepage", NamedNode(f"{self._base}index.html"))
        self.say(this, "dcat:version", Literal(dataset.edition))
        if dataset.issued:
            self.say(this, "dct:issued", typed(dataset.issued, "date"))
        self.say(this, "void:uriSpace", Literal(f"{self._base}id/"))
        self.say(this, "void:dataDump", *(NamedNode(f"{self._base}{STEM}{suffix}") for suffix in DUMPS))
        formats = (NamedNode(f"http://www.w3.org/ns/formats/{form.replace('-', '_')}") for form in _FORMATS)
        self.say(this, "void:feature", *formats)
        if settings.endpoint:
            self.say(this, "void:sparqlEndpoint", NamedNode(settings.endpoint))

    def _totals(self) -> None:
        counts = self._counts
        self._count(self._this, "triples", counts.triples)
        self._count(self._this, "entities", counts.things)
        self._count(self._this, "classes", len(counts.classes))
        self._count(self._this, "properties", len(counts.properties))
        self._count(self._this, "distinctSubjects", counts.subjects)
        self._count(self._this, "distinctObjects", len(counts.objects))
        terms = (term for term in (*counts.classes, *counts.properties) if isinstance(term, NamedNode))
        self.say(self._this, "void:vocabulary", *{NamedNode(namespace(term.value)) for term in terms})
        self.say(self._this, "void:exampleResource", *map(NamedNode, counts.examples.values()))

    def _partitions(self) -> None:
        for kind, counted in sorted(self._counts.classes.items(), key=_first):
            if isinstance(kind, NamedNode):
                part = self._node("class", kind.value)
                self.say(self._this, "void:classPartition", part)
                self.is_a(part, "void:Dataset")
                self.say(part, "void:class", kind)
                self._count(part, "entities", counted.entities)
                self._count(part, "triples", counted.triples)
                self._properties(part, counted.properties)
        self._properties(self._this, self._counts.properties)

    def _properties(self, whole: NamedNode, properties: _Properties) -> None:
        prefix = "property" if whole == self._this else f"{whole.value.partition('#')[2]}-property"
        for predicate, found in sorted(properties.items(), key=_first):
            part = self._node(prefix, predicate.value)
            self.say(whole, "void:propertyPartition", part)
            self.is_a(part, "void:Dataset")
            self.say(part, "void:property", predicate)
            self._count(part, "triples", found.triples)
            self._count(part, "distinctSubjects", found.subjects)
            self._count(part, "distinctObjects", len(found.objects))

    def _graphs(self) -> None:
        """The named graphs are subsets, each with a dump of its own."""
        for name_, number in self._counts.graphs.items():
            if name_:
                graph = NamedNode(name_)
                self.say(self._this, "void:subset", graph)
                self.is_a(graph, "void:Dataset")
                self._count(graph, "triples", number)
                if path := graph_path(name_, self._base):
                    self.say(graph, "void:dataDump", NamedNode(self._base + path))

    def _linksets(self) -> None:
        for (predicate, space), number in sorted(self._counts.links.items()):
            other = self._node("dataset", space)
            self.is_a(other, "void:Dataset")
            self.say(other, "void:uriSpace", Literal(space))
            links = self._node(f"links-{_slug(predicate)}", space)
            self.say(self._this, "void:subset", links)
            self.is_a(links, "void:Linkset")
            self.say(links, "void:linkPredicate", NamedNode(predicate))
            self.say(links, "void:subjectsTarget", self._this)
            self.say(links, "void:objectsTarget", other)
            self._count(links, "triples", number)

    def _count(self, subject: NamedNode, what: str, number: int) -> None:
        self.say(subject, f"void:{what}", typed(number, "integer"))

    def _node(self, role: str, iri: str) -> NamedNode:
        """A name for a part of the description; two IRIs that look alike when written short get a number."""
        wanted = f"{role}-{_slug(iri)}"
        candidate, number = wanted, 1
        while self._names.setdefault(candidate, iri) != iri:
            number += 1
            candidate = f"{wanted}-{number}"
        return NamedNode(f"{self._base}void.ttl#{candidate}")


def _slug(iri: str) -> str:
    """Write an IRI as a part of a name: ``pg-Pilot``, or its letters where no prefix fits."""
    prefix = next((p for p, space in NAMESPACES.items() if iri.startswith(space) and iri != space), "")
    short = f"{prefix}-{iri.removeprefix(NAMESPACES[prefix])}" if prefix else iri.partition("//")[2] or iri
    return re.sub(r"[^A-Za-z0-9]+", "-", short).strip("-")


def _first(item: tuple[Term, object]) -> str:
    return str(item[0])
