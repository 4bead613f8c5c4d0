"""`pilotgraph query`."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.answers import FORMATS
from pilotgraph.cli.citing import Citing, cite_or_check, cited_name, citing_options, read_citation
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
from pilotgraph.errors import DatasetError, EndpointError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.answers import Table
    from pilotgraph.dataset import Dataset
    from pilotgraph.queries import Query
    from pilotgraph.store.base import Reader


@click.command("query")
@click.argument("name", required=False, metavar="NAME|FILE|-")
@click.option(
    "-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="Give a parameter a value; repeatable."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N rows (table only).")
@click.option(
    "--width",
    type=click.IntRange(min=40),
    metavar="N",
    help="Fit the table to N columns; by default the window's width.",
)
@click.option("--evidence", is_flag=True, help="Add the passages that carry each row.")
@click.option(
    "--list", "list_", is_flag=True, help="List the named queries, the questions they answer, and their parameters."
)
@source_options
@dataset_option
@lang_option
@format_option(FORMATS, "table")
@output_option
@quiet_option
@citing_options
def command(
    name: str | None,
    parameters: tuple[str, ...],
    limit: int | None,
    width: int | None,
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    lang: str,
    format_: str | None,
    output: str | None,
    *,
    evidence: bool,
    list_: bool,
    force: bool,
    quiet: bool,
    cite: bool,
    cite_file: str | None,
    check_citation: str | None,
) -> int | None:
    """Answer a question: a named one, a file with SPARQL, or - for standard input.

    In CSV, TSV and XLSX a text that a spreadsheet would run as a formula (it starts with = + - @, a tab or a
    carriage return) gets an apostrophe in front; numbers are left alone.

    \b
    Examples:
      pilotgraph query --list
      pilotgraph query partners-of-pilots -p pilot=zsm --evidence
      pilotgraph query most-connected-organisations --format csv -o partners.csv
      echo 'SELECT ?s { ?s a pg:Pilot }' | pilotgraph query -
      pilotgraph query money-totals --cite --cite-file totals.json
      pilotgraph query --check-citation totals.json
    """
    from pyoxigraph import QueryBoolean, QuerySolutions

    from pilotgraph import answers, queries

    if list_:
        write(_listing(queries.library(dataset), lang), output, force=force)
        return None
    citing = Citing(cite, cite_file, check_citation)
    cited = read_citation(citing.checked)
    name = cited_name(name, cited, parameters)
    if name is None:
        raise click.UsageError("give a question, a file, or - for standard input; --list shows the questions")  # noqa: EM101, TRY003
    query = _find(name, dataset)
    reader = open_reader(dataset, store, endpoint)
    given = cited.parameters if cited else _given(parameters)
    text = queries.bind(query, given, dataset, reader, cited.language if cited else lang)
    chosen = pick_format(format_, output, FORMATS, "table")
    if citing.wanted:
        code = cite_or_check(
            citing, cited, query, given, dataset, lang, force=force, ask=lambda: _whole(query, text, reader)
        )
        if cited is not None or output is None:
            return code
    untold: list[str] = []
    with _place(str(query.path or query.name), text), _interruptible():
        answer = reader.query(text)
        if isinstance(answer, QuerySolutions):
            table = answers.take(answer)
            if evidence:
                answers.add_evidence(table, reader, lang, answers.proofs_of(table, text, reader, dataset))
                untold = answers.untold(table)
            content = answers.render(
                table, chosen, dataset.base, evidence=evidence, width=width or _window(output), limit=limit
            )
            note = f"{len(table.rows)} row{'s' if len(table.rows) != 1 else ''}"
        elif isinstance(answer, QueryBoolean):
            content, note = answers.render_boolean(answer, chosen), ""
        else:
            content, note = answers.render_graph(answer, chosen, dataset.base), ""
    write(content, output, force=force)
    if note and not quiet:
        reading = query.say("reading", lang)
        click.echo(f"{note}{': ' + reading if reading else ''}", err=True)
    for line in untold:
        click.echo(line, err=True)
    return None


def _whole(query: Query, text: str, reader: Reader) -> Table:
    from pilotgraph.citation import whole_answer

    with _place(str(query.path or query.name), text), _interruptible():
        return whole_answer(reader.query(text))


def _window(output: str | None) -> int | None:
    from pilotgraph.terminal import window_width

    return None if output or sys.stdout is None else window_width()


def _find(name: str, dataset: Dataset) -> Query:
    from pilotgraph import queries

    if name == "-":
        return queries.parse_query(_standard_input(), "standard input")
    path = Path(name)
    if path.is_file():
        return queries.read_query(path)
    if path.is_dir():
        msg = f"{name}: is a folder; give the query file in it"
        raise DatasetError(msg)
    if path.suffix in {".rq", ".sparql"} or "/" in name:
        msg = f"{name}: no such file; check the path"
        raise DatasetError(msg)
    return queries.find_query(dataset, name)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        fault = "is not UTF-8; save the query as UTF-8"
        raise SourceError(fault, "standard input") from error


@contextlib.contextmanager
def _place(name: str, text: str) -> Iterator[None]:
    """Name the query's file in what is wrong with the query, and the network in what a SERVICE clause meets."""
    try:
        yield
    except SourceError as error:
        raise SourceError(error.message.split(": ", 1)[-1], name, error.line) from error
    except OSError as error:
        if "service" not in text.lower():
            raise
        msg = f"{name}: an endpoint did not answer ({error}); check the address behind SERVICE, and the network"
        raise EndpointError(msg) from error


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine does not look up while it works, and nothing is written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _given(parameters: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            msg = f"--param {pair}: write it as name=value"
            raise DatasetError(msg)
        given[name] = value
    return given


_ANSWERS = {"en": "answers research question", "nl": "beantwoordt onderzoeksvraag"}


def _listing(library: list[Query], lang: str) -> str:
    out = []
    for query in library:
        out.append(f"{query.name}\n    {query.say('summary', lang)}")
        if query.answers:
            out.append(f"    {_ANSWERS[lang]} {', '.join(query.answers)}")
        for parameter in (p for p in query.parameters if p.name != "lang"):
            need = "" if parameter.required else ", optional"
            out.append(f"    --param {parameter.name}=…  {parameter.about[lang]} ({parameter.kind}{need})")
    return "\n".join(out) + "\n"
