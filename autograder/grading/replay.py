"""Holds the answers of a submission against the checks of a script."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.kit.failure import AuthorError, CheckFailed, Kind
from autograder.worker.codec import CodecError, decode, decode_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.kit.trace import Call, Callback, Script


#: How many right answers to one example are kept in mind.
MOST_KEPT = 8
#: Answers of more bytes than this are known by their digest.
LONG = 1 << 10


class Answers:
    """The answers to one example, as the checks see them.

    Checks are functions of what came and of nothing else, so the bytes that were right once are right again: most of a
    class gives the same ones, and they are neither decoded nor checked anew.
    """

    def __init__(self, script: Script, chunk: bytes, calls: dict[int, list[Call]]) -> None:
        """Take what came for `script`; `calls` holds the calls to each of its callbacks.

        Raises `CodecError` where `chunk` is not what the runtime sends.
        """
        self._script = script
        self._chunk = chunk
        self._calls = calls
        self._known = not calls and _identity(chunk) in script.right
        if not self._known:
            _ = self._decoded

    @cached_property
    def _decoded(self) -> tuple[dict[int, Any], Notes]:
        steps, observed = self._script.program
        parts = decode_answers(self._chunk, len(observed) + 1)
        notes = _NO_NOTES if parts[-1] is None else _read_notes(parts[-1], len(steps))
        return dict(zip(observed, parts, strict=False)), notes

    @property
    def values(self) -> dict[int, Any]:
        """The values of the observed steps; None for one that was lost."""
        return self._decoded[0]

    @property
    def notes(self) -> Notes:
        """What the worker says beside the values."""
        return self._decoded[1]

    def value(self, step: int) -> Any:
        """The value of a step; raises `CheckFailed` if it or a step that it needs raised."""
        origin = self.notes.lost.get(step)
        if origin is not None:
            raise raised(origin, self.notes.errors.get(origin, _NO_ERROR))
        return self.values[step]

    def error(self, step: int) -> dict[str, Any] | None:
        """The error that a step, or one that it needs, raised."""
        origin = self.notes.lost.get(step)
        return None if origin is None else self.notes.errors.get(origin, _NO_ERROR)

    def warnings(self, step: int) -> Sequence[str]:
        """The kinds of warning that a step gave."""
        return self.notes.warned.get(step, ())

    def calls(self, callback: Callback) -> Sequence[Call]:
        """The calls that the student's code made to a callback."""
        for index, known in enumerate(self._script.callbacks):
            if known is callback:
                return self._calls.get(index, [])
        return []

    def verify(self) -> None:
        """Make all checks, the implied ones first; raises the first `CheckFailed`.

        An exception that no check has met fails the test, as it would in any other test.
        """
        if self._known:
            return
        for step, index in self.notes.changed:
            failed = CheckFailed("an argument was modified; work on a copy", kind=Kind.CHANGED_ARGUMENT)
            failed.step, failed.place = step, (index,)
            raise failed
        for step in self.notes.drew:
            failed = CheckFailed(
                "the global NumPy generator was used; draw from nothing but `rng`", kind=Kind.GLOBAL_RANDOM
            )
            failed.step = step
            raise failed
        for check in self._script.checks:
            check(self)
        for step, error in self.notes.errors.items():
            if step not in self.notes.lost.values():
                raise raised(step, error)
        if not self._calls and len(self._script.right) < MOST_KEPT:
            self._script.right.add(_identity(self._chunk))


def _identity(chunk: bytes) -> bytes | str:
    """What an answer is known by: itself, or a text, which no answer is."""
    return chunk if len(chunk) <= LONG else hashlib.blake2b(chunk).hexdigest()


def first_failure(answers: Sequence[Answers]) -> tuple[int, CheckFailed] | None:
    """The number of the first example that fails, and how; None when all pass."""
    with np.errstate(all="ignore"):
        for number, answer in enumerate(answers):
            try:
                answer.verify()
            except CheckFailed as failed:
                return number, failed
            except AuthorError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a value leads a check to is the value's fault
                message = f"the answer is not of the kind that is due ({type(error).__name__})"
                return number, CheckFailed(message, kind=Kind.TYPE)
    return None


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


@dataclass(frozen=True)
class Notes:
    """What the worker says beside the values: it can only cost points."""

    errors: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What each step raised."""
    lost: dict[int, int] = field(default_factory=dict)
    """For each observed step without a value, the step that raised."""
    changed: list[tuple[int, int]] = field(default_factory=list)
    """Calls that modified an argument, and which constant that was."""
    warned: dict[int, list[str]] = field(default_factory=dict)
    drew: list[int] = field(default_factory=list)
    """Calls that used the global generator."""


_NO_NOTES = Notes()


def _read_notes(notes: Any, steps: int) -> Notes:
    """Read the worker's notes strictly; raises `CodecError`."""
    try:
        errors, lost, changed, warned, drew = notes
        return Notes(
            errors={_step(key, steps): _read_error(error) for key, error in errors.items()},
            lost={_step(key, steps): _step(origin, steps) for key, origin in lost.items()},
            changed=[(_step(step, steps), int(index)) for step, index in changed],
            warned={_step(step, steps): [str(kind)[:40] for kind in kinds][:3] for step, kinds in warned},
            drew=[_step(step, steps) for step in drew],
        )
    except Exception as error:  # noqa: BLE001 - whatever a forged note leads to
        message = f"broken notes: {type(error).__name__}"
        raise CodecError(message) from None


def _step(value: Any, steps: int) -> int:
    number = int(value)
    if not 0 <= number < steps:
        message = "a step that is not there"
        raise ValueError(message)
    return number


def _read_error(error: Any) -> dict[str, Any]:
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
    except Exception as wrong:  # noqa: BLE001 - whatever a forged account leads to
        message = f"broken account of an error: {type(wrong).__name__}"
        raise CodecError(message) from None
