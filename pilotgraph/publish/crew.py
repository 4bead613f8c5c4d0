"""Work in pieces, done by forked processes: they share what this one has read, and only results travel.

A process that forks keeps its memory until one of both writes to it, so that a graph of gigabytes is there once.
Where a system cannot fork safely the pieces are done here, one after the other, with the same results.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess
    from types import FrameType, TracebackType

T = TypeVar("T")
# PR_SET_PDEATHSIG of <linux/prctl.h>.
_SET_DEATH_SIGNAL = 1
# What the processes of a crew have to do; a fork hands it over as it is.
_pieces: Sequence[Callable[[], Any]] = ()
# Whether this process is doing one of them, and whether it is to do no more.
_busy = False
_stopped = False


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
        self._others: list[BaseProcess] = []

    def __enter__(self) -> Self:
        """Begin to work."""
        global _pieces  # noqa: PLW0603 - a function that is sent to a process can reach nothing else
        if self._jobs > 1:
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - not every call forks
            from multiprocessing import active_children, get_context  # noqa: PLC0415

            _pieces = self._pieces
            self._others = active_children()
            # A collection would write to what is shared, and so copy it.
            gc.freeze()
            self._pool = ProcessPoolExecutor(
                self._jobs, get_context("fork"), initializer=_begin, initargs=(os.getpid(),)
            )
            self._numbers = {self._pool.submit(_do, number): number for number in range(len(self._pieces))}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let the processes end; what they have not begun stays undone, and after an error what they have begun too."""
        global _pieces  # noqa: PLW0603
        if self._pool:
            if error:
                self._stop()
            self._pool.shutdown(cancel_futures=True)
            gc.unfreeze()
            _pieces = ()

    def _stop(self) -> None:
        """Break off what is being done: a piece may take minutes, and nobody waits for it any more."""
        from multiprocessing import active_children  # noqa: PLC0415

        for future in self._numbers:
            future.cancel()
        for child in active_children():
            if child.pid and child not in self._others:
                with suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGUSR1)

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


class _Stopped(BaseException):
    """The work is broken off; what was opened is closed on the way out."""


def _begin(maker: int) -> None:
    """Leave Ctrl-C to the process that waits for the results: it cancels the work and clears up.

    Should it be killed, its processes end too; without this Linux would let them wait for work for ever.
    """
    import ctypes  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGUSR1, _break_off)
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != maker:
        os._exit(1)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    # A process that is between two pieces may hold a lock that the others wait for: it must not end here.
    global _stopped  # noqa: PLW0603 - a handler of signals can reach nothing else
    _stopped = True
    if _busy:
        raise _Stopped


def _do(number: int) -> Any:  # noqa: ANN401 - whatever a piece gives
    if _stopped:
        return None
    try:
        return _done(number)
    except _Stopped:
        return None


def _done(number: int) -> Any:  # noqa: ANN401
    global _busy  # noqa: PLW0603
    try:
        _busy = True
        return _pieces[number]()
    except Exception as error:  # noqa: BLE001 - raised again where the result is asked for
        return _Failed(type(error), error.args, dict(vars(error)))
    finally:
        _busy = False


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
