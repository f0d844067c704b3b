"""A seccomp filter, assembled here so that no system library is needed.

The filter is a classic BPF program over `struct seccomp_data`: the number of the call, the architecture, and the six
arguments as 64-bit words.
"""

from __future__ import annotations

import ctypes
import os
import struct
from dataclasses import dataclass, field
from typing import Final

from .kernel import syscall
from .syscalls import ALLOWED, ARCHITECTURES, KILLING, Architecture

_LOAD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_INSTRUCTION: Final = struct.Struct("=HBBI")
_FARTHEST: Final = 255

_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000
_ALLOW: Final = 0x7FFF0000
_EPERM: Final = 1
_ENOSYS: Final = 38

_NUMBER: Final = 0
_ARCHITECTURE: Final = 4

_FILTER_MODE: Final = 1

# Duplicating and the flags of a descriptor. F_SETOWN and F_SETSIG would have the kernel send any signal to any process
# of the same user.
_FCNTL_COMMANDS: Final = (0, 1, 2, 3, 4, 1030)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what isatty, get_terminal_size and open ask.
_IOCTL_REQUESTS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)


def _argument(index: int, *, high: bool = False) -> int:
    return 16 + 8 * index + (4 if high else 0)


@dataclass
class _Program:
    """Instructions with jumps to labels; `assemble` resolves them."""

    code: list[tuple[int, int, str, str]] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)

    def load(self, offset: int) -> None:
        self.code.append((_LOAD, offset, "", ""))

    def jump_equal(self, value: int, then: str, otherwise: str = "") -> None:
        self.code.append((_JUMP_EQUAL, value, then, otherwise))

    def jump_any_bit(self, bits: int, then: str) -> None:
        self.code.append((_JUMP_ANY_BIT, bits, then, ""))

    def give(self, action: int) -> None:
        self.code.append((_RETURN, action, "", ""))

    def label(self, name: str) -> None:
        self.labels[name] = len(self.code)

    def assemble(self) -> bytes:
        out = bytearray()
        for at, (operation, value, then, otherwise) in enumerate(self.code):
            jumps = [self.labels[name] - at - 1 if name else 0 for name in (then, otherwise)]
            if not all(0 <= jump <= _FARTHEST for jump in jumps):
                raise ValueError(f"instruction {at} jumps too far: {then or otherwise}")
            out += _INSTRUCTION.pack(operation, *jumps, value)
        return bytes(out)


def _allow_values(program: _Program, name: str, number: int, offset: int, values: tuple[int, ...]) -> None:
    """Allow call `number` when the low word at `offset` is one of `values`, refuse it otherwise."""
    program.jump_equal(number, f"{name} asked", f"not {name}")
    program.label(f"{name} asked")
    program.load(offset)
    for value in values:
        program.jump_equal(value, "allow")
    program.give(_REFUSE | _EPERM)
    program.label(f"not {name}")


def build_filter(architecture: Architecture, pid: int) -> bytes:
    """Assemble the BPF program for a worker whose process is `pid`."""
    numbers = architecture.numbers
    program = _Program()
    program.load(_ARCHITECTURE)
    program.jump_equal(architecture.audit, "known", "kill")
    program.label("known")
    program.load(_NUMBER)
    if architecture.x32_bit:
        program.jump_any_bit(architecture.x32_bit, "kill")
    for name in KILLING:
        program.jump_equal(numbers[name], "kill")
    for name in ALLOWED:
        if name in numbers:
            program.jump_equal(numbers[name], "allow")

    # glibc tries clone3 for a thread and falls back to clone only on ENOSYS.
    program.jump_equal(numbers["clone3"], "no such call")
    _allow_values(program, "fcntl", numbers["fcntl"], _argument(1), _FCNTL_COMMANDS)
    _allow_values(program, "ioctl", numbers["ioctl"], _argument(1), _IOCTL_REQUESTS)
    _allow_values(program, "tgkill", numbers["tgkill"], _argument(0), (pid,))
    program.jump_equal(numbers["prlimit64"], "prlimit64 asked", "refuse")
    program.label("prlimit64 asked")
    program.load(_argument(2))
    program.jump_equal(0, "low word is null", "refuse")
    program.label("low word is null")
    program.load(_argument(2, high=True))
    program.jump_equal(0, "allow", "refuse")

    program.label("refuse")
    program.give(_REFUSE | _EPERM)
    program.label("no such call")
    program.give(_REFUSE | _ENOSYS)
    program.label("allow")
    program.give(_ALLOW)
    program.label("kill")
    program.give(_KILL)
    return program.assemble()


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


@dataclass(frozen=True)
class Filter:
    """A filter for this machine, built once; only the pid in it differs between workers."""

    number: int
    template: bytes
    pid_at: int

    @classmethod
    def for_this_machine(cls) -> Filter | None:
        """None when this machine is of an architecture without a table."""
        architecture = ARCHITECTURES.get(os.uname().machine)
        if architecture is None or struct.calcsize("P") != 8:  # noqa: PLR2004
            return None
        placeholder = 0x7EADBEEF
        template = build_filter(architecture, placeholder)
        return cls(architecture.numbers["seccomp"], template, template.index(struct.pack("=I", placeholder)))

    def install(self) -> None:
        """Put this process under the filter for good; needs no_new_privs. Raises OSError."""
        pid = struct.pack("=I", os.getpid())
        program = self.template[: self.pid_at] + pid + self.template[self.pid_at + 4 :]
        length = len(program) // _INSTRUCTION.size
        syscall(
            "seccomp",
            self.number,
            ctypes.c_uint(_FILTER_MODE),
            ctypes.c_uint(0),
            ctypes.byref(_FilterProgram(length, program)),
        )
