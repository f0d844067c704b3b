"""Measured differences: one sentence that is true of every failing example, or nothing.

Every hypothesis looks at all pairs of expected and got, and speaks only where all of them support it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import conditions
from .pairs import close, gather, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from .naming import FailedTest
    from .pairs import Evidence, Pair

    Array = NDArray[np.float64]

#: So many numbers must support a sentence.
ENOUGH_NUMBERS = 4
ENOUGH_PAIRS = 2
OFFSET = 1e-7
WORDS = {
    2.0: "Every answer is twice what is due",
    0.5: "Every answer is half of what is due",
    -1.0: "Every answer has the wrong sign, and is right apart from that",
    -2.0: "Every answer is -2 times what is due",
    -0.5: "Every answer is -1/2 times what is due",
}


def difference(tests: Sequence[FailedTest], passed: Sequence[conditions.Example] = ()) -> str:
    """A sentence on how the answers differ, true of all failing examples; empty where there is none.

    `passed` are the examples of the exercise's passing tests. What they or the passing examples of failing tests
    contradict is not said.
    """
    with np.errstate(all="ignore"):
        evidence = gather(tests)
        said = _measured(evidence) if evidence.complete else ""
        return said or conditions.which_examples(tests, passed) or _one_part(evidence)


def _measured(evidence: Evidence) -> str:
    pairs = evidence.pairs
    if len(pairs) < ENOUGH_PAIRS and sum(pair.expected.size for pair in pairs) < ENOUGH_NUMBERS:
        return ""
    almost_right = any(close(pair.got, pair.expected) for pair in pairs)
    for hypothesis in () if almost_right else OF_ALL:
        said = hypothesis(pairs)
        if said and hypothesis((*pairs, *evidence.agreeing)):
            return _about(pairs, evidence) + said
    for hypothesis in OF_THE_FAILING:
        said = hypothesis(pairs)
        if said:
            return _about(pairs, evidence) + said
    return ""


def _about(pairs: Sequence[Pair], evidence: Evidence) -> str:
    """Which part the sentence is about, where the others are right."""
    parts = {pair.part for pair in pairs}
    if len(parts) == 1 and evidence.parts_right and (only := parts.pop()):
        return f"Only `{only}` is wrong. "
    return ""


def _one_part(evidence: Evidence) -> str:
    parts = {pair.part for pair in evidence.pairs}
    others = sorted(part for part in evidence.parts_right if part)
    if len(parts) != 1 or not others or len(evidence.pairs) < ENOUGH_PAIRS or not evidence.complete:
        return ""
    only = parts.pop()
    return (
        f"Only `{only}` is wrong; {' and '.join(f'`{other}`' for other in others[:4])} came out right." if only else ""
    )


# --- hypotheses -----------------------------------------------------------------------------------------------------


def _shaped(pairs: Sequence[Pair]) -> bool:
    return all(pair.same_shape and np.isfinite(pair.expected).all() for pair in pairs)


def _told_apart(pairs: Sequence[Pair]) -> bool:
    """Whether there is enough to see: numbers that differ from each other."""
    return len({float(value) for pair in pairs for value in pair.expected.ravel()[:50]}) >= ENOUGH_NUMBERS


def _factors(pairs: Sequence[Pair]) -> list[float] | None:
    """The one factor of each pair by which the answer is too large; None where there is none."""
    factors = []
    for pair in pairs:
        if not pair.same_shape or not np.isfinite(pair.got).all() or not np.abs(pair.expected).max(initial=0.0):
            return None
        factor = float((pair.got * pair.expected).sum() / (pair.expected**2).sum())
        if not factor or not close(pair.got, factor * pair.expected):
            return None
        factors.append(factor)
    return factors


def constant_factor(pairs: Sequence[Pair]) -> str:
    """The same factor everywhere, or one that is a size or a number of the example."""
    factors = _factors(pairs) if _told_apart(pairs) else None
    if factors is None:
        return ""
    values = np.array(factors)
    if np.ptp(values) > 1e-6 * abs(values[0]):
        return _named_factor(pairs, values)
    for factor, words in WORDS.items():
        if abs(values[0] - factor) < 1e-6:  # noqa: PLR2004
            return f"{words}."
    odd = abs(values[0] - 1) > 1e-3 and len(pairs) >= 3  # noqa: PLR2004
    return f"Every answer is {values[0]:.4g} times what is due." if odd else ""


def _named_factor(pairs: Sequence[Pair], factors: Array) -> str:
    for name, amounts in _amounts(pairs):
        for power, words in (
            (1.0, "{0} times too large"),
            (-1.0, "too small by a factor: it has been divided by {0}, or not multiplied by it"),
            (0.5, "too large by the square root of {0}"),
            (-0.5, "too small by the square root of {0}"),
            (2.0, "too large by the square of {0}"),
            (-2.0, "too small by the square of {0}"),
        ):
            for sign, end in ((1.0, ""), (-1.0, ", and has the wrong sign")):
                if np.allclose(factors, sign * amounts**power, rtol=1e-6, atol=0):
                    return f"Every answer is {words.format(name)}{end}."
    return ""


def _amounts(pairs: Sequence[Pair]) -> Iterator[tuple[str, Array]]:
    """What could be a factor, in words, for each pair: sizes of the inputs, numbers among the inputs."""
    common = set.intersection(*({*pair.inputs} for pair in pairs))
    for name in sorted(common):
        arrays = [pair.inputs[name] for pair in pairs]
        if all(array.ndim for array in arrays):
            for axis, words in enumerate(("the number of rows of `{}`", "the number of columns of `{}`")):
                if all(array.ndim > axis for array in arrays):
                    what = words if all(array.ndim > 1 for array in arrays) else "the length of `{}`"
                    yield what.format(name), np.array([float(array.shape[axis]) for array in arrays])
            yield f"the number of entries of `{name}`", np.array([float(array.size) for array in arrays])
        elif all(array.size == 1 and array.item() for array in arrays):
            yield f"`{name}`", np.abs(np.array([array.item() for array in arrays]))


def constant_offset(pairs: Sequence[Pair]) -> str:
    """The same amount too much or too little, everywhere."""
    if not _shaped(pairs) or not _told_apart(pairs) or not all(np.isfinite(pair.got).all() for pair in pairs):
        return ""
    gaps = [pair.got - pair.expected for pair in pairs]
    scale = max(float(np.abs(pair.expected).max()) for pair in pairs)
    first = float(gaps[0].ravel()[0])
    if abs(first) > OFFSET * scale and all((np.abs(gap - first) <= OFFSET * max(scale, 1.0)).all() for gap in gaps):
        much = f"{abs(first):.4g}"
        return f"Every entry is too {'large' if first > 0 else 'small'} by {much}."
    for name in sorted(set.intersection(*({*pair.inputs} for pair in pairs))):
        arrays = [pair.inputs[name] for pair in pairs]
        for sign, words in (
            (-1.0, "adding `{}` to it gives what is due"),
            (1.0, "subtracting `{}` from it gives what is due"),
        ):
            if all(
                array.ndim <= gap.ndim
                and _broadcasts(array, gap)
                and close(gap, sign * np.broadcast_to(array, gap.shape))
                for array, gap in zip(arrays, gaps, strict=True)
            ):
                return f"Every answer lacks a term: {words.format(name)}."
    return ""


def _broadcasts(array: Array, other: Array) -> bool:
    try:
        return np.broadcast_shapes(array.shape, other.shape) == other.shape
    except ValueError:
        return False


def factor_from_inputs(pairs: Sequence[Pair]) -> str:
    """A factor that is missing or one too many, and is an input, entry by entry."""
    if not _shaped(pairs) or not _told_apart(pairs):
        return ""
    for name in sorted(set.intersection(*({*pair.inputs} for pair in pairs))):
        arrays = [pair.inputs[name] for pair in pairs]
        if not any(np.ptp(array) > 0 for array in arrays if array.size):
            continue
        fitting = [(array, pair) for array, pair in zip(arrays, pairs, strict=True) if _broadcasts(array, pair.got)]
        if len(fitting) < len(pairs):
            continue
        if all(close(pair.got * array, pair.expected) for array, pair in fitting):
            return f"A factor is missing: every entry times its `{name}` is what is due."
        if all(close(pair.got, pair.expected * array) for array, pair in fitting):
            return f"There is a factor too many: every entry is what is due times its `{name}`."
        if all(close(pair.got, array * np.ones_like(pair.got)) for array, pair in fitting):
            return f"Every answer is `{name}` itself."
    return ""


def arrangement(pairs: Sequence[Pair]) -> str:
    """The right numbers in another place."""
    if not _told_apart(pairs):
        return ""
    matrices = [pair for pair in pairs if pair.expected.ndim == 2]  # noqa: PLR2004
    if len(matrices) == len(pairs) and all(close(pair.got, pair.expected.T) for pair in pairs):
        return "Every answer is the transpose of what is due: rows and columns are exchanged."
    if all(not pair.same_shape and pair.got.size == pair.expected.size for pair in pairs) and all(
        close(pair.got.ravel(), pair.expected.ravel()) for pair in pairs
    ):
        shapes = f"{pairs[0].got.shape} where {pairs[0].expected.shape} is due"
        return f"The numbers are right, only their shape is not: {shapes}, for one."
    if not _shaped(pairs) or any(pair.expected.ndim == 0 for pair in pairs):
        return ""
    for axis, words in ((0, "first to last along the first axis"), (-1, "first to last along the last axis")):
        if all(close(pair.got, np.flip(pair.expected, axis)) for pair in pairs):
            return f"The numbers are right but turned around, {words}."
    moved = all(close(np.sort(pair.got, axis=None), np.sort(pair.expected, axis=None)) for pair in pairs)
    return (
        "Every answer has the right numbers, in another order."
        if moved and all(np.ptp(p.expected) for p in pairs)
        else ""
    )


def sums(pairs: Sequence[Pair]) -> str:
    """Summed over too little, too much or the other axis."""
    if not _told_apart(pairs) or len(pairs) < ENOUGH_PAIRS:
        return ""
    for reduce, words in ((np.sum, "sum"), (np.mean, "mean")):
        for axis in (0, 1, None):
            if all(_reduces(reduce, pair.got, axis, pair.expected) for pair in pairs):
                over = "all its entries" if axis is None else f"its axis {axis}"
                return f"The answer still needs to be added up: its {words} over {over} is what is due."
            if all(_reduces(reduce, pair.expected, axis, pair.got) for pair in pairs):
                over = "all entries" if axis is None else f"axis {axis}"
                return f"Too much is put together: the answer is the {words} over {over} of what is due."
    if all(_reduces_to(np.diagonal, pair) for pair in pairs):
        return "Every example meets every other one: only the diagonal of the answer is what is due."
    vectors = all(pair.got.ndim == pair.expected.ndim == 1 for pair in pairs)
    if vectors and all(_same_total(pair) for pair in pairs) and any(not pair.same_shape for pair in pairs):
        return "The total is right, but the sums run over the other axis."
    return ""


def _reduces(reduce: Callable[..., Array], array: Array, axis: int | None, due: Array) -> bool:
    if array.ndim == 0 or (axis is not None and array.ndim <= max(axis, 1)) or array.size <= due.size:
        return False
    made = np.asarray(reduce(array, axis=axis))
    return made.size == due.size and made.ndim <= due.ndim + 1 and close(made.ravel(), due.ravel())


def _reduces_to(diagonal: Callable[[Array], Array], pair: Pair) -> bool:
    square = pair.got.ndim == 2 and pair.got.shape[0] == pair.got.shape[1]  # noqa: PLR2004
    return square and pair.expected.ndim == 1 and close(np.asarray(diagonal(pair.got)), pair.expected)


def _same_total(pair: Pair) -> bool:
    return close(np.asarray([pair.got.sum()]), np.asarray([pair.expected.sum()]))


FUNCTIONS: tuple[tuple[Callable[[Array], Array], str], ...] = (
    (np.square, "the square of what is due"),
    (lambda due: np.sqrt(np.abs(due)), "the square root of what is due"),
    (lambda due: 1 / due, "1 divided by what is due"),
    (lambda due: 1 - due, "1 minus what is due"),
    (lambda due: due - 1, "what is due minus 1"),
    (np.exp, "e to the power of what is due"),
    (lambda due: np.log(np.abs(due)), "the logarithm of what is due"),
    (np.abs, "the absolute value of what is due"),
    (lambda due: -np.abs(due), "minus the absolute value of what is due"),
    (np.trunc, "what is due, cut to whole numbers"),
    (np.floor, "what is due, cut to whole numbers"),
    (np.round, "what is due, rounded to whole numbers"),
    (np.tanh, "the tanh of what is due"),
    (lambda due: np.maximum(due, 0), "what is due, with 0 in place of what is negative"),
    (lambda due: np.minimum(due, 0), "what is due, with 0 in place of what is positive"),
    (lambda due: np.clip(due, -1, 1), "what is due, cut to -1 to 1"),
    (lambda due: np.clip(due, 0, 1), "what is due, cut to 0 to 1"),
)


def function_of_expected(pairs: Sequence[Pair]) -> str:
    """One more step, or one too few: the answer is a plain function of what is due."""
    if not _shaped(pairs) or not _told_apart(pairs):
        return ""
    for function, words in FUNCTIONS:
        if all(close(pair.got, np.asarray(function(pair.expected))) for pair in pairs):
            return f"Every entry is {words}."
    return ""


def same_always(pairs: Sequence[Pair]) -> str:
    """The same number or no number, whatever the input."""
    got = np.concatenate([pair.got.ravel() for pair in pairs])
    if not got.size or len(pairs) < ENOUGH_PAIRS or not _told_apart(pairs) or not _shaped(pairs):
        return ""
    if np.isnan(got).all():
        return "Every entry is nan, whatever the input."
    return f"Every entry is {got[0]:.6g}, whatever the input." if np.isfinite(got[0]) and (got == got[0]).all() else ""


def stale(pairs: Sequence[Pair]) -> str:
    """What was answered before comes again, or is added."""
    if not all(pair.earlier for pair in pairs) or not _shaped(pairs):
        return ""
    if all(any(close(pair.got, before) for before in pair.earlier) for pair in pairs) and _told_apart(pairs):
        return "The answer is that to an earlier call, which should leave no trace."
    summed = all(any(close(pair.got - pair.expected, before) for before in pair.earlier) for pair in pairs)
    return "The answer to an earlier call has been added to this one." if summed and _told_apart(pairs) else ""


def few_digits(pairs: Sequence[Pair]) -> str:
    """Right, but not exact enough."""
    if not _shaped(pairs) or not all(np.isfinite(pair.got).all() for pair in pairs):
        return ""
    size = [float(np.abs(pair.got - pair.expected).max() / max(np.abs(pair.expected).max(), 1e-300)) for pair in pairs]
    worst = max(size)
    if 1e-15 < worst < 1e-4:  # noqa: PLR2004
        return (
            f"The answers are right to about {int(-np.log10(worst))} digits only: something is rounded or approximated."
        )
    return ""


def where(pairs: Sequence[Pair]) -> str:
    """Right but for the entries that lie somewhere, or whose input is of some kind."""
    if not all(pair.same_shape and pair.expected.ndim for pair in pairs):
        return ""
    wrong = [~near(pair.got, pair.expected) for pair in pairs]
    return conditions.which_entries([pair.inputs for pair in pairs], wrong)


#: What must be true of right answers too, such as a factor that is 1 there.
OF_ALL: tuple[Callable[[Sequence[Pair]], str], ...] = (
    same_always,
    constant_factor,
    arrangement,
    factor_from_inputs,
    function_of_expected,
    constant_offset,
)
#: What is said of wrong answers only.
OF_THE_FAILING: tuple[Callable[[Sequence[Pair]], str], ...] = (sums, stale, few_digits, where)
