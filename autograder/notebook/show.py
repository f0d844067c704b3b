"""Feedback as a notebook shows it: HTML where it can, text where not."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console

from autograder.feedback.html import AMBER, exercise_html, message_html
from autograder.feedback.terminal import WORDS, failure, points

if TYPE_CHECKING:
    from autograder.grading.result import ExerciseResult, Result

WIDTH = 88


class Feedback:
    """What one check has to say. Jupyter asks for HTML, a terminal for text."""

    def __init__(
        self,
        result: Result | None,
        exercise: ExerciseResult | None,
        *,
        filename: str = "",
        module: str = "",
        overriding: tuple[str, ...] = (),
    ) -> None:
        """Speak of `exercise` in `result`; `overriding` are functions of the notebook that hide those of the module."""
        self._exercise, self._filename = exercise, filename
        self._said = "" if result is None else result.problem
        self._advice = ""
        if exercise is not None and exercise.state == "not-started":
            self._advice = f"Write it in {module}, save the file, and run this cell again."
        elif overriding:
            one = len(overriding) == 1
            self._advice = (
                f"Judged with {', '.join(overriding)} as this notebook has {'it' if one else 'them'}. {module} has "
                f"{'another' if one else 'others'}; when you hand in both, `autograder grade` takes the file's."
            )

    @classmethod
    def sentence(cls, text: str) -> Feedback:
        """Say nothing but this."""
        feedback = cls(None, None)
        feedback._said = text
        return feedback

    def _repr_html_(self) -> str:
        if self._exercise is None or self._said:
            return message_html(self._said, **({} if self._exercise is not None else {"colour": AMBER}))
        return exercise_html(self._exercise, filename=self._filename, advice=self._advice)

    def __repr__(self) -> str:
        """Return the same as text."""
        exercise = self._exercise
        if exercise is None or self._said:
            return self._said
        earned = f"{points(exercise.points)} of {points(exercise.max_points)} points"
        lines = [f"{exercise.name}: {WORDS[exercise.state]}, {earned}"]
        found = next((test for test in exercise.tests if test.state != "passed"), None)
        if found is not None and exercise.state != "not-started":
            console = Console(width=WIDTH, file=io.StringIO(), color_system=None, force_jupyter=False)
            with console.capture() as captured:
                console.print(failure(exercise, found, filename=self._filename))
            lines.append(captured.get().rstrip())
        lines += [test.note for test in exercise.tests if test.note and test is not found]
        if self._advice:
            lines.append(self._advice)
        return "\n".join(lines)


def show(feedback: Feedback) -> None:
    """Display in a notebook; print elsewhere."""
    if "IPython" in sys.modules:
        from IPython import get_ipython  # noqa: PLC0415 - there only in notebooks

        if get_ipython() is not None:
            from IPython.display import display  # noqa: PLC0415 - as above

            display(feedback)  # type: ignore[no-untyped-call]
            return
    print(feedback)  # noqa: T201 - this is what it is for
