"""The shipped course's banks, and Results made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course, load_course
from autograder.diagnosis.selfcheck import Bench
from autograder.grading.result import SCHEMA, ExerciseResult, Failure, Result, Run, TestResult

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return load_course(ROOT)


@pytest.fixture(scope="session")
def neuron(course) -> Bench:
    """The bank of the first assignment."""
    return Bench(course, course.assignment("neuron"))


@pytest.fixture(scope="session")
def losses(course) -> Bench:
    """The bank of another assignment."""
    return Bench(course, course.assignment("losses"))


def result_of(student: str, shares: dict[str, float], **more) -> Result:
    """A result in which each exercise is worth one point and earned so much of it."""
    exercises = tuple(_exercise(name, share, more.pop(name.replace("-", "_"), {})) for name, share in shares.items())
    fields = {"notes": (), "output": "", "problem": "", "problem_lines": (), "state": "graded", **more}
    return Result(
        schema=SCHEMA, course="nnf", assignment="neuron", student=student, score=sum(shares.values()),
        max_score=float(len(shares)), exercises=exercises, submission="0", suite="0", run=Run("", 0.0, ""), **fields,
    )  # fmt: skip


def _exercise(name: str, share: float, more: dict) -> ExerciseResult:
    state = "passed" if share == 1 else "partly" if share else "failed"
    failure = (
        None
        if share == 1
        else Failure(kind="value", says="2 of 2 entries are wrong", expected="[1. 2.]", got="[2. 4.]")
    )
    test = TestResult("test_values", "The values are right.", "passed" if share == 1 else "failed", 1.0, share, failure)
    return ExerciseResult(name=name, points=share, max_points=1.0, state=state, tests=(test,), **more)
