"""The files of a site as they are sent: by exact membership in its list, never by joining a path from a request.

Digests and packed copies are made once, in a thread. What is small is kept in memory, up to a limit; what is large is
sent from the disk, and its packed copy is kept beside the site.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from pilotgraph.dataset import bundled_root
from pilotgraph.publish.rules_for_servers import MEDIA_TYPES, PACKED
from pilotgraph.publish.tree import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

_SMALL: Final = 512 * 1024
_KEPT: Final = 64 * 1024 * 1024
_WORTH_PACKING: Final = 512
# The rules for other servers, and the list itself, are nothing for visitors.
_HIDDEN: Final = re.compile(r"\.htaccess|nginx\.conf|w3id.*|\.pilotgraph-site|\.nojekyll")
_BY_EXTENSION: Final = {extension: type_ for type_, names in MEDIA_TYPES.items() for extension in names.split()}
_BY_NAME: Final = {"void": "text/turtle", "csv-metadata.json": "application/csvm+json"}


class Sent(NamedTuple):
    """A file as it is sent: its entity tag, its bytes or (when it is large) its path, and whether it is packed."""

    tag: str
    body: bytes
    path: Path | None
    packed: bool


class _Kept(NamedTuple):
    tag: str
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed)


class SiteFiles:
    """The files of a site in a folder, from the moment that the folder is complete; the style is always there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: frozenset[str] = frozenset()
        style = bundled_root() / "viz" / "style"
        self._style = {f"assets/{path.name}": path for path in sorted(style.iterdir()) if path.is_file()}
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._tags: dict[str, str] = {}
        self._packing = asyncio.Lock()

    @property
    def is_built(self) -> bool:
        """Tell whether all files are there."""
        return bool(self.known)

    @property
    def known(self) -> frozenset[str]:
        """The paths of all files that visitors may have, empty as long as the site is being built."""
        if not self._known and (self.folder / MANIFEST).is_file():
            listed = (self.folder / MANIFEST).read_text(encoding="utf-8").splitlines()
            self._known = frozenset(path for path in listed if not _HIDDEN.fullmatch(path))
        return self._known

    def has(self, path: str) -> bool:
        """Tell whether there is a file of this path."""
        return path in self.known or path in self._style

    async def get(self, path: str, *, packed: bool) -> Sent:
        """Give a file that there is (:meth:`has`), packed with gzip if that is wanted and of use."""
        if kept := self._kept.get(path):
            self._kept.move_to_end(path)
            return _sent(kept, packed=packed)
        place = self._style.get(path) or self.folder / path
        packed = packed and is_packable(path)
        if place.stat().st_size > _SMALL:
            return await self._large(path, place, packed=packed)
        kept = await asyncio.to_thread(_read, place, packable=is_packable(path))
        self._keep(path, kept)
        return _sent(kept, packed=packed)

    def _keep(self, path: str, kept: _Kept) -> None:
        if path not in self._kept:
            self._kept[path] = kept
            self._size += kept.size
        while self._size > _KEPT:
            _, dropped = self._kept.popitem(last=False)
            self._size -= dropped.size

    async def _large(self, path: str, place: Path, *, packed: bool) -> Sent:
        # One at a time: digests and packing take a whole core.
        async with self._packing:
            if path not in self._tags:
                self._tags[path] = await asyncio.to_thread(_digest_of, place)
            copy = self.folder.parent / "packed" / f"{path}.gz"
            if packed and not copy.is_file():
                await asyncio.to_thread(_pack, place, copy)
        tag = self._tags[path]
        return Sent(_packed_tag(tag), b"", copy, packed=True) if packed else Sent(f'"{tag}"', b"", place, packed=False)


def media_type(path: str) -> str:
    """The media type of a file, with the encoding of its characters where it is a text.

    >>> media_type("doc/pilot/zsm.ttl")
    'text/turtle; charset=utf-8'
    """
    name = path.rsplit("/", 1)[-1]
    found = _BY_NAME.get(name) or _BY_EXTENSION.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    return found if found in PACKED or found in _WITHOUT_CHARSET else f"{found}; charset=utf-8"


_WITHOUT_CHARSET: Final = {"application/wasm", "application/octet-stream", "application/csvm+json"}


def is_packable(path: str) -> bool:
    """Tell whether packing a file makes it smaller."""
    return media_type(path).partition(";")[0] not in {*PACKED, "application/octet-stream"}


def tag_of(content: bytes) -> str:
    """The entity tag of a content: its digest."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _packed_tag(tag: str) -> str:
    return f'"{tag}-gzip"'


def _sent(kept: _Kept, *, packed: bool) -> Sent:
    if packed and kept.packed:
        return Sent(_packed_tag(kept.tag), kept.packed, None, packed=True)
    return Sent(f'"{kept.tag}"', kept.body, None, packed=False)


def _read(place: Path, *, packable: bool) -> _Kept:
    body = place.read_bytes()
    packed = gzip.compress(body, 6, mtime=0) if packable and len(body) > _WORTH_PACKING else b""
    return _Kept(tag_of(body).strip('"'), body, packed if len(packed) < len(body) else b"")


def _digest_of(place: Path) -> str:
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


def _pack(place: Path, copy: Path) -> None:
    import shutil  # noqa: PLC0415 - only a large file needs it

    copy.parent.mkdir(parents=True, exist_ok=True)
    fresh = copy.with_suffix(".new")
    with place.open("rb") as plain, fresh.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
        shutil.copyfileobj(plain, stream, 1 << 20)
    fresh.replace(copy)
