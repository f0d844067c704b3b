"""The trusted side's view of the zygote: start it, have it fork, learn how its children ended."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from autograder.worker.control import ENDED, FORGET, FORK, FORKED, MESSAGE_BYTES, PROBE, PROCESS, WAIT

from .failures import Ending, SandboxError

WORKER_FOLDER: Final = Path(__file__).resolve().parent.parent / "worker"

_START_SECONDS: Final = 120.0
_ANSWER_SECONDS: Final = 60.0

_LOADER: Final = """\
import importlib.util, sys
folder, packages, control, required = sys.argv[1:]
spec = importlib.util.spec_from_file_location("worker", folder + "/__init__.py", submodule_search_locations=[folder])
package = sys.modules["worker"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)
sys.path.append(packages)
from worker.zygote import main
main(int(control), packages, required=required == "required")
"""

_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Hello:
    """What a zygote found out about its machine."""

    landlock: int
    seccomp: bool
    identity: int | None
    resident: int
    numpy: str
    python: str


class Zygote:
    """One running zygote. Safe to use from several threads."""

    def __init__(self, folder: Path, *, required: bool) -> None:
        """Start a zygote from the worker package in `folder`; `required` is whether its lockdown must be complete.

        Raises SandboxError.
        """
        numpy = importlib.util.find_spec("numpy")
        if numpy is None or numpy.origin is None:
            raise SandboxError("NumPy is not installed for this Python; install it with: pip install numpy")
        packages = str(Path(numpy.origin).resolve().parent.parent)
        self._lock = threading.Lock()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the zygote runs
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        loader = ["-S", "-s", "-P", "-B", "-c", _LOADER]
        arguments = [str(folder), packages, str(theirs.fileno()), "required" if required else "optional"]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, *loader, *arguments],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._control.settimeout(_START_SECONDS)
        self.hello: Final = Hello(**self._json())
        self._control.settimeout(_ANSWER_SECONDS)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def fork(self, descriptors: tuple[int, int, int], *, memory: int, cpu: int, ready: int) -> int:
        """Fork a worker.

        `descriptors` are its ends of the frames, the output and the progress page; `memory` bytes and `cpu` seconds are
        what it may use; `ready` is the identity of its first frame. Returns the process. Raises SandboxError.
        """
        return self._forked(FORK + FORKED.pack(memory, cpu, ready), descriptors)

    def probe(self, descriptors: tuple[int, int, int], *, memory: int, cpu: int, ready: int, canary: Path) -> int:
        """Fork a worker that tries what is forbidden, instead of one that serves. Raises SandboxError."""
        target = f"{os.getpid()}\0".encode() + os.fsencode(canary)
        return self._forked(PROBE + FORKED.pack(memory, cpu, ready) + target, descriptors)

    def wait(self, pid: int) -> Ending:
        """Reap a process that has ended or was killed. Raises SandboxError."""
        with self._lock:
            self._send(WAIT + PROCESS.pack(pid))
            status, kibibytes, seconds = ENDED.unpack(self._receive())
        return Ending(status, kibibytes << 10, seconds)

    def forget(self, pid: int) -> None:
        """Have a killed process reaped some time, with nobody interested in how it ended."""
        with self._lock:
            try:
                self._send(FORGET + PROCESS.pack(pid))
            except SandboxError:
                return

    def close(self) -> None:
        """End the zygote and every worker that is left."""
        self._control.close()
        try:
            self._process.wait(timeout=_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self._errors.close()

    def _forked(self, message: bytes, descriptors: tuple[int, int, int]) -> int:
        with self._lock:
            self._send(message, descriptors)
            pid: int = PROCESS.unpack(self._receive())[0]
        return pid

    def _json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._receive())
        return found

    def _send(self, message: bytes, descriptors: tuple[int, ...] = ()) -> None:
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError as error:
            raise self._broken() from error

    def _receive(self) -> bytes:
        try:
            message = self._control.recv(MESSAGE_BYTES)
        except OSError as error:
            raise self._broken() from error
        if not message:
            raise self._broken()
        return message

    def _broken(self) -> SandboxError:
        if self._errors.closed:
            return SandboxError("the sandbox is closed")
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read(MESSAGE_BYTES).decode(errors="replace").strip()
        return SandboxError(f"the process that workers are forked from has ended: {said or 'it said nothing'}")
