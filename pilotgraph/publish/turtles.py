"""Turtle as :mod:`pilotgraph.turtle` writes it, of a graph too large for memory: things wait on disk."""

from __future__ import annotations

import tempfile
from itertools import chain
from typing import IO, TYPE_CHECKING

from pilotgraph.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Triple

_PREFIX = "@prefix "


class Waiting:
    """A file without a name, in which written things wait for their turn; it is gone when it is closed."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def put(self, text: str) -> tuple[int, int]:
        """Write a text behind the others; gives where it stands."""
        content = text.encode()
        return self._file.seek(0, 2), self._file.write(content)

    def get(self, start: int, length: int) -> str:
        """Read a text again."""
        self._file.seek(start)
        return self._file.read(length).decode()


class Turtle:
    """The Turtle of some triples: `head` are its prefixes, and the body comes thing by thing.

    `groups` gives the triples of each thing, as often as it is asked.
    """

    def __init__(self, groups: Callable[[], Iterable[Iterable[Triple]]], base: str, waiting: Waiting) -> None:
        self._waiting = waiting
        self._places: list[tuple[bool, str, int, int]] = []
        prefixes: dict[str, str] = {}
        alike = True
        for group in groups():
            head, block = _parted(write_turtle(group, base))
            for line in head.splitlines():
                alike &= prefixes.setdefault(line.split(" ", 2)[1], line) == line
            name = block.split(" ", 1)[0]
            self._places.append((name.startswith("_:"), name, *waiting.put(block)))
        self._places.sort()
        self.head = "\n".join(prefixes[name] for name in sorted(prefixes, key=lambda name: name.removesuffix(":")))
        if not alike:
            # Two namespaces claim one prefix: only who sees all names knows which of them gets it.
            self.head, block = _parted(write_turtle(chain.from_iterable(groups()), base))
            self._places = [(False, "", *waiting.put(block))]

    def body(self) -> Iterator[str]:
        """The things in their order."""
        for number, (_, _, start, length) in enumerate(self._places):
            yield ("\n" if number else "") + self._waiting.get(start, length)

    def text(self) -> Iterator[str]:
        """Prefixes and things."""
        if self.head:
            yield f"{self.head}\n\n"
        yield from self.body()


def _parted(turtle: str) -> tuple[str, str]:
    head, _, body = turtle.partition("\n\n") if turtle.startswith(_PREFIX) else ("", "", turtle)
    return head, body
