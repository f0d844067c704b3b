"""`autograder validate`."""

from __future__ import annotations

import click

from autograder.course import load_course
from autograder.errors import ProblemsError
from autograder.validate import course_problems


@click.command("validate")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.pass_obj
def command(course_folder: str, assignments: tuple[str, ...]) -> int:
    """Say whether the course is sound, with all of its problems at once.

    The reference earns full points, the untouched stub none; every exercise has tests and points; what students get
    is up to date and holds nothing of a solution. Exit code 2 when anything is wrong.
    """
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or list(course.assignments)
    problems = []
    for assignment in named:
        found = course_problems(course, assignment)
        click.echo(f"{assignment.name}: {'sound' if not found else f'{len(found)} problems'}")
        problems += found
    if problems:
        raise ProblemsError(problems)
    return 0
