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
import itertools
import operator
import sys
import types
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from .codec import decode, encode, tuple_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Callback = Callable[[int, bytes], bytes]

#: Step operations. A step is a tuple that begins with one of these; operands are register numbers (the number of the step
#: that gave the value) or, negative, the complement of an index into the example's constants.
CALL, GLOBAL, GETATTR, SETATTR, GETITEM, SETITEM, OPERATOR, UNPACK = range(8)
LISTED, GENERATOR, GENERATOR_STATE, CALLBACK, SNAPSHOT, BUILD, BARRIER = range(8, 15)

OPERATORS: tuple[Callable[..., Any], ...] = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul, operator.neg, operator.pos,
)  # fmt: skip

#: Warnings that can count against a function; underflow never does.
COUNTED_WARNINGS = ("overflow", "invalid value", "divide by zero")

GLOBAL_SEED = 20_101
MAX_MESSAGE = 500
MAX_FRAMES = 5

#: What a callback may raise in the student's code.
_RAISABLE = {kind.__name__: kind for kind in (ValueError, TypeError, IndexError, KeyError, ArithmeticError, RuntimeError)}


class MissingName(AttributeError):  # noqa: N818 - its name is what trusted code reads
    """The module lacks a name that a test asks for."""


class Failed:
    """The answer to a step that raised, and to every later step that needs it."""

    __slots__ = ("step",)

    def __init__(self, step: int) -> None:
        """Mark an answer as lost because `step` raised."""
        self.step = step


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
        self._callback: Callback = _nobody
        self._filters: list[Any] | None = None
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
        self._module, self._filename = module, filename
        sys.modules[name] = module
        if self._alone:
            np.random.seed(GLOBAL_SEED)  # noqa: NPY002 - the global generator is what is being watched
        self._callback = callback
        replacements = {key: _stand_in(key, index, self._ask) for key, index in stand_ins.items()}
        with self._watching_warnings():
            try:
                code = compile(source, filename, "exec", dont_inherit=True)
                exec(code, module.__dict__, _Substituting(module.__dict__, replacements))  # noqa: S102 - its purpose
            except self._passing:
                raise
            except BaseException as error:  # noqa: BLE001 - student code may raise anything
                return encode(self._describe(error))
        return encode(None)

    # --- running ----------------------------------------------------------------------------------------------------

    def run(self, batch: bytes, callback: Callback) -> Iterator[bytes]:
        """Run a batch; yield each example's answers, encoded.

        A batch is `(programs, [(program index, constants, index of the first callback), ...])`. What comes out for an
        example is a tuple: for every observed step `(value,)` or `("failed", step that raised)`, then the notes.
        """
        programs, examples = decode(batch)
        self._callback = callback
        with self._watching_warnings():
            for index, example in enumerate(examples):
                self._mark(index)
                number, constants, first = decode(example)
                steps, observed = programs[number]
                frame = _Frame(list(constants), self._module, callback, first)
                yield self._example(steps, frozenset(observed), frame)

    def _ask(self, index: int, payload: bytes) -> bytes:
        """Call back through whatever request is running: stand-ins outlive the one that loaded the module."""
        return self._callback(index, payload)

    def _example(self, steps: tuple[Any, ...], observed: frozenset[int], frame: _Frame) -> bytes:
        answers: list[bytes] = []
        errors: dict[str, Any] = {}
        changed: list[tuple[int, int]] = []
        warned: list[tuple[int, list[str]]] = []
        drew: list[int] = []
        for number, step in enumerate(steps):
            operation = step[0]
            before = _global_state() if operation == CALL else b""
            try:
                value = _OPERATIONS[operation](frame, *step[1:])
            except self._passing:
                raise
            except BaseException as error:  # noqa: BLE001 - student code may raise anything
                errors[str(number)] = self._describe(error)
                value = Failed(number)
            if operation == CALL:
                if _global_state() != before:
                    drew.append(number)
                changed += [(number, index) for index in step[4] if frame.has_changed(index)]
                if self._warned:
                    warned.append((number, sorted(self._warned)))
                    self._warned.clear()
            frame.registers.append(value)
            if number in observed:
                answers.append(encode(("failed", value.step)) if type(value) is Failed else tuple_of([encode(value)]))
        notes = (errors, changed, warned, drew) if errors or changed or warned or drew else None
        return tuple_of([*answers, encode(notes)])

    # --- watching ---------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _watching_warnings(self) -> Iterator[None]:
        """Note the warnings that reach the user, every time they occur, honouring what the module itself silences."""
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
            if trace.tb_frame.f_code.co_filename == self._filename:
                lines.append((trace.tb_lineno, trace.tb_frame.f_code.co_name))
                del lines[:-MAX_FRAMES]
            trace = trace.tb_next
        return {"type": type(error).__name__, "kinds": kinds, "message": message, "lines": lines}


def _nobody(_index: int, _payload: bytes) -> bytes:
    message = "nothing is being run"
    raise RuntimeError(message)


class _Frame:
    """What the steps of one example work on."""

    __slots__ = ("_pristine", "callback", "constants", "first_callback", "module", "registers")

    def __init__(
        self, constants: list[Any], module: types.ModuleType, callback: Callback, first_callback: int
    ) -> None:
        self.registers: list[Any] = []
        self.constants = constants
        self._pristine = [_fingerprint(value) for value in constants]
        self.module = module
        self.callback = callback
        self.first_callback = first_callback

    def value(self, operand: int) -> Any:  # noqa: ANN401
        return self.registers[operand] if operand >= 0 else self.constants[~operand]

    def named(self, name: str) -> Any:  # noqa: ANN401
        try:
            return self.module.__dict__[name]
        except KeyError:
            message = f"{self.module.__name__}.py has no {name}"
            raise MissingName(message) from None

    def extend(self, late: list[Any]) -> None:
        self.constants += late
        self._pristine += [_fingerprint(value) for value in late]

    def has_changed(self, index: int) -> bool:
        """Whether a constant is not what it was when last asked."""
        now = _fingerprint(self.constants[index])
        changed = now != self._pristine[index]
        self._pristine[index] = now
        return changed


def _call(frame: _Frame, target: int | str, args: tuple[int, ...], keywords: dict[str, int], _watch: object) -> Any:  # noqa: ANN401
    function = frame.named(target) if type(target) is str else frame.value(target)  # type: ignore[arg-type]
    if type(function) is Failed:
        return function
    values = [frame.value(operand) for operand in args]
    named = {name: frame.value(operand) for name, operand in keywords.items()}
    for value in (*values, *named.values()):
        if type(value) is Failed:
            return value
    return function(*values, **named)


def _global(frame: _Frame, name: str) -> Any:  # noqa: ANN401
    return frame.named(name)


def _of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a step of a function of operands alone; a lost operand is the answer."""

    def step(frame: _Frame, *operands: int) -> Any:  # noqa: ANN401
        values = [frame.value(operand) for operand in operands]
        for value in values:
            if type(value) is Failed:
                return value
        return function(*values)

    return step


def _operator(frame: _Frame, number: int, *operands: int) -> Any:  # noqa: ANN401
    return _of(OPERATORS[number])(frame, *operands)


def _unpack(value: Any, count: int) -> tuple[Any, ...]:  # noqa: ANN401
    if value is None or isinstance(value, np.ndarray | str | dict):
        message = f"{count} values are due, not one {type(value).__name__}"
        raise TypeError(message)
    items = tuple(itertools.islice(iter(value), count + 1))
    if len(items) != count:
        message = f"{count} values are due, not {len(items) if len(items) < count else f'more than {count}'}"
        raise ValueError(message)
    return items


def _listed(value: Any, limit: int) -> list[Any]:  # noqa: ANN401
    return list(itertools.islice(iter(value), limit))


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _generator_state(generator: np.random.Generator) -> dict[str, Any]:
    return generator.bit_generator.state  # type: ignore[return-value]


def _callback(frame: _Frame, operand: int) -> Callable[..., Any]:
    return _stand_in("callback", frame.first_callback + frame.value(operand), frame.callback)


def _build(frame: _Frame, kind: str, keys: tuple[str, ...], operands: tuple[int, ...]) -> Any:  # noqa: ANN401
    values = [frame.value(operand) for operand in operands]
    for value in values:
        if type(value) is Failed:
            return value
    if kind == "dict":
        return dict(zip(keys, values, strict=True))
    return tuple(values) if kind == "tuple" else values


def _barrier(frame: _Frame, operand: int) -> None:
    """Fetch the constants that are only now due."""
    frame.extend(decode(frame.callback(frame.first_callback + frame.value(operand), b"")))


_OPERATIONS: dict[int, Callable[..., Any]] = {
    CALL: _call,
    GLOBAL: _global,
    GETATTR: _of(getattr),
    SETATTR: _of(setattr),
    GETITEM: _of(operator.getitem),
    SETITEM: _of(operator.setitem),
    OPERATOR: _operator,
    UNPACK: _of(_unpack),
    LISTED: _of(_listed),
    GENERATOR: _of(_generator),
    GENERATOR_STATE: _of(_generator_state),
    CALLBACK: _callback,
    SNAPSHOT: _of(lambda value: value),
    BUILD: _build,
    BARRIER: _barrier,
}


class _Substituting(dict[str, Any]):
    """The local names of a module that is being run: all go to its globals, some with a stand-in for what was defined."""

    def __init__(self, target: dict[str, Any], replacements: dict[str, Any]) -> None:
        super().__init__()
        self._target = target
        self._replacements = replacements

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self._target[name]

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401
        self._target[name] = self._replacements.get(name, value)

    def __delitem__(self, name: str) -> None:
        del self._target[name]


def _stand_in(name: str, index: int, callback: Callback) -> Callable[..., Any]:
    """Make a function whose calls are answered by trusted code.

    A generator among the arguments crosses as its state and comes back advanced.
    """

    def ask(*args: Any, **keywords: Any) -> Any:  # noqa: ANN401
        generators = [value for value in (*args, *keywords.values()) if isinstance(value, np.random.Generator)]
        reply = decode(callback(index, encode((_crossing(args), dict(zip(keywords, _crossing(keywords.values()), strict=True))))))
        ok, value, states = reply
        for generator, state in zip(generators, states, strict=True):
            generator.bit_generator.state = state
        if not ok:
            kind, message = value
            raise _RAISABLE.get(kind, RuntimeError)(message)
        return value

    ask.__name__ = ask.__qualname__ = name
    return ask


def _crossing(values: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(
        {"generator": value.bit_generator.state} if isinstance(value, np.random.Generator) else value for value in values
    )


def _fingerprint(value: object) -> object:
    """Something equal as long as nothing that a caller could see of `value` has changed."""
    if type(value) is np.ndarray:
        memory = value if value.base is None else value.base
        return value.shape, value.strides, bytes(memory) if isinstance(memory, memoryview) else memory.tobytes()  # type: ignore[attr-defined]
    if isinstance(value, dict | list | tuple):
        return encode(value, layouts=True)
    return None


_LEGACY = np.random.mtrand._rand  # type: ignore[attr-defined]  # noqa: SLF001 - the only handle on the global generator
_LEGACY_ADDRESS = _LEGACY._bit_generator.ctypes.state_address  # noqa: SLF001
_LEGACY_BYTES = 624 * 4 + 4


def _global_state() -> bytes:
    """The state of NumPy's global generator: the words of the Mersenne twister and its position."""
    return ctypes.string_at(_LEGACY_ADDRESS, _LEGACY_BYTES)
