"""`classroom50`: the `result.json` that Classroom 50's runner reads: integer scores, values from its environment."""

import json
import os
from collections.abc import Mapping
from typing import Any

from autograder.grading.result import ExerciseResult, Result

SCHEMA = "classroom50/result/v1"


def classroom50(result: Result, environment: Mapping[str, str] | None = None) -> bytes:
    """Return one submission's result, an entry for each exercise.

    Whole points are kept as they are. Where an exercise is worth a fraction, every number is multiplied by the smallest
    power of ten that makes the maxima whole; what a student earned is rounded down, so that only full marks say so.
    """
    env = os.environ if environment is None else environment
    scale = _scale(result)
    tests = [_test(exercise, scale) for exercise in result.exercises]
    commit = env.get("COMMIT_URL", "")
    content = {
        "schema": SCHEMA,
        "classroom": env.get("CLASSROOM") or result.course,
        "assignment": env.get("ASSIGNMENT") or result.assignment,
        "submission": env.get("SUBMISSION_TAG") or result.submission,
        "commit": commit or result.submission,
        "release": env.get("RELEASE_URL") or commit or result.submission,
        "review": env.get("REVIEW_URL") or commit or result.submission,
        "datetime": result.run.graded_at.replace("+00:00", "Z"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def _test(exercise: ExerciseResult, scale: int) -> dict[str, Any]:
    return {
        "test-name": exercise.name,
        "passed": exercise.state == "passed",
        "score": int(exercise.points * scale + 1e-6),
        "max-score": round(exercise.max_points * scale),
    }


def _scale(result: Result) -> int:
    for scale in (1, 10, 100, 1000):
        if all((exercise.max_points * scale).is_integer() for exercise in result.exercises):
            return scale
    return 10_000
