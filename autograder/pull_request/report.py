"""What became of a pull request: the Report, its JSON, and the check that one from elsewhere can be one of ours."""

import re
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from autograder.course import Course
from autograder.errors import UsageError
from autograder.grading.result import SCHEMA as RESULT_SCHEMA
from autograder.grading.result import Result

from .change import Violation

SCHEMA = "autograder/pull-request/v1"
LARGEST = 4 << 20
"""No report of ours has more bytes."""


class Report(Struct, frozen=True):
    """The outcome for one head. Either `violations` or `results` is empty."""

    schema: str
    base: str
    head: str
    violations: tuple[Violation, ...]
    results: tuple[Result, ...]
    passing: float | None = None
    """The percentage that was asked for in every assignment."""

    @property
    def passed(self) -> bool:
        """Whether every assignment reached the passing percentage, where one was asked for."""
        if self.violations:
            return False
        needed = self.passing or 0.0
        return all(result.score >= result.max_score * needed / 100 - 1e-9 for result in self.results)


def encode_report(report: Report) -> bytes:
    """Encode a report as JSON, indented, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def checked_report(data: bytes, course: Course, head: str) -> Report:
    """Decode a report that anybody may have written; raises `UsageError` unless it could be one of ours for `head`.

    Its assignments, exercises and points must be the course's and its sums must be right. That makes it well formed and
    not true: only who ran the grader, and from which files, says that.
    """
    if len(data) > LARGEST:
        raise UsageError(f"the report has {len(data):,} bytes; none of ours has more than {LARGEST:,}")
    try:
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise UsageError(f"the report is none: {error}") from None
    problems = list(_problems(report, course, head))
    if problems:
        raise UsageError(f"the report cannot be one of ours: {'; '.join(problems[:5])}")
    return report


def _problems(report: Report, course: Course, head: str) -> Sequence[str]:
    found = []
    if report.schema != SCHEMA:
        found.append("it has another schema")
    if report.head != head:
        found.append("it is about another commit")
    if not re.fullmatch(r"[0-9a-f]{40,64}", report.base):
        found.append("its base is no commit")
    if report.violations and report.results:
        found.append("it both refuses and grades")
    names = [result.assignment for result in report.results]
    if len(set(names)) < len(names):
        found.append("an assignment stands in it twice")
    for result in report.results:
        assignment = next((each for each in course.assignments if each.name == result.assignment), None)
        if assignment is None or result.schema != RESULT_SCHEMA or result.course != course.id:
            found.append("a result is of another course or schema")
            continue
        due = [(each.name, each.points) for each in assignment.exercises if not each.written]
        if [(each.name, each.max_points) for each in result.exercises] != due:
            found.append(f"the exercises of {assignment.name} are not the course's")
        elif not all(0 <= each.points <= each.max_points for each in result.exercises):
            found.append(f"the points of {assignment.name} are out of range")
        elif abs(result.score - sum(each.points for each in result.exercises)) > 1e-3:  # noqa: PLR2004 - rounding
            found.append(f"the score of {assignment.name} is not the sum of its points")
        elif abs(result.max_score - assignment.points) > 1e-3:  # noqa: PLR2004
            found.append(f"the highest score of {assignment.name} is not the course's")
    return found
