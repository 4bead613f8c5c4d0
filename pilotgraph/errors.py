"""The exceptions that pilotgraph raises on purpose.

::

    PilotGraphError
    ├── SourceError     the data is wrong: a file that cannot be parsed, a query that cannot be read
    ├── DatasetError    a file, folder, name or parameter is missing, unreadable or unsuitable
    └── EndpointError   the network or a remote endpoint failed

They are caught once, in :mod:`pilotgraph.cli`, which turns them into one message and an exit code
(`docs/errors.md`). What a validation finds is no exception but a :class:`pilotgraph.findings.Finding`.
"""

from __future__ import annotations

import errno
from os import strerror
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


_ADVICE = {
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "check the path",
    errno.EISDIR: "give a file",
    errno.EACCES: "check the permissions",
    errno.EPERM: "check the permissions",
    errno.EROFS: "choose a place that can be written",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EFBIG: "make room on the disk",
}


class PilotGraphError(Exception):
    """Anything that pilotgraph can explain to its user.

    `message` says where, what is wrong and what to do, in one line.
    """

    exit_code = 3

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SourceError(PilotGraphError):
    """The content of a file is wrong. `path` and `line` (from 1) say where."""

    def __init__(self, message: str, path: Path | str, line: int | None = None) -> None:
        place = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{place}: {message}")
        self.path = path
        self.line = line


class DatasetError(PilotGraphError):
    """A file, a folder, a name or a parameter is missing or does not fit."""


class EndpointError(PilotGraphError):
    """A remote endpoint could not be reached or did not answer as it should."""

    exit_code = 4


def advice(error: OSError) -> str:
    """What to do about an error of the operating system."""
    return _ADVICE.get(error.errno or 0, "check the path")


def unreadable(path: Path, error: OSError) -> DatasetError:
    """Say in one line why `path` could not be read or written."""
    reason = strerror(error.errno) if error.errno else str(error)
    return DatasetError(f"{path}: {reason.lower()}; {advice(error)}")
