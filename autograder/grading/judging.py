"""Judges the exercises of one submission, each as if the others were right."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.kit.checks import PartlyRight
from autograder.kit.failure import CheckFailed, Kind

from .describe import load_problem
from .effort import TOO_MUCH_EFFORT, Effort, Metered
from .executors import Executor, Executors, Sandboxed, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from autograder.course import Exercise
    from autograder.submission import Submission
    from autograder.suite.build import Suite, TracedTest

    from .executors import Found
    from .replay import Answers
    from .result import Line

#: How much of what a submission prints is looked at.
MOST_OUTPUT = 80_000
#: Answers that took so many seconds are not looked at once more for a diagnosis.
DIAGNOSED_SECONDS = 5.0


@dataclass
class Verdict:
    """How one test went."""

    traced: TracedTest
    state: str = "passed"
    share: float = 1.0
    note: str = ""
    example: int = 0
    """The number of the example that failed."""
    failed: CheckFailed | None = None
    stopped: Stopped | None = None
    answers: Sequence[Answers] = ()
    """What was answered to its examples, where it failed; in the last try, stand-ins or not."""

    @property
    def right(self) -> bool:
        """Whether it earned everything."""
        return self.state == "passed"


class GraderStopped(Exception):  # noqa: N818 - caught by the caller and tried again
    """The grader itself failed on this submission; nothing is charged to the student."""


class DoesNotLoad(Exception):  # noqa: N818 - what is the matter with the module
    """The module cannot be loaded."""

    def __init__(self, why: str, lines: tuple[Line, ...] = ()) -> None:
        """Say why, in a sentence, with the student's lines."""
        super().__init__(why)
        self.why = why
        self.lines = lines


class Judging:
    """One submission on its way through the suite."""

    def __init__(self, submission: Submission, suite: Suite, executors: Executors) -> None:
        """Take a submission that can be read; nothing of it runs yet."""
        self.submission = submission
        self.suite = suite
        self.verdicts: dict[str, list[Verdict]] = {}
        self.output = ""
        self._executors = executors
        self._executor: Executor | None = None
        self._stopping: list[str] = []
        self._leans: dict[str, set[str]] = {}
        self._used = 0.0
        self._effort = Effort()

    @property
    def sandboxed(self) -> bool:
        """Whether the answers are a stranger's, which to look at may take too long."""
        return isinstance(self._executors, Sandboxed)

    def load(self) -> None:
        """Load the module; raises `DoesNotLoad`."""
        self._executor = self.open({})

    def run(self, wanted: set[str]) -> None:
        """Judge the wanted exercises, then give those that failed the benefit of others' definitions."""
        for name, tests in self.suite.tests.items():
            if name in wanted:
                self.verdicts[name] = self._exercise(self.suite.assignment.exercise(name), tests)
        self._second_chances()
        self._waiting()
        if self._effort.seconds >= DIAGNOSED_SECONDS:
            for verdict in (verdict for verdicts in self.verdicts.values() for verdict in verdicts):
                verdict.answers = ()

    def judge(self, traced: TracedTest) -> Verdict:
        """Run one test on its own, without second chances; the module must have been loaded."""
        return self._one(self.suite.assignment.exercise(traced.test.exercise), traced)

    # --- executors --------------------------------------------------------------------------------------------------

    def open(self, stand_ins: dict[str, Callable[..., Any]]) -> Executor:
        """Load the module into a fresh executor; raises `DoesNotLoad`, or `GraderStopped`."""
        limit = self.suite.assignment.limits.submission_seconds
        if self._used >= limit:
            raise DoesNotLoad(f"The submission has used up its {limit:g} s.")
        if self._effort.exhausted:
            raise DoesNotLoad(TOO_MUCH_EFFORT)
        source = self.submission.source or b""
        try:
            executor = self._executors(source, self.submission.filename, stand_ins, limit - self._used)
        except Stopped as stopped:
            raise GraderStopped(stopped.detail) from None
        if self.sandboxed:
            executor = Metered(executor, self._effort)
        try:
            error = executor.load()
        except Stopped as stopped:
            self.put_away(executor, stopped)
            never = ": importing it never finishes" if stopped.kind == "timeout" else ""
            why = f"{self.submission.filename} cannot be imported{never}. {stopped.detail}"
            raise DoesNotLoad(why) from None
        if error is not None:
            self.put_away(executor)
            raise DoesNotLoad(*load_problem(error, self.submission.filename))
        return executor

    def put_away(self, executor: Executor, stopped: Stopped | None = None) -> None:
        """Let go of an executor and count what it used; one that only slept used as much as it was waited for.

        Raises `GraderStopped` when what stopped it was the grader's fault.
        """
        if executor is self._executor:
            self._executor = None
        printed, seconds = executor.close()
        if len(self.output) < MOST_OUTPUT:
            self.output += printed
        waited = self.suite.assignment.limits.call_seconds if stopped and stopped.kind == "timeout" else 0.0
        self._used += max(seconds, waited)
        if stopped is not None and stopped.fault_of_grader:
            raise GraderStopped(stopped.detail)

    def close(self) -> None:
        """Let go of the module."""
        if self._executor is not None:
            self.put_away(self._executor)

    def executor_for(self, name: str) -> Executor:
        """The executor that is open, or a fresh one in which what never came back is stood in for.

        So others who call it need not wait for it again. Raises `DoesNotLoad`.
        """
        if self._executor is None:
            own = self.suite.stand_ins_for([name])
            stopping = self.suite.stand_ins_for(self._stopping)
            self._executor = self.open({key: value for key, value in stopping.items() if key not in own})
        return self._executor

    # --- judging ----------------------------------------------------------------------------------------------------

    def _exercise(self, exercise: Exercise, tests: list[TracedTest]) -> list[Verdict]:
        """Judge all tests of an exercise in one go; where that is stopped, one by one around the test that did it."""
        culprit = len(tests)
        try:
            executor = self.executor_for(exercise.name)
        except DoesNotLoad as error:
            return [_stopped(traced, Stopped("stopped", error.why, 0)) for traced in tests]
        try:
            with self._leaning(exercise.name, executor):
                answers = executor.run(self.suite.batch(exercise.name), exercise.seconds)
            split = self.suite.split(exercise.name, answers)
            return [_verdict(*each, executor.judge(each[1])) for each in zip(tests, split, strict=True)]
        except Stopped as stopped:
            self.put_away(executor, stopped)
            self._stopping.append(exercise.name)
            culprit, stopped.example = self.suite.locate(exercise.name, stopped.example)
            verdict = _stopped(tests[culprit], stopped)
        before = [self._one(exercise, traced) for traced in tests[:culprit]]
        if verdict.stopped is not None and verdict.stopped.kind == "timeout":
            note = "not run: another test of the exercise timed out"
            after = [Verdict(traced, "stopped", 0.0, note) for traced in tests[culprit + 1 :]]
        else:
            after = [self._one(exercise, traced) for traced in tests[culprit + 1 :]]
        return [*before, verdict, *after]

    def _one(self, exercise: Exercise, traced: TracedTest) -> Verdict:
        """Run one test and judge it; whatever happens becomes a verdict."""
        try:
            executor = self.executor_for(exercise.name)
        except DoesNotLoad as error:
            return _stopped(traced, Stopped("stopped", error.why, 0))
        try:
            with self._leaning(exercise.name, executor):
                answers = executor.run(traced.batch, exercise.seconds)
            return _verdict(traced, answers, executor.judge(answers))
        except Stopped as stopped:
            self.put_away(executor, stopped)
            return _stopped(traced, stopped)

    # --- independence -----------------------------------------------------------------------------------------------

    def _second_chances(self) -> None:
        """Try failed exercises again with definitions in place of the other functions that failed.

        What leans on itself in the end, by way of whatever was lent, has been written by nobody: it earns nothing.
        """
        failed = [name for name, verdicts in self.verdicts.items() if not all(verdict.right for verdict in verdicts)]
        before = {name: list(self.verdicts[name]) for name in failed}
        for name in failed:
            own = self.suite.stand_ins_for([name])
            others = self.suite.stand_ins_for(other for other in failed if other != name)
            stand_ins = {key: value for key, value in others.items() if key not in own}
            if stand_ins and any(_worth_another_try(verdict, stand_ins) for verdict in self.verdicts[name]):
                leans = self._second_chance(self.suite.assignment.exercise(name), stand_ins)
                self._leans.setdefault(name, set()).update(leans)
        for name in failed:
            if _leans_on_itself(name, self._leans):
                self.verdicts[name] = before[name]

    def _second_chance(self, exercise: Exercise, stand_ins: dict[str, Callable[..., Any]]) -> set[str]:
        """Run what may be right but for others; whose functions what now earns more has called."""
        verdicts = self.verdicts[exercise.name]
        executor: Executor | None = None
        leans: set[str] = set()
        try:
            for index, verdict in enumerate(verdicts):
                if _worth_another_try(verdict, stand_ins):
                    executor = executor or self.open(stand_ins)
                    executor.lent.clear()
                    answers = executor.run(verdict.traced.batch, exercise.seconds)
                    again = _verdict(verdict.traced, answers, executor.judge(answers))
                    owners = self._owners(exercise.name, executor.lent)
                    if again.right and owners:
                        is_right = f"{', '.join(owners)} {'is' if len(owners) == 1 else 'are'} right"
                        verdicts[index] = Verdict(verdict.traced, note=f"right once {is_right}")
                        leans.update(owners)
                    elif again.share > verdict.share and owners:
                        verdicts[index] = again
                        leans.update(owners)
                    else:
                        verdict.answers = answers
        except DoesNotLoad:
            return leans
        except Stopped as stopped:
            if executor is not None:
                self.put_away(executor, stopped)
        else:
            if executor is not None:
                self.put_away(executor)
        return leans

    @contextlib.contextmanager
    def _leaning(self, name: str, executor: Executor) -> Iterator[None]:
        """Note on whom an exercise leans when what once stopped the code is stood in for."""
        executor.lent.clear()
        yield
        owners = self._owners(name, executor.lent)
        if owners:
            self._leans.setdefault(name, set()).update(owners)

    def _owners(self, name: str, lent: set[str]) -> list[str]:
        """Whose functions were called."""
        return [
            stand_in.exercise
            for stand_in in self.suite.stand_ins
            if stand_in.exercise != name and lent & stand_in.functions.keys()
        ]

    def _waiting(self) -> None:
        """A test that needs an exercise which failed is waiting for it, not wrong."""
        for verdicts in self.verdicts.values():
            for verdict in verdicts:
                lacking = [
                    needed
                    for needed in verdict.traced.test.needs
                    if verdict.state in ("failed", "stopped")
                    and not all(other.right for other in self.verdicts.get(needed, []))
                ]
                if lacking:
                    verdict.state, verdict.share, verdict.note = "waiting", 0.0, f"needs {' and '.join(lacking)}"


def _verdict(traced: TracedTest, answers: Sequence[Answers], found: Found) -> Verdict:
    if found is None:
        return Verdict(traced)
    number, failed = found
    unwritten = failed.kind in (Kind.UNFINISHED, Kind.MISSING)
    share = round(failed.share, 6) if isinstance(failed, PartlyRight) else 0.0
    return Verdict(traced, "not-started" if unwritten else "failed", share, "", number, failed, None, answers)


def _stopped(traced: TracedTest, stopped: Stopped) -> Verdict:
    return Verdict(traced, "stopped", 0.0, "", stopped.example, None, stopped)


def _leans_on_itself(name: str, leans: dict[str, set[str]]) -> bool:
    """Whether following who leans on whom leads from an exercise back to it."""
    reached: set[str] = set()
    waiting = list(leans.get(name, ()))
    while waiting:
        other = waiting.pop()
        if other not in reached:
            reached.add(other)
            waiting += leans.get(other, ())
    return name in reached


def _worth_another_try(verdict: Verdict, stand_ins: dict[str, Callable[..., Any]]) -> bool:
    """Whether other functions could be why a test failed; what nobody wrote yet fails for itself."""
    if verdict.right:
        return False
    if verdict.failed is not None and verdict.failed.kind == Kind.UNFINISHED:
        lines = (verdict.failed.error or {}).get("lines", ())
        return bool(lines) and lines[-1][1] in stand_ins
    return verdict.state in ("failed", "stopped")
