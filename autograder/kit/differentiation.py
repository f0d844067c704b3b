"""Numerical differentiation of an oracle: what gradients are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

#: Complex step: exact to rounding, since nothing is subtracted (Squire and Trapp, 1998).
COMPLEX_STEP = 1e-30
#: Central differences in float64: the step where truncation (h squared) and rounding (1/h) errors meet.
CENTRAL_STEP = 1e-5


def directional(of: Callable[[Any], Any], at: NDArray[Any], direction: NDArray[Any]) -> tuple[float, bool]:
    """The derivative of scalar `of` at `at` along `direction`, and whether it is exact to rounding."""
    try:
        value = np.asarray(of(at + 1j * COMPLEX_STEP * direction))
    except TypeError:
        value = np.asarray(0.0)
    if value.dtype.kind == "c":
        return float(value.imag) / COMPLEX_STEP, True
    step = CENTRAL_STEP * max(1.0, float(np.abs(at).max(initial=0.0)))
    return float(of(at + step * direction) - of(at - step * direction)) / (2 * step), False


def gradient(of: Callable[[Any], Any], at: Any) -> tuple[Any, bool]:
    """The gradient of scalar `of` at an array or number, and whether it is exact to rounding."""
    point = np.asarray(at, np.float64)
    result = np.zeros(point.shape)
    exact = True
    for index in np.ndindex(point.shape):
        direction = np.zeros(point.shape)
        direction[index] = 1.0
        result[index], exact = directional(of, point, direction)
    return (result if point.ndim else float(result)), exact
