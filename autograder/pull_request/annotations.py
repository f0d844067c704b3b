"""Workflow commands of GitHub Actions: annotations at the student's lines, and logs in which nobody else gives any."""

import re
import secrets
from collections.abc import Iterator, Sequence

from autograder.feedback.text import clean
from autograder.grading.result import ExerciseResult, TestResult

from .change import Violation
from .run import Graded

MOST = 10
"""GitHub shows no more of one step."""
_LONGEST = 1000


def annotations(graded: Sequence[Graded]) -> list[str]:
    """Return at most `MOST` commands: the first failure of each exercise, at the line where it can be mended."""
    found = [each for one in graded for each in _of(one)]
    if len(found) > MOST:
        left = len(found) - MOST + 1
        rest = command(
            "notice", f"{left} more exercises are not right yet; the summary shows them all.", title="autograder"
        )
        return [*found[: MOST - 1], rest]
    return found


def refusals(violations: Sequence[Violation]) -> list[str]:
    """Return at most `MOST` commands that tell what may not be changed."""
    return [command("error", f"{each.path} {each.reason}", title="not yours to change") for each in violations[:MOST]]


def _of(one: Graded) -> Iterator[str]:
    if one.result.problem:
        line = one.result.problem_lines[-1].number if one.result.problem_lines and one.source else 1
        yield command("error", one.result.problem, title=one.assignment.name, file=one.filename, line=line)
    for exercise in one.result.exercises:
        test = next((each for each in exercise.tests if each.state in {"failed", "stopped"}), None)
        if test is not None:
            title = f"{one.assignment.name}: {exercise.name}"
            yield command(
                "error", _message(exercise, test), title=title, file=one.filename, line=_line(one, exercise, test)
            )


def _message(exercise: ExerciseResult, test: TestResult) -> str:
    failure = test.failure
    if exercise.hidden or failure is None:
        return test.title
    said = " ".join(dict.fromkeys(text for text in (failure.error, failure.says) if text))
    parts = [test.title, said]
    if failure.expected and failure.got:
        parts += [f"expected {failure.expected}", f"got {failure.got}"]
    return "\n".join(part for part in parts if part)


def _line(one: Graded, exercise: ExerciseResult, test: TestResult) -> int | None:
    """Return the line that raised, or else the definition that the counterexample asks; None for a notebook."""
    if not one.source:
        return None
    failure = test.failure
    if failure is None or exercise.hidden:
        return 1
    if failure.lines:
        return min(failure.lines[-1].number, one.source.count("\n") + 1)
    module = re.escape(one.assignment.module.removesuffix(".py"))
    imported = re.search(rf"^from {module} import (.+)$", failure.code, re.MULTILINE)
    for name in imported[1].split(", ") if imported else []:
        defined = re.search(rf"^(?:async def|def|class) {re.escape(name)}\b", one.source, re.MULTILINE)
        if defined:
            return one.source.count("\n", 0, defined.start()) + 1
    return 1


def command(kind: str, text: str, *, title: str, file: str = "", line: int | None = None) -> str:
    """Return a workflow command; what would end it, or begin another, is escaped."""
    properties = {"file": file, "line": "" if line is None else str(line), "title": clean(title, 200)}
    shown = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items() if value)
    return f"::{kind} {shown}::{_escaped(clean(text, _LONGEST, lines=True), '')}"


def _escaped(text: str, more: str) -> str:
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def fenced(text: str) -> str:
    """Return text for a log in which no line is a command, nor looks like a traceback to a problem matcher.

    Between the fence's lines GitHub obeys nothing, and its word is drawn anew each time.
    """
    word = secrets.token_hex(16)
    lines = "\n".join(f"| {line}" for line in clean(text, 200_000, lines=True).split("\n"))
    return f"::stop-commands::{word}\n{lines}\n::{word}::"
