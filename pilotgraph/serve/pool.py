"""Worker processes, and the line before them.

The event loop hands a job to an idle worker over a socket pair and is called when the answer can be read: no thread,
no task and no timer for each job. One timer looks at all running jobs twenty times a second. A worker that passes a
limit is killed, which is the only way to stop the engine, and a spare takes its place at once; a new spare is started
behind it. A killed job is not tried again: what killed one worker would kill the next.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import struct
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from pilotgraph.errors import DatasetError
from pilotgraph.serve import limits as refusals
from pilotgraph.serve import memory
from pilotgraph.serve.jobs import Answer, Refused, SparqlJob, pack_job
from pilotgraph.serve.worker import LENGTH, main, read_greeting, unpack

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from pilotgraph.serve.jobs import Job
    from pilotgraph.serve.limits import Limits
    from pilotgraph.serve.worker import Source

_TICK = 0.05
# How long a job may go on whose client has left: most end in this time, and a process costs more than they do.
_PATIENCE = 0.2
_READ = 262_144
# What a frame has beside a query or a body: graph names, titles, media types.
_ROOM = 65_536
_LONGEST_PAUSE = 5.0
_LAST_WORDS = 5.0


@dataclass(frozen=True, slots=True)
class Stats:
    """The pool at this moment, and what it has done since it started.

    `clients` have queries in flight. `refused` counts by status and title, `kills` by reason: time, left (the client
    has gone), spent (it holds much memory), broken (it does not keep to the protocol), closed. `died` counts workers
    that ended by themselves, by the signal. `protections` hold in every worker (:mod:`pilotgraph.serve.sandbox`).
    """

    workers: int
    busy: int
    waiting: int
    clients: int
    jobs: int
    answered: int
    refused: dict[str, int]
    kills: dict[str, int]
    died: dict[str, int]
    restarts: int
    protections: tuple[str, ...]


class _Task:
    """A job on its way: who asked, where the answer goes, and how long it waits at most."""

    __slots__ = ("client", "frame", "future", "until", "worker")

    def __init__(self, client: str, frame: bytes, future: asyncio.Future[Answer], until: float) -> None:
        self.client, self.frame, self.future, self.until = client, frame, future, until
        self.worker: _Worker | None = None


class _Worker:
    """A worker process, its channel, and the job it has."""

    __slots__ = ("channel", "deadline", "filled", "frame", "killed", "process", "ready", "task", "unsent")

    def __init__(self, process: ForkServerProcess, channel: socket.socket) -> None:
        self.process, self.channel = process, channel
        self.ready, self.killed = False, ""
        self.task: _Task | None = None
        self.deadline = 0.0
        self.frame: bytearray | None = None
        self.filled = 0
        self.unsent = memoryview(b"")


@dataclass(slots=True)
class _Counts:
    jobs: int = 0
    answered: int = 0
    restarts: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    died: Counter[str] = field(default_factory=Counter)


class Pool:
    """Evaluates jobs in processes that may be killed. It belongs to the event loop in which it was started."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._largest = limits.query_bytes + _ROOM
        self._workers: dict[int, _Worker] = {}
        self._idle: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._clients: dict[str, int] = {}
        self._busy = 0
        self._counts = _Counts()
        self._protections: tuple[str, ...] | None = None
        self._closing = False
        self._failures = 0
        self._starts: set[asyncio.Task[None]] = set()
        self._launcher = ThreadPoolExecutor(1, "pilotgraph-launcher")

    # For the server.

    async def start(self) -> None:
        """Start the workers, and wait until all can be asked.

        Raises DatasetError if the source cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        if self._source.quads:
            # The fork server reads it when it starts, and starts once: a later edition's workers read their own.
            os.environ.setdefault(memory.SHARED, str(self._source.quads))
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pilotgraph.serve.preload"])
        self._started: asyncio.Future[None] = self._loop.create_future()
        for _ in range(self._limits.workers + self._limits.spares):
            self._start_one()
        self._ticking = self._loop.call_later(_TICK, self._tick)
        try:
            await self._started
        except BaseException:
            await self.close()
            raise

    async def run(self, job: Job, client: str) -> Answer:
        """Answer a job of a client. Raises Refused.

        When the awaiting task is cancelled, its worker is free again at once or after a fifth of a second.
        """
        self._counts.jobs += 1
        try:
            task = self._take_on(job, client)
            if self._idle and self._busy < self._limits.workers:
                self._dispatch(task, self._idle.pop())
            elif len(self._waiting) < self._limits.waiting:
                self._waiting.append(task)
            else:
                self._release(task)
                detail = f"{len(self._waiting)} queries wait already; try again in a while"
                raise refusals.too_busy(detail)
            try:
                answer = await task.future
            except asyncio.CancelledError:
                self._abandon(task)
                raise
        except Refused as refused:
            self._counts.refused[f"{refused.status.value} {refused.title}"] += 1
            raise
        self._counts.answered += 1
        return answer

    async def close(self, grace: float = 0.0) -> None:
        """Take no more jobs (503), let those in flight end for `grace` seconds, then kill the workers."""
        self._closing = True
        until = self._loop.time() + grace
        while (self._busy or self._waiting) and self._loop.time() < until:  # noqa: ASYNC110 - once in its life
            await asyncio.sleep(_TICK)
        for start in self._starts:
            start.cancel()
        await asyncio.gather(*self._starts, return_exceptions=True)
        while self._waiting:
            self._fail(self._waiting.popleft(), self._ending())
        for worker in list(self._workers.values()):
            if not worker.killed:
                self._kill(worker, "closed", self._ending())
        until = self._loop.time() + _LAST_WORDS
        while self._workers and self._loop.time() < until:  # noqa: ASYNC110
            await asyncio.sleep(_TICK / 5)
        self._ticking.cancel()
        self._launcher.shutdown(wait=False)

    def stats(self) -> Stats:
        """Tell how things are."""
        counts = self._counts
        return Stats(
            workers=sum(worker.ready and not worker.killed for worker in self._workers.values()),
            busy=self._busy,
            waiting=len(self._waiting),
            clients=len(self._clients),
            jobs=counts.jobs,
            answered=counts.answered,
            refused=dict(counts.refused),
            kills=dict(counts.kills),
            died=dict(counts.died),
            restarts=counts.restarts,
            protections=self._protections or (),
        )

    # Jobs.

    def _take_on(self, job: Job, client: str) -> _Task:
        limits = self._limits
        if self._closing:
            raise self._ending()
        in_flight = self._clients.get(client, 0)
        if in_flight >= limits.per_client:
            raise refusals.too_many(limits)
        # A lone surrogate is for the worker to complain about.
        if isinstance(job, SparqlJob) and len(job.text.encode("utf-8", "surrogatepass")) > limits.query_bytes:
            raise refusals.too_long(limits)
        body = pack_job(job)
        if len(body) > self._largest:
            raise refusals.too_long(limits)
        self._clients[client] = in_flight + 1
        until = self._loop.time() + limits.waiting_seconds
        return _Task(client, LENGTH.pack(len(body)) + body, self._loop.create_future(), until)

    def _dispatch(self, task: _Task, worker: _Worker) -> None:
        task.worker, worker.task = worker, task
        worker.deadline = self._loop.time() + self._limits.seconds
        self._busy += 1
        try:
            sent = worker.channel.send(task.frame)
        except OSError:
            # It ended while it was idle, so nothing of the job has been done yet.
            task.worker = worker.task = None
            self._busy -= 1
            self._waiting.appendleft(task)
            self._dispatch_waiting()
            return
        if sent < len(task.frame):
            worker.unsent = memoryview(task.frame)[sent:]
            self._loop.add_writer(worker.channel.fileno(), self._send_rest, worker)

    def _send_rest(self, worker: _Worker) -> None:
        """Go on with a job that is longer than the system takes in one go."""
        with suppress(BlockingIOError):
            try:
                worker.unsent = worker.unsent[worker.channel.send(worker.unsent) :]
            except BrokenPipeError:
                # Its sentinel tells why.
                worker.unsent = memoryview(b"")
        if not worker.unsent:
            self._loop.remove_writer(worker.channel.fileno())

    def _abandon(self, task: _Task) -> None:
        """The client has left, perhaps in the moment in which the answer came."""
        worker = task.worker
        if worker is not None and worker.task is task:
            worker.deadline = min(worker.deadline, self._loop.time() + _PATIENCE)
        elif task in self._waiting:
            self._waiting.remove(task)
            self._release(task)

    def _release(self, task: _Task) -> None:
        left = self._clients[task.client] - 1
        if left:
            self._clients[task.client] = left
        else:
            del self._clients[task.client]

    def _fail(self, task: _Task, refused: Refused) -> None:
        self._release(task)
        if not task.future.done():
            task.future.set_exception(refused)

    def _dispatch_waiting(self) -> None:
        while self._waiting and self._idle and self._busy < self._limits.workers:
            self._dispatch(self._next(), self._idle.pop())

    def _next(self) -> _Task:
        """The first in line, but clients that have fewer queries running go before others."""
        if len(self._waiting) == 1 or len(self._clients) == 1:
            return self._waiting.popleft()
        running = Counter(worker.task.client for worker in self._workers.values() if worker.task)
        task = min(self._waiting, key=lambda waiting: running[waiting.client])
        self._waiting.remove(task)
        return task

    def _tick(self) -> None:
        """Look at the clock for all jobs."""
        now = self._loop.time()
        self._ticking = self._loop.call_later(_TICK, self._tick)
        for worker in list(self._workers.values()):
            if worker.task is not None and now > worker.deadline:
                left = worker.task.future.cancelled()
                self._kill(worker, "left" if left else "time", refusals.out_of_time(self._limits))
        while self._waiting and now > self._waiting[0].until:
            detail = f"no worker was free for {self._limits.waiting_seconds:g} seconds; try again in a while"
            self._fail(self._waiting.popleft(), refusals.too_busy(detail))

    # Workers.

    def _start_one(self) -> None:
        start = self._loop.create_task(self._start_process())
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)

    async def _start_process(self) -> None:
        if self._failures:
            await asyncio.sleep(min(_LONGEST_PAUSE, _TICK * 2**self._failures))
        launched = self._loop.run_in_executor(self._launcher, self._launch)
        try:
            process, channel = await asyncio.shield(launched)
        except asyncio.CancelledError:
            process, channel = await launched
        except (OSError, EOFError) as error:
            self._failures += 1
            self._not_started(f"a worker process could not be started: {error}")
            return
        worker = _Worker(process, channel)
        self._workers[channel.fileno()] = worker
        self._loop.add_reader(channel.fileno(), self._read, worker)
        self._loop.add_reader(process.sentinel, self._ended, worker)

    def _launch(self) -> tuple[ForkServerProcess, socket.socket]:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                ours.settimeout(0)
                process = self._context.Process(
                    target=main, args=(theirs, self._source, self._limits), daemon=True, name="pilotgraph-worker"
                )
                process.start()
            except BaseException:
                ours.close()
                raise
        return process, ours

    def _not_started(self, message: str) -> None:
        if not self._started.done():
            self._started.set_exception(DatasetError(message))
        elif not self._closing:
            self._start_one()

    def _read(self, worker: _Worker) -> None:
        """Something has come from a worker, or it has gone; then its sentinel tells."""
        frame = worker.frame
        try:
            data = worker.channel.recv(_READ) if frame is None else b""
            count = len(data) if frame is None else worker.channel.recv_into(memoryview(frame)[worker.filled :])
        except BlockingIOError:
            return
        except OSError:
            count = 0
        if not count:
            self._loop.remove_reader(worker.channel.fileno())
        elif frame is not None:
            self._continue(worker, frame, count)
        elif count > LENGTH.size and LENGTH.unpack_from(data)[0] == count - LENGTH.size:
            self._take(worker, memoryview(data)[LENGTH.size :])
        else:
            self._begin(worker, data)

    def _continue(self, worker: _Worker, frame: bytearray, count: int) -> None:
        worker.filled += count
        if worker.filled == len(frame):
            worker.frame = None
            self._take(worker, memoryview(frame))

    def _begin(self, worker: _Worker, data: bytes) -> None:
        """Make room for a frame that comes in parts."""
        length = LENGTH.unpack_from(data)[0] if len(data) >= LENGTH.size else -1
        start = data[LENGTH.size :]
        if not len(start) < length <= self._limits.answer_bytes + _ROOM:
            self._kill(worker, "broken", refusals.engine_ended())
            return
        worker.frame = bytearray(length)
        worker.frame[: len(start)] = start
        worker.filled = len(start)

    def _take(self, worker: _Worker, frame: memoryview) -> None:
        """Take a whole frame: a greeting, or what came of a job."""
        if not worker.ready:
            self._greeted(worker, frame)
            return
        task = worker.task
        try:
            reply = unpack(frame)
        except (ValueError, struct.error):
            task = None
        if task is None:
            self._kill(worker, "broken", refusals.engine_ended())
            return
        worker.task = None
        self._busy -= 1
        self._release(task)
        if not task.future.done():
            if isinstance(reply.outcome, Answer):
                task.future.set_result(reply.outcome)
            else:
                task.future.set_exception(reply.outcome)
        if reply.spent:
            self._kill(worker, "spent", None)
        else:
            self._idle.append(worker)
            self._dispatch_waiting()

    def _greeted(self, worker: _Worker, frame: memoryview) -> None:
        try:
            held = read_greeting(frame)
        except DatasetError as error:
            worker.killed = error.message
            self._failures += 1
            return
        self._failures = 0
        worker.ready = True
        known = self._protections
        self._protections = held if known is None else tuple(name for name in known if name in held)
        self._idle.append(worker)
        ready = sum(one.ready for one in self._workers.values())
        if ready >= self._limits.workers + self._limits.spares and not self._started.done():
            self._started.set_result(None)
        self._dispatch_waiting()

    def _kill(self, worker: _Worker, reason: str, refused: Refused | None) -> None:
        """End a worker at once; what it was doing is refused."""
        worker.killed = reason
        self._counts.kills[reason] += 1
        worker.process.kill()
        self._loop.remove_reader(worker.channel.fileno())
        self._loop.remove_writer(worker.channel.fileno())
        self._part(worker, refused)

    def _part(self, worker: _Worker, refused: Refused | None) -> None:
        """Do without a worker: refuse its job, and give its place to a spare."""
        task, worker.task, worker.frame = worker.task, None, None
        if task is not None:
            self._busy -= 1
            self._fail(task, refused or refusals.engine_ended())
        if worker in self._idle:
            self._idle.remove(worker)
        if not self._closing:
            self._counts.restarts += 1
            self._start_one()
            self._dispatch_waiting()

    def _ended(self, worker: _Worker) -> None:
        """The process is no more: let go of all that is left of it."""
        number = worker.channel.fileno()
        self._loop.remove_reader(worker.process.sentinel)
        self._loop.remove_reader(number)
        self._loop.remove_writer(number)
        worker.process.join()
        code = worker.process.exitcode or 0
        worker.process.close()
        worker.channel.close()
        del self._workers[number]
        if not worker.killed:
            self._counts.died[_signal(code)] += 1
            self._failures += not worker.ready
            if worker.ready:
                self._part(worker, self._why(code))
            else:
                self._not_started(f"a worker process ended before it was ready ({_signal(code)})")
        elif not worker.ready:
            self._not_started(worker.killed)

    def _why(self, code: int) -> Refused:
        """Tell from how a process ended which limit it passed."""
        if -code == signal.SIGXCPU:
            return refusals.out_of_time(self._limits)
        # An allocation that fails ends the engine so; the system's own killer ends it with SIGKILL.
        if -code in {signal.SIGABRT, signal.SIGKILL}:
            return refusals.out_of_memory(self._limits)
        return refusals.engine_ended()

    def _ending(self) -> Refused:
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "The server is ending", "try again in a while", retry_after=5)


def _signal(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"
