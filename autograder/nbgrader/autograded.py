"""The autograded notebook, which formgrader and `nbgrader generate_feedback` show.

It holds the student's cells without anything that a browser would run, what was released as it was released, and under
each exercise the feedback. Nothing of it is executed here.
"""

import json
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import GraderError
from autograder.grading.result import Result
from autograder.submission import Submission, read_notebook

from .cells import KERNEL, Json, ReleasedNotebook, text
from .explain import output, said
from .restore import Restored, parsed, restore, untouched, without_grade_ids
from .sanitize import plain, safe_attachments, safe_markdown, safe_outputs


class HandedIn(Struct, frozen=True):
    """What a student handed in, as the gradebook needs it."""

    submission: Submission
    notebook: Restored
    has_notebook: bool
    problem: str = ""
    """Why the notebook cannot be shown; empty where it can, or where there is none."""


def read_handed_in(
    course: Course, assignment: Assignment, submission: Submission, released: ReleasedNotebook
) -> HandedIn:
    """Read the notebook beside a submission; the released one stands in for one that is not there or is broken."""
    data, problem = read_notebook(course, assignment, submission.student)
    if data is not None:
        try:
            return HandedIn(submission, restore(parsed(data), released), has_notebook=True)
        except ValueError as error:
            problem = f"{assignment.notebook} {error}"
    return HandedIn(submission, untouched(released), has_notebook=False, problem=problem)


def autograded_path(course: Course, student: str, assignment: Assignment) -> Path:
    """Return where the autograded notebook of a submission stands."""
    return course.root / "autograded" / student / assignment.name / assignment.notebook


def autograded_notebook(
    released: ReleasedNotebook, handed_in: HandedIn, result: Result | None, trouble: str = ""
) -> Json:
    """Return the notebook; `trouble` says why there is no result that holds."""
    by_name = {exercise.name: exercise for exercise in result.exercises} if result else {}
    as_released = {without_grade_ids(text(cell.get("source")), released): cell for cell in released.content["cells"]}
    cells: list[Json] = []
    for name, cell in handed_in.notebook.cells:
        known = released.cell(name) if name else None
        made = cell if known and known.locked else _safe(cell, as_released.get(text(cell["source"])))
        if known and known.grade and not known.answer:
            exercise = by_name.get(name)
            outputs = [said(trouble or f"{name}: not graded")]
            if result and exercise:
                outputs = [output(result, exercise, handed_in.submission.filename)]
            # Graded by tests and yet a "solution": that is what gives it a field for comments in formgrader.
            nbgrader = {**known.metadata, "solution": True, "locked": False}
            made = {**made, "metadata": {"nbgrader": nbgrader}, "outputs": outputs, "execution_count": None}
        cells.append(made)
    cells = [*_head(handed_in, result, trouble), *cells, *_module(handed_in.submission)]
    metadata = {"kernelspec": released.content.get("metadata", {}).get("kernelspec", KERNEL)}
    with_ids = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells, 1)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": with_ids}


def read_answers(path: Path) -> dict[str, str]:
    """Return the sources by grade_id of the autograded notebook that stands there; none where there is none."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: text(cell["source"])
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade_id")
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write_autograded(path: Path, notebook: Json, timestamp: str) -> None:
    """Write a notebook in place of the last one, and when its submission was handed in. Raises `GraderError`."""
    data = msgspec.json.format(msgspec.json.encode(notebook), indent=1) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
        if timestamp:
            _replace(path.with_name("timestamp.txt"), timestamp.encode())
        else:
            path.with_name("timestamp.txt").unlink(missing_ok=True)
    except OSError as error:
        raise GraderError(f"{path}: {error.strerror or error}; what stood there before is unchanged") from error


def _replace(path: Path, data: bytes) -> None:
    """Replace a file in one step. It can be made again from the result, so nothing waits for the disk."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _safe(cell: Json, released: Json | None) -> Json:
    """Return a cell of the student's with nothing active in it; what is word for word as released stays as it is."""
    if cell["cell_type"] == "code":
        source = cell["source"] if released is not None else plain(cell["source"])
        return {**cell, "source": source, "outputs": safe_outputs(cell.get("outputs"))}
    if cell["cell_type"] == "raw":
        # A raw cell is put into a page as HTML; as code it is shown as what it is.
        return {
            "cell_type": "code",
            "metadata": {},
            "source": plain(cell["source"]),
            "outputs": [],
            "execution_count": None,
        }
    if released is not None and released["cell_type"] == "markdown":
        own = {key: value for key, value in cell.items() if key != "attachments"}
        return own | ({"attachments": released["attachments"]} if "attachments" in released else {})
    made = {**cell, "source": safe_markdown(cell["source"])}
    if attachments := safe_attachments(made.pop("attachments", None)):
        made["attachments"] = attachments
    return made


def _head(handed_in: HandedIn, result: Result | None, trouble: str) -> list[Json]:
    """Return a cell that says what there is to know before reading on; none where there is nothing."""
    notes = [trouble, result.problem if result else "", handed_in.problem, *handed_in.notebook.notes]
    if handed_in.has_notebook and handed_in.submission.origin == "module":
        notes.append(f"Graded is {handed_in.submission.filename}, which stands at the end")
    notes += result.notes if result else ()
    said_once = [safe_markdown(note).replace("\n", " ") for note in dict.fromkeys(notes) if note]
    if not said_once:
        return []
    lines = "\n".join(f"- {note}" for note in said_once)
    return [{"cell_type": "markdown", "metadata": {}, "source": f"**From the grader**\n\n{lines}"}]


def _module(submission: Submission) -> list[Json]:
    """Return the module that was graded as the last cells, so that a person sees it too."""
    if submission.source is None or submission.origin != "module":
        return []
    heading = f"## {submission.filename} as it was graded"
    source = plain(submission.source.decode("utf-8-sig"))
    return [
        {"cell_type": "markdown", "metadata": {}, "source": heading},
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None},
    ]
