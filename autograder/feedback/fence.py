"""Text in Markdown that means nothing but itself: what a student can influence stands in fences alone."""

import re

from .text import clean

_LONGEST = 3000


def fence(text: str) -> str:
    """Return text as a fenced block that it cannot end, bounded."""
    text = clean(text, _LONGEST, lines=True).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}text\n{text}\n{marks}\n"


def escape(text: str) -> str:
    """Return words of the course as Markdown that means just them."""
    return re.sub(r"[^\w\s-]", lambda match: f"&#{ord(match[0])};", clean(text, 200))
