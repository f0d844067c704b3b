"""Judges whether an array is made of independent draws from the distribution that it should come from.

Every bound is worked out from the number of draws so that it errs on a right program with probability 1e-11 at most
(6.81 standard deviations of a normal statistic). 50,000 draws then pass with a standard deviation within 2.15 %
(normal) or 1.4 % (uniform) of the expected one, a mean within 3.05 % of it, a Kolmogorov distance below 0.0161, and
extremes that come near the ends of a uniform distribution to a thousandth. Fewer than 1,000 draws are too few.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from autograder.kit.checks import check_that
from autograder.kit.compare import describe_type
from autograder.kit.failure import CheckFailed, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALPHA = 1e-11
"""How often a single bound may err."""
Z = 6.81
"""The standard normal leaves `[-Z, Z]` with probability `ALPHA`."""
MIN_DRAWS = 1_000
MAX_CHANCE_TWINS = 12
"""So many equal pairs are left to chance: 50,000 draws of 32 random bits each have 0.3 on average."""
TWIN_DISTANCE = 2.0**-36
"""Entries this close, in standard deviations, count as equal: antithetic pairs are equal but for rounding."""
BINS = 4_096
NORMAL_REACH = 10.0
"""The bins of a normal distribution cover so many standard deviations on either side; `_wrong_tails` lets none pass."""
TOO_EVEN = 0.18
"""The square root of n times the Kolmogorov distance of n independent draws falls below this once in `1 / ALPHA`."""
MIN_SLICE = 50
"""Slices of fewer entries are not compared with each other."""
ALIKE = 0.03
"""A ratio this close to a round one is called by its name."""

_STANDARD = NormalDist()
_OF_A_MATRIX = (("rows", "row"), ("columns", "column"))


def check_distribution(
    got: Any,
    shape: tuple[int, ...],
    kind: Literal["normal", "uniform"] = "normal",
    mean: float = 0.0,
    std: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> None:
    """Check that `got` is a finite float64 array of this shape whose entries are independent draws.

    A normal distribution is given by `mean` and `std`, a uniform one by `low` and `high` or by `mean` and `std`. `got`
    may be an answer or an array. The first thing that is off is named: the form, repeated entries, the range, the
    standard deviation, the mean, the tails, the shape of the distribution, dependence between entries.
    """
    law = _law(kind, mean, std, low, high)
    if math.prod(shape) < MIN_DRAWS:
        message = f"check_distribution needs at least {MIN_DRAWS} draws; the shape {shape} has {math.prod(shape)}"
        raise ValueError(message)
    due = f"{math.prod(shape):,} independent draws from {law}"

    def drawn_from_law(got: Floats) -> None:
        _check_form(got, shape)
        problem = _problem(got, law)
        if problem:
            raise CheckFailed(problem, expected=due)

    check_that(drawn_from_law, got, says=f"the entries must be {due}")


@dataclass(frozen=True)
class _Law:
    """A distribution with what the bounds need to know of it."""

    kind: Literal["normal", "uniform"]
    mean: float
    std: float
    low: float
    high: float

    @property
    def kurtosis(self) -> float:
        return 3.0 if self.kind == "normal" else 1.8

    def __str__(self) -> str:
        if self.kind == "normal":
            return f"the normal distribution with mean {self.mean:.4g} and standard deviation {self.std:.4g}"
        return f"the uniform distribution between {self.low:.4g} and {self.high:.4g}"


def _law(kind: str, mean: float, std: float | None, low: float | None, high: float | None) -> _Law:
    if kind == "normal" and std is not None and low is None and high is None:
        return _Law("normal", mean, std, -math.inf, math.inf)
    if kind == "uniform" and std is not None and low is None and high is None:
        return _Law("uniform", mean, std, mean - math.sqrt(3) * std, mean + math.sqrt(3) * std)
    if kind == "uniform" and std is None and low is not None and high is not None:
        return _Law("uniform", (low + high) / 2, (high - low) / math.sqrt(12), low, high)
    message = 'kind="normal" takes mean and std; kind="uniform" takes low and high, or mean and std'
    raise ValueError(message)


# --- the checks, in the order in which a student should hear of them ------------------------------------------------


def _check_form(got: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(got, np.ndarray):
        raise CheckFailed(f"an array of shape {shape} is due, not {describe_type(got)}", kind=Kind.TYPE)
    if got.shape != shape:
        raise CheckFailed(f"the shape must be {shape}, not {got.shape}", kind=Kind.SHAPE)
    if got.dtype != np.float64:
        raise CheckFailed(f"the dtype must be float64, not {got.dtype}", kind=Kind.DTYPE)
    if not np.isfinite(got).all():
        raise CheckFailed(f"{np.count_nonzero(~np.isfinite(got))} entries are not finite", kind=Kind.NOT_FINITE)


def _problem(values: Floats, law: _Law) -> str | None:
    standardized = (values - law.mean) / law.std
    sample_mean, sample_std = float(values.mean()), float(values.std())
    return (
        _repetition(values, standardized)
        or _wrong_range(values, law, sample_std)
        or _wrong_std(values, law, sample_mean, sample_std)
        or _wrong_mean(values.size, law, sample_mean, sample_std)
        or _wrong_tails(values, law, sample_mean, sample_std)
        or _wrong_shape(standardized, law)
        or _forced_moments(values.size, law, sample_mean, sample_std)
        or _dependence(standardized, law)
    )


def _repetition(values: Floats, standardized: Floats) -> str | None:
    """Entries that occur more than once, or once on either side of the mean, more often than chance has it."""
    if values.min() == values.max():
        return f"every entry is {values.flat[0]:.4g}: they are not random"
    ordered = np.sort(np.abs(standardized), axis=None)
    twins = np.count_nonzero(ordered[1:] - ordered[:-1] < TWIN_DISTANCE)
    if twins <= MAX_CHANCE_TWINS + 4 * values.size**2 * TWIN_DISTANCE:
        return None
    return _name_repetition(values, standardized) or (
        f"{twins:,} of {values.size:,} entries repeat the value of another, or mirror it at the mean: "
        "each entry needs a draw of its own, in full precision"
    )


def _name_repetition(values: Floats, standardized: Floats) -> str | None:
    """Say which entries repeat which others, where a pattern is found."""

    def same(a: Floats, b: Floats) -> bool:
        return bool(np.allclose(a, b, rtol=0.0, atol=1e-9))

    for axis, size in enumerate(values.shape):
        if size == 1:
            continue
        turned = np.moveaxis(standardized, axis, 0)
        many, one = _slices_along(axis, values.ndim)
        if same(turned[1:], turned[:-1]):
            return f"all {many} are the same: each entry needs a draw of its own"
        half = size // 2
        first, last = turned[:half], turned[size - half :]
        for sign, word in ((1.0, ""), (-1.0, " with the sign turned")):
            if same(first, sign * last):
                return f"the second half of the {many} repeats the first{word}: each entry needs a draw of its own"
            if same(first, sign * last[::-1]):
                return f"the second half of the {many} mirrors the first{word}: each entry needs a draw of its own"
            if same(turned[: 2 * half : 2], sign * turned[1::2]):
                return f"every second {one} repeats the one before it{word}: each entry needs a draw of its own"
    found, counts = np.unique(values, return_counts=True)
    often = int(counts.argmax())
    if counts[often] > MAX_CHANCE_TWINS:
        return (
            f"{counts[often]:,} of {values.size:,} entries are exactly {found[often]:.4g}: "
            "each entry needs a draw of its own, neither clipped nor rounded"
        )
    return None


def _wrong_range(values: Floats, law: _Law, sample_std: float) -> str | None:
    """Look at the ends of a uniform distribution: nothing may lie beyond them, something must be close to each."""
    if law.kind == "normal":
        return None
    width = law.high - law.low
    near = min(0.5, -math.log(ALPHA) / values.size) * width
    low, high = float(values.min()), float(values.max())
    slack = 1e-9 * width
    if law.low - slack <= low <= law.low + near and law.high - near <= high <= law.high + slack:
        return None
    found = f"the entries lie between {low:.4g} and {high:.4g}, expected between {law.low:.4g} and {law.high:.4g}"
    if abs(sample_std / law.std - 1) > _std_tolerance(values.size, law):
        return found + _explained(sample_std, law.std)
    if abs(low + high - law.low - law.high) > width:
        return f"{found}: they lie around {(low + high) / 2:.4g} instead of {law.mean:.4g}"
    if abs((high - low) / width - 1) < ALIKE:
        return f"{found}: the width is off by {(high - low) / width - 1:.2%}"
    return f"{found}: their standard deviation is right, but the distribution is not uniform"


def _wrong_std(values: Floats, law: _Law, sample_mean: float, sample_std: float) -> str | None:
    if abs(sample_std / law.std - 1) <= _std_tolerance(values.size, law):
        return None
    found = f"the standard deviation is {sample_std:.4g}, expected {law.std:.4g}" + _explained(sample_std, law.std)
    tails = _wrong_tails(values, law, sample_mean, sample_std)
    return f"{found}; and {tails}" if tails else found


def _explained(sample_std: float, std: float) -> str:
    """How the two variances compare, in words where they exist."""
    ratio = (sample_std / std) ** 2
    for factor, words in _FACTORS.items():
        if abs(ratio / factor - 1) < ALIKE:
            return f": {words} the variance"
    if abs(sample_std / std**2 - 1) < ALIKE:
        return ": that is the variance, not its square root"
    return f": {ratio:.3g} times the variance"


_FACTORS = {
    2.0: "twice", 3.0: "three times", 4.0: "four times", 5.0: "five times", 6.0: "six times", 12.0: "twelve times",
    1 / 2: "half", 1 / 3: "a third of", 1 / 4: "a quarter of", 1 / 5: "a fifth of", 1 / 6: "a sixth of",
    1 / 12: "a twelfth of",
}  # fmt: skip


def _wrong_mean(size: int, law: _Law, sample_mean: float, sample_std: float) -> str | None:
    off = abs(sample_mean - law.mean) / law.std
    if off <= Z / math.sqrt(size):
        return None
    return f"the mean is {sample_mean:.4g}, expected {law.mean:.4g} (the standard deviation is {sample_std:.4g})"


def _wrong_tails(values: Floats, law: _Law, sample_mean: float, sample_std: float) -> str | None:
    """Look at the tails of a normal distribution: how far they reach on either side, and the fourth moment."""
    if law.kind == "uniform" or sample_std == 0.0:
        return None
    near, far = _reach(values.size)
    low, high = (float(end - sample_mean) / sample_std for end in (values.min(), values.max()))
    if min(-low, high) < near:
        return (
            f"the tails are cut off: the entries lie between {low:.2f} and {high:.2f} standard deviations from the "
            f"mean, and {values.size:,} normal draws reach beyond {near:.2f} on either side"
        )
    if max(-low, high) > far:
        return f"one entry lies {max(-low, high):.1f} standard deviations from the mean, which no normal draw does"
    squares = np.square(values - sample_mean)
    # Plain sums throughout: a dot product would start BLAS threads, which cost more than they save here.
    kurtosis = float(np.square(squares).mean()) / sample_std**4
    if kurtosis < 3 - Z * math.sqrt(24 / values.size):
        return f"the tails are too thin: the fourth moment is {kurtosis:.2f} times the squared variance, expected 3"
    return None


def _wrong_shape(standardized: Floats, law: _Law) -> str | None:
    """Compare the share of draws below each point with the probability of falling below it (Kolmogorov, 1933)."""
    reach = NORMAL_REACH if law.kind == "normal" else math.sqrt(3)
    bins = ((standardized.ravel() + reach) * (BINS / (2 * reach))).astype(np.int64)
    share = np.bincount(bins, minlength=BINS)[: BINS - 1].cumsum() / standardized.size
    distances = np.abs(share - _cumulative(law.kind))
    distance = float(distances.max()) * math.sqrt(standardized.size)
    if distance > math.sqrt(math.log(2 / ALPHA) / 2):
        worst = int(distances.argmax())
        point = law.mean + law.std * reach * (2 * (worst + 1) / BINS - 1)
        expected = float(_cumulative(law.kind)[worst])
        return (
            f"the distribution is not {law.kind}: {share[worst]:.1%} of the entries are below {point:.4g}, "
            f"expected {expected:.1%}"
        )
    if distance < TOO_EVEN:
        return "the entries are spread more evenly than independent draws ever are"
    return None


def _forced_moments(size: int, law: _Law, sample_mean: float, sample_std: float) -> str | None:
    """Independent draws miss the mean and the standard deviation of their distribution by a little."""
    if abs(sample_mean - law.mean) / law.std * math.sqrt(size) < ALPHA:
        return "the mean of the draws is exactly that of the distribution, as if they were shifted to it"
    for ratio in (sample_std / law.std, sample_std / law.std * math.sqrt(size / (size - 1))):
        if abs(ratio - 1) * math.sqrt(size) < ALPHA / 4:
            return "the standard deviation of the draws is exactly that of the distribution, as if they were rescaled"
    return None


def _dependence(standardized: Floats, law: _Law) -> str | None:
    """Relations between entries along each axis: neighbours, halves, and what slices have in common."""
    for axis, size in enumerate(standardized.shape):
        if size == 1:
            continue
        before = math.prod(standardized.shape[:axis])
        block = standardized.reshape(before, size, -1)
        many, _ = _slices_along(axis, standardized.ndim)
        half = size // 2
        first, last = block[:, :half], block[:, size - half :]
        for a, b, words in (
            (block[:, :-1], block[:, 1:], f"neighbouring {many} are"),
            (first, last, f"the first and the second half of the {many} are"),
            (first, last[:, ::-1], f"the first half of the {many} and the mirrored second half are"),
        ):
            correlation = float(np.einsum("ijk,ijk->", a, b)) / a.size
            if abs(correlation) * math.sqrt(a.size) > Z:
                return f"{words} correlated ({correlation:.2f}): each entry needs a draw of its own"
        problem = _uneven_slices(block, law, many)
        if problem:
            return problem
    return None


def _uneven_slices(block: Floats, law: _Law, many: str) -> str | None:
    """Compare sums and sums of squares of slices: they scatter as those of independent draws, no more and no less."""
    count, size = block.shape[1], block.size // block.shape[1]
    if size < MIN_SLICE:
        return None
    least, most = _chi_square_bounds(count)
    sums = block.sum(axis=(0, 2))
    scatter = float(np.square(sums).sum()) / size
    if not least <= scatter <= most:
        return f"the means of the {many} differ {_compared(scatter, least)} than independent draws' do"
    squares = np.einsum("ijk,ijk->j", block, block) - size
    scatter = float(np.square(squares).sum()) / size / (law.kurtosis - 1)
    if not least <= scatter <= 1.25 * most + 60:
        return f"the standard deviations of the {many} differ {_compared(scatter, least)} than independent draws' do"
    return None


def _compared(scatter: float, least: float) -> str:
    return "less" if scatter < least else "more"


# --- bounds ---------------------------------------------------------------------------------------------------------


def _std_tolerance(size: int, law: _Law) -> float:
    return Z * math.sqrt((law.kurtosis - 1) / (4 * size))


@lru_cache
def _reach(size: int) -> tuple[float, float]:
    """How far the largest of so many standard normal draws reaches at least, and at most."""
    near = -_STANDARD.inv_cdf(-math.log(ALPHA) / size)
    return near, -_STANDARD.inv_cdf(ALPHA / (2 * size))


@lru_cache
def _cumulative(kind: str) -> Floats:
    """Tabulate the probability of falling below each inner bin edge."""
    if kind == "uniform":
        return np.arange(1, BINS) / BINS
    edges = NORMAL_REACH * (2 * np.arange(1, BINS) / BINS - 1)
    return np.array([(1 + math.erf(edge / math.sqrt(2))) / 2 for edge in edges])


@lru_cache
def _chi_square_bounds(degrees: int) -> tuple[float, float]:
    """Where a chi-square variable lies but for `ALPHA`, roughly on the safe side (Wilson and Hilferty, 1931)."""
    centre, spread = 1 - 2 / (9 * degrees), math.sqrt(2 / (9 * degrees))
    return degrees * max(0.0, centre - 1.05 * Z * spread) ** 3, degrees * (centre + 1.05 * Z * spread) ** 3


def _slices_along(axis: int, ndim: int) -> tuple[str, str]:
    """Name the slices along an axis, many and one."""
    if ndim == 1:
        return "entries", "entry"
    if ndim == len(_OF_A_MATRIX):
        return _OF_A_MATRIX[axis]
    return f"slices along axis {axis}", f"slice along axis {axis}"
