"""A folder of files that a verb writes: it appears when it is complete, or stays as it was."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pilotgraph.errors import DatasetError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

# The files that such a folder holds; one with others in it is not ours to replace.
_OURS: Final = re.compile(r"(?:part-[0-9.]+|names-[0-9]+)\.js")


@contextmanager
def new_folder(target: Path, *, force: bool) -> Iterator[Path]:
    """Give a folder to write into, and put it in the place of `target` if all went well.

    Raises DatasetError if `target` is there and may not be replaced.
    """
    import tempfile

    _check(target, force=force)
    try:
        fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    except OSError as error:
        raise unreadable(target, error) from error
    old = fresh.with_name(f"{fresh.name}-old")
    try:
        yield fresh
        umask = os.umask(0)
        os.umask(umask)
        fresh.chmod(0o777 & ~umask)
        if target.exists():
            target.replace(old)
        fresh.replace(target)
    except OSError as error:
        raise unreadable(target, error) from error
    finally:
        if old.exists() and not target.exists():
            old.replace(target)
        for folder in (fresh, old):
            shutil.rmtree(folder, ignore_errors=True)


def _check(target: Path, *, force: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir() or any(not _OURS.fullmatch(path.name) for path in target.iterdir()):
        msg = f"{target}: holds files that are not of an explorer; move it away, or give another name with --output"
        raise DatasetError(msg)
    if not force:
        msg = f"{target}: exists; add --force to overwrite it"
        raise DatasetError(msg)
