"""The notebook that was released, as the cells that grading is about.

Where an assignment has no notebook, one is made of `course.toml`: a heading and a cell for every exercise. So a course
of modules alone has a gradebook, and formgrader shows it.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from autograder.course import Assignment, Course, Exercise
from autograder.errors import Problem, ProblemsError, did_you_mean

Json = dict[str, Any]

SCHEMA_VERSION = 3
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class ReleasedCell(Struct, frozen=True):
    """A cell that nbgrader knows by its grade_id."""

    name: str
    cell_type: str
    source: str
    grade: bool
    solution: bool
    locked: bool
    """Students cannot change it: it is put back as it was released."""
    task: bool = False
    points: float = 0.0
    """From `course.toml` where it is an exercise."""

    @property
    def answer(self) -> bool:
        """Whether it is a question's: written by the student and graded by a person."""
        return self.task or (self.grade and self.solution)

    @property
    def checksum(self) -> str:
        """Nbgrader's checksum of the cell (`nbgrader.utils.compute_checksum`): an answer that has it is untouched."""
        parts = [self.source, self.cell_type, str(self.grade), str(self.solution), str(self.locked), self.name]
        if self.grade:
            parts.append(str(float(self.points)))
        return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()

    @property
    def metadata(self) -> Json:
        """The cell's metadata in nbgrader's format."""
        nbgrader: Json = {
            "schema_version": SCHEMA_VERSION,
            "grade_id": self.name,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
        }
        if self.grade or self.task:
            nbgrader["points"] = self.points
        return nbgrader


class ReleasedNotebook(Struct, frozen=True):
    """A released notebook: all its cells as JSON, and those that nbgrader knows, in their order."""

    name: str
    """The file's name without its ending, as nbgrader has it."""
    content: Json
    cells: tuple[ReleasedCell, ...]
    by_name: dict[str, ReleasedCell]

    def cell(self, name: str) -> ReleasedCell | None:
        """Return the cell of that grade_id."""
        return self.by_name.get(name)

    @property
    def kernel(self) -> str:
        """The kernel as JSON, which nbgrader keeps in the gradebook."""
        return json.dumps(self.content.get("metadata", {}).get("kernelspec", KERNEL))


def released_notebook(course: Course, assignment: Assignment) -> ReleasedNotebook:
    """Read `assignments/<assignment>/<notebook>`, or make a notebook where the assignment has none.

    Raises `ProblemsError` where the notebook is no notebook, a grade_id stands twice, or what is graded in it is not
    what `course.toml` says.
    """
    path = course.root / "assignments" / assignment.name / assignment.notebook
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        content = _made_up(assignment)
    except (OSError, ValueError) as error:
        raise ProblemsError([_not_a_notebook(path, error)]) from None
    return as_released(content, assignment, path)


def as_released(content: Json, assignment: Assignment, path: Path) -> ReleasedNotebook:
    """Return a notebook, as JSON, as the released one; points are those of `course.toml`.

    An exercise without a cell gets one at the end. `path` is for messages only. Raises `ProblemsError`.
    """
    try:
        listed = [(cell, cell.get("metadata", {}).get("nbgrader", {})) for cell in content["cells"]]
        cells = [_cell(cell, nbgrader, assignment) for cell, nbgrader in listed if _is_known(nbgrader)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProblemsError([_not_a_notebook(path, error)]) from None
    problems = [Problem(path=path, key=key, reason=reason) for key, reason in _problems(cells, assignment)]
    if problems:
        raise ProblemsError(problems)
    present = {cell.name for cell in cells}
    absent = [_made_up_cell(exercise) for exercise in assignment.exercises if exercise.name not in present]
    content = {**content, "cells": [*content["cells"], *map(notebook_cell, absent)]}
    every = (*cells, *absent)
    return ReleasedNotebook(notebook_name(assignment), content, every, {cell.name: cell for cell in every})


def notebook_name(assignment: Assignment) -> str:
    """Return the notebook's name as nbgrader has it: without its ending."""
    return assignment.notebook.removesuffix(".ipynb")


def _not_a_notebook(path: Path, error: Exception) -> Problem:
    reason = f"is not a notebook of nbgrader's ({type(error).__name__}: {error}); release it anew"
    return Problem(path=path, reason=reason)


def text(source: object) -> str:
    """Return a cell's source or an output's text, which notebooks hold as a string or as a list of lines."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else ""


def notebook_cell(cell: ReleasedCell, source: str | None = None, outputs: Iterable[Json] = ()) -> Json:
    """Return a released cell as JSON, with another source where one is given."""
    made: Json = {
        "cell_type": cell.cell_type,
        "metadata": {"nbgrader": cell.metadata},
        "source": cell.source if source is None else source,
    }
    if cell.cell_type == "code":
        made |= {"execution_count": None, "outputs": list(outputs)}
    return made


def _is_known(nbgrader: Any) -> bool:
    """Whether nbgrader keeps a cell with such metadata in its gradebook."""
    kinds = ("grade", "solution", "locked", "task")
    return isinstance(nbgrader, dict) and any(nbgrader.get(kind) for kind in kinds) and bool(nbgrader.get("grade_id"))


def _cell(cell: Json, nbgrader: Json, assignment: Assignment) -> ReleasedCell:
    name = str(nbgrader["grade_id"])
    points = next((exercise.points for exercise in assignment.exercises if exercise.name == name), 0.0)
    grade, solution = bool(nbgrader.get("grade")), bool(nbgrader.get("solution"))
    return ReleasedCell(
        name=name,
        cell_type=cell["cell_type"],
        source=text(cell["source"]),
        grade=grade,
        solution=solution,
        locked=not solution and (grade or bool(nbgrader.get("locked"))),
        task=bool(nbgrader.get("task")),
        points=float(points),
    )


def _problems(cells: list[ReleasedCell], assignment: Assignment) -> Iterable[tuple[str, str]]:
    """Yield what would make the notebook and `course.toml` disagree, each with its grade_id."""
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    for index, cell in enumerate(cells):
        if cell.name in {other.name for other in cells[:index]}:
            yield cell.name, "this grade_id stands twice; give each cell its own"
        if (cell.grade or cell.task) and cell.name not in exercises:
            advice = did_you_mean(cell.name, list(exercises))
            yield cell.name, f"is graded, but {assignment.name} in course.toml has no such exercise; {advice}"
        elif (cell.grade or cell.task) and cell.answer is not exercises[cell.name].written:
            kind = "a written exercise" if exercises[cell.name].written else "graded by tests"
            yield cell.name, f"is {kind} in course.toml, and its cell is of the other kind"
        elif cell.name in exercises and not (cell.grade or cell.task):
            yield cell.name, "is an exercise, and its cell is not graded; mark it as a graded cell"


def _made_up(assignment: Assignment) -> Json:
    heading = {"cell_type": "markdown", "metadata": {}, "source": f"# {assignment.title}"}
    cells = [notebook_cell(_made_up_cell(exercise)) for exercise in assignment.exercises]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": KERNEL}, "cells": [heading, *cells]}


def _made_up_cell(exercise: Exercise) -> ReleasedCell:
    return ReleasedCell(
        name=exercise.name,
        cell_type="markdown" if exercise.written else "code",
        source="YOUR ANSWER HERE" if exercise.written else f'check("{exercise.name}")',
        grade=True,
        solution=exercise.written,
        locked=not exercise.written,
        points=exercise.points,
    )
