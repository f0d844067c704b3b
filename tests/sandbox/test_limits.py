"""What a submission may use, and the word for each way to use too much."""

from __future__ import annotations

import sys
import time

import pytest

from autograder.sandbox import Kind, Limits, Sandbox, Worker

from .conftest import SHORT, Attempt, Failing

ENDLESS_RECURSION = """
import sys
sys.setrecursionlimit(10 ** 9)
class A:
    def __repr__(self): return repr(self)
repr(A())
"""


def test_limits_that_no_worker_could_live_in_are_refused() -> None:
    with pytest.raises(ValueError, match="call_seconds, memory_mb"):
        Limits(call_seconds=0, memory_mb=-1)


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        "import signal\nfor n in (1, 2, 3, 13, 14, 15, 24): signal.signal(n, signal.SIG_IGN)\nwhile True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import os, signal; signal.raise_signal(signal.SIGSTOP)",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        "9 ** (10 ** 9)",
        "str(7 ** 10_000_000) if __import__('sys').set_int_max_str_digits(0) is None else 0",
        "sum(iter(int, 1))",
        "import numpy as np; a = np.ones((1500, 1500))\nwhile True: a @ a",
        "import threading; threading.Lock().acquire() and threading.Event().wait()",
        "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    ],
    ids=[
        "loop", "sleep", "ignored signals", "caught exceptions", "stop itself", "regular expression",
        "huge power", "huge text", "endless iterator", "matrix products", "lock", "exception whose text hangs",
    ],
)  # fmt: skip
def test_no_answer_in_time(failing: Failing, source: str) -> None:
    failure = failing(source)
    assert failure.kind is Kind.TIMEOUT, failure.detail
    assert failure.detail == "The code took longer than 0.4 s without an answer."


def test_a_sleeper_and_a_loop_end_after_about_the_limit(sandbox: Sandbox) -> None:
    for source in (b"while True: pass", b"import time; time.sleep(9)"):
        with sandbox.worker() as worker:
            start = time.monotonic()
            with pytest.raises(Exception, match="longer than"):
                worker.load(source)
            assert 0.35 < time.monotonic() - start < 0.4 * 6


def test_each_example_has_its_own_time(sandbox: Sandbox) -> None:
    source = b"""
import time
def run(batch, callback):
    for index in range(5):
        mark(index)
        time.sleep(0.15)
        yield b"%d" % index
"""
    with sandbox.worker() as worker:
        worker.load(source)
        assert worker.run(b"") == [b"%d" % index for index in range(5)]
        assert worker.progress == 4


def test_what_had_arrived_is_kept_when_an_example_hangs(failing: Failing) -> None:
    failure = failing(
        """
        import time
        def run(batch, callback):
            for index in range(8):
                mark(index)
                time.sleep(0.06 if index < 3 else 60)
                yield b"%d" % index
        """,
        run=True,
    )
    assert (failure.kind, failure.partial, failure.progress) == (Kind.TIMEOUT, [b"0", b"1", b"2"], 3)


def test_progress_does_not_last_for_ever(failing: Failing) -> None:
    source = "def run(batch, callback):\n    while True: callback(0, b'')"
    failure = failing(source, run=True, limits=Limits(call_seconds=0.6, submission_seconds=1, callbacks=10**9))
    assert (failure.kind, failure.detail) == (Kind.TIMEOUT, "The code took longer than 1 s altogether.")


def test_a_sleeper_between_callbacks_does_not_last_for_ever(failing: Failing) -> None:
    source = "import time\ndef run(batch, callback):\n    while True: callback(0, b''); time.sleep(0.2)"
    failure = failing(source, run=True, limits=Limits(call_seconds=0.6, submission_seconds=1))
    assert (failure.kind, failure.detail) == (Kind.TIMEOUT, "The code took longer than 1 s altogether.")


def test_time_of_the_trusted_side_is_not_charged(worker: Worker) -> None:
    worker.load(b"def run(batch, callback):\n    yield callback(0, b'x')")

    def slow(_index: int, arguments: bytes) -> bytes:
        time.sleep(1.2 * SHORT.call_seconds)
        return arguments

    assert worker.run(b"", slow) == [b"x"]


def test_seconds_can_be_given_for_one_request(worker: Worker) -> None:
    assert worker.load(b"import time; time.sleep(0.6); answer = 1", seconds=2) == b"1"


@pytest.mark.parametrize(
    "source",
    [
        "b = bytearray(10 ** 9)",
        "b = []\nwhile True: b.append(bytearray(1 << 20))",
        "import numpy as np; np.ones(10 ** 9)",
    ],
)
def test_memory_is_bounded(sandbox: Sandbox, source: str) -> None:
    with sandbox.worker(Limits(memory_mb=64)) as worker:
        assert b"MemoryError" in worker.load(source.encode())


def test_a_worker_without_memory_says_so(failing: Failing) -> None:
    source = "b = []\ndef run(batch, callback):\n    while True: b.append(bytearray(1 << 16))\n    yield b''"
    failure = failing(source, run=True, limits=Limits(memory_mb=64))
    assert (failure.kind, failure.detail) == (Kind.MEMORY, "The code needed more than 64 MB of memory.")


def test_an_honest_amount_of_memory_is_there(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits()) as worker:
        assert worker.load(b"import numpy as np; answer = int(np.ones(50_000_000).sum())") == b"50000000"


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 100_000)",
        "import os\nwhile True: os.write(2, b'x' * 65536)",
        "import os\nwhile True: os.writev(1, [b'x' * 65536] * 16)",
    ],
)
def test_a_flood_of_output_ends_the_worker(failing: Failing, source: str) -> None:
    failure = failing(source)
    assert (failure.kind, failure.detail) == (Kind.OUTPUT, "The code printed more than 8 MB.")


def test_the_beginning_of_the_output_is_kept(sandbox: Sandbox) -> None:
    with sandbox.worker(Limits(output_kept=10)) as worker:
        worker.load(b"import sys\nprint('h\xc3\xa9\\ud800')\nprint('error', file=sys.stderr)\nprint('x' * 1000)")
        assert worker.output == b"h\xc3\xa9\\ud800\nerror\n"[:10]


def test_output_before_a_crash_is_kept(sandbox: Sandbox) -> None:
    with sandbox.worker() as worker:
        with pytest.raises(Exception, match="exit code 3"):
            worker.load(b"print('here'); import os; os._exit(3)")
        assert worker.output == b"here\n"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import os; os._exit(0)", "0"),
        ("import os; os._exit(97)", "97"),
        ("import sys; sys.exit(0)", "0"),
        ("raise SystemExit('bye')", "1"),
        ("raise KeyboardInterrupt", "130"),
        ("raise BaseException", "1"),
        ("exit()", "0"),
        ("import atexit, sys; atexit.register(print, 'x'); sys.exit(4)", "4"),
        ("import ctypes; ctypes.CDLL(None).exit(5)", "5"),
        ("import os; os.abort = None; os.kill = None; os._exit(6)", "6"),
    ],
)
def test_exits_are_no_answers(failing: Failing, source: str, code: str) -> None:
    failure = failing(source)
    expected = f"The code ended Python (exit code {code}) before it had answered."
    assert (failure.kind, failure.detail) == (Kind.EXIT, expected)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "SIGABRT"),
        ("import signal; signal.raise_signal(signal.SIGTERM)", "SIGTERM"),
        ("import signal; signal.raise_signal(signal.SIGRTMIN + 1)", "signal"),
        ("import faulthandler; faulthandler._sigfpe()", "SIGFPE"),
        ("import faulthandler; faulthandler._stack_overflow()", "SIGSEGV"),
        pytest.param(
            ENDLESS_RECURSION,
            "SIGSEGV",
            marks=pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python counts this recursion since 3.12"),
        ),
    ],
)
def test_crashes_name_their_signal(failing: Failing, source: str, name: str) -> None:
    failure = failing(source)
    assert failure.kind is Kind.CRASH
    assert name in failure.detail


def test_forks_and_threads_without_end_change_nothing(attempt: Attempt) -> None:
    answer = attempt(
        """
        import os, threading
        made = 0
        for _ in range(2000):
            for make in (os.fork, threading.Thread(target=int).start):
                try:
                    make()
                except (OSError, RuntimeError):
                    continue
                made += 1
        answer = made
        """
    )
    assert answer == b"0"
