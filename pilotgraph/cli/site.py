"""`pilotgraph site`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import dataset_option, open_reader, quiet_option, source_options

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.publish.tree import Written


@click.command("site")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@click.option("--base", metavar="IRI", default="", help="Publish under this base IRI; the data set's own by default.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Folder of the source texts: passages are then shown in their context.",
)
@click.option("--force", is_flag=True, help="Write into a folder that also holds files of others; these are kept.")
@source_options
@dataset_option
@quiet_option
def command(
    out: Path,
    base: str,
    sources: Path | None,
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Write the site: one folder for any static host, a USB stick or a closed network.

    Pages in Dutch and English for every pilot, organisation, goal, place, finding, concept, contradiction and
    question; the RDF beside each; search, SPARQL, network, matrices, charts, timeline and map; dumps, and what lets
    others find them. It is complete before it replaces what was there, twice gives the same bytes, and a page that
    did not change is not written again.

    \b
    Examples:
      pilotgraph site build/site
      pilotgraph site build/site --base https://example.org/pilots/ --sources ../shared/sources
      python3 -m http.server --directory build/site
    """
    from pilotgraph.publish.site import publish

    reader = open_reader(dataset, store, endpoint)
    progress = _Progress() if not quiet and sys.stderr is not None and sys.stderr.isatty() else _Silent()
    try:
        written = publish(dataset, reader, out, base=base, sources=sources, force=force, progress=progress)
    finally:
        progress.end()
    if not quiet:
        click.echo(_summary(out, written), err=True)


def _summary(out: Path, written: Written) -> str:
    parts = [f"{written.new} new", f"{written.changed} changed", f"{written.unchanged} unchanged"]
    parts += [f"{written.removed} removed"] if written.removed else []
    parts += [f"{written.kept} of others kept"] if written.kept else []
    return f"written: {out}: {written.total} files ({', '.join(parts)}); open {out / 'index.html'}"


class _Silent:
    """No progress: the output is no terminal."""

    def __call__(self, what: str) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Nothing to clear."""


class _Progress(_Silent):
    """One line on the terminal that says what is being done."""

    def __call__(self, what: str) -> None:
        """Show what is being done."""
        click.echo(f"\r\x1b[K{what} …", err=True, nl=False)

    def end(self) -> None:
        """Clear the line."""
        click.echo("\r\x1b[K", err=True, nl=False)
