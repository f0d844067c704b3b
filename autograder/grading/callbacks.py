"""Answers the calls that student code makes to functions of the test, in the trusted process."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.kit.trace import Call
from autograder.worker.codec import decode, encode

from .bounded import SECONDS, TooMuch, bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autograder.suite.build import Batch

MAX_CALLS_KEPT = 50_000
MAX_ARGUMENTS = 1 << 20
#: Indices from here on belong to stand-ins, which live as long as the module; lower ones to the batch that is running.
STAND_IN_BASE = 1 << 24


class Switchboard:
    """Routes calls by index to the callbacks of a batch and keeps a log of them."""

    def __init__(self, stand_ins: dict[str, Callable[..., Any]], *, trusting: bool = False) -> None:
        """Answer for these stand-ins, in order, and for whatever batch is current.

        Unless `trusting`, what student code may ask for is bounded; raises `TooMuch` beyond that.
        """
        self._guard = contextlib.nullcontext if trusting else self._bounded
        self._spent = 0.0
        self._stand_ins = list(stand_ins.values())
        self._names = list(stand_ins)
        self.lent: set[str] = set()
        """The stand-ins that were called since somebody last cleared this."""
        self.stand_in_indices = {name: STAND_IN_BASE + number for number, name in enumerate(stand_ins)}
        self._batch: Batch | None = None
        self.calls: dict[int, dict[int, list[Call]]] = {}

    def connect(self, batch: Batch) -> None:
        """Make `batch` the current one, with an empty log."""
        self._batch = batch
        self.calls = {}

    def __call__(self, index: int, payload: bytes) -> bytes:
        """Answer one call; what is wrong with it becomes an exception in the student's code."""
        if index >= STAND_IN_BASE:
            number = index - STAND_IN_BASE
            if number >= len(self._stand_ins):
                return _refusal("LookupError", "no such function")
            self.lent.add(self._names[number])
            return self._answer(self._stand_ins[number], payload, None)
        if self._batch is None or index >= len(self._batch.callbacks):
            return _refusal("LookupError", "no such function")
        example, place, callback = self._batch.callbacks[index]
        script = self._batch.scripts[example]
        if callback.late is not None:
            return script.late[callback.late]
        log = self.calls.setdefault(example, {}).setdefault(place, [])
        return self._answer(callback.function, payload, log)

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[None]:
        """Bound one answer, and all answers together."""
        begun = time.thread_time()
        with bounded():
            yield
        self._spent += time.thread_time() - begun
        if self._spent > SECONDS:
            message = "more time than a test may use"
            raise TooMuch(message)

    def _answer(self, function: Callable[..., Any], payload: bytes, log: list[Call] | None) -> bytes:
        if len(payload) > MAX_ARGUMENTS:
            return _refusal("ValueError", "arguments too large for a function of the test")
        with self._guard():
            return self._answered(function, payload, log)

    def _answered(self, function: Callable[..., Any], payload: bytes, log: list[Call] | None) -> bytes:
        try:
            args, keywords = decode(payload)
            generators: list[np.random.Generator] = []
            passed = [_received(value, generators) for value in args]
            named = {name: _received(value, generators) for name, value in keywords.items()}
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever forged arguments lead to
            return _refusal("TypeError", f"arguments that cannot be read ({type(error).__name__})")
        try:
            with np.errstate(all="ignore"):
                result = function(*passed, **named)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - it is handed back to whoever called
            return _refusal(type(error).__name__, _words(error))
        if log is not None and len(log) < MAX_CALLS_KEPT:
            log.append(Call(tuple(passed), named, result))
        states = [generator.bit_generator.state for generator in generators]
        return encode((True, result, states))


def _received(value: Any, generators: list[np.random.Generator]) -> Any:
    """An argument as the test's function gets it; a generator crosses as the state of a PCG64."""
    if isinstance(value, dict) and value.keys() == {"generator"}:
        made = np.random.Generator(np.random.PCG64(0))
        made.bit_generator.state = value["generator"]
        generators.append(made)
        return made
    return value


def _words(error: Exception) -> str:
    """What an exception says; one that holds a student's value may not be able to."""
    try:
        return str(error)[:500]
    except Exception:  # noqa: BLE001 - a value that cannot be printed
        return ""


def _refusal(kind: str, message: str) -> bytes:
    return encode((False, (kind, message), []))
