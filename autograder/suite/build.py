"""The suite: every test's examples drawn, its scripts traced and its batch encoded, once for a whole class."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import hypothesis

import autograder
from autograder.errors import GraderError, Problem, ProblemsError
from autograder.kit.failure import AuthorError
from autograder.kit.trace import Callback, Script, trace
from autograder.worker.codec import Packed

from .draw import Example, draw_examples
from .load import TestFiles, load_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from autograder.course import Assignment, Course
    from autograder.kit.exercise import GradedTest

#: The seed of a student's own checks; the grader's comes from the course.
PRACTICE_SEED = "practice"
#: So many of the first examples are asked again at the end: a right function answers the same.
ASKED_AGAIN = 2

_T = TypeVar("_T")


@dataclass(frozen=True)
class Batch:
    """What crosses to the worker for one test, and the functions that may be called back from there."""

    payload: bytes
    callbacks: tuple[tuple[int, int, Callback], ...]
    """For each callback index: the number of the example, the callback's place in its script, and the callback."""
    scripts: tuple[Script, ...]


class TracedTest:
    """A graded test with its examples and scripts, which are made when first asked for."""

    def __init__(self, test: GradedTest, seed: str) -> None:
        """Prepare `test` under `seed`."""
        self.test = test
        self._seed = f"{seed}/{test.exercise}/{test.name}"

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The drawn examples, smallest first, the first few again at the end."""
        strategy = self.test.strategy
        if strategy is None:
            return (Example({}, ()),)
        try:
            drawn = draw_examples(strategy, self.test.examples, self._seed)
        except Exception as error:
            message = f"{place_of(self.test)}: the examples cannot be drawn: {error}"
            raise GraderError(message) from error
        return (*drawn, *(drawn[:ASKED_AGAIN] if len(drawn) > 1 else ()))

    @cached_property
    def scripts(self) -> tuple[Script, ...]:
        """A script for each example."""
        return tuple(self.trace(example.inputs) for example in self.examples)

    @cached_property
    def batch(self) -> Batch:
        """The scripts of all examples, encoded."""
        return batch_of(self.scripts)

    def trace(self, inputs: dict[str, Any]) -> Script:
        """Trace the test on one set of inputs; a test that cannot be traced is the grader's fault."""
        try:
            return trace(self.test.function, inputs)
        except AuthorError as error:
            message = f"{place_of(self.test)}: {error}"
            raise GraderError(message) from error
        except Exception as error:
            message = f"{place_of(self.test)}: {type(error).__name__} in the test itself: {error}"
            raise GraderError(message) from error


def batch_of(scripts: Sequence[Script]) -> Batch:
    """Encode scripts as one batch; those that differ only in their numbers share a program."""
    programs: list[Any] = []
    numbers: dict[bytes, int] = {}
    examples: list[tuple[int, int, tuple[Packed, ...]]] = []
    callbacks: list[tuple[int, int, Callback]] = []
    for number, script in enumerate(scripts):
        key = marshal.dumps(script.program, 2)
        if key not in numbers:
            numbers[key] = len(programs)
            programs.append(script.program)
        examples.append((numbers[key], len(callbacks), script.constants))
        callbacks += [(number, place, callback) for place, callback in enumerate(script.callbacks)]
    return Batch(marshal.dumps((programs, examples)), tuple(callbacks), tuple(scripts))


class Suite:
    """The tests of one assignment under one seed."""

    def __init__(self, assignment: Assignment, files: TestFiles, seed: str) -> None:
        """Check that tests and exercises match; nothing is drawn yet."""
        self.assignment = assignment
        self.seed = seed
        self.stand_ins = files.stand_ins
        self.folder = files.folder
        self.files_digest = files.digest
        by_exercise: dict[str, list[TracedTest]] = {
            exercise.name: [] for exercise in assignment.exercises if not exercise.written
        }
        unknown = [test for test in files.tests if test.exercise not in by_exercise]
        if unknown:
            raise ProblemsError(
                [
                    Problem(
                        path=_file_of(test),
                        line=_line_of(test),
                        reason=f"no exercise {test.exercise!r} in {assignment.name}",
                    )
                    for test in unknown
                ]
            )
        for test in files.tests:
            by_exercise[test.exercise].append(TracedTest(test, f"{seed}/{assignment.name}"))
        self.tests = by_exercise
        self._batches: dict[str, Batch] = {}

    def prepare(self) -> None:
        """Draw and trace everything now, so that forked processes share it."""
        for name in self.tests:
            self.batch(name)

    def batch(self, exercise: str) -> Batch:
        """The scripts of all tests of an exercise, encoded as one."""
        if exercise not in self._batches:
            self._batches[exercise] = batch_of([script for test in self.tests[exercise] for script in test.scripts])
        return self._batches[exercise]

    def split(self, exercise: str, answers: Sequence[_T]) -> list[Sequence[_T]]:
        """What came for an exercise's batch, test by test."""
        parts: list[Sequence[_T]] = []
        begin = 0
        for test in self.tests[exercise]:
            end = begin + len(test.scripts)
            parts.append(answers[begin:end])
            begin = end
        return parts

    def locate(self, exercise: str, example: int) -> tuple[int, int]:
        """The number of the test that an example of an exercise's batch belongs to, and the example's number in it."""
        for number, test in enumerate(self.tests[exercise]):
            if example < len(test.scripts):
                return number, max(example, 0)
            example -= len(test.scripts)
        return len(self.tests[exercise]) - 1, 0

    def all_tests(self) -> Iterable[TracedTest]:
        """Every test, exercise by exercise in the order of `course.toml`."""
        return (test for tests in self.tests.values() for test in tests)

    @property
    def untested(self) -> list[str]:
        """Exercises without a test."""
        return [name for name, tests in self.tests.items() if not tests]

    @cached_property
    def digest(self) -> str:
        """What results depend on beside the submission: tests, points, limits, seed, and what draws."""
        parts = (
            self.files_digest,
            self.seed,
            repr(self.assignment.exercises),
            repr(self.assignment.limits),
            autograder.__version__,
            hypothesis.__version__,
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def stand_ins_for(self, exercises: Iterable[str]) -> dict[str, Callable[..., Any]]:
        """The definitions that may stand in for the functions of these exercises."""
        wanted = set(exercises)
        return {
            name: function
            for stand_in in self.stand_ins
            if stand_in.exercise in wanted
            for name, function in stand_in.functions.items()
        }


def load_suite(course: Course, assignment: Assignment, seed: str | None = None) -> Suite:
    """Load the suite of an assignment; the seed is the course's unless another is given."""
    files = load_tests(course.root / "tests" / assignment.name)
    return Suite(assignment, files, course.seed if seed is None else seed)


def place_of(test: GradedTest) -> str:
    """Where a test stands, as `file:line`."""
    return f"{_file_of(test)}:{_line_of(test)}"


def _file_of(test: GradedTest) -> Path:
    return Path(test.function.__code__.co_filename)


def _line_of(test: GradedTest) -> int:
    return test.function.__code__.co_firstlineno
