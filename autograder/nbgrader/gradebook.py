"""Writes results into nbgrader's gradebook (needs nbgrader).

The gradebook is a function of the results and of what was handed in: writing it twice changes nothing, and what was
lost in a crash is there after the next run. Only columns that are the grader's are written, so a mark or a comment that
a person enters in formgrader meanwhile stays.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import Boolean, Connection, Float, Text, bindparam, case, func, select

from autograder.course import Assignment, Course
from autograder.grading.result import Result
from autograder.grading.run import Graded
from autograder.grading.store import read_result
from autograder.submission import Submission, submissions

from . import tables
from .autograded import HandedIn, autograded_notebook, autograded_path, read_answers, read_handed_in, write_autograded
from .cells import Json, ReleasedCell, ReleasedNotebook, released_notebook, text
from .database import Database
from .explain import CHANGED, NO_RESPONSE, OUTDATED, comment
from .late import extension, late_penalty, seconds_late
from .structure import Structure, add_slots, naive, write_structure
from .tables import COMMENT, GRADE, STUDENT, SUBMISSION, SUBMITTED_NOTEBOOK

CHUNK = 25
"""Submissions in one transaction: few waits for the disk, and nobody else waits long."""


class Mark(Struct, frozen=True):
    """What the grader says of one cell of a submission."""

    score: float | None
    """None where a person has to give it."""
    comment: str | None
    changed: bool = False
    """The answer is another one than the last time, so a mark that a person gave needs a second look."""


class Entry(Struct, frozen=True):
    """What is written for one student."""

    student: str
    handed_in: datetime | None
    present: bool
    """Whether there is a submission at all."""
    marks: dict[str, Mark]
    notebook: Json


def write_gradebook(
    course: Course, assignment: Assignment, outcomes: Iterable[Graded], handed_in: Iterable[Submission] | None = None
) -> int:
    """Write the outcomes of a class run into the course's gradebook, with the autograded notebooks.

    An outcome without a result takes the scores of an earlier one away, since they would look like those of this
    submission. `handed_in` are the submissions, where they have been read already; one that is not the graded one
    counts as changed. Returns how many were written; raises `GraderError` where the database cannot be used.
    """
    listed = sorted(outcomes, key=lambda graded: graded.student)
    if not listed:
        return 0
    released = released_notebook(course, assignment)
    if handed_in is None:
        handed_in = submissions(course, assignment, [graded.student for graded in listed])
    read = {one.student: one for one in handed_in}
    written = 0
    with Database(course) as database:
        for start in range(0, len(listed), CHUNK):
            entries = [
                _entry(course, assignment, released, read[graded.student], graded)
                for graded in listed[start : start + CHUNK]
            ]
            written += database.transaction(_Writing(course, assignment, released, entries))
    return written


def kept_results(course: Course, assignment: Assignment, only: Iterable[str] | None = None) -> list[Graded]:
    """Return the results on disk of the class, or of `only` these students, for writing the gradebook anew.

    Students without one are left out.
    """
    students = [submission.student for submission in submissions(course, assignment, only)]
    results = [(student, read_result(course, student, assignment.name)) for student in students]
    return [Graded(student, result, fresh=False) for student, result in results if result is not None]


def _entry(
    course: Course, assignment: Assignment, released: ReleasedNotebook, submission: Submission, graded: Graded
) -> Entry:
    handed_in = read_handed_in(course, assignment, submission, released)
    result, trouble = graded.result, graded.trouble and f"Not graded: {graded.trouble}"
    if result is not None and result.submission != submission.digest:
        result, trouble = None, CHANGED
    notebook = autograded_notebook(released, handed_in, result, trouble)
    before = read_answers(autograded_path(course, submission.student, assignment))
    after = {
        cell["metadata"]["nbgrader"]["grade_id"]: text(cell["source"])
        for cell in notebook["cells"]
        if "nbgrader" in cell["metadata"]
    }
    marks = {}
    for cell in released.cells:
        changed = cell.answer and bool(before) and before.get(cell.name) != after.get(cell.name)
        marks[cell.name] = _mark(cell, handed_in, result, trouble, changed=changed)
    folder = course.root / "submitted" / submission.student / assignment.name
    return Entry(submission.student, submission.timestamp, os.path.lexists(folder), marks, notebook)


def _mark(cell: ReleasedCell, handed_in: HandedIn, result: Result | None, trouble: str, *, changed: bool) -> Mark:
    return _answer(cell, handed_in, changed=changed) if cell.answer else _exercise(cell, result, trouble)


def _answer(cell: ReleasedCell, handed_in: HandedIn, *, changed: bool) -> Mark:
    """Mark a written answer: one that is as it was released, or missing, is worth nothing; a person grades the rest."""
    if handed_in.problem:
        return Mark(None, handed_in.problem, changed)
    untouched = handed_in.notebook.answers().get(cell.name) == cell.source
    if not handed_in.has_notebook or (untouched and not cell.task):
        return Mark(0.0, NO_RESPONSE, changed)
    return Mark(None, None, changed)


def _exercise(cell: ReleasedCell, result: Result | None, trouble: str) -> Mark:
    if result is None or not cell.grade:
        return Mark(None, trouble or None)
    exercise = next((exercise for exercise in result.exercises if exercise.name == cell.name), None)
    if exercise is None or exercise.max_points != cell.points:
        return Mark(None, OUTDATED)
    return Mark(exercise.points, comment(result, exercise))


class _Writing:
    """The transaction that writes some entries."""

    def __init__(
        self, course: Course, assignment: Assignment, released: ReleasedNotebook, entries: Sequence[Entry]
    ) -> None:
        self._course, self._assignment, self._released, self._entries = course, assignment, released, entries

    def __call__(self, connection: Connection) -> int:
        structure = write_structure(connection, self._course, self._assignment, self._released)
        self._students(connection)
        submitted = self._submissions(connection, structure)
        notebooks = self._notebooks(connection, structure, {student: key for student, (key, _) in submitted.items()})
        add_slots(connection, structure, list(notebooks.values()))
        entries = [entry for entry in self._entries if entry.student in notebooks]
        _write_marks(connection, structure, [(notebooks[entry.student], entry) for entry in entries])
        self._penalties(connection, notebooks, {student: more for student, (_, more) in submitted.items()})
        for entry in entries:
            moment = naive(entry.handed_in)
            path = autograded_path(self._course, entry.student, self._assignment)
            write_autograded(path, entry.notebook, f"{moment} UTC" if moment else "")
        return len(entries)

    def _students(self, connection: Connection) -> None:
        names = [entry.student for entry in self._entries]
        known = tables.ids(connection, STUDENT, "id", names)
        tables.add(connection, STUDENT, [{"id": name} for name in names if name not in known])

    def _submissions(self, connection: Connection, structure: Structure) -> dict[str, tuple[str, timedelta | None]]:
        """Bring times and extensions up to date; return each student's row and the extension that holds.

        An extension in `course.toml` goes before one that was given in nbgrader.
        """
        table = SUBMISSION
        query = select(table.c.student_id, table.c.id, table.c.timestamp, table.c.extension).where(
            table.c.assignment_id == structure.assignment,
            table.c.student_id.in_([entry.student for entry in self._entries]),
        )
        known = {row.student_id: row for row in connection.execute(query)}
        found: dict[str, tuple[str, timedelta | None]] = {}
        new: list[tables.Row] = []
        changed: list[tables.Row] = []
        for entry in self._entries:
            row = known.get(entry.student)
            if row is None and not entry.present:
                continue
            given = row.extension if row else None
            more = extension(self._course.late, entry.student, self._assignment.name) or given
            values = {"timestamp": naive(entry.handed_in), "extension": more}
            if row is None:
                key = uuid4().hex
                new.append({"id": key, "assignment_id": structure.assignment, "student_id": entry.student} | values)
            else:
                key = row.id
                if (row.timestamp, row.extension) != tuple(values.values()):
                    changed.append({"key_id": key, "new_timestamp": values["timestamp"], "new_extension": more})
            found[entry.student] = (key, more)
        tables.add(connection, table, new)
        new_values = {
            "timestamp": bindparam("new_timestamp", type_=table.c.timestamp.type),
            "extension": bindparam("new_extension", type_=table.c.extension.type),
        }
        tables.change(connection, table, ["id"], changed, **new_values)
        return found

    def _notebooks(self, connection: Connection, structure: Structure, submitted: dict[str, str]) -> dict[str, str]:
        """Return the submitted notebook's row of each student, adding those that are not there."""
        keys = list(submitted.values())
        known = tables.ids(connection, SUBMITTED_NOTEBOOK, "assignment_id", keys, notebook_id=structure.notebook)
        lacking = {key: uuid4().hex for key in keys if key not in known}
        rows = [
            {"id": new, "assignment_id": key, "notebook_id": structure.notebook, "flagged": False}
            for key, new in lacking.items()
        ]
        tables.add(connection, SUBMITTED_NOTEBOOK, rows)
        every = known | lacking
        return {student: every[key] for student, key in submitted.items()}

    def _penalties(
        self, connection: Connection, notebooks: dict[str, str], more_time: dict[str, timedelta | None]
    ) -> None:
        """Work out what late work loses of its score as it is now, marks by hand included."""
        extra = func.coalesce(GRADE.c.extra_credit, 0.0)
        score = func.sum(func.coalesce(GRADE.c.manual_score + extra, GRADE.c.auto_score + extra, 0.0))
        query = select(GRADE.c.notebook_id, score).where(GRADE.c.notebook_id.in_(list(notebooks.values())))
        scores = dict(connection.execute(query.group_by(GRADE.c.notebook_id)).all())
        rows: list[dict[str, Any]] = []
        for entry in self._entries:
            if entry.student in notebooks:
                key = notebooks[entry.student]
                late = seconds_late(self._assignment, entry.handed_in, more_time[entry.student])
                penalty = late_penalty(self._course.late, float(scores.get(key) or 0.0), late)
                rows.append({"key_id": key, "penalty": penalty or None})
        tables.change(
            connection, SUBMITTED_NOTEBOOK, ["id"], rows, late_submission_penalty=bindparam("penalty", type_=Float)
        )


def _write_marks(connection: Connection, structure: Structure, entries: Sequence[tuple[str, Entry]]) -> None:
    """Write automatic scores and comments.

    What a person gave is never touched, and what needs a person is decided in the database, by the row as it is: a
    mark may come from formgrader between two statements of this transaction.
    """
    score = bindparam("score", type_=Float)
    unscored, changed = bindparam("unscored", type_=Boolean), bindparam("changed", type_=Boolean)
    needs_a_person = case(
        (GRADE.c.manual_score.is_(None), unscored),
        (GRADE.c.auto_score.is_distinct_from(score), True),
        (changed, True),
        else_=GRADE.c.needs_manual_grade,
    )
    grades = [
        {
            "key_notebook_id": notebook,
            "key_cell_id": structure.graded[name],
            "score": mark.score,
            "unscored": mark.score is None,
            "changed": mark.changed,
        }
        for notebook, entry in entries
        for name, mark in entry.marks.items()
        if name in structure.graded
    ]
    tables.change(
        connection, GRADE, ["notebook_id", "cell_id"], grades, auto_score=score, needs_manual_grade=needs_a_person
    )
    comments = [
        {"key_notebook_id": notebook, "key_cell_id": structure.commented[name], "said": mark.comment}
        for notebook, entry in entries
        for name, mark in entry.marks.items()
        if name in structure.commented
    ]
    tables.change(connection, COMMENT, ["notebook_id", "cell_id"], comments, auto_comment=bindparam("said", type_=Text))
