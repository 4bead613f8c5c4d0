"""A large network as a tree: groups of pilots, groups within them, down to parts that a picture can show whole.

Groups are those of Barber's modularity (:mod:`pilotgraph.network.clusters.modularity`) by partners, goals and domains,
the best of a few searches; inside a group they are looked for anew. No test of how firm they are is made: they are ways
through a large network and no finding. What cannot be grouped is cut by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pilotgraph.network.clusters.incidence import Incidence
from pilotgraph.network.clusters.modularity import louvain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pilotgraph.progress import Tell

# Pilots that a part holds at most, and nodes of it: its pilots and the organisations that they are linked to.
MOST_IN_PART: Final = 150
MOST_NODES: Final = 400
# Groups that a level shows at most, and the pilots of one that is shown by itself.
MOST_GROUPS: Final = 40
_SMALLEST: Final = 10
_SEARCHES: Final = 3
_DEEPEST: Final = 12


@dataclass
class Group:
    """Some pilots (IRIs), and the groups within them; a group without groups is a part.

    `number` is its place in the tree, such as 3.12; that of the whole is empty. `kind` is `whole`, `group` (of a
    search), `small` (several small groups), `alone` (pilots that share nothing) or `slice` (cut by name).
    """

    number: str
    kind: str
    pilots: tuple[str, ...]
    groups: list[Group] = field(default_factory=list)

    def walk(self) -> Iterator[Group]:
        """Give this group and all within it, from the top."""
        yield self
        for group in self.groups:
            yield from group.walk()

    def parts(self) -> Iterator[Group]:
        """The groups that hold no others."""
        return (group for group in self.walk() if not group.groups)


def divide(
    labels: Mapping[str, str], held: Mapping[str, Sequence[str]], drawn: Mapping[str, Sequence[str]], progress: Tell
) -> Group:
    """Make the tree of some pilots: `labels` are their names, `held` the things by which they are grouped.

    `drawn` are the things that stand beside them in a picture. The same input gives the same tree, in whatever order
    it comes.
    """
    order = sorted(labels, key=lambda pilot: (labels[pilot].casefold(), pilot))
    whole = Group("", "whole", tuple(order))
    done, todo = 0, [(whole, 0)]
    while todo:
        group, depth = todo.pop()
        progress("grouping", done, len(order))
        if group.kind != "whole" and _is_part(group.pilots, drawn):
            done += len(group.pilots)
            continue
        searched = group.kind in {"whole", "group"} and depth < _DEEPEST
        kinds = _found(group.pilots, held) if searched else _cut(group)
        group.groups = [
            Group(f"{group.number}.{place}".lstrip("."), kind, pilots) for place, (kind, pilots) in enumerate(kinds, 1)
        ]
        todo += [(inner, depth + 1) for inner in group.groups]
    return whole


def _is_part(pilots: tuple[str, ...], drawn: Mapping[str, Sequence[str]]) -> bool:
    if len(pilots) > MOST_IN_PART:
        return False
    things = {thing for pilot in pilots for thing in drawn.get(pilot, ())}
    return len(pilots) + len(things) <= MOST_NODES or len(pilots) == 1


def _found(pilots: tuple[str, ...], held: Mapping[str, Sequence[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Look for groups; if all pilots make one, cut."""
    of = _incidence(pilots, held)
    if not of.links:
        return _sliced("slice", pilots)
    searches = [louvain(of, seed, 1.0) for seed in range(_SEARCHES)]
    _, labels = max(searches, key=lambda search: round(search[0], 9))
    members: dict[int, list[str]] = {}
    for pilot, label in zip(of.pilots, labels, strict=True):
        members.setdefault(label, []).append(pilot)
    ordered = sorted(map(tuple, members.values()), key=lambda group: -len(group))
    shown = [group for group in ordered[: MOST_GROUPS - 2] if len(group) >= _SMALLEST]
    if len(shown) < 2 and len(ordered) == 1:  # noqa: PLR2004 - one group divides nothing
        return _sliced("slice", pilots)
    small = tuple(pilot for group in ordered[len(shown) :] for pilot in group)
    linked = set(of.pilots)
    alone = tuple(pilot for pilot in pilots if pilot not in linked)
    rest = [(kind, group) for kind, group in (("small", small), ("alone", alone)) if group]
    found = [*(("group", group) for group in shown), *rest]
    return found if len(found) > 1 else _sliced("slice", pilots)


def _incidence(pilots: tuple[str, ...], held: Mapping[str, Sequence[str]]) -> Incidence:
    """What two or more of the pilots have, and who has it, in the order of the pilots."""
    things = sorted({thing for pilot in pilots for thing in held.get(pilot, ())})
    place = {thing: number for number, thing in enumerate(things)}
    rows = [[place[thing] for thing in held.get(pilot, ())] for pilot in pilots]
    return Incidence(pilots, tuple(things), tuple("" for _ in things), ()).with_rows(rows)


def _cut(group: Group) -> list[tuple[str, tuple[str, ...]]]:
    return _sliced(group.kind if group.kind in {"small", "alone"} else "slice", group.pilots)


def _sliced(kind: str, pilots: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Cut a list into even pieces, as many as needed but no more than a level shows."""
    pieces = max(2, min(MOST_GROUPS, -(-len(pilots) // MOST_IN_PART)))
    size = -(-len(pilots) // pieces)
    return [(kind, pilots[start : start + size]) for start in range(0, len(pilots), size)]
