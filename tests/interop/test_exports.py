"""Each export, read back by somebody else's reader or checked against the format's schema."""

import csv
import io
import json
import os
import shutil
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import jsonschema
import pytest

from autograder.cli import main_group
from autograder.course import Course, load_course
from autograder.exports.spreadsheet import guard, unguard
from autograder.grading.store import result_path

from .conftest import HALF, RIGHT, autograder, run

HOSTILE = '=cmd|"x"!A1, O\'Neil'
NAMES = ("ada", "李小龍", 'Åsa, "Å"', HOSTILE, "-1+1", "@sum")
GRADESCOPE = {
    "type": "object",
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "execution_time": {"type": "integer"},
        "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "stdout_visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                    "visibility": {"const": "visible"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
CLASSROOM = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema",
        "classroom",
        "assignment",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
        "score",
        "max-score",
        "tests",
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **{
            name: {"type": "string", "minLength": 1}
            for name in ("classroom", "assignment", "submission", "commit", "release", "review")
        },
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": {"type": "integer"},
        "max-score": {"type": "integer"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string"},
                    "passed": {"type": "boolean"},
                    "score": {"type": "integer"},
                    "max-score": {"type": "integer"},
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def graded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade a class of awkward names, once: the first half right, the others half right."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(made, root)
    for number, name in enumerate(NAMES):
        folder = root / "submitted" / name / "neuron"
        folder.mkdir(parents=True)
        (folder / "neuron.py").write_text(RIGHT if number < 3 else HALF)
    autograder("grade", "neuron", "--jobs", "1", "--no-gradebook", cwd=root)
    return root


def exported(root: Path, *arguments: str | Path) -> tuple[bytes, str]:
    """Export to a file; return its bytes and the warnings."""
    target = root / "export.out"
    done = autograder("export", "-o", target, *arguments, cwd=root)
    return target.read_bytes(), done.stderr


def rows(data: bytes) -> list[list[str]]:
    """Read CSV with Python's reader, strictly, as a service does."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


class TestCells:
    """What a spreadsheet would run."""

    @pytest.mark.parametrize("cell", ["=1", "+x", "-x", "@x", "\t=1", " =1", "\uff1d1", "\r=1"])
    def test_formulas_are_guarded(self, cell: str):
        """A cell that begins like a formula begins with an apostrophe."""
        assert guard(cell).startswith("'")
        assert guard(guard(cell)) == guard(cell)

    @pytest.mark.parametrize("cell", ["-1.5", "+3", "12,5", "Ada", "", "O'Neil", "a=b"])
    def test_others_stay(self, cell: str):
        """Numbers and plain text are as they were, and a guarded cell can be had back."""
        assert guard(cell) == cell
        assert unguard(guard("=" + cell)) == "=" + cell


def test_csv(graded: Path):
    """A row for each student, as wide as the header, scores as numbers."""
    header, *body = rows(exported(graded, "neuron")[0])
    assert header[-2:] == ["neuron.relu", "neuron.square"]
    assert {len(row) for row in body} == {len(header)}
    found = {unguard(row[1]): (float(row[2]), float(row[3]), row[-2:]) for row in body}
    assert set(found) == set(NAMES)
    assert found["ada"] == (3.5, 3.5, ["1", "2.5"])
    assert found[HOSTILE] == (1, 3.5, ["1", "0"])
    assert not [cell for row in body for cell in row if cell[:1] in tuple("=+-@")]


class TestCanvas:
    """Canvas' gradebook."""

    HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),A single neuron (12),Current Score"

    def test_filled_in(self, graded: Path, tmp_path: Path):
        """Rows and columns are Canvas' own; only the assignment's cells are new."""
        roster = tmp_path / "canvas.csv"
        before = [
            self.HEADER.split(","),
            ["", "", "", "", "", "", "Manual Posting", "(read only)"],
            ["    Points Possible", "", "", "", "", "5", "3.5", "(read only)"],
            ["Lovelace, Ada", "101", "s1", "ADA", "One", "4", "", "80"],
            ["Bruce Lee", "102", "李小龍", "lee", "One", "", "1", ""],
            ["Nobody, At All", "103", "s3", "none", "One", "2", "", ""],
        ]
        text = io.StringIO()
        csv.writer(text).writerows(before)
        roster.write_text(text.getvalue())
        data, warnings = exported(graded, "neuron", "--format", "canvas", "--roster", roster)
        after = rows(data)
        expected = [[*row] for row in before]
        expected[3][6], expected[4][6] = "3.5", "3.5"
        assert after == expected
        assert f"{HOSTILE}: not in the gradebook" in warnings

    def test_points_differ(self, graded: Path, tmp_path: Path):
        """Canvas counting other points is told."""
        roster = tmp_path / "canvas.csv"
        roster.write_text(f"{self.HEADER}\n    Points Possible,,,,,5,100,\nAda,1,,ada,,,,\n")
        assert "Canvas counts 100 points" in exported(graded, "neuron", "--format", "canvas", "--roster", roster)[1]

    def test_without_roster(self, graded: Path):
        """What is known makes a gradebook of its own, with the points in its second row."""
        header, points, *body = rows(exported(graded, "neuron", "--format", "canvas")[0])
        assert header[-1] == "A single neuron"
        assert (points[0], points[-1]) == ("    Points Possible", "3.5")
        assert {unguard(row[3]) for row in body} == set(NAMES)

    def test_no_gradebook(self, graded: Path, tmp_path: Path):
        """Another file is refused with what to do."""
        roster = tmp_path / "x.csv"
        roster.write_text("a,b\n1,2\n")
        done = autograder("export", "--format", "canvas", "--roster", roster, cwd=graded, code=2)
        assert "is no gradebook of Canvas" in done.stderr


def test_moodle(graded: Path, tmp_path: Path):
    """Moodle's worksheet: all else as it was, decimals as its own, and no locked grade touched."""
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
              "Last modified (submission)", "Last modified (grade)", "Feedback comments"]  # fmt: skip
    before = [
        header,
        ["Participant 1", "Ada", "ada", "Submitted", "", "3,50", "Yes", "-", "Monday, 1 March 2027, 9:00 AM", ""],
        ["Participant 2", '=HYPERLINK("x")', "李小龍", "", "", "3,50", "Yes", "-", "-", "well, done"],
        ["Participant 3", HOSTILE, "x@example.org", "", "2,00", "3,50", "No", "-", "-", ""],
    ]
    worksheet = tmp_path / "grades.csv"
    text = io.StringIO()
    csv.writer(text).writerows(before)
    worksheet.write_text(text.getvalue(), encoding="utf-8")
    data, warnings = exported(graded, "neuron", "--format", "moodle", "--roster", worksheet)
    after = rows(data)
    assert [row[4] for row in after[1:]] == ["3,5", "3,5", "2,00"]
    assert after[2][1] == '\'=HYPERLINK("x")'
    same = [[unguard(cell) for cell in (*row[:4], *row[5:])] for row in after]
    assert same == [[*row[:4], *row[5:]] for row in before]
    assert "cannot be changed" in warnings
    assert "--roster" in autograder("export", "--format", "moodle", cwd=graded, code=2).stderr


def test_junit(graded: Path):
    """The counts are those of the cases, no name stands twice, and a failure says why."""
    root = ET.fromstring(exported(graded, "neuron", "--format", "junit")[0])  # noqa: S314 - our own
    cases = root.findall(".//testcase")
    assert (
        len({(case.get("classname"), case.get("name")) for case in cases})
        == len(cases)
        == int(root.get("tests", ""))
        == 12
    )
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == 3
    assert {case.get("file") for case in cases} == {"assignments/neuron/neuron.py"}
    assert "expected" in (root.find(".//failure").text or "")
    assert root.find("testsuite[@name='neuron: 李小龍']") is not None


def test_gradescope(graded: Path):
    """The schema of Gradescope's page, with points that sum up."""
    content = json.loads(exported(graded, "neuron", "--format", "gradescope", "--student", HOSTILE)[0])
    jsonschema.validate(content, GRADESCOPE)
    assert content["score"] == sum(test["score"] for test in content["tests"]) == 1
    assert sum(test["max_score"] for test in content["tests"]) == 3.5
    assert "expected" in content["tests"][1]["output"]
    done = autograder("export", "neuron", "--format", "gradescope", cwd=graded, code=2)
    assert "holds one submission and there are 6" in done.stderr


def test_classroom50(graded: Path):
    """Integers, values from the environment, exit 0 for a failing grade, and from a lone file too."""
    path = next((graded / "autograded").glob("@sum/neuron/result.json"))
    env = {
        "CLASSROOM": "fall", "ASSIGNMENT": "hw1", "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "https://example.org/c",
        "RELEASE_URL": "https://example.org/r", "REVIEW_URL": "",
    }  # fmt: skip
    done = autograder("export", "--format", "classroom50", "--result", path, cwd=path.parent, env=env)
    content = json.loads(done.stdout)
    jsonschema.validate(content, CLASSROOM)
    assert (content["classroom"], content["submission"], content["review"]) == (
        "fall",
        "submit/1",
        "https://example.org/c",
    )
    assert (content["score"], content["max-score"]) == (10, 35)
    assert sum(test["score"] for test in content["tests"]) == 10


def test_unreadable_result(course: Course):
    """A result that cannot be read is told, not left out."""
    path = result_path(course, "ada", "neuron")
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert "is no result of this version" in autograder("export", cwd=course.root, code=2).stderr
    path.unlink()
    assert "nothing is graded yet" in autograder("export", cwd=course.root, code=2).stderr


def test_nbgrader(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nbgrader's own command, with our plugin: each cell in its column, whatever the names; penalties taken off."""
    pytest.importorskip("nbgrader", reason="the extra `instructor` is not installed")
    from nbgrader.api import Gradebook  # noqa: PLC0415 - only where it is installed

    from autograder.exports.nbgrader_plugin import open_csv  # noqa: PLC0415
    from autograder.nbgrader.database import Database  # noqa: PLC0415

    root = tmp_path / "course"
    shutil.copytree(made, root)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    with Database(load_course(root)):
        pass  # its tables, without the command that nbgrader would start
    with Gradebook(f"sqlite:///{root}/hunter2.db") as gradebook:
        gradebook.add_assignment("neuron", duedate="2027-02-14 23:59:00 UTC")
        gradebook.add_notebook("neuron", "neuron")
        gradebook.add_grade_cell("relu", "neuron", "neuron", max_score=4, cell_type="code")
        gradebook.add_student("ada", first_name='Ada "A"', last_name="Lovelace, =née")
        gradebook.add_student("eve", first_name="=1+1", last_name="李")
        gradebook.add_submission("neuron", "ada")
        grade = gradebook.find_grade("relu", "neuron", "neuron", "ada")
        grade.auto_score = 3.5
        gradebook.find_submission_notebook("neuron", "neuron", "ada").late_submission_penalty = 0.5
        gradebook.db.commit()
    plugin = "--exporter=autograder.exports.nbgrader_plugin.ExportPlugin"
    run(
        "nbgrader",
        "export",
        plugin,
        "--to",
        root / "theirs.csv",
        f"--CourseDirectory.root={root}",
        f"--CourseDirectory.db_url=sqlite:///{root}/hunter2.db",
        cwd=root,
    )
    theirs = rows((root / "theirs.csv").read_bytes())
    by_id = {row[3]: dict(zip(theirs[0], row, strict=True)) for row in theirs[1:]}
    assert by_id["ada"]["last_name"] == "Lovelace, =née"
    assert (by_id["ada"]["raw_score"], by_id["ada"]["score"], by_id["ada"]["max_score"]) == ("3.5", "3", "4")
    assert by_id["eve"]["first_name"] == "'=1+1"
    assert theirs == rows(open_csv(f"sqlite:///{root}/hunter2.db", ["neuron"], []))
    main_group.main(
        ["-C", str(root), "export", "--format", "canvas", "--gradebook", "-o", str(root / "canvas.csv")],
        standalone_mode=False,
    )
    canvas = rows((root / "canvas.csv").read_bytes())
    assert [(row[3], row[5]) for row in canvas[2:]] == [("ada", "3")]


def test_gradescope_bundle(course: Course, tmp_path: Path):
    """The bundle in Gradescope's own folders: its scripts set it up and grade, and it holds no solution."""
    bundle, root = tmp_path / "bundle.zip", tmp_path / "autograder"
    autograder("release", "neuron", "--gradescope", bundle, cwd=course.root)
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        archive.extractall(root / "source")
        scripts = {name: archive.getinfo(name).external_attr >> 16 & 0o111 for name in ("setup.sh", "run_autograder")}
    assert all(scripts.values())
    assert not [name for name in names if "solutions" in name]
    texts = [path.read_bytes() for path in (root / "source").rglob("*") if path.is_file() and path.suffix != ".whl"]
    assert not any(b"BEGIN SOLUTION" in text or b"np.where" in text or b"hunter2" in text for text in texts)
    env = {"AUTOGRADER_ROOT": str(root), "PIP_NO_DEPS": "1"}
    run("bash", root / "source/setup.sh", env=env)
    # The libraries are those of these tests, so that nothing is downloaded; setup.sh installs them otherwise.
    site = next((root / "grader").glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")))
    (root / "submission").mkdir()
    (root / "submission/neuron.py").write_text(HALF)
    (root / "submission/sitecustomize.py").write_text("1/0")
    run("bash", root / "source/run_autograder", env=env, cwd=root / "submission")
    content = json.loads((root / "results/results.json").read_text())
    jsonschema.validate(content, GRADESCOPE)
    assert content["score"] == 1
    (root / "source/tests/neuron/oracle.py").write_text("1/0")
    run("bash", root / "source/run_autograder", env=env, code=3)
    content = json.loads((root / "results/results.json").read_text())
    assert "score" not in content
    assert "says nothing about this submission" in content["output"]
