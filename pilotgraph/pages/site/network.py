"""The network page: the explorer if its script is built, and always the links as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages.graph import script_json
from pilotgraph.pages.site.graph import p
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.page import Site

_SCRIPTS = ("explorer.js", "explorer.css")


def pages(site: Site, language: str) -> Iterator[Page]:
    """The network page."""
    sheet = Sheet(site, language, "network/index.html")
    title, about = sheet.words["network_page"]
    # The explorer asks the queries of the network, which another data set may not have.
    built = set(_SCRIPTS) <= site.assets and bool(site.dataset.query_files("network"))
    values: dict[str, Any] = {"built": built, "rows": _rows(sheet)}
    files: dict[str, bytes] = {}
    if built:
        from pilotgraph.pages.explorer import explorer_data  # noqa: PLC0415 - it imports networkx

        data = explorer_data(site.dataset, site.reader, language, site.clusters)
        # A script of its own, so that the page's words show first; a page from a disk may load no other kind of file.
        files[f"{language}/network/data.js"] = f"window.pilotgraphNetwork={script_json(data)};\n".encode()
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


def _rows(sheet: Sheet) -> list[tuple[Text, list[tuple[Text, str]]]]:
    """The links as a table: each pilot, and the parties with their roles."""
    graph = sheet.graph
    found: dict[str, dict[str, set[str]]] = {}
    for claim in graph.of_class("Participation"):
        about, actor = graph.iri(claim, p("pg:about")), graph.iri(claim, p("pg:participant"))
        if "Pilot" in graph.classes(about) and actor:
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
