"""A folder of files put in place whole: beside the old one, and swapped in when it is complete.

Whatever goes wrong (Ctrl-C, a full disk, a defect) leaves the old folder as it was. A file that did not change is
not written again: the new folder takes it over from the old one, with its time. A list of our files, `MANIFEST`,
tells them from those that others have put there, which are never removed, and written over only with `force`.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

from pilotgraph.errors import DatasetError, unreadable
from pilotgraph.publish.content import Content, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANIFEST = ".pilotgraph-site"
_SHOWN = 3


@dataclass
class Written:
    """What became of the files."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        """The number of our files."""
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True)
class Placed:
    """A file that stands in the new folder: its path, and what it is compared with the old one."""

    path: str
    state: Literal["new", "changed", "unchanged"]


File = tuple[str, Content] | Placed
Place = Callable[[str, Content], Placed]


def write_tree(
    folder: Path, files: Iterable[tuple[str, Content]] | Callable[[Place], Iterable[File]], *, force: bool = False
) -> Written:
    """Put files (path with slashes, content) into a folder.

    `files` may be a function that gets what places a file: forked processes then write what they make, and only tell
    it. Raises DatasetError if the folder is a file, holds files that are not ours (unless `force`), is being written by
    another process, or cannot be written.
    """
    target = Path(os.path.realpath(folder))
    if target.exists() and not target.is_dir():
        msg = f"{folder}: is a file; give the name of a folder"
        raise DatasetError(msg)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            _recover(target)
            foreign = _foreign(target)
            if foreign and not force:
                msg = (
                    f"{folder}: holds files that are not of a site of ours ({_few(foreign)}); give another folder, "
                    "or add --force to write among them"
                )
                raise DatasetError(msg)
            return _replace(target, files, foreign)
    except OSError as error:
        raise unreadable(Path(error.filename or folder), error) from error


def _few(paths: list[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Keep other writers of the same folder away."""
    import fcntl  # noqa: PLC0415 - only writing needs it

    lock = target.parent / f".{target.name}.lock"
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{target}: is being written by another pilotgraph site; wait for it, or choose another folder"
            raise DatasetError(msg) from error
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _fresh(target: Path) -> Path:
    return target.parent / f".{target.name}.new"


def _old(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


def _recover(target: Path) -> None:
    """Clear what a killed process left; it may have stopped between the two steps of the swap."""
    if _old(target).is_dir():
        if target.exists():
            shutil.rmtree(_old(target))
        else:
            _old(target).rename(target)
    shutil.rmtree(_fresh(target), ignore_errors=True)


def _ours(target: Path) -> set[str]:
    try:
        return set((target / MANIFEST).read_text(encoding="utf-8").splitlines())
    except OSError:
        return set()


def _foreign(target: Path) -> list[str]:
    """The files of a folder that are not in its list."""
    if not target.is_dir():
        return []
    ours = _ours(target) | {MANIFEST}
    found = (
        path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_symlink() or not path.is_dir()
    )
    return sorted(path for path in found if path not in ours)


def _replace(
    target: Path, files: Iterable[tuple[str, Content]] | Callable[[Place], Iterable[File]], foreign: list[str]
) -> Written:
    fresh = _Fresh(_fresh(target), target, _ours(target))
    try:
        fresh.folder.mkdir()
        for file in files(fresh.place) if callable(files) else files:
            fresh.note(file if isinstance(file, Placed) else fresh.place(*file))
        fresh.finish(foreign)
        _swap(fresh.folder, target)
    except BaseException:
        # Ctrl-C too: the old folder is whole, and half a new one is of no use to anyone.
        shutil.rmtree(fresh.folder, ignore_errors=True)
        raise
    return fresh.written


@dataclass
class _Fresh:
    """The new folder while it is filled; `ours` are the paths of our files in the old one."""

    folder: Path
    old: Path
    ours: set[str]
    written: Written = field(default_factory=Written)
    paths: set[str] = field(default_factory=set)

    def place(self, path: str, content: Content) -> Placed:
        """Write one file, or take it over if it is as it was; nothing but the disk changes."""
        if not _is_inside(path):
            raise ValueError(_unfit(path))
        new, old = self.folder / path, self.old / path
        if isinstance(content, bytes) and path in self.ours and _holds(old, content):
            _carry(old, new)
            return Placed(path, "unchanged")
        new.parent.mkdir(parents=True, exist_ok=True)
        # No file is written over: a path that is given twice is a defect, whoever gives it.
        try:
            with new.open("xb") as stream:
                stream.writelines(pieces(content))
        except FileExistsError as error:
            raise ValueError(_unfit(path)) from error
        if not isinstance(content, bytes) and path in self.ours and _are_alike(old, new):
            # What came in pieces had to be written before it could be compared.
            new.unlink()
            _carry(old, new)
            return Placed(path, "unchanged")
        return Placed(path, "changed" if path in self.ours else "new")

    def note(self, file: Placed) -> None:
        """Count a file that was placed."""
        if file.path in self.paths:
            raise ValueError(_unfit(file.path))
        self.paths.add(file.path)
        setattr(self.written, file.state, getattr(self.written, file.state) + 1)

    def finish(self, foreign: Iterable[str]) -> None:
        """Write the list of our files, and take over those of others that are not in our way."""
        listed = "".join(f"{path}\n" for path in sorted(self.paths)).encode()
        if _holds(self.old / MANIFEST, listed):
            _carry(self.old / MANIFEST, self.folder / MANIFEST)
        else:
            (self.folder / MANIFEST).write_bytes(listed)
        for path in sorted(set(foreign) - self.paths):
            _carry(self.old / path, self.folder / path)
            self.written.kept += 1
        self.written.removed = len(self.ours - self.paths)


def _unfit(path: str) -> str:
    return f"{path}: is no path inside the site, or is given twice"


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and path == "/".join(parts) and ".." not in parts and not path.startswith("/")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _are_alike(old: Path, new: Path) -> bool:
    try:
        return not old.is_symlink() and filecmp.cmp(old, new, shallow=False)
    except OSError:
        return False


def _carry(old: Path, new: Path) -> None:
    """Take a file over into the new folder without touching it; where disks know no links, copy it with its time."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)


def _swap(fresh: Path, target: Path) -> None:
    old = _old(target)
    if target.exists():
        shutil.copymode(target, fresh)
        target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
