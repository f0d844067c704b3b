"""How solutions become stubs, and how drift and leaks are found."""

import os
from pathlib import Path

import pytest

from autograder.course import Assignment, Course, load_course
from autograder.errors import GraderError, ReleaseError
from autograder.release import release, release_problems, release_text, released, strip_solutions

SHIPPED = load_course(Path(__file__).parents[2])
WRITTEN = [each for each in SHIPPED.assignments if (SHIPPED.root / "solutions" / each.name / each.module).exists()]

SOLUTION = '''\
"""A module."""

import numpy as np


def relu(z):
    """Let positive numbers pass."""
    ### BEGIN SOLUTION
    mask = z > 0
    return np.where(mask, z, 0.0)
    ### END SOLUTION
'''

STUB = '''\
"""A module."""

import numpy as np


def relu(z):
    """Let positive numbers pass."""
    raise NotImplementedError
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with one solution and nothing released."""
    (tmp_path / "course.toml").write_text(
        '[course]\nid = "x"\ntitle = "X"\n'
        '[assignments.neuron]\ntitle = "N"\nexercises = [{ name = "relu", points = 1 }]\n'
    )
    (tmp_path / "solutions" / "neuron").mkdir(parents=True)
    (tmp_path / "solutions" / "neuron" / "neuron.py").write_text(SOLUTION)
    return load_course(tmp_path)


@pytest.fixture
def neuron(course: Course) -> Assignment:
    """Return the only assignment."""
    return course.assignment("neuron")


@pytest.fixture
def stub(course: Course) -> Path:
    """Return where the stub stands."""
    return course.root / "assignments" / "neuron" / "neuron.py"


def told(course: Course) -> list[tuple[str, int | None, str]]:
    """Return file name, line and reason of everything that is wrong with what is released."""
    found = release_problems(course, course.assignment("neuron"))
    return [(problem.path.name, problem.line, problem.reason) for problem in found]


class TestStrip:
    """What stands between the markers goes away."""

    def test_function(self):
        """In a function a region becomes the raise that a student sees."""
        assert strip_solutions(SOLUTION, "neuron.py") == STUB

    def test_part_of_a_function(self):
        """A region may be a part of a body, at whatever indentation."""
        text = (
            "def f(x):\n    if x:\n        ### BEGIN SOLUTION\n        x = 1\n        ### END SOLUTION\n    return x\n"
        )
        assert (
            strip_solutions(text, "f.py") == "def f(x):\n    if x:\n        raise NotImplementedError\n    return x\n"
        )

    def test_method(self):
        """A method's region is in a function."""
        text = "class A:\n    def f(self):\n        ### BEGIN SOLUTION\n        pass\n        ### END SOLUTION\n"
        assert strip_solutions(text, "f.py") == "class A:\n    def f(self):\n        raise NotImplementedError\n"

    def test_module_level(self):
        """A helper and an import at the module's level go without a trace, so that the stub can be imported."""
        text = (
            "import numpy as np\n### BEGIN SOLUTION\nimport math\n### END SOLUTION\n\n\n"
            "### BEGIN SOLUTION\n@cache\ndef helper():\n    return 1\n### END SOLUTION\n\n\n"
            "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
        )
        assert strip_solutions(text, "f.py") == "import numpy as np\n\n\ndef f():\n    raise NotImplementedError\n"

    def test_class_level(self):
        """So does a method that only the solution has."""
        text = (
            "class A:\n    x = 1\n\n"
            "    ### BEGIN SOLUTION\n    def helper(self):\n        return 1\n    ### END SOLUTION\n\n"
            "    def f(self):\n        pass\n"
        )
        assert strip_solutions(text, "f.py") == "class A:\n    x = 1\n\n    def f(self):\n        pass\n"

    def test_without_regions(self):
        """A text without regions stays as it is."""
        assert strip_solutions("x = 1\n", "f.py") == "x = 1\n"

    @pytest.mark.parametrize(
        ("text", "line", "reason"),
        [
            ("def f():\n    ### BEGIN SOLUTION\n    return 1\n", 2, "begins a solution that never ends"),
            ("def f():\n    return 1\n    ### END SOLUTION\n", 3, "ends a solution that has not begun"),
            (
                "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n",
                3,
                "begins a solution inside the one of line 2",
            ),
            (
                "def f():\n    ### BEGIN SOLUTION\n    return 1\n### END SOLUTION\n",
                4,
                "is indented otherwise than its ### BEGIN SOLUTION in line 2",
            ),
            ("def f():\n    ## BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n", 2, "is nearly a marker"),
            ("def f():\n    ### begin solution\n    return 1\n", 2, "is nearly a marker"),
            ("def f():\n    return 1  ### BEGIN SOLUTION\n", 2, "is nearly a marker"),
            (
                "def f():\n    ### BEGIN SOLUTION\n    # nothing\n    ### END SOLUTION\n    return 1\n",
                2,
                "holds no statement",
            ),
            (
                "def f(x):\n### BEGIN SOLUTION\n    return 1\n### END SOLUTION\n",
                2,
                "is not at the indentation of its solution",
            ),
            (
                "def f(x):\n    ### BEGIN SOLUTION\n    if x:\n        y = 1\n    ### END SOLUTION\n        z = 2\n",
                5,
                "cuts through the statement of line 3",
            ),
            (
                "class A:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n",
                2,
                "is no Python once its solutions",
            ),
            (
                "@cache\n### BEGIN SOLUTION\ndef f():\n    return 1\n### END SOLUTION\ndef g():\n    pass\n",
                2,
                "is not at the indentation of its solution",
            ),
            ("def f(:\n", 1, "is no Python: "),
        ],
    )
    def test_wrong(self, text, line, reason):
        """What cannot be stripped safely is refused, with file and line."""
        with pytest.raises(ReleaseError) as caught:
            strip_solutions(text, "neuron.py")
        found = [(problem.path.name, problem.line) for problem in caught.value.problems]
        assert ("neuron.py", line) in found or reason.startswith("is no Python once")
        assert reason in str(caught.value)

    def test_all_at_once(self):
        """Every wrong marker is told."""
        text = "def f():\n    ### END SOLUTION\n    ##BEGIN SOLUTION\n    pass\n    ### BEGIN SOLUTION\n    pass\n"
        with pytest.raises(ReleaseError) as caught:
            strip_solutions(text, "f.py")
        assert [problem.line for problem in caught.value.problems] == [2, 3, 5]


class TestRelease:
    """The stub is written from the solution."""

    def test_writes(self, course, neuron, stub):
        """What was not there is written, and told."""
        assert release(course, neuron) == [stub]
        assert stub.read_text() == STUB == release_text(course, neuron)

    def test_unchanged(self, course, neuron, stub):
        """What is up to date is left alone."""
        release(course, neuron)
        before = stub.stat()
        assert release(course, neuron) == []
        assert stub.stat().st_ino == before.st_ino

    def test_again(self, course, neuron, stub):
        """What drifted is written anew, and no other file is left behind."""
        stub.parent.mkdir(parents=True)
        stub.write_text("old")
        assert release(course, neuron) == [stub]
        assert [path.name for path in stub.parent.iterdir()] == ["neuron.py"]

    def test_full_disk(self, course, neuron, stub, monkeypatch):
        """A write that fails leaves the old stub, nothing else, and is the grader's failure."""
        stub.parent.mkdir(parents=True)
        stub.write_text("old")

        def full(_file: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(
            GraderError, match=r"neuron\.py could not be written: No space left on device; it is as it was"
        ):
            release(course, neuron)
        assert [(path.name, path.read_text()) for path in stub.parent.iterdir()] == [("neuron.py", "old")]

    def test_no_solution(self, course, neuron):
        """A solution that is not there is told."""
        (course.root / "solutions" / "neuron" / "neuron.py").unlink()
        with pytest.raises(ReleaseError, match=r"neuron\.py: is not there; write the reference solution there"):
            release(course, neuron)

    def test_no_utf8(self, course, neuron):
        """A solution in another encoding is told."""
        (course.root / "solutions" / "neuron" / "neuron.py").write_bytes(b"# \xff")
        with pytest.raises(ReleaseError, match="is not UTF-8 text; save it as UTF-8"):
            release(course, neuron)


class TestProblems:
    """What is released is compared with its solution."""

    def test_none(self, course, neuron):
        """What was just released is sound."""
        release(course, neuron)
        assert told(course) == []

    def test_missing(self, course):
        """A stub that is not there is told."""
        assert told(course) == [("neuron.py", None, "is not there; run `autograder release neuron`")]

    def test_drift(self, course, neuron, stub):
        """A stub that differs is told with the first line that does."""
        release(course, neuron)
        stub.write_text(STUB.replace("Let positive", "Let all"))
        reason = "differs from what neuron.py gives; run `autograder release neuron`"
        assert told(course) == [("neuron.py", 7, reason)]

    def test_shorter(self, course, neuron, stub):
        """A stub that lacks its end is told."""
        release(course, neuron)
        stub.write_text("".join(STUB.splitlines(keepends=True)[:-1]))
        assert [line for _, line, _ in told(course)] == [8]

    def test_no_region(self, course, neuron):
        """A solution in which nothing is marked would be given away whole."""
        (course.root / "solutions" / "neuron" / "neuron.py").write_text("x = 1\n")
        release(course, neuron)
        assert told(course) == [("neuron.py", None, "has no solution region, so students would get all of it")]

    def test_bad_solution(self, course):
        """A solution that cannot be stripped is a problem like others, and no exception."""
        (course.root / "solutions" / "neuron" / "neuron.py").write_text("### BEGIN SOLUTION\n")
        assert [line for _, line, _ in told(course)] == [1]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("copy.py", "# one\n  return np.where(mask,  z, 0.0)  # two\n"),
            ("neuron.ipynb", '{\n"source": ["    return np.where(mask, z, 0.0)\\n"]}'),
            ("deep/notes.md", "The answer:\n`return np.where(mask, z, 0.0)`\n"),
            (".hidden", "\nreturn np.where(mask, z, 0.0)\n"),
        ],
    )
    def test_leak(self, course, neuron, stub, name, text):
        """A line of the solution is found in any file, with its place."""
        release(course, neuron)
        path = stub.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        assert told(course) == [(path.name, 2, "holds a line of the solution: return np.where(mask, z, 0.0)")]

    def test_quoted_leak(self, course, neuron, stub):
        """A line with quotation marks is found in a notebook too."""
        solution = course.root / "solutions" / "neuron" / "neuron.py"
        solution.write_text(SOLUTION.replace("return np.where(mask, z, 0.0)", 'return table["relu"](z)'))
        release(course, neuron)
        (stub.parent / "neuron.ipynb").write_text('{"source": "return table[\\"relu\\"](z)"}')
        assert told(course) == [("neuron.ipynb", 1, 'holds a line of the solution: return table["relu"](z)')]

    def test_marker(self, course, neuron, stub):
        """A file that was released by hand, with its markers, is found."""
        release(course, neuron)
        (stub.parent / "neuron.ipynb").write_text('["### BEGIN SOLUTION"]')
        assert told(course) == [("neuron.ipynb", 1, "holds a solution marker; release it anew")]

    def test_common_lines(self, course, neuron, stub):
        """Lines that anybody would write, and lines of the stub itself, are no leak."""
        common = "    from math import exp, log\n    for i in range(3):\n        pass\n"
        text = SOLUTION.replace("    mask = z > 0\n", common).replace(
            "import numpy as np\n", "from math import exp, log\n"
        )
        (course.root / "solutions" / "neuron" / "neuron.py").write_text(text)
        release(course, neuron)
        (stub.parent / "use.py").write_text("from math import exp, log\nfor i in range(3):\n    pass\n")
        assert told(course) == []


class TestShipped:
    """The course that ships with the project is released as its solutions say."""

    @pytest.mark.parametrize("assignment", WRITTEN)
    def test_no_problems(self, assignment):
        """Stub and solution have not drifted apart, and nothing has leaked."""
        assert [str(problem) for problem in release_problems(SHIPPED, assignment)] == []

    @pytest.mark.parametrize("assignment", WRITTEN)
    def test_stub_is_python(self, assignment):
        """A stub compiles, and raises NotImplementedError where the solution stood."""
        file = released(SHIPPED, assignment)[0]
        compile(file.text, str(file.target), "exec")
        assert "raise NotImplementedError" in file.text


TEST = """
from autograder.kit import check_close, exercise


@exercise("{0}")
def test_{0}(submission):
    "One."
    check_close(submission.{0}(1.0), 1.0)
"""


class TestTests:
    """The tests that students may see stand in the released folder."""

    @pytest.fixture
    def tests(self, course: Course, neuron: Assignment) -> Path:
        """Return where the released tests stand, after a release of one file."""
        (course.root / "tests/neuron").mkdir(parents=True)
        (course.root / "tests/neuron/test_relu.py").write_text(TEST.format("relu"))
        release(course, neuron)
        return course.root / "assignments/neuron/tests"

    def test_released(self, course, neuron, tests):
        """They come with what course.toml says of the assignment."""
        assert sorted(path.name for path in tests.iterdir()) == ["course.toml", "test_relu.py"]
        assert load_course(tests).assignments[0].exercises == neuron.exercises
        assert told(course) == []
        assert release(course, neuron) == []

    def test_drift(self, course, neuron, tests):
        """What differs, lacks or is too much is found, and put right by the next release."""
        (tests / "test_relu.py").write_text("")
        (tests / "course.toml").unlink()
        (tests / "notes").write_text("")
        names = "course.toml, notes, test_relu.py"
        reason = f"is not what the tests of the course give ({names}); run `autograder release neuron`"
        assert told(course) == [("tests", None, reason)]
        assert release(course, neuron) == [tests]
        assert told(course) == []
        assert sorted(path.name for path in tests.iterdir()) == ["course.toml", "test_relu.py"]

    def test_hidden(self, course, tests):
        """A hidden exercise is not in what students get, neither its tests nor its name."""
        toml = (course.root / "course.toml").read_text()
        both = '{ name = "relu", points = 1 }, { name = "secret", points = 2, hidden = true }'
        (course.root / "course.toml").write_text(toml.replace('{ name = "relu", points = 1 }', both))
        (course.root / "tests/neuron/test_secret.py").write_text(TEST.format("secret"))
        course = load_course(course.root)
        release(course, course.assignment("neuron"))
        assert sorted(path.name for path in tests.iterdir()) == ["course.toml", "test_relu.py"]
        syllabus = (tests / "course.toml").read_text()
        assert ("secret" in syllabus, "1 more, for 2 points" in syllabus) == (False, True)
        assert [exercise.name for exercise in load_course(tests).assignments[0].exercises] == ["relu"]
        (course.root / "tests/neuron/test_relu.py").write_text(TEST.format("relu") + TEST.format("secret"))
        with pytest.raises(ReleaseError, match="tests secret, hidden, beside others"):
            release(course, course.assignment("neuron"))

    def test_a_definition_is_no_leak(self, course, neuron, tests):
        """A test may hold the line that a solution holds; a marker is one too many."""
        line = "    return np.where(mask, z, 0.0)"
        path = course.root / "tests/neuron/test_relu.py"
        path.write_text(f"{TEST.format('relu')}\ndef relu(z, mask):\n{line}\n")
        release(course, neuron)
        assert told(course) == []
        path.write_text(f"{TEST.format('relu')}\n### BEGIN SOLUTION\n")
        release(course, neuron)
        assert [reason for _, _, reason in told(course)] == ["holds a solution marker; release it anew"]
