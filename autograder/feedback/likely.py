"""What a failing exercise looks like, in words: the misconception that answers alike, or a measured difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.grading.result import ExerciseResult


def likely(exercise: ExerciseResult) -> tuple[str, str]:
    """A label and the sentences after it; both empty where nothing is known or nothing may be shown.

    The sentences are the course's own words or the grader's; nothing a student wrote is in them.
    """
    if exercise.hidden:
        return "", ""
    if exercise.misconception:
        parts = (_sentence(exercise.misconception), exercise.insight, read_on(exercise.see))
        return "Likely", " ".join(part for part in parts if part)
    return ("Measured", exercise.difference) if exercise.difference else ("", "")


def read_on(see: str) -> str:
    """Where to read on: `neuron.ipynb#activations` in words."""
    if not see:
        return ""
    file, _, section = see.partition("#")
    return f"Read: {file}, section {section.replace('-', ' ')}." if section else f"Read: {file}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
