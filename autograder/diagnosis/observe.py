"""What a submission answered to one example, in a form in which two submissions can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.kit.failure import CheckFailed, Kind
from autograder.worker.codec import Opaque

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from autograder.grading.replay import Answers

#: An example with more numbers than this is not looked at.
MOST_NUMBERS = 1_000_000
#: Of more numbers than this, as many are kept, evenly spaced.
KEPT_NUMBERS = 400
MOST_DEPTH = 8

_NUMBER = re.compile(r"-?\d[\d.,e+-]*(?: \[?[-\d., \]]+)?")


@dataclass(frozen=True)
class Observation:
    """The answers to one example: everything but the numbers, and the numbers."""

    form: str
    """Shapes and kinds of the answers, kinds of error and warning, changed arguments, use of the global generator."""
    numbers: NDArray[np.float64]
    sizes: NDArray[np.float64]
    """For each number, how large the numbers beside it are: what it may be off by is relative to that."""
    messages: tuple[str, ...]
    """The words of the exceptions."""


def observe(answers: Answers) -> Observation | None:
    """What was answered to an example; None where that is too much to compare."""
    taken = _Taken()
    notes = answers.notes
    forms: list[Hashable] = []
    for step, value in answers.values.items():
        forms.append((step, "lost") if step in notes.lost else (step, taken.take(value)))
    if taken.count > MOST_NUMBERS:
        return None
    errors = tuple(sorted((step, error["type"]) for step, error in notes.errors.items()))
    warned = tuple(sorted((step, tuple(sorted(kinds))) for step, kinds in notes.warned.items()))
    parts = taken.parts or [np.zeros(0)]
    sizes = [np.full(part.size, np.abs(part[np.isfinite(part)]).max(initial=0.0)) for part in parts]
    every = -(-taken.count // KEPT_NUMBERS) or 1
    return Observation(
        form=repr((forms, errors, warned, sorted(notes.changed), sorted(notes.drew))),
        numbers=np.concatenate(parts)[::every].copy(),
        sizes=np.concatenate(sizes)[::every].copy(),
        messages=tuple(str(error["message"]) for error in notes.errors.values()),
    )


def failures(answers: Sequence[Answers]) -> list[CheckFailed | None]:
    """For each example how it fails, or None where it passes."""
    found: list[CheckFailed | None] = []
    with np.errstate(all="ignore"):
        for answer in answers:
            try:
                answer.verify()
            except CheckFailed as failed:
                found.append(failed)
            else:
                found.append(None)
    return found


def manner(failed: CheckFailed) -> str:
    """In which way an example fails: the kind, and the words where they tell more than the answers, without numbers."""
    if failed.kind in (Kind.PROPERTY, Kind.DTYPE):
        return f"{failed.kind}: {_NUMBER.sub('#', failed.says) if failed.kind == Kind.PROPERTY else failed.says}"
    return str(failed.kind)


class _Taken:
    """The numbers of nested values, part by part."""

    def __init__(self) -> None:
        self.parts: list[NDArray[np.float64]] = []
        self.count = 0

    def take(self, value: Any, depth: int = 0) -> Hashable:
        """Keep the numbers of a value and return its form."""
        if self.count > MOST_NUMBERS or depth > MOST_DEPTH:
            return "too much"
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, bool | int | float):
            return self._number(value)
        if isinstance(value, complex):
            return self._array(np.asarray(value))
        if isinstance(value, dict):
            if "bit_generator" in value:
                return "generator"  # other mistakes draw as often, and the same mistake may draw more
            return ("dict", tuple((str(key), self.take(value[key], depth + 1)) for key in sorted(value, key=str)))
        if isinstance(value, list | tuple):
            if len(value) > 1 and all(type(item) is float for item in value):
                self._keep(np.array(value))
                return (type(value).__name__, len(value))
            return (type(value).__name__, tuple(self.take(item, depth + 1) for item in value))
        if isinstance(value, Opaque):
            return "opaque"
        return (type(value).__name__, repr(value)[:200])

    def _array(self, value: NDArray[Any]) -> Hashable:
        if value.dtype.kind == "c":
            self._keep(np.stack([value.real, value.imag]).astype(np.float64).ravel())
            return ("complex", value.shape)
        if value.dtype.kind not in "biuf":
            return ("array", value.shape, str(value.dtype))
        self._keep(value.astype(np.float64).ravel())
        return ("array", value.shape) if value.ndim else "number"

    def _number(self, value: float) -> Hashable:
        try:
            self._keep(np.array([float(value)]))
        except OverflowError:
            return ("int", hash(value))
        return "number"

    def _keep(self, part: NDArray[np.float64]) -> None:
        self.parts.append(part)
        self.count += part.size
