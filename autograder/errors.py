"""The errors that autograder raises on purpose, and the exit code that each one means.

A message says what is wrong, where, and what to do. The command line prints it as it is and ends with `exit_code`; a
traceback means a bug in autograder.
"""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

EXIT_DONE = 0
"""Everything asked for was done, whatever the scores."""
EXIT_USAGE = 2
"""The command, the configuration or the files it names are wrong."""
EXIT_GRADER = 3
"""Something failed in the grader itself; no student is charged for it."""
EXIT_BELOW_PASSING = 4
"""A passing score was asked for and not reached."""
EXIT_PROTECTED = 5
"""A change touches what is not the student's to change; it was refused and nothing was graded."""
EXIT_INTERRUPTED = 130
"""Interrupted by the user (128 + SIGINT, as shells have it)."""


class AutograderError(Exception):
    """Base of every error that is raised on purpose; the message is for a person."""

    exit_code = EXIT_USAGE


class UsageError(AutograderError):
    """What was asked for does not exist or makes no sense, such as an unknown student."""


class GraderError(AutograderError):
    """The grader failed, through no fault of a submission: a full disk, a worker that cannot start."""

    exit_code = EXIT_GRADER


class BelowPassingError(AutograderError):
    """The score is below the passing score that was asked for."""

    exit_code = EXIT_BELOW_PASSING


class ProtectedError(AutograderError):
    """A change touches tests, configuration, workflows or anything else beside a student's own files."""

    exit_code = EXIT_PROTECTED


class InterruptedRunError(AutograderError):
    """The user interrupted the run; what was finished is kept."""

    exit_code = EXIT_INTERRUPTED


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong in a file of the course, with its place."""

    path: Path
    line: int | None = None
    """Counts from 1; None where it is not known."""
    key: str = ""
    """The key in a file of keys, such as `assignments.neuron.due`."""
    reason: str
    """What is wrong and what to do."""

    def __str__(self) -> str:
        """Return `file:line: key: reason`, which editors and terminals link to the place."""
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.key}: {self.reason}" if self.key else f"{place}: {self.reason}"


class ProblemsError(AutograderError):
    """Files of the course are wrong; `problems` holds everything that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Say all the problems, a line for each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class CourseError(ProblemsError):
    """`course.toml` is missing or wrong."""


class ReleaseError(ProblemsError):
    """A solution is missing, or cannot be made into what students get."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is most like, or None where none is."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return what to say after "there is no such name": the nearest known name, or all of them.

    >>> did_you_mean("nueron", ["neuron", "sgd"])
    "did you mean 'neuron'?"
    >>> did_you_mean("x", ["neuron", "sgd"])
    'known: neuron, sgd'
    """
    if near := nearest(name, known):
        return f"did you mean {near!r}?"
    return f"known: {', '.join(known)}" if known else "there are none"
