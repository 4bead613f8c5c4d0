"""How far two divisions agree: adjusted Rand, normalised mutual information, and the chance of as much by luck.

A division gives each node the name of its group. Only nodes that both divisions have are compared.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    Division = Mapping[str, Hashable]


def adjusted_rand(first: Division, second: Division) -> float:
    """Give the adjusted Rand index: 1 for the same division, about 0 for two that have nothing to do with each other.

    Two divisions that both put all nodes together, or both keep all apart, are the same: 1.
    Source: L. Hubert and P. Arabie, Comparing partitions, Journal of Classification 2 (1985), 193-218.

    >>> round(adjusted_rand({"a": 1, "b": 1, "c": 2, "d": 2}, {"a": "x", "b": "x", "c": "y", "d": "z"}), 3)
    0.571
    """
    both, rows, columns, size = _table(first, second)
    together = _pairs(both.values())
    in_first, in_second = _pairs(rows.values()), _pairs(columns.values())
    expected = in_first * in_second / math.comb(size, 2) if size > 1 else 0.0
    highest = (in_first + in_second) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def mutual_information(first: Division, second: Division) -> float:
    """Give the mutual information of two divisions over the mean of their entropies: between 0 and 1.

    It is not corrected for chance: many small groups raise it. Read it beside the adjusted Rand index.
    Source: L. Danon et al., Comparing community structure identification, J. Stat. Mech. (2005), P09008.

    >>> mutual_information({"a": 1, "b": 1, "c": 2}, {"a": "x", "b": "x", "c": "y"})
    1.0
    """
    both, rows, columns, size = _table(first, second)
    shared = math.fsum(n / size * math.log(n * size / (rows[a] * columns[b])) for (a, b), n in sorted_items(both))
    entropies = _entropy(rows.values(), size) + _entropy(columns.values(), size)
    return max(0.0, min(1.0, 2 * shared / entropies)) if entropies else 1.0


def omega(first: Iterable[frozenset[str]], second: Iterable[frozenset[str]], nodes: Iterable[str]) -> float:
    """Give the omega index of two covers, whose groups may overlap: for divisions, the adjusted Rand index.

    It counts for each pair of nodes in how many groups of each cover they are together.
    Source: L. M. Collins and C. W. Dent, Omega, Multivariate Behavioral Research 23 (1988), 231-242.

    >>> groups = [frozenset("ab"), frozenset("cd")]
    >>> omega(groups, groups, "abcd")
    1.0
    """
    pairs = list(combinations(sorted(nodes), 2))
    counts = [Counter(_together(cover, pairs)) for cover in (list(first), list(second))]
    total = len(pairs)
    levels = [Counter(cover[pair] for pair in pairs) for cover in counts]
    observed = sum(counts[0][pair] == counts[1][pair] for pair in pairs) / total if total else 1.0
    expected = math.fsum(n * levels[1][level] for level, n in sorted(levels[0].items())) / total**2 if total else 0.0
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def chance(first: Division, second: Division, samples: int, seed: int) -> float:
    """Give the share of random relabellings that agree as well as the two divisions do (adjusted Rand).

    The group sizes stay; who is in which group is drawn. The observed agreement counts as one draw, so the answer
    is never nought (B. Phipson and G. K. Smyth, Permutation p-values should never be zero, 2010).
    """
    # In the order of the first, which names do not decide.
    nodes = [node for node in first if node in second]
    observed = adjusted_rand(first, second)
    generator = random.Random(seed)  # noqa: S311 - sampling, no secret
    labels = [second[node] for node in nodes]
    as_good = 0
    for _ in range(samples):
        generator.shuffle(labels)
        drawn = dict(zip(nodes, labels, strict=True))
        as_good += adjusted_rand({node: first[node] for node in nodes}, drawn) >= observed - 1e-12
    return (1 + as_good) / (1 + samples)


def sorted_items(counted: Counter[tuple[Hashable, Hashable]]) -> list[tuple[tuple[Hashable, Hashable], int]]:
    """The items in an order that hashes do not decide, so that sums are the same every time."""
    return sorted(counted.items(), key=lambda item: (item[1], str(item[0])))


def _table(
    first: Division, second: Division
) -> tuple[Counter[tuple[Hashable, Hashable]], Counter[Hashable], Counter[Hashable], int]:
    nodes = set(first) & set(second)
    both = Counter((first[node], second[node]) for node in nodes)
    return both, Counter(first[node] for node in nodes), Counter(second[node] for node in nodes), len(nodes)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(math.comb(size, 2) for size in sizes)


def _entropy(sizes: Iterable[int], size: int) -> float:
    return -math.fsum(n / size * math.log(n / size) for n in sorted(sizes))


def _together(cover: list[frozenset[str]], pairs: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {(a, b): sum(a in group and b in group for group in cover) for a, b in pairs}
