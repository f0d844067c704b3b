"""The diagnosis of a submission's failing exercises: a misconception's name, or a measured difference, or nothing."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from msgspec import Struct

from autograder.grading.bounded import TooMuch, bounded

from .conditions import Example
from .differences import difference
from .naming import failed_test, named
from .observe import failures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.grading.judging import Judging, Verdict

    from .profiles import Profile, Profiles

#: The seconds that the checks may take on a submission's failing tests.
SECONDS = 5.0


class Diagnosis(Struct, frozen=True):
    """Why an exercise fails, as far as its answers tell."""

    slug: str = ""
    misconception: str = ""
    insight: str = ""
    see: str = ""
    difference: str = ""


def diagnose(judging: Judging, profiles: Profiles | None, *, strict: bool = False) -> dict[str, Diagnosis]:
    """The diagnosis of each failing exercise of which something certain can be said, by its name.

    Without `profiles` only differences are told. Nothing of the submission runs: what it answered is looked at again.
    Only with `strict` is an error of the diagnosis itself raised.
    """
    found: dict[str, Diagnosis] = {}
    for exercise, verdicts in judging.verdicts.items():
        if not any(verdict.state == "failed" and verdict.answers for verdict in verdicts):
            continue
        known = profiles.of(exercise) if profiles is not None else []
        try:
            with bounded(SECONDS) if judging.sandboxed else contextlib.nullcontext():
                diagnosis = _exercise(verdicts, known)
        except TooMuch:
            continue
        except Exception:
            if strict:
                raise
            continue  # a grade must not hang on what can be said of it
        if diagnosis is not None:
            found[exercise] = diagnosis
    return found


def _exercise(verdicts: Sequence[Verdict], profiles: Sequence[Profile]) -> Diagnosis | None:
    tests = [
        failed_test(verdict, failures(verdict.answers))
        for verdict in verdicts
        if verdict.state == "failed" and verdict.answers
    ]
    right = [verdict.traced for verdict in verdicts if verdict.right]
    profile = named(tests, [traced.test.name for traced in right], profiles)
    if profile is not None:
        variant = profile.variant
        return Diagnosis(variant.slug, variant.name, variant.insight, variant.see)
    examples = [Example(traced, number) for traced in right for number in range(len(traced.scripts))]
    says = difference(tests, examples)
    return Diagnosis(difference=says) if says else None
