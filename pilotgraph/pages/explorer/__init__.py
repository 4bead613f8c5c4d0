"""The network explorer as one HTML file that works from a disk or any static host, and asks no one for anything.

    html = explorer_page(dataset, reader, "nl")

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

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

__all__ = ["explorer_data", "explorer_page", "render_explorer"]

# Without a script the page shows the links as a table, up to this many.
_ROWS = 2000


def explorer_page(dataset: Dataset, reader: Reader, language: str) -> str:
    """Draw the networks of a data set as a page that needs nothing but itself; `language` is en or nl.

    Raises DatasetError if the script is not built.
    """
    return render_explorer(explorer_data(dataset, reader, language))


def render_explorer(data: dict[str, Any]) -> str:
    """Write the page for what :func:`explorer_data` gives. Raises DatasetError if the script is not built."""
    script = browser_asset("explorer.js").replace("</script", "<\\/script")
    style = browser_asset("explorer.css").replace("</style", "<\\/style")
    rows = _rows(data)
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
            licences=browser_asset("explorer.licences.txt").replace("<", "‹"),
            rows=rows[:_ROWS],
            more=max(0, len(rows) - _ROWS),
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
