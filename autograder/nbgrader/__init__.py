"""Everything that meets nbgrader: its gradebook, its autograded notebooks and the settings of its own commands.

nbgrader belongs to the instructor's extra. The modules that need it, or the SQLAlchemy that it brings, say so in their
first line; the others, and this one, work without it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograder.course import Assignment, Course
    from autograder.grading.run import Graded
    from autograder.submission import Submission

NOT_INSTALLED = "nbgrader is not installed, so there is no gradebook; see docs/nbgrader.md, or give --no-gradebook"


def is_installed() -> bool:
    """Whether nbgrader can be imported here."""
    return find_spec("nbgrader") is not None


def fill_gradebook(
    course: Course, assignment: Assignment, outcomes: Iterable[Graded], handed_in: Iterable[Submission]
) -> str:
    """Write what became of submissions into the course's gradebook; return a note, empty where there is none to make.

    Raises `GraderError` where the database cannot be used.
    """
    if not is_installed():
        return NOT_INSTALLED
    from .gradebook import write_gradebook  # noqa: PLC0415 - SQLAlchemy may be missing, and takes its time

    write_gradebook(course, assignment, outcomes, handed_in)
    return ""
