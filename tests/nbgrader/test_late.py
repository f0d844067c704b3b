from datetime import UTC, datetime, timedelta

import pytest

from autograder.course import Assignment, Extension, LatePolicy, Limits
from autograder.nbgrader.late import extension, late_penalty, penalty_percent, seconds_late

HOUR, DAY = 3600, 86400
PER_DAY = LatePolicy(kind="per-day", percent_per_day=10, grace_hours=1, max_percent=25)


@pytest.mark.parametrize(
    ("late", "percent"),
    [
        (0, 0),
        (HOUR, 0),
        (HOUR + 1, 10),
        (HOUR + DAY, 10),
        (HOUR + DAY + 1, 20),
        (HOUR + 2 * DAY + 1, 25),
        (100 * DAY, 25),
    ],
)
def test_every_day_begun_after_the_grace_costs_up_to_the_most(late, percent):
    assert penalty_percent(PER_DAY, late) == percent


def test_without_a_policy_late_work_loses_nothing():
    assert penalty_percent(LatePolicy(), 100 * DAY) == 0


def test_the_penalty_is_a_share_of_the_score_and_never_below_nothing():
    assert late_penalty(PER_DAY, 20, 2 * DAY) == 4
    assert late_penalty(PER_DAY, 0, 2 * DAY) == 0
    assert late_penalty(PER_DAY, -1, 2 * DAY) == 0


def test_lateness_counts_from_the_due_date_and_its_extension():
    area = Assignment(
        name="area",
        title="Area",
        due=datetime(2027, 2, 14, tzinfo=UTC),
        module="area.py",
        notebook="area.ipynb",
        exercises=(),
        limits=Limits(),
    )
    handed_in = datetime(2027, 2, 16, tzinfo=UTC)
    assert seconds_late(area, handed_in) == 2 * DAY
    assert seconds_late(area, handed_in, timedelta(days=1.5)) == DAY / 2
    assert seconds_late(area, handed_in, timedelta(days=7)) == 0
    assert seconds_late(area, None) == 0


def test_an_extension_belongs_to_one_student_and_one_assignment():
    policy = LatePolicy(extensions=(Extension("ada", "area", 3),))
    assert extension(policy, "ada", "area") == timedelta(days=3)
    assert extension(policy, "ada", "volume") is None
    assert extension(policy, "emmy", "area") is None
