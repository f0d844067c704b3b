"""Holds the answers of a submission against the checks of a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.kit.failure import CheckFailed, Kind
from autograder.worker.codec import CodecError, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.kit.trace import Call, Callback, Script


class Answers:
    """The answers to one example, as the checks see them."""

    def __init__(self, script: Script, chunk: bytes, calls: dict[int, list[Call]]) -> None:
        """Decode what came for `script`; `calls` holds the calls to each of its callbacks.

        Raises `CodecError` where `chunk` is not what the runtime sends.
        """
        self._script = script
        self._calls = calls
        observed = script.program[1]
        parts = decode(chunk)
        if type(parts) is not tuple or len(parts) != len(observed) + 1:
            message = "the wrong number of answers"
            raise CodecError(message)
        self._values = dict(zip(observed, parts, strict=False))
        if not all(_is_answer(answer) for answer in self._values.values()):
            message = "something that is not an answer"
            raise CodecError(message)
        self.errors, self.changed, self._warned, self.drew = _read_notes(parts[-1], len(script.program[0]))

    def value(self, step: int) -> Any:  # noqa: ANN401 - student code may answer anything
        """The value of a step; raises `CheckFailed` if it or a step that it needs raised."""
        answer = self._values[step]
        if len(answer) == 1:
            return answer[0]
        raise raised(answer[1], self.errors.get(answer[1]) or _NO_ERROR)

    def error(self, step: int) -> dict[str, Any] | None:
        """The error that a step, or one that it needs, raised."""
        answer = self._values[step]
        if len(answer) == 1:
            return None
        return self.errors.get(answer[1]) or _NO_ERROR

    def warnings(self, step: int) -> Sequence[str]:
        """The kinds of warning that a step gave."""
        return self._warned.get(step, ())

    def calls(self, callback: Callback) -> Sequence[Call]:
        """The calls that the student's code made to a callback."""
        for index, known in enumerate(self._script.callbacks):
            if known is callback:
                return self._calls.get(index, [])
        return []

    def verify(self) -> None:
        """Make all checks, the implied ones first; raises the first `CheckFailed`."""
        for step, index in self.changed:
            failed = CheckFailed("an argument was modified; work on a copy", kind=Kind.CHANGED_ARGUMENT)
            failed.step, failed.place = step, (index,)
            raise failed
        for step in self.drew:
            failed = CheckFailed(
                "the global NumPy generator was used; draw from nothing but `rng`", kind=Kind.GLOBAL_RANDOM
            )
            failed.step = step
            raise failed
        for check in self._script.checks:
            check(self)


_NO_ERROR: dict[str, Any] = {"type": "Exception", "kinds": [], "message": "", "lines": []}


def raised(step: int, error: dict[str, Any]) -> CheckFailed:
    """The failure for a step that raised."""
    if error["type"] == "MissingName":
        failed = CheckFailed(error["message"], kind=Kind.MISSING)
    elif "NotImplementedError" in error["kinds"]:
        failed = CheckFailed("not written yet: it raises NotImplementedError", kind=Kind.UNFINISHED)
    else:
        failed = CheckFailed(f"it raised {error['type']}", kind=Kind.RAISED)
    failed.step, failed.error = step, error
    return failed


def _is_answer(answer: object) -> bool:
    if type(answer) is not tuple:
        return False
    return len(answer) == 1 or (len(answer) == 2 and answer[0] == "failed" and type(answer[1]) is int)  # noqa: PLR2004


def _read_notes(
    notes: Any, steps: int  # noqa: ANN401 - it comes from the worker
) -> tuple[dict[int, dict[str, Any]], list[tuple[int, int]], dict[int, list[str]], list[int]]:
    """Read the worker's notes strictly; raises `CodecError`."""
    if notes is None:
        return {}, [], {}, []
    try:
        errors, changed, warned, drew = notes
        read = (
            {_step(key, steps): _read_error(error) for key, error in errors.items()},
            [(_step(step, steps), int(index)) for step, index in changed],
            {_step(step, steps): [str(kind)[:40] for kind in kinds][:3] for step, kinds in warned},
            [_step(step, steps) for step in drew],
        )
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        message = f"broken notes: {error}"
        raise CodecError(message) from None
    return read


def _step(value: Any, steps: int) -> int:  # noqa: ANN401
    number = int(value)
    if not 0 <= number < steps:
        message = "a step that is not there"
        raise ValueError(message)
    return number


def _read_error(error: Any) -> dict[str, Any]:  # noqa: ANN401
    """A worker's account of an exception, each part of the type that it must have."""
    return {
        "type": str(error["type"])[:100],
        "kinds": [str(kind)[:100] for kind in error["kinds"]][:20],
        "message": str(error["message"])[:500],
        "lines": [(int(number), str(function)[:100]) for number, function in error["lines"]][-5:],
    }


def read_load_error(data: bytes) -> dict[str, Any] | None:
    """What loading the module answered: None, or the exception that it raised. Raises `CodecError`."""
    error = decode(data)
    if error is None:
        return None
    try:
        return _read_error(error)
    except (TypeError, ValueError, KeyError) as wrong:
        message = f"broken account of an error: {wrong}"
        raise CodecError(message) from None
