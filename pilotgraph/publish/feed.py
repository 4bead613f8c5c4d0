"""For visitors that come by themselves: a feed of editions, a map of the pages, and a word to robots."""

from __future__ import annotations

import re
from itertools import chain
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
# The protocol's limits (sitemaps.org): 50,000 addresses and 50 MB, of which the frame takes a little.
_MOST: Final = 50_000
_LARGEST: Final = 50 * 1024 * 1024 - 1000
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
    """The map of the pages (sitemaps.org), each with its form in the other language, and robots.txt.

    Of more pages than one map may hold it is a list of several maps.
    """
    pages = sorted({path for path in paths if path.endswith(".html")})
    maps = _maps(_addresses(dataset, base, pages))
    first, second = next(maps, b""), next(maps, b"")
    if not second:
        yield "sitemap.xml", first or _map([])
    else:
        names = []
        for number, content in enumerate(chain((first, second), maps), 1):
            names.append(f"sitemap-{number}.xml")
            yield names[-1], content
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


def _maps(addresses: Iterable[bytes]) -> Iterator[bytes]:
    """Maps that each keep to the limits."""
    held: list[bytes] = []
    room = _LARGEST
    for address in addresses:
        if held and (len(held) == _MOST or len(address) > room):
            yield _map(held)
            held, room = [], _LARGEST
        held.append(address)
        room -= len(address)
    if held:
        yield _map(held)


def _map(addresses: list[bytes]) -> bytes:
    head = f'{_HEAD}<urlset xmlns="{_SITEMAP}" xmlns:xhtml="{_XHTML}">\n'
    return b"".join([head.encode(), *addresses, b"</urlset>\n"])


def _addresses(dataset: Dataset, base: str, pages: list[str]) -> Iterator[bytes]:
    known = set(pages)
    day = f"<lastmod>{dataset.issued}</lastmod>" if dataset.issued else ""
    for path in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(base + other)}/>'
            for language, other in _languages(path, known)
        )
        yield f"<url><loc>{escape(base + path)}</loc>{day}{links}</url>\n".encode()


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
