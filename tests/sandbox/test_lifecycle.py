"""Workers and their zygote come and go without leaving anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.sandbox import Kind, Limits, Sandbox, SandboxError, WorkerFailure

from .conftest import SHORT


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether the process ends in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in b"ZX":
            return True
        time.sleep(0.01)
    return False


def test_a_failure_is_final_for_its_worker(sandbox: Sandbox) -> None:
    with sandbox.worker() as worker:
        with pytest.raises(WorkerFailure) as first:
            worker.load(b"import os; os._exit(1)")
        assert not worker.alive
        with pytest.raises(WorkerFailure) as second:
            worker.run(b"")
        assert second.value is first.value
        assert worker.cpu_seconds > 0


def test_closing_twice_is_harmless_and_ends_the_process(sandbox: Sandbox) -> None:
    worker = sandbox.worker()
    worker.load(b"print('kept')")
    worker.close()
    worker.close()
    assert worker.output == b"kept\n"
    assert gone(worker.pid)
    with pytest.raises(WorkerFailure):
        worker.load(b"")


def test_nothing_is_left_of_many_workers(sandbox: Sandbox) -> None:
    def descriptors() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = descriptors()
    for index in range(40):
        with sandbox.worker() as worker:
            if index % 2:
                worker.load(b"answer = 1")
            else:
                with pytest.raises(WorkerFailure):
                    worker.load(b"import os; os._exit(0)")
    assert descriptors() == before
    children = Path(f"/proc/{sandbox.zygote.pid}/task/{sandbox.zygote.pid}/children")
    with sandbox.worker():
        time.sleep(0.1)
    with sandbox.worker():
        assert len(children.read_text().split()) <= 3


def test_workers_know_nothing_of_each_other(sandbox: Sandbox) -> None:
    with sandbox.worker() as one, sandbox.worker() as other:
        one.load(b"import numpy, builtins; numpy.leaked = builtins.leaked = True; numpy.add = None")
        answer = other.load(b"import numpy; answer = hasattr(numpy, 'leaked'), int(numpy.add(1, 2))")
        assert answer == b"(False, 3)"
        source = f"import os; os.kill({one.pid}, 9)"
        assert other.load(source.encode()).startswith(b"PermissionError")
        assert one.load(b"answer = 'alive'") == b"alive"


def test_every_worker_starts_from_the_same_state(sandbox: Sandbox) -> None:
    source = b"import random, numpy; answer = random.random(), numpy.random.rand(), hash('x'), {'b', 'a', 'c'}"
    answers = set()
    for _ in range(3):
        with sandbox.worker() as worker:
            answers.add(worker.load(source))
    assert len(answers) == 1


def test_workers_can_be_used_from_several_threads(sandbox: Sandbox) -> None:
    def use(index: int) -> bytes:
        with sandbox.worker(Limits()) as worker:
            return worker.load(b"answer = %d ** 2" % index)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(use, range(40))) == [b"%d" % index**2 for index in range(40)]


def test_a_dead_zygote_is_the_graders_fault_and_replaced(worker_folder: Path) -> None:
    with Sandbox(SHORT, worker_folder=worker_folder) as sandbox:
        worker = sandbox.worker()
        os.kill(sandbox.zygote.pid, signal.SIGKILL)
        with worker, pytest.raises(WorkerFailure) as failure:
            worker.load(b"while True: pass")
        assert failure.value.kind is Kind.GRADER
        assert gone(worker.pid)
        with sandbox.worker() as following:
            assert following.load(b"answer = 42") == b"42"


def test_workers_end_with_the_sandbox(worker_folder: Path) -> None:
    with Sandbox(SHORT, worker_folder=worker_folder) as sandbox:
        workers = [sandbox.worker() for _ in range(3)]
        zygote = sandbox.zygote.pid
    assert gone(zygote)
    assert all(gone(worker.pid) for worker in workers)
    for worker in workers:
        worker.close()


def test_everything_ends_when_the_grader_is_killed(worker_folder: Path) -> None:
    script = """
import sys
from pathlib import Path
from autograder.sandbox import Sandbox
with Sandbox(worker_folder=Path(sys.argv[1])) as sandbox, sandbox.worker() as worker:
    print(sandbox.zygote.pid, worker.pid, flush=True)
    worker.load(b"while True: pass")
"""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(worker_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as grader:
        assert grader.stdout is not None
        pids = [int(word) for word in grader.stdout.readline().split()]
        grader.kill()
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


def test_a_zygote_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="No such file"):
        Sandbox(worker_folder=tmp_path / "nowhere")


def test_a_busy_machine_gives_the_same_verdict(sandbox: Sandbox) -> None:
    """Work of 0.3 s passes under a limit of 0.4 s when other processes leave it a fraction of a processor."""
    # Each in a session of its own: the kernel shares processors out among sessions.
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
        for _ in range(3 * (os.cpu_count() or 1))
    ]
    try:
        source = b"import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nanswer = 'done'"
        with sandbox.worker() as worker:
            start = time.monotonic()
            assert worker.load(source) == b"done"
            assert time.monotonic() - start > SHORT.call_seconds, "the machine was not busy enough to show anything"
    finally:
        for process in busy:
            process.kill()
            process.wait()
