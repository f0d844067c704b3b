"""Failures as data: everything that feedback shows, made safe and short here once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.feedback.counterexample import code_for
from autograder.feedback.text import clean, entry_at, show
from autograder.kit.failure import CheckFailed, Kind

from .result import Failure, Line

if TYPE_CHECKING:
    from autograder.kit.trace import Script
    from autograder.suite.build import TracedTest

    from .executors import Stopped

#: No file that is read has a line of a higher number; the numbers come from the worker, which may invent them.
LAST_LINE = 10_000_000


def describe_failure(failed: CheckFailed, script: Script, inputs: dict[str, Any], filename: str) -> Failure:
    """What a failed check says, with the counterexample as code."""
    step = failed.step if failed.step is not None else len(script.program[0]) - 1
    place = failed.place or ()
    says = failed.says
    if failed.kind == Kind.CHANGED_ARGUMENT:
        index = place[0]
        name = _input_name(script, inputs, index) if isinstance(index, int) else None
        says, place = says.replace("an argument", f"the argument `{name}`") if name else says, ()
    return Failure(
        kind=str(failed.kind),
        says=clean(says),
        code=code_for(script, inputs, step, _module(filename)),
        expected=_shown(failed.expected),
        got=_shown(failed.got),
        place="".join(f"[{key!r}]" if isinstance(key, str) else f"[{key}]" for key in place).replace("][", ", "),
        expected_there=_shown_there(failed.expected, place),
        got_there=_shown_there(failed.got, place),
        error=_error(failed.error),
        lines=_lines(failed.error),
    )


def stopped_failure(stopped: Stopped, traced: TracedTest, filename: str) -> Failure:
    """What is said of a test that student code never finished, with what it was busy with by its own account."""
    number = min(max(stopped.example, 0), len(traced.scripts) - 1)
    script, inputs = traced.scripts[number], traced.examples[number].inputs
    return Failure(
        kind=stopped.kind,
        says=clean(stopped.detail),
        code=code_for(script, inputs, len(script.program[0]) - 1, _module(filename)),
    )


def load_problem(error: dict[str, Any], filename: str) -> tuple[str, tuple[Line, ...]]:
    """Why a module cannot be loaded, in a sentence, with the student's lines."""
    lines = _lines(error)
    where = f" in line {lines[-1].number}" if lines else ""
    kind, message = clean(error["type"], 80), clean(error["message"], 300)
    if "SyntaxError" in error["kinds"]:
        return f"{filename} is not valid Python: {message}{where}", lines
    if "ImportError" in error["kinds"]:
        return (
            f"{filename} cannot be imported: {message}{where}; only NumPy and the standard library may be used",
            lines,
        )
    if kind == "SystemExit":
        return f"{filename} ends Python while it is imported (SystemExit){where}", lines
    return f"{filename} cannot be imported: {kind}: {message}{where}", lines


def _module(filename: str) -> str:
    return filename.rpartition("/")[2].rpartition(".")[0]


def _shown(value: Any) -> str:
    return "" if value is ... else show(value)


def _shown_there(value: Any, place: tuple[int | str, ...]) -> str:
    """The one entry that is furthest off; nothing where the whole is a single number anyway."""
    if not place or value is ... or (isinstance(value, np.ndarray) and value.size == 1):
        return ""
    return _shown(entry_at(value, place))


def _error(error: dict[str, Any] | None) -> str:
    if error is None or error["type"] == "MissingName":
        return ""
    return f"{clean(error['type'], 80)}: {clean(error['message'], 300)}".removesuffix(": ")


def _lines(error: dict[str, Any] | None) -> tuple[Line, ...]:
    lines = (error or {}).get("lines", ())
    return tuple(Line(number, clean(function, 80)) for number, function in lines if 0 < number <= LAST_LINE)


def _input_name(script: Script, inputs: dict[str, Any], index: int) -> str | None:
    if not 0 <= index < len(script.inputs):
        return None
    own = next((name for name, value in inputs.items() if value is script.inputs[index]), None)
    return own or script.names.get(index)
