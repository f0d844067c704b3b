"""The trusted end of the socket to a worker. It never blocks, and holds no more than one frame too many in memory."""

from __future__ import annotations

import socket
from collections import deque
from typing import Final

from autograder.worker.frames import HEADER

_READ_BYTES: Final = 1 << 18

Frame = tuple[int, int, bytes]
"""Kind, identity, payload; none of it checked."""


class TooLargeError(Exception):
    """A frame declares more bytes than may come."""


class Channel:
    """Frames over a non-blocking stream socket."""

    def __init__(self, connection: socket.socket, largest: int) -> None:
        """Take over `connection`; `largest` is the most bytes that a payload may have."""
        connection.settimeout(0)
        self._socket = connection
        self._largest = largest
        self._incoming = bytearray()
        self._scratch = bytearray(_READ_BYTES)
        self._view = memoryview(self._scratch)
        self._outgoing: deque[memoryview] = deque()
        self.ended = False

    def fileno(self) -> int:
        """Return the descriptor, for poll."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
        self._outgoing.clear()

    @property
    def sending(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._outgoing)

    @property
    def has_leftovers(self) -> bool:
        """Whether bytes have come that are no whole frame yet."""
        return bool(self._incoming)

    def put(self, kind: int, identity: int, *parts: bytes | memoryview) -> None:
        """Queue a frame and send as much as goes at once."""
        header = HEADER.pack(sum(map(len, parts)), kind, identity)
        if sum(map(len, parts)) < _READ_BYTES:
            self._outgoing.append(memoryview(b"".join((header, *parts))))
        else:
            self._outgoing.extend(map(memoryview, (header, *parts)))
        self.send()

    def send(self) -> None:
        """Send what goes without waiting."""
        while self._outgoing:
            part = self._outgoing[0]
            try:
                count = self._socket.send(part)
            except BlockingIOError:
                return
            except OSError:
                # The worker is gone; reading tells how far it came.
                self._outgoing.clear()
                return
            if count < len(part):
                self._outgoing[0] = part[count:]
            else:
                self._outgoing.popleft()

    def receive(self) -> None:
        """Read what is there, once; sets `ended` when nothing more will come."""
        try:
            count = self._socket.recv_into(self._scratch)
        except BlockingIOError:
            return
        except OSError:
            count = 0
        if count:
            self._incoming += self._view[:count]
        else:
            self.ended = True

    def next_frame(self) -> Frame | None:
        """Return the next whole frame that was read, or None. Raises TooLargeError."""
        incoming = self._incoming
        if len(incoming) < HEADER.size:
            return None
        length, kind, identity = HEADER.unpack_from(incoming)
        if length > self._largest:
            raise TooLargeError
        end = HEADER.size + length
        if len(incoming) < end:
            return None
        payload = bytes(memoryview(incoming)[HEADER.size : end])
        del incoming[:end]
        return kind, identity, payload
