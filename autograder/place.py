"""Finds out which assignment a student's folder holds, and where its course and its tests are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import FILE_NAME, Assignment, Course, find_root, load_course
from autograder.errors import CourseError, UsageError
from autograder.release_tests import FOLDER
from autograder.suite.build import PRACTICE_SEED, Suite
from autograder.suite.load import load_tests


class LostError(UsageError):
    """A folder does not stand where its course or its tests can be found; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where a student works on an assignment."""

    course: Course
    assignment: Assignment
    folder: Path
    """That of the module and the notebook."""
    tests: Path

    @property
    def module(self) -> Path:
        """The student's module."""
        return self.folder / self.assignment.module

    @property
    def alone(self) -> bool:
        """Whether it is a released folder without a course around it."""
        return self.tests == self.folder / FOLDER


def find_place(folder: Path, exercise: str | None = None) -> Place:
    """Return the place that `folder` is; `exercise` helps where the folder's name does not tell.

    The course is that of the nearest `course.toml` at or above the folder. Where there is none, the folder is one that
    was released and stands alone, with its own tests in it. Raises `LostError`, and `CourseError` where `course.toml`
    is wrong.
    """
    folder = folder.absolute()
    try:
        find_root(folder)
    except CourseError:
        return lone_place(folder)
    course = load_course(folder)
    assignment = _assignment(course, folder, exercise)
    tests = course.root / "tests" / assignment.name
    if any(tests.glob("test_*.py")):
        return Place(course, assignment, folder, tests)
    message = f"{tests}: the tests of {assignment.name} are not here; get the course's folder anew"
    raise LostError(message)


def lone_place(folder: Path) -> Place:
    """Return the place that a released folder is by itself; raises `LostError`."""
    folder = folder.absolute()
    tests = folder / FOLDER
    if not (tests / FILE_NAME).is_file():
        message = (
            f"there is no {FILE_NAME} here nor in any folder above, and no {FOLDER}/{FILE_NAME}; "
            "go to the course's folder, or to an assignment's as it was released"
        )
        raise LostError(message)
    course = load_course(tests)
    return Place(course, course.assignments[0], folder, tests)


def _assignment(course: Course, folder: Path, exercise: str | None) -> Assignment:
    """The assignment that the folder is named after, else whose files it holds, else that has the exercise."""
    named = [each for each in course.assignments if each.name == folder.name]
    held = [each for each in course.assignments if (folder / each.notebook).exists() or (folder / each.module).exists()]
    asked = [each for each in course.assignments if exercise in {one.name for one in each.exercises}]
    for candidates in (named, [each for each in held if each in asked], held, asked):
        if len(candidates) == 1:
            return candidates[0]
    names = ", ".join(each.name for each in course.assignments)
    message = f"{folder}: no assignment of the course; an assignment's folder bears its name: {names}"
    raise LostError(message)


_Stamp = tuple[tuple[str, int, int], ...]
_suites: dict[Path, tuple[_Stamp, Assignment, Suite]] = {}


def suite_at(place: Place) -> Suite:
    """Return the tests of the assignment under the practice seed, loaded and drawn once until one of them changes."""
    stamp = _stamp(place.tests)
    known = _suites.get(place.tests)
    if known is None or known[:2] != (stamp, place.assignment):
        known = stamp, place.assignment, Suite(place.assignment, load_tests(place.tests), PRACTICE_SEED)
        _suites[place.tests] = known
    return known[2]


def _stamp(folder: Path) -> _Stamp:
    files = (file for file in sorted(folder.rglob("*")) if "__pycache__" not in file.parts and file.is_file())
    return tuple((str(file), (status := file.stat()).st_mtime_ns, status.st_size) for file in files)
