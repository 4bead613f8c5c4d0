"""The site: every page in each language, the RDF beside it, and all that stands around."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pilotgraph.dataset import bundled_root
from pilotgraph.evidence import read_sources
from pilotgraph.pages.site import answers, home, links, lists, network, pictures, proofs, subjects, things, vocabulary
from pilotgraph.pages.site.graph import Graph, shortened
from pilotgraph.pages.site.page import LANGUAGES, Page, Sheet, Site
from pilotgraph.publish import discovery
from pilotgraph.publish.parts import Parts
from pilotgraph.publish.rebase import check_base, in_memory_under
from pilotgraph.publish.render import Renderer
from pilotgraph.publish.tree import MANIFEST, Written, write_tree
from pilotgraph.queries import library, parse_query
from pilotgraph.rdf import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

_FOUND_TEXT = 500
_ASSETS = "assets"


def publish(  # noqa: PLR0913 - each says something of its own
    dataset: Dataset,
    reader: Reader,
    folder: Path,
    *,
    base: str = "",
    sources: Path | None = None,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Written:
    """Write the site of a data set into a folder.

    `base` is the base IRI under which it is published (by default the data set's own), `sources` a folder with the
    source texts, whose passages are then shown in their context. `progress` is told what is being done.
    Raises DatasetError for an unsuitable base or folder, SourceError for a query or manifest that cannot be read.
    """
    moved, store = in_memory_under(dataset, reader, check_base(base or dataset.base))
    texts = read_sources(dataset, sources) if sources else {}
    texts = {iri.replace(dataset.base, moved.base, 1): text for iri, text in texts.items()}
    return write_tree(folder, site_files(moved, store, texts, progress), force=force)


def site_files(
    dataset: Dataset,
    reader: Reader,
    texts: dict[str, Any] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, as its path and its content; the data set is already under its base."""
    progress("reading")
    quads = list(reader.quads())
    site = Site(dataset, reader, Graph(quads, dataset.base), library(dataset), texts or {})
    assets = dict(_assets())
    site = replace(site, assets=frozenset(assets))
    if pictures.OUTLINE in assets:
        site.outline = pictures.read_outline(assets[pictures.OUTLINE].decode())
    yield from ((f"{_ASSETS}/{name}", content) for name, content in assets.items())
    progress("discovery")
    around = list(discovery.files(dataset, reader, dataset.base))
    yield from around
    site.downloads = discovery.downloads(dataset, dataset.base, around)
    yield from _pages(site, Parts(quads, dataset), progress)


def _pages(site: Site, parts: Parts, progress: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    renderer = Renderer(site, home.known(site))
    rdf: dict[str, tuple[str, ...]] = {}
    beside: dict[str, bytes] = {}
    html = ["index.html"]
    pairs = links.all_links(site)
    for language in LANGUAGES:
        found = []
        for page in _all_pages(site, language, pairs, progress):
            path = f"{language}/{page.path}"
            yield path, renderer.render(page, language)
            beside.update(page.files)
            html.append(path)
            if page.rdf.startswith("doc/"):
                # A page may be one of several about the same thing; the file then holds what all of them tell.
                rdf[page.rdf] = tuple(dict.fromkeys((*rdf.get(page.rdf, ()), *page.subjects)))
            if page.found:
                found.append(_entry(page))
        yield f"search/{language}.js", _search_data(found)
    yield from beside.items()
    progress("RDF")
    for stem in sorted({*parts.owned, *rdf}):
        yield from parts.files(stem, rdf.get(stem, ()))
    yield "index.html", _entrance(site)
    yield "queries/index.json", _json(answers.index(site) | {"rules": _rules(site.dataset)})
    yield from discovery.last(site.dataset, site.base, html)


def _all_pages(
    site: Site, language: str, pairs: dict[links.Pair, list[links.Shared]], progress: Callable[[str], None]
) -> Iterator[Page]:
    kinds: list[tuple[str, Iterator[Page]]] = [
        ("home", home.pages(site, language)),
        ("lists", lists.pages(site, language)),
        ("subjects", subjects.pages(site, language, pairs)),
        ("links", links.pages(site, language, pairs)),
        ("things", things.pages(site, language, pairs)),
        ("claims", proofs.pages(site, language)),
        ("answers", answers.pages(site, language)),
        ("pictures", pictures.pages(site, language)),
        ("network", network.pages(site, language)),
        ("vocabulary", vocabulary.pages(site, language)),
    ]
    for name, pages in kinds:
        progress(f"{language}: {name}")
        yield from pages


def _assets() -> Iterator[tuple[str, bytes]]:
    """The style, and whatever npm has built; scripts may be absent, and pages then say so."""
    viz = bundled_root() / "viz"
    for folder in (viz / "style", viz / "dist"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def _entry(page: Page) -> list[str]:
    kind, text = page.found or ("", "")
    return [page.title, kind, page.path, shortened(text, _FOUND_TEXT)]


def _search_data(entries: list[list[str]]) -> bytes:
    """The pages for the search, as a script: a page that was opened from a disk may load no other kind of file."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f"window.pilotgraphPages={text};\n".encode()


def _entrance(site: Site) -> bytes:
    """The page at the root: it leads on to the home page in Dutch, and names both."""
    sheets = [Sheet(site, language, "index.html") for language in LANGUAGES]
    environment = Renderer(site, frozenset()).environment
    entries = [(sheet.language, sheet.path, site.title(sheet.language)) for sheet in sheets]
    return environment.get_template("site/entrance.html").render(entries=entries, base=site.base).encode()


def _json(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can hold
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _rules(dataset: Dataset) -> list[dict[str, str]]:
    return [
        {"name": rule.name, "text": rule.text}
        for rule in (parse_query(read_text(x), x.stem, x) for x in dataset.rule_files())
    ]


__all__ = ["MANIFEST", "publish", "site_files"]
