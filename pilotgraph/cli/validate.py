"""`pilotgraph validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import (
    dataset_option,
    fail_on_option,
    format_option,
    lang_option,
    open_endpoint,
    output_option,
    pick_format,
    quiet_option,
    write,
)

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset

FORMATS = ("text", "json", "sarif", "github", "ttl")
# Those of pilotgraph.shacl.engine, which takes a tenth of a second to import.
ENGINES = ("auto", "columns", "sparql", "reference")


@click.command("validate")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--endpoint",
    envvar="PILOTGRAPH_ENDPOINT",
    metavar="URL",
    help="Check what a SPARQL endpoint holds of the data set (docs/endpoints.md).",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="How the shapes are checked (docs/validation.md); the findings are the same.",
)
@dataset_option
@lang_option
@fail_on_option
@format_option(FORMATS, "text")
@output_option
@quiet_option
def command(
    files: tuple[Path, ...],
    endpoint: str | None,
    engine: str,
    dataset: Dataset,
    lang: str,
    fail_on: str,
    format_: str | None,
    output: str | None,
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Check data against the SHACL shapes and the check queries.

    Without FILE the whole data set is checked. With files (Turtle, TriG, N-Triples or N-Quads), only these
    are, against the data set's ontology, schemes and register; they need not be part of it.

    \b
    Examples:
      pilotgraph validate
      pilotgraph validate new.ttl --lang nl
      pilotgraph validate --format sarif -o findings.sarif
    """
    from pilotgraph import findings
    from pilotgraph.progress import Bar
    from pilotgraph.terms import compact
    from pilotgraph.validate import validate, validate_store

    chosen = pick_format(format_, output, FORMATS, "text")
    if files and endpoint:
        raise click.UsageError("files and --endpoint exclude each other; check one or the other")  # noqa: EM101, TRY003
    with Bar(quiet=quiet) as tell:
        if endpoint:
            reader = open_endpoint(dataset, endpoint, copy=engine != "sparql")
            reliable = reader.answered_here or not reader.deviation
            outcome = validate_store(dataset, reader, engine, tell, check_queries=reliable)
        else:
            outcome = validate(dataset, files, engine, tell)
    text = outcome.report if chosen == "ttl" else findings.report(outcome.findings, chosen, lang)
    write(text, output, force=force)
    if not quiet:
        what = (
            f"{len(files)} file{'s' if len(files) != 1 else ''}"
            if files
            else "the endpoint"
            if endpoint
            else "the data set"
        )
        for shape, why in sorted((compact(shape.value), why) for shape, why in outcome.verdict.why.items()):
            click.echo(f"{shape}: left to pySHACL, for it {why}", err=True)
        click.echo(f"checked {what}: {findings.summary(outcome.findings)}", err=True)
    raise click.exceptions.Exit(1 if findings.reaches(outcome.findings, fail_on) else 0)
