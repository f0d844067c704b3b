"""A student's notebook with everything that is not the student's put back as it was released.

Used for the autograded notebook that `autograder grade` writes, and by the settings for `nbgrader autograde` in place
of nbgrader's own `DeduplicateIds` and `OverwriteCells`, which leave out what is missing.
"""

import json
import re
from typing import Any

from msgspec import Struct

from .cells import Json, ReleasedCell, ReleasedNotebook, notebook_cell, text

NBFORMAT = 4
_KINDS = ("code", "markdown", "raw")
_ANCHOR = re.compile(r"""(<[^<>]*\b(?:id|name)\s*=\s*["']?)([\w-]+)(?=["'\s>/])""", re.IGNORECASE)


class Restored(Struct, frozen=True):
    """A notebook's cells, each with its grade_id ("" for a cell of the student's own), and what was done to them."""

    cells: tuple[tuple[str, Json], ...]
    notes: tuple[str, ...]

    def answers(self) -> dict[str, str]:
        """Return the sources by grade_id."""
        return {name: text(cell.get("source")) for name, cell in self.cells if name}


def parsed(data: bytes) -> Json:
    """Return a notebook as JSON; raises `ValueError` with a sentence where it cannot be shown.

    Notebooks older than format 4 are brought up to it.
    """
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("is not a notebook: it is not JSON") from None
    version = content.get("nbformat") if isinstance(content, dict) else None
    if isinstance(version, int) and 0 < version < NBFORMAT:
        content = _upgraded(content)
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ValueError("is not a notebook: it has no list of cells")  # noqa: TRY004 - a file's content, no argument
    return content


def restore(content: Json, released: ReleasedNotebook) -> Restored:
    """Put back what was released; the student's answers and own cells stay.

    Of a cell that stands more than once the last counts that differs from the released one. Points, kinds and ids are
    the released ones whatever the submission says, in any version of nbgrader's metadata.
    """
    cells = [cell for cell in content["cells"] if isinstance(cell, dict)]
    names = [_name(cell, released) for cell in cells]
    counting = {name: _counting(name, cells, names, released) for name in dict.fromkeys(names) if name}
    notes = [
        f"{name} stood {names.count(name)} times; one of them counts" for name in counting if names.count(name) > 1
    ]
    restored: list[tuple[str, Json]] = []
    for index, (name, cell) in enumerate(zip(names, cells, strict=True)):
        known = released.cell(name) if name else None
        if known is None or counting[name] != index:
            own = _own(cell)
            if own["cell_type"] == "markdown":
                own["source"] = without_grade_ids(own["source"], released)
            restored.append(("", own))
        else:
            restored.append((name, _put_back(cell, known, notes)))
    _add_missing(restored, released, notes)
    return Restored(tuple(restored), tuple(notes))


def untouched(released: ReleasedNotebook) -> Restored:
    """Return the released notebook itself, for a submission without one."""
    return restore(released.content, released)


def without_grade_ids(source: str, released: ReleasedNotebook) -> str:
    """Return Markdown with other names for its anchors that are called as a graded cell is.

    Formgrader finds a cell's field for points by its grade_id, as the first element of the page with that id. A second
    one before it, such as an anchor for links to the exercise, would leave a field that shows and saves nothing.
    """

    def renamed(match: re.Match[str]) -> str:
        return f"{match[1]}about-{match[2]}" if released.cell(match[2]) else match[0]

    return _ANCHOR.sub(renamed, source)


def _upgraded(content: Json) -> Any:
    try:
        import nbformat  # noqa: PLC0415 - for what hardly ever comes, and takes its time

        return json.loads(nbformat.writes(nbformat.convert(nbformat.from_dict(content), NBFORMAT)))
    except Exception:  # noqa: BLE001 - a student's file, and conversion of old formats checks nothing
        raise ValueError("is in an old format and cannot be converted; save it again in Jupyter") from None


def _name(cell: Json, released: ReleasedNotebook) -> str:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return name if isinstance(name, str) and released.cell(name) else ""


def _counting(name: str, cells: list[Json], names: list[str], released: ReleasedNotebook) -> int:
    """Return the index of the cell that counts among those of one name."""
    places = [index for index, other in enumerate(names) if other == name]
    known = released.cell(name)
    if known is None or known.locked:
        return places[0]
    answered = [index for index in places if text(cells[index].get("source")).strip() != known.source.strip()]
    return (answered or places)[-1]


def _own(cell: Json) -> Json:
    """Return a cell of the student's own, in its place and worth nothing."""
    kind = cell.get("cell_type")
    made: Json = {"cell_type": kind if kind in _KINDS else "raw", "metadata": {}, "source": text(cell.get("source"))}
    if kind == "code":
        made |= {"execution_count": None, "outputs": cell.get("outputs", [])}
    if kind == "markdown" and isinstance(cell.get("attachments"), dict):
        made["attachments"] = cell["attachments"]
    return made


def _put_back(cell: Json, known: ReleasedCell, notes: list[str]) -> Json:
    source = text(cell.get("source"))
    if known.locked:
        if source != known.source:
            notes.append(f"{known.name} had been changed and was put back")
        return notebook_cell(known)
    own = _own({**cell, "cell_type": known.cell_type})
    own["metadata"] = {"nbgrader": known.metadata}
    return own


def _add_missing(restored: list[tuple[str, Json]], released: ReleasedNotebook, notes: list[str]) -> None:
    """Add released cells that are gone, each after the released cell before it.

    Where there is none before it, it goes before the first that is there, or else to the end: what the student defines
    comes first where a kernel runs the notebook.
    """
    before = ""
    for known in released.cells:
        present = [name for name, _ in restored]
        if known.name not in present:
            first = next((index for index, name in enumerate(present) if name), len(restored))
            place = present.index(before) + 1 if before else first
            restored.insert(place, (known.name, notebook_cell(known)))
            notes.append(f"{known.name} was missing and was put back")
        before = known.name
