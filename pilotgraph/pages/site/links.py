"""Why two pilots are linked: what both have, ranked as `pilotgraph explain` does, with the passages on each side.

`explain` answers for one pair; a site shows every pair, so that everything is read at once here. The weights are
those of :mod:`pilotgraph.explain.weights`; links through a wider place are left to `explain`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pilotgraph.explain.facts import read_facts
from pilotgraph.explain.weights import ASSIGNED, FACTORS, information, role_factor, strength
from pilotgraph.explain.words import link_name
from pilotgraph.pages.site.addresses import stem_of
from pilotgraph.pages.site.claims import say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import is_web, p
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.explain.model import Fact
    from pilotgraph.pages.site.page import Site

# In a large data set every pilot keeps its strongest links; 34 pilots keep all.
LINKS_OF_A_PILOT = 40
_FEW = 3


@dataclass(frozen=True)
class Shared:
    """One thing that two pilots have in common, and the claims that say so on each side."""

    link: str
    value: str
    weight: float
    claims: tuple[tuple[str, ...], tuple[str, ...]]


Pair = tuple[str, str]


def all_links(site: Site) -> dict[Pair, list[Shared]]:
    """Find what every two pilots share, the heaviest first; pairs that share nothing of weight are left out."""
    pilots = site.graph.of_class("Pilot")
    if not pilots:
        return {}
    facts = [fact for fact in read_facts(pilots, site.reader) if fact.link]
    found: dict[Pair, list[Shared]] = defaultdict(list)
    groups: dict[tuple[str, str], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.link == "relation":
            if fact.value in pilots:
                _relate(found, fact, len(pilots))
        else:
            groups[fact.link, fact.value][fact.thing].append(fact)
    for (link, value), holders in groups.items():
        for a, b in combinations(sorted(holders), 2):
            weight = information(len(holders), len(pilots)) * _factor(link, holders[a], holders[b])
            if weight > 0:
                sides = tuple(tuple(sorted({fact.claim for fact in holders[x]})) for x in (a, b))
                found[a, b].append(Shared(link, value, weight, (sides[0], sides[1])))
    ranked = {
        pair: sorted(shared, key=lambda s: (-round(s.weight, 9), s.link, s.value)) for pair, shared in found.items()
    }
    return _strongest(ranked)


def _relate(found: dict[Pair, list[Shared]], fact: Fact, population: int) -> None:
    a, b = sorted((fact.thing, fact.value))
    weight = information(2, population) * FACTORS["relation"]
    sides = ((fact.claim,), ()) if fact.thing == a else ((), (fact.claim,))
    found[a, b].append(Shared("relation", fact.detail_iri, weight, sides))


def _factor(link: str, one: list[Fact], other: list[Fact]) -> float:
    factor = FACTORS.get(link, 0.5)
    if link == "organisation":
        factor *= min(role_factor({fact.detail for fact in side if fact.detail}) for side in (one, other))
    if any(all(fact.assigned for fact in side) for side in (one, other)):
        factor *= ASSIGNED
    return factor


def _strongest(ranked: dict[Pair, list[Shared]]) -> dict[Pair, list[Shared]]:
    by_pilot: dict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for pair, shared in ranked.items():
        total = sum(s.weight for s in shared)
        for pilot in pair:
            by_pilot[pilot].append((-total, pair))
    kept = {pair for pairs in by_pilot.values() for _, pair in sorted(pairs)[:LINKS_OF_A_PILOT]}
    return {pair: ranked[pair] for pair in sorted(kept)}


def link_path(site: Site, pair: Pair) -> str:
    """The path of the page of a pair, within the folder of a language."""
    a, b = ((stem_of(pilot, site.base) or "").partition("/")[2].replace("/", "~2F") for pilot in pair)
    return f"link/{a}/{b}.html"


def name_of(sheet: Sheet, shared: Shared) -> Text:
    """What is shared, as a link if it has a page."""
    if shared.link == "page":
        return Text(shared.value, shared.value if is_web(shared.value) else "", outside=True)
    return sheet.thing(shared.value)


def links_of(sheet: Sheet, links: dict[Pair, list[Shared]], pilot: str) -> list[dict[str, object]]:
    """The pilots that one pilot is linked to, the strongest first, each with what both have."""
    rows = []
    for pair, shared in links.items():
        if pilot in pair:
            other = pair[1] if pair[0] == pilot else pair[0]
            total = sum(s.weight for s in shared)
            rows.append((-round(total, 9), sheet.label(other).casefold(), other, pair, shared))
    out = []
    for _, _, other, pair, shared in sorted(rows):
        rest = len(shared) - _FEW
        out.append(
            {
                "other": sheet.thing(other),
                "href": sheet.here(link_path(sheet.site, pair)),
                "shared": [Text(name_of(sheet, s).text) for s in shared[:_FEW]],
                "more": sheet.words["and_more"].format(n=rest) if rest > 0 else "",
            }
        )
    return out


def pages(site: Site, language: str, links: dict[Pair, list[Shared]]) -> Iterator[Page]:
    """A page for every two pilots that are linked."""
    for pair, shared in links.items():
        if all(stem_of(pilot, site.base) for pilot in pair):
            yield _page(Sheet(site, language, link_path(site, pair)), pair, shared)


def _told(sheet: Sheet, shared: list[Shared]) -> tuple[str, ...]:
    """The claims of both sides, and their passages."""
    claims = dict.fromkeys(claim for s in shared for side in s.claims for claim in side)
    passages = [x for claim in claims for x in sheet.graph.iris(claim, p("pg:evidence"))]
    return (*claims, *dict.fromkeys(passages))


def _page(sheet: Sheet, pair: Pair, shared: list[Shared]) -> Page:
    words, names = sheet.words, [sheet.label(pilot) for pilot in pair]
    reasons: list[dict[str, Any]] = [
        {
            "link": capital(link_name(s.link, sheet.language)),
            "what": name_of(sheet, s),
            "strength": words["strengths"][strength(s.weight)],
            "sides": [
                (sheet.thing(pilot), [say(sheet, claim) for claim in claims])
                for pilot, claims in zip(pair, s.claims, strict=True)
                if claims
            ],
        }
        for s in shared
    ]
    top = ", ".join(reason["what"].text for reason in reasons[:_FEW])
    return Page(
        path=sheet.path.split("/", 1)[1],
        template="site/link.html",
        title=words["why_title"].format(a=names[0], b=names[1]),
        description=sheet.about(words["both_have"].format(n=len(shared)), f"{top}."),
        values={"pilots": [sheet.thing(pilot) for pilot in pair], "reasons": reasons, "top": top},
        subjects=_told(sheet, shared),
        rdf=f"doc/{sheet.path.split('/', 1)[1].removesuffix('.html')}",
        trail=((words["pilots"], "pilot/index.html"),),
        section="pilot/index.html",
    )
