"""The filter of system calls, run through a small interpreter for both machines."""

from __future__ import annotations

import struct

import pytest

from autograder.worker.seccomp import build_filter
from autograder.worker.syscalls import ALLOWED, ARCHITECTURES, KILLING, Architecture

PID = 4321
ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026

both = pytest.mark.parametrize("machine", ARCHITECTURES.values(), ids=ARCHITECTURES)


def verdict(machine: Architecture, number: int, *arguments: int, audit: int | None = None) -> int:
    """Interpret the filter: what the kernel would do with a call."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number, machine.audit if audit is None else audit, 0, *padded)
    program = list(struct.iter_unpack("=HBBI", build_filter(machine, PID)))
    at = accumulator = 0
    while True:
        operation, then, otherwise, value = program[at]
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == 0x06:
            return int(value)
        else:
            true = accumulator == value if operation == 0x15 else bool(accumulator & value)
            at += then if true else otherwise


@both
def test_every_listed_call_has_its_verdict(machine: Architecture) -> None:
    numbers = machine.numbers
    assert {name for name in ALLOWED if name in numbers and verdict(machine, numbers[name]) != ALLOW} == set()
    assert {name for name in KILLING if verdict(machine, numbers[name]) != KILL} == set()
    assert len(set(numbers.values())) == len(numbers)


@both
def test_all_other_calls_are_refused(machine: Architecture) -> None:
    listed = set(machine.numbers.values())
    assert {verdict(machine, number) for number in range(1000) if number not in listed} == {EPERM}


@both
def test_foreign_machines_are_killed(machine: Architecture) -> None:
    assert verdict(machine, machine.numbers["read"], audit=0x40000003) == KILL


def test_x32_is_killed() -> None:
    assert verdict(ARCHITECTURES["x86_64"], 0x40000000) == KILL


@both
def test_calls_that_depend_on_their_arguments(machine: Architecture) -> None:
    numbers = machine.numbers
    assert verdict(machine, numbers["clone3"]) == ENOSYS
    assert verdict(machine, numbers["tgkill"], PID, PID, 9) == ALLOW
    assert verdict(machine, numbers["tgkill"], PID + 1, PID, 9) == EPERM
    assert verdict(machine, numbers["prlimit64"], 0, 7, 0, 0x7FFF0000) == ALLOW
    assert verdict(machine, numbers["prlimit64"], 0, 7, 0x1000, 0) == EPERM
    assert verdict(machine, numbers["prlimit64"], 0, 7, 0x1000 << 32, 0) == EPERM
    assert verdict(machine, numbers["fcntl"], 3, 3) == ALLOW
    assert verdict(machine, numbers["fcntl"], 3, 8, 1) == EPERM
    assert verdict(machine, numbers["ioctl"], 1, 0x5401) == ALLOW
    assert verdict(machine, numbers["ioctl"], 1, 0x5412) == EPERM
