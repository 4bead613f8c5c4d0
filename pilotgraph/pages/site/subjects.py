"""Pilots, programmes and studies: what their claims say, subject by subject, and what nothing is said of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import data, paging
from pilotgraph.pages.site.addresses import stem_of
from pilotgraph.pages.site.claims import ORDER, Said, by_dimension, say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import p, slug
from pilotgraph.pages.site.links import links_of
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.links import Links
    from pilotgraph.pages.site.page import Made, Site

KINDS = {"pilot": "Pilot", "programme": "Programme", "study": "Study"}
# What a reader wants to see first; each stands at the top of the page, with its state.
_GLANCE = ("pillar", "programme", "status", "period", "location", "result-kind")
_SHOWN = 15
_STATES = ("contradicted", "not-applicable", "not-stated", "stated")
_PRINTED_FINDINGS = 5


def pages(site: Site, language: str, links: Links) -> Iterator[Made]:
    """A page for each pilot, programme and study, and a form for print for each pilot."""
    for kind, class_ in KINDS.items():
        for iri in site.graph.of_class(class_):
            stem = stem_of(iri, site.base)
            if stem and stem.startswith(f"{kind}/"):
                yield partial(_subject, site, language, iri, kind, links)
                if kind == "pilot":
                    yield partial(_print, site, language, iri)


def _subject(site: Site, language: str, iri: str, kind: str, links: Links) -> Page:
    sheet = Sheet(site, language, f"{stem_of(iri, site.base)}.html")
    graph, words = sheet.graph, sheet.words
    sections = by_dimension(sheet, site.about.get(iri, ()))
    pilot = kind == "pilot"
    about = sheet.text(iri, "dct:description")
    stem = sheet.path.split("/", 1)[1].removesuffix(".html")
    values: dict[str, Any] = {
        "kind": sheet.kind(iri),
        "also": [Text(text) for text in graph.texts(iri, p("skos:altLabel"), sheet.language)],
        "about": about,
        "print": sheet.here(f"print/{stem.partition('/')[2]}.html") if pilot else "",
        "glance": [(name, said) for key, name, said in sections if key in _GLANCE and pilot],
        "silent": _silent(sheet, iri) if pilot else [],
        "sections": [part for part in sections if not (pilot and part[0] in _GLANCE)],
        "limit": _SHOWN,
        "members": paging.some(sheet, site.names(_members(sheet, iri), sheet.language), paging.MOST_LISTED),
        "from_elsewhere": _elsewhere(sheet, iri),
        "links": links_of(sheet, links, iri) if pilot else [],
        "most_links": words["most_links"].format(n=links.most) if links.most else "",
        "clashes": _clashes(sheet, site.about.get(iri, ())),
        "coverage": _coverage(sheet, iri),
        "data": data.whole(sheet, iri),
    }
    return Page(
        path=f"{stem}.html",
        template="site/pilot.html",
        title=sheet.label(iri),
        description=sheet.about(about.text) or f"{values['kind']}: {sheet.label(iri)}",
        values=values,
        subjects=_told(sheet, iri),
        rdf=f"doc/{stem}",
        trail=((words["lists"][kind], f"{kind}/index.html"),),
        section=f"{kind}/index.html",
        found=(words["kinds"][kind], _words_of(sheet, iri, sections)),
    )


def _told(sheet: Sheet, iri: str) -> tuple[str, ...]:
    """The things of which the page tells: the pilot, its claims and their passages."""
    claims = sheet.site.about.get(iri, [])
    passages = [x for claim in claims for x in sheet.graph.iris(claim, p("pg:evidence"))]
    return (iri, *dict.fromkeys((*claims, *passages)))


def _words_of(sheet: Sheet, iri: str, sections: list[tuple[str, str, list[Said]]]) -> str:
    """The words that lead to the page: other names, what it is, and what its claims say in short."""
    short = [said.text for key, _, claims in sections if key in _GLANCE or key == "participants" for said in claims]
    names = sheet.graph.texts(iri, p("skos:altLabel"), sheet.language)
    return " ".join([*names, sheet.text(iri, "dct:description").text, *dict.fromkeys(short)])


def _members(sheet: Sheet, iri: str) -> list[str]:
    graph = sheet.graph
    return [*graph.subjects(iri, p("pg:inProgramme")), *graph.subjects(iri, p("dct:isPartOf"))]


def _silent(sheet: Sheet, iri: str) -> list[tuple[str, str]]:
    """Which of the first things to know are not stated, or said not to apply."""
    found = {}
    for coverage in sheet.graph.subjects(iri, p("pg:about")):
        if "Coverage" in sheet.graph.classes(coverage):
            dimension = sheet.graph.iri(coverage, p("pg:dimension"))
            found[slug(dimension)] = (capital(sheet.label(dimension)), slug(sheet.graph.iri(coverage, p("pg:knowing"))))
    return [found[key] for key in _GLANCE if key in found and found[key][1] in {"not-stated", "not-applicable"}]


def _coverage(sheet: Sheet, iri: str) -> list[tuple[str, list[Text]]]:
    """What is known of a pilot: the dimensions in each state."""
    places = {name: number for number, name in enumerate(ORDER)}
    states: dict[str, list[tuple[int, str]]] = {}
    for coverage in sheet.graph.subjects(iri, p("pg:about")):
        if "Coverage" in sheet.graph.classes(coverage):
            dimension = sheet.graph.iri(coverage, p("pg:dimension"))
            state = slug(sheet.graph.iri(coverage, p("pg:knowing")))
            states.setdefault(state, []).append((places.get(slug(dimension), len(places)), dimension))
    known = [state for state in _STATES if state in states]
    return [(state, [sheet.thing(dimension) for _, dimension in sorted(states[state])]) for state in known]


def _clashes(sheet: Sheet, claims: list[str] | tuple[()]) -> list[dict[str, Any]]:
    clashes = dict.fromkeys(clash for claim in claims for clash in sheet.site.clashes.get(claim, ()))
    out = []
    for clash in sorted(clashes):
        kind = sheet.graph.iri(clash, p("pg:contradictionKind"))
        text = sheet.text(clash, "pg:explanation")
        link = Text(text.text or sheet.words["clash"], sheet.href(clash), text.language)
        out.append({"kind": [Text(capital(sheet.label(kind)))] if kind else [], "text": link})
    return out


def _elsewhere(sheet: Sheet, iri: str) -> list[Said]:
    """Claims about something else that concern this pilot."""
    claims = [c for c in sheet.graph.subjects(iri, p("pg:concerns")) if c.startswith(f"{sheet.site.base}id/claim/")]
    return [say(sheet, claim) for claim in claims if iri not in sheet.graph.iris(claim, p("pg:about"))]


def _print(site: Site, language: str, iri: str) -> Page:
    """A pilot on one sheet of A4."""
    sheet = Sheet(site, language, f"print/{(stem_of(iri, site.base) or '').partition('/')[2]}.html")
    graph, words = sheet.graph, sheet.words
    sections = {key: (name, claims) for key, name, claims in by_dimension(sheet, sheet.site.about.get(iri, ()))}
    lines = [
        (sections[key][0], _short(sections[key][1]))
        for key in (*_GLANCE, "participants", "funding", "reach", "goal", "domain", "direct-target-group")
        if key in sections
    ]
    texts = [
        (sections[key][0], _short(sections[key][1]))
        for key in ("background", "aim", "state-of-affairs")
        if key in sections
    ]
    findings = [said.text for said in sections.get("finding", ("", []))[1] if said.kind]
    silent = [t.text for state, names in _coverage(sheet, iri) if state == "not-stated" for t in names]
    clashes = [clash["text"].text for clash in _clashes(sheet, sheet.site.about.get(iri, ()))]
    return Page(
        path=sheet.path.split("/", 1)[1],
        template="site/print.html",
        title=words["on_one_page"].format(name=sheet.label(iri)),
        description=sheet.about(sheet.text(iri, "dct:description").text) or sheet.label(iri),
        values={
            "name": sheet.label(iri),
            "about": sheet.text(iri, "dct:description"),
            "lines": lines,
            "texts": texts,
            "findings": findings[:_PRINTED_FINDINGS],
            "more_findings": max(0, len(findings) - _PRINTED_FINDINGS),
            "silent": silent,
            "clashes": clashes[:2],
            "more_clashes": max(0, len(clashes) - 2),
            "sources": sorted(
                {proof.source for claims in sections.values() for said in claims[1] for proof in said.proofs}
            ),
            "iri": iri,
        },
        subjects=(iri,),
        rdf=f"doc/{stem_of(iri, graph.base)}",
        trail=((words["pilots"], "pilot/index.html"), (sheet.label(iri), f"{stem_of(iri, graph.base)}.html")),
        section="pilot/index.html",
    )


def _short(claims: list[Said]) -> str:
    """What some claims say, in running text; a mark stands behind what is contradicted."""
    said = dict.fromkeys(f"{claim.text} ≠" if claim.state == "contradicted" else claim.text for claim in claims)
    return "; ".join(said)
