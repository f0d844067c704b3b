"""`autograder release`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.course import load_course
from autograder.errors import ProblemsError, UsageError
from autograder.release import release, release_problems

if TYPE_CHECKING:
    from autograder.course import Assignment, Course


@click.command("release")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail when a stub and its solution differ.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Make or update a repository for students there.")
@click.option(
    "--package", metavar="SPEC", help="With --to: what pip installs as the grader, in place of a wheel inside."
)
@click.option(
    "--gradescope", "bundle", type=click.Path(path_type=Path), help="Write a Gradescope autograder for one ASSIGNMENT."
)
@click.option("--trust-submissions", is_flag=True, help="With --gradescope: grade there even without isolation.")
@click.pass_obj
def command(
    course_folder: str,
    assignments: tuple[str, ...],
    only_check: bool,  # noqa: FBT001 - click passes flags by position or name
    folder: Path | None,
    package: str | None,
    bundle: Path | None,
    trust_submissions: bool,  # noqa: FBT001
) -> int:
    """Make assignments/ from solutions/: what stands between the solution marks becomes a stub.

    With --to DIR make a whole repository for students as well, of the ASSIGNMENTs (all by default) and those that it
    holds already; run it again to update it. Students' own files are never written over.
    """
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or list(course.assignments)
    if sum((only_check, folder is not None, bundle is not None)) > 1:
        raise UsageError("--check, --to and --gradescope are three different things; ask for one")
    if only_check:
        problems = [problem for assignment in named for problem in release_problems(course, assignment)]
        if problems:
            raise ProblemsError(problems)
    elif folder is not None:
        _release_to(folder, course, named, package)
    elif bundle is not None:
        _bundle(bundle, course, named, trust_submissions=trust_submissions)
    else:
        _release(course, named)
    return 0


def _release(course: Course, named: list[Assignment]) -> None:
    for assignment in named:
        changed = release(course, assignment)
        for path in changed:
            click.echo(f"wrote {path.relative_to(course.root)}")
        if not changed:
            click.echo(f"{assignment.name}: up to date")


def _release_to(folder: Path, course: Course, named: list[Assignment], package: str | None) -> None:
    from autograder.student_repository.files import repository_files
    from autograder.student_repository.repository import released_assignments, update

    there = released_assignments(folder)
    wanted = [each for each in course.assignments if each in named or each.name in there]
    titles = ", ".join(each.title for each in named)
    done = update(folder, repository_files(course, wanted, package), f"Release: {titles}")
    for word, paths in (("wrote", done.written), ("removed", done.removed)):
        for path in paths:
            click.echo(f"{word} {path}")
    for path in done.put_back:
        click.echo(f"autograder: {path} had been changed and is the course's again", err=True)
    for path in done.kept:
        click.echo(f"autograder: {path} has a student's work and was left; there is a newer release of it", err=True)
    click.echo(f"committed {done.commit[:12]}" if done.commit else "up to date")


def _bundle(path: Path, course: Course, named: list[Assignment], *, trust_submissions: bool) -> None:
    from autograder.exports.gradescope_bundle import gradescope_bundle
    from autograder.grading.store import write_atomically

    if len(named) != 1:
        raise UsageError("a Gradescope autograder holds one assignment; name it")
    write_atomically(path, gradescope_bundle(course, named[0], trust_submissions=trust_submissions))
    click.echo(f"wrote {path}")
