"""Results as fragments of HTML: for a notebook's output, or as a part of a page. Whatever a student wrote is escaped.

A fragment brings its styles along, inline, and takes its text colour from the page, so that it is legible on light and
on dark ground alike.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .likely import likely
from .picture import picture
from .terminal import WORDS, points

if TYPE_CHECKING:
    from autograder.grading.result import ExerciseResult, Failure, Line, Result, TestResult

GREEN, AMBER, RED, GREY = "#2e9e5b", "#c98a1b", "#d1495b", "#888888"
COLOURS = {
    "passed": GREEN,
    "partly": AMBER,
    "waiting": AMBER,
    "failed": RED,
    "stopped": RED,
    "not-started": GREY,
}
MARKS = {"passed": "✓", "partly": "◐", "waiting": "…", "failed": "✗", "stopped": "✗", "not-started": "○"}

_FRAME = "border-left:4px solid {colour};padding:0.4em 0 0.4em 0.9em;margin:0.3em 0;max-width:56em;line-height:1.45"
_CODE = (
    "margin:0.5em 0;padding:0.5em 0.7em;background:rgba(128,128,128,0.12);border-radius:4px;overflow-x:auto;"
    "white-space:pre;font-family:monospace;font-size:0.92em;color:inherit"
)
_TABLE = "border-collapse:collapse;margin:0;color:inherit;font-size:inherit"
_LABEL = "text-align:right;padding:0 0.7em 0 0;vertical-align:top;font-weight:bold;background:none"
_VALUE = "margin:0;white-space:pre-wrap;font-family:monospace;font-size:0.92em;color:inherit;background:none"


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, style: str = "") -> Safe:
    """Return an element; children that are not `Safe` are escaped."""
    inside = "".join(child if isinstance(child, Safe) else escape(child) for child in children)
    attribute = f' style="{escape(style)}"' if style else ""
    return Safe(f"<{name}{attribute}>{inside}</{name}>")


def coded(text: str) -> Safe:
    """Return text in which what stands between backticks is code."""
    parts = text.split("`")
    paired = len(parts) % 2 == 1
    made = (tag("code", part) if number % 2 and paired else escape(part) for number, part in enumerate(parts))
    return Safe("".join(made))


def exercise_html(exercise: ExerciseResult, *, filename: str, advice: str = "") -> Safe:
    """Return one exercise: its points, its tests, and the first failure explained. `advice` is said at the end."""
    colour = COLOURS[exercise.state]
    parts = [_head(exercise, colour)]
    if exercise.state != "not-started":
        parts += [_test(test) for test in exercise.tests] if len(exercise.tests) > 1 else []
    found = next((test for test in exercise.tests if test.state != "passed"), None)
    if found is not None:
        parts += _explained(exercise, found, filename)
    notes = dict.fromkeys(test.note for test in exercise.tests if test.note and test is not found)
    parts += [tag("div", note, style="opacity:0.8") for note in notes]
    if advice:
        parts.append(tag("div", advice, style="margin-top:0.5em"))
    return tag("div", *parts, style=_FRAME.format(colour=colour))


def problem_html(result: Result) -> Safe:
    """Return why nothing could be graded."""
    return message_html(result.problem)


def message_html(text: str, *, colour: str = RED) -> Safe:
    """Return a sentence in the frame that feedback has."""
    return tag("div", text, style=_FRAME.format(colour=colour))


def _head(exercise: ExerciseResult, colour: str) -> Safe:
    earned = f" {points(exercise.points)} of {points(exercise.max_points)} points"
    return tag(
        "div",
        tag("span", f"{MARKS[exercise.state]} ", style=f"color:{colour};font-weight:bold"),
        tag("b", exercise.name),
        f" · {WORDS[exercise.state]} ·",
        tag("span", earned, style="white-space:nowrap"),
    )


def _test(test: TestResult) -> Safe:
    mark = tag("span", f"{MARKS[test.state]} ", style=f"color:{COLOURS[test.state]};font-weight:bold")
    return tag("div", mark, test.title, style="margin-left:1em")


def _explained(exercise: ExerciseResult, test: TestResult, filename: str) -> list[Safe]:
    if exercise.hidden:
        return [tag("div", "The details of this exercise are not shown.", style="opacity:0.8")]
    parts = []
    if exercise.state != "not-started":
        parts.append(tag("div", tag("b", test.title), style="margin-top:0.6em"))
    if test.note:
        parts.append(tag("div", test.note))
    if test.failure is not None and test.state == "not-started":
        parts.append(tag("div", test.failure.says, style="opacity:0.8"))
    elif test.failure is not None:
        parts += _details(test.failure, filename)
    label, said = likely(exercise)
    if said:
        parts.append(tag("div", tag("b", f"{label}: "), coded(said), style="margin-top:0.5em"))
    return parts


def _details(failure: Failure, filename: str) -> list[Safe]:
    parts = [tag("div", failure.error or failure.says)]
    if failure.error and failure.says and failure.kind not in ("raised", "unfinished"):
        parts.append(tag("div", failure.says))
    parts += [tag("div", where(line, filename), style="opacity:0.8") for line in failure.lines[-1:]]
    if failure.code:
        parts.append(tag("div", "To see it for yourself:", style="margin-top:0.5em;opacity:0.8"))
        parts.append(tag("pre", failure.code, style=_CODE))
    rows = [
        tag(
            "tr",
            tag(
                "td",
                label,
                style=f"text-align:right;vertical-align:top;color:{colour};font-weight:bold;background:none",
            ),
            tag("td", tag("pre", value, style=_VALUE), style="text-align:left;background:none"),
            style="background:none",
        )
        for label, value, colour in (("expected", failure.expected, GREEN), ("got", failure.got, RED))
        if value
    ]
    drawn = picture(failure.expected, failure.got)
    if rows:
        side = tag("div", tag("table", *rows, style=_TABLE))
        both = [side, Safe(f"<div>{drawn}</div>")] if drawn else [side]
        parts.append(tag("div", *both, style="display:flex;flex-wrap:wrap;gap:0.5em 2em;align-items:center"))
    if failure.place and failure.expected_there:
        there = f"Furthest off at {failure.place}: expected {failure.expected_there}, got {failure.got_there}."
        parts.append(tag("div", there, style="opacity:0.8"))
    return parts


def where(line: Line, filename: str) -> str:
    """Return where a line of the student's stands, in words."""
    inside = f", in {line.function}" if line.function and line.function != "<module>" else ""
    return f"{filename}, line {line.number}{inside}"
