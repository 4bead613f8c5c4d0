"""`pilotgraph serve`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pilotgraph.cli.options import dataset_option, quiet_option, source_options

if TYPE_CHECKING:
    from pilotgraph.dataset import Dataset
    from pilotgraph.serve.limits import Limits
    from pilotgraph.serve.server import Server

_MIB = 1024 * 1024


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen at; 0 takes any."
)
@click.option("--open", "open_", is_flag=True, help="Open the site in a browser.")
@click.option("--base", metavar="IRI", default="", help="Serve under this base IRI; the data set's own by default.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Folder of the source texts: passages are then shown in their context.",
)
@click.option("--no-pages", is_flag=True, help="Serve no pages of the site: SPARQL, graphs and query links only.")
@click.option("--behind-proxy", is_flag=True, help="Believe the last X-Forwarded-For: a proxy of yours writes it.")
@click.option("--no-access-log", is_flag=True, help="Log no requests on standard error.")
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", help="Queries evaluated at once [cores, 2 at least]."
)
@click.option("--time-limit", type=click.FloatRange(0.1), metavar="SECONDS", help="Time for a query [15].")
@click.option("--memory", type=click.IntRange(32), metavar="MB", help="Memory for a query [512].")
@click.option("--max-rows", type=click.IntRange(1), metavar="N", help="Rows or triples of an answer [500000].")
@click.option("--max-bytes", type=click.IntRange(1024), metavar="N", help="Bytes of an answer [33554432].")
@click.option("--max-query", type=click.IntRange(1), metavar="N", help="Bytes of a query [65536].")
@click.option("--per-client", type=click.IntRange(1), metavar="N", help="Queries of one address at once [16].")
@click.option("--cache", type=click.IntRange(0), metavar="MB", help="Memory for answers to be given again [64].")
@source_options
@dataset_option
@quiet_option
def command(
    host: str,
    port: int,
    base: str,
    sources: Path | None,
    workers: int | None,
    time_limit: float | None,
    memory: int | None,
    max_rows: int | None,
    max_bytes: int | None,
    max_query: int | None,
    per_client: int | None,
    cache: int | None,
    store: Path | None,
    endpoint: str | None,
    dataset: Dataset,
    *,
    open_: bool,
    no_pages: bool,
    behind_proxy: bool,
    no_access_log: bool,
    quiet: bool,
) -> None:
    """Serve a SPARQL endpoint, linked data and the pages, for reading.

    SPARQL at /sparql, graphs at /graph-store, named queries at /query/, pages at /. Every query runs in a
    process of its own with limits on time, memory and the size of the answer, and without a network.

    Ctrl-C or SIGTERM stops. When the files of the data set change, or at SIGHUP, the new edition is opened
    beside the old one and takes its place. What was asked is logged on standard error (docs/serving.md).

    \b
    Examples:
      pilotgraph serve --open
      pilotgraph serve --port 0 --no-pages
      pilotgraph serve --store build/store --time-limit 5 --behind-proxy
    """
    if store and endpoint:
        raise click.UsageError("--store and --endpoint exclude each other; give one of them")  # noqa: EM101, TRY003
    from pilotgraph.serve.edition import Origin
    from pilotgraph.serve.limits import Limits
    from pilotgraph.serve.run import serve
    from pilotgraph.serve.server import Settings

    limits = _limits(
        Limits(),
        workers=workers,
        seconds=time_limit,
        memory=memory * _MIB if memory else None,
        rows=max_rows,
        answer_bytes=max_bytes,
        query_bytes=max_query,
        per_client=per_client,
    )
    settings = Settings(
        Origin(dataset, store, endpoint, base, sources), limits, pages=not no_pages, behind_proxy=behind_proxy
    )
    if cache is not None:
        settings = replace(settings, cache_bytes=cache * _MIB)

    def ready(server: Server, address: str) -> None:
        if not quiet:
            _tell(server, address)
        if open_:
            click.launch(address)

    serve(settings, host, port, access_log=not no_access_log, ready=ready)


def _limits(limits: Limits, **given: float | None) -> Limits:
    """The limits, with those that were given in place of the defaults."""
    chosen = {name: value for name, value in given.items() if value is not None}
    if "seconds" in chosen:
        chosen["cpu_seconds"] = max(1, round(chosen["seconds"]))
    return replace(limits, **chosen)  # type: ignore[arg-type]


def _tell(server: Server, address: str) -> None:
    stats = server.current.pool.stats()
    edition = server.current.edition
    click.echo(f"listening on {address}", err=True)
    click.echo(f"SPARQL: {address}sparql · named queries: {address}query/ · health: {address}health", err=True)
    click.echo(f"edition {edition.dataset.edition} ({edition.fingerprint}); base {edition.base}", err=True)
    click.echo(f"{stats.workers} workers; {', '.join(stats.protections) or 'no further protection'}", err=True)
