"""Makes a failing example smaller with Hypothesis' shrinker, within a budget that is counted, not timed.

A count gives the same counterexample on a slow machine as on a fast one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.database import InMemoryExampleDatabase, choices_to_bytes
from hypothesis.errors import HypothesisException

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from .draw import Example

BUDGET = 60

_KEY = b"failing"


def shrink(
    strategy: SearchStrategy[dict[str, Any]],
    failing: Example,
    still_fails: Callable[[dict[str, Any]], bool],
    budget: int = BUDGET,
) -> dict[str, Any]:
    """The smallest inputs found that still fail, trying at most `budget` others."""
    database = InMemoryExampleDatabase()
    database.save(_KEY, choices_to_bytes(failing.choices))
    best = failing.inputs
    tried = 0

    def condition(inputs: dict[str, Any]) -> bool:
        nonlocal best, tried
        if tried >= budget:
            return False
        tried += 1
        if not still_fails(inputs):
            return False
        best = inputs
        return True

    try:
        find(
            strategy,
            condition,
            settings=settings(
                database=database,
                phases=(Phase.reuse, Phase.shrink),
                max_examples=budget,
                derandomize=False,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
            database_key=_KEY,
        )
    except HypothesisException:
        pass
    return best
