"""`autograder feedback`."""

from __future__ import annotations

import click

from autograder.course import load_course
from autograder.feedback.markdown import student_markdown
from autograder.feedback.page import student_page
from autograder.grading.store import read_result, write_atomically
from autograder.submission import students


@click.command("feedback")
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--student", "only", multiple=True, metavar="ID", help="Only this student; may be repeated.")
@click.pass_obj
def command(course_folder: str, assignments: tuple[str, ...], only: tuple[str, ...]) -> int:
    """Write a page on every result of ASSIGNMENTs (all by default), for the students to read.

    The pages stand in feedback/<student>/<assignment>/ as result.html and result.md, where nbgrader hands feedback back
    from. They are made from the results alone: nothing is graded again.
    """
    course = load_course(course_folder)
    named = [course.assignment(name) for name in assignments] or list(course.assignments)
    written = 0
    for assignment in named:
        for student in only or students(course):
            result = read_result(course, student, assignment.name)
            if result is None:
                continue
            folder = course.root / "feedback" / student / assignment.name
            write_atomically(folder / "result.html", student_page(result, course, assignment).encode())
            write_atomically(folder / "result.md", student_markdown(result, assignment).encode())
            written += 1
    click.echo(f"feedback/: {written} {'page' if written == 1 else 'pages'}")
    return 0
