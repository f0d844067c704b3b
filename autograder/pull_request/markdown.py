"""A Report as Markdown: for the job's summary, and for the one comment under a pull request.

Whatever a student can influence stands in fences alone, where nothing is a link, an image, a mention or HTML.
"""

from collections.abc import Sequence

from autograder.course import Course
from autograder.exports.words import explanation
from autograder.feedback.fence import escape, fence
from autograder.feedback.terminal import MARKS, points
from autograder.grading.result import ExerciseResult, Result

from .report import Report

MARKER = "<!-- autograder: one comment, kept up to date -->"
MOST_BYTES = 60_000
"""A comment may have 65,536 characters."""


def comment(report: Report, course: Course, *, notices: Sequence[str] = ()) -> str:
    """Return the report as Markdown of fewer than `MOST_BYTES` bytes; `notices` are our own words and stand first."""
    head = [MARKER, *(f"> **{notice}**\n" for notice in notices)]
    if report.violations:
        body = _refused(report)
    elif not report.results:
        body = ["No assignment is changed, so nothing was graded."]
    else:
        body = [part for result in report.results for part in _result(result, course)]
        if report.passing is not None:
            word = "reached" if report.passed else "not reached yet"
            body.insert(0, f"Passing needs {report.passing:g} % in each assignment: **{word}**.\n")
    tail = f"\n<sub>Graded at commit {report.head[:12]}, with the tests of {report.base[:12]}.</sub>\n"
    return _bounded([*head, *body], tail)


def _refused(report: Report) -> list[str]:
    listed = "\n".join(f"{each.path}  {each.reason}" for each in report.violations)
    return [
        "### Not graded: this pull request changes more than your own files\n",
        "Only the module and the notebook of an assignment may change, in place. Take these out and push again:\n",
        fence(listed),
        "`git checkout <base> -- <path>` puts a file back as it was.\n",
    ]


def _result(result: Result, course: Course) -> list[str]:
    title = next((each.title for each in course.assignments if each.name == result.assignment), result.assignment)
    parts = [f"### {escape(title)}: {points(result.score)} of {points(result.max_score)} points\n"]
    if result.problem:
        parts.append(fence(result.problem))
    rows = [_row(exercise) for exercise in result.exercises]
    parts.append("| | exercise | points |\n| --- | --- | ---: |\n" + "".join(rows))
    parts += [_details(each) for each in result.exercises if each.state not in {"passed", "not-started"}]
    if result.output.strip():
        parts.append(_folded("what your code printed", result.output))
    return parts


def _row(exercise: ExerciseResult) -> str:
    earned = f"{points(exercise.points)}/{points(exercise.max_points)}"
    return f"| {MARKS[exercise.state][0]} | {escape(exercise.name)} | {earned} |\n"


def _details(exercise: ExerciseResult) -> str:
    wrong = [test for test in exercise.tests if test.state in {"failed", "stopped", "waiting"}]
    if not wrong:
        return ""
    text = explanation(exercise, wrong[0])
    if len(wrong) > 1:
        text += f"\n\n{len(wrong) - 1} more of its tests fail."
    return _folded(exercise.name, text)


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary>\n\n{fence(text)}\n</details>\n"


def _bounded(parts: Sequence[str], tail: str) -> str:
    """Join what fits, part by part, so that no fence or table is ever cut through."""
    more = "\nThe rest is left out here; the artifact of the run holds all of it.\n"
    left = MOST_BYTES - len((tail + more).encode())
    kept: list[str] = []
    for part in parts:
        left -= len(part.encode()) + 1
        if left < 0:
            return "\n".join(kept) + more + tail
        kept.append(part)
    return "\n".join(kept) + tail
