"""Nothing that a worker sends is believed."""

from __future__ import annotations

import struct
import time

import pytest

from autograder.sandbox import Kind, Limits, Sandbox, Worker, WorkerFailure
from autograder.worker.frames import HEADER, SEGMENT_BYTES
from autograder.worker.frames import Kind as Frame

from .conftest import Failing

# What an attacker in the worker can do without looking for anything: the descriptor is always the same.
FORGE = """
import os, struct, sys
def frame(kind, identity, payload=b"", length=None):
    return struct.pack("<IBQ", len(payload) if length is None else length, kind, identity) + payload
def identity():
    seen = sys._getframe()
    while seen:
        if "identity" in seen.f_locals and isinstance(seen.f_locals["identity"], int):
            return seen.f_locals["identity"]
        seen = seen.f_back
"""


def forge(expression: str) -> str:
    """Source that writes the bytes of `expression` to the trusted side, then stays."""
    return f"{FORGE}\nos.write(3, {expression})\nimport time; time.sleep(30)"


@pytest.mark.parametrize(
    "expression",
    [
        f"frame({Frame.LOADED}, 0, b'all is well')",
        f"frame({Frame.LOADED}, 1, b'all is well')",
        f"frame({Frame.DONE}, identity())",
        f"frame({Frame.PART}, identity(), struct.pack('<I', 1) + b'x')",
        f"frame({Frame.READY}, identity())",
        f"frame({Frame.REPORT}, identity())",
        f"frame({Frame.CALLBACK}, identity(), bytes(4))",
        f"frame({Frame.LOAD}, identity(), b'')",
        "frame(0, identity())",
        "frame(255, identity(), b'x' * 1000)",
        "os.urandom(40)[:0] + bytes(40)",
    ],
)
def test_frames_that_nobody_asked_for_end_the_worker(failing: Failing, expression: str) -> None:
    assert failing(forge(expression)).kind is Kind.PROTOCOL


def test_a_length_beyond_the_limit_is_not_waited_for(failing: Failing) -> None:
    failure = failing(forge(f"frame({Frame.LOADED}, identity(), length=0xFFFFFFFF)"))
    assert (failure.kind, failure.detail) == (Kind.OUTPUT, "The code sent back more than 16 MB at once.")


@pytest.mark.parametrize("expression", [f"frame({Frame.LOADED}, identity(), b'x', length=100)", "b'\\0\\0\\0'"])
def test_half_a_frame_is_no_answer(failing: Failing, expression: str) -> None:
    assert failing(forge(expression)).kind is Kind.TIMEOUT


def test_a_byte_at_a_time_is_no_progress(failing: Failing) -> None:
    source = f"""{FORGE}
import time
for byte in frame({Frame.LOADED}, identity(), bytes(999)):
    os.write(3, bytes([byte]))
    time.sleep(0.02)
"""
    assert failing(source).kind is Kind.TIMEOUT


RUNS = {
    "a part that is no list of chunks": "b'xyz'",
    "a chunk longer than its part": "struct.pack('<I', 9) + b'x'",
    "a chunk shorter than its part": "struct.pack('<I', 1) + b'xy'",
    "a part without chunks": "b''",
}


@pytest.mark.parametrize("part", RUNS.values(), ids=RUNS)
def test_lying_parts_end_the_worker(failing: Failing, part: str) -> None:
    source = f"{FORGE}\ndef run(batch, callback):\n    os.write(3, frame({Frame.PART}, identity(), {part})); yield b''"
    failure = failing(source, run=True)
    assert (failure.kind, failure.partial) == (Kind.PROTOCOL, [])


def test_a_callback_without_an_index_ends_the_worker(failing: Failing) -> None:
    source = (
        f"{FORGE}\ndef run(batch, callback):\n    os.write(3, frame({Frame.CALLBACK}, identity(), b'x')); yield b''"
    )
    assert failing(source, run=True).kind is Kind.PROTOCOL


def test_callbacks_that_nobody_answers_end_the_worker(worker: Worker) -> None:
    worker.load(b"def run(batch, callback):\n    yield callback(0, b'')")
    with pytest.raises(WorkerFailure, match="protocol"):
        worker.run(b"")


def test_an_early_end_makes_the_real_one_a_violation(sandbox: Sandbox) -> None:
    """What an attacker sends in place of the runtime counts as its answer; what the runtime then adds, as a crime."""
    source = f"{FORGE}\ndef run(batch, callback):\n    os.write(3, frame({Frame.DONE}, identity())); yield b'late'"
    with sandbox.worker() as worker:
        worker.load(source.encode())
        assert worker.run(b"") == []
        with pytest.raises(WorkerFailure) as failure:
            worker.run(b"")
        assert failure.value.kind is Kind.PROTOCOL


def test_answers_to_a_later_request_cannot_be_sent_ahead(sandbox: Sandbox) -> None:
    """The identity of a request is not known before it is made."""
    source = f"{FORGE}\nfor each in range(3): os.write(3, frame({Frame.DONE}, each))\nanswer = 1"
    with sandbox.worker() as worker, pytest.raises(WorkerFailure, match="protocol"):
        worker.load(source.encode())


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("import os; os.close(3)\nwhile True: pass", Kind.PROTOCOL),
        ("import os; os.close(3)", Kind.EXIT),
        ("import os; os.dup2(1, 3)", Kind.EXIT),
        ("import os; os.set_blocking(3, False); os.closerange(0, 3); answer = 'x' * 10_000_000", Kind.EXIT),
    ],
)
def test_descriptors_can_be_ruined(failing: Failing, source: str, kind: Kind) -> None:
    assert failing(source).kind in {kind, Kind.TIMEOUT}


def test_too_much_in_one_frame(failing: Failing) -> None:
    failure = failing("def run(batch, callback): yield bytes(18 << 20)", run=True)
    assert (failure.kind, failure.detail) == (Kind.OUTPUT, "The code sent back more than 16 MB at once.")


@pytest.mark.parametrize("chunk", ["bytes(1 << 20)", "b''"])
def test_too_much_in_one_run(failing: Failing, chunk: str) -> None:
    source = f"def run(batch, callback):\n    while True: yield {chunk}"
    failure = failing(source, run=True, limits=Limits(run_mb=8, call_seconds=2))
    assert (failure.kind, failure.detail) == (Kind.OUTPUT, "The code sent back more than 8 MB altogether.")


def test_too_many_callbacks(failing: Failing) -> None:
    source = "def run(batch, callback):\n    while True: callback(0, b'')"
    failure = failing(source, run=True, limits=Limits(callbacks=1000))
    assert failure.kind is Kind.OUTPUT
    assert failure.detail == "The code called the test's functions more than 1,000 times."


def test_a_worker_that_does_not_listen_cannot_block_the_grader(sandbox: Sandbox) -> None:
    """It asks for something large and never reads the reply."""
    source = f"""{FORGE}
import time
def run(batch, callback):
    os.write(3, frame({Frame.CALLBACK}, identity(), bytes(4)))
    time.sleep(9)
    yield b""
"""
    with sandbox.worker() as worker:
        worker.load(source.encode())
        start = time.monotonic()
        with pytest.raises(WorkerFailure) as failure:
            worker.run(b"", lambda _index, _arguments: bytes(8 << 20))
        assert failure.value.kind is Kind.TIMEOUT
        assert time.monotonic() - start < 3


def test_a_worker_that_stopped_itself_cannot_block_the_grader(sandbox: Sandbox) -> None:
    """It stops between two requests, so that the second is never read."""
    source = f"""{FORGE}
import signal
def run(batch, callback):
    os.write(3, frame({Frame.DONE}, identity()))
    signal.raise_signal(signal.SIGSTOP)
    yield b""
"""
    with sandbox.worker() as worker:
        worker.load(source.encode())
        assert worker.run(b"") == []
        with pytest.raises(WorkerFailure) as failure:
            worker.run(bytes(8 << 20))
        assert failure.value.kind is Kind.TIMEOUT


def test_large_batches_and_answers_cross_whole(sandbox: Sandbox) -> None:
    batch = bytes(range(256)) * ((SEGMENT_BYTES * 2 + 4096) // 256)
    source = b"""
def run(batch, callback):
    for start in (0, 15 << 20, 30 << 20):
        yield batch[start : start + (15 << 20)]
"""
    with sandbox.worker(Limits()) as worker:
        worker.load(source)
        assert b"".join(worker.run(batch)) == batch
        assert worker.run(b"") == [b"", b"", b""]


def test_callbacks_are_answered(worker: Worker) -> None:
    worker.load(b"def run(batch, callback):\n    for index in range(5): yield callback(index, batch)")
    assert worker.run(b"x", lambda index, arguments: arguments * index) == [b"x" * index for index in range(5)]


def test_callbacks_are_answered_while_loading(worker: Worker) -> None:
    assert worker.load(b"answer = callback(2, b'z')", lambda index, arguments: arguments * index) == b"b'zz'"


def test_an_error_of_the_trusted_side_passes_through_and_ends_the_worker(worker: Worker) -> None:
    worker.load(b"def run(batch, callback): yield callback(0, b'')")
    with pytest.raises(ZeroDivisionError):
        worker.run(b"", lambda _index, _arguments: 1 // 0)  # type: ignore[arg-type, return-value]
    assert not worker.alive


@pytest.mark.parametrize(
    "damage",
    [
        "os.write = os.read = None",
        "import struct; struct.Struct = None",
        "import sys; sys.stdout = None; sys.stderr = None",
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "os.close(1); os.close(2)",
        "os.close(0)",
        "import sys; sys.modules.clear()",
        "import sys; [sys.modules.pop(name) for name in list(sys.modules) if name.startswith('worker')]",
        "import time; time.monotonic = None",
        "import gc; gc.disable(); gc.set_threshold(1)",
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in range(1, 32) if n not in (9, 19)]",
        "import sys; sys.excepthook = None; sys.setrecursionlimit(300)",
        "import worker.serve; worker.serve.serve = None; worker.serve.HEADER = None",
        "import atexit; atexit.register(os._exit, 0)",
    ],
)
def test_what_honest_code_could_break_by_accident_is_not_needed(worker: Worker, damage: str) -> None:
    source = f"import os\n{damage}\ndef run(batch, callback):\n    yield callback(1, batch)\nanswer = 'loaded'"
    assert worker.load(source.encode()) == b"loaded"
    assert worker.run(b"x", lambda _index, arguments: arguments) == [b"x"]
    assert worker.run(b"y", lambda _index, arguments: arguments) == [b"y"]


def test_the_header_is_thirteen_bytes() -> None:
    """Attackers and tests forge it by hand."""
    assert struct.calcsize("<IBQ") == HEADER.size == 13
