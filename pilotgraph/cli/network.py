"""`pilotgraph network`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import dataset_option, lang_option, open_reader, quiet_option, source_options, write

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.dataset import Dataset

TITLE = {"en": "Who takes part in which pilot", "nl": "Wie doet mee aan welke pilot"}
SOURCE = {
    "en": "{title}, edition {edition}. Licence: {licence}",
    "nl": "{title}, editie {edition}. Licentie: {licence}",
}


@click.command("network")
@click.option("--html", required=True, metavar="FILE", help="The page to write; - is standard output.")
@click.option(
    "--kinds/--no-kinds", default=False, show_default=True, help="With professional groups and kinds of organisation."
)
@click.option(
    "--without", multiple=True, metavar="ROLE", help="Leave out a role, such as scheme-administrator; repeatable."
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@source_options
@dataset_option
@lang_option
@quiet_option
def command(
    html: str,
    kinds: bool,
    without: tuple[str, ...],
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    lang: str,
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Draw the network of pilots and partners as one HTML file that needs no network.

    Pilots are boxes coloured by pillar; organisations are dots and, with --kinds, professional groups are
    diamonds: a group in two pilots is not one actor. Size is the number of links.

    \b
    Examples:
      pilotgraph network --html build/network.html
      pilotgraph network --html build/netwerk.html --lang nl --without scheme-administrator
    """
    from pilotgraph.network import check_roles, describe, pilot_actor_network
    from pilotgraph.pages.graph import network_page

    reader = open_reader(dataset, store, endpoint)
    check_roles(without, reader)
    graph = pilot_actor_network(dataset, reader, lang, kinds=kinds, without_roles=frozenset(without))
    counts = describe(graph)
    source = SOURCE[lang].format(title=dataset.title.get(lang, ""), edition=dataset.edition, licence=dataset.licence)
    write(network_page(graph, TITLE[lang], lang, counts, source), html, force=force)
    if not quiet:
        click.echo(", ".join(f"{number} {name}" for name, number in counts.items() if number), err=True)
