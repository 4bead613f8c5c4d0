"""Networks that chance could have made: as many links for each pilot and each thing, but drawn at random.

Pairs of pilots trade things that one of them has and the other has not (the curveball algorithm). Each kind of
thing is traded by itself: a pilot keeps its number of goals as well as its number of partners.

Sources: G. Strona et al., A fast and unbiased procedure to randomize ecological binary matrices with fixed row and
column totals, Nature Communications 5 (2014), 4114; C. J. Carstens, Proof of uniform sampling of binary matrices
with fixed row sums and column sums for the fast Curveball algorithm, Physical Review E 91 (2015), 042812.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from pilotgraph.network.clusters.incidence import Incidence

# Trades per pilot and kind of thing between two samples; about five are known to be enough to forget the start.
TRADES = 20


def random_networks(of: Incidence, samples: int, generator: random.Random, trades: int = TRADES) -> Iterator[Incidence]:
    """Give networks with the same number of links for each pilot and each thing, per kind of thing.

    `trades` is how often each pilot trades between two of them, in each kind of thing.
    """
    of_layer: dict[str, list[set[int]]] = {layer: [set() for _ in of.pilots] for layer in sorted(set(of.layers))}
    for pilot, row in enumerate(of.rows):
        for thing in row:
            of_layer[of.layers[thing]][pilot].add(thing)
    for _ in range(samples):
        for rows in of_layer.values():
            trade(rows, trades * len(rows), generator)
        yield of.with_rows([set().union(*parts) for parts in zip(*of_layer.values(), strict=True)])


def trade(rows: list[set[int]], times: int, generator: random.Random) -> None:
    """Let random pairs of rows trade, in place; row and column totals stay."""
    if len(rows) < 2:  # noqa: PLR2004 - a trade takes two
        return
    numbers = range(len(rows))
    for _ in range(times):
        a, b = generator.sample(numbers, 2)
        only_a, only_b = rows[a] - rows[b], rows[b] - rows[a]
        if not only_a or not only_b:
            continue
        pool = sorted(only_a | only_b)
        generator.shuffle(pool)
        shared = rows[a] & rows[b]
        rows[a], rows[b] = shared | set(pool[: len(only_a)]), shared | set(pool[len(only_a) :])
