"""Reads what a student handed in, and trusts none of it.

A name under `submitted/` may be a link to another student's work or to `/etc/passwd`, a FIFO, a device, or 50 MB long.
So every name below `submitted/` is opened relative to its folder's descriptor and never through a link, its kind is
taken from the open descriptor, and no more is read than the limits allow. Nothing is imported or executed here.
"""

import ast
import builtins
import hashlib
import itertools
import os
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import UsageError, did_you_mean, nearest

ProblemKind = Literal[
    "missing", "not-a-file", "symlink", "too-large", "not-utf8", "nul-bytes", "unreadable", "bad-notebook"
]


class SubmissionProblem(Struct, frozen=True):
    """Why there is no source to grade. `message` is a plain sentence for the student."""

    kind: ProblemKind
    message: str


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
        read.source = _checked(read.data, path.name)
    except _RefusedError as refused:
        read.problem = refused.problem
    return read.submission(student, assignment)


class _RefusedError(Exception):
    """A file that is not taken."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.problem = SubmissionProblem(kind, message)


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
    except _RefusedError as refused:
        read.problem = refused.problem
    return read.submission(student, assignment)


def _read_files(read: _Read, folder: int, assignment: Assignment) -> None:
    _read_timestamp(read, folder)
    try:
        with _opened(assignment.module, folder) as file:
            read.data = _bytes(file, assignment.module, assignment.limits.source_kb)
    except _RefusedError as refused:
        if refused.problem.kind != "missing":
            raise
    else:
        read.source = _checked(read.data, assignment.module)
        return
    try:
        with _opened(assignment.notebook, folder) as file:
            read.filename, read.origin = assignment.notebook, "notebook"
            read.data = _bytes(file, assignment.notebook, assignment.limits.notebook_kb)
    except _RefusedError as refused:
        if refused.problem.kind != "missing":
            raise
        raise _RefusedError("missing", _missing(folder, assignment)) from None
    definitions = _Definitions(assignment.notebook, assignment.limits.source_kb)
    read.source = definitions.source(read.data)
    read.notes += definitions.notes


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
            read.timestamp = _moment(_checked(_bytes(file, "timestamp.txt", 1), "timestamp.txt").decode())
    except _RefusedError as refused:
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
        raise _RefusedError("unreadable", f"{shown} cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)


def _refusal(error: OSError, name: str, shown: str, parent: int | None, *, follow: bool) -> _RefusedError:
    """Say why a name could not be opened; only words depend on the name's kind, which may have changed since."""
    if isinstance(error, FileNotFoundError):
        return _RefusedError("missing", f"{shown} is not there")
    try:
        kind = stat.S_IFMT(os.stat(name, dir_fd=parent, follow_symlinks=follow).st_mode)
    except OSError:
        kind = 0
    if kind == stat.S_IFLNK:
        return _RefusedError("symlink", f"{shown} is a symbolic link; hand in the file or folder itself")
    if isinstance(error, NotADirectoryError):
        return _RefusedError("not-a-file", f"{shown} is not a folder")
    if kind in _KINDS:
        return _RefusedError("not-a-file", f"{shown} is {_KINDS[kind]}, not a file")
    return _RefusedError("unreadable", f"{shown} cannot be read: {error.strerror}")


def _bytes(file: int, name: str, limit_kb: int) -> bytes:
    """Read an open file of at most `limit_kb`; what its size says is not relied upon."""
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise _RefusedError("not-a-file", f"{name} is {kind}, not a file")
    limit = limit_kb * 1024
    data = bytearray()
    while status.st_size <= limit and len(data) <= limit and (piece := os.read(file, limit + 1 - len(data))):
        data += piece
    if max(status.st_size, len(data)) > limit:
        size = max(status.st_size, len(data))
        raise _RefusedError("too-large", f"{name} has {size:,} bytes; at most {limit:,} are read")
    return bytes(data)


def _checked(data: bytes, name: str) -> bytes:
    """Return `data` if it is UTF-8 text without NULs."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _RefusedError("not-utf8", f"{name} is not UTF-8 text (line {line}); save it as UTF-8") from None
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise _RefusedError("nul-bytes", f"{name} holds NUL bytes (line {line}) and is no Python; save it again")
    return data


class _Nbgrader(Struct):
    solution: bool = False


class _Metadata(Struct):
    nbgrader: _Nbgrader | None = None


class _Cell(Struct):
    """What is needed of a cell; outputs and all else are passed over without being built."""

    cell_type: str
    source: str | list[str] = ""
    metadata: _Metadata | None = None

    @property
    def solution(self) -> bool:
        return self.metadata is not None and self.metadata.nbgrader is not None and self.metadata.nbgrader.solution

    @property
    def text(self) -> str:
        text = self.source if isinstance(self.source, str) else "".join(self.source)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class _Notebook(Struct):
    nbformat: int
    cells: list[_Cell] = []


_NBFORMAT = 4
_TYPES = {name for name, value in vars(builtins).items() if isinstance(value, type)}


class _Definitions:
    """Makes a module of what a notebook's solution cells define at their top level.

    Taken are imports, functions, classes, and assignments to plain names that use nothing but what was taken before
    and call nothing but what was imported: constants, and never a student's experiment, whose failure would take the
    module down with it. Imports of NumPy and the standard library are taken from other cells too, since the cell that
    imports for the whole notebook is seldom a solution cell.
    """

    def __init__(self, name: str, limit_kb: int) -> None:
        self.notes: list[str] = []
        self._name, self._limit_kb = name, limit_kb
        self._future: list[str] = []
        self._callable = set(_TYPES)
        self._known = set(dir(builtins))

    def source(self, data: bytes) -> bytes:
        try:
            notebook = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Notebook)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise self._bad(f"is not a notebook: {error}") from None
        except RecursionError:
            raise self._bad("is not a notebook: it is nested too deeply") from None
        if notebook.nbformat < _NBFORMAT:
            raise self._bad(f"is in the old format {notebook.nbformat}; open it in Jupyter and save it again")
        code = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        solutions = sum(cell.solution for _, cell in code)
        if not solutions:
            raise self._bad("has no solution cell; work in the notebook as it was released")
        if sum(len(cell.text) for _, cell in code) > self._limit_kb * 1024:
            raise _RefusedError("too-large", f"{self._name} has more than {self._limit_kb:,} KB of code")
        parts = [self._part(number, cell) for number, cell in code]
        if len(self.notes) == solutions:
            raise self._bad("has no solution cell that is Python: " + "; ".join(self.notes))
        return _checked("".join([*self._future, *parts]).encode(), self._name)

    def _bad(self, what: str) -> _RefusedError:
        return _RefusedError("bad-notebook", f"{self._name} {what}")

    def _part(self, number: int, cell: _Cell) -> str:
        """Return what counts of a code cell, under a comment that names it."""
        try:
            text, tree = _parsed(cell.text)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            if cell.solution:
                place = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else "it is no Python"
                self.notes.append(f"cell {number} of {self._name} does not count, since it cannot be read ({place})")
            return ""
        lines = text.encode().split(b"\n")
        taken: list[str] = []
        for node in tree.body:
            if self._counts(node, solution=cell.solution):
                is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
                (self._future if is_future else taken).append(_segment(lines, node) + "\n")
        return "".join([f"# {self._name}, cell {number}\n", *taken, "\n"]) if taken else ""

    def _counts(self, node: ast.stmt, *, solution: bool) -> bool:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if not solution and not _is_common(node):
                return False
            names = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            self._callable |= names
        elif not solution:
            return False
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = {node.name}
        else:
            names = self._constants(node)
        self._known |= names
        return bool(names)

    def _constants(self, node: ast.stmt) -> set[str]:
        """Return the names that a statement sets if it is a constant definition, else nothing."""
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        else:
            return set()
        plain = [name for target in targets for name in (target.elts if isinstance(target, ast.Tuple) else [target])]
        names = {name.id for name in plain if isinstance(name, ast.Name)}
        used, called = _used(node.value) if node.value else (set(), set())
        return names if len(names) == len(plain) and used <= self._known and called <= self._callable else set()


def _parsed(text: str) -> tuple[str, ast.Module]:
    """Parse a cell as it stands, or else without the lines that are IPython's and not Python's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of a student's odd escapes on the grader's own stderr.
        try:
            return text, ast.parse(text)
        except SyntaxError:
            lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in text.split("\n"))
            text = "\n".join(lines)
            return text, ast.parse(text)


def _is_common(node: ast.Import | ast.ImportFrom) -> bool:
    """Say whether an import statement names NumPy and the standard library only."""
    if isinstance(node, ast.ImportFrom):
        modules = ["" if node.level else node.module or ""]
    else:
        modules = [alias.name for alias in node.names]
    return all(module.partition(".")[0] in {"numpy", *sys.stdlib_module_names} for module in modules)


def _used(value: ast.expr) -> tuple[set[str], set[str]]:
    """Return the names that evaluating an expression reads, and the names at the root of what it calls."""
    read: set[str] = set()
    bound: set[str] = set()
    called: set[str] = set()
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        if isinstance(node, ast.Call):
            root = node.func
            while isinstance(root, ast.Attribute):
                root = root.value
            called.add(root.id if isinstance(root, ast.Name) else "")
        waiting += ast.iter_child_nodes(node)
    return read - bound, called


def _segment(lines: list[bytes], node: ast.stmt) -> str:
    """Return the text of a statement with its decorators; its columns count UTF-8 bytes."""
    first, column, last = node.lineno, node.col_offset, node.end_lineno or node.lineno
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        first, column = node.decorator_list[0].lineno, 0
    part = lines[first - 1 : last]
    part[-1] = part[-1][: node.end_col_offset]
    part[0] = part[0][column:]
    return b"\n".join(part).decode()
