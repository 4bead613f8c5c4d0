"""`pilotgraph verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import (
    dataset_option,
    fail_on_option,
    format_option,
    lang_option,
    output_option,
    pick_format,
    quiet_option,
    replace,
    write,
)

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset


FORMATS = ("text", "json", "sarif", "github")


@click.command("verify")
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    default=Path("sources"),
    envvar="PILOTGRAPH_SOURCES",
    show_default=True,
    metavar="DIR",
    help="Folder of the source texts that data/sources.toml names.",
)
@click.option(
    "--fix", is_flag=True, help="Write the position, digest and page of moved and new passages into the files."
)
@click.option("--uncovered", is_flag=True, help="List what names a number, a date or an actor and has no claim.")
@dataset_option
@lang_option
@fail_on_option
@format_option(FORMATS, "text")
@output_option
@quiet_option
def command(
    sources: Path,
    dataset: Dataset,
    lang: str,
    fail_on: str,
    format_: str | None,
    output: str | None,
    *,
    fix: bool,
    uncovered: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Find every passage again in its source, and every number, date and name in its passage.

    A passage is anchored (where it should be, unchanged), moved or new (found elsewhere: --fix writes its
    position), or missing. Without the source texts nothing is checked, and the exit code is 3.

    \b
    Examples:
      pilotgraph verify --sources ~/sources
      pilotgraph verify --sources ~/sources --fix
    """
    from pilotgraph import coverage, evidence, findings, fixing
    from pilotgraph.progress import Bar

    texts = evidence.read_sources(dataset, sources)
    with Bar(quiet=quiet) as bar:
        outcome = evidence.verify(dataset, texts, tell=bar)
    if fix and outcome.corrections:
        for path, content in fixing.corrected_files(dataset, outcome.corrections):
            replace(path, content.encode("utf-8"))
            click.echo(f"written: {path}", err=True)
        with Bar(quiet=quiet) as bar:
            outcome = evidence.verify(dataset, texts, tell=bar)
    found = outcome.findings
    if uncovered:
        found = findings.ordered([*found, *coverage.uncovered(dataset, texts)])
    chosen = pick_format(format_, output, FORMATS, "text")
    write(findings.report(found, chosen, lang), output, force=force)
    if not quiet:
        click.echo(f"passages: {outcome.count()}; {findings.summary(found)}", err=True)
    if outcome.unchecked:
        missing = ", ".join(s.file for s in dataset.sources if dataset.iri("source", s.slug) not in texts)
        click.echo(f"not checked: the source texts {missing} are not in {sources}", err=True)
    raise click.exceptions.Exit(1 if findings.reaches(found, fail_on) else (3 if outcome.unchecked else 0))
