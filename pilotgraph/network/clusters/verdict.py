"""The verdict: clear, weak or none, by thresholds that are written down.

none: there is too little to divide (fewer than :data:`MIN_PILOTS` linked pilots, or fewer than :data:`MIN_THINGS`
things that link them); or a method finds one group only; or, by a method, more than :data:`CHANCE` of the random
networks with the same numbers of links are as modular. Then no groups are drawn.

clear: every test below is passed. weak: there is more structure than chance makes, but a test fails; which, is said.
Adjusted Rand values of :data:`GOOD` and :data:`MODERATE` are called good and moderate recovery in simulations
(D. Steinley, Properties of the Hubert-Arabie adjusted Rand index, Psychological Methods 9 (2004), 386-396).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.network.clusters.incidence import Incidence
    from pilotgraph.network.clusters.model import MethodResult, Verdict

# Of fewer, one pilot more or less decides how many groups there are.
MIN_PILOTS: Final = 10
MIN_THINGS: Final = 3
CHANCE: Final = 0.05
SURE: Final = 0.01
GOOD: Final = 0.8
MODERATE: Final = 0.65


def too_small(of: Incidence) -> bool:
    """Tell whether there is too little to divide."""
    return len(of.pilots) < MIN_PILOTS or len(of.things) < MIN_THINGS


def judge(results: Sequence[MethodResult], methods_agree: float) -> tuple[Verdict, tuple[str, ...]]:
    """Give the verdict and the names of the tests that it rests on: those failed, or (clear) all that were passed."""
    if any(len(result.groups) == 1 for result in results):
        return "none", ("one-group",)
    if any(result.p >= CHANCE for result in results):
        return "none", ("chance",)
    left_out = [s.mean for r in results for s in (r.without_thing, r.without_pilot)]
    passed = {
        "beyond-chance": all(result.p <= SURE for result in results),
        "runs": min(result.runs_agreement for result in results) >= GOOD,
        "left-out": min(left_out) >= GOOD,
        "links": min(result.without_links.mean for result in results) >= MODERATE,
        "methods": methods_agree >= MODERATE,
    }
    failed = tuple(name for name, well in passed.items() if not well)
    return ("weak", failed) if failed else ("clear", tuple(passed))
