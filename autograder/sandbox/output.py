"""What a worker prints: read while it runs, kept up to a bound, counted beyond."""

from __future__ import annotations

import os
from typing import Final

_READ_BYTES: Final = 1 << 16
_READS_AT_ONCE: Final = 64


class Output:
    """The trusted end of the pipe that is a worker's stdout and stderr."""

    def __init__(self, descriptor: int, *, kept: int, most: int) -> None:
        """Take over `descriptor`; keep the first `kept` bytes, and call more than `most` a flood."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._most_kept = kept
        self.most: Final = most
        self._kept = bytearray()
        self._count = 0

    def fileno(self) -> int:
        """Return the descriptor, for poll."""
        return self._descriptor

    @property
    def kept(self) -> bytes:
        """The first bytes that were printed."""
        return bytes(self._kept)

    @property
    def flooded(self) -> bool:
        """Whether too much was printed."""
        return self._count > self.most

    def drain(self) -> bool:
        """Read what is there, a bounded amount at a time; returns False once nothing more can come."""
        for _ in range(_READS_AT_ONCE):
            try:
                data = os.read(self._descriptor, _READ_BYTES)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._count += len(data)
            self._kept += data[: self._most_kept - len(self._kept)]
        return True

    def close(self) -> None:
        """Let go of the pipe."""
        os.close(self._descriptor)
