"""The pages that show the whole at once: matrices, charts, timeline and map, each with its table."""

from __future__ import annotations

import json
import math
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from pilotgraph import answers
from pilotgraph.pages.site.answers import bars
from pilotgraph.pages.site.claims import Said, say
from pilotgraph.pages.site.formats import capital
from pilotgraph.pages.site.graph import p, slug
from pilotgraph.pages.site.page import Page, Sheet, Text
from pilotgraph.queries import bind
from pilotgraph.terminal import is_number
from pilotgraph.terms import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.page import Site
    from pilotgraph.queries import Query
    from pilotgraph.terms import Term

_YEAR = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_LONGEST_TIMELINE = 40
_MAP_WIDTH, _MAP_HEIGHT = 520.0, 600.0
# The Netherlands in Europe, with a margin; places elsewhere make the frame wider.
_FRAME = (3.2, 50.65, 7.35, 53.65)
OUTLINE = "outline.json"


def pages(site: Site, language: str) -> Iterator[Page]:
    """The matrices, charts, timeline and map for which the data set has what they need."""
    named = {query.name: query for query in site.queries}
    if site.matrix is not None:
        yield _coverage(Sheet(site, language, "coverage.html"))
    if site.goal_claims:
        yield _goals(Sheet(site, language, "goals.html"))
    if "report-figures" in named:
        yield _figures(Sheet(site, language, "figures.html"), named["report-figures"])
    if site.graph.of_class("Period"):
        yield _timeline(Sheet(site, language, "timeline.html"))
    if "places-map" in named:
        yield _map(Sheet(site, language, "map.html"), named["places-map"])


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


def _coverage(sheet: Sheet) -> Page:
    site, graph = sheet.site, sheet.graph
    matrix = site.matrix
    assert matrix is not None  # noqa: S101 - the caller has looked
    texts = {graph.value(q, p("pg:number")): q for q in graph.of_class("ResearchQuestion")}
    head = [
        (
            number,
            sheet.href(texts[number]) if number in texts else "",
            sheet.text(texts[number], "pg:text").text if number in texts else "",
        )
        for number in matrix.questions
    ]
    pilots = {site.dataset.iri("pilot", pilot): pilot for pilot in matrix.pilots}
    rows = [
        (sheet.thing(iri), [matrix.states[pilots[iri], number] for number in matrix.questions])
        for iri in site.names(pilots, sheet.language)
    ]
    totals = [(state, [matrix.counts(number)[state] for number in matrix.questions]) for state in matrix.total()]
    covers = tuple(c for c in graph.of_class("Coverage"))
    return _page(sheet, "coverage", {"head": head, "rows": rows, "totals": totals}, covers)


def _goals(sheet: Sheet) -> Page:
    """Pilots by goals: which of them the source states, which the editors assigned, and where there is nothing."""
    site, graph = sheet.site, sheet.graph
    scheme = graph.iri(next(iter(site.goal_claims))[1], p("skos:inScheme"))
    goals = graph.subjects(scheme, p("skos:inScheme")) if scheme else sorted({goal for _, goal in site.goal_claims})
    broader = {goal: graph.iri(goal, p("skos:broader")) for goal in goals}
    parents = set(broader.values())
    leaves = [goal for goal in goals if goal not in parents or any(goal == used for _, used in site.goal_claims)]
    ordered = sorted(
        leaves, key=lambda goal: (sheet.label(broader[goal] or goal), bool(broader[goal]), sheet.label(goal), goal)
    )
    groups = [
        (Text("") if not key else sheet.thing(key), len(list(members)))
        for key, members in groupby(ordered, key=lambda goal: broader[goal] or goal)
    ]
    rows = [
        (sheet.thing(pilot), [_goal_cell(sheet, site.goal_claims.get((pilot, goal), [])) for goal in ordered])
        for pilot in site.names(graph.of_class("Pilot"), sheet.language)
    ]
    totals = [sum((pilot, goal) in site.goal_claims for pilot in graph.of_class("Pilot")) for goal in ordered]
    claims = tuple(claim for claims in site.goal_claims.values() for claim in claims)
    head = [sheet.thing(goal) for goal in ordered]
    return _page(sheet, "goals", {"head": head, "groups": groups, "rows": rows, "totals": totals}, claims)


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


def _timeline(sheet: Sheet) -> Page:
    """When each pilot ran, by its sources: one line a period, also those that clash."""
    graph, site = sheet.graph, sheet.site
    groups = []
    claims = []
    for subject in (*graph.of_class("Pilot"), *graph.of_class("Programme")):
        spans = []
        for claim in site.about.get(subject, ()):
            if "Period" in graph.classes(claim):
                start = _moment(graph.value(claim, p("dcat:startDate")), end=False)
                end = _moment(graph.value(claim, p("dcat:endDate")), end=True)
                if start is not None or end is not None:
                    spans.append((start, end, claim))
                    claims.append(claim)
        if spans:
            first = min(start if start is not None else end or 0 for start, end, _ in spans)
            groups.append(
                (first, subject, sorted(spans, key=lambda s: (s[0] if s[0] is not None else s[1] or 0, s[2])))
            )
    moments = [m for _, _, spans in groups for start, end, _ in spans for m in (start, end) if m is not None]
    low, high = math.floor(min(moments, default=2020)), math.ceil(max(moments, default=2021))
    low = max(low, high - _LONGEST_TIMELINE)
    high = max(high, low + 1)
    lines = [
        (sheet.thing(subject), [_span(sheet, span, low, high) for span in spans])
        for _, subject, spans in sorted(groups, key=lambda g: _when(sheet, *g[:2]))
    ]
    years = [{"year": year, "at": _percent(year, low, high)} for year in range(low, high)]
    return _page(sheet, "timeline", {"lines": lines, "years": years}, tuple(claims))


def _when(sheet: Sheet, first: float, subject: str) -> tuple[bool, float, str, str]:
    """Pilots first, then programmes, each by when they began."""
    return "Pilot" not in sheet.graph.classes(subject), first, sheet.label(subject).casefold(), subject


def _span(sheet: Sheet, span: tuple[float | None, float | None, str], low: int, high: int) -> dict[str, Any]:
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
                "pilots": [sheet.thing(pilot) for pilot in sheet.site.names(pilots, sheet.language)],
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
    return [sheet.thing(x) for x in sheet.site.names(set(graph.of_class("Pilot")) - placed, sheet.language)]


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
