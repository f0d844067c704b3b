"""The strict comparison: kind of thing, shape, dtype kind, finite, then tolerance. Nothing is ever broadcast."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.worker.codec import Opaque

from .failure import CheckFailed, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Place = tuple[int | str, ...]


def comparison(
    expected: Any,
    *,
    rtol: float,
    atol: float,
    magnitude: Any = None,
    dtype: str | None = None,
) -> Callable[[Any], None]:
    """Prepare the comparison with `expected`; the function it gives raises `CheckFailed` for what differs.

    An entry is right when `abs(got - expected) <= atol + rtol * max(abs(expected), magnitude)`.
    """
    return _prepare(expected, rtol, atol, magnitude, dtype, ())


def _prepare(
    expected: Any, rtol: float, atol: float, magnitude: Any, dtype: str | None, place: Place
) -> Callable[[Any], None]:
    if isinstance(expected, dict):
        return _mapping(expected, rtol, atol, magnitude, dtype, place)
    if isinstance(expected, tuple | list):
        return _sequence(expected, rtol, atol, magnitude, dtype, place)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _array(expected, rtol, atol, magnitude, dtype, place)
    if isinstance(expected, bool | np.bool_ | str | type(None)):
        return _same(expected, place)
    return _scalar(float(expected), rtol, atol, magnitude, dtype, place)


def _array(
    expected: NDArray[Any], rtol: float, atol: float, magnitude: Any, dtype: str | None, place: Place
) -> Callable[[Any], None]:
    target = expected.astype(np.float64)
    size = np.abs(target) if magnitude is None else np.maximum(np.abs(target), np.abs(magnitude))
    tolerance = atol + rtol * np.where(np.isfinite(size), size, 0.0)
    shape = target.shape

    def verify(got: Any) -> None:
        if type(got) is not np.ndarray:
            raise CheckFailed(
                f"an array of shape {shape} is due, not {describe_type(got)}",
                kind=Kind.TYPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        if got.shape != shape:
            raise CheckFailed(
                f"the shape must be {shape}, not {got.shape}",
                kind=Kind.SHAPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        _check_dtype(got.dtype, dtype, expected, got, place)
        right = np.abs(got - target) <= tolerance
        if right.all():
            return
        wrong = ~(right | (got == target))
        if not wrong.any():
            return
        index = _worst(np.asarray(got, np.float64), target, tolerance, wrong)
        value = got[index]
        if not np.isfinite(value) and np.isfinite(target[index]):
            says, kind = f"the value must be finite, not {value!s}", Kind.NOT_FINITE
        else:
            count = int(wrong.sum())
            share = (
                "the only entry is"
                if got.size == 1
                else f"{count} of {got.size} entries {'are' if count > 1 else 'is'}"
            )
            says, kind = f"{share} wrong", Kind.VALUE
        raise CheckFailed(says, kind=kind, expected=expected, got=got, place=place + index)

    return verify


def _worst(got: NDArray[Any], target: NDArray[Any], tolerance: NDArray[Any], wrong: NDArray[Any]) -> tuple[int, ...]:
    """The index of the entry that is furthest off; a value that is not a number is further than any."""
    off = np.abs(got - target) / np.maximum(tolerance, 1e-300)
    off = np.where(np.isnan(off), np.inf, off)
    flat = int(np.argmax(np.where(wrong, off, -1.0)))
    return tuple(int(part) for part in np.unravel_index(flat, target.shape))


def _scalar(
    expected: float, rtol: float, atol: float, magnitude: Any, dtype: str | None, place: Place
) -> Callable[[Any], None]:
    size = abs(expected) if magnitude is None else max(abs(expected), abs(float(magnitude)))
    tolerance = atol + rtol * size if math.isfinite(size) else 0.0

    def verify(got: Any) -> None:
        if isinstance(got, np.ndarray) and got.ndim:
            raise CheckFailed(
                f"a single number is due, not an array of shape {got.shape}",
                kind=Kind.SHAPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        if isinstance(got, np.ndarray | np.generic):
            _check_dtype(got.dtype, dtype, expected, got, place)
        elif type(got) not in (int, float):
            raise CheckFailed(
                f"a number is due, not {describe_type(got)}", kind=Kind.TYPE, expected=expected, got=got, place=place
            )
        try:
            value = float(got)
        except OverflowError:
            value = math.inf
        if abs(value - expected) <= tolerance or value == expected:
            return
        finite = math.isfinite(value) or not math.isfinite(expected)
        says = "the value is wrong" if finite else f"the value must be finite, not {value}"
        raise CheckFailed(says, kind=Kind.VALUE if finite else Kind.NOT_FINITE, expected=expected, got=got, place=place)

    return verify


def _check_dtype(got: np.dtype[Any], due: str | None, expected: Any, value: Any, place: Place) -> None:
    if due is not None and got != np.dtype(due):
        raise CheckFailed(
            f"the dtype must be {due}, not {got}", kind=Kind.DTYPE, expected=expected, got=value, place=place
        )
    if got.kind not in "fiu":
        raise CheckFailed(
            f"real numbers are due, not {got}", kind=Kind.DTYPE, expected=expected, got=value, place=place
        )


def _mapping(
    expected: dict[str, Any], rtol: float, atol: float, magnitude: Any, dtype: str | None, place: Place
) -> Callable[[Any], None]:
    magnitudes = magnitude if isinstance(magnitude, dict) else dict.fromkeys(expected, magnitude)
    parts = {
        key: _prepare(value, rtol, atol, magnitudes.get(key), dtype, (*place, key)) for key, value in expected.items()
    }

    def verify(got: Any) -> None:
        if not isinstance(got, dict):
            raise CheckFailed(
                f"a dict is due, not {describe_type(got)}", kind=Kind.TYPE, expected=expected, got=got, place=place
            )
        if got.keys() != parts.keys():
            raise CheckFailed(
                f"the keys must be {_names(parts)}, not {_names(got)}",
                kind=Kind.SHAPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        for key, part in parts.items():
            part(got[key])

    return verify


def _sequence(
    expected: tuple[Any, ...] | list[Any], rtol: float, atol: float, magnitude: Any, dtype: str | None, place: Place
) -> Callable[[Any], None]:
    many = isinstance(magnitude, tuple | list)
    parts = [
        _prepare(value, rtol, atol, magnitude[index] if many else magnitude, dtype, (*place, index))
        for index, value in enumerate(expected)
    ]
    kind = type(expected)

    def verify(got: Any) -> None:
        if type(got) is not kind:
            raise CheckFailed(
                f"a {kind.__name__} is due, not {describe_type(got)}",
                kind=Kind.TYPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        if len(got) != len(parts):
            raise CheckFailed(
                f"{len(parts)} entries are due, not {len(got)}",
                kind=Kind.SHAPE, expected=expected, got=got, place=place,
            )  # fmt: skip
        for part, value in zip(parts, got, strict=True):
            part(value)

    return verify


def _same(expected: Any, place: Place) -> Callable[[Any], None]:
    def verify(got: Any) -> None:
        if isinstance(got, np.bool_):
            got = bool(got)
        if type(got) is not type(expected) or got != expected:
            raise CheckFailed("the value is wrong", kind=Kind.VALUE, expected=expected, got=got, place=place)

    return verify


def _names(keys: Any) -> str:
    return ", ".join(sorted(str(key)[:40] for key in keys)[:20]) or "none"


def describe_type(value: Any) -> str:
    """Name the kind of thing a value is, as a student would."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Opaque):
        return f"a value of type {value.type_name}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, np.generic):
        return f"a single {value.dtype} number"
    return {"int": "a single int", "float": "a single float", "list": "a list", "tuple": "a tuple"}.get(
        type(value).__name__, f"a {type(value).__name__}"
    )
