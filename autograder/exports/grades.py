"""What every export starts from: the results of a course, and the grades in them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import UsageError, did_you_mean
from autograder.grading.result import Result, decode_result
from autograder.grading.store import read_result, result_path


class Grade(Struct, frozen=True):
    """The points of one student in one assignment."""

    student: str
    assignment: str
    title: str
    score: float
    max_score: float
    state: str


def collect(course: Course, assignments: Sequence[Assignment], students: Iterable[str] = ()) -> list[Result]:
    """Read the results under `autograded/`, assignment by assignment and sorted by student.

    With `students` only theirs. Raises `UsageError` where there is none, or where one cannot be read.
    """
    wanted = set(students)
    found: list[Result] = []
    problems: list[str] = []
    for assignment in assignments:
        for student in _graded(course, assignment):
            if wanted and student not in wanted:
                continue
            result = read_result(course, student, assignment.name)
            if result is None:
                path = result_path(course, student, assignment.name)
                problems.append(
                    f"{path}: is no result of this version; run `autograder grade {assignment.name} --force`"
                )
            else:
                found.append(result)
    known = sorted({student for each in course.assignments for student in _graded(course, each)})
    problems += [
        f"autograded/ has no student {name!r}; {did_you_mean(name, known)}" for name in sorted(wanted - {*known})
    ]
    if not problems and not found:
        problems.append(f"{course.root / 'autograded'}: nothing is graded yet; run `autograder grade`")
    if problems:
        raise UsageError("\n".join(problems))
    return found


def _graded(course: Course, assignment: Assignment) -> list[str]:
    paths = (course.root / "autograded").glob(f"*/{assignment.name}/result.json")
    return sorted(path.parent.parent.name for path in paths)


def read_file(path: Path) -> Result:
    """Read one `result.json`, wherever it stands; raises `UsageError`."""
    try:
        return decode_result(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except msgspec.MsgspecError as error:
        raise UsageError(f"{path}: is no result: {error}") from None


def grades(results: Iterable[Result], course: Course | None = None) -> list[Grade]:
    """Return the grade that each result gives; titles are the course's where there is one."""
    titles = {assignment.name: assignment.title for assignment in course.assignments} if course else {}
    return [
        Grade(
            student=result.student,
            assignment=result.assignment,
            title=titles.get(result.assignment, result.assignment),
            score=result.score,
            max_score=result.max_score,
            state=result.state,
        )
        for result in results
    ]


def number(value: float) -> str:
    """Return points as a plain decimal with a point and at most four places: `12.5`, never `1e-05`."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def one(results: Sequence[Result], name: str) -> Result:
    """Return the only result, for a format that holds no more; raises `UsageError`."""
    if len(results) != 1:
        raise UsageError(
            f"{name} holds one submission and there are {len(results)}; choose with --student and an ASSIGNMENT, "
            "or name a file with --result"
        )
    return results[0]
