"""`pilotgraph explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import (
    dataset_option,
    format_option,
    lang_option,
    open_reader,
    output_option,
    pick_format,
    quiet_option,
    source_options,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.dataset import Dataset
    from pilotgraph.explain import Explanation

FORMATS = ("text", "json", "html", "md")


@click.command("explain")
@click.argument("names", nargs=-1, metavar="A B [C …]")
@click.option("--links", is_flag=True, help="In text, add each passage's address (the other forms have it).")
@source_options
@dataset_option
@lang_option
@format_option(FORMATS, "text")
@output_option
@quiet_option
def command(
    names: tuple[str, ...],
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    lang: str,
    format_: str | None,
    output: str | None,
    *,
    links: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Tell why two pilots, two organisations, or one of each are linked; for more, what they all share.

    A name is a slug, a label or an IRI. Where a pilot and an organisation have the same name the pilot is
    meant, unless you write organisation:NAME. Reasons come in order of weight, the rarer the heavier, each with
    its passages; then the types of link that are absent; then how it was weighed.

    \b
    Examples:
      pilotgraph explain rotterdam-zuid wijkrechtspraak-op-zuid
      pilotgraph explain juridisch-loket uwv --lang nl
      pilotgraph explain mijn-zaak rechtsbijstandsportaal -o why.html
    """
    if len(names) < 2:  # noqa: PLR2004 - a link has two ends
        raise click.UsageError("give at least two names of pilots or organisations; a link has two ends")  # noqa: EM101, TRY003
    from pilotgraph.explain import explain

    chosen = pick_format(format_, output, FORMATS, "text")
    reader = open_reader(dataset, store, endpoint)
    explanation = explain(dataset, reader, list(names), lang)
    write(_render(explanation, chosen, links=links), output, force=force)
    if not quiet:
        for note in explanation.notes:
            click.echo(note, err=True)


def _render(explanation: Explanation, format_: str, *, links: bool) -> str:
    from pilotgraph.explain.render import as_json, as_markdown, as_text

    match format_:
        case "json":
            return as_json(explanation)
        case "md":
            return as_markdown(explanation)
        case "html":
            from pilotgraph.pages.explain import explanation_page

            return explanation_page(explanation)
    return as_text(explanation, links=links)
