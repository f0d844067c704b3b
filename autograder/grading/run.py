"""Grades a class: every submission of an assignment, in parallel, going on where an interrupted run stopped."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from autograder.bank import reference_source
from autograder.diagnosis.profiles import Profiles, load_profiles
from autograder.errors import GraderError
from autograder.sandbox import Limits, Sandbox
from autograder.submission import Submission, submissions
from autograder.suite.build import Suite, load_suite

from .executors import Sandboxed
from .grade import grade
from .judging import GraderStopped
from .result import Result
from .store import read_result, write_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from autograder.course import Assignment, Course

ATTEMPTS = 2


@dataclass(frozen=True)
class Graded:
    """What became of one submission in this run."""

    student: str
    result: Result | None
    """None where the grader failed on it; an older result on disk is left as it was."""
    fresh: bool = True
    """False where an earlier run had graded the same submission with the same tests."""
    trouble: str = ""
    """How the grader failed."""


class ClassRun:
    """The grading of one assignment of a class."""

    def __init__(self, course: Course, assignment: Assignment, *, trust_submissions: bool = False) -> None:
        """Load the tests and draw the examples. Raises `AutograderError` where the course is not sound."""
        self.course = course
        self.assignment = assignment
        self.suite = complete_suite(course, assignment)
        self.profiles = load_profiles(course, assignment, self.suite)
        self._trust = trust_submissions

    def sandbox(self) -> Sandbox:
        """A sandbox with this assignment's limits."""
        return Sandbox(sandbox_limits(self.assignment), trust_submissions=self._trust)

    def prove_reference(self, sandbox: Sandbox) -> None:
        """Grade the reference solution; raises `GraderError` unless it earns full points.

        A course without its solutions, such as a student's copy, is taken at its word.
        """
        folder = self.course.root / "solutions" / self.assignment.name
        if not folder.exists():
            return
        reference = Submission(
            student="(reference)",
            assignment=self.assignment.name,
            source=reference_source(self.course, self.assignment).encode(),
            filename=self.assignment.module,
            digest="",
        )
        result = grade_patiently(reference, self.suite, Sandboxed(sandbox), self.course)
        if result.score < result.max_score:
            lost = [exercise.name for exercise in result.exercises if exercise.points < exercise.max_points]
            why = result.problem or f"it loses points in {', '.join(lost)}"
            message = (
                f"solutions/{self.assignment.name}/{self.assignment.module}: the reference solution fails its own "
                f"tests ({why}), so nothing was graded; `autograder validate {self.assignment.name}` shows more"
            )
            raise GraderError(message)

    def run(self, only: Iterable[str] | None = None, *, jobs: int = 1, force: bool = False) -> Iterator[Graded]:
        """Grade the class (or `only` these students), yielding each outcome once its result is written."""
        handed_in = submissions(self.course, self.assignment, only)
        known = {} if force else self._known(handed_in)
        for student, result in known.items():
            yield Graded(student, result, fresh=False)
        due = [submission for submission in handed_in if submission.student not in known]
        if not due:
            return
        self.suite.prepare()
        with self.sandbox() as sandbox:
            self.prove_reference(sandbox)
            if jobs <= 1 or len(due) == 1:
                outcomes: Iterator[Graded] = (self._grade(submission, Sandboxed(sandbox)) for submission in due)
                yield from map(self._kept, outcomes)
                return
        yield from map(self._kept, self._in_parallel(due, min(jobs, len(due))))

    def _known(self, handed_in: Sequence[Submission]) -> dict[str, Result]:
        """The results of earlier runs that still hold: same submission, same tests, same seed."""
        known: dict[str, Result] = {}
        for submission in handed_in:
            result = read_result(self.course, submission.student, self.assignment.name)
            if result and (result.submission, result.suite) == (submission.digest, self.suite.digest):
                known[submission.student] = result
        return known

    def _kept(self, graded: Graded) -> Graded:
        """Write the result of one submission; raises `GraderError` where nothing can be written."""
        if graded.result is not None:
            try:
                write_result(self.course, graded.result)
            except GraderError:
                raise
            except Exception as error:  # noqa: BLE001 - reported for this submission; the others go on
                trouble = f"{graded.student}: the result cannot be written ({type(error).__name__})"
                return Graded(graded.student, None, trouble=trouble)
        return graded

    def _grade(self, submission: Submission, executors: Sandboxed) -> Graded:
        try:
            return Graded(
                submission.student, grade_patiently(submission, self.suite, executors, self.course, self.profiles)
            )
        except GraderError as error:
            return Graded(submission.student, None, trouble=str(error))
        except Exception as error:  # noqa: BLE001 - reported for this submission; the others go on
            trouble = f"{submission.student}: the grader failed ({type(error).__name__}); this is a bug in it"
            return Graded(submission.student, None, trouble=trouble)

    def _in_parallel(self, due: Sequence[Submission], jobs: int) -> Iterator[Graded]:
        """Grade in forked processes, which share the drawn examples, each with a sandbox of its own.

        The kernel may kill one that runs out of memory. Its submission is then tried once more, in a process of its
        own, and nobody else's is touched.
        """
        waiting = list(reversed(due))
        lost: set[str] = set()
        processes: list[_Process] = []
        try:
            while len(processes) < jobs:
                processes.append(_Process(self, processes))
            idle = list(processes)
            while True:
                for process in idle:
                    if waiting:
                        process.begin(waiting.pop())
                busy = [process for process in processes if process.submission is not None]
                if not busy:
                    return
                ready = wait([process.connection for process in busy])
                idle = [process for process in busy if process.connection in ready]
                for number, process in enumerate(idle):
                    submission, graded = process.finish()
                    if graded is None:
                        process.end()
                        processes.remove(process)
                        idle[number] = _Process(self, processes)
                        processes.append(idle[number])
                        if submission.student not in lost:
                            lost.add(submission.student)
                            waiting.append(submission)
                            continue
                        graded = Graded(submission.student, None, trouble=f"{submission.student}: {_DIED}")
                    yield graded
        finally:
            for process in processes:
                process.end()


_DIED = "the process that graded it was killed twice, most often because the machine ran out of memory"


class _Process:
    """A forked process that grades one submission after the other."""

    def __init__(self, run: ClassRun, others: Sequence[_Process]) -> None:
        """Fork; `others` are running already, and the new one lets go of what it inherits of them."""
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self.submission: Submission | None = None
        inherited = [self.connection, *(other.connection for other in others)]
        self._process = context.Process(target=_serve, args=(run, theirs, inherited), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, submission: Submission) -> None:
        """Have it grade a submission; one that is dead is found out by `finish`."""
        self.submission = submission
        with contextlib.suppress(OSError):
            self.connection.send(submission)

    def finish(self) -> tuple[Submission, Graded | None]:
        """Take the outcome once it is there; None where the process has died."""
        submission, self.submission = self.submission, None
        assert submission is not None  # noqa: S101 - asked of busy ones only
        try:
            return submission, self.connection.recv()
        except (EOFError, OSError):
            return submission, None

    def end(self) -> None:
        """Kill it."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def _serve(run: ClassRun, connection: Connection, inherited: Sequence[Connection]) -> None:
    """Grade what comes until the parent hangs up, to whom Ctrl-C is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for theirs in inherited:
        theirs.close()  # Who held the parent's end would never see that it is gone.
    executors: Sandboxed | None = None
    while True:
        try:
            submission = connection.recv()
        except (EOFError, OSError):
            return
        try:
            executors = executors or Sandboxed(run.sandbox())
            graded = run._grade(submission, executors)  # noqa: SLF001 - the same class, in another process
        except Exception as error:  # noqa: BLE001 - reported for this submission; the others go on
            graded = Graded(submission.student, None, trouble=f"{type(error).__name__}: {error}")
        connection.send(graded)


def grade_patiently(
    submission: Submission, suite: Suite, executors: Any, course: Course, profiles: Profiles | None = None
) -> Result:
    """Grade, and once more where the grader itself failed; raises `GraderError` when that did not help."""
    for attempt in range(ATTEMPTS):
        try:
            return grade(submission, suite, executors, course, profiles=profiles)
        except GraderStopped as stopped:
            if attempt == ATTEMPTS - 1:
                message = f"{submission.student}: the grader failed, which says nothing of the submission: {stopped}"
                raise GraderError(message) from stopped
    raise AssertionError


def complete_suite(course: Course, assignment: Assignment) -> Suite:
    """The suite of an assignment in which every exercise has a test. Raises `GraderError` where one has none."""
    suite = load_suite(course, assignment)
    if suite.untested:
        message = f"tests/{assignment.name}: no test for {', '.join(suite.untested)}, so nothing was graded"
        raise GraderError(message)
    return suite


def sandbox_limits(assignment: Assignment) -> Limits:
    """The sandbox's limits for an assignment."""
    limits = assignment.limits
    return Limits(
        call_seconds=limits.call_seconds,
        submission_seconds=limits.submission_seconds,
        memory_mb=limits.memory_mb,
        output_kept=limits.output_kb * 1024,
    )
