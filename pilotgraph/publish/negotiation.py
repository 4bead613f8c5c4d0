"""Which form and language a visitor prefers, as regular expressions over the headers Accept and Accept-Language.

A web server cannot compare quality values (RFC 9110, section 12.4.2), but it can try expressions one after the
other: one for each tenth of quality and each form. What a program can use comes before HTML of the same quality,
for only a program asks for it by name; a wildcard is taken for HTML. RDF/XML is not published: who names it and
no form that is there gets Turtle, which every RDF library reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each of these can read what stands in the file: Turtle is TriG and N3, N-Triples is N-Quads, JSON-LD is JSON.
_FORMS: Final = {
    "ttl": r"text/turtle|application/x-turtle|application/trig|text/(?:rdf\+)?n3",
    "jsonld": r"application/(?:ld\+)?json",
    "nt": r"application/n-(?:triples|quads)",
    "html": r"text/html|application/xhtml\+xml",
}
_ANYTHING: Final = r"text/\*|\*/\*"
_RDF_XML: Final = r"application/rdf\+xml"
_LANGUAGES: Final = {"nl": r"nl(?:-[a-z0-9-]+)?", "en": r"en(?:-[a-z0-9-]+)?"}
# From the highest to the lowest; without a value the quality is 1, and 0 means: not this.
_QUALITIES: Final = (
    r"(?:;\s*q=1(?:\.0*)?\s*)?",
    *(rf";\s*q=0?\.{tenth}[0-9]*\s*" for tenth in range(9, 0, -1)),
    r";\s*q=0?\.0[0-9]*[1-9]\s*",
)


def forms() -> Iterator[tuple[str, str]]:
    """Pairs of an expression over Accept and a form: ttl, jsonld, nt or html. The first that fits, counts."""
    for quality in _QUALITIES:
        for form, types in _FORMS.items():
            yield _entry(types, quality), form
        yield f"^(?!.*{_RDF_XML}).*{_entry(_ANYTHING, quality)}", "html"
    yield _RDF_XML, "ttl"


def languages() -> Iterator[tuple[str, str]]:
    """Pairs of an expression over Accept-Language and a language. The first that fits, counts."""
    for quality in _QUALITIES:
        for language, tags in _LANGUAGES.items():
            yield _entry(tags, quality), language


def _entry(names: str, quality: str) -> str:
    """An entry of a header: one of the names, any parameters, and the quality."""
    return rf"(?:^|,)\s*(?:{names})\s*(?:;\s*(?!q=)[^,;]+)*{quality}(?:,|$)"
