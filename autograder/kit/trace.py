"""Tracing: a test function runs once on an example and leaves a script, the steps to ask for and the checks to make.

`submission.sigmoid(z)` records a step and gives an `Answer`, a placeholder that further steps can use. Nothing of the
student's is there while a test is traced.
"""

from __future__ import annotations

import contextlib
import marshal
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import numpy as np

from autograder.worker import steps
from autograder.worker.codec import Opaque, Packed, pack

from .failure import AuthorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_OPERATOR = {function.__name__: number for number, function in enumerate(steps.OPERATORS)}


class Check(Protocol):
    """One thing that must hold of the answers to an example."""

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps whose answers it looks at."""

    def __call__(self, seen: Seen) -> None:
        """Raise `CheckFailed` where it does not hold."""


class Seen(Protocol):
    """The answers to an example as the checks see them."""

    def value(self, step: int) -> Any:
        """The value of a step; raises `CheckFailed` if the step raised."""

    def error(self, step: int) -> dict[str, Any] | None:
        """The error that a step raised, or None."""

    def warnings(self, step: int) -> Sequence[str]:
        """The kinds of warning that a step gave."""

    def calls(self, callback: Callback) -> Sequence[Call]:
        """The calls that the student's code made to a callback."""


@dataclass(frozen=True)
class Call:
    """One call of a callback by the student's code: what it passed and what it was answered."""

    args: tuple[Any, ...]
    keywords: dict[str, Any]
    result: Any


@dataclass(frozen=True, eq=False)
class Callback:
    """A function of the test that student code may call; it runs in the trusted process.

    With `late`, it stands for a barrier instead and gives that part of the script's constants.
    """

    function: Callable[..., Any]
    late: int | None = None


@dataclass(frozen=True, eq=False)
class GeneratorArgument:
    """A NumPy generator that is made where the student's code runs: one object for all calls that get it."""

    seed: int


@dataclass(frozen=True, eq=False)
class MayChange:
    """An argument that the student's code may modify."""

    value: Any


@dataclass(frozen=True)
class Script:
    """What a test asks on one example: a program, its constants, functions it may call back, and checks."""

    program: tuple[Any, ...]
    constants: tuple[Packed, ...]
    """The constants that cross at the start."""
    callbacks: tuple[Callback, ...]
    late: tuple[bytes, ...]
    """The constants that cross at each barrier, marshalled."""
    checks: tuple[Check, ...]
    inputs: tuple[Any, ...]
    """All constants, for display."""
    names: dict[int, str]
    """What the test calls its constants, by their index."""
    right: set[bytes | str] = field(default_factory=set, compare=False, repr=False)
    """Answers that met all checks, as they crossed; long ones by their digest."""


class Answer:
    """What the student's code will answer to a step. Straight-line use is recorded; looking at it raises."""

    __slots__ = ("_step", "_trace")
    __array_ufunc__ = None
    _step: int
    _trace: Trace

    def __init__(self, trace: Trace, step: int) -> None:
        """Stand for the answer to `step` of `trace`."""
        object.__setattr__(self, "_trace", trace)
        object.__setattr__(self, "_step", step)

    def __getattr__(self, name: str) -> Answer:
        """Record reading an attribute."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self._trace.step(steps.GETATTR, self._step, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Record setting an attribute."""
        self._trace.step(steps.SETATTR, self._step, name, self._trace.operand(value))

    def __getitem__(self, key: object) -> Answer:
        """Record reading an item."""
        return self._trace.step(steps.GETITEM, self._step, self._trace.operand(key))

    def __setitem__(self, key: object, value: object) -> None:
        """Record setting an item."""
        self._trace.step(steps.SETITEM, self._step, self._trace.operand(key), self._trace.operand(value))

    def __call__(self, *args: object, **keywords: object) -> Answer:
        """Record a call."""
        return self._trace.call(self._step, args, keywords)

    def _looked_at(self, *_: object) -> NoReturn:
        message = (
            "a test is traced before any submission is there, so an answer cannot be looked at: "
            "use unpack(answer, n), listed(answer) or check_that(predicate, answer)"
        )
        raise AuthorError(message)

    __bool__ = __iter__ = __len__ = __float__ = __int__ = __index__ = __array__ = __contains__ = _looked_at
    __array_function__ = _looked_at
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _looked_at
    __hash__ = object.__hash__


def _binary(name: str, *, swapped: bool) -> Callable[[Answer, object], Answer]:
    def record(self: Answer, other: object) -> Answer:
        mine, theirs = self._step, self._trace.operand(other)
        pair = (theirs, mine) if swapped else (mine, theirs)
        return self._trace.step(steps.OPERATOR, _OPERATOR[name], *pair)

    return record


for _name, _method in {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "truediv": "truediv",
    "pow": "pow",
    "matmul": "matmul",
}.items():
    setattr(Answer, f"__{_method}__", _binary(_name, swapped=False))
    setattr(Answer, f"__r{_method}__", _binary(_name, swapped=True))
for _name in ("neg", "pos"):
    setattr(
        Answer,
        f"__{_name}__",
        lambda self, number=_OPERATOR[_name]: self._trace.step(steps.OPERATOR, number, self._step),
    )


class Recorder:
    """`submission` in a test: its attributes are the names of the student's module."""

    def __init__(self, trace: Trace) -> None:
        """Record on `trace`."""
        self._trace = trace

    def __getattr__(self, name: str) -> _Named:
        """Name something of the student's module."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _Named(self._trace, name)


class _Named:
    """A name of the module: called at once in most tests, or used as a value."""

    def __init__(self, trace: Trace, name: str) -> None:
        self._trace = trace
        self._name = name

    def __call__(self, *args: object, **keywords: object) -> Answer:
        return self._trace.call(self._name, args, keywords)

    def __getattr__(self, name: str) -> Answer:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._trace.step(steps.GLOBAL, self._name), name)  # type: ignore[no-any-return]


class Trace:
    """A script in the making."""

    def __init__(self, function: Callable[..., None]) -> None:
        """Begin with nothing; `function` is the test."""
        self._code = function.__code__
        self._local_names: dict[int, str] = {}
        self.steps: list[tuple[Any, ...]] = []
        self.constants: list[list[Any]] = [[]]
        self.checks: list[Check] = []
        self.callbacks: list[Callback] = []
        self.watching = True
        self._packed: list[tuple[Any, Packed]] = []
        self._slots: dict[int, int] = {}
        self._kept: list[Any] = []

    # --- steps ------------------------------------------------------------------------------------------------------

    def step(self, operation: int, *parts: Any) -> Answer:
        """Add a step and give its answer."""
        self.steps.append((operation, *parts))
        return Answer(self, len(self.steps) - 1)

    def call(self, target: str | int, args: tuple[object, ...], keywords: dict[str, object]) -> Answer:
        """Add a call; the plain arguments among its operands are watched for changes."""
        operands = tuple(self.operand(value) for value in args)
        named = {name: self.operand(value) for name, value in keywords.items()}
        watched = {
            ~operand
            for value, operand in zip((*args, *keywords.values()), (*operands, *named.values()), strict=True)
            if operand < 0 and isinstance(value, np.ndarray | dict | list) and self.watching
        }
        return self.step(steps.CALL, target, operands, named, tuple(sorted(watched)), self.watching)

    def operand(self, value: Any) -> int:
        """The operand that stands for a value: a register for an answer, a constant for anything else."""
        if isinstance(value, Answer):
            if value._trace is not self:  # noqa: SLF001 - its own class
                message = "an answer of another example was used"
                raise AuthorError(message)
            return value._step  # noqa: SLF001
        if isinstance(value, MayChange):
            return self.operand(value.value)
        if isinstance(value, _Named):
            return self.operand(self.step(steps.GLOBAL, value._name))  # noqa: SLF001
        if id(value) in self._slots:
            return self._slots[id(value)]
        operand = self._new_operand(value)
        self._slots[id(value)] = operand
        self._kept.append(value)
        return operand

    def _new_operand(self, value: Any) -> int:
        if isinstance(value, GeneratorArgument):
            return self.operand(self.step(steps.GENERATOR, self._constant(value.seed)))
        if isinstance(value, Callback):
            self.callbacks.append(value)
            return self.operand(self.step(steps.CALLBACK, self._constant(len(self.callbacks) - 1)))
        if isinstance(value, dict) and _holds_answers(value.values()):
            operands = tuple(self.operand(item) for item in value.values())
            return self.operand(self.step(steps.BUILD, "dict", tuple(value), operands))
        if isinstance(value, tuple | list) and _holds_answers(value):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return self.operand(self.step(steps.BUILD, kind, (), tuple(self.operand(item) for item in value)))
        return self._constant(value)

    def _constant(self, value: Any) -> int:
        if _is_opaque(value):
            message = (
                f"a {type(value).__name__} cannot be passed to student code; "
                "pass plain values, generator(seed) or callback(f)"
            )
            raise AuthorError(message)
        self._packed.append((value, pack(value)))
        self.constants[-1].append(value)
        index = sum(map(len, self.constants)) - 1
        if isinstance(value, np.ndarray | dict | list) and (name := self._name_in_test(value)):
            self._local_names[index] = name
        return ~index

    def _name_in_test(self, value: Any) -> str | None:
        """What the test function calls a value, if it has a name for it."""
        frame = sys._getframe(1)  # noqa: SLF001 - the only way to a caller's names
        while frame is not None and frame.f_code is not self._code:
            frame = frame.f_back  # type: ignore[assignment]
        names = frame.f_locals if frame is not None else {}
        return next((name for name, known in names.items() if known is value), None)

    def barrier(self) -> None:
        """Let the constants of later steps cross only when the steps before are done."""
        index = self._constant(len(self.callbacks))
        self.callbacks.append(Callback(lambda: None, late=len(self.constants) - 1))
        self.step(steps.BARRIER, index)
        self.constants.append([])

    # --- the outcome ------------------------------------------------------------------------------------------------

    def script(self) -> Script:
        """The finished script."""
        for value, packed in self._packed:
            if not isinstance(value, float) and pack(value) != packed:
                message = "a test changed an input after passing it; use held(value) and write through the answer"
                raise AuthorError(message)
        if not self.checks:
            message = "a test must check something"
            raise AuthorError(message)
        observed = sorted({step for check in self.checks for step in check.steps})
        return Script(
            program=(tuple(self.steps), tuple(observed)),
            constants=tuple(pack(value) for value in self.constants[0]),
            callbacks=tuple(self.callbacks),
            late=tuple(marshal.dumps(tuple(pack(value) for value in part)) for part in self.constants[1:]),
            checks=tuple(self.checks),
            inputs=tuple(value for part in self.constants for value in part),
            names=self._local_names,
        )


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace:
    """The trace that is being made; raises outside a test."""
    trace = _current.get()
    if trace is None:
        message = "this works only inside a test"
        raise AuthorError(message)
    return trace


def trace(function: Callable[..., None], inputs: dict[str, Any]) -> Script:
    """Run a test function on one example and give the script that it leaves."""
    made = Trace(function)
    token = _current.set(made)
    try:
        function(Recorder(made), **inputs)
    finally:
        _current.reset(token)
    return made.script()


# --- what test authors call -----------------------------------------------------------------------------------------


def generator(seed: int) -> GeneratorArgument:
    """A `numpy.random.Generator` (PCG64 of this seed) to pass to the student's code."""
    return GeneratorArgument(int(seed))


def generator_state(made: GeneratorArgument | Answer) -> Answer:
    """The state of a generator at this step."""
    here = current()
    return here.step(steps.GENERATOR_STATE, here.operand(made))


def callback(function: Callable[..., Any]) -> Callback:
    """Let the student's code call `function`; see `calls_of` for the calls it made."""
    return Callback(function)


def may_change(value: Any) -> MayChange:
    """Allow the student's code to modify this argument."""
    return MayChange(value)


def held(value: Any) -> Answer:
    """An input that the test keeps hold of: writing through the answer changes what the student's code was given."""
    here = current()
    return here.step(steps.SNAPSHOT, here.operand(value))


def snapshot(value: Answer | Any) -> Answer:
    """An answer, or an argument passed earlier, as it is at this step."""
    return held(value)


def unpack(answer: Answer, count: int) -> tuple[Answer, ...]:
    """The `count` values of a tuple that the student's code returns; any other number is a mistake."""
    here = current()
    whole = here.step(steps.UNPACK, here.operand(answer), int(count))
    return tuple(whole[index] for index in range(count))


def listed(answer: Answer, at_most: int = 1000) -> Answer:
    """The items of anything that can be iterated, as a list; no more than `at_most` are taken."""
    here = current()
    return here.step(steps.LISTED, here.operand(answer), int(at_most))


def barrier() -> None:
    """Let the inputs of later steps reach the student's code only when the steps before are done."""
    current().barrier()


@contextlib.contextmanager
def setting_up() -> Iterator[None]:
    """Calls inside only set the stage: whether they are pure is another exercise's business."""
    here = current()
    here.watching = False
    try:
        yield
    finally:
        here.watching = True


def _holds_answers(values: Any) -> bool:
    return any(
        isinstance(value, Answer | GeneratorArgument | Callback | _Named)
        or (isinstance(value, dict) and _holds_answers(value.values()))
        or (isinstance(value, tuple | list) and _holds_answers(value))
        for value in values
    )


def _is_opaque(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_opaque(item) for item in value.values())
    if isinstance(value, tuple | list):
        return any(_is_opaque(item) for item in value)
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind not in "biufc"
    plain = (int, float, complex, str, bytes, type(None), type(...), slice)
    return isinstance(value, Opaque) or not isinstance(value, plain)
