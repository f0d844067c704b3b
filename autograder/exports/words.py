"""A failed test in plain lines, for the formats that take text."""

from autograder.feedback.likely import likely
from autograder.grading.result import ExerciseResult, Failure, TestResult


def explanation(exercise: ExerciseResult, test: TestResult) -> str:
    """Return why a test failed: the property, the counterexample as code, expected and got.

    A hidden exercise gives its title away and nothing else.
    """
    if exercise.hidden:
        return f"{test.title}\n(details of this exercise are not shown)"
    parts = [test.title]
    if test.note:
        parts.append(test.note)
    if test.failure:
        parts += _failure(test.failure)
    label, said = likely(exercise)
    if said:
        parts.append(f"{label}: {said}")
    return "\n".join(parts)


def _failure(failure: Failure) -> list[str]:
    parts = [text for text in dict.fromkeys((failure.error, failure.says)) if text]
    if failure.lines:
        parts.append(f"in line {failure.lines[-1].number} of your file")
    if failure.code:
        parts += ["", *(f"    {line}" for line in failure.code.splitlines()), ""]
    parts += [f"{label}: {value}" for label, value in (("expected", failure.expected), ("got", failure.got)) if value]
    if failure.place and failure.expected_there:
        parts.append(f"furthest off at {failure.place}: expected {failure.expected_there}, got {failure.got_there}")
    return parts
