"""Draws examples through Hypothesis so that the same seed gives the same examples on every machine.

Hypothesis' own provider mixes in literals that it finds in whatever modules happen to be imported. `SeededProvider`, a
backend of ours for the same strategies, draws from one `random.Random` and nothing else.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis.control import BuildContext
from hypothesis.errors import StopTest, UnsatisfiedAssumption
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import PrimitiveProvider

from autograder.errors import GraderError

if TYPE_CHECKING:
    from hypothesis.internal.conjecture.choice import ChoiceT
    from hypothesis.internal.intervalsets import IntervalSet
    from hypothesis.strategies import SearchStrategy

UNBOUNDED = 1 << 32
MOST_TEXT = 20
#: How many draws in a row may be rejected by a strategy's own filters.
PATIENCE = 200


@dataclass(frozen=True)
class Example:
    """One set of inputs, and the choices that lead Hypothesis to it."""

    inputs: dict[str, Any]
    choices: tuple[ChoiceT, ...]


def draw_examples(strategy: SearchStrategy[dict[str, Any]], count: int, seed: str) -> list[Example]:
    """Draw `count` examples, smallest first."""
    # A generator that is the same everywhere, not a secret.
    random = Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))  # noqa: S311
    drawn: list[Example] = []
    rejected = 0
    while len(drawn) < count:
        data = ConjectureData(random=None, provider=SeededProvider, provider_kw={"random": random})
        try:
            with BuildContext(data, wrapped_test=draw_examples):
                inputs = data.draw(strategy)
        except (StopTest, UnsatisfiedAssumption):
            rejected += 1
            if rejected > PATIENCE:
                message = f"a strategy rejects nearly everything it draws: {strategy!r}"
                raise GraderError(message) from None
            continue
        rejected = 0
        drawn.append(Example(inputs, tuple(data.choices)))
    return sorted(drawn, key=lambda example: size_of(example.inputs))


def size_of(inputs: Any) -> int:
    """How much there is to read in an example: the number of its numbers."""
    if isinstance(inputs, np.ndarray):
        return inputs.size
    if isinstance(inputs, dict):
        inputs = list(inputs.values())
    if isinstance(inputs, list | tuple):
        return sum(map(size_of, inputs))
    return 1


class SeededProvider(PrimitiveProvider):
    """Answers Hypothesis' five kinds of draw from one random generator, uniformly within the bounds."""

    def __init__(self, data: ConjectureData | None, /, *, random: Random) -> None:
        """Draw from `random`, whose method `random()` gives the same numbers in every Python."""
        super().__init__(data)
        self._random = random

    def _below(self, count: int) -> int:
        """A whole number from 0 to count - 1, by a rule of our own that no release of Python changes."""
        if count <= 1 << 32:
            return int(self._random.random() * count)
        words = (count.bit_length() + 31) // 32 + 1
        value = 0
        for _ in range(words):
            value = value << 32 | int(self._random.random() * 4294967296.0)
        return value % count

    def draw_boolean(self, p: float = 0.5) -> bool:
        """True with probability p."""
        return self._random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """Draw a whole number, uniform within the bounds (or near the one bound there is)."""
        if weights:
            point = self._random.random()
            for value, weight in weights.items():
                point -= weight
                if point < 0:
                    return value
        low = min_value if min_value is not None else (max_value or shrink_towards) - UNBOUNDED
        high = max_value if max_value is not None else low + UNBOUNDED
        return low + self._below(high - low + 1)

    def draw_float(
        self,
        *,
        min_value: float = -math.inf,
        max_value: float = math.inf,
        allow_nan: bool = True,  # noqa: ARG002 - NaN is never drawn
        smallest_nonzero_magnitude: float,
    ) -> float:
        """Draw a number, uniform within the bounds (an infinite bound counts as 1e6)."""
        low, high = max(min_value, -1e6), min(max_value, 1e6)
        value = low + (high - low) * self._random.random()
        value = min(max(value, min_value), max_value)
        return value if abs(value) >= smallest_nonzero_magnitude else max(0.0, min_value)

    def draw_string(self, intervals: IntervalSet, *, min_size: int = 0, max_size: int = 10_000) -> str:
        """Draw a text of up to 20 characters more than the least."""
        size = min_size + self._below(min(max_size - min_size, MOST_TEXT) + 1)
        return "".join(chr(intervals[self._below(len(intervals))]) for _ in range(size))

    def draw_bytes(self, min_size: int = 0, max_size: int = 10_000) -> bytes:
        """Draw up to 20 bytes more than the least."""
        size = min_size + self._below(min(max_size - min_size, MOST_TEXT) + 1)
        return bytes(self._below(256) for _ in range(size))
