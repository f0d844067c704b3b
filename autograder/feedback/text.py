"""Values and student text made safe and short to read."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from autograder.worker.codec import Opaque

DIGITS = 8
SHOWN_ENTRIES = 60
SHOWN_TEXT = 400
#: Longer ints are told by their length: they would fill the page, and Python refuses to print the longest.
LONGEST_INT_BITS = 1000
#: Nested containers are shown to this depth.
DEEPEST = 3

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def clean(text: str, limit: int = SHOWN_TEXT, *, lines: bool = False) -> str:
    """Text that a student controls, without escape sequences, control and bidirectional characters, and bounded.

    Line breaks and tabs stay only with `lines`.
    """
    text = _ESCAPES.sub("", text[: 4 * limit])
    kept = "".join(
        character
        for character in text
        if (lines and character in "\n\t")
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def show(value: Any, depth: int = 0) -> str:
    """A value in a few lines, numbers to eight significant digits."""
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=DIGITS, threshold=SHOWN_ENTRIES, edgeitems=2, linewidth=88, floatmode="maxprec"):
            return clean(str(value), SHOWN_TEXT * 4, lines=True)
    if isinstance(value, np.generic):
        return show(value.item(), depth)
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if isinstance(value, int) and value.bit_length() > LONGEST_INT_BITS:
        return f"an int of {value.bit_length():,} bits"
    if depth > DEEPEST:
        return "…"
    if isinstance(value, dict):
        inside = ", ".join(f"{clean(str(key), 40)}: {show(item, depth + 1)}" for key, item in list(value.items())[:8])
        return clean("{" + inside + ("" if len(value) <= 8 else ", …") + "}", SHOWN_TEXT * 4, lines=True)  # noqa: PLR2004
    if isinstance(value, list | tuple):
        inside = ", ".join(show(item, depth + 1) for item in value[:8]) + ("" if len(value) <= 8 else ", …")  # noqa: PLR2004
        return clean(f"[{inside}]" if isinstance(value, list) else f"({inside})", SHOWN_TEXT * 4, lines=True)
    if isinstance(value, Opaque):
        return clean(repr(value), 100)
    if isinstance(value, str):
        return clean(value)
    return clean(repr(value), SHOWN_TEXT)


def entry_at(value: Any, place: tuple[int | str, ...]) -> Any:
    """The entry of nested containers and arrays at a place; `...` where there is none."""
    for depth, key in enumerate(place):
        if isinstance(value, np.ndarray):
            try:
                rest: Any = place[depth:]
                return value[rest]
            except (IndexError, TypeError):
                return ...
        try:
            value = value[key]
        except (IndexError, KeyError, TypeError):
            return ...
    return value
