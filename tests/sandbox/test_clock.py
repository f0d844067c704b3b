"""What counts as time: computing and sleeping, whatever the moments are at which it is looked at."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from autograder.sandbox import Kind, Limits, Sandbox, WorkerFailure, clock
from autograder.sandbox.clock import TICK_SECONDS, Budget


@dataclass
class Kernel:
    """A kernel's accounts of one process, and of this one."""

    now: float = 100.0
    computed: float = 0.0
    waited: float = 0.0
    waiting: float = 0.0
    paused: int = 0
    asleep: bool = False
    own: float = 0.0
    knows_waits: bool = True

    def cpu(self) -> float:
        """The processor time."""
        return self.computed

    def idle(self) -> bool:
        """Whether it sleeps now."""
        return self.asleep

    def denied(self) -> float | None:
        """The waits that are over."""
        return self.waited if self.knows_waits else None

    def pauses(self) -> int:
        """How often it went to sleep."""
        return self.paused

    def compute(self, seconds: float) -> None:
        """Get the processor: a wait that went on is told of now."""
        self.waited, self.waiting, self.asleep = self.waited + self.waiting, 0.0, False
        self.computed += seconds
        self.now += seconds

    def sleep(self, seconds: float) -> None:
        """Sleep, and wake up."""
        self.paused += 1
        self.now += seconds

    def wait(self, seconds: float) -> None:
        """Want the processor in vain."""
        self.waiting += seconds
        self.now += seconds


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """Have the clock ask this kernel."""
    made = Kernel()
    monkeypatch.setattr(clock.time, "monotonic", lambda: made.now)
    monkeypatch.setattr(clock, "_own_seconds", lambda: made.own)
    return made


def budget_on(kernel: Kernel) -> Budget:
    made = Budget(kernel, in_all=1000.0, patience=100.0)  # type: ignore[arg-type]
    made.start(1000.0)
    return made


def test_a_sleeper_that_is_awake_when_looked_at(kernel: Kernel) -> None:
    budget = budget_on(kernel)
    for _ in range(50):
        kernel.sleep(TICK_SECONDS * 0.9)
        kernel.compute(TICK_SECONDS * 0.1)
        assert budget.tick() is None
    assert budget.slept == pytest.approx(50 * TICK_SECONDS * 0.9, abs=3 * TICK_SECONDS)


def test_a_sleeper_that_sleeps_when_looked_at(kernel: Kernel) -> None:
    budget = budget_on(kernel)
    for _ in range(50):
        kernel.compute(TICK_SECONDS * 0.1)
        kernel.sleep(TICK_SECONDS * 0.9)
        kernel.asleep = True
        assert budget.tick() is None
    assert budget.slept == pytest.approx(50 * TICK_SECONDS * 0.9, abs=3 * TICK_SECONDS)


@pytest.mark.parametrize("pause", [0.0, 0.001])
def test_waiting_for_a_processor_is_no_sleep(kernel: Kernel, pause: float) -> None:
    """Neither in pieces nor for many ticks at once, and neither for who never sleeps nor for who does."""
    budget = budget_on(kernel)
    for number in range(60):
        if pause:
            kernel.sleep(pause)
        kernel.wait(0.06 if number % 3 else 0.35)
        if number % 3 != 1:
            kernel.compute(0.04)
        budget.tick()
    assert budget.slept <= 60 * pause + TICK_SECONDS


def test_a_processor_that_the_host_takes_away_is_no_sleep(kernel: Kernel) -> None:
    """Where nothing accounts for the time, only who paused can have slept."""
    budget = budget_on(kernel)
    for _ in range(50):
        kernel.compute(TICK_SECONDS * 0.3)
        kernel.now += TICK_SECONDS * 0.7
        budget.tick()
    assert budget.slept == 0


def test_waiting_for_the_trusted_side_is_no_sleep(kernel: Kernel) -> None:
    budget = budget_on(kernel)
    for _ in range(50):
        kernel.compute(TICK_SECONDS * 0.3)
        kernel.own += TICK_SECONDS * 0.7
        kernel.sleep(TICK_SECONDS * 0.7)
        kernel.asleep = True
        budget.tick()
    assert budget.slept == pytest.approx(0)


def test_without_accounts_only_who_sleeps_now_sleeps(kernel: Kernel) -> None:
    kernel.knows_waits = False
    budget = budget_on(kernel)
    for number in range(50):
        kernel.sleep(TICK_SECONDS)
        kernel.asleep = number % 2 == 0
        budget.tick()
    assert budget.slept == pytest.approx(25 * TICK_SECONDS)


def test_a_worker_that_is_always_awake_when_looked_at(sandbox: Sandbox) -> None:
    source = b"""
import time
begun = time.monotonic()
while True:
    passed = time.monotonic() - begun
    if abs(passed - 0.1 * round(passed / 0.1)) > 0.006:
        time.sleep(0.0005)
"""
    with sandbox.worker(Limits(call_seconds=1.0, submission_seconds=9)) as worker:
        begun = time.monotonic()
        with pytest.raises(WorkerFailure) as failure:
            worker.load(source)
        assert failure.value.kind is Kind.TIMEOUT
        assert time.monotonic() - begun < 3


def test_answers_of_the_trusted_side_are_not_slept_for(sandbox: Sandbox) -> None:
    """Many short calls, between which the worker waits for us."""
    source = b"""
import time
def run(batch, callback):
    begun = time.process_time()
    while time.process_time() - begun < 0.3:
        callback(0, b"")
    yield b""
"""
    with sandbox.worker(Limits(call_seconds=5, submission_seconds=9)) as worker:
        worker.load(source)
        worker.run(b"", lambda _index, arguments: arguments)
        assert worker.slept_seconds < 0.3
