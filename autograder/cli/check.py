"""`autograder check`: a student's own look, in the student's own process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.feedback.terminal import student_report
from autograder.grading.executors import InProcess
from autograder.grading.grade import grade
from autograder.place import LostError, Place, find_place, suite_at
from autograder.submission import read_module
from autograder.suite.build import Suite

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

POLL_SECONDS = 0.1
_Stamp = tuple[int, int] | None
EXIT_NOT_RIGHT_YET = 1


@click.command("check")
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT] [EXERCISE]...")
@click.option("--watch", is_flag=True, help="Check again at each save; Ctrl-C ends it.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="Check this module instead of assignments/<assignment>/."
)
@click.pass_obj
def command(
    course_folder: str,
    names: tuple[str, ...],
    watch: bool,  # noqa: FBT001
    file: Path | None,
) -> int:
    """Check your ASSIGNMENT (or some EXERCISEs): what is done, what is not, and the first failure explained.

    In the assignment's own folder its name can be left out. Your code runs in this process, so that print and
    breakpoint() work. Exit code 0 when everything is right, 1 when not yet.
    """
    place, exercises = _asked(Path(course_folder), names)
    for name in exercises:
        if place.assignment.exercise(name).written:
            message = f"{name} is a written question, which a person grades"
            raise UsageError(message)
    suite = suite_at(place)
    path = file or place.module
    console = Console()
    seen = _stamp(path)
    right = _check_once(console, place.course, suite, path, exercises)
    while watch:
        seen = _wait_for_save(path, seen)
        console.clear()
        right = _check_once(console, place.course, suite, path, exercises)
    return 0 if right else EXIT_NOT_RIGHT_YET


def _asked(folder: Path, names: tuple[str, ...]) -> tuple[Place, tuple[str, ...]]:
    """Return the assignment that is named, or else the one whose folder this is, and the exercises."""
    try:
        here = find_place(folder)
    except LostError as lost:
        course = load_course(folder)
        if not names:
            raise UsageError(f"{lost}; or name the ASSIGNMENT") from None
        return _at_home(course, course.assignment(names[0])), names[1:]
    assignment, exercises = here.assignment, names
    if names and names[0] in [each.name for each in here.course.assignments]:
        assignment, exercises = here.course.assignment(names[0]), names[1:]
    return here if here.alone else _at_home(here.course, assignment), exercises


def _at_home(course: Course, assignment: Assignment) -> Place:
    """Return the student's copy: in the current folder if it is there, else under assignments/."""
    folder = Path() if Path(assignment.module).exists() else course.root / "assignments" / assignment.name
    return Place(course, assignment, folder, course.root / "tests" / assignment.name)


def _check_once(console: Console, course: Course, suite: Suite, path: Path, exercises: tuple[str, ...]) -> bool:
    submission = read_module(path, suite.assignment)
    result = grade(submission, suite, InProcess(path), course, exercises=exercises or None)
    console.print(student_report(result, filename=path.name))
    return not result.problem and result.score == result.max_score


def _wait_for_save(path: Path, seen: _Stamp) -> _Stamp:
    """Wait until the file is another than the one seen before the last check; a save meanwhile counts."""
    while (now := _stamp(path)) == seen:
        time.sleep(POLL_SECONDS)
    return now


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
