"""What is asked of a worker process, and what comes back: the one language between the two sides of the pipe."""

from __future__ import annotations

import marshal
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class SparqlJob:
    """A query of a visitor.

    `result_type` and `graph_type` are the media types agreed on for the two kinds of answer; one is empty where the
    visitor takes none of our forms of that kind. The data set is that of the protocol; None leaves it to the query.
    """

    text: str
    result_type: str
    graph_type: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class GraphJob:
    """All triples of one graph; without a name those of the default graph, the union of all."""

    graph: str | None
    graph_type: str
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class NamedJob:
    """A named query with its parameters, in one of the formats of its address."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    language: str
    format: str
    evidence: bool = False
    gzip: bool = False


Job = SparqlJob | GraphJob | NamedJob
_KINDS: tuple[type[SparqlJob | GraphJob | NamedJob], ...] = (SparqlJob, GraphJob, NamedJob)
_FIELDS = {kind: (number, tuple(field.name for field in fields(kind))) for number, kind in enumerate(_KINDS)}


def pack_job(job: Job) -> bytes:
    """Write a job for the pipe: it holds texts, tuples of texts, and truth values only."""
    number, names = _FIELDS[type(job)]
    return marshal.dumps((number, *(getattr(job, name) for name in names)))


def unpack_job(data: bytes | memoryview) -> Job:
    """Read a job. What does not come from :func:`pack_job` is not to be read: marshal trusts its input.

    >>> unpack_job(pack_job(GraphJob("urn:x", "text/turtle")))
    GraphJob(graph='urn:x', graph_type='text/turtle', gzip=False)
    """
    number, *values = marshal.loads(data)  # noqa: S302 - it comes from the server
    job: Job = _KINDS[number](*values)
    return job


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: never a part of one."""

    media_type: str
    body: bytes
    gzip: bool = False


class Refused(Exception):  # noqa: N818 - it is an answer to the visitor, not a fault of ours
    """Why there is no answer: an HTTP status, a title that is the same each time, and what is wrong here."""

    def __init__(self, status: HTTPStatus, title: str, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.retry_after = retry_after
