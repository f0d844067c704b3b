"""Experiments on a student's own functions, which explain themselves while those are not finished."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.place import LostError

from .work import MissingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

AGAIN = "then run this cell again"


@contextmanager
def experiment() -> Iterator[None]:
    """Run an experiment; where it meets something that is not written yet, say what, in place of a traceback.

    Any other error that goes through the student's code is told with the lines it came through. Nothing is raised, so
    that "Run all" goes on with the next cell; an interrupt is let through.
    """
    before = _figures()
    try:
        yield
    except Exception as error:  # noqa: BLE001 - student code may raise anything
        _close(_figures() - before)
        print(_told(error))  # noqa: T201 - this is what it is for


def _told(error: Exception) -> str:
    if isinstance(error, LostError):
        return str(error)
    if isinstance(error, MissingError):
        return f"This experiment needs {error.missing} of {error.path.name}: write it first, {AGAIN}."
    steps = _own_steps(error.__traceback__)
    if isinstance(error, NotImplementedError) and steps:
        name, place = steps[-1][2], _file(steps[-1][0])
        what = f"{name}, in {place}" if place == "this notebook" else f"{name} of {place}"
        return f"This experiment needs {what}: write it first, {AGAIN}."
    if isinstance(error, NameError) and error.name and steps and _file(steps[-1][0]) == "this notebook":
        return f"This experiment needs {error.name}, which an earlier cell makes: get that one to run, {AGAIN}."
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_file(error.filename)} is not valid Python: {error.msg}, in line {error.lineno}."
    lines = [f"The experiment stopped: {type(error).__name__}: {error}"]
    lines += [
        f"    {_file(file)}, line {number}{'' if name == '<module>' else f', in {name}'}"
        for file, number, name in steps
    ]
    lines.append(f"What it uses may not be right yet: look at the checks first, {AGAIN}.")
    return "\n".join(lines)


def _own_steps(trace: TracebackType | None) -> list[tuple[str, int, str]]:
    """The steps of a traceback in the notebook and in files beside it: file, line, function."""
    here = Path.cwd()
    steps = []
    for frame, number in traceback.walk_tb(trace):
        file = frame.f_code.co_filename
        if frame.f_globals.get("__name__") == "__main__" or Path(file).parent == here:
            steps.append((file, number, frame.f_code.co_qualname))
    return steps


def _file(file: str) -> str:
    """Name a file; each cell of a notebook has a made-up one of its own."""
    path = Path(file)
    return path.name if path.parent == Path.cwd() else "this notebook"


def _figures() -> set[int]:
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _close(numbers: set[int]) -> None:
    """Close half-drawn figures, which would be shown under the cell otherwise."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    for number in numbers:
        pyplot.close(number)
