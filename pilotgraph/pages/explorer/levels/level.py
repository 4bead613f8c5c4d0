"""What a level shows: its groups with their size and most linked members, where they stand, and what joins them."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.pages.explorer.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.pages.explorer.levels.material import Material
    from pilotgraph.pages.explorer.levels.tree import Group

Values = dict[str, Any]

# Members of a kind that are named, links of each group that are told, and things that name a group.
_NAMED: Final = 3
_LINKS: Final = 3
_TITLES: Final = 2
# Circles in the picture, in pixels of a window 1300 wide; and the least room for a name below one.
_LARGEST: Final = 52.0
_LEAST: Final = 6.0
_NAME: Final = (124.0, 34.0)


class Levels:
    """Tells levels, in the language of the material."""

    def __init__(self, material: Material, whole: Group, base: str) -> None:
        self.material = material
        self.whole = whole
        self._base = base
        self.part_of = {pilot: part.number for part in whole.parts() for pilot in part.pilots}
        self._titles: dict[str, list[str]] = {"": []}
        self._name(whole, material.counts(whole.pilots))

    def level(self, group: Group) -> Values:
        """What is shown of a group that holds others."""
        sizes = [len(inner.pilots) for inner in group.groups]
        radii = [max(_LEAST, _LARGEST * math.sqrt(size / max(sizes))) for size in sizes]
        counts = [self.material.counts(inner.pilots) for inner in group.groups]
        links = _strongest(self._shared(group.groups))
        return self.heading(group) | {
            "links": [[one, two, number] for (one, two), number in sorted(links.items())],
            "groups": [
                self.heading(inner) | self._members(inner, count) | {"at": list(place), "r": round(radius, 1)}
                for inner, count, place, radius in zip(
                    group.groups, counts, _places(links, sizes, radii), radii, strict=True
                )
            ],
        }

    def heading(self, group: Group) -> Values:
        """Number, kind, name and size of a group, and those of the groups around it."""
        numbers = [group.number.rsplit(".", cut)[0] for cut in range(group.number.count("."), 0, -1)]
        return {
            "number": group.number,
            "kind": group.kind,
            "title": self._titles[group.number],
            "pilots": len(group.pilots),
            "groupsInside": len(group.groups),
            "around": [[number, self._titles[number]] for number in numbers],
        }

    def title(self, number: str) -> list[str]:
        """What a group is called by: the things that hold it together, or its first and last pilot."""
        return self._titles[number]

    def _name(self, group: Group, counts: Counter[str]) -> None:
        """Name the groups within a group, and those within them."""
        for inner in group.groups:
            own = self.material.counts(inner.pilots)
            self._titles[inner.number] = self._title(inner, own, counts)
            self._name(inner, own)

    def _title(self, group: Group, counts: Counter[str], around: Counter[str]) -> list[str]:
        """The things whose part of the modularity of a group in the one around it is the largest (Barber 2007)."""
        names = [self.material.labels[group.pilots[0]], self.material.labels[group.pilots[-1]]]
        if group.kind in {"alone", "slice"}:
            return names
        share = counts.total() / around.total() if around else 0.0
        weights = {thing: number - share * around[thing] for thing, number in counts.items() if number > 1}
        ranked = sorted(weights, key=lambda thing: (-round(weights[thing], 9), thing))
        return [self.material.labels[thing] for thing in ranked[:_TITLES] if weights[thing] > 0] or names

    def _members(self, group: Group, counts: Counter[str]) -> Values:
        """The pilots and the organisations with the most links inside a group, and how many organisations it has."""
        has, modes = self.material.has, self.material.modes
        actors = [thing for thing in counts if modes[thing] == "organisation"]
        linked = sorted(group.pilots, key=lambda pilot: (-len(has.get(pilot, ())), pilot))[:_NAMED]
        shared = sorted(actors, key=lambda thing: (-counts[thing], thing))[:_NAMED]
        inside = set(group.pilots)
        homes = {pilot: [pilot] for pilot in linked} | {
            thing: [pilot for pilot in self.material.holders[thing] if pilot in inside] for thing in shared
        }
        links = {pilot: len(has.get(pilot, ())) for pilot in linked} | {thing: counts[thing] for thing in shared}

        def told(iri: str) -> list[Any]:
            return [self._short(iri), self.material.labels[iri], links[iri], self.home(homes[iri])]

        return {
            "organisations": len(actors),
            "linked": [told(pilot) for pilot in linked],
            "shared": [told(thing) for thing in shared],
        }

    def home(self, pilots: Iterable[str]) -> str:
        """The number of the part that holds most of some pilots; of equal ones the first by number."""
        counts = Counter(self.part_of[pilot] for pilot in pilots)
        return min(counts, key=lambda number: (-counts[number], number))

    def _shared(self, groups: list[Group]) -> dict[tuple[int, int], int]:
        """How many partners the pilots of each two groups have in common."""
        places: dict[str, list[int]] = {}
        for number, group in enumerate(groups):
            for thing in {thing for pilot in group.pilots for thing in self.material.grouping.get(pilot, ())}:
                if self.material.modes[thing] == "organisation":
                    places.setdefault(thing, []).append(number)
        return Counter(pair for numbers in places.values() for pair in combinations(numbers, 2))

    def _short(self, iri: str) -> str:
        return iri.removeprefix(self._base)


def _strongest(links: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Of each group its strongest links: all of them together say nothing."""
    of: dict[int, list[tuple[int, int]]] = {}
    for pair in links:
        for end in pair:
            of.setdefault(end, []).append(pair)
    best = (sorted(pairs, key=lambda pair: (-links[pair], pair))[:_LINKS] for pairs in of.values())
    return {pair: links[pair] for pairs in best for pair in pairs}


def _places(links: dict[tuple[int, int], int], sizes: list[int], radii: Iterable[float]) -> list[tuple[int, int]]:
    """Where the middles of the circles stand; groups that share much for their size stand near each other."""
    closeness = {pair: number / math.sqrt(sizes[pair[0]] * sizes[pair[1]]) for pair, number in links.items()}
    closest = max(closeness.values(), default=1.0)
    edges = [(one, two, 1 / (0.4 + 0.6 * near / closest)) for (one, two), near in sorted(closeness.items())]
    round_ = [2 * radius for radius in radii]
    boxes = [(max(across + 10, _NAME[0]), across + _NAME[1]) for across in round_]
    # A box hangs from the top of its circle.
    return [
        (x, round(y - across / 2)) for (x, y), across in zip(lay_out(len(sizes), edges, boxes), round_, strict=True)
    ]
