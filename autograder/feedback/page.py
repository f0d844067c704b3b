"""A student's result as a self-contained HTML page: no network, no script, made from the Result alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.report.render import render

from .html import exercise_html, where
from .terminal import points

if TYPE_CHECKING:
    from autograder.course import Assignment, Course
    from autograder.grading.result import Result


def student_page(result: Result, course: Course, assignment: Assignment) -> str:
    """The page on one submission."""
    return render(
        "student.html.j2",
        title=f"{assignment.title}: {result.student}",
        result=result,
        course=course,
        assignment=assignment,
        points=points,
        where=where,
        fragment=lambda exercise: exercise_html(exercise, filename=assignment.module),
    )
