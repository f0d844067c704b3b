"""Where workers come from."""

from __future__ import annotations

import sys
import tempfile
import threading
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from .failures import IsolationError, Kind, SandboxError, WorkerFailure
from .isolation import Isolation
from .limits import Limits
from .worker import Worker
from .zygote import WORKER_FOLDER, Zygote

_ADVICE: Final = (
    "Grade on Linux 5.13 or newer (x86_64 or aarch64) with Landlock and seccomp on, or in a container that allows "
    "both; or say that you trust these submissions."
)


class Sandbox:
    """A warm process to fork workers from, and the proof that they are locked in.

    A context manager. Workers may be asked for from several threads.
    """

    def __init__(
        self, limits: Limits | None = None, *, trust_submissions: bool = False, worker_folder: Path = WORKER_FOLDER
    ) -> None:
        """Start, and prove the isolation by having a worker try what is forbidden.

        With `trust_submissions` whatever isolation there is will do. `worker_folder` holds the worker package.

        Raises IsolationError when the isolation is not sufficient, and SandboxError when no worker can be started.
        """
        if not sys.platform.startswith("linux"):
            raise IsolationError(f"there is no sandbox for {sys.platform}. {_ADVICE}")
        self._limits = limits if limits is not None else Limits()
        self._trusting = trust_submissions
        self._folder = worker_folder.resolve()
        self._lock = threading.Lock()
        self._zygote = self._start()
        try:
            self.isolation: Final = self._prove()
        except BaseException:
            self._zygote.close()
            raise

    def __enter__(self) -> Self:
        """Use as a context manager, so that no process is left."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the zygote and all of its workers."""
        self.close()

    @property
    def limits(self) -> Limits:
        """The limits of every worker."""
        return self._limits

    @property
    def zygote(self) -> Zygote:
        """The process that workers are forked from at the moment."""
        return self._zygote

    def close(self) -> None:
        """End the zygote and all of its workers."""
        self._zygote.close()

    def worker(self, limits: Limits | None = None) -> Worker:
        """Return a fresh worker, locked down and ready; `limits` replaces the sandbox's.

        A zygote that has died is replaced. Raises WorkerFailure of the kind GRADER when no worker can be had.
        """
        try:
            return self._worker(limits)
        except SandboxError:
            try:
                self._replace_zygote()
                return self._worker(limits)
            except SandboxError as error:
                raise WorkerFailure(Kind.GRADER, str(error)) from error

    def _worker(self, limits: Limits | None) -> Worker:
        worker = Worker(self._zygote, limits if limits is not None else self._limits)
        try:
            worker.await_ready()
        except BaseException:
            worker.close()
            raise
        return worker

    def _start(self) -> Zygote:
        return Zygote(self._folder, required=not self._trusting)

    def _replace_zygote(self) -> None:
        with self._lock:
            if not self._zygote.alive:
                self._zygote.close()
                self._zygote = self._start()
                self._prove()

    def _prove(self) -> Isolation:
        report: bytes | None = None
        detail = ""
        with tempfile.TemporaryDirectory(prefix="autograder-probe-") as folder:
            # Open to everybody, so that only the sandbox can be what refuses.
            Path(folder).chmod(0o777)
            canary = Path(folder) / "canary"
            canary.write_bytes(b"secret")
            canary.chmod(0o666)
            start = partial(self._zygote.probe, canary=canary)
            with Worker(self._zygote, self._limits, start) as prober:
                try:
                    report = prober.report()
                except WorkerFailure as failure:
                    detail = failure.detail
        isolation = Isolation.of(self._zygote.hello, report)
        if not isolation.sufficient and not self._trusting:
            raise IsolationError(f"student code cannot be isolated here: {detail or isolation.describe()} {_ADVICE}")
        return isolation
