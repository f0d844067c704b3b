"""A rehearsal before the first fork, so that no worker pays for doing things the first time.

Python specialises bytecode that has run a few times, NumPy resolves its loops on first use, and allocators grow: all of
that is done once here, on a module of no interest, and inherited by every worker.
"""

from __future__ import annotations

import marshal
from typing import Any, Final

import numpy as np

from . import steps
from .codec import encode, pack
from .runtime import Runtime

_ROUNDS: Final = 40

_MODULE: Final = b"""
import numpy as np


def elementwise(x, y=1.0):
    e = np.exp(-np.abs(x))
    z = np.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e)) + np.tanh(x) * np.maximum(x, 0) - np.log1p(e)
    return np.clip(z, -1, 1) * y


def table(x):
    w = np.ones((x.shape[-1], 2))
    out = np.atleast_2d(x) @ w + np.zeros(2)
    return out.T.sum(axis=0), out.mean(), np.einsum("nm->m", out), out.max(axis=-1, keepdims=True)


class Thing:
    def __init__(self, x):
        self.x = x

    def forward(self, y):
        return self.x + y


def fail(x):
    raise ValueError(x)
"""


def rehearse() -> None:
    """Load a module and run a batch with every common kind of step and value, many times."""
    arrays = (np.linspace(-2, 2, 6).reshape(2, 3), np.arange(6).reshape(3, 2).T, np.linspace(0, 1, 8)[::2], np.ones(3))
    rehearsed: tuple[tuple[Any, ...], ...] = (
        (steps.CALL, "elementwise", (-1,), {}, (0,), True),
        (steps.CALL, "elementwise", (-2,), {"y": -5}, (1,), True),
        (steps.CALL, "table", (-3,), {}, (2,), True),
        (steps.UNPACK, 2, 4),
        (steps.GETITEM, 3, -6),
        (steps.CALL, "Thing", (-4,), {}, (3,), True),
        (steps.GETATTR, 5, "forward"),
        (steps.CALL, 6, (-5,), {}, (), True),
        (steps.GETATTR, 5, "x"),
        (steps.CALL, "fail", (-7,), {}, (), True),
    )
    program = (rehearsed, (0, 1, 4, 7, 8, 9))
    constants = tuple(pack(value) for value in (*arrays, 0.5, 1, "text"))
    batch = marshal.dumps(([program], [(0, 0, constants)] * _ROUNDS))
    machine = Runtime()
    machine.load(encode((_MODULE, "rehearsal", "rehearsal.py", {})), _nobody)
    for _ in machine.run(batch, _nobody):
        continue


def _nobody(_index: int, _payload: bytes) -> bytes:
    raise RuntimeError
