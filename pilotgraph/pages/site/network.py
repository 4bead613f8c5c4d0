"""The network page: the explorer if its script is built, and always the links as a table.

Of many pilots the explorer begins with groups, and its parts stand beside the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages import browser_asset
from pilotgraph.pages.explorer.words import WORDS
from pilotgraph.pages.graph import script_json
from pilotgraph.pages.site.graph import p
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.page import Site

# Of more pilots the table shows the first; where the explorer is built it says how many it can show whole.
MOST_PILOTS = 1000
_SCRIPTS = ("explorer.js", "explorer.css")
# The script and style for many pilots, which only such a site needs.
_LEVELS = ("explorer-levels.js", "explorer-levels.css")


def pages(site: Site, language: str) -> Iterator[Page]:
    """The network page."""
    sheet = Sheet(site, language, "network/index.html")
    title, about = sheet.words["network_page"]
    # The explorer asks the queries of the network, which another data set may not have.
    built = set(_SCRIPTS) <= site.assets and bool(site.dataset.query_files("network"))
    pilots = site.graph.of_class("Pilot")
    most = MOST_PILOTS
    values: dict[str, Any] = {"built": built, "script": "assets/explorer.js", "style": "assets/explorer.css"}
    files: dict[str, bytes] = {}
    folder = f"{language}/network"
    if built:
        from pilotgraph.pages.explorer import data, explorer_data  # noqa: PLC0415 - it imports networkx

        most = data.MOST_PILOTS
        if len(pilots) > most:
            files = dict(_levels(site, language, folder))
            values |= dict(zip(("script", "style"), (f"{folder}/{name}" for name in _LEVELS), strict=True))
        else:
            # A script of its own, so that the page's words show first; a page from a disk may load no other kind of
            # file.
            files[f"{folder}/data.js"] = _data(explorer_data(site.dataset, site.reader, language, site.clusters))
    part = len(pilots) > most
    values["part"] = WORDS[language]["part" if built else "cut"].format(n=most, total=len(pilots)) if part else ""
    values["rows"] = _rows(sheet, frozenset(pilots[:most]))
    claims = tuple(claim for claim in site.graph.of_class("Participation"))
    yield Page(
        path="network/index.html",
        template="site/network.html",
        title=title,
        description=about,
        values=values,
        subjects=claims,
        files=files,
        rdf="doc/network/index",
        section="pictures.html",
        trail=((sheet.words["in_pictures"], "pictures.html"),),
        found=(sheet.words["kinds"]["picture"], about),
    )


def _levels(site: Site, language: str, folder: str) -> Iterator[tuple[str, bytes]]:
    """What stands beside the page of a large network: its groups, its parts, and the script that shows them."""
    from pilotgraph.pages.explorer.levels import levels  # noqa: PLC0415 - it imports networkx

    first, files = levels(site.dataset, site.reader, language)
    yield f"{folder}/data.js", _data(first | {"folder": "parts/"})
    for name, content in files:
        yield f"{folder}/parts/{name}", content
    for name in _LEVELS:
        yield f"{folder}/{name}", browser_asset(name).encode()


def _data(value: dict[str, Any]) -> bytes:
    return f"window.pilotgraphNetwork={script_json(value)};\n".encode()


def _rows(sheet: Sheet, pilots: frozenset[str]) -> list[tuple[Text, list[tuple[Text, str]]]]:
    """The links as a table: each pilot, and the parties with their roles."""
    graph = sheet.graph
    found: dict[str, dict[str, set[str]]] = {}
    for claim in graph.of_class("Participation"):
        about, actor = graph.iri(claim, p("pg:about")), graph.iri(claim, p("pg:participant"))
        if about in pilots and actor:
            roles = found.setdefault(about, {}).setdefault(actor, set())
            roles.update(sheet.label(role) for role in graph.iris(claim, p("pg:role")))
    return [
        (
            sheet.thing(pilot),
            [
                (sheet.thing(actor), ", ".join(sorted(found[pilot][actor])))
                for actor in sheet.site.names(found[pilot], sheet.language)
            ],
        )
        for pilot in sheet.site.names(found, sheet.language)
    ]
