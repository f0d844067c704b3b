"""Measures the diagnosis: `python -m autograder.diagnosis.selfcheck [ASSIGNMENT]...` prints the table.

Every misconception is graded as it stands in the bank and twice in another style. With `--held-out DIR` the mistakes in
`DIR/<assignment>.py`, which are kept out of the bank, are graded too; with `--leave-one-out` every misconception is
graded with a bank that lacks it. `--other DIR` grades variations by hand, cells that bear a misconception's slug.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from autograder.bank import Variant, misconceptions, read_bank, reference_source
from autograder.course import Assignment, Course, load_course
from autograder.grading.executors import InProcess
from autograder.grading.judging import DoesNotLoad, Judging
from autograder.submission import Submission
from autograder.suite.build import Suite, load_suite

from .diagnose import Diagnosis, diagnose
from .profiles import Profiles, load_profiles
from .restyle import renamed, rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUTCOMES = ("named", "twin", "silent", "wrong", "invalid")


class Outcome(Struct, frozen=True):
    """What was said of one mistake."""

    variant: Variant
    verdict: str
    """One of `OUTCOMES`. A twin is another misconception that no recorded example tells apart from the true one."""
    said: tuple[str, ...]
    """Names and differences, exercise by exercise."""
    seconds: float
    """Processor time of the diagnosis."""


class Bench:
    """One assignment with its suite and profiles."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        """Load everything; nothing runs yet."""
        self.assignment = assignment
        self.suite: Suite = load_suite(course, assignment)
        self.variants = misconceptions(course, assignment)
        self.reference = reference_source(course, assignment)
        profiles = load_profiles(course, assignment, self.suite)
        if profiles is None:
            profiles = Profiles(self.suite, self.reference, [], assignment.module)
        self.profiles = profiles

    def diagnosed(
        self, code: str, exercises: Iterable[str], without: str = ""
    ) -> tuple[dict[str, Diagnosis], set[str], float]:
        """The diagnosis of a mistake, where it loses points, and the processor seconds that the diagnosis took."""
        source = f"{self.reference.rstrip()}\n\n\n{code}".encode()
        submission = Submission(
            student="", assignment=self.assignment.name, source=source, filename=self.assignment.module, digest=""
        )
        judging = Judging(submission, self.suite, InProcess())
        for exercise in exercises:
            self.profiles.of(exercise)
        profiles = _Without(self.profiles, without) if without else self.profiles
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                judging.load()
            except DoesNotLoad:
                return {}, set(), 0.0
            judging.run(set(exercises))
            started = time.process_time()
            found = diagnose(judging, profiles, strict=True)
            seconds = time.process_time() - started
            judging.close()
        lost = {name for name, verdicts in judging.verdicts.items() if not all(verdict.right for verdict in verdicts)}
        return found, lost, seconds

    def outcome(self, variant: Variant, code: str, *, held_out: bool = False, without: str = "") -> Outcome:
        """What is said of a mistake that is `variant` in whatever style."""
        found, lost, seconds = self.diagnosed(code, variant.exercises, without)
        said = tuple(f"{name}: {each.slug or each.difference}" for name, each in found.items())
        if not lost:
            return Outcome(variant, "invalid", said, seconds)
        slugs = {(name, each.slug) for name, each in found.items() if each.slug}
        twins = {pair: held_out or self._twins(pair[0], variant.slug, pair[1]) for pair in slugs}
        if not slugs:
            verdict = "silent"
        elif any(pair[1] != variant.slug and (held_out or not twins[pair]) for pair in slugs):
            verdict = "wrong"
        else:
            verdict = "named" if any(slug == variant.slug for _, slug in slugs) else "twin"
        return Outcome(variant, verdict, said, seconds)

    def _twins(self, exercise: str, one: str, other: str) -> bool:
        by_slug = {profile.variant.slug: profile for profile in self.profiles.of(exercise)}
        return one in by_slug and other in by_slug and by_slug[one].twin_of(by_slug[other])


class _Without(Profiles):
    """A bank that lacks one misconception and those that no example tells apart from it."""

    def __init__(self, profiles: Profiles, slug: str) -> None:
        self._all, self._slug = profiles, slug

    def of(self, exercise: str) -> list:  # type: ignore[type-arg]
        profiles = self._all.of(exercise)
        lacking = next((profile for profile in profiles if profile.variant.slug == self._slug), None)
        return [profile for profile in profiles if lacking is None or not profile.twin_of(lacking)]


def in_other_styles(variant: Variant) -> list[Variant]:
    """A misconception by two other hands; a rewriting that changes nothing is left out."""
    plain = ast.unparse(ast.parse(variant.code))
    codes = [renamed(variant.code), rewritten(variant.code)]
    return [replace(variant, code=code) for code in codes if code != plain]


def held_out(folder: Path, assignment: Assignment) -> list[Variant]:
    """The mistakes of a folder with a file in the bank's format for each assignment."""
    return read_bank(folder / f"{assignment.name}.py", wrong=True)


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    counts = Counter(outcome.verdict for outcome in outcomes)
    told = sum(outcome.verdict == "silent" and bool(outcome.said) for outcome in outcomes)
    valid = len(outcomes) - counts["invalid"]
    share = f"{100 * (counts['named'] + counts['twin']) / max(valid, 1):5.1f} %"
    wrong = f"{100 * counts['wrong'] / max(valid, 1):4.1f} %"
    worst = max((outcome.seconds for outcome in outcomes), default=0.0)
    row = "".join(f"{counts[kind]:8}" for kind in OUTCOMES)
    return f"{name:30}{row}{told:12}{share:>10}{wrong:>9}{1000 * worst:9.0f} ms"


def main(arguments: list[str]) -> int:
    """Print the table; 1 where a wrong name was given in more than 2 % or the right one in fewer than 90 %."""
    parser = argparse.ArgumentParser(description="Measure the diagnosis against the bank.")
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--leave-one-out", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print what was said of each that was not named")
    options = parser.parse_args(arguments)
    course = load_course()
    rows: list[str] = []
    everything: list[Outcome] = []
    for assignment in [course.assignment(name) for name in options.assignments] or course.assignments:
        bench = Bench(course, assignment)
        groups: dict[str, list[Outcome]] = {}
        groups["bank"] = [bench.outcome(variant, variant.code) for variant in bench.variants]
        groups["other style"] = [
            bench.outcome(styled, styled.code) for variant in bench.variants for styled in in_other_styles(variant)
        ]
        everything += [outcome for group in groups.values() for outcome in group]
        if options.other:
            groups["other formula"] = [bench.outcome(each, each.code) for each in held_out(options.other, assignment)]
        if options.held_out:
            groups["held out"] = [
                bench.outcome(each, each.code, held_out=True) for each in held_out(options.held_out, assignment)
            ]
        if options.leave_one_out:
            groups["left out"] = [
                bench.outcome(each, each.code, held_out=True, without=each.slug) for each in bench.variants
            ]
        for group, outcomes in groups.items():
            rows.append(_row(f"{assignment.name}, {group}", outcomes))
            for outcome in outcomes if options.verbose else ():
                if outcome.verdict != "named":
                    print(f"{assignment.name} {group} {outcome.verdict}: {outcome.variant.slug} {outcome.said}")  # noqa: T201
    print(f"{'':30}{''.join(f'{kind:>8}' for kind in OUTCOMES)}  difference   named in    wrong    slowest")  # noqa: T201
    print("\n".join(rows))  # noqa: T201
    valid = [outcome for outcome in everything if outcome.verdict != "invalid"]
    right = sum(outcome.verdict in ("named", "twin") for outcome in valid)
    wrong = sum(outcome.verdict == "wrong" for outcome in valid)
    return 0 if right >= 0.9 * len(valid) and wrong <= 0.02 * len(valid) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
