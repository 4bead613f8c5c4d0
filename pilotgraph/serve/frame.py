"""Pages that the server makes itself, in the style of the site: answers, errors, and the wait for the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages.site.addresses import relative
from pilotgraph.pages.site.graph import Graph
from pilotgraph.pages.site.page import LANGUAGES, Page, Site
from pilotgraph.pages.site.words import WORDS
from pilotgraph.publish.render import Renderer
from pilotgraph.serve.words import SERVED
from pilotgraph.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pilotgraph.serve.edition import Edition


class Frame:
    """Puts the site's frame around a page, for one edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._renderers: dict[bool, Renderer] = {}

    @property
    def _renderer(self) -> Renderer:
        """The renderer; the menu names what the site has, so there is another one when the site is complete."""
        files = self._edition.files
        built = files is not None and files.is_built
        if built not in self._renderers:
            known = files.known if files is not None else frozenset[str]()
            assets = frozenset(path.removeprefix("assets/") for path in known if path.startswith("assets/"))
            inside = frozenset(path.removeprefix("nl/") for path in known if path.startswith("nl/"))
            dataset = self._edition.dataset
            site = Site(dataset, EmbeddedStore(), Graph((), dataset.base), [], assets=assets)
            self._renderers[built] = Renderer(site, inside)
        return self._renderers[built]

    def render(  # noqa: PLR0913 - each says something of its own
        self, template: str, title: str, language: str, at: str, values: dict[str, Any], *, other: str = ""
    ) -> bytes:
        """Write a page that stands at the address `at`, a path within the site.

        `other` is the address of the page in the other language, as a link.
        """
        renderer = self._renderer
        page = Page(path=at, template=template, title=title, description=values.get("description", title))
        frame = renderer.frame(page, language, at)
        frame["page"] |= {
            "canonical": f"{self._edition.base}{at}",
            "translations": [],
            "other_href": other or relative(f"{frame['page']['other']}/index.html", at),
            "section": f"{language}/{values.get('section', '')}",
            "trail": [(label, relative(to, at)) for label, to in values.get("trail", ())],
        }
        if "search.html" not in {path.rsplit("/", 1)[-1] for _, path in frame["menu"]} and not frame["has_search"]:
            frame["page"]["finder"] = False
        served = SERVED[language]
        text = renderer.environment.get_template(template).render(**frame, served=served, **values)
        return text.encode()


def language_of(path: str) -> str:
    """The language that an address of the site names, empty if it names none."""
    first = path.partition("/")[0]
    return first if first in LANGUAGES else ""


__all__ = ["WORDS", "Frame", "language_of"]
