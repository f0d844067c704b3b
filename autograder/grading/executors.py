"""Where student code runs: in a locked-down worker, or in this very process for the student's own checks."""

from __future__ import annotations

import bdb
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograder.sandbox import Kind, WorkerFailure
from autograder.worker.codec import CodecError, encode
from autograder.worker.runtime import Runtime

from .callbacks import Switchboard
from .replay import Answers, read_load_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from autograder.sandbox import Sandbox
    from autograder.suite.build import Batch

_T = TypeVar("_T")


class Stopped(Exception):  # noqa: N818 - what happened to the student's code
    """Student code was stopped or ended before it had answered."""

    def __init__(self, kind: str, detail: str, example: int, *, fault_of_grader: bool = False) -> None:
        """Say what happened, in a sentence, and at which example."""
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.example = example
        self.fault_of_grader = fault_of_grader


class Executor(Protocol):
    """One loaded module that can be asked."""

    def load(self) -> dict[str, Any] | None:
        """Load the module; the error that it raised, or None. Raises `Stopped`."""

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        """Run a batch and give its answers, example by example. Raises `Stopped`."""

    def close(self) -> str:
        """Let go of the module; what it printed."""


class Executors(Protocol):
    """Makes executors."""

    isolation: str
    """In one line, what keeps the student's code apart."""

    def __call__(self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]]) -> Executor:
        """An executor for a module's source, some of its functions stood in for."""


def _load_payload(source: bytes, filename: str, board: Switchboard) -> bytes:
    name = filename.rpartition("/")[2].removesuffix(".py").removesuffix(".ipynb")
    return encode((source, name, filename, board.stand_in_indices))


def _answers(batch: Batch, chunks: list[bytes], board: Switchboard) -> list[Answers]:
    if len(chunks) != len(batch.scripts):
        message = "answers to some examples are missing"
        raise CodecError(message)
    return [
        Answers(script, chunk, board.calls.get(number, {}))
        for number, (script, chunk) in enumerate(zip(batch.scripts, chunks, strict=True))
    ]


class InProcess:
    """Runs student code in this process: for the student's own machine, where `print` and `breakpoint` should work."""

    isolation = "none: the student's own process"

    def __init__(self, path: Path | None = None) -> None:
        """Run modules as if they stood at `path`, where a debugger finds their source."""
        self._path = path

    def __call__(self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]]) -> Executor:
        """An executor in this process."""
        return _InProcessExecutor(source, str(self._path or filename), stand_ins)


class _InProcessExecutor:
    def __init__(self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]]) -> None:
        self._board = Switchboard(stand_ins)
        self._payload = _load_payload(source, filename, self._board)
        self._runtime = Runtime(passing=(KeyboardInterrupt, bdb.BdbQuit), alone=False)

    def load(self) -> dict[str, Any] | None:
        return read_load_error(self._runtime.load(self._payload, self._board))

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:  # noqa: ARG002 - nobody else to protect
        self._board.connect(batch)
        return _answers(batch, list(self._runtime.run(batch.payload, self._board)), self._board)

    def close(self) -> str:
        return ""


class Sandboxed:
    """Runs student code in workers of a sandbox, one for each executor."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take workers from `sandbox`, which must be open."""
        self._sandbox = sandbox
        self.isolation = sandbox.isolation.describe()

    def __call__(self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]]) -> Executor:
        """An executor in a fresh worker."""
        return _SandboxedExecutor(self._sandbox, source, filename, stand_ins)


class _SandboxedExecutor:
    def __init__(
        self, sandbox: Sandbox, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]]
    ) -> None:
        self._board = Switchboard(stand_ins)
        self._payload = _load_payload(source, filename, self._board)
        self._worker = sandbox.worker().__enter__()

    def load(self) -> dict[str, Any] | None:
        return self._guarded(lambda: read_load_error(self._worker.load(self._payload, self._board)))

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        self._board.connect(batch)
        return self._guarded(
            lambda: _answers(batch, self._worker.run(batch.payload, self._board, seconds=seconds), self._board)
        )

    def _guarded(self, ask: Callable[[], _T]) -> _T:
        try:
            return ask()
        except WorkerFailure as failure:
            raise Stopped(
                str(failure.kind), failure.detail, failure.progress, fault_of_grader=failure.kind == Kind.GRADER
            ) from None
        except CodecError as error:
            raise Stopped("protocol", f"The code sent bytes that are no answer ({error}).", 0) from None

    def close(self) -> str:
        printed: bytes = self._worker.output
        self._worker.__exit__(None, None, None)
        return printed.decode("utf-8", "backslashreplace")
