"""Why something that was handed in cannot be graded."""

from typing import Literal

from msgspec import Struct

ProblemKind = Literal[
    "missing", "not-a-file", "symlink", "too-large", "not-utf8", "nul-bytes", "unreadable", "bad-notebook"
]


class SubmissionProblem(Struct, frozen=True):
    """Why there is no source to grade. `message` is a plain sentence for the student."""

    kind: ProblemKind
    message: str


class RefusedError(Exception):
    """A file that is not taken."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.problem = SubmissionProblem(kind, message)


def checked(data: bytes, name: str) -> bytes:
    """Return `data` if it is UTF-8 text without NULs."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedError("not-utf8", f"{name} is not UTF-8 text (line {line}); save it as UTF-8") from None
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise RefusedError("nul-bytes", f"{name} holds NUL bytes (line {line}) and is no Python; save it again")
    return data
