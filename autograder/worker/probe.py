"""What a probe worker tries once it is locked down, to prove that it cannot.

It runs in a worker of its own, before any submission, with the very same lockdown.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np


def _read(path: str) -> None:
    os.close(os.open(path, os.O_RDONLY))


def _create(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _thread() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def _arithmetic() -> None:
    square = np.array([[2.0, 1.0], [1.0, 3.0]])
    if not np.allclose(np.linalg.solve(square, square @ np.ones(2)), 1.0):
        raise ArithmeticError("NumPy does not solve a system of two equations")


def probe(canary: str, grader: int) -> bytes:
    """Try everything.

    `canary` is a readable file of the trusted side and `grader` the trusted process. Returns lines of a name and what
    came of it: "refused", "worked", or for what must work the error.
    """
    zygote = os.getppid()
    forbidden: dict[str, Callable[[], object]] = {
        "read a file": lambda: _read(canary),
        "list a folder": lambda: list(Path(canary).parent.iterdir()),
        "create a file": lambda: _create(canary + ".new"),
        "change the standard library": lambda: os.open(os.__file__, os.O_WRONLY),
        "read the environment of the grader": lambda: _read(f"/proc/{grader}/environ"),
        "read the environment of the zygote": lambda: _read(f"/proc/{zygote}/environ"),
        "read the memory of the grader": lambda: _read(f"/proc/{grader}/mem"),
        "send a signal to the grader": lambda: os.kill(grader, 0),
        "send a signal to the zygote": lambda: os.kill(zygote, 0),
        "open a network socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "start a process": _fork,
        "start a thread": _thread,
        "run a program": lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"]),  # noqa: S606 - it must be refused
    }
    needed: dict[str, Callable[[], object]] = {
        "read the standard library": lambda: _read(os.__file__),
        "read NumPy": lambda: _read(np.__file__),
        "compute with NumPy": _arithmetic,
    }
    lines = []
    for name, attempt in forbidden.items():
        try:
            attempt()
        except (OSError, RuntimeError):
            lines.append(f"{name}: refused")
        else:
            lines.append(f"{name}: worked")
    for name, attempt in needed.items():
        try:
            attempt()
        except Exception as error:  # noqa: BLE001
            lines.append(f"{name}: {error}")
        else:
            lines.append(f"{name}: worked")
    return "\n".join(lines).encode()
