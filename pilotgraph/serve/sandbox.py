"""What a worker process may not do, whatever the engine in it is talked into: walls of the operating system.

*Resources.* Address space, processor time of a job, no core file, no byte written to any file.

*No network.* A network namespace of its own, with no interface that is up (network_namespaces(7)), where the system
lets a process make one.

*Nothing new.* The calls for sockets, programs, processes and changes to files are refused
(:mod:`pilotgraph.serve.seccomp`). Where all files of the store are open, no descriptor at all can be opened any more
(RLIMIT_NOFILE is 0, getrlimit(2)). No process or thread (RLIMIT_NPROC). What was opened before stays.

Each is tried, and what holds is reported: not every system has all of them.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from pilotgraph.serve.seccomp import refuse_calls

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_NICER = 2
_FIRST_FREE = 3
# A file of the engine's store (RocksDB).
_TABLE = ".sst"

MEMORY = "memory"
PROCESSOR = "processor"
NO_WRITING = "no writing"
NO_NETWORK = "no network"
FEW_CALLS = "no system calls for sockets, programs or changes to files"
NO_OPENING = "no opening of files"
NO_PROCESSES = "no new processes"
ALL = (MEMORY, PROCESSOR, NO_WRITING, NO_NETWORK, FEW_CALLS, NO_OPENING, NO_PROCESSES)


def leave(kept: int) -> None:
    """Let go of everything that a process inherits, except the descriptor `kept`.

    The engine's last words, when it runs out of memory, would stand in the middle of the server's log. What a terminal
    sends to all processes does not end a worker: the server does that, when its answers are out.
    """
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(_FIRST_FREE):
        os.dup2(nothing, standard)
    os.closerange(_FIRST_FREE, kept)
    os.closerange(kept + 1, max(kept + 1, _highest_descriptor() + 1))
    with suppress(OSError):
        os.nice(_NICER)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def forget_environment() -> None:
    """Empty the environment: it can hold passwords, and nothing in a worker reads it any more."""
    os.environ.clear()


def leave_network() -> tuple[str, ...]:
    """Move into a network namespace of its own. Only a process of one thread can, so before a store is opened."""
    if sys.platform != "linux":
        return ()
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None or (unshare(_CLONE_NEWNET) and unshare(_CLONE_NEWUSER | _CLONE_NEWNET)):
        return ()
    return (NO_NETWORK,)


def confine(memory: int, *, networked: bool) -> tuple[str, ...]:
    """Set the limits that hold from now on, of `memory` bytes beyond what is mapped; gives those that the system took.

    With `networked`, files and connections can still be opened.
    """
    wanted = [(MEMORY, resource.RLIMIT_AS, _mapped() + memory), (NO_WRITING, resource.RLIMIT_FSIZE, 0)]
    if not networked:
        wanted.append((NO_PROCESSES, resource.RLIMIT_NPROC, 0))
        if _all_open():
            wanted.append((NO_OPENING, resource.RLIMIT_NOFILE, 0))
    _limit(resource.RLIMIT_CORE, 0)
    # A write beyond RLIMIT_FSIZE is an error to the writer, not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    held = [name for name, kind, value in wanted if _limit(kind, value)]
    if NO_PROCESSES in held and os.geteuid() == 0:
        # The administrator's processes are not counted.
        held.remove(NO_PROCESSES)
    if sys.platform == "linux":
        # Not sooner: it hides from the process itself what it has open.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if not networked and refuse_calls():
        held.append(FEW_CALLS)
    return (*held, PROCESSOR)


def allow_processor(seconds: int) -> None:
    """Let the process use that much more processor time; beyond it the system ends it (SIGXCPU)."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time()) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _all_open() -> bool:
    """Whether every file of the stores that are in use is open already; the engine may open large ones late."""
    try:
        numbers = os.listdir("/proc/self/fd")  # noqa: PTH208 - names, not paths
        links = {Path(f"/proc/self/fd/{number}").readlink() for number in numbers if _is_open(int(number))}
    except OSError:
        return False
    held = {link for link in links if link.suffix == _TABLE}
    return all(table in held for folder in {link.parent for link in held} for table in folder.glob(f"*{_TABLE}"))


def peak() -> int:
    """The most memory that the process has held, in bytes."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _limit(kind: int, value: int) -> bool:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        return False
    return True


def _mapped() -> int:
    """How much address space the process has, in bytes."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]
        return int(pages) * resource.getpagesize()
    return peak()


def _highest_descriptor() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return max(map(int, os.listdir(folder)))  # noqa: PTH208 - names, not paths
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536)
