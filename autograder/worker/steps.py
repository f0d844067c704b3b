"""The kinds of step that a script is made of, and what each does.

A step is a tuple that begins with its operation; operands are register numbers (the number of the step that gave the
value) or, negative, the complement of an index into the example's constants.
"""

from __future__ import annotations

import itertools
import marshal
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from .codec import decode, encode, unpack

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterable

    Callback = Callable[[int, bytes], bytes]

CALL, GLOBAL, GETATTR, SETATTR, GETITEM, SETITEM, OPERATOR, UNPACK = range(8)
LISTED, GENERATOR, GENERATOR_STATE, CALLBACK, SNAPSHOT, BUILD, BARRIER = range(8, 15)

OPERATORS: tuple[Callable[..., Any], ...] = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
    operator.neg, operator.pos,
)  # fmt: skip

#: What a callback may raise in the student's code.
_RAISABLE = {
    kind.__name__: kind for kind in (ValueError, TypeError, IndexError, KeyError, ArithmeticError, RuntimeError)
}


class MissingName(AttributeError):  # noqa: N818 - its name is what trusted code reads
    """The module lacks a name that a test asks for."""


class Failed:
    """The answer to a step that raised, and to every later step that needs it."""

    __slots__ = ("step",)

    def __init__(self, step: int) -> None:
        """Mark an answer as lost because `step` raised."""
        self.step = step


class Frame:
    """What the steps of one example work on."""

    __slots__ = ("_pristine", "callback", "constants", "first_callback", "module", "registers")

    def __init__(
        self, packed: Iterable[Any], module: types.ModuleType, callback: Callback, first_callback: int
    ) -> None:
        """Begin an example with these packed constants."""
        self.registers: list[Any] = []
        self.constants: list[Any] = []
        self._pristine: list[object] = []
        self.module = module
        self.callback = callback
        self.first_callback = first_callback
        self.extend(packed)

    def value(self, operand: int) -> Any:
        """The value of an operand."""
        return self.registers[operand] if operand >= 0 else self.constants[~operand]

    def named(self, name: str) -> Any:
        """Something of the module; raises `MissingName`."""
        try:
            return self.module.__dict__[name]
        except KeyError:
            message = f"{self.module.__name__}.py has no {name}"
            raise MissingName(message) from None

    def extend(self, packed: Iterable[Any]) -> None:
        """Take more constants, and note what each is like."""
        for item in packed:
            value = unpack(item)
            self.constants.append(value)
            if type(item) is tuple:
                self._pristine.append((value.shape, value.strides, item[2]))
            else:
                self._pristine.append(fingerprint(value) if type(item) is bytes else None)

    def has_changed(self, index: int) -> bool:
        """Whether a constant is not what it was when last asked."""
        now = fingerprint(self.constants[index])
        changed = now != self._pristine[index]
        self._pristine[index] = now
        return changed


def _call(
    frame: Frame,
    target: int | str,
    args: tuple[int, ...],
    keywords: dict[str, int],
    _watched_arguments: object,
    _watched: object,
) -> Any:
    function = frame.named(target) if type(target) is str else frame.value(target)  # type: ignore[arg-type]
    if type(function) is Failed:
        return function
    values = [frame.value(operand) for operand in args]
    named = {name: frame.value(operand) for name, operand in keywords.items()}
    for value in (*values, *named.values()):
        if type(value) is Failed:
            return value
    return function(*values, **named)


def _global(frame: Frame, name: str) -> Any:
    return frame.named(name)


def _getattr(frame: Frame, operand: int, name: str) -> Any:
    value = frame.value(operand)
    return value if type(value) is Failed else getattr(value, name)


def _setattr(frame: Frame, operand: int, name: str, new: int) -> Any:
    target, value = frame.value(operand), frame.value(new)
    for part in (target, value):
        if type(part) is Failed:
            return part
    return setattr(target, name, value)


def _of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a step of a function of operands alone; a lost operand is the answer."""

    def step(frame: Frame, *operands: int) -> Any:
        values = [frame.value(operand) for operand in operands]
        for value in values:
            if type(value) is Failed:
                return value
        return function(*values)

    return step


def _operator(frame: Frame, number: int, *operands: int) -> Any:
    return _of(OPERATORS[number])(frame, *operands)


def _unpack(value: Any, count: int) -> tuple[Any, ...]:
    if value is None or isinstance(value, np.ndarray | str | dict):
        message = f"{count} values are due, not one {type(value).__name__}"
        raise TypeError(message)
    items = tuple(itertools.islice(iter(value), count + 1))
    if len(items) != count:
        message = f"{count} values are due, not {len(items) if len(items) < count else f'more than {count}'}"
        raise ValueError(message)
    return items


def _listed(value: Any, limit: int) -> list[Any]:
    return list(itertools.islice(iter(value), limit))


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _generator_state(generator: np.random.Generator) -> dict[str, Any]:
    return generator.bit_generator.state  # type: ignore[return-value]


def _callback(frame: Frame, operand: int) -> Callable[..., Any]:
    return stand_in("callback", frame.first_callback + frame.value(operand), frame.callback)


def _build(frame: Frame, kind: str, keys: tuple[str, ...], operands: tuple[int, ...]) -> Any:
    values = [frame.value(operand) for operand in operands]
    for value in values:
        if type(value) is Failed:
            return value
    if kind == "dict":
        return dict(zip(keys, values, strict=True))
    return tuple(values) if kind == "tuple" else values


def _barrier(frame: Frame, operand: int) -> None:
    """Fetch the constants that are only now due."""
    frame.extend(marshal.loads(frame.callback(frame.first_callback + frame.value(operand), b"")))  # noqa: S302


#: What each operation does: a function of the frame and the rest of the step.
OPERATIONS: dict[int, Callable[..., Any]] = {
    CALL: _call,
    GLOBAL: _global,
    GETATTR: _getattr,
    SETATTR: _setattr,
    GETITEM: _of(operator.getitem),
    SETITEM: _of(operator.setitem),
    OPERATOR: _operator,
    UNPACK: lambda frame, operand, count: _of(lambda value: _unpack(value, count))(frame, operand),
    LISTED: lambda frame, operand, limit: _of(lambda value: _listed(value, limit))(frame, operand),
    GENERATOR: _of(_generator),
    GENERATOR_STATE: _of(_generator_state),
    CALLBACK: _callback,
    SNAPSHOT: _of(lambda value: value),
    BUILD: _build,
    BARRIER: _barrier,
}


def stand_in(name: str, index: int, callback: Callback) -> Callable[..., Any]:
    """Make a function whose calls are answered by trusted code.

    A generator among the arguments crosses as its state and comes back advanced.
    """

    def ask(*args: Any, **keywords: Any) -> Any:
        generators = [value for value in (*args, *keywords.values()) if isinstance(value, np.random.Generator)]
        reply = decode(
            callback(index, encode((_crossing(args), dict(zip(keywords, _crossing(keywords.values()), strict=True)))))
        )
        ok, value, states = reply
        for generator, state in zip(generators, states, strict=True):
            generator.bit_generator.state = state
        if not ok:
            kind, message = value
            raise _RAISABLE.get(kind, RuntimeError)(message)
        return value

    ask.__name__ = ask.__qualname__ = name
    return ask


def _crossing(values: Any) -> tuple[Any, ...]:
    return tuple(
        {"generator": value.bit_generator.state} if isinstance(value, np.random.Generator) else value
        for value in values
    )


def fingerprint(value: object) -> object:
    """Something equal as long as nothing that a caller could see of `value` has changed."""
    if type(value) is np.ndarray:
        memory: Any = value if value.base is None else value.base
        return value.shape, value.strides, bytes(memory) if type(memory) is memoryview else memory.tobytes()
    if isinstance(value, dict | list | tuple):
        return encode(value, layouts=True)
    return None
