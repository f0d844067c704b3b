"""How much a submission may use."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one worker; the defaults are generous for coursework.

    Seconds are those that the worker computes or sleeps. Time in which a busy machine gave it no processor does not
    count, up to `patience` times as much.
    """

    call_seconds: float = 5.0
    """Without any progress: loading the module, or one example."""
    submission_seconds: float = 60.0
    """Over all requests to one worker."""
    patience: float = 6.0
    """How many times as long a worker may take when the machine is too busy to run it."""
    memory_mb: int = 512
    """Address space beyond what Python and NumPy take."""
    output_kept: int = MEGABYTE
    """Bytes of printed text that are kept; what follows is thrown away."""
    output_killed: int = 64 * MEGABYTE
    """Bytes of printed text that end the worker."""
    frame_mb: int = 16
    """The most that one example, or one callback, may send back."""
    run_mb: int = 256
    """The most that one request may send back altogether."""
    callbacks: int = 100_000
    """Callbacks that one request may make."""

    def __post_init__(self) -> None:
        """Refuse limits that no worker could live in. Raises ValueError."""
        wrong = [name for name in self.__dataclass_fields__ if getattr(self, name) <= 0]
        if wrong:
            raise ValueError(f"limits must be positive: {', '.join(wrong)}")

    @property
    def frame_bytes(self) -> int:
        """The largest payload of a frame: `frame_mb` of data, and 1 MB around it."""
        return (self.frame_mb + 1) * MEGABYTE

    @property
    def run_bytes(self) -> int:
        """`run_mb` in bytes."""
        return self.run_mb * MEGABYTE
