"""`autograder report`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.grading.store import write_atomically
from autograder.report.data import gather
from autograder.report.page import class_page


@click.command("report")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the page here (one assignment).")
@click.pass_obj
def command(course_folder: str, assignments: tuple[str, ...], output: Path | None) -> int:
    """Write a page for the instructor on each of ASSIGNMENTs (all with a result by default).

    It shows scores, exercises, misconceptions with the students who hold them, who has not handed in, and what changed
    since the last run. The pages stand in reports/<assignment>.html; they hold names and grades.
    """
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or [
        assignment
        for assignment in course.assignments
        if any((course.root / "autograded").glob(f"*/{assignment.name}/result.json"))
    ]
    if not named:
        message = "there are no results yet; `autograder grade` makes them"
        raise UsageError(message)
    if output is not None and len(named) > 1:
        message = "--output takes one page: name the assignment"
        raise UsageError(message)
    for assignment in named:
        path = output or course.root / "reports" / f"{assignment.name}.html"
        write_atomically(path, class_page(gather(course, assignment)).encode())
        click.echo(f"{assignment.name}: {path}")
    return 0
