"""Runs scripts on a student's module: the same code in the locked-down worker and in the student's own process.

A *batch* is what one test asks of a submission: programs (straight lines of steps, shared by examples that differ only
in their numbers) and examples (a program and its constants). The runtime runs one example after the other and encodes
the answers that somebody asked for, each as it is at its step. It knows nothing of what the answers should be.

What it reports beside the values (errors, warnings, changed arguments) is for display and can only cost points.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import marshal
import sys
import types
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from .codec import decode, encode, tuple_of
from .steps import CALL, OPERATIONS, Failed, Frame, stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .steps import Callback

#: Warnings that can count against a function; underflow never does.
COUNTED_WARNINGS = ("overflow", "invalid value", "divide by zero")

GLOBAL_SEED = 20_101
MAX_MESSAGE = 500
MAX_FRAMES = 5


class Runtime:
    """One loaded module and the means to run batches on it."""

    def __init__(
        self,
        mark: Callable[[int], None] = lambda _index: None,
        *,
        passing: tuple[type[BaseException], ...] = (),
        alone: bool = True,
    ) -> None:
        """Prepare to load a module.

        `mark` is told the index of each example as it begins; exceptions of the types `passing` are not reported but
        let through; `alone` says that the process is the runtime's own, whose global state it may set.
        """
        self._mark = mark
        self._passing = passing
        self._alone = alone
        self._module = types.ModuleType("empty")
        self._filename = ""
        self._files: frozenset[str] = frozenset()
        self._stand_ins: dict[str, Any] = {}
        self._callback: Callback = _nobody
        self._filters: list[Any] | None = None
        self._errors: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
        self._warned: set[str] = set()

    # --- loading ----------------------------------------------------------------------------------------------------

    def load(self, payload: bytes, callback: Callback) -> bytes:
        """Compile and run the module in `payload`; return its error or None, encoded.

        The payload is `(source, module name, file name, {function name: callback index})`, the last being functions
        that trusted code stands in for.
        """
        source, name, filename, stand_ins = decode(payload)
        module = types.ModuleType(name)
        module.__file__ = filename
        self._module, self._filename, self._files = module, filename, frozenset({filename})
        sys.modules[name] = module
        if self._alone:
            np.random.seed(GLOBAL_SEED)  # noqa: NPY002 - the global generator is what is being watched
        self._callback = callback
        replacements = {key: stand_in(key, index, self._ask) for key, index in stand_ins.items()}
        self._stand_ins = replacements
        with self._at_home():
            try:
                code = compile(source, filename, "exec", dont_inherit=True)
                names = _Substituting(module.__dict__, replacements) if replacements else module.__dict__
                exec(code, module.__dict__, names)  # noqa: S102 - its purpose
            except self._passing:
                raise
            except BaseException as error:  # noqa: BLE001 - student code may raise anything
                return encode(self._describe(error))
        return encode(None)

    def adopt(self, definitions: dict[str, Any], files: Iterable[str]) -> dict[str, Any]:
        """Put definitions from elsewhere, such as a notebook's cells, in place of the loaded module's own.

        Stand-ins stay before them. `files` are where they were written, as their code objects have it. Returns the
        module's names.
        """
        self._files |= frozenset(files)
        self._module.__dict__.update({name: self._stand_ins.get(name, value) for name, value in definitions.items()})
        return self._module.__dict__

    # --- running ----------------------------------------------------------------------------------------------------

    def run(self, batch: bytes, callback: Callback) -> Iterator[bytes]:
        """Run a batch; yield each example's answers, encoded.

        A batch is what `marshal` makes of `(programs, [(program index, index of the first callback, constants), ...])`,
        the constants packed. What comes out for an example is a tuple: a value for every observed step, then the notes.
        """
        programs, examples = marshal.loads(batch)  # noqa: S302 - it comes from the trusted side
        self._callback = callback
        with self._at_home():
            for index, (number, first, constants) in enumerate(examples):
                self._mark(index)
                steps, observed = programs[number]
                yield self._example(steps, observed, Frame(constants, self._module, callback, first))

    def _ask(self, index: int, payload: bytes) -> bytes:
        """Call back through whatever request is running: stand-ins outlive the one that loaded the module."""
        return self._callback(index, payload)

    def _example(self, steps: tuple[Any, ...], observed: tuple[int, ...], frame: Frame) -> bytes:
        answers: list[bytes] = []
        errors: dict[str, Any] = {}
        changed: list[tuple[int, int]] = []
        warned: list[tuple[int, list[str]]] = []
        drew: list[int] = []
        lost: dict[str, int] = {}
        before = _global_state()
        for number, step in enumerate(steps):
            try:
                value = OPERATIONS[step[0]](frame, *step[1:])
            except self._passing:
                raise
            except BaseException as error:  # noqa: BLE001 - student code may raise anything
                errors[str(number)] = self._describe(error)
                value = Failed(number)
            if step[0] == CALL:
                after = _global_state()
                if after != before:
                    before = after
                    if step[5]:
                        drew.append(number)
                changed += [(number, index) for index in step[4] if frame.has_changed(index)]
                if self._warned:
                    warned.append((number, sorted(self._warned)))
                    self._warned.clear()
            frame.registers.append(value)
            if number in observed:
                if type(value) is Failed:
                    lost[str(number)] = value.step
                    value = None
                answers.append(encode(value))
        notes = (errors, lost, changed, warned, drew)
        answers.append(encode(notes) if errors or changed or warned or drew else _NO_NOTES)
        return tuple_of(answers)

    # --- watching ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _at_home(self) -> Iterator[None]:
        """Note the warnings that reach the user, every time they occur, honouring what the module itself silences.

        What the module sets for the whole process, its warning filters and NumPy's treatment of errors, holds only
        inside.
        """
        outside = np.geterr()
        np.seterr(**self._errors)
        with warnings.catch_warnings():
            if self._filters is None:
                warnings.simplefilter("always")
            else:
                warnings.filters[:] = self._filters  # type: ignore[index]
            warnings.showwarning = self._note_warning
            try:
                yield
            finally:
                self._filters = list(warnings.filters)
                self._errors = np.geterr()
                np.seterr(**outside)

    def _note_warning(self, message: Warning | str, category: type[Warning], *_place: object, **_more: object) -> None:
        if issubclass(category, RuntimeWarning):
            text = str(message)
            self._warned.update(kind for kind in COUNTED_WARNINGS if kind in text)

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What can be told of an exception: names, its own words, and the student's lines that it came through."""
        try:
            message = str(error)[:MAX_MESSAGE]
        except self._passing:
            raise
        except BaseException:  # noqa: BLE001 - a student's __str__ may raise anything
            message = "(its message cannot be shown)"
        kinds = [kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind]
        lines: list[tuple[int, str]] = []
        if isinstance(error, SyntaxError) and error.filename == self._filename:
            message = str(error.msg)[:MAX_MESSAGE]
            lines.append((error.lineno or 0, ""))
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in self._files:
                lines.append((trace.tb_lineno, trace.tb_frame.f_code.co_name))
                del lines[:-MAX_FRAMES]
            trace = trace.tb_next
        return {"type": type(error).__name__, "kinds": kinds, "message": message, "lines": lines}


def _nobody(_index: int, _payload: bytes) -> bytes:
    message = "nothing is being run"
    raise RuntimeError(message)


class _Substituting(dict[str, Any]):
    """The local names of a module that is being run: all become globals, some with a stand-in for what was defined."""

    def __init__(self, target: dict[str, Any], replacements: dict[str, Any]) -> None:
        super().__init__()
        self._target = target
        self._replacements = replacements

    def __getitem__(self, name: str) -> Any:
        return self._target[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._target[name] = self._replacements.get(name, value)

    def __delitem__(self, name: str) -> None:
        del self._target[name]

    def __contains__(self, name: object) -> bool:
        return name in self._target

    def __iter__(self) -> Iterator[str]:
        return iter(self._target)

    def keys(self) -> Any:
        return self._target.keys()

    def get(self, name: str, default: Any = None) -> Any:
        return self._target.get(name, default)


_NO_NOTES = encode(None)

_LEGACY = np.random.mtrand._rand  # noqa: SLF001 - the only handle on the global generator
#: The last words of the twister's state and the position behind them: any draw moves one, any seeding the others.
_LEGACY_TAIL = memoryview(
    (ctypes.c_ubyte * (4 * 4 + 4)).from_address(_LEGACY._bit_generator.ctypes.state_address + 620 * 4)  # noqa: SLF001
)


def _global_state() -> bytes:
    """What tells whether NumPy's global generator was used."""
    return _LEGACY_TAIL.tobytes()
