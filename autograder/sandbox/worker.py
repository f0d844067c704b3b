"""One worker, as the trusted side holds it: requests with limits, and nothing believed that comes back."""

from __future__ import annotations

import math
import mmap
import os
import secrets
import select
import signal
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from autograder.worker import frames
from autograder.worker.control import PROGRESS_BYTES
from autograder.worker.frames import HEADER, INDEX, LENGTH, SEGMENT_BYTES, TOTAL

from .channel import Channel, TooLargeError
from .clock import Budget, ProcessClock
from .failures import Kind, SandboxError, WorkerFailure, explain
from .limits import MEGABYTE, Limits
from .output import Output
from .zygote import Zygote

Callback = Callable[[int, bytes], bytes]

_START_SECONDS: Final = 20.0
_END_MILLISECONDS: Final = 1000
_CPU_MARGIN: Final = 5
_CHUNK_COST: Final = 4096
_IDENTITY_BITS: Final = 64
_KINDS: Final = frames.Kind


class Worker:
    """A locked-down process that runs one student's module.

    Not safe to use from two threads at once. Any failure kills it: `load` and `run` raise WorkerFailure, and raise the
    same again when they are asked later.
    """

    def __init__(self, zygote: Zygote, limits: Limits, start: Callable[..., int] | None = None) -> None:
        """Have `zygote` fork a worker; `start` replaces its `fork`. Raises SandboxError."""
        self._zygote = zygote
        self._limits = limits
        self._failure: WorkerFailure | None = None
        self._ready = False
        self._cpu_at_end: float | None = None
        self._ready_identity = secrets.randbits(_IDENTITY_BITS)
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe2(os.O_CLOEXEC)
        page = os.memfd_create("progress", os.MFD_CLOEXEC)
        try:
            os.ftruncate(page, PROGRESS_BYTES)
            self._page = mmap.mmap(page, PROGRESS_BYTES)
            self._pid = (start or zygote.fork)(
                (theirs.fileno(), write_end, page),
                memory=limits.memory_mb * MEGABYTE,
                cpu=math.ceil(limits.submission_seconds) + _CPU_MARGIN,
                ready=self._ready_identity,
            )
            # The zygote reaps only when told to, so this cannot be another process.
            self._process = os.pidfd_open(self._pid)
        except BaseException:
            ours.close()
            os.close(read_end)
            raise
        finally:
            theirs.close()
            os.close(write_end)
            os.close(page)
        self._channel = Channel(ours, limits.frame_bytes)
        self._output = Output(read_end, kept=limits.output_kept, most=limits.output_killed)
        self._clock = ProcessClock(self._pid)
        self._budget = Budget(self._clock, in_all=limits.submission_seconds, patience=limits.patience)
        self._poll = select.poll()
        self._poll.register(self._channel.fileno(), select.POLLIN)
        self._poll.register(self._output.fileno(), select.POLLIN)

    def __enter__(self) -> Self:
        """Use as a context manager, so that no worker is left."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the worker."""
        self.close()

    @property
    def pid(self) -> int:
        """The process."""
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether requests can still be made."""
        return self._failure is None

    @property
    def progress(self) -> int:
        """The index of the example that the worker is in; its own claim, for display."""
        if self._failure is not None:
            return self._failure.progress
        return max(0, int.from_bytes(self._page[:8], sys.byteorder, signed=True))

    @property
    def output(self) -> bytes:
        """What the student's code has printed, up to `output_kept` bytes."""
        if self._failure is None:
            self._output.drain()
        return self._output.kept

    @property
    def slept_seconds(self) -> float:
        """Seconds that it slept while it was waited for."""
        return self._budget.slept

    @property
    def cpu_seconds(self) -> float:
        """Seconds that the worker computed."""
        return self._clock.cpu() if self._cpu_at_end is None else self._cpu_at_end

    def load(self, payload: bytes, on_callback: Callback | None = None, *, seconds: float | None = None) -> bytes:
        """Have the runtime load a module; returns its encoded outcome.

        `seconds` replaces the limit without progress. Raises WorkerFailure.
        """
        identity = self._begin()
        self._channel.put(_KINDS.LOAD, identity, payload)
        return self._converse(identity, _KINDS.LOADED, on_callback, seconds, [])

    def run(self, batch: bytes, on_callback: Callback | None = None, *, seconds: float | None = None) -> list[bytes]:
        """Have the runtime run a batch; returns its chunks.

        `on_callback` answers the calls of the student's code to functions of the test: it gets an index and encoded
        arguments, both invented by whoever runs in the worker. `seconds` replaces the limit per example. Raises
        WorkerFailure.
        """
        identity = self._begin()
        view = memoryview(batch)
        self._channel.put(_KINDS.RUN, identity, TOTAL.pack(len(batch)), view[:SEGMENT_BYTES])
        for at in range(SEGMENT_BYTES, len(batch), SEGMENT_BYTES):
            self._channel.put(_KINDS.SEGMENT, identity, view[at : at + SEGMENT_BYTES])
        chunks: list[bytes] = []
        self._converse(identity, _KINDS.DONE, on_callback, seconds, chunks)
        return chunks

    def await_ready(self) -> None:
        """Wait until the worker is locked down. Raises WorkerFailure of the kind GRADER."""
        if not self._ready:
            self._converse(self._ready_identity, _KINDS.READY, None, _START_SECONDS, [])
            self._ready = True

    def report(self) -> bytes:
        """Return what a probe found. Raises WorkerFailure."""
        return self._converse(self._ready_identity, _KINDS.REPORT, None, _START_SECONDS, [])

    def close(self) -> None:
        """Kill the worker and let go of everything; does nothing the second time."""
        if self._failure is None:
            self._failure = WorkerFailure(Kind.GRADER, "The worker was closed.", progress=self.progress)
            self._output.drain()
            self._cpu_at_end = self._clock.cpu()
            self._kill()
            self._zygote.forget(self._pid)
            self._let_go()

    def _begin(self) -> int:
        """Draw the identity of a new request, before which nothing may have come."""
        if self._failure is not None:
            raise self._failure
        self.await_ready()
        self._channel.receive()
        if self._channel.has_leftovers:
            raise self._fail(Kind.PROTOCOL, "The code sent data to the grader that nobody had asked for.", [])
        return secrets.randbits(_IDENTITY_BITS)

    def _converse(
        self, identity: int, final: int, on_callback: Callback | None, seconds: float | None, chunks: list[bytes]
    ) -> bytes:
        """Read frames until the one of the kind `final`, whose payload is returned; parts are added to `chunks`."""
        budget, channel = self._budget, self._channel
        received = callbacks = 0
        budget.start(seconds if seconds is not None else self._limits.call_seconds)
        while True:
            frame = self._next_frame(chunks)
            kind, answered, payload = frame
            received += HEADER.size + len(payload)
            if answered != identity:
                raise self._fail(Kind.PROTOCOL, "The code sent data to the grader that nobody had asked for.", chunks)
            if kind == final:
                return payload
            if kind == _KINDS.PART and final == _KINDS.DONE:
                count = _split(payload, chunks)
                received += count * _CHUNK_COST
                if not count:
                    raise self._fail(Kind.PROTOCOL, "The code sent the grader something that is no answer.", chunks)
                budget.progressed()
            elif kind == _KINDS.CALLBACK and on_callback and len(payload) >= INDEX.size and not channel.sending:
                callbacks += 1
                if callbacks > self._limits.callbacks:
                    raise self._fail(
                        Kind.OUTPUT, f"The code called the test's functions more than {callbacks - 1:,} times.", chunks
                    )
                budget.pause()
                try:
                    reply = on_callback(INDEX.unpack_from(payload)[0], payload[INDEX.size :])
                except BaseException:
                    self.close()
                    raise
                budget.resume()
                channel.put(_KINDS.REPLY, identity, reply)
            else:
                raise self._fail(Kind.PROTOCOL, "The code sent the grader something that is no answer.", chunks)
            if received > self._limits.run_bytes:
                raise self._fail(
                    Kind.OUTPUT, f"The code sent back more than {self._limits.run_mb} MB altogether.", chunks
                )

    def _next_frame(self, chunks: list[bytes]) -> tuple[int, int, bytes]:
        """Wait for a frame, meanwhile sending what waits, draining the output and watching the clock."""
        channel, output, budget = self._channel, self._output, self._budget
        while True:
            try:
                frame = channel.next_frame()
            except TooLargeError:
                raise self._fail(
                    Kind.OUTPUT, f"The code sent back more than {self._limits.frame_mb} MB at once.", chunks
                ) from None
            if frame is not None:
                return frame
            if channel.ended:
                raise self._ended(chunks)
            exceeded = budget.tick()
            if exceeded is not None:
                raise self._fail(Kind.TIMEOUT, exceeded, chunks)
            events = select.POLLIN | (select.POLLOUT if channel.sending else 0)
            self._poll.modify(channel.fileno(), events)
            for descriptor, event in self._poll.poll(budget.poll_seconds * 1000):
                if descriptor != channel.fileno():
                    if not output.drain():
                        self._poll.unregister(descriptor)
                    if output.flooded:
                        raise self._fail(Kind.OUTPUT, f"The code printed more than {output.most >> 20} MB.", chunks)
                else:
                    if event & select.POLLOUT:
                        channel.send()
                    if event & ~select.POLLOUT:
                        channel.receive()

    def _ended(self, chunks: list[bytes]) -> WorkerFailure:
        """Find out what became of a worker that hung up by itself."""
        waiter = select.poll()
        waiter.register(self._process, select.POLLIN)
        if not waiter.poll(_END_MILLISECONDS):
            return self._fail(Kind.PROTOCOL, "The code closed the connection to the grader.", chunks)
        return self._fail(None, "", chunks)

    def _fail(self, kind: Kind | None, detail: str, chunks: list[bytes]) -> WorkerFailure:
        """End the worker; without a `kind`, how the process ended says what it was."""
        self._kill()
        try:
            ending = self._zygote.wait(self._pid)
        except SandboxError as error:
            kind, detail = Kind.GRADER, str(error)
        else:
            self._cpu_at_end = ending.cpu_seconds
            if kind is None:
                kind, detail = explain(
                    ending,
                    resident_before=self._zygote.hello.resident,
                    memory_bytes=self._limits.memory_mb * MEGABYTE,
                    cpu_limit=self._limits.submission_seconds,
                    ready=self._ready,
                )
        self._output.drain()
        if not self._ready and kind is not Kind.GRADER:
            detail = f"The worker did not start: {detail}"
            kind = Kind.GRADER
        if kind is Kind.GRADER and not self._ready:
            detail = f"{detail} {self._output.kept.decode(errors='replace').strip()}".rstrip()
        self._failure = WorkerFailure(kind, detail, partial=chunks, progress=self.progress)
        self._let_go()
        return self._failure

    def _kill(self) -> None:
        try:
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _let_go(self) -> None:
        self._cpu_at_end = self._clock.cpu() if self._cpu_at_end is None else self._cpu_at_end
        self._channel.close()
        self._output.close()
        self._page.close()
        os.close(self._process)


def _split(payload: bytes, chunks: list[bytes]) -> int:
    """Append the chunks of a PART to `chunks`; returns how many, or 0 when the lengths lie."""
    at, found = 0, []
    while at + LENGTH.size <= len(payload):
        (length,) = LENGTH.unpack_from(payload, at)
        at += LENGTH.size
        if length > len(payload) - at:
            return 0
        found.append(payload[at : at + length])
        at += length
    if at != len(payload):
        return 0
    chunks += found
    return len(found)
