"""The sample class, in every assignment: graded as submitted/README.md says, and as stock nbgrader grades it."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course import load_course
from autograder.grading.store import read_result
from autograder.nbgrader.database import database_url

REPOSITORY = Path(__file__).parents[2]
COURSE = load_course(REPOSITORY)
ASSIGNMENTS = [assignment.name for assignment in COURSE.assignments]
STUDENTS = sorted(path.name for path in (REPOSITORY / "submitted").iterdir() if path.is_dir())
# A kernel runs these with the grader's rights and libraries and without limits, so nbgrader cannot say what they are
# worth.
NOT_FOR_A_KERNEL = {
    "alan": "imports a library that is installed here or not",
    "isaac": "ends Python",
    "evariste": "ends Python",
    "zeno": "never ends",
    "georg": "takes all memory",
    "srinivasa": "prints without end",
    "felix": "looks for what he should not see",
}

pytestmark = pytest.mark.slow


def promised():
    """The exercises in which each student loses points, by assignment, as submitted/README.md has them."""
    _, *sections = re.split(r"^## ", (REPOSITORY / "submitted/README.md").read_text(), flags=re.MULTILINE)
    found = {}
    for section in sections:
        assignment, *lines = section.splitlines()
        rows = [[each.strip() for each in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
        every = [exercise.name for exercise in COURSE.assignment(assignment).exercises if not exercise.written]
        special = {"nothing": [], "everything": every}
        found[assignment] = {
            row[0].strip("`"): special.get(row[2], [name for name in every if f"`{name}`" in row[2].split(", ")])
            for row in rows
        }
    return found


PROMISED = promised()


class Copy:
    """A copy of the course that ships, with some of its class, for one assignment."""

    def __init__(self, root, assignment, students):
        self.root, self.assignment, self.students = root, assignment, students
        root.mkdir(exist_ok=True)
        for name in ("course.toml", "nbgrader_config.py"):
            shutil.copy(REPOSITORY / name, root)
        for folder in (f"solutions/{assignment}", f"tests/{assignment}"):
            shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for student in students:
            folder = f"submitted/{student}/{assignment}"
            if (REPOSITORY / folder).exists():
                shutil.copytree(REPOSITORY / folder, root / folder)
            else:
                (root / "submitted" / student).mkdir(parents=True)

    def run(self, *arguments, check=True):
        """Run a command of this environment in the copy; returns its finished process."""
        command = [str(Path(sys.executable).with_name(arguments[0])), *arguments[1:]]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=300, check=False)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def hand_out(self):
        """Release with nbgrader, and put the notebook beside every module that came without: students have both."""
        self.run("nbgrader", "generate_assignment", self.assignment)
        for student in self.students:
            target = self.root / f"submitted/{student}/{self.assignment}/{self.assignment}.ipynb"
            if not target.exists():
                shutil.copy(self.root / f"assignments/{self.assignment}/{self.assignment}.ipynb", target)

    def gradebook(self):
        """Every cell's points, who has to look at it and what it counts, and the late penalty, of every student."""
        course = load_course(self.root)
        with Gradebook(database_url(course), course.id) as book:
            return {
                submission.student.id: {
                    "late": submission.late_submission_penalty,
                    **{
                        grade.name: (grade.auto_score, grade.needs_manual_grade, grade.max_score)
                        for notebook in submission.notebooks
                        for grade in notebook.grades
                    },
                }
                for submission in book.assignment_submissions(self.assignment)
            }


def test_every_assignment_and_every_student_is_told_of():
    assert list(PROMISED) == ASSIGNMENTS
    there = {name: {path.parent.name for path in REPOSITORY.glob(f"submitted/*/{name}")} for name in ASSIGNMENTS}
    assert {name: set(students) for name, students in PROMISED.items()} == there
    assert {student for students in there.values() for student in students} == set(STUDENTS)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_class_loses_points_where_its_readme_says(assignment, tmp_path):
    copy = Copy(tmp_path, assignment, STUDENTS)
    said = copy.run("autograder", "grade", assignment, "--no-gradebook", check=False)
    course = load_course(tmp_path)
    results = {student: read_result(course, student, assignment) for student in STUDENTS}
    assert None not in results.values(), said.stdout + said.stderr
    lost = {
        student: [exercise.name for exercise in result.exercises if exercise.points < exercise.max_points]
        for student, result in results.items()
    }
    assert {student: lost[student] for student in PROMISED[assignment]} == PROMISED[assignment]
    absent = [student for student in STUDENTS if student not in PROMISED[assignment]]
    assert {results[student].score for student in absent} <= {0}


def graded_by_both(assignment, folder):
    """What is in the gradebook after stock nbgrader, and after autograder, and what nbgrader said."""
    students = sorted(PROMISED[assignment].keys() - NOT_FOR_A_KERNEL.keys())
    stock = Copy(folder / "stock", assignment, students)
    stock.hand_out()
    ours = Copy(folder / "ours", assignment, students)
    shutil.copytree(stock.root, ours.root, dirs_exist_ok=True)
    said = stock.run("nbgrader", "autograde", assignment)
    ours.run("autograder", "grade", assignment, check=False)
    return stock.gradebook(), ours.gradebook(), said.stderr


@pytest.fixture(scope="module")
def both(request, tmp_path_factory):
    """The gradebooks of the assignments that are asked for, two at a time: nbgrader grades one after the other."""
    items = [item for item in request.session.items if item.path == request.path and "both" in item.fixturenames]
    asked = {item.callspec.params["assignment"] for item in items}
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(graded_by_both, name, tmp_path_factory.mktemp(name)) for name in asked}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nbgrader_and_autograder_give_every_cell_the_same_points(assignment, both):
    theirs, ours, said = both[assignment].result()
    exercises = {exercise.name for exercise in COURSE.assignment(assignment).exercises}
    assert sorted(ours) == sorted(PROMISED[assignment].keys() - NOT_FOR_A_KERNEL.keys())
    for student, cells in ours.items():
        assert cells.keys() == exercises | {"late"}
        assert theirs[student] == cells, (student, said)
