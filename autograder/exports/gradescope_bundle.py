"""A Gradescope autograder for one assignment: the ZIP that an instructor uploads, with tests and never solutions."""

import json
from importlib.resources import files as resources

from autograder.course import FILE_NAME, Assignment, Course
from autograder.release_tests import all_tests, some
from autograder.student_repository.wheel import own_wheel, zipped
from autograder.syllabus import public_syllabus

SETTINGS = "bundle.json"


def gradescope_bundle(course: Course, assignment: Assignment, *, trust_submissions: bool = False) -> bytes:
    """Return the ZIP: `setup.sh`, `run_autograder`, the grader as a wheel, `course.toml`, tests and `bundle.json`.

    With `trust_submissions` it grades even in a container without Landlock or seccomp, where a submission could read
    the tests and reach for the results; without it, it says so there and grades nobody. Raises `ReleaseError` where the
    assignment has no tests.
    """
    settings = {"assignment": assignment.name, "trust_submissions": trust_submissions, "seed": course.seed}
    tests = some(all_tests(course, assignment), course, assignment)
    name, wheel = own_wheel()
    contents = {
        **{name: ((resources("autograder.exports") / "templates" / name).read_bytes(), 0o755) for name in _SCRIPTS},
        name: (wheel, 0o644),
        FILE_NAME: (public_syllabus(course, [assignment], hidden=True).encode(), 0o644),
        SETTINGS: (json.dumps(settings, indent=2).encode() + b"\n", 0o644),
        **{f"tests/{assignment.name}/{file}": (data, 0o644) for file, data in tests.items()},
    }
    return zipped(contents)


_SCRIPTS = ("setup.sh", "run_autograder")
