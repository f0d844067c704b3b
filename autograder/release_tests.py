"""The tests that students get: all but those of hidden exercises, and a syllabus beside them.

An assignment's released folder holds them in `tests/`, so that it works wherever it is put, without the course around.
"""

from collections.abc import Container, Iterable
from pathlib import Path

from autograder.course import FILE_NAME, Assignment, Course
from autograder.errors import Problem, ReleaseError
from autograder.syllabus import public_syllabus

FOLDER = "tests"


def all_tests(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the files of an assignment's tests by their paths below its folder, without caches and links."""
    folder = course.root / "tests" / assignment.name
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        passed_over = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not path.is_symlink() and not passed_over:
            found["/".join(parts)] = path.read_bytes()
    return found if _holds_tests(found) else {}


def visible_tests(course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the same without the files that test hidden exercises.

    Raises `ReleaseError` for a file that tests others too.
    """
    secret = _secret(course.root / "tests" / assignment.name, assignment)
    found = {name: data for name, data in all_tests(course, assignment).items() if name not in secret}
    return found if _holds_tests(found) else {}


def some(tests: dict[str, bytes], course: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return these tests of an assignment; raises `ReleaseError` where there are none."""
    if not tests:
        path = course.root / "tests" / assignment.name
        raise ReleaseError([Problem(path=path, reason="holds no tests to release; write them first")])
    return tests


def tests_folder(course: Course, assignment: Assignment) -> Path:
    """Return where the released tests of an assignment stand."""
    return course.root / "assignments" / assignment.name / FOLDER


def released_tests(course: Course, assignment: Assignment) -> dict[Path, bytes]:
    """Return what belongs into `assignments/<assignment>/tests/`; nothing where there is no test to see yet."""
    folder = tests_folder(course, assignment)
    files = visible_tests(course, assignment)
    if files:
        files[FILE_NAME] = public_syllabus(course, [assignment]).encode()
    return {folder / name: data for name, data in files.items()}


def stale_tests(folder: Path, wanted: Container[Path]) -> list[Path]:
    """Return the files in a folder of released tests that do not belong there."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() and path not in wanted and "__pycache__" not in path.parts
    ]


def _holds_tests(files: Iterable[str]) -> bool:
    return any("/" not in name and name.startswith("test_") for name in files)


def _secret(folder: Path, assignment: Assignment) -> set[str]:
    hidden = {exercise.name for exercise in assignment.exercises if exercise.hidden}
    if not hidden or not folder.is_dir():
        return set()
    from autograder.suite.load import load_tests  # noqa: PLC0415 - imports Hypothesis, which takes its time

    files: dict[Path, set[str]] = {}
    for test in load_tests(folder).tests:
        files.setdefault(Path(test.function.__code__.co_filename), set()).add(test.exercise)
    problems = [
        Problem(path=path, reason=f"tests {', '.join(sorted(names & hidden))}, hidden, beside others; use two files")
        for path, names in files.items()
        if names & hidden and names - hidden
    ]
    if problems:
        raise ReleaseError(problems)
    return {path.name for path, names in files.items() if names & hidden}
