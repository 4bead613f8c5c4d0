"""The layouts of the explorer: one for each network that it can show."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.pages.explorer.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable

Values = dict[str, Any]
Pair = tuple[int, int]

# Which links a layout shows, and which modes stand at their ends.
_TWO_MODE: Final = {
    "actor": ("actor", ("pilot", "organisation")),
    "actor-kinds": ("actor", ("pilot", "organisation", "kind")),
    "goal": ("goal", ("pilot", "goal")),
    "domain": ("domain", ("pilot", "domain")),
    "place": ("place", ("pilot", "place")),
}
# The kinds of cross-link that draw pilots together.
_DRAWING: Final = ("relation", "actor", "programme", "place", "goal", "domain")
# A layout of what is joined through others is not made where so many things would join them.
_PAIRS: Final = 30_000
_LINE: Final = 20
_LINES: Final = 3


def arrange(data: Values) -> dict[str, Values]:
    """Give each network that the explorer can show a layout: `nodes` and `at`, the x and y of each in turn.

    `data` is what :func:`pilotgraph.pages.explorer.data.explorer_data` tells of nodes and links.
    """
    modes = [node["mode"] for node in data["nodes"]]
    found = {}
    for name, (layer, shown) in _TWO_MODE.items():
        edges = {(a, b): 1.0 for a, b, *_ in data["links"].get(layer, []) if modes[b] in shown}
        nodes = {n for n, mode in enumerate(modes) if mode == "pilot"} | {b for _, b in edges}
        found[name] = _layout(data, nodes, edges)
    pilots = {n for n, mode in enumerate(modes) if mode == "pilot"}
    if drawn := _drawn(data, {"organisation", "programme", "place", "goal", "domain"}, onto=0):
        found["pilots"] = _layout(data, pilots, drawn)
    for name, kinds in (("actors", {"organisation"}), ("actors-kinds", {"organisation", "kind"})):
        actors = {b for _, b, *_ in data["links"].get("actor", []) if modes[b] in kinds}
        if (drawn := _drawn(data, kinds, onto=1)) is not None:
            found[name] = _layout(data, actors, drawn)
    return found


def _drawn(data: Values, through: set[str], onto: int) -> dict[Pair, float] | None:
    """Join pilots (onto 0) by what they share, or actors (1) by their pilots: the more closely, the shorter.

    How close is Newman's weight, as :func:`pilotgraph.network.projection.newman` gives it. None if there are too many.
    """
    modes = [node["mode"] for node in data["nodes"]]
    holders: dict[int, set[int]] = {}
    weights: dict[Pair, float] = {}
    for layer in _DRAWING if onto == 0 else ("actor",):
        for link in data["links"].get(layer, []):
            if layer == "relation":
                weights[min(link[:2]), max(link[:2])] = 1.0
            elif modes[link[1]] in through:
                holders.setdefault(link[1 - onto], set()).add(link[onto])
    if sum(len(having) ** 2 / 2 for having in holders.values()) > _PAIRS:
        return None
    for _, having in sorted(holders.items()):
        for pair in combinations(sorted(having), 2):
            weights[pair] = weights.get(pair, 0.0) + 1 / (len(having) - 1)
    return {pair: 1 / min(1.0, 0.35 + weight) for pair, weight in weights.items()}


def _layout(data: Values, nodes: Iterable[int], edges: dict[Pair, float]) -> Values:
    listed = sorted(nodes)
    number = {node: n for n, node in enumerate(listed)}
    joined = [(number[a], number[b], length) for (a, b), length in sorted(edges.items())]
    boxes = [_box(data["nodes"][node]["label"]) for node in listed]
    places = lay_out(len(listed), joined, boxes)
    return {"nodes": listed, "at": [coordinate for place in places for coordinate in place]}


def _box(label: str) -> tuple[float, float]:
    """Roughly how much room a label takes, in pixels, when it is broken into lines."""
    lines = [0]
    for word in label.split():
        if lines[-1] and lines[-1] + 1 + len(word) > _LINE:
            lines.append(len(word))
        else:
            lines[-1] += len(word) + bool(lines[-1])
    shown = [min(length, _LINE) for length in lines[:_LINES]]
    return max(shown) * 6.2 + 12, len(shown) * 13.5 + 14
