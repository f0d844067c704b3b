"""`course.toml` as students get it: written anew from what is known of it, so that no comment or key slips through."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from autograder.course import Assignment, Course, Exercise, Limits


def public_syllabus(course: Course, assignments: Iterable[Assignment], *, hidden: bool = False) -> str:
    """Return TOML without the seed, the gradebook's URL, and the extensions, which name students.

    Hidden exercises are in it only if `hidden` says so.
    """
    return "\n".join(_lines(course, list(assignments), hidden=hidden)) + "\n"


def _lines(course: Course, assignments: list[Assignment], *, hidden: bool) -> Iterator[str]:
    yield "# Made by `autograder release`; the next release writes it anew."
    yield from ("", "[course]", f"id = {_value(course.id)}", f"title = {_value(course.title)}")
    yield from ("", "[limits]", *_table(course.limits))
    late = course.late
    yield from ("", "[late]", f"kind = {_value(late.kind)}")
    if late.kind != "none":
        yield f"percent_per_day = {_value(late.percent_per_day)}"
        yield f"grace_hours = {_value(late.grace_hours)}"
        yield f"max_percent = {_value(late.max_percent)}"
    for assignment in assignments:
        yield from _assignment(assignment, course.limits, hidden=hidden)


def _assignment(assignment: Assignment, limits: Limits, *, hidden: bool) -> Iterator[str]:
    yield from ("", f"[assignments.{assignment.name}]", f"title = {_value(assignment.title)}")
    if assignment.due:
        yield f"due = {assignment.due.isoformat()}"
    yield f"weight = {_value(assignment.weight)}"
    yield f"module = {_value(assignment.module)}"
    yield f"notebook = {_value(assignment.notebook)}"
    yield "exercises = ["
    shown = [exercise for exercise in assignment.exercises if hidden or not exercise.hidden]
    yield from (f"    {{ {_exercise(exercise)} }}," for exercise in shown)
    if rest := [exercise.points for exercise in assignment.exercises if exercise not in shown]:
        yield f"    # {len(rest)} more, for {_value(sum(rest))} points, only your instructor grades."
    yield "]"
    if assignment.limits != limits:
        yield from ("", f"[assignments.{assignment.name}.limits]", *_table(assignment.limits))


def _exercise(exercise: Exercise) -> str:
    return ", ".join(_pairs(exercise, Exercise(name="", points=0.5)))


def _table(limits: Limits) -> Iterator[str]:
    return _pairs(limits, None)


def _pairs(data: msgspec.Struct, defaults: msgspec.Struct | None) -> Iterator[str]:
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None and (defaults is None or value != getattr(defaults, name)):
            yield f"{name} = {_value(value)}"


def _value(value: Any) -> str:
    """Return a value as TOML; a JSON text is one as soon as DEL is escaped too."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(int(value)) if float(value).is_integer() else repr(value)
