"""Clusters of a large network: fewer repetitions, drawn at random, and no comparison of each two pilots.

To leave out each pilot in turn, and to tell of each two how often they are together, takes a time that grows with the
square of the network and more. So from :data:`MANY` linked pilots on, some pilots and things are drawn; the projection
is searched only where it has few links; and groups are told as they are found, without a claim that they are firm:
the verdict is at best weak. What was left out is said.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pilotgraph.network.clusters.modularity import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.network.clusters.incidence import Incidence
    from pilotgraph.network.clusters.model import MethodResult, Settings, Verdict

MANY: Final = 300
# Links that a projection may have to be searched.
MOST_PAIRS: Final = 20_000
# Pilots, and things, that are left out in turn.
DRAWN: Final = 3
# Trades per pilot between two random networks: about five are known to be enough.
TRADES: Final = 5
# Groups that are told, the largest.
MOST_TOLD: Final = 20
_RUNS: Final = 3
_SAMPLES: Final = 19
_NOISE_SAMPLES: Final = 3
_SAME: Final = 1e-9


def is_large(of: Incidence) -> bool:
    """Tell whether a network is too large for the whole warrant."""
    return len(of.pilots) >= MANY


def fewer(settings: Settings) -> Settings:
    """The settings with no more repetitions than a large network allows."""
    return replace(
        settings,
        runs=min(settings.runs, _RUNS),
        tries=1,
        samples=min(settings.samples, _SAMPLES),
        noise_samples=min(settings.noise_samples, _NOISE_SAMPLES),
    )


def pairs(of: Incidence) -> int:
    """How many links the projection has at most."""
    return sum(math.comb(len(holders), 2) for holders in of.columns)


def methods(of: Incidence) -> list[str]:
    """The methods that are fast enough."""
    return [name for name in METHODS if name != "projection" or pairs(of) <= MOST_PAIRS]


def judge(results: Sequence[MethodResult], samples: int) -> tuple[Verdict, tuple[str, ...]]:
    """Give the verdict and its reason: none where one of the random networks drawn is as modular, else weak."""
    if any(len(result.groups) == 1 for result in results):
        return "none", ("one-group",)
    if any(result.p * (1 + samples) > 1 + _SAME for result in results):
        return "none", ("chance",)
    return "weak", ("sampled",)
