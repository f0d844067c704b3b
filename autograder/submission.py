"""Reads what a student handed in, and trusts none of it.

A name under `submitted/` may be a link to another student's work or to `/etc/passwd`, a FIFO, a device, or 50 MB long.
So every name below `submitted/` is opened relative to its folder's descriptor and never through a link, its kind is
taken from the open descriptor, and no more is read than the limits allow. Nothing is imported or executed here.
"""

import hashlib
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import UsageError, did_you_mean, nearest
from autograder.handed_in_twice import filled_in
from autograder.notebook_source import Definitions
from autograder.refusal import RefusedError, SubmissionProblem, checked


class Submission(Struct, frozen=True, kw_only=True):
    """One student's files for one assignment. Exactly one of `source` and `problem` is None."""

    student: str
    assignment: str
    source: bytes | None = None
    """The module as handed in, or made of a notebook's definitions; UTF-8 without NULs."""
    filename: str
    """The file that was read, or should have been, without its folder."""
    origin: Literal["module", "notebook"] = "module"
    problem: SubmissionProblem | None = None
    notes: tuple[str, ...] = ()
    """What was passed over, such as a cell that is not Python."""
    digest: str
    """SHA-256 of the file's bytes; where none were read, of the kind of the problem."""
    timestamp: datetime | None = None
    """When it was handed in (UTC), where `timestamp.txt` tells."""


def students(course: Course) -> list[str]:
    """Return the names of the folders under `submitted/`, sorted; hidden ones and plain files are no students.

    Raises `UsageError` where there is none, or where a name could not be printed safely.
    """
    folder = course.root / "submitted"
    advice = "put what students hand in at submitted/<student>/<assignment>/"
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and (entry.is_symlink() or entry.is_dir())
            )
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; {advice}") from None
    if not names:
        raise UsageError(f"{folder}: the class is empty; {advice}")
    if unprintable := [name for name in names if not name.isprintable()]:
        raise UsageError(f"{folder}: rename what cannot be printed: {', '.join(map(repr, unprintable))}")
    return names


def submissions(course: Course, assignment: Assignment, only: Iterable[str] | None = None) -> list[Submission]:
    """Read the submissions of the class, or of the students in `only`, sorted by student.

    A student who handed nothing in is in the list, with a problem of kind "missing". Raises `UsageError` for an empty
    class, and for students that do not exist, with the nearest names.
    """
    everybody = students(course)
    asked = sorted(set(everybody if only is None else only))
    if unknown := [name for name in asked if name not in everybody]:
        lines = (f"submitted/ has no student {name!r}; {did_you_mean(name, everybody)}" for name in unknown)
        raise UsageError("\n".join(lines))
    return [_read_submitted(course, assignment, student) for student in asked]


def read_submission(course: Course, assignment: Assignment, student: str) -> Submission:
    """Read `submitted/<student>/<assignment>/`: the module, or else the notebook's definitions.

    What is wrong with the files is told in `problem`; `UsageError` is raised only for a student that does not exist.
    """
    return submissions(course, assignment, [student])[0]


def read_module(path: Path, assignment: Assignment, *, student: str = "") -> Submission:
    """Read a student's own copy of the module, with the same rules for its content; links are followed."""
    read = _Read(path.name)
    try:
        with _opened(str(path), follow=True) as file:
            read.data = _bytes(file, path.name, assignment.limits.source_kb)
        read.source = checked(read.data, path.name)
    except RefusedError as refused:
        read.problem = refused.problem
    return read.submission(student, assignment)


def read_notebook(course: Course, assignment: Assignment, student: str) -> tuple[bytes | None, str]:
    """Return the bytes of the notebook that a student handed in, or None and why it was not taken.

    Where there is none, there is no reason either.
    """
    try:
        with (
            _opened(str(course.root / "submitted"), follow=True, folder=True) as submitted,
            _opened(student, submitted, folder=True) as own,
            _opened(assignment.name, own, folder=True) as folder,
            _opened(assignment.notebook, folder) as file,
        ):
            return _bytes(file, assignment.notebook, assignment.limits.notebook_kb), ""
    except RefusedError as refused:
        return None, "" if refused.problem.kind == "missing" else refused.problem.message


def read_folder(path: Path, assignment: Assignment, *, student: str = "") -> Submission:
    """Read what a service put into one folder: module and notebook, with the same rules."""
    read = _Read(assignment.module)
    try:
        with _opened(str(path), follow=True, folder=True) as folder:
            _read_files(read, folder, assignment)
    except RefusedError as refused:
        read.problem = refused.problem
    return read.submission(student, assignment)


class _Read:
    """What is known of a submission while it is being read."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.origin: Literal["module", "notebook"] = "module"
        self.data = b""
        self.source: bytes | None = None
        self.problem: SubmissionProblem | None = None
        self.timestamp: datetime | None = None
        self.notes: list[str] = []

    def submission(self, student: str, assignment: Assignment) -> Submission:
        nothing_read = self.problem is not None and not self.data
        content = f"problem: {self.problem.kind}".encode() if nothing_read and self.problem else self.data
        return Submission(
            student=student,
            assignment=assignment.name,
            source=self.source,
            filename=self.filename,
            origin=self.origin,
            problem=self.problem,
            notes=tuple(self.notes),
            digest=hashlib.sha256(content).hexdigest(),
            timestamp=self.timestamp,
        )


def _read_submitted(course: Course, assignment: Assignment, student: str) -> Submission:
    read = _Read(assignment.module)
    try:
        with (
            _opened(str(course.root / "submitted"), follow=True, folder=True) as submitted,
            _opened(student, submitted, folder=True) as own,
            _opened(assignment.name, own, folder=True) as folder,
        ):
            _read_files(read, folder, assignment)
    except RefusedError as refused:
        read.problem = refused.problem
    return read.submission(student, assignment)


def _read_files(read: _Read, folder: int, assignment: Assignment) -> None:
    _read_timestamp(read, folder)
    try:
        with _opened(assignment.module, folder) as file:
            read.data = _bytes(file, assignment.module, assignment.limits.source_kb)
    except RefusedError as refused:
        if refused.problem.kind != "missing":
            raise
    else:
        read.source = checked(read.data, assignment.module)
        _fill_in(read, folder, assignment)
        return
    try:
        with _opened(assignment.notebook, folder) as file:
            read.filename, read.origin = assignment.notebook, "notebook"
            read.data = _bytes(file, assignment.notebook, assignment.limits.notebook_kb)
    except RefusedError as refused:
        if refused.problem.kind != "missing":
            raise
        raise RefusedError("missing", _missing(folder, assignment)) from None
    definitions = Definitions(assignment.notebook, assignment.limits.source_kb)
    read.source = definitions.source(read.data)
    read.notes += definitions.notes


def _fill_in(read: _Read, folder: int, assignment: Assignment) -> None:
    """Take from a notebook beside the module what the module leaves unwritten; no notebook is no loss."""
    definitions = Definitions(assignment.notebook, assignment.limits.source_kb)
    try:
        with _opened(assignment.notebook, folder) as file:
            data = _bytes(file, assignment.notebook, assignment.limits.notebook_kb)
        whole = filled_in(read.data, definitions.source(data))
    except (RefusedError, RecursionError, MemoryError):  # What can be parsed may still be too deep to be put down.
        return
    if whole != read.source:
        read.source, read.data = whole, whole
        read.notes.append(f"what {assignment.module} leaves unwritten was taken from {assignment.notebook}")


def _missing(folder: int, assignment: Assignment) -> str:
    with os.scandir(folder) as entries:
        # Bounded, since a folder may hold a million names.
        names = [entry.name for entry in itertools.islice(entries, 1000) if entry.name.isprintable()]
    near = nearest(assignment.module, names)
    hint = f"; there is {near!r}: rename it" if near else ""
    return f"neither {assignment.module} nor {assignment.notebook} was handed in{hint}"


def _read_timestamp(read: _Read, folder: int) -> None:
    try:
        with _opened("timestamp.txt", folder) as file:
            read.timestamp = _moment(checked(_bytes(file, "timestamp.txt", 1), "timestamp.txt").decode())
    except RefusedError as refused:
        if refused.problem.kind != "missing":
            read.notes.append(f"{refused.problem.message}; the time of handing in is not known")
    except (ValueError, LookupError, OverflowError):
        read.notes.append("timestamp.txt holds no date and time; the time of handing in is not known")


def _moment(text: str) -> datetime:
    """Read a time as nbgrader writes it: date, time and, perhaps, the name of a time zone; without one it is UTC."""
    day, _, rest = text.strip().partition(" ")
    clock, _, zone = rest.partition(" ")
    moment = datetime.fromisoformat(f"{day} {clock}".rstrip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone) if zone not in {"", "UTC"} else UTC)
    return moment.astimezone(UTC)


_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


@contextmanager
def _opened(name: str, parent: int | None = None, *, folder: bool = False, follow: bool = False) -> Iterator[int]:
    """Open for reading without waiting (a FIFO), without becoming a terminal's owner, and without following a link."""
    flags = os.O_RDONLY
    for flag in ("O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY", *([] if follow else ["O_NOFOLLOW"])):
        flags |= getattr(os, flag, 0)  # Windows, where students check their own copy, has few of them.
    shown = Path(name).name
    try:
        descriptor = os.open(name, flags | (os.O_DIRECTORY if folder else 0), dir_fd=parent)
    except OSError as error:
        raise _refusal(error, name, shown, parent, follow=follow) from None
    try:
        yield descriptor
    except OSError as error:
        raise RefusedError("unreadable", f"{shown} cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)


def _refusal(error: OSError, name: str, shown: str, parent: int | None, *, follow: bool) -> RefusedError:
    """Say why a name could not be opened; only words depend on the name's kind, which may have changed since."""
    if isinstance(error, FileNotFoundError):
        return RefusedError("missing", f"{shown} is not there")
    try:
        kind = stat.S_IFMT(os.stat(name, dir_fd=parent, follow_symlinks=follow).st_mode)
    except OSError:
        kind = 0
    if kind == stat.S_IFLNK:
        return RefusedError("symlink", f"{shown} is a symbolic link; hand in the file or folder itself")
    if isinstance(error, NotADirectoryError):
        return RefusedError("not-a-file", f"{shown} is not a folder")
    if kind in _KINDS:
        return RefusedError("not-a-file", f"{shown} is {_KINDS[kind]}, not a file")
    return RefusedError("unreadable", f"{shown} cannot be read: {error.strerror}")


def _bytes(file: int, name: str, limit_kb: int) -> bytes:
    """Read an open file of at most `limit_kb`; what its size says is not relied upon."""
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise RefusedError("not-a-file", f"{name} is {kind}, not a file")
    limit = limit_kb * 1024
    data = bytearray()
    while status.st_size <= limit and len(data) <= limit and (piece := os.read(file, limit + 1 - len(data))):
        data += piece
    if max(status.st_size, len(data)) > limit:
        size = max(status.st_size, len(data))
        raise RefusedError("too-large", f"{name} has {size:,} bytes; at most {limit:,} are read")
    return bytes(data)
