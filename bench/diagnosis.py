"""What the diagnosis costs: processor time for each failing submission, and once for each bank.

`python bench/diagnosis.py [ASSIGNMENT]...` grades every fourth misconception and times the diagnosis alone.
"""

from __future__ import annotations

import statistics
import sys
import time

from autograder.course import load_course
from autograder.diagnosis.selfcheck import Bench


def main(names: list[str]) -> None:
    """Print a row for each assignment."""
    course = load_course()
    print(f"{'':14}{'bank, s':>10}{'mean, ms':>10}{'median, ms':>12}{'worst, ms':>11}")
    for assignment in [course.assignment(name) for name in names] or course.assignments:
        bench = Bench(course, assignment)
        bench.suite.prepare()
        started = time.process_time()
        for exercise in bench.suite.tests:
            bench.profiles.of(exercise)
        bank = time.process_time() - started
        seconds = [1000 * bench.outcome(variant, variant.code).seconds for variant in bench.variants[::4]]
        row = f"{statistics.fmean(seconds):10.1f}{statistics.median(seconds):12.1f}{max(seconds):11.1f}"
        print(f"{assignment.name:14}{bank:10.2f}{row}")


if __name__ == "__main__":
    main(sys.argv[1:])
