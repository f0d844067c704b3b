"""Makes a failing example smaller with Hypothesis' shrinker, within a budget that is counted, not timed.

A count gives the same counterexample on a slow machine as on a fast one. The engine is driven directly, since
`hypothesis.find` draws its order of attempts anew in each process and takes what it is given to start with for shrunk.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture.data import ConjectureResult, Status
from hypothesis.internal.conjecture.engine import ConjectureRunner, RunIsComplete
from hypothesis.internal.escalation import InterestingOrigin

from .draw import size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.internal.conjecture.data import ConjectureData
    from hypothesis.strategies import SearchStrategy

    from .draw import Example

BUDGET = 150

_FAILS = InterestingOrigin(AssertionError, None, None, (), ())


class _Enough(Exception):  # noqa: N818 - an end, not an error
    """The budget is used up."""


def shrink(
    strategy: SearchStrategy[dict[str, Any]],
    failing: Example,
    still_fails: Callable[[dict[str, Any]], bool],
    budget: int = BUDGET,
) -> dict[str, Any]:
    """The smallest inputs found that still fail, trying at most `budget` others.

    What `still_fails` raises comes through.
    """
    best = failing.inputs
    tried = 0

    def attempt(data: ConjectureData) -> None:
        nonlocal best, tried
        inputs = data.draw(strategy)
        if tried >= budget:
            raise _Enough
        if size_of(inputs) > size_of(best):
            return  # fewer choices, yet more to read: a large array is drawn by its seed alone
        tried += 1
        if still_fails(inputs):
            best = inputs
            data.mark_interesting(_FAILS)

    runner = ConjectureRunner(
        attempt,
        settings=settings(database=None, deadline=None, suppress_health_check=list(HealthCheck)),
        random=Random(0),  # noqa: S311 - the order of attempts, the same every time
        ignore_limits=True,
    )
    try:
        found = runner.cached_test_function(failing.choices)
        if isinstance(found, ConjectureResult) and found.status is Status.INTERESTING:
            runner.shrink(found, lambda data: data.status is Status.INTERESTING)
    except (_Enough, RunIsComplete, HypothesisException):
        pass  # the last is about code that fails now and then; the smallest that failed is an answer all the same
    return best
