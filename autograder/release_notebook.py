"""Makes the notebook that students get out of the instructor's, cell by cell as nbgrader's `generate_assignment` does.

Solution regions become nbgrader's stubs, hidden tests and mark schemes go, outputs go, and the cells that nbgrader
watches are locked and get its checksums. What comes out depends on nothing but the source, byte for byte.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.course import Assignment
from autograder.errors import Problem, ReleaseError

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)
#: What is taken out, and whether a stub takes its place.
REGIONS = (("SOLUTION", True), ("HIDDEN TESTS", False), ("MARK SCHEME", False))
SCHEMA_VERSION = 3
NBFORMAT = 4

_NEARLY = re.compile(r"[#=]\s*((BEGIN|END)\s+(SOLUTION|HIDDEN\s+TESTS|MARK\s+SCHEME))\b", re.IGNORECASE)
_GRADE_ID = re.compile(r"[a-zA-Z0-9_-]+")

Cell = dict[str, Any]


def release_notebook(text: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of a notebook as students get it, and the lines, stripped, that were taken out.

    Raises `ReleaseError`, with all problems, where it is no notebook, where a region never ends, is nested or stands in
    a cell that nbgrader would not clear, and where nbgrader's metadata is wrong.
    """
    notebook = read_notebook(text, path)
    problems: list[Problem] = []
    taken: list[str] = []
    for number, cell in enumerate(notebook["cells"], 1):
        problems += _metadata_problems(cell, number, path)
        try:
            taken += _clear(cell)
        except _RegionError as error:
            problems.append(_problem(path, number, str(error)))
    problems += _repeated(notebook["cells"], path)
    if problems:
        raise ReleaseError(problems)
    for cell in notebook["cells"]:
        _lock(cell)
        _sign(cell)
    notebook["metadata"].pop("celltoolbar", None)
    return notebook_text(notebook), tuple(line.strip() for line in taken if line.strip())


def read_notebook(text: str, path: Path) -> dict[str, Any]:
    """Parse a notebook whose cells' sources are texts; raises `ReleaseError`."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"]
        if notebook["nbformat"] != NBFORMAT:
            reason = f"is in notebook format {notebook['nbformat']}; open it in Jupyter and save it again"
            raise ReleaseError([Problem(path=path, reason=reason)])
        for cell in cells:
            cell["source"] = source_of(cell)
            cell.setdefault("metadata", {})
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReleaseError([Problem(path=path, reason=f"is not a notebook: {error}")]) from None
    except (KeyError, TypeError, AttributeError):
        raise ReleaseError([Problem(path=path, reason="is not a notebook: cells or sources are missing")]) from None
    notebook.setdefault("metadata", {})
    return dict(notebook)


def notebook_text(notebook: dict[str, Any]) -> str:
    """Write a notebook as Jupyter does: sources as lists of lines, keys sorted, indented by one, a final newline."""
    cells = [cell | {"source": cell["source"].splitlines(keepends=True)} for cell in notebook["cells"]]
    return json.dumps(notebook | {"cells": cells}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def source_of(cell: Cell) -> str:
    """Return the text of a cell, which a file holds as one text or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def nbgrader_of(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell; nothing where the cell means nothing to nbgrader."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def checksum(cell: Cell) -> str:
    """Return nbgrader's checksum of a cell: MD5 of its source, type, role, id and points."""
    nbgrader = nbgrader_of(cell)
    grade, solution = bool(nbgrader.get("grade")), bool(nbgrader.get("solution"))
    roles = map(str, (grade, solution, _is_locked(nbgrader)))
    parts = [cell["source"], cell["cell_type"], *roles, nbgrader["grade_id"]]
    if grade:
        parts.append(str(float(nbgrader["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def grade_cell_problems(text: str, path: Path, assignment: Assignment) -> Iterator[Problem]:
    """Yield where the grade cells of a notebook and the exercises of `course.toml` disagree."""
    cells: dict[str, tuple[Cell, dict[str, Any]]] = {}
    for cell in read_notebook(text, path)["cells"]:
        nbgrader = nbgrader_of(cell)
        if nbgrader.get("grade"):
            cells[str(nbgrader.get("grade_id"))] = (cell, nbgrader)
    for exercise in assignment.exercises:
        if exercise.name not in cells:
            yield Problem(path=path, key=exercise.name, reason="has no grade cell; add one with this grade_id")
            continue
        cell, nbgrader = cells.pop(exercise.name)
        if nbgrader.get("points") != exercise.points:
            reason = f"is worth {nbgrader.get('points')} in the notebook and {exercise.points:g} in course.toml"
            yield Problem(path=path, key=exercise.name, reason=reason)
        manual = bool(nbgrader.get("solution"))
        if manual is not exercise.written:
            due = "a manually graded cell (a solution too)" if exercise.written else "an autograded cell (no solution)"
            yield Problem(path=path, key=exercise.name, reason=f"must be {due}, as course.toml says")
        elif not manual and not re.search(rf"check\(\s*['\"]{re.escape(exercise.name)}['\"]", cell["source"]):
            reason = f'must end with check("{exercise.name}"), whose value is the points'
            yield Problem(path=path, key=exercise.name, reason=reason)
    for name in cells:
        yield Problem(path=path, key=name, reason="is graded in the notebook and is no exercise in course.toml")


class _RegionError(Exception):
    """A region that cannot be cleared."""


def _problem(path: Path, number: int, reason: str) -> Problem:
    return Problem(path=path, key=f"cell {number}", reason=reason)


def _clear(cell: Cell) -> list[str]:
    """Clear a cell as nbgrader does and return the lines that were taken out."""
    nbgrader = nbgrader_of(cell)
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"].pop("collapsed", None)
        cell["metadata"].pop("scrolled", None)
    for mark, _, _ in _NEARLY.findall(cell["source"]):
        if mark != " ".join(mark.upper().split()):
            raise _RegionError(f"holds what is nearly a marker; write ### {' '.join(mark.upper().split())}")
    stub = CODE_STUB if cell["cell_type"] == "code" else TEXT_STUB
    before = cell["source"].split("\n")
    taken: list[str] = []
    replaced = False
    for what, leaves_stub in REGIONS:
        lines, gone, found = _without(cell["source"].split("\n"), what, stub if leaves_stub else ())
        cell["source"] = "\n".join(lines)
        taken += gone
        replaced |= found and leaves_stub
    if replaced and not nbgrader.get("solution"):
        raise _RegionError("holds a solution and is no solution cell; mark it as one, or nbgrader refuses it")
    if nbgrader.get("solution") and not replaced:
        cell["source"] = "\n".join(stub)
        taken += before
    return taken


def _without(lines: list[str], what: str, stub: tuple[str, ...]) -> tuple[list[str], list[str], bool]:
    """Return the lines outside of regions, with the stub in place of each, those inside, and whether there were any."""
    kept: list[str] = []
    taken: list[str] = []
    inside = found = False
    for line in lines:
        if f"BEGIN {what}" in line:
            if inside:
                raise _RegionError(f"begins a {what.lower()} region inside another one")
            inside = found = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + part for part in stub]
        elif f"END {what}" in line:
            if not inside:
                raise _RegionError(f"ends a {what.lower()} region that has not begun")
            inside = False
        else:
            (taken if inside else kept).append(line)
    if inside:
        raise _RegionError(f"begins a {what.lower()} region that never ends; end it with ### END {what}")
    return kept, taken, found


def _lock(cell: Cell) -> None:
    """Keep Jupyter from deleting, or editing, what nbgrader relies on."""
    nbgrader = nbgrader_of(cell)
    if nbgrader.get("solution") or _is_locked(nbgrader):
        cell["metadata"]["deletable"] = False
    if not nbgrader.get("solution") and _is_locked(nbgrader):
        cell["metadata"]["editable"] = False


def _sign(cell: Cell) -> None:
    nbgrader = nbgrader_of(cell)
    if nbgrader.get("grade") or nbgrader.get("solution") or _is_locked(nbgrader):
        nbgrader["checksum"] = checksum(cell)
        nbgrader["cell_type"] = cell["cell_type"]


def _is_locked(nbgrader: dict[str, Any]) -> bool:
    """Say whether nbgrader overwrites the cell with its source; a grade cell is locked whatever it says itself."""
    return not nbgrader.get("solution") and bool(nbgrader.get("grade") or nbgrader.get("locked"))


def _metadata_problems(cell: Cell, number: int, path: Path) -> Iterator[Problem]:
    nbgrader = nbgrader_of(cell)
    if not nbgrader:
        return
    if nbgrader.get("schema_version") != SCHEMA_VERSION:
        yield _problem(path, number, f"nbgrader's schema_version must be {SCHEMA_VERSION}")
    roles = [nbgrader.get(name) for name in ("grade", "solution", "locked")]
    if not all(isinstance(role, bool) for role in roles):
        yield _problem(path, number, "nbgrader's grade, solution and locked must each be true or false")
    if not any(roles):
        return
    if not _GRADE_ID.fullmatch(str(nbgrader.get("grade_id", ""))):
        yield _problem(path, number, "grade_id must be made of letters, digits, - and _")
    if nbgrader.get("grade") and not isinstance(nbgrader.get("points"), int | float):
        yield _problem(path, number, "a grade cell needs points")
    if cell["cell_type"] == "markdown" and nbgrader.get("grade") is not nbgrader.get("solution"):
        yield _problem(path, number, "a text cell that is graded must be a solution too, and the other way round")


def _repeated(cells: list[Cell], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        name = nbgrader_of(cell).get("grade_id")
        if name is not None and name in seen:
            yield _problem(path, number, f"a second cell with the grade_id {name!r}")
        seen.add(str(name))
