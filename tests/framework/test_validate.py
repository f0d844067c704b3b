"""Is the course sound? Each kind of unsound course is reported with file and place, all at once."""

from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.release import release
from autograder.validate import course_problems


@pytest.fixture
def sound(course_root) -> Path:
    """A course that is sound: its stub is released."""
    course = load_course(course_root)
    release(course, course.assignment("areas"))
    assert problems(course_root) == []
    return course_root


def problems(root: Path) -> list[tuple[str, str, str]]:
    """Return file, key and reason of everything that is wrong."""
    course = load_course(root)
    return [
        (str(problem.path.relative_to(root)), problem.key, problem.reason)
        for assignment in course.assignments
        for problem in course_problems(course, assignment)
    ]


def change(path: Path, before: str, after: str) -> None:
    """Replace a text in a file, where it must stand."""
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


SOLUTION, STUB, TESTS = "solutions/areas/areas.py", "assignments/areas/areas.py", "tests/areas/test_areas.py"


def only(found: list[tuple[str, str, str]]) -> tuple[str, str, str]:
    """Return the one thing that is wrong, beside tests that were changed and not released yet."""
    found = [each for each in found if each[0] != "assignments/areas/tests"]
    assert len(found) == 1, found
    return found[0]


class TestEachKind:
    """One thing wrong at a time."""

    def test_reference_loses_points(self, sound):
        """A reference that fails a test: file, exercise, test and what was said."""
        change(sound / SOLUTION, "return np.sum(x) / np.size(x)", "return np.sum(x)")
        path, key, reason = problems(sound)[0]
        assert (path, key) == (SOLUTION, "mean")
        assert "fails test_mean (It is the sum over the count.)" in reason

    def test_reference_needs_a_second_chance(self, sound):
        """What is right only with another's definition is not named; the one that is wrong is."""
        change(sound / SOLUTION, "return np.sum(x) / np.size(x)", "return np.sum(x)")
        assert {key for _, key, _ in problems(sound)} == {"mean"}

    def test_reference_does_not_load(self, sound):
        """A reference that cannot be loaded."""
        change(sound / SOLUTION, "import numpy as np\n", "import numpy as np\nimport nowhere_at_all\n")
        assert any(path == SOLUTION and "nowhere_at_all" in reason for path, _, reason in problems(sound))

    def test_reference_missing(self, sound):
        """One that is not there."""
        (sound / SOLUTION).unlink()
        found = problems(sound)
        assert any(path == SOLUTION for path, _, _ in found), found

    def test_reference_is_not_python(self, sound):
        """One that is no Python: with its line."""
        change(sound / SOLUTION, "def mean(x):", "def mean(x:")
        assert any(path == SOLUTION for path, _, _ in problems(sound))

    def test_stub_earns_points(self, sound):
        """An untouched stub that earns something."""
        change(
            sound / SOLUTION,
            '    """Give the mean of all entries."""\n    ### BEGIN SOLUTION\n    return np.sum(x) / np.size(x)\n'
            "    ### END SOLUTION\n",
            '    """Give the mean of all entries."""\n    return np.sum(x) / np.size(x)\n',
        )
        course = load_course(sound)
        release(course, course.assignment("areas"))
        assert only(problems(sound)) == (STUB, "mean", "the untouched stub earns 2 points")

    def test_no_test(self, sound):
        """An exercise without a test."""
        change(sound / "course.toml", '    { name = "mean"', '    { name = "new", points = 1 },\n    { name = "mean"')
        assert only(problems(sound)) == ("tests/areas", "new", "has no test; mark one with @exercise")

    def test_written_exercises_need_none(self, sound):
        """A written question has no tests, and that is fine."""
        assert "essay" in (sound / "course.toml").read_text()

    def test_test_of_nothing(self, sound):
        """A test of an exercise that is not in the course."""
        change(sound / TESTS, '@exercise("mean",', '@exercise("maen",')
        path, _, reason = only(problems(sound))
        assert path == TESTS
        assert "no exercise 'maen'" in reason

    def test_no_tests_at_all(self, sound):
        """No test file."""
        (sound / TESTS).unlink()
        path, _, reason = only(problems(sound))
        assert path == "tests/areas"
        assert "no tests" in reason

    def test_broken_test(self, sound):
        """A test that cannot be traced."""
        change(sound / TESTS, "oracle.mean(x))\n", "oracle.meen(x))\n")
        path, _, reason = only(problems(sound))
        assert path.startswith("tests/areas")
        assert "test_areas.py:" in reason
        assert "meen" in reason

    def test_strategy_that_cannot_draw(self, sound):
        """A strategy that makes no sense."""
        change(sound / TESTS, '@given(x=arrays("N M"))', '@given(x=arrays("N=9..2"))')
        path, _, reason = only(problems(sound))
        assert path.startswith("tests/areas")
        assert "N=9..2" in reason

    def test_drift(self, sound):
        """A stub that is not what the solution makes."""
        change(sound / STUB, "class Counter:", "class Counter2:")
        path, _, reason = only(problems(sound))
        assert path == STUB
        assert "release" in reason

    def test_not_released(self, sound):
        """A stub that was never made."""
        (sound / STUB).unlink()
        path, _, reason = only(problems(sound))
        assert path == STUB
        assert "release" in reason

    def test_leak(self, sound):
        """The solution in what is released."""
        (sound / STUB).write_text((sound / SOLUTION).read_text())
        assert any(path == STUB for path, _, _ in problems(sound))

    def test_marks(self, sound):
        """A solution mark without its end: file and line."""
        change(sound / SOLUTION, "    return factor * mean(x)\n    ### END SOLUTION\n", "    return factor * mean(x)\n")
        course = load_course(sound)
        found = course_problems(course, course.assignment("areas"))
        assert any(problem.line and problem.path.name == "areas.py" for problem in found)


class TestAllAtOnce:
    """No problem hides another."""

    def test_several(self, sound):
        """A wrong reference, a missing test and a drifted stub in one go."""
        change(sound / SOLUTION, "return np.sum(x) / np.size(x)", "return np.sum(x)")
        change(sound / SOLUTION, "return a * b", "return a + b")
        change(sound / "course.toml", '    { name = "mean"', '    { name = "new", points = 1 },\n    { name = "mean"')
        change(sound / STUB, "class Counter:", "class Counter2:")
        found = {(path, key) for path, key, _ in problems(sound)}
        assert {(SOLUTION, "mean"), (SOLUTION, "area"), ("tests/areas", "new")} <= found
        assert any(path == STUB for path, _ in found)

    def test_several_assignments(self, sound):
        """Each assignment's problems are its own."""
        toml = sound / "course.toml"
        toml.write_text(
            toml.read_text() + '\n[assignments.other]\ntitle = "Other"\nexercises = [{ name = "x", points = 1 }]\n'
        )
        course = load_course(sound)
        assert course_problems(course, course.assignment("areas")) == []
        assert course_problems(course, course.assignment("other"))

    def test_command(self, sound, capsys):
        """The command says what is sound and what is not, and ends with 2."""
        from autograder.cli import main  # noqa: PLC0415

        with pytest.raises(SystemExit) as exited:
            main(["-C", str(sound), "validate"])
        assert exited.value.code == 0
        assert "areas: sound" in capsys.readouterr().out
        change(sound / STUB, "class Counter:", "class Counter2:")
        with pytest.raises(SystemExit) as exited:
            main(["-C", str(sound), "validate"])
        assert exited.value.code == 2
        assert f"{STUB}" in capsys.readouterr().err
