"""The home page, and the pages that lead on: pictures, data, search, SPARQL, network and the texts about the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import formats
from pilotgraph.pages.site.addresses import PAGED, stem_of
from pilotgraph.pages.site.answers import bars
from pilotgraph.pages.site.claims import say
from pilotgraph.pages.site.graph import is_web, p
from pilotgraph.pages.site.lists import LISTS
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.page import Site

# Those of these that a data set has stand on the home page.
FIRST_QUESTIONS = (
    "partners-of-pilots",
    "linked-pilots",
    "most-connected-organisations",
    "goals-served",
    "money-totals",
    "numbers-reached",
    "what-comes-next",
    "securing-per-pilot",
    "pilots-by-place",
    "contradictions",
    "what-is-not-stated",
    "report-against-records",
)
_FALLBACK = 8
_TOP = 8
DUMP = "data/pilotgraph.nq.gz"
TEXTS = ("about", "licence", "cite", "accessibility", "privacy")
EDITOR_SCRIPT = "'self' 'wasm-unsafe-eval'"


def pages(site: Site, language: str) -> Iterator[Page]:
    """The home page and what belongs to no kind of thing."""
    yield _home(Sheet(site, language, "index.html"))
    yield _hub(Sheet(site, language, "pictures.html"), "pictures")
    yield _hub(Sheet(site, language, "data.html"), "data")
    yield _search(Sheet(site, language, "search.html"))
    for name in ("sparql", "ask"):
        yield _editor(Sheet(site, language, f"{name}/index.html"), name)
    yield _downloads(Sheet(site, language, "downloads.html"))
    for name in TEXTS:
        yield _text(Sheet(site, language, f"{name}.html"), name)


def known(site: Site) -> frozenset[str]:
    """The paths, within a language, of the lists, hubs and pictures that the site has: what a menu may name."""
    graph = site.graph
    named = {query.name for query in site.queries}
    has = {
        "coverage.html": site.matrix is not None,
        "goals.html": bool(site.goal_claims),
        "figures.html": "report-figures" in named,
        "timeline.html": bool(graph.of_class("Period")),
        "map.html": "places-map" in named,
        "shape/index.html": bool(site.dataset.shape_files()),
        "concept/goal.html": f"{site.base}id/concept/goal" in graph.out,
        **{
            f"{kind}/index.html": any(stem_of(x, site.base) for x in graph.of_class(class_))
            for kind, class_, _ in LISTS
        },
    }
    always = [
        "index",
        "pictures",
        "data",
        "search",
        "downloads",
        "sparql/index",
        "ask/index",
        "network/index",
        "query/index",
        "concept/index",
        "def/index",
    ]
    return frozenset({path for path, there in has.items() if there} | {f"{name}.html" for name in (*always, *TEXTS)})


def _home(sheet: Sheet) -> Page:
    site, graph, words = sheet.site, sheet.graph, sheet.words
    numbers = [
        (words["nouns"][noun][1], formats.number(str(count), sheet.language), path)
        for noun, count, path in (
            ("pilot", len(graph.of_class("Pilot")), "pilot/index.html"),
            ("organisation", len(graph.of_class("Organisation")), "organisation/index.html"),
            ("fact", len(site.claims), "about.html"),
            ("passage", len(graph.of_class("Evidence")), "source/index.html"),
            ("source", len(graph.of_class("SourceDocument")), "source/index.html"),
            (
                "contradiction",
                sum(not site.is_apparent(x) for x in graph.of_class("Contradiction")),
                "contradiction/index.html",
            ),
        )
        if count
    ]
    named = {query.name: query for query in site.queries}
    first = [name for name in FIRST_QUESTIONS if name in named] or list(named)[:_FALLBACK]
    title, about = site.title(sheet.language), site.dataset.description.get(sheet.language, "")
    return Page(
        path="index.html",
        template="site/home.html",
        title=title,
        description=about or title,
        values={
            "numbers": [(noun, count, sheet.here(path)) for noun, count, path in numbers],
            "questions": [
                Text(named[n].say("summary", sheet.language) or n, sheet.here(f"query/{n}.html")) for n in first
            ],
            "cards": _cards(sheet, words["home_cards"]),
            "organisations": _most_connected(sheet),
            "example": _example(sheet),
        },
        rdf="doc/dataset",
        schema=_dataset(sheet),
        found=(words["kinds"]["page"], about),
    )


def _cards(sheet: Sheet, cards: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Those of the listed pages that the site has."""
    there = known(sheet.site)
    return [(sheet.here(path), title, about) for path, title, about in cards if path in there]


def _most_connected(sheet: Sheet) -> list[dict[str, Any]]:
    """The organisations that take part in most pilots."""
    graph, base = sheet.graph, f"{sheet.site.base}id/claim/"
    counts = []
    for iri in graph.of_class("Organisation"):
        claims = [c for c in graph.subjects(iri, p("pg:participant")) if c.startswith(base)]
        pilots = {x for c in claims for x in graph.iris(c, p("pg:about")) if "Pilot" in graph.classes(x)}
        if pilots:
            counts.append((-len(pilots), sheet.label(iri).casefold(), iri))
    top = sorted(counts)[:_TOP]
    drawn = bars(sheet, [(sheet.label(iri), -float(number), str(-number)) for number, _, iri in top])
    return [{**bar, "thing": sheet.thing(iri)} for bar, (_, _, iri) in zip(drawn, top, strict=False)]


def _example(sheet: Sheet) -> Any:  # noqa: ANN401 - a claim, or nothing
    """One fact with its proof, to show how a page is read."""
    graph, site = sheet.graph, sheet.site
    for class_ in ("Funding", "Participation"):
        for claim in graph.of_class(class_):
            pilot = graph.iri(claim, p("pg:about"))
            if (
                "Pilot" in graph.classes(pilot)
                and graph.all(claim, p("pg:evidence"))
                and claim not in site.clashes
                and claim in site.claims
            ):
                return say(sheet, claim)
    return None


def _dataset(sheet: Sheet) -> dict[str, Any]:
    dataset = sheet.site.dataset
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": dataset.base,
        "name": sheet.site.title(sheet.language),
        "description": dataset.description.get(sheet.language, "") or sheet.site.title(sheet.language),
        "url": f"{dataset.base}{sheet.language}/index.html",
        "version": dataset.edition,
        "inLanguage": ["nl", "en"],
        "isAccessibleForFree": True,
        **({"license": dataset.licence} if is_web(dataset.licence) else {}),
        **({"datePublished": dataset.issued} if dataset.issued else {}),
        **({"creator": {"@type": "Organization", "name": dataset.creator}} if dataset.creator else {}),
    }


def _hub(sheet: Sheet, name: str) -> Page:
    words = sheet.words
    title, about = words["hubs"][name]
    return Page(
        path=f"{name}.html",
        template="site/hub.html",
        title=title,
        description=about,
        values={"cards": _cards(sheet, words[f"{name}_cards"])},
        rdf="doc/dataset",
        section=f"{name}.html",
        schema=_dataset(sheet) if name == "data" else None,
        found=(words["kinds"]["page"], about),
    )


def _search(sheet: Sheet) -> Page:
    title, about = sheet.words["search_page"]
    built = "search.js" in sheet.site.assets
    return Page(
        path="search.html",
        template="site/search.html",
        title=title,
        description=about,
        values={"built": built, "lists": _cards(sheet, sheet.words["home_cards"])},
    )


def settings(sheet: Sheet) -> dict[str, Any]:
    """What the scripts of the SPARQL pages need to know: where they are and where the data stand."""
    return {
        "base": sheet.site.base,
        "root": sheet.to("x")[:-1],
        "lang": sheet.language,
        "data": sheet.to(DUMP),
        "queries": sheet.to("queries/index.json"),
        "outline": sheet.to("assets/outline.json") if "outline.json" in sheet.site.assets else None,
        "kinds": sorted(PAGED),
        "dump": f"{sheet.site.base}{DUMP}",
        "endpoint": None,
        "edition": sheet.site.dataset.edition,
    }


def _editor(sheet: Sheet, name: str) -> Page:
    title, about = sheet.words["editors"][name]
    ready = f"{name}.js" in sheet.site.assets
    questions = [
        {
            "name": q.name,
            "summary": {"nl": q.say("summary", "nl"), "en": q.say("summary", "en")},
            "href": sheet.here(f"query/{q.name}.html"),
        }
        for q in sheet.site.queries
    ]
    return Page(
        path=f"{name}/index.html",
        template=f"site/{name}.html" if ready else "site/unbuilt.html",
        title=title,
        description=about,
        values={"settings": settings(sheet), "questions": questions},
        rdf="doc/dataset",
        section="data.html",
        trail=((sheet.words["data_page"], "data.html"),),
        found=(sheet.words["kinds"]["page"], about),
        script=EDITOR_SCRIPT if ready else "'self'",
    )


def _downloads(sheet: Sheet) -> Page:
    title, about = sheet.words["downloads_page"]
    files = [
        {
            "href": sheet.to(file["path"]),
            "path": file["path"],
            "title": file["title"][sheet.language],
            "about": file["about"][sheet.language],
            "size": formats.size(file["bytes"], sheet.language),
            "sha256": file["sha256"],
            "media_type": file.get("media_type", ""),
        }
        for file in sheet.site.downloads
    ]
    return Page(
        path="downloads.html",
        template="site/downloads.html",
        title=title,
        description=about,
        values={"files": files},
        rdf="doc/dataset",
        section="data.html",
        trail=((sheet.words["data_page"], "data.html"),),
        schema=_dataset(sheet),
        found=(sheet.words["kinds"]["page"], about),
    )


def _text(sheet: Sheet, name: str) -> Page:
    dataset = sheet.site.dataset
    title, about = sheet.words["texts"][name]
    return Page(
        path=f"{name}.html",
        template=f"site/text/{name}.{sheet.language}.html",
        title=title,
        description=about,
        values={
            "dataset": dataset,
            "creator": dataset.creator or sheet.site.title(sheet.language),
            "year": dataset.issued[:4],
            "sources": [sheet.thing(s) for s in sheet.graph.of_class("SourceDocument") if stem_of(s, sheet.site.base)],
            "provenance": dataset.provenance.get(sheet.language, ""),
            "example": next((s for s in map(sheet.thing, sheet.graph.of_class("Pilot")) if s.href), None),
            "example_iri": next(iter(sheet.site.claims), dataset.base),
            "has_text": bool(sheet.site.texts),
        },
        rdf="doc/dataset",
        section="about.html" if name == "about" else "",
        found=(sheet.words["kinds"]["page"], about),
    )
