"""The pages of an edition, written into the user's cache by a process of its own, at the lowest priority.

The same code writes them as for `pilotgraph site`. They stand under the fingerprint of data and program, and are used
again at the next start.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotgraph.dataset import Dataset
from pilotgraph.errors import DatasetError, PilotGraphError

if TYPE_CHECKING:
    from pilotgraph.serve.edition import Edition

_PATIENCE = 2.0
_FAILED = 3
_SAID = 500


async def build_site(edition: Edition) -> None:
    """Write the pages of an edition unless they are there; cancelling it stops the writing.

    Returns when they are there; another server that writes the same ones is waited for. Raises DatasetError with what
    the process said if it fails.
    """
    files = edition.files
    while files is not None and not files.is_built:
        told = await _run(_task(edition, files.folder))
        if files.is_built:
            return
        if "is being written by another" not in told:
            msg = f"{files.folder}: the pages could not be written: {told or 'the process was ended'}"
            raise DatasetError(msg)
        await asyncio.sleep(_PATIENCE)


def _task(edition: Edition, folder: Path) -> dict[str, Any]:
    origin, source = edition.origin, edition.source
    return {
        "root": str(edition.dataset.root),
        "base": edition.base,
        "store": str(source.store) if source.store else "",
        "endpoint": source.endpoint or "",
        "sources": str(origin.sources) if origin.sources else "",
        "folder": str(folder),
    }


async def _run(task: dict[str, Any]) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pilotgraph.serve.building", json.dumps(task)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    except BaseException:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    return told.decode("utf-8", "replace").strip()[-_SAID:]


def _write(task: dict[str, str]) -> None:
    from pilotgraph.load import in_memory, open_store  # noqa: PLC0415 - heavy, and only the process needs it
    from pilotgraph.publish.site import publish  # noqa: PLC0415
    from pilotgraph.store.base import Reader  # noqa: PLC0415, TC001

    own = Dataset.open(task["root"])
    dataset = own
    reader: Reader
    if task["store"]:
        # The store is under the base already.
        reader, dataset = open_store(Path(task["store"])), replace(own, base=task["base"])
    elif task["endpoint"]:
        from pilotgraph.store.protocol import Connection  # noqa: PLC0415
        from pilotgraph.store.remote import RemoteStore  # noqa: PLC0415

        reader = RemoteStore.open(Connection(task["endpoint"]), own.base)
    else:
        reader = in_memory(own)
    sources = Path(task["sources"]) if task["sources"] else None
    publish(dataset, reader, Path(task["folder"]), base=task["base"], sources=sources)


def main() -> int:
    """Write the pages that the one argument describes; the exit code is that of the error, if there is one."""
    os.nice(19)
    try:
        _write(json.loads(sys.argv[1]))
    except PilotGraphError as error:
        sys.stderr.write(error.message)
        return _FAILED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
