"""The part of the gradebook that `course.toml` and the released notebooks decide (needs nbgrader).

nbgrader refuses to add or remove cells once there are submissions. Here the gradebook follows the course: a new
exercise gets its place in every submission, one whose points changed loses its automatic scores until it is graded
again, and one that is gone goes from the totals.
"""

from datetime import UTC, datetime
from uuid import uuid4

from msgspec import Struct
from sqlalchemy import Connection, select, update

from autograder.course import Assignment, Course
from autograder.errors import GraderError

from . import tables
from .cells import ReleasedCell, ReleasedNotebook
from .tables import ASSIGNMENT, CELL, CELL_KINDS, COMMENT, COURSE, GRADE, NOTEBOOK, SOURCE_CELL, SUBMITTED_NOTEBOOK

DEFAULT_COURSE = "default_course"


class Structure(Struct, frozen=True):
    """An assignment's place in the gradebook: ids of rows, those of cells by grade_id."""

    assignment: str
    notebook: str
    graded: dict[str, str]
    commented: dict[str, str]


def write_structure(
    connection: Connection, course: Course, assignment: Assignment, released: ReleasedNotebook
) -> Structure:
    """Bring the gradebook's assignment, notebook and cells up to date; raises `GraderError`."""
    assignment_id = _assignment(connection, course, assignment)
    notebook_id = _notebook(connection, assignment_id, released)
    wanted = {(kind, cell.name): cell for cell in released.cells for kind in _kinds(cell)}
    rows = connection.execute(select(CELL.c.type, CELL.c.name, CELL.c.id).where(CELL.c.notebook_id == notebook_id))
    present = {(kind, name): cell_id for kind, name, cell_id in rows}
    for kind, name in present.keys() - wanted.keys():
        _forget_cell(connection, kind, present.pop((kind, name)))
    for kind in CELL_KINDS:
        stays = {present[key]: cell for key, cell in wanted.items() if key in present and key[0] == kind}
        _update_cells(connection, kind, stays)
    for (kind, name), cell in wanted.items():
        if (kind, name) not in present:
            present[kind, name] = cell_id = uuid4().hex
            tables.add(connection, CELL, [{"id": cell_id, "name": name, "notebook_id": notebook_id, "type": kind}])
            tables.add(connection, CELL_KINDS[kind], [{"id": cell_id} | _columns(kind, cell)])
    _source_cells(connection, notebook_id, released)
    structure = Structure(
        assignment=assignment_id,
        notebook=notebook_id,
        graded={name: cell_id for (kind, name), cell_id in present.items() if kind != "SolutionCell"},
        commented={name: cell_id for (kind, name), cell_id in present.items() if kind != "GradeCell"},
    )
    _fill_in(connection, structure)
    return structure


def _kinds(cell: ReleasedCell) -> list[str]:
    """Return the kinds of rows that a cell has. Every exercise has one for comments, in code too."""
    if cell.task:
        return ["TaskCell"]
    return ["GradeCell", "SolutionCell"] if cell.grade else ["SolutionCell"] if cell.solution else []


def _assignment(connection: Connection, course: Course, assignment: Assignment) -> str:
    if connection.execute(select(COURSE.c.id).where(COURSE.c.id == course.id)).first() is None:
        connection.execute(COURSE.insert(), [{"id": course.id}])
    due = naive(assignment.due)
    # Locked for the rest of the transaction, so that two graders of one assignment take turns; readers do not wait.
    query = select(ASSIGNMENT.c.course_id).where(ASSIGNMENT.c.name == assignment.name)
    owner = connection.execute(query.with_for_update(key_share=True)).scalar()
    if owner not in (None, course.id, DEFAULT_COURSE):
        message = f"the gradebook has {assignment.name} in course {owner!r}, and nbgrader takes a name once only"
        raise GraderError(f"{message}; give {course.id!r} a gradebook of its own in course.toml")
    return tables.ensure(connection, ASSIGNMENT, {"duedate": due, "course_id": course.id}, name=assignment.name)


def _notebook(connection: Connection, assignment: str, released: ReleasedNotebook) -> str:
    names = dict(
        connection.execute(select(NOTEBOOK.c.name, NOTEBOOK.c.id).where(NOTEBOOK.c.assignment_id == assignment)).all()
    )
    if len(names) == 1 and released.name not in names:
        # An assignment has one notebook: this one was renamed, and its marks go with it.
        connection.execute(update(NOTEBOOK).where(NOTEBOOK.c.assignment_id == assignment).values(name=released.name))
    kernel = {"kernelspec": released.kernel}
    return tables.ensure(connection, NOTEBOOK, kernel, name=released.name, assignment_id=assignment)


def _update_cells(connection: Connection, kind: str, cells: dict[str, ReleasedCell]) -> None:
    """Bring the points of cells, by their ids, up to date."""
    table = CELL_KINDS[kind]
    if kind == "SolutionCell" or not cells:
        return
    query = select(table.c.id, table.c.max_score, table.c.cell_type).where(table.c.id.in_(list(cells)))
    for cell_id, points, cell_type in connection.execute(query).all():
        columns = _columns(kind, cells[cell_id])
        if (points, cell_type) != tuple(columns.values()):
            connection.execute(update(table).where(table.c.id == cell_id).values(columns))
        if points != cells[cell_id].points:
            outdated = {"auto_score": None, "needs_manual_grade": True}
            connection.execute(update(GRADE).where(GRADE.c.cell_id == cell_id).values(outdated))


def _columns(kind: str, cell: ReleasedCell) -> tables.Row:
    return {} if kind == "SolutionCell" else {"max_score": cell.points, "cell_type": cell.cell_type}


def _forget_cell(connection: Connection, kind: str, cell_id: str) -> None:
    for table in (GRADE, COMMENT):
        tables.remove(connection, table, "cell_id", [cell_id])
    if kind in CELL_KINDS:
        tables.remove(connection, CELL_KINDS[kind], "id", [cell_id])
    tables.remove(connection, CELL, "id", [cell_id])


def _source_cells(connection: Connection, notebook: str, released: ReleasedNotebook) -> None:
    table = SOURCE_CELL
    rows = connection.execute(select(table).where(table.c.notebook_id == notebook)).mappings()
    known = {row["name"]: dict(row) for row in rows}
    tables.remove(connection, table, "id", [row["id"] for name, row in known.items() if released.cell(name) is None])
    for cell in released.cells:
        row = {
            "name": cell.name,
            "notebook_id": notebook,
            "cell_type": cell.cell_type,
            "locked": cell.locked,
            "source": cell.source,
            "checksum": cell.checksum,
        }
        if cell.name not in known:
            tables.add(connection, table, [row])
        elif known[cell.name] != known[cell.name] | row:
            connection.execute(update(table).where(table.c.id == known[cell.name]["id"]).values(row))


def _fill_in(connection: Connection, structure: Structure) -> None:
    """Give every submission that is there a grade and a comment for every cell."""
    query = select(SUBMITTED_NOTEBOOK.c.id).where(SUBMITTED_NOTEBOOK.c.notebook_id == structure.notebook)
    add_slots(connection, structure, [notebook for (notebook,) in connection.execute(query)])


def add_slots(connection: Connection, structure: Structure, notebooks: list[str]) -> None:
    """Add the grades and comments that submitted notebooks lack; a grade without a score needs a person."""
    for table, cells, columns in (
        (GRADE, structure.graded, {"needs_manual_grade": True}),
        (COMMENT, structure.commented, {}),
    ):
        present = tables.pairs(connection, table, notebooks)
        lacking = [(notebook, cell) for notebook in notebooks for cell in cells.values()]
        rows = [
            {"notebook_id": notebook, "cell_id": cell} | columns
            for notebook, cell in lacking
            if (notebook, cell) not in present
        ]
        tables.add(connection, table, rows)


def naive(moment: datetime | None) -> datetime | None:
    """Return a moment as nbgrader keeps it: in UTC, without a time zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
