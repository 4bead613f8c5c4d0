"""A layout by the lengths of paths: the distance of two nodes on paper is that of the shortest path between them.

Source: E. R. Gansner, Y. Koren and S. North, Graph Drawing by Stress Majorization, Graph Drawing 2004, with the
weights 1/d² of T. Kamada and S. Kawai (1989); it begins with classical scaling of the distances.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_ROUNDS: Final = 300
_STILL: Final = 1e-4
# All nodes move at once, so that a full step would swing from side to side.
_STEP: Final = 0.7
_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))


def by_paths(links: list[dict[int, float]]) -> Points:
    """Lay out a connected graph; `links` are for each node its neighbours with the length of the edge."""
    import numpy as np  # noqa: PLC0415 - only the explorer needs it

    count = len(links)
    if count == 1:
        return np.zeros((1, 2))
    distances = np.array([_distances(node, links) for node in range(count)])
    with np.errstate(divide="ignore"):
        weights = np.where(distances > 0, 1 / np.square(distances), 0.0)
    total = weights.sum(axis=1)[:, None]
    points = _start(distances)
    for _ in range(_ROUNDS):
        step = _pull(points, distances, weights) / total
        points = points + _STEP * step
        if float(np.abs(step).max()) < _STILL:
            break
    centred: Points = points - points.mean(axis=0)
    return centred


def _pull(points: Points, distances: Points, weights: Points) -> Points:
    """Add up what all others ask of each node: to stand at the right distance."""
    import numpy as np  # noqa: PLC0415

    dx, dy = (points[:, None, axis] - points[None, :, axis] for axis in (0, 1))
    pull = weights * (distances / (np.sqrt(dx * dx + dy * dy) + 1e-9) - 1)
    return np.stack([(pull * dx).sum(axis=1), (pull * dy).sum(axis=1)], axis=1)


def _distances(start: int, links: list[dict[int, float]]) -> list[float]:
    """The length of the shortest path to every node (Dijkstra)."""
    found = [math.inf] * len(links)
    found[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        length, node = heapq.heappop(queue)
        if length > found[node]:
            continue
        for other, step in links[node].items():
            if length + step < found[other]:
                found[other] = length + step
                heapq.heappush(queue, (length + step, other))
    return found


def _start(distances: Points) -> Points:
    """Classical scaling; a little turn sets apart the nodes with the same neighbours, which it puts in one place."""
    import numpy as np  # noqa: PLC0415

    squares = np.square(distances)
    centred = squares.mean(axis=0) + squares.mean(axis=1)[:, None] - squares - squares.mean()
    _, vectors = np.linalg.eigh(centred)
    axes = vectors[:, [-1, -2]]
    # The sign of an axis is free: the node with the largest share looks to the right, or up.
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, [0, 1]] < 0, -1.0, 1.0)
    turn = np.arange(len(axes)) * _GOLDEN_ANGLE
    aside = 0.02 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points: Points = (axes / np.abs(axes).max() + aside) * distances.max() / 2
    return points
