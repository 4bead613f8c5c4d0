"""Where the nodes of a picture stand: computed ahead, so that the same data always gives the same picture.

Each connected part is laid out by itself: a small one by the lengths of its paths (:mod:`.stress`), a large one by
forces (:mod:`.force`). Labels that would cover each other are pushed apart, and the parts are set in rows. There is
no chance in any step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pilotgraph.pages.explorer.force import spread
from pilotgraph.pages.explorer.stress import by_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Edge = tuple[int, int, float]
    Box = tuple[float, float]

# The picture for which labels are set apart, in pixels: that of a window 1300 pixels wide.
WIDTH: Final = 880.0
HEIGHT: Final = 740.0
# How much of the picture labels may cover; a picture with more of them grows.
_FILL: Final = 0.6
_STRETCH: Final = 1.3
_PUSHES: Final = 200
# How far apart nodes are set that lie in one place.
_ROOM: Final = 4.0
_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
# Paths and pushing compare every two nodes.
_EVERY_TWO: Final = 700


def lay_out(count: int, edges: Sequence[Edge], boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Give each of `count` nodes a place, in whole pixels around (0, 0), y upwards.

    `edges` are pairs of node numbers with the length that the edge should have (1 is usual); `boxes` the width and
    height of each node with the label that hangs below it.
    """
    import numpy as np  # noqa: PLC0415 - only the explorer needs it

    near = _neighbours(count, edges)
    area = sum(width * height for width, height in boxes)
    growth = math.sqrt(max(1.0, area / _FILL / (WIDTH * HEIGHT)))
    parts = []
    scale = (0.0, 0.0)
    for members in _parts(count, near):
        sizes = np.array([boxes[node] for node in members], dtype=float)
        points = _turned(_place(members, near))
        # The largest part, which gets its share of the picture, sets the length of an edge for all.
        share = growth * math.sqrt(len(members) / count)
        scale = scale if any(scale) else _scale(points, WIDTH * share, HEIGHT * share)
        apart = _apart if len(members) <= _EVERY_TWO else _unstacked
        parts.append((members, apart(points * scale, sizes), sizes))
    placed = _in_rows(parts, WIDTH / HEIGHT)
    middle = (placed.max(axis=0) + placed.min(axis=0)) / 2 if count else placed
    return [(round(x), round(y)) for x, y in (placed - middle).tolist()]


def _neighbours(count: int, edges: Sequence[Edge]) -> list[dict[int, float]]:
    near: list[dict[int, float]] = [{} for _ in range(count)]
    for a, b, length in edges:
        if a != b:
            near[a][b] = near[b][a] = min(length, near[a].get(b, math.inf))
    return near


def _parts(count: int, near: list[dict[int, float]]) -> list[list[int]]:
    """The connected parts, largest first."""
    left = set(range(count))
    parts = []
    for node in range(count):
        if node not in left:
            continue
        left.discard(node)
        part, todo = [node], [node]
        while todo:
            fresh = sorted(left.intersection(near[todo.pop()]))
            left.difference_update(fresh)
            part += fresh
            todo += fresh
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _place(members: list[int], near: list[dict[int, float]]) -> Points:
    """Lay out one connected part."""
    number = {node: n for n, node in enumerate(members)}
    links = [{number[other]: length for other, length in near[node].items()} for node in members]
    return by_paths(links) if len(members) <= _EVERY_TWO else spread(links)


def _turned(points: Points) -> Points:
    """Turn a part so that it is widest across."""
    import numpy as np  # noqa: PLC0415

    sxx, syy = float(np.square(points[:, 0]).sum()), float(np.square(points[:, 1]).sum())
    sxy = float((points[:, 0] * points[:, 1]).sum())
    angle = math.atan2(2 * sxy, sxx - syy) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return np.stack([points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin], axis=1)


def _scale(points: Points, width: float, height: float) -> tuple[float, float]:
    """How much a part must grow in each direction to fill the picture; hardly more in one than in the other."""
    extent = points.max(axis=0) - points.min(axis=0)
    across = width / max(float(extent[0]), 1.0)
    upwards = height / max(float(extent[1]), 1.0)
    middle = math.sqrt(across * upwards)
    low, high = middle / _STRETCH, middle * _STRETCH
    return min(max(across, low), high), min(max(upwards, low), high)


def _apart(points: Points, sizes: Points) -> Points:
    """Push apart, a little at a time, the boxes that overlap."""
    import numpy as np  # noqa: PLC0415

    count = len(points)
    wide = (sizes[:, None, 0] + sizes[None, :, 0]) / 2
    high = (sizes[:, None, 1] + sizes[None, :, 1]) / 2
    # Two boxes in one place go apart in the order of their numbers.
    order = np.sign(np.arange(count)[:, None] - np.arange(count)[None, :])
    # A label hangs below its node, so the middle of a high box lies lower.
    hang = np.stack([np.zeros(count), sizes[:, 1] / 2], axis=1)
    for _ in range(_PUSHES):
        middles = points - hang
        dx, dy = (middles[:, None, axis] - middles[None, :, axis] for axis in (0, 1))
        over_x, over_y = wide - np.abs(dx), high - np.abs(dy)
        clash = (over_x > 0) & (over_y > 0) & (order != 0)
        if not clash.any():
            break
        across = clash & (over_x < over_y * 2)
        push_x = np.where(across, over_x * np.where(dx == 0, order, np.sign(dx)), 0.0).sum(axis=1)
        push_y = np.where(clash & ~across, over_y * np.where(dy == 0, order, np.sign(dy)), 0.0).sum(axis=1)
        points = points + 0.3 * np.stack([push_x, push_y], axis=1)
    return points


def _unstacked(points: Points, _: Points) -> Points:
    """Spread out, in a spiral, the nodes of a large part that lie on top of each other."""
    import numpy as np  # noqa: PLC0415

    cells = np.floor(points / (2 * _ROOM)).astype(int).tolist()
    seen: dict[tuple[int, int], int] = {}
    turns = []
    for x, y in cells:
        turns.append(seen.get((x, y), 0))
        seen[x, y] = turns[-1] + 1
    turn = np.array(turns, dtype=float)
    away = np.stack([np.cos(turn * _GOLDEN_ANGLE), np.sin(turn * _GOLDEN_ANGLE)], axis=1)
    spread_out: Points = points + _ROOM * np.sqrt(turn)[:, None] * away
    return spread_out


def _in_rows(parts: list[tuple[list[int], Points, Points]], aspect: float) -> Points:
    """Set the parts, largest first, in rows from top to bottom; the rows together have the aspect of the picture."""
    import numpy as np  # noqa: PLC0415

    count = sum(len(members) for members, _, _ in parts)
    placed = np.zeros((count, 2))
    frames = [_frame(points, sizes) for _, points, sizes in parts]
    widest = max((high[0] - low[0] for low, high in frames), default=0.0)
    area = sum((high[0] - low[0]) * (high[1] - low[1]) for low, high in frames)
    limit = max(widest, math.sqrt(area * aspect))
    x = y = deepest = 0.0
    for (members, points, _), (low, high) in zip(parts, frames, strict=True):
        if x and x + high[0] - low[0] > limit:
            x, y, deepest = 0.0, y + deepest, 0.0
        placed[members] = points - np.array([low[0] - x, high[1] + y])
        x += high[0] - low[0]
        deepest = max(deepest, high[1] - low[1])
    return placed


def _frame(points: Points, sizes: Points) -> tuple[list[float], list[float]]:
    """The smallest and largest x and y that a part takes, with the labels that hang below its nodes."""
    import numpy as np  # noqa: PLC0415

    half, height = sizes[:, 0] / 2, sizes[:, 1]
    low = np.stack([points[:, 0] - half, points[:, 1] - height], axis=1).min(axis=0)
    high = np.stack([points[:, 0] + half, points[:, 1]], axis=1).max(axis=0)
    return low.tolist(), high.tolist()
