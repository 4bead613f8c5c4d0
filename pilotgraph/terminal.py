"""A table for people: as wide as the window, long texts broken into lines, nothing cut off unsaid."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from pilotgraph.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pilotgraph.answers import Table

_WIDEST_COLUMN = 56
_NARROWEST_COLUMN = 9
_GAP = 2
_NUMERIC = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")}


def window_width() -> int | None:
    """The width of the terminal, None if the output goes elsewhere: then the same question gives the same bytes."""
    if not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return None


def text_table(
    table: Table, cells: list[list[str]], *, evidence: bool, width: int | None = None, limit: int | None = None
) -> str:
    """Lay out a table; `cells` are its values as text.

    With `width`, columns of mere IRIs are left out (every other form of output has them), and the widest
    columns are broken until the table fits. With `limit`, only so many rows are shown, and it is said how many are not.
    """
    shown = _columns(table) if width else list(range(len(table.variables)))
    rows = [[row[i] for i in shown] for row in cells[:limit]]
    names = [table.variables[i] for i in shown]
    right = [bool(table.rows) and all(is_number(row[i]) for row in table.rows) for i in shown]
    widths = _widths(names, rows, width)
    out = [_line(names, widths, right), "  ".join("─" * column for column in widths)]
    for number, row in enumerate(rows):
        broken = [_wrap(text, column) for text, column in zip(row, widths, strict=True)]
        height = max(map(len, broken), default=1)
        out.extend(
            _line([lines[i] if i < len(lines) else "" for lines in broken], widths, right) for i in range(height)
        )
        if evidence:
            out.extend(f"    ↳ {passage.cite()}" for passage in table.passages[number])
            out.extend([f"    ↳ ({table.reasons[number]})"] if table.reasons[number] else [])
    if limit is not None and len(cells) > limit:
        out.append(f"… {len(cells) - limit} more")
    return "\n".join(out) + "\n"


def _columns(table: Table) -> list[int]:
    """The columns for a reader: all but those of mere IRIs, unless no other column tells what a row is about."""
    everything = range(len(table.variables))
    kinds = [{type(row[i]) for row in table.rows} - {type(None)} for i in everything]
    readable = [i for i in everything if kinds[i] != {NamedNode}]
    telling = [i for i in readable if any(row[i] is not None and not is_number(row[i]) for row in table.rows)]
    return readable if telling else list(everything)


def _widths(names: list[str], rows: list[list[str]], window: int | None) -> list[int]:
    widths = [
        min(max([len(name), *(len(row[i]) for row in rows)]), max(_WIDEST_COLUMN, len(name)))
        for i, name in enumerate(names)
    ]
    if window is None:
        return widths
    excess = sum(widths) + _GAP * (len(widths) - 1) - window
    while excess > 0 and max(widths, default=0) > _NARROWEST_COLUMN:
        widest = widths.index(max(widths))
        widths[widest] -= 1
        excess -= 1
    return widths


def _line(values: Sequence[str], widths: list[int], right: list[bool]) -> str:
    padded = [
        v.rjust(w) if r else v.ljust(w)
        for v, w, r in zip((v[:w] for v, w in zip(values, widths, strict=True)), widths, right, strict=True)
    ]
    return (" " * _GAP).join(padded).rstrip()


def is_number(node: object) -> bool:
    """Tell whether a value is a number by its datatype."""
    return isinstance(node, Literal) and node.datatype.value in _NUMERIC


def _wrap(text: str, width: int) -> list[str]:
    if len(text) <= width and "\n" not in text:
        return [text]
    import textwrap  # noqa: PLC0415 - many answers have no long texts

    return textwrap.wrap(text, width) or [""]
