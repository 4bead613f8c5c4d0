"""VoID: what is in the graph, counted, for a machine that must decide whether and what to fetch.

After "Describing Linked Datasets with the VoID Vocabulary" (W3C Interest Group Note, 3 March 2011): totals,
partitions by class, by property and by property within a class, subsets (the named graphs), linksets to other
data sets, example resources and dumps. It is counted over distinct triples, without graph names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.pages.site.addresses import PAGED, kind_of
from pilotgraph.publish.dumps import STEM, graph_path, triple
from pilotgraph.publish.statements import NAMESPACES, Statements, name, texts, typed, write
from pilotgraph.terms import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad, Triple

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.settings import Settings
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


def void(dataset: Dataset, quads: list[Quad], base: str, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """The description, at the well-known address (RFC 8615) and under a name that every server knows."""
    content = write(_Description(dataset, quads, base, settings).triples, "ttl", base)
    yield "void.ttl", content
    yield ".well-known/void", content


def namespace(iri: str) -> str:
    """The namespace of an IRI: up to its last # or /.

    >>> namespace("http://www.w3.org/ns/org#role")
    'http://www.w3.org/ns/org#'
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class _Description(Statements):
    def __init__(self, dataset: Dataset, quads: list[Quad], base: str, settings: Settings) -> None:
        super().__init__()
        self._base = base
        self._triples = {triple(quad) for quad in quads}
        self._this = NamedNode(base)
        self._names: dict[str, str] = {}
        self._head(dataset, settings)
        self._totals()
        self._examples()
        self._partitions()
        self._graphs(quads)
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
        subjects = {t.subject for t in self._triples}
        things = [s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(f"{self._base}id/")]
        classes = {t.object for t in self._triples if t.predicate == RDF_TYPE}
        properties = {t.predicate for t in self._triples}
        self._count(self._this, "triples", len(self._triples))
        self._count(self._this, "entities", len(things))
        self._count(self._this, "classes", len(classes))
        self._count(self._this, "properties", len(properties))
        self._count(self._this, "distinctSubjects", len(subjects))
        self._count(self._this, "distinctObjects", len({t.object for t in self._triples}))
        spaces = {namespace(term.value) for term in classes | properties if isinstance(term, NamedNode)}
        self.say(self._this, "void:vocabulary", *(NamedNode(space) for space in spaces))

    def _examples(self) -> None:
        """The first thing of each kind that has a page."""
        first: dict[str, str] = {}
        for found in self._triples:
            if isinstance(found.subject, NamedNode):
                iri = found.subject.value
                kind = kind_of(iri, self._base)
                if kind in PAGED:
                    first[kind] = min(iri, first.get(kind, iri))
        self.say(self._this, "void:exampleResource", *(NamedNode(iri) for iri in first.values()))

    def _partitions(self) -> None:
        classes: dict[Term, set[Term]] = defaultdict(set)
        about: dict[Term, list[Triple]] = defaultdict(list)
        for found in self._triples:
            about[found.subject].append(found)
            if found.predicate == RDF_TYPE and isinstance(found.object, NamedNode):
                classes[found.object].add(found.subject)
        for kind, things in sorted(classes.items(), key=_first):
            part = self._node("class", str(kind).strip("<>"))
            said = [found for thing in things for found in about[thing]]
            self.say(self._this, "void:classPartition", part)
            self.is_a(part, "void:Dataset")
            self.say(part, "void:class", kind)
            self._count(part, "entities", len(things))
            self._count(part, "triples", len(said))
            self._properties(part, said)
        self._properties(self._this, self._triples)

    def _properties(self, whole: NamedNode, said: Iterable[Triple]) -> None:
        by_property: dict[NamedNode, list[Triple]] = defaultdict(list)
        for one in said:
            by_property[one.predicate].append(one)
        prefix = "property" if whole == self._this else f"{whole.value.partition('#')[2]}-property"
        for predicate, found in sorted(by_property.items(), key=_first):
            part = self._node(prefix, predicate.value)
            self.say(whole, "void:propertyPartition", part)
            self.is_a(part, "void:Dataset")
            self.say(part, "void:property", predicate)
            self._count(part, "triples", len(found))
            self._count(part, "distinctSubjects", len({t.subject for t in found}))
            self._count(part, "distinctObjects", len({t.object for t in found}))

    def _graphs(self, quads: Iterable[Quad]) -> None:
        """The named graphs are subsets, each with a dump of its own."""
        for graph, number in Counter(quad.graph_name for quad in quads).items():
            if isinstance(graph, NamedNode):
                self.say(self._this, "void:subset", graph)
                self.is_a(graph, "void:Dataset")
                self._count(graph, "triples", number)
                if path := graph_path(graph.value, self._base):
                    self.say(graph, "void:dataDump", NamedNode(self._base + path))

    def _linksets(self) -> None:
        found: Counter[tuple[str, str]] = Counter()
        for t in self._triples:
            if t.predicate.value in _LINKING and isinstance(t.object, NamedNode):
                space = namespace(t.object.value)
                if not t.object.value.startswith((self._base, PREFIXES["pg"])):
                    found[t.predicate.value, space] += 1
        for (predicate, space), number in sorted(found.items()):
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
