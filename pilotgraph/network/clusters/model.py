"""What a report of clusters holds: settings, figures, groups, and what holds them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["none", "weak", "clear"]


@dataclass(frozen=True)
class Settings:
    """How the clusters are looked for; shown with every result.

    `weighting` weighs the projection (:data:`pilotgraph.network.projection.WEIGHTINGS`), `resolution` is the factor
    of what chance would link (higher: more and smaller groups). `runs` of each method on the whole network;
    `tries`: the best of so many runs counts wherever one division is needed. `samples` networks by chance and
    random relabellings; `noise_samples` networks with the share `noise` of all links left out.
    `core`: the share of the repeated analyses in which all pilots of a core are together two by two.
    """

    seed: int = 1
    runs: int = 50
    tries: int = 5
    samples: int = 199
    noise: float = 0.1
    noise_samples: int = 50
    weighting: str = "newman"
    resolution: float = 1.0
    core: float = 0.8


@dataclass(frozen=True)
class Reference:
    """A division made by others, to compare with: the name of the group of each pilot (IRI).

    `groups` are the groups as they are, which may overlap; in `division` a pilot of several groups counts in the
    smallest. `claims` are the claims (IRIs) that make it.
    """

    name: str
    label: str
    groups: dict[str, frozenset[str]]
    claims: tuple[str, ...] = ()

    @property
    def division(self) -> dict[str, str]:
        """Each pilot with the smallest of its groups; of equal ones the first by name."""
        found: dict[str, str] = {}
        for name in sorted(self.groups, key=lambda name: (len(self.groups[name]), name)):
            found |= {pilot: name for pilot in self.groups[name] if pilot not in found}
        return found


@dataclass(frozen=True)
class Stability:
    """How the division changes when something is left out: adjusted Rand with the whole, mean and lowest.

    `what` is the thing or pilot (IRI) whose absence changes most; empty for links left out at random.
    """

    mean: float
    lowest: float
    what: str = ""


@dataclass(frozen=True)
class MethodResult:
    """The best division that one method found, and what speaks for it.

    `modularity` and `groups` (of pilots, largest first) are those of the best of all runs; `found` counts the runs
    that reached that modularity, and `runs_agreement` is the mean adjusted Rand of each two runs.
    `tested` is the modularity that is compared with chance: the best of as many tries as each random network got.
    `z` is in standard deviations of the random networks; `p` the share of them that reached as much.
    """

    method: str
    modularity: float
    groups: tuple[tuple[str, ...], ...]
    found: int
    runs_agreement: float
    tested: float
    chance_mean: float
    chance_deviation: float
    z: float
    p: float
    without_thing: Stability
    without_pilot: Stability
    without_links: Stability


@dataclass(frozen=True)
class Hold:
    """Something that holds a core together: `inside` of the core's pilots have it, `outside` of the others.

    `weight` is its part of the core's two-mode modularity; `claims` (IRIs) say so of the pilots inside, and
    `assigned` of its links inside rest on an editor's judgement only.
    """

    thing: str
    label: str
    layer: str
    inside: int
    outside: int
    weight: float
    assigned: int
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Core:
    """Pilots that are together in nearly all analyses: `lowest` and `mean` over each two of them."""

    pilots: tuple[str, ...]
    lowest: float
    mean: float
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Group:
    """Pilots that the best division of a large network puts together, and what holds them together."""

    pilots: tuple[str, ...]
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Between:
    """A linked pilot of no core: the core (number) with which it is most often together, and how often."""

    pilot: str
    core: int
    share: float


@dataclass(frozen=True)
class Agreement:
    """How a division of ours agrees with another: over `pilots` pilots that both have.

    `p` is the share of random relabellings that agree as well; `overlapping` the omega index with the other's
    groups as they are, None where they do not overlap.
    """

    ours: str
    reference: str
    label: str
    pilots: int
    adjusted_rand: float
    mutual_information: float
    p: float
    overlapping: float | None = None


@dataclass(frozen=True)
class ClusterReport:
    """Clusters with their warrant, or the reason why none are drawn.

    `reasons` are the names of the tests that the verdict rests on (:mod:`pilotgraph.network.clusters.verdict`);
    with the verdict none there are no cores. `pairs` are two pilots as firmly together as a core, of no core;
    `alone` share nothing in this network with any other pilot. Of a large network
    (:mod:`pilotgraph.network.clusters.sampled`) `left_out` names what was not done, `drawn` is the number of things and
    of pilots that were left out in turn, and `groups` are the largest groups, in place of cores.
    """

    settings: Settings
    pilots: int
    things: int
    links: int
    verdict: Verdict
    reasons: tuple[str, ...]
    methods: tuple[MethodResult, ...] = ()
    methods_agree: Agreement | None = None
    cores: tuple[Core, ...] = ()
    pairs: tuple[Core, ...] = ()
    between: tuple[Between, ...] = ()
    alone: tuple[str, ...] = ()
    references: tuple[Agreement, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    drawn: int = 0
    groups: tuple[Group, ...] = ()
