"""What a test file declares: graded tests and stand-ins."""

from __future__ import annotations

import inspect
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .failure import AuthorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

EXAMPLES = 30

_order = itertools.count()


@dataclass(frozen=True, eq=False)
class GradedTest:
    """One test of an exercise, as its file declares it."""

    function: Callable[..., None]
    exercise: str
    weight: float
    needs: tuple[str, ...]
    examples: int
    order: int

    @property
    def name(self) -> str:
        """The name of the test function."""
        return self.function.__name__

    @property
    def title(self) -> str:
        """The property in words: the first line of the docstring."""
        return (inspect.getdoc(self.function) or self.name).splitlines()[0]

    @property
    def strategy(self) -> SearchStrategy[dict[str, Any]] | None:
        """What draws the examples; None for a test without inputs."""
        return getattr(self.function, "examples_strategy", None)


def exercise(
    name: str, *, weight: float = 1.0, needs: tuple[str, ...] = (), examples: int = EXAMPLES
) -> Callable[[Callable[..., None]], GradedTest]:
    """Declare a test of the exercise `name`.

    The exercise's points are shared by its tests by `weight`. When the test fails and an exercise in `needs` failed
    too, it is reported as waiting for that one. `examples` inputs are drawn.
    """

    def decorate(function: Callable[..., None]) -> GradedTest:
        if not inspect.getdoc(function):
            message = f"{function.__name__}: a graded test needs a docstring; students read its first line"
            raise AuthorError(message)
        return GradedTest(function, name, float(weight), tuple(needs), examples, next(_order))

    return decorate


@dataclass(frozen=True, eq=False)
class StandIn:
    """Functions that may stand in for a student's when another exercise is judged."""

    exercise: str
    functions: dict[str, Callable[..., Any]]


_declared: list[StandIn] = []


def stand_in(exercise: str, **functions: Callable[..., Any]) -> None:
    """Keep other exercises independent of this one.

    When another exercise fails while `exercise` fails too, it is tried again with the student's functions of these
    names answered by these definitions, from the trusted process.
    """
    _declared.append(StandIn(exercise, functions))


def declared_stand_ins() -> list[StandIn]:
    """Take the stand-ins declared since the last call."""
    taken = list(_declared)
    _declared.clear()
    return taken
