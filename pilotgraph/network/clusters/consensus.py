"""Cores: pilots that come out together in nearly all analyses, whatever is left out and by whichever method."""

from __future__ import annotations

import statistics
from itertools import combinations
from typing import TYPE_CHECKING

from pilotgraph.network.clusters.model import Between, Core

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    Labels = dict[str, int]
    Together = dict[tuple[str, str], float]

# Two are a pair, and a pair is a cross-link; a cluster takes more.
MIN_CORE = 3


def together(pilots: Sequence[str], divisions: Sequence[Sequence[Labels]]) -> Together:
    """Give for each two pilots the share of analyses in which they are together; each method counts the same.

    Only analyses that have both pilots count. Source: A. Lancichinetti and S. Fortunato, Consensus clustering in
    complex networks, Scientific Reports 2 (2012), 336.
    """
    shares: Together = {}
    for pair in combinations(pilots, 2):
        parts = []
        for of_method in divisions:
            both = [labels for labels in of_method if pair[0] in labels and pair[1] in labels]
            if both:
                parts.append(statistics.fmean(labels[pair[0]] == labels[pair[1]] for labels in both))
        shares[pair] = statistics.fmean(parts) if parts else 0.0
    return shares


def cores(pilots: Sequence[str], shares: Together, least: float) -> list[Core]:
    """Gather pilots of which each two are together in at least the share `least` (complete linkage), largest first.

    Groups of fewer than :data:`MIN_CORE` are pairs. `pilots` come in canonical order, which settles equal cases.
    """
    found: list[tuple[str, ...]] = [(pilot,) for pilot in pilots]
    while len(found) > 1:
        joins = {(a, b): _lowest(found[a], found[b], shares) for a, b in combinations(range(len(found)), 2)}
        # Rounded, so that equal shares are equal however they were summed.
        best, pair = max((round(share, 9), (-a, -b)) for (a, b), share in joins.items())
        if best < least:
            break
        a, b = -pair[0], -pair[1]
        found[a] += found[b]
        del found[b]
    made = []
    for members in found:
        if len(members) > 1:
            inside = [_share(a, b, shares) for a, b in combinations(members, 2)]
            made.append(Core(tuple(sorted(members)), min(inside), statistics.fmean(inside)))
    return sorted(made, key=lambda core: (-len(core.pilots), -round(core.mean, 9)))


def between(pilots: Sequence[str], found: Sequence[Core], shares: Together) -> list[Between]:
    """Tell of each pilot of no core with which core it is most often together; the most often first."""
    if not found:
        return []
    inside = {pilot for core in found for pilot in core.pilots}
    listed = []
    for pilot in sorted(set(pilots) - inside):
        means = [statistics.fmean(_share(pilot, other, shares) for other in core.pilots) for core in found]
        best = max(range(len(found)), key=lambda number: (means[number], -number))
        listed.append(Between(pilot, best, means[best]))
    return sorted(listed, key=lambda item: (-item.share, item.pilot))


def labels_of(groups: Iterable[Collection[str]], pilots: Sequence[str]) -> dict[str, int]:
    """The number of the group of each pilot that is in one, in the order of `pilots`."""
    of_pilot = {pilot: number for number, group in enumerate(groups) for pilot in group}
    return {pilot: of_pilot[pilot] for pilot in pilots if pilot in of_pilot}


def _share(a: str, b: str, shares: Together) -> float:
    return shares[a, b] if (a, b) in shares else shares[b, a]


def _lowest(first: tuple[str, ...], second: tuple[str, ...], shares: Together) -> float:
    return min(_share(a, b, shares) for a in first for b in second)
