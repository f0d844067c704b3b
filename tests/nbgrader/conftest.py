"""A small course of one assignment on disk, results for it, and a private PostgreSQL server."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from nbgrader.api import Gradebook

from autograder.course import load_course
from autograder.grading.result import SCHEMA, ExerciseResult, Failure, Result, Run, TestResult
from autograder.grading.run import Graded
from autograder.grading.store import write_result
from autograder.nbgrader.database import database_url
from autograder.release import release
from autograder.submission import read_submission

BIN = Path(sys.executable).parent
os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader starts `alembic` for a new gradebook

COURSE = """
[course]
id = "geo"
title = "Geometry"

[late]
kind = "per-day"
percent_per_day = 10
grace_hours = 1
max_percent = 50

[assignments.area]
title = "Areas"
due = 2027-02-14T23:59:00Z
exercises = [
    { name = "square", points = 2 },
    { name = "circle", points = 3 },
    { name = "why", points = 5, written = true },
]
"""
MODULE = '''"""Areas."""

import math


def square(a):
    """The area of a square."""
    ### BEGIN SOLUTION
    return a * a + 0 * len("the secret of the square")
    ### END SOLUTION


def circle(r):
    """The area of a circle."""
    ### BEGIN SOLUTION
    return math.pi * r**2 + 0 * len("the secret of the circle")
    ### END SOLUTION
'''
RIGHT = "import math\n\n\ndef square(a):\n    return a * a\n\n\ndef circle(r):\n    return math.pi * r * r\n"
TESTS = '''import math

from autograder.kit import check_close, exercise, floats, given


@exercise("square", examples=10)
@given(a=floats(1, 9))
def test_square(submission, a):
    """Each side counts once."""
    check_close(submission.square(a), a**2)


@exercise("circle", examples=10)
@given(r=floats(1, 9))
def test_circle(submission, r):
    """It is pi times the square of the radius."""
    check_close(submission.circle(r), math.pi * r**2)
'''


def cell(kind, source, name="", **nbgrader):
    """A cell of a source notebook."""
    metadata = {}
    if name:
        flags = {"grade": False, "solution": False, "locked": False, "task": False}
        metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, **flags, **nbgrader}
    made = {"cell_type": kind, "metadata": metadata, "source": source, "id": f"id-{abs(hash(source)) % 10**8}"}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(*cells):
    """A notebook of these cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": list(cells)}


def source_notebook():
    """The instructor's notebook of the small course."""
    return notebook(
        cell("markdown", "# Areas\n\n<a id='top'></a>How large?"),
        cell("code", "from autograder.notebook import check"),
        cell("code", 'check("square")', "square", grade=True, locked=True, points=2),
        cell("code", 'check("circle")', "circle", grade=True, locked=True, points=3),
        cell(
            "markdown",
            "### BEGIN SOLUTION\nThe model answer of this question.\n### END SOLUTION",
            "why",
            grade=True,
            solution=True,
            points=5,
        ),
    )


class Geometry:
    """The small course, and what can be done with it."""

    def __init__(self, root):
        self.root = root
        self.write("course.toml", COURSE)
        self.write("solutions/area/area.py", MODULE)
        self.write("solutions/area/area.ipynb", json.dumps(source_notebook()))
        self.write(
            "solutions/area/misconceptions.py", "# %% square: forgets\n# The side is not multiplied\nSECRET = 1\n"
        )
        self.write("tests/area/__init__.py", "")
        self.write("tests/area/test_area.py", TESTS)
        repository = Path(__file__).parents[2]
        shutil.copy(repository / "nbgrader_config.py", root)
        release(self.course, self.area)

    cell = staticmethod(cell)
    right = RIGHT

    @property
    def course(self):
        """The course as it is read now."""
        return load_course(self.root)

    @property
    def area(self):
        """Its one assignment."""
        return self.course.assignment("area")

    @property
    def released(self):
        """The released notebook as JSON."""
        return json.loads((self.root / "assignments/area/area.ipynb").read_text())

    def write(self, path, text):
        """Write a file of the course."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def edit(self, path, old, new):
        """Change a file of the course."""
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def hand_in(self, student, *, module=RIGHT, notebook=None, timestamp="2027-02-14 12:00:00 UTC"):
        """Put a submission into submitted/; `notebook` is JSON or text."""
        folder = f"submitted/{student}/area"
        (self.root / folder).mkdir(parents=True, exist_ok=True)
        if module is not None:
            self.write(f"{folder}/area.py", module)
        if notebook is not None:
            self.write(f"{folder}/area.ipynb", notebook if isinstance(notebook, str) else json.dumps(notebook))
        if timestamp is not None:
            self.write(f"{folder}/timestamp.txt", timestamp)

    def answered(self, answer="Because a * b.", *extra):
        """The released notebook with an answer to the written question, and more cells."""
        content = self.released
        content["cells"][-1]["source"] = answer
        content["cells"] += extra
        return content

    def graded(self, student, square=2.0, circle=3.0):
        """An outcome of grading what the student handed in, as it is now."""
        submission = read_submission(self.course, self.area, student)
        given = {"square": square, "circle": circle}
        exercises = tuple(
            ExerciseResult(
                name=exercise.name,
                points=given[exercise.name],
                max_points=exercise.points,
                state="passed" if given[exercise.name] == exercise.points else "failed",
                tests=(_test(given[exercise.name] == exercise.points),),
            )
            for exercise in self.area.exercises
            if exercise.name in given
        )
        result = Result(
            schema=SCHEMA,
            course="geo",
            assignment="area",
            student=student,
            state="graded",
            score=sum(given.values()),
            max_score=self.area.points,
            problem="",
            problem_lines=(),
            notes=(),
            exercises=exercises,
            output="",
            submission=submission.digest,
            suite="",
            run=Run("2027-02-15T00:00:00+00:00", 0.1, "none"),
        )
        write_result(self.course, result)
        return Graded(student, result)

    def autograded(self, student):
        """The autograded notebook as JSON."""
        return json.loads((self.root / f"autograded/{student}/area/area.ipynb").read_text())

    @contextlib.contextmanager
    def gradebook(self):
        """Nbgrader's own view of the gradebook."""
        with Gradebook(database_url(self.course), "geo") as book:
            yield book

    def grade(self, student, exercise):
        """A grade as nbgrader's API has it."""
        with self.gradebook() as book:
            found = book.find_grade(exercise, "area", "area", student)
            return found.auto_score, found.manual_score, found.needs_manual_grade

    def mark_by_hand(self, student, exercise, points, comment):
        """What formgrader does when a person enters a mark and a comment."""
        with self.gradebook() as book:
            found = book.find_grade(exercise, "area", "area", student)
            found.manual_score = points
            found.needs_manual_grade = False
            book.find_comment(exercise, "area", "area", student).manual_comment = comment
            book.db.commit()

    def run(self, *arguments, check=True, timeout=240):
        """Run a command of this environment in the course's folder; returns its finished process."""
        command = [str(BIN / arguments[0]), *arguments[1:]]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=timeout, check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done


def _test(right):
    failure = None if right else Failure("wrong", "the entry is wrong", code="square(2)", expected="4", got="<b>5</b>")
    return TestResult("test_it", "It is right.", "passed" if right else "failed", 1.0, float(right), failure)


@pytest.fixture
def geometry(tmp_path):
    """The small course, released, with nobody in it."""
    return Geometry(tmp_path)


@pytest.fixture(scope="session")
def geometry_class():
    """Makes small courses, for fixtures that last longer than a test."""
    return Geometry


@pytest.fixture(scope="session")
def postgresql():
    """The URL of a private PostgreSQL server, but for the database's name. It is stopped and removed at the end."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.environ["PATH"].split(os.pathsep))]
    binaries = next(
        (place for place in places if (place / "initdb").exists() and (place / "pg_isready").exists()), None
    )
    if binaries is None:
        pytest.fail("these tests need a PostgreSQL server: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_other = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    initdb = [*as_other, str(binaries / "initdb"), "-D", str(data), "-U", "grader", "-A", "trust", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/")
    options = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    start = [*as_other, str(binaries / "postgres"), *options]
    server = subprocess.Popen(start, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        deadline = time.monotonic() + 60
        ready = [str(binaries / "pg_isready"), "--quiet", "-h", str(folder)]
        while subprocess.run(ready, check=False).returncode:
            assert server.poll() is None, "PostgreSQL did not start"
            assert time.monotonic() < deadline, "PostgreSQL did not start in time"
            time.sleep(0.1)
        yield f"postgresql+psycopg://grader@/{{database}}?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # not to wait for connections that are still open
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request, geometry):
    """The small course with its gradebook in a new database of each kind."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        name = f"geo_{os.urandom(4).hex()}"
        with psycopg.connect(url.format(database="postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        line = f'id = "geo"\ngradebook = "{url.format(database=name)}"'
        geometry.edit("course.toml", 'id = "geo"', line)
    return geometry


def pytest_configure(config):
    """Tell of the mark for what takes long."""
    config.addinivalue_line("markers", "slow: runs nbgrader's own commands over several submissions, or a browser")
