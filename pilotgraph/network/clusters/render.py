"""A report of clusters as text for the terminal, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pilotgraph.network.clusters.words import number, percent, say, why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.network.clusters.model import ClusterReport, Core, Hold, MethodResult, Stability

_PLACES = 3
# Of each of many groups so many of the things that hold it together are told.
_MOST_HOLDS = 3


def cluster_json(report: ClusterReport, language: str = "en") -> dict[str, Any]:
    """Give a report as plain values, with the labels of all pilots and things and the verdict in words."""
    found = asdict(report)
    # What a large network alone has.
    for name in ("left_out", "drawn", "groups"):
        if not found[name]:
            del found[name]
    return found | {"says": why(report, language)}


def cluster_text(report: ClusterReport, language: str = "en") -> str:
    """Write a report for the terminal: the verdict first, then the groups, then the figures behind them."""
    verdict = f"{say('verdict', language)}: {say(report.verdict, language)}."
    size = say(
        "size", language, pilots=report.pilots, things=report.things, links=report.links, alone=len(report.alone)
    )
    blocks = [
        [" ".join([verdict, *why(report, language)]), size],
        _groups(report, language),
        *([_core(report, place, core, language)] for place, core in enumerate(report.cores, 1)),
        _between(report, language),
        _listed(report, language),
        _methods(report, language),
        _compared(report, language),
        [_settings(report, language)] if report.methods else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _core(report: ClusterReport, place: int, core: Core, language: str) -> str:
    size = len(core.pilots)
    lines = [say("core", language, number=place, n=size, lowest=percent(core.lowest))]
    lines.append("  " + "; ".join(report.labels[pilot] for pilot in core.pilots))
    return "\n".join([*lines, *_holds(report, core.holds, size, language)])


def _holds(report: ClusterReport, holds: Sequence[Hold], size: int, language: str) -> list[str]:
    lines = []
    for hold in holds:
        told = say(
            "holds",
            language,
            inside=hold.inside,
            n=size,
            label=hold.label,
            layer=say(hold.layer, language),
            outside=hold.outside,
            others=report.pilots - size,
            assigned=say("assigned", language, n=hold.assigned) if hold.assigned else "",
        )
        lines.append(f"    {told}")
    return lines


def _groups(report: ClusterReport, language: str) -> list[str]:
    """The largest groups of a large network, without the names of all their pilots."""
    if not report.groups:
        return []
    total = len(report.methods[-1].groups)
    lines = [say("groups", language, n=len(report.groups), total=total)]
    for place, group in enumerate(report.groups, 1):
        lines.append("  " + say("group", language, number=place, n=len(group.pilots)))
        lines += _holds(report, group.holds[:_MOST_HOLDS], len(group.pilots), language)
    return lines


def _between(report: ClusterReport, language: str) -> list[str]:
    rows = [
        say("between-row", language, pilot=report.labels[b.pilot], number=b.core + 1, share=percent(b.share))
        for b in report.between
    ]
    return [say("between", language), *(f"  {row}" for row in rows)] if rows else []


def _listed(report: ClusterReport, language: str) -> list[str]:
    if report.left_out:
        return []
    names = [report.labels[pilot] for pilot in report.alone]
    return [say("alone", language), "  " + "; ".join(names)] if names else []


def _methods(report: ClusterReport, language: str) -> list[str]:
    if not report.methods:
        return []
    names = ("method", "groups", "modularity", "chance", "z", "p", "runs", "thing", "pilot", "links")
    rows = [[say(f"head-{name}", language) for name in names]]
    rows += [_method(report, result, language) for result in report.methods]
    agree = report.methods_agree
    if agree is None:
        return _table(rows)
    said = say(
        "agree",
        language,
        ari=number(agree.adjusted_rand, language),
        nmi=number(agree.mutual_information, language),
    )
    return [*_table(rows), said]


def _method(report: ClusterReport, result: MethodResult, language: str) -> list[str]:
    def stable(stability: Stability) -> str:
        what = f" {report.labels[stability.what]}" if stability.what else ""
        return f"{number(stability.mean, language)} (≥ {number(stability.lowest, language)}{what})"

    return [
        say(result.method, language),
        str(len(result.groups)) if report.left_out else "+".join(str(len(group)) for group in result.groups),
        number(result.modularity, language, _PLACES),
        f"{number(result.chance_mean, language, _PLACES)} ± {number(result.chance_deviation, language, _PLACES)}",
        number(result.z, language, 1),
        number(result.p, language, _PLACES),
        number(result.runs_agreement, language),
        stable(result.without_thing),
        stable(result.without_pilot),
        stable(result.without_links),
    ]


def _compared(report: ClusterReport, language: str) -> list[str]:
    if not report.references:
        return []
    rows = [[say(f"head-{n}", language) for n in ("division", "ours", "pilots", "ari", "nmi", "p", "omega")]]
    rows += [
        [
            found.label,
            say(found.ours, language),
            str(found.pilots),
            number(found.adjusted_rand, language),
            number(found.mutual_information, language),
            number(found.p, language, _PLACES),
            "" if found.overlapping is None else number(found.overlapping, language),
        ]
        for found in report.references
    ]
    return [say("compared", language), *_table(rows)]


def _settings(report: ClusterReport, language: str) -> str:
    used = asdict(report.settings)
    used |= {"noise": percent(report.settings.noise), "core": percent(report.settings.core)}
    return say("settings", language, **used | {"resolution": number(report.settings.resolution, language, 1)})


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
