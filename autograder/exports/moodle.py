"""`moodle`: the offline grading worksheet of one assignment, filled in."""

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import UsageError

from .canvas import Filled
from .grades import Grade, number
from .spreadsheet import Roster, read, write

#: Who a student folder may be named after, the surest first. `Identifier` is Moodle's own, `Participant 123`.
_KEYS = ("ID number", "Username", "Email address", "Identifier", "Full name")
_IDENTIFIER, _GRADE, _CHANGED = "Identifier", "Grade", "Last modified (grade)"


def moodle(grades: Sequence[Grade], worksheet: Path | None) -> Filled:
    """Fill grades into the worksheet that Moodle gave, keeping all of its rows and columns.

    Moodle refuses a row whose grade was changed since the worksheet was downloaded: it compares `Last modified
    (grade)`, which is kept. Decimals are written with a comma where the worksheet's own are. Raises `UsageError`
    without a worksheet.
    """
    if worksheet is None:
        raise UsageError("moodle fills in its own worksheet: download it from the assignment and name it with --roster")
    assignments = sorted({grade.assignment for grade in grades})
    if len(assignments) != 1:
        raise UsageError(f"a worksheet of Moodle holds one assignment; name one of {', '.join(assignments)}")
    rows = read(worksheet)
    header = rows[0]
    if missing := [name for name in (_IDENTIFIER, _GRADE, _CHANGED) if name not in header]:
        raise UsageError(f"{worksheet}: is no grading worksheet of Moodle: no column {', '.join(missing)}")
    body = rows[1:]
    found = Roster(body, [header.index(key) for key in _KEYS if key in header])
    grade_column = header.index(_GRADE)
    warnings: list[str] = []
    for grade in grades:
        place = found.find(grade.student)
        if place is None:
            warnings.append(f"{grade.student}: not in the worksheet, or not the only one of that name; left out")
            continue
        row = body[place]
        if _cell(header, row, "Grade can be changed").casefold() == "no":
            warnings.append(f"{grade.student}: Moodle says that this grade cannot be changed; left as it is")
            continue
        maximum = _cell(header, row, "Maximum Grade")
        if maximum and _decimal(maximum) != grade.max_score:
            warnings.append(
                f"Moodle's maximum grade is {maximum} and these scores are out of {number(grade.max_score)}; "
                "make them equal before you upload"
            )
        text = number(grade.score)
        row[grade_column] = text.replace(".", ",") if "," in maximum else text
    return Filled(write(rows), tuple(dict.fromkeys(warnings)))


def _cell(header: list[str], row: list[str], name: str) -> str:
    return row[header.index(name)].strip() if name in header else ""


def _decimal(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
