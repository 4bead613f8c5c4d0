"""Claims on a page: what each says, how it is known, and the passages that carry it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotgraph.pages.site import formats
from pilotgraph.pages.site.graph import TYPE, is_web, p, slug
from pilotgraph.pages.site.page import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pilotgraph.pages.site.page import Sheet
    from pilotgraph.terms import Term

# Under which dimension the claims of a class stand, where they do not say so themselves.
DIMENSIONS = {
    "Participation": "participants",
    "GoalAlignment": "goal",
    "Funding": "funding",
    "Period": "period",
    "Reach": "reach",
    "Location": "location",
    "Finding": "finding",
    "CaseExample": "finding",
    "WebLink": "web-link",
    "Mention": "identity",
    "Relation": "relation",
}
# The order in which dimensions are read; others follow by name.
ORDER = [
    "background",
    "aim",
    "state-of-affairs",
    "identity",
    "pillar",
    "programme",
    "status",
    "period",
    "location",
    "participants",
    "funding",
    "reach",
    "goal",
    "domain",
    "legal-area",
    "direct-target-group",
    "indirect-target-group",
    "result-kind",
    "line",
    "ict",
    "ownership",
    "relation",
    "finding",
    "web-link",
]
# What is shown in a place of its own, and not in the list of further properties.
_BOOKKEEPING = {
    TYPE,
    *map(p, ("pg:about", "pg:evidence", "pg:note", "pg:dimension", "qb:dataSet", "pg:statedIn")),
}


@dataclass(frozen=True)
class Proof:
    """A passage that carries a claim: where it stands, and its first and last words."""

    href: str
    source: str
    place: str
    starts: str
    ends: str
    outside: str


@dataclass
class Said:
    """A claim for a reader: `main` is what it says, `more` what qualifies it."""

    iri: str
    href: str
    kind: str
    about: Text
    dimension: str
    main: list[Text]
    more: list[tuple[str, list[Text]]]
    note: Text
    state: str
    proofs: list[Proof]
    clashes: list[Text] = field(default_factory=list)
    parts: dict[str, list[Text]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What it says, bare."""
        return " ".join(" ".join(part.text for part in self.main).split())


def say(sheet: Sheet, claim: str) -> Said:
    """Read a claim for a page."""
    graph = sheet.graph
    classes = graph.classes(claim)
    class_ = next((name for name in classes if name in _MAIN), classes[0] if classes else "")
    main, shown = _MAIN.get(class_, _anything)(sheet, claim)
    about = graph.iri(claim, p("pg:about"))
    return Said(
        iri=claim,
        href=sheet.href(claim),
        kind=formats.capital(sheet.term(p(f"pg:{class_}")).text) if class_ else sheet.words["claim"],
        about=sheet.thing(about) if about else Text(""),
        dimension=dimension_of(sheet, claim, class_),
        main=main,
        more=_more(sheet, claim, shown),
        note=sheet.text(claim, "pg:note"),
        state=state_of(sheet, claim, class_),
        proofs=proofs(sheet, claim),
        clashes=[_clash(sheet, clash) for clash in sheet.site.clashes.get(claim, ())],
        parts={
            slug(name.replace("#", "/")): [sheet.said(v) for v in values] for name, values in _properties(sheet, claim)
        },
    )


def state_of(sheet: Sheet, claim: str, class_: str) -> str:
    """Tell how a claim is known: contradicted, not-applicable or stated."""
    if claim in sheet.site.clashes:
        return "contradicted"
    return "not-applicable" if class_ == "NotApplicable" else "stated"


def dimension_of(sheet: Sheet, claim: str, class_: str) -> str:
    """Tell under which dimension (its slug) a claim stands, empty if under none."""
    own = sheet.graph.iri(claim, p("pg:dimension"))
    if own:
        return slug(own)
    if class_ == "Relation" and "Programme" in sheet.graph.classes(sheet.graph.iri(claim, p("pg:other"))):
        return "programme"
    return DIMENSIONS.get(class_, "")


def proofs(sheet: Sheet, thing: str) -> list[Proof]:
    """The passages that carry a claim, a question or a decision."""
    return [proof(sheet, passage) for passage in sheet.graph.iris(thing, p("pg:evidence"))]


def proof(sheet: Sheet, passage: str) -> Proof:
    """A passage: source, section and page, first and last words, and a link into the public document."""
    graph = sheet.graph
    source, section = graph.iri(passage, p("oa:hasSource")), graph.iri(passage, p("pg:section"))
    page = graph.value(passage, p("pg:page"))
    place = [sheet.label(section)] if section else []
    place += [f"{sheet.words['page_short']} {page}"] if page else []
    link = graph.value(passage, p("pg:passageLink"))
    return Proof(
        sheet.href(passage),
        sheet.label(source) if source else "",
        ", ".join(place),
        graph.value(passage, p("pg:startsWith")),
        graph.value(passage, p("pg:endsWith")),
        link if is_web(link) else "",
    )


def source_language(sheet: Sheet, passage: str) -> str:
    """The language of a source's words, if the source says so and it is not the page's."""
    known = {"NLD": "nl", "ENG": "en"}
    named = sheet.graph.iri(sheet.graph.iri(passage, p("oa:hasSource")), p("dct:language"))
    return known.get(slug(named), "")


def by_dimension(sheet: Sheet, claims: Iterable[str]) -> list[tuple[str, str, list[Said]]]:
    """Sort claims under headings: dimension (its slug), its name, the claims."""
    groups: dict[str, list[Said]] = {}
    for claim in claims:
        said = say(sheet, claim)
        groups.setdefault(said.dimension or f"*{said.kind}", []).append(said)
    places = {name: number for number, name in enumerate(ORDER)}

    def heading(key: str) -> str:
        if key.startswith("*"):
            return key[1:]
        return formats.capital(sheet.label(sheet.site.concept("dimension", key)))

    ordered = sorted(groups, key=lambda key: (places.get(key, len(places)), heading(key).casefold(), key))
    return [(key.lstrip("*"), heading(key), sorted(groups[key], key=_by_text)) for key in ordered]


def _by_text(said: Said) -> tuple[str, str]:
    return said.text.casefold(), said.iri


def _clash(sheet: Sheet, clash: str) -> Text:
    text = sheet.text(clash, "pg:explanation")
    return Text(text.text or sheet.words["clash"], sheet.href(clash), text.language)


def _properties(sheet: Sheet, claim: str) -> list[tuple[str, list[Term]]]:
    properties = sheet.graph.out[claim]
    return [
        (name, [v for v in values if getattr(v, "language", None) in {None, "", sheet.language}] or list(values))
        for name, values in sorted(properties.items())
        if name not in {TYPE, p("pg:evidence")}
    ]


def _more(sheet: Sheet, claim: str, shown: set[str]) -> list[tuple[str, list[Text]]]:
    """What a claim says besides its main part, under the names of the properties."""
    found = []
    for name, values in _properties(sheet, claim):
        if name in _BOOKKEEPING or name in shown:
            continue
        found.append((formats.capital(sheet.term(name).text), [sheet.said(value) for value in values]))
    return found


_Main = tuple[list[Text], set[str]]


def _one(*curies: str) -> Callable[[Sheet, str], _Main]:
    """Say the first values of some properties, one after the other."""

    def main(sheet: Sheet, claim: str) -> _Main:
        out: list[Text] = []
        for curie in curies:
            values = sheet.graph.all(claim, p(curie))
            out += [sheet.said(value) for value in values[:1]]
        return out, {p(curie) for curie in curies}

    return main


def _text(sheet: Sheet, claim: str) -> _Main:
    return [sheet.text(claim, "pg:text")], {p("pg:text")}


def _participation(sheet: Sheet, claim: str) -> _Main:
    actor, role = (sheet.graph.iri(claim, p(name)) for name in ("pg:participant", "pg:role"))
    main = [sheet.thing(actor)] if actor else []
    main += [Text(f"({sheet.label(role)})")] if role else []
    return main, {p("pg:participant"), p("pg:role")}


def _funding(sheet: Sheet, claim: str) -> _Main:
    graph = sheet.graph
    kind = graph.iri(claim, p("pg:fundingKind"))
    amount = formats.amount(graph.value(claim, p("pg:amount")), graph.value(claim, p("pg:currency")), sheet.language)
    covers = sheet.text(claim, "pg:covers")
    main = [Text(amount)]
    main += [Text(f"({sheet.label(kind)})")] if kind else []
    main += [Text(covers.text, language=covers.language)] if covers.text else []
    return main, {p(name) for name in ("pg:amount", "pg:currency", "pg:fundingKind", "pg:covers")}


def _period(sheet: Sheet, claim: str) -> _Main:
    part = sheet.text(claim, "pg:part")
    ends = [_end(sheet, claim, "start"), _end(sheet, claim, "end")]
    dates = (
        f"{ends[0]} – {ends[1]}"
        if all(ends)
        else f"{sheet.words['from'] if ends[0] else sheet.words['until']} {ends[0] or ends[1]}"
    )
    main = [Text(dates)]
    main += [Text(f"({part.text})", language=part.language)] if part.text else []
    return main, {p(n) for n in ("dcat:startDate", "dcat:endDate", "pg:startText", "pg:endText", "pg:part")}


def _end(sheet: Sheet, claim: str, end: str) -> str:
    """One end of a period: the date, and the words of the source where the date is less precise."""
    date = formats.date(sheet.graph.value(claim, p(f"dcat:{end}Date")), sheet.language)
    printed = sheet.graph.value(claim, p(f"pg:{end}Text"))
    if printed and date and printed.casefold() != date.casefold():
        return f"{date} (‘{printed}’)"
    return date or printed


def _reach(sheet: Sheet, claim: str) -> _Main:
    graph, language = sheet.graph, sheet.language
    value, most = graph.value(claim, p("pg:value")), graph.value(claim, p("pg:valueMax"))
    number = formats.number(value, language) + (f"–{formats.number(most, language)}" if most else "")
    what, unit = sheet.text(claim, "pg:what"), graph.iri(claim, p("pg:unit"))
    main = [Text(number)]
    main += [what] if what.text else [Text(sheet.label(unit))] if unit else []
    return main, {p(name) for name in ("pg:value", "pg:valueMax", "pg:what")}


def _relation(sheet: Sheet, claim: str) -> _Main:
    kind, other = (sheet.graph.iri(claim, p(name)) for name in ("pg:relationKind", "pg:other"))
    main = [Text(f"{sheet.label(kind)}:")] if kind else []
    return [*main, sheet.thing(other)] if other else main, {p("pg:relationKind"), p("pg:other")}


def _observation(sheet: Sheet, claim: str) -> _Main:
    graph = sheet.graph
    value = graph.value(claim, p("pg:value")) or graph.value(claim, p("pg:valueText"))
    population = graph.value(claim, p("pg:population"))
    number = formats.number(value, sheet.language) + (
        f" {sheet.words['of']} {formats.number(population, sheet.language)}" if population else ""
    )
    topic, category = (graph.iri(claim, p(name)) for name in ("pg:countedBy", "pg:category"))
    what = [sheet.label(iri) for iri in (topic, category) if iri]
    shown = {p(n) for n in ("pg:value", "pg:valueText", "pg:population", "pg:countedBy", "pg:category")}
    return [Text(f"{': '.join(what)}:"), Text(number)], shown


def _mention(sheet: Sheet, claim: str) -> _Main:
    printed = sheet.graph.value(claim, p("pg:namedAs"))
    tie = sheet.graph.iri(claim, p("pg:tie"))
    return [Text(f"‘{printed}’"), Text(f"({sheet.label(tie)})" if tie else "")], {p("pg:namedAs"), p("pg:tie")}


def _definition(sheet: Sheet, claim: str) -> _Main:
    term, text = sheet.graph.value(claim, p("pg:term")), sheet.text(claim, "pg:text")
    return [Text(f"‘{term}’:"), text], {p("pg:term"), p("pg:text")}


def _anything(sheet: Sheet, claim: str) -> _Main:
    """A claim of a class that we do not know: its text or its first values."""
    for curie in ("pg:text", "pg:concept", "skos:prefLabel", "rdfs:label"):
        if sheet.graph.all(claim, p(curie)):
            return [sheet.text(claim, curie) if curie != "pg:concept" else _one(curie)(sheet, claim)[0][0]], {p(curie)}
    return [Text(sheet.label(claim))], set()


_MAIN: dict[str, Callable[[Sheet, str], _Main]] = {
    "Participation": _participation,
    "Classification": _one("pg:concept"),
    "GoalAlignment": _one("pg:goal"),
    "Funding": _funding,
    "Period": _period,
    "Reach": _reach,
    "Location": _one("pg:place"),
    "Relation": _relation,
    "Finding": _text,
    "Description": _text,
    "CaseExample": _text,
    "NotApplicable": _text,
    "WebLink": _one("foaf:page"),
    "AggregateObservation": _observation,
    "Mention": _mention,
    "Definition": _definition,
}
