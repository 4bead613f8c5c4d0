"""The network explorer as one HTML file that works from a disk or any static host, and asks no one for anything.

    html = explorer_page(dataset, reader, "nl")
    html, scripts = explorer_in_parts(dataset, reader, "nl", "explorer-parts")   # of a large network

Page, data and script are kept apart: :func:`explorer_data` gives the data, `viz/templates/explorer.html` the page,
and `viz/src/explorer/` the script and style, which npm bundles into `viz/dist`. A site can use the same three.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from pilotgraph.pages import browser_asset, templates
from pilotgraph.pages.explorer.data import explorer_data
from pilotgraph.pages.explorer.words import WORDS
from pilotgraph.pages.graph import script_json
from pilotgraph.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.dataset import Dataset
    from pilotgraph.progress import Tell
    from pilotgraph.store.base import Reader

__all__ = ["explorer_data", "explorer_in_parts", "explorer_page", "render_explorer", "render_levels"]

# Without a script the page shows the links as a table, up to this many.
_ROWS = 2000


def explorer_page(dataset: Dataset, reader: Reader, language: str, progress: Tell = silent) -> str:
    """Draw the networks of a data set as a page that needs nothing but itself; `language` is en or nl.

    Raises DatasetError if the script is not built.
    """
    return render_explorer(explorer_data(dataset, reader, language, progress=progress))


def explorer_in_parts(
    dataset: Dataset, reader: Reader, language: str, folder: str, progress: Tell = silent
) -> tuple[str, Iterator[tuple[str, bytes]]]:
    """Draw a large network as a page that begins with its groups, and scripts that it loads from a folder beside it.

    `folder` is the name of that folder; the scripts, by name, are made as they are asked for. Raises DatasetError if
    the script of the page is not built.
    """
    from pilotgraph.pages.explorer.levels import levels  # noqa: PLC0415 - only a large network needs it

    first, files = levels(dataset, reader, language, progress)
    return render_levels(first | {"folder": f"{folder}/"}), files


def render_explorer(data: dict[str, Any]) -> str:
    """Write the page for what :func:`explorer_data` gives. Raises DatasetError if the script is not built."""
    return _render(data, "explorer", _rows(data))


def render_levels(first: dict[str, Any]) -> str:
    """Write the page for what :func:`pilotgraph.pages.explorer.levels.levels` gives first, with its `folder`."""
    return _render(first, "explorer-levels", [], groups=first["level"]["groups"], beside=True)


def _render(data: dict[str, Any], name: str, rows: list[tuple[str, str, str]], **values: Any) -> str:  # noqa: ANN401
    script = browser_asset(f"{name}.js").replace("</script", "<\\/script")
    style = browser_asset(f"{name}.css").replace("</style", "<\\/style")
    return (
        templates()
        .get_template("explorer.html")
        .render(
            words=WORDS[data["language"]],
            data=script_json(data),
            title=data["title"],
            source=f"{data['title']}, {WORDS[data['language']]['edition']} {data['edition']}. {data['licence']}",
            script=script,
            style=style,
            # Only a script and a style with these digests run, whatever else should get into the page.
            script_digest=_digest(script),
            style_digest=_digest(style),
            # Those libraries' licences ask that their text goes with every copy.
            licences=browser_asset(f"{name}.licences.txt").replace("<", "‹"),
            rows=rows[:_ROWS],
            more=max(0, len(rows) - _ROWS),
            **values,
        )
    )


def _digest(text: str) -> str:
    """The digest by which a content security policy knows a script (W3C Content Security Policy 3, section 6.7)."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _rows(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Pilot, actor and roles, for those who have no script."""
    roles: dict[tuple[int, int], set[str]] = {}
    for pilot, actor, claim, *_ in data["links"].get("actor", []):
        roles.setdefault((pilot, actor), set()).add(data["roles"][data["claims"][claim]["role"]]["label"])
    label = [node["label"] for node in data["nodes"]]
    rows = [(label[pilot], label[actor], ", ".join(sorted(found))) for (pilot, actor), found in roles.items()]
    return sorted(rows, key=lambda row: (row[0].casefold(), row[1].casefold()))
