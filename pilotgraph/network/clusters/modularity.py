"""Two ways to divide pilots: by what each two share (projection), and by the two-mode network itself.

Both look for the division with the highest modularity: more links inside groups than the numbers of links of each
pilot and thing would lead one to expect. Neither finds the best for certain; so each is run many times.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.network.clusters.incidence import Incidence

    Labels = list[int]
    Method = Callable[[Incidence, int, str, float], tuple[float, Labels]]

_GAIN = 1e-12
# From so many links on, a search of several levels is as good and a hundred times as fast.
LARGE: Final = 3_000
# A gain of modularity that is no longer worth a step; scikit-network's own is ten thousand times as wide.
_STEP: Final = 1e-7


def projected(of: Incidence, seed: int, weighting: str, resolution: float) -> tuple[float, Labels]:
    """Divide the projection onto pilots by Louvain's method; returns the modularity and a group for each pilot.

    Source: V. D. Blondel et al., Fast unfolding of communities in large networks, J. Stat. Mech. (2008), P10008;
    the weighting of Newman (2001) is that of :mod:`pilotgraph.network.projection`.
    """
    import networkx as nx  # noqa: PLC0415 - heavy

    graph = of.graph(weighting)
    if not graph.size():
        return 0.0, list(range(len(of.pilots)))
    groups = nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    quality = nx.community.modularity(graph, groups, weight="weight", resolution=resolution)
    labels = [0] * len(of.pilots)
    for number, group in enumerate(groups):
        for pilot in group:
            labels[pilot] = number
    return quality, labels


def two_mode(of: Incidence, seed: int, weighting: str, resolution: float) -> tuple[float, Labels]:  # noqa: ARG001
    """Divide pilots and things together by Barber's modularity; returns it and a group for each pilot.

    From a random start, all things and then all pilots move to their best group, until nothing gains (BRIM); then
    the two groups whose union gains most are joined, and so on (LPAb+). A large network is divided by :func:`louvain`.

    Sources: M. J. Barber, Modularity and community detection in bipartite networks, Physical Review E 76 (2007),
    066102; X. Liu and T. Murata, An efficient algorithm for optimizing bipartite modularity in bipartite networks,
    J. Adv. Comput. Intell. Intell. Inform. 14 (2010), 408-415; S. J. Beckett, Improved community detection in
    weighted bipartite networks, Royal Society Open Science 3 (2016), 140536.
    """
    if of.links >= LARGE:
        return louvain(of, seed, resolution)
    return _Barber(of, resolution).run(random.Random(seed))  # noqa: S311 - no secret


def louvain(of: Incidence, seed: int, resolution: float) -> tuple[float, Labels]:
    """Divide pilots and things together by Louvain's method, level by level; returns Barber's modularity and groups.

    Source: N. Dugué and A. Perez, Directed Louvain: maximizing modularity in directed networks, hal-01231784 (2015),
    whose number for links that all lead from a pilot to a thing is Barber's.
    """
    import numpy as np  # noqa: PLC0415 - only large networks need it
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sknetwork.clustering import Louvain  # noqa: PLC0415

    things = np.fromiter((thing for row in of.rows for thing in sorted(row)), np.int32, of.links)
    ends = np.cumsum([0, *map(len, of.rows)])
    links = csr_matrix((np.ones(of.links), things, ends), shape=(len(of.pilots), len(of.things)))
    search = Louvain(resolution, "dugue", _STEP, _STEP, shuffle_nodes=True, random_state=seed)
    search.fit(links, force_bipartite=True)
    pilots, groups = search.labels_row_.tolist(), search.labels_col_.tolist()
    return barber(of, pilots, groups, resolution), pilots


METHODS: Final[dict[str, Method]] = {"projection": projected, "two-mode": two_mode}


def barber(of: Incidence, pilots: Labels, things: Labels, resolution: float = 1.0) -> float:
    """Give Barber's modularity of a division of pilots and things: (1/m) sum of (A_ij - k_i d_j / m) inside groups."""
    links = of.links
    if not links:
        return 0.0
    inside = sum(pilots[p] == things[t] for p, row in enumerate(of.rows) for t in row)
    by_pilot: dict[int, int] = {}
    by_thing: dict[int, int] = {}
    for label, row in zip(pilots, of.rows, strict=True):
        by_pilot[label] = by_pilot.get(label, 0) + len(row)
    for label, holders in zip(things, of.columns, strict=True):
        by_thing[label] = by_thing.get(label, 0) + len(holders)
    expected = math.fsum(by_pilot[label] * by_thing.get(label, 0) for label in sorted(by_pilot))
    return inside / links - resolution * expected / links**2


class _Barber:
    """One search: the labels of pilots and things, improved until nothing gains."""

    def __init__(self, of: Incidence, resolution: float) -> None:
        self.of = of
        self.factor = resolution / of.links if of.links else 0.0
        self.near = {True: [tuple(sorted(row)) for row in of.rows], False: list(of.columns)}

    def run(self, generator: random.Random) -> tuple[float, Labels]:
        size = len(self.of.pilots)
        groups = generator.randint(1, size) if size else 1
        pilots = [generator.randrange(groups) for _ in range(size)]
        best, things = -math.inf, [0] * len(self.of.things)
        while True:
            pilots, things, quality = self._settle(pilots, things)
            if quality <= best + _GAIN:
                return quality, pilots
            best = quality
            joined = self._join(pilots, things)
            if joined is None:
                return quality, pilots
            pilots, things = joined

    def _settle(self, pilots: Labels, things: Labels) -> tuple[Labels, Labels, float]:
        """Move things and pilots in turn until the modularity stays."""
        best = -math.inf
        while True:
            new_things = self._move(things, pilots, of_pilots=False)
            new_pilots = self._move(pilots, new_things, of_pilots=True)
            quality = barber(self.of, new_pilots, new_things, self.factor * self.of.links)
            if quality <= best + _GAIN:
                return pilots, things, best
            best, pilots, things = quality, new_pilots, new_things

    def _move(self, old: Labels, others: Labels, *, of_pilots: bool) -> Labels:
        """Give each node of one mode the group that gains most, given the groups of the other mode."""
        weight: dict[int, int] = {}
        for label, row in zip(others, self.near[not of_pilots], strict=True):
            weight[label] = weight.get(label, 0) + len(row)
        labels = []
        for node, row in enumerate(self.near[of_pilots]):
            counts: dict[int, int] = {}
            for other in row:
                counts[others[other]] = counts.get(others[other], 0) + 1
            degree = len(row)
            gains = {label: n - self.factor * degree * weight[label] for label, n in counts.items()}
            top = max(gains.values())
            stay = gains.get(old[node], -math.inf) >= top - _GAIN
            labels.append(old[node] if stay else min(label for label, gain in gains.items() if gain >= top - _GAIN))
        return labels

    def _join(self, pilots: Labels, things: Labels) -> tuple[Labels, Labels] | None:
        """Join the two groups whose union gains most; None if no union gains."""
        between: dict[tuple[int, int], int] = {}
        for pilot, row in enumerate(self.of.rows):
            for thing in row:
                a, b = sorted((pilots[pilot], things[thing]))
                if a != b:
                    between[a, b] = between.get((a, b), 0) + 1
        by_pilot: dict[int, int] = {}
        by_thing: dict[int, int] = {}
        for label, row in zip(pilots, self.of.rows, strict=True):
            by_pilot[label] = by_pilot.get(label, 0) + len(row)
        for label, holders in zip(things, self.of.columns, strict=True):
            by_thing[label] = by_thing.get(label, 0) + len(holders)
        best, pair = _GAIN, None
        for (a, b), n in sorted(between.items()):
            expected = by_pilot.get(a, 0) * by_thing.get(b, 0) + by_pilot.get(b, 0) * by_thing.get(a, 0)
            if n - self.factor * expected > best:
                best, pair = n - self.factor * expected, (a, b)
        if pair is None:
            return None
        a, b = pair
        return [a if x == b else x for x in pilots], [a if x == b else x for x in things]
