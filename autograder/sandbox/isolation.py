"""How well this machine keeps student code apart: what is in force, and what a probe could still do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .zygote import Hello

REFUSED: Final = "refused"
WORKED: Final = "worked"

FORBIDDEN: Final = (
    "read a file",
    "list a folder",
    "create a file",
    "change the standard library",
    "read the environment of the grader",
    "read the environment of the zygote",
    "read the memory of the grader",
    "send a signal to the grader",
    "send a signal to the zygote",
    "open a network socket",
    "open a local socket",
    "start a process",
    "start a thread",
    "run a program",
)
NEEDED: Final = ("read the standard library", "read NumPy", "compute with NumPy")


@dataclass(frozen=True)
class Isolation:
    """What was proven before the first submission ran."""

    landlock: int
    """The Landlock ABI in use; 0 for none."""
    seccomp: bool
    """Whether workers are under a filter of system calls."""
    identity: int | None
    """The user that workers become; None when they stay who the grader is, without capabilities."""
    breaches: tuple[str, ...]
    """What the probe could do and must not."""
    broken: tuple[str, ...]
    """What the probe could not do and must, with the error."""

    @classmethod
    def of(cls, hello: Hello, report: bytes | None) -> Isolation:
        """Judge a probe's report; None when the probe gave none. What it does not mention counts as a breach."""
        lines = (report or b"").decode(errors="replace").splitlines()
        found = dict(line.split(": ", 1) for line in lines if ": " in line)
        return cls(
            landlock=hello.landlock,
            seccomp=hello.seccomp,
            identity=hello.identity,
            breaches=tuple(name for name in FORBIDDEN if found.get(name) != REFUSED),
            broken=tuple(f"{name} ({found.get(name, 'not tried')})" for name in NEEDED if found.get(name) != WORKED),
        )

    @property
    def sufficient(self) -> bool:
        """Whether submissions that nobody trusts may be run."""
        return self.landlock > 0 and self.seccomp and not self.breaches and not self.broken

    def describe(self) -> str:
        """One line for a person."""
        layers = [
            f"Landlock {self.landlock}" if self.landlock else "no Landlock",
            "seccomp" if self.seccomp else "no seccomp",
            "no capabilities" if self.identity is None else f"user {self.identity}",
        ]
        if self.breaches:
            layers.append(f"NOT isolated, workers can: {', '.join(self.breaches)}")
        else:
            layers.append(f"{len(FORBIDDEN)} forbidden things tried, all refused")
        if self.broken:
            layers.append(f"not working: {', '.join(self.broken)}")
        return "; ".join(layers)
