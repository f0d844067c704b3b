"""Time limits that give the same verdict on a busy machine.

What counts is the time that a worker computed, by its own CPU clock, and the time that it slept: what is left of the
time that passed when the time in which it was ready to run but got no processor is taken off as well. Such a worker is
given more time, up to a bound. All of this is the kernel's word; nothing here asks the worker.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Final

TICK_SECONDS: Final = 0.1
_LONGEST_TICK: Final = 2 * TICK_SECONDS
_NANOSECONDS: Final = 1e9
_IDLE_STATES: Final = frozenset({b"S", b"T", b"Z", b"X"})
_READ_BYTES: Final = 1 << 14
_PAUSES: Final = b"\nvoluntary_ctxt_switches:"


class ProcessClock:
    """What the kernel knows about the time of one process, which must not have been reaped."""

    def __init__(self, pid: int) -> None:
        """Watch process `pid`."""
        # clock_getcpuclockid(3): the bits of ~pid above CPUCLOCK_SCHED. Python wraps it for threads only.
        self._clock: Final = (~pid << 3) | 2
        self._stat: Final = f"/proc/{pid}/stat"
        self._schedule: Final = f"/proc/{pid}/schedstat"
        self._status: Final = f"/proc/{pid}/status"
        self._last = 0.0

    def cpu(self) -> float:
        """Seconds that the process computed; the last known value once it is gone."""
        with contextlib.suppress(OSError):
            self._last = time.clock_gettime(self._clock)
        return self._last

    def idle(self) -> bool:
        """Whether it is asleep or stopped right now, by its own doing; False when unknown."""
        try:
            return _read(self._stat).rpartition(b") ")[2][:1] in _IDLE_STATES
        except OSError:
            return False

    def denied(self) -> float | None:
        """Seconds that it waited for a processor, but for a wait that goes on; None when unknown."""
        return _denied(self._schedule)

    def pauses(self) -> int:
        """How often it gave up the processor by its own doing; 0 when unknown."""
        try:
            return int(_read(self._status).partition(_PAUSES)[2].split(maxsplit=1)[0])
        except (OSError, IndexError, ValueError):
            return 0


def _denied(path: str) -> float | None:
    try:
        _, waited, times = map(int, _read(path).split())
    except (OSError, ValueError):
        return None
    # A kernel that keeps no such account gives zeros.
    return waited / _NANOSECONDS if times else None


def _own_seconds() -> float:
    """Seconds that this thread computed or waited for a processor, in which a worker may have waited for it."""
    return time.thread_time() + (_denied("/proc/thread-self/schedstat") or 0.0)


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _READ_BYTES)
    finally:
        os.close(descriptor)


class Budget:
    """How much of its time a worker has used, since its last progress and in all."""

    def __init__(self, clock: ProcessClock, *, in_all: float, patience: float) -> None:
        """`in_all` seconds may be used altogether, each limit `patience` times as much by the wall clock."""
        self._clock = clock
        self._in_all = in_all
        self._patience = patience
        self._slept_in_all = self._wall_in_all = 0.0
        self._paused_at = self._paused_own = 0.0
        self.each = in_all
        self._cpu_before = self._slept = self._wall = 0.0
        self._tick_at = self._tick_cpu = self._tick_own = 0.0
        self._tick_denied: float | None = None
        self._tick_pauses = 0
        self._undecided = 0.0

    def start(self, each: float) -> None:
        """Count from now; `each` seconds may pass without progress."""
        self.each = each
        self._tick_at = time.monotonic()
        self._tick_denied = None
        self._tick_pauses = 0
        self._undecided = 0.0
        self._tick_own = _own_seconds()
        self.progressed()
        self._tick_cpu = self._cpu_before

    def pause(self) -> None:
        """Stop counting: the worker waits for the trusted side."""
        self._paused_at, self._paused_own = time.monotonic(), time.thread_time()

    def resume(self) -> None:
        """Count again, which is progress too."""
        self._tick_at += time.monotonic() - self._paused_at
        self._tick_own += time.thread_time() - self._paused_own
        self.progressed()

    def progressed(self) -> None:
        """Give the worker `each` seconds again."""
        self._cpu_before = self._clock.cpu()
        self._slept = self._wall = 0.0

    def tick(self) -> str | None:
        """Count the time since the last tick; returns what was exceeded, in words, or None.

        Cheap when called too often. Time that the trusted side itself was stopped in does not count.
        """
        now = time.monotonic()
        passed = now - self._tick_at
        if passed < self.poll_seconds / 2:
            return None
        cpu = self._clock.cpu()
        computed = cpu - self._tick_cpu
        counted = min(passed, max(_LONGEST_TICK, computed))
        own = _own_seconds()
        slept = self._slept_of(max(0.0, counted - computed - (own - self._tick_own)), computed)
        self._tick_at, self._tick_cpu, self._tick_own = now, cpu, own
        self._slept += slept
        self._wall += counted
        self._slept_in_all += slept
        self._wall_in_all += counted
        since = cpu - self._cpu_before
        if since + self._slept >= self.each or self._wall >= self.each * self._patience:
            return f"The code took longer than {self.each:g} s without an answer."
        if cpu + self._slept_in_all >= self._in_all or self._wall_in_all >= self._in_all * self._patience:
            return f"The code took longer than {self._in_all:g} s altogether."
        return None

    def _slept_of(self, rest: float, computed: float) -> float:
        """How much was slept up to now, given the `rest` of the time since the last tick in which nothing was computed.

        Who is asleep does not wait for a processor, so all waits are known then. Who is awake may be waiting, and the
        kernel tells of that only once it is over: what is not accounted for stays undecided until the worker has
        computed again. A worker that never paused did not sleep, whatever took its processor away.
        """
        denied, pauses, idle = self._clock.denied(), self._clock.pauses(), self._clock.idle()
        before, self._tick_denied = self._tick_denied, denied
        paused, self._tick_pauses = pauses > self._tick_pauses, pauses
        waited = denied - before if denied is not None and before is not None else 0.0
        if idle:
            slept = max(0.0, self._undecided + rest - waited)
            self._undecided = 0.0
            return slept
        if denied is None or before is None:
            return 0.0
        settled = max(0.0, self._undecided - waited) if computed > 0 else 0.0
        self._undecided = max(0.0, self._undecided + (rest if paused else 0.0) - waited - settled)
        return settled

    @property
    def slept(self) -> float:
        """Seconds in all in which the worker neither computed nor was denied a processor."""
        return self._slept_in_all

    @property
    def poll_seconds(self) -> float:
        """How long to wait at most before the next tick."""
        return min(TICK_SECONDS, self.each / 8)
