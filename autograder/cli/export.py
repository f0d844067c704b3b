"""`autograder export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.exports.grades import collect, grades, one, read_file

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.exports.canvas import Filled
    from autograder.exports.grades import Grade
    from autograder.grading.result import Result

FORMATS = ("csv", "canvas", "moodle", "gradescope", "classroom50", "junit", "nbgrader")


@click.command("export")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--format", "name", type=click.Choice(FORMATS), default="csv", show_default=True, help="What to write.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The file to write; standard output otherwise.")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this student; may be repeated.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="canvas: the gradebook that Canvas exported; moodle: its grading worksheet. It is filled in.",
)
@click.option("--result", "file", type=click.Path(path_type=Path), help="One result.json instead of the course's own.")
@click.option(
    "--gradebook", "from_gradebook", is_flag=True, help="canvas, moodle: nbgrader's grades, late penalties taken off."
)
@click.pass_obj
def command(
    course_folder: str,
    assignments: tuple[str, ...],
    name: str,
    output: Path | None,
    students: tuple[str, ...],
    roster: Path | None,
    file: Path | None,
    from_gradebook: bool,  # noqa: FBT001 - click passes flags by position or name
) -> int:
    """Write the results of ASSIGNMENTs (all by default) in the format that a school or a service reads.

    Scores are those of the tests. Late penalties and points given by hand are in nbgrader's gradebook: --format
    nbgrader and --gradebook read from there.
    """
    if roster and name not in {"canvas", "moodle"}:
        raise UsageError(f"--roster has no meaning with --format {name}")
    if from_gradebook and name not in {"canvas", "moodle"}:
        raise UsageError(
            "--gradebook goes with --format canvas or moodle; --format nbgrader reads the gradebook anyway"
        )
    if file:
        _write(_of_results(name, [read_file(file)], None, roster), output)
        return 0
    course = load_course(course_folder)
    named = [course.assignment(each) for each in assignments] or list(course.assignments)
    if name == "nbgrader":
        _write(_of_gradebook(course, named, students), output)
    elif from_gradebook:
        _write(_filled(name, _gradebook_grades(course, named, students), roster), output)
    else:
        _write(_of_results(name, collect(course, named, students), course, roster), output)
    return 0


def _of_results(name: str, results: list[Result], course: Course | None, roster: Path | None) -> bytes:
    from autograder.exports import classroom50, gradescope, junit, table

    if name == "nbgrader":
        raise UsageError("--format nbgrader reads nbgrader's gradebook, not a result")
    if name == "csv":
        return table.table(results)
    if name == "junit":
        files = {each.name: f"assignments/{each.name}/{each.module}" for each in course.assignments} if course else {}
        return junit.junit(results, files)
    if name == "gradescope":
        return gradescope.gradescope(one(results, name))
    if name == "classroom50":
        return classroom50.classroom50(one(results, name))
    return _filled(name, grades(results, course), roster)


def _filled(name: str, points: list[Grade], roster: Path | None) -> bytes:
    from autograder.exports import canvas, moodle

    filled: Filled = canvas.canvas(points, roster) if name == "canvas" else moodle.moodle(points, roster)
    for warning in filled.warnings:
        click.echo(f"autograder: {warning}", err=True)
    return filled.data


def _of_gradebook(course: Course, named: list[Assignment], students: tuple[str, ...]) -> bytes:
    data: bytes = _plugin().open_csv(_url(course), [each.name for each in named], students)
    return data


def _gradebook_grades(course: Course, named: list[Assignment], students: tuple[str, ...]) -> list[Grade]:
    titles = {each.name: each.title for each in course.assignments}
    points: list[Grade] = _plugin().gradebook_grades(_url(course), titles, [each.name for each in named])
    return [grade for grade in points if not students or grade.student in students]


def _plugin() -> Any:
    try:
        from autograder.exports import nbgrader_plugin
    except ImportError as error:
        raise UsageError(
            f"nbgrader is not installed ({error}); install autograder with its extra `instructor`"
        ) from None
    return nbgrader_plugin


def _url(course: Course) -> str:
    """The gradebook's URL; a SQLite file must be there already."""
    from autograder.nbgrader.database import database_url

    url = database_url(course)
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        raise UsageError(f"{path}: there is no gradebook yet; `autograder grade` makes it")
    return url


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from autograder.grading.store import write_atomically

    write_atomically(output, data)
