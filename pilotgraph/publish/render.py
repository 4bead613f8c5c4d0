"""Pages into HTML: the frame that all pages share, around what each page has to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages import templates
from pilotgraph.pages.site.addresses import relative
from pilotgraph.pages.site.graph import is_web, p
from pilotgraph.pages.site.page import Sheet
from pilotgraph.pages.site.words import WORDS
from pilotgraph.publish.parts import NAMES, TYPES

if TYPE_CHECKING:
    from pilotgraph.pages.site.page import Page, Site, Text

_OTHER = {"nl": "en", "en": "nl"}
# The header's search form would stand twice on these.
_WITH_OWN_FINDER = ("index.html", "search.html")
_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
}


class Renderer:
    """Renders the pages of one site."""

    def __init__(self, site: Site, known: frozenset[str]) -> None:
        """Take the paths, within a language, of the lists and hubs that the site has."""
        self._site = site
        self._known = known
        self.environment = templates().overlay(trim_blocks=True, lstrip_blocks=True)

    def has(self, template: str) -> bool:
        """Tell whether there is a template of this name."""
        return template in self.environment.list_templates()

    def render(self, page: Page, language: str) -> bytes:
        """Write a page."""
        path = f"{language}/{page.path}"
        text = self.environment.get_template(page.template).render(**self.frame(page, language, path), **page.values)
        return text.encode()

    def frame(self, page: Page, language: str, path: str) -> dict[str, Any]:
        """What the frame around a page says: `path` is the address of the page within the site."""
        words = WORDS[language]
        return {
            "page": self._page(page, language, path),
            "site": self._frame(language),
            "words": words,
            "to": lambda target: relative(target, path),
            "menu": self._menu(words["menu"], language),
            "footer": self._menu(words["footer"], language),
            "has_search": "search.js" in self._site.assets,
        }

    def _menu(self, entries: list[tuple[str, str]], language: str) -> list[tuple[str, str]]:
        return [(label, f"{language}/{path}") for label, path in entries if path in self._known]

    def _frame(self, language: str) -> dict[str, Any]:
        licence = self._site.dataset.licence
        return {
            "title": self._site.title(language),
            "base": self._site.base,
            "edition": self._site.dataset.edition,
            "licence": licence,
            "licence_is_web": is_web(licence),
            "licence_name": _LICENCES.get(licence, licence),
        }

    def _page(self, page: Page, language: str, path: str) -> dict[str, Any]:
        base = self._site.base
        translations = [(code, f"{base}{code}/{page.path}") for code in ("nl", "en")]
        return {
            "language": language,
            "path": path,
            "root": relative("x", path)[:-1],
            "title": page.title,
            "description": page.description,
            "canonical": f"{base}{path}",
            "translations": [*translations, ("x-default", translations[0][1])],
            "other": _OTHER[language],
            "other_href": relative(f"{_OTHER[language]}/{page.path}", path),
            "rdf": [(media, relative(f"{page.rdf}.{suffix}", path)) for suffix, media in TYPES.items()]
            if page.rdf
            else [],
            "rdf_names": list(NAMES.values()),
            "csp_script": page.script,
            "section": f"{language}/{page.section}",
            "trail": [(label, relative(f"{language}/{to}", path)) for label, to in page.trail if label],
            "finder": page.path not in _WITH_OWN_FINDER,
            "schema": page.schema,
            "deprecated": self._deprecated(page, language),
        }

    def _deprecated(self, page: Page, language: str) -> dict[str, list[Text]]:
        """What replaces the thing that a page is about, if it should no longer be used."""
        graph = self._site.graph
        thing = page.subjects[0] if page.subjects else ""
        if graph.value(thing, p("owl:deprecated")) != "true":
            return {}
        sheet = Sheet(self._site, language, page.path)
        return {"replaced_by": [sheet.thing(iri) for iri in graph.iris(thing, p("dct:isReplacedBy"))]}
