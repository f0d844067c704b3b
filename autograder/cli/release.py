"""`autograder release`."""

from __future__ import annotations

import click

from autograder.course import load_course
from autograder.errors import ProblemsError
from autograder.release import release, release_problems


@click.command("release")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail when a stub and its solution differ.")
@click.pass_obj
def command(course_folder: str, assignments: tuple[str, ...], only_check: bool) -> int:  # noqa: FBT001
    """Make assignments/ from solutions/: what stands between the solution marks becomes a stub."""
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or list(course.assignments)
    if only_check:
        problems = [problem for assignment in named for problem in release_problems(course, assignment)]
        if problems:
            raise ProblemsError(problems)
        return 0
    for assignment in named:
        changed = release(course, assignment)
        for path in changed:
            click.echo(f"wrote {path.relative_to(course.root)}")
        if not changed:
            click.echo(f"{assignment.name}: up to date")
    return 0
