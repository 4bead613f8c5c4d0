"""For visitors that come by themselves: a feed of editions, a map of the pages, and a word to robots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape as escaped
from xml.sax.saxutils import quoteattr

from pilotgraph.publish.settings import editions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.settings import Edition, Settings

_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
# The protocol's limit (sitemaps.org).
_MOST: Final = 50_000
_LANGUAGES: Final = ("nl", "en")
_NOT_XML: Final = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_NO_DAY: Final = "1970-01-01"


def feed(dataset: Dataset, base: str, chosen: Settings) -> Iterator[tuple[str, bytes]]:
    """An Atom feed (RFC 4287) with an entry for each edition. Its days are those of the data set, never a clock's."""
    found = editions(dataset, chosen)
    title = dataset.title.get("nl") or dataset.title.get("en", base)
    lines = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl" xml:base={quoteattr(base)}>',
        f"<id>{escape(base)}</id>",
        f"<title>{escape(title)}</title>",
        f"<subtitle>{escape(dataset.description.get('nl', ''))}</subtitle>",
        f"<updated>{_instant(found[0])}</updated>",
        f"<author><name>{escape(chosen.name)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(f"{base}feed.atom")}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(base)}/>',
        f'<link rel="license" href={quoteattr(dataset.licence)}/>',
        *(line for edition in found for line in _entry(edition, base, title)),
        "</feed>",
    ]
    yield "feed.atom", (_HEAD + "\n".join(lines) + "\n").encode()


def sitemap(dataset: Dataset, base: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The map of the pages (sitemaps.org), each with its form in the other language, and robots.txt."""
    pages = sorted({path for path in paths if path.endswith(".html")})
    known = set(pages)
    parts = [pages[start : start + _MOST] for start in range(0, len(pages), _MOST)] or [[]]
    if len(parts) == 1:
        yield "sitemap.xml", _pages(dataset, base, parts[0], known)
    else:
        names = [f"sitemap-{number}.xml" for number, _ in enumerate(parts, 1)]
        for path, part in zip(names, parts, strict=True):
            yield path, _pages(dataset, base, part, known)
        listed = "\n".join(f"<sitemap><loc>{escape(base + path)}</loc></sitemap>" for path in names)
        yield "sitemap.xml", f'{_HEAD}<sitemapindex xmlns="{_SITEMAP}">\n{listed}\n</sitemapindex>\n'.encode()
    yield "robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {base}sitemap.xml\n".encode()


def _entry(edition: Edition, base: str, title: str) -> Iterator[str]:
    yield "<entry>"
    yield f"<id>{escape(base)}#edition-{escape(edition.number)}</id>"
    yield f"<title>{escape(title)} {escape(edition.number)}</title>"
    yield f"<updated>{_instant(edition)}</updated>"
    yield f'<link rel="alternate" type="text/html" href={quoteattr(f"{base}nl/index.html")}/>'
    summary = edition.summary.get("nl") or edition.summary.get("en") or f"Editie {edition.number}."
    yield f"<summary>{escape(summary)}</summary>"
    yield "</entry>"


def _pages(dataset: Dataset, base: str, paths: list[str], known: set[str]) -> bytes:
    day = f"<lastmod>{dataset.issued}</lastmod>" if dataset.issued else ""
    lines = [f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="{_XHTML}">']
    for path in paths:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(base + other)}/>'
            for language, other in _languages(path, known)
        )
        lines.append(f"<url><loc>{escape(base + path)}</loc>{day}{links}</url>")
    return (_HEAD + "\n".join([*lines, "</urlset>"]) + "\n").encode()


def _languages(path: str, known: set[str]) -> list[tuple[str, str]]:
    """The forms of a page in each language."""
    first, slash, rest = path.partition("/")
    if first not in _LANGUAGES or not slash:
        return []
    return [(language, f"{language}/{rest}") for language in _LANGUAGES if f"{language}/{rest}" in known]


def escape(text: str) -> str:
    """Write a text in XML, without the control characters that XML cannot hold."""
    return escaped(_NOT_XML.sub("", text))


def _instant(edition: Edition) -> str:
    return f"{edition.issued or _NO_DAY}T00:00:00Z"
