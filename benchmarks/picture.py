"""A picture of cost against size, both on logarithmic axes, as SVG."""

from __future__ import annotations

import math
from html import escape

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 44, 52
_COLOURS = ("#0b5fa5", "#b3471d", "#4a7729", "#7a3b8f", "#5b5b5b")
_STYLE = """text { font: 13px system-ui, sans-serif; fill: #1a1a1a } .axis { stroke: #d5d5d5 }
.title { font-weight: 600 }
@media (prefers-color-scheme: dark) { svg { background: #16181b } text { fill: #e8e8e8 } .axis { stroke: #3a3d42 } }"""

Points = dict[str, list[tuple[float, float]]]


def log_log(points: Points, limit: str) -> str:
    """Draw a line a side; `limit` names the one that is the physical limit, drawn dashed."""
    every = [point for listed in points.values() for point in listed]
    low, high = (math.floor(math.log10(min(x for x, _ in every))), math.ceil(math.log10(max(x for x, _ in every))))
    bottom, top = (math.floor(math.log10(min(y for _, y in every))), math.ceil(math.log10(max(y for _, y in every))))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)
        up = (math.log10(y) - bottom) / (top - bottom) * (_HEIGHT - _TOP - _BOTTOM)
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>Processor seconds against number of triples, both logarithmic</title>",
        f"<style>{_STYLE}</style>",
        f'<text x="{_LEFT}" y="22" class="title">Load and validate: processor seconds against triples</text>',
    ]
    for power in range(low, high + 1):
        x, y = place(10.0**power, 10.0**bottom)
        out.append(f'<line class="axis" x1="{x}" y1="{_TOP}" x2="{x}" y2="{y}"/>')
        out.append(f'<text x="{x}" y="{y + 20}" text-anchor="middle">{_power(power)}</text>')
    for power in range(bottom, top + 1):
        x, y = place(10.0**low, 10.0**power)
        out.append(f'<line class="axis" x1="{x}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}"/>')
        out.append(f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{_power(power)}</text>')
    out.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 10}" text-anchor="end">triples</text>')
    out += [_line(name, listed, colour, place, dashed=name == limit) for (name, listed), colour in _coloured(points)]
    return "\n".join([*out, "</svg>"]) + "\n"


def _coloured(points: Points) -> list[tuple[tuple[str, list[tuple[float, float]]], str]]:
    return list(zip(sorted(points.items()), _COLOURS, strict=False))


def _line(name: str, listed: list[tuple[float, float]], colour: str, place, *, dashed: bool) -> str:  # noqa: ANN001 - a local function
    spots = [place(x, y) for x, y in sorted(listed)]
    path = " ".join(f"{x},{y}" for x, y in spots)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    drawn = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
    drawn += "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in spots)
    x, y = spots[-1]
    told = f"{name} (physical limit)" if dashed else name
    return f'{drawn}<text x="{x + 10}" y="{y + 4}" style="fill: {colour}">{escape(told)}</text>'


def _power(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"
