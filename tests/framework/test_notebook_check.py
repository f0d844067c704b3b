"""`check` in a notebook: what the student has is judged, feedback is shown, and the points come back as a float."""

import re
import shutil
import sys
import types

import pytest

from autograder import place as places
from autograder.course import load_course
from autograder.feedback.html import Safe, exercise_html, tag
from autograder.feedback.picture import parse_array, picture
from autograder.grading import result as results
from autograder.notebook import check, data_file, experiment, load_module
from autograder.notebook import show as showing
from autograder.notebook.show import Feedback
from autograder.release import release
from autograder.scaffold import new_assignment

TESTS = '''\
"""What is asked."""

from autograder.kit import arrays, check_close, exercise, given, stand_in

from . import oracle

stand_in("double", double=oracle.double)


@exercise("double", examples=8)
@given(x=arrays("N", layouts=False))
def test_double(submission, x):
    """Every entry is doubled."""
    check_close(submission.double(x), oracle.double(x))


@exercise("double", examples=4)
@given(x=arrays("N M", layouts=False))
def test_matrix(submission, x):
    """Matrices are doubled too."""
    check_close(submission.double(x), oracle.double(x))


@exercise("quadruple", examples=8)
@given(x=arrays("N", layouts=False))
def test_quadruple(submission, x):
    """Every entry is doubled twice."""
    check_close(submission.quadruple(x), 4 * oracle.double(x) / 2)
'''

ORACLE = '''\
"""What is right."""


def double(x):
    return 2.0 * x
'''

MODULE = '''\
"""Doubling."""


def double(x):
    """Double every entry."""
    ### BEGIN SOLUTION
    return x * 2
    ### END SOLUTION


def quadruple(x):
    """Double twice."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION
'''

RIGHT = re.sub(r" *### .*\n", "", MODULE)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with one assignment, released."""
    root = tmp_path_factory.mktemp("course")
    (root / "course.toml").write_text('[course]\nid = "small"\ntitle = "Small"\n')
    new_assignment(root, "doubling")
    toml = (root / "course.toml").read_text().replace('"row-sums", points = 2', '"double", points = 3')
    toml = toml.replace('    { name = "doubling-w', '    { name = "quadruple", points = 2 },\n    { name = "doubling-w')
    (root / "course.toml").write_text(toml)
    (root / "solutions/doubling/doubling.py").write_text(MODULE)
    (root / "tests/doubling/test_doubling.py").write_text(TESTS)
    (root / "tests/doubling/oracle.py").write_text(ORACLE)
    course = load_course(root)
    release(course, course.assignment("doubling"))
    return root


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    """A student's folder in a course of the test's own, which is where the notebook runs."""
    shutil.copytree(made, tmp_path / "course", ignore=shutil.ignore_patterns("solutions"))
    folder = tmp_path / "course/assignments/doubling"
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """What was shown, in place of a notebook's output."""
    feedback: list[Feedback] = []
    monkeypatch.setattr("autograder.notebook.judge.show", feedback.append)
    return feedback


@pytest.fixture(autouse=True)
def notebook(monkeypatch):
    """Run cells in a namespace like a notebook's."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    before = set(sys.modules)
    cells = []

    def cell(source: str) -> None:
        cells.append(source)
        exec(compile(source, f"/kernel/{len(cells)}.py", "exec"), vars(main))

    yield cell
    for name in set(sys.modules) - before:
        if name == "doubling":
            del sys.modules[name]


def html(feedback: Feedback) -> str:
    """The feedback as a notebook shows it."""
    return feedback._repr_html_()


class TestPoints:
    """What `check` returns."""

    def test_right(self, folder, shown):
        """A right exercise earns all of its points, as a plain float."""
        (folder / "doubling.py").write_text(RIGHT)
        earned = check("double")
        assert (earned, type(earned)) == (3.0, float)
        assert "3 of 3 points" in html(shown[0])

    def test_untouched(self, folder, shown):
        """The untouched stub earns nothing, raises nothing, and says in a friendly way what to do."""
        assert check("double") == 0.0
        assert "Write it in doubling.py, save the file, and run this cell again." in html(shown[0])
        assert "not written yet" in repr(shown[0])

    def test_partly(self, folder, shown):
        """Half of the tests earn half of the points."""
        (folder / "doubling.py").write_text(RIGHT.replace("x * 2", "x * 2 if x.ndim == 1 else x"))
        assert check("double") == 1.5
        assert "Matrices are doubled too." in html(shown[0])

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("dubble", "did you mean 'double'?"),
            ("doubling-written", "a person reads and grades it"),
        ],
    )
    def test_names(self, folder, shown, name, says):
        """A misspelt name and a written question are told, not raised."""
        assert check(name) == 0.0
        assert says in repr(shown[0])

    @pytest.mark.parametrize(
        ("source", "says"),
        [
            ("def double(x:\n", "is not valid Python"),
            ("import torch_of_the_future\n", "cannot be imported"),
            ("raise SystemExit\n", "SystemExit"),
            ("x = '\x00'\n", "NUL bytes"),
            ("def double(x): return\n", "None (is a return missing?)"),
            ("def double(x): raise KeyError(x)\n", "KeyError"),
            ("def double(x): import sys; sys.exit(3)\n", "SystemExit"),
            ("double = 3\n", "TypeError"),
            ("def double(x): x += x; return x\n", "modified"),
        ],
    )
    def test_mistakes_raise_nothing(self, folder, shown, source, says):
        """Whatever a student writes is told and worth nothing."""
        (folder / "doubling.py").write_text(source)
        assert check("double") == 0.0
        assert says in repr(shown[0])
        assert says.replace("'", "&#x27;") in html(shown[0])

    def test_no_file(self, folder, shown):
        """A module that is not there is an exercise not written."""
        (folder / "doubling.py").unlink()
        assert check("double") == 0.0
        assert "not written yet" in repr(shown[0])

    def test_broken_tests(self, folder):
        """Broken tests are the grader's fault and not hidden."""
        (folder.parents[1] / "tests/doubling/oracle.py").write_text("def double(x): return x.nonsense\n")
        with pytest.raises(Exception, match="nonsense"):
            check("double")

    def test_stderr(self, folder, capfd):
        """Nothing goes to stderr, for which nbgrader would take all points away; what is printed is seen."""
        (folder / "doubling.py").write_text(
            "import sys, warnings\nprint('hello')\n"
            + RIGHT.replace("return x * 2", "print('help', file=sys.stderr); warnings.warn('x'); return x * 2")
        )
        assert check("double") == 3.0
        out, err = capfd.readouterr()
        assert err == ""
        assert "hello" in out
        assert "help" in out


class TestNamespace:
    """The notebook's definitions go before the file's."""

    def test_notebook_first(self, folder, notebook, shown):
        """A function of the notebook is judged in place of the file's, and this is said."""
        (folder / "doubling.py").write_text(RIGHT)
        notebook("def double(x):\n    return x * 3\n")
        assert check("double") == 0.0
        assert "as this notebook has it" in html(shown[0])
        assert "import double" not in html(shown[0])

    def test_no_file_needed(self, folder, notebook):
        """Everything may stand in the notebook."""
        (folder / "doubling.py").unlink()
        notebook("def double(x):\n    return 2 * x\n")
        notebook("def quadruple(x):\n    return double(double(x))\n")
        assert (check("double"), check("quadruple")) == (3.0, 2.0)

    def test_both(self, folder, notebook):
        """A function of the notebook can use the file's, and one of the file the notebook's."""
        (folder / "doubling.py").write_text(RIGHT.replace("return double(double(x))", "raise NotImplementedError"))
        notebook("def quadruple(x):\n    return double(double(x))\n")
        assert check("quadruple") == 2.0
        assert "double" not in vars(sys.modules["__main__"])
        (folder / "doubling.py").write_text(RIGHT.replace("return x * 2", "raise NotImplementedError"))
        notebook("del quadruple\ndef double(x):\n    return 2 * x\n")
        assert check("quadruple") == 2.0

    def test_imported_is_not_defined(self, folder, notebook):
        """What was imported from the file before an edit does not hide the edit."""
        (folder / "doubling.py").write_text(RIGHT.replace("x * 2", "x * 3"))
        sys.path.insert(0, str(folder))
        try:
            notebook("from doubling import double\n")
        finally:
            sys.path.remove(str(folder))
        assert check("double") == 0.0
        (folder / "doubling.py").write_text(RIGHT)
        assert check("double") == 3.0

    def test_edited(self, folder):
        """The file is read anew each time, even if it changes within the clock's grain."""
        for source, points in ((RIGHT, 3.0), (RIGHT.replace("x * 2", "x * 5"), 0.0), (RIGHT, 3.0)):
            (folder / "doubling.py").write_text(source)
            assert check("double") == points

    def test_independence(self, folder, notebook):
        """A wrong `double` costs its own points and not those of `quadruple`, in the file and in the notebook."""
        (folder / "doubling.py").write_text(RIGHT.replace("x * 2", "x * 3"))
        assert (check("double"), check("quadruple")) == (0.0, 2.0)
        notebook("def double(x):\n    return x - 1\n\ndef quadruple(x):\n    return double(double(x))\n")
        assert (check("double"), check("quadruple")) == (0.0, 2.0)
        assert vars(sys.modules["__main__"])["double"](3) == 2

    def test_line(self, folder, notebook, shown):
        """An exception is placed where it was raised: in the notebook or in the file."""
        notebook("def double(x):\n    y = x\n    return y.oops\n")
        check("double")
        assert "this notebook, line 3, in double" in html(shown[0])
        (folder / "doubling.py").write_text("def double(x):\n    return x.oops\n")
        notebook("del double")
        check("double")
        assert "doubling.py, line 2, in double" in html(shown[1])


class TestPlaces:
    """The notebook finds its assignment, course and tests."""

    def test_elsewhere_in_the_course(self, folder, monkeypatch):
        """Nbgrader grades in autograded/<student>/<assignment>."""
        other = folder.parents[1] / "autograded/ada/doubling"
        other.mkdir(parents=True)
        (other / "doubling.py").write_text(RIGHT)
        monkeypatch.chdir(other)
        assert check("double") == 3.0

    def test_another_folder_name(self, folder, monkeypatch):
        """A folder with another name is known by the files in it."""
        other = folder.parents[1] / "my homework"
        shutil.copytree(folder, other)
        (other / "doubling.py").write_text(RIGHT)
        monkeypatch.chdir(other)
        assert check("double") == 3.0

    def test_only_the_folder(self, folder, tmp_path, monkeypatch):
        """A released folder has its tests in it, and what its exercises are worth."""
        other = tmp_path / "download/homework"
        shutil.copytree(folder, other)
        (other / "doubling.py").write_text(RIGHT)
        monkeypatch.chdir(other)
        assert check("double") == 3.0

    def test_lost(self, folder, tmp_path, monkeypatch, shown):
        """Where nothing can be found, it is said what to do."""
        monkeypatch.chdir(tmp_path)
        assert check("double") == 0.0
        assert "there is no course.toml here" in repr(shown[0])
        shutil.rmtree(folder.parents[1] / "tests")
        monkeypatch.chdir(folder)
        assert check("double") == 0.0
        assert "the tests of doubling are not here" in repr(shown[1])

    def test_tests_are_loaded_once(self, folder, monkeypatch):
        """The tests are loaded once and again when they change; other exercises are not drawn."""
        (folder / "doubling.py").write_text(RIGHT)
        suites = []
        real = places.load_tests
        monkeypatch.setattr(places, "load_tests", lambda path: suites.append(path) or real(path))
        assert [check("double"), check("double")] == [3.0, 3.0]
        assert len(suites) == 1
        suite = places.suite_at(places.find_place(folder))
        assert "examples" not in vars(suite.tests["quadruple"][0])
        (folder.parents[1] / "tests/doubling/oracle.py").write_text(ORACLE.replace("2.0 * x", "3.0 * x"))
        assert check("double") == 0.0
        assert len(suites) == 2


class TestKernel:
    """In a real kernel, as nbgrader runs it."""

    def test_partial_credit(self, folder):
        """Each cell gives its points as nbgrader reads them; the feedback is there as HTML and as text."""
        nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
        utils = pytest.importorskip("nbgrader.utils")
        pytest.importorskip("ipykernel")
        (folder / "doubling.py").write_text(RIGHT.replace("x * 2", "x * 2 if x.ndim == 1 else x"))
        new, role = nbformat.v4, {"schema_version": 3, "grade": True, "solution": False, "locked": True}
        cells = [
            new.new_code_cell("from autograder.notebook import check"),
            *(
                new.new_code_cell(
                    f'check("{name}")', metadata={"nbgrader": role | {"grade_id": name, "points": points}}
                )
                for name, points in (("double", 3), ("quadruple", 2), ("nonsense", 1))
            ),
        ]
        resources = {"metadata": {"path": str(folder)}}
        notebook = new.new_notebook(cells=cells)
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
        assert [utils.determine_grade(cell) for cell in notebook.cells[1:]] == [(1.5, 3), (2.0, 2), (0.0, 1)]
        shown, value = notebook.cells[1].outputs
        assert value.data["text/plain"] == "1.5"
        assert shown.output_type == "display_data"
        assert "1.5 of 3 points" in shown.data["text/html"]
        assert "1.5 of 3 points" in shown.data["text/plain"]


class TestModule:
    """`load_module` and `data_file`."""

    def test_never_stale(self, folder, notebook):
        """It gives the file's functions as they are now, and the notebook's before them."""
        module = load_module()
        (folder / "doubling.py").write_text(RIGHT)
        assert module.double(4) == 8
        (folder / "doubling.py").write_text(RIGHT.replace("x * 2", "x * 20"))
        assert module.double(4) == 80
        notebook("def double(x):\n    return 'mine'\n")
        assert module.double(4) == "mine"
        assert "doubling.py" in repr(module)
        assert not hasattr(module, "__wrapped__")

    def test_data(self, folder):
        """Data stand beside the notebook or beside the tests."""
        assert data_file("numbers.npz") == folder.parents[1] / "tests/doubling/numbers.npz"
        (folder / "numbers.npz").write_text("")
        assert data_file("numbers.npz") == folder / "numbers.npz"


class TestExperiment:
    """An experiment explains itself instead of crashing."""

    @pytest.mark.parametrize(
        ("cell", "says"),
        [
            ("module.double(3)", "This experiment needs double of doubling.py: write it first"),
            ("module.treble(3)", "This experiment needs treble of doubling.py"),
            ("guess()", "This experiment needs guess, in this notebook"),
            ("later + 1", "This experiment needs later, which an earlier cell makes"),
            ("1 / 0", "ZeroDivisionError: division by zero"),
        ],
    )
    def test_told(self, folder, notebook, capsys, cell, says):
        """What is missing is named, and no exception comes out."""
        notebook("from autograder.notebook import experiment, load_module\nmodule = load_module()")
        notebook("def guess():\n    raise NotImplementedError\n")
        notebook(f"with experiment():\n    {cell}\nafterwards = True")
        assert says in capsys.readouterr().out
        assert vars(sys.modules["__main__"])["afterwards"]

    def test_lines(self, folder, notebook, capsys):
        """An error of another kind is told with the student's lines that it came through."""
        (folder / "doubling.py").write_text("def double(x):\n    return x.oops\n")
        notebook("from autograder.notebook import experiment, load_module\nmodule = load_module()")
        notebook("with experiment():\n    module.double(3)\n")
        said = capsys.readouterr().out
        assert "AttributeError: 'int' object has no attribute 'oops'" in said
        assert "this notebook, line 2\n    doubling.py, line 2, in double" in said

    def test_syntax(self, folder, capsys):
        """A file that is no Python is named with the line."""
        (folder / "doubling.py").write_text("x = 1\ndef double(x:\n")
        with experiment():
            _ = load_module().double
        assert "doubling.py is not valid Python" in capsys.readouterr().out

    def test_interrupt(self):
        """An interrupt is let through."""
        with pytest.raises(KeyboardInterrupt), experiment():
            raise KeyboardInterrupt

    def test_figures(self, monkeypatch):
        """Figures that were begun are closed, others are left."""
        closed = []
        pyplot = types.SimpleNamespace(numbers=[1], get_fignums=lambda: pyplot.numbers, close=closed.append)
        monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
        with experiment():
            pyplot.numbers = [1, 2]
            raise NotImplementedError
        assert closed == [2]


NASTY = "<img src=x onerror=alert(1)> & \"quoted\" 'too'"


class TestHtml:
    """Feedback is made of the Result alone, and whatever a student wrote is escaped."""

    def test_everything_is_escaped(self):
        """No field of a Result gets into the page as markup."""
        failure = results.Failure("raised", *[NASTY] * 8)
        test = results.TestResult(NASTY, NASTY, "failed", 1.0, 0.0, failure, NASTY)
        exercise = results.ExerciseResult(NASTY, 0.0, 2.0, "failed", (test, test))
        made = exercise_html(exercise, filename=NASTY, advice=NASTY)
        assert "<img" not in made
        assert '"quoted"' not in made
        assert made.count("&lt;img") >= 10

    def test_hidden(self):
        """Of a hidden exercise only the outcome is shown."""
        failure = results.Failure("value", "wrong", code="secret()", expected="42", got="41")
        test = results.TestResult("t", "title", "failed", 1.0, 0.0, failure)
        made = exercise_html(results.ExerciseResult("x", 0.0, 1.0, "failed", (test,), hidden=True), filename="x.py")
        assert "secret" not in made
        assert "42" not in made
        assert "not shown" in made

    def test_tag(self):
        """Children are escaped unless they are markup of our own."""
        assert tag("b", "<", Safe("<i>"), style='a"b') == '<b style="a&quot;b">&lt;<i></b>'

    def test_show_outside_jupyter(self, capsys):
        """Without a notebook, feedback is printed."""
        showing.show(Feedback.sentence("hello"))
        assert capsys.readouterr().out == "hello\n"


class TestPicture:
    """A small picture of how arrays differ."""

    @pytest.mark.parametrize(
        ("text", "parsed"),
        [
            ("[1. 2.]", ((2,), [1.0, 2.0])),
            ("[[1 2 3]\n [4 5 6]]", ((2, 3), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
            ("[]", ((0,), [])),
            ("[nan -inf]", None),
            ("[1. 2. ... 3.]", None),
            ("[[1 2]\n [3]]", None),
            ("(1, 2)", None),
            ("3.5", None),
            ("[1 'a']", None),
            ("[1 2]]", None),
            ("", None),
        ],
    )
    def test_parse(self, text, parsed):
        """Arrays are read as NumPy prints them, and nothing else is."""
        found = parse_array(text)
        if text == "[nan -inf]":
            assert found is not None
            assert found[0] == (2,)
        else:
            assert found == parsed

    def test_points(self):
        """Vectors are drawn as points, a ring and a cross for each entry."""
        drawn = picture("[1. 2. 3.]", "[1. nan -7.]")
        assert drawn.count("<circle") == 3
        assert "expected" in drawn
        assert "nan" not in drawn

    def test_grid(self):
        """Matrices are drawn as a grid in which wrong entries stand out."""
        drawn = picture("[[1 2]\n [3 4]]", "[[1 2]\n [3 5]]")
        assert drawn.count("<rect") == 4
        assert drawn.count('fill-opacity="0.85"') == 1

    def test_shapes(self):
        """Arrays of different shapes are drawn as outlines."""
        assert picture("[[1 2 3]\n [3 4 5]]", "[1 2 3]").count("<rect") == 9

    @pytest.mark.parametrize(("due", "came"), [("1.5", "2.5"), ("[1. 2.]", ""), ("[[[1]]]", "[[[2]]]"), ("[1]", "[2]")])
    def test_none(self, due, came):
        """Where a picture would not help there is none."""
        assert picture(due, came) == ""
