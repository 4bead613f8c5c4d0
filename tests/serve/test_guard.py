"""What the guard lets through and what it refuses, before any engine evaluates it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotgraph.errors import SourceError
from pilotgraph.serve import guard
from pilotgraph.serve.jobs import Refused
from pilotgraph.store.syntax import shape

NOWHERE = "http://127.0.0.1:9/"
HARMLESS = {
    "a variable": "SELECT ?service { ?service ?p ?o }",
    "a variable beside one like it": "SELECT ?service ?sewrvice { ?service ?sewrvice ?o }",
    "a string": 'ASK { ?s ?p "the service" }',
    "a string with a quote in it": r"ASK { ?s ?p 'it\'s a service' }",
    "a long string": "ASK { ?s ?p '''a 'service' \n of two lines''' }",
    "an escaped string": r'ASK { ?s ?p "\u0053ervice" }',
    "a language tag": 'ASK { ?s ?p "x"@service }',
    "a prefixed name": "PREFIX ex: <http://e/> ASK { ex:service ?p ex:payload }",
    "a prefix": "PREFIX service: <http://e/> ASK { service:a ?p service:load }",
    "a comment": "ASK { ?s ?p ?o # SERVICE ?x { }\n }",
    "a download": "SELECT ?download { ?download ?p <http://e/SERVICE/load?x=service#load> }",
    "a blank node": "ASK { _:service ?p ?o }",
    "a described thing": "DESCRIBE <http://e/service>",
    "a comparison before a string": "ASK { ?s ?p ?o FILTER(?o<?p && CONTAINS(STR(?s), 'service')) }",
    "many levels": "ASK {" + "{" * 45 + "?service ?p ?o" + "}" * 46,
    "many brackets": "ASK { FILTER(" + "(" * 90 + "?service" + ")" * 91 + "}",
}
REACHING_OUT = {
    "plain": f"SELECT * {{ SERVICE <{NOWHERE}> {{ ?s ?p ?o }} }}",
    "lower case, silent": f"SELECT * {{ service silent <{NOWHERE}> {{ ?s ?p ?o }} }}",
    "a comparison that looks like an IRI": "SELECT * { ?a ?p ?b FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
    "an IRI that looks like a string": "SELECT * { <urn:(it's> ?p ?x . SERVICE ?x { ?s ?p ?o } #'\n }",
    "an IRI that looks like a string, bound": "SELECT * { BIND(<urn:(it's> AS ?x) SERVICE ?x { ?s ?p ?o } #'\n }",
    "behind a comment": "ASK { FILTER(1<2)#>\nSERVICE?x{} }",
    "beside a harmless one": "ASK { ?service ?p 'service' SERVICE ?x {} }",
    "in a sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE<{NOWHERE}>{{}} }} }} }}",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE ?s {} } }",
    "in MINUS": "ASK { ?s ?p ?o MINUS { SERVICE ?s {} } }",
    "with the variable that a parser might bind": f"ASK {{ ?pilotgraphNowhere ?p ?o SERVICE <{NOWHERE}> {{}} }}",
    "an escape that ends a string": r"ASK { ?s ?p 'a\u0027 . SERVICE ?x {} #' }",
}
WRITING = {
    "LOAD": f"LOAD <{NOWHERE}>",
    "LOAD behind a prologue": f"# a comment\nPREFIX a: <b:>\nload silent <{NOWHERE}>",
    "INSERT": "INSERT DATA { <a:> <a:> 'service' }",
    "DROP": "DROP ALL",
}
TOO_DEEP = {
    "NOT EXISTS": "ASK {" + " FILTER NOT EXISTS {" * 1000 + "}" * 1001,
    "sub-select": "SELECT * {" + "{ SELECT * {" * 2000 + "}}" * 2000 + "}",
    "brackets": "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5001 + "}",
    "negations": "ASK { FILTER(" + "!" * 20_000 + "true) }",
    "brackets in what looks like an IRI": "ASK { ?a ?p ?b FILTER(?a<" + "(" * 5000 + "1" + ")" * 5000 + "&&?b>1) }",
    "braces behind an IRI that looks like a string": "ASK { <urn:'> ?p ?o" + "{" * 1000 + "}" * 1000 + "}",
    "a chain": "ASK { FILTER(" + "1+" * 20_000 + "1) }",
}


def refusal(text: str) -> tuple[int, str]:
    """The status and title of a refusal."""
    with pytest.raises(Refused) as caught:
        guard.check(text)
    return caught.value.status.value, caught.value.title


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_the_words_may_stand_in_names_strings_and_comments(text: str) -> None:
    """A query that only mentions a service or a load is let through, as it was written."""
    assert guard.check(text) == guard.Checked(text, has_dataset=False)


@pytest.mark.parametrize("text", REACHING_OUT.values(), ids=REACHING_OUT)
def test_a_request_to_another_server_is_refused(text: str) -> None:
    """However SERVICE is hidden from one reader, another finds it, and the query is refused with 403."""
    assert refusal(text) == (403, "SERVICE and LOAD are refused")


def test_an_escaped_keyword_is_none() -> None:
    """The engine reads escapes in strings and IRIs only: a keyword written with one is malformed."""
    assert refusal(rf"SELECT * {{ \u0053ERVICE <{NOWHERE}> {{}} }}") == (400, "Malformed query")


@pytest.mark.parametrize("text", WRITING.values(), ids=WRITING)
def test_an_update_is_refused(text: str) -> None:
    """What writes is refused with 403, not taken for a malformed query."""
    assert refusal(text) == (403, "Updates are refused")


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP)
def test_what_the_engine_would_not_survive_is_refused(text: str) -> None:
    """Nesting and chains that end the engine's process are refused with 400."""
    assert refusal(text) == (400, "Malformed query")


def test_half_a_character_is_refused() -> None:
    """A lone surrogate, which is no text, is refused and does not reach the engine."""
    assert refusal("ASK { ?s ?p '\ud800' }") == (400, "Malformed query")


@pytest.mark.parametrize(
    ("text", "has_dataset"),
    [
        ("SELECT * FROM <a:b> { ?s ?p ?o }", True),
        ("ASK from named <file:///etc/passwd> { ?s ?p ?o }", True),
        ("SELECT ?from { ?from ?p 'from' } # FROM <a:b>", False),
        ("ASK { ?a ?p ?b FILTER(?a<'b>c FROM <a:b>') }", False),
        ("DESCRIBE <http://e/from> FROM <a:b>", True),
    ],
)
def test_from_is_told_from_what_looks_like_it(text: str, has_dataset: bool) -> None:  # noqa: FBT001 - a table of cases
    """Whether a query names its data set is what the engine's parser takes it for."""
    assert guard.check(text).has_dataset is has_dataset


KEYWORDS = ["SERVICE", "service", "LOAD", "FILTER", "BIND", "AS", "a", "&&"]
TERMS = ["?a", "?b", "?x", "<urn:a>", "<urn:(it's>", "{ ?s ?p ?o }", ":", "_:", "@", "\\u0027"]
MARKS = ["'", '"', "'''", "#", "\n", "{", "}", "(", ")", "<", ">", ".", "\\", " "]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(KEYWORDS + TERMS + MARKS), max_size=14).map("".join))
def test_nothing_gets_past_with_a_service_in_the_engines_eyes(inside: str) -> None:
    """Of whatever pieces a query is made: once it is let through, the engine reads it with SERVICE misspelt too."""
    text = f"SELECT * {{ ?s ?p ?o . {inside} }}"
    try:
        guard.check(text)
        shape(text)
    except (Refused, SourceError):
        return
    shape(text.replace("SERVICE", "SERVJCE").replace("service", "servjce"))
