"""The search for Barber's modularity in large networks: the moves of a whole mode at once, as columns.

The rules are those of :mod:`pilotgraph.network.clusters.modularity`: a node goes to the group that gains most, stays if
its own gains as much, and of equal ones takes the lowest number. Only the joining differs: one pass joins all groups
whose best partner has them as its best partner too, where the small search joins one pair at a time. So the division
can differ from that of the small search; both are local optima of the same number.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    import numpy as np

    from pilotgraph.network.clusters.incidence import Incidence

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

_GAIN = 1e-12


class Barber:
    """One search over the links of an incidence, as two columns of numbers."""

    def __init__(self, of: Incidence, resolution: float) -> None:
        import numpy as np  # noqa: PLC0415 - only networks need it

        self.sizes = (len(of.pilots), len(of.things))
        lengths = np.fromiter(map(len, of.rows), np.int64, len(of.rows))
        things = np.fromiter((thing for row in of.rows for thing in sorted(row)), np.int64, int(lengths.sum()))
        self.ends = (np.repeat(np.arange(len(of.rows)), lengths), things)
        self.degrees = tuple(np.bincount(end, minlength=n) for end, n in zip(self.ends, self.sizes, strict=True))
        self.resolution = resolution
        self.factor = resolution / len(things)

    def run(self, generator: random.Random) -> tuple[float, list[int]]:
        """Search from a random start; give the modularity and the group of each pilot."""
        import numpy as np  # noqa: PLC0415

        groups = generator.randint(1, self.sizes[0])
        pilots = np.array([generator.randrange(groups) for _ in range(self.sizes[0])])
        labels = (pilots, np.zeros(self.sizes[1], dtype=np.int64))
        best = -math.inf
        while True:
            labels, quality = self._settle(*labels)
            if quality <= best + _GAIN:
                return quality, labels[0].tolist()
            best = quality
            joined = self._join(*labels)
            if joined is None:
                return quality, labels[0].tolist()
            labels = joined

    def modularity(self, pilots: Numbers, things: Numbers) -> float:
        """Barber's modularity of a division."""
        import numpy as np  # noqa: PLC0415

        inside = (pilots[self.ends[0]] == things[self.ends[1]]).sum()
        size = max(int(pilots.max()), int(things.max())) + 1
        by_pilot = np.bincount(pilots, self.degrees[0], size)
        by_thing = np.bincount(things, self.degrees[1], size)
        links = len(self.ends[0])
        return float(inside / links - self.resolution * (by_pilot @ by_thing) / links**2)

    def _settle(self, pilots: Numbers, things: Numbers) -> tuple[tuple[Numbers, Numbers], float]:
        best = -math.inf
        while True:
            new_things = self._move(things, pilots, 1)
            new_pilots = self._move(pilots, new_things, 0)
            quality = self.modularity(new_pilots, new_things)
            if quality <= best + _GAIN:
                return (pilots, things), best
            best, pilots, things = quality, new_pilots, new_things

    def _move(self, old: Numbers, others: Numbers, mode: int) -> Numbers:
        """Give each node of one mode the group that gains most, given the groups of the other mode."""
        import numpy as np  # noqa: PLC0415

        size = int(others.max()) + 1
        weight = np.bincount(others, self.degrees[1 - mode], size)
        keys, counts = np.unique(self.ends[mode] * size + others[self.ends[1 - mode]], return_counts=True)
        node, label = np.divmod(keys, size)
        gain = counts - self.factor * self.degrees[mode][node] * weight[label]
        top = np.full(self.sizes[mode], -math.inf)
        np.maximum.at(top, node, gain)
        good = gain >= top[node] - _GAIN
        labels = np.full(self.sizes[mode], size)
        np.minimum.at(labels, node[good], label[good])
        stays = node[good & (label == old[node])]
        labels[stays] = old[stays]
        return labels

    def _join(self, pilots: Numbers, things: Numbers) -> tuple[Numbers, Numbers] | None:
        """Join the groups that are each other's best; None if no union gains."""
        import numpy as np  # noqa: PLC0415

        size = max(int(pilots.max()), int(things.max())) + 1
        one, two = pilots[self.ends[0]], things[self.ends[1]]
        low, high = np.minimum(one, two), np.maximum(one, two)
        keys, counts = np.unique((low * size + high)[low != high], return_counts=True)
        a, b = np.divmod(keys, size)
        by_pilot = np.bincount(pilots, self.degrees[0], size)
        by_thing = np.bincount(things, self.degrees[1], size)
        gain = counts - self.factor * (by_pilot[a] * by_thing[b] + by_pilot[b] * by_thing[a])
        a, b, gain = a[gain > _GAIN], b[gain > _GAIN], gain[gain > _GAIN]
        if not len(gain):
            return None
        best = np.full(size, -1)
        for number in np.lexsort((-b, -a, gain)):
            best[a[number]], best[b[number]] = b[number], a[number]
        group = np.arange(size)
        mutual = best >= 0
        mutual[mutual] = best[best[mutual]] == np.flatnonzero(mutual)
        group[mutual] = np.minimum(group[mutual], best[mutual])
        return group[pilots], group[things]
