"""`pilotgraph info`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import (
    dataset_option,
    format_option,
    lang_option,
    open_reader,
    output_option,
    pick_format,
    source_options,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.dataset import Dataset

FORMATS = ("text", "json")


@click.command("info")
@click.option("--coverage", is_flag=True, help="Tell per pilot and research question what the sources say.")
@source_options
@dataset_option
@lang_option
@format_option(FORMATS, "text")
@output_option
def command(
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    lang: str,
    format_: str | None,
    output: str | None,
    *,
    coverage: bool,
    force: bool,
) -> None:
    """Tell what a data set holds: edition, pilots by pillar and programme, counts by class, sources.

    With --coverage: for each pilot and each research question that is asked of every pilot, whether the
    sources answer it, contradict themselves, say that it does not apply, or say nothing. The query
    `coverage-by-question` gives the same with the claims.

    \b
    Examples:
      pilotgraph info
      pilotgraph info --format json
      pilotgraph info --coverage
    """
    reader = open_reader(dataset, store, endpoint)
    as_json = pick_format(format_, output, FORMATS, "text") == "json"
    if coverage:
        from pilotgraph.coverage_report import research_coverage

        matrix = research_coverage(reader, dataset, lang)
        text = _json(matrix.as_data()) if as_json else matrix.as_text()
    else:
        from pilotgraph.overview import overview

        found = overview(dataset, reader, lang)
        text = _json(found) if as_json else _text(found)
    write(text, output, force=force)


def _json(found: dict[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _text(found: dict[str, object]) -> str:
    out = []
    for key, value in found.items():
        if isinstance(value, dict):
            out.append(f"{key}:")
            width = max((len(str(number)) for number in value.values()), default=0)
            out.extend(f"  {number:>{width}}  {name}" for name, number in value.items())
        elif isinstance(value, list):
            out.append(f"{key}:")
            for entry in value:
                first, *rest = entry.values()
                out.append(f"  {first}")
                out.extend(f"      {line}" for line in rest if line)
        else:
            out.append(f"{key}: {value}")
    return "\n".join(out) + "\n"
