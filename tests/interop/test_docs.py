"""The documents' commands, run in order as their reader would."""

import re
import shutil
from pathlib import Path

import pytest

from autograder import errors

from .conftest import HALF, MODULE, git, run

DOCS = Path(__file__).parents[2] / "docs"
# What a reader has already in these tests, or what would download a hundred megabytes.
PREPARED = ("python3 -m venv", ". .venv/", "pip install")


def commands(name: str) -> list[str]:
    """Return the lines of a document's console blocks."""
    text = (DOCS / name).read_text()
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines)
    return [line.removeprefix("$ ") for line in lines]


def follow(name: str, folder: Path, codes: dict[str, int] | None = None) -> list[str]:
    """Run a document's commands in a folder; return what they printed."""
    said = []
    for line in commands(name):
        if line.startswith(PREPARED):
            continue
        code = next((code for part, code in (codes or {}).items() if part in line), 0)
        env = {f"GIT_{who}_{what}": "ada@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        said.append(run("bash", "-c", line, cwd=folder, env=env, code=code).stdout)
    return said


@pytest.fixture
def clone(students: Path, tmp_path: Path) -> Path:
    """Return a student's clone, with some work in it."""
    git(tmp_path, "clone", "--quiet", students, tmp_path / "clone")
    (tmp_path / "clone" / MODULE).write_text(HALF)
    return tmp_path / "clone"


def test_students(clone: Path):
    """A student checks, commits, and sees what the pull request will say."""
    said = follow("students.md", clone, {"autograder check": 1})
    assert "1/3.5" in said[0]
    assert "1/3.5" in said[-1]


def test_instructors(made: Path, tmp_path: Path):
    """An instructor releases, releases again, grades, exports and makes a bundle."""
    root = tmp_path / "course"
    shutil.copytree(made, root)
    (root / "submitted/ada/neuron").mkdir(parents=True)
    (root / "submitted/ada/neuron/neuron.py").write_text(HALF)
    follow("instructors.md", root)
    for name in ("grades.csv", "canvas.csv", "junit.xml", "classroom.json", "results.json", "neuron.zip"):
        assert (root / name).stat().st_size


def test_ci(clone: Path):
    """The one command of continuous integration, and what it leaves."""
    git(clone, "switch", "--quiet", "--create", "my-neuron")
    git(clone, "commit", "--quiet", "--all", "--message", "x")
    follow("ci.md", clone)
    names = {path.name for path in (clone / "results").iterdir()}
    assert names == {"report.json", "result-neuron.json", "junit.xml", "comment.md"}


def test_students_readme(clone: Path):
    """The README of a student repository installs as docs/students.md does, and its commands exist."""
    text = (clone / "README.md").read_text()
    assert re.findall(r"^\$ (.*)$", text, re.MULTILINE) == commands("students.md")[:3]
    assert "autograder check neuron" in text
    assert not re.search(r"<<|>>", text)


def test_exit_codes():
    """The exit codes in the document are the command line's own."""
    codes = [int(code) for code in re.findall(r"^\| (\d) \|", (DOCS / "ci.md").read_text(), re.MULTILINE)]
    known = (errors.EXIT_DONE, errors.EXIT_USAGE, errors.EXIT_GRADER, errors.EXIT_BELOW_PASSING, errors.EXIT_PROTECTED)
    assert codes == list(known)
