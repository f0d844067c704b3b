"""Where the answers are wrong: which entries, and which examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from autograder.suite.build import TracedTest

    from .naming import FailedTest

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

#: So many entries must be wrong, and so many right outside the condition, before it is said.
ENOUGH_WRONG, ENOUGH_RIGHT = 3, 4
#: So many examples must fail, and so many pass, before what sets them apart is said.
ENOUGH_FAIL, ENOUGH_PASS = 2, 3


@dataclass(frozen=True)
class Example:
    """One example of a test."""

    traced: TracedTest
    number: int

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """The arrays that the student's code was given."""
        return [value for value in self.traced.scripts[self.number].inputs if isinstance(value, np.ndarray)]


_ENTRIES: tuple[tuple[str, Callable[[Array], Mask]], ...] = (
    ("is negative", lambda x: x < 0),
    ("is positive", lambda x: x > 0),
    ("is 0", lambda x: x == 0),
    ("is below -30", lambda x: x < -30),  # noqa: PLR2004 - where e^x is lost beside 1
    ("is above 30", lambda x: x > 30),  # noqa: PLR2004
    ("is large, above 30 or below -30", lambda x: np.abs(x) > 30),  # noqa: PLR2004
    ("is large, above 1 or below -1", lambda x: np.abs(x) > 1),
)


def which_entries(inputs: Sequence[dict[str, Array]], wrong: Sequence[Mask]) -> str:
    """Which entries are wrong, where all wrong ones have something in common that the right ones have not."""
    if sum(int(mask.sum()) for mask in wrong) < ENOUGH_WRONG or all(mask.all() for mask in wrong):
        return ""
    for name in sorted(set.intersection(*({*named} for named in inputs))):
        arrays = [named[name] for named in inputs]
        if any(array.shape != mask.shape for array, mask in zip(arrays, wrong, strict=True)):
            continue
        entries, off = (
            np.concatenate([array.ravel() for array in arrays]),
            np.concatenate([mask.ravel() for mask in wrong]),
        )
        for words, condition in _ENTRIES:
            meets = condition(entries)
            if (meets[off]).all() and int((~meets).sum()) >= ENOUGH_RIGHT and _apart(meets, off):
                return f"The entries are right except where `{name}` {words}."
    for words, position in _POSITIONS:
        places = [position(mask.shape) for mask in wrong]
        there = all((place == mask).all() for place, mask in zip(places, wrong, strict=True))
        if there and len(wrong) > 1 and sum(int((~mask).sum()) for mask in wrong) >= ENOUGH_RIGHT:
            return f"Every answer is right but for {words}."
    return ""


def _apart(meets: Mask, off: Mask) -> bool:
    """Whether the condition tells wrong from right: most that meet it are wrong."""
    return bool(off.sum() >= 0.8 * meets.sum())


def _row(index: int) -> Callable[[tuple[int, ...]], Mask]:
    def mask(shape: tuple[int, ...]) -> Mask:
        made = np.zeros(shape, bool)
        if shape[0]:
            made[index] = True
        return made

    return mask


def _column(index: int) -> Callable[[tuple[int, ...]], Mask]:
    def mask(shape: tuple[int, ...]) -> Mask:
        made = np.zeros(shape, bool)
        if len(shape) > 1 and shape[-1]:
            made[..., index] = True
        return made

    return mask


def _diagonal(shape: tuple[int, ...]) -> Mask:
    return np.eye(*shape, dtype=bool) if len(shape) == 2 else np.zeros(shape, bool)  # noqa: PLR2004


_POSITIONS: tuple[tuple[str, Callable[[tuple[int, ...]], Mask]], ...] = (
    ("the first row or entry", _row(0)),
    ("the last row or entry", _row(-1)),
    ("the first column", _column(0)),
    ("the last column", _column(-1)),
    ("the diagonal", _diagonal),
)


def which_examples(tests: Sequence[FailedTest], passed: Sequence[Example]) -> str:
    """What the failing examples have in common and the passing ones have not."""
    failing: list[Example] = []
    passing = list(passed)
    for test in tests:
        for number, failure in enumerate(test.failures):
            (passing if failure is None else failing).append(Example(test.verdict.traced, number))
    failing, passing = list(_with_arrays(failing)), list(_with_arrays(passing))
    if len(failing) < ENOUGH_FAIL or len(passing) < ENOUGH_PASS:
        return ""
    for words, condition in _EXAMPLES:
        if all(condition(example.arrays) for example in failing) and not any(
            condition(example.arrays) for example in passing
        ):
            return words
    return ""


def _with_arrays(examples: Sequence[Example]) -> Iterator[Example]:
    return (example for example in examples if example.arrays)


def _matrices(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    return [array for array in arrays if array.ndim == 2]  # noqa: PLR2004


_EXAMPLES: tuple[tuple[str, Callable[[Sequence[NDArray[Any]]], bool]], ...] = (
    ("It is right for real numbers and wrong for arrays of integers.",
     lambda arrays: any(array.dtype.kind in "iu" for array in arrays)),
    ("It is wrong only where an array is a view whose numbers do not lie one after the other in memory.",
     lambda arrays: any(not array.flags.c_contiguous for array in arrays)),
    ("It is right for a single example and wrong for more than one.",
     lambda arrays: arrays[0].shape[:1] > (1,)),
    ("It is wrong for a single example and right for more.",
     lambda arrays: arrays[0].shape[:1] == (1,)),
    ("It is right for square arrays and wrong for others.",
     lambda arrays: any(array.shape[0] != array.shape[1] for array in _matrices(arrays))),
    ("It is wrong for square arrays and right for others.",
     lambda arrays: any(array.shape[0] == array.shape[1] for array in _matrices(arrays))),
    ("It is right for vectors and wrong for arrays of more dimensions.",
     lambda arrays: any(array.ndim > 1 for array in arrays)),
    ("It is right for matrices and wrong for vectors.",
     lambda arrays: all(array.ndim < 2 for array in arrays)),  # noqa: PLR2004
    ("It is right for small numbers and wrong for large ones, above 30 or below -30.",
     lambda arrays: any(array.size and np.abs(array).max() > 30 for array in arrays if array.dtype.kind in "iuf")),  # noqa: PLR2004
    ("It is right for large numbers and wrong where all are small, between -1 and 1.",
     lambda arrays: all(not array.size or np.abs(array).max() <= 1 for array in arrays if array.dtype.kind in "iuf")),
)  # fmt: skip
