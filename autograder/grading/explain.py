"""Explains what went wrong: for each exercise the first failure on the smallest example that can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.suite.build import batch_of
from autograder.suite.shrink import shrink

from .describe import describe_failure, stopped_failure
from .executors import Stopped
from .judging import DoesNotLoad, GraderStopped, Judging, Verdict

if TYPE_CHECKING:
    from autograder.kit.failure import CheckFailed

    from .result import Failure


def explain(judging: Judging, *, shrinking: bool = True) -> dict[int, Failure]:
    """The failure of each verdict that has one, by the verdict's id.

    With `shrinking`, the first failure of each exercise is made smaller; the others are told as they were found. The
    verdicts themselves are settled before and do not change.
    """
    failures: dict[int, Failure] = {}
    filename = judging.submission.filename
    for verdicts in judging.verdicts.values():
        fresh = shrinking
        for verdict in verdicts:
            if verdict.stopped is not None:
                failures[id(verdict)] = stopped_failure(verdict.stopped, verdict.traced, filename)
            elif verdict.failed is not None:
                script, inputs, failed = _found(verdict)
                if fresh and verdict.state == "failed" and len(verdict.traced.examples) > 1:
                    fresh = False
                    script, inputs, failed = _smaller(judging, verdict)
                failures[id(verdict)] = describe_failure(failed, script, inputs, filename)
    return failures


def _found(verdict: Verdict) -> tuple[Any, dict[str, Any], CheckFailed]:
    assert verdict.failed is not None  # noqa: S101 - what the caller has just seen
    traced = verdict.traced
    return traced.scripts[verdict.example], traced.examples[verdict.example].inputs, verdict.failed


def _smaller(judging: Judging, verdict: Verdict) -> tuple[Any, dict[str, Any], CheckFailed]:
    """Look for a smaller example on which the same kind of check fails."""
    best = _found(verdict)
    traced, kind = verdict.traced, best[2].kind
    seconds = judging.suite.assignment.exercise(traced.test.exercise).seconds
    try:
        executor = judging.executor_for(traced.test.exercise)
    except (DoesNotLoad, GraderStopped):
        return best

    failing = {id(best[1]): best}

    def still_fails(inputs: dict[str, Any]) -> bool:
        script = traced.trace(inputs)
        found = executor.judge(executor.run(batch_of([script]), seconds))
        if found is None or found[1].kind != kind:
            return False
        failing[id(inputs)] = script, inputs, found[1]
        return True

    try:
        smallest = shrink(traced.test.strategy, traced.examples[verdict.example], still_fails)  # type: ignore[arg-type]
    except Stopped as stopped:
        judging.put_away(executor, stopped)
        return best
    return failing[id(smallest)]
