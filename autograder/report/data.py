"""What the instructor's page shows, worked out from the Results and, for who handed in what, from `submitted/`."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.grading.result import Result
from autograder.grading.store import read_result
from autograder.release import release_text
from autograder.submission import submissions

from .history import Change, change_since
from .items import ENOUGH, Item, items
from .similar import Alike, alike

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograder.grading.result import ExerciseResult
    from autograder.submission import Submission


class Held(Struct, frozen=True):
    """A misconception or a difference, and who has it."""

    exercise: str
    name: str
    insight: str
    see: str
    students: tuple[str, ...]


class Row(Struct, frozen=True):
    """One student's points, exercise by exercise with the kind of colour for each."""

    student: str
    score: float
    cells: tuple[tuple[float, str], ...]


class ClassData(Struct, frozen=True, kw_only=True):
    """A class and one assignment."""

    course: Course
    assignment: Assignment
    students: tuple[str, ...]
    graded: tuple[Result, ...]
    """Results of submissions that could be run."""
    missing: tuple[str, ...]
    broken: tuple[tuple[str, str], ...]
    """Handed in, but unreadable or not to be imported, and why."""
    ungraded: tuple[tuple[str, str], ...]
    """Handed in, and without a result of what is there."""
    misconceptions: tuple[Held, ...]
    differences: tuple[Held, ...]
    items: tuple[Item, ...]
    change: Change | None
    alike: tuple[Alike, ...]
    enough: int = ENOUGH

    @property
    def scores(self) -> list[float]:
        """The scores of those whose work could be run."""
        return [result.score for result in self.graded]

    @property
    def mean(self) -> float:
        """The mean score; 0 where there is none."""
        return statistics.fmean(self.scores) if self.graded else 0.0

    @property
    def median(self) -> float:
        """The median score; 0 where there is none."""
        return statistics.median(self.scores) if self.graded else 0.0

    @property
    def all_right(self) -> int:
        """How many have everything right."""
        return sum(result.score == result.max_score for result in self.graded)

    @property
    def few(self) -> bool:
        """Whether there are too few students for a correlation."""
        return len(self.graded) < ENOUGH

    @property
    def rows(self) -> list[Row]:
        """Everybody who could be graded."""
        return [
            Row(result.student, result.score, tuple((each.points, _kind(each)) for each in result.exercises))
            for result in self.graded
        ]


def gather(course: Course, assignment: Assignment) -> ClassData:
    """Read what the page shows. Raises `UsageError` for an empty class."""
    handed_in = submissions(course, assignment)
    graded: list[Result] = []
    missing: list[str] = []
    broken: list[tuple[str, str]] = []
    ungraded: list[tuple[str, str]] = []
    for submission in handed_in:
        result = read_result(course, submission.student, assignment.name)
        if submission.problem is not None and submission.problem.kind == "missing":
            missing.append(submission.student)
        elif result is None:
            ungraded.append((submission.student, "there is no result"))
        elif result.submission != submission.digest:
            ungraded.append((submission.student, "what was handed in has changed since it was graded"))
        elif result.state == "graded":
            graded.append(result)
        else:
            broken.append((submission.student, result.problem))
    return ClassData(
        course=course,
        assignment=assignment,
        students=tuple(submission.student for submission in handed_in),
        graded=tuple(graded),
        missing=tuple(missing),
        broken=tuple(broken),
        ungraded=tuple(ungraded),
        misconceptions=_held(graded, _misconception),
        differences=_held(graded, _difference),
        items=items(graded),
        change=change_since(course, assignment, graded),
        alike=_alike(course, assignment, handed_in),
    )


def _held(results: Sequence[Result], kind: Callable[[ExerciseResult], Held | None]) -> tuple[Held, ...]:
    """What students have in common, the most frequent first, in the order of the exercises otherwise."""
    found: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Held] = {}
    for result in results:
        for exercise in result.exercises:
            held = kind(exercise)
            if held is not None:
                key = (held.exercise, held.name)
                first.setdefault(key, held)
                found.setdefault(key, []).append(result.student)
    order = sorted(found, key=lambda key: -len(found[key]))
    return tuple(
        Held(first[key].exercise, first[key].name, first[key].insight, first[key].see, tuple(found[key]))
        for key in order
    )


def _misconception(exercise: ExerciseResult) -> Held | None:
    if not exercise.misconception:
        return None
    return Held(exercise.name, exercise.misconception, exercise.insight, exercise.see, ())


def _difference(exercise: ExerciseResult) -> Held | None:
    return Held(exercise.name, exercise.difference, "", "", ()) if exercise.difference else None


def _alike(course: Course, assignment: Assignment, handed_in: Sequence[Submission]) -> tuple[Alike, ...]:
    path = course.root / "solutions" / assignment.name / assignment.module
    stub = release_text(course, assignment) if path.exists() else ""
    sources = {each.student: each.source for each in handed_in if each.source is not None}
    return alike(sources, stub)


def _kind(exercise: ExerciseResult) -> str:
    return {"passed": "good", "partly": "mid"}.get(exercise.state, "soft" if exercise.state == "not-started" else "bad")
