"""Work in pieces, done by forked processes: they share what this one has read, and only results travel.

A process that forks keeps its memory until one of both writes to it, so that a graph of gigabytes is there once.
Where a system cannot fork safely the pieces are done here, one after the other, with the same results.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor
    from types import TracebackType

T = TypeVar("T")
# What the processes of a crew have to do; a fork hands it over as it is.
_pieces: Sequence[Callable[[], Any]] = ()


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


class Crew(Generic[T]):
    """Processes that do pieces of work as soon as the `with` statement begins; :meth:`results` gives what comes out.

    An error in a piece is raised where its result is asked for. With one process, `jobs` 1, there is no fork.
    """

    def __init__(self, pieces: Sequence[Callable[[], T]], jobs: int) -> None:
        self._pieces = pieces
        self._jobs = min(jobs, len(pieces)) if sys.platform == "linux" else 1
        self._pool: ProcessPoolExecutor | None = None
        self._numbers: dict[Future[Any], int] = {}

    def __enter__(self) -> Self:
        """Begin to work."""
        global _pieces  # noqa: PLW0603 - a function that is sent to a process can reach nothing else
        if self._jobs > 1:
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - not every call forks
            from multiprocessing import get_context  # noqa: PLC0415

            _pieces = self._pieces
            # A collection would write to what is shared, and so copy it.
            gc.freeze()
            self._pool = ProcessPoolExecutor(self._jobs, get_context("fork"), initializer=_begin)
            self._numbers = {self._pool.submit(_do, number): number for number in range(len(self._pieces))}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let the processes end; what they have not begun stays undone."""
        global _pieces  # noqa: PLW0603
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            gc.unfreeze()
            _pieces = ()

    def results(self) -> Iterator[tuple[int, T]]:
        """The number of each piece and what came out of it, in the order in which they are done."""
        if not self._pool:
            yield from ((number, piece()) for number, piece in enumerate(self._pieces))
            return
        from concurrent.futures import as_completed  # noqa: PLC0415

        for future in as_completed(self._numbers):
            result = future.result()
            if isinstance(result, _Failed):
                raise result.error()
            yield self._numbers[future], result


def _begin() -> None:
    """Leave Ctrl-C to the process that waits for the results: it cancels the work and clears up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(number: int) -> Any:  # noqa: ANN401 - whatever a piece gives
    try:
        return _pieces[number]()
    except Exception as error:  # noqa: BLE001 - raised again where the result is asked for
        return _Failed(type(error), error.args, dict(vars(error)))


@dataclass(frozen=True)
class _Failed:
    """An error as its parts: one that is made from other values than it keeps cannot be sent as it is."""

    kind: type[Exception]
    said: tuple[Any, ...]
    values: dict[str, Any]

    def error(self) -> Exception:
        """The error, as it was raised."""
        error = self.kind.__new__(self.kind, *self.said)
        vars(error).update(self.values)
        return error
