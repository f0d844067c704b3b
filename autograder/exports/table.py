"""`csv`: a row for each submission, with the points of every exercise."""

from collections.abc import Sequence

from autograder.grading.result import Result

from .grades import number
from .spreadsheet import write

HEADER = ("assignment", "student", "score", "max_score", "percent", "state", "problem")


def table(results: Sequence[Result]) -> bytes:
    """Return the results as CSV: what all submissions have, then a column `assignment.exercise` for each exercise.

    A cell of another assignment's exercise is empty.
    """
    exercises = dict.fromkeys((result.assignment, each.name) for result in results for each in result.exercises)
    rows: list[Sequence[str]] = [(*HEADER, *(f"{assignment}.{name}" for assignment, name in exercises))]
    for result in results:
        percent = number(round(100 * result.score / result.max_score, 2)) if result.max_score else ""
        points = {(result.assignment, each.name): number(each.points) for each in result.exercises}
        rows.append(
            (
                result.assignment,
                result.student,
                number(result.score),
                number(result.max_score),
                percent,
                result.state,
                result.problem,
                *(points.get(exercise, "") for exercise in exercises),
            )
        )
    return write(rows)
