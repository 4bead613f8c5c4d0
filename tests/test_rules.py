"""The rules, each on a tiny graph made by hand: what it derives, and what it must leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from pilotgraph.dataset import Dataset
from pilotgraph.load import in_memory
from pilotgraph.rdf import read_text
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import PG, plain

RULES = {path.name: path for path in Dataset.open(Path(__file__).parents[1]).rule_files()}
ID = "https://example.org/set/id/"
HEAD = f"""
@prefix : <{ID}claim/> .
@prefix d: <{ID}contradiction/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix e: <{ID}evidence/> .
@prefix n: <{ID}> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix p: <{ID}pilot/> .
@prefix pg: <https://w3id.org/pilotgraph/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
p:a a pg:Pilot . p:b a pg:Pilot . p:z a pg:Programme .
"""
Derived = set[tuple[str, str, str]]


def derive(rule: str, body: str) -> Derived:
    """Apply one rule to a graph: triples with the IRIs of the set and of the ontology cut short."""
    quads = parse(HEAD + body, format=RdfFormat.TURTLE)
    store = EmbeddedStore()
    store.add([Quad(q.subject, q.predicate, q.object, NamedNode(ID + "g")) for q in quads])
    store.finish()
    found = store.construct(read_text(RULES[rule]))

    def short(text: str) -> str:
        return text.removeprefix(ID).removeprefix(PG)

    return {(short(plain(t.subject)), short(plain(t.predicate)), short(plain(t.object))) for t in found}


def clashes(found: Derived) -> dict[str, set[str]]:
    """Map each derived contradiction to the claims that it joins."""
    names = {subject for subject, _, _ in found}
    return {
        name.removeprefix("contradiction/"): {
            o.removeprefix("claim/") for s, p, o in found if s == name and p == "joins"
        }
        for name in names
    }


def test_shortcuts() -> None:
    """A claim with evidence gives its subject's many-valued shortcuts; part-of leads to a programme."""
    body = """
    :c pg:about p:a ; pg:evidence e:e . :w a pg:Participation ; pg:about p:a ; pg:evidence e:e ; pg:participant n:org .
    :r a pg:Relation ; pg:about p:a ; pg:evidence e:e ; pg:other p:z ; pg:relationKind <x/relation-kind/part-of> .
    :s a pg:Relation ; pg:about p:a ; pg:evidence e:e ; pg:other p:b ; pg:relationKind <x/relation-kind/follow-up-of> .
    :bare a pg:Participation ; pg:about p:a ; pg:participant n:other .
    """.replace("<x/", f"<{ID}concept/")
    assert derive("10-shortcuts.rq", body) == {
        *(("pilot/a", "claimedBy", f"claim/{c}") for c in "cwrs"),
        ("pilot/a", "hasPartner", "org"),
        ("pilot/a", "inProgramme", "pilot/z"),
        ("pilot/a", "relatedTo", "pilot/b"),
    }


def test_classifications() -> None:
    """A classification gives the shortcut of its dimension, and none for other dimensions."""
    body = """
    :c a pg:Classification ; pg:about p:a ; pg:dimension <x/dimension/domain> ; pg:concept n:home .
    :d a pg:Classification ; pg:about p:a ; pg:dimension <x/dimension/ict> ; pg:concept n:site .
    """.replace("<x/", f"<{ID}concept/")
    assert derive("11-classifications.rq", body) == {("pilot/a", "inDomain", "home")}


@pytest.mark.parametrize(
    ("kind", "tally", "contradicted"),
    [
        ("date-date", "", {"one", "two"}),
        (f"{ID}concept/contradiction-kind/apparent", "", set()),
        ("number-number", "d:k pg:joins :count . :count a pg:AggregateObservation ; pg:about p:z .", {"count"}),
    ],
    ids=["real", "apparent", "a number over all pilots"],
)
def test_contradicted(kind: str, tally: str, contradicted: set[str]) -> None:
    """A claim is contradicted by a clash that joins it, unless it only seems to clash or is one record counted."""
    body = f"""
    :one a pg:Period ; pg:about p:a . :two a pg:Period ; pg:about p:b . {tally}
    d:k pg:joins :one , :two ; pg:contradictionKind <{kind}> .
    """.replace("<number", "<n:number").replace("<date", "<n:date")
    expected = {(f"claim/{claim}", "contradictedBy", "contradiction/k") for claim in contradicted}
    assert derive("18-contradicted.rq", body) == expected


@pytest.mark.parametrize(
    ("clash", "starts"),
    [
        ("", {"2021", "2022"}),
        ("n:k pg:joins :one , :two .", set()),
        ("n:k pg:joins :one , :two ; pg:preferredClaim :two .", {"2022"}),
        ("n:k pg:joins :one , :other .", {"2021", "2022"}),
    ],
    ids=["no clash", "open", "preferred", "with a programme"],
)
def test_dates(clash: str, starts: set[str]) -> None:
    """Dates come from whole periods, unless the pilot's own periods clash, or from the preferred one."""
    body = """
    :one a pg:Period ; pg:about p:a ; dcat:startDate "2021"^^xsd:gYear .
    :two a pg:Period ; pg:about p:a ; dcat:startDate "2022"^^xsd:gYear .
    :part a pg:Period ; pg:about p:a ; pg:part "evaluation"@en ; dcat:startDate "2023"^^xsd:gYear .
    :other a pg:Period ; pg:about p:z .
    """
    body += "".join(f"{claim} pg:contradictedBy n:k . " for claim in (":one", ":two", ":other") if claim in clash)
    assert derive("20-dates.rq", body + clash) == {("pilot/a", "startDate", start) for start in starts}


def test_coverage() -> None:
    """Each pilot and dimension has one state, and an apparent contradiction is none."""
    names = ("goal", "period", "reach", "location")
    body = "".join(f"<{ID}concept/dimension/{x}> skos:inScheme <{ID}concept/dimension> .\n" for x in names)
    body += f"""
    :g a pg:GoalAlignment ; pg:about p:a .
    :n a pg:NotApplicable ; pg:about p:a ; pg:dimension <{ID}concept/dimension/reach> .
    :one a pg:Period ; pg:about p:a . :two a pg:Period ; pg:about p:a . :three a pg:Period ; pg:about p:b .
    d:k a pg:Contradiction ; pg:joins :one , :two ; pg:contradictionKind n:date-date .
    :one pg:contradictedBy d:k . :two pg:contradictedBy d:k .
    d:l a pg:Contradiction ; pg:joins :three ; pg:contradictionKind <{ID}contradiction-kind/apparent> .
    """
    found = derive("30-coverage.rq", body)
    assert {(s.removeprefix("coverage/"), o.rpartition("/")[2]) for s, p, o in found if p == "knowing"} == {
        ("a-goal", "stated"),
        ("a-period", "contradicted"),
        ("a-reach", "not-applicable"),
        ("a-location", "not-stated"),
        ("b-period", "stated"),
        *((f"b-{x}", "not-stated") for x in ("goal", "reach", "location")),
    }


def test_passage_links() -> None:
    """The link names first and last words, with hyphens encoded; equal words stand once."""
    body = """
    n:s dcat:landingPage <https://example.org/doc> .
    e:e a pg:Evidence ; oa:hasSource n:s ; pg:startsWith "on-line start" ; pg:endsWith "the end" .
    e:f a pg:Evidence ; oa:hasSource n:s ; pg:startsWith "one" ; pg:endsWith "one" .
    """
    page = "https://example.org/doc#:~:text="
    assert derive("40-passage-links.rq", body) == {
        ("evidence/e", "passageLink", page + "on%2Dline%20start,the%20end"),
        ("evidence/f", "passageLink", page + "one"),
    }


def test_web_annotation() -> None:
    """A passage gets a range selector and a position selector."""
    body = 'e:e a pg:Evidence ; pg:startsWith "a" ; pg:endsWith "b" ; pg:start 3 ; pg:end 9 .'
    found = {(s.removeprefix("selector/"), p.rpartition("#")[2], o) for s, p, o in derive("50-web-annotation.rq", body)}
    assert {x for x in found if x[1] in ("exact", "start", "end", "hasSelector")} == {
        ("evidence/e", "hasSelector", "selector/e-range"),
        ("evidence/e", "hasSelector", "selector/e-position"),
        ("e-from", "exact", "a"),
        ("e-to", "exact", "b"),
        ("e-position", "start", "3"),
        ("e-position", "end", "9"),
    }


PERIODS = "15-periods-of-one-pilot.rq"
GROUP = "15-group-against-member.rq"
STATUS = "15-status-against-end.rq"
SUM = "15-sum-against-population.rq"
MEMBERS = "15-count-of-members.rq"


def period(name: str, of: str, start: str = "", end: str = "", more: str = "") -> str:
    """Write a period."""
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}
    dates = {"dcat:startDate": start, "dcat:endDate": end}
    lines = "".join(f'; {key} "{text}"^^xsd:{types[len(text)]} ' for key, text in dates.items() if text)
    return f":{name} a pg:Period ; pg:about p:{of} {lines}{more} .\n"


def test_two_periods_of_a_pilot() -> None:
    """Two whole periods that begin in different months make a contradiction of the ontology's form."""
    found = derive(PERIODS, period("one", "a", "2021-03", "2022") + period("two", "a", "2021-11", "2022-12"))
    name = "contradiction/derived-start-one-two"
    texts = sorted(o for s, p, o in found if p == "explanation")
    assert found == {
        (name, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "Contradiction"),
        (name, "contradictionKind", "concept/contradiction-kind/date-date"),
        (name, "severity", "concept/severity/low"),
        (name, "joins", "claim/one"),
        (name, "joins", "claim/two"),
        *((name, "explanation", text) for text in texts),
    }
    assert [("2021-03 " in text, "2021-11" in text) for text in texts] == [(True, True)] * 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (period("one", "a", "", "2022-03-01") + period("two", "a", "", "2022-03-09"), {"derived-end-one-two"}),
        (period("one", "a", "", "2022-03-01") + period("two", "a", "", "2022-03"), set()),
        (period("one", "a", "2021", more='; pg:startText "Eind 2021"') + period("two", "a", "2021-11"), set()),
        (
            period("one", "a", "2021", more='; pg:startText "sinds begin 2021"') + period("two", "a", "2021-11"),
            {"derived-start-one-two"},
        ),
        (period("one", "a", "2021") + period("two", "b", "2022"), set()),
        (period("one", "z", "2021") + period("two", "z", "2022"), set()),
        (period("one", "a", "2021") + period("two", "a", "2022", more='; pg:part "trial"@en'), set()),
    ],
    ids=["days", "month-holds-day", "season-holds-month", "season-apart", "two-pilots", "programme", "part"],
)
def test_periods_are_compared_as_far_as_they_go(body: str, expected: set[str]) -> None:
    """A coarser date holds the finer one; a printed season narrows a year; parts and other pilots stay out."""
    assert set(clashes(derive(PERIODS, body))) == expected


PART_OF = f"pg:relationKind <{ID}concept/relation-kind/part-of>"
MEMBER = f":m a pg:Relation ; pg:about p:a ; pg:other p:z ; {PART_OF} .\n"
EARLY = '; pg:startText "begin 2021" ; pg:part "execution of the pilots"@en'


def test_group_against_member() -> None:
    """What is said of a programme's pilots is held against each member's own period."""
    body = (
        MEMBER + period("all", "z", "2021", more=EARLY) + period("one", "a", "2021-11") + period("two", "b", "2021-11")
    )
    assert clashes(derive(GROUP, body)) == {"derived-group-start-all-one": {"all", "one"}}


@pytest.mark.parametrize(
    "body",
    [
        period("all", "z", "2021", more='; pg:part "evaluation"@en') + period("one", "a", "2019"),
        period("all", "z", "", "2022", more='; pg:endText "einde van 2022"') + period("one", "a", "2021", "2022-12"),
        period("all", "z", "2021") + period("one", "a", "2019", more='; pg:part "trial"@en'),
    ],
    ids=["other-thing", "agrees", "part-of-a-pilot"],
)
def test_group_that_does_not_clash(body: str) -> None:
    """An evaluation is not the running time, and the end of a year holds its December."""
    assert derive(GROUP, MEMBER + body) == set()


def status(kind: str) -> str:
    """Write a status from a document of 6 July 2022."""
    return f"""n:s dct:issued "2022-07-06"^^xsd:date . e:e oa:hasSource n:s .
    :st a pg:Classification ; pg:about p:a ; pg:evidence e:e ; pg:concept <{ID}concept/status/{kind}> .\n"""


@pytest.mark.parametrize(
    ("kind", "end", "more", "clash"),
    [
        ("running", "2022-06", "", True),
        ("running", "2022", '; pg:endText "eerste kwartaal 2022"', True),
        ("running", "2022-07", "", False),
        ("running", "2022", "", False),
        ("running", "2021", '; pg:part "first part"@en', False),
        ("finishing", "2021", "", False),
        ("completed", "2022-12", "", True),
        ("completed", "2022-07-06", "", False),
        ("stopped", "2022-07-07", "", True),
    ],
)
def test_status_against_end(kind: str, end: str, more: str, clash: bool) -> None:  # noqa: FBT001
    """Running after the end or over before it clashes, as of the document's date."""
    found = clashes(derive(STATUS, status(kind) + period("one", "a", "", end, more)))
    assert found == ({"derived-status-st-one": {"st", "one"}} if clash else {})


def count(name: str, topic: str, value: object, population: int = 30) -> str:
    """Write a count of pilots, in a number or in words."""
    said = f'pg:valueText "{value}"' if isinstance(value, str) else f"pg:value {value}"
    return f""":{name} a pg:AggregateObservation ; pg:category n:{name.rstrip("0123456789")} ;
    pg:population {population} ; pg:countedBy <{ID}concept/count-topic/{topic}> ;
    pg:populationGroup <{ID}concept/population-group/all> ;
    pg:statedIn <{ID}concept/section/four> ; {said} .\n"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (count("x", "ict", 10) + count("y", "ict", 15), {"x", "y"}),
        (count("x", "ict", 10) + count("y", "ict", 20), set()),
        (count("x", "ict", 10) + count("y", "ict", 15) + count("z", "ict", "the others"), set()),
        (count("x", "ict", 10) + count("y", "ict", 25) + count("z", "ict", "the others"), {"x", "y"}),
        (count("x", "ict", 10) + count("x1", "ict", 10) + count("y", "ict", 20), set()),
        (count("x", "theme", 10) + count("y", "theme", 15), set()),
        (count("x", "ict", 10), set()),
    ],
    ids=["too-few", "adds-up", "rest-in-words", "too-many", "printed-twice", "not-exclusive", "one-number"],
)
def test_sum_against_population(body: str, expected: set[str]) -> None:
    """Exclusive categories must add up, unless the rest is given in words."""
    found = clashes(derive(SUM, body))
    assert found == ({"derived-sum-ict-four-all": expected} if expected else {})


REACH = f":n a pg:Reach ; pg:about p:z ; pg:unit <{ID}concept/unit/pilot> ; pg:value "


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (MEMBER + REACH + "2 .", {"n", "m"}),
        (MEMBER + REACH + "1 .", set()),
        (REACH + "2 .", set()),
        (MEMBER + REACH + f"2 ; pg:certainty <{ID}concept/certainty/approximate> .", set()),
        (MEMBER + REACH + f"2 ; pg:certainty <{ID}concept/certainty/lower-bound> .", {"n", "m"}),
        (MEMBER + count("n", "programme", 3) + ":n pg:concerns p:a .", {"n", "m"}),
        (MEMBER + count("n", "theme", 3) + ":n pg:concerns p:a .", set()),
    ],
    ids=["too-few", "right", "umbrella", "approximate", "at-least", "observation", "other-topic"],
)
def test_count_of_members(body: str, expected: set[str]) -> None:
    """A printed number of pilots must be that of the members, where there are members."""
    assert clashes(derive(MEMBERS, body)) == ({"derived-members-n": expected} if expected else {})


@pytest.mark.parametrize(
    ("rule", "body", "joined"),
    [
        (PERIODS, period("one", "a", "2021") + period("two", "a", "2022"), ":one , :two"),
        (GROUP, MEMBER + period("all", "z", "2021") + period("one", "a", "2019"), ":all , :one"),
        (STATUS, status("running") + period("one", "a", "", "2021"), ":st , :one"),
        (SUM, count("x", "ict", 10) + count("y", "ict", 15), ":x , :y"),
        (MEMBERS, MEMBER + REACH + "2 .", ":n , :m"),
    ],
    ids=["periods", "group", "status", "sum", "members"],
)
def test_a_decision_silences_the_rule(rule: str, body: str, joined: str) -> None:
    """A person's decision on the same claims overrules; one on half of them, or another rule's, does not."""
    half = joined.split(" , ", maxsplit=1)[0]
    assert derive(rule, body)
    assert derive(rule, body + f"d:half a pg:Contradiction ; pg:joins {half} , :elsewhere .")
    assert derive(rule, body + f"d:derived-other a pg:Contradiction ; pg:joins {joined} .")
    assert derive(rule, body + f"d:decided a pg:Contradiction ; pg:joins {joined} .") == set()


def test_derived_contradictions_count_as_any_other(root: Path) -> None:
    """Clashes are sought before dates and coverage are worked out; in the bundled data a decision stands behind all."""
    names = list(RULES)
    assert names == sorted(names)
    sought = [names.index(rule) for rule in (PERIODS, GROUP, STATUS, SUM, MEMBERS)]
    assert max(sought) < names.index("18-contradicted.rq") < names.index("20-dates.rq") < names.index("30-coverage.rq")
    query = f'SELECT ?c {{ ?c a <{PG}Contradiction> FILTER(CONTAINS(STR(?c), "/contradiction/derived-")) }}'
    assert list(in_memory(Dataset.open(root)).select(query)) == []
