"""A filter on system calls for worker processes (seccomp(2), Linux on x86-64 and AArch64).

It is a list of what is refused, in classic BPF (Documentation/userspace-api/seccomp_filter.rst of the kernel), and it
stays with every thread for good: no socket, no program or process, no look into another process, and no file made,
changed, removed or opened for writing. Reading is left, since the engine opens files of a large store when it first
needs them. A refused call fails (EPERM), and the query with it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

# Numbers on x86-64 and on AArch64; -1 where there is no such call.
_REFUSED = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "connect": (42, 203),
    "accept4": (288, 242),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, -1),
    "vfork": (58, -1),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "chroot": (161, 51),
    "creat": (85, -1),
    "rename": (82, -1),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlink": (87, -1),
    "unlinkat": (263, 35),
    "rmdir": (84, -1),
    "mkdir": (83, -1),
    "mkdirat": (258, 34),
    "mknod": (133, -1),
    "mknodat": (259, 33),
    "link": (86, -1),
    "linkat": (265, 37),
    "symlink": (88, -1),
    "symlinkat": (266, 36),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, -1),
    "fchown": (93, 55),
    "lchown": (94, -1),
    "fchownat": (260, 54),
}
# The C library turns to `openat` and `clone` where these are unknown, whose arguments a filter can look at.
_UNKNOWN = {"openat2": (437, 437), "clone3": (435, 435)}
_OPEN, _OPENAT, _CLONE = (2, -1), (257, 56), (56, 220)
_CLONE_THREAD = 0x00010000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_FIRST_OF_X32 = 0x40000000
_SYSCALL = (317, 277)

# Instructions and their arguments: load a word, jump if equal, at least, or any bit is set, return.
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_SET_FILTER, _ALL_THREADS = 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_calls() -> bool:
    """Put the filter in place, for all threads; tells whether the system took it. It needs PR_SET_NO_NEW_PRIVS."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _ARCHITECTURES:
        return False
    column, architecture = _ARCHITECTURES[machine]
    instructions = _program(column, architecture)
    program = _Program(len(instructions) // 8, instructions)
    syscall = ctypes.CDLL(None, use_errno=True).syscall
    return int(syscall(_SYSCALL[column], _SET_FILTER, _ALL_THREADS, ctypes.byref(program))) == 0


def _program(column: int, architecture: int) -> bytes:
    refuse, unknown = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _FIRST_OF_X32),
        (_RETURN, 0, 0, refuse),
    ]
    for calls, answer in ((_REFUSED, refuse), (_UNKNOWN, unknown)):
        for numbers in calls.values():
            if numbers[column] >= 0:
                lines += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, answer)]
    lines += _looking(_CLONE[column], 0, _CLONE_THREAD, _ALLOW, refuse)
    lines += _looking(_OPENAT[column], 2, _WRITING, refuse, _ALLOW)
    if _OPEN[column] >= 0:
        lines += _looking(_OPEN[column], 1, _WRITING, refuse, _ALLOW)
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _looking(call: int, argument: int, bits: int, if_any: int, if_none: int) -> list[tuple[int, int, int, int]]:
    """Decide a call by bits of one argument (its lower half: the upper comes after it on these machines)."""
    return [
        (_EQUAL, 0, 4, call),
        (_LOAD, 0, 0, 16 + 8 * argument),
        (_ANY_BIT, 0, 1, bits),
        (_RETURN, 0, 0, if_any),
        (_RETURN, 0, 0, if_none),
    ]
