"""nbgrader's tables, and the few ways in which rows are added and changed (needs SQLAlchemy).

They are written down here, since importing nbgrader's own definitions takes seconds: its package loads Jupyter's
server. A test holds them against `nbgrader.api`.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

METADATA = MetaData()
VERSION = "e43177bfe90b"
"""The version of the tables, in nbgrader 0.9, as its migrations name it."""

_GRADED = Enum("code", "markdown", name="grade_cell_type", validate_strings=True)
_SOURCE = Enum("code", "markdown", name="source_cell_type", validate_strings=True)


def _id(length: int = 32, to: str = "") -> Column[str]:
    return Column("id", String(length), *([ForeignKey(to)] if to else []), primary_key=True, nullable=False)


def _to(name: str, to: str, *, nullable: bool = True, length: int = 32) -> Column[str]:
    return Column(name, String(length), ForeignKey(to), nullable=nullable)


def _name(*, nullable: bool = False, name: str = "name") -> Column[str]:
    return Column(name, String(128), nullable=nullable)


COURSE = Table("course", METADATA, _id(128), UniqueConstraint("id"))
ASSIGNMENT = Table(
    "assignment",
    METADATA,
    _id(),
    _name(),
    Column("duedate", DateTime()),
    _to("course_id", "course.id", nullable=False, length=128),
    UniqueConstraint("name"),
)
NOTEBOOK = Table(
    "notebook",
    METADATA,
    _id(),
    _name(),
    _to("assignment_id", "assignment.id"),
    Column("kernelspec", String(1024)),
    UniqueConstraint("name", "assignment_id"),
)
CELL = Table(
    "base_cell",
    METADATA,
    _id(),
    _name(),
    _to("notebook_id", "notebook.id", nullable=False),
    Column("type", String(50)),
    UniqueConstraint("name", "notebook_id", "type"),
)
GRADE_CELL = Table(
    "grade_cells",
    METADATA,
    _id(to="base_cell.id"),
    Column("max_score", Float(), nullable=False),
    Column("cell_type", _GRADED, nullable=False),
)
SOLUTION_CELL = Table("solution_cells", METADATA, _id(to="base_cell.id"))
TASK_CELL = Table(
    "task_cells",
    METADATA,
    _id(to="base_cell.id"),
    Column("max_score", Float(), nullable=False),
    Column("cell_type", _GRADED, nullable=False),
)
SOURCE_CELL = Table(
    "source_cell",
    METADATA,
    _id(),
    _name(),
    Column("cell_type", _SOURCE, nullable=False),
    Column("locked", Boolean(), nullable=False),
    Column("source", Text()),
    Column("checksum", String(128)),
    _to("notebook_id", "notebook.id"),
    UniqueConstraint("name", "notebook_id"),
)
STUDENT = Table(
    "student",
    METADATA,
    _id(128),
    *[_name(nullable=True, name=name) for name in ("first_name", "last_name", "email", "lms_user_id")],
)
SUBMISSION = Table(
    "submitted_assignment",
    METADATA,
    _id(),
    _to("assignment_id", "assignment.id"),
    _to("student_id", "student.id", length=128),
    Column("timestamp", DateTime()),
    Column("extension", Interval()),
    UniqueConstraint("assignment_id", "student_id"),
)
SUBMITTED_NOTEBOOK = Table(
    "submitted_notebook",
    METADATA,
    _id(),
    _to("assignment_id", "submitted_assignment.id"),
    _to("notebook_id", "notebook.id"),
    Column("flagged", Boolean()),
    Column("late_submission_penalty", Float(0)),
    UniqueConstraint("notebook_id", "assignment_id"),
)
GRADE = Table(
    "grade",
    METADATA,
    _id(),
    _to("notebook_id", "submitted_notebook.id"),
    _to("cell_id", "base_cell.id"),
    Column("auto_score", Float()),
    Column("manual_score", Float()),
    Column("extra_credit", Float()),
    Column("needs_manual_grade", Boolean(), nullable=False),
    UniqueConstraint("cell_id", "notebook_id"),
)
COMMENT = Table(
    "comment",
    METADATA,
    _id(),
    _to("notebook_id", "submitted_notebook.id"),
    _to("cell_id", "base_cell.id"),
    Column("auto_comment", Text()),
    Column("manual_comment", Text()),
    UniqueConstraint("cell_id", "notebook_id"),
)
CELL_KINDS = {"GradeCell": GRADE_CELL, "SolutionCell": SOLUTION_CELL, "TaskCell": TASK_CELL}

Row = dict[str, Any]


def add(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Add rows, each with an id of its own where it has none."""
    if made := [{"id": uuid4().hex} | row for row in rows]:
        connection.execute(insert(table), made)


def ensure(connection: Connection, table: Table, row: Row, **found_by: Any) -> str:
    """Return the id of the row found by these values, after changing what differs from `row` or adding it."""
    columns = [table.c[name] for name in row]
    where = [table.c[name] == value for name, value in found_by.items()]
    found = connection.execute(select(table.c.id, *columns).where(*where)).first()
    if found is None:
        made = {"id": uuid4().hex} | row | found_by
        connection.execute(insert(table), [made])
        return str(made["id"])
    if tuple(found[1:]) != tuple(row.values()):
        connection.execute(update(table).where(table.c.id == found.id).values(row))
    return str(found.id)


def ids(connection: Connection, table: Table, key: str, among: Sequence[str], **where: Any) -> dict[str, str]:
    """Return the ids of rows by one column, among these values of it."""
    conditions = [table.c[name] == value for name, value in where.items()]
    rows = connection.execute(select(table.c[key], table.c.id).where(table.c[key].in_(list(among)), *conditions))
    return dict(rows.all())


def pairs(connection: Connection, table: Table, notebooks: Sequence[str]) -> set[tuple[str, str]]:
    """Return (notebook, cell) of the grades or comments that there are in submitted notebooks."""
    rows = connection.execute(
        select(table.c.notebook_id, table.c.cell_id).where(table.c.notebook_id.in_(list(notebooks)))
    )
    return {(notebook, cell) for notebook, cell in rows}


def change(connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Row], **values: Any) -> None:
    """Change rows found by the columns of `key`; `values` are expressions, `rows` hold their parameters."""
    if rows:
        where = [table.c[name] == bindparam(f"key_{name}") for name in key]
        connection.execute(update(table).where(*where).values(values), list(rows))


def remove(connection: Connection, table: Table, column: str, values: Sequence[str]) -> None:
    """Remove the rows with one of these values."""
    if values:
        connection.execute(delete(table).where(table.c[column].in_(list(values))))
