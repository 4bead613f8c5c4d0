"""The command line: one thin file per verb, and the only place that prints, exits and catches."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from pathlib import Path

import click

from pilotgraph import __version__
from pilotgraph.errors import PilotGraphError, unreadable

VERBS = {
    "info": "What a data set holds: edition, counts by class, sources.",
    "validate": "Check data against the shapes and the check queries.",
    "verify": "Find every passage again in its source, and every value in its passage.",
    "load": "Build a store from the files of a data set.",
    "query": "Answer a question: a named one, a file, or standard input.",
    "explain": "Tell why two pilots or organisations are linked, with the passages.",
    "site": "Write the site: pages, RDF, search, SPARQL and dumps in one folder.",
    "serve": "Serve a SPARQL endpoint, linked data and the pages, for reading.",
    "network": "Measure, draw and export the network of pilots and what links them.",
}
INTERRUPTED = 128 + signal.SIGINT
BROKEN_PIPE = 128 + signal.SIGPIPE


class Verbs(click.Group):
    """A group that imports a verb only when it is called, so that `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs, in the order in which one needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the verb."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"pilotgraph.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings, 2 wrong call, 3 input missing or unreadable, 4 network (docs/errors.md).",
)
@click.version_option(__version__, prog_name="pilotgraph")
def group() -> None:
    """Policy pilots as a knowledge graph, with the passage behind every fact.

    Every command works on the data set that pilotgraph carries (34 pilots in Dutch legal aid), or on another
    one with --dataset DIR.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit. Turns every expected error into one message and an exit code."""
    try:
        code = group.main(args=arguments, prog_name="pilotgraph", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except PilotGraphError as error:
        _say(error.message)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("stopped; nothing was left half-written")
        code = INTERRUPTED
    except OSError as error:
        code = _system_error(error)
    except SystemExit:
        # Click ends so, and says nothing, if the reader of our output has gone (as with `| head`).
        code = BROKEN_PIPE
    sys.exit(code if isinstance(code, int) else 0)


def _system_error(error: OSError) -> int:
    if error.errno == errno.EPIPE:
        # The reader of our output has gone after the verb was done: keep Python from trying again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    # The engine's own errors have neither a number nor a file.
    _say(unreadable(Path(error.filename or "standard output"), error).message if error.errno else str(error))
    return 3


def _say(message: str) -> None:
    click.echo(f"pilotgraph: {message}", err=True)
