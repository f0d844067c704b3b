"""Makes what students get out of the solutions, and says where the two have drifted apart or something leaked.

A solution marks what students are to write, as nbgrader does:

    def relu(z):
        ### BEGIN SOLUTION
        return np.maximum(z, 0)
        ### END SOLUTION

In a function's body a region becomes `raise NotImplementedError`. Anywhere else it holds whole definitions, such as a
helper or an import that only the solution needs, and goes away without a trace: a `raise` there would keep students
from importing their own module.
"""

import ast
import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import GraderError, Problem, ReleaseError
from autograder.release_notebook import grade_cell_problems, release_notebook, source_of
from autograder.release_tests import released_tests, stale_tests, tests_folder

_MARKER = re.compile(r"([ \t]*)### (BEGIN|END) SOLUTION[ \t]*")
_NEARLY = re.compile(r"#\s*(BEGIN|END)\s+SOLUTION", re.IGNORECASE)
_STUB = "raise NotImplementedError"


class Released(Struct, frozen=True):
    """A file that students get: where it comes from, where it goes, and what it has to hold."""

    source: Path
    target: Path
    text: str
    solution_lines: tuple[str, ...]
    """The lines, stripped, that were taken out and must not be found in anything that is released."""


class _Region(Struct, frozen=True):
    """A marked region. Lines count from 1 and are those of the two markers."""

    begin: int
    end: int
    indent: str


def strip_solutions(text: str, path: Path | str) -> str:
    """Return the text of a solution module as students get it; `path` is for messages only.

    Raises `ReleaseError`, with all problems, where regions are nested, open, at another indentation than their end, cut
    through a statement, or where what is left is not Python.
    """
    return _strip(text, Path(path))[0]


def released(course: Course, assignment: Assignment) -> tuple[Released, ...]:
    """Return every file of an assignment that is made from a solution: the module, and the notebook if it has one.

    Raises `ReleaseError` with the problems of all of them.
    """
    solutions = course.root / "solutions" / assignment.name
    folder = course.root / "assignments" / assignment.name
    files: list[Released] = []
    problems: list[Problem] = []
    for name, strip in ((assignment.module, _strip), (assignment.notebook, release_notebook)):
        source = solutions / name
        if name == assignment.notebook and not source.exists():
            continue
        try:
            text, taken = strip(_text(source, "write the reference solution there"), source)
            files.append(Released(source, folder / name, text, taken))
        except ReleaseError as error:
            problems += error.problems
    if problems:
        raise ReleaseError(problems)
    return tuple(files)


def release_text(course: Course, assignment: Assignment) -> str:
    """Return the stub that students get as their module."""
    source = course.root / "solutions" / assignment.name / assignment.module
    return _strip(_text(source, "write the reference solution there"), source)[0]


def release(course: Course, assignment: Assignment) -> list[Path]:
    """Write what is released and not up to date, each file in one step; return those files, and the folder of tests."""
    files = {file.target: file.text.encode() for file in released(course, assignment)}
    changed = [path for path, data in files.items() if _write(path, data)]
    return [*changed, tests_folder(course, assignment)] if release_tests(course, assignment) else changed


def release_tests(course: Course, assignment: Assignment) -> bool:
    """Bring the tests that are released with an assignment up to date; say whether they were not."""
    wanted = released_tests(course, assignment)
    wrote = [_write(path, data) for path, data in wanted.items()]
    stale = stale_tests(tests_folder(course, assignment), wanted)
    for path in stale:
        path.unlink()
    return any(wrote) or bool(stale)


def release_problems(course: Course, assignment: Assignment) -> list[Problem]:
    """Return what is wrong with the released files: missing, drifted from the solution, or holding some of it.

    A line of a solution region has leaked when it is found, spacing apart, in any file under `assignments/<name>/`, a
    notebook too. Tests are about definitions and may share a line with a solution; lines that anybody would write
    (`return out`) or that stand in the stub by right do not count either. The grade cells of the notebook must be the
    exercises of `course.toml`.
    """
    try:
        files = released(course, assignment)
    except ReleaseError as error:
        return list(error.problems)
    problems = []
    for file in files:
        if not file.solution_lines:
            problems.append(Problem(path=file.source, reason="has no solution region, so students would get all of it"))
        problems += _drift(file, assignment)
        if file.source.name == assignment.notebook:
            problems += grade_cell_problems(file.text, file.source, assignment)
    problems += _drifted_tests(course, assignment)
    return [*problems, *_leaks(course.root / "assignments" / assignment.name, tests_folder(course, assignment), files)]


def _strip(text: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the stripped text, and the lines that were taken out."""
    lines = text.replace("\r\n", "\n").split("\n")
    tree = _python(text, path, "is no Python")
    regions = _regions(lines, path)
    problems = [problem for region in regions for problem in _cuts(region, tree, path)]
    if problems:
        raise ReleaseError(problems)
    kept: list[str] = []
    taken: list[str] = []
    position = 0
    for region in regions:
        kept += lines[position : region.begin - 1]
        taken += lines[region.begin : region.end - 1]
        position = region.end
        if _in_function(region, tree):
            kept.append(region.indent + _STUB)
        elif kept and not kept[-1].strip():
            # The blank lines before the region do for those after it.
            while position < len(lines) and not lines[position].strip():
                position += 1
    stub = "\n".join([*kept, *lines[position:]]).rstrip() + "\n"
    _python(stub, path, "is no Python once its solutions are taken out")
    return stub, tuple(line.strip() for line in taken if line.strip())


def _python(text: str, path: Path, otherwise: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise ReleaseError([Problem(path=path, line=line, reason=f"{otherwise}: {error}")]) from None


def _regions(lines: list[str], path: Path) -> list[_Region]:
    regions: list[_Region] = []
    problems: list[Problem] = []
    opened: tuple[int, str] | None = None

    def note(line: int, reason: str) -> None:
        problems.append(Problem(path=path, line=line, reason=reason))

    for number, line in enumerate(lines, 1):
        marker = _MARKER.fullmatch(line)
        if marker is None:
            if _NEARLY.search(line):
                note(number, "is nearly a marker; write ### BEGIN SOLUTION or ### END SOLUTION on a line of its own")
        elif marker[2] == "BEGIN":
            if opened:
                note(number, f"begins a solution inside the one of line {opened[0]}; end that one first")
            opened = (number, marker[1])
        elif opened is None:
            note(number, "ends a solution that has not begun; take it out, or begin it with ### BEGIN SOLUTION")
        else:
            if marker[1] != opened[1]:
                note(number, f"is indented otherwise than its ### BEGIN SOLUTION in line {opened[0]}")
            regions.append(_Region(opened[0], number, opened[1]))
            opened = None
    if opened:
        note(opened[0], "begins a solution that never ends; end it with ### END SOLUTION")
    if problems:
        raise ReleaseError(problems)
    return regions


def _cuts(region: _Region, tree: ast.Module, path: Path) -> Iterator[Problem]:
    """Yield what keeps a region from being whole statements at its own indentation."""
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    inside = [node for node in statements if region.begin < _first(node) < region.end]
    if not inside:
        yield Problem(path=path, line=region.begin, reason="holds no statement; put the solution between its markers")
        return
    for node in inside:
        if node.end_lineno and node.end_lineno > region.end:
            yield Problem(path=path, line=region.end, reason=f"cuts through the statement of line {_first(node)}")
    outermost = min(node.col_offset for node in inside)
    if outermost != len(region.indent):
        reason = "is not at the indentation of its solution; indent the markers as the statements between them"
        yield Problem(path=path, line=region.begin, reason=reason)


def _first(node: ast.stmt) -> int:
    """Return the first line of a statement, its decorators included."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        return node.decorator_list[0].lineno
    return node.lineno


def _in_function(region: _Region, tree: ast.Module) -> bool:
    """Say whether the innermost definition around a region is a function."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.lineno < region.begin <= (node.end_lineno or 0)
    ]
    return bool(around) and not isinstance(max(around, key=lambda node: node.lineno), ast.ClassDef)


def _drift(file: Released, assignment: Assignment) -> Iterator[Problem]:
    advice = f"run `autograder release {assignment.name}`"
    if not file.target.exists():
        yield Problem(path=file.target, reason=f"is not there; {advice}")
        return
    old, new = _text(file.target, advice).splitlines(), file.text.splitlines()
    if old != new:
        same = next((index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
        line = (min(len(old), len(new)) if same is None else same) + 1
        yield Problem(path=file.target, line=line, reason=f"differs from what {file.source.name} gives; {advice}")


def _drifted_tests(course: Course, assignment: Assignment) -> Iterator[Problem]:
    advice = f"run `autograder release {assignment.name}`"
    try:
        wanted = released_tests(course, assignment)
    except ReleaseError as error:
        yield from error.problems
        return
    drifted = [path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data]
    folder = tests_folder(course, assignment)
    names = ", ".join(sorted({path.name for path in (*drifted, *stale_tests(folder, wanted))}))
    if names:
        yield Problem(path=folder, reason=f"is not what the tests of the course give ({names}); {advice}")


def _leaks(folder: Path, tests: Path, files: tuple[Released, ...]) -> Iterator[Problem]:
    secret: set[str] = set()
    public = ""
    for file in files:
        # What the stub shows is no secret in the notebook; what the notebook shows may well be one in the stub.
        public += _plain(_shown(file)) + " "
        secret |= {line for line in map(_plain, filter(_is_telling, file.solution_lines)) if line not in public}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        try:
            lines = path.read_bytes().decode(errors="replace").splitlines()
        except OSError as error:
            yield Problem(path=path, reason=f"cannot be read: {error.strerror}")
            continue
        is_test = path.is_relative_to(tests)
        for number, line in enumerate(lines, 1):
            if "BEGIN SOLUTION" in line:
                yield Problem(path=path, line=number, reason="holds a solution marker; release it anew")
            if is_test:
                continue
            plain = _plain(line)
            for leaked in secret:
                # A notebook holds the line as JSON has it, with its quotation marks escaped.
                if leaked in plain or json.dumps(leaked, ensure_ascii=False)[1:-1] in plain:
                    yield Problem(path=path, line=number, reason=f"holds a line of the solution: {leaked}")


def _shown(file: Released) -> str:
    """Return the text of a file as it is read: a notebook's without the quotation marks and escapes of JSON."""
    if file.target.suffix != ".ipynb":
        return file.text
    return "\n".join(source_of(cell) for cell in json.loads(file.text)["cells"])


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _is_telling(line: str) -> bool:
    """Say whether a line is a solution's own: no head of a block, and longer than what anybody would write."""
    return not line.endswith(":") and len(re.findall(r"\w+|[^\w\s]", line)) > 4  # noqa: PLR2004


def _text(path: Path, advice: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        reason = f"is not there; {advice}"
    except UnicodeDecodeError:
        reason = "is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    raise ReleaseError([Problem(path=path, reason=reason)])


def _write(path: Path, data: bytes) -> bool:
    """Write a file that differs, so that it is the old one or the new one whatever happens; say whether it did."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise GraderError(f"{path} could not be written: {error.strerror}; it is as it was") from None
    return True
