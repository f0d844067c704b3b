"""A small course that is made in a temporary folder, and the ways to judge a student's module with it.

It has nothing to do with the shipped one: a framework that knows only its own course would pass for one that works.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course, load_course
from autograder.grading.executors import Executors, InProcess, Sandboxed
from autograder.grading.grade import grade
from autograder.grading.replay import first_failure
from autograder.grading.result import ExerciseResult, Result
from autograder.grading.run import sandbox_limits
from autograder.kit.failure import CheckFailed
from autograder.kit.trace import trace
from autograder.sandbox import Sandbox
from autograder.submission import Submission, read_module
from autograder.suite.build import Suite, batch_of, load_suite

COURSE = """\
[course]
id = "shapes"
title = "Areas and sums"
seed = "spring"

[limits]
call_seconds = 0.5
submission_seconds = 8
memory_mb = 256

[assignments.areas]
title = "Areas"
exercises = [
    { name = "area", points = 3 },
    { name = "mean", points = 2 },
    { name = "scaled", points = 2, all_or_nothing = true },
    { name = "counter", points = 3 },
    { name = "essay", points = 5, written = true },
]
"""

SOLUTION = '''\
"""Areas of rectangles, and what can be done with numbers."""

import numpy as np


def area(a, b):
    """Multiply the sides entry by entry."""
    ### BEGIN SOLUTION
    return a * b
    ### END SOLUTION


def mean(x):
    """Give the mean of all entries."""
    ### BEGIN SOLUTION
    return np.sum(x) / np.size(x)
    ### END SOLUTION


def scaled(x, factor=2.0):
    """Multiply the mean of x by a factor."""
    ### BEGIN SOLUTION
    return factor * mean(x)
    ### END SOLUTION


class Counter:
    """Counts up from a start."""

    def __init__(self, start=0):
        """Begin at `start`."""
        ### BEGIN SOLUTION
        self.count = start
        ### END SOLUTION

    def add(self, amount):
        """Add an amount, and give the new count."""
        ### BEGIN SOLUTION
        self.count = self.count + amount
        return self.count
        ### END SOLUTION
'''

TESTS = '''\
"""Graded tests of a small course."""

import numpy as np

from autograder.kit import (
    arrays, check_close, check_raises, dim, exercise, floats, given, integers, stand_in, upstream,
)

from . import oracle

stand_in("mean", mean=oracle.mean)


@exercise("area", weight=2, examples=12)
@given(a=arrays("N M"), b=upstream("a"))
def test_area_values(submission, a, b):
    """Each entry is the product of the two sides."""
    check_close(submission.area(a, b), oracle.area(a, b))


@exercise("area")
def test_area_of_one(submission):
    """A single rectangle works too."""
    check_close(submission.area(np.array([3.0]), np.array([2.0])), np.array([6.0]))


@exercise("mean", examples=12)
@given(x=arrays("N M"))
def test_mean(submission, x):
    """It is the sum over the count."""
    check_close(submission.mean(x), oracle.mean(x))


@exercise("scaled", examples=8)
@given(x=arrays("N"), factor=floats(1, 3))
def test_scaled(submission, x, factor):
    """It is the factor times the mean."""
    check_close(submission.scaled(x, factor), factor * oracle.mean(x))


@exercise("scaled")
def test_default_factor(submission):
    """The factor is 2 unless another is given."""
    check_close(submission.scaled(np.array([1.0, 2.0])), 3.0)


@exercise("counter", examples=8)
@given(start=integers(0, 9), amounts=arrays("N", integers=False))
def test_counter(submission, start, amounts):
    """Amounts add up."""
    counter = submission.Counter(start)
    counter.add(float(amounts[0]))
    check_close(counter.add(1), start + float(amounts[0]) + 1)


@exercise("counter", needs=("area",))
def test_counter_attribute(submission):
    """The count can be read."""
    counter = submission.Counter(5)
    check_close(counter.count, 5)
'''

ORACLE = '''\
"""What the functions mean."""

import math

import numpy as np


def area(a, b):
    return np.array([[float(p) * float(q) for p, q in zip(r, s)] for r, s in zip(a, b)])


def mean(x):
    return math.fsum(np.ravel(x).tolist()) / np.size(x)
'''

RIGHT = "".join(line for line in SOLUTION.splitlines(keepends=True) if "SOLUTION" not in line)

Judge = Callable[..., "CheckFailed | None"]


def lay_out(root: Path) -> None:
    """Write the small course into a folder."""
    files = {
        "course.toml": COURSE,
        "solutions/areas/areas.py": SOLUTION,
        "tests/areas/__init__.py": "",
        "tests/areas/oracle.py": ORACLE,
        "tests/areas/test_areas.py": TESTS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture(autouse=True)
def _no_seed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the seed of whoever runs the tests out of them."""
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course, in a folder that no test changes."""
    root = tmp_path_factory.mktemp("course")
    lay_out(root)
    return load_course(root)


@pytest.fixture(scope="session")
def small_suite(small_course: Course) -> Suite:
    """The tests of the small course, drawn once."""
    suite = load_suite(small_course, small_course.assignment("areas"))
    suite.prepare()
    return suite


@pytest.fixture
def course_root(tmp_path: Path) -> Path:
    """A small course of the test's own, to change as it likes."""
    root = tmp_path / "course"
    lay_out(root)
    return root


@pytest.fixture(scope="session")
def small_sandbox(small_course: Course) -> Iterator[Sandbox]:
    """A sandbox with the small course's limits."""
    with Sandbox(sandbox_limits(small_course.assignment("areas"))) as made:
        yield made


@pytest.fixture(scope="session")
def sandboxed(small_sandbox: Sandbox) -> Executors:
    """What runs student code in locked-down workers."""
    return Sandboxed(small_sandbox)


@pytest.fixture
def right() -> str:
    """A module that is right in every exercise."""
    return RIGHT


def hand_in(source: str | bytes, filename: str = "areas.py") -> Submission:
    """What a student handed in."""
    data = source.encode() if isinstance(source, str) else source
    return Submission(student="ada", assignment="areas", source=data, filename=filename, digest="d")


@pytest.fixture
def grade_small(small_course: Course, small_suite: Suite) -> Callable[..., Result]:
    """Grade a module for the small course; in this process unless other executors are given."""

    def graded(source: str | bytes, executors: Executors | None = None, **options: Any) -> Result:
        return grade(hand_in(source), small_suite, executors or InProcess(), small_course, **options)

    return graded


@pytest.fixture
def grade_course() -> Callable[..., Result]:
    """Grade a module for the course in a folder, whose tests may have been changed."""

    def graded(root: Path, source: str | Path, executors: Executors | None = None, **options: Any) -> Result:
        course = load_course(root)
        assignment = course.assignments[0]
        if isinstance(source, Path):
            submission = read_module(source, assignment, student="ada")
        else:
            submission = hand_in(source, assignment.module)
        return grade(submission, load_suite(course, assignment), executors or InProcess(), course, **options)

    return graded


@pytest.fixture
def exercise_of() -> Callable[[Result, str], ExerciseResult]:
    """Find an exercise in a result."""
    return lambda result, name: next(each for each in result.exercises if each.name == name)


@pytest.fixture
def judge() -> Judge:
    """Judge a module by one test function on one example: the failure, or None."""

    def judged(function: Callable[..., None], source: str, inputs: dict[str, Any] | None = None) -> CheckFailed | None:
        batch = batch_of([trace(function, inputs or {})])
        executor = InProcess()(textwrap.dedent(source).encode(), "student.py", {}, 0.0)
        assert executor.load() is None
        found = first_failure(executor.run(batch))
        return None if found is None else found[1]

    return judged


@pytest.fixture
def write_module(course_root: Path) -> Callable[[str, str], Path]:
    """Hand in a module for a student of the small course."""

    def write(student: str, source: str) -> Path:
        path = course_root / "submitted" / student / "areas" / "areas.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return write


@pytest.fixture
def course_copy(tmp_path: Path) -> Path:
    """The shipped course's tests, solutions and configuration, in a folder of the test's own."""
    here = Path(__file__).parents[2]
    root = tmp_path / "shipped"
    root.mkdir()
    shutil.copy(here / "course.toml", root)
    for name in ("solutions", "tests", "assignments"):
        if (here / name).exists():
            ignore = shutil.ignore_patterns("__pycache__", "framework", "sandbox")
            shutil.copytree(here / name, root / name, ignore=ignore)
    return root
