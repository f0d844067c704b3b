"""`nbgrader`: the grades in nbgrader's gradebook, with late penalties and hand-graded points, as CSV.

nbgrader's own CSV exporter puts names between commas as they are, so that `Lovelace, Ada` moves every later column. Use
this one from the command line of either:

    nbgrader export --exporter=autograder.exports.nbgrader_plugin.ExportPlugin --to grades.csv
    autograder export --format nbgrader --output grades.csv

It needs nbgrader, the extra `instructor`; nothing else in this package does.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry  # type: ignore[import-not-found,import-untyped,unused-ignore]
from nbgrader.plugins.export import ExportPlugin as Base  # type: ignore[import-not-found,import-untyped,unused-ignore]

from .grades import Grade, number
from .spreadsheet import write

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class ExportPlugin(Base):  # type: ignore[misc,unused-ignore]
    """nbgrader's CSV with its columns in its order, quoted and guarded."""

    def export(self, gradebook: Any) -> None:
        """Write the grades to `--to`, or to grades.csv."""
        target = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", target)
        target.write_bytes(nbgrader_csv(gradebook, [*map(str, self.assignment)], [*map(str, self.student)]))


def nbgrader_csv(gradebook: Any, assignments: Sequence[str] = (), students: Sequence[str] = ()) -> bytes:
    """Return the grades of these assignments and students (of all by default) as CSV."""
    rows = [[_text(row[column]) for column in COLUMNS] for row in _rows(gradebook, assignments, students)]
    return write([COLUMNS, *rows])


def gradebook_grades(url: str, titles: dict[str, str], assignments: Sequence[str]) -> list[Grade]:
    """Return the grades in the gradebook at `url` of those who handed in, late penalties taken off."""
    with _opened(url) as gradebook:
        return [
            Grade(
                student=row["student_id"],
                assignment=row["assignment"],
                title=titles.get(row["assignment"], row["assignment"]),
                score=row["score"],
                max_score=row["max_score"],
                state="graded",
            )
            for row in _rows(gradebook, assignments, ())
            if row["timestamp"] is not None or row["raw_score"]
        ]


def open_csv(url: str, assignments: Sequence[str], students: Sequence[str]) -> bytes:
    """Return `nbgrader_csv` of the gradebook at `url`."""
    with _opened(url) as gradebook:
        return nbgrader_csv(gradebook, assignments, students)


def _opened(url: str) -> Any:
    """Open a gradebook, with the command `alembic` on the PATH: nbgrader asks it for a version."""
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])
    return Gradebook(url)


def _rows(gradebook: Any, assignments: Sequence[str], students: Sequence[str]) -> Iterator[dict[str, Any]]:
    for assignment in gradebook.assignments:
        for student in gradebook.students:
            if (assignments and assignment.name not in assignments) or (students and student.id not in students):
                continue
            try:
                submission = gradebook.find_submission(assignment.name, student.id)
            except MissingEntry:
                raw, penalty, timestamp = 0.0, 0.0, None
            else:
                raw, penalty = float(submission.score), float(submission.late_submission_penalty or 0.0)
                timestamp = submission.timestamp
            yield {
                "assignment": assignment.name,
                "duedate": assignment.duedate,
                "timestamp": timestamp,
                "student_id": student.id,
                "last_name": student.last_name,
                "first_name": student.first_name,
                "email": student.email,
                "raw_score": raw,
                "late_submission_penalty": penalty,
                "score": max(0.0, raw - penalty),
                "max_score": float(assignment.max_score),
            }


def _text(value: Any) -> str:
    if value is None:
        return ""
    return number(value) if isinstance(value, float) else str(value)
