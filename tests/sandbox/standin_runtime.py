"""A runtime for these tests: a payload is Python source, and what it defines as `run` answers batches.

It stands in for worker/runtime.py so that the sandbox is tested by itself, with code that has nothing between it and
the worker's loop.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any


class Runtime:
    """Executes source that was sent."""

    def __init__(self, mark: Callable[[int], None]) -> None:
        """Keep `mark` for the code to call."""
        self._names: dict[str, Any] = {"mark": mark}

    def load(self, payload: bytes, callback: Callable[[int, bytes], bytes]) -> bytes:
        """Execute the source; answers with the text of `answer`, or with the error that escaped."""
        self._names["callback"] = callback
        try:
            exec(compile(payload, "submission.py", "exec"), self._names)
        except Exception as error:  # noqa: BLE001
            self._names["traceback"] = traceback.format_exc()
            return f"{type(error).__name__}: {error}".encode()
        return str(self._names.get("answer", "")).encode()

    def run(self, batch: bytes, callback: Callable[[int, bytes], bytes]) -> Iterator[bytes]:
        """Hand the batch to `run` of the source."""
        yield from self._names["run"](batch, callback)
