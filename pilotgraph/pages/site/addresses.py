"""Where a thing's page and its RDF stand in a published site.

One rule: the thing ``{base}id/P`` has the page ``{lang}/P.html`` and the RDF ``doc/P.ttl``, ``.jsonld`` and
``.nt``. A slug may hold any character in a foreign data set, and a site may stand on a disk that knows no upper
and lower case: so each byte outside ``[a-z0-9._-]`` is written as ``~XX``, and a path never needs encoding.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pilotgraph.terms import PG

# The kinds of things that have a page of their own. Other things stand on the page of the thing they belong to.
PAGED = frozenset(
    {
        "pilot",
        "programme",
        "study",
        "organisation",
        "place",
        "source",
        "question",
        "concept",
        "contradiction",
        "decision",
        "claim",
        "evidence",
    }
)
_UNSAFE = re.compile(rb"[^a-z0-9._-]")
_LONGEST_SEGMENT = 200
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_NAMESPACE = re.compile(r"[#/]")
_NOT_WORD = re.compile(r"[^A-Za-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PROPERTY = re.compile(r"[a-z][A-Za-z0-9]*")


def page_path(iri: str, base: str, language: str) -> str | None:
    """Give the path of a thing's page, None if it has no page of its own.

    >>> page_path("https://x.org/id/pilot/zsm", "https://x.org/", "nl")
    'nl/pilot/zsm.html'
    >>> page_path("https://x.org/id/pilot/../É", "https://x.org/", "nl")
    'nl/pilot/~2E./~C3~89.html'
    >>> page_path("https://x.org/id/selector/zsm-range", "https://x.org/", "nl") is None
    True
    """
    stem = stem_of(iri, base)
    return f"{language}/{stem}.html" if stem else None


def rdf_stem(iri: str, base: str) -> str | None:
    """Give the path of a thing's RDF without its extension, None if it stands with another thing.

    >>> rdf_stem("https://x.org/id/concept/goal", "https://x.org/")
    'doc/concept/goal'
    """
    stem = stem_of(iri, base)
    return f"doc/{stem}" if stem else None


# Every link of every page asks for it, and a site has a hundred links for each thing.
@lru_cache(maxsize=1 << 17)
def stem_of(iri: str, base: str) -> str | None:
    """Give the part of the path that a thing's page and its RDF share."""
    if iri.startswith(PG):
        return term_stem(iri)
    if not iri.startswith(f"{base}id/"):
        return None
    parts = iri[len(base) + 3 :].split("/")
    if parts[0] not in PAGED or len(parts) == 1 or "" in parts:
        return None
    safe = [_safe(part) for part in parts]
    if safe[-1] == "index":
        # The list of a kind has this name.
        safe[-1] = "~69ndex"
    return "/".join(safe) if max(map(len, safe)) <= _LONGEST_SEGMENT else None


def term_stem(iri: str) -> str | None:
    """Give the path of a term of our ontology; classes and properties stand apart, for pg:Evidence is not pg:evidence.

    >>> term_stem("https://w3id.org/pilotgraph/def#Evidence")
    'def/class/Evidence'
    """
    name = iri.removeprefix(PG)
    if _CLASS.fullmatch(name):
        return f"def/class/{name}"
    return f"def/property/{name}" if _PROPERTY.fullmatch(name) else None


def table_path(class_: str) -> str:
    """Give the path of the table of a class's things.

    >>> table_path("https://w3id.org/pilotgraph/def#SourceDocument")
    'data/tables/source-document.csv'
    """
    return f"data/tables/{table_name(class_)}.csv"


def table_name(class_: str) -> str:
    """Give the name of the table of a class's things: the class's own, in small letters."""
    local = _NOT_WORD.sub("_", _NAMESPACE.split(class_)[-1]).strip("_")
    return _HUMP.sub("-", local).lower().replace("_", "-") or "thing"


def kind_of(iri: str, base: str) -> str:
    """Tell the kind of a thing by its IRI: the first part behind ``id/``, empty for anything else."""
    return iri[len(base) + 3 :].split("/", 1)[0] if iri.startswith(f"{base}id/") else ""


def relative(target: str, page: str) -> str:
    """Write the link from one page of the site to another, so that it works at any address and depth.

    >>> relative("nl/pilot/zsm.html", "nl/concept/goal/x.html")
    '../../pilot/zsm.html'
    >>> relative("nl/index.html#top", "nl/about.html")
    'index.html#top'
    """
    to, here = target.split("/"), page.split("/")[:-1]
    shared = 0
    while shared < min(len(to) - 1, len(here)) and to[shared] == here[shared]:
        shared += 1
    return "/".join([*[".."] * (len(here) - shared), *to[shared:]])


def _safe(part: str) -> str:
    text = _UNSAFE.sub(lambda match: b"~%02X" % match[0][0], part.encode()).decode()
    return f"~2E{text[1:]}" if text.startswith(".") else text
