"""The layers that a worker puts around itself after the fork and before it sees any student code.

Each layer checks that it took. One that did not ends the worker as the grader's fault, unless the instructor said that
submissions are trusted.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from errno import EPERM
from fcntl import F_DUPFD, fcntl
from typing import Final

from . import kernel, landlock
from .seccomp import Filter

FRAMES: Final = 3
"""The worker's descriptor of the socket to the trusted side; below it are only stdin, stdout and stderr."""

_RULESET: Final = 4
_OUT_OF_THE_WAY: Final = 32
_OPEN_FILES: Final = 64
_STACK_BYTES: Final = 8 << 20


@dataclass(frozen=True)
class Plan:
    """What the zygote found out once for all of its workers."""

    identity: int | None
    """The user and group to become; None to stay who we are."""
    ruleset: int | None
    """The descriptor of the Landlock ruleset; None where the kernel has none."""
    filter: Filter | None
    """The seccomp filter; None on a machine without a table of system calls."""
    baseline: int
    """Address space in bytes that a worker starts with."""
    required: bool
    """Whether a missing layer ends the worker."""


@dataclass(frozen=True)
class Bounds:
    """Limits of one worker that the kernel itself enforces."""

    memory: int
    """Bytes of address space beyond the baseline."""
    cpu: int
    """Seconds of CPU time in all."""


class LockdownError(Exception):
    """A layer did not take; the message names it."""


def lock_down(plan: Plan, bounds: Bounds, *, zygote: int, frames: int, output: int) -> None:
    """Apply every layer to this process, which then has the descriptors 0 to 3 and no way to more.

    Raises LockdownError when a layer fails and the plan requires all of them.
    """
    layers: tuple[tuple[str, Callable[[], None]], ...] = (
        ("descriptors", lambda: _descriptors(frames, output, plan.ruleset)),
        ("session", os.setsid),
        ("identity", lambda: _give_up_privileges(plan.identity)),
        ("end with the zygote", lambda: _end_with(zygote)),
        ("resource limits", lambda: _limit(plan.baseline, bounds)),
        ("no new privileges", _no_new_privileges),
        ("not dumpable", _not_dumpable),
        ("Landlock", lambda: _landlock(plan.ruleset)),
        ("seccomp", lambda: _seccomp(plan.filter)),
    )
    for name, layer in layers:
        try:
            layer()
        except (OSError, ValueError) as error:
            if plan.required or name == "descriptors":
                raise LockdownError(f"{name}: {error}") from error


def _descriptors(frames: int, output: int, ruleset: int | None) -> None:
    frames = fcntl(frames, F_DUPFD, _OUT_OF_THE_WAY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if ruleset is None:
        os.dup2(frames, FRAMES)
        kernel.close_from(FRAMES + 1)
    else:
        ruleset = fcntl(ruleset, F_DUPFD, _OUT_OF_THE_WAY)
        os.dup2(frames, FRAMES)
        os.dup2(ruleset, _RULESET)
        kernel.close_from(_RULESET + 1)


def become(identity: int) -> None:
    """Become the user and the group `identity`, for good. Raises OSError."""
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)
    if os.getresuid() != (identity,) * 3 or os.getresgid() != (identity,) * 3 or os.getgroups():
        raise OSError(EPERM, "the identity did not change")


def _give_up_privileges(identity: int | None) -> None:
    if identity is not None:
        become(identity)
    kernel.drop_capabilities()
    if kernel.has_capabilities():
        raise OSError(EPERM, "capabilities are left")


def _end_with(zygote: int) -> None:
    # A change of identity clears this, so it comes after.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        raise OSError(EPERM, "the zygote is gone")


def _limit(baseline: int, bounds: Bounds) -> None:
    wanted = (
        (resource.RLIMIT_AS, baseline + bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    )
    for which, most in wanted:
        hard = resource.getrlimit(which)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (value, value))


def _no_new_privileges() -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) != 1:
        raise OSError(EPERM, "privileges can still be gained")


def _not_dumpable() -> None:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    if kernel.prctl(kernel.PR_GET_DUMPABLE) != 0:
        raise OSError(EPERM, "others of the same user can still look inside")


def _landlock(ruleset: int | None) -> None:
    if ruleset is None:
        raise OSError(EPERM, "this kernel has no Landlock")
    landlock.restrict(_RULESET)
    os.close(_RULESET)
    try:
        descriptor = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return
    os.close(descriptor)
    raise OSError(EPERM, "files can still be read")


def _seccomp(filter_: Filter | None) -> None:
    if filter_ is None:
        raise OSError(EPERM, "there is no table of system calls for this machine")
    filter_.install()
    try:
        sockets = socket.socketpair()
    except PermissionError:
        return
    for each in sockets:
        each.close()
    raise OSError(EPERM, "every system call still works")
