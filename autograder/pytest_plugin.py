"""Graded tests under plain pytest, with the module in process: `pytest tests/neuron`.

A folder of graded tests is one named after an assignment in the `tests/` of a course, or the `tests/` of an
assignment's released folder. Its tests are collected by their own loader and judged as `autograder check` judges them;
`print` and `breakpoint()` in the module work.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from autograder.grading.executors import Executors
    from autograder.grading.judging import Judging
    from autograder.grading.result import ExerciseResult, Result, TestResult
    from autograder.place import Place
    from autograder.suite.build import Suite, TracedTest

WIDTH = 88


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of what is tested."""
    group = parser.getgroup("autograder")
    group.addoption(
        "--reference", action="store_true", help="run graded tests on the solutions instead of the students' copies"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take over the files of graded tests; every other file is pytest's."""
    if not (file_path.name.startswith("test_") and file_path.suffix == ".py"):
        return None
    bench = _bench_for(file_path, parent.session)
    return None if bench is None else _GradedFile.from_parent(parent, path=file_path, bench=bench)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Keep pytest from importing files of graded tests a second time."""
    return _Nothing.from_parent(parent, path=module_path) if _bench_for(module_path, parent.session) else None


class _Bench:
    """The suite of an assignment and the one module that is tested in this session."""

    def __init__(self, place: Place) -> None:
        from autograder.place import suite_at

        self.course = place.course
        self.suite: Suite = suite_at(place)
        self.path = place.module
        self._judging: Judging | None = None
        self._whole: Result | None = None
        self.problem = ""

    def judging(self) -> Judging:
        """The module under test, loaded once."""
        if self._judging is None:
            from autograder.grading.judging import DoesNotLoad, Judging
            from autograder.submission import read_module

            submission = read_module(self.path, self.suite.assignment)
            self._judging = Judging(submission, self.suite, self._executors())
            if submission.problem is not None:
                self.problem = submission.problem.message
            else:
                try:
                    self._judging.load()
                except DoesNotLoad as error:
                    self.problem = error.why
        return self._judging

    def _executors(self) -> Executors:
        from autograder.grading.executors import InProcess

        return InProcess(self.path, passing=(pytest.exit.Exception,))  # what pytest's debugger raises on `q`

    def in_context(self, traced: TracedTest) -> tuple[ExerciseResult, TestResult]:
        """The verdict on a failed test when all exercises are considered, as every other lane gives it."""
        if self._whole is None:
            from autograder.grading.grade import grade
            from autograder.submission import read_module

            with _unattended():
                submission = read_module(self.path, self.suite.assignment)
                self._whole = grade(submission, self.suite, self._executors(), self.course)
        exercise = next(found for found in self._whole.exercises if found.name == traced.test.exercise)
        return exercise, next(found for found in exercise.tests if found.name == traced.test.name)


@contextlib.contextmanager
def _unattended() -> Iterator[None]:
    """Run student code once more without showing it: its prints and breakpoints have been seen."""
    before, sys.breakpointhook = sys.breakpointhook, lambda *_args, **_keywords: None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.breakpointhook = before


_BENCHES = pytest.StashKey[dict[Any, _Bench | None]]()


def _bench_for(path: Path, session: pytest.Session) -> _Bench | None:
    """The bench for a file of graded tests; None for any other file."""
    folder = path.parent
    benches = session.stash.setdefault(_BENCHES, {})
    if folder not in benches:
        place = _place_of(folder, "solutions" if session.config.getoption("--reference") else "assignments")
        benches[folder] = _Bench(place) if place else None
    return benches[folder]


def _place_of(tests: Path, copies: str) -> Place | None:
    """The place that a folder of graded tests belongs to; in a course, the module is in the folder of `copies`."""
    if tests.name == "tests" and (tests / "course.toml").exists():
        from autograder.place import lone_place

        return lone_place(tests.parent)
    root = tests.parent.parent
    if tests.parent.name == "tests" and (root / "course.toml").exists():
        from autograder.course import load_course
        from autograder.place import Place

        course = load_course(root)
        for assignment in course.assignments:
            if assignment.name == tests.name:
                return Place(course, assignment, root / copies / assignment.name, tests)
    return None


class _GradedFile(pytest.File):
    """One file of graded tests."""

    def __init__(self, *, bench: _Bench, **rest: Any) -> None:
        super().__init__(**rest)
        self._bench = bench

    def collect(self) -> Iterable[pytest.Item]:
        for traced in self._bench.suite.all_tests():
            if traced.test.function.__code__.co_filename == str(self.path):
                yield _GradedItem.from_parent(self, name=traced.test.name, traced=traced, bench=self._bench)


class _Nothing(pytest.File):
    """In place of the module that pytest would make of a file of graded tests."""

    def collect(self) -> Iterable[pytest.Item]:
        return ()


class _GradedItem(pytest.Item):
    """One graded test."""

    def __init__(self, *, traced: TracedTest, bench: _Bench, **rest: Any) -> None:
        super().__init__(**rest)
        self._traced = traced
        self._bench = bench
        self.add_marker(pytest.mark.exercise(traced.test.exercise))
        self.extra_keyword_matches.add(traced.test.exercise)

    def runtest(self) -> None:
        judging = self._bench.judging()
        if self._bench.problem:
            raise _NotRight(self._bench.problem)
        if judging.judge(self._traced).right:
            return
        exercise, test = self._bench.in_context(self._traced)
        if test.state == "waiting":
            pytest.skip(test.note)
        if test.state != "passed":
            raise _NotRight(_rendered(exercise, test, self._bench.path.name))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, _NotRight) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        line = self._traced.test.function.__code__.co_firstlineno
        return self.path, line - 1, f"{self._traced.test.exercise}: {self._traced.test.title}"


class _NotRight(AssertionError):
    """A graded test failed; the message is the feedback."""


def _rendered(exercise: ExerciseResult, test: TestResult, filename: str) -> str:
    from rich.console import Console

    from autograder.feedback.terminal import failure

    console = Console(width=WIDTH, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(failure(exercise, test, filename=filename))
    return captured.get().rstrip()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that items carry."""
    config.addinivalue_line("markers", "exercise(name): the exercise that a graded test belongs to")
