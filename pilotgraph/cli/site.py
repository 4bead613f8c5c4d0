"""`pilotgraph site`."""

from __future__ import annotations

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
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that make pages; as many as there are processors by default. The files do not depend on it.",
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
    jobs: int | None,
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
    from pilotgraph.progress import Bar
    from pilotgraph.publish.crew import cores
    from pilotgraph.publish.site import publish

    reader = open_reader(dataset, store, endpoint)
    with Bar(quiet=quiet) as bar:
        written = publish(
            dataset, reader, out, base=base, sources=sources, force=force, progress=bar, jobs=jobs or cores()
        )
    if not quiet:
        click.echo(_summary(out, written), err=True)


def _summary(out: Path, written: Written) -> str:
    parts = [f"{written.new} new", f"{written.changed} changed", f"{written.unchanged} unchanged"]
    parts += [f"{written.removed} removed"] if written.removed else []
    parts += [f"{written.kept} of others kept"] if written.kept else []
    return f"written: {out}: {written.total} files ({', '.join(parts)}); open {out / 'index.html'}"
