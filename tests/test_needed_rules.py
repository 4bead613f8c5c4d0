"""Which rules a query needs: without the others it gets the same answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from pilotgraph import rules
from pilotgraph.dataset import Dataset
from pilotgraph.graphs import into
from pilotgraph.queries import library, with_prefixes
from pilotgraph.rdf import parse_file, read_text
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.queries import Query

COVERAGE, SELECTORS, LINKS = "30-coverage.rq", "50-web-annotation.rq", "40-passage-links.rq"
TERMS = (
    *("a", "pg:about", "pg:dimension", "pg:knowing", "pg:joins", "pg:contradictedBy", "pg:evidence", "pg:participant"),
    *("pg:startDate", "pg:inPillar", "pg:inProgramme", "pg:hasPartner", "pg:recordOf", "pg:contradictionKind"),
    *("oa:hasSelector", "oa:hasStartSelector", "oa:exact", "oa:start", "skos:prefLabel", "skos:inScheme"),
)
CLASSES = (
    "pg:Coverage",
    "pg:Pilot",
    "pg:Contradiction",
    "pg:Evidence",
    "oa:RangeSelector",
    "skos:Concept",
    "pg:Period",
)


@cache
def parts() -> tuple[list[Quad], dict[str, list[Quad]]]:
    """What the files of the flagship set say of a part of it, and what each rule derives from that.

    The contradictions of the data are left out, so that rules alone make some.
    """
    dataset = Dataset.open()
    quads = [quad for graph, path in dataset.graph_files() for quad in into(NamedNode(graph), parse_file(path), path)]
    chosen = [quad for quad in quads if "/contradiction/" not in str(quad.subject)]
    store = EmbeddedStore()
    store.add(chosen)
    derived = {}
    for path in dataset.rule_files():
        made = [Quad(*triple, NamedNode("x:derived")) for triple in set(store.construct(read_text(path)))]
        store.add(made)
        derived[path.name] = made
    return chosen, derived


@cache
def store_of(names: frozenset[str]) -> EmbeddedStore:
    """The files, and what some rules derive."""
    files, derived = parts()
    store = EmbeddedStore()
    store.add([*files, *(quad for name in sorted(names) for quad in derived[name])])
    return store


def needed(*queries: str) -> frozenset[str]:
    """The names of the rules that queries need."""
    files = store_of(frozenset())
    found = {path.name: read_text(path) for path in Dataset.open().rule_files()}

    def both(one: str, two: str) -> bool:
        return files.ask(f"ASK {{ ?thing a {one} , {two} }}")

    texts = [with_prefixes(query) for query in queries]
    wanted = rules.needed(list(found.values()), texts, both)
    return frozenset(name for name, is_wanted in zip(found, wanted, strict=True) if is_wanted)


def holds(query: str) -> None:
    """Hold that a query gives the same with all rules and with those that it needs."""
    _, derived = parts()
    full, part = (
        sorted(map(str, store_of(names).select(with_prefixes(query)))) for names in (frozenset(derived), needed(query))
    )
    assert part == full


@pytest.mark.parametrize("query", library(Dataset.open(), "check"), ids=lambda query: query.name)
def test_check_queries_find_the_same(query: Query) -> None:
    """What a check query finds does not depend on the rules that it does not need."""
    holds(query.text)


def test_check_queries_need_few() -> None:
    """The three rules that make most of the derived triples are not needed for the check queries."""
    assert needed(*(query.text for query in library(Dataset.open(), "check"))).isdisjoint({COVERAGE, SELECTORS, LINKS})


@pytest.mark.parametrize(
    ("where", "rule"),
    [
        ("?x a pg:Coverage", COVERAGE),
        ("?x pg:about ?y . FILTER NOT EXISTS { ?x pg:evidence ?e }", COVERAGE),
        ("?x pg:knowing ?k . ?k a skos:Concept ; skos:prefLabel ?name", COVERAGE),
        ("VALUES ?p { pg:joins pg:knowing } ?x ?p ?y", COVERAGE),
        ("VALUES (?p ?c) { (pg:joins 1) (UNDEF 2) } ?x ?p ?y", COVERAGE),
        ("?x ?p ?y", COVERAGE),
        ("?x !(pg:evidence|a) ?y", COVERAGE),
        ("?x (pg:about|^pg:about)+ ?y", COVERAGE),
        ("?x pg:knowing? ?y . ?x a pg:Coverage", COVERAGE),
        ("{ SELECT ?y (COUNT(?x) AS ?n) { ?x pg:about ?y } GROUP BY ?y } ?x pg:about ?y ; pg:evidence ?e", COVERAGE),
        ("GRAPH ?g { ?x pg:dimension ?y }", COVERAGE),
        ("?y a pg:Pilot . MINUS { ?x pg:about ?y ; pg:knowing ?k }", COVERAGE),
        ("?y a pg:Pilot . BIND(EXISTS { ?x pg:about ?y ; pg:knowing ?k } AS ?told)", COVERAGE),
        ("?x a pg:Evidence ; oa:hasSelector/oa:hasStartSelector/oa:exact ?text", SELECTORS),
        ("?x ^oa:hasSelector ?y", SELECTORS),
        ("?x a ?class . ?y oa:hasSelector ?x", SELECTORS),
        ("?x a pg:Evidence ; ?any ?value", LINKS),
        ("?x a pg:Contradiction", "15-group-against-member.rq"),
        ("?x pg:contradictedBy ?clash", "15-group-against-member.rq"),
        ("?x pg:hasStatus ?status", "11-classifications.rq"),
    ],
)
def test_what_a_query_reads_is_derived(where: str, rule: str) -> None:
    """However a query says it, the rule whose triples it can match is needed, and those that this one reads."""
    query = f"SELECT * {{ {where} }}"
    assert rule in needed(query)
    holds(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?y { ?x a pg:Evidence } GROUP BY ?y HAVING (EXISTS { ?x pg:about ?y })",
        "BASE <https://w3id.org/pilotgraph/> SELECT * { ?x a <def#Coverage> }",
        "DESCRIBE ?x { ?x a pg:Pilot }",
    ],
)
def test_what_cannot_be_told_needs_all(query: str) -> None:
    """A query that is not followed needs every rule."""
    assert needed(query) == frozenset(parts()[1])


def test_who_makes_a_class() -> None:
    """Coverage is made by one rule, and contradictions by the five that look for them."""
    texts = {path.name: read_text(path) for path in Dataset.open().rule_files()}

    def makers(class_: str) -> list[str]:
        return [name for name, text in texts.items() if rules.makes(text, f"https://w3id.org/pilotgraph/def#{class_}")]

    assert makers("Coverage") == [COVERAGE]
    assert makers("Contradiction") == [name for name in texts if name.startswith("15-")]
    assert makers("Pilot") == []


variables = st.sampled_from(["?a", "?b", "?c"])
predicates = st.sampled_from(TERMS) | st.tuples(st.sampled_from(TERMS), st.sampled_from(TERMS)).map("|".join)


@st.composite
def patterns(draw: Callable[..., str]) -> str:
    """One to three patterns that hang together."""
    found = [f"?a {draw(predicates)} {draw(variables)} ."]
    for _ in range(draw(st.integers(0, 2))):
        subject, predicate = draw(variables), draw(predicates)
        end = draw(st.sampled_from(CLASSES)) if predicate == "a" else draw(variables)
        found.append(f"?a {predicate} {end} ." if subject == "?c" else f"{subject} {predicate} ?a .")
    return " ".join(found)


wholes = st.tuples(
    patterns(),
    st.sampled_from(["", "OPTIONAL", "MINUS", "FILTER NOT EXISTS", "FILTER EXISTS", "UNION"]),
    patterns(),
)


@given(wholes)
def test_random_queries_get_the_same_answer(whole: tuple[str, str, str]) -> None:
    """Whatever a query asks, what it does not need makes no difference."""
    first, word, second = whole
    body = f"{{ {first} }} UNION {{ {second} }}" if word == "UNION" else f"{first} {word} {{ {second} }}"
    holds(f"SELECT (COUNT(*) AS ?n) {{ {body} }}")
