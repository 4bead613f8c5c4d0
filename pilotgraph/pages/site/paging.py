"""Long lists and tables in pages of a fixed size, each with the way to the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pilotgraph.pages.site import formats
from pilotgraph.pages.site.addresses import table_path
from pilotgraph.pages.site.graph import TYPE, p
from pilotgraph.pages.site.page import Page, Sheet, Text
from pilotgraph.terms import PG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pilotgraph.pages.site.page import Made, Site

# A list of up to LONGEST entries stands on one page, a longer one on pages of ENTRIES; so for tables with a picture.
LONGEST, ENTRIES = 500, 250
LONGEST_PICTURE, PICTURE_ENTRIES = 200, 100
# Of things that are only named on the page of another one, and of passages under a source.
MOST_NAMED, MOST_LISTED, MOST_PASSAGES = 100, 500, 2000
_AROUND = 2
_FEWEST_LETTERS = 3

T = TypeVar("T")


@dataclass(frozen=True)
class Cut(Generic[T]):
    """The entries of one page out of a list: `number` of `pages`, behind `before` others, out of `total`.

    `first` is the path of the list's first page, and `letters` tells for each first letter of an entry the page and
    the place on it where it begins.
    """

    first: str
    entries: Sequence[T]
    number: int = 1
    pages: int = 1
    before: int = 0
    total: int = 0
    letters: tuple[tuple[str, int, int], ...] = ()

    @property
    def path(self) -> str:
        """The path of this page."""
        return path_of(self.first, self.number)

    @property
    def anchors(self) -> dict[int, str]:
        """The letters that begin on this page, by the place of the entry."""
        return {place: f"letter-{letter}" for letter, number, place in self.letters if number == self.number}


def path_of(first: str, number: int) -> str:
    """The path of a further page of a list; nothing else has a path in the folder `list`.

    >>> path_of("pilot/index.html", 3)
    'list/pilot/3.html'
    >>> path_of("goals.html", 1)
    'goals.html'
    """
    stem = first.removesuffix(".html").removesuffix("/index")
    return first if number == 1 else f"list/{stem}/{number}.html"


def cuts(
    first: str, entries: Sequence[T], longest: int, size: int, named: Callable[[T], str] | None = None
) -> list[Cut[T]]:
    """Cut a list into pages; `named` gives the name of an entry, for a list in alphabetic order."""
    if len(entries) <= longest:
        return [Cut(first, entries, total=len(entries))]
    pages = -(-len(entries) // size)
    letters = _letters(entries, size, named) if named else ()
    return [
        Cut(first, entries[at : at + size], number, pages, at, len(entries), letters)
        for number, at in enumerate(range(0, len(entries), size), 1)
    ]


def _letters(entries: Sequence[T], size: int, named: Callable[[T], str]) -> tuple[tuple[str, int, int], ...]:
    initials = [named(entry)[:1].casefold() for entry in entries]
    runs = [(letter, next(iter(run))) for letter, run in groupby(range(len(entries)), key=initials.__getitem__)]
    # A letter that comes back shows that the order is not alphabetic.
    letters = [(letter, place) for letter, place in runs if letter.isalpha()]
    sorted_by_name = len({letter for letter, _ in runs}) == len(runs)
    if not sorted_by_name or len(letters) < _FEWEST_LETTERS:
        return ()
    return tuple((letter, place // size + 1, place % size) for letter, place in letters)


def made(site: Site, language: str, found: Sequence[Cut[T]], make: Callable[[Sheet, Cut[T]], Page]) -> Iterator[Made]:
    """The pages of a list, each written when it is asked for."""
    for cut in found:
        yield partial(_page, site, language, cut, make)


def _page(site: Site, language: str, cut: Cut[T], make: Callable[[Sheet, Cut[T]], Page]) -> Page:
    sheet = Sheet(site, language, cut.path)
    page = make(sheet, cut)
    page.path = cut.path
    page.values = {**page.values, "pager": pager(sheet, cut)}
    if cut.number > 1:
        page.trail = (*page.trail, (page.title, cut.first))
        page.title = sheet.words["page_of"].format(title=page.title, n=cut.number, total=cut.pages)
        page.rdf = f"doc/{cut.path.removesuffix('.html')}"
        # Who searches is led to the first page.
        page.found = None
    return page


def pager(sheet: Sheet, cut: Cut[Any]) -> dict[str, Any] | None:
    """What leads from one page of a list to the others, None for a list on one page."""
    if cut.pages == 1:
        return None

    def href(number: int) -> str:
        return sheet.here(path_of(cut.first, number))

    shown = sorted({1, cut.pages, *range(max(1, cut.number - _AROUND), min(cut.pages, cut.number + _AROUND) + 1)})
    numbers = [
        {"number": number, "href": href(number), "gap": number - before > 1}
        for before, number in zip([0, *shown], shown, strict=False)
    ]
    count = [formats.number(str(n), sheet.language) for n in (cut.before + 1, cut.before + len(cut.entries), cut.total)]
    return {
        "number": cut.number,
        "numbers": numbers,
        "previous": href(cut.number - 1) if cut.number > 1 else "",
        "next": href(cut.number + 1) if cut.number < cut.pages else "",
        "range": sheet.words["entries_of"].format(first=count[0], last=count[1], total=count[2]),
        "letters": [(x.upper(), f"{href(number)}#letter-{x}") for x, number, _ in cut.letters],
    }


def table_of(sheet: Sheet, class_: str) -> Text:
    """The link to the table of all things of a class, if our ontology, from which the tables are made, has it."""
    iri = PG + class_
    described = p("owl:Class") in sheet.graph.iris(iri, TYPE) and sheet.graph.all(iri, p("rdfs:isDefinedBy"))
    return Text(sheet.words["whole_table"], sheet.to(table_path(iri))) if described else Text("")


def some(sheet: Sheet, things: Sequence[str], most: int) -> list[Text]:
    """The first things of a list by their names, and how many more there are."""
    shown = [sheet.thing(thing) for thing in things[:most]]
    rest = len(things) - most
    if rest > 0:
        shown.append(Text(sheet.words["and_more"].format(n=formats.number(str(rest), sheet.language))))
    return shown
