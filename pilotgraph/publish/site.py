"""The site: every page in each language, the RDF beside it, and all that stands around."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pilotgraph.dataset import bundled_root
from pilotgraph.evidence import read_sources
from pilotgraph.pages.site import answers, home, links, lists, network, pictures, proofs, subjects, things, vocabulary
from pilotgraph.pages.site.graph import Graph
from pilotgraph.pages.site.page import LANGUAGES, Sheet, Site
from pilotgraph.progress import silent
from pilotgraph.publish import discovery
from pilotgraph.publish.crew import Crew
from pilotgraph.publish.parts import Parts
from pilotgraph.publish.rebase import check_base, in_memory_under
from pilotgraph.publish.render import Renderer
from pilotgraph.publish.search import search_files
from pilotgraph.publish.tree import MANIFEST, Written, write_tree
from pilotgraph.publish.writing import Told, Writer, together
from pilotgraph.queries import library, parse_query
from pilotgraph.rdf import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.pages.site.page import Made
    from pilotgraph.progress import Tell
    from pilotgraph.publish.tree import File, Place
    from pilotgraph.store.base import Reader

_ASSETS = "assets"
# Pages that a process makes before it tells how far it is.
_AT_ONCE = 64
T = TypeVar("T")
_Key = tuple[str, str]
# The kinds of pages in the order in which the search and the map of the site list them.
_KINDS = (
    "home", "lists", "subjects", "links", "things", "claims", "answers", "pictures", "network", "vocabulary",
)  # fmt: skip
_KEYS = [(language, kind) for language in LANGUAGES for kind in _KINDS]
# Made in this process, beside the crew: these read the store at length, or share what they have read.
_WHOLE = {"network": network.pages, "vocabulary": vocabulary.pages}


def publish(  # noqa: PLR0913 - each says something of its own
    dataset: Dataset,
    reader: Reader,
    folder: Path,
    *,
    base: str = "",
    sources: Path | None = None,
    force: bool = False,
    progress: Tell = silent,
    jobs: int = 1,
) -> Written:
    """Write the site of a data set into a folder.

    `base` is the base IRI under which it is published (by default the data set's own), `sources` a folder with the
    source texts, whose passages are then shown in their context. `progress` is told what is being done; `jobs` is
    the number of processes that make pages, which are the same for any number. Raises DatasetError for an unsuitable
    base or folder, SourceError for a query or manifest that cannot be read.
    """
    progress("reading", 0, 0)
    moved, store = in_memory_under(dataset, reader, check_base(base or dataset.base))
    texts = read_sources(dataset, sources) if sources else {}
    texts = {iri.replace(dataset.base, moved.base, 1): text for iri, text in texts.items()}
    return write_tree(folder, partial(_files, moved, store, texts, progress, jobs), force=force)


def _files(  # noqa: PLR0913, PLR0917 - each says something of its own
    dataset: Dataset, reader: Reader, texts: dict[str, Any], progress: Tell, jobs: int, place: Place
) -> Iterator[File]:
    """Every file of the site; the data set is already under its base. `place` puts a file where it belongs."""
    site = Site(dataset, reader, Graph(reader.quads(), dataset.base), library(dataset), texts)
    assets = dict(_assets())
    site = replace(site, assets=frozenset(assets))
    if pictures.OUTLINE in assets:
        site.outline = pictures.read_outline(assets[pictures.OUTLINE].decode())
    yield from ((f"{_ASSETS}/{name}", content) for name, content in assets.items())
    writer = Writer(site, place)
    told = yield from _pages(writer, progress, jobs)
    yield from _rdf(writer, Parts(site.graph, reader, dataset), told, progress, jobs)
    yield "index.html", _entrance(site)
    yield "queries/index.json", _json(answers.index(site) | {"rules": _rules(dataset)})
    html = ["index.html", *(file.path for one in told for file in one.placed)]
    yield from discovery.last(dataset, site.base, html)


def _pages(writer: Writer, progress: Tell, jobs: int) -> Generator[File, None, list[Told]]:
    """Every page, the search and what stands around them; gives what is left to know of the pages, in their order.

    Most pages are made by a crew, beside the dumps, and meanwhile those that show the whole are made here. Last come
    those that name the dumps.
    """
    site = writer.site
    progress("links", 0, 0)
    site.prepare()
    many = _many(site, links.all_links(site))
    progress("pages", 0, len(many))
    pieces: list[Callable[[], Any]] = [partial(writer.pages, key[0], pages) for key, pages in many]
    told: dict[_Key, list[Told]] = {key: [] for key in _KEYS}
    with Crew([writer.around, *pieces], jobs) as crew:
        for name, pages in _WHOLE.items():
            for language in LANGUAGES:
                told[language, name] = [writer.pages(language, pages(site, language))]
        results: list[Any] = [None] * (len(pieces) + 1)
        for done, (number, result) in enumerate(crew.results(), 1):
            results[number] = result
            progress("pages", done, len(results))
    around, site.downloads = results[0]
    yield from around
    for (key, _), result in zip(many, results[1:], strict=True):
        told[key].append(result)
    for language in LANGUAGES:
        told[language, "home"] = [writer.pages(language, home.pages(site, language))]
        found = [entry for key in _KEYS if key[0] == language for one in told[key] for entry in one.found]
        yield from search_files(language, found)
    ordered = [one for key in _KEYS for one in told[key]]
    for one in ordered:
        yield from one.placed
        yield from one.beside
    return ordered


def _many(site: Site, pairs: links.Links) -> list[tuple[_Key, list[Made]]]:
    """The pages that the crew makes, in pieces of which a process makes one at a time."""
    found: list[tuple[_Key, list[Made]]] = []
    for language in LANGUAGES:
        for name, pages, size in (
            # A query may take longer than many pages, and so may a page that shows the whole.
            ("answers", answers.pages(site, language), 1),
            ("lists", lists.pages(site, language), 1),
            ("pictures", pictures.pages(site, language), 1),
            ("subjects", subjects.pages(site, language, pairs), _AT_ONCE),
            ("links", links.pages(site, language, pairs), _AT_ONCE),
            ("things", things.pages(site, language, pairs), _AT_ONCE),
            ("claims", proofs.pages(site, language), _AT_ONCE),
        ):
            found += [((language, name), piece) for piece in _cut(pages, size)]
    return found


def _rdf(writer: Writer, parts: Parts, told: list[Told], progress: Tell, jobs: int) -> Iterator[File]:
    rdf = dict(together(told))
    stems = [(stem, rdf.get(stem, ())) for stem in sorted({*parts.owned, *rdf})]
    pieces = [partial(writer.rdf, parts, piece) for piece in _cut(iter(stems), _AT_ONCE)]
    with Crew(pieces, jobs) as crew:
        for done, (_, placed) in enumerate(crew.results(), 1):
            yield from placed
            progress("RDF", done, len(pieces))


def _cut(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while piece := list(islice(items, size)):
        yield piece


def _assets() -> Iterator[tuple[str, bytes]]:
    """The style, and what npm has built; scripts may be absent, and pages then say so.

    The explorer by levels stands beside its parts, in the sites that are large enough to have it.
    """
    viz = bundled_root() / "viz"
    for folder in (viz / "style", viz / "dist"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("explorer-levels."):
                yield path.relative_to(folder).as_posix(), path.read_bytes()


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


__all__ = ["MANIFEST", "publish"]
