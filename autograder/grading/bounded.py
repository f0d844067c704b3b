"""Bounds on what a test's own code may use while it handles what student code sent.

Callbacks, stand-ins and predicates run in the trusted process on values of the student's choosing: a hostile submission
may pass a shape of a billion entries, or an array that a slow oracle would work on for hours.
"""

from __future__ import annotations

import contextlib
import functools
import resource
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SECONDS = 10.0
#: More than the grader ever needs beside what it holds when it starts.
MEMORY = 1 << 30


class TooMuch(BaseException):
    """The test's own code took too long or too much memory."""


@contextlib.contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Let the block compute for so many seconds, in no more memory than `MEMORY`; raises `TooMuch` beyond that.

    Processor time counts, so that a busy machine changes no verdict. It can be bounded in the main thread only;
    elsewhere it is not.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = _ceiling() if soft == resource.RLIM_INFINITY else soft
    timed = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, _too_long) if timed else None
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    try:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    except MemoryError:
        message = "more memory than a test may use"
        raise TooMuch(message) from None
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _too_long(_number: int, _frame: FrameType | None) -> None:
    message = "more time than a test may use"
    raise TooMuch(message)


@functools.cache
def _ceiling() -> int:
    """The most address space, in bytes, that this process may have inside a bounded block."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize() + MEMORY
