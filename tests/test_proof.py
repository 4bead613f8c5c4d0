"""The claims that carry a row: hand-computed on a small graph, proved on random ones, checked on the bundled data."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat
from pyoxigraph import parse as parse_rdf

from pilotgraph.dataset import Dataset
from pilotgraph.errors import SourceError
from pilotgraph.load import in_memory
from pilotgraph.proof import ABSENCE, CANNOT_TELL, REGISTER_ONLY, RowProof, carriers, states
from pilotgraph.proof.syntax import CannotTellError, parse, tokens
from pilotgraph.queries import bind, library, with_prefixes
from pilotgraph.rdf import read_text
from pilotgraph.store.embedded import EmbeddedStore
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.queries import Query

BASE = "https://example.org/set/"
SMALL = Dataset(root=Dataset.open().root, base=BASE, edition="1", licence="", title={}, description={}, sources=())
HEAD = f"""
PREFIX c: <{BASE}id/claim/>
PREFIX e: <{BASE}id/evidence/>
PREFIX p: <{BASE}id/pilot/>
PREFIX o: <{BASE}id/organisation/>
PREFIX x: <{BASE}id/concept/>
PREFIX g: <{BASE}graph/>
PREFIX ex: <https://example.org/>
PREFIX pg: <https://w3id.org/pilotgraph/def#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# c4 and c6 share the passage e4; c7 and c8 contradict each other; c9 is the editor's; c11 … c14 are a chain with
# two ways round; a and b have o1 as partner through one claim each, b twice.
GRAPH = """
g:register {
  p:a a pg:Pilot ; skos:prefLabel "A" . p:b a pg:Pilot ; skos:prefLabel "B" . p:c a pg:Pilot ; skos:prefLabel "C" .
  p:rvr a pg:Programme . o:o1 skos:prefLabel "One" . o:o2 skos:prefLabel "Two" .
  ex:record a pg:Record ; pg:recordOf p:a .
  x:goal skos:inScheme <https://example.org/set/id/concept/goals> .
  <https://example.org/set/id/concept/dimension/period> skos:inScheme <https://example.org/set/id/concept/dimension> .
  <https://example.org/set/id/concept/dimension/reach> skos:inScheme <https://example.org/set/id/concept/dimension> .
}
g:s {
  c:c1 a pg:Participation ; pg:about p:a ; pg:participant o:o1 ; pg:evidence e:e1 .
  c:c2 a pg:Participation ; pg:about p:a ; pg:participant o:o2 ; pg:evidence e:e2 .
  c:c3 a pg:Participation ; pg:about p:b ; pg:participant o:o1 ; pg:evidence e:e3 ; pg:note "first" .
  c:c3b a pg:Participation ; pg:about p:b ; pg:participant o:o1 ; pg:evidence e:e3 .
  c:c4 a pg:Funding ; pg:about p:a ; pg:amount 10 ; pg:evidence e:e4 .
  c:c5 a pg:Funding ; pg:about p:b ; pg:amount "010"^^xsd:integer ; pg:evidence e:e5 .
  c:c6 a pg:Funding ; pg:about p:b ; pg:amount 20.50 ; pg:evidence e:e4 .
  c:c7 a pg:Period ; pg:about p:a ; dcat:startDate "2020"^^xsd:gYear ; pg:evidence e:e7 .
  c:c8 a pg:Period ; pg:about p:a ; dcat:startDate "2021"^^xsd:gYear ; pg:evidence e:e8 .
  c:c9 a pg:Classification ; pg:about p:a ; pg:dimension <https://example.org/set/id/concept/dimension/domain> ;
    pg:concept x:wonen ; pg:evidence e:e9 ;
    pg:alignmentKind <https://example.org/set/id/concept/alignment-kind/assigned> .
  c:c10 a pg:Relation ; pg:about p:b ; pg:other p:rvr ; pg:evidence e:e10 ;
    pg:relationKind <https://example.org/set/id/concept/relation-kind/part-of> .
  c:c11 ex:next c:c12 , c:c13 ; pg:evidence e:e11 . c:c12 ex:next c:c14 ; pg:evidence e:e12 .
  c:c13 ex:next c:c14 ; pg:evidence e:e13 . c:c14 ex:last ex:end ; pg:evidence e:e14 .
  c:c15 a pg:Period ; pg:about p:b ; dcat:startDate "2019"^^xsd:gYear ; pg:evidence e:e15 .
  e:e1 pg:page 1 . e:e4 pg:page 4 . e:e5 pg:page 5 .
}
g:decisions {
  ex:clash a pg:Contradiction ; pg:joins c:c7 , c:c8 ; pg:preferredClaim c:c7 ; pg:reason "why" ;
    pg:contradictionKind <https://example.org/set/id/concept/contradiction-kind/date-date> .
  ex:seeming pg:joins c:c4 , c:c5 ;
    pg:contradictionKind <https://example.org/set/id/concept/contradiction-kind/apparent> .
}
"""
DERIVED = NamedNode(SMALL.graph("derived"))
NO_SOLUTION = f"{ABSENCE}: no solution"

# Query, then per row what it shows, the claims that carry it, and the reason if that is not empty.
CASES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "single pattern": (
        "SELECT ?o { c:c1 pg:participant ?o }",
        [("o1", "c1", "")],
    ),
    "join": (
        "SELECT ?p ?m { ?c pg:about ?p ; pg:amount ?m }",
        [("a 10", "c4", ""), ("b 10", "c5", ""), ("b 20.5", "c6", "")],
    ),
    "join of two claims": (
        (
            "SELECT ?p ?q { ?c pg:participant ?o ; pg:about ?p . ?d pg:participant ?o ; pg:about ?q "
            "FILTER(STR(?p) < STR(?q)) }"
        ),
        [("a b", "c1 c3 c3b", ""), ("a b", "c1 c3 c3b", "")],
    ),
    "optional, bound and not": (
        "SELECT ?c ?n { ?c pg:participant o:o1 OPTIONAL { ?n ex:of ?c } OPTIONAL { ?c pg:note ?n } }",
        [("c1 -", "c1", ""), ("c3 first", "c3", ""), ("c3b -", "c3b", "")],
    ),
    "optional that brings a claim": (
        "SELECT ?l ?m { ?p a pg:Pilot ; skos:prefLabel ?l OPTIONAL { ?c pg:about ?p ; pg:amount ?m FILTER(?m > 15) } }",
        [
            ("A -", "", f"{ABSENCE}: OPTIONAL finds nothing"),
            ("B 20.5", "c6", ""),
            ("C -", "", f"{ABSENCE}: OPTIONAL finds nothing"),
        ],
    ),
    "filter of an optional sees outside": (
        "SELECT ?c ?d { ?c pg:amount ?m OPTIONAL { ?d pg:amount ?n FILTER(?n > ?m) } }",
        [("c4 c6", "c4 c6", ""), ("c5 c6", "c5 c6", ""), ("c6 -", "c6", "")],
    ),
    "union": (
        "SELECT ?p { { ?c pg:participant o:o2 ; pg:about ?p } UNION { ?d pg:amount 20.5 ; pg:about ?p } }",
        [("a", "c2", ""), ("b", "c6", "")],
    ),
    "filter": (
        "SELECT ?c { ?c pg:amount ?m FILTER(?m > 15) }",
        [("c6", "c6", "")],
    ),
    "exists": (
        "SELECT ?l { ?p skos:prefLabel ?l FILTER EXISTS { ?c pg:about ?p ; pg:participant o:o1 } }",
        [("A", "c1", ""), ("B", "c3 c3b", "")],
    ),
    "exists in an expression": (
        "SELECT ?l (EXISTS { ?c pg:about ?p ; pg:participant o:o2 } AS ?with) { ?p a pg:Pilot ; skos:prefLabel ?l }",
        [
            ("A true", "c2", ""),
            ("B false", "", f"{ABSENCE}: EXISTS finds nothing"),
            ("C false", "", f"{ABSENCE}: EXISTS finds nothing"),
        ],
    ),
    "not exists": (
        "SELECT ?l { ?p a pg:Pilot ; skos:prefLabel ?l FILTER NOT EXISTS { ?c pg:about ?p ; pg:evidence ?e } }",
        [("C", "", f"{ABSENCE}: NOT EXISTS")],
    ),
    "not exists beside a claim": (
        "SELECT ?c { ?c pg:participant ?o FILTER(!EXISTS { ?c pg:note ?n }) FILTER(?o = o:o1) }",
        [("c1", "c1", ""), ("c3b", "c3b", "")],
    ),
    "minus": (
        "SELECT ?l { ?p a pg:Pilot ; skos:prefLabel ?l MINUS { ?c pg:about ?p ; pg:evidence ?e } }",
        [("C", "", f"{ABSENCE}: MINUS")],
    ),
    "bind": (
        "SELECT ?twice { ?c pg:amount ?m BIND(?m * 2 AS ?twice) FILTER(?twice > 30) }",
        [("41", "c6", "")],
    ),
    "values": (
        "SELECT ?c { VALUES (?o ?p) { (o:o1 p:b) (o:o2 UNDEF) } ?c pg:participant ?o ; pg:about ?p }",
        [("c2", "c2", ""), ("c3", "c3", ""), ("c3b", "c3b", "")],
    ),
    "values behind the query": (
        "SELECT ?c { ?c pg:participant ?o } VALUES ?o { o:o2 }",
        [("c2", "c2", "")],
    ),
    "sub-select": (
        "SELECT ?l { ?p skos:prefLabel ?l { SELECT DISTINCT ?p { ?c pg:about ?p ; pg:participant o:o1 } } }",
        [("A", "c1", ""), ("B", "c3 c3b", "")],
    ),
    "sub-select with an aggregate": (
        (
            "SELECT ?l ?n { ?p skos:prefLabel ?l { SELECT ?p (COUNT(?c) AS ?n) { ?c pg:about ?p ; pg:amount ?m } "
            "GROUP BY ?p } }"
        ),
        [("A 1", "c4", ""), ("B 2", "c5 c6", "")],
    ),
    "sub-select whose column is bound outside": (
        "SELECT ?c ?n { c:c3 pg:note ?n { SELECT ?c ?n { ?c pg:participant o:o2 OPTIONAL { ?c pg:note ?n } } } }",
        [("c2 first", "c2 c3", "")],
    ),
    "sub-select grouped by an expression": (
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?c pg:amount ?m } GROUP BY (?m > 15) } FILTER(?n = 1) }",
        [("1", "c6", "")],
    ),
    "count": (
        "SELECT ?p (COUNT(?c) AS ?n) { ?c pg:about ?p ; pg:participant ?o } GROUP BY ?p",
        [("a 2", "c1 c2", ""), ("b 2", "c3 c3b", "")],
    ),
    "sum, average, extremes": (
        (
            "SELECT (SUM(?m) AS ?s) (AVG(?m) AS ?a) (MIN(?m) AS ?low) (MAX(?m) AS ?high) { ?c pg:about p:b ; "
            "pg:amount ?m }"
        ),
        [("30.5 15.25 10 20.5", "c5 c6", "")],
    ),
    "group_concat and sample": (
        (
            'SELECT ?p (GROUP_CONCAT(DISTINCT ?l; separator="; ") AS ?all) (SAMPLE(?l) AS ?one) '
            "{ ?c pg:about ?p ; pg:participant/skos:prefLabel ?l } GROUP BY ?p HAVING(COUNT(DISTINCT ?l) = 1)"
        ),
        [("b One One", "c3 c3b", "")],
    ),
    "groups with the same row": (
        "SELECT (COUNT(*) AS ?n) { ?c pg:participant ?o ; pg:about ?p } GROUP BY ?p",
        [("2", "c1 c2 c3 c3b", ""), ("2", "c1 c2 c3 c3b", "")],
    ),
    "having": (
        "SELECT ?o { ?c pg:participant ?o } GROUP BY ?o HAVING(COUNT(*) > 1)",
        [("o1", "c1 c3 c3b", "")],
    ),
    "count of nothing": ("SELECT (COUNT(*) AS ?n) { ?c ex:none ?x }", [("0", "", NO_SOLUTION)]),
    "distinct": (
        "SELECT DISTINCT ?o { ?c pg:participant ?o }",
        [("o1", "c1 c3 c3b", ""), ("o2", "c2", "")],
    ),
    "order and limit": (
        "SELECT ?c ?m { ?c pg:amount ?m } ORDER BY DESC(?m) ?c LIMIT 2",
        [("c6 20.5", "c6", ""), ("c4 10", "c4", "")],
    ),
    "sequence": ("SELECT ?x { ?x pg:participant/skos:prefLabel 'Two' }", [("c2", "c2", "")]),
    "inverse": ("SELECT ?p { o:o2 ^pg:participant/pg:about ?p }", [("a", "c2", "")]),
    "alternative": (
        "SELECT ?y { c:c10 pg:about|pg:other|ex:none ?y }",
        [("b", "c10", ""), ("rvr", "c10", "")],
    ),
    "negated": (
        "SELECT ?y { c:c3 !(pg:about|pg:evidence|a|^ex:next) ?y }",
        [("b", "c3", ""), ("first", "c3", ""), ("o1", "c3", "")],
    ),
    "one or more": ("SELECT ?y { c:c12 ex:next+ ?y }", [("c14", "c12", "")]),
    "two ways round": ("SELECT ?y { c:c11 ex:next+ ?y FILTER(?y = c:c14) }", [("c14", "c11 c12 c13", "")]),
    "none or more": (
        "SELECT ?y { c:c12 ex:next* ?y }",
        [("c12", "", REGISTER_ONLY), ("c14", "c12", "")],
    ),
    "none or one": (
        "SELECT ?y { c:c12 ex:next? ?y }",
        [("c12", "", REGISTER_ONLY), ("c14", "c12", "")],
    ),
    "closure of a longer path": ("ASK { c:c11 (ex:next/ex:next|ex:last)+ ex:end }", [("", "c11 c12 c13 c14", "")]),
    "graph": (
        "SELECT ?g ?o { GRAPH ?g { c:c2 pg:participant ?o } }",
        [("s o2", "c2", "")],
    ),
    "closure in a graph": ("SELECT ?y { GRAPH g:s { c:c13 ex:next+ ?y } }", [("c14", "c13", "")]),
    "exists in a graph": (
        "SELECT ?c { GRAPH ?g { ?c pg:participant o:o2 FILTER EXISTS { ?d pg:amount 20.5 } } }",
        [("c2", "c2 c6", "")],
    ),
    "sub-select in a graph": (
        "SELECT ?n { GRAPH g:s { SELECT (COUNT(*) AS ?n) { ?d pg:amount ?m } } }",
        [("3", "c4 c5 c6", "")],
    ),
    "shortcut": (
        "SELECT ?p { ?p pg:hasPartner o:o1 }",
        [("a", "c1", ""), ("b", "c3 c3b", "")],
    ),
    "shortcut beside its claim": (
        "SELECT ?c { ?c pg:note 'first' ; pg:about ?p . ?p pg:hasPartner o:o1 }",
        [("c3", "c3", "")],
    ),
    "shortcut by a rule with a variable predicate": ("SELECT ?p { ?p pg:inDomain x:wonen }", [("a", "c9", "")]),
    "claimed by": ("SELECT ?c { p:a pg:claimedBy ?c FILTER(?c = c:c2) }", [("c2", "c2", "")]),
    "a date from the preferred claim": ("SELECT ?d { p:a pg:startDate ?d }", [("2020", "c7", "")]),
    "in programme": ("SELECT ?x { p:b pg:inProgramme ?x }", [("rvr", "c10", "")]),
    "coverage, contradicted": (
        (
            "SELECT ?k { ?v a pg:Coverage ; pg:about p:a ; pg:knowing ?k ; pg:dimension/skos:inScheme ?s "
            'FILTER(STRENDS(STR(?v), "period")) }'
        ),
        [("contradicted", "c7 c8", "")],
    ),
    "coverage, stated": (
        'SELECT ?k { ?v pg:about p:b ; pg:knowing ?k FILTER(STRENDS(STR(?v), "period")) }',
        [("stated", "c15", "")],
    ),
    "coverage, not stated": (
        'SELECT ?k { ?v pg:about p:a ; pg:knowing ?k FILTER(STRENDS(STR(?v), "reach")) }',
        [("not-stated", "", f"{ABSENCE}: OPTIONAL finds nothing, derived by 30-coverage")],
    ),
    "what a contradiction joins": ("SELECT ?c { ex:clash pg:joins ?c FILTER(?c = c:c8) }", [("c8", "c8", "")]),
    "what a contradiction prefers": ("SELECT ?c { ex:clash pg:preferredClaim ?c }", [("c7", "c7", "")]),
    "what is said of a contradiction": ("SELECT ?r { ex:clash pg:reason ?r }", [("why", "c7 c8", "")]),
    "a passage that two claims use": ("SELECT ?n { e:e4 pg:page ?n }", [("4", "c4 c6", "")]),
    "a shared passage beside one of its claims": (
        "SELECT ?n { c:c6 pg:evidence/pg:page ?n }",
        [("4", "c6", "")],
    ),
    "register only": ("SELECT ?l { p:c skos:prefLabel ?l }", [("C", "", REGISTER_ONLY)]),
    "no pattern at all": ("SELECT (1 AS ?one) {}", [("1", "", REGISTER_ONLY)]),
    "ask, true": ("ASK { ?c pg:participant o:o2 }", [("", "c2", "")]),
    "ask, false": ("ASK { ?c pg:participant o:o3 }", [("", "", NO_SOLUTION)]),
    "duplicate rows": (
        "SELECT ?o { ?c pg:participant ?o FILTER(?o = o:o1) }",
        [("o1", "c1 c3 c3b", "")] * 3,
    ),
    "odd lexical form": (
        'SELECT ?c { ?c pg:amount "0010"^^xsd:integer }',
        [("c4", "c4", ""), ("c5", "c5", "")],
    ),
    "all columns, blank nodes, comments": (
        (
            "SELECT * { # a comment with a } and a 'quote\n [ a pg:Funding ; pg:amount ?m ; pg:about [ "
            "skos:prefLabel 'A' ] ] }"
        ),
        [("10", "c4", "")],
    ),
    "strings that look like syntax": (
        "SELECT ?c { ?c pg:participant o:o2 FILTER(\"} EXISTS { ?c \" != '''a 'quote' \"''') }",
        [("c2", "c2", "")],
    ),
    "limit in a sub-select": (
        "SELECT ?c { { SELECT ?c { ?c pg:amount ?m } ORDER BY ?c LIMIT 1 } }",
        [("c4", "", f"{CANNOT_TELL}: LIMIT in a sub-select")],
    ),
    "exists beside an aggregate": (
        "SELECT (COUNT(?c) AS ?n) { ?c pg:participant o:o2 } HAVING(EXISTS { ?x pg:amount 10 })",
        [("1", "c2", f"{CANNOT_TELL} all: EXISTS beside an aggregate")],
    ),
    "a function of chance": (
        "SELECT ?r { ?c pg:participant o:o2 BIND(STRUUID() AS ?r) }",
        [("*", "", f"{CANNOT_TELL}: the row is not found again when the query is asked for what it uses")],
    ),
    "a query that makes a graph": (
        "CONSTRUCT { ?c a ?x } WHERE { ?c a ?x }",
        [("", "", f"{CANNOT_TELL}: a query that makes a graph")],
    ),
}


def quads() -> set[Quad]:
    """The small graph, without what is derived."""
    return set(parse_rdf((HEAD + GRAPH).encode(), format=RdfFormat.TRIG))


def loaded(given_quads: Iterable[Quad]) -> EmbeddedStore:
    """A store with these quads and all that the project's rules derive from them."""
    store = EmbeddedStore()
    store.add(given_quads)
    for path in SMALL.rule_files():
        made = set(store.construct(read_text(path)))
        store.add(Quad(t.subject, t.predicate, t.object, DERIVED) for t in made)
    return store


def short(term: object) -> str:
    """The last part of an IRI, the text of a literal."""
    return "-" if term is None else re.split(r"[/#]", plain(term))[-1]  # type: ignore[arg-type]


def shown(query: str, store: EmbeddedStore) -> list[tuple[str, str, str]]:
    """Each row as text, its claims, and the reason, sorted as the cases are."""
    proofs = carriers(HEAD + query, store, SMALL)
    return [(" ".join(map(short, p.row)), " ".join(map(short, p.claims)), p.reason) for p in proofs]


@pytest.fixture(scope="module")
def small() -> EmbeddedStore:
    """The small graph with its derived triples."""
    return loaded(quads())


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The bundled data set."""
    return Dataset.open()


@pytest.fixture(scope="module")
def store(dataset: Dataset) -> EmbeddedStore:
    """The bundled data set, loaded."""
    return in_memory(dataset)


@pytest.mark.parametrize("case", CASES)
def test_claims_are_those_computed_by_hand(case: str, small: EmbeddedStore) -> None:
    """Every construct of SPARQL gives exactly the claims, or the reason, of the definition."""
    query, expected = CASES[case]
    found = shown(query, small)
    if expected[0][0] == "*":
        found = [("*", *rest) for _, *rest in found]
    assert (found if "ORDER BY" in query else sorted(found)) == expected


def test_rules_records_and_absence_are_named(small: EmbeddedStore) -> None:
    """A row names the rules whose triples it used, the records that were read, and what was not found."""
    (date,) = carriers(f"{HEAD} SELECT ?d {{ p:a pg:startDate ?d }}", small, SMALL)
    assert (date.rules, date.absent) == (("20-dates",), ("NOT EXISTS", "OPTIONAL finds nothing"))
    (record,) = carriers(f"{HEAD} SELECT ?r {{ ?r pg:recordOf p:a }}", small, SMALL)
    assert dataclasses.replace(record, row=()) == RowProof(
        records=("https://example.org/record",), reason=REGISTER_ONLY, bare=True
    )


def test_state_of_knowing(small: EmbeddedStore) -> None:
    """A claim is contradicted, assigned by the editor, derived or stated; what only seems to clash is stated."""
    text = f"{HEAD} SELECT * {{ ?c pg:about p:a OPTIONAL {{ p:b pg:hasPartner ?o }} }}"
    proofs = carriers(text, small, SMALL)
    knowing = {short(claim): state for proof in proofs for claim, state in proof.knowing.items()}
    assert knowing == {
        "c1": "stated",
        "c2": "stated",
        "c3": "derived",
        "c3b": "derived",
        "c4": "stated",
        "c7": "contradicted",
        "c8": "contradicted",
        "c9": "assigned",
    }
    assert states([], small) == {}


def test_a_row_that_also_holds_without_claims_is_marked(small: EmbeddedStore) -> None:
    """A row that the register gives too keeps the claims that carry it, and is marked."""
    text = f"{HEAD} SELECT DISTINCT ?p {{ {{ ?p a pg:Pilot }} UNION {{ ?c pg:about ?p }} VALUES ?p {{ p:b }} }}"
    (proof,) = carriers(text, small, SMALL)
    assert proof.bare
    assert list(map(short, proof.claims)) == ["c10", "c15", "c3", "c3b", "c5", "c6"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("SERVICE <https://example.org/sparql> { ?s ?p ?o }", "SERVICE"),
        ("?s pg:list ( 1 2 )", "a list ( … ) in a pattern"),
        ("<< ?a ?b ?c >> ?p ?o", "a quoted triple"),
    ],
)
def test_what_is_not_followed_is_named(pattern: str, reason: str) -> None:
    """A construct through which no claim can be followed is refused by its name."""
    with pytest.raises(CannotTellError, match=re.escape(reason)):
        parse(f"{HEAD} SELECT ?s {{ {pattern} }}")


def test_too_many_solutions(small: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof with more solutions than anyone could read is refused, not waited for."""
    monkeypatch.setattr("pilotgraph.proof.derive.MAX_SOLUTIONS", 2)
    (proof,) = carriers(f"{HEAD} SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}", small, SMALL)
    assert proof.reason == f"{CANNOT_TELL}: more than 2 solutions"


def test_a_wrong_query_is_an_error(small: EmbeddedStore) -> None:
    """A syntax error is reported as one."""
    with pytest.raises(SourceError):
        carriers("SELECT {", small, SMALL)


def test_tokens() -> None:
    """Names, numbers and strings are told from the signs around them."""
    text = "?a<5.?b $c a:b.c. 'x'@en-gb \"y\" ^^ a:t <= <i> -1.5e3 a:p+/^b:q"
    expected = "?a < 5 . ?b ?c a:b.c . 'x'@en-gb|\"y\" ^^ a:t|<= <i> -1.5e3 a:p + / ^ b:q"
    first, middle, last = expected.split("|")
    assert tokens(text) == [*first.split(), middle, *last.split()]


# Random graphs: soundness and completeness, for queries without negation.

MONOTONE = (
    "SELECT ?p ?o { ?c pg:about ?p ; pg:participant ?o }",
    "SELECT DISTINCT ?p { ?p pg:hasPartner ?o }",
    "SELECT DISTINCT ?p ?q { ?p pg:hasPartner ?o . ?q pg:hasPartner ?o . ?c pg:about ?p }",
    "SELECT DISTINCT ?n { ?c pg:about ?p ; pg:evidence/pg:page ?n }",
    "SELECT DISTINCT ?p ?n { ?c pg:about ?p . { ?c pg:evidence/pg:page ?n } UNION { ?p skos:prefLabel ?n } }",
    "SELECT DISTINCT ?x ?y { ?x (^pg:about/pg:participant|^pg:participant/pg:about)+ ?y }",
    "SELECT DISTINCT ?l { ?p skos:prefLabel ?l FILTER EXISTS { ?c pg:about ?p ; pg:participant ?o } }",
    "SELECT DISTINCT ?o { { SELECT DISTINCT ?p { ?c pg:about ?p ; pg:evidence e:e1 } } ?p pg:hasPartner ?o }",
    "SELECT DISTINCT ?c ?d { ?c pg:evidence ?e . ?d pg:evidence ?e . ?e pg:page ?n }",
    "SELECT DISTINCT ?o { GRAPH ?g { ?p pg:claimedBy|pg:hasPartner ?o } }",
)
CLAIMS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("123"), st.sampled_from("12")), min_size=1, max_size=6
)


def random_graph(claims: list[tuple[str, str, str]]) -> str:
    """Participations: pilot, organisation and passage of each; passages are shared."""
    lines = [
        f"c:n{number} a pg:Participation ; pg:about p:{pilot} ; pg:participant o:o{actor} ; pg:evidence e:e{passage} ."
        for number, (pilot, actor, passage) in enumerate(claims)
    ]
    names = " ".join(f"p:{name} skos:prefLabel '{name}' ." for name in "ab")
    return f"{HEAD} g:register {{ {names} }} g:s {{ {' '.join(lines)} }}"


def without(claims: Iterable[str], all_quads: set[Quad]) -> EmbeddedStore:
    """The store from which some claims are removed, with the passages that no other claim uses."""
    gone = {NamedNode(claim) for claim in claims}
    left = {quad for quad in all_quads if quad.subject not in gone}
    for quad in all_quads:
        if quad.predicate.value.endswith("#evidence") and quad.subject not in gone:
            number = plain(quad.object)[-1]  # type: ignore[arg-type]
            graph = f"{HEAD} g:s {{ e:e{number} pg:page {number} }}"
            left |= set(parse_rdf(graph.encode(), format=RdfFormat.TRIG))
    return loaded(left)


@settings(max_examples=25, deadline=None)
@given(CLAIMS, st.sampled_from(MONOTONE))
def test_proof_is_sound_and_complete(claims: list[tuple[str, str, str]], query: str) -> None:
    """Without the claims that carry a row the row is gone; without any other claim it stays."""
    all_quads = set(parse_rdf(random_graph(claims).encode(), format=RdfFormat.TRIG))
    whole = without((), all_quads)
    text = HEAD + query
    everyone = {f"{BASE}id/claim/n{number}" for number in range(len(claims))}
    for proof in carriers(text, whole, SMALL):
        left = {tuple(other) for other in without(proof.claims, all_quads).select(text)}
        assert (proof.row in left) == proof.bare
        kept = {tuple(other) for other in without(everyone - set(proof.claims), all_quads).select(text)}
        assert proof.row in kept


# The bundled data.

QUESTIONS: dict[str, Query] = {q.name: q for kind in ("question", "network") for q in library(Dataset.open(), kind)}
# What carries a row beyond the column ?claims: all of it follows from the definition.
_PILLAR = "the pilot's pillar is asked for through pg:inPillar, which a claim states"
_PROGRAMME = "the programme is found through pg:inProgramme, which a claim states"
_CLASH = "a contradiction is looked for, and what it says rests on all the claims that it joins"
_COVERAGE = "the state of knowing rests on the claims of the pilot and dimension, the column names the record"
_PERIODS = "every period of the pilot is looked at to see whether it is one of the whole pilot"
_QUESTION = "the research question is asked for by its number, which the passage of the question states"
_RECORD = "each pilot comes with the record that was read, named where nothing is said"
MORE = {
    "coverage-by-question": f"{_QUESTION}; {_RECORD}; {_CLASH}",
    "definitions": _CLASH,
    "figures-that-cannot-be-rebuilt": _CLASH,
    "findings-by-theme": _CLASH,
    "gaps-per-dimension": f"{_PILLAR}; {_COVERAGE}",
    "goals-and-pilots": _CLASH,
    "goals-served": _PILLAR,
    "main-parties-on-securing": _CLASH,
    "money-by-programme-and-kind": f"{_PROGRAMME}; {_CLASH}",
    "money-totals": f"{_PROGRAMME}; {_PILLAR}",
    "numbers-reached": _CLASH,
    "partners-of-pilots": _CLASH,
    "pilot-dossier": _CLASH,
    "pilots-by-place": f"{_PERIODS}; {_CLASH}",
    "pilots-per-domain-and-pillar": _PILLAR,
    "report-against-records": _CLASH,
    "report-figures": _CLASH,
    "report-numbers": _CLASH,
    "running-times": _CLASH,
    "securing-per-pilot": _CLASH,
    "status": _CLASH,
    "subsidies-per-programme": _PROGRAMME,
    "tested-with-users": _CLASH,
    "what-comes-next": _CLASH,
    "what-is-not-stated": f"{_COVERAGE}; {_CLASH}",
    "what-is-not-stated-matrix": _COVERAGE,
    "what-securing-takes": _CLASH,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_named_queries_name_what_carries_them(name: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """The claims that a named query lists are among those that carry the row; where there are more, it says why."""
    query = QUESTIONS[name]
    given_values = {p.name: "zsm" for p in query.parameters if p.required}
    text = bind(query, given_values, dataset, store, "en")
    names = [variable.value for variable in store.select(text).variables]
    proofs = carriers(text, store, dataset)
    listed = [set(plain(proof.row[names.index("claims")]).split()) for proof in proofs]
    found = [{*proof.claims, *proof.records} for proof in proofs]
    assert not [proof.reason for proof in proofs if proof.reason.startswith(CANNOT_TELL)]
    assert [less - more for less, more in zip(listed, found, strict=True)] == [set()] * len(listed)
    assert listed == found or name in MORE
    beyond = {claim for less, more in zip(listed, found, strict=True) for claim in more - less}
    joined = {plain(row["c"]) for row in store.select(with_prefixes("SELECT ?c { ?clash pg:joins ?c }"))}
    kinds = {
        _PILLAR: "-pillar-",
        _PROGRAMME: "-relation-part-of-",
        _COVERAGE: "/id/claim/",
        _PERIODS: "-period",
        _QUESTION: "/id/question/",
        _RECORD: "/id/record/",
    }
    known = [part for why, part in kinds.items() if why in MORE.get(name, "")]
    assert not [claim for claim in beyond if claim not in joined and not any(part in claim for part in known)]


# Free queries, and a second way to find the claims of each row: a query with the row's values put in. Where
# a query has no such second way the claims are written out.
FREE: dict[str, tuple[str, str]] = {
    "partners of two pilots": (
        (
            "SELECT DISTINCT ?org { ?p pg:hasPartner ?org . ?q pg:hasPartner ?org . FILTER(STR(?p) < STR(?q)) "
            "?org a pg:Organisation }"
        ),
        "?claim pg:participant ?org ; pg:about ?p . ?other pg:participant ?org ; pg:about ?q . FILTER(?p != ?q)",
    ),
    "amounts": (
        "SELECT ?pilot ?amount { ?c a pg:Funding ; pg:about ?pilot ; pg:amount ?amount }",
        "?claim a pg:Funding ; pg:about ?pilot ; pg:amount ?amount",
    ),
    "pilots per domain": (
        "SELECT ?domain (COUNT(DISTINCT ?pilot) AS ?n) { ?pilot pg:inDomain ?domain } GROUP BY ?domain",
        '?claim a pg:Classification ; pg:concept ?domain ; pg:dimension ?d . FILTER(STRENDS(STR(?d), "/domain"))',
    ),
    "sum of the subsidies of a pilot": (
        (
            "SELECT ?pilot (SUM(?amount) AS ?sum) { ?c a pg:Funding ; pg:about ?pilot ; pg:amount ?amount ; "
            'pg:fundingKind ?k . FILTER(STRENDS(STR(?k), "/subsidy")) } GROUP BY ?pilot'
        ),
        '?claim a pg:Funding ; pg:about ?pilot ; pg:fundingKind ?k . FILTER(STRENDS(STR(?k), "/subsidy"))',
    ),
    "goals, with label if there is one": (
        (
            "SELECT ?pilot ?goal ?label { ?pilot pg:servesGoal ?goal OPTIONAL { ?goal skos:prefLabel ?label "
            'FILTER(LANG(?label) = "nl") } }'
        ),
        "?claim pg:about ?pilot ; pg:goal ?goal",
    ),
    "places of the place": (
        "SELECT DISTINCT ?pilot ?region { ?pilot pg:inPlace/dct:isPartOf* ?region }",
        "?claim a pg:Location ; pg:about ?pilot ; pg:place/dct:isPartOf* ?region",
    ),
    "pages per source": (
        (
            "SELECT ?source (COUNT(*) AS ?n) { ?passage a pg:Evidence ; oa:hasSource ?source ; pg:page ?page } "
            "GROUP BY ?source"
        ),
        "?claim pg:evidence ?passage . ?passage oa:hasSource ?source ; pg:page ?page",
    ),
    "pilots where something is contradicted": (
        "SELECT ?pilot { ?pilot a pg:Pilot FILTER EXISTS { ?clash pg:joins ?c . ?c pg:about ?pilot } }",
        "?clash pg:joins ?claim . ?claim pg:about ?pilot",
    ),
    "stated dimensions": (
        (
            "SELECT ?pilot { ?v pg:about ?pilot ; pg:dimension ?d ; pg:knowing ?k FILTER(STRENDS(STR(?d), "
            '"/reach") && STRENDS(STR(?k), "/stated")) }'
        ),
        (
            "?claim pg:about ?pilot { ?claim a pg:Reach } UNION { ?claim a pg:NotApplicable ; pg:dimension ?d "
            'FILTER(STRENDS(STR(?d), "/reach")) }'
        ),
    ),
    "most recent start": (
        "SELECT ?pilot ?start { ?pilot pg:startDate ?start } ORDER BY DESC(?start) ?pilot LIMIT 3",
        "?claim a pg:Period ; pg:about ?pilot ; dcat:startDate ?start FILTER NOT EXISTS { ?claim pg:part ?part }",
    ),
}


@pytest.mark.parametrize("name", FREE)
def test_free_queries_on_the_bundled_data(name: str, dataset: Dataset, store: EmbeddedStore) -> None:
    """Ten free queries: the proof of each row is what a second query, about that row, finds."""
    query, check = FREE[name]
    answer = store.select(with_prefixes(query))
    names = [variable.value for variable in answer.variables]
    proofs = carriers(with_prefixes(query), store, dataset)
    assert proofs
    for proof in proofs:
        kept = {n: v for n, v in zip(names, proof.row, strict=True) if v is not None and re.search(rf"\?{n}\b", check)}
        values = " ".join(f"VALUES ?{n} {{ {v} }}" for n, v in kept.items())
        expected = store.select(with_prefixes(f"SELECT DISTINCT ?claim {{ {values} {check} }}"))
        found = {plain(term) for solution in expected for term in solution}
        assert set(proof.claims) == found
        assert found or proof.reason


def test_absence_in_the_bundled_data(dataset: Dataset, store: EmbeddedStore) -> None:
    """What no record states rests on absence, and is said to be derived."""
    text = with_prefixes('SELECT ?v { ?v pg:knowing ?k FILTER(STRENDS(STR(?k), "/not-stated")) }')
    reasons = {dataclasses.replace(proof, knowing={}).reason for proof in carriers(text, store, dataset)}
    assert reasons == {f"{ABSENCE}: OPTIONAL finds nothing, derived by 30-coverage"}
