"""A student's result as Markdown, made from the Result alone; what a student wrote stands in fences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.exports.words import explanation

from .fence import escape, fence
from .likely import likely
from .terminal import WORDS, points

if TYPE_CHECKING:
    from autograder.course import Assignment
    from autograder.grading.result import ExerciseResult, Result


def student_markdown(result: Result, assignment: Assignment) -> str:
    """The result with a table of the exercises and the first failure of each one explained."""
    parts = [f"# {escape(assignment.title)}", f"{points(result.score)} of {points(result.max_score)} points"]
    if result.problem:
        parts.append(fence(result.problem))
    else:
        rows = [
            f"| {escape(each.name)} | {WORDS[each.state]} | {points(each.points)}/{points(each.max_points)} |"
            for each in result.exercises
        ]
        parts.append("\n".join(["| exercise | | points |", "| --- | --- | ---: |", *rows]))
        parts += [_explained(each) for each in result.exercises if each.state not in ("passed", "not-started")]
    if result.output.strip():
        parts += ["## What your code printed", fence(result.output)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _explained(exercise: ExerciseResult) -> str:
    wrong = next((test for test in exercise.tests if test.state != "passed"), None)
    if wrong is None:
        return f"## {escape(exercise.name)}"
    label, said = likely(exercise)
    hint = f"**{label}:** {escape(said)}\n\n" if said else ""
    return f"## {escape(exercise.name)}\n\n{hint}{fence(explanation(exercise, wrong))}"
