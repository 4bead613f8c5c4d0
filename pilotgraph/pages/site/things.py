"""Organisations, places, sources, concepts and decisions: what they are, and the claims that name them."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import data, formats, paging
from pilotgraph.pages.site.addresses import kind_of, stem_of
from pilotgraph.pages.site.claims import Said, proofs, say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import LABELS, TYPE, p
from pilotgraph.pages.site.links import link_path
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.links import Links
    from pilotgraph.pages.site.page import Made, Site

_KINDS = ("organisation", "place", "concept", "decision")
_SHOWN = 15
_MOST_USES = 150
_MOST_PASSAGES = 60
# Shown in a place of their own, or of no use to a reader of the page.
_APART = frozenset(
    {
        TYPE,
        *LABELS,
        *map(
            p,
            (
                "skos:altLabel",
                "skos:definition",
                "dct:description",
                "pg:evidence",
                "skos:topConceptOf",
                "skos:hasTopConcept",
            ),
        ),
    }
)
_SCHEMA = {"organisation": "Organization", "place": "Place"}


def pages(site: Site, language: str, links: Links) -> Iterator[Made]:
    """A page for each organisation, place, concept, scheme and identity decision."""
    for iri in sorted(site.graph.out):
        stem = stem_of(iri, site.base)
        if stem and kind_of(iri, site.base) in _KINDS:
            yield partial(_made, site, language, iri, stem, links)


def _made(site: Site, language: str, iri: str, stem: str, links: Links) -> Page:
    sheet = Sheet(site, language, f"{stem}.html")
    is_scheme = p("skos:ConceptScheme") in site.graph.iris(iri, TYPE)
    return _scheme(sheet, iri, stem) if is_scheme else _thing(sheet, iri, stem, links)


def _thing(sheet: Sheet, iri: str, stem: str, links: Links) -> Page:
    graph, words, site = sheet.graph, sheet.words, sheet.site
    kind = kind_of(iri, site.base)
    about = (
        sheet.text(iri, "skos:definition")
        if graph.all(iri, p("skos:definition"))
        else sheet.text(iri, "dct:description")
    )
    about = about if about.text else sheet.text(iri, "pg:reason")
    uses = _uses(sheet, iri)
    claims = uses.pop(p("pg:participant"), [])
    participations = _said(sheet, claims)
    values: dict[str, Any] = {
        "kind": sheet.kind(iri),
        "also": [Text(text) for text in graph.texts(iri, p("skos:altLabel"), sheet.language)],
        "about": about,
        "rows": data.rows(sheet, iri, _APART),
        "participations": _grouped(participations),
        "pairs": _pairs(sheet, participations, links),
        "part": _part(sheet, claims),
        "uses": [(_heading(sheet, name), _said(sheet, some), _part(sheet, some)) for name, some in uses.items()],
        "lists": _lists(sheet, iri),
        "limit": _SHOWN,
        "passages": proofs(sheet, iri)[:_MOST_PASSAGES],
        "data": data.whole(sheet, iri),
    }
    label = sheet.label(iri)
    if kind == "decision":
        label = words["decision_about"].format(
            names=", ".join(sheet.label(x) for x in graph.iris(iri, p("pg:decidesOn"))[:3])
        )
    in_pilots = len({graph.iri(claim, p("pg:about")) for claim in claims})
    numbers = words["in_pilots"].format(n=in_pilots) if in_pilots else ""
    return Page(
        path=f"{stem}.html",
        template="site/thing.html",
        title=label,
        description=sheet.about(f"{values['kind']}.", about.text, numbers),
        values=values,
        subjects=(iri,),
        rdf=f"doc/{stem}",
        trail=_trail(sheet, iri, kind),
        section=_section(kind, iri, site.base),
        schema=_schema(sheet, iri, kind),
        found=(
            _sort(sheet, iri, kind) or values["kind"],
            " ".join([*graph.texts(iri, p("skos:altLabel"), sheet.language), about.text, numbers]),
        ),
    )


def _uses(sheet: Sheet, iri: str) -> dict[str, list[str]]:
    """The claims that name a thing, by the property through which they do."""
    base = f"{sheet.site.base}id/claim/"
    found: dict[str, list[str]] = {}
    for name, subjects in sorted(sheet.graph.into[iri].items() if iri in sheet.graph.into else ()):
        claims = [subject for subject in subjects if subject.startswith(base)]
        if claims and name != p("pg:about"):
            found[name] = claims
    return found


def _said(sheet: Sheet, claims: list[str]) -> list[Said]:
    said = [say(sheet, claim) for claim in claims[:_MOST_USES]]
    return sorted(said, key=lambda s: (s.about.text.casefold(), s.text.casefold(), s.iri))


def _part(sheet: Sheet, claims: list[str]) -> str:
    """How many claims the page shows, if not all."""
    whole = formats.number(str(len(claims)), sheet.language)
    return sheet.words["first_of"].format(n=_MOST_USES, total=whole) if len(claims) > _MOST_USES else ""


def _heading(sheet: Sheet, name: str) -> str:
    return str(sheet.words["named_as"]).format(property=sheet.term(name).text)


def _grouped(claims: list[Said]) -> list[tuple[Text, list[Said]]]:
    return [(key, list(group)) for key, group in groupby(claims, key=lambda said: said.about)]


def _pairs(sheet: Sheet, participations: list[Said], links: Links) -> list[tuple[Text, list[tuple[Text, str]]]]:
    """For each pilot of an organisation, the other ones that it is linked to."""
    pilots = {sheet.graph.iri(said.iri, p("pg:about")) for said in participations}
    out = []
    for pilot in sheet.site.names(pilots, sheet.language):
        linked = links.others(pilot)
        others = [
            (sheet.thing(other), sheet.here(link_path(sheet.site, linked[other])))
            for other in sheet.site.names(pilots & linked.keys(), sheet.language)
        ]
        if others:
            out.append((sheet.thing(pilot), others))
    return out


def _lists(sheet: Sheet, iri: str) -> list[tuple[str, list[Text], str]]:
    """Other things that point to this one: narrower concepts, parts of a place, members of a kind."""
    found = []
    for name, heading in sheet.words["inverse"].items():
        things = [x for x in sheet.graph.subjects(iri, p(name)) if stem_of(x, sheet.site.base)]
        if things:
            named = paging.some(sheet, sheet.site.names(things, sheet.language), paging.MOST_LISTED)
            found.append((heading, named, str(len(things))))
    return found


def _trail(sheet: Sheet, iri: str, kind: str) -> tuple[tuple[str, str], ...]:
    if kind == "concept":
        scheme = sheet.graph.iri(iri, p("skos:inScheme"))
        stem = stem_of(scheme, sheet.site.base) if scheme else None
        up = ((capital(sheet.label(scheme)), f"{stem}.html"),) if stem else ()
        return ((sheet.words["concepts"], "concept/index.html"), *up)
    return ((sheet.words["lists"].get(kind, ""), f"{kind}/index.html"),) if kind in sheet.words["lists"] else ()


def _sort(sheet: Sheet, iri: str, kind: str) -> str:
    """What to call a concept in a list of things found: by its scheme, for some words stand in several."""
    scheme = sheet.graph.iri(iri, p("skos:inScheme"))
    return sheet.label(scheme) if kind == "concept" and scheme else ""


def _section(kind: str, iri: str, base: str) -> str:
    if iri.startswith(f"{base}id/concept/goal"):
        return "concept/goal.html"
    return f"{kind}/index.html"


def _schema(sheet: Sheet, iri: str, kind: str) -> dict[str, Any] | None:
    """Describe a thing for search engines, in schema.org's terms where they fit."""
    if kind == "concept":
        scheme = sheet.graph.iri(iri, p("skos:inScheme"))
        about = sheet.text(iri, "skos:definition").text
        return {
            "@context": "https://schema.org",
            "@type": "DefinedTerm",
            "@id": iri,
            "name": sheet.label(iri),
            **({"description": about} if about else {}),
            **({"inDefinedTermSet": scheme} if scheme else {}),
        }
    if kind not in _SCHEMA:
        return None
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _SCHEMA[kind],
        "@id": iri,
        "name": sheet.label(iri),
    }
    same = [x for x in sheet.graph.iris(iri, p("skos:exactMatch")) if x.startswith("https://")]
    lat, long = (sheet.graph.value(iri, p(name)) for name in ("geo:lat", "geo:long"))
    return {
        **said,
        **({"sameAs": same} if same else {}),
        **({"geo": {"@type": "GeoCoordinates", "latitude": lat, "longitude": long}} if lat and long else {}),
    }


def _scheme(sheet: Sheet, iri: str, stem: str) -> Page:
    """A scheme with its concepts as a tree, and how many pilots each has."""
    about = sheet.text(iri, "dct:description")
    concepts = sheet.graph.subjects(iri, p("skos:inScheme"))
    return Page(
        path=f"{stem}.html",
        template="site/scheme.html",
        title=capital(sheet.label(iri)),
        description=sheet.about(about.text) or sheet.label(iri),
        values={
            "about": about,
            "tree": _tree(sheet, concepts),
            "goals": stem == "concept/goal",
            "data": data.whole(sheet, iri),
        },
        subjects=(iri, *concepts),
        rdf=f"doc/{stem}",
        trail=((sheet.words["concepts"], "concept/index.html"),),
        section="concept/goal.html" if stem == "concept/goal" else "concept/index.html",
        schema={"@context": "https://schema.org", "@type": "DefinedTermSet", "@id": iri, "name": sheet.label(iri)},
        found=(sheet.words["scheme"], about.text),
    )


def _tree(sheet: Sheet, concepts: list[str]) -> list[dict[str, Any]]:
    """Concepts under their broader ones; a circle in foreign data ends where it began."""
    inside, broader = set(concepts), p("skos:broader")
    tops = [c for c in concepts if not inside & set(sheet.graph.iris(c, broader))]

    def branch(concept: str, above: frozenset[str]) -> dict[str, Any]:
        below = [c for c in sheet.graph.subjects(concept, broader) if c in inside and c not in above]
        return {
            "thing": sheet.thing(concept),
            "about": sheet.text(concept, "skos:definition"),
            "pilots": _pilots_with(sheet, concept),
            "below": [branch(c, above | {c}) for c in sheet.site.names(below, sheet.language)],
        }

    return [branch(c, frozenset({c})) for c in sheet.site.names(tops or concepts, sheet.language)]


def _pilots_with(sheet: Sheet, concept: str) -> int:
    """In how many pilots a claim names the concept."""
    base = f"{sheet.site.base}id/claim/"
    users = sheet.graph.into[concept].values() if concept in sheet.graph.into else ()
    about = {sheet.graph.iri(c, p("pg:about")) for subjects in users for c in subjects if c.startswith(base)}
    return sum("Pilot" in sheet.graph.classes(thing) for thing in about)
