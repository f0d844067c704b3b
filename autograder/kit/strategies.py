"""Hypothesis strategies that know NumPy, and `given`, which draws a test's inputs with dimensions in common.

Structure (sizes, scales, layouts, small arrays entry by entry) is drawn through Hypothesis, so that it shrinks; the
numbers of larger arrays come from a drawn seed, since Hypothesis' own float arrays are mostly zeros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from hypothesis import strategies as st

from .failure import AuthorError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy
    from numpy.typing import NDArray

LARGEST = 7
#: Up to this many entries an array is drawn entry by entry.
ENTRY_BY_ENTRY = 6
#: Entries are drawn as whole numbers of these steps, so that they are short to read and exact in float64.
STEPS = 16
MARGIN = 1e-3
SEEDS = 2**32 - 1

_ONE_STEP = st.integers(-STEPS, STEPS)
_SEED = st.integers(0, SEEDS)
_SCALE = st.sampled_from((1.0, 1.0, 1.0, 1e-3, 30.0, 1e3))
_NDIM = st.sampled_from((1, 2, 3))
_LAYOUT = st.integers(0, 9)
_EIGHTH = st.integers(0, 7)
_COIN = st.booleans()
_DRAWN_SIZES = {largest: st.integers(1, largest) for largest in (4, 6, LARGEST, 12)}

_DIMENSION = re.compile(r"^(?:(?P<name>[A-Za-z]\w*)(?:=(?P<low>\d+)\.\.(?P<high>\d+))?|(?P<fixed>\d+))$")


@dataclass
class Drawn:
    """What has been drawn so far for one example: the sizes of named dimensions and the arguments."""

    sizes: dict[str, int] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)


class Spec(Protocol):
    """A strategy that depends on what was drawn before."""

    def draw(self, draw: DrawFn, drawn: Drawn) -> Any:
        """Draw a value."""


def given(**arguments: Spec | SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Draw the keyword arguments of a test, in order; the same dimension name is the same size in one example."""
    for name, argument in arguments.items():
        if not (hasattr(argument, "draw") or hasattr(argument, "example")):
            message = f"given({name}=...): a strategy is due, not {type(argument).__name__}"
            raise AuthorError(message)

    @st.composite
    def example(draw: DrawFn) -> dict[str, Any]:
        drawn = Drawn()
        for name, argument in arguments.items():
            if isinstance(argument, st.SearchStrategy):
                drawn.inputs[name] = draw(argument)
            else:
                drawn.inputs[name] = argument.draw(draw, drawn)
        return drawn.inputs

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        function.examples_strategy = example()  # type: ignore[attr-defined]
        return function

    return decorate


# --- dimensions -----------------------------------------------------------------------------------------------------


def _size(part: str, draw: DrawFn, drawn: Drawn) -> int:
    match = _DIMENSION.match(part)
    if match is None:
        message = f"a dimension is a name, a number or a range such as N=2..40, not {part!r}"
        raise AuthorError(message)
    if match["fixed"]:
        return int(match["fixed"])
    name = match["name"]
    if name not in drawn.sizes:
        low, high = int(match["low"] or 1), int(match["high"] or LARGEST)
        if low > high:
            message = f"{part!r}: no size is from {low} to {high}"
            raise AuthorError(message)
        size = draw(_DRAWN_SIZES[high] if low == 1 and high in _DRAWN_SIZES else st.integers(low, high))
        taken = set(drawn.sizes.values())
        free = [other for other in range(low, high + 1) if other not in taken]
        if size in taken and free and not draw(_COIN):
            size = free[size % len(free)]
        drawn.sizes[name] = size
    return drawn.sizes[name]


def _shape(dimensions: str, draw: DrawFn, drawn: Drawn) -> tuple[int, ...]:
    return tuple(_size(part, draw, drawn) for part in dimensions.split())


@dataclass(frozen=True)
class _Dim:
    name: str

    def draw(self, draw: DrawFn, drawn: Drawn) -> int:
        return _size(self.name, draw, drawn)


def dim(name: str) -> Spec:
    """The size of a named dimension."""
    return _Dim(name)


# --- arrays ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Arrays:
    dimensions: str | None
    between: tuple[float, float] | None
    scale: float | None
    away_from: tuple[float, ...]
    integers: bool
    layouts: bool
    like: str | None = None

    def draw(self, draw: DrawFn, drawn: Drawn) -> NDArray[Any]:
        shape = self._draw_shape(draw, drawn)
        if self.integers and draw(_EIGHTH) == 7:  # noqa: PLR2004 - one in eight
            values = self._whole_numbers(draw, shape)
        else:
            values = self._numbers(draw, shape)
        return _laid_out(draw, values) if self.layouts else values

    def _draw_shape(self, draw: DrawFn, drawn: Drawn) -> tuple[int, ...]:
        if self.like is not None and self.like in drawn.inputs:
            shape: tuple[int, ...] = np.shape(drawn.inputs[self.like])
            return shape
        dimensions = self.dimensions if self.like is None else self.like
        if dimensions is not None:
            return _shape(dimensions, draw, drawn)
        ndim = draw(_NDIM)
        largest = (12, 6, 4)[ndim - 1]
        return tuple(draw(_DRAWN_SIZES[largest]) for _ in range(ndim))

    def _range(self, draw: DrawFn) -> tuple[float, float]:
        if self.between is not None:
            return self.between
        scale = self.scale or draw(_SCALE)
        return -2.0 * scale, 2.0 * scale

    def _whole_numbers(self, draw: DrawFn, shape: tuple[int, ...]) -> NDArray[Any]:
        low, high = self.between if self.between is not None else (-5.0, 5.0)
        low, high = int(np.ceil(low)), int(np.floor(high))
        size = int(np.prod(shape))
        random = np.random.Generator(np.random.PCG64(draw(_SEED)))
        values = low + np.floor(random.random(size) * (high - low + 1)).astype(np.int64)
        for kink in self.away_from:
            values[values == kink] = low if low != kink else high
        return values.reshape(shape)

    def _numbers(self, draw: DrawFn, shape: tuple[int, ...]) -> NDArray[Any]:
        low, high = self._range(draw)
        size = int(np.prod(shape))
        if size <= ENTRY_BY_ENTRY:
            steps = [draw(_ONE_STEP) for _ in range(size)]
            values = (low + high) / 2 + np.array(steps, np.float64) * ((high - low) / 2 / STEPS)
        else:
            random = np.random.Generator(np.random.PCG64(draw(_SEED)))
            values = _short(low + random.random(size) * (high - low), high - low)
        for kink in self.away_from:
            near = np.abs(values - kink) < MARGIN
            values[near] = kink + np.where(values[near] >= kink, 1.0, -1.0) * max((high - low) / 8, 2 * MARGIN)
        return np.clip(values, low, high).reshape(shape)


def _short(values: NDArray[Any], width: float) -> NDArray[Any]:
    """Round to about four significant digits of the range: short to read, still in general position."""
    decimals = 4 - int(np.floor(np.log10(width))) if width > 0 else 0
    return np.round(values, decimals)


def _laid_out(draw: DrawFn, values: NDArray[Any]) -> NDArray[Any]:
    """The same values, now and then with another memory layout."""
    kind = draw(_LAYOUT)
    if kind == 9:  # noqa: PLR2004 - one in ten each
        return np.asfortranarray(values)
    if kind == 8:  # noqa: PLR2004
        wide = np.full((*values.shape[:-1], 2 * values.shape[-1]), 77, values.dtype)
        wide[..., ::2] = values
        return wide[..., ::2]
    if kind == 7:  # noqa: PLR2004
        return np.ascontiguousarray(values[::-1])[::-1]
    return values


def arrays(
    dimensions: str | None = None,
    *,
    between: tuple[float, float] | None = None,
    scale: float | None = None,
    away_from: Sequence[float] = (),
    integers: bool = True,
    layouts: bool = True,
) -> Spec:
    """Arrays with named dimensions (`"N D"`, `"N=2..40 D"`, `"N 3"`) or, without, of any shape of 1 to 3 dimensions.

    Values lie in `between`, or are of about the size `scale`, or of sizes from 1e-3 to 1e3; at least 1e-3 away from
    each of `away_from`. One in eight is an int64 array, three in ten are strided, reversed or Fortran-ordered, unless
    `integers` or `layouts` is False.
    """
    return _Arrays(dimensions, between, scale, tuple(away_from), integers, layouts)


def upstream(like: str, *, scale: float = 1.0) -> Spec:
    """An upstream gradient: random float64 values with the shape of the argument `like`, or with these dimensions."""
    return _Arrays(None, None, scale, (), integers=False, layouts=True, like=like)


@dataclass(frozen=True)
class _Labels:
    dimensions: str
    classes: str

    def draw(self, draw: DrawFn, drawn: Drawn) -> NDArray[np.int64]:
        shape = _shape(self.dimensions, draw, drawn)
        classes = _size(self.classes, draw, drawn)
        drawn_labels = [draw(st.integers(0, classes - 1)) for _ in range(int(np.prod(shape)))]
        return np.array(drawn_labels, np.int64).reshape(shape)


@dataclass(frozen=True)
class _OneHot:
    dimensions: str

    def draw(self, draw: DrawFn, drawn: Drawn) -> NDArray[np.float64]:
        rows, classes = _shape(self.dimensions, draw, drawn)
        return np.eye(classes)[[draw(st.integers(0, classes - 1)) for _ in range(rows)]]


def labels(dimensions: str = "N", *, classes: str = "C") -> Spec:
    """Class labels, int64, from 0 to the size of the dimension `classes` less one."""
    return _Labels(dimensions, classes)


def one_hot(dimensions: str = "N C") -> Spec:
    """Rows that are one-hot, float64."""
    return _OneHot(dimensions)


# --- numbers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Floats:
    low: float
    high: float

    def draw(self, draw: DrawFn, drawn: Drawn) -> float:  # noqa: ARG002 - numbers depend on nothing
        steps = 1000
        return round(self.low + (self.high - self.low) * draw(st.integers(0, steps)) / steps, 9)


def floats(low: float, high: float) -> Spec:
    """A Python float, one of 1,001 evenly spaced ones from `low` to `high`."""
    return _Floats(float(low), float(high))


def integers(low: int, high: int) -> SearchStrategy[int]:
    """A Python int from `low` to `high`, both included."""
    return st.integers(low, high)


def sampled(*choices: Any) -> SearchStrategy[Any]:
    """One of the choices."""
    return st.sampled_from(choices)


def seeds() -> SearchStrategy[int]:
    """A seed for `generator`."""
    return _SEED


@dataclass(frozen=True)
class _Depending:
    names: tuple[str, ...]
    make: Callable[..., SearchStrategy[Any] | Spec]

    def draw(self, draw: DrawFn, drawn: Drawn) -> Any:
        made = self.make(*(drawn.inputs[name] for name in self.names))
        return draw(made) if isinstance(made, st.SearchStrategy) else made.draw(draw, drawn)


def depending(*parts: Any) -> Spec:
    """`depending("z", "w", lambda z, w: strategy)`: a strategy made from arguments drawn before."""
    *names, make = parts
    return _Depending(tuple(names), make)
