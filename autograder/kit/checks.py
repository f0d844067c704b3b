"""The checks that tests make, on answers (noted for later) or on concrete values (made at once)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .compare import comparison, describe_type
from .differentiation import directional, gradient
from .failure import AuthorError, CheckFailed, Kind
from .trace import Answer, Callback, Seen, current

if TYPE_CHECKING:
    from collections.abc import Callable

#: Above this many entries a gradient is checked along random directions instead of entry by entry.
EVERY_COORDINATE = 200
DIRECTIONS = 5
DIRECTION_SEED = 7
#: Tolerance where the oracle could only be differenced, not stepped into the complex plane.
DIFFERENCED = 1e-6
#: How much of an exception's own words is told.
MOST_WORDS = 300


def check_close(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-9,
    atol: float = 1e-9,
    relative_to: Any = None,
    magnitude: Any = None,
    dtype: str | None = None,
) -> None:
    """Check values strictly: kind of thing, shape, dtype kind, finite, then tolerance.

    An entry passes when `abs(got - expected) <= atol * s + rtol * max(abs(expected), magnitude)` where `s` is the
    largest absolute value of `relative_to` (1 without it). Scalars accept Python numbers, NumPy scalars and 0-d arrays.
    """
    _no_answers(expected)
    verify = comparison(expected, rtol=rtol, atol=atol * _size(relative_to), magnitude=magnitude, dtype=dtype)
    _make(got, verify)


def check_gradient(
    got: Any,
    of: Callable[[Any], Any],
    at: Any,
    *,
    relative_to: Any = None,
    magnitude: Any = None,
    rtol: float = 1e-9,
    atol: float = 1e-9,
) -> None:
    """Check a gradient against numerical differentiation of the scalar function `of` at `at`.

    Every coordinate is compared up to 200 of them, five Gaussian directions above that. The tolerance is that of
    `check_close` when `of` takes complex arrays (complex step), and relative to the gradient's size (1e-6) otherwise.
    """
    point = np.asarray(at, np.float64)
    scale = _size(relative_to)
    if point.size > EVERY_COORDINATE:
        _make(got, _along_directions(of, point, rtol, atol * scale))
        return
    expected, exact = gradient(of, at)
    if not exact:
        rtol, atol = DIFFERENCED, max(atol, DIFFERENCED * _size(expected)) if relative_to is None else DIFFERENCED
    _make(got, comparison(expected, rtol=rtol, atol=atol * scale, magnitude=magnitude))


def _along_directions(of: Callable[[Any], Any], at: Any, rtol: float, atol: float) -> Callable[[Any], None]:
    random = np.random.Generator(np.random.PCG64(DIRECTION_SEED))
    directions = [random.standard_normal(at.shape) for _ in range(DIRECTIONS)]
    slopes = [directional(of, at, direction) for direction in directions]
    shaped = comparison(np.zeros(at.shape), rtol=0.0, atol=np.inf)

    def verify(got: Any) -> None:
        shaped(got)
        if not np.isfinite(got).all():
            raise CheckFailed("every entry must be finite", kind=Kind.NOT_FINITE, got=got)
        for direction, (slope, exact) in zip(directions, slopes, strict=True):
            along = float((got * direction).sum())
            size = float(np.abs(got * direction).sum())
            tolerance = atol + (rtol if exact else DIFFERENCED) * max(size, abs(slope))
            if not abs(along - slope) <= tolerance:
                raise CheckFailed(
                    "the slope along a random direction is wrong", kind=Kind.VALUE, expected=slope, got=along
                )

    return verify


def check_raises(got: Answer, *kinds: type[Exception]) -> None:
    """Check that the step raised one of these exceptions (or a subclass)."""
    names = [kind.__name__ for kind in kinds]
    due = " or ".join(names)

    def verify(seen: Seen) -> None:
        error = seen.error(got._step)  # noqa: SLF001 - an answer is opaque to authors, not to checks
        if error is None:
            raise CheckFailed(f"{due} must be raised", kind=Kind.NOT_RAISED, expected=due, got="no exception")
        if "NotImplementedError" in error["kinds"]:
            failed = CheckFailed("not written yet: it raises NotImplementedError", kind=Kind.UNFINISHED)
            failed.error = error
            raise failed
        if not set(names) & set(error["kinds"]):
            failed = CheckFailed(
                f"{due} must be raised, not {error['type']}", kind=Kind.RAISED, expected=due, got=error["type"]
            )
            failed.error = error
            raise failed

    _note(got, verify)


def check_no_warning(got: Answer) -> None:
    """Check that the step gave no overflow, invalid-value or divide-by-zero warning."""

    def verify(seen: Seen) -> None:
        kinds = seen.warnings(got._step)  # noqa: SLF001
        seen.value(got._step)  # noqa: SLF001
        if kinds:
            raise CheckFailed(f"NumPy warns: {', '.join(kinds)} encountered", kind=Kind.WARNING)

    _note(got, verify)


def check_that(predicate: Callable[..., object], *values: Any, says: str = "") -> None:
    """Check that `predicate(*values)` returns None or True once the values are there.

    The values may be answers, lists, tuples and dicts of answers, and `calls_of(callback)`. The predicate may also
    return or raise a sentence, or call the other checks.
    """

    def verify(concrete: list[Any]) -> None:
        outcome = _asked(predicate, concrete)
        if isinstance(outcome, str):
            raise CheckFailed(outcome)
        if outcome is not None and not outcome:
            raise CheckFailed(says or "the property does not hold")

    _make(list(values), verify)


def check_share(predicate: Callable[..., object], *values: Any, says: str = "") -> None:
    """Check that earns a share of the test's points: `predicate` returns a share from 0 to 1, or (share, sentence).

    It must be the only check of a test with a single example.
    """

    def verify(concrete: list[Any]) -> None:
        outcome: Any = _asked(predicate, concrete)
        share, sentence = outcome if isinstance(outcome, tuple) else (outcome, says)
        if not float(share) >= 1.0:  # NaN is no share
            raise PartlyRight(str(sentence or says), float(share))

    _make(list(values), verify)


def _asked(predicate: Callable[..., object], concrete: list[Any]) -> object:
    """What the predicate says; where it cannot cope with a value, that value is not what is due.

    An array, say, is neither true nor false: what is returned can be asked for its truth.
    """
    try:
        outcome = predicate(*concrete)
        bool(outcome)
    except (CheckFailed, AuthorError):
        raise
    except Exception as error:
        message = f"the answer is not of the kind that is due ({type(error).__name__}{_words_of(error)})"
        raise CheckFailed(message, kind=Kind.TYPE) from error
    return outcome


def _words_of(error: Exception) -> str:
    """What an exception says; one that holds a student's value may not be able to, or have too much to say."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - such as an int that Python refuses to print
        return ""
    return f": {words[:MOST_WORDS]}" if words else ""


class PartlyRight(CheckFailed):
    """A check that earned a share of its points."""

    def __init__(self, says: str, share: float) -> None:
        """Say what is missing and the share, from 0 to 1, that was earned."""
        super().__init__(says)
        self.share = min(share, 1.0) if share > 0 else 0.0


@dataclass(frozen=True, eq=False)
class CallsOf:
    """The calls that the student's code made to a callback, once they are known."""

    callback: Callback


def calls_of(callback: Callback) -> CallsOf:
    """The calls made to a callback, as a value for `check_that`: a list of `Call(args, keywords, result)`."""
    return CallsOf(callback)


# --- now or later ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NotedCheck:
    """A check that waits for its answers."""

    steps: tuple[int, ...]
    verify: Callable[[Seen], None]

    def __call__(self, seen: Seen) -> None:
        """Make the check; what it raises knows the step that it is about."""
        try:
            self.verify(seen)
        except CheckFailed as failed:
            if failed.step is None and self.steps:
                failed.step = self.steps[0]
            raise


def _make(got: Any, verify: Callable[[Any], None]) -> None:
    """Make a check of a value now, or note it where the value is still to come."""
    steps = tuple(_steps_in(got))
    if not steps and not _holds_calls(got):
        verify(got)
        return
    current().checks.append(NotedCheck(steps, lambda seen: verify(_resolved(got, seen))))


def _note(got: Any, verify: Callable[[Seen], None]) -> None:
    if not isinstance(got, Answer):
        message = f"an answer of the submission is due, not {describe_type(got)}"
        raise AuthorError(message)
    current().checks.append(NotedCheck((got._step,), verify))  # noqa: SLF001


def _steps_in(value: Any) -> list[int]:
    if isinstance(value, Answer):
        return [value._step]  # noqa: SLF001
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [step for item in value for step in _steps_in(item)]
    return []


def _holds_calls(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, CallsOf) or (isinstance(value, list | tuple) and any(map(_holds_calls, value)))


def _resolved(value: Any, seen: Seen) -> Any:
    if isinstance(value, Answer):
        return seen.value(value._step)  # noqa: SLF001
    if isinstance(value, CallsOf):
        return seen.calls(value.callback)
    if isinstance(value, dict):
        return {key: _resolved(item, seen) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_resolved(item, seen) for item in value])
    return value


def _size(value: Any) -> float:
    """The largest absolute value in an array or number; 1 for None."""
    return 1.0 if value is None else float(np.abs(np.asarray(value, np.float64)).max(initial=0.0))


def _no_answers(value: Any) -> None:
    if _steps_in(value):
        message = "what is expected must be known; compare two answers with check_that"
        raise AuthorError(message)
