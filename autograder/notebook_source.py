"""Makes a module of the definitions in a notebook's solution cells, and executes none of them."""

import ast
import builtins
import sys
import warnings

import msgspec
from msgspec import Struct

from autograder.refusal import RefusedError, checked


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
#: A course's notebook has some dozens.
MOST_CELLS = 2000
MOST_NOTES = 20
_TYPES = {name for name, value in vars(builtins).items() if isinstance(value, type)}


class Definitions:
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
        """The module's source; raises `RefusedError` where `data` is no notebook that can be read."""
        try:
            notebook = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Notebook)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise self._bad(f"is not a notebook: {error}") from None
        except RecursionError:
            raise self._bad("is not a notebook: it is nested too deeply") from None
        if notebook.nbformat < _NBFORMAT:
            raise self._bad(f"is in the old format {notebook.nbformat}; open it in Jupyter and save it again")
        code = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        if len(code) > MOST_CELLS:
            raise RefusedError(
                "too-large", f"{self._name} has {len(code):,} code cells; at most {MOST_CELLS:,} are read"
            )
        solutions = sum(cell.solution for _, cell in code)
        if not solutions:
            raise self._bad("has no solution cell; work in the notebook as it was released")
        if sum(len(cell.text) for _, cell in code) > self._limit_kb * 1024:
            raise RefusedError("too-large", f"{self._name} has more than {self._limit_kb:,} KB of code")
        parts = [self._part(number, cell) for number, cell in code]
        if len(self.notes) == solutions:
            raise self._bad("has no solution cell that is Python: " + "; ".join(self.notes[:MOST_NOTES]))
        if len(self.notes) > MOST_NOTES:
            self.notes[MOST_NOTES:] = [f"{len(self.notes) - MOST_NOTES} more cells do not count either"]
        return checked("".join([*self._future, *parts]).encode(), self._name)

    def _bad(self, what: str) -> RefusedError:
        return RefusedError("bad-notebook", f"{self._name} {what}")

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
    if first == last:  # A line may be a megabyte of statements, so it is not copied for each.
        return lines[first - 1][column : node.end_col_offset].decode()
    part = lines[first - 1 : last]
    part[-1] = part[-1][: node.end_col_offset]
    part[0] = part[0][column:]
    return b"\n".join(part).decode()
