"""What late work costs. The one place that decides it, for `autograder grade` and for `nbgrader autograde`."""

import math
from datetime import datetime, timedelta

from autograder.course import Assignment, LatePolicy

DAY = 86400.0
HOUR = 3600.0


def extension(policy: LatePolicy, student: str, assignment: str) -> timedelta | None:
    """Return the more time that `course.toml` gives to a student for an assignment."""
    for granted in policy.extensions:
        if (granted.student, granted.assignment) == (student, assignment):
            return timedelta(days=granted.days)
    return None


def seconds_late(assignment: Assignment, handed_in: datetime | None, more_time: timedelta | None = None) -> float:
    """Return how long after the due date, extended by `more_time`, something was handed in.

    It is 0 where there is no due date, or where the time of handing in is not known.
    """
    if assignment.due is None or handed_in is None:
        return 0.0
    return max(0.0, (handed_in - assignment.due - (more_time or timedelta())).total_seconds())


def penalty_percent(policy: LatePolicy, late: float) -> float:
    """Return the share of the score, in percent, that `late` seconds cost: every day begun after the grace counts."""
    charged = late - policy.grace_hours * HOUR
    if policy.kind == "none" or charged <= 0:
        return 0.0
    return min(math.ceil(charged / DAY) * policy.percent_per_day, policy.max_percent)


def late_penalty(policy: LatePolicy, score: float, late: float) -> float:
    """Return the points that a score loses for being `late` seconds late; never more than the score."""
    return round(max(score, 0.0) * penalty_percent(policy, late) / 100, 4)
