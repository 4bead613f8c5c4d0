"""A page of the site, and the sheet on which it is written: links, names and values in one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from pilotgraph.pages.site import formats
from pilotgraph.pages.site.addresses import kind_of, page_path, relative
from pilotgraph.pages.site.graph import TYPE, is_web, name_in, p, shortened
from pilotgraph.pages.site.words import WORDS
from pilotgraph.terms import PG, PREFIXES, compact, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pilotgraph.coverage_report import Matrix
    from pilotgraph.dataset import Dataset
    from pilotgraph.evidence import SourceText
    from pilotgraph.network.clusters import ClusterReport
    from pilotgraph.pages.site.graph import Graph
    from pilotgraph.queries import Query
    from pilotgraph.store.base import Reader
    from pilotgraph.terms import Term

LANGUAGES = ("nl", "en")
_DATES = {PREFIXES["xsd"] + name for name in ("date", "gYearMonth", "gYear")}
_NUMBERS = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")}
_LONGEST_DESCRIPTION = 200
# The class that a thing must have for its page to be written, by the kind that its address names.
_CLASSES = {
    "pilot": "Pilot",
    "programme": "Programme",
    "study": "Study",
    "source": "SourceDocument",
    "question": "ResearchQuestion",
    "contradiction": "Contradiction",
    "evidence": "Evidence",
}
_TERMS = frozenset(map(p, ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")))


class Text(NamedTuple):
    """A piece of text on a page: perhaps a link, perhaps in another language than the page."""

    text: str
    href: str = ""
    language: str = ""
    outside: bool = False


@dataclass
class Page:
    """One page in one language, not yet rendered.

    `path` is within the folder of the language. `subjects` are the things whose triples are the page's RDF, and
    `rdf` is its path without extension. `found` is what the search shows beside the title: the kind of page and
    the words that lead to it; a page without it is not found. `files` stand beside the page, by their path in the
    site.
    """

    path: str
    template: str
    title: str
    description: str
    values: Mapping[str, Any] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    rdf: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    section: str = ""
    schema: dict[str, Any] | None = None
    found: tuple[str, str] | None = None
    script: str = "'self'"
    files: Mapping[str, bytes] = field(default_factory=dict)


# A page, or how to make it: the pages of many things are made where and when they are written.
Made = Page | Callable[[], Page]


@dataclass
class Site:
    """What all pages are made from."""

    dataset: Dataset
    reader: Reader
    graph: Graph
    queries: list[Query]
    texts: dict[str, SourceText] = field(default_factory=dict)
    assets: frozenset[str] = frozenset()
    _paged: dict[str, bool] = field(default_factory=dict, repr=False)
    downloads: list[dict[str, Any]] = field(default_factory=list)
    outline: list[tuple[str, list[tuple[float, float]]]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The base IRI, which ends with a slash."""
        return self.dataset.base

    def concept(self, scheme: str, slug_: str) -> str:
        """The IRI of a concept."""
        return f"{self.base}id/concept/{scheme}/{slug_}"

    def title(self, language: str) -> str:
        """The title of the data set in a language, or in any."""
        titles = self.dataset.title
        return titles.get(language) or next(iter(titles.values()), self.base)

    @cached_property
    def clashes(self) -> dict[str, list[str]]:
        """The contradictions that each claim stands in, as `pg:contradictedBy` tells."""
        graph = self.graph
        found: dict[str, list[str]] = {}
        for clash in graph.of_class("Contradiction"):
            for claim in graph.iris(clash, p("pg:joins")):
                if clash in graph.iris(claim, p("pg:contradictedBy")):
                    found.setdefault(claim, []).append(clash)
        return found

    def is_apparent(self, clash: str) -> bool:
        """Tell whether a contradiction was looked into and explained away."""
        return self.graph.iri(clash, p("pg:contradictionKind")).endswith("/apparent")

    @cached_property
    def claims(self) -> list[str]:
        """All claims, sorted: whatever is about something and has a passage, and has a page."""
        about = p("pg:about")
        return sorted(
            iri
            for iri, properties in self.graph.out.items()
            if about in properties and iri.startswith(f"{self.base}id/claim/")
        )

    def has_page(self, iri: str) -> bool:
        """Tell whether a page is written for a thing: it is known, and of the class that its address promises."""
        if iri not in self._paged:
            kind = kind_of(iri, self.base)
            class_ = _CLASSES.get(kind)
            if kind == "claim":
                there = iri in self._claims
            elif class_:
                there = class_ in self.graph.classes(iri)
            else:
                there = iri in self.graph.out and (bool(kind) or self.is_term(iri))
            self._paged[iri] = there
        return self._paged[iri]

    def is_term(self, iri: str) -> bool:
        """Tell whether an IRI is a class or property of our ontology that the data set declares."""
        return iri.startswith(PG) and not _TERMS.isdisjoint(self.graph.iris(iri, TYPE))

    @cached_property
    def _claims(self) -> frozenset[str]:
        return frozenset(self.claims)

    @cached_property
    def about(self) -> dict[str, list[str]]:
        """The claims about each thing."""
        found: dict[str, list[str]] = {}
        for claim in self.claims:
            for thing in self.graph.iris(claim, p("pg:about")):
                found.setdefault(thing, []).append(claim)
        return found

    @cached_property
    def records(self) -> dict[str, list[tuple[int, int, str]]]:
        """By source, where the record of each pilot begins and ends, in the order of the source."""
        graph = self.graph
        found: dict[str, list[tuple[int, int, str]]] = {}
        for record in graph.of_class("Record"):
            start, end = graph.number(record, p("pg:start")), graph.number(record, p("pg:end"))
            if start is not None and end is not None:
                of = graph.iri(record, p("pg:recordOf"))
                found.setdefault(graph.iri(record, p("oa:hasSource")), []).append((start, end, of))
        return {source: sorted(extents) for source, extents in found.items()}

    @cached_property
    def goal_claims(self) -> dict[tuple[str, str], list[str]]:
        """The claims that a pilot serves a goal, by pilot and goal."""
        found: dict[tuple[str, str], list[str]] = {}
        for claim in self.graph.of_class("GoalAlignment"):
            for pilot in self.graph.iris(claim, p("pg:about")):
                if "Pilot" in self.graph.classes(pilot):
                    for goal in self.graph.iris(claim, p("pg:goal")):
                        found.setdefault((pilot, goal), []).append(claim)
        return dict(sorted(found.items()))

    @cached_property
    def clusters(self) -> ClusterReport | None:
        """The clusters that the network page shows; looking for them takes long, and the language does not matter."""
        from pilotgraph.pages.explorer.clusters import find_clusters  # noqa: PLC0415 - it imports networkx

        return find_clusters(self.dataset, self.reader)

    @cached_property
    def matrix(self) -> Matrix | None:
        """How far the sources bear on each research question for each pilot, if the data set asks such questions."""
        from pilotgraph.coverage_report import QUERY, research_coverage  # noqa: PLC0415 - most pages do not need it

        asks = self.graph.of_class("ResearchQuestion") and any(query.name == QUERY for query in self.queries)
        return research_coverage(self.reader, self.dataset, "nl") if asks else None

    def prepare(self) -> None:
        """Look up what many pages need, before the work is divided among processes."""
        for found in (self._claims, self.about, self.clashes, self.records, self.goal_claims):
            len(found)

    def names(self, iris: Iterable[str], language: str) -> list[str]:
        """Sort things by their names."""
        return sorted(iris, key=lambda iri: (self.graph.label(iri, language).casefold(), iri))


class Sheet:
    """One page being written: it knows its language and its place, so that its links are relative."""

    def __init__(self, site: Site, language: str, path: str) -> None:
        self.site = site
        self.graph = site.graph
        self.language = language
        self.words = WORDS[language]
        self.path = f"{language}/{path}"

    def to(self, path: str) -> str:
        """The link to a file of the site, given by its path from the root."""
        return relative(path, self.path)

    def here(self, path: str) -> str:
        """The link to a page of the same language."""
        return self.to(f"{self.language}/{path}")

    def href(self, iri: str) -> str:
        """The link to a thing: its page, else its address on the web, else nothing."""
        path = page_path(iri, self.site.base, self.language)
        if path and self.site.has_page(iri):
            return self.to(path)
        return iri if is_web(iri) and not iri.startswith(self.site.base) else ""

    def label(self, iri: str) -> str:
        """The name of a thing."""
        return self.graph.label(iri, self.language)

    def thing(self, iri: str) -> Text:
        """A thing as its name with a link."""
        href = self.href(iri)
        known = iri in self.graph.out
        text = self.label(iri) if known else iri
        return Text(text or name_in(iri), href, self._foreign(iri), href == iri)

    def _foreign(self, iri: str) -> str:
        """The language of a thing's name if it is not that of the page."""
        labels = [v for v in self.graph.all(iri, p("skos:prefLabel")) if isinstance(v, Literal)]
        languages = {label.language or "" for label in labels}
        return "" if not languages or self.language in languages else min(languages)

    def term(self, iri: str) -> Text:
        """A class or property as its name in our ontology, or short."""
        short = compact(iri, self.site.base).strip("<>")
        label = self.graph.text(iri, p("rdfs:label"), self.language) or self.words["terms"].get(short, "")
        return Text(label or short, self.href(iri))

    def said(self, value: Term) -> Text:
        """Any value for a reader."""
        if isinstance(value, NamedNode):
            return self.thing(value.value)
        if not isinstance(value, Literal):
            return Text(plain(value))
        datatype = value.datatype.value
        if datatype in _DATES:
            return Text(formats.date(value.value, self.language))
        if datatype in _NUMBERS:
            return Text(formats.number(value.value, self.language))
        language = value.language or ""
        return Text(value.value, language="" if language == self.language else language)

    def text(self, iri: str, curie: str) -> Text:
        """The text of a property, in the language of the page or, marked as such, in another."""
        literals = [v for v in self.graph.all(iri, p(curie)) if isinstance(v, Literal)]
        own = [v for v in literals if v.language == self.language]
        return self.said((own or literals)[0]) if literals else Text("")

    def kind(self, iri: str) -> str:
        """What sort of thing it is, by the label of the most telling of its classes."""
        classes = self.graph.classes(iri)
        if not classes:
            return str(self.words["concept" if self.graph.all(iri, p("skos:inScheme")) else "thing"])
        return formats.capital(self.term(PG + classes[0]).text)

    def about(self, *parts: str) -> str:
        """A description for search engines: what is known, cut to their measure."""
        return shortened(" ".join(part for part in parts if part), _LONGEST_DESCRIPTION)

    def counted(self, number: int, noun: str) -> str:
        """A count with its noun, from the words of the site."""
        return formats.counted(number, self.words["nouns"][noun], self.language)
