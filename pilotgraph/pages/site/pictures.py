"""The pages that show the whole at once: matrices, charts, timeline and map, each with its table."""

from __future__ import annotations

import json
import math
import re
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import Literal

from pilotgraph import answers
from pilotgraph.pages.site import paging
from pilotgraph.pages.site.answers import bars
from pilotgraph.pages.site.claims import Said, say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import p, slug
from pilotgraph.pages.site.page import Page, Sheet, Text
from pilotgraph.queries import bind
from pilotgraph.terminal import is_number
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pilotgraph.coverage_report import Matrix
    from pilotgraph.pages.site.page import Made, Site
    from pilotgraph.pages.site.paging import Cut
    from pilotgraph.queries import Query
    from pilotgraph.terms import Term

_YEAR = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_LONGEST_TIMELINE = 40
_MAP_WIDTH, _MAP_HEIGHT = 520.0, 600.0
# The Netherlands in Europe, with a margin; places elsewhere make the frame wider.
_FRAME = (3.2, 50.65, 7.35, 53.65)
OUTLINE = "outline.json"
T = TypeVar("T")
_Span = tuple[float | None, float | None, str]
_Group = tuple[float, str, list[_Span]]


def pages(site: Site, language: str) -> Iterator[Made]:
    """The matrices, charts, timeline and map for which the data set has what they need."""
    named = {query.name: query for query in site.queries}
    if site.matrix is not None:
        yield from _coverage(site, language, site.matrix)
    if site.goal_claims:
        yield from _goals(site, language)
    if "report-figures" in named:
        yield partial(_drawn, _figures, site, language, "figures.html", named["report-figures"])
    if site.graph.of_class("Period"):
        yield from _timeline(site, language)
    if "places-map" in named:
        yield partial(_drawn, _map, site, language, "map.html", named["places-map"])


def _drawn(make: Callable[[Sheet, Query], Page], site: Site, language: str, path: str, query: Query) -> Page:
    return make(Sheet(site, language, path), query)


def _cut(first: str, entries: Sequence[T]) -> list[Cut[T]]:
    return paging.cuts(first, entries, paging.LONGEST_PICTURE, paging.PICTURE_ENTRIES)


def _page(sheet: Sheet, name: str, values: dict[str, Any], subjects: tuple[str, ...]) -> Page:
    title, about = sheet.words["pictures"][name]
    return Page(
        path=f"{name}.html",
        template=f"site/{name}.html",
        title=title,
        description=about,
        values=values,
        subjects=subjects,
        rdf=f"doc/{name}",
        section="pictures.html",
        trail=((sheet.words["in_pictures"], "pictures.html"),),
        found=(sheet.words["kinds"]["picture"], about),
    )


def rows_of(sheet: Sheet, query: Query) -> list[dict[str, Any]]:
    """The rows of a named query; the claims of each under the name `claims`."""
    text = bind(query, {}, sheet.site.dataset, sheet.site.reader, sheet.language)
    table = answers.take(sheet.site.reader.select(text))
    return [
        {**dict(zip(table.variables, row, strict=True)), "claims": claims}
        for row, claims in zip(table.rows, table.claims, strict=True)
    ]


def _coverage(site: Site, language: str, matrix: Matrix) -> Iterator[Made]:
    graph = site.graph
    pilots = {site.dataset.iri("pilot", pilot): pilot for pilot in matrix.pilots}
    texts = {graph.value(q, p("pg:number")): q for q in graph.of_class("ResearchQuestion")}
    totals = [(state, [matrix.counts(number)[state] for number in matrix.questions]) for state in matrix.total()]
    found = _cut("coverage.html", site.names(pilots, language))

    def make(sheet: Sheet, cut: Cut[str]) -> Page:
        head = [
            (
                number,
                sheet.href(texts[number]) if number in texts else "",
                sheet.text(texts[number], "pg:text").text if number in texts else "",
            )
            for number in matrix.questions
        ]
        rows = [
            (sheet.thing(iri), [matrix.states[pilots[iri], number] for number in matrix.questions])
            for iri in cut.entries
        ]
        shown = set(cut.entries)
        covers = tuple(c for c in graph.of_class("Coverage") if cut.pages == 1 or graph.iri(c, p("pg:about")) in shown)
        whole = [paging.table_of(sheet, "Coverage")]
        return _page(sheet, "coverage", {"head": head, "rows": rows, "totals": totals, "whole": whole}, covers)

    return paging.made(site, language, found, make)


def _goals(site: Site, language: str) -> Iterator[Made]:
    """Pilots by goals: which of them the source states, which the editors assigned, and where there is nothing."""
    graph = site.graph
    pilots = graph.of_class("Pilot")
    ordered, groups = _columns(site, language)
    totals = [sum((pilot, goal) in site.goal_claims for pilot in pilots) for goal in ordered]

    def make(sheet: Sheet, cut: Cut[str]) -> Page:
        shown = set(cut.entries)
        rows = [
            (sheet.thing(pilot), [_goal_cell(sheet, site.goal_claims.get((pilot, goal), [])) for goal in ordered])
            for pilot in cut.entries
        ]
        told = (claims for (pilot, _), claims in site.goal_claims.items() if pilot in shown)
        values = {
            "head": [sheet.thing(goal) for goal in ordered],
            "groups": [(sheet.thing(key) if key else Text(""), number) for key, number in groups],
            "rows": rows,
            "totals": totals,
            "whole": [paging.table_of(sheet, "GoalAlignment")],
        }
        return _page(sheet, "goals", values, tuple(claim for claims in told for claim in claims))

    return paging.made(site, language, _cut("goals.html", site.names(pilots, language)), make)


def _columns(site: Site, language: str) -> tuple[list[str], list[tuple[str, int]]]:
    """The goals in their order, and the wider goals with the number of those below each."""
    graph = site.graph
    used = {goal for _, goal in site.goal_claims}
    scheme = graph.iri(next(iter(site.goal_claims))[1], p("skos:inScheme"))
    goals = graph.subjects(scheme, p("skos:inScheme")) if scheme else sorted(used)
    broader = {goal: graph.iri(goal, p("skos:broader")) for goal in goals}
    parents = set(broader.values())

    def place(goal: str) -> tuple[str, bool, str, str]:
        above = broader[goal]
        return graph.label(above or goal, language), bool(above), graph.label(goal, language), goal

    ordered = sorted((goal for goal in goals if goal not in parents or goal in used), key=place)
    return ordered, [(key, len(list(below))) for key, below in groupby(ordered, key=lambda g: broader[g] or g)]


def _goal_cell(sheet: Sheet, claims: list[str]) -> dict[str, str]:
    """How a pilot serves a goal: contradicted, stated, assigned, or nothing is said."""
    if not claims:
        return {"state": "not-stated", "sign": "·", "href": "", "say": sheet.words["states"]["not-stated"]}
    clash = [claim for claim in claims if claim in sheet.site.clashes]
    stated = [c for c in claims if not sheet.graph.iri(c, p("pg:alignmentKind")).endswith("/assigned")]
    first = (clash or stated or claims)[0]
    key = "contradicted" if clash else "stated" if stated else "assigned"
    sign = {"contradicted": "≠", "stated": "●", "assigned": "○"}[key]
    state = "contradicted" if clash else "stated"
    return {"state": state, "sign": sign, "href": sheet.href(first), "say": sheet.words["goal_states"][key]}


def _figures(sheet: Sheet, query: Query) -> Page:
    """The figures of the report, as far as they can be rebuilt: a chart and its table in one."""
    figures = []
    for number, group in groupby(rows_of(sheet, query), key=lambda row: plain(row["figure"])):
        rows = list(group)
        parts = []
        for (topic, population), part in groupby(rows, key=lambda row: (plain(row["topicLabel"]), _population(row))):
            listed = list(part)
            values = [(plain(r["categoryLabel"]), r) for r in listed]
            longest = [
                (name, float(plain(r["value"])), plain(r["value"])) for name, r in values if is_number(r["value"])
            ]
            drawn = iter(bars(sheet, longest))
            lines = [_line(sheet, name, r, next(drawn, None) if is_number(r["value"]) else None) for name, r in values]
            parts.append({"topic": capital(topic), "population": population, "lines": lines})
        figures.append({"number": number, "parts": parts})
    claims = tuple(claim for row in rows_of(sheet, query) for claim in row["claims"])
    shown = {
        "figures": figures,
        "lost": sheet.here("query/figures-that-cannot-be-rebuilt.html")
        if any(q.name == "figures-that-cannot-be-rebuilt" for q in sheet.site.queries)
        else "",
    }
    return _page(sheet, "figures", shown, claims)


def _population(row: dict[str, Any]) -> str:
    group, number = plain(row["groupLabel"]), plain(row["population"])
    return f"{group} ({number})" if group and number and number not in group else group


def _line(sheet: Sheet, name: str, row: dict[str, Any], bar: dict[str, Any] | None) -> dict[str, Any]:
    said = [say(sheet, claim) for claim in row["claims"]]
    return {
        "label": name,
        "percent": bar["percent"] if bar else "",
        "value": bar["value"] if bar else "",
        "words": plain(row["words"]),
        "bound": plain(row["boundLabel"]),
        "note": plain(row["note"]),
        "said": said[0] if said else None,
    }


def _moment(value: str, *, end: bool) -> float | None:
    """A date as a number of years; the end of a month or a year if it is an end."""
    match = _YEAR.fullmatch(value)
    if not match:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    if not month:
        return year + (1.0 if end else 0.0)
    month_part = (int(month) - 1) / 12
    return year + month_part + ((int(day) / 372) if day else (1 / 12 if end else 0.0))


def _timeline(site: Site, language: str) -> Iterator[Made]:
    """When each pilot ran, by its sources: one line a period, also those that clash."""
    graph = site.graph
    groups: list[_Group] = []
    for subject in (*graph.of_class("Pilot"), *graph.of_class("Programme")):
        spans = _spans(site, subject)
        if spans:
            first = min(start if start is not None else end or 0 for start, end, _ in spans)
            groups.append((first, subject, spans))
    moments = [m for _, _, spans in groups for start, end, _ in spans for m in (start, end) if m is not None]
    low, high = math.floor(min(moments, default=2020)), math.ceil(max(moments, default=2021))
    low = max(low, high - _LONGEST_TIMELINE)
    high = max(high, low + 1)
    years = [{"year": year, "at": _percent(year, low, high)} for year in range(low, high)]

    def make(sheet: Sheet, cut: Cut[_Group]) -> Page:
        lines = [
            (sheet.thing(subject), [_span(sheet, span, low, high) for span in spans])
            for _, subject, spans in cut.entries
        ]
        claims = tuple(claim for _, _, spans in cut.entries for _, _, claim in spans)
        whole = [paging.table_of(sheet, "Period")]
        return _page(sheet, "timeline", {"lines": lines, "years": years, "whole": whole}, claims)

    ordered = sorted(groups, key=lambda group: _when(site, language, *group[:2]))
    return paging.made(site, language, _cut("timeline.html", ordered), make)


def _spans(site: Site, subject: str) -> list[_Span]:
    """The periods that claims about a thing give, each with its claim, by when they begin."""
    graph = site.graph
    spans = []
    for claim in site.about.get(subject, ()):
        if "Period" in graph.classes(claim):
            start = _moment(graph.value(claim, p("dcat:startDate")), end=False)
            end = _moment(graph.value(claim, p("dcat:endDate")), end=True)
            if start is not None or end is not None:
                spans.append((start, end, claim))
    return sorted(spans, key=lambda s: (s[0] if s[0] is not None else s[1] or 0, s[2]))


def _when(site: Site, language: str, first: float, subject: str) -> tuple[bool, float, str, str]:
    """Pilots first, then programmes, each by when they began."""
    graph = site.graph
    return "Pilot" not in graph.classes(subject), first, graph.label(subject, language).casefold(), subject


def _span(sheet: Sheet, span: _Span, low: int, high: int) -> dict[str, Any]:
    start, end, claim = span
    said: Said = say(sheet, claim)
    # A period of which one end is not known is drawn as a short open bar at the other.
    left = start if start is not None else max(low, (end or low) - 0.25)
    right = end if end is not None else min(high, left + 0.25)
    planned = slug(sheet.graph.iri(claim, p("pg:certainty"))) in {"planned", "expected"}
    return {
        "x": _percent(left, low, high),
        "width": _percent(max(right - left, 1 / 24) + low, low, high),
        "open": start is None or end is None,
        "planned": planned,
        "said": said,
    }


def _percent(moment: float, low: int, high: int) -> str:
    return f"{100 * (min(max(moment, low), high) - low) / (high - low):.4g}"


def _map(sheet: Sheet, query: Query) -> Page:
    """Where the pilots are: a point a municipality, as large as it has pilots, on an outline if there is one."""
    rows = [
        row for row in rows_of(sheet, query) if _degrees(row["lat"]) is not None and _degrees(row["long"]) is not None
    ]
    points = [(_degrees(row["long"]) or 0.0, _degrees(row["lat"]) or 0.0) for row in rows]
    frame = _frame(points)
    outline = sheet.site.outline
    places: list[dict[str, Any]] = []
    for row, point in zip(rows, points, strict=True):
        x, y = _project(point, frame)
        number = int(plain(row["pilots"]))
        iri = plain(row["place"])
        thing = sheet.thing(iri)
        pilots = sorted({pilot for c in row["claims"] for pilot in sheet.graph.iris(c, p("pg:about"))})
        places.append(
            {
                "x": f"{x:.1f}",
                "y": f"{y:.1f}",
                "r": f"{4.0 + 3.2 * math.sqrt(number):.1f}",
                "number": number,
                "thing": Text(plain(row["placeLabel"]) or thing.text, thing.href),
                "code": plain(row["code"]),
                "pilots": paging.some(sheet, sheet.site.names(pilots, sheet.language), paging.MOST_NAMED),
            }
        )
    # The large ones first, so that a small one is never hidden behind them.
    drawn = sorted(places, key=lambda place: (-int(place["number"]), place["thing"].text))
    shapes = [{"class": kind, "path": _path(ring, frame)} for kind, ring in outline]
    values = {
        "places": places,
        "drawn": drawn,
        "shapes": shapes,
        "width": _MAP_WIDTH,
        "height": _MAP_HEIGHT,
        "unplaced": _unplaced(sheet),
    }
    return _page(sheet, "map", values, tuple(claim for row in rows for claim in row["claims"]))


def _unplaced(sheet: Sheet) -> list[Text]:
    """Pilots that no source places, or only in a region or the whole country."""
    graph, placed = sheet.graph, set()
    for claim in graph.of_class("Location"):
        place: str = graph.iri(claim, p("pg:place"))
        seen = set()
        while place and place not in seen:
            seen.add(place)
            if graph.all(place, p("geo:lat")):
                placed.update(graph.iris(claim, p("pg:about")))
            place = graph.iri(place, p("dct:isPartOf"))
    unplaced = sheet.site.names(set(graph.of_class("Pilot")) - placed, sheet.language)
    return paging.some(sheet, unplaced, paging.MOST_NAMED)


def _degrees(value: Term | None) -> float | None:
    if not isinstance(value, Literal):
        return None
    try:
        number = float(value.value)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= 180 else None  # noqa: PLR2004 - degrees


def _frame(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = _FRAME
    inside = all(west <= x <= east and south <= y <= north for x, y in points)
    if inside or not points:
        return _FRAME
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - 0.5, min(ys) - 0.5, max(xs) + 0.5, max(ys) + 0.5


def _project(point: tuple[float, float], frame: tuple[float, float, float, float]) -> tuple[float, float]:
    """Plate carrée, true to scale at the middle latitude: good enough for a country of this size."""
    west, south, east, north = frame
    squeeze = math.cos(math.radians(max(-80.0, min(80.0, (south + north) / 2))))
    scale = min(_MAP_WIDTH / ((east - west) * squeeze), _MAP_HEIGHT / (north - south))
    left = (_MAP_WIDTH - (east - west) * squeeze * scale) / 2
    return left + (point[0] - west) * squeeze * scale, (north - point[1]) * scale


def _path(ring: list[tuple[float, float]], frame: tuple[float, float, float, float]) -> str:
    """A ring as an SVG path, in whole and tenth points."""
    points = [_project(point, frame) for point in ring]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def read_outline(text: str) -> list[tuple[str, list[tuple[float, float]]]]:
    """Read the outline of a country from GeoJSON: rings with their kind, "land" or "around"."""
    found = []
    for feature in json.loads(text)["features"]:
        kind = "land" if feature["properties"].get("kind") == "land" else "around"
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        found += [(kind, [(float(x), float(y)) for x, y in ring]) for polygon in polygons for ring in polygon]
    return sorted(found, key=lambda part: part[0])
