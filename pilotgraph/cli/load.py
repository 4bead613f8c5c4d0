"""`pilotgraph load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import dataset_option, quiet_option

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset


@click.command("load")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of the store."
)
@dataset_option
@quiet_option
def command(target: Path, dataset: Dataset, *, quiet: bool) -> None:
    """Build a store on disk from the files of a data set, with the derived triples.

    The store is built beside the one in DIR and takes its place when it is complete: whatever goes wrong,
    the old one stays as it was.

    \b
    Example:
      pilotgraph load --to build/store
    """
    from pilotgraph.load import load_to
    from pilotgraph.terms import compact

    counts = load_to(dataset, target)
    if not quiet:
        for graph, number in sorted(counts.items()):
            click.echo(f"{number:>8}  {compact(graph, dataset.base)}", err=True)
        click.echo(f"loaded {sum(counts.values())} triples into {target}", err=True)
