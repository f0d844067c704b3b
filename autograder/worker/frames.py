"""The frames that cross between the trusted side and a worker.

A frame is a header and a payload. The header is the length of the payload (u32), the kind (u8) and the identity of the
request that the frame belongs to (u64), little-endian. The trusted side draws a fresh random identity for every
request; a worker repeats the one that it was given.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

HEADER: Final = struct.Struct("<IBQ")
LENGTH: Final = struct.Struct("<I")
TOTAL: Final = struct.Struct("<Q")
INDEX: Final = struct.Struct("<I")

SEGMENT_BYTES: Final = 16 << 20
"""The most of a batch that one RUN or SEGMENT frame carries."""

FLUSH_BYTES: Final = 256 << 10
FLUSH_SECONDS: Final = 0.05
"""A worker sends the chunks that wait when they reach either bound."""

EXIT_LOCKDOWN: Final = 97
"""A worker that could not lock itself down exits with this before it says READY."""

EXIT_MEMORY: Final = 98
"""A worker that ran out of memory outside of student code exits with this."""


class Kind(IntEnum):
    """What a frame is."""

    LOAD = 1
    """To the worker: the payload of `Runtime.load`."""
    RUN = 2
    """To the worker: the length of a batch (u64), then its first bytes."""
    SEGMENT = 3
    """To the worker: the next bytes of the batch."""
    REPLY = 4
    """To the worker: the answer to its CALLBACK."""

    READY = 16
    """From the worker: locked down, no student code seen yet."""
    REPORT = 17
    """From the probe: what it tried and what came of it."""
    LOADED = 18
    """From the worker: the outcome of LOAD."""
    PART = 19
    """From the worker: one or more chunks, each after its length (u32)."""
    DONE = 20
    """From the worker: the batch is through."""
    CALLBACK = 21
    """From the worker: the index of a callback (u32), then its encoded arguments."""
