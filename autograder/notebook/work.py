"""What the student has written so far: in the module beside the notebook, and in the notebook itself."""

from __future__ import annotations

import contextlib
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.place import find_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def notebook_namespace() -> dict[str, Any]:
    """Return the names that the notebook's cells have defined."""
    return vars(sys.modules["__main__"])


def defined_here(names: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the functions and classes that the notebook defines itself, not imports; of these names only, if given."""
    namespace = notebook_namespace()
    wanted = list(namespace) if names is None else names
    return {name: namespace[name] for name in wanted if name in namespace and _is_written_here(namespace[name])}


def files_of(definitions: Iterable[Any]) -> frozenset[str]:
    """Return the file names that the code of functions and classes bears; each cell of a notebook has its own."""
    return frozenset(code.co_filename for code in _codes(definitions))


def functions_of(definitions: Iterable[Any]) -> frozenset[str]:
    """Return the names of functions, and of classes' methods."""
    return frozenset(code.co_name for code in _codes(definitions))


def data_file(name: str) -> Path:
    """Return a data file of the assignment: beside the notebook, or else beside its tests."""
    folder = Path.cwd()
    beside = folder / name
    return beside if beside.exists() else find_place(folder).tests / name


def load_module(name: str | None = None) -> Any:
    """Return the module of the assignment (or another one beside the notebook) as an object that never grows stale.

    Every use of one of its names looks in the notebook first and then in the file, which is read again when it has been
    saved meanwhile.
    """
    folder = Path.cwd()
    return Module(folder / name if name else find_place(folder).module)


class MissingError(AttributeError):
    """The student has not written something of this name."""

    def __init__(self, name: str, path: Path) -> None:
        """Say what is missing where."""
        super().__init__(f"{path.name} has no {name} yet")
        self.missing, self.path = name, path


class Module:
    """A student's module under whatever name the notebook gives it."""

    def __init__(self, path: Path) -> None:
        """Stand for the file at `path`, which need not exist."""
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._module: types.ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        """Return what the student calls `name`, as it is now; raises `MissingError`, or whatever importing raises."""
        if name.startswith("__"):
            raise AttributeError(name)
        here = defined_here([name])
        if name in here:
            return here[name]
        with contextlib.suppress(AttributeError):
            return getattr(self._fresh(), name)
        raise MissingError(name, self._path)

    def __dir__(self) -> Iterator[str]:
        """List names for completion."""
        return iter(vars(self._fresh()))

    def __repr__(self) -> str:
        """Tell what this stands for."""
        return f"<what this notebook and {self._path.name} define>"

    def _fresh(self) -> types.ModuleType:
        """Return the module, run again if the file is another than before; other notebooks' copies stay as they are."""
        try:
            status = self._path.stat()
        except OSError:
            return types.ModuleType(self._path.stem)
        stamp = status.st_mtime_ns, status.st_size
        if self._module is None or stamp != self._stamp:
            module = types.ModuleType(self._path.stem)
            module.__file__ = str(self._path)
            sys.modules[module.__name__] = module
            exec(compile(self._path.read_bytes(), str(self._path), "exec", dont_inherit=True), vars(module))  # noqa: S102
            self._module, self._stamp = module, stamp
        return self._module


def _is_written_here(value: object) -> bool:
    with contextlib.suppress(Exception):  # A student's object may raise whatever it likes when it is looked at.
        return callable(value) and getattr(value, "__module__", None) == "__main__"
    return False


def _codes(definitions: Iterable[Any]) -> Iterator[types.CodeType]:
    for definition in definitions:
        parts = vars(definition).values() if isinstance(definition, type) else [definition]
        for part in parts:
            function = getattr(part, "__wrapped__", None) or getattr(part, "__func__", part)
            if isinstance(function, types.FunctionType):
                yield function.__code__
