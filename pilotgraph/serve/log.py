"""The access log: one JSON object a line on standard error. It never holds the text of a query, only its digest.

Lines are gathered and written by a thread, several times a second: a log that nobody reads must not stop the
server. When too many are waiting, lines are dropped, and the next one that is written says how many.
"""

from __future__ import annotations

import hashlib
import os
import queue
import threading
import time
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_WAITING: Final = 50_000
_MOST_PATH: Final = 200


class Log:
    """Writes lines without making anybody wait."""

    def __init__(self, stream: TextIO, *, access: bool = True, clock: Callable[[], float] = time.time) -> None:
        self._stream = stream
        self._access = access
        self._clock = clock
        self._lines: list[str] = []
        self._dropped = 0
        self._waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._second = 0
        self._stamp = ""
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def request(  # noqa: PLR0913, PLR0917 - one argument a field
        self, method: str, path: str, status: int, size: int, seconds: float, client: str, query: str = ""
    ) -> None:
        """Log a request; `query` is the text whose digest is logged."""
        if not self._access:
            return
        if len(self._lines) >= _MOST_WAITING:
            self._dropped += 1
            return
        digest = f',"query":"{digest_of(query)}"' if query else ""
        self._lines.append(
            f'{{"time":"{self._time()}","method":"{method}","path":{quoted(path[:_MOST_PATH])},"status":{status},'
            f'"bytes":{size},"ms":{seconds * 1000:.1f},"client":{quoted(client)}{digest}}}\n'
        )

    def event(self, event: str, detail: str) -> None:
        """Log what happened to the server itself."""
        self._lines.append(f'{{"time":"{self._time()}","event":{quoted(event)},"detail":{quoted(detail)}}}\n')

    def flush(self) -> None:
        """Hand over what has been gathered; called a few times a second."""
        if self._dropped and len(self._lines) < _MOST_WAITING:
            self.event("log", f"{self._dropped} lines were dropped: the log is not read fast enough")
            self._dropped = 0
        if self._lines and self._waiting.empty():
            self._waiting.put("".join(self._lines))
            self._lines.clear()

    def close(self) -> None:
        """Write what is left, unless nobody takes it."""
        self.flush()
        if self._lines:
            self._waiting.put("".join(self._lines))
        self._waiting.put(None)
        self._thread.join(timeout=1.0)

    def _write(self) -> None:
        while (lines := self._waiting.get()) is not None:
            data = lines.encode()
            try:
                # Past the stream's own buffer, whose lock would be held while nobody reads.
                while data:
                    data = data[os.write(self._stream.fileno(), data) :]
            except (OSError, ValueError):
                # Standard error is closed: there is nowhere to say so.
                return

    def _time(self) -> str:
        now = self._clock()
        second = int(now)
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._stamp}.{int(now % 1 * 1000):03}Z"


def digest_of(query: str) -> str:
    """A short digest by which the same query can be recognised in the log."""
    return hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
