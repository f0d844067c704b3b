"""What nbgrader's pages say of an exercise: a comment of a line or two, and all of it as the output of its cell."""

from collections.abc import Iterator

from autograder.feedback.html import exercise_html, problem_html
from autograder.feedback.terminal import WORDS, points
from autograder.grading.result import ExerciseResult, Failure, Result

from .cells import Json
from .sanitize import plain, safe_markdown

NO_RESPONSE = "No response."
"""nbgrader's own words for a written answer that is as it was released."""
CHANGED = "The submission has changed since it was graded; run `autograder grade` again."
OUTDATED = "This exercise has changed since the submission was graded; run `autograder grade` again."


def comment(result: Result, exercise: ExerciseResult) -> str | None:
    """Return the automatic comment of an exercise, as Markdown that is safe to show; None where all is right."""
    if exercise.state == "passed":
        return None
    said = f"{_earned(exercise)}: {_in_a_word(result, exercise)}."
    failure = _first_failure(exercise)
    if failure is not None and not exercise.hidden and not result.problem:
        said += f" {failure.error or failure.says}"
    return safe_markdown(said)


def output(result: Result, exercise: ExerciseResult, filename: str) -> Json:
    """Return the output of an exercise's cell: the same in HTML and in plain text."""
    made = said("\n".join(_lines(result, exercise)))
    page = problem_html(result) if result.problem else exercise_html(exercise, filename=filename)
    made["data"]["text/html"] = str(page)
    return made


def said(sentence: str) -> Json:
    """Return an output that says this."""
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": plain(sentence, 20_000)}}


def _earned(exercise: ExerciseResult) -> str:
    return f"{points(exercise.points)} of {points(exercise.max_points)} points"


def _in_a_word(result: Result, exercise: ExerciseResult) -> str:
    if result.problem:
        return result.problem.rstrip(".")
    note = exercise.note or next((test.note for test in exercise.tests if test.note), "")
    return f"{WORDS[exercise.state]} ({note})" if note else WORDS[exercise.state]


def _first_failure(exercise: ExerciseResult) -> Failure | None:
    return next((test.failure for test in exercise.tests if test.failure is not None), None)


def _lines(result: Result, exercise: ExerciseResult) -> Iterator[str]:
    yield f"{exercise.name}: {_earned(exercise)}, {_in_a_word(result, exercise)}"
    if result.problem:
        return
    for test in exercise.tests:
        mark = "✓" if test.state == "passed" else "✗" if test.state in ("failed", "stopped") else "·"
        yield f"  {mark} {test.title}" + (f" ({test.note})" if test.note else "")
        if test.failure is not None and not exercise.hidden and test.state != "waiting":
            yield from (f"      {line}" for part in _failure(test.failure) for line in part.splitlines())
    if exercise.hidden and exercise.state != "passed":
        yield "  (details of this exercise are not shown)"


def _failure(failure: Failure) -> Iterator[str]:
    yield failure.error or failure.says
    if failure.error and failure.says not in ("", failure.error) and failure.kind not in ("raised", "unfinished"):
        yield failure.says
    yield from (f"line {line.number}, in {line.function}" for line in failure.lines[-1:])
    if failure.code:
        yield f"\n{failure.code}\n"
    if failure.expected:
        yield f"expected  {failure.expected}"
    if failure.got:
        yield f"got       {failure.got}"
    if failure.place and failure.expected_there:
        yield f"furthest off at {failure.place}: expected {failure.expected_there}, got {failure.got_there}"
