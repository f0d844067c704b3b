"""`gradescope`: the `results.json` that Gradescope's harness reads."""

import json
import math

from autograder.feedback.text import clean
from autograder.grading.result import ExerciseResult, Result

from .words import explanation

_LONGEST = 20_000


def gradescope(result: Result) -> bytes:
    """Return one submission's result, an entry for each exercise, as plain text that no browser takes for HTML.

    Every entry is visible, since Gradescope hides a student's total as soon as one is not; an exercise that the course
    hides shows its points without the details.
    """
    notes = [result.problem, *result.notes]
    content = {
        "score": result.score,
        "output": clean("\n".join(note for note in notes if note), _LONGEST, lines=True),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": math.ceil(result.run.seconds),
        "tests": [_test(number, exercise, result) for number, exercise in enumerate(result.exercises, 1)],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def failed(message: str) -> bytes:
    """Return what is shown where the grader itself failed: no score, so that nobody is charged for it."""
    content = {
        "output": f"The grader failed, which says nothing about this submission. {clean(message, _LONGEST)}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def _test(number: int, exercise: ExerciseResult, result: Result) -> dict[str, object]:
    wrong = [test for test in exercise.tests if test.state != "passed"]
    text = "\n\n".join(explanation(exercise, test) for test in wrong)
    return {
        "score": exercise.points,
        "max_score": exercise.max_points,
        "status": "passed" if exercise.state == "passed" else "failed",
        "name": exercise.name,
        "name_format": "text",
        "number": str(number),
        "output": clean(text, _LONGEST, lines=True),
        "output_format": "text",
        "visibility": "visible",
        "tags": [result.assignment],
    }
