"""Pages and RDF put in place, and what is left to know of them: little enough to send from one process to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site import home
from pilotgraph.pages.site.graph import shortened
from pilotgraph.publish import discovery
from pilotgraph.publish.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.pages.site.page import Made, Page, Site
    from pilotgraph.publish.parts import Parts
    from pilotgraph.publish.tree import Place, Placed

_FOUND_TEXT = 500

Entry = list[str]


@dataclass
class Told:
    """What is left of some pages: their files, what the search shows of them, and the RDF that stands beside them.

    `rdf` are pairs of a path without extension and the things whose triples the file holds; `beside` are the files that
    pages bring with them.
    """

    placed: list[Placed] = field(default_factory=list)
    found: list[Entry] = field(default_factory=list)
    rdf: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    beside: list[Placed] = field(default_factory=list)


class Writer:
    """Writes what a site consists of, in whatever process it is asked to."""

    def __init__(self, site: Site, place: Place) -> None:
        self.site = site
        self._place = place
        self._renderer = Renderer(site, home.known(site))

    def pages(self, language: str, pages: Iterable[Made]) -> Told:
        """Write some pages."""
        told = Told()
        for made in pages:
            page = made() if callable(made) else made
            told.placed.append(self._place(f"{language}/{page.path}", self._renderer.render(page, language)))
            told.beside += [self._place(*file) for file in page.files.items()]
            if page.rdf.startswith("doc/"):
                told.rdf.append((page.rdf, page.subjects))
            if page.found:
                told.found.append(_entry(page))
        return told

    def rdf(self, parts: Parts, stems: Iterable[tuple[str, tuple[str, ...]]]) -> list[Placed]:
        """Write the RDF of some things, each in every form."""
        return [self._place(*file) for stem, subjects in stems for file in parts.files(stem, subjects)]

    def around(self) -> tuple[list[Placed], list[dict[str, Any]]]:
        """Write dumps and descriptions; gives what the page with downloads shows too."""
        files = discovery.Files(self.site.dataset, self.site.reader, self.site.base)
        return [self._place(*file) for file in files], files.downloads


def together(told: Iterable[Told]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The RDF of all pages by file: a page may be one of several about one thing, and the file holds what all tell."""
    rdf: dict[str, tuple[str, ...]] = {}
    known: dict[str, str] = {}
    for stem, subjects in (pair for one in told for pair in one.rdf):
        # What came from another process is said anew in each piece; it is kept once.
        kept = tuple(known.setdefault(subject, subject) for subject in subjects)
        before = rdf.get(stem, ())
        rdf[stem] = kept if not before or before == kept else tuple(dict.fromkeys((*before, *kept)))
    yield from rdf.items()


def _entry(page: Page) -> Entry:
    kind, text = page.found or ("", "")
    return [page.title, kind, page.path, shortened(text, _FOUND_TEXT)]
