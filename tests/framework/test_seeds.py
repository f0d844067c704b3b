"""The reference solutions lose no point, whatever examples are drawn.

`AUTOGRADER_SEEDS` says under how many seeds; the default is a modest number.
"""

import os
from pathlib import Path

import pytest

from autograder.bank import reference_source
from autograder.course import load_course
from autograder.grading.executors import InProcess
from autograder.grading.grade import grade
from autograder.submission import Submission
from autograder.suite.build import load_suite

COURSE = load_course(Path(__file__).parents[2])
SEEDS = int(os.environ.get("AUTOGRADER_SEEDS", "3"))


@pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda assignment: assignment.name)
def test_reference(assignment):
    """Under each seed the reference earns every point."""
    submission = Submission(
        student="(reference)",
        assignment=assignment.name,
        source=reference_source(COURSE, assignment).encode(),
        filename=assignment.module,
        digest="",
    )
    for seed in range(SEEDS):
        suite = load_suite(COURSE, assignment, f"seed {seed}")
        result = grade(submission, suite, InProcess(), COURSE, shrinking=False)
        lost = [
            f"seed {seed}: {exercise.name}/{test.name}: {test.failure.says if test.failure else test.note}"
            for exercise in result.exercises
            for test in exercise.tests
            if test.state != "passed"
        ]
        assert lost == []
        assert result.score == result.max_score
