"""Loads the test files of an assignment as a package of their own, apart from every other course in the process."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.errors import GraderError, UsageError
from autograder.kit.exercise import GradedTest, StandIn, declared_stand_ins

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@dataclass(frozen=True)
class TestFiles:
    """What the test files of an assignment declare."""

    folder: Path
    tests: tuple[GradedTest, ...]
    stand_ins: tuple[StandIn, ...]
    digest: str
    """SHA-256 over the names and bytes of all files in the folder."""


def load_tests(folder: Path) -> TestFiles:
    """Import `test_*.py` in `folder` and collect what they declare, in the order of the files and their lines.

    Raises `UsageError` where there is nothing to load and `GraderError` where a file cannot be imported.
    """
    files = sorted(folder.glob("test_*.py"))
    if not files:
        message = f"{folder}: no tests; graded tests stand in test_*.py there"
        raise UsageError(message)
    digest = _digest(folder)
    package = f"_graded_tests_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}_{digest[:8]}"
    declared_stand_ins()
    _import(package, folder / "__init__.py", [str(folder)])
    tests: list[GradedTest] = []
    for file in files:
        module = _import(f"{package}.{file.stem}", file)
        tests += [value for value in vars(module).values() if isinstance(value, GradedTest)]
    stand_ins = declared_stand_ins()
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    return TestFiles(folder, tuple(sorted(set(tests), key=lambda test: test.order)), tuple(stand_ins), digest)


def _import(name: str, file: Path, search: list[str] | None = None) -> ModuleType:
    """Import a file under a name; a package may lack its `__init__.py`."""
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=search)
    if spec is None or spec.loader is None:
        message = f"{file}: cannot be imported"
        raise GraderError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if search is not None and not file.exists():
        return module
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        message = f"{file}: {type(error).__name__} while importing the tests: {error}"
        raise GraderError(message) from error
    finally:
        sys.dont_write_bytecode = before
    return module


def _digest(folder: Path) -> str:
    """SHA-256 over every file of the folder that is not a cache."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith("."):
            total.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
            total.update(file.read_bytes())
    return total.hexdigest()
