"""A released folder without the course around it, as an exchange or a JupyterHub gives it to students."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.place import LostError, find_place
from autograder.release import release

SHIPPED = load_course(Path(__file__).parents[2])
NAMES = [assignment.name for assignment in SHIPPED.assignments]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The shipped course, released to another place."""
    root = tmp_path_factory.mktemp("course")
    for name in ("solutions", "tests"):
        shutil.copytree(SHIPPED.root / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SHIPPED.root / "course.toml", root)
    course = load_course(root)
    for assignment in course.assignments:
        release(course, assignment)
    return root


@pytest.fixture
def given(released, tmp_path):
    """Give a student a released folder and nothing else; with `right`, the reference is written in it."""

    def give(name: str, *, right: bool = False) -> Path:
        folder = tmp_path / "home" / name
        shutil.copytree(released / "assignments" / name, folder)
        if right:
            shutil.copy(released / "solutions" / name / f"{name}.py", folder)
        return folder

    return give


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run this Python in a folder."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("names", [(), ("neuron",), ("sigmoid",), ("neuron", "sigmoid")])
def test_check(given, names):
    code, said = run(given("neuron", right=True), "-m", "autograder", "check", *names)
    assert (code, "sigmoid 2/2" in " ".join(said.split())) == (0, True), said


def test_check_of_the_stub(given):
    code, said = run(given("neuron"), "-m", "autograder", "check")
    assert (code, "total 0/20" in said) == (1, True), said


def test_check_of_what_is_not_there(given):
    code, said = run(given("neuron"), "-m", "autograder", "check", "sigmoit")
    assert (code, "neuron has no exercise 'sigmoit'" in said) == (2, True), said


@pytest.mark.parametrize(("right", "due"), [(True, 0), (False, 1)])
def test_pytest(given, right, due):
    code, said = run(given("neuron", right=right), "-m", "pytest", "-q")
    assert (code, "passed" in said) == (due, right), said


@pytest.mark.parametrize("name", NAMES)
def test_check_in_the_notebook(given, name):
    folder = given(name, right=True)
    exercises = {each.name: each.points for each in SHIPPED.assignment(name).exercises if not each.written}
    exercise, points = next(iter(exercises.items()))
    code, said = run(folder, "-c", f"from autograder.notebook import check; print(check({exercise!r}))")
    assert (code, said.splitlines()[-1]) == (0, str(float(points))), said


def test_data_of_the_notebook(given):
    code, said = run(given("sgd"), "-c", "from autograder.notebook import data_file; print(data_file('digits.npz'))")
    assert (code, said.strip().endswith("sgd/tests/digits.npz")) == (0, True), said


def test_the_course_goes_before_what_a_student_changed(released):
    """Nbgrader grades in autograded/, where a student's own copy of the tests may say anything."""
    folder = released / "autograded/ada/neuron"
    shutil.copytree(released / "assignments/neuron", folder)
    assert find_place(folder).tests == released / "tests/neuron"


def test_nothing_secret_is_released(released):
    toml = (released / "assignments/neuron/tests/course.toml").read_text()
    assert "seed" not in toml
    assert "gradebook" not in toml
    with pytest.raises(LostError, match="there is no course"):
        find_place(released.parent)
