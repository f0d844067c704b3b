"""`check("sigmoid")`: judges one exercise in the notebook, shows why it fails, and returns the points."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.errors import GraderError, ProblemsError, UsageError
from autograder.grading.grade import grade
from autograder.place import LostError, find_place, suite_at
from autograder.submission import Submission, read_module
from autograder.worker import steps

from .executor import InNotebook
from .show import Feedback, show
from .work import defined_here, functions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.grading.result import ExerciseResult, Result
    from autograder.place import Place
    from autograder.suite.build import Suite


def check(exercise: str) -> float:
    """Judge an exercise on what the student has now, show the feedback and return the points earned.

    Functions of the notebook go before those of the module beside it, whose file is read anew every time. The value is
    a plain float, which nbgrader takes as partial credit when this is the last expression of a grade cell. A student's
    mistake raises nothing and writes nothing to stderr; `GraderError` means that the tests themselves are broken.
    """
    with contextlib.redirect_stderr(sys.stdout):
        try:
            place = find_place(Path.cwd(), exercise)
            if place.assignment.exercise(exercise).written:
                show(Feedback.sentence(f"{exercise} is a question to answer in words; a person reads and grades it."))
                return 0.0
            feedback, points = _judged(place, suite_at(place), exercise)
        except GraderError:
            raise
        except (LostError, UsageError, ProblemsError) as error:
            show(Feedback.sentence(str(error)))
            return 0.0
    show(feedback)
    return points


def _judged(place: Place, suite: Suite, exercise: str) -> tuple[Feedback, float]:
    asked = _names_asked(suite, exercise)
    built_on = {name for stand_in in suite.stand_ins for name in stand_in.functions}
    here = defined_here(asked | built_on)
    result = _graded(place, suite, here, [exercise])
    found = _named(result, exercise)
    if not result.problem and found.state in ("failed", "partly", "not-started"):
        companions = _companions(suite, exercise)
        if companions:
            # Whether another exercise is to blame can only be seen when that one is judged too.
            result = _graded(place, suite, here, [exercise, *companions])
            found = _named(result, exercise)
    module = place.assignment.module
    in_notebook = functions_of(here.values())
    filename = "this notebook" if _came_from(found, in_notebook) else module
    found = _without_import(found, module.removesuffix(".py"), list(here))
    feedback = Feedback(
        result, found, filename=filename, module=module, overriding=_overriding(place, asked & here.keys())
    )
    return feedback, float(found.points)


def _graded(place: Place, suite: Suite, here: dict[str, Any], exercises: Iterable[str]) -> Result:
    submission = read_module(place.module, place.assignment)
    if submission.problem is not None and submission.problem.kind == "missing":
        submission = Submission(
            student="", assignment=place.assignment.name, source=b"", filename=place.assignment.module, digest=""
        )
    return grade(submission, suite, InNotebook(place.module, here), place.course, exercises=exercises)


def _named(result: Result, exercise: str) -> ExerciseResult:
    return next(found for found in result.exercises if found.name == exercise)


def _companions(suite: Suite, exercise: str) -> list[str]:
    """Exercises that can be why this one fails: those it needs, and those that something can stand in for."""
    needed = {name for traced in suite.tests[exercise] for name in traced.test.needs}
    needed |= {stand_in.exercise for stand_in in suite.stand_ins}
    return [name for name in suite.tests if name in needed and name != exercise]


def _names_asked(suite: Suite, exercise: str) -> set[str]:
    """The names of the student's that the tests of an exercise use."""
    programs = [script.program[0] for traced in suite.tests[exercise] for script in traced.batch.scripts]
    return {
        step[1]
        for program in programs
        for step in program
        if step[0] in (steps.CALL, steps.GLOBAL) and isinstance(step[1], str)
    }


def _came_from(found: ExerciseResult, functions: frozenset[str]) -> bool:
    """Say whether the line that feedback points at stands in the notebook."""
    lines = [line for test in found.tests if test.failure for line in test.failure.lines[-1:]]
    return bool(lines) and lines[0].function in functions


def _without_import(found: ExerciseResult, module: str, names: list[str]) -> ExerciseResult:
    """The same, with code that can be pasted into the notebook: what is defined there is not imported."""
    tests = []
    for test in found.tests:
        failure = test.failure
        if failure is not None and failure.code:
            lines = [_import_line(line, module, names) for line in failure.code.split("\n")]
            code = "\n".join(line for line in lines if line is not None).lstrip("\n")
            failure = msgspec.structs.replace(failure, code=code)
        tests.append(msgspec.structs.replace(test, failure=failure))
    return msgspec.structs.replace(found, tests=tuple(tests))


def _import_line(line: str, module: str, names: list[str]) -> str | None:
    head = f"from {module} import "
    if not line.startswith(head):
        return line
    rest = [name for name in line.removeprefix(head).split(", ") if name not in names]
    return head + ", ".join(rest) if rest else None


def _overriding(place: Place, names: set[str]) -> tuple[str, ...]:
    """Those of the notebook's names that the file defines too."""
    try:
        text = place.module.read_text("utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(name for name in sorted(names) if re.search(rf"^(def|class) {re.escape(name)}\b", text, re.MULTILINE))
