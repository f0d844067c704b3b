"""What changed since the last run: the scores that a report saw are kept for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from autograder.grading.store import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Assignment, Course
    from autograder.grading.result import Result


class Snapshot(Struct, frozen=True):
    """The points of a class at one time."""

    suite: str
    points: dict[str, dict[str, float]]
    """By student, by exercise."""


class _Kept(Struct, frozen=True):
    now: Snapshot
    before: Snapshot | None = None


class Move(Struct, frozen=True):
    """One student's score that changed, and in which exercises."""

    student: str
    before: float
    now: float
    exercises: tuple[str, ...]


class Change(Struct, frozen=True):
    """The difference between two runs."""

    moved: tuple[Move, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    suite_changed: bool


def change_since(course: Course, assignment: Assignment, results: Sequence[Result]) -> Change | None:
    """What changed since the last run that was different; None the first time.

    Results that have not changed since the last report are compared with what that report compared with, so that a
    report made twice is the same twice.
    """
    path = course.root / ".autograder" / "reports" / f"{assignment.name}.json"
    now = Snapshot(
        suite=results[0].suite if results else "",
        points={result.student: {each.name: each.points for each in result.exercises} for result in results},
    )
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        kept = None
    if kept is None or kept.now != now:
        kept = _Kept(now, None if kept is None else kept.now)
        write_atomically(path, msgspec.json.encode(kept))
    return None if kept.before is None else _change(kept.before, now)


def _change(before: Snapshot, now: Snapshot) -> Change:
    moved = []
    for student in sorted(before.points.keys() & now.points.keys()):
        old, new = before.points[student], now.points[student]
        different = tuple(name for name in {**new, **old} if old.get(name) != new.get(name))
        if different:
            moved.append(Move(student, sum(old.values()), sum(new.values()), different))
    return Change(
        moved=tuple(moved),
        new=tuple(sorted(now.points.keys() - before.points.keys())),
        gone=tuple(sorted(before.points.keys() - now.points.keys())),
        suite_changed=before.suite != now.suite,
    )
