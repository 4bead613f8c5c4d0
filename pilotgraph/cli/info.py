"""`pilotgraph info`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import dataset_option, format_option, lang_option, output_option, pick_format, write

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset

FORMATS = ("text", "json")


@click.command("info")
@dataset_option
@lang_option
@format_option(FORMATS, "text")
@output_option
def command(dataset: Dataset, lang: str, format_: str | None, output: str | None, *, force: bool) -> None:
    """Tell what a data set holds: edition, pilots by pillar and programme, counts by class, sources.

    \b
    Examples:
      pilotgraph info
      pilotgraph info --format json
    """
    from pilotgraph.overview import overview

    found = overview(dataset, lang)
    if pick_format(format_, output, FORMATS, "text") == "json":
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    else:
        text = _text(found)
    write(text, output, force=force)


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
