"""System calls that Python has no function for, through ctypes."""

from __future__ import annotations

import ctypes
import os
from typing import Final

_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.prctl.restype = ctypes.c_int

PR_SET_PDEATHSIG: Final = 1
PR_GET_DUMPABLE: Final = 3
PR_SET_DUMPABLE: Final = 4
PR_CAPBSET_READ: Final = 23
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_NO_NEW_PRIVS: Final = 39
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_CAPABILITY_VERSION: Final = 0x20080522
_LAST_POSSIBLE_CAPABILITY: Final = 63


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_TwoSets = _CapabilitySet * 2


def _failed(what: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{what}: {os.strerror(code)}")


def syscall(what: str, number: int, *arguments: object) -> int:
    """Make a system call by number.

    Raises OSError, whose text starts with `what`, when the kernel refuses.
    """
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise _failed(what)
    return result


def prctl(option: int, argument: int = 0) -> int:
    """Control this process, with up to one argument. Raises OSError."""
    zero = ctypes.c_ulong(0)
    result = int(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero))
    if result < 0:
        raise _failed(f"prctl({option}, {argument})")
    return result


def drop_bounding_set() -> None:
    """Empty the capability bounding set as far as this process is allowed to."""
    for capability in range(_LAST_POSSIBLE_CAPABILITY + 1):
        try:
            if prctl(PR_CAPBSET_READ, capability):
                prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return


def drop_capabilities() -> None:
    """Give up every capability: effective, permitted, inheritable and ambient. Raises OSError."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    if _libc.capset(ctypes.byref(header), ctypes.byref(_TwoSets())) != 0:
        raise _failed("capset")


def has_capabilities() -> bool:
    """Whether this process could use, or give itself, any capability. Raises OSError."""
    header, sets = _CapabilityHeader(_CAPABILITY_VERSION, 0), _TwoSets()
    if _libc.capget(ctypes.byref(header), ctypes.byref(sets)) != 0:
        raise _failed("capget")
    return any(part.effective or part.permitted or part.inheritable for part in sets)


def close_from(first: int) -> None:
    """Close every descriptor from `first` on."""
    try:
        syscall("close_range", _CLOSE_RANGE, ctypes.c_uint(first), ctypes.c_uint(0xFFFFFFFF), ctypes.c_uint(0))
    except OSError:
        os.closerange(first, os.sysconf("SC_OPEN_MAX"))


_CLOSE_RANGE: Final = 436
