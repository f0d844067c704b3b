"""The graded tests under plain pytest, in a process as a student starts it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ORDINARY = '''\
"""Tests that have nothing to do with the graded ones."""

import pytest


@pytest.fixture
def number():
    return 7


@pytest.mark.parametrize("factor", [1, 2])
def test_ordinary(number, factor):
    assert number * factor in (7, 14)


class TestInClass:
    def test_method(self):
        assert True
'''


@pytest.fixture
def tested(course_root, right):
    """Write the student's copy, run pytest on the course, and give its exit code and what it printed."""

    def run(source: str = right, *arguments: str, keys: str = "") -> tuple[int, str]:
        path = course_root / "assignments" / "areas" / "areas.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PY", "AUTOGRADER"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", *(arguments or ("tests/areas",))],
            cwd=course_root, env=environment | {"COLUMNS": "100"}, input=keys,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def counts(output: str) -> dict[str, int]:
    """Return what pytest counts in its last line."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|deselected|error)", output)}


class TestVerdicts:
    """The same verdicts as everywhere."""

    def test_right(self, tested):
        """All pass on a right module."""
        code, output = tested()
        assert code == 0, output
        assert counts(output) == {"passed": 7}

    def test_wrong(self, tested, right):
        """A mistake fails with the feedback for a text: property, counterexample, values; no traceback of ours."""
        code, output = tested(f"{right}\n\ndef area(a, b): return a + b\n")
        assert code == 1
        assert counts(output) == {"failed": 2, "passed": 5}
        assert "✗ area: Each entry is the product of the two sides." in output
        assert "from areas import area" in output
        assert re.search(r"expected .*\n? +got ", output)
        assert "pytest_plugin.py" not in output

    def test_stub(self, tested):
        """A stub fails in every test, and says why."""
        stub = "".join(f"def {name}(*a, **k): raise NotImplementedError\n" for name in ("area", "mean", "scaled"))
        code, output = tested(stub + "class Counter:\n    def __init__(self, start=0): raise NotImplementedError\n")
        assert code == 1
        assert counts(output) == {"failed": 7}
        assert output.count("NotImplementedError") >= 7

    def test_waiting(self, tested, right):
        """A test that waits for another exercise is skipped, and says for which."""
        source = f"{right}\n\ndef area(a, b): return None\n".replace("self.count = start", "self.count = -1")
        _, output = tested(source, "tests/areas", "-rs")
        assert counts(output) == {"failed": 3, "passed": 3, "skipped": 1}
        assert "needs area" in output

    def test_second_chance(self, tested, right):
        """What is right but for another exercise passes here too."""
        _, output = tested(f"{right}\n\ndef mean(x): return np.sum(x)\n")
        assert counts(output) == {"failed": 1, "passed": 6}

    def test_does_not_load(self, tested):
        """A module that cannot be loaded fails every test with the reason, and is no internal error."""
        code, output = tested("def area(:\n")
        assert code == 1
        assert counts(output) == {"failed": 7}
        assert "areas.py is not valid Python" in output
        assert "INTERNALERROR" not in output

    def test_missing(self, tested, course_root):
        """So does one that is not there."""
        tested()
        (course_root / "assignments" / "areas" / "areas.py").unlink()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/areas"],
            cwd=course_root, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert counts(done.stdout) == {"failed": 7}
        assert "areas.py is not there" in done.stdout

    def test_reference(self, tested):
        """`--reference` runs them on the solutions."""
        _, output = tested("", "tests/areas", "--reference")
        assert counts(output) == {"passed": 7}


class TestSelecting:
    """pytest's own ways to select."""

    def test_exercise(self, tested):
        """`-k` takes the name of an exercise."""
        _, output = tested("", "tests/areas", "--reference", "-k", "scaled")
        assert counts(output) == {"passed": 2, "deselected": 5}

    def test_test(self, tested):
        """And that of a test."""
        _, output = tested("", "tests/areas", "--reference", "-k", "test_mean")
        assert counts(output) == {"passed": 1, "deselected": 6}

    def test_file_and_node(self, tested):
        """A file or one of its tests can be named."""
        _, output = tested("", "tests/areas/test_areas.py::test_mean", "--reference", "-v")
        assert counts(output) == {"passed": 1}
        assert "test_areas.py::test_mean PASSED" in output

    def test_first_failure(self, tested, right):
        """`-x` ends at the first failure."""
        _, output = tested(f"{right}\n\ndef area(a, b): return a + b\n", "tests/areas", "-x")
        assert counts(output)["failed"] == 1


class TestStudentsTools:
    """What students look at their code with."""

    def test_print(self, tested, right):
        """What a failing test's code prints is shown with it."""
        source = f"{right}\n\ndef area(a, b):\n    print('shape is', a.shape)\n    return a + b\n"
        _, output = tested(source)
        assert "shape is (" in output

    def test_breakpoint(self, tested, right):
        """`breakpoint()` stops in the student's own line, where the arguments can be looked at, and `c` goes on."""
        source = right.replace(
            "    return np.sum(x) / np.size(x)",
            "    if _stop:\n        _stop.pop()\n        breakpoint()\n    return np.sum(x) / np.size(x)",
        )
        keys = "p 'ndim', x.ndim\nw\nc\n"
        code, output = tested("_stop = [1]\n" + source, "tests/areas", "-s", "-k", "test_mean", keys=keys)
        assert "(Pdb)" in output
        assert "('ndim', 2)" in output
        assert "return np.sum(x) / np.size(x)" in output
        assert code == 0, output
        assert counts(output)["passed"] == 1

    def test_breakpoint_in_what_fails(self, tested, right):
        """A test that fails is run again among the others, where nobody is asked a second time."""
        body = "    if _stop:\n        _stop.pop()\n        breakpoint()\n    return 0.0"
        source = right.replace("    return np.sum(x) / np.size(x)", body)
        code, output = tested("_stop = [1]\n" + source, "tests/areas", "-s", "-k", "test_mean", keys="c\n")
        assert code == 1, output
        assert counts(output)["failed"] == 1
        assert output.count("(Pdb)") == 1

    def test_quitting_the_debugger(self, tested, right):
        """`q` ends the run."""
        source = right.replace("    return a * b", "    breakpoint()\n    return a * b")
        code, output = tested(source, "tests/areas", "-s", keys="q\n")
        assert code == 2, output
        assert "INTERNALERROR" not in output


class TestNeighbours:
    """Ordinary tests in the same tree are pytest's alone."""

    def test_together(self, tested, course_root):
        """Fixtures, parameters, classes and assertions work beside graded tests, each collected once."""
        folder = course_root / "tests" / "own"
        folder.mkdir()
        (folder / "test_own.py").write_text(ORDINARY)
        (course_root / "tests" / "test_top.py").write_text(ORDINARY)
        (course_root / "test_root.py").write_text(ORDINARY)
        code, output = tested("", "--import-mode=importlib", "--reference", ".")
        assert code == 0, output
        assert counts(output) == {"passed": 7 + 3 * 3}

    def test_elsewhere(self, tmp_path):
        """Without a course nothing changes."""
        (tmp_path / "tests" / "areas").mkdir(parents=True)
        (tmp_path / "tests" / "areas" / "test_own.py").write_text(ORDINARY)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", "-W", "error"],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert counts(done.stdout) == {"passed": 3}, done.stdout

    def test_unsound_course(self, tested, course_root):
        """A course that cannot be read is one error in words."""
        toml = course_root / "course.toml"
        toml.write_text(toml.read_text().replace("points = 3", "points = -3"))
        code, output = tested()
        assert code != 0
        assert "positive number" in output
        assert "INTERNALERROR" not in output

    def test_broken_test_file(self, tested, course_root):
        """So is a graded test file that cannot be imported."""
        path = Path(course_root / "tests" / "areas" / "test_areas.py")
        path.write_text("import nowhere_at_all\n")
        code, output = tested()
        assert code != 0
        assert "nowhere_at_all" in output
        assert "INTERNALERROR" not in output
