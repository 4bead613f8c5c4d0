"""How much one visitor's query may take, and all of them together.

Each default is generous for a question that a person asks of a data set of some hundred thousand triples, and small
enough that a machine with two cores and two gigabytes of memory withstands as many hostile ones as there are workers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from http import HTTPStatus

from pilotgraph.serve.jobs import Refused

_MIB = 1024 * 1024


def _cores() -> int:
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed; one object for the whole server, handed to each worker."""

    # Ten times the largest named query, with its graphs.
    query_bytes: int = 65_536
    # From the start of the evaluation; waiting in line does not count.
    seconds: float = 15.0
    # Less than `seconds`: a query is not made to pay for the time in which the machine did other work.
    cpu_seconds: int = 10
    # What a worker may map beyond what it has when it is ready, in bytes.
    memory: int = 512 * _MIB
    # Rows of a table, or triples of a graph.
    rows: int = 500_000
    # Before compression; a whole answer lies in memory twice at most, in the worker and in the server.
    answer_bytes: int = 32 * _MIB
    # Evaluations at the same time. More than there are cores would only slow each other down.
    workers: int = field(default_factory=_cores)
    # Worker processes that stand ready beside them, so that a killed one costs the next visitor nothing.
    spares: int = 2
    # Queries that wait for a worker, and for how long at most; beyond either the answer is 503 at once.
    waiting: int = 64
    waiting_seconds: float = 10.0
    # Queries in flight (evaluated or waiting) of one client.
    per_client: int = 16
    # Answers that lie in the server's memory until their readers have taken them.
    in_flight_bytes: int = 256 * _MIB


def too_large(limits: Limits) -> Refused:
    """Refuse an answer of too many rows or bytes."""
    detail = (
        f"the whole answer would have more than {limits.rows} rows or {limits.answer_bytes} bytes, and a part of it "
        "would be no answer; add LIMIT, or ask for less"
    )
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The answer is too large", detail)


def out_of_time(limits: Limits) -> Refused:
    """Refuse what takes too long, after the clock or the processor's."""
    detail = (
        f"the query was stopped: it took more than {limits.seconds:g} seconds, or {limits.cpu_seconds} seconds of "
        "processor time; ask for less, or make the pattern more specific"
    )
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The query takes too long", detail)


def out_of_memory(limits: Limits) -> Refused:
    """Refuse what takes too much memory."""
    detail = (
        f"the query was stopped: it took more than {limits.memory // _MIB} MiB of memory; ask for less, sort or group "
        "less, or make the pattern more specific"
    )
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The query takes too much memory", detail)


def engine_ended() -> Refused:
    """Refuse what the engine did not survive."""
    detail = "the query was stopped: it ended the engine, mostly by its depth; ask in smaller steps"
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The query ended the engine", detail)


def too_long(limits: Limits) -> Refused:
    """Refuse a query that is too long."""
    detail = f"the query and its parameters have more than {limits.query_bytes} bytes; ask in smaller steps"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The query is too long", detail)


def too_busy(detail: str, seconds: int = 2) -> Refused:
    """Refuse what there is no room for at this moment."""
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The server is busy", detail, retry_after=seconds)


def too_many(limits: Limits) -> Refused:
    """Refuse a client that asks too much at once."""
    detail = f"{limits.per_client} queries of yours are being answered or wait already; wait for their answers"
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, "Too many queries at once", detail, retry_after=1)
