"""Rows and triples into pages.

The templates are in `viz/templates`, beside the scripts and the style: one renderer for every page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pilotgraph.dataset import bundled_root
from pilotgraph.errors import DatasetError

if TYPE_CHECKING:
    from jinja2 import Environment


def templates() -> Environment:
    """The templates, with everything escaped that is put into them."""
    from jinja2 import Environment, FileSystemLoader, select_autoescape  # noqa: PLC0415 - only pages need it

    folder = bundled_root() / "viz" / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(default=True))


def browser_asset(name: str) -> str:
    """The text of a script or style that npm has built, such as `explorer.js`. Raises DatasetError if it is not."""
    path = bundled_root() / "viz" / "dist" / name
    if not path.is_file():
        msg = f"{path}: viz/dist is not built; run: make viz"
        raise DatasetError(msg)
    return path.read_text(encoding="utf-8")
