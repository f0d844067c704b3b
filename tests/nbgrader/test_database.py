import sqlite3

import pytest
import sqlalchemy
from nbgrader import api

from autograder.errors import CourseError, GraderError
from autograder.nbgrader.database import Database, _installed_version, database_url
from autograder.nbgrader.tables import METADATA, VERSION


def shape(table):
    """What matters of a table: its columns, and what must be unique."""
    columns = {
        column.name: (
            repr(column.type),
            column.nullable,
            column.primary_key,
            sorted(key.target_fullname for key in column.foreign_keys),
        )
        for column in table.columns
    }
    unique = {
        tuple(sorted(column.name for column in constraint.columns))
        for constraint in table.constraints
        if isinstance(constraint, sqlalchemy.UniqueConstraint)
    }
    return columns, unique


@pytest.mark.parametrize("name", sorted(api.Base.metadata.tables))
def test_tables_are_those_of_nbgrader(name):
    assert shape(METADATA.tables[name]) == shape(api.Base.metadata.tables[name])


def test_the_version_is_that_of_the_installed_nbgrader():
    assert _installed_version() == VERSION


def test_a_relative_file_belongs_to_the_course_wherever_the_command_runs(geometry, monkeypatch):
    monkeypatch.chdir("/")
    assert database_url(geometry.course) == f"sqlite:///{geometry.root}/gradebook.db"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("oracle9i://host/name", "does not know"),
        ("mysql+mysqldb://host/name", "driver that is not installed"),
    ],
)
def test_a_url_that_cannot_be_used_names_the_key_and_the_reason(geometry, url, reason):
    geometry.edit("course.toml", 'id = "geo"', f'id = "geo"\ngradebook = "{url}"')
    with pytest.raises(CourseError, match=reason) as caught:
        Database(geometry.course)
    assert "course.gradebook" in str(caught.value)


def test_a_server_that_is_not_there_is_said_without_its_password(geometry):
    url = "postgresql+psycopg://grader:verysecret@127.0.0.1:1/geo"
    geometry.edit("course.toml", 'id = "geo"', f'id = "geo"\ngradebook = "{url}"')
    with pytest.raises(GraderError, match="gradebook postgresql") as caught:
        Database(geometry.course)
    assert "verysecret" not in str(caught.value)


def test_nbgrader_opens_what_was_made_here(any_database):
    with Database(any_database.course):
        pass
    with any_database.gradebook() as book:
        assert book.assignments == []
        assert book.db.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar() == VERSION


def test_tables_of_an_old_nbgrader_are_left_alone(geometry):
    path = geometry.root / "gradebook.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE grade (id VARCHAR, auto_score FLOAT)")
    with pytest.raises(GraderError, match="nbgrader db upgrade"):
        Database(geometry.course)
    with sqlite3.connect(path) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["grade"]


def test_a_database_that_nbgrader_made_without_finding_alembic_is_taken(geometry):
    engine = sqlalchemy.create_engine(database_url(geometry.course))
    api.Base.metadata.create_all(engine)
    engine.dispose()
    with Database(geometry.course):
        pass
    with geometry.gradebook() as book:
        assert book.db.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar() == VERSION


def test_a_file_that_is_no_database_is_said_and_left(geometry):
    geometry.write("gradebook.db", "not a database at all, but long enough to look like a file" * 20)
    with pytest.raises(GraderError, match=r"gradebook\.db: file is not a database"):
        Database(geometry.course)
