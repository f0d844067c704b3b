"""Where student code runs: in a locked-down worker, or in this very process for the student's own checks."""

from __future__ import annotations

import bdb
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograder.kit.failure import CheckFailed
from autograder.sandbox import Kind, WorkerFailure
from autograder.worker.codec import CodecError, encode
from autograder.worker.runtime import Runtime

from .bounded import TooMuch, bounded
from .callbacks import Switchboard
from .replay import Answers, first_failure, read_load_error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from autograder.sandbox import Limits, Sandbox
    from autograder.suite.build import Batch

_T = TypeVar("_T")

Found = tuple[int, CheckFailed] | None


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

    @property
    def lent(self) -> set[str]:
        """The stand-ins that were called since this was last cleared."""

    def load(self) -> dict[str, Any] | None:
        """Load the module; the error that it raised, or None. Raises `Stopped`."""

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        """Run a batch and give its answers, example by example. Raises `Stopped`."""

    def judge(self, answers: Sequence[Answers]) -> Found:
        """The first example that fails, and how; None when all pass."""

    def close(self) -> tuple[str, float]:
        """Let go of the module; what it printed, and the seconds that it computed or slept."""


class Executors(Protocol):
    """Makes executors."""

    isolation: str
    """In one line, what keeps the student's code apart."""

    def __call__(
        self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]], seconds: float
    ) -> Executor:
        """An executor for a module's source, some of its functions stood in for, that may use so many seconds."""


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

    def __init__(self, path: Path | None = None, *, passing: tuple[type[BaseException], ...] = ()) -> None:
        """Run modules as if they stood at `path`, where a debugger finds their source.

        Exceptions of the types `passing` go through to the caller, as Ctrl-C and leaving a debugger do.
        """
        self._path = path
        self._passing = passing

    def __call__(
        self,
        source: bytes,
        filename: str,
        stand_ins: dict[str, Callable[..., Any]],
        seconds: float = 0.0,  # noqa: ARG002
    ) -> Executor:
        """An executor in this process, where nothing is limited."""
        return InProcessExecutor(source, str(self._path or filename), stand_ins, self._passing)


class InProcessExecutor:
    """One module in this process; `Runtime` runs it."""

    def __init__(
        self,
        source: bytes,
        filename: str,
        stand_ins: dict[str, Callable[..., Any]],
        passing: tuple[type[BaseException], ...] = (),
    ) -> None:
        """Prepare; nothing runs yet."""
        self._board = Switchboard(stand_ins, trusting=True)
        self._payload = _load_payload(source, filename, self._board)
        self._runtime = Runtime(passing=(KeyboardInterrupt, bdb.BdbQuit, *passing), alone=False)

    @property
    def lent(self) -> set[str]:
        """The stand-ins that were called since this was last cleared."""
        return self._board.lent

    def load(self) -> dict[str, Any] | None:
        """Load the module; the error that it raised, or None."""
        return read_load_error(self._runtime.load(self._payload, self._board))

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:  # noqa: ARG002 - nobody else to protect
        """Run a batch and give its answers, example by example."""
        self._board.connect(batch)
        return _answers(batch, list(self._runtime.run(batch.payload, self._board)), self._board)

    def judge(self, answers: Sequence[Answers]) -> Found:
        """The first example that fails, and how; None when all pass."""
        return first_failure(answers)

    def close(self) -> tuple[str, float]:
        """Let go of the module; what was printed has been seen, and no time is counted."""
        return "", 0.0


class Sandboxed:
    """Runs student code in workers of a sandbox, one for each executor."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take workers from `sandbox`, which must be open."""
        self._sandbox = sandbox
        self.isolation = sandbox.isolation.describe()

    def __call__(
        self, source: bytes, filename: str, stand_ins: dict[str, Callable[..., Any]], seconds: float | None = None
    ) -> Executor:
        """An executor in a fresh worker."""
        limits = self._sandbox.limits
        limits = limits if seconds is None else replace(limits, submission_seconds=max(seconds, 0.1))
        return _SandboxedExecutor(self._sandbox, limits, source, filename, stand_ins)


class _SandboxedExecutor:
    def __init__(
        self,
        sandbox: Sandbox,
        limits: Limits,
        source: bytes,
        filename: str,
        stand_ins: dict[str, Callable[..., Any]],
    ) -> None:
        self._board = Switchboard(stand_ins)
        self._payload = _load_payload(source, filename, self._board)
        self._worker = self._guarded(lambda: sandbox.worker(limits))

    @property
    def lent(self) -> set[str]:
        return self._board.lent

    def load(self) -> dict[str, Any] | None:
        return self._guarded(lambda: read_load_error(self._worker.load(self._payload, self._board)))

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        self._board.connect(batch)
        chunks = self._guarded(lambda: self._worker.run(batch.payload, self._board, seconds=seconds))
        return self._guarded(lambda: self._decoded(batch, chunks))

    def _decoded(self, batch: Batch, chunks: list[bytes]) -> list[Answers]:
        """Decode what came, within bounds: small bytes can stand for large structures."""
        try:
            with bounded():
                return _answers(batch, chunks, self._board)
        except TooMuch as error:
            raise Stopped("output", f"The answers are too large to be read: they take {error}.", 0) from None

    def _guarded(self, ask: Callable[[], _T]) -> _T:
        try:
            return ask()
        except WorkerFailure as failure:
            raise Stopped(
                str(failure.kind), failure.detail, failure.progress, fault_of_grader=failure.kind == Kind.GRADER
            ) from None
        except TooMuch as error:
            raise Stopped("timeout", f"The code asked a function of the test for {error}.", 0) from None
        except CodecError as error:
            raise Stopped("protocol", f"The code sent bytes that are no answer ({error}).", 0) from None

    def judge(self, answers: Sequence[Answers]) -> Found:
        try:
            with bounded():
                return first_failure(answers)
        except TooMuch as error:
            return 0, CheckFailed(f"the answer is too large to be checked: it takes {error}")

    def close(self) -> tuple[str, float]:
        self._worker.close()
        worker = self._worker
        return worker.output.decode("utf-8", "backslashreplace"), worker.cpu_seconds + worker.slept_seconds
