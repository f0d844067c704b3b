"""Grades what a pull request changes, with the tests and the configuration of its base."""

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.course import FILE_NAME, Assignment, Course, load_course
from autograder.errors import AutograderError, GraderError, UsageError
from autograder.grading.executors import Sandboxed
from autograder.grading.result import Result
from autograder.grading.run import complete_suite, grade_patiently, sandbox_limits
from autograder.sandbox import Sandbox
from autograder.submission import Submission, read_folder

from .change import Change, Handed, Part, look_at
from .objects import EXECUTABLE, FILE, Entry, Repository, TooMuchError
from .report import SCHEMA, Report

_MOST_TEST_BYTES = 256 << 20


@dataclass(frozen=True)
class Graded:
    """One assignment of the change: its result, and where an annotation of it belongs."""

    result: Result
    assignment: Assignment
    filename: str
    """The student's file from the root of the repository."""
    source: str
    """The module's text; empty where a notebook was graded, whose lines are nobody's."""


@dataclass(frozen=True)
class Outcome:
    """A report with what only this process knows."""

    report: Report
    graded: tuple[Graded, ...]
    course: Course


def grade_change(
    repository: Repository,
    base: str,
    head: str,
    *,
    student: str,
    passing: float | None = None,
    trust_submissions: bool = False,
) -> Outcome:
    """Grade the assignments that differ between two revisions; the head is read, never checked out.

    Both are resolved to commits first. Raises `GraderError` when the head was moved meanwhile, and where the grader
    itself failed; `UsageError` and `CourseError` where the base is no course.
    """
    base_commit, head_commit = repository.resolve(base), repository.resolve(head)
    with tempfile.TemporaryDirectory(prefix="autograder-pr-") as folder:
        root = Path(folder)
        _place(root, repository, repository.entries(base_commit, [FILE_NAME]))
        if not (root / FILE_NAME).exists():
            raise UsageError(
                f"{base_commit[:12]}: there is no {FILE_NAME} in the base; is this the course's repository?"
            )
        course = load_course(root)
        change = look_at(repository, base_commit, head_commit, course.assignments)
        graded = [
            _grade(repository, course, course.assignment(name), change, student, trust_submissions=trust_submissions)
            for name in change.handed
        ]
    now = repository.resolve(head)
    if now != head_commit:
        raise GraderError(
            f"{head} was moved from {head_commit[:12]} to {now[:12]} while it was graded; what was graded is not what "
            "is there now: grade again"
        )
    report = Report(
        schema=SCHEMA,
        base=base_commit,
        head=head_commit,
        violations=change.violations,
        results=tuple(each.result for each in graded),
        passing=passing,
    )
    return Outcome(report, tuple(graded), course)


def _grade(
    repository: Repository,
    course: Course,
    assignment: Assignment,
    change: Change,
    student: str,
    *,
    trust_submissions: bool,
) -> Graded:
    with ThreadPoolExecutor(1) as beside:
        # The sandbox takes as long to start as the examples take to be drawn.
        starting = beside.submit(Sandbox, sandbox_limits(assignment), trust_submissions=trust_submissions)
        try:
            _place(course.root, repository, repository.entries(change.base, [f"tests/{assignment.name}"]))
            submission, part = _submission(repository, course, assignment, change.handed[assignment.name], student)
            suite = complete_suite(course, assignment)
            suite.prepare()
        except BaseException:
            with suppress(AutograderError):
                starting.result().close()
            raise
        with starting.result() as sandbox:
            result = grade_patiently(submission, suite, Sandboxed(sandbox), course)
    source = submission.source.decode() if submission.source and part == "module" else ""
    name = assignment.module if part == "module" else assignment.notebook
    return Graded(result, assignment, f"assignments/{assignment.name}/{name}", source)


def _submission(
    repository: Repository, course: Course, assignment: Assignment, handed: Mapping[Part, Handed], student: str
) -> tuple[Submission, Part]:
    """Read the module; or the notebook, where the change is in that alone and it defines something."""
    order: Sequence[Part] = ("module", "notebook")
    if "module" not in handed or (not handed["module"].changed and "notebook" in handed):
        order = ("notebook", "module")
    folder = course.root / "submitted" / assignment.name
    submission = None
    for part in order:
        if part not in handed:
            continue
        name = assignment.module if part == "module" else assignment.notebook
        limit = handed[part].size
        (data,) = repository.blobs([handed[part].sha], most_bytes=limit)
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        (folder / name).write_bytes(data)
        submission = read_folder(folder, assignment, student=student)
        if submission.problem is None or submission.problem.kind != "bad-notebook" or "module" not in handed:
            return submission, part
    if submission is None:
        raise GraderError(f"{assignment.name}: the change holds neither its module nor its notebook")
    return submission, part


def _place(root: Path, repository: Repository, entries: Sequence[Entry]) -> None:
    """Write files of the base under `root`; links and submodules are left out."""
    files = [entry for entry in entries if entry.mode in {FILE, EXECUTABLE}]
    try:
        contents = repository.blobs([entry.sha for entry in files], most_bytes=_MOST_TEST_BYTES)
    except TooMuchError:
        raise GraderError(f"the base's tests have more than {_MOST_TEST_BYTES >> 20} MB") from None
    for entry, data in zip(files, contents, strict=True):
        path = root / entry.path.decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
