"""What nbgrader's own commands get put in by `configure` (needs nbgrader).

In an assignment that is not in `course.toml`, each of these leaves nbgrader as it is.
"""

import json
import re
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.plugins import FileNameCollectorPlugin, LateSubmissionPlugin
from nbgrader.preprocessors import DeduplicateIds, NbGraderPreprocessor, OverwriteCells, SaveCells
from sqlalchemy import Connection, select, update
from traitlets.config import Application

from autograder.course import Assignment, Course, load_course
from autograder.errors import AutograderError, GraderError, ProblemsError
from autograder.release import release_problems, release_tests, released, strip_solutions

from .cells import as_released, notebook_name, released_notebook
from .database import Database
from .late import extension, late_penalty, seconds_late
from .restore import restore
from .structure import write_structure
from .tables import ASSIGNMENT, COMMENT, GRADE, SUBMISSION, SUBMITTED_NOTEBOOK

IMPORT = "from autograder.notebook import check"
"""What the released notebook does first; the cell is no graded one, so a student may have taken it out."""

_SOLUTION = re.compile(r"###\s*BEGIN SOLUTION")


def _course_directory(configurable: Any) -> Any:
    """Return nbgrader's course directory, which belongs to one of the parents of everything it makes."""
    while configurable is not None:
        if getattr(configurable, "coursedir", None) is not None:
            return configurable.coursedir
        configurable = configurable.parent
    message = "nbgrader's course directory cannot be found"
    raise GraderError(message)


def _known(configurable: Any, assignment: str) -> tuple[Course, Assignment] | None:
    """Return the course and the assignment, if it is one of the course."""
    course = load_course(_course_directory(configurable).root)
    found = next((each for each in course.assignments if each.name == assignment), None)
    return (course, found) if found else None


class SaveReleased(SaveCells):
    """Writes the cells of a new release into the gradebook, also where there are submissions already."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Save the cells. Raises `ProblemsError` where `course.toml` and the notebook do not agree."""
        names = resources["nbgrader"]
        known = _known(self, names["assignment"])
        if known is None or names["notebook"] != notebook_name(known[1]):
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        course, assignment = known
        path = course.root / "solutions" / assignment.name / assignment.notebook
        notebook = as_released(json.loads(nbformat.writes(nb)), assignment, path)
        with Database(course, names["db_url"]) as database:
            database.transaction(lambda connection: write_structure(connection, course, assignment, notebook))
        return nb, resources


class ReleaseFiles(NbGraderPreprocessor):
    """Sees to it that nothing of a solution is released: nbgrader has copied the modules as they are by then."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Strip the modules and add the tests. Raises `ProblemsError` where a solution would be given away.

        nbgrader takes it all back then.
        """
        name = resources["nbgrader"]["assignment"]
        directory = _course_directory(self)
        folder = Path(directory.format_path(directory.release_directory, ".", name))
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text("utf-8")
            if _SOLUTION.search(text):
                path.write_text(strip_solutions(text, path), "utf-8")
        known = _known(self, name)
        if known is not None:
            release_tests(*known)
            self._check(*known, nb)
        return nb, resources

    def _check(self, course: Course, assignment: Assignment, nb: Any) -> None:
        files = {file.target.name: file for file in released(course, assignment)}
        notebook = files.get(assignment.notebook)
        target = course.root / "assignments" / assignment.name / assignment.notebook
        if notebook is not None:
            # What nbgrader is about to write must be what `autograder release` writes, so nothing more can be in it.
            ours = [_source(cell) for cell in json.loads(notebook.text)["cells"]]
            if ours != [cell.source for cell in nb.cells]:
                message = f"{target}: nbgrader's release is not that of `autograder release`; use the latter"
                raise AutograderError(message)
        problems = [problem for problem in release_problems(course, assignment) if problem.path != target]
        if problems:
            raise ProblemsError(problems)


class PutBack(OverwriteCells):
    """Puts back what was released, in place of nbgrader's `DeduplicateIds` and `OverwriteCells`."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Restore the notebook; ids, points and kinds are the released ones whatever the submission says."""
        names = resources["nbgrader"]
        known = _known(self, names["assignment"])
        if known is None or names["notebook"] != notebook_name(known[1]):
            nb, resources = DeduplicateIds(parent=self.parent).preprocess(nb, resources)
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]
        restored = restore(json.loads(nbformat.writes(nb)), released_notebook(*known))
        for note in restored.notes:
            self.log.warning("%s", note)
        made = [cell for _, cell in restored.cells]
        if not any(IMPORT.partition(" import")[0] in _source(cell) for cell in made):
            made.insert(
                0, {"cell_type": "code", "metadata": {}, "source": IMPORT, "outputs": [], "execution_count": None}
            )
        cells = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(made, 1)]
        metadata = {"kernelspec": nb.metadata.get("kernelspec", {})}
        content = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
        return nbformat.from_dict(content), resources


class WarningsCostNothing(NbGraderPreprocessor):
    """Shows what went to stderr as if it had been printed: nbgrader takes any of it for a failure."""

    def preprocess_cell(self, cell: Any, resources: Any, _: int) -> tuple[Any, Any]:
        """Rename the streams of a cell."""
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.name = "stdout"
        return cell, resources


class LatePolicyPlugin(LateSubmissionPlugin):
    """The late policy of `course.toml`."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points that a late submission loses. An extension in `course.toml` goes before one in nbgrader."""
        known = _known(self, self.parent.assignment_id)
        if known is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)  # type: ignore[no-any-return]
        course, assignment = known
        submission = self.parent.gradebook.find_submission(assignment.name, student_id)
        more_time = extension(course.late, student_id, assignment.name) or submission.extension
        handed_in = submission.timestamp.replace(tzinfo=UTC) if submission.timestamp else None
        return late_penalty(course.late, score, seconds_late(assignment, handed_in, more_time)) or None


class ModuleCollector(FileNameCollectorPlugin):
    """Collects modules and notebooks out of `<student>.zip`, `<student>_<anything>/` or `<student>_<file>`."""

    def _match(self, filename: str) -> dict[str, str] | None:
        if self.named_regexp:
            return super()._match(filename)  # type: ignore[no-any-return]
        directory = _course_directory(self)
        known = _known(self, directory.assignment_id)
        wanted = [known[1].module, known[1].notebook] if known else []
        parts = Path(filename).parts
        below = parts[len(parts) - parts[::-1].index("extracted") :] if "extracted" in parts else parts[-2:]
        for file in wanted:
            if len(below) > 1 and below[-1] == file:
                return {"student_id": below[0].partition("_")[0], "file_id": file}
            if len(below) == 1 and below[0].endswith(f"_{file}"):
                return {"student_id": below[0].partition("_")[0], "file_id": file}
        self.log.warning("%s: is neither %s of a student", filename, " nor ".join(wanted))
        return None


def forget_scores(assignment: str, student: str, notebooks: list[str]) -> None:  # noqa: ARG001 - nbgrader's names
    """Take away the scores of submissions that are about to be graded: a run that fails must not leave old ones."""
    for path in map(Path, notebooks):
        folder = path.parent
        course = load_course(folder)
        found = next((each for each in course.assignments if each.name == folder.name), None)
        if found is None or path.name != found.notebook:
            continue
        with Database(course, _url_on_the_command_line()) as database:
            database.transaction(partial(_forget, found, folder.parent.name))


def _url_on_the_command_line() -> str | None:
    """Return the database that `nbgrader --db` named; formgrader's application is Jupyter's, which knows of none."""
    directory = getattr(Application.instance(), "coursedir", None) if Application.initialized() else None
    return directory.db_url if directory is not None else None


def _forget(assignment: Assignment, student: str, connection: Connection) -> None:
    notebooks = (
        select(SUBMITTED_NOTEBOOK.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == SUBMITTED_NOTEBOOK.c.assignment_id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
        .where(SUBMISSION.c.student_id == student, ASSIGNMENT.c.name == assignment.name)
    )
    outdated = {"auto_score": None, "needs_manual_grade": True}
    connection.execute(update(GRADE).where(GRADE.c.notebook_id.in_(notebooks)).values(outdated))
    connection.execute(update(COMMENT).where(COMMENT.c.notebook_id.in_(notebooks)).values(auto_comment=None))


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
