"""How much one submission may cost the trusted process, whose time its limits in the worker do not count."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from .executors import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autograder.suite.build import Batch

    from .executors import Executor, Found
    from .replay import Answers

#: The seconds that this process may compute in all to answer, read and check one submission; the honest take a few
#: hundredths of one.
MOST_SECONDS = 20.0
TOO_MUCH_EFFORT = f"Reading and checking its answers takes longer than {MOST_SECONDS:g} s altogether."


class Effort:
    """What this process itself has computed for one submission, which its limits in the worker do not count."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @property
    def exhausted(self) -> bool:
        """Whether it was too much altogether."""
        return self.seconds >= MOST_SECONDS

    @contextlib.contextmanager
    def spent(self) -> Iterator[None]:
        """Count the time of a block; raises `Stopped` after it when it was too much altogether."""
        begun = time.thread_time()
        try:
            yield
        finally:
            self.seconds += time.thread_time() - begun
        if self.exhausted:
            raise Stopped("timeout", TOO_MUCH_EFFORT, 0)


class Metered:
    """An executor of which all that is done for it here is counted."""

    def __init__(self, executor: Executor, effort: Effort) -> None:
        self._executor = executor
        self._effort = effort

    @property
    def lent(self) -> set[str]:
        """The stand-ins that were called since this was last cleared."""
        return self._executor.lent

    def load(self) -> dict[str, Any] | None:
        """Load the module; the error that it raised, or None. Raises `Stopped`."""
        with self._effort.spent():
            return self._executor.load()

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        """Run a batch and give its answers, example by example. Raises `Stopped`."""
        with self._effort.spent():
            return self._executor.run(batch, seconds)

    def judge(self, answers: Sequence[Answers]) -> Found:
        """The first example that fails, and how; None when all pass. Raises `Stopped`."""
        with self._effort.spent():
            return self._executor.judge(answers)

    def close(self) -> tuple[str, float]:
        """Let go of the module; what it printed, and the seconds that it computed or slept."""
        return self._executor.close()
