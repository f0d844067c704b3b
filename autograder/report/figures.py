"""Figures of a class as inline SVG, each with a title and a description in words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from autograder.feedback.html import Safe
from autograder.feedback.terminal import points

if TYPE_CHECKING:
    from collections.abc import Sequence

BINS = 10
_TEXT = 'font-size="10" font-family="system-ui, sans-serif" fill="currentColor"'


def histogram(scores: Sequence[float], most: float) -> Safe:
    """How many students have how many points, in ten classes and one of its own for the full score."""
    counts = [0] * (BINS + 1)
    for score in scores:
        share = score / most if most else 0.0
        counts[BINS if share >= 1 else min(int(share * BINS), BINS - 1)] += 1
    width, height, left, top, step = 400, 180, 4, 20, 36
    highest = max(*counts, 1)
    parts = [
        f'<line x1="{left}" y1="{height - 34}" x2="{width}" y2="{height - 34}" stroke="currentColor" opacity="0.5"/>'
    ]
    for number, count in enumerate(counts):
        tall = (height - 34 - top) * count / highest
        x, y = left + number * step + 3, height - 34 - tall
        parts.append(f'<rect x="{x}" y="{y:.1f}" width="{step - 6}" height="{tall:.1f}" fill="var(--accent)" rx="2"/>')
        middle = x + (step - 6) / 2
        if count:
            parts.append(f'<text x="{middle}" y="{y - 5:.1f}" text-anchor="middle" {_TEXT}>{count}</text>')
        label = f"{points(number * most / BINS)}+" if number < BINS else "full"
        parts.append(f'<text x="{middle}" y="{height - 20}" text-anchor="middle" {_TEXT}>{label}</text>')
    parts.append(
        f'<text x="{width / 2}" y="{height - 4}" text-anchor="middle" {_TEXT}>points (of {points(most)})</text>'
    )
    said = ", ".join(
        f"{count} with {'all points' if number == BINS else 'from ' + points(number * most / BINS)}"
        for number, count in enumerate(counts)
        if count
    )
    return _svg(width, height, "Distribution of scores", f"Students by points: {said}.", parts)


def bars(items: Sequence[tuple[str, float, bool]]) -> Safe:
    """A bar for each exercise: its name, the mean share of its points, and whether it is to be looked at."""
    row, left, full = 20, 128, 220
    width, height = left + full + 52, row * len(items) + 8
    parts = []
    for number, (name, share, flagged) in enumerate(items):
        y = number * row + 4
        colour = "var(--amber)" if flagged else "var(--accent)"
        parts += [
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end" {_TEXT}>{escape(name)}</text>',
            f'<rect x="{left}" y="{y + 2}" width="{full}" height="{row - 7}" fill="currentColor" opacity="0.1"/>',
            f'<rect x="{left}" y="{y + 2}" width="{full * share:.1f}" height="{row - 7}" fill="{colour}" rx="2"/>',
            f'<text x="{left + full + 8}" y="{y + 12}" {_TEXT}>{100 * share:.0f} %{" !" if flagged else ""}</text>',
        ]
    said = ", ".join(f"{name} {100 * share:.0f} %" for name, share, _ in items)
    return _svg(width, height, "Mean share of the points by exercise", f"{said}.", parts)


def _svg(width: float, height: float, title: str, said: str, parts: Sequence[str]) -> Safe:
    name = title.lower().replace(" ", "-")
    return Safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        f'role="img" aria-labelledby="{name}-title {name}-said"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-said">{escape(said)}</desc>{"".join(parts)}</svg>'
    )
