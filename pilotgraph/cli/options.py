"""Options that several verbs share, and how they write their output."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.decorators import FC

    from pilotgraph.store.base import Reader
    from pilotgraph.store.protocol import Connection
    from pilotgraph.store.remote import RemoteStore


class DatasetType(click.ParamType[Dataset]):
    """A folder that holds a data set."""

    name = "dir"

    def convert(self, value: Any, param: Any, ctx: Any) -> Dataset:  # noqa: ANN401, ARG002 - click's signature
        """Open the folder."""
        return value if isinstance(value, Dataset) else Dataset.open(value)


def dataset_option(function: FC) -> FC:
    """Add --dataset."""
    return click.option(
        "--dataset",
        type=DatasetType(),
        envvar="PILOTGRAPH_DATASET",
        metavar="DIR",
        help="Folder of the data set; the bundled one by default.",
        callback=lambda _ctx, _param, value: value if value is not None else Dataset.open(),
    )(function)


def lang_option(function: FC) -> FC:
    """Add --lang."""
    return click.option(
        "--lang",
        type=click.Choice(["en", "nl"]),
        default="en",
        envvar="PILOTGRAPH_LANG",
        show_default=True,
        help="Language of labels and messages.",
    )(function)


def output_option(function: FC) -> FC:
    """Add -o/--output and --force."""
    function = click.option("--force", is_flag=True, help="Overwrite the output file if it exists.")(function)
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write to FILE; its extension picks the format. - is standard output.",
    )(function)


def format_option(formats: tuple[str, ...], default: str) -> Callable[[FC], FC]:
    """Add --format."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        help=f"Form of the output; by default the extension of --output, else {default}.",
    )


def fail_on_option(function: FC) -> FC:
    """Add --fail-on."""
    return click.option(
        "--fail-on",
        type=click.Choice(["violation", "warning", "info", "never"]),
        default="violation",
        show_default=True,
        help="Exit with 1 if there is a finding of this severity or graver.",
    )(function)


def quiet_option(function: FC) -> FC:
    """Add -q/--quiet."""
    return click.option("-q", "--quiet", is_flag=True, help="No summary on standard error.")(function)


def source_options(function: FC) -> FC:
    """Add --store and --endpoint: where to ask, other than the data set's own files."""
    function = click.option(
        "--endpoint",
        envvar="PILOTGRAPH_ENDPOINT",
        metavar="URL",
        help="Ask a SPARQL endpoint that holds the data set (docs/endpoints.md).",
    )(function)
    return click.option(
        "--store", type=click.Path(path_type=Path), metavar="DIR", help="Ask a store made by `pilotgraph load`."
    )(function)


def open_reader(dataset: Dataset, store: Path | None, endpoint: str | None) -> Reader:
    """Open what is to be asked: a store, an endpoint, or the cached store of the data set."""
    from pilotgraph.load import open_cached, open_store
    from pilotgraph.progress import Bar

    if store and endpoint:
        raise click.UsageError("--store and --endpoint exclude each other; give one of them")  # noqa: EM101, TRY003
    if endpoint:
        return open_endpoint(dataset, endpoint)
    if store:
        return open_store(store)
    with Bar() as bar:
        return open_cached(dataset, bar)


def open_endpoint(dataset: Dataset, url: str, *, copy: bool = True) -> RemoteStore:
    """Open an endpoint, and say so if it deviates from SPARQL 1.1.

    With `copy` its data are read then; without it only what such a server answers right may be asked.
    """
    from pilotgraph.store.remote import RemoteStore

    connection = connect(url)
    reader = RemoteStore.open(connection, dataset.base, copy=copy)
    if reader.deviation:
        what = (
            "its data were read, and the answer is worked out here"
            if copy
            else "only shapes are checked there, no check query is asked; "
            "leave out --engine sparql to have its data read and everything checked"
        )
        click.echo(f"{connection.url}: fails the check “{reader.deviation}” of SPARQL 1.1; {what}", err=True)
    return reader


def connect(url: str) -> Connection:
    """Connect to an endpoint; the connection ends with the command."""
    from pilotgraph.store.protocol import Connection

    connection = Connection(url)
    click.get_current_context().call_on_close(connection.close)
    return connection


def pick_format(chosen: str | None, output: str | None, formats: tuple[str, ...], default: str) -> str:
    """Tell the format from --format, or the extension of --output, or the default."""
    if chosen:
        return chosen
    suffix = Path(output).suffix.lstrip(".").lower() if output and output != "-" else ""
    aliases = {"markdown": "md", "txt": "table" if "table" in formats else "text"}
    suffix = aliases.get(suffix, suffix)
    if suffix and suffix not in formats:
        msg = f"{output}: the extension .{suffix} is no format here; use one of {', '.join(formats)}, or --format"
        raise DatasetError(msg)
    return suffix or default


def write(content: str | bytes, output: str | None, *, force: bool = False) -> None:
    """Write to standard output, or to a file that appears only when it is complete."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    if output is None or output == "-":
        if sys.stdout is None:
            msg = "standard output is closed; write to a file with --output FILE"
            raise DatasetError(msg)
        if isinstance(content, bytes) and sys.stdout.isatty() and b"\0" in data:
            msg = "this format is no text; write it to a file with --output FILE"
            raise DatasetError(msg)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    refuse_existing(path, force=force)
    replace(path, data)
    click.echo(f"written: {path}", err=True)


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise DatasetError for a folder, and without `force` for a file that is there."""
    if path.is_dir():
        msg = f"{path}: is a folder; give the name of a file in it"
        raise DatasetError(msg)
    if path.exists() and not force and path.is_file():
        msg = f"{path}: exists; add --force to overwrite it"
        raise DatasetError(msg)


def replace(path: Path, data: bytes) -> None:
    """Put a file in place in one step: it is whole or as it was."""
    import tempfile

    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise unreadable(path, error) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
