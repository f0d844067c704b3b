"""What a right submission costs: processor time of the whole grader against that of the student's own functions.

    python bench/neuron_class.py [assignment] [submissions]

One process grades a class of right submissions after start-up. Beside it, in the same run: the same calls on the same
examples made directly, in process and without any watching, and the fork of an empty worker. Prints a table.
"""

from __future__ import annotations

import marshal
import resource
import statistics
import sys
import time
import types
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograder.bank import reference_source
from autograder.course import load_course
from autograder.grading.executors import Sandboxed
from autograder.grading.grade import grade
from autograder.grading.run import complete_suite, sandbox_limits
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.worker.steps import OPERATIONS, Frame

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.sandbox import Limits
    from autograder.suite.build import Suite

LIMIT_SECONDS = 0.15
LIMIT_RATIO = 3.0
ROUNDS = 7
FORKS = 100


def processor_seconds() -> float:
    """Processor time of this process and of every child that has ended."""
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def own_functions_seconds(suite: Suite, source: str, repeats: int = 5) -> float:
    """Processor seconds for the steps of all examples alone: no codec, no watching, no checks."""
    module = types.ModuleType(suite.assignment.name)
    exec(compile(source, suite.assignment.module, "exec"), module.__dict__)  # noqa: S102 - the reference solution
    samples = []
    for _ in range(repeats):
        frames = []
        for traced in suite.all_tests():
            programs, examples = marshal.loads(traced.batch.payload)  # noqa: S302 - our own bytes
            for number, first, constants in examples:
                frame = Frame(constants, module, lambda _i, _p: b"", first)
                frames.append((programs[number][0], frame))
        begun = time.process_time()
        for steps, frame in frames:
            for step in steps:
                try:
                    value = OPERATIONS[step[0]](frame, *step[1:])
                except Exception:  # noqa: BLE001 - some steps are meant to raise
                    value = None
                frame.registers.append(value)
        samples.append(time.process_time() - begun)
    return statistics.median(samples)


class Measured(NamedTuple):
    """Processor seconds of one round."""

    own: float
    fork: float
    alone: float
    """A whole grading when no right answer was seen before."""
    whole: float
    """A whole grading in a class in which others gave the same right answers."""
    elapsed: float


def measured(course: Course, suite: Suite, submission: Submission, source: str, count: int) -> Measured:
    """Measure one round, everything within a second or two of each other."""
    limits = sandbox_limits(suite.assignment)
    empty = sandbox_seconds(limits)

    def whole(*, forget: bool) -> tuple[float, float]:
        before = processor_seconds()
        with Sandbox(limits) as sandbox:
            executors = Sandboxed(sandbox)
            begun = time.perf_counter()
            for _ in range(count):
                for traced in suite.all_tests() if forget else ():
                    for script in traced.batch.scripts:
                        script.right.clear()
                result = grade(submission, suite, executors, course)
                assert result.score == result.max_score, result  # noqa: S101
            elapsed = time.perf_counter() - begun
        return (processor_seconds() - before - empty) / count, elapsed / count

    fork = (sandbox_seconds(limits, FORKS) - empty) / FORKS
    alone, _ = whole(forget=True)
    together, elapsed = whole(forget=False)
    return Measured(own_functions_seconds(suite, source), fork, alone, together, elapsed)


def main(name: str, count: int) -> None:
    """Measure and print the medians of some rounds."""
    course = load_course(Path(__file__).parent)
    assignment = course.assignment(name)
    source = reference_source(course, assignment)
    begun = time.perf_counter()
    suite = complete_suite(course, assignment)
    suite.prepare()
    startup = time.perf_counter() - begun
    submission = Submission(
        student="right", assignment=name, source=source.encode(), filename=assignment.module, digest=""
    )
    rounds = [measured(course, suite, submission, source, max(count // ROUNDS, 1)) for _ in range(ROUNDS)]
    typical = Measured(*map(statistics.median, zip(*rounds, strict=True)))
    ratio, ratio_alone = (
        statistics.median(pick(each) / (each.own + each.fork) for each in rounds)
        for pick in (attrgetter("whole"), attrgetter("alone"))
    )
    print(f"{name}: {count} right submissions, {sum(len(t.examples) for t in suite.all_tests())} examples each")
    print(f"  start-up (load, draw, trace)        {startup * 1e3:8.1f} ms, once")
    print(f"  own functions, in process           {typical.own * 1e3:8.2f} ms of processor time")
    print(f"  worker: fork to serving             {typical.fork * 1e3:8.2f} ms of processor time")
    print(f"  whole grading, nothing seen before  {typical.alone * 1e3:8.2f} ms of processor time")
    limit = f"(at most {LIMIT_SECONDS * 1e3:.0f})"
    print(f"  whole grading, in a class           {typical.whole * 1e3:8.2f} ms of processor time {limit}")
    print(f"  elapsed, in a class                 {typical.elapsed * 1e3:8.2f} ms")
    print(f"  ratio to own functions + one fork   {ratio:8.2f}    (at most {LIMIT_RATIO:.0f})")
    print(f"  the same, nothing seen before       {ratio_alone:8.2f}")


def sandbox_seconds(limits: Limits, workers: int = 0) -> float:
    """Processor seconds of a sandbox, from start to end, with so many empty workers."""
    before = processor_seconds()
    with Sandbox(limits) as sandbox:
        for _ in range(workers):
            with sandbox.worker():
                pass
    return processor_seconds() - before


if __name__ == "__main__":
    name, count, *_ = [*sys.argv[1:], *["neuron", "100"][len(sys.argv) - 1 :]]
    main(name, int(count))
