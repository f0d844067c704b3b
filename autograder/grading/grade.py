"""Grades one submission: every exercise on its own, the same on every machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autograder.feedback.text import clean
from autograder.kit.checks import PartlyRight
from autograder.kit.failure import CheckFailed, Kind

from .describe import describe_failure, load_problem, stopped_failure
from .executors import Executor, Executors, Stopped
from .result import SCHEMA, ExerciseResult, Failure, Line, Result, Run, TestResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autograder.course import Course, Exercise
    from autograder.submission import Submission
    from autograder.suite.build import Suite, TracedTest

SHOWN_OUTPUT = 20_000


@dataclass
class Verdict:
    """How one test went."""

    traced: TracedTest
    state: str = "passed"
    share: float = 1.0
    failure: Failure | None = None
    note: str = ""

    @property
    def right(self) -> bool:
        """Whether it earned everything."""
        return self.state == "passed"


class GraderStopped(Exception):  # noqa: N818 - caught by the caller and tried again
    """The grader itself failed on this submission; nothing is charged to the student."""


def grade(
    submission: Submission,
    suite: Suite,
    executors: Executors,
    course: Course,
    *,
    exercises: Iterable[str] | None = None,
    shrinking: bool = True,
) -> Result:
    """Grade one submission (or some of its exercises) and give its result.

    Raises `GraderStopped` when the grader failed, which says nothing about the submission.
    """
    started = time.perf_counter()
    grading = _Grading(submission, suite, executors, shrinking=shrinking)
    problem, lines = "", ()
    state = "graded"
    wanted = set(suite.tests if exercises is None else exercises)
    if submission.problem is not None:
        state, problem = "unreadable", submission.problem.message
    else:
        error = grading.load()
        if error is not None:
            state, (problem, lines) = "does-not-load", error
        else:
            grading.run(wanted)
    graded = tuple(
        _exercise_result(exercise, grading.verdicts.get(exercise.name), grading.tests(exercise.name))
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
        output=clean(grading.output, SHOWN_OUTPUT, lines=True),
        submission=submission.digest,
        suite=suite.digest,
        run=Run(
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - started, 4),
            isolation=executors.isolation,
        ),
    )


class _Grading:
    """One submission on its way through the suite."""

    def __init__(self, submission: Submission, suite: Suite, executors: Executors, *, shrinking: bool) -> None:
        self._submission = submission
        self._suite = suite
        self._executors = executors
        self._shrinking = shrinking
        self._executor: Executor | None = None
        self._stopping: list[str] = []
        self.verdicts: dict[str, list[Verdict]] = {}
        self.output = ""

    def tests(self, exercise: str) -> list[TracedTest]:
        return self._suite.tests.get(exercise, [])

    def load(self) -> tuple[str, tuple[Line, ...]] | None:
        """Load the module; why it cannot be, or None."""
        try:
            self._executor = self._open({})
        except _DoesNotLoad as error:
            return error.args[0], error.args[1]
        return None

    def run(self, wanted: set[str]) -> None:
        """Judge the wanted exercises, then give those that failed the benefit of others' definitions."""
        try:
            for name, tests in self._suite.tests.items():
                if name in wanted:
                    self.verdicts[name] = self._exercise(name, tests)
            self._second_chances()
            self._waiting()
        finally:
            self._close()

    # --- executors --------------------------------------------------------------------------------------------------

    def _open(self, stand_ins: dict[str, Callable[..., Any]]) -> Executor:
        source = self._submission.source or b""
        executor = self._executors(source, self._submission.filename, stand_ins)
        try:
            error = executor.load()
        except Stopped as stopped:
            self.output += executor.close()
            if stopped.fault_of_grader:
                raise GraderStopped(stopped.detail) from None
            message = f"Importing the module never finishes. {stopped.detail}" if stopped.kind == "timeout" else stopped.detail
            raise _DoesNotLoad(message, ()) from None
        if error is not None:
            self.output += executor.close()
            raise _DoesNotLoad(*load_problem(error, self._submission.filename))
        return executor

    def _close(self) -> None:
        if self._executor is not None:
            self.output += self._executor.close()
            self._executor = None

    # --- judging ----------------------------------------------------------------------------------------------------

    def _exercise(self, name: str, tests: list[TracedTest]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for traced in tests:
            if self._executor is None:
                try:
                    self._executor = self._open(self._without_stopping(name))
                except _DoesNotLoad as error:
                    verdicts.append(Verdict(traced, "stopped", 0.0, Failure("stopped", error.args[0])))
                    continue
            timed_out = any(verdict.failure and verdict.failure.kind == "timeout" for verdict in verdicts)
            if timed_out:
                verdicts.append(Verdict(traced, "stopped", 0.0, None, "not run: another test of the exercise timed out"))
                continue
            verdicts.append(self._test(self._executor, traced, self._suite.assignment.exercise(name)))
        return verdicts

    def _without_stopping(self, name: str) -> dict[str, Callable[..., Any]]:
        """Stand-ins for what never came back, so that others who call it need not wait for it again."""
        own = self._suite.stand_ins_for([name])
        stopping = self._suite.stand_ins_for(self._stopping)
        return {key: value for key, value in stopping.items() if key not in own}

    def _test(self, executor: Executor, traced: TracedTest, exercise: Exercise) -> Verdict:
        """Run one test and judge it; whatever happens becomes a verdict."""
        try:
            answers = executor.run(traced.batch, exercise.seconds)
            for number, answer in enumerate(answers):
                try:
                    answer.verify()
                except PartlyRight as partly:
                    share = round(partly.share, 6)
                    failure = describe_failure(partly, traced.batch.scripts[number], {}, self._submission.filename)
                    return Verdict(traced, "failed", share, failure)
                except CheckFailed as failed:
                    return self._failed(executor, traced, number, failed, exercise)
        except Stopped as stopped:
            if executor is self._executor:
                self._close()
            if stopped.fault_of_grader:
                raise GraderStopped(stopped.detail) from None
            self._stopping.append(exercise.name)
            return Verdict(traced, "stopped", 0.0, stopped_failure(stopped, traced, self._submission.filename))
        return Verdict(traced)

    def _failed(
        self, executor: Executor, traced: TracedTest, number: int, failed: CheckFailed, exercise: Exercise
    ) -> Verdict:
        script, inputs = traced.batch.scripts[number], traced.examples[number].inputs
        if failed.kind in (Kind.UNFINISHED, Kind.MISSING):
            failure = describe_failure(failed, script, inputs, self._submission.filename)
            return Verdict(traced, "not-started", 0.0, failure)
        if self._shrinking and traced.test.strategy is not None:
            script, inputs, failed = self._smaller(executor, traced, number, failed, exercise)
        return Verdict(traced, "failed", 0.0, describe_failure(failed, script, inputs, self._submission.filename))

    def _smaller(
        self, executor: Executor, traced: TracedTest, number: int, failed: CheckFailed, exercise: Exercise
    ) -> tuple[Any, dict[str, Any], CheckFailed]:
        """Look for a smaller example on which the same kind of check fails."""
        from autograder.suite.build import batch_of
        from autograder.suite.shrink import shrink

        best = traced.batch.scripts[number], traced.examples[number].inputs, failed

        def still_fails(inputs: dict[str, Any]) -> bool:
            nonlocal best
            script = traced.trace(inputs)
            (answer,) = executor.run(batch_of([script]), exercise.seconds)
            try:
                answer.verify()
            except CheckFailed as again:
                if again.kind == failed.kind:
                    best = script, inputs, again
                    return True
            return False

        try:
            shrink(traced.test.strategy, traced.examples[number], still_fails)  # type: ignore[arg-type]
        except Stopped:
            if executor is self._executor:
                self._close()
        return best

    # --- independence -----------------------------------------------------------------------------------------------

    def _second_chances(self) -> None:
        """Try failed exercises again with definitions in place of the other functions that failed."""
        failed = [name for name, verdicts in self.verdicts.items() if not all(verdict.right for verdict in verdicts)]
        for name in failed:
            own = self._suite.stand_ins_for([name])
            others = self._suite.stand_ins_for(other for other in failed if other != name)
            stand_ins = {key: value for key, value in others.items() if key not in own}
            if stand_ins and any(_worth_another_try(verdict, stand_ins) for verdict in self.verdicts[name]):
                self._second_chance(name, stand_ins)

    def _second_chance(self, name: str, stand_ins: dict[str, Callable[..., Any]]) -> None:
        exercise = self._suite.assignment.exercise(name)
        executor: Executor | None = None
        for index, verdict in enumerate(self.verdicts[name]):
            if verdict.right or not _worth_another_try(verdict, stand_ins):
                continue
            try:
                executor = executor or self._open(stand_ins)
                answers = executor.run(verdict.traced.batch, exercise.seconds)
                for answer in answers:
                    answer.verify()
            except CheckFailed:
                continue
            except (Stopped, _DoesNotLoad):
                break
            note = f"right once {_listing(self._failed_owners(name, stand_ins))} is right"
            self.verdicts[name][index] = Verdict(verdict.traced, note=note)
        if executor is not None:
            executor.close()

    def _failed_owners(self, name: str, stand_ins: dict[str, Callable[..., Any]]) -> list[str]:
        return [
            stand_in.exercise
            for stand_in in self._suite.stand_ins
            if stand_in.exercise != name and stand_ins.keys() & stand_in.functions.keys()
        ]

    def _waiting(self) -> None:
        """A test that needs an exercise which failed is waiting for it, not wrong."""
        for verdicts in self.verdicts.values():
            for index, verdict in enumerate(verdicts):
                lacking = [
                    needed
                    for needed in verdict.traced.test.needs
                    if verdict.state in ("failed", "stopped")
                    and not all(other.right for other in self.verdicts.get(needed, []))
                ]
                if lacking:
                    note = f"needs {_listing(lacking)}"
                    verdicts[index] = Verdict(verdict.traced, "waiting", 0.0, verdict.failure, note)


class _DoesNotLoad(Exception):  # noqa: N818 - args: why, lines
    """The module cannot be loaded."""


def _worth_another_try(verdict: Verdict, stand_ins: dict[str, Callable[..., Any]]) -> bool:
    """Whether other functions could be why a test failed; what nobody wrote yet fails for itself."""
    if verdict.right or verdict.share > 0:
        return False
    failure = verdict.failure
    if failure is not None and failure.kind == Kind.UNFINISHED:
        return bool(failure.lines) and failure.lines[-1].function in stand_ins
    return verdict.state in ("failed", "stopped")


def _exercise_result(exercise: Exercise, verdicts: list[Verdict] | None, tests: list[TracedTest]) -> ExerciseResult:
    if verdicts is None:
        verdicts = [Verdict(traced, "not-started", 0.0) for traced in tests]
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
                failure=verdict.failure,
                note=verdict.note,
            )
            for verdict in verdicts
        ),
    )


def _tidy(points: float) -> float:
    """Points to four decimals: sums of shares should not show rounding."""
    return round(points, 4)


def _listing(names: Iterable[str]) -> str:
    return " and ".join(names)
