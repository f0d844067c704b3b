"""Is the course sound? All problems at once, each with its file and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.bank import reference_source
from autograder.errors import AutograderError, GraderError, Problem, ProblemsError
from autograder.grading.executors import Executors, InProcess
from autograder.grading.grade import grade
from autograder.grading.judging import GraderStopped
from autograder.release import release_problems, release_text
from autograder.submission import Submission
from autograder.suite.build import load_suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.course import Assignment, Course
    from autograder.grading.result import Result
    from autograder.suite.build import Suite


def course_problems(course: Course, assignment: Assignment) -> list[Problem]:
    """What is wrong with an assignment; nothing when it can be given to a class.

    The reference must earn full points and the untouched stub none, every exercise must have tests, and what students
    get must be up to date and hold nothing of the solution.
    """
    problems: list[Problem] = []
    try:
        problems += release_problems(course, assignment)
    except ProblemsError as error:
        problems += error.problems
    try:
        suite = load_suite(course, assignment)
        problems += _without_tests(suite)
        problems += _reference_problems(course, suite)
        problems += _stub_problems(course, suite)
    except ProblemsError as error:
        problems += error.problems
    except AutograderError as error:
        problems.append(Problem(path=course.root / "tests" / assignment.name, reason=str(error)))
    return list(dict.fromkeys(problems))


def _without_tests(suite: Suite) -> Iterator[Problem]:
    for name in suite.untested:
        yield Problem(path=suite.folder, key=name, reason="has no test; mark one with @exercise")


def _reference_problems(course: Course, suite: Suite) -> Iterator[Problem]:
    path = course.root / "solutions" / suite.assignment.name / suite.assignment.module
    result = _graded(course, suite, reference_source(course, suite.assignment), InProcess(path))
    if result.problem:
        yield Problem(path=path, reason=f"the reference solution cannot be graded: {result.problem}")
    for exercise in result.exercises:
        for test in exercise.tests:
            if test.state != "passed" and not result.problem:
                said = f": {test.failure.says}" if test.failure is not None else ""
                yield Problem(
                    path=path,
                    key=exercise.name,
                    reason=f"the reference solution fails {test.name} ({test.title}){said}",
                )


def _stub_problems(course: Course, suite: Suite) -> Iterator[Problem]:
    path = course.root / "assignments" / suite.assignment.name / suite.assignment.module
    try:
        stub = release_text(course, suite.assignment)
    except ProblemsError:
        return
    result = _graded(course, suite, stub, InProcess(path))
    if result.problem:
        yield Problem(path=path, reason=f"the untouched stub cannot be loaded: {result.problem}")
    for exercise in result.exercises:
        if exercise.points:
            yield Problem(path=path, key=exercise.name, reason=f"the untouched stub earns {exercise.points:g} points")


def _graded(course: Course, suite: Suite, source: str, executors: Executors) -> Result:
    submission = Submission(
        student="(course)",
        assignment=suite.assignment.name,
        source=source.encode(),
        filename=suite.assignment.module,
        digest="",
    )
    try:
        return grade(submission, suite, executors, course, shrinking=False)
    except GraderStopped as error:
        raise GraderError(str(error)) from error
