"""A script as Python that a student can paste: the inputs, then the calls up to the one that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.worker import steps

if TYPE_CHECKING:
    from autograder.kit.trace import Script

LARGEST_ARRAY = 200
MOST_STEPS = 80
WIDTH = 88
SYMBOLS = ("+", "-", "*", "/", "**", "@", "-", "+")


def code_for(script: Script, inputs: dict[str, Any], step: int, module: str) -> str:
    """Python source that performs the steps of `script` up to `step`."""
    return _Writer(script, inputs, module).write(step)


class _Writer:
    def __init__(self, script: Script, inputs: dict[str, Any], module: str) -> None:
        self._steps = script.program[0]
        self._constants = script.inputs
        self._module = module
        self._inputs = {id(script.inputs[index]): name for index, name in script.names.items()}
        self._inputs |= {id(value): name for name, value in inputs.items()}
        self._names: dict[int, str] = {}
        self._defined: dict[int, str] = {}
        self._lines: list[str] = []
        self._imported: list[str] = []
        self._numpy = False

    def write(self, last: int) -> str:
        needed = self._needed(last)
        if len(needed) > MOST_STEPS:
            return f"# {len(needed)} steps, too many to paste; the first failing example is made of them"
        uses = [operand for step in sorted(needed) for operand in _operands(self._steps[step]) if operand >= 0]
        for step in sorted(needed):
            source = self._source(step)
            if not source:
                continue
            used = uses.count(step)
            after = step + 1
            if used == 1 and after in needed and step in _operands(self._steps[after]) and step != last:
                self._names[step] = source
            elif used and step != last:
                self._names[step] = name = self._fresh(step)
                self._lines.append(f"{name} = {source}")
            else:
                self._lines.append(source)
        head = ["import numpy as np"] if self._numpy else []
        if self._imported:
            head.append(f"from {self._module} import {', '.join(self._imported)}")
        return "\n".join([*head, *([""] if head else []), *self._lines])

    def _needed(self, last: int) -> set[int]:
        """The steps that `last` depends on, and those that may have changed what it depends on."""
        changing = {steps.CALL, steps.SETATTR, steps.SETITEM}
        operands = [{operand for operand in _operands(step) if operand >= 0} for step in self._steps[: last + 1]]
        needed = {last}
        while True:
            for step in range(last, -1, -1):
                if step in needed:
                    needed |= operands[step]
            reached = set(needed)
            for step in range(last):
                if operands[step] & reached:
                    reached.add(step)
            more = {step for step in reached - needed if self._steps[step][0] in changing}
            if not more:
                return needed
            needed |= more

    def _source(self, step: int) -> str:  # noqa: PLR0912 - one case for each kind of step
        operation, *parts = self._steps[step]
        term = self._term
        if operation == steps.CALL:
            target, args, keywords, *_ = parts
            function = self._import(target) if isinstance(target, str) else term(target)
            given = [term(operand) for operand in args]
            given += [f"{name}={term(operand)}" for name, operand in keywords.items()]
            return f"{function}({', '.join(given)})"
        if operation == steps.GLOBAL:
            return self._import(parts[0])
        if operation == steps.GETATTR:
            return f"{term(parts[0])}.{parts[1]}"
        if operation == steps.SETATTR:
            return f"{term(parts[0])}.{parts[1]} = {term(parts[2])}"
        if operation == steps.GETITEM:
            return f"{term(parts[0])}[{term(parts[1])}]"
        if operation == steps.SETITEM:
            return f"{term(parts[0])}[{term(parts[1])}] = {term(parts[2])}"
        if operation == steps.OPERATOR:
            symbol, operands = SYMBOLS[parts[0]], parts[1:]
            return (
                f"({symbol}{term(operands[0])})"
                if len(operands) == 1
                else f"({term(operands[0])} {symbol} {term(operands[1])})"
            )
        if operation == steps.LISTED:
            return f"list({term(parts[0])})"
        if operation == steps.GENERATOR:
            self._numpy = True
            return f"np.random.Generator(np.random.PCG64({term(parts[0])}))"
        if operation == steps.GENERATOR_STATE:
            return f"{term(parts[0])}.bit_generator.state"
        if operation == steps.CALLBACK:
            return "..."
        if operation == steps.BUILD:
            return _built(parts[0], parts[1], [term(operand) for operand in parts[2]])
        if operation in (steps.SNAPSHOT, steps.UNPACK):
            return term(parts[0])
        return ""

    def _term(self, operand: int) -> str:
        if operand >= 0:
            return self._names.get(operand, f"r{operand}")
        value = self._constants[~operand]
        if id(value) in self._defined:
            return self._defined[id(value)]
        source = self._literal(value)
        name = self._inputs.get(id(value))
        if name is None and (isinstance(value, int | float | str | None) or len(source) < WIDTH // 4):
            return source
        name = name or f"a{len(self._defined)}"
        self._defined[id(value)] = name
        self._lines.append(f"{name} = {source}")
        return name

    def _import(self, name: str) -> str:
        if name not in self._imported:
            self._imported.append(name)
        return name

    def _fresh(self, step: int) -> str:
        operation, *parts = self._steps[step]
        base = parts[0].lower() if operation == steps.CALL and isinstance(parts[0], str) else "r"
        if operation == steps.GENERATOR:
            base = "rng"
        taken = {*self._names.values(), *self._inputs.values(), *self._imported}
        return next(
            name
            for name in (base if base != "r" else "r0", *(f"{base}{n}" for n in range(1, 500)))
            if name not in taken
        )

    def _literal(self, value: Any) -> str:
        if isinstance(value, np.ndarray):
            self._numpy = True
            return _array(value)
        if isinstance(value, np.generic):
            self._numpy = True
            return f"np.{type(value).__name__}({value.item()!r})"
        if value is ...:
            return "..."
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key!r}: {self._literal(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self._literal, value)) + "]"
        if isinstance(value, tuple):
            return "(" + ", ".join(map(self._literal, value)) + ("," if len(value) == 1 else "") + ")"
        return repr(value)


def _operands(step: tuple[Any, ...]) -> list[int]:
    operation, *parts = step
    if operation == steps.CALL:
        target, args, keywords, *_ = parts
        return [*([] if isinstance(target, str) else [target]), *args, *keywords.values()]
    if operation == steps.OPERATOR:
        return list(parts[1:])
    if operation == steps.BUILD:
        return list(parts[2])
    if operation in (steps.GETATTR, steps.UNPACK, steps.LISTED):
        return [parts[0]]
    if operation == steps.SETATTR:
        return [parts[0], parts[2]]
    return [] if operation == steps.GLOBAL else list(parts)


def _built(kind: str, keys: tuple[str, ...], terms: list[str]) -> str:
    if kind == "dict":
        return "{" + ", ".join(f"{key!r}: {term}" for key, term in zip(keys, terms, strict=True)) + "}"
    inside = ", ".join(terms)
    return f"[{inside}]" if kind == "list" else f"({inside},)"


def _array(value: np.ndarray[Any, Any]) -> str:
    """An array literal with its dtype and memory layout."""
    if value.size > LARGEST_ARRAY:
        return f"...  # an array of shape {value.shape}, {value.dtype}"
    dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{value.dtype}"
    if value.size == 0:
        return f"np.zeros({value.shape}{dtype})"
    if value.flags.c_contiguous:
        return f"np.array({value.tolist()!r}{dtype})"
    if value.flags.f_contiguous:
        return f"np.asfortranarray({value.tolist()!r}{dtype})"
    if value.strides[0] < 0:
        return f"np.array({value[::-1].tolist()!r}{dtype})[::-1]"
    return f"np.repeat({value.tolist()!r}, 2, axis=-1)[..., ::2]"
