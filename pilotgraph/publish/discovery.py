"""Everything that lets others find, fetch and check the data: the door to the other modules.

Dumps, tables, VoID, DCAT, a feed, rules for servers, descriptions of the queries. Each file is a pair of its path
in the site and its bytes, or the pieces in which they come. The same data set and edition give the same bytes: no
clock, no order of chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.publish import downloads as described
from pilotgraph.publish.content import summed
from pilotgraph.publish.dcat import dcat
from pilotgraph.publish.dumps import checksums, dumps
from pilotgraph.publish.executables import executables
from pilotgraph.publish.feed import feed, sitemap
from pilotgraph.publish.rules_for_servers import rules
from pilotgraph.publish.settings import settings
from pilotgraph.publish.spreadsheets import spreadsheets
from pilotgraph.publish.tables import sheets
from pilotgraph.publish.void import void
from pilotgraph.publish.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.content import Content, Sum
    from pilotgraph.store.base import Reader


class Files:
    """All files but those that need the list of pages (:func:`last`), each to be read before the next is asked for.

    `base` is the base IRI under which `dataset` and `reader` are already; it ends in a slash. To read them raises
    SourceError for a manifest, a context or a query that cannot be read. When all are read `downloads` holds what the
    page with downloads shows, in its order: path, title and about in each language, bytes, sha256.
    """

    def __init__(self, dataset: Dataset, reader: Reader, base: str) -> None:
        self._dataset = dataset
        self._reader = reader
        self._base = base
        self._sums: list[Sum] = []
        self.downloads: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[tuple[str, Content]]:
        """Give each file with its path."""
        dataset, base = self._dataset, self._base
        chosen = settings(dataset)
        whole = Whole(self._reader)
        metadata = b""
        yield from self._summed(dumps(dataset, whole, base))
        for path, content in spreadsheets(dataset, sheets(self._reader, base), base):
            metadata = content if path == described.METADATA and isinstance(content, bytes) else metadata
            yield from self._summed([(path, content)])
        listed = described.downloads(self._sums, metadata)
        yield from self._summed([checksums(self._sums)])
        yield from self._summed(void(dataset, whole, base, chosen))
        yield from self._summed(dcat(dataset, whole, base, chosen, listed))
        yield from executables(dataset, base, chosen)
        yield from feed(dataset, base, chosen)
        yield from rules(dataset, whole, base, chosen)
        self.downloads = [file.entry() for file in described.downloads(self._sums, metadata)]

    def _summed(self, files: Iterable[tuple[str, Content]]) -> Iterator[tuple[str, Content]]:
        for path, content in files:
            told, read = summed(path, content)
            self._sums.append(told)
            yield path, read


def last(dataset: Dataset, base: str, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The map of the site for search engines, and robots.txt; `paths` are those of all pages."""
    return sitemap(dataset, settings(dataset).address or base, paths)
