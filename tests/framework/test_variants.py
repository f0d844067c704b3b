"""The banks of the shipped course prove its tests: each mistake is caught where it is made, each right style passes.

By far the slowest tests here. `AUTOGRADER_VARIANTS=all` judges every variant; without it every tenth is taken, so that
each run sees every bank and most exercises.
"""

import contextlib
import io
import os
from pathlib import Path

import pytest

from autograder.bank import alternatives, misconceptions, reference_source
from autograder.course import Assignment, load_course
from autograder.grading.executors import InProcess, Sandboxed
from autograder.grading.grade import grade
from autograder.grading.run import sandbox_limits
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.suite.build import Suite, load_suite
from autograder.suite.selfcheck import check_variant

COURSE = load_course(Path(__file__).parents[2])
EVERY = os.environ.get("AUTOGRADER_VARIANTS") == "all"
STEP = 1 if EVERY else 10
IN_SANDBOX = 6

FEWEST_MISTAKES, FEWEST_ALTERNATIVES = 60, 10

assignments = pytest.mark.parametrize("assignment", COURSE.assignments, ids=lambda assignment: assignment.name)


@pytest.fixture(scope="module")
def suites():
    """Each assignment's tests, drawn once."""
    known: dict[str, Suite] = {}

    def suite(assignment: Assignment) -> Suite:
        if assignment.name not in known:
            known[assignment.name] = load_suite(COURSE, assignment)
        return known[assignment.name]

    return suite


def amiss(assignment: Assignment, suite: Suite, variants: list) -> list[str]:
    """Judge variants in process; tells those that lost points elsewhere than they should."""
    reference = reference_source(COURSE, assignment)
    found = []
    for variant in variants:
        with contextlib.redirect_stdout(io.StringIO()):
            finding = check_variant(variant, reference, COURSE, assignment, suite, InProcess())
        if not finding.as_it_should:
            due = ", ".join(variant.exercises) or "nothing"
            lost = ", ".join(finding.lost) or "nothing"
            found.append(f"{variant.slug} (line {variant.line}): due to lose {due}, lost {lost}: {finding.why[:300]}")
    return found


@assignments
def test_bank(assignment):
    """There are enough of both, of every exercise a mistake."""
    wrong, right = misconceptions(COURSE, assignment), alternatives(COURSE, assignment)
    assert len(wrong) >= FEWEST_MISTAKES
    assert len(right) >= FEWEST_ALTERNATIVES
    known = {exercise.name for exercise in assignment.exercises if not exercise.written}
    assert {name for variant in wrong for name in variant.exercises} == known


@assignments
def test_mistakes(assignment, suites):
    """Every mistake loses points in the exercises that it makes wrong, and in no other."""
    assert amiss(assignment, suites(assignment), misconceptions(COURSE, assignment)[::STEP]) == []


@assignments
def test_alternatives(assignment, suites):
    """Every right solution in another style earns full points."""
    assert amiss(assignment, suites(assignment), alternatives(COURSE, assignment)[::STEP]) == []


@assignments
def test_sandbox(assignment, suites):
    """The sandbox gives the same verdict on what is wrong, test by test and word by word."""
    suite, reference = suites(assignment), reference_source(COURSE, assignment)
    variants = misconceptions(COURSE, assignment)
    with Sandbox(sandbox_limits(assignment)) as sandbox:
        for variant in variants[:: max(1, len(variants) // IN_SANDBOX)][:IN_SANDBOX]:
            submission = Submission(
                student=variant.slug,
                assignment=assignment.name,
                source=variant.applied_to(reference),
                filename=assignment.module,
                digest=variant.slug,
            )
            only = {"exercises": variant.exercises, "shrinking": False}
            with contextlib.redirect_stdout(io.StringIO()):
                here = grade(submission, suite, InProcess(), COURSE, **only)
            there = grade(submission, suite, Sandboxed(sandbox), COURSE, **only)
            assert there.exercises == here.exercises, variant.slug
