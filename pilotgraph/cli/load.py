"""`pilotgraph load`: into a folder, or to an endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import connect, dataset_option, quiet_option

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset


@click.command("load")
@click.option("--to", "target", required=True, metavar="DIR|URL", help="Folder of the store, or a SPARQL endpoint.")
@click.option("--dry-run", is_flag=True, help="With a URL: only say what would be done there.")
@dataset_option
@quiet_option
def command(target: str, dataset: Dataset, *, dry_run: bool, quiet: bool) -> None:
    """Build a store from the files of a data set, with the derived triples: on disk, or on a SPARQL endpoint.

    The store is built beside the one in DIR and takes its place when it is complete: whatever goes wrong,
    the old one stays as it was. Of a large data set, files that have not changed since are not loaded again.

    On an endpoint the data set's graphs are replaced one by one, and nothing else is touched. What is there
    already is not sent again: after a failure, run it again (docs/endpoints.md).

    \b
    Examples:
      pilotgraph load --to build/store
      pilotgraph load --to http://localhost:7878/query --dry-run
    """
    from pilotgraph.load import load_to
    from pilotgraph.progress import Bar
    from pilotgraph.terms import compact

    if target.startswith(("http://", "https://")):
        _upload(target, dataset, dry_run=dry_run, quiet=quiet)
        return
    if dry_run:
        raise click.UsageError("--dry-run concerns endpoints only; a store in a folder is built beside the old one")  # noqa: EM101, TRY003
    with Bar(quiet=quiet) as bar:
        counts = load_to(dataset, Path(target), tell=bar)
    if not quiet:
        for graph, number in sorted(counts.items()):
            click.echo(f"{number:>8}  {compact(graph, dataset.base)}", err=True)
        click.echo(f"loaded {sum(counts.values())} triples into {target}", err=True)


def _upload(url: str, dataset: Dataset, *, dry_run: bool, quiet: bool) -> None:
    from pilotgraph.load import load
    from pilotgraph.store.upload import Step, Upload
    from pilotgraph.terms import compact

    connection = connect(url)

    def tell(step: Step) -> None:
        if not quiet:
            was = f" (was {step.before})" if step.before not in {0, step.after} else ""
            click.echo(f"{step.after:>8}  {step.action:<7}  {compact(step.graph, dataset.base)}{was}", err=True)

    upload = Upload(connection, dataset.base, dry_run=dry_run, told=tell)
    load(dataset, upload)
    if not quiet:
        total = sum(step.after for step in upload.steps)
        sent = sum(step.after for step in upload.steps if step.action in {"add", "replace"})
        would = "nothing was written; would send" if dry_run else "sent"
        click.echo(f"{connection.url}: {would} {sent} of {total} triples", err=True)
