"""Values and student text made safe and short to read."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.worker.codec import Opaque

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGITS = 8
SHOWN_ENTRIES = 60
SHOWN_TEXT = 400
#: Longer ints are told by their length: they would fill the page, and Python refuses to print the longest.
LONGEST_INT_BITS = 1000
#: Nested containers are shown to this depth.
DEEPEST = 3

#: Letters and symbols that show nothing, or nothing but the room that they take.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
#: Marks that are drawn over one character; no language needs more.
MOST_MARKS = 3
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def clean(text: str, limit: int = SHOWN_TEXT, *, lines: bool = False) -> str:
    """Text that a student controls, without escape sequences, control and bidirectional characters, and bounded.

    Line breaks and tabs stay only with `lines`. Every space is a plain one, what cannot be seen goes, and so does what
    would be piled up over a character, beyond what languages need.
    """
    text = _ESCAPES.sub("", text[: 4 * limit])
    kept = text if text.isascii() and text.isprintable() else "".join(_visible(text, "\n\t" if lines else ""))
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def _visible(text: str, breaks: str) -> Iterator[str]:
    marks = MOST_MARKS  # nothing to be drawn over yet
    for character in text:
        category = unicodedata.category(character)
        if character in breaks:
            marks = MOST_MARKS
            yield character
        elif category in _UNSEEN or character in _BLANK:
            continue
        elif category[0] == "M":
            marks += 1
            if marks <= MOST_MARKS and category != "Me" and not _is_selector(character):
                yield character
        else:
            marks = 0
            yield " " if category == "Zs" else character


def _is_selector(character: str) -> bool:
    """Whether it shows nothing itself: the grapheme joiner, or what chooses how another character is drawn."""
    return character == "\u034f" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


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
    if isinstance(value, slice):
        return f"slice({', '.join(show(part, depth + 1) for part in (value.start, value.stop, value.step))})"
    return clean(repr(value[:SHOWN_TEXT] if isinstance(value, bytes) else value), SHOWN_TEXT)


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
