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
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.bank import reference_source
from autograder.course import load_course
from autograder.grading.executors import Sandboxed
from autograder.grading.grade import grade
from autograder.grading.run import complete_suite, sandbox_limits
from autograder.sandbox import Sandbox
from autograder.submission import Submission
from autograder.worker.steps import OPERATIONS, Frame

if TYPE_CHECKING:
    from autograder.suite.build import Suite

LIMIT_SECONDS = 0.15
LIMIT_RATIO = 3.0


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


def main(name: str, count: int) -> None:
    """Measure and print."""
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
    own = own_functions_seconds(suite, source)
    before = processor_seconds()
    with Sandbox(sandbox_limits(assignment)) as sandbox:
        executors = Sandboxed(sandbox)
        grade(submission, suite, executors, course)
        warm = time.perf_counter()
        for _ in range(count):
            result = grade(submission, suite, executors, course)
            assert result.score == result.max_score, result  # noqa: S101
        elapsed = time.perf_counter() - warm
    graded = processor_seconds() - before
    fork = fork_seconds(name)
    total = (graded - sandbox_seconds(name)) / (count + 1)
    print(f"{name}: {count} right submissions, {sum(len(t.examples) for t in suite.all_tests())} examples each")
    print(f"  start-up (load, draw, trace)        {startup * 1e3:8.1f} ms, once")
    print(f"  own functions, in process           {own * 1e3:8.2f} ms of processor time")
    print(f"  worker: fork to serving             {fork * 1e3:8.2f} ms of processor time")
    limit = f"(at most {LIMIT_SECONDS * 1e3:.0f})"
    print(f"  whole grading                       {total * 1e3:8.2f} ms of processor time {limit}")
    print(f"  elapsed                             {elapsed / count * 1e3:8.2f} ms")
    print(f"  ratio to own functions + one fork   {total / (own + fork):8.2f}    (at most {LIMIT_RATIO:.0f})")


def sandbox_seconds(name: str, workers: int = 0) -> float:
    """Processor seconds of a sandbox, from start to end, with so many empty workers."""
    course = load_course(Path(__file__).parent)
    before = processor_seconds()
    with Sandbox(sandbox_limits(course.assignment(name))) as sandbox:
        for _ in range(workers):
            with sandbox.worker():
                pass
    return processor_seconds() - before


def fork_seconds(name: str, count: int = 100) -> float:
    """Processor seconds to make and end an empty worker."""
    return (sandbox_seconds(name, count) - sandbox_seconds(name)) / count


if __name__ == "__main__":
    name, count, *_ = [*sys.argv[1:], *["neuron", "100"][len(sys.argv) - 1 :]]
    main(name, int(count))
