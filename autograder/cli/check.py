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
from autograder.submission import read_module
from autograder.suite.build import PRACTICE_SEED, Suite, load_suite

if TYPE_CHECKING:
    from autograder.course import Assignment, Course

POLL_SECONDS = 0.1
_Stamp = tuple[int, int] | None
EXIT_NOT_RIGHT_YET = 1


@click.command("check")
@click.argument("assignment_name", metavar="ASSIGNMENT")
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...")
@click.option("--watch", is_flag=True, help="Check again at each save; Ctrl-C ends it.")
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="Check this module instead of assignments/<assignment>/."
)
@click.pass_obj
def command(
    course_folder: str,
    assignment_name: str,
    exercises: tuple[str, ...],
    watch: bool,  # noqa: FBT001
    file: Path | None,
) -> int:
    """Check your ASSIGNMENT (or some EXERCISEs): what is done, what is not, and the first failure explained.

    Your code runs in this process: print and breakpoint() work. Exit code 0 when everything is right, 1 when not yet.
    """
    course = load_course(course_folder)
    assignment = course.assignment(assignment_name)
    for name in exercises:
        if assignment.exercise(name).written:
            message = f"{name} is a written question, which a person grades"
            raise UsageError(message)
    suite = load_suite(course, assignment, PRACTICE_SEED)
    path = file or student_module(course, assignment)
    console = Console()
    seen = _stamp(path)
    right = _check_once(console, course, suite, path, exercises)
    while watch:
        seen = _wait_for_save(path, seen)
        console.clear()
        right = _check_once(console, course, suite, path, exercises)
    return 0 if right else EXIT_NOT_RIGHT_YET


def student_module(course: Course, assignment: Assignment) -> Path:
    """The student's copy of the module: in the current folder if it is there, else under assignments/."""
    here = Path(assignment.module)
    return here if here.exists() else course.root / "assignments" / assignment.name / assignment.module


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
