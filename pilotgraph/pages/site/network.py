"""The network page: the explorer if its script is built, and always the links as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pilotgraph.pages.graph import script_json
from pilotgraph.pages.site.graph import p
from pilotgraph.pages.site.page import Page, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.pages.site.page import Site

# Of more pilots the table shows those that the explorer shows; without it, the first.
MOST_PILOTS = 1000
_SCRIPTS = ("explorer.js", "explorer.css")


def pages(site: Site, language: str) -> Iterator[Page]:
    """The network page."""
    sheet = Sheet(site, language, "network/index.html")
    title, about = sheet.words["network_page"]
    # The explorer asks the queries of the network, which another data set may not have.
    built = set(_SCRIPTS) <= site.assets and bool(site.dataset.query_files("network"))
    pilots = site.graph.of_class("Pilot")
    only = frozenset(pilots[:MOST_PILOTS])
    values: dict[str, Any] = {"built": built}
    files: dict[str, bytes] = {}
    if built:
        from pilotgraph.pages.explorer import explorer_data  # noqa: PLC0415 - it imports networkx

        shown = explorer_data(site.dataset, site.reader, language, site.clusters)
        only = frozenset(f"{site.base}id/{node['id']}" for node in shown["nodes"] if node["mode"] == "pilot")
        # A script of its own, so that the page's words show first; a page from a disk may load no other kind of file.
        files[f"{language}/network/data.js"] = f"window.pilotgraphNetwork={script_json(shown)};\n".encode()
    part = len(pilots) > len(only)
    values["part"] = sheet.words["network_part"].format(n=len(only), total=len(pilots)) if part else ""
    values["rows"] = _rows(sheet, only if part else frozenset(pilots))
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
