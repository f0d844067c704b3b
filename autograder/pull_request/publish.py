"""From a run's artifact to the comment under a pull request: what is said of a result that may be forged."""

from collections.abc import Sequence
from typing import Any

from autograder.course import Course
from autograder.errors import UsageError
from autograder.feedback.fence import fence

from .change import allowed_paths
from .host import MOST_FILES, Host
from .markdown import MARKER, comment
from .report import LARGEST, checked_report

ARTIFACT = "results"
MEMBER = "report.json"


def publish(host: Host, course: Course, *, run: int, head: str, owner: str, branch: str) -> str:
    """Comment on the open pull request from `owner`'s `branch`, if its head is still `head`; return what was done.

    Everything is read anew from the API; of the run only its number is taken. Raises `GraderError` when the API fails.
    """
    found = host.pull_request(owner, branch, head)
    if found is None:
        return f"no open pull request has {head[:12]} as its head; nothing to comment on"
    number = int(found["number"])
    outside = outsiders(host.files(number), course)
    text = _text(host, course, run, head, outside)
    now = host.pull_request(owner, branch, head)
    if now is None or int(now["number"]) != number:
        return f"#{number} has moved on from {head[:12]}; the run for its new head will comment"
    return f"comment on #{number} {host.comment(number, MARKER, text)}"


def outsiders(files: Sequence[dict[str, Any]], course: Course) -> list[str]:
    """Return the files that a student may not change, or may not change like this."""
    allowed = {path.decode() for path in allowed_paths(course.assignments)}
    found = []
    for file in files:
        name, status = str(file["filename"]), str(file["status"])
        if name not in allowed or status not in {"added", "modified", "changed"}:
            found.append(f"{name} ({status})")
    if len(files) > MOST_FILES:
        found.append(f"more than {MOST_FILES} files")
    return found


def _text(host: Host, course: Course, run: int, head: str, outside: list[str]) -> str:
    notices = []
    if outside:
        notices.append(
            "Not trusted: this pull request changes files beside the student's own, which could forge a result."
        )
    try:
        report = checked_report(host.artifact(run, ARTIFACT, MEMBER, largest=LARGEST), course, head)
    except UsageError as error:
        lines = [f"{MARKER}", *(f"> **{notice}**\n" for notice in notices), "### No result\n", fence(str(error))]
        return "\n".join([*lines, *_listed(outside)])
    if outside and not report.violations:
        # An honest grader refuses such a change, so this result is not from one.
        lines = [f"{MARKER}", f"> **{notices[0]}**\n", "### Not graded\n"]
        return "\n".join([*lines, *_listed(outside)])
    return "\n".join([comment(report, course, notices=notices), *_listed(outside)])


def _listed(outside: list[str]) -> list[str]:
    return ["Changed, and not the student's own:\n", fence("\n".join(outside[:20]))] if outside else []
