"""Why two pilots are linked: what both have, ranked as `pilotgraph explain` does, with the passages on each side.

`explain` answers for one pair; a site shows every pair, so that everything is read at once here. The weights are
those of :mod:`pilotgraph.explain.weights`; links through a wider place are left to `explain`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise, product
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
    from collections.abc import Callable, Iterable, Iterator

    from pilotgraph.explain.model import Fact
    from pilotgraph.pages.site.page import Made, Site

# So many links a pilot keeps, the strongest; 34 pilots keep all. In a large data set it is fewer, and the page says so.
LINKS_OF_A_PILOT = 40
LARGE = 250
LINKS_OF_A_PILOT_OF_MANY = 8
_FEW = 3


@dataclass(frozen=True)
class Shared:
    """One thing that two pilots have in common, and the claims that say so on each side."""

    link: str
    value: str
    weight: float
    claims: tuple[tuple[str, ...], tuple[str, ...]]


Pair = tuple[str, str]
_Value = tuple[str, str]


class Links:
    """The links that have a page: which pairs, sorted, those of each pilot, and what two pilots share.

    `most` is the number of links that each pilot keeps where not all have a page, else nought.
    """

    def __init__(self, pairs: Iterable[Pair], shared: Callable[[Pair], list[Shared]], most: int = 0) -> None:
        self.of: dict[str, dict[str, Pair]] = defaultdict(dict)
        self.pairs = sorted(pairs)
        self.shared = shared
        self.most = most
        for a, b in self.pairs:
            self.of[a][b] = self.of[b][a] = (a, b)

    def others(self, pilot: str) -> dict[str, Pair]:
        """The pilots that one pilot is linked to, each with the pair that both are."""
        return self.of.get(pilot, {})


def all_links(site: Site) -> Links:
    """Find what every two pilots share, the heaviest first; pairs that share nothing of weight are left out."""
    pilots = site.graph.of_class("Pilot")
    if not pilots:
        return Links((), lambda _: [])
    common = _Common(pilots, [fact for fact in read_facts(pilots, site.reader) if fact.link])
    if len(pilots) > LARGE:
        return Links(common.strongest(LINKS_OF_A_PILOT_OF_MANY), common.shared, LINKS_OF_A_PILOT_OF_MANY)
    ranked = {pair: shared for pair in combinations(sorted(pilots), 2) if (shared := common.shared(pair))}
    return Links(_strongest(ranked), ranked.__getitem__)


class _Common:
    """What pilots have in common, found when it is asked for: all of it would not fit in memory."""

    def __init__(self, pilots: list[str], facts: list[Fact]) -> None:
        self._pilots = pilots
        self._facts: dict[str, dict[_Value, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        self._related: dict[Pair, list[Shared]] = defaultdict(list)
        known = set(pilots)
        for fact in facts:
            if fact.link != "relation":
                self._facts[fact.thing][fact.link, fact.value].append(fact)
            elif fact.value in known:
                self._relate(fact)
        self._holders = Counter(value for held in self._facts.values() for value in held)

    def _relate(self, fact: Fact) -> None:
        a, b = sorted((fact.thing, fact.value))
        weight = information(2, len(self._pilots)) * FACTORS["relation"]
        sides = ((fact.claim,), ()) if fact.thing == a else ((), (fact.claim,))
        self._related[a, b].append(Shared("relation", fact.detail_iri, weight, sides))

    def shared(self, pair: Pair) -> list[Shared]:
        """What two pilots share, the heaviest first."""
        one, other = (self._facts.get(pilot, {}) for pilot in pair)
        found = list(self._related.get(pair, ()))
        for link, value in one.keys() & other.keys():
            sides = one[link, value], other[link, value]
            weight = self._information((link, value)) * _factor(link, *sides)
            if weight > 0:
                found.append(Shared(link, value, weight, (_claims(sides[0]), _claims(sides[1]))))
        return sorted(found, key=lambda s: (-round(s.weight, 9), s.link, s.value))

    def _information(self, value: _Value) -> float:
        return information(self._holders[value], len(self._pilots))

    def strongest(self, most: int) -> list[Pair]:
        """The pairs of which one pilot has the link among its `most` strongest.

        What two pilots share weighs by the weaker of their ties to it. With few strengths of tie that is a sum over
        the strengths that both reach, so that one product of matrices weighs all pairs.
        """
        import numpy as np  # noqa: PLC0415 - only a large data set needs it
        from scipy.sparse import csr_array  # noqa: PLC0415

        from pilotgraph.network.strongest import strongest  # noqa: PLC0415

        pilots = sorted(self._pilots)
        places = {pilot: place for place, pilot in enumerate(pilots)}
        rows: list[int] = []
        columns: list[int] = []
        weights: list[float] = []
        for weight, holders in self._columns():
            rows += [places[pilot] for pilot in holders]
            columns += [len(weights)] * len(holders)
            weights.append(weight)
        holds = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(pilots), len(weights)))
        return [(pilots[a], pilots[b]) for a, b in strongest(holds, np.array(weights), most)]

    def _columns(self) -> Iterator[tuple[float, list[str]]]:
        """What pilots share, as sets of pilots and the weight that being in a set together adds."""
        ties: dict[_Value, dict[str, tuple[float, float]]] = defaultdict(dict)
        for pilot, held in self._facts.items():
            for (link, value), facts in held.items():
                ties[link, value][pilot] = _role(link, facts), _certainty(facts)
        for (link, value), tied in sorted(ties.items()):
            whole = self._information((link, value)) * FACTORS.get(link, 0.5)
            levels = [[0.0, *sorted({tie[side] for tie in tied.values()})] for side in (0, 1)]
            for (low, role), (under, sure) in product(pairwise(levels[0]), pairwise(levels[1])):
                holders = sorted(pilot for pilot, tie in tied.items() if tie[0] >= role and tie[1] >= sure)
                if whole > 0 and len(holders) > 1:
                    yield whole * (role - low) * (sure - under), holders
        for pair, related in sorted(self._related.items()):
            yield sum(shared.weight for shared in related), list(pair)


def _claims(facts: list[Fact]) -> tuple[str, ...]:
    return tuple(sorted({fact.claim for fact in facts}))


def _factor(link: str, one: list[Fact], other: list[Fact]) -> float:
    factor = FACTORS.get(link, 0.5)
    if link == "organisation":
        factor *= min(_role(link, one), _role(link, other))
    return factor * min(_certainty(one), _certainty(other))


def _role(link: str, facts: list[Fact]) -> float:
    return role_factor({fact.detail for fact in facts if fact.detail}) if link == "organisation" else 1.0


def _certainty(facts: list[Fact]) -> float:
    return ASSIGNED if all(fact.assigned for fact in facts) else 1.0


def _strongest(ranked: dict[Pair, list[Shared]]) -> set[Pair]:
    by_pilot: dict[str, list[tuple[float, Pair]]] = defaultdict(list)
    for pair, shared in ranked.items():
        total = sum(s.weight for s in shared)
        for pilot in pair:
            by_pilot[pilot].append((-total, pair))
    return {pair for pairs in by_pilot.values() for _, pair in sorted(pairs)[:LINKS_OF_A_PILOT]}


def link_path(site: Site, pair: Pair) -> str:
    """The path of the page of a pair, within the folder of a language."""
    a, b = ((stem_of(pilot, site.base) or "").partition("/")[2].replace("/", "~2F") for pilot in pair)
    return f"link/{a}/{b}.html"


def name_of(sheet: Sheet, shared: Shared) -> Text:
    """What is shared, as a link if it has a page."""
    if shared.link == "page":
        return Text(shared.value, shared.value if is_web(shared.value) else "", outside=True)
    return sheet.thing(shared.value)


def links_of(sheet: Sheet, links: Links, pilot: str) -> list[dict[str, object]]:
    """The pilots that one pilot is linked to, the strongest first, each with what both have."""
    rows = []
    for other, pair in links.others(pilot).items():
        shared = links.shared(pair)
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


def pages(site: Site, language: str, links: Links) -> Iterator[Made]:
    """A page for every two pilots that are linked."""
    for pair in links.pairs:
        if all(stem_of(pilot, site.base) for pilot in pair):
            yield partial(_linked, site, language, pair, links)


def _linked(site: Site, language: str, pair: Pair, links: Links) -> Page:
    return _page(Sheet(site, language, link_path(site, pair)), pair, links.shared(pair))


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
