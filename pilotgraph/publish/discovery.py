"""Everything that lets others find, fetch and check the data: the door to the other modules.

Dumps, tables, VoID, DCAT, a feed, rules for servers, descriptions of the queries. Each file is a pair of its path
in the site and its bytes. The same data set and edition give the same bytes: no clock, no order of chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.publish import downloads as described
from pilotgraph.publish.dcat import dcat
from pilotgraph.publish.dumps import canonical, checksums, dumps
from pilotgraph.publish.executables import executables
from pilotgraph.publish.feed import feed, sitemap
from pilotgraph.publish.rules_for_servers import rules
from pilotgraph.publish.settings import settings
from pilotgraph.publish.spreadsheets import spreadsheets
from pilotgraph.publish.tables import sheets
from pilotgraph.publish.void import void

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader


def files(dataset: Dataset, reader: Reader, base: str) -> Iterator[tuple[str, bytes]]:
    """All files but those that need the list of pages (:func:`last`).

    `base` is the base IRI under which `dataset` and `reader` are already; it ends in a slash. Raises SourceError
    for a manifest, a context or a query that cannot be read.
    """
    chosen = settings(dataset)
    quads = canonical(reader)
    inside: list[tuple[str, bytes]] = [
        *dumps(dataset, quads, base),
        *spreadsheets(dataset, sheets(reader, base), base),
    ]
    yield from inside
    yield checksums(inside)
    yield from void(dataset, quads, base, chosen)
    yield from dcat(dataset, quads, base, chosen, described.downloads(inside))
    yield from executables(dataset, base, chosen)
    yield from feed(dataset, base, chosen)
    yield from rules(dataset, quads, base, chosen)


def last(dataset: Dataset, base: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The map of the site for search engines, and robots.txt; `paths` are those of all pages."""
    return sitemap(dataset, settings(dataset).address or base, paths)


def downloads(dataset: Dataset, base: str, files: Iterable[tuple[str, bytes]]) -> list[dict[str, Any]]:  # noqa: ARG001 - one form of door for all extras
    """What the page with downloads shows, in its order: path, title and about in each language, bytes, sha256."""
    return [file.entry() for file in described.downloads(files)]
