"""A small data set, held in memory by each worker: answered several times as fast as from disk.

The parent writes the quads of an edition into one file. The fork server reads it once, before it forks, so that the
workers of the first edition share one copy; those of a later edition read their own. A worker then has no file of
the store, and can be kept from opening any.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Store, parse

from pilotgraph.errors import unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from pilotgraph.store.base import Reader

# Named in the environment of the fork server, which takes nothing else before it imports.
SHARED = "PILOTGRAPH_SHARED_QUADS"
# Of the store on disk: some 400,000 triples, which take a fifth of a gigabyte in memory.
_LARGEST = 64 * 1024 * 1024
_shared: dict[str, Store] = {}


def is_small(folder: Path) -> bool:
    """Tell whether a store on disk is small enough to be held in memory by each worker."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) <= _LARGEST


def write_quads(reader: Reader, path: Path) -> None:
    """Write all quads into a file, which is whole or not there. Raises DatasetError if that fails."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(f"{quad} .\n" for quad in reader.quads())
        fresh.replace(path)
    except OSError as error:
        raise unreadable(path, error) from error


def held(path: Path) -> Store:
    """The store of a file of quads: the shared one if it is of that file, else one of this process.

    The names of blank nodes stay as they are, so that all workers give the same.
    """
    return _shared.get(str(path)) or _read(path)


def share() -> None:
    """Read the file that the environment names, for all processes that are forked from this one."""
    if path := os.environ.get(SHARED):
        _shared[path] = _read(path)


def _read(path: Path | str) -> Store:
    store = Store()
    store.extend(parse(path=str(path), format=RdfFormat.N_QUADS))
    return store
