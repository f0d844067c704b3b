"""What misconceptions answer, kept on disk: it depends on tests, seed and bank alone, and takes seconds to work out."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from autograder.errors import GraderError
from autograder.grading.store import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1


class StoredSample(Struct, frozen=True, array_like=True):
    """One example that a misconception fails, arrays as bytes."""

    manner: str
    form: str
    messages: tuple[str, ...]
    numbers: bytes
    tolerance: bytes
    changed: bytes


class Stored(Struct, frozen=True, array_like=True):
    """One misconception: its samples by test and number of the example."""

    slug: str
    samples: dict[str, dict[int, StoredSample]]


class _File(Struct, frozen=True, array_like=True):
    format: int
    key: str
    profiles: list[Stored]


class Cache:
    """A folder with a file for each exercise. What cannot be read is made again, what cannot be written is not kept."""

    def __init__(self, folder: Path) -> None:
        """Keep files in `folder`, which is made when there is something to keep."""
        self._folder = folder

    def read(self, exercise: str, key: str) -> list[Stored] | None:
        """What was kept under this key; None where nothing was."""
        try:
            file = msgspec.msgpack.decode(self._path(exercise).read_bytes(), type=_File)
        except (OSError, msgspec.MsgspecError):
            return None
        return file.profiles if (file.format, file.key) == (FORMAT, key) else None

    def write(self, exercise: str, key: str, profiles: list[Stored]) -> None:
        """Keep profiles in place of what was kept for the exercise before."""
        with contextlib.suppress(GraderError):
            write_atomically(self._path(exercise), msgspec.msgpack.encode(_File(FORMAT, key, profiles)))

    def _path(self, exercise: str) -> Path:
        return self._folder / f"{exercise}.msgpack"
