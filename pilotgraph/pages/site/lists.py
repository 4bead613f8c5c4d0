"""The lists of each kind of thing, and the pages that lead to pictures and data."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import formats, paging
from pilotgraph.pages.site.addresses import stem_of
from pilotgraph.pages.site.answers import in_words
from pilotgraph.pages.site.claims import say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import p, shortened, slug
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pilotgraph.pages.site.page import Made, Site
    from pilotgraph.pages.site.paging import Cut

    Cells = list[list[Text]]
    # A kind, its class, and what stands in a row of its list.
    _Kind = tuple[str, str, Callable[[Sheet, str], Cells]]

_LONG = 220


def pages(site: Site, language: str) -> Iterator[Made]:
    """A list of each kind of thing that the data set has."""
    for kind, class_, row in LISTS:
        if things := [iri for iri in site.graph.of_class(class_) if stem_of(iri, site.base)]:
            yield from _listed(site, language, (kind, class_, row), things)
    yield _queries(Sheet(site, language, "query/index.html"))
    yield _schemes(Sheet(site, language, "concept/index.html"))


def _listed(site: Site, language: str, of: _Kind, things: list[str]) -> Iterator[Made]:
    """The pages of the list of a kind."""
    kind, _, row = of
    path = f"{kind}/index.html"
    sheet = Sheet(site, language, path)
    # Rows are sorted by all their words; those of a page are made anew, for its links depend on its place.
    parts = [
        (heading, sorted(part, key=lambda iri: _words(row(sheet, iri))))
        for heading, part in _parted(sheet, kind, things)
    ]
    entries = [(heading, iri) for heading, part in parts for iri in part]
    counts = {heading: len(part) for heading, part in parts}
    found = paging.cuts(path, entries, paging.LONGEST, paging.ENTRIES, lambda entry: sheet.label(entry[1]))
    yield from paging.made(site, language, found, partial(_list, of, counts))


def _list(of: _Kind, counts: dict[str, int], sheet: Sheet, cut: Cut[tuple[str, str]]) -> Page:
    kind, class_, row = of
    words = sheet.words
    columns = words["list_columns"][kind]
    tables = [
        (heading, columns, [row(sheet, iri) for _, iri in part], counts[heading])
        for heading, part in groupby(cut.entries, key=itemgetter(0))
    ]
    title = words["lists"][kind]
    whole = [paging.table_of(sheet, class_)] if cut.pages > 1 else []
    return Page(
        path=cut.path,
        template="site/list.html",
        title=title,
        description=words["list_about"][kind].format(n=formats.number(str(cut.total), sheet.language)),
        values={"tables": tables, "anchors": cut.anchors, "whole": whole},
        subjects=tuple(sorted(iri for _, iri in cut.entries)),
        rdf=f"doc/{kind}/index",
        section={"finding": "pilot/index.html", "question": "query/index.html"}.get(kind, f"{kind}/index.html"),
        found=(words["kinds"]["list"], title),
    )


def _words(cells: Cells) -> list[str]:
    return [text.text.casefold() for cell in cells for text in cell]


def _parted(sheet: Sheet, kind: str, things: list[str]) -> list[tuple[str, list[str]]]:
    """The tables of a list: contradictions that were explained stand apart from those that remain."""
    if kind != "contradiction":
        return [("", things)]
    parts = [
        (sheet.words["contradictions"], [x for x in things if not sheet.site.is_apparent(x)]),
        (sheet.words["apparent"], [x for x in things if sheet.site.is_apparent(x)]),
    ]
    return [(heading, part) for heading, part in parts if part]


def _things(sheet: Sheet, iri: str, curie: str) -> list[Text]:
    """The values of a property that are things, by name; without links to what is named in every row."""
    return [sheet.thing(x) for x in sheet.site.names(sheet.graph.iris(iri, p(curie)), sheet.language)]


def _pilot(sheet: Sheet, iri: str) -> Cells:
    return [
        [sheet.thing(iri)],
        [Text(sheet.text(iri, "dct:description").text)],
        *(_things(sheet, iri, name) for name in ("pg:inPillar", "pg:hasStatus", "pg:inPlace")),
    ]


def _plain(sheet: Sheet, iri: str) -> Cells:
    return [[sheet.thing(iri)], [sheet.text(iri, "dct:description")]]


def _organisation(sheet: Sheet, iri: str) -> Cells:
    claims = [c for c in sheet.graph.subjects(iri, p("pg:participant")) if c.startswith(f"{sheet.site.base}id/claim/")]
    pilots = {x for c in claims for x in sheet.graph.iris(c, p("pg:about")) if "Pilot" in sheet.graph.classes(x)}
    return [
        [sheet.thing(iri)],
        _things(sheet, iri, "org:classification"),
        [Text(formats.number(str(len(pilots)), sheet.language))],
    ]


def _place(sheet: Sheet, iri: str) -> Cells:
    pilots = sheet.graph.subjects(iri, p("pg:inPlace"))
    return [
        [sheet.thing(iri)],
        _things(sheet, iri, "pg:placeKind"),
        _things(sheet, iri, "dct:isPartOf"),
        paging.some(sheet, sheet.site.names(pilots, sheet.language), paging.MOST_NAMED),
    ]


def _source(sheet: Sheet, iri: str) -> Cells:
    passages = [x for x in sheet.graph.subjects(iri, p("oa:hasSource")) if "Evidence" in sheet.graph.classes(x)]
    return [
        [sheet.thing(iri)],
        [sheet.text(iri, "dct:description")],
        [Text(formats.date(sheet.graph.value(iri, p("dct:issued")), sheet.language))],
        [Text(formats.number(str(len(passages)), sheet.language))],
    ]


def _contradiction(sheet: Sheet, iri: str) -> Cells:
    graph = sheet.graph
    about = {x for claim in graph.iris(iri, p("pg:joins")) for x in graph.iris(claim, p("pg:about"))}
    text = sheet.text(iri, "pg:explanation")
    return [
        [Text(shortened(text.text, _LONG) or slug(iri), sheet.href(iri), text.language)],
        [Text(sheet.label(x)) for x in graph.iris(iri, p("pg:contradictionKind"))],
        [Text(sheet.label(x)) for x in graph.iris(iri, p("pg:severity"))],
        [sheet.thing(x) for x in sheet.site.names(about, sheet.language)[:4]],
    ]


def _finding(sheet: Sheet, iri: str) -> Cells:
    said = say(sheet, iri)
    graph = sheet.graph
    return [
        [Text(said.text or slug(iri), said.href)],
        [said.about],
        [sheet.thing(x) for x in graph.iris(iri, p("pg:theme"))],
        [Text(sheet.words["states"][said.state])],
    ]


def _question(sheet: Sheet, iri: str) -> Cells:
    number = sheet.graph.value(iri, p("pg:number"))
    answering = [q for q in sheet.site.queries if number in {x.strip() for x in q.header.get("answers", "").split(",")}]
    return [
        [Text(number or slug(iri), sheet.href(iri))],
        [sheet.text(iri, "pg:text")],
        [Text(formats.number(str(len(answering)), sheet.language))],
    ]


def _decision(sheet: Sheet, iri: str) -> Cells:
    names = ", ".join(sheet.label(x) for x in sheet.graph.iris(iri, p("pg:decidesOn")))
    return [[Text(names or slug(iri), sheet.href(iri))], [sheet.text(iri, "pg:reason")]]


# Each kind that has a list, its class, and what stands in a row.
LISTS: list[_Kind] = [
    ("pilot", "Pilot", _pilot),
    ("programme", "Programme", _plain),
    ("study", "Study", _plain),
    ("organisation", "Organisation", _organisation),
    ("place", "Place", _place),
    ("source", "SourceDocument", _source),
    ("contradiction", "Contradiction", _contradiction),
    ("finding", "Finding", _finding),
    ("question", "ResearchQuestion", _question),
    ("decision", "IdentityDecision", _decision),
]


def _queries(sheet: Sheet) -> Page:
    """The named queries, under the research questions' list."""
    words, language = sheet.words, sheet.language
    rows = [
        (
            [Text(q.say("summary", language) or q.name, sheet.here(f"query/{q.name}.html"))],
            [Text(shortened(in_words(sheet, q.say("reading", language)), _LONG))],
        )
        for q in sheet.site.queries
    ]
    tables: list[Any] = [
        (
            words["named_queries"],
            words["list_columns"]["query"],
            sorted(rows, key=lambda r: r[0][0].text.casefold()),
            len(rows),
        )
    ]
    questions = [q for q in sheet.graph.of_class("ResearchQuestion") if stem_of(q, sheet.site.base)]
    if questions:
        listed = sorted((_question(sheet, q) for q in questions), key=lambda cells: cells[0][0].text)
        tables.append((words["lists"]["question"], words["list_columns"]["question"], listed, len(listed)))
    return Page(
        path="query/index.html",
        template="site/list.html",
        title=words["questions"],
        description=words["questions_about"],
        values={"tables": tables},
        rdf="doc/dataset",
        section="query/index.html",
        found=(words["kinds"]["list"], words["questions_about"]),
    )


def _schemes(sheet: Sheet) -> Page:
    words, graph = sheet.words, sheet.graph
    schemes = [s for s in graph.by_type.get(p("skos:ConceptScheme"), ()) if stem_of(s, sheet.site.base)]
    rows = [
        (
            [Text(capital(sheet.label(s)), sheet.href(s))],
            [sheet.text(s, "dct:description")],
            [Text(str(len(graph.subjects(s, p("skos:inScheme")))))],
        )
        for s in schemes
    ]
    return Page(
        path="concept/index.html",
        template="site/list.html",
        title=words["concepts"],
        description=words["concepts_about"],
        values={
            "tables": [
                ("", words["list_columns"]["concept"], sorted(rows, key=lambda r: r[0][0].text.casefold()), len(rows))
            ],
        },
        subjects=tuple(schemes),
        rdf="doc/concept/index",
        section="data.html",
        trail=((words["data_page"], "data.html"),),
        found=(words["kinds"]["list"], words["concepts_about"]),
    )
