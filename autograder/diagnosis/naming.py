"""Names the misconception whose answers a failing exercise gives; silent where none or more than one fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .observe import manner, observe
from .profiles import agrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.grading.judging import Verdict
    from autograder.kit.failure import CheckFailed

    from .observe import Observation
    from .profiles import Profile, Sample

#: So many different wrong numbers are no coincidence.
ENOUGH_NUMBERS = 3
#: Numbers that many mistakes give.
TRIVIAL = (0.0, 1.0, -1.0)
NO_EVIDENCE, SOME, MUCH = range(3)


@dataclass(frozen=True)
class FailedTest:
    """A test that the submission fails: how each example does, and what was answered where it fails."""

    verdict: Verdict
    failures: Sequence[CheckFailed | None]
    seen: dict[int, Observation | None]

    @property
    def name(self) -> str:
        """The name of the test."""
        return self.verdict.traced.test.name


def failed_test(verdict: Verdict, failures: Sequence[CheckFailed | None]) -> FailedTest:
    """A failed test, its failing examples observed."""
    answers = verdict.answers
    seen = {number: observe(answers[number]) for number, failure in enumerate(failures) if failure is not None}
    return FailedTest(verdict, failures, seen)


def named(tests: Sequence[FailedTest], passed: Sequence[str], profiles: Sequence[Profile]) -> Profile | None:
    """The misconception that explains all failing tests and that all passing ones allow; None where none is certain.

    Of several that explain as much, the first of the bank is taken where nothing tells them apart, and none otherwise.
    """
    fitting = [(_evidence(profile, tests), profile) for profile in profiles if _fits(profile, tests, passed)]
    best = max((evidence for evidence, _ in fitting), default=NO_EVIDENCE)
    if best == NO_EVIDENCE:
        return None
    first, *others = [profile for evidence, profile in fitting if evidence == best]
    return first if all(first.twin_of(other) for other in others) else None


def _fits(profile: Profile, tests: Sequence[FailedTest], passed: Sequence[str]) -> bool:
    if any(profile.failing(name) for name in passed):
        return False
    return all(_fits_test(profile.failing(test.name), test) for test in tests)


def _fits_test(samples: dict[int, Sample], test: FailedTest) -> bool:
    if samples.keys() != test.seen.keys():
        return False
    for number, sample in samples.items():
        failure, seen = test.failures[number], test.seen[number]
        if failure is None or seen is None or sample.manner != manner(failure) or not agrees(sample, seen):
            return False
    return True


def _evidence(profile: Profile, tests: Sequence[FailedTest]) -> int:
    """How much of what agrees would not agree by coincidence."""
    numbers: set[float] = set()
    odd = False
    for test in tests:
        for number, sample in profile.failing(test.name).items():
            seen = test.seen[number]
            if seen is None:
                continue
            wrong = seen.numbers[sample.changed & np.isfinite(seen.numbers)]
            numbers.update(float(value) for value in wrong[:50] if value not in TRIVIAL)
            odd |= seen.messages == sample.seen.messages
    if len(numbers) >= ENOUGH_NUMBERS:
        return MUCH
    return SOME if odd else NO_EVIDENCE
