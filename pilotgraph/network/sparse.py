"""Measures of large networks from sparse matrices: the same numbers as :mod:`pilotgraph.network.compute`, sooner.

Sums are added in another order, so that values differ from those of networkx by at most one part in 10^9. Above
:data:`SAMPLED` nodes, betweenness and closeness are estimated from the shortest paths of :data:`PIVOTS` nodes.
"""

from __future__ import annotations

import random
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import numpy as np
    from scipy.sparse import csr_array

    Scores = dict[str, float]
    Vector = np.ndarray[Any, np.dtype[np.float64]]

SAMPLED: Final = 10_000
PIVOTS: Final = 256
SEED: Final = 2022
# Sources that are searched from at once, and entries that a block of a product may have.
_AT_ONCE: Final = 32
_ENTRIES: Final = 20_000_000
_DAMPING: Final = 0.85
_TOLERANCE: Final = 1e-13
_MOST_ROUNDS: Final = 1000


def matrix(graph: nx.Graph[str], *, weighted: bool = False) -> csr_array:
    """The links of a network as a symmetric matrix, nodes in the same order; of ones, or of the weights."""
    import numpy as np  # noqa: PLC0415 - only networks need it
    from scipy.sparse import csr_array  # noqa: PLC0415 - only a large network needs it

    places = {node: place for place, node in enumerate(graph)}
    rows = [near for _, near in graph.adjacency()]
    begins = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum(np.fromiter(map(len, rows), np.int32, len(rows)), out=begins[1:])
    ends = np.fromiter(map(places.__getitem__, chain.from_iterable(rows)), np.int32, int(begins[-1]))
    values = np.ones(len(ends))
    # Two-mode networks have no weights, and to see that takes less than to read them.
    if weighted and any("weight" in data for near in rows for data in near.values()):
        values = np.fromiter((data.get("weight", 1.0) for near in rows for data in near.values()), float, len(ends))
    found = csr_array((values, ends, begins), shape=(len(rows), len(rows)))
    found.sort_indices()
    return found


def scores(graph: nx.Graph[str], values: Vector) -> Scores:
    """The numbers by node."""
    return dict(zip(graph, values.tolist(), strict=True))


def pivots(graph: nx.Graph[str]) -> list[int]:
    """The numbers of the nodes to search from; the same that networkx draws with the same seed."""
    return random.Random(SEED).sample(range(len(graph)), min(PIVOTS, len(graph)))  # noqa: S311 - sampling, no secret


def betweenness(graph: nx.Graph[str]) -> Scores:
    """Estimate betweenness from the shortest paths that begin at pivots.

    Source: U. Brandes and C. Pich, Centrality estimation in large networks, International Journal of Bifurcation and
    Chaos 17 (2007), 2303-2318; the accumulation is that of Brandes (2001), for many sources at once.
    """
    import numpy as np  # noqa: PLC0415

    links, size = matrix(graph), len(graph)
    chosen = pivots(graph)
    total = np.zeros(size)
    for start in range(0, len(chosen), _AT_ONCE):
        total += _dependencies(links, chosen[start : start + _AT_ONCE])
    # A pivot has one source less than the others: itself. The correction is that of networkx.
    met = np.full(size, len(chosen))
    met[chosen] -= 1
    return scores(graph, total / (met * (size - 2)))


def _levels(links: csr_array, sources: list[int]) -> tuple[list[Vector], Vector]:
    """Search from several nodes at once: the new nodes of each level by number of paths, and all numbers of paths."""
    import numpy as np  # noqa: PLC0415

    paths = np.zeros((links.shape[0], len(sources)))
    paths[sources, range(len(sources))] = 1.0
    levels = [paths.copy()]
    while True:
        reached = links @ levels[-1]
        reached[paths > 0] = 0.0
        if not reached.any():
            return levels, paths
        levels.append(reached)
        paths += reached


def _dependencies(links: csr_array, sources: list[int]) -> Vector:
    import numpy as np  # noqa: PLC0415

    levels, paths = _levels(links, sources)
    found = np.zeros_like(paths)
    for nearer, further in zip(levels[-2::-1], levels[:0:-1], strict=True):
        share = np.divide(1.0 + found, paths, out=np.zeros_like(paths), where=further > 0)
        found += (links @ share) * nearer
    found[sources, range(len(sources))] = 0.0
    total: Vector = found.sum(axis=1)
    return total


def closeness(graph: nx.Graph[str]) -> Scores:
    """Estimate closeness from the distances to the pivots in reach; a piece without enough of them is searched whole.

    Source: D. Eppstein and J. Wang, Fast approximation of centrality, Journal of Graph Algorithms and Applications 8
    (2004), 39-45; the correction for a network in pieces is that of Wasserman and Faust.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    links, size = matrix(graph), len(graph)
    _, piece = connected_components(links, directed=False)
    extent = np.bincount(piece)[piece]
    drawn = pivots(graph)
    small = np.flatnonzero(extent <= PIVOTS)
    total, met = np.zeros(size), np.zeros(size)
    for sources in (drawn, small.tolist()):
        kept = [source for source in sources if (extent[source] <= PIVOTS) == (sources is not drawn)]
        for part in _packed(kept, piece) if sources is not drawn else _chunks(kept):
            distance, reached = _distances(links, part)
            total += distance
            met += reached
    others = extent - 1
    mean = np.divide(total, met, out=np.zeros(size), where=met > 0)
    inverse = np.divide(1.0, mean, out=np.zeros(size), where=mean > 0)
    return scores(graph, inverse * others / max(size - 1, 1))


def _chunks(sources: list[int]) -> Iterator[list[list[int]]]:
    for start in range(0, len(sources), _AT_ONCE):
        yield [[source] for source in sources[start : start + _AT_ONCE]]


def _packed(sources: list[int], piece: np.ndarray[Any, Any]) -> Iterator[list[list[int]]]:
    """Search in many pieces at once: the n-th node of every piece goes into the n-th search."""
    turn: dict[int, int] = {}
    searches: list[list[int]] = []
    for source in sources:
        number = turn.get(int(piece[source]), 0)
        turn[int(piece[source])] = number + 1
        if number == len(searches):
            searches.append([])
        searches[number].append(source)
    for start in range(0, len(searches), _AT_ONCE):
        yield searches[start : start + _AT_ONCE]


def _distances(links: csr_array, searches: list[list[int]]) -> tuple[Vector, Vector]:
    """For each node the sum of its distances to the sources in reach, itself apart, and their number."""
    import numpy as np  # noqa: PLC0415

    front = np.zeros((links.shape[0], len(searches)))
    for number, sources in enumerate(searches):
        front[sources, number] = 1.0
    seen = front > 0
    total, met = np.zeros(links.shape[0]), np.zeros(links.shape[0])
    for step in range(1, links.shape[0] + 1):
        new = (links @ front > 0) & ~seen
        if not new.any():
            break
        seen |= new
        front = new.astype(float)
        count = new.sum(axis=1)
        total += step * count
        met += count
    return total, met


def pagerank(graph: nx.Graph[str]) -> Scores:
    """The same iteration as :func:`pilotgraph.network.compute.pagerank`."""
    import numpy as np  # noqa: PLC0415

    links, size = matrix(graph, weighted=True), len(graph)
    total = links.sum(axis=1)
    alone = total == 0
    inverse = np.divide(1.0, total, out=np.zeros(size), where=~alone)
    values = np.full(size, 1 / size)
    for _ in range(_MOST_ROUNDS):
        base = (1 - _DAMPING + _DAMPING * values[alone].sum()) / size
        new = base + _DAMPING * (links @ (values * inverse))
        change = np.abs(new - values).sum()
        values = new
        if change < _TOLERANCE * size:
            break
    return scores(graph, values)


def clustering(graph: nx.Graph[str]) -> Scores:
    """The share of the pairs of neighbours that are linked; each triangle is found once, from its node of least degree.

    Source: T. Schank and D. Wagner, Finding, counting and listing all triangles in large graphs, WEA 2005, 606-609.
    """
    import numpy as np  # noqa: PLC0415

    links = matrix(graph)
    degree = np.diff(links.indptr)
    rank = np.empty(len(graph), dtype=np.int64)
    rank[np.lexsort((np.arange(len(graph)), degree))] = np.arange(len(graph))
    pairs = links.tocoo()
    up = rank[pairs.row] < rank[pairs.col]
    upward = type(pairs)((pairs.data[up], (pairs.row[up], pairs.col[up])), shape=pairs.shape).tocsr()
    ends = (upward @ upward).multiply(upward)
    middle = (upward.T @ upward).multiply(upward)
    triangles = ends.sum(axis=1) + ends.sum(axis=0) + middle.sum(axis=1)
    possible = degree * (degree - 1) / 2
    return scores(graph, np.divide(triangles, possible, out=np.zeros(len(graph)), where=possible > 0))


def two_mode_clustering(graph: nx.Graph[str]) -> Scores:
    """The mean overlap of neighbours with those at distance two, from blocks of the product of the matrix by itself."""
    import numpy as np  # noqa: PLC0415

    links = matrix(graph)
    degree = np.diff(links.indptr)
    values = np.zeros(len(graph))
    for rows, shared in _shared(links, degree):
        pairs = shared.tocoo()
        other = pairs.row + rows.start != pairs.col
        row, col, both = pairs.row[other], pairs.col[other], pairs.data[other]
        overlap = both / (degree[row + rows.start] + degree[col] - both)
        size = rows.stop - rows.start
        near = np.bincount(row, minlength=size)
        total = np.bincount(row, overlap, minlength=size)
        values[rows] = np.divide(total, near, out=np.zeros(size), where=near > 0)
    return scores(graph, values)


def four_cycles(graph: nx.Graph[str], pilots: set[str]) -> int:
    """How many pairs of things are shared by the same two pilots."""
    import numpy as np  # noqa: PLC0415

    links = matrix(graph)
    degree = np.diff(links.indptr)
    is_pilot = np.fromiter((node in pilots for node in graph), bool, len(graph))
    found = 0
    for rows, shared in _shared(links, degree):
        pairs = shared.tocoo()
        ours = is_pilot[pairs.row + rows.start] & (pairs.row + rows.start < pairs.col)
        both = pairs.data[ours].astype(np.int64)
        found += int((both * (both - 1) // 2).sum())
    return found


def _shared(links: csr_array, degree: Vector) -> Iterator[tuple[slice, csr_array]]:
    """How many neighbours each two nodes share, for blocks of rows."""
    for rows in blocks(links @ degree):
        yield rows, links[rows] @ links


def blocks(entries: Vector) -> Iterator[slice]:
    """Cut rows into blocks whose products have a bounded number of entries, at least a row each."""
    start, held = 0, 0.0
    for row, number in enumerate(entries.tolist()):
        if held and held + number > _ENTRIES:
            yield slice(start, row)
            start, held = row, 0.0
        held += number
    yield slice(start, len(entries))
