"""`pilotgraph query`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.answers import FORMATS
from pilotgraph.cli.options import (
    dataset_option,
    format_option,
    lang_option,
    output_option,
    pick_format,
    quiet_option,
    write,
)
from pilotgraph.errors import DatasetError

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.queries import Query
    from pilotgraph.store.base import Reader


@click.command("query")
@click.argument("name", required=False, metavar="NAME|FILE|-")
@click.option(
    "-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="Give a parameter a value; repeatable."
)
@click.option("--evidence", is_flag=True, help="Add the passages that carry each row.")
@click.option("--list", "list_", is_flag=True, help="List the named questions and their parameters.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="Ask a store made by `pilotgraph load`.")
@dataset_option
@lang_option
@format_option(FORMATS, "table")
@output_option
@quiet_option
def command(
    name: str | None,
    parameters: tuple[str, ...],
    store: Path | None,
    dataset: Dataset,
    lang: str,
    format_: str | None,
    output: str | None,
    *,
    evidence: bool,
    list_: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Answer a question: a named one, a file with SPARQL, or - for standard input.

    In CSV, TSV and XLSX a text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a
    carriage return) gets an apostrophe in front; numbers are left alone.

    \b
    Examples:
      pilotgraph query --list
      pilotgraph query partners-of-pilots -p pilot=zsm --evidence
      pilotgraph query most-connected-organisations --format csv -o partners.csv
      echo 'SELECT ?s { ?s a pg:Pilot }' | pilotgraph query -
    """
    from pyoxigraph import QueryBoolean, QuerySolutions

    from pilotgraph import answers, queries

    if list_:
        write(_listing(queries.library(dataset), lang), output, force=force)
        return
    if name is None:
        raise click.UsageError("give a question, a file, or - for standard input; --list shows the questions")  # noqa: EM101, TRY003
    query = _find(name, dataset)
    reader = _reader(store, dataset)
    given = _given(parameters)
    answer = reader.query(queries.bind(query, given, dataset, reader, lang))
    chosen = pick_format(format_, output, FORMATS, "table")
    untold = 0
    if isinstance(answer, QuerySolutions):
        table = answers.take(answer)
        untold = answers.add_evidence(table, reader, lang) if evidence else 0
        content = answers.render(table, chosen, dataset.base, evidence=evidence)
        note = f"{len(table.rows)} row{'s' if len(table.rows) != 1 else ''}"
    elif isinstance(answer, QueryBoolean):
        content, note = answers.render_boolean(answer, chosen), ""
    else:
        content, note = answers.render_graph(answer, chosen, dataset.base), ""
    write(content, output, force=force)
    if note and not quiet:
        reading = query.say("reading", lang)
        click.echo(f"{note}{': ' + reading if reading else ''}", err=True)
    if untold:
        click.echo(f"for {untold} of the rows no passage can be told: no claim names what the row names", err=True)


def _find(name: str, dataset: Dataset) -> Query:
    from pilotgraph import queries

    if name == "-":
        return queries.parse_query(sys.stdin.read(), "standard input")
    path = Path(name)
    if path.is_file():
        return queries.read_query(path)
    if path.suffix in {".rq", ".sparql"} or "/" in name:
        msg = f"{name}: no such file; check the path"
        raise DatasetError(msg)
    return queries.find_query(dataset, name)


def _reader(store: Path | None, dataset: Dataset) -> Reader:
    from pilotgraph.load import open_cached, open_store

    return open_store(store) if store else open_cached(dataset)


def _given(parameters: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            msg = f"--param {pair}: write it as name=value"
            raise DatasetError(msg)
        given[name] = value
    return given


def _listing(library: list[Query], lang: str) -> str:
    out = []
    for query in library:
        out.append(f"{query.name}\n    {query.say('summary', lang)}")
        for parameter in query.parameters:
            need = "" if parameter.required else ", optional"
            out.append(f"    --param {parameter.name}=…  {parameter.about[lang]} ({parameter.kind}{need})")
    return "\n".join(out) + "\n"
