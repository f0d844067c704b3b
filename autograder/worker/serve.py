"""The worker's loop: read a request, have the runtime answer it, send what comes.

What these functions use is bound to locals before any student code runs, so that replacing `os.write` or `sys.stdout`
breaks nothing by accident. It is no protection: the trusted side takes every frame for what an attacker may have made.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Final, NoReturn, Protocol

from .frames import EXIT_MEMORY, FLUSH_BYTES, FLUSH_SECONDS, HEADER, INDEX, LENGTH, TOTAL, Kind

Callback = Callable[[int, bytes], bytes]
Receive = Callable[[], tuple[int, int, bytes]]

_READ_BYTES: Final = 1 << 16
_EXIT_UNCAUGHT: Final = 1
_EXIT_INTERRUPTED: Final = 130
_LAST_EXIT_CODE: Final = 255


class Send(Protocol):
    """Sends one frame; `done` adds a DONE frame to the same write."""

    def __call__(self, kind: int, identity: int, *parts: bytes, done: bool = False) -> None:
        """Send a frame of this kind for the request of this identity."""


class Runtime(Protocol):
    """What runs a student's module; see runtime.py."""

    def load(self, payload: bytes, callback: Callback) -> bytes:
        """Run the module; returns the encoded outcome."""

    def run(self, batch: bytes, callback: Callback) -> Iterator[bytes]:
        """Run the examples of a batch; yields one encoded chunk for each."""


def _receiver(descriptor: int) -> Receive:
    """Return a function that waits for one frame, and ends the worker when the trusted side has hung up."""
    read, readv, leave, unpack, header_size = os.read, os.readv, os._exit, HEADER.unpack_from, HEADER.size
    pending = bytearray()

    def receive() -> tuple[int, int, bytes]:
        while len(pending) < header_size:
            data = read(descriptor, _READ_BYTES)
            if not data:
                leave(0)
            pending.extend(data)
        length, kind, identity = unpack(pending)
        payload = bytearray(length)
        have = min(length, len(pending) - header_size)
        payload[:have] = pending[header_size : header_size + have]
        del pending[: header_size + have]
        view = memoryview(payload)
        while have < length:
            count = readv(descriptor, [view[have:]])
            if not count:
                leave(0)
            have += count
        return kind, identity, bytes(payload)

    return receive


def _sender(descriptor: int) -> Send:
    write, pack, done_kind = os.write, HEADER.pack, int(Kind.DONE)

    def send(kind: int, identity: int, *parts: bytes, done: bool = False) -> None:
        data = b"".join((pack(sum(map(len, parts)), kind, identity), *parts))
        if done:
            data += pack(0, done_kind, identity)
        sent = write(descriptor, data)
        if sent < len(data):
            view = memoryview(data)
            while sent < len(data):
                sent += write(descriptor, view[sent:])

    return send


def _asker(receive: Receive, send: Send) -> Callable[[int], Callback]:
    """Return a function that makes the callback for the request of an identity."""
    leave, pack, call, answer = os._exit, INDEX.pack, int(Kind.CALLBACK), int(Kind.REPLY)

    def callback_of(identity: int) -> Callback:
        def callback(index: int, arguments: bytes) -> bytes:
            send(call, identity, pack(index), arguments)
            kind, answered, reply = receive()
            if kind != answer or answered != identity:
                leave(_EXIT_UNCAUGHT)
            return reply

        return callback

    return callback_of


def _gatherer(receive: Receive) -> Callable[[int, bytes], bytes]:
    """Return a function that puts the batch of a RUN frame together with its SEGMENT frames."""
    leave, unpack, total_size, segment = os._exit, TOTAL.unpack_from, TOTAL.size, int(Kind.SEGMENT)

    def gather(identity: int, first: bytes) -> bytes:
        (total,) = unpack(first)
        parts, have = [first[total_size:]], len(first) - total_size
        while have < total:
            kind, continued, part = receive()
            if kind != segment or continued != identity:
                leave(_EXIT_UNCAUGHT)
            parts.append(part)
            have += len(part)
        return b"".join(parts)

    return gather


def _chunk_sender(send: Send, flush: Callable[[], None]) -> Callable[[int, Iterator[bytes]], None]:
    """Return a function that sends chunks, several in a frame when they come fast, and then DONE."""
    monotonic, pack, length_size = time.monotonic, LENGTH.pack, LENGTH.size
    part, done = int(Kind.PART), int(Kind.DONE)

    def send_chunks(identity: int, chunks: Iterator[bytes]) -> None:
        waiting: list[bytes] = []
        size, flushed = 0, monotonic()
        for chunk in chunks:
            if size and size + len(chunk) > FLUSH_BYTES:
                send(part, identity, *waiting)
                waiting, size, flushed = [], 0, monotonic()
            waiting += (pack(len(chunk)), chunk)
            size += length_size + len(chunk)
            if monotonic() - flushed > FLUSH_SECONDS:
                send(part, identity, *waiting)
                waiting, size, flushed = [], 0, monotonic()
        flush()
        if waiting:
            send(part, identity, *waiting, done=True)
        else:
            send(done, identity)

    return send_chunks


def _standard_streams() -> Callable[[], None]:
    """Give Python fresh standard streams; returns a function that flushes them."""
    streams = [
        os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
        for descriptor in (1, 2)
    ]
    sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", closefd=False)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = streams[0]  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = streams[1]  # type: ignore[misc]

    def flush() -> None:
        for stream in streams:
            try:
                stream.flush()
            except (OSError, ValueError):
                continue

    return flush


def serve(descriptor: int, ready: int, make_runtime: Callable[[], Runtime]) -> NoReturn:
    """Say READY under the identity `ready`, then answer requests until the trusted side hangs up."""
    leave, print_exception = os._exit, traceback.print_exc
    flush = _standard_streams()
    receive, send = _receiver(descriptor), _sender(descriptor)
    callback_of, gather, send_chunks = _asker(receive, send), _gatherer(receive), _chunk_sender(send, flush)
    load, run, loaded = int(Kind.LOAD), int(Kind.RUN), int(Kind.LOADED)
    try:
        runtime = make_runtime()
        send(Kind.READY, ready)
        while True:
            kind, identity, payload = receive()
            if kind == load:
                outcome = runtime.load(payload, callback_of(identity))
                flush()
                send(loaded, identity, outcome)
            elif kind == run:
                send_chunks(identity, runtime.run(gather(identity, payload), callback_of(identity)))
            else:
                leave(_EXIT_UNCAUGHT)
    except MemoryError:
        leave(EXIT_MEMORY)
    except SystemExit as leaving:
        flush()
        code = leaving.code
        known = code if isinstance(code, int) and 0 <= code <= _LAST_EXIT_CODE else _EXIT_UNCAUGHT
        leave(0 if code is None else known)
    except KeyboardInterrupt:
        leave(_EXIT_INTERRUPTED)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not reach the zygote's code
        try:
            print_exception()
            flush()
        finally:
            leave(_EXIT_UNCAUGHT)
