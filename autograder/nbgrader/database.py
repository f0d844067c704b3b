"""The gradebook's database (needs SQLAlchemy): where it is, its tables, and transactions that others cannot break.

nbgrader commits after every call, so a reader may see half a submission, and two writers may each leave the other's
half. Here one unit of work is one transaction. On SQLite it takes the write lock at its beginning (`BEGIN IMMEDIATE`),
since a reader that turns writer can only fail; on other databases the constraints of nbgrader's own tables decide, and
a unit that lost a race is run again from its beginning.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from autograder.course import Course
from autograder.errors import CourseError, GraderError, Problem

from .tables import METADATA, VERSION

ATTEMPTS = 8
WAIT_SECONDS = 30
"""How long one statement waits for another writer."""

_T = TypeVar("_T")


def database_url(course: Course) -> str:
    """Return the gradebook's URL as nbgrader takes it; the path of an SQLite file is absolute.

    A path in `course.toml` is relative to the course's folder, wherever a command is run.
    """
    try:
        url = make_url(course.gradebook)
    except ArgumentError as error:
        raise _wrong_url(course, f"is not a database URL: {error}") from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise _wrong_url(course, "names no file; write sqlite:///gradebook.db")
        url = url.set(database=str(course.root / url.database))
    return url.render_as_string(hide_password=False)


def shown_url(url: str) -> str:
    """Return a URL without its password, for messages."""
    return make_url(url).render_as_string(hide_password=True)


class Database:
    """An open gradebook. Use it as a context manager."""

    def __init__(self, course: Course, url: str | None = None) -> None:
        """Open the gradebook of a course, or another one, and make its tables where there are none.

        Raises `GraderError`.
        """
        self.url = url or database_url(course)
        self.engine = _engine(course, self.url)
        try:
            self.transaction(_make_tables)
        except BaseException:
            self.engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one transaction and return what it returns; after a lost race, run it again.

        `work` may be run several times, each time on the database as it is then. Raises `GraderError` where the
        database cannot be used; nothing of `work` is kept then.
        """
        for attempt in range(ATTEMPTS):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt == ATTEMPTS - 1 or not _is_lost_race(error):
                    reason = str(error.orig or error).strip().splitlines()[0]
                    advice = "the results are kept: run `autograder gradebook` when it works again"
                    raise GraderError(f"gradebook {shown_url(self.url)}: {reason}; {advice}") from error
                time.sleep(0.02 * 2**attempt)
        raise AssertionError


def _wrong_url(course: Course, reason: str) -> CourseError:
    return CourseError([Problem(path=course.root / "course.toml", key="course.gradebook", reason=reason)])


def _engine(course: Course, url: str) -> Engine:
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    try:
        engine = sqlalchemy.create_engine(url, connect_args={"timeout": WAIT_SECONDS} if is_sqlite else {})
    except NoSuchModuleError as error:
        raise _wrong_url(course, f"names a database that SQLAlchemy does not know: {error}") from None
    except ModuleNotFoundError as error:
        raise _wrong_url(course, f"needs a driver that is not installed: pip install {error.name}") from None
    if is_sqlite:
        event.listen(engine, "connect", _begin_by_hand)
        event.listen(engine, "begin", _begin_writing)
    return engine


def _begin_by_hand(connection: Any, _: object) -> None:
    """Keep Python's sqlite3 from beginning transactions at moments of its own."""
    connection.isolation_level = None


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_lost_race(error: DBAPIError) -> bool:
    """Whether the same work can succeed when it is tried again: another writer was faster, or held a lock."""
    if isinstance(error, IntegrityError):
        return True
    code = getattr(error.orig, "sqlstate", None)  # PostgreSQL: serialization failure, deadlock, lock not available
    locked = isinstance(error, OperationalError) and "database is locked" in str(error.orig)
    return locked or code in {"40001", "40P01", "55P03", "42P07", "23505"}


def _make_tables(connection: Connection) -> None:
    """Make nbgrader's tables where there are none; raises `GraderError` for tables of another version.

    nbgrader does this itself, but asks a command called `alembic` on the PATH for the version, leaves a database
    without one where there is no such command, and fails when two do it at once.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(746872390142)")
    tables = set(sqlalchemy.inspect(connection).get_table_names())
    found = None
    if "alembic_version" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found == VERSION:
        return
    fits = _fits(connection, tables)
    if found is not None and fits and found == _installed_version():
        return
    if found is not None or not fits:
        url = connection.engine.url.render_as_string(hide_password=True)
        reason = f"was made by another version of nbgrader (its tables are {found or 'unknown'}, not {VERSION})"
        raise GraderError(f"gradebook {url} {reason}; keep a copy of it, then run `nbgrader db upgrade`")
    METADATA.create_all(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.execute(sqlalchemy.text("INSERT INTO alembic_version (version_num) VALUES (:it)"), {"it": VERSION})


def _installed_version() -> str | None:
    """Return the version of the tables that the installed nbgrader wants, without importing it."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - hardly ever asked, and takes its time

    found = find_spec("nbgrader")
    places = found.submodule_search_locations if found else None
    return ScriptDirectory(str(Path(next(iter(places))) / "alembic")).get_current_head() if places else VERSION


def _fits(connection: Connection, tables: set[str]) -> bool:
    """Whether every table of nbgrader's that is there has all the columns it should have."""
    inspector = sqlalchemy.inspect(connection)
    return all(
        {column.name for column in table.columns} <= {column["name"] for column in inspector.get_columns(name)}
        for name, table in METADATA.tables.items()
        if name in tables
    )
