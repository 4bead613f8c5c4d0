"""What a file holds: its bytes, or the pieces in which they come, so that a large one is never in memory whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Content = bytes | Iterable[bytes]
_LINES = 2000


@dataclass
class Sum:
    """The size of a file and its SHA-256, known when its last piece has passed."""

    path: str
    size: int = 0
    sha256: str = ""


def summed(path: str, content: Content) -> tuple[Sum, Iterator[bytes]]:
    """Give the sum of a file, and the pieces to be read once, with which it grows."""
    told = Sum(path)

    def passing() -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in pieces(content):
            digest.update(piece)
            told.size += len(piece)
            yield piece
        told.sha256 = digest.hexdigest()

    return told, passing()


def pieces(content: Content) -> Iterable[bytes]:
    """The pieces of a file."""
    return (content,) if isinstance(content, bytes) else content


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """Short texts as pieces of a convenient size."""
    rest = iter(texts)
    while some := list(islice(rest, _LINES)):
        yield "".join(some).encode()
