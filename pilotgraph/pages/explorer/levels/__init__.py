"""The explorer of a large network: groups first, then what is in them, loaded when the reader asks for it.

    first, files = levels(dataset, reader, "nl")

`first` is what the page begins with; `files` are scripts beside it, by name: a browser that opened the page from a disk
may load no other kind of file. The script is `viz/src/explorer-levels`; a part is shown by the explorer itself.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.pages.explorer.data import MOST_PILOTS, Rows, parts_data
from pilotgraph.pages.explorer.levels.level import Levels
from pilotgraph.pages.explorer.levels.material import SOUGHT, Material
from pilotgraph.pages.explorer.levels.names import pieces
from pilotgraph.pages.explorer.levels.tree import Group, divide
from pilotgraph.pages.graph import script_json
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

__all__ = ["MOST_PILOTS", "levels"]

Values = dict[str, Any]
# Parts whose texts are asked for together.
_AT_ONCE: Final = 40
# Other parts that are named beside a thing.
_ELSEWHERE: Final = 8


def levels(
    dataset: Dataset, reader: Reader, language: str, progress: Tell = silent
) -> tuple[Values, Iterator[tuple[str, bytes]]]:
    """Divide a network and tell it, in a language: en or nl.

    Gives what the first page holds, and the scripts that are to stand beside it in one folder, made as they are asked
    for. Raises DatasetError if a query is missing.
    """
    progress("reading the network", 0, 0)
    made = _Made(dataset, reader, language, progress)
    return made.first, made.files()


class _Made:
    def __init__(self, dataset: Dataset, reader: Reader, language: str, progress: Tell) -> None:
        self.dataset, self.reader, self.language, self.progress = dataset, reader, language, progress
        self.base = f"{dataset.base}id/"
        self.material = Material(Rows.read(dataset, reader, language))
        pilots = {iri: self.material.labels[iri] for iri in self.material.rows.pilots}
        self.whole = divide(pilots, self.material.grouping, self.material.actors, progress)
        self.levels = Levels(self.material, self.whole, self.base)
        self.parts = list(self.whole.parts())
        self.names = list(pieces(self._names()))
        self.first: Values = {
            "language": language,
            "base": self.base,
            "title": dataset.title.get(language, ""),
            "edition": dataset.edition,
            "licence": dataset.licence,
            "modes": list(SOUGHT),
            "names": [key for key, _ in self.names],
            "level": self.levels.level(self.whole),
        }

    def files(self) -> Iterator[tuple[str, bytes]]:
        for number, (_, piece) in enumerate(self.names):
            yield _script(f"names-{number}", piece)
        for group in self.whole.walk():
            if group.groups and group.number:
                yield _script(f"part-{group.number}", self.levels.level(group))
        for start in range(0, len(self.parts), _AT_ONCE):
            self.progress("writing parts", start, len(self.parts))
            batch = self.parts[start : start + _AT_ONCE]
            rows = (self.material.of(part.pilots) for part in batch)
            made = parts_data(self.dataset, self.reader, self.language, rows)
            for part, data in zip(batch, made, strict=True):
                yield _script(f"part-{part.number}", self._part(part, data))

    def _part(self, part: Group, data: Values) -> Values:
        for node in data["nodes"]:
            iri = self.base + node["id"]
            if elsewhere := self._elsewhere(iri, part):
                node["elsewhere"] = elsewhere
        return data | {"part": self.levels.heading(part)}

    def _elsewhere(self, iri: str, part: Group) -> Values | None:
        """Where else a thing is: how many pilots in how many parts, and the first of these; or whom a pilot relates to.

        An entry of `at` is the number of a part, what it is called or the pilot in it, a count, and the pilot's id.
        """
        if self.material.modes.get(iri) == "pilot":
            inside = set(part.pilots)
            others = [pilot for pilot in self.material.related(iri) if pilot not in inside]
            at = [
                [self.levels.part_of[other], [self.material.labels[other]], 1, self._short(other)] for other in others
            ]
            return {"total": len(at), "parts": len(at), "at": at} if at else None
        counts = Counter(self.levels.part_of[pilot] for pilot in self.material.holders.get(iri, ()))
        del counts[part.number]
        ranked = sorted(counts, key=lambda number: (-counts[number], number))
        at = [[number, self.levels.title(number), counts[number], ""] for number in ranked[:_ELSEWHERE]]
        return {"total": sum(counts.values()), "parts": len(ranked), "at": at} if at else None

    def _names(self) -> Iterator[list[Any]]:
        """Every name that is looked for: the part of a thing is that with most of its pilots."""
        for pilot in self.material.rows.pilots:
            links = len(self.material.has.get(pilot, ()))
            yield [self.material.labels[pilot], 0, self._short(pilot), self.levels.part_of[pilot], links]
        for thing, holders in self.material.holders.items():
            if self.material.modes[thing] in SOUGHT:
                mode = SOUGHT.index(self.material.modes[thing])
                yield [self.material.labels[thing], mode, self._short(thing), self.levels.home(holders), len(holders)]

    def _short(self, iri: str) -> str:
        return iri.removeprefix(self.base)


def _script(name: str, value: Any) -> tuple[str, bytes]:  # noqa: ANN401 - whatever JSON can hold
    return f"{name}.js", f'window.pilotgraphPart("{name}",{script_json(value)});\n'.encode()
