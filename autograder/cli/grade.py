"""`autograder grade`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.course import load_course
from autograder.errors import EXIT_DONE, EXIT_GRADER, AutograderError
from autograder.feedback.terminal import class_table
from autograder.grading.run import ClassRun, Graded
from autograder.nbgrader import fill_gradebook
from autograder.submission import submissions

if TYPE_CHECKING:
    from autograder.course import Assignment


@click.command("grade")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this student; may be repeated.")
@click.option("--jobs", type=click.IntRange(1), default=None, metavar="N", help="Processes; the processors by default.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--no-gradebook", is_flag=True, help="Leave nbgrader's gradebook as it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as a JSON array instead of a table.")
@click.option("--trust-submissions", is_flag=True, help="Grade even where student code cannot be locked in.")
@click.pass_obj
def command(
    course_folder: str,
    assignments: tuple[str, ...],
    students: tuple[str, ...],
    jobs: int | None,
    force: bool,  # noqa: FBT001 - click passes flags by position or name
    no_gradebook: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    trust_submissions: bool,  # noqa: FBT001
) -> int:
    """Grade the submissions of ASSIGNMENTs (all that anybody handed in by default).

    Results stand in autograded/<student>/<assignment>/result.json. Submissions that have not changed under tests that
    have not changed are not graded again. With nbgrader installed, its gradebook is brought up to date. Exit code 0
    when everything was graded, whatever the scores, and 3 when the grader itself failed somewhere.
    """
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or [
        assignment for assignment in course.assignments if _handed_in(course, assignment)
    ]
    jobs = jobs or os.cpu_count() or 1
    console = Console(stderr=as_json)
    troubled = False
    collected: list[Graded] = []
    notes: dict[str, None] = {}
    for assignment in named:
        run = ClassRun(course, assignment, trust_submissions=trust_submissions)
        handed_in = submissions(course, assignment, students or None)
        outcomes = _graded(run, students, jobs, force=force, total=len(handed_in))
        troubled |= any(graded.result is None for graded in outcomes)
        collected += outcomes
        if not as_json:
            _print(console, assignment, outcomes)
        if not no_gradebook:
            try:
                notes[fill_gradebook(course, assignment, outcomes, handed_in)] = None
            except AutograderError as error:
                troubled = True
                notes[str(error)] = None
    if as_json:
        results = [graded.result for graded in collected if graded.result is not None]
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    for graded in collected:
        if graded.result is None:
            click.echo(f"autograder: {graded.trouble}", err=True)
    for note in filter(None, notes):
        click.echo(f"autograder: {note}", err=True)
    return EXIT_GRADER if troubled else EXIT_DONE


def _handed_in(course: object, assignment: Assignment) -> bool:
    """Whether any student has a folder for the assignment."""
    root = course.root / "submitted"  # type: ignore[attr-defined]
    return not root.is_dir() or any(root.glob(f"*/{assignment.name}"))


def _graded(run: ClassRun, students: tuple[str, ...], jobs: int, *, force: bool, total: int) -> list[Graded]:
    """Grade with a progress bar on the terminal; the outcomes in order of student."""
    outcomes: list[Graded] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.fields[last]}", style="dim"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(run.assignment.name, total=total, last="drawing examples")
        for graded in run.run(students or None, jobs=jobs, force=force):
            outcomes.append(graded)
            progress.update(task, advance=1, last=graded.student[:20])
    return sorted(outcomes, key=lambda graded: graded.student)


def _print(console: Console, assignment: Assignment, outcomes: list[Graded]) -> None:
    console.print(f"[bold]{assignment.title}[/bold] ({assignment.name}), {assignment.points:g} points")
    console.print(class_table(assignment, outcomes))
    results = [graded.result for graded in outcomes if graded.result is not None]
    for isolation in sorted({result.run.isolation for result in results}):
        console.print(f"isolation: {isolation}", style="dim", highlight=False)
    kept = sum(not graded.fresh for graded in outcomes)
    if kept:
        console.print(f"{kept} unchanged since the last run (--force grades them again)", style="dim", highlight=False)
