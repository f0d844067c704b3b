"""A small picture of how an array differs from what was expected, as inline SVG, from the two as they are shown."""

from __future__ import annotations

import math
import re
from html import escape

GREEN, RED = "#2e9e5b", "#d1495b"
MOST_ENTRIES = 60
MOST_POINTS = 40
#: What is shown has eight digits; entries that agree in seven are drawn as right.
ALIKE = 1e-7

_TOKEN = re.compile(r"\[|\]|[^\s\[\],]+")

Shape = tuple[int, ...]


def picture(expected: str, got: str) -> str:
    """Return an SVG element that shows where two arrays differ, or nothing where a picture would not help.

    The arguments are what `feedback.text.show` makes of arrays: brackets and numbers. Two vectors are drawn as points,
    two matrices as a grid of right and wrong entries; arrays of different shapes as their outlines.
    """
    due, answered = parse_array(expected), parse_array(got)
    if due is None or answered is None:
        return ""
    (shape, numbers), (other_shape, other_numbers) = due, answered
    if shape != other_shape:
        return _outlines(shape, other_shape) if max(len(shape), len(other_shape)) <= 2 else ""  # noqa: PLR2004
    if len(shape) == 1 and 2 <= len(numbers) <= MOST_POINTS:  # noqa: PLR2004
        return _points(numbers, other_numbers)
    if len(shape) == 2 and len(numbers) > 1:  # noqa: PLR2004
        return _grid(shape, numbers, other_numbers)
    return ""


def parse_array(text: str) -> tuple[Shape, list[float]] | None:
    """Read an array as NumPy prints it; None for anything else, such as one that is cut short with dots.

    >>> parse_array("[[1. 2.] [3. 4.]]")
    ((2, 2), [1.0, 2.0, 3.0, 4.0])
    """
    if not text.startswith("["):
        return None
    numbers: list[float] = []
    sizes: dict[int, set[int]] = {}
    counts: list[int] = []
    for part in _TOKEN.findall(text):
        if part == "[":
            counts.append(0)
        elif part == "]" and counts:
            sizes.setdefault(len(counts), set()).add(counts.pop())
            if counts:
                counts[-1] += 1
        else:
            try:
                numbers.append(float(part))
                counts[-1] += 1
            except (ValueError, IndexError):
                return None
    if counts or any(len(found) > 1 for found in sizes.values()) or len(numbers) > MOST_ENTRIES:
        return None
    shape = tuple(sizes[depth].pop() for depth in sorted(sizes))
    return (shape, numbers) if math.prod(shape) == len(numbers) else None


def _alike(expected: float, got: float) -> bool:
    if math.isnan(expected) or math.isnan(got):
        return False
    return expected == got or abs(expected - got) <= ALIKE * max(abs(expected), 1e-300)


def _svg(width: float, height: float, title: str, *parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" style="max-width:100%">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = "currentColor") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="11" font-family="sans-serif" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(text)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, opacity: float = 1.0) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" '
        f'stroke-opacity="{opacity:g}" stroke-width="2"/>'
    )


def _points(expected: list[float], got: list[float]) -> str:
    """Two vectors over their index: rings for what is expected, crosses for what came."""
    left, top, height = 46.0, 20.0, 90.0
    step = max(10.0, min(28.0, 260.0 / len(expected)))
    finite = [value for value in (*expected, *got) if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    spread = high - low or 1.0
    width = left + step * len(expected) + 12

    def x(index: int) -> float:
        return left + step * (index + 0.5)

    def y(value: float) -> float:
        if math.isnan(value):
            return top + height + 12
        share = (min(max(value, low), high) - low) / spread if high > low else 0.5
        return top + height * (1 - share)

    parts = [_line(left, at, width - 6, at, "currentColor", opacity=0.25) for at in (top, top + height)]
    parts += [_text(left - 4, top + 4, f"{high:.3g}", anchor="end")]
    parts += [_text(left - 4, top + height + 4, f"{low:.3g}", anchor="end")] if high > low else []
    for index, (due, came) in enumerate(zip(expected, got, strict=True)):
        a, b = x(index), y(came)
        if not _alike(due, came):
            parts.append(_line(a, y(due), a, b, RED, opacity=0.45))
        parts.append(f'<circle cx="{a:.1f}" cy="{y(due):.1f}" r="4" fill="none" stroke="{GREEN}" stroke-width="2"/>')
        parts += [_line(a - 3, b - 3, a + 3, b + 3, RED), _line(a - 3, b + 3, a + 3, b - 3, RED)]
    parts += [_text(left, 11, "○ expected", fill=GREEN), _text(left + 68, 11, "× got", fill=RED)]  # noqa: RUF001 - drawn as a cross
    parts.append(_text(left, top + height + 26, "entry 0, 1, 2, …"))
    return _svg(max(width, left + 110), top + height + 32, "expected and got, entry by entry", *parts)


def _grid(shape: Shape, expected: list[float], got: list[float]) -> str:
    """Two matrices: which entries are right and which are wrong."""
    rows, columns = shape
    size = max(9.0, min(22.0, 220.0 / max(rows, columns)))
    left, top = 44.0, 32.0
    parts = [
        _text(left, 11, "right", fill=GREEN),
        _text(left + 32, 11, "wrong", fill=RED),
        _text(left, 26, "columns →"),
    ]
    parts.append(_text(0, top + 11, "rows ↓"))
    for index, (due, came) in enumerate(zip(expected, got, strict=True)):
        row, column = divmod(index, columns)
        x, y, right = left + column * size, top + row * size, _alike(due, came)
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{size - 1:.1f}" height="{size - 1:.1f}" '
            f'fill="{GREEN if right else RED}" fill-opacity="{0.35 if right else 0.85}"/>'
        )
        if not right:
            parts.append(_line(x + 2, y + 2, x + size - 3, y + size - 3, "white"))
    width, height = max(left + columns * size + 4, left + 80), top + rows * size + 4
    return _svg(width, height, "which entries are right and which are wrong", *parts)


def _outlines(expected: Shape, got: Shape) -> str:
    """Two arrays of different shapes as boxes, a vector as a row of them."""
    parts: list[str] = []
    left, tallest = 0.0, 0.0
    for label, shape, colour in (("expected", expected, GREEN), ("got", got, RED)):
        rows, columns = (1, *shape) if len(shape) == 1 else shape
        size = max(6.0, min(16.0, 130.0 / max(rows, columns, 1)))
        parts.append(_text(left, 11, f"{label} {shape}", fill=colour))
        parts += [
            f'<rect x="{left + column * size + 1:.1f}" y="{18 + row * size:.1f}" width="{size - 1:.1f}" '
            f'height="{size - 1:.1f}" fill="{colour}" fill-opacity="0.3" stroke="{colour}"/>'
            for row in range(rows)
            for column in range(columns)
        ]
        left += max(columns * size, 110.0) + 20
        tallest = max(tallest, rows * size)
    return _svg(left, 22 + tallest, "the two shapes", *parts)
