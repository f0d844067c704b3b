"""Finds out which assignment a notebook belongs to, and where its tests are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import FILE_NAME, Assignment, Course, Exercise, LatePolicy, Limits, find_root, load_course
from autograder.errors import AutograderError, CourseError, ReleaseError
from autograder.release_notebook import nbgrader_of, read_notebook
from autograder.suite.build import PRACTICE_SEED, Suite
from autograder.suite.load import load_tests


class LostError(AutograderError):
    """The notebook does not stand where its course or its tests can be found; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where a notebook stands."""

    course: Course
    assignment: Assignment
    folder: Path
    """The notebook's own, with the module beside it."""
    tests: Path

    @property
    def module(self) -> Path:
        """The student's module."""
        return self.folder / self.assignment.module


def find_place(folder: Path, exercise: str | None = None) -> Place:
    """Return the place of a notebook in `folder`; `exercise` helps where the folder's name does not tell.

    The course is that of the nearest `course.toml` at or above the folder. Without one, the assignment is what the
    grade cells of the notebook say. Tests are looked for in the course, then in `tests/` beside the notebook and above.
    Raises `LostError`, and `CourseError` where `course.toml` is wrong.
    """
    folder = folder.absolute()
    try:
        find_root(folder)
    except CourseError:
        course = _course_of_notebooks(folder, exercise)
    else:
        course = load_course(folder)
    assignment = _assignment(course, folder, exercise)
    return Place(course, assignment, folder, _tests(course, assignment, folder))


def _assignment(course: Course, folder: Path, exercise: str | None) -> Assignment:
    """The assignment that the folder is named after, else whose files it holds, else that has the exercise."""
    named = [each for each in course.assignments if each.name == folder.name]
    held = [each for each in course.assignments if (folder / each.notebook).exists() or (folder / each.module).exists()]
    asked = [each for each in course.assignments if exercise in {one.name for one in each.exercises}]
    for candidates in (named, [each for each in held if each in asked], held, asked):
        if len(candidates) == 1:
            return candidates[0]
    names = ", ".join(each.name for each in course.assignments)
    message = f"{folder}: no assignment of the course; the folder of a notebook bears its assignment's name: {names}"
    raise LostError(message)


def _tests(course: Course, assignment: Assignment, folder: Path) -> Path:
    above = [place / "tests" for place in (folder, *folder.parents)]
    named = [place / assignment.name for place in (course.root / "tests", *above)]
    for tests in (*named, *above[:1]):
        if any(tests.glob("test_*.py")):
            return tests
    message = (
        f"the tests of {assignment.name} are not here; keep the notebook in the course's folder, "
        f"or put tests/{assignment.name} beside it"
    )
    raise LostError(message)


def _course_of_notebooks(folder: Path, exercise: str | None) -> Course:
    """What can be told of a course from the notebooks of one assignment alone."""
    found: list[Assignment] = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = read_notebook(path.read_text("utf-8"), path)["cells"]
        except (OSError, UnicodeDecodeError, ReleaseError):
            continue
        graded = [nbgrader for cell in cells if (nbgrader := nbgrader_of(cell)).get("grade")]
        exercises = tuple(
            Exercise(name=str(each["grade_id"]), points=float(each["points"]), written=bool(each.get("solution")))
            for each in graded
            if "grade_id" in each and "points" in each
        )
        if exercises and path.stem.isidentifier() and exercise in (None, *(one.name for one in exercises)):
            module = f"{path.stem}.py"
            found.append(
                Assignment(
                    name=path.stem,
                    title=path.stem,
                    module=module,
                    notebook=path.name,
                    exercises=exercises,
                    limits=Limits(),
                )
            )
    if not found:
        message = f"there is no {FILE_NAME} here nor in any folder above; keep the notebook in the course's folder"
        raise LostError(message)
    return Course(
        root=folder,
        id="course",
        title="",
        seed="",
        gradebook="",
        limits=Limits(),
        late=LatePolicy(),
        assignments=tuple(found),
    )


_Stamp = tuple[tuple[str, int, int], ...]
_suites: dict[Path, tuple[_Stamp, Assignment, Suite]] = {}


def suite_at(place: Place) -> Suite:
    """Return the tests of the assignment under the practice seed, loaded and drawn once until one of them changes."""
    stamp = _stamp(place.tests)
    known = _suites.get(place.tests)
    if known is None or known[:2] != (stamp, place.assignment):
        known = stamp, place.assignment, Suite(place.assignment, load_tests(place.tests), PRACTICE_SEED)
        _suites[place.tests] = known
    return known[2]


def _stamp(folder: Path) -> _Stamp:
    files = (file for file in sorted(folder.rglob("*")) if "__pycache__" not in file.parts and file.is_file())
    return tuple((str(file), (status := file.stat()).st_mtime_ns, status.st_size) for file in files)
