"""`canvas`: the gradebook that Canvas exports and imports, filled in."""

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from autograder.errors import UsageError

from .grades import Grade, number
from .spreadsheet import Roster, read, write

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
#: Who a student folder may be named after, the surest first.
_KEYS = ("SIS Login ID", "SIS User ID", "ID", "Student")
_POINTS = "Points Possible"
_TITLE = re.compile(r"(?P<title>.*?)\s*\(\d+\)\s*")


class Filled(Struct, frozen=True):
    """A file to upload, and what its owner should know before doing so."""

    data: bytes
    warnings: tuple[str, ...] = ()


def canvas(grades: Sequence[Grade], roster: Path | None = None) -> Filled:
    """Fill grades into the gradebook that Canvas exported, keeping all of its rows and columns.

    A column is found by its title, `Title (id)`; where there is none it is added, and Canvas will ask whether to make
    an assignment. Without a roster the file holds only what is known: Canvas then finds students by SIS Login ID.
    """
    rows = read(roster) if roster else _bare(grades)
    header = rows[0]
    if "Student" not in header or "ID" not in header:
        raise UsageError(f"{roster}: is no gradebook of Canvas: columns Student and ID are missing; export it again")
    first = next((place for place, row in enumerate(rows) if row[0].strip() == _POINTS), 0) + 1
    warnings: list[str] = []
    if first == 1:
        rows.insert(1, [f"    {_POINTS}", *[""] * (len(header) - 1)])
        first = 2
    found = Roster(rows[first:], [header.index(key) for key in _KEYS if key in header])
    for grade in grades:
        place = found.find(grade.student)
        if place is None:
            warnings.append(f"{grade.student}: not in the gradebook, or not the only one of that name; left out")
            continue
        column = _column(rows, first - 1, grade, warnings)
        rows[first + place][column] = number(grade.score)
    return Filled(write(rows), tuple(dict.fromkeys(warnings)))


def _bare(grades: Sequence[Grade]) -> list[list[str]]:
    students = sorted({grade.student for grade in grades})
    return [list(COLUMNS), *([student, "", "", student, ""] for student in students)]


def _column(rows: list[list[str]], points: int, grade: Grade, warnings: list[str]) -> int:
    """Return the assignment's column, adding it where there is none; `points` is the row of Points Possible."""
    titles = [(match["title"] if (match := _TITLE.fullmatch(name)) else name).casefold() for name in rows[0]]
    wanted = [title.casefold() for title in (grade.title, grade.assignment)]
    for column, title in enumerate(titles):
        if column >= len(COLUMNS) - 1 and title in wanted:
            possible = rows[points][column].strip()
            if possible and _float(possible) != grade.max_score:
                warnings.append(
                    f"{rows[0][column]}: Canvas counts {possible} points and these scores are out of "
                    f"{number(grade.max_score)}; make them equal before you upload"
                )
            return column
    for position, row in enumerate(rows):
        row.append({0: grade.title, points: number(grade.max_score)}.get(position, ""))
    return len(rows[0]) - 1


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
