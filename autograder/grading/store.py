"""Results on disk: `autograded/<student>/<assignment>/result.json`, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import TYPE_CHECKING

import msgspec

from autograder.errors import GraderError

from .result import Result, decode_result, encode_result

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course import Course

FILE_NAME = "result.json"


def result_path(course: Course, student: str, assignment: str) -> Path:
    """Where the result of a submission stands."""
    return course.root / "autograded" / student / assignment / FILE_NAME


def read_result(course: Course, student: str, assignment: str) -> Result | None:
    """The result that stands there; None where there is none that can be read."""
    try:
        return decode_result(result_path(course, student, assignment).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def write_result(course: Course, result: Result) -> Path:
    """Write a result in place of the last one; raises `GraderError` and leaves the last one where it cannot."""
    path = result_path(course, result.student, result.assignment)
    write_atomically(path, encode_result(result))
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by one with these bytes; a failure leaves the old one as it was. Raises `GraderError`."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # noqa: PTH101 - a name, not a Path
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
        message = f"{path}: {error.strerror or error}; what stood there before is unchanged"
        raise GraderError(message) from error
