"""`autograder gradebook`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.nbgrader import NOT_INSTALLED, is_installed


@click.command("gradebook")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this student; may be repeated.")
@click.pass_obj
def command(course_folder: str, assignments: tuple[str, ...], students: tuple[str, ...]) -> int:
    """Write nbgrader's gradebook anew from the results of ASSIGNMENTs (all by default), without grading.

    Do so after a mark by hand changed what late work loses, after the late policy or an extension changed, or when the
    database was not to be reached. Marks and comments that were given by hand stay.
    """
    if not is_installed():
        raise UsageError(NOT_INSTALLED)
    from autograder.nbgrader.gradebook import kept_results, write_gradebook

    course = load_course(course_folder)
    for assignment in [course.assignment(name) for name in assignments] or course.assignments:
        written = write_gradebook(course, assignment, kept_results(course, assignment, students or None))
        if written or assignments:
            click.echo(f"{assignment.name}: {written} submissions written to {_place(course.root, course.gradebook)}")
    return 0


def _place(root: Path, url: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True).replace(f"{root}/", "")
