"""Why things are linked: a graph small enough to weigh by hand, and hard pairs of the flagship data set."""

from __future__ import annotations

import hashlib
import json
import re
from math import log2
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError
from pilotgraph.evidence import normalise
from pilotgraph.explain import explain
from pilotgraph.explain.render import absent, as_json, as_markdown, as_text
from pilotgraph.explain.weights import FACTORS
from pilotgraph.explain.words import link_name, vocabulary
from pilotgraph.load import in_memory, open_cached
from pilotgraph.pages.explain import explanation_page
from pilotgraph.queries import with_prefixes
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Tiny
    from pyoxigraph import QuerySolutions

    from pilotgraph.explain import Explanation, Reason
    from pilotgraph.store.base import Reader

PILOTS = 8
ORGANISATIONS = 5
PREFIXES = """@prefix alignment-kind: <https://example.org/set/id/concept/alignment-kind/> .
@prefix concept: <https://example.org/set/id/concept/thing/> .
@prefix dimension: <https://example.org/set/id/concept/dimension/> .
@prefix organisation: <https://example.org/set/id/organisation/> .
@prefix place: <https://example.org/set/id/place/> .
@prefix programme: <https://example.org/set/id/programme/> .
@prefix relation-kind: <https://example.org/set/id/concept/relation-kind/> .
@prefix role: <https://example.org/set/id/concept/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix contradiction-kind: <https://example.org/set/id/concept/contradiction-kind/> .
@prefix coverage: <https://example.org/set/id/coverage/> .
@prefix knowing: <https://example.org/set/id/concept/knowing/> .
"""


def named(thing: str, class_: str, english: str, dutch: str = "") -> str:
    """Describe a thing with its labels."""
    return f'{thing} a {class_} ; skos:prefLabel "{english}"@en , "{dutch or english}"@nl .\n'


class Graph:
    """Claims about pilots p1 to p8, each with a passage of its own unless told otherwise."""

    def __init__(self, tiny: Tiny) -> None:
        self.tiny = tiny
        self.body = PREFIXES + '<https://example.org/set/id/source/s> dct:identifier "s" .\n'
        self.number = 0
        for n in range(1, PILOTS + 1):
            self.body += named(f"pilot:p{n}", "pg:Pilot", f"Pilot {n}")

    def claim(self, pilot: str, class_: str, values: str, *, passage: int | None = None) -> str:
        """Add a claim and its passage; returns its name."""
        self.number += 1
        at = 100 * (self.number if passage is None else passage)
        self.body += f"""claim:c{self.number} a pg:{class_} ; pg:about {pilot} ; {values} .
claim:c{self.number} pg:evidence evidence:e{self.number} .
evidence:e{self.number} a pg:Evidence ; oa:hasSource source:s ; pg:start {at} ; pg:end {at + 50} ;
  pg:startsWith "start {self.number}" ; pg:endsWith "end {self.number}" .
"""
        return f"claim:c{self.number}"

    def explain(self, *names: str, language: str = "en") -> Explanation:
        """Load the graph and explain."""
        self.tiny.add("register", self.body)
        dataset = Dataset.open(self.tiny.root)
        return explain(dataset, in_memory(dataset), list(names), language)


@pytest.fixture
def graph(tiny: Tiny) -> Graph:
    """Pilots 1 and 2 share one thing of nearly every kind; others dilute it."""
    made = Graph(tiny)
    for slug, label in (("x", "Xerxes"), ("m", "Ministry"), ("y", "Ypsilon"), ("z", "Zeta"), ("w", "Wega")):
        made.body += named(f"organisation:{slug}", "pg:Organisation", label)
    made.body += named("concept:k", "pg:OrganisationKind", "helpers", "hulpverleners")
    made.body += named("programme:s", "pg:Programme", "Scheme", "Regeling")
    for slug, inside in (("street", "place:town"), ("town", "place:land"), ("land", "")):
        made.body += named(f"place:{slug}", "pg:Place", slug)
        made.body += f"place:{slug} dct:isPartOf {inside} .\n" if inside else ""
    for role in ("partner", "lead", "funder"):
        made.body += named(f"role:{role}", "skos:Concept", role)
    made.claim("pilot:p1", "Participation", "pg:participant organisation:x ; pg:role role:partner", passage=90)
    made.claim("pilot:p1", "Participation", "pg:participant organisation:m ; pg:role role:funder", passage=90)
    made.claim("pilot:p2", "Participation", "pg:participant organisation:x ; pg:role role:lead")
    for n in (2, 3, 4):
        made.claim(f"pilot:p{n}", "Participation", "pg:participant organisation:m ; pg:role role:funder")
    for slug in ("y", "z"):
        made.claim("pilot:p5", "Participation", f"pg:participant organisation:{slug} ; pg:role role:lead")
    made.claim("pilot:p8", "Participation", "pg:participant organisation:w ; pg:role role:lead")
    for n in (1, 2, 3, 4):
        made.claim(f"pilot:p{n}", "Participation", "pg:participant concept:k ; pg:role role:partner")
    made.claim("pilot:p1", "GoalAlignment", "pg:goal concept:g ; pg:alignmentKind alignment-kind:stated")
    made.claim("pilot:p2", "GoalAlignment", "pg:goal concept:g ; pg:alignmentKind alignment-kind:assigned")
    for n, place in ((1, "street"), (2, "town"), (3, "land")):
        made.claim(f"pilot:p{n}", "Location", f"pg:place place:{place}")
    for n in range(1, PILOTS + 1):
        made.claim(f"pilot:p{n}", "Classification", "pg:concept concept:d ; pg:dimension dimension:domain")
    for n, way in ((1, "direct"), (2, "indirect")):
        values = f"pg:concept concept:t ; pg:dimension dimension:{way}-target-group"
        made.claim(f"pilot:p{n}", "Classification", values)
        made.claim(f"pilot:p{n}", "Classification", "pg:concept concept:r ; pg:dimension dimension:status")
        made.claim(f"pilot:p{n}", "Relation", "pg:other programme:s ; pg:relationKind relation-kind:part-of")
        made.claim(f"pilot:p{n}", "Finding", 'pg:theme concept:h ; pg:text "found"@en , "gevonden"@nl')
    made.claim("pilot:p1", "Relation", "pg:other pilot:p2 ; pg:relationKind relation-kind:follow-up-of")
    made.claim("pilot:p2", "Relation", "pg:other pilot:p5 ; pg:relationKind relation-kind:builds-on")
    return made


def ranking(explanation: Explanation) -> list[tuple[str, str, float]]:
    """The reasons in short: link type, last part of the value, weight."""
    return [(r.link, re.split(r"[/#]", r.value)[-1], round(r.weight, 3)) for r in explanation.reasons]


def test_two_pilots_are_weighed_as_by_hand(graph: Graph) -> None:
    """Information content times factors; equal weights in the order of the link types; all have it weighs nothing."""
    two_of_eight, four_of_eight = log2(8 / 2), log2(8 / 4)
    assert ranking(graph.explain("p1", "p2")) == [
        ("relation", "follow-up-of", two_of_eight * 3),
        ("organisation", "x", two_of_eight * 2),
        ("place", "town", two_of_eight * 2 * 0.75),
        ("programme", "s", two_of_eight * 1.5),
        ("goal", "g", two_of_eight * 0.75),
        ("target-group", "t", two_of_eight * 0.75),
        ("theme", "h", 0.6),
        ("organisation", "m", four_of_eight * 2 * 0.25),
        ("kind", "k", 0.4),
        ("domain", "d", 0.0),
    ]


def test_the_weight_is_the_product_of_its_parts(graph: Graph) -> None:
    """What an output shows as parts multiplies to the weight, and the strength follows from it."""
    reasons = {reason.link: reason for reason in graph.explain("p1", "p2").reasons}
    assert reasons["goal"].parts == {"information": 2.0, "link": 1.0, "assigned": 0.75}
    assert (reasons["goal"].holders, reasons["goal"].population, reasons["goal"].knowing) == (2, 8, "assigned")
    assert [reasons[link].strength for link in ("relation", "place", "goal")] == ["strong", "moderate", "weak"]
    assert reasons["place"].knowing == "derived"


def test_the_sentences_of_two_pilots(graph: Graph) -> None:
    """What a reader sees, in both languages."""
    english = graph.explain("p1", "p2")
    assert english.headline == "Pilot 1 and Pilot 2 are strongly linked, above all by a direct relation."
    assert [reason.sentence for reason in english.reasons[:6]] == [
        "Pilot 1 is a follow-up of Pilot 2. Only the record of Pilot 1 has a passage for it; that of Pilot 2 has none.",
        "Both pilots work with the same organisation, Xerxes: partner in Pilot 1 and lead in Pilot 2.",
        "Both pilots work in town: Pilot 1 in street, which lies in it and Pilot 2 in town as such.",
        "Both pilots are part of the same programme: Scheme.",
        "Both pilots serve the same goal of the new system: g.",
        "Both pilots are for t, but not in the same way: as users in Pilot 1 and as those who benefit in Pilot 2.",
    ]
    dutch = graph.explain("p1", "p2", language="nl")
    assert dutch.reasons[3].sentence == "Beide pilots zijn onderdeel van hetzelfde programma: Regeling."
    assert dutch.reasons[7].sentence == (
        "Dezelfde partij betaalt, beheert of begeleidt beide pilots, Ministry: overal funder."
    )
    assert dutch.reasons[8].sentence == (
        "Bij beide pilots is dezelfde soort partij betrokken: hulpverleners (overal partner). "
        "Een soort is niet één partij."
    )


def test_each_side_has_its_passages(graph: Graph) -> None:
    """A reason leads to the passages of exactly its claims."""
    reason = next(r for r in graph.explain("p1", "p2").reasons if r.link == "goal")
    assert [side.name for side in reason.sides] == ["Pilot 1", "Pilot 2"]
    assert [[(p.passage.source, p.knowing) for p in side.proofs] for side in reason.sides] == [
        [("s", "stated")],
        [("s", "assigned")],
    ]


def test_absent_links_say_what_each_has(graph: Graph) -> None:
    """An absent type tells what either has instead; what no record states makes one sentence."""
    graph.claim("pilot:p3", "Classification", "pg:concept concept:ict1 ; pg:dimension dimension:ict")
    found = {absence.link: absence.sentence for absence in graph.explain("p3", "p4").absences}
    assert found["place"] == "No shared place: Pilot 3: land; the record of Pilot 4 does not state it."
    assert found["ict"] == "No shared kind of ICT: Pilot 3: ict1; the record of Pilot 4 does not state it."
    assert "organisation" not in found


def test_what_no_record_states_is_said_once(graph: Graph) -> None:
    """Silence, the source's own "not applicable" and a value that differs are told apart."""
    graph.claim("pilot:p4", "NotApplicable", "pg:dimension dimension:location")
    explanation = graph.explain("p3", "p4")
    assert "No shared place: Pilot 3: land; Pilot 4: not applicable or not yet known, says its record." in absent(
        explanation
    )
    silent = next(absence for absence in explanation.absences if absence.link == "ict")
    assert [iri[-2:] for iri in silent.unknown] == ["p3", "p4"]
    assert absent(explanation)[-1].startswith("The records of both are silent on: direct relation, programme, ")


def test_three_pilots_share_what_all_have(graph: Graph) -> None:
    """For more than two, only what all of them share; relations join no third."""
    found = graph.explain("p1", "p2", "p3")
    assert ranking(found) == [("organisation", "m", 0.5), ("kind", "k", 0.4), ("domain", "d", 0.0)]
    assert found.reasons[0].sentence == (
        "The same body pays for, administers or guides all 3 pilots, Ministry: funder in each."
    )
    assert "relation" not in {absence.link for absence in found.absences}


def test_two_organisations_are_weighed_by_their_pilots(graph: Graph) -> None:
    """A pilot with few organisations says more; one passage that names both says more still."""
    information = log2(ORGANISATIONS / 2)
    found = graph.explain("x", "m")
    assert ranking(found) == [
        ("pilot", "p1", round(information * 2 * 0.25 * 1.5, 3)),
        ("pilot", "p2", round(information * 2 * 0.25, 3)),
    ]
    assert [reason.sentence for reason in found.reasons] == [
        (
            "Both organisations have a role in Pilot 1, and one passage names both together: "
            "Xerxes (partner) and Ministry (funder)."
        ),
        "Both organisations have a role in Pilot 2: Xerxes (lead) and Ministry (funder).",
    ]


def test_a_pilot_and_an_organisation_are_linked_by_roles(graph: Graph) -> None:
    """Each role is a reason; the rarer the organisation, the heavier."""
    assert ranking(graph.explain("p1", "x")) == [("role", "partner", 4.0)]
    assert ranking(graph.explain("x", "p1")) == [("role", "partner", 4.0)]
    assert ranking(graph.explain("p3", "m")) == [("role", "funder", 0.5)]


def test_without_a_direct_link_the_shortest_chain_is_told(graph: Graph) -> None:
    """Over roles and relations, each step with its passage; kinds of actors are no step."""
    found = graph.explain("x", "y")
    assert [(reason.link, len(reason.sides)) for reason in found.reasons] == [("chain", 3)]
    assert found.headline == "Xerxes and Ypsilon are not linked directly."
    assert "Xerxes – Pilot 2 – Pilot 5 – Ypsilon" in found.reasons[0].sentence
    assert all(side.proofs for side in found.reasons[0].sides)
    assert "kind" not in found.reasons[0].sentence
    to_pilot = graph.explain("p1", "y")
    assert "Pilot 1 – Pilot 2 – Pilot 5 – Ypsilon" in to_pilot.reasons[0].sentence
    assert to_pilot.absences[0].sentence == "Pilot 1 has no claim that names Ypsilon."


def test_a_study_is_no_link(graph: Graph) -> None:
    """Who reads a study of pilots does not work in them: it makes no chain, and no one rarer."""
    before = ranking(graph.explain("x", "m"))
    graph.body += named("organisation:reader", "pg:Organisation", "Reader") + named("pilot:s1", "pg:Study", "Study")
    for slug in ("x", "y", "reader"):
        graph.claim("pilot:s1", "Participation", f"pg:participant organisation:{slug} ; pg:role role:partner")
    assert len(graph.explain("x", "y").reasons[0].sides) == 3
    assert ranking(graph.explain("x", "m")) == before


def test_no_chain_is_said(graph: Graph) -> None:
    """Where nothing leads from one to the other the headline says so."""
    assert graph.explain("p7", "w").headline == (
        "Pilot 7 and Wega are not linked: no chain of roles and relations joins them."
    )


def test_a_passage_about_both_pilots_is_a_reason(graph: Graph) -> None:
    """Passages with text in common join what they are about, unless a claim rests on words outside its record."""
    graph.claim("pilot:p6", "Reach", "pg:value 1", passage=500)
    graph.claim("pilot:p7", "Reach", "pg:value 2", passage=500)
    assert ("passage", "s", 3.0) in ranking(graph.explain("p6", "p7"))
    graph.claim("pilot:p8", "Reach", 'pg:value 3 ; pg:outsideRecord "elsewhere"@en', passage=500)
    assert "passage" not in {reason.link for reason in graph.explain("p6", "p8").reasons}


def test_places_are_told_narrowest_first(graph: Graph) -> None:
    """One place goes before those around it; two places in a third are near; a country links no one by itself."""
    graph.body += named("place:lane", "pg:Place", "lane") + "place:lane dct:isPartOf place:town .\n"
    for n in (4, 5):
        graph.claim(f"pilot:p{n}", "Location", "pg:place place:lane")
    graph.claim("pilot:p5", "Location", "pg:place place:town")
    found = {n: graph.explain("p4", f"p{n}") for n in (5, 1, 3)}
    assert [r.sentence for r in found[5].reasons if r.link == "place"] == ["Both pilots work in lane (town)."]
    assert [(r.sentence, r.parts["near"]) for r in found[1].reasons if r.link == "place"] == [
        ("Both pilots work in town, though in different parts of it: Pilot 4 in lane and Pilot 1 in street.", 0.5)
    ]
    assert [r for r in found[3].reasons if r.link == "place"] == []


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("2020-06", "By their dates they did so at the same time, from June 2020 to 1 December 2021"),
        ("2022", "By their dates they did not do so at the same time"),
    ],
)
def test_shared_places_say_whether_it_was_at_one_time(graph: Graph, second: str, said: str) -> None:
    """Dates are compared as precisely as they are known, and the claims that give them are cited."""
    for n in (6, 7):
        graph.claim(f"pilot:p{n}", "Location", "pg:place place:street")
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}
    for n, start, end in ((6, "2020", "2021-12-01"), (7, second, "2022-12")):
        dates = "".join(
            f'dcat:{name} "{value}"^^xsd:{types[len(value)]} ; '
            for name, value in (("startDate", start), ("endDate", end))
        )
        graph.claim(f"pilot:p{n}", "Period", dates.removesuffix("; ").rstrip(" ;"))
    reason = graph.explain("p6", "p7").reasons[0]
    assert said in reason.sentence
    assert [len(side.proofs) for side in reason.sides] == [2, 2]


def test_a_contradiction_is_told(graph: Graph) -> None:
    """A claim that a contradiction joins is marked, with the explanation; an apparent one is none."""
    first = graph.claim("pilot:p6", "Classification", "pg:concept concept:o ; pg:dimension dimension:ownership")
    second = graph.claim("pilot:p7", "Classification", "pg:concept concept:o ; pg:dimension dimension:ownership")
    graph.body += f'claim:k1 pg:joins {first} ; pg:explanation "unclear"@en ; '
    graph.body += "pg:contradictionKind contradiction-kind:date-date .\n"
    graph.body += f"claim:k2 pg:joins {second} ; pg:contradictionKind contradiction-kind:apparent .\n"
    reason = graph.explain("p6", "p7").reasons[0]
    assert (reason.link, reason.knowing) == ("ownership", "contradicted")
    assert [side.says for side in reason.sides] == [["contradicted: unclear"], []]
    assert [[proof.knowing for proof in side.proofs] for side in reason.sides] == [["contradicted"], ["stated"]]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["p1"], "give at least two names"),
        (["p1", "Pilot 1"], "p1 and Pilot 1: are the same pilot"),
        (["p1", "Pilot 22"], "no pilot or organisation 'Pilot 22'; did you mean pilot 2"),
        (["p1", "quite other"], "no pilot or organisation 'quite other'; pilotgraph query pilots lists the pilots"),
        (["p1", "scheme"], "'scheme' is a programme; explain takes pilots and organisations"),
        (["p1", "k"], "'k' is a professional group, and a group in two pilots is not one actor"),
        (["p1", "p2", "x"], "p1 (pilot), p2 (pilot), x (organisation): three or more must be all pilots"),
    ],
)
def test_names_that_do_not_fit(graph: Graph, names: list[str], said: str) -> None:
    """Each mistake has a message that says what is wrong and what to do."""
    with pytest.raises(DatasetError, match=re.escape(said)):
        graph.explain(*names)


def test_a_name_of_two_kinds_means_the_pilot(graph: Graph) -> None:
    """A note says so, and how to name the other."""
    graph.body += named("organisation:p1", "pg:Organisation", "Pee")
    found = graph.explain("p1", "https://example.org/set/id/pilot/p2")
    assert [thing.kind for thing in found.things] == ["pilot", "pilot"]
    assert found.notes == ["'p1' is read as the pilot; for the organisation write organisation:p1"]
    assert graph.explain("organisation:p1", "p2").things[0].kind == "organisation"


def test_hostile_labels_stay_text(graph: Graph) -> None:
    """Nothing in the data becomes markup, on the page or in Markdown."""
    graph.body += named("organisation:h", "pg:Organisation", "<script>alert(1)</script> *a* [b](c)")
    for n in (6, 7):
        graph.claim(f"pilot:p{n}", "Participation", "pg:participant organisation:h ; pg:role role:lead")
    found = graph.explain("p6", "p7")
    assert "<script" not in explanation_page(found)
    assert "&lt;script&gt;alert(1)" in explanation_page(found)
    assert r"&lt;script&gt;alert(1)&lt;/script&gt; \*a\* \[b\](c)" in as_markdown(found)


class SelectOnly:
    """A Reader that can only answer SELECT, and gives its rows in another order: as a server may."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def select(self, text: str) -> list[Any]:
        """Answer with the rows turned round, if the query asks for no order."""
        rows: QuerySolutions = self.reader.select(text)
        return list(rows) if "ORDER BY" in text else list(rows)[::-1]


def test_the_order_of_a_server_does_not_matter(graph: Graph) -> None:
    """The same graph gives the same bytes, whatever the store, and the ranking is the same both ways round."""
    usual = graph.explain("p1", "p2")
    dataset = Dataset.open(graph.tiny.root)
    turned = explain(dataset, SelectOnly(in_memory(dataset)), ["p1", "p2"])  # type: ignore[arg-type]
    for write in (as_text, as_markdown, as_json, explanation_page):
        assert write(turned) == write(usual)
    assert ranking(graph.explain("p2", "p1")) == ranking(usual)


def test_both_languages_say_the_same_things() -> None:
    """Every sentence exists in both languages; the Dutch one names nothing that the English does not."""
    words = vocabulary()
    assert set(words["en"]) == set(words["nl"])

    def holes(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    extra = {key: holes(words["nl"][key]) ^ holes(words["en"][key]) for key in words["en"]}
    # Dutch has one form where English has "lies" and "lie", and the sentence holds it.
    assert {key for key, differing in extra.items() if differing} == set()
    assert all(link_name(link, language) != link for link in FACTORS for language in words if link not in _SAME)


_SAME = {"place", "goal", "programme", "passage", "organisation", "pillar", "ict", "ownership", "theme", "role"}


# The flagship data set. The first entries are the reasons that an analyst would give first.

PAIRS = [
    (("rotterdam-zuid", "wijkrechtspraak-op-zuid"), "strong", [("place", "hillesluis"), ("place", "feijenoord")]),
    (
        ("pakketafhankelijke-eigen-bijdrage", "zelf-regieroute-scheiden"),
        "strong",
        [("relation", "same-platform"), ("organisation", "uitelkaar-nl"), ("page", "")],
    ),
    (
        ("divosa-utrecht", "samenwerken-in-de-eerste-lijn"),
        "strong",
        [("relation", "follow-up-of"), ("place", "utrecht"), ("organisation", "juridisch-loket")],
    ),
    (
        ("divosa-hollands-kroon", "divosa-wijk-bij-duurstede"),
        "moderate",
        [("programme", "divosa-rechtshulp-en-sociaal-domein"), ("domain", "scheiden")],
    ),
    (
        ("divosa-tilburg", "digitaal-bezwaarplatform"),
        "moderate",
        [("goal", "betere-bezwaarprocedure"), ("target-group", "bezwaarmakers")],
    ),
    (("legalguard", "slachtofferadvocatuur"), "moderate", [("goal", "rechtshulppakketten")]),
    (("juridisch-loket", "uwv"), "strong", [("pilot", "samenwerking-hjl-uwv")]),
    (("divosa", "raad-voor-rechtsbijstand"), "moderate", [("pilot", "samenwerken-in-de-eerste-lijn")]),
    (("mee", "stichting-ik-wil"), "strong", [("pilot", "mijn-zaak")]),
    (("zsm", "wijkrechtbank-eindhoven"), "moderate", [("target-group", "verdachten")]),
    (
        ("mijn-zaak", "rechtsbijstandsportaal"),
        "moderate",
        [("target-group", "professionals"), ("goal", "digitalisering-stelsel")],
    ),
    (("mijn-zaak", "juridisch-loket"), "moderate", [("role", "tester")]),
    (("villa-pinedo", "weener-xl"), "", [("chain", "weener-xl")]),
]


@pytest.fixture(scope="module")
def bundled() -> Dataset:
    """The data set that pilotgraph carries."""
    return Dataset.open()


@pytest.fixture(scope="module")
def reader(bundled: Dataset) -> Iterator[Reader]:
    """Its store."""
    store = open_cached(bundled)
    yield store
    store.close()


@pytest.mark.parametrize(("names", "strength", "top"), PAIRS, ids=[" ".join(names) for names, _, _ in PAIRS])
def test_hard_pairs_have_the_reasons_of_an_analyst(
    bundled: Dataset, reader: Reader, names: tuple[str, str], strength: str, top: list[tuple[str, str]]
) -> None:
    """The first reasons are those read in the source by hand, in both languages and both ways round."""
    for language in ("en", "nl"):
        found = explain(bundled, reader, list(names), language)
        assert [entry[:2] for entry in ranking(found)][: len(top)] == top
        assert found.reasons[0].strength == strength or found.reasons[0].link == "chain"
    turned = explain(bundled, reader, list(reversed(names)))
    if found.reasons[0].link != "chain":
        assert ranking(turned) == ranking(found)


@pytest.mark.parametrize("names", [names for names, _, _ in PAIRS], ids=" ".join)
def test_the_passage_of_every_reason_holds(
    bundled: Dataset, reader: Reader, sources: Path, names: tuple[str, str]
) -> None:
    """Each reason has passages on each side, and each stands in its source, whole, as its digest says."""
    texts = {source.slug: normalise((sources / source.file).read_text(encoding="utf-8")) for source in bundled.sources}
    found = explain(bundled, reader, list(names))
    for reason in found.reasons:
        assert from_register(reason) or all(side.proofs for side in reason.sides), reason.sentence
        for proof in (proof for side in reason.sides for proof in side.proofs):
            query = f"""SELECT ?start ?end ?digest ?starts ?ends {{ <{proof.passage.claim}> pg:evidence ?e .
              ?e pg:start ?start ; pg:end ?end ; pg:digest ?digest ; pg:startsWith ?starts ; pg:endsWith ?ends }}"""
            rows = [tuple(map(plain, row)) for row in reader.select(with_prefixes(query))]
            standing = [row for row in rows if row[3:] == (proof.passage.starts_with, proof.passage.ends_with)]
            assert standing
            for start, end, digest, starts, ends in standing:
                words = texts[proof.passage.source][int(start) : int(end)]
                assert words.startswith(starts)
                assert words.endswith(ends)
                assert digest == "sha256:" + hashlib.sha256(words.encode()).hexdigest()


def from_register(reason: Reason) -> bool:
    """Tell whether a reason rests on the register alone: the kind of an organisation."""
    return reason.link == "kind" and not reason.sides


def test_what_everyone_has_ranks_low(bundled: Dataset, reader: Reader) -> None:
    """The Legal Aid Board runs the scheme of many pilots, so it is a weak link between two of them."""
    found = explain(bundled, reader, ["mijn-zaak", "rechtsbijstandsportaal"])
    board = next(r for r in found.reasons if r.value.endswith("/raad-voor-rechtsbijstand"))
    assert board.strength == "weak"
    assert found.reasons.index(board) > next(n for n, r in enumerate(found.reasons) if r.link == "programme")


def test_every_form_of_output_is_whole(bundled: Dataset, reader: Reader) -> None:
    """Text, Markdown, JSON and the page hold every reason; the page asks nothing of another host by itself."""
    found = explain(bundled, reader, ["rotterdam-zuid", "wijkrechtspraak-op-zuid"], "nl")
    page, document = explanation_page(found), json.loads(as_json(found))
    assert [reason["sentence"] for reason in document["reasons"]] == [reason.sentence for reason in found.reasons]
    text, markdown = (" ".join(write(found).split()) for write in (as_text, as_markdown))
    for reason in found.reasons:
        assert reason.sentence in text
        assert reason.sentence in markdown
        assert reason.sentence in page
    assert all(line in text for line in found.foot)
    assert re.findall(r"<(script|img|link|iframe|object|form)\b|\bsrc=|url\(|@import", page) == []
    assert 'lang="nl"' in page
    assert page.count("<h1>") == 1
    assert "↳" in text
    assert "#:~:text=" in as_text(found, links=True)
