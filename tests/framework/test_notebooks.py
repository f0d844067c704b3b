"""How the instructor's notebooks become the students', and that the shipped ones work."""

import json
import re
import shutil
from pathlib import Path

import pytest

from autograder.bank import misconceptions
from autograder.course import load_course
from autograder.errors import ReleaseError
from autograder.release import release, release_problems, released
from autograder.release_notebook import read_notebook, release_notebook
from autograder.scaffold import new_assignment

SHIPPED = load_course(Path(__file__).parents[2])
NAMES = [assignment.name for assignment in SHIPPED.assignments]
EXPERIMENTS = {"neuron": 2, "initializers": 3, "losses": 3, "backprop": 3, "sgd": 6}


def cell(source: str, kind: str = "code", grade_id: str | None = None, **roles):
    """A cell as a notebook's file has it."""
    made = {"cell_type": kind, "id": "x", "metadata": {}, "source": source}
    if kind == "code":
        made |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}], "execution_count": 7}
    if grade_id is not None:
        roles = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | roles
        made["metadata"]["nbgrader"] = roles | {"grade_id": grade_id}
    return made


def text_of(*cells) -> str:
    """A notebook's file."""
    metadata = {"kernelspec": {"language": "python", "name": "python3", "display_name": "Python 3"}}
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def strip(*cells):
    """The cells that students get, and what was taken out."""
    text, taken = release_notebook(text_of(*cells), Path("x.ipynb"))
    made = json.loads(text)["cells"]
    return ["".join(each["source"]) for each in made], taken, made


def told(*cells) -> str:
    """What is said of a notebook that cannot be released."""
    with pytest.raises(ReleaseError) as caught:
        release_notebook(text_of(*cells), Path("x.ipynb"))
    return str(caught.value)


CODE = "a = 1\ndef f():\n    ### BEGIN SOLUTION\n    return a + 2 * 3\n    ### END SOLUTION\n# after"


class TestRelease:
    """Cells are cleared as nbgrader clears them."""

    def test_code(self):
        """A region becomes nbgrader's stub at its own indentation."""
        [source], taken, _ = strip(cell(CODE, grade_id="f", solution=True))
        assert source == "a = 1\ndef f():\n    # YOUR CODE HERE\n    raise NotImplementedError()\n# after"
        assert taken == ("return a + 2 * 3",)

    def test_text(self):
        """A model answer with its rubric becomes a place for the student's own."""
        answer = "### BEGIN SOLUTION\nBecause of x.\n\n**Rubric**: one point.\n### END SOLUTION"
        [source], taken, _ = strip(cell(answer, "markdown", "why", grade=True, solution=True, points=5))
        assert source == "YOUR ANSWER HERE"
        assert taken == ("Because of x.", "**Rubric**: one point.")

    def test_without_region(self):
        """A solution cell without a region is all solution."""
        sources, taken, _ = strip(
            cell("secret = 1", grade_id="a", solution=True),
            cell("secret", "markdown", "b", grade=True, solution=True, points=1),
        )
        assert sources == ["# YOUR CODE HERE\nraise NotImplementedError()", "YOUR ANSWER HERE"]
        assert taken == ("secret = 1", "secret")

    def test_hidden(self):
        """Hidden tests and mark schemes go without a trace."""
        hidden = "x\n### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS"
        scheme = "Do it.\n=== BEGIN MARK SCHEME ===\nsecret\n=== END MARK SCHEME ==="
        sources, taken, _ = strip(
            cell(hidden, grade_id="a", grade=True, locked=True, points=1),
            cell(scheme, "markdown", "b", task=True, points=1, locked=True),
        )
        assert sources == ["x", "Do it."]
        assert taken == ("assert secret", "secret")

    def test_outputs(self):
        """Outputs and counts go, everywhere."""
        _, _, [made] = strip(cell("print('old')"))
        assert (made["outputs"], made["execution_count"]) == ([], None)

    def test_signed(self):
        """What nbgrader watches gets its checksum and cannot be deleted; what it overwrites cannot be edited either."""
        _, _, [solution, grade, plain] = strip(
            cell("x", grade_id="f", solution=True), cell("y", grade_id="g", grade=True, points=2), cell("z")
        )
        assert solution["metadata"]["nbgrader"]["checksum"] == "e697d20a0c4e1e5fda906a06d5e64ad6"
        assert grade["metadata"]["nbgrader"]["checksum"] == "1ad91da38881c1368d6dacc8cdb53a99"
        assert grade["metadata"]["nbgrader"]["cell_type"] == "code"
        assert [each["metadata"].get("deletable") for each in (solution, grade, plain)] == [False, False, None]
        assert [each["metadata"].get("editable") for each in (solution, grade, plain)] == [None, False, None]

    def test_deterministic(self):
        """What comes out depends on the cells alone, and releasing it again changes nothing but what is due."""
        first = release_notebook(text_of(cell(CODE, grade_id="f", solution=True)), Path("x.ipynb"))[0]
        loose = json.dumps(json.loads(text_of(cell(CODE, grade_id="f", solution=True))), indent=7)
        assert release_notebook(loose, Path("y.ipynb"))[0] == first
        assert first.endswith("}\n")

    @pytest.mark.parametrize(
        ("made", "reason"),
        [
            (cell("### BEGIN SOLUTION\n1\n### END SOLUTION"), "is no solution cell"),
            (cell("### BEGIN SOLUTION\n1", grade_id="a", solution=True), "never ends"),
            (cell("1\n### END SOLUTION", grade_id="a", solution=True), "has not begun"),
            (cell("### BEGIN SOLUTION\n### BEGIN SOLUTION", grade_id="a", solution=True), "inside another"),
            (cell("### Begin solution\n1\n### END SOLUTION", grade_id="a", solution=True), "nearly a marker"),
            (cell("### BEGIN  SOLUTION\n1", grade_id="a", solution=True), "nearly a marker"),
            (cell("1", grade_id="a b", solution=True), "grade_id must be"),
            (cell("1", grade_id="a", grade=True), "needs points"),
            (cell("1", "markdown", "a", grade=True, points=1), "must be a solution too"),
            (cell("1", grade_id="a", solution=True, schema_version=2), "schema_version must be 3"),
            (cell("1", grade_id="a", solution="yes"), "true or false"),
        ],
    )
    def test_wrong(self, made, reason):
        """What nbgrader would refuse, or would give away, is told with the number of the cell."""
        said = told(cell("fine"), made)
        assert "x.ipynb: cell 2: " in said
        assert reason in said

    def test_repeated(self):
        """Two cells with one id are told."""
        assert "cell 2: a second cell with the grade_id 'a'" in told(
            cell("1", grade_id="a", solution=True), cell("1", grade_id="a", solution=True)
        )

    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", "3", '{"cells": 3, "nbformat": 4}', '{"cells": [1], "nbformat": 4}', "[" * 10000]
    )
    def test_no_notebook(self, text):
        """What is no notebook is told."""
        with pytest.raises(ReleaseError, match="is not a notebook"):
            release_notebook(text, Path("x.ipynb"))

    def test_old_format(self):
        """An old notebook is told."""
        with pytest.raises(ReleaseError, match="in notebook format 3"):
            release_notebook('{"cells": [], "nbformat": 3}', Path("x.ipynb"))


@pytest.fixture
def made(tmp_path):
    """A course with one assignment, released."""
    (tmp_path / "course.toml").write_text('[course]\nid = "small"\ntitle = "Small"\n')
    new_assignment(tmp_path, "sums")
    return load_course(tmp_path)


def problems(course) -> list[str]:
    """What is wrong with the released files."""
    return [
        str(problem).removeprefix(f"{course.root}/") for problem in release_problems(course, course.assignment("sums"))
    ]


class TestProblems:
    """Drift, leaks and disagreement with course.toml are found in notebooks."""

    def test_sound(self, made):
        """What was just released is sound, and releasing again writes nothing."""
        assert problems(made) == []
        assert release(made, made.assignment("sums")) == []

    def test_drift(self, made):
        """A notebook that was edited in place, or run, is told."""
        path = made.root / "assignments/sums/sums.ipynb"
        path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 3', 1))
        [said] = problems(made)
        assert re.match(r"assignments/sums/sums\.ipynb:\d+: differs from what sums\.ipynb gives", said)

    def test_missing(self, made):
        """A notebook that was not released is told; one that does not exist at all is not asked for."""
        (made.root / "assignments/sums/sums.ipynb").unlink()
        assert problems(made) == ["assignments/sums/sums.ipynb: is not there; run `autograder release sums`"]
        (made.root / "solutions/sums/sums.ipynb").unlink()
        assert problems(made) == []

    def test_module_leaks_into_notebook(self, made):
        """A line of the module's solution that an explanation quotes is found, though the notebook's source has it."""
        path = made.root / "solutions/sums/sums.ipynb"
        line = "return np.asarray(x, dtype=float).sum(axis=1)"
        path.write_text(path.read_text().replace("Explain the idea in your own words", f"Like `{line}`"))
        release(made, made.assignment("sums"))
        assert any("holds a line of the solution: " + line in said for said in problems(made))

    def test_model_answer_leaks(self, made):
        """A line of the model answer in any file is found."""
        (made.root / "assignments/sums/notes.md").write_text(
            "**Model answer.** Write the answer that earns all points."
        )
        assert any("notes.md:1: holds a line of the solution: **Model answer.**" in said for said in problems(made))

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ('"points": 2', '"points": 3', "row-sums: is worth 3 in the notebook and 2 in course.toml"),
            ('"grade_id": "row-sums"', '"grade_id": "rows"', "row-sums: has no grade cell"),
            ('"grade_id": "row-sums"', '"grade_id": "rows"', "rows: is graded in the notebook and is no exercise"),
            ('check(\\"row-sums\\")', "1.0", 'row-sums: must end with check("row-sums")'),
        ],
    )
    def test_grade_cells(self, made, old, new, reason):
        """The grade cells are the exercises of course.toml."""
        path = made.root / "solutions/sums/sums.ipynb"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
        release(made, made.assignment("sums"))
        assert any(reason in said for said in problems(made))

    def test_all_at_once(self, made):
        """Problems of module and notebook are told together."""
        for name in ("sums.py", "sums.ipynb"):
            path = made.root / "solutions/sums" / name
            path.write_text(path.read_text().replace("### END SOLUTION", "", 1))
        said = "\n".join(problems(made))
        assert "sums.py:" in said
        assert "sums.ipynb: cell" in said


class TestNbgrader:
    """nbgrader's own preprocessors make the same of a notebook."""

    @pytest.fixture
    def processed(self):
        """What nbgrader makes of a notebook, by its own classes in the order of `generate_assignment`."""
        preprocessors = pytest.importorskip("nbgrader.preprocessors")
        nbformat = pytest.importorskip("nbformat")
        names = ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums")
        names += ("ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata")

        def process(text: str):
            notebook, resources = nbformat.reads(text, 4), {}
            for name in names:
                notebook, resources = getattr(preprocessors, name)().preprocess(notebook, resources)
            return json.loads(nbformat.writes(notebook))

        return process

    @pytest.mark.parametrize("name", NAMES)
    def test_shipped(self, processed, name):
        """Every shipped notebook comes out the same, checksums and all."""
        path = SHIPPED.root / "solutions" / name / f"{name}.ipynb"
        text = path.read_text()
        assert json.loads(release_notebook(text, path)[0]) == processed(text)

    def test_unusual(self, processed):
        """So do the cells that the shipped ones do not have."""
        text = text_of(
            cell("secret", grade_id="a", solution=True) | {"id": "a"},
            cell(CODE.replace("    ", "\t"), grade_id="b", solution=True, grade=True, points=2) | {"id": "b"},
            cell("x\n### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS", grade_id="c", grade=True, points=0.5)
            | {"id": "c"},
            cell("x\n=== BEGIN MARK SCHEME ===\n1\n=== END MARK SCHEME ===", "markdown", "d", task=True, points=1)
            | {"id": "d"},
            cell("read me", "markdown", "e", locked=True) | {"id": "e"},
            cell("naïve π 😀\u2028line", "markdown") | {"id": "f"},
        )
        assert json.loads(release_notebook(text, Path("x.ipynb"))[0]) == processed(text)


class TestShipped:
    """The five notebooks of the course."""

    @pytest.mark.parametrize("name", NAMES)
    def test_cells(self, name):
        """An explanation, experiments, a grade cell per exercise and a written question; no output is committed."""
        path = SHIPPED.root / "solutions" / name / f"{name}.ipynb"
        cells = read_notebook(path.read_text(), path)["cells"]
        assert not any(each.get("outputs") or each.get("execution_count") for each in cells)
        assert sum("plt.subplots" in each["source"] for each in cells) == EXPERIMENTS[name]
        for each in cells:
            if "plt.subplots" in each["source"]:
                assert "with experiment():" in each["source"]
                assert "imshow" in each["source"] or "axis(" in each["source"] or "label" in each["source"]

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_of_the_instructors(self, name):
        """The released notebook has neither model answer nor rubric nor guess."""
        assignment = SHIPPED.assignment(name)
        text = next(file.text for file in released(SHIPPED, assignment) if file.target.suffix == ".ipynb")
        assert not re.search(r"rubric|model answer|BEGIN SOLUTION", text, re.IGNORECASE)
        assert text.count("YOUR ANSWER HERE") == 1
        assert text.count("raise NotImplementedError()") == 1

    @pytest.mark.parametrize("name", NAMES)
    def test_anchors(self, name):
        """Where a misconception says to read on, there is something to read."""
        assignment = SHIPPED.assignment(name)
        text = (SHIPPED.root / "solutions" / name / assignment.notebook).read_text()
        anchors = {f"{assignment.notebook}#{anchor}" for anchor in re.findall(r'<a id=\\"([\w-]+)\\"></a>', text)}
        assert {variant.see for variant in misconceptions(SHIPPED, assignment) if variant.see} <= anchors

    @pytest.mark.parametrize("state", ["reference", "stub"])
    @pytest.mark.parametrize("name", NAMES)
    def test_runs(self, tmp_path, monkeypatch, name, state):
        """From a clean kernel, top to bottom: all points and figures with the reference, no error with the stub."""
        nbclient = pytest.importorskip("nbclient")
        nbformat = pytest.importorskip("nbformat")
        pytest.importorskip("ipykernel")
        pytest.importorskip("matplotlib")
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
        assignment = SHIPPED.assignment(name)
        folder = tmp_path / "assignments" / name
        folder.mkdir(parents=True)
        shutil.copy(SHIPPED.root / "course.toml", tmp_path)
        (tmp_path / "tests").mkdir()
        (tmp_path / "tests" / name).symlink_to(SHIPPED.root / "tests" / name)
        if state == "reference":
            shutil.copy(SHIPPED.root / "solutions" / name / assignment.module, folder)
            shutil.copy(SHIPPED.root / "solutions" / name / assignment.notebook, folder)
        else:
            for file in released(SHIPPED, assignment):
                (folder / file.target.name).write_text(file.text)
        notebook = nbformat.read(folder / assignment.notebook, 4)
        resources = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
        points, figures, stderr, explained = self.outcome(notebook)
        assert stderr == []
        if state == "reference":
            assert points == {
                exercise.name: exercise.points for exercise in assignment.exercises if not exercise.written
            }
            assert figures == EXPERIMENTS[name]
        else:
            assert set(points.values()) == {0.0}
            assert figures == 0
            assert explained >= EXPERIMENTS[name]

    def outcome(self, notebook) -> tuple[dict[str, float], int, list[str], int]:
        """Points by grade cell, as nbgrader reads them, figures, what went to stderr, and explained experiments."""
        points, figures, stderr, explained = {}, 0, [], 0
        for each in notebook.cells:
            for output in each.get("outputs", []):
                if output.output_type == "execute_result":
                    points[each.metadata.nbgrader.grade_id] = float(output.data["text/plain"])
                elif output.output_type == "stream":
                    stderr += [output.text] if output.name == "stderr" else []
                    explained += output.text.count("This experiment needs")
                else:
                    figures += "image/png" in output.data
        return points, figures, stderr, explained
