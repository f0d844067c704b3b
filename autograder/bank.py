"""The banks beside a reference solution: typical mistakes, and right solutions in other styles.

A bank is a Python file in cells. Each cell is code that is appended to the reference and so overrides parts of it:

    # %% sigmoid: minus-forgotten
    # The sign of the exponent is lost
    # The curve must rise with z. Follow what e^z does as z grows.
    # see: neuron.ipynb#activations
    def sigmoid(z): ...

The header names the exercises that lose points and a slug; the comment lines that follow are the name of the
misconception, sentences that lead to the insight, and where to read on. In a bank of alternatives the header is the
slug alone.
"""

import re
from pathlib import Path

from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import Problem, ProblemsError

MISCONCEPTIONS = "misconceptions.py"
ALTERNATIVES = "alternatives.py"

_HEADER = re.compile(r"^# %%\s*(?:(?P<exercises>[\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*)?(?P<slug>[\w.-]+)\s*$")


class Variant(Struct, frozen=True):
    """One cell of a bank."""

    slug: str
    exercises: tuple[str, ...]
    """Those that lose points; none for a right alternative."""
    name: str
    insight: str
    see: str
    code: str
    line: int

    def applied_to(self, reference: str) -> bytes:
        """The reference module with this variant's code over it."""
        return f"{reference.rstrip()}\n\n\n{self.code}".encode()


def reference_source(course: Course, assignment: Assignment) -> str:
    """The text of the reference solution; raises `ProblemsError` where it cannot be read."""
    path = course.root / "solutions" / assignment.name / assignment.module
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemsError([Problem(path=path, reason=f"the reference solution cannot be read: {error}")]) from None


def misconceptions(course: Course, assignment: Assignment) -> list[Variant]:
    """The typical mistakes of an assignment; none where there is no bank."""
    return read_bank(course.root / "solutions" / assignment.name / MISCONCEPTIONS, wrong=True)


def alternatives(course: Course, assignment: Assignment) -> list[Variant]:
    """The right solutions in other styles; none where there is no bank."""
    return read_bank(course.root / "solutions" / assignment.name / ALTERNATIVES, wrong=False)


def read_bank(path: Path, *, wrong: bool) -> list[Variant]:
    """The cells of a bank of mistakes, or of right solutions; none where there is no file."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    problems: list[Problem] = []
    variants: list[Variant] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _HEADER.match(lines[start])
        if match is None or bool(match["exercises"]) is not wrong:
            due = "# %% <exercise>: <slug>" if wrong else "# %% <slug>"
            problems.append(Problem(path=path, line=start + 1, reason=f"a cell begins with `{due}`"))
            continue
        variant = _variant(match, lines[start + 1 : end], start + 1)
        if any(variant.slug == other.slug for other in variants):
            problems.append(Problem(path=path, line=start + 1, reason=f"a second cell called {variant.slug}"))
        if not variant.name or not variant.code.strip():
            problems.append(Problem(path=path, line=start + 1, reason="a cell needs a comment that names it, and code"))
        variants.append(variant)
    if problems:
        raise ProblemsError(problems)
    return variants


def _variant(match: re.Match[str], body: list[str], line: int) -> Variant:
    comments: list[str] = []
    while body and body[0].startswith("#"):
        comments.append(body.pop(0).lstrip("#").strip())
    see = next((text.removeprefix("see:").strip() for text in comments if text.startswith("see:")), "")
    said = [text for text in comments if not text.startswith("see:")]
    exercises = tuple(name.strip() for name in (match["exercises"] or "").split(",") if name.strip())
    return Variant(
        slug=match["slug"],
        exercises=exercises,
        name=said[0] if said else "",
        insight=" ".join(said[1:]),
        see=see,
        code="\n".join(body).strip() + "\n",
        line=line,
    )
