"""The misconceptions of an assignment as what they answer: run once, compared with every failing submission."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from autograder.bank import Variant, misconceptions, reference_source
from autograder.errors import AutograderError
from autograder.grading.executors import InProcess
from autograder.worker.codec import CodecError

from .cache import Cache, Stored, StoredSample
from .observe import Observation, failures, manner, observe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from autograder.course import Assignment, Course
    from autograder.grading.replay import Answers
    from autograder.suite.build import Suite

#: Answers agree when they differ by less than this share of themselves, or of the largest number beside them.
RELATIVE, BESIDE = 1e-7, 1e-10
#: Where a mistake changes an answer by little, it has to be met to this share of the change.
OF_THE_CHANGE = 0.05
#: Code that may answer something else each time it is asked.
_CHANCE = re.compile(r"random|default_rng|urandom|secrets|time\b")
#: A change below this share is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Sample:
    """What a misconception answers to an example that it fails."""

    manner: str
    seen: Observation
    tolerance: NDArray[np.float64]
    changed: NDArray[np.bool_]
    """Which of its numbers differ from the right ones (all where the form differs) and are the same each time."""


@dataclass(frozen=True)
class Profile:
    """What a misconception answers to the examples of an exercise."""

    variant: Variant
    samples: dict[str, dict[int, Sample]]
    """By test, by the number of the example; only examples that fail."""

    def failing(self, test: str) -> dict[int, Sample]:
        """What it answers to the examples of a test that it fails."""
        return self.samples.get(test, {})

    def twin_of(self, other: Profile) -> bool:
        """Whether no example tells the two apart."""
        return self.samples.keys() == other.samples.keys() and all(
            samples.keys() == other.samples[test].keys()
            and all(agrees(other.samples[test][number], sample.seen) for number, sample in samples.items())
            for test, samples in self.samples.items()
        )


def agrees(sample: Sample, seen: Observation) -> bool:
    """Whether an answer is what the misconception answers."""
    due = sample.seen
    if due.form != seen.form or due.numbers.size != seen.numbers.size:
        return False
    with np.errstate(all="ignore"):
        near = np.abs(due.numbers - seen.numbers) <= sample.tolerance
    same = near | (due.numbers == seen.numbers) | (np.isnan(due.numbers) & np.isnan(seen.numbers))
    return bool(same.all())


class Profiles:
    """The profiles of an assignment's misconceptions, made exercise by exercise when first asked for."""

    def __init__(
        self, suite: Suite, reference: str, variants: Sequence[Variant], filename: str, cache: Cache | None = None
    ) -> None:
        """Take the bank; nothing runs yet."""
        self._suite = suite
        self._reference = reference
        self._variants = variants
        self._filename = filename
        self._cache = cache
        self._made: dict[str, list[Profile]] = {}

    def of(self, exercise: str) -> list[Profile]:
        """The profiles of an exercise, in the order of the bank."""
        if exercise not in self._made:
            concerned = [variant for variant in self._variants if exercise in variant.exercises]
            self._made[exercise] = self._kept(exercise, concerned) if concerned else []
        return self._made[exercise]

    def _kept(self, exercise: str, variants: Sequence[Variant]) -> list[Profile]:
        if self._cache is None:
            return list(self._profiles(exercise, variants))
        parts = (
            self._suite.digest,
            exercise,
            self._reference,
            *(part for each in variants for part in (each.slug, each.code)),
        )
        key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        stored = self._cache.read(exercise, key)
        if stored is None:
            profiles = list(self._profiles(exercise, variants))
            self._cache.write(exercise, key, [_stored(profile) for profile in profiles])
            return profiles
        known = {variant.slug: variant for variant in variants}
        return [_restored(known[each.slug], each) for each in stored]

    def _profiles(self, exercise: str, variants: Iterable[Variant]) -> Iterable[Profile]:
        right = [observe(answer) for answer in self._answers(exercise, self._reference.encode())]
        for variant in variants:
            source = variant.applied_to(self._reference)
            try:
                answers = self._answers(exercise, source)
                again = self._answers(exercise, source) if _CHANCE.search(variant.code) else answers
            except (AutograderError, CodecError):
                continue
            profile = self._profile(exercise, variant, answers, again, right)
            if any(profile.samples.values()):
                yield profile

    def _profile(
        self,
        exercise: str,
        variant: Variant,
        answers: Sequence[Answers],
        again: Sequence[Answers],
        right: Sequence[Observation | None],
    ) -> Profile:
        samples: dict[str, dict[int, Sample]] = {}
        number = 0
        failed = failures(answers)
        for traced in self._suite.tests[exercise]:
            samples[traced.test.name] = found = {}
            for example in range(len(traced.scripts)):
                failure = failed[number]
                seen = None if failure is None else observe(answers[number])
                if failure is not None and seen is not None:
                    second = seen if again is answers else observe(again[number])
                    found[example] = _sample(manner(failure), seen, second, right[number])
                number += 1
        return Profile(variant, samples)

    def _answers(self, exercise: str, source: bytes) -> list[Answers]:
        """What trusted code answers to an exercise's examples, in this process; what it prints is dropped."""
        executor = InProcess()(source, self._filename, {})
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            error = executor.load()
            if error is not None:
                message = f"{self._filename}: {error['type']}: {error['message']}"
                raise AutograderError(message)
            return executor.run(self._suite.batch(exercise))


def _sample(way: str, seen: Observation, again: Observation | None, right: Observation | None) -> Sample:
    tolerance = RELATIVE * np.abs(seen.numbers) + BESIDE * seen.sizes
    changed = np.ones(seen.numbers.size, bool)
    if right is not None and right.form == seen.form and right.numbers.size == seen.numbers.size:
        with np.errstate(all="ignore"):
            change = np.abs(seen.numbers - right.numbers)
        changed = ~_alike(seen, right) & ~(change <= ROUNDING * np.maximum(seen.sizes, right.sizes))
        tolerance = np.where(changed & np.isfinite(change), np.minimum(tolerance, OF_THE_CHANGE * change), tolerance)
    tolerance = np.where(np.isfinite(tolerance), tolerance, 0.0)
    if again is not None and again.numbers.size == seen.numbers.size and not _alike(seen, again).all():
        tolerance, changed = np.full_like(tolerance, np.inf), np.zeros_like(changed)
    return Sample(way, seen, tolerance, changed)


def _alike(one: Observation, other: Observation) -> NDArray[np.bool_]:
    return np.asarray((one.numbers == other.numbers) | (np.isnan(one.numbers) & np.isnan(other.numbers)))


def _stored(profile: Profile) -> Stored:
    return Stored(
        profile.variant.slug,
        {
            test: {
                number: StoredSample(
                    sample.manner,
                    sample.seen.form,
                    sample.seen.messages,
                    sample.seen.numbers.tobytes(),
                    sample.tolerance.tobytes(),
                    sample.changed.tobytes(),
                )
                for number, sample in samples.items()
            }
            for test, samples in profile.samples.items()
        },
    )


def _restored(variant: Variant, stored: Stored) -> Profile:
    def sample(kept: StoredSample) -> Sample:
        numbers = np.frombuffer(kept.numbers, np.float64)
        seen = Observation(kept.form, numbers, np.zeros(numbers.size), kept.messages)
        return Sample(
            kept.manner, seen, np.frombuffer(kept.tolerance, np.float64), np.frombuffer(kept.changed, np.bool_)
        )

    return Profile(
        variant,
        {test: {number: sample(kept) for number, kept in samples.items()} for test, samples in stored.samples.items()},
    )


def load_profiles(course: Course, assignment: Assignment, suite: Suite) -> Profiles | None:
    """The profiles of an assignment; None where its solutions are not there, as in a student's copy."""
    variants = misconceptions(course, assignment)
    if not variants:
        return None
    cache = Cache(course.root / ".autograder" / "misconceptions" / assignment.name)
    return Profiles(suite, reference_source(course, assignment), variants, assignment.module, cache)
