"""CSV that spreadsheets open without running anything, and that reads back as what was meant."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.feedback.text import clean

#: A cell that begins so is a formula to a spreadsheet, in the wide forms of East Asian keyboards too.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_LONGEST = 10_000


def guard(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula; numbers stay.

    >>> guard("=1+1"), guard("-1.5"), guard("Ada")
    ("'=1+1", '-1.5', 'Ada')
    """
    text = clean(cell, _LONGEST, lines=True)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(cell: str) -> str:
    """Return a cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV (RFC 4180: CRLF, quotes doubled), every cell guarded.

    UTF-8 with a byte order mark, without which Excel takes it for the system's own code page.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def read(path: Path) -> list[list[str]]:
    """Read a CSV file that a service gave; raises `UsageError` where it is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{path}: is no CSV in UTF-8 ({error}); download it again and do not save it elsewhere"
        ) from None
    if not rows:
        raise UsageError(f"{path}: is empty; download it again")
    width = len(rows[0])
    return [row + [""] * (width - len(row)) for row in rows]


class Roster:
    """Finds a student's row by any of the columns that may hold who they are."""

    def __init__(self, rows: Sequence[list[str]], columns: Sequence[int]) -> None:
        """Index `rows` by the cells in `columns`; the first column that knows a name decides."""
        self._by_column = [self._index(rows, column) for column in columns]

    @staticmethod
    def _index(rows: Sequence[list[str]], column: int) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for position, row in enumerate(rows):
            if name := _key(row[column]):
                index.setdefault(name, []).append(position)
        return index

    def find(self, student: str) -> int | None:
        """Return the number of the student's row; None where nobody, or more than one, is called so."""
        for index in self._by_column:
            found = index.get(_key(student), [])
            if found:
                return found[0] if len(found) == 1 else None
        return None


def _key(name: str) -> str:
    return unguard(name.strip()).casefold()
