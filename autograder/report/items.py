"""What the points of a class say of each exercise: difficulty, discrimination, and what looks suspect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.grading.result import ExerciseResult, Result

#: Below this many students a correlation says nothing.
ENOUGH = 8
WEAK = 0.1


class Item(Struct, frozen=True):
    """One exercise in a class."""

    name: str
    points: float
    mean: float
    difficulty: float
    """The mean share of its points, from 0 (nobody) to 1 (everybody)."""
    discrimination: float | None
    """The correlation of its points with the score in all other exercises; None where it cannot be told."""
    right: int
    partly: int
    wrong: int
    not_begun: int
    flags: tuple[str, ...]


def items(results: Sequence[Result]) -> tuple[Item, ...]:
    """Every exercise of an assignment, from the results that could be graded."""
    count = len(results[0].exercises) if results else 0
    return tuple(_item(results, number) for number in range(count))


def _item(results: Sequence[Result], number: int) -> Item:
    exercises = [result.exercises[number] for result in results]
    shares = [exercise.points / exercise.max_points for exercise in exercises]
    rest = [result.score - exercise.points for result, exercise in zip(results, exercises, strict=True)]
    states = [exercise.state for exercise in exercises]
    difficulty = sum(shares) / len(shares)
    discrimination = correlation(shares, rest) if len(results) >= ENOUGH else None
    return Item(
        name=exercises[0].name,
        points=exercises[0].max_points,
        mean=sum(exercise.points for exercise in exercises) / len(exercises),
        difficulty=difficulty,
        discrimination=discrimination,
        right=states.count("passed"),
        partly=states.count("partly"),
        wrong=states.count("failed") + states.count("waiting"),
        not_begun=states.count("not-started"),
        flags=tuple(_flags(exercises, difficulty, discrimination)),
    )


def _flags(exercises: Sequence[ExerciseResult], difficulty: float, discrimination: float | None) -> list[str]:
    flags = []
    tried = [exercise for exercise in exercises if exercise.state != "not-started"]
    if len(exercises) >= ENOUGH:
        if difficulty == 0:
            flags.append("nobody earned a point: is it solvable as it is asked?")
        if discrimination is not None and discrimination < 0:
            flags.append("those who do well elsewhere do worse here")
        elif discrimination is not None and discrimination < WEAK and 0 < difficulty < 1:
            flags.append("hardly tells strong from weak")
        flags += [
            f"`{test.name}` fails for {failing} of {len(tried)} who tried"
            for number, test in enumerate(exercises[0].tests)
            if len(tried) >= ENOUGH and (failing := _failing(tried, number)) > len(tried) / 2
        ]
    stopped = sum(any(test.state == "stopped" for test in exercise.tests) for exercise in tried)
    if stopped > max(1, len(tried) / 5):
        flags.append(f"stopped for {stopped} of {len(tried)}: are the limits too tight?")
    return flags


def _failing(exercises: Sequence[ExerciseResult], number: int) -> int:
    return sum(exercise.tests[number].state != "passed" for exercise in exercises if number < len(exercise.tests))


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's correlation; None where either does not vary."""
    mean, mean_other = sum(one) / len(one), sum(other) / len(other)
    spread = math.fsum((value - mean) ** 2 for value in one)
    spread_other = math.fsum((value - mean_other) ** 2 for value in other)
    if spread <= 1e-12 or spread_other <= 1e-12:  # noqa: PLR2004 - rounding
        return None
    together = math.fsum((a - mean) * (b - mean_other) for a, b in zip(one, other, strict=True))
    return together / math.sqrt(spread * spread_other)
