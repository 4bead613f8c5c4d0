"""Answers that were given, to give them again: the ones used last, within a bound on their bytes."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from pilotgraph.serve.jobs import SparqlJob

if TYPE_CHECKING:
    from pilotgraph.serve.jobs import Job
    from pilotgraph.serve.problems import Reply

# These give something else each time; a codepoint escape could write any of them.
_VARYING: Final = re.compile(r"\\u|\b(?:RAND|NOW|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
_HINTS: Final = ("\\U", "RAND", "NOW", "UUID", "BNODE")
_OVERHEAD: Final = 2048
_REMEMBERED_TAGS: Final = 20_000


class Cache:
    """The answers of one edition. It is dropped with the edition, so it never holds an old one."""

    def __init__(self, edition: str, most_bytes: int) -> None:
        self._edition = edition
        self._most = most_bytes
        self._bytes = 0
        self._replies: OrderedDict[Job, tuple[Reply, int]] = OrderedDict()
        self._given: OrderedDict[str, None] = OrderedDict()

    def find(self, job: Job) -> Reply | None:
        """The reply to the same job, if it is still there."""
        if (found := self._replies.get(job)) is None:
            return None
        self._replies.move_to_end(job)
        return found[0]

    def keep(self, job: Job, reply: Reply, size: int) -> None:
        """Keep a reply; `size` is that of the job in bytes. One that would drive out most others is not kept."""
        whole = len(reply.body) + size + _OVERHEAD
        if whole > self._most // 8:
            return
        if (before := self._replies.pop(job, None)) is not None:
            self._bytes -= before[1]
        self._replies[job] = (reply, whole)
        self._bytes += whole
        while self._bytes > self._most:
            _, (_, freed) = self._replies.popitem(last=False)
            self._bytes -= freed

    def tag(self, job: Job) -> str:
        """The entity tag of the answer to a job in this edition.

        It is a weak one (RFC 9110, section 8.8.1): the same triples may come in another order.
        """
        if isinstance(job, SparqlJob):
            graphs = (job.default_graphs, job.named_graphs) if job.default_graphs or job.named_graphs else ""
            told = f"{self._edition}\0{job.result_type}\0{job.graph_type}\0{job.gzip}\0{graphs}\0{job.text}"
        else:
            told = f"{self._edition}\0{job!r}"
        digest = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16)
        return f'W/"{digest.hexdigest()}"'

    def was_given(self, tag: str) -> bool:
        """Tell whether an answer with this tag has been given, so that there is one."""
        return tag in self._given

    def give(self, tag: str) -> None:
        """Remember that an answer with this tag has been given."""
        self._given[tag] = None
        if len(self._given) > _REMEMBERED_TAGS:
            self._given.popitem(last=False)


def is_lasting(text: str) -> bool:
    """Tell whether a query gives the same answer as long as the data are the same.

    >>> is_lasting("SELECT (NOW() AS ?when) {}")
    False
    """
    # Looking for plain words in capitals is several times faster than the expression.
    upper = text.upper()
    return not any(hint in upper for hint in _HINTS) or _VARYING.search(text) is None
