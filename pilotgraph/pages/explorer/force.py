"""A layout by forces, for large graphs: nodes repel, edges attract, and what hangs together draws together.

Source: M. Jacomy and others, ForceAtlas2, PLoS ONE 9 (2014), e98679, in its mode LinLog, with the same rule for the
speed. Repulsion is not counted for every two nodes but through a grid, by a fast Fourier transform, as G. Linderman
and others do for t-SNE (Nature Methods 16, 2019): it takes a second for five thousand nodes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Numbers = NDArray[np.int64]

_ROUNDS: Final = 250
_GRID: Final = 128
_ATTRACTION: Final = 8.0
_GRAVITY: Final = 1.0
_GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))


def spread(links: list[dict[int, float]]) -> Points:
    """Lay out a connected graph; `links` are for each node its neighbours with the length of the edge."""
    import numpy as np  # noqa: PLC0415 - only the explorer needs it

    ends = np.array([(a, b) for a, near in enumerate(links) for b in near])
    weights = np.array([1 / length for near in links for length in near.values()])
    mass = 1.0 + np.array([len(near) for near in links], dtype=float)
    turn = np.arange(len(links)) * _GOLDEN_ANGLE
    points = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.sqrt(np.arange(len(links)) + 0.5)[:, None]
    kernels = _kernels()
    before, speed = np.zeros_like(points), 1.0
    for _ in range(_ROUNDS):
        force = _repulsion(points, mass, kernels) + _attraction(points, ends, weights)
        force -= points / (_length(points) + 1e-9) * mass[:, None] * _GRAVITY
        swing, traction = _length(force - before), _length(force + before) / 2
        speed = min(speed * 1.5, float((mass[:, None] * traction).sum() / (mass[:, None] * swing).sum()))
        points = points + force * speed / (1 + speed * np.sqrt(swing))
        before = force
    centred: Points = points - points.mean(axis=0)
    return centred


def _length(vectors: Points) -> Points:
    import numpy as np  # noqa: PLC0415

    lengths: Points = np.sqrt(np.square(vectors).sum(axis=1))[:, None]
    return lengths


def _kernels() -> list[NDArray[np.complex128]]:
    """What a mass in one cell of the grid does in every other, across and upwards, as transforms."""
    import numpy as np  # noqa: PLC0415

    steps = np.arange(-_GRID, _GRID)
    across, upwards = np.meshgrid(steps, steps, indexing="ij")
    square = np.maximum(across**2 + upwards**2, 1)
    return [np.fft.rfft2(np.fft.ifftshift(way / square)) for way in (across, upwards)]


def _repulsion(points: Points, mass: Points, kernels: list[NDArray[np.complex128]]) -> Points:
    """Every two nodes push each other away, inversely with their distance and by the number of their edges."""
    import numpy as np  # noqa: PLC0415

    low = points.min(axis=0)
    cell = float((points.max(axis=0) - low).max()) / (_GRID - 2)
    shape = (2 * _GRID, 2 * _GRID)
    corners = list(_corners((points - low) / cell))
    field = np.zeros(shape[0] * shape[1])
    for share, place in corners:
        field += np.bincount(place, share * mass, minlength=len(field))
    masses = np.fft.rfft2(field.reshape(shape))
    pushes = [np.fft.irfft2(masses * kernel, s=shape).ravel() for kernel in kernels]
    felt = [sum(share * push[place] for share, place in corners) for push in pushes]
    return np.stack(felt, axis=1) / cell * mass[:, None]


def _corners(points: Points) -> Iterator[tuple[Points, Numbers]]:
    """The four cells around each point, with the share of each in it."""
    import numpy as np  # noqa: PLC0415

    whole = points.astype(np.int64)
    part = points - whole
    for right in (0, 1):
        for up in (0, 1):
            share = np.abs(1 - right - part[:, 0]) * np.abs(1 - up - part[:, 1])
            yield share, (whole[:, 0] + right) * 2 * _GRID + whole[:, 1] + up


def _attraction(points: Points, ends: Numbers, weights: Points) -> Points:
    """Every edge draws its ends together, with the logarithm of its length; each edge is listed from both ends."""
    import numpy as np  # noqa: PLC0415

    gap = points[ends[:, 1]] - points[ends[:, 0]]
    length = _length(gap) + 1e-9
    pull = gap / length * np.log1p(length) * weights[:, None] * _ATTRACTION
    return np.stack([np.bincount(ends[:, 0], pull[:, axis], minlength=len(points)) for axis in (0, 1)], axis=1)
