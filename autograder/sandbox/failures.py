"""What can happen to a worker, as trusted code saw it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from autograder.errors import GraderError
from autograder.worker.frames import EXIT_LOCKDOWN, EXIT_MEMORY


class SandboxError(GraderError):
    """The sandbox cannot be set up or has broken, through no fault of a submission."""


class IsolationError(SandboxError):
    """This machine cannot keep student code apart from the grader."""


class Kind(StrEnum):
    """Why a worker ended."""

    TIMEOUT = "timeout"
    """It made no progress for too long, or took too long altogether."""
    CRASH = "crash"
    """A signal ended it."""
    EXIT = "exit"
    """It exited, with whatever code, before it had answered."""
    POLICY = "policy"
    """It made a system call that only an attack makes."""
    PROTOCOL = "protocol"
    """It sent what nobody asked for."""
    OUTPUT = "output"
    """It printed or sent back too much."""
    MEMORY = "memory"
    """It ran out of memory."""
    GRADER = "grader"
    """The sandbox failed; never charged to a student."""


class WorkerFailure(Exception):  # noqa: N818 - a thing that happened to a worker, mostly not an error of this program
    """A worker is dead. A new one can be had from the sandbox."""

    def __init__(self, kind: Kind, detail: str, *, partial: list[bytes] | None = None, progress: int = 0) -> None:
        """Keep what is known; see the attributes."""
        super().__init__(detail)
        self.kind: Final = kind
        self.detail: Final = detail
        """One plain sentence for the student."""
        self.partial: Final[list[bytes]] = partial if partial is not None else []
        """The chunks of the running request that had arrived."""
        self.progress: Final = progress
        """The index that the worker marked last; its own claim."""

    def __str__(self) -> str:
        """Return the kind and the sentence."""
        return f"{self.kind}: {self.detail}"


@dataclass(frozen=True)
class Ending:
    """How the kernel says that a process ended."""

    status: int
    """As wait gives it."""
    resident_bytes: int
    """The most memory that it held."""
    cpu_seconds: float


_NEARLY: Final = 0.9
_SIGNALS: Final[dict[int, str]] = {
    signal.SIGSEGV: "Python crashed (SIGSEGV); most often a recursion without an end, or a broken use of ctypes.",
    signal.SIGABRT: "Python aborted (SIGABRT); most often memory that ran out inside a library.",
    signal.SIGFPE: "Python crashed (SIGFPE): an arithmetic fault in machine code.",
}


def explain(
    ending: Ending, *, resident_before: int, memory_bytes: int, cpu_limit: float, ready: bool
) -> tuple[Kind, str]:
    """Give the kind and the sentence for a process that ended without being asked to.

    `resident_before` is the memory that it held when it was forked; `memory_bytes` is what it may have needed beyond.
    """
    code = os.waitstatus_to_exitcode(ending.status)
    if not ready:
        reason = "its lockdown failed" if code == EXIT_LOCKDOWN else _code(code)
        return Kind.GRADER, f"The worker could not be set up: {reason}."
    if code == -signal.SIGSYS:
        return Kind.POLICY, "The code made a system call that is forbidden here, and was stopped."
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and ending.cpu_seconds >= cpu_limit):
        return Kind.TIMEOUT, "The code used up all of the processor time of a submission."
    starved = (
        code in {-signal.SIGKILL, -signal.SIGBUS} or ending.resident_bytes - resident_before >= _NEARLY * memory_bytes
    )
    if code == EXIT_MEMORY or (code < 0 and starved):
        return Kind.MEMORY, f"The code needed more than {memory_bytes >> 20} MB of memory."
    if code < 0:
        return Kind.CRASH, _SIGNALS.get(-code, f"Python was ended by a signal ({_code(code)}).")
    return Kind.EXIT, f"The code ended Python ({_code(code)}) before it had answered."


def _code(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
