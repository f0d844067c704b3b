"""Grades one submission: every exercise on its own, the same on every machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from autograder.diagnosis.diagnose import Diagnosis, diagnose
from autograder.feedback.text import clean

from .explain import explain
from .judging import DoesNotLoad, Judging, Verdict
from .result import SCHEMA, ExerciseResult, Failure, Line, Result, Run, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.course import Course, Exercise
    from autograder.diagnosis.profiles import Profiles
    from autograder.submission import Submission
    from autograder.suite.build import Suite, TracedTest

    from .executors import Executors

SHOWN_OUTPUT = 20_000

__all__ = ["grade"]


def grade(
    submission: Submission,
    suite: Suite,
    executors: Executors,
    course: Course,
    *,
    exercises: Iterable[str] | None = None,
    shrinking: bool = True,
    profiles: Profiles | None = None,
) -> Result:
    """Grade one submission (or some of its exercises) and give its result.

    With `profiles`, failing exercises that answer as a misconception does are told so.

    Raises `GraderStopped` when the grader failed, which says nothing about the submission.
    """
    started = time.perf_counter()
    judging = Judging(submission, suite, executors)
    wanted = set(suite.tests if exercises is None else exercises)
    problem = ""
    lines: tuple[Line, ...] = ()
    state = "graded"
    failures: dict[int, Failure] = {}
    diagnoses: dict[str, Diagnosis] = {}
    if submission.problem is not None:
        state, problem = "unreadable", submission.problem.message
    else:
        try:
            judging.load()
            judging.run(wanted)
            failures = explain(judging, shrinking=shrinking)
            diagnoses = diagnose(judging, profiles)
        except DoesNotLoad as error:
            state, problem, lines = "does-not-load", error.why, error.lines
        finally:
            judging.close()
    graded = tuple(
        _exercise_result(exercise, _verdicts(judging, suite.tests[exercise.name]), failures, diagnoses)
        for exercise in suite.assignment.exercises
        if exercise.name in wanted
    )
    return Result(
        schema=SCHEMA,
        course=course.id,
        assignment=submission.assignment,
        student=submission.student,
        state=state,  # type: ignore[arg-type]
        score=_tidy(sum(exercise.points for exercise in graded)),
        max_score=_tidy(sum(exercise.max_points for exercise in graded)),
        problem=problem,
        problem_lines=lines,
        notes=submission.notes,
        exercises=graded,
        output=clean(judging.output, SHOWN_OUTPUT, lines=True),
        submission=submission.digest,
        suite=suite.digest,
        run=Run(
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - started, 4),
            isolation=executors.isolation,
        ),
    )


def _verdicts(judging: Judging, tests: list[TracedTest]) -> list[Verdict]:
    """The verdicts on these tests; nothing was started where nothing could be loaded."""
    name = tests[0].test.exercise if tests else ""
    return judging.verdicts.get(name) or [Verdict(traced, "not-started", 0.0) for traced in tests]


def _exercise_result(
    exercise: Exercise, verdicts: list[Verdict], failures: dict[int, Failure], diagnoses: dict[str, Diagnosis]
) -> ExerciseResult:
    total = sum(verdict.traced.test.weight for verdict in verdicts)
    earned = sum(verdict.traced.test.weight * verdict.share for verdict in verdicts)
    right = bool(verdicts) and all(verdict.right for verdict in verdicts)
    share = 1.0 if right else 0.0 if exercise.all_or_nothing or not total else earned / total
    states = {verdict.state for verdict in verdicts}
    if right:
        state = "passed"
    elif share > 0:
        state = "partly"
    elif states == {"not-started"}:
        state = "not-started"
    else:
        state = "waiting" if states <= {"waiting", "not-started"} else "failed"
    diagnosis = diagnoses.get(exercise.name, Diagnosis())
    return ExerciseResult(
        name=exercise.name,
        points=_tidy(exercise.points * share),
        max_points=exercise.points,
        state=state,  # type: ignore[arg-type]
        hidden=exercise.hidden,
        tests=tuple(
            TestResult(
                name=verdict.traced.test.name,
                title=verdict.traced.test.title,
                state=verdict.state,  # type: ignore[arg-type]
                weight=verdict.traced.test.weight,
                share=verdict.share,
                failure=failures.get(id(verdict)),
                note=verdict.note,
            )
            for verdict in verdicts
        ),
        slug=diagnosis.slug,
        misconception=diagnosis.misconception,
        insight=diagnosis.insight,
        see=diagnosis.see,
        difference=diagnosis.difference,
    )


def _tidy(points: float) -> float:
    """Points to four decimals: sums of shares should not show rounding."""
    return round(points, 4)
