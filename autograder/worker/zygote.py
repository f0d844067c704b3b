"""The process that workers are forked from: warm, single-threaded, and holding nothing secret.

A child that ended stays a zombie until the trusted side says that it is done with it, so that its number cannot pass to
another process that would then get its signals. The messages are those of control.py.
"""

from __future__ import annotations

import contextlib
import gc
import json
import mmap
import os
import pwd
import random
import signal
import socket
import sys
from fcntl import F_DUPFD_CLOEXEC, fcntl
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from . import kernel, landlock
from .control import ENDED, FORGET, FORK, FORKED, MESSAGE_BYTES, PROBE, PROCESS, PROGRESS_BYTES, WAIT
from .frames import EXIT_LOCKDOWN, HEADER, Kind
from .lockdown import FRAMES, Bounds, LockdownError, Plan, become, lock_down
from .preload import memory, preload, threads
from .probe import probe
from .runtime import Runtime
from .seccomp import Filter
from .serve import serve

_DESCRIPTORS: Final = 3
_OUT_OF_THE_WAY: Final = 64
_UNUSED_IDENTITIES: Final = range(65100, 65533)
_MORE_EXPENDABLE: Final = "900"


def main(control_descriptor: int, packages: str, *, required: bool) -> None:
    """Get warm, say hello, and fork workers until the trusted side hangs up.

    `packages` is the folder that holds NumPy; `required` is whether a worker must have every layer of the lockdown.
    """
    control = socket.socket(fileno=fcntl(control_descriptor, F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY))
    os.close(control_descriptor)
    preload()
    while packages in sys.path:
        sys.path.remove(packages)
    sys.argv[:] = ["worker"]
    _expect_to_be_killed_first()
    kernel.drop_bounding_set()
    plan, version = _plan(required=required)
    if threads() != 1:
        raise RuntimeError(f"the zygote has {threads()} threads; forking it would not be safe")
    hello = {
        "landlock": version,
        "seccomp": plan.filter is not None,
        "identity": plan.identity,
        "resident": memory()[1],
        "numpy": np.__version__,
        "python": sys.version.split()[0],
    }
    control.send(json.dumps(hello).encode())
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    gc.disable()
    gc.freeze()
    _Zygote(control, plan).answer_until_hung_up()


def _expect_to_be_killed_first() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_MORE_EXPENDABLE, encoding="ascii")


def _plan(*, required: bool) -> tuple[Plan, int]:
    """Find out what every worker will need; gives the plan, and the ABI of Landlock or 0."""
    standard = [str(Path(folder).resolve()) for folder in sys.path if Path(folder).is_dir()]
    package = Path(np.__file__).resolve().parent
    packages = [str(folder) for folder in (package, package.with_name("numpy.libs")) if folder.is_dir()]
    ruleset: int | None = None
    version = 0
    with contextlib.suppress(OSError):
        low, version = landlock.ruleset(landlock.library_rules(standard, packages))
        ruleset = fcntl(low, F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
        os.close(low)
    plan = Plan(
        identity=_identity([*standard, *packages]),
        ruleset=ruleset,
        filter=Filter.for_this_machine(),
        baseline=memory()[0],
        required=required,
    )
    return plan, version


def _identity(folders: list[str]) -> int | None:
    """Find a user that nobody is, which this process may become and who can read Python and NumPy; None without one."""
    if os.geteuid() != 0:
        return None
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    identity = next((number for number in _UNUSED_IDENTITIES if number not in taken), None)
    if identity is None:
        return None
    trial = os.fork()
    if trial == 0:
        try:
            become(identity)
            for path in (path for folder in folders for path in Path(folder).iterdir()):
                if path.is_file():
                    os.close(os.open(path, os.O_RDONLY))
            os._exit(0)
        finally:
            os._exit(1)
    return identity if os.waitpid(trial, 0)[1] == 0 else None


class _Zygote:
    """Answers the requests of the trusted side."""

    def __init__(self, control: socket.socket, plan: Plan) -> None:
        self._control = control
        self._plan = plan
        self._pid = os.getpid()
        self._living: set[int] = set()
        self._forgotten: set[int] = set()

    def answer_until_hung_up(self) -> None:
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, _DESCRIPTORS)
            if not message:
                break
            what, rest = message[:1], message[1:]
            if what in {FORK, PROBE}:
                self._fork(what, rest, descriptors)
            elif what == WAIT:
                self._wait(*PROCESS.unpack(rest))
            elif what == FORGET:
                self._forgotten.add(*PROCESS.unpack(rest))
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)

    def _fork(self, what: bytes, rest: bytes, descriptors: list[int]) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                self._become_worker(what, rest, descriptors)
            finally:
                os._exit(EXIT_LOCKDOWN)
        self._living.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        self._control.send(PROCESS.pack(pid))
        for forgotten in tuple(self._forgotten):
            if os.waitpid(forgotten, os.WNOHANG)[0]:
                self._forgotten.discard(forgotten)
                self._living.discard(forgotten)

    def _wait(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        self._living.discard(pid)
        self._control.send(ENDED.pack(status, usage.ru_maxrss, usage.ru_utime + usage.ru_stime))

    def _become_worker(self, what: bytes, rest: bytes, descriptors: list[int]) -> NoReturn:
        frames, output, progress = descriptors
        memory, cpu, ready = FORKED.unpack_from(rest)
        page = mmap.mmap(progress, PROGRESS_BYTES)
        counter = memoryview(page).cast("q")
        try:
            lock_down(self._plan, Bounds(memory, cpu), zygote=self._pid, frames=frames, output=output)
        except LockdownError as error:
            os.write(2, f"{error}\n".encode())
            os._exit(EXIT_LOCKDOWN)
        if what == PROBE:
            grader, canary = rest[FORKED.size :].split(b"\0")
            report = probe(os.fsdecode(canary), int(grader))
            os.write(FRAMES, HEADER.pack(len(report), Kind.REPORT, ready) + report)
            os._exit(0)
        gc.enable()
        # The module reseeds itself after every fork.
        random.seed(0)

        def mark(index: int) -> None:
            counter[0] = index

        serve(FRAMES, ready, lambda: Runtime(mark))
