"""The clusters of the explorer: those of the page on cross-links, with what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pilotgraph.network.clusters import cluster_report
from pilotgraph.network.clusters.words import number, percent, say, why
from pilotgraph.network.report.analysis import networks, ways_to_count
from pilotgraph.overview import count_pilots
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotgraph.dataset import Dataset
    from pilotgraph.network.clusters import ClusterReport, Settings
    from pilotgraph.network.clusters.model import Core, MethodResult
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

Values = dict[str, Any]
_HEADS = ("method", "groups", "modularity", "chance", "p", "runs", "thing", "pilot", "links")
_PLACES = 3
MOST_CLUSTERED: Final = 200


def find_clusters(
    dataset: Dataset, reader: Reader, settings: Settings | None = None, progress: Tell = silent
) -> ClusterReport | None:
    """Look for the clusters that the explorer shows: by partners, goals and domains together, as the page does.

    Takes some ten seconds with the usual settings, and minutes for a few hundred pilots: to know how firm clusters are
    they are looked for hundreds of times. So there is no answer, None, for more than :data:`MOST_CLUSTERED` pilots.
    """
    if count_pilots(reader) > MOST_CLUSTERED:
        return None
    return cluster_report(ways_to_count(networks(dataset, reader, "en"))["main"], settings, progress=progress)


def tell_clusters(
    report: ClusterReport, language: str, node: Callable[[str], int], claim: Callable[[str], int]
) -> Values:
    """Tell a report in numbers of nodes and claims, which `node` and `claim` give for an IRI.

    Where the verdict is that there are none, `cores` is empty, and `says` tells why.
    """
    settings = vars(report.settings) | {
        "noise": percent(report.settings.noise),
        "core": percent(report.settings.core),
        "resolution": number(report.settings.resolution, language, 1),
    }
    return {
        "verdict": report.verdict,
        "says": why(report, language),
        "pilots": report.pilots,
        "cores": [_core(core, node, claim) for core in report.cores],
        "tests": {
            "heads": [say(f"head-{name}", language) for name in _HEADS],
            "rows": [_tests(result, language) for result in report.methods],
        },
        "settings": say("settings", language, **settings),
    }


def _core(core: Core, node: Callable[[str], int], claim: Callable[[str], int]) -> Values:
    return {
        "nodes": [node(pilot) for pilot in core.pilots],
        "lowest": round(core.lowest, _PLACES),
        "holds": [
            {
                "node": node(hold.thing),
                "inside": hold.inside,
                "outside": hold.outside,
                "assigned": hold.assigned,
                "claims": [claim(iri) for iri in hold.claims],
            }
            for hold in core.holds
        ],
    }


def _tests(result: MethodResult, language: str) -> list[str]:
    return [
        say(result.method, language),
        str(len(result.groups)),
        number(result.modularity, language, _PLACES),
        number(result.chance_mean, language, _PLACES),
        number(result.p, language, _PLACES),
        number(result.runs_agreement, language),
        number(result.without_thing.mean, language),
        number(result.without_pilot.mean, language),
        number(result.without_links.mean, language),
    ]
