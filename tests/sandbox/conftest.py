"""One sandbox for the whole folder: every test also shows that the tests before it left the zygote well."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox import Limits, Sandbox, Worker, WorkerFailure
from autograder.sandbox.zygote import WORKER_FOLDER

SHORT = Limits(call_seconds=0.4, submission_seconds=3, memory_mb=256, output_killed=8 << 20)

Attempt = Callable[[str], bytes]
Failing = Callable[..., WorkerFailure]


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the worker package with the stand-in runtime."""
    folder = tmp_path_factory.mktemp("standin") / "worker"
    shutil.copytree(WORKER_FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).parent / "standin_runtime.py", folder / "runtime.py")
    # It has nothing to rehearse.
    (folder / "rehearsal.py").write_text("def rehearse() -> None:\n    return\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def sandbox(worker_folder: Path) -> Iterator[Sandbox]:
    """Start a sandbox with short limits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SECRET", "hunter2")
        with Sandbox(SHORT, worker_folder=worker_folder) as made:
            yield made


@pytest.fixture
def worker(sandbox: Sandbox) -> Iterator[Worker]:
    """Have a fresh worker."""
    with sandbox.worker() as made:
        yield made


@pytest.fixture
def attempt(worker: Worker) -> Attempt:
    """Run source in the worker; gives the text of its `answer`, or of the error that it raised."""

    def load(source: str) -> bytes:
        return worker.load(textwrap.dedent(source).encode())

    return load


@pytest.fixture
def failing(sandbox: Sandbox) -> Failing:
    """Run source that must be the end of its worker; gives the failure, once the next worker has been seen to work."""

    def load(source: str, *, run: bool = False, limits: Limits | None = None) -> WorkerFailure:
        zygote = sandbox.zygote.pid
        with sandbox.worker(limits) as worker:
            if run:
                worker.load(textwrap.dedent(source).encode())
                with pytest.raises(WorkerFailure) as failure:
                    worker.run(b"batch", lambda _index, arguments: arguments)
            else:
                with pytest.raises(WorkerFailure) as failure:
                    worker.load(textwrap.dedent(source).encode())
        with sandbox.worker() as following:
            assert following.load(b"answer = 6 * 7") == b"42"
        assert sandbox.zygote.pid == zygote, "the zygote was lost"
        return failure.value

    return load
