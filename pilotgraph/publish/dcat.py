"""DCAT: the data set as a data portal lists it.

It conforms to DCAT-AP-NL 3.0 (Geonovum), and so to DCAT-AP 3.0 (SEMIC). A portal keeps what it harvests apart
from the rest of the web, and the profiles check the class of each value: so whatever is named here is also
described here, as far as the profiles ask. The publisher is who the data set says it is; nothing is made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from pilotgraph.publish.downloads import METADATA, TABLES, WHOLE
from pilotgraph.publish.settings import AUTHORITY
from pilotgraph.publish.statements import Statements, name, texts, typed, write
from pilotgraph.terms import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.downloads import Download
    from pilotgraph.publish.settings import Settings

PROFILE: Final = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
CSVW: Final = "https://www.w3.org/TR/tabular-metadata/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = {"nl": "NLD", "en": "ENG"}
# Licences as the EU's list and ADMS know them.
_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": ("CC_BY_4_0", "Attribution", "naamsvermelding"),
    "https://creativecommons.org/publicdomain/zero/1.0/": ("CC0", "PublicDomain", "publiek domein"),
}
# The EU's list of data themes, https://op.europa.eu/en/web/eu-vocabularies, as it stands in both languages.
_THEMES = {
    "AGRI": ("Landbouw, visserij, bosbouw en voeding", "Agriculture, fisheries, forestry and food"),
    "ECON": ("Economie en financiën", "Economy and finance"),
    "EDUC": ("Onderwijs, cultuur en sport", "Education, culture and sport"),
    "ENER": ("Energie", "Energy"),
    "ENVI": ("Milieu", "Environment"),
    "GOVE": ("Overheid en publieke sector", "Government and public sector"),
    "HEAL": ("Gezondheid", "Health"),
    "INTR": ("Internationale vraagstukken", "International issues"),
    "JUST": ("Justitie, rechtsstelsel en openbare veiligheid", "Justice, legal system and public safety"),
    "REGI": ("Regio's en steden", "Regions and cities"),
    "SOCI": ("Bevolking en samenleving", "Population and society"),
    "TECH": ("Wetenschap en technologie", "Science and technology"),
    "TRAN": ("Vervoer", "Transport"),
}
_PROVENANCE = {
    "nl": (
        "Uit openbare documenten gelezen. Bij elke bewering staat de passage waarop zij steunt; "
        "wat is afgeleid, is als afgeleid gemerkt."
    ),
    "en": (
        "Read from public documents. Each claim names the passage that carries it; "
        "what is derived is marked as derived."
    ),
}


def dcat(
    dataset: Dataset, quads: Iterable[Quad], base: str, chosen: Settings, files: list[Download]
) -> Iterator[tuple[str, bytes]]:
    """The catalogue in three formats. `files` are the downloads (:mod:`pilotgraph.publish.downloads`)."""
    ontologies = sorted({q.subject.value for q in quads if _is_ontology(q) and isinstance(q.subject, NamedNode)})
    triples = _Catalogue(dataset, base, chosen, ontologies, files).triples
    for suffix in ("ttl", "jsonld", "rdf"):
        yield f"dcat.{suffix}", write(triples, suffix, base)


def _is_ontology(quad: Quad) -> bool:
    return quad.predicate == RDF_TYPE and quad.object == name("owl:Ontology")


class _Catalogue(Statements):
    def __init__(
        self, dataset: Dataset, base: str, chosen: Settings, ontologies: list[str], files: list[Download]
    ) -> None:
        super().__init__()
        self._dataset = dataset
        self._base = base
        self._chosen = chosen
        self._this = NamedNode(base)
        self._catalogue = self._part("catalogue")
        self._publisher = chosen.publisher(base)
        self._licence = NamedNode(dataset.licence)
        self._issued = [typed(dataset.issued, "date")] if dataset.issued else []
        self._standards = [self._standard(iri) for iri in ontologies]
        self._shared(self._catalogue)
        self._shared(self._this)
        self._head()
        self._data_set()
        self._record()
        self._described()
        for file in files:
            if file.path in WHOLE:
                self._distribution(file)
        if chosen.endpoint:
            self._service()

    def _head(self) -> None:
        catalogue, title = self._catalogue, self._dataset.title
        self.is_a(catalogue, "dcat:Catalog")
        names = {"nl": f"Catalogus: {title.get('nl', '')}", "en": f"Catalogue: {title.get('en', '')}"}
        self.say(catalogue, "dct:title", *texts({tag: names[tag] for tag in names if tag in title}))
        self.say(catalogue, "dcat:dataset", self._this)
        self.say(catalogue, "dcat:themeTaxonomy", NamedNode(f"{AUTHORITY}data-theme"))
        self.say(catalogue, "foaf:homepage", self._document(f"{self._base}index.html"))
        self.say(catalogue, "dct:license", self._licence)

    def _shared(self, resource: NamedNode) -> None:
        """What the catalogue and the data set have in common."""
        self.say(resource, "dct:description", *texts(self._dataset.description))
        self.say(resource, "dct:publisher", self._publisher)
        self.say(resource, "dct:creator", self._publisher)
        self.say(resource, "dcat:contactPoint", self._part("contact"))
        self.say(resource, "dct:issued", *self._issued)
        self.say(resource, "dct:modified", *self._issued)
        self.say(resource, "dct:language", *(self._language(tag) for tag in self._dataset.title))
        for place in self._chosen.spatial:
            self.say(resource, "dct:spatial", NamedNode(place))
            self.is_a(NamedNode(place), "dct:Location")
        if self._chosen.start or self._chosen.end:
            self.say(resource, "dct:temporal", self._period())

    def _data_set(self) -> None:
        this = self._this
        self.is_a(this, "dcat:Dataset", "dcat:Resource")
        self.say(this, "dct:title", *texts(self._dataset.title))
        self.say(this, "dct:identifier", Literal(self._base))
        self.say(this, "dcat:version", Literal(self._dataset.edition))
        self.say(this, "dct:accessRights", self._classed(f"{AUTHORITY}access-right/PUBLIC", "dct:RightsStatement"))
        frequency = f"{AUTHORITY}frequency/{self._chosen.frequency}"
        self.say(this, "dct:accrualPeriodicity", self._classed(frequency, "dct:Frequency"))
        self.say(this, "dcat:theme", *map(self._theme, self._chosen.themes))
        for language, words in sorted(self._chosen.keywords.items()):
            self.say(this, "dcat:keyword", *(Literal(word, language=language) for word in words))
        self.say(this, "dcat:landingPage", self._document(f"{self._base}index.html"))
        self.say(this, "foaf:page", self._document(f"{self._base}void.ttl"))
        self.say(this, "dct:conformsTo", *self._standards)
        self.say(this, "dct:provenance", self._part("provenance"))
        self.say(this, "prov:wasDerivedFrom", *(self._source(s.slug) for s in self._dataset.sources))

    def _record(self) -> None:
        if not self._issued:
            # The profiles ask of a record when it was changed.
            return
        record = self._part("record")
        self.say(self._catalogue, "dcat:record", record)
        self.is_a(record, "dcat:CatalogRecord")
        self.say(record, "foaf:primaryTopic", self._this)
        self.say(record, "dct:title", *texts(self._dataset.title))
        self.say(record, "dct:language", *(self._language(tag) for tag in self._dataset.title))
        self.say(record, "dct:issued", *self._issued)
        self.say(record, "dct:modified", *self._issued)
        self.say(record, "dct:conformsTo", self._standard(PROFILE))

    def _described(self) -> None:
        """What the profiles ask to know of everything that is named."""
        chosen = self._chosen
        self.is_a(self._publisher, "foaf:Agent")
        self.say(self._publisher, "foaf:name", Literal(chosen.name))
        if chosen.publisher_page:
            self.say(self._publisher, "foaf:homepage", self._document(chosen.publisher_page))
        contact = self._part("contact")
        self.is_a(contact, "vcard:Kind")
        self.say(contact, "vcard:fn", Literal(chosen.name))
        self.say(contact, "vcard:hasURL", NamedNode(chosen.contact_page or f"{self._base}index.html"))
        if chosen.contact_email:
            self.say(contact, "vcard:hasEmail", NamedNode(f"mailto:{chosen.contact_email}"))
        taxonomy = self._classed(f"{AUTHORITY}data-theme", "skos:ConceptScheme")
        self.say(taxonomy, "dct:title", *texts({"nl": "Datathema's van de EU", "en": "Data themes of the EU"}))
        provenance = self._classed(self._part("provenance").value, "dct:ProvenanceStatement")
        self.say(provenance, "rdfs:label", *texts(_PROVENANCE))
        self._classed(self._licence.value, "dct:LicenseDocument")
        if self._licence.value in _LICENCES:
            code, kind, dutch = _LICENCES[self._licence.value]
            self.say(self._licence, "skos:exactMatch", NamedNode(f"{AUTHORITY}licence/{code}"))
            type_ = self._concept(f"http://purl.org/adms/licencetype/{kind}", {"en": kind, "nl": dutch})
            self.say(self._licence, "dct:type", type_)

    def _distribution(self, file: Download) -> None:
        this = self._part(file.path.rsplit("/", 1)[-1].replace(".", "-"))
        self.say(self._this, "dcat:distribution", this)
        self.is_a(this, "dcat:Distribution")
        self.say(this, "dct:title", *texts(file.kind.title))
        self.say(this, "dct:description", *texts(file.kind.about))
        address = self._classed(self._base + file.path, "rdfs:Resource")
        self.say(this, "dcat:accessURL", address)
        self.say(this, "dcat:downloadURL", address)
        self.say(this, "dcat:mediaType", self._media(file.kind.media_type))
        self.say(
            this, "dct:format", self._classed(f"{AUTHORITY}file-type/{file.kind.file_type}", "dct:MediaTypeOrExtent")
        )
        if file.kind.compression:
            self.say(this, "dcat:compressFormat", self._media(file.kind.compression))
        if file.kind.package:
            self.say(this, "dcat:packageFormat", self._media(file.kind.package))
        self.say(this, "dcat:byteSize", typed(file.size, "nonNegativeInteger"))
        self.say(this, "spdx:checksum", self._checksum(this, file.sha256))
        self.say(this, "dct:license", self._licence)
        self.say(this, "dct:language", *(self._language(tag) for tag in self._dataset.title))
        self.say(this, "dct:issued", *self._issued)
        self.say(this, "dct:modified", *self._issued)
        labels = {"nl": "stabiel", "en": "stable"}
        self.say(this, "dcatap:availability", self._concept(f"{AUTHORITY}planned-availability/STABLE", labels))
        tabular = file.path.startswith(TABLES.rstrip("/"))
        self.say(this, "dct:conformsTo", *([self._standard(CSVW)] if tabular else self._standards))
        if tabular:
            self.say(this, "foaf:page", self._document(self._base + METADATA))

    def _service(self) -> None:
        this = self._part("service")
        self.say(self._catalogue, "dcat:service", this)
        self.is_a(this, "dcat:DataService")
        self._shared(this)
        self.say(this, "dct:title", *texts({tag: f"SPARQL: {text}" for tag, text in self._dataset.title.items()}))
        self.say(this, "dct:identifier", Literal(this.value))
        self.say(this, "dct:accessRights", self._classed(f"{AUTHORITY}access-right/PUBLIC", "dct:RightsStatement"))
        self.say(this, "dct:license", self._licence)
        self.say(this, "dcat:theme", *map(self._theme, self._chosen.themes))
        self.say(this, "dcat:endpointURL", self._classed(self._chosen.endpoint, "rdfs:Resource"))
        self.say(this, "dcat:endpointDescription", self._classed(f"{self._base}void.ttl", "rdfs:Resource"))
        self.say(this, "dct:conformsTo", self._standard("https://www.w3.org/TR/sparql11-protocol/"))
        self.say(this, "dcat:servesDataset", self._this)

    def _part(self, fragment: str) -> NamedNode:
        # The name of a file, so that it leads somewhere on any static server.
        return NamedNode(f"{self._base}dcat.ttl#{fragment}")

    def _source(self, slug: str) -> NamedNode:
        return NamedNode(f"{self._base}id/source/{slug}")

    def _classed(self, iri: str, kind: str) -> NamedNode:
        node = NamedNode(iri)
        self.is_a(node, kind)
        return node

    def _document(self, iri: str) -> NamedNode:
        return self._classed(iri, "foaf:Document")

    def _standard(self, iri: str) -> NamedNode:
        return self._classed(iri, "dct:Standard")

    def _media(self, media_type: str) -> NamedNode:
        return self._classed(_MEDIA + media_type, "dct:MediaType")

    def _language(self, tag: str) -> NamedNode:
        return self._classed(f"{AUTHORITY}language/{_LANGUAGES.get(tag, tag.upper())}", "dct:LinguisticSystem")

    def _concept(self, iri: str, labels: dict[str, str]) -> NamedNode:
        node = self._classed(iri, "skos:Concept")
        self.say(node, "skos:prefLabel", *texts(labels))
        return node

    def _theme(self, code: str) -> NamedNode:
        labels = dict(zip(("nl", "en"), _THEMES.get(code, (code, code)), strict=True))
        node = self._concept(f"{AUTHORITY}data-theme/{code}", labels)
        self.say(node, "skos:inScheme", NamedNode(f"{AUTHORITY}data-theme"))
        return node

    def _period(self) -> NamedNode:
        period = self._classed(self._part("period").value, "dct:PeriodOfTime")
        for predicate, text in (("dcat:startDate", self._chosen.start), ("dcat:endDate", self._chosen.end)):
            if text:
                self.say(period, predicate, typed(text, {4: "gYear", 7: "gYearMonth"}.get(len(text), "date")))
        return period

    def _checksum(self, owner: NamedNode, value: str) -> NamedNode:
        checksum = self._classed(f"{owner.value}-checksum", "spdx:Checksum")
        algorithm = self._classed("http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "spdx:ChecksumAlgorithm")
        self.say(checksum, "spdx:algorithm", algorithm)
        self.say(checksum, "spdx:checksumValue", typed(value, "hexBinary"))
        return checksum
