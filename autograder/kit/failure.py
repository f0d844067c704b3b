"""What a failed check says: one typed error that every kind of feedback renders."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of difference a check found."""

    VALUE = "value"
    SHAPE = "shape"
    TYPE = "type"
    DTYPE = "dtype"
    NOT_FINITE = "not-finite"
    RAISED = "raised"
    NOT_RAISED = "not-raised"
    MISSING = "missing"
    UNFINISHED = "unfinished"
    CHANGED_ARGUMENT = "changed-argument"
    GLOBAL_RANDOM = "global-random"
    WARNING = "warning"
    PROPERTY = "property"
    STOPPED = "stopped"


class CheckFailed(AssertionError):  # noqa: N818 - it is what a failed assertion is called
    """An answer is not what it must be.

    `says` is the sentence for the student; `expected` and `got` are the values that differ (or `NOTHING`), `place` the
    index of the entry where they differ most, `step` the number of the step that gave the answer.
    """

    def __init__(
        self,
        says: str,
        *,
        kind: Kind = Kind.PROPERTY,
        expected: Any = ...,
        got: Any = ...,
        place: tuple[int | str, ...] | None = None,
    ) -> None:
        """Say what is wrong, with the values where there are any."""
        super().__init__(says)
        self.says = says
        self.kind = kind
        self.expected = expected
        self.got = got
        self.place = place
        self.step: int | None = None
        self.error: dict[str, Any] | None = None


class AuthorError(TypeError):
    """A test is written in a way that cannot work; the message says what to write instead."""
