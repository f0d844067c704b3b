"""Submissions that are nearly the same: fingerprints of token runs, winnowed (Schleimer, Wilkerson and Aiken, 2003).

What the stub holds is taken away, and so is what many have; names that a student chose do not count.
"""

from __future__ import annotations

import hashlib
import io
import keyword
import tokenize
from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN = 14
WINDOW = 6
#: A run that more than this share of the class has (and more than `FEW` students) is how one solves it.
COMMON, FEW = 0.25, 3
LEAST_RUNS = 8
ALIKE = 0.7
MOST_PAIRS = 30
MOST_BYTES = 400_000

_IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
            tokenize.ENDMARKER}  # fmt: skip


class Alike(Struct, frozen=True):
    """Two submissions that share much of what few others have."""

    one: str
    other: str
    share: float
    """Of the rare runs of the one that has fewer."""
    runs: int
    lines: str


def alike(sources: Mapping[str, bytes], stub: str) -> tuple[Alike, ...]:
    """The pairs that are nearly the same, the nearest first."""
    handed_out = set(fingerprints(stub.encode(), winnowing=False))
    prints = {student: fingerprints(source) for student, source in sources.items()}
    owners = Counter(print_ for own in prints.values() for print_ in own)
    common = max(FEW, COMMON * len(sources))
    rare = {
        student: {key: line for key, line in own.items() if key not in handed_out and owners[key] <= common}
        for student, own in prints.items()
    }
    shared: dict[tuple[str, str], int] = defaultdict(int)
    by_print: dict[int, list[str]] = defaultdict(list)
    for student in sorted(rare):
        for key in rare[student]:
            by_print[key].append(student)
    for students in by_print.values():
        for pair in combinations(students, 2):
            shared[pair] += 1
    found = []
    for (one, other), runs in shared.items():
        share = runs / min(len(rare[one]), len(rare[other]))
        if runs >= LEAST_RUNS and share >= ALIKE:
            lines = sorted({rare[one][key] for key in rare[one].keys() & rare[other].keys()})
            found.append(Alike(one, other, share, runs, _ranges(lines)))
    return tuple(sorted(found, key=lambda pair: (-pair.share, -pair.runs, pair.one, pair.other))[:MOST_PAIRS])


def fingerprints(source: bytes, *, winnowing: bool = True) -> dict[int, int]:
    """The fingerprints of a program and a line where each begins; none where it is not Python."""
    tokens = _tokens(source)
    hashes = [(_hash(tokens[start : start + RUN]), tokens[start][1]) for start in range(len(tokens) - RUN + 1)]
    if not winnowing:
        return dict(hashes)
    kept: dict[int, int] = {}
    for start in range(max(len(hashes) - WINDOW + 1, min(1, len(hashes)))):
        key, line = min(hashes[start : start + WINDOW])
        kept.setdefault(key, line)
    return kept


def _hash(run: list[tuple[str, int]]) -> int:
    """A number for a run of tokens, the same on every machine."""
    text = "\0".join(text for text, _ in run)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _tokens(source: bytes) -> list[tuple[str, int]]:
    """The program's tokens with their lines: own names and numbers made alike, strings and comments left out."""
    tokens: list[tuple[str, int]] = []
    before = ""
    try:
        for token in tokenize.tokenize(io.BytesIO(source[:MOST_BYTES]).readline):
            if token.type in _IGNORED or token.type == tokenize.STRING:
                continue
            text = token.string
            if token.type == tokenize.NUMBER:
                text = "0"
            elif token.type == tokenize.NAME and not keyword.iskeyword(text) and before not in (".", "def", "class"):
                text = text if text in ("np", "self") else "name"
            tokens.append((text, token.start[0]))
            before = token.string
    except (tokenize.TokenError, SyntaxError, ValueError, LookupError, RecursionError):
        pass
    return tokens


def _ranges(lines: list[int]) -> str:
    """Line numbers as ranges, a gap of a few lines bridged."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line - ranges[-1][1] <= 3:  # noqa: PLR2004
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [f"{first}-{last}" if last > first else str(first) for first, last in ranges]
    return ", ".join(shown[:6]) + (" …" if len(shown) > 6 else "")  # noqa: PLR2004
