"""The way of an assignment through nbgrader's exchange: the folder alone reaches a student, works, and comes back."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture
def student(geometry, tmp_path):
    """Run a command as a student who has nothing but an exchange and a folder at home."""
    exchange, home = tmp_path / "exchange", tmp_path / "home"
    for folder in (exchange, home):
        folder.mkdir()
    exchange.chmod(stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)
    (home / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = "geo"\n'
    )
    config = geometry.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nget_config().Exchange.root = {str(exchange)!r}  # noqa: F821\n")
    environment = os.environ | {"HOME": str(home)}

    def run(name: str, *arguments: str, folder: Path = home, code: int = 0) -> str:
        done = subprocess.run(
            [BIN / name, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return " ".join((done.stdout + done.stderr).split())

    run.home = home
    return run


@pytest.mark.slow
def test_there_and_back(geometry, student):
    geometry.run("nbgrader", "generate_assignment", "area", "--force")
    geometry.run("nbgrader", "release_assignment", "area")
    student("nbgrader", "fetch_assignment", "area")
    folder = student.home / "area"
    assert sorted(path.name for path in folder.iterdir()) == ["area.ipynb", "area.py", "tests"]
    assert "square 0/2 not written yet" in student("autograder", "check", folder=folder, code=1)
    (folder / "area.py").write_text(geometry.right)
    assert "total 5/5" in student("autograder", "check", folder=folder)
    assert "2 passed" in student("pytest", folder=folder)
    checked = student("python", "-c", "from autograder.notebook import check; check('square')", folder=folder)
    assert "square: right, 2 of 2 points" in checked
    # Whatever a student does to the tests at home is of no consequence.
    (folder / "tests/test_area.py").write_text("")
    student("nbgrader", "submit", "area")
    geometry.run("nbgrader", "collect", "area")
    geometry.run("autograder", "grade", "area", "--trust-submissions", "--jobs", "1")
    (name,) = [path.name for path in (geometry.root / "submitted").iterdir()]
    assert [geometry.grade(name, each)[0] for each in ("square", "circle")] == [2, 3]
