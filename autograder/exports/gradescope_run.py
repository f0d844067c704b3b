"""What `run_autograder` runs inside Gradescope's container: `python -m autograder.exports.gradescope_run ROOT`.

The folders are Gradescope's: `source` holds the unpacked bundle, `submission` what the student uploaded, and
`results/results.json` is what it reads afterwards.
"""

import json
import sys
from pathlib import Path

import msgspec

from autograder.course import load_course
from autograder.errors import EXIT_GRADER, AutograderError
from autograder.grading.executors import Sandboxed
from autograder.grading.run import complete_suite, grade_patiently, sandbox_limits
from autograder.grading.store import write_atomically
from autograder.sandbox import Sandbox
from autograder.submission import read_folder

from .gradescope import failed, gradescope
from .gradescope_bundle import SETTINGS


def run(root: Path) -> int:
    """Grade what stands in `root/submission` and write `root/results/results.json`; return the exit code.

    Where the grader fails, the results say so and hold no score.
    """
    target = root / "results" / "results.json"
    try:
        data = _graded(root)
    except AutograderError as error:
        sys.stderr.write(f"autograder: {error}\n")
        write_atomically(target, failed(str(error)))
        return EXIT_GRADER
    write_atomically(target, data)
    return 0


def _graded(root: Path) -> bytes:
    source = root / "source"
    settings = json.loads((source / SETTINGS).read_text("utf-8"))
    course = msgspec.structs.replace(load_course(source), seed=settings["seed"])
    assignment = course.assignment(settings["assignment"])
    submission = read_folder(root / "submission", assignment, student="student")
    suite = complete_suite(course, assignment)
    with Sandbox(sandbox_limits(assignment), trust_submissions=settings["trust_submissions"]) as sandbox:
        return gradescope(grade_patiently(submission, suite, Sandboxed(sandbox), course))


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
