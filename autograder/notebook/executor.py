"""Runs tests on what a student has in a notebook: the cells' definitions over those of the module's file."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from autograder.grading.executors import InProcessExecutor

from .work import files_of, notebook_namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from autograder.grading.replay import Answers
    from autograder.suite.build import Batch


class InNotebook:
    """Makes executors for this kernel, where `print` and `breakpoint` work."""

    isolation = "none: the student's own notebook"

    def __init__(self, path: Path, definitions: dict[str, Any]) -> None:
        """Run the module as if it stood at `path`, with the notebook's `definitions` before its own."""
        self._path = path
        self._definitions = definitions

    def __call__(
        self,
        source: bytes,
        filename: str,  # noqa: ARG002 - the path says more
        stand_ins: dict[str, Callable[..., Any]],
        seconds: float = 0.0,  # noqa: ARG002 - nobody else to protect
    ) -> NotebookExecutor:
        """Make an executor, some functions stood in for."""
        return NotebookExecutor(source, self._path, self._definitions, stand_ins)


class NotebookExecutor(InProcessExecutor):
    """One loaded module, with the notebook's definitions over it."""

    def __init__(
        self, source: bytes, path: Path, definitions: dict[str, Any], stand_ins: dict[str, Callable[..., Any]]
    ) -> None:
        """Prepare; nothing runs yet."""
        super().__init__(source, str(path), stand_ins)
        self._name = path.stem
        self._definitions, self._stood_in = definitions, frozenset(stand_ins)
        self._names: dict[str, Any] = {}
        self._before: Any = None

    def load(self) -> dict[str, Any] | None:
        """Run the module's file and put the notebook's definitions over it; the error that it raised, or None."""
        self._before = sys.modules.get(self._name)
        error = super().load()
        self._names = self._runtime.adopt(self._definitions, files_of(self._definitions.values()))
        return error

    def run(self, batch: Batch, seconds: float | None = None) -> list[Answers]:
        """Run a batch and give its answers, example by example."""
        with self._one_namespace():
            return super().run(batch, seconds)

    def close(self) -> tuple[str, float]:
        """Let go of the module. `import` finds it as it is now, unless something stood in for parts of it."""
        if self._stood_in:
            if self._before is None:
                sys.modules.pop(self._name, None)
            else:
                sys.modules[self._name] = self._before
        return super().close()

    @contextlib.contextmanager
    def _one_namespace(self) -> Iterator[None]:
        """Let functions of the notebook call those of the file, and what stands in for either, while tests run."""
        namespace = notebook_namespace() if self._definitions else {}
        lent = {
            name: value
            for name, value in self._names.items()
            if not name.startswith("__") and (name not in namespace or name in self._stood_in)
        }
        covered = {name: namespace[name] for name in lent if name in namespace}
        namespace.update(lent)
        try:
            yield
        finally:
            for name, value in lent.items():
                if namespace.get(name) is value:
                    del namespace[name]
            namespace.update(covered)
