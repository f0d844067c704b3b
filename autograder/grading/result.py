"""What grading yields. `result.json` is a Result encoded; docs/result.md describes the schema.

Everything but the field `run` is the same for the same submission, tests and seed, byte for byte, on every machine.
"""

from typing import Literal

import msgspec
from msgspec import Struct

SCHEMA = "autograder/result/v1"

SubmissionState = Literal["graded", "unreadable", "does-not-load", "grader-error"]
ExerciseState = Literal["passed", "partly", "failed", "not-started", "waiting"]
TestState = Literal["passed", "failed", "not-started", "waiting", "stopped"]


class Line(Struct, frozen=True):
    """A line of the student's file that an exception came through."""

    number: int
    function: str


class Failure(Struct, frozen=True, omit_defaults=True):
    """Why a test failed, in the terms that every kind of feedback renders."""

    kind: str
    says: str
    """A sentence: what is wrong."""
    code: str = ""
    """The smallest counterexample found, as code that can be pasted."""
    expected: str = ""
    got: str = ""
    place: str = ""
    """The index of the entry that is furthest off, such as `[0, 2]`."""
    expected_there: str = ""
    got_there: str = ""
    error: str = ""
    """The exception, as the student's code raised it."""
    lines: tuple[Line, ...] = ()


class TestResult(Struct, frozen=True, omit_defaults=True):
    """One test."""

    name: str
    title: str
    """The property in words."""
    state: TestState
    weight: float
    share: float
    """The share of the weight that was earned, from 0 to 1."""
    failure: Failure | None = None
    note: str = ""


class ExerciseResult(Struct, frozen=True, omit_defaults=True):
    """One exercise."""

    name: str
    points: float
    max_points: float
    state: ExerciseState
    tests: tuple[TestResult, ...]
    hidden: bool = False
    note: str = ""
    slug: str = ""
    """The misconception in the assignment's bank that gives the same answers; empty where none is certain."""
    misconception: str = ""
    """Its name."""
    insight: str = ""
    see: str = ""
    """Where to read on, such as `neuron.ipynb#activations`."""
    difference: str = ""
    """Where no misconception fits: a sentence on how the answers differ, true of all failing examples."""


class Run(Struct, frozen=True):
    """What may differ from run to run."""

    graded_at: str
    seconds: float
    isolation: str


class Result(Struct, frozen=True):
    """What grading one submission yields."""

    schema: str
    course: str
    assignment: str
    student: str
    state: SubmissionState
    score: float
    max_score: float
    problem: str
    """Why nothing could be graded; empty otherwise."""
    problem_lines: tuple[Line, ...]
    notes: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    output: str
    """What the student's code printed, bounded and stripped of control characters."""
    submission: str
    """SHA-256 of what was handed in."""
    suite: str
    """SHA-256 of all that the result depends on beside the submission."""
    run: Run


def encode_result(result: Result) -> bytes:
    """Encode a result as JSON, indented, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def decode_result(data: bytes) -> Result:
    """Decode `result.json`; raises `msgspec.MsgspecError` where it is not one of this schema."""
    result = msgspec.json.decode(data, type=Result)
    if result.schema != SCHEMA:
        message = f"schema {result.schema!r}, not {SCHEMA!r}"
        raise msgspec.ValidationError(message)
    return result
