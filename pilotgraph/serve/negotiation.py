"""Which form and language a visitor prefers: proactive negotiation (RFC 9110, sections 12.1 and 12.4.2 to 12.5.4).

Werkzeug reads the headers and tells the quality of a form: that of the most specific range which names it, and 0
excludes it. What is decided here is what the RFC leaves to the server: who wins a tie, and what a header means that
cannot be read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES: Final = ("nl", "en")
_REMEMBERED: Final = 2048
_LONGEST_REMEMBERED: Final = 512
_Range = TypeVar("_Range", bound=Accept)


class Form(NamedTuple):
    """A form in which something can be given: the end of its address, its media type, and other names for it."""

    suffix: str
    media_type: str
    also: tuple[str, ...] = ()


HTML: Final = Form("html", "text/html", ("application/xhtml+xml",))
TURTLE: Final = Form("ttl", "text/turtle", ("application/x-turtle", "application/trig", "text/n3", "text/rdf+n3"))
JSON_LD: Final = Form("jsonld", "application/ld+json", ("application/json",))
N_TRIPLES: Final = Form("nt", "application/n-triples", ("application/n-quads",))
PROBLEM: Final = Form("json", "application/problem+json", ("application/json",))
TEXT: Final = Form("txt", "text/plain")
# Each of these can be read as what it is also named: Turtle is TriG and N3, N-Triples is N-Quads, JSON-LD is JSON.
RDF: Final = (TURTLE, JSON_LD, N_TRIPLES)
LINKED_DATA: Final = (*RDF, HTML)
RESULTS: Final = (
    Form("srj", "application/sparql-results+json", ("application/json",)),
    Form("srx", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv"),
    Form("tsv", "text/tab-separated-values"),
)
# With the names of quads, for a store of named graphs; N3 is a superset of Turtle.
GRAPHS: Final = (
    Form("ttl", "text/turtle", ("application/x-turtle", "text/n3", "text/rdf+n3")),
    Form("nt", "application/n-triples", ("text/plain",)),
    JSON_LD,
    Form("trig", "application/trig"),
    Form("nq", "application/n-quads"),
)
# The forms of an answer to a named query; a program that takes JSON gets that which docs/query-links.md describes.
ANSWERS: Final = (
    Form("json", "application/json"),
    Form("csv", "text/csv"),
    Form("tsv", "text/tab-separated-values"),
    Form("srj", "application/sparql-results+json"),
    Form("ttl", "text/turtle", ("application/x-turtle", "application/trig", "text/n3", "text/rdf+n3")),
    Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Form("md", "text/markdown"),
    HTML,
)
ERRORS: Final = (PROBLEM, HTML, TEXT)
_RDF_XML: Final = "application/rdf+xml"


def preferred(header: str | None, forms: tuple[Form, ...], default: Form | None = None) -> Form | None:
    """Choose the form of the highest quality, None if the visitor takes none of them.

    Of equal quality, what the visitor names goes before what a wildcard takes in, since only who can use a form
    names it; then the order of `forms` counts, and for a wildcard the `default` (by default the first of them).
    Without a header, or with one in which nothing can be read, everything is welcome.

    >>> preferred("text/html;q=0.5, text/*;q=0.8, text/turtle;q=0", LINKED_DATA, HTML).suffix
    'html'
    """
    first = default or forms[0]
    if not header:
        return first
    choose = _remembered if len(header) <= _LONGEST_REMEMBERED else _choose
    return choose(header, forms, first)


def linked_data(header: str | None) -> Form | None:
    """Choose between a page and RDF; None if neither is wanted.

    RDF/XML is not published: who names it, and no form that is there, gets Turtle, which every RDF library reads.
    """
    chosen = preferred(header, LINKED_DATA, HTML)
    if header and chosen in {HTML, None} and _RDF_XML in header.lower():
        accepted = _ranges(header)
        if _quality(_RDF_XML, accepted) > 0 and not any(_is_named(form, accepted) for form in LINKED_DATA):
            return TURTLE
    return chosen


def language(header: str | None) -> str:
    """Choose the language of a page (RFC 4647, section 3.4): Dutch where neither is wanted, or both are equally.

    >>> language("de, en-GB;q=0.8, nl;q=0.5")
    'en'
    """
    if not header:
        return LANGUAGES[0]
    return _remembered_language(header) if len(header) <= _LONGEST_REMEMBERED else _language(header)


def takes_gzip(header: str | None) -> bool:
    """Tell whether the visitor takes an answer that is packed with gzip (RFC 9110, section 12.5.3)."""
    return bool(header) and "gzip" in (header or "") and _encodings(header or "").quality("gzip") > 0


def is_same(header: str | None, tag: str) -> bool:
    """Tell whether If-None-Match names an entity tag, compared weakly (RFC 9110, section 13.1.2)."""
    if not header:
        return False
    bare = tag.removeprefix("W/")
    return header.strip() == "*" or any(part.strip().removeprefix("W/") == bare for part in header.split(","))


def _choose(header: str, forms: tuple[Form, ...], first: Form) -> Form | None:
    accepted = _ranges(header)
    if not accepted:
        return first
    found = [(_quality_of(form, accepted), form) for form in forms]
    best = max(quality for quality, _ in found)
    if best <= 0:
        return None
    tied = [form for quality, form in found if quality == best]
    named = [form for form in tied if _is_named(form, accepted, best)]
    return named[0] if named else first if first in tied else tied[0]


_remembered: Callable[[str, tuple[Form, ...], Form], Form | None] = lru_cache(_REMEMBERED)(_choose)


def _ranges(header: str) -> MIMEAccept:
    """The media ranges of a header without their parameters, of which our forms have one variant each.

    A range with parameters counts only where the bare one is not given; one that excludes a variant excludes
    nothing of ours.
    """
    bare: dict[str, float] = {}
    variants: dict[str, float] = {}
    for name, quality in _parsed(header, MIMEAccept):
        kind, semicolon, _ = name.partition(";")
        kind = kind.strip().lower()
        if "/" not in kind:
            continue
        if not semicolon:
            bare[kind] = max(quality, bare.get(kind, 0))
        elif quality:
            variants[kind] = max(quality, variants.get(kind, 0))
    return MIMEAccept(list((variants | bare).items()))


def _parsed(header: str, kind: type[_Range]) -> _Range:
    return parse_accept_header(header, kind)


def _quality(name: str, accepted: MIMEAccept) -> float:
    return float(accepted.quality(name))


def _quality_of(form: Form, accepted: MIMEAccept) -> float:
    """The quality of a form: that of its media type, or of another of its names if the visitor wrote that."""
    others = [given for name, given in accepted if name in form.also]
    return max([_quality(form.media_type, accepted), *others])


def _is_named(form: Form, accepted: MIMEAccept, quality: float = 0) -> bool:
    names = {form.media_type, *form.also}
    return any(name in names and given > 0 and given >= quality for name, given in accepted)


def _language(header: str) -> str:
    wanted: dict[str, float] = {}
    anything = 0.0
    for tag, quality in _parsed(header, LanguageAccept):
        primary = tag.split("-")[0].split("_")[0].lower()
        if tag == "*":
            anything = quality
        elif primary in LANGUAGES:
            wanted[primary] = max(quality, wanted.get(primary, 0))
    found = {code: wanted.get(code, anything) for code in LANGUAGES}
    return max(LANGUAGES, key=lambda code: found[code])


_remembered_language: Callable[[str], str] = lru_cache(_REMEMBERED)(_language)


def _encodings(header: str) -> Accept:
    return _parsed(header, Accept)
