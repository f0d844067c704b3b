"""The instructor's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.feedback.html import coded
from autograder.feedback.likely import read_on
from autograder.feedback.terminal import points

from .figures import bars, histogram
from .render import render

if TYPE_CHECKING:
    from .data import ClassData


def class_page(data: ClassData) -> str:
    """One self-contained HTML page on a class and an assignment."""
    return render(
        "class.html.j2",
        title=f"{data.assignment.title}: report",
        data=data,
        histogram=histogram(data.scores, data.assignment.points),
        bars=bars([(item.name, item.difficulty, bool(item.flags)) for item in data.items]),
        points=points,
        read_on=read_on,
        coded=coded,
    )
