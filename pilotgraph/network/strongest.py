"""The strongest links of a projection that would be too large whole: of each node those of the greatest weight.

An organisation that takes part in 100,000 pilots joins five billion pairs of them. So nothing is multiplied out:

* Things that few have make a sparse product, row block by row block.
* Things that many have join whole groups. Nodes with the same set of such things are alike to everyone else; so the
  best of them are found once for each set, and the first few nodes of a group stand for all of it.

A node has among these two kinds of candidates its `most` strongest links, exactly; of equal ones, those to the nodes
that come first. Both ends count: a link is kept if it is among the strongest of one of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pilotgraph.network.sparse import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from scipy.sparse import csr_array

    Numbers = np.ndarray[Any, np.dtype[np.int64]]
    Weights = np.ndarray[Any, np.dtype[np.float64]]
    Links = tuple[Numbers, Numbers, Weights]

# From so many holders on a thing joins groups and not pairs, and so many different groups are compared at most.
_MANY: Final = 500
_GROUPS: Final = 3_000
# Weights are equal if they are so to this number of decimals: sums arrive in different orders.
_DECIMALS: Final = 9


def strongest(holds: csr_array, weights: Weights, most: int) -> list[tuple[int, int]]:
    """Give the pairs of rows of a matrix that share something, of each row the `most` strongest.

    `holds` tells by ones which row has which thing; `weights` is what each thing adds to a link. Pairs are sorted.
    """
    import numpy as np  # noqa: PLC0415 - only networks need it

    few, many = _split(holds)
    common, group_of = _groups(holds[:, many])
    shared = (common * weights[many]) @ common.T
    best = [np.array(list(_best(row, group_of, most)), dtype=np.int64) for row in shared]
    light = holds[:, few]
    product = (light.T.tocsr().multiply(weights[few][:, None])).tocsr()
    kept: list[Numbers] = []
    for rows in blocks(light @ np.diff(light.T.tocsr().indptr) + most):
        one, two, weight = _candidates(rows, light[rows] @ product, shared, group_of, best)
        order = np.lexsort((two, -np.round(weight, _DECIMALS), one))
        one, two = one[order], two[order]
        begins = np.searchsorted(one, one)
        top = np.arange(len(one)) - begins < most
        kept.append(np.stack([np.minimum(one, two)[top], np.maximum(one, two)[top]], axis=1))
    pairs = np.unique(np.concatenate(kept), axis=0) if kept else np.empty((0, 2), np.int64)
    return [(one, two) for one, two in pairs.tolist()]


def _split(holds: csr_array) -> tuple[Numbers, Numbers]:
    """The things that few have, and those that many have: so few of these that the groups can be compared."""
    import numpy as np  # noqa: PLC0415

    holders = np.bincount(holds.indices, minlength=holds.shape[1])
    limit = _MANY
    while True:
        many = np.flatnonzero(holders >= limit)
        if len(_groups(holds[:, many])[0]) <= _GROUPS:
            return np.flatnonzero(holders < limit), many
        limit *= 2


def _groups(many: csr_array) -> tuple[Weights, Numbers]:
    """The different sets of things that rows have, as a matrix of ones, and the set of each row."""
    import numpy as np  # noqa: PLC0415

    number: dict[bytes, int] = {}
    many.sort_indices()
    of_row = np.fromiter(
        (
            number.setdefault(many.indices[start:end].tobytes(), len(number))
            for start, end in pairwise(many.indptr.tolist())
        ),
        np.int64,
        many.shape[0],
    )
    sets = np.zeros((len(number), many.shape[1]))
    for content, place in number.items():
        sets[place, np.frombuffer(content, dtype=many.indices.dtype)] = 1.0
    return sets, of_row


def _best(shared: Weights, group_of: Numbers, most: int) -> Iterator[int]:
    """The rows that share most with a group by what many have; one more than are kept, for a row meets itself."""
    import numpy as np  # noqa: PLC0415

    rounded = np.round(shared, _DECIMALS)
    wanted = most + 1
    for level in np.unique(rounded[rounded > 0])[::-1]:
        rows = np.flatnonzero(np.isin(group_of, np.flatnonzero(rounded == level)))[:wanted]
        yield from rows.tolist()
        wanted -= len(rows)
        if not wanted:
            return


def _candidates(rows: slice, product: csr_array, shared: Weights, group_of: Numbers, best: Sequence[Numbers]) -> Links:
    """Each two rows that may be linked, once, with their whole weight."""
    import numpy as np  # noqa: PLC0415

    pairs = product.tocoo()
    numbers = np.arange(rows.start, rows.stop)
    often = [best[group] for group in group_of[numbers]]
    one = np.concatenate([pairs.row + rows.start, np.repeat(numbers, [len(found) for found in often])])
    two = np.concatenate([pairs.col, *often])
    weight = np.concatenate([pairs.data, np.zeros(len(one) - len(pairs.data))])
    # The first of the same pair is the one from the product.
    _, first = np.unique(one * len(group_of) + two, return_index=True)
    one, two, weight = one[first], two[first], weight[first]
    weight = weight + shared[group_of[one], group_of[two]]
    real = (one != two) & (weight > 0)
    return one[real], two[real], weight[real]
