"""The worker process: opens the source once, shuts itself in, and answers one job at a time until it is killed.

Frames go both ways over a socket pair, each behind four bytes with its length. The workers trust the server that sends
them jobs (:func:`~pilotgraph.serve.jobs.pack_job`). The server reads an answer with care, since a worker that was taken
over must not take over the server: see :func:`pack` and :func:`unpack`.

What a handler needs must be there before the first job: a confined worker may not open a file, so it imports nothing
and reads no template (:mod:`pilotgraph.serve.sandbox`). `pilotgraph.serve.named.prepare(opened)` is called for that.
"""

from __future__ import annotations

import gc
import os
import struct
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pilotgraph.errors import DatasetError, EndpointError, PilotGraphError
from pilotgraph.serve import sandbox
from pilotgraph.serve.jobs import Answer, GraphJob, NamedJob, Refused, SparqlJob, unpack_job
from pilotgraph.serve.limits import out_of_memory, too_large

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from pyoxigraph import Store

    from pilotgraph.dataset import Dataset
    from pilotgraph.serve.jobs import Job
    from pilotgraph.serve.limits import Limits
    from pilotgraph.store.base import Reader

LENGTH = struct.Struct("!I")
# Status, seconds until another try is worth while (0: none), flags, lengths of two texts (the title and the detail of
# a refusal, or the media type and nothing).
_HEAD = struct.Struct("!HHBHI")
_COMPRESSED, _SPENT = 1, 2
_READ = 65_536
# Filled when a worker starts: the handlers import the types of this module.
_HANDLERS: dict[type, Callable[[Any, Opened], Answer]] = {}
_READY, _FAILED = "ready", "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """What a worker opens: a data set (the bundled one by default), from its cache, a store or an endpoint.

    `base` is the base under which the store holds the data, empty for the data set's own. `quads` is a file with all
    that the store holds, if it is small enough for memory.
    """

    dataset_root: Path | None = None
    store: Path | None = None
    endpoint: str | None = None
    base: str = ""
    quads: Path | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a handler works with; `store` is None where an endpoint answers."""

    dataset: Dataset
    reader: Reader
    limits: Limits
    store: Store | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a job. A worker that is `spent` holds much memory that it does not give back, and is replaced."""

    outcome: Answer | Refused
    spent: bool = False


def pack(reply: Reply) -> list[bytes]:
    """Write a reply as a frame, in pieces, so that the body is not copied."""
    flags = _SPENT if reply.spent else 0
    if isinstance(reply.outcome, Answer):
        first, second, body = reply.outcome.media_type.encode(), b"", reply.outcome.body
        status, retry = HTTPStatus.OK.value, 0
        flags |= _COMPRESSED if reply.outcome.gzip else 0
    else:
        first = reply.outcome.title.encode("utf-8", "replace")
        second, body = reply.outcome.detail.encode("utf-8", "replace"), b""
        status, retry = reply.outcome.status.value, reply.outcome.retry_after or 0
    head = _HEAD.pack(status, retry, flags, len(first), len(second))
    length = LENGTH.pack(len(head) + len(first) + len(second) + len(body))
    return [length + head + first + second, body]


def unpack(frame: memoryview) -> Reply:
    """Read a reply. Raises ValueError or struct.error if it is none."""
    status, retry, flags, first, second = _HEAD.unpack_from(frame)
    start = _HEAD.size + first
    title, detail = str(frame[_HEAD.size : start], "utf-8"), str(frame[start : start + second], "utf-8")
    spent = bool(flags & _SPENT)
    if status == HTTPStatus.OK:
        return Reply(Answer(title, bytes(frame[start + second :]), gzip=bool(flags & _COMPRESSED)), spent)
    return Reply(Refused(HTTPStatus(status), title, detail, retry_after=retry or None), spent)


def main(channel: socket.socket, source: Source, limits: Limits) -> None:
    """Be a worker, to the end of the process. The first frame out is what :func:`read_greeting` reads."""
    try:
        sandbox.leave(channel.fileno())
        opened, protections = _open(source, limits)
    except PilotGraphError as error:
        _greet(channel, _FAILED, error.message)
        os._exit(1)
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        _greet(channel, _FAILED, f"a worker could not be set up: {error}; see docs/serve.md")
        os._exit(1)
    gc.freeze()
    with suppress(OSError):
        _greet(channel, _READY, *protections)
        _serve(channel, opened)
    os._exit(0)


def read_greeting(frame: memoryview) -> tuple[str, ...]:
    """Read what protections hold in a worker that is ready. Raises DatasetError with what kept it from that."""
    word, *rest = str(frame, "utf-8", "replace").split("\n")
    if word != _READY:
        raise DatasetError("\n".join(rest))
    return tuple(rest)


def _greet(channel: socket.socket, *lines: str) -> None:
    text = "\n".join(lines).encode()
    channel.sendall(LENGTH.pack(len(text)) + text)


def _open(source: Source, limits: Limits) -> tuple[Opened, tuple[str, ...]]:
    from pyoxigraph import Store  # noqa: PLC0415 - in the worker only

    from pilotgraph.dataset import Dataset  # noqa: PLC0415
    from pilotgraph.load import open_cached, open_store  # noqa: PLC0415
    from pilotgraph.serve import memory  # noqa: PLC0415
    from pilotgraph.store.embedded import EmbeddedStore  # noqa: PLC0415

    apart = () if source.endpoint else sandbox.leave_network()
    dataset = Dataset.open(source.dataset_root)
    dataset = replace(dataset, base=source.base or dataset.base)
    if source.endpoint:
        reader: Reader = _endpoint(source.endpoint, dataset.base)
    elif source.quads:
        reader = EmbeddedStore(memory.held(source.quads))
    else:
        reader = open_store(source.store) if source.store else open_cached(dataset)
    sandbox.forget_environment()
    # A store is the iterable of its own quads; so is the copy made of an endpoint that does not speak SPARQL 1.1.
    quads = reader.quads()
    store = quads if isinstance(quads, Store) else None
    opened = Opened(dataset, reader, limits, store)
    _prepare(opened)
    held = sandbox.confine(limits.memory, networked=store is None)
    return opened, tuple(name for name in sandbox.ALL if name in {*apart, *held})


def _endpoint(url: str, base: str) -> Reader:
    from pilotgraph.store.protocol import Connection  # noqa: PLC0415
    from pilotgraph.store.remote import RemoteStore  # noqa: PLC0415

    return RemoteStore.open(Connection(url), base)


def _prepare(opened: Opened) -> None:
    """Import what the handlers need, also for their rare cases, while files can still be opened."""
    from pilotgraph.serve import evaluate, guard, named  # noqa: PLC0415

    guard.check("ASK { ?service ?p ?o }")
    named.prepare(opened)
    _HANDLERS.update({SparqlJob: evaluate.sparql, GraphJob: evaluate.graph, NamedJob: named.answer})


def _serve(channel: socket.socket, opened: Opened) -> None:
    limits = opened.limits
    most = sandbox.peak() + limits.memory // 2
    while job := _receive(channel):
        sandbox.allow_processor(limits.cpu_seconds)
        outcome = _outcome(job, opened)
        for piece in pack(Reply(outcome, spent=sandbox.peak() > most)):
            channel.sendall(piece)


def _receive(channel: socket.socket) -> Job | None:
    """Wait for a job; None when the server has gone."""
    data = channel.recv(_READ)
    if len(data) < LENGTH.size:
        return None
    missing = LENGTH.unpack_from(data)[0] + LENGTH.size - len(data)
    while missing > 0:
        more = channel.recv(missing)
        if not more:
            return None
        data += more
        missing -= len(more)
    return unpack_job(memoryview(data)[LENGTH.size :])


def _outcome(job: Job, opened: Opened) -> Answer | Refused:
    try:
        answer = _HANDLERS[type(job)](job, opened)
    except Refused as refused:
        return refused
    except MemoryError:
        return out_of_memory(opened.limits)
    except EndpointError as error:
        return Refused(HTTPStatus.BAD_GATEWAY, "The endpoint behind this server failed", error.message)
    except PilotGraphError as error:
        return Refused(HTTPStatus.BAD_REQUEST, "The request cannot be answered", error.message)
    except Exception as error:  # noqa: BLE001 - a fault of ours costs one answer, and is told, not the worker
        detail = f"{type(error).__name__}: {error}; please report it"
        return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault in the server", detail)
    return answer if len(answer.body) <= opened.limits.answer_bytes else too_large(opened.limits)
