"""Proves the tests: every mistake in the bank is caught where it is wrong and nowhere else, every alternative passes.

`python -m autograder.suite.selfcheck neuron` prints the table.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from autograder.bank import Variant, alternatives, misconceptions, reference_source
from autograder.course import Assignment, Course, load_course
from autograder.grading.executors import Executors, InProcess
from autograder.grading.grade import grade
from autograder.submission import Submission

from .build import Suite, load_suite

if TYPE_CHECKING:
    from autograder.grading.result import Result


class Finding(Struct, frozen=True):
    """How one variant of the reference fared."""

    variant: Variant
    lost: tuple[str, ...]
    """The exercises in which it lost points."""
    why: str

    @property
    def as_it_should(self) -> bool:
        """Whether it lost points exactly where it is wrong."""
        return set(self.lost) == set(self.variant.exercises)


def check_variants(course: Course, assignment: Assignment, suite: Suite, executors: Executors) -> list[Finding]:
    """Grade every variant of both banks; the order is that of the files."""
    reference = reference_source(course, assignment)
    return [
        check_variant(variant, reference, course, assignment, suite, executors)
        for variant in (*misconceptions(course, assignment), *alternatives(course, assignment))
    ]


def check_variant(
    variant: Variant, reference: str, course: Course, assignment: Assignment, suite: Suite, executors: Executors
) -> Finding:
    """Grade one variant; an exercise with a time limit of its own is slow, and left out where another one is wrong."""
    submission = Submission(
        student=variant.slug,
        assignment=assignment.name,
        source=variant.applied_to(reference),
        filename=assignment.module,
        digest=variant.slug,
    )
    slow = {exercise.name for exercise in assignment.exercises if exercise.seconds is not None}
    wanted = set(suite.tests) - (slow - set(variant.exercises) if variant.exercises else set())
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        result = grade(submission, suite, executors, course, exercises=wanted, shrinking=False)
    lost = tuple(exercise.name for exercise in result.exercises if exercise.points < exercise.max_points)
    return Finding(variant, lost, _why(result))


def _why(result: Result) -> str:
    if result.problem:
        return result.problem
    said = [
        f"{exercise.name}/{test.name}: {test.note or (test.failure.says if test.failure else test.state)}"
        + (f" ({test.failure.error})" if test.failure and test.failure.error else "")
        for exercise in result.exercises
        for test in exercise.tests
        if test.state != "passed"
    ]
    return "; ".join(said)


def _table(name: str, findings: list[Finding]) -> tuple[str, bool]:
    wrong = [finding for finding in findings if finding.variant.exercises]
    right = [finding for finding in findings if not finding.variant.exercises]
    caught = sum(set(finding.variant.exercises) <= set(finding.lost) for finding in wrong)
    elsewhere = sum(bool(set(finding.lost) - set(finding.variant.exercises)) for finding in wrong)
    alarms = sum(bool(finding.lost) for finding in right)
    row = f"{name:14} {caught:4}/{len(wrong):<4} {elsewhere:10} {len(right) - alarms:6}/{len(right):<4} {alarms:6}"
    return row, caught == len(wrong) and not elsewhere and not alarms


def main(names: list[str]) -> int:
    """Print the table for the named assignments, or all; 1 where anything is amiss."""
    course = load_course()
    sound = True
    rows = []
    for assignment in [course.assignment(name) for name in names] or course.assignments:
        suite = load_suite(course, assignment)
        findings = check_variants(course, assignment, suite, InProcess())
        for finding in findings:
            if not finding.as_it_should:
                print(f"{assignment.name}/{finding.variant.slug} (line {finding.variant.line}): due to lose "  # noqa: T201
                      f"{list(finding.variant.exercises)}, lost {list(finding.lost)}: {finding.why[:600]}")  # fmt: skip
        row, fine = _table(assignment.name, findings)
        rows.append(row)
        sound = sound and fine
    print("module         caught     elsewhere  right passed  alarms")  # noqa: T201
    print("\n".join(rows))  # noqa: T201
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
