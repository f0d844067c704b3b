"""The messages between the trusted side and the zygote, over a socket that keeps the bounds of messages.

A request is one byte that says what, and a structure; the answer to FORK and PROBE is a PROCESS, to WAIT it is ENDED,
and FORGET has none. Before all that the zygote says hello, in JSON.
"""

from __future__ import annotations

import struct
from typing import Final

FORK: Final = b"F"
"""FORKED: fork a worker that serves."""
PROBE: Final = b"P"
"""FORKED, then the grader's process, a null byte and the path of the canary: fork one that tries what is forbidden."""
WAIT: Final = b"W"
"""PROCESS: wait until it ends, and say how it did."""
FORGET: Final = b"D"
"""PROCESS: reap it some time."""

FORKED: Final = struct.Struct("=QIQ")
"""Bytes of memory, seconds of CPU, the identity of the READY frame; descriptors for frames, output, progress."""
PROCESS: Final = struct.Struct("=i")
ENDED: Final = struct.Struct("=iQd")
"""Status as wait gives it, the most KiB that were resident, seconds of CPU."""

MESSAGE_BYTES: Final = 1 << 16
PROGRESS_BYTES: Final = 4096
