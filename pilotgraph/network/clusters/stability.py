"""The same search again and again: on the whole, without each thing, each pilot, and some of the links."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pilotgraph.network.clusters.agreement import adjusted_rand
from pilotgraph.network.clusters.model import MethodResult, Settings, Stability
from pilotgraph.network.clusters.modularity import METHODS
from pilotgraph.network.clusters.null import TRADES, random_networks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pilotgraph.network.clusters.incidence import Incidence

    Labels = dict[str, int]

_SAME = 1e-9


def _still() -> None:
    """Take no notice of a step."""


@dataclass(frozen=True)
class Sample:
    """How much of a large network is tested: how many things and pilots are left out, and how often pilots trade."""

    drawn: int
    trades: int


def steps(of: Incidence, settings: Settings, sample: Sample | None = None) -> int:
    """How many times :func:`examine` searches."""
    left_out = [min(sample.drawn, number) if sample else number for number in (len(of.things), len(of.pilots))]
    return settings.runs + 1 + settings.samples + sum(left_out) + settings.noise_samples


def examine(
    of: Incidence, method: str, settings: Settings, sample: Sample | None = None, step: Callable[[], None] = _still
) -> tuple[MethodResult, list[Labels]]:
    """Search with one method, and test what it finds; with a `sample`, on a part of it only.

    Returns the result, and the divisions of all analyses in which something was left out. `step` is called after each
    search.
    """

    def search(of: Incidence, method: str, settings: Settings, first: int, tries: int) -> tuple[float, Labels]:
        found = _search(of, method, settings, first, tries)
        step()
        return found

    runs = [search(of, method, settings, run, 1) for run in range(settings.runs)]
    modularity = max(quality for quality, _ in runs)
    best = next(labels for quality, labels in runs if quality >= modularity - _SAME)
    tested, _ = search(of, method, settings, 0, settings.tries)
    generator = random.Random(settings.seed)  # noqa: S311 - sampling, no secret
    chance = [
        search(drawn, method, settings, number, settings.tries)[0]
        for number, drawn in enumerate(
            random_networks(of, settings.samples, generator, sample.trades if sample else TRADES)
        )
    ]
    mean, deviation = statistics.fmean(chance), statistics.pstdev(chance)
    things = ((of.things[number], of.without(thing=number)) for number in _drawn(len(of.things), settings, sample))
    pilots = ((of.pilots[number], of.without(pilot=number)) for number in _drawn(len(of.pilots), settings, sample))
    thinned = (("", drawn) for drawn in without_links(of, settings))
    kept: list[Labels] = []
    stable = []
    for variants in (things, pilots, thinned):
        found = [(what, search(variant, method, settings, 0, settings.tries)[1]) for what, variant in variants]
        kept += [labels for _, labels in found]
        stable.append(_stability(best, found))
    result = MethodResult(
        method=method,
        modularity=modularity,
        groups=groups(best),
        found=sum(quality >= modularity - _SAME for quality, _ in runs),
        runs_agreement=statistics.fmean(adjusted_rand(a, b) for (_, a), (_, b) in combinations(runs, 2)),
        tested=tested,
        chance_mean=mean,
        chance_deviation=deviation,
        z=(tested - mean) / deviation if deviation else 0.0,
        p=(1 + sum(quality >= tested - _SAME for quality in chance)) / (1 + len(chance)),
        without_thing=stable[0],
        without_pilot=stable[1],
        without_links=stable[2],
    )
    return result, kept


def _drawn(number: int, settings: Settings, sample: Sample | None) -> Sequence[int]:
    """The numbers of what is left out in turn: all, or so many drawn."""
    if sample is None or number <= sample.drawn:
        return range(number)
    return sorted(random.Random(settings.seed).sample(range(number), sample.drawn))  # noqa: S311 - no secret


def _search(of: Incidence, method: str, settings: Settings, first: int, tries: int) -> tuple[float, Labels]:
    """Give the best of some runs of a method: its modularity, and the number of the group of each pilot."""
    find = METHODS[method]
    seeds = (settings.seed * 1_000_003 + first * tries + run for run in range(tries))
    found = [find(of, seed, settings.weighting, settings.resolution) for seed in seeds]
    quality = max(quality for quality, _ in found)
    labels = next(labels for value, labels in found if value >= quality - _SAME)
    return quality, dict(zip(of.pilots, labels, strict=True))


def without_links(of: Incidence, settings: Settings) -> Iterator[Incidence]:
    """Give the network with a random part of its links left out, as if a source had not told them."""
    generator = random.Random(settings.seed)  # noqa: S311 - sampling, no secret
    links = [(pilot, thing) for pilot, row in enumerate(of.rows) for thing in sorted(row)]
    dropped = max(1, round(settings.noise * len(links)))
    for _ in range(settings.noise_samples):
        gone = set(generator.sample(links, dropped))
        yield of.with_rows([t for t in sorted(row) if (p, t) not in gone] for p, row in enumerate(of.rows))


def groups(labels: Labels) -> tuple[tuple[str, ...], ...]:
    """The groups of a division, the largest first; their members by name."""
    found: dict[int, list[str]] = {}
    for pilot, label in labels.items():
        found.setdefault(label, []).append(pilot)
    return tuple(sorted((tuple(sorted(members)) for members in found.values()), key=lambda m: (-len(m), m)))


def _stability(best: Labels, found: list[tuple[str, Labels]]) -> Stability:
    if not found:
        return Stability(1.0, 1.0)
    scores = [(adjusted_rand(best, labels), what) for what, labels in found]
    lowest, what = min(scores, key=lambda score: score[0])
    return Stability(statistics.fmean(score for score, _ in scores), lowest, what)
