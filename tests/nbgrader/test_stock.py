"""nbgrader's own commands in a course's folder, with the `nbgrader_config.py` that ships."""

import csv
import io
import json
import zipfile

import pytest

from autograder.nbgrader.gradebook import write_gradebook

TIMESTAMP = "2027-02-15 12:00:00 UTC"
SETUP = """import sys

import numpy as np

print("a log line", file=sys.stderr)
np.array([1.0]) / 0
"""


def texts(folder):
    """All files of a folder with their contents."""
    return {path.relative_to(folder): path.read_text() for path in folder.rglob("*") if path.is_file()}


def sources(text):
    """The sources and the metadata of a notebook's cells."""
    cells = json.loads(text)["cells"]
    return [("".join(cell["source"]), cell["metadata"].get("nbgrader")) for cell in cells]


def test_generate_assignment_releases_what_autograder_release_does(geometry):
    target = geometry.root / "assignments/area"
    ours = texts(target)
    geometry.run("nbgrader", "generate_assignment", "area", "--force")
    theirs = texts(target)
    tests = [f"tests/{name}" for name in ("__init__.py", "course.toml", "test_area.py")]
    assert sorted(map(str, theirs)) == sorted(map(str, ours)) == ["area.ipynb", "area.py", *tests]
    for path, text in theirs.items():
        assert sources(text) == sources(ours[path]) if path.suffix == ".ipynb" else text == ours[path]
        assert "secret" not in text
        assert "model answer" not in text.lower()
    with geometry.gradebook() as book:
        assert str(book.find_assignment("area").duedate) == "2027-02-14 23:59:00"
        assert {cell.name: cell.max_score for cell in book.find_notebook("area", "area").grade_cells} == {
            "square": 2,
            "circle": 3,
            "why": 5,
        }


@pytest.mark.slow
def test_generate_assignment_takes_back_what_would_give_a_solution_away(geometry):
    geometry.write("solutions/area/hints.py", 'return a * a + 0 * len("the secret of the square")\n')
    done = geometry.run("nbgrader", "generate_assignment", "area", "--force", check=False)
    assert done.returncode != 0
    assert "holds a line of the solution" in done.stderr
    assert not (geometry.root / "assignments/area").exists()


@pytest.mark.slow
def test_generate_assignment_where_there_are_submissions_already(geometry):
    geometry.hand_in("ada", notebook=geometry.answered())
    write_gradebook(geometry.course, geometry.area, [geometry.graded("ada")])
    geometry.mark_by_hand("ada", "why", 4, "Well said.")
    geometry.edit("course.toml", '{ name = "square", points = 2 },', '{ name = "square", points = 4 },')
    content = json.loads((geometry.root / "solutions/area/area.ipynb").read_text())
    content["cells"][2]["metadata"]["nbgrader"]["points"] = 4
    content["cells"].insert(3, geometry.cell("code", "more", "more", locked=True))
    geometry.write("solutions/area/area.ipynb", json.dumps(content))
    geometry.run("nbgrader", "generate_assignment", "area", "--force")
    with geometry.gradebook() as book:
        assert book.find_assignment("area").max_score == 12
        assert book.find_source_cell("more", "area", "area").locked
    assert geometry.grade("ada", "square") == (None, None, True)
    assert geometry.grade("ada", "why") == (None, 4, False)


@pytest.mark.slow
def test_zip_collect_takes_modules_and_notebooks(geometry):
    archive = geometry.root / "downloaded/area/archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "ada_12345_assignsubmission_file.zip", "w") as file:
        file.writestr("area.py", "# ada's\n")
        file.writestr("area.ipynb", json.dumps(geometry.released))
    (archive / "emmy_area.py").write_text("# emmy's\n")
    (archive / "emmy_other.py").write_text("# not asked for\n")
    geometry.run("nbgrader", "zip_collect", "area")
    submitted = geometry.root / "submitted"
    assert (submitted / "ada/area/area.py").read_text() == "# ada's\n"
    assert (submitted / "ada/area/area.ipynb").exists()
    assert [path.name for path in (submitted / "emmy/area").iterdir() if path.suffix == ".py"] == ["area.py"]


@pytest.mark.slow
def test_export_writes_names_so_that_they_read_back(geometry):
    names = {"a": ("Lovelace, Ada", "Augusta"), "b": ('O"Neill', "=1+1"), "c": ("Noether", "Emmy")}
    for student in names:
        geometry.hand_in(student, timestamp=TIMESTAMP)
    write_gradebook(geometry.course, geometry.area, [geometry.graded(student) for student in names])
    with geometry.gradebook() as book:
        for student, (last, first) in names.items():
            book.update_or_create_student(student, last_name=last, first_name=first)
    geometry.run("nbgrader", "export", "--to", "out.csv")
    rows = list(csv.DictReader(io.StringIO((geometry.root / "out.csv").read_text("utf-8-sig"))))
    found = {row["student_id"]: row for row in rows}
    assert {row["last_name"] for row in rows} == {"Lovelace, Ada", 'O"Neill', "Noether"}
    assert found["b"]["first_name"] == "'=1+1"
    assert [(float(row["raw_score"]), float(row["late_submission_penalty"]), float(row["score"])) for row in rows] == [
        (5, 0.5, 4.5)
    ] * 3


@pytest.mark.slow
def test_feedback_is_generated_from_what_was_written_here(geometry):
    geometry.hand_in("ada", notebook=geometry.answered("My own answer."), timestamp=TIMESTAMP)
    write_gradebook(geometry.course, geometry.area, [geometry.graded("ada", circle=1)])
    geometry.mark_by_hand("ada", "why", 4, "Well said, *Ada*.")
    geometry.mark_by_hand("ada", "circle", 2, "Half the way.")
    geometry.run("nbgrader", "generate_feedback", "area")
    folder = geometry.root / "feedback/ada/area"
    page = (folder / "area.html").read_text()
    said = ("My own answer.", "Well said, <em>Ada</em>.", "Half the way.", "the entry is wrong", "Score: 7.7 / 10.0")
    assert [each for each in said if each not in page] == []
    assert "Late submission penalty" not in page.replace("Late submission penalty (Score: -0.3)", "")
    # The page alone is for the student: a result also holds what an exercise hides.
    assert sorted(path.name for path in folder.iterdir()) == ["area.html", "timestamp.txt"]


@pytest.mark.slow
def test_a_page_of_feedback_follows_what_was_graded_and_marked_since(geometry):
    geometry.hand_in("ada", notebook=geometry.answered("My own answer."))
    write_gradebook(geometry.course, geometry.area, [geometry.graded("ada", circle=1)])
    geometry.run("nbgrader", "generate_feedback", "area")
    geometry.mark_by_hand("ada", "why", 4, "Well said.")
    write_gradebook(geometry.course, geometry.area, [geometry.graded("ada", circle=3)])
    geometry.run("nbgrader", "generate_feedback", "area")
    page = (geometry.root / "feedback/ada/area/area.html").read_text()
    assert "Well said." in page
    assert "Score: 9.0 / 10.0" in page


@pytest.fixture(scope="module")
def both(tmp_path_factory, request):
    """One class, graded by nbgrader and by autograder: the two courses and what `nbgrader autograde` said."""
    courses = []
    geometry_class = request.getfixturevalue("geometry_class")
    for name in ("stock", "ours"):
        geometry = geometry_class(tmp_path_factory.mktemp(name))
        geometry.run("nbgrader", "generate_assignment", "area", "--force")
        wrong = geometry.right.replace("r * r", "r")
        noisy = geometry.answered("An answer.")
        noisy["cells"].insert(0, geometry.cell("code", SETUP))
        noisy["cells"][3]["source"] = 'import warnings; warnings.warn("careful")'
        without = geometry.answered("YOUR ANSWER HERE")
        del without["cells"][3]
        doubled = geometry.answered("An answer.")
        doubled["cells"].append(geometry.cell("code", "100", "square", grade=True, points=100))
        killing = geometry.answered("An answer.")
        killing["cells"].insert(0, geometry.cell("code", "import os; os._exit(1)"))
        geometry.hand_in("right", notebook=geometry.answered("An answer."))
        geometry.hand_in("late", notebook=geometry.answered("An answer."), timestamp=TIMESTAMP)
        geometry.hand_in("noisy", notebook=noisy, module=wrong)
        geometry.hand_in("without", notebook=without, module="def square(a):\n    return None\n")
        geometry.hand_in("doubled", notebook=doubled, module="def square(a):\n    return a * a +\n")
        geometry.hand_in("killing", notebook=killing)
        courses.append(geometry)
    stock, ours = courses
    write_gradebook(stock.course, stock.area, [stock.graded("killing")])
    (stock.root / "autograded/killing/area/result.json").unlink()
    said = stock.run("nbgrader", "autograde", "area", "--force", check=False)
    ours.run("autograder", "grade", "area", "--trust-submissions", "--jobs", "1")
    return stock, ours, said


STUDENTS = ["right", "late", "noisy", "without", "doubled"]


@pytest.mark.slow
@pytest.mark.parametrize("student", STUDENTS)
def test_nbgrader_and_autograder_give_the_same_points(both, student):
    stock, ours, said = both
    names = ("square", "circle", "why")
    assert [stock.grade(student, name) for name in names] == [ours.grade(student, name) for name in names], said.stderr
    with stock.gradebook() as theirs, ours.gradebook() as book:
        penalties = [each.find_submission("area", student).late_submission_penalty for each in (theirs, book)]
    assert penalties == [0.5, 0.5] if student == "late" else penalties == [0, 0]


@pytest.mark.slow
def test_the_class_is_graded_as_it_should_be(both):
    _, ours, _ = both
    scores = {student: (ours.grade(student, "square")[0], ours.grade(student, "circle")[0]) for student in STUDENTS}
    assert scores == {"right": (2, 3), "late": (2, 3), "noisy": (2, 0), "without": (0, 0), "doubled": (0, 0)}


@pytest.mark.slow
def test_nbgrader_grades_the_students_module_and_leaves_it_as_it_is(both):
    stock, _, _ = both
    for student in ("right", "noisy"):
        handed_in = (stock.root / f"submitted/{student}/area/area.py").read_text()
        assert (stock.root / f"autograded/{student}/area/area.py").read_text() == handed_in


@pytest.mark.slow
def test_a_kernel_that_died_leaves_no_old_score_behind(both):
    stock, _, said = both
    assert "killing" in said.stderr
    assert stock.grade("killing", "square") == (None, None, True)


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "said"), [("a * a", "Success!"), ("a", "VALIDATION FAILED ON 1 CELL")])
def test_validate_runs_the_released_notebook(geometry, wrong, said):
    geometry.write("assignments/area/area.py", geometry.right.replace("a * a", wrong))
    geometry.write("assignments/area/area.ipynb", json.dumps(geometry.answered("An answer.")))
    assert said in geometry.run("nbgrader", "validate", "assignments/area/area.ipynb").stdout
