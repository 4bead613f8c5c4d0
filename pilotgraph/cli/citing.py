"""The options of `pilotgraph query` that cite an answer and check a citation."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

    from pilotgraph.answers import Table
    from pilotgraph.citation import Citation
    from pilotgraph.dataset import Dataset
    from pilotgraph.queries import Query

DIFFERS = 1


@dataclass(frozen=True)
class Citing:
    """What the three options ask for."""

    cite: bool
    cite_file: str | None
    checked: str | None

    @property
    def wanted(self) -> bool:
        """Tell whether there is anything to cite or to check."""
        return self.cite or self.cite_file is not None or self.checked is not None


def citing_options(function: FC) -> FC:
    """Add --cite, --cite-file and --check-citation."""
    for option in (
        click.option(
            "--check-citation",
            metavar="TEXT|FILE",
            help="Ask again what a footnote cites: the same answer, or what changed (exit code 1).",
        ),
        click.option("--cite-file", metavar="FILE", help="Write the footnote with the rows, for an exact check later."),
        click.option(
            "--cite", is_flag=True, help="Print a footnote for the answer; the answer itself goes to --output."
        ),
    ):
        function = option(function)
    return function


def read_citation(given: str | None) -> Citation | None:
    """Read a citation from the text itself, from a file, or from standard input (-); None if there is none."""
    if given is None:
        return None
    from pilotgraph.citation import MARK, parse_citation, read_kept
    from pilotgraph.rdf import read_text

    if MARK in given:
        return parse_citation(given)
    if given == "-":
        return read_kept(sys.stdin.buffer.read().decode("utf-8", "replace"), "standard input")
    if not Path(given).exists():
        msg = f"{given[:80]}: is no file, and no footnote either, for it has no part {MARK}…]; give the footnote whole"
        raise DatasetError(msg)
    return read_kept(read_text(Path(given)), given)


def cited_name(name: str | None, cited: Citation | None, parameters: tuple[str, ...]) -> str | None:
    """Give the query to ask: the one that is named, or else the one that is cited.

    Raises click's UsageError for parameters beside a citation, and for a citation of a query without a name.
    """
    if cited is None:
        return name
    if parameters:
        raise click.UsageError("--check-citation takes the parameters from the citation; leave --param out")  # noqa: EM101, TRY003
    if not (name or cited.query):
        raise click.UsageError("the citation is of a query without a name; give its file before --check-citation")  # noqa: EM101, TRY003
    return name or cited.query


def cite_or_check(
    citing: Citing,
    cited: Citation | None,
    query: Query,
    given: dict[str, str],
    dataset: Dataset,
    lang: str,
    *,
    force: bool,
    ask: Callable[[], Table],
) -> int | None:
    """Print a footnote or the verdict on one. Returns an exit code if that was all that was wanted."""
    from pilotgraph import citation
    from pilotgraph.cli.options import write

    if cited is not None:
        citation.check_query(cited, query, dataset)
        verdict = citation.check(cited, query, dataset, ask(), lang)
        write(verdict.write(lang), None)
        return 0 if verdict.same else DIFFERS
    table = ask()
    footnote = citation.cite(query, given, dataset, table, lang)
    if citing.cite_file is not None:
        write(citation.keep(footnote, table), citing.cite_file, force=force)
    write(footnote + "\n", None)
    return None
