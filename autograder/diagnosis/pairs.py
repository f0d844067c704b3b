"""What a failing exercise's checks compared: expected and got, with the inputs of the example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.kit.checks import NotedCheck
from autograder.kit.failure import CheckFailed, Kind
from autograder.worker import steps as operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from autograder.grading.replay import Answers
    from autograder.kit.trace import Script
    from autograder.suite.build import TracedTest

    from .naming import FailedTest

MOST_PAIRS = 60
MOST_ENTRIES = 5000
CLOSE = 1e-6
#: A right answer below this may be one that anything passes for.
NEGLIGIBLE = 1e-5
#: Failures beside the answers, of which answers say nothing.
APART = (Kind.NOT_RAISED, Kind.WARNING)


@dataclass(frozen=True)
class Pair:
    """One comparison that failed."""

    expected: NDArray[np.float64]
    got: NDArray[np.float64]
    kind: str
    part: str
    """What was compared, such as `dw`; empty for the result of a call itself."""
    inputs: dict[str, NDArray[np.float64]]
    """The example's numbers and arrays, by name."""
    earlier: tuple[NDArray[np.float64], ...]
    """What was answered before in the same example."""

    @property
    def same_shape(self) -> bool:
        """Whether entries can be compared."""
        return self.expected.shape == self.got.shape


@dataclass(frozen=True)
class Evidence:
    """All that the failing tests compared."""

    pairs: tuple[Pair, ...]
    agreeing: tuple[Pair, ...]
    """What was right in the passing examples of the same tests; got stands for expected there."""
    parts_right: frozenset[str]
    """The parts that some check of a failing example found right, and none wrong."""
    complete: bool
    """Whether every failing example gave at least one pair, but for those that fail beside their answers."""


def close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether two arrays of the same shape agree; empty ones agree with nothing."""
    if one.shape != other.shape or not one.size:
        return False
    size = float(np.abs(other).max())
    return bool(np.isfinite(size) and (np.abs(one - other) <= CLOSE * size).all())


def near(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which entries agree."""
    return np.asarray((np.abs(one - other) <= CLOSE * np.abs(other) + 1e-12) | (one == other))


def gather(tests: Sequence[FailedTest]) -> Evidence:
    """All comparisons of expected and got in the failing examples."""
    pairs: list[Pair] = []
    agreeing: list[Pair] = []
    right: set[str] = set()
    complete = True
    names: dict[tuple[str, int], str] = {}
    inputs = {
        (id(test), number): _Inputs(test.verdict.traced, number, names)
        for test in tests
        for number in range(len(test.failures))
    }
    for test in tests:
        agreeing += _agreeing(test, inputs)
        traced = test.verdict.traced
        for number in test.seen:
            if len(pairs) >= MOST_PAIRS:
                break
            script = traced.scripts[number]
            found, fine = _of_example(script, test.verdict.answers[number], inputs[id(test), number])
            pairs += found
            right |= fine
            failure = test.failures[number]
            if failure is not None and failure.kind not in APART:
                complete = complete and bool(found) and failure.kind in (Kind.VALUE, Kind.SHAPE, Kind.NOT_FINITE)
    wrong = {pair.part for pair in pairs}
    return Evidence(tuple(pairs), tuple(agreeing[:MOST_PAIRS]), frozenset(right - wrong), complete)


def _agreeing(test: FailedTest, known: dict[tuple[int, int], _Inputs]) -> Iterator[Pair]:
    """The right answers to the examples of a failing test that pass; all zeros agree with everything."""
    for number, failure in enumerate(test.failures):
        if failure is not None:
            continue
        answers = test.verdict.answers[number]
        for step, value in ((step, _array(value)) for step, value in answers.values.items()):
            if value is not None and np.isfinite(value).all() and np.abs(value).max(initial=0.0) > NEGLIGIBLE:
                yield Pair(value, value, "", "", known[id(test), number].before(step), ())


def _of_example(script: Script, answers: Answers, inputs: _Inputs) -> tuple[list[Pair], set[str]]:
    pairs: list[Pair] = []
    right: set[str] = set()
    earlier: list[NDArray[np.float64]] = []
    for check in script.checks:
        if not isinstance(check, NotedCheck):
            continue
        step = check.steps[0] if check.steps else None
        part = _part(script, step)
        try:
            check(answers)
        except CheckFailed as failed:
            inside, expected, got = _arrays(failed)
            if expected is not None and got is not None:
                pairs.append(Pair(expected, got, str(failed.kind), inside or part, inputs.before(step), tuple(earlier)))
        else:
            right.add(part)
        if step is not None and (value := _array(answers.values.get(step))) is not None:
            earlier.append(value)
    return pairs, right


def _arrays(failed: CheckFailed) -> tuple[str, NDArray[np.float64] | None, NDArray[np.float64] | None]:
    expected, got = _array(failed.expected), _array(failed.got)
    place = failed.place or ()
    prefix = place[: len(place) - expected.ndim] if expected is not None and failed.kind != Kind.SHAPE else place
    return next((key for key in reversed(prefix) if isinstance(key, str)), ""), expected, got


def _array(value: Any) -> NDArray[np.float64] | None:
    """A value as an array of floats; None for what is none, or is too large."""
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biuf" and value.size <= MOST_ENTRIES:
        return np.asarray(value, np.float64)
    if isinstance(value, int | float):
        try:
            return np.asarray(float(value))
        except OverflowError:
            return None
    return None


def _part(script: Script, step: int | None) -> str:
    """The attribute or key that a step reads."""
    if step is None:
        return ""
    operation, *parts = script.program[0][step]
    if operation == operations.SNAPSHOT and isinstance(parts[0], int) and parts[0] >= 0:
        return _part(script, parts[0])
    if operation == operations.GETATTR:
        return str(parts[1])
    if operation == operations.GETITEM and parts[1] < 0:
        key = script.inputs[~parts[1]]
        return key if isinstance(key, str) else ""
    return ""


class _Inputs:
    """What the calls of an example were given, by the names that the test's examples have for it."""

    def __init__(self, traced: TracedTest, number: int, names: dict[tuple[str, int], str]) -> None:
        self._script = traced.scripts[number]
        drawn = {id(value): name for name, value in traced.examples[number].inputs.items()}
        known = {id(self._script.inputs[index]): name for index, name in self._script.names.items()}
        self._names = names
        for place, value in self._given():
            name = drawn.get(id(value)) or known.get(id(value))
            if name and name.isidentifier():
                names.setdefault(place, name)

    def _given(self, last: int | None = None) -> Iterator[tuple[tuple[str, int], Any]]:
        steps = self._script.program[0]
        for step in steps if last is None else steps[: last + 1]:
            if step[0] != operations.CALL:
                continue
            target, operands = step[1], step[2]
            if not isinstance(target, str):
                read = steps[target] if target >= 0 else ()
                target = str(read[2]) if read and read[0] == operations.GETATTR else ""
            for position, operand in enumerate(operands):
                if operand < 0:
                    yield (target, position), self._script.inputs[~operand]

    def before(self, step: int | None) -> dict[str, NDArray[np.float64]]:
        """The numbers and arrays passed up to a step, the last ones where there are several of a name."""
        found: dict[str, NDArray[np.float64]] = {}
        for place, value in self._given(step):
            name = self._names.get(place, f"argument {place[1] + 1} of {place[0]}")
            items = value.items() if isinstance(value, dict) else ((name, value),)
            for key, item in items:
                array = None if isinstance(item, bool) else _array(item)
                if array is not None:
                    found[str(key)] = array
        return found
