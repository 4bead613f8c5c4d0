"""What a visitor prefers, against the rules of RFC 9110 and RFC 4647 written as tables of truths."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotgraph.serve.negotiation import (
    GRAPHS,
    HTML,
    LINKED_DATA,
    RDF,
    RESULTS,
    Form,
    is_same,
    language,
    linked_data,
    preferred,
    takes_gzip,
)

# What is asked for, and the form that is given: quality, specificity, exclusion, parameters, and what cannot be read.
ACCEPTED = {
    "": "html",
    "*/*": "html",
    "text/turtle": "ttl",
    "TEXT/Turtle": "ttl",
    "text/turtle;q=0.5, application/n-triples;q=0.9": "nt",
    "text/html;q=0.8, text/turtle;q=0.8": "ttl",
    "text/*": "html",
    "text/*, text/html;q=0": "ttl",
    "*/*, text/html;q=0": "ttl",
    "*/*;q=0.9, text/*;q=0.1": "jsonld",
    "text/*;q=0.5, text/html;q=0.4, */*;q=0.1": "ttl",
    "text/turtle;q=0": None,
    "*/*;q=0": None,
    "text/turtle;q=0, text/html;q=0, application/ld+json": "jsonld",
    "text/turtle;q=0.000, */*;q=0.001": "html",
    "image/png": None,
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x;y"': "jsonld",
    "text/turtle;charset=utf-8;q=0.3, text/html;q=0.2": "ttl",
    "text/html;level=1;q=0, text/html": "html",
    "application/rdf+xml": "ttl",
    "application/rdf+xml;q=0": None,
    "application/json": "jsonld",
    "text/turtle;q=abc": "html",
    "text/turtle;q=7, application/n-triples;q=0.1": "nt",
    "☃;q=;,,": "html",
    "a/b/c": None,
}


@pytest.mark.parametrize("header", ACCEPTED)
def test_the_form_of_the_highest_quality_is_given(header: str) -> None:
    """By quality, where the most specific range counts and 0 excludes; what cannot be read counts for nothing."""
    found = linked_data(header)
    assert (found.suffix if found else None) == ACCEPTED[header]


def expected(ranges: dict[str, int], forms: tuple[Form, ...]) -> set[str]:
    """The forms that RFC 9110 (section 12.5.1) allows to be given: of the highest quality, which is not 0.

    The forms here have one name only, so the table of truths is: the range itself, else its type, else anything.
    """

    def quality(form: Form) -> int:
        kind = form.media_type.partition("/")[0]
        for name in (form.media_type, f"{kind}/*", "*/*"):
            if name in ranges:
                return ranges[name]
        return 0

    best = max(quality(form) for form in forms)
    return {form.suffix for form in forms if quality(form) == best and best}


PLAIN = tuple(Form(f.suffix, f.media_type) for f in (*RDF, HTML))
RANGES = st.sampled_from([*(f.media_type for f in PLAIN), "text/*", "application/*", "*/*", "image/png"])
SPACES = st.sampled_from(["", " ", "  ", "\t"])


@given(ranges=st.dictionaries(RANGES, st.integers(0, 1000), min_size=1), space=SPACES, seed=st.randoms())
def test_any_header_is_read_as_the_standard_says(ranges: dict[str, int], space: str, seed: object) -> None:
    """Whatever the ranges, their order and their spaces, what is given is among what the standard allows."""
    entries = [f"{name}{space};{space}q={quality / 1000:.3f}" for name, quality in ranges.items()]
    seed.shuffle(entries)  # type: ignore[attr-defined]
    found = preferred(f"{space},{space}".join(entries), PLAIN, HTML)
    allowed = expected(ranges, PLAIN)
    assert (found.suffix in allowed) if found else not allowed


@given(st.text(st.characters(codec="latin-1"), max_size=200))
def test_no_header_makes_it_fail(header: str) -> None:
    """Whatever bytes come, there is a form or none, and a language."""
    assert linked_data(header) in {*LINKED_DATA, None}
    assert language(header) in {"nl", "en"}
    assert takes_gzip(header) in {True, False}


@pytest.mark.parametrize(
    "header",
    {
        "many": ",".join(f"a/b{n};q=0.5" for n in range(3000)),
        "parameters": "text/turtle" + ";a=b" * 8000,
        "quotes": 'text/turtle;a="' + '\\"' * 16000,
        "commas": "," * 32000,
        "spaces": "text/turtle" + " " * 32000 + ";q=1",
        "zeros": "a/b;q=" + "0" * 32000,
        "stars": "*/*," * 8000,
        "open": 'a/b;x="' * 4500,
    }.values(),
    ids=["many", "parameters", "quotes", "commas", "spaces", "zeros", "stars", "open"],
)
def test_a_hostile_header_costs_little(header: str) -> None:
    """32 kB, the most that the server reads, take no longer than a small query."""
    began = time.perf_counter()
    linked_data(header)
    language(header)
    takes_gzip(header)
    assert time.perf_counter() - began < 0.5


def test_results_and_graphs_have_their_own_forms() -> None:
    """JSON and Turtle unless another form is named; a table is not given to who takes graphs only."""
    assert preferred(None, RESULTS) == RESULTS[0]
    assert preferred("*/*", GRAPHS) == GRAPHS[0]
    assert preferred("text/turtle", RESULTS) is None
    assert preferred("application/n-quads, text/turtle;q=0.9", GRAPHS).media_type == "application/n-quads"  # type: ignore[union-attr]
    assert preferred("text/csv;q=0.2, application/xml;q=0.3", RESULTS).suffix == "srx"  # type: ignore[union-attr]


SPOKEN = {
    "": "nl",
    "nl": "nl",
    "en": "en",
    "EN-gb": "en",
    "en-US,en;q=0.9,nl;q=0.8": "en",
    "nl-BE, en;q=0.9": "nl",
    "de,en;q=0.7,nl;q=0.3": "en",
    "en;q=0, nl;q=0.1": "nl",
    "nl;q=0, *": "en",
    "*": "nl",
    "fr": "nl",
    "en, nl": "nl",
    "eng;q=1, english": "nl",
    "en;q=x": "nl",
}


@pytest.mark.parametrize("header", SPOKEN)
def test_the_language_of_the_highest_quality_is_given(header: str) -> None:
    """A regional tag counts for its language; Dutch where neither is wanted more."""
    assert language(header) == SPOKEN[header]


def test_packing_is_asked_for() -> None:
    """By name, and not when it is excluded."""
    asked = {"gzip": True, "br, gzip;q=0.1": True, "gzip;q=0": False, "identity": False, "": False}
    assert {header: takes_gzip(header) for header in asked} == asked


def test_a_tag_is_compared_weakly() -> None:
    """With W/ or without, among others, or any."""
    asked = {'"a"': True, 'W/"a"': True, '"b", W/"a"': True, "*": True, '"b"': False, "a": False, "": False}
    assert {header: is_same(header, '"a"') for header in asked} == asked
