"""How far long work is: told by whoever does it, drawn on a terminal by the command line.

Work tells `(what, done, total)` as it goes; a library call without a listener tells nobody. :class:`Bar` draws one
line on standard error that replaces itself and leaves nothing behind. It stays away from a pipe or a file, from a
terminal that cannot move its cursor, and from work that is over in a moment.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

Tell = Callable[[str, int, int], None]

_PATIENCE: Final = 0.7
_EVERY: Final = 0.1
_CLEAR: Final = "\r\x1b[K"
_WIDTH: Final = 20


def silent(what: str, done: int, total: int) -> None:
    """Listen to nothing."""


class Bar:
    """A line on a terminal with what is done, how far it is, and about how much longer it takes.

    Use it in a `with` statement and give it to the work as its listener; `quiet` draws nothing.
    """

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._shown = not quiet and is_terminal(self._stream)
        self._what = ""
        self._begun = self._drawn = 0.0
        self._dirty = False

    def __enter__(self) -> Self:
        """Begin to wait: what is over in a moment is not drawn."""
        self._opened = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wipe the line."""
        if self._dirty:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Draw where the work is, at most ten times a second."""
        now = time.monotonic()
        if what != self._what:
            self._what, self._begun, self._drawn = what, now, 0.0
        if not self._shown or now - self._opened < _PATIENCE or now - self._drawn < _EVERY:
            return
        self._drawn, self._dirty = now, True
        line = describe(what, done, total, now - self._begun)
        width = os.get_terminal_size(self._stream.fileno()).columns or 80
        self._stream.write(_CLEAR + line[: width - 1])
        self._stream.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a line on a stream can be drawn over."""
    return stream is not None and stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def describe(what: str, done: int, total: int, seconds: float) -> str:
    """Say how far work is that has taken some seconds; a total of nought is not known.

    >>> describe("loading files", 25, 100, 30.0)
    'loading files  █████░░░░░░░░░░░░░░░   25 %  about 1:30 left'
    """
    if total <= 0:
        return f"{what}  {done}" if done else what
    share = min(1.0, done / total)
    filled = int(share * _WIDTH)
    bar = "█" * filled + "░" * (_WIDTH - filled)
    return f"{what}  {bar}  {share:>4.0%}".replace("%", " %") + (
        f"  about {_clock(seconds, share)} left" if share else ""
    )


def _clock(seconds: float, share: float) -> str:
    left = round(seconds * (1 - share) / share)
    hours, rest = divmod(left, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
