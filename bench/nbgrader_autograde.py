"""The same class graded by `nbgrader autograde` and by `autograder grade`, into the same kind of gradebook.

    python bench/nbgrader_autograde.py [submissions]

Both are run as a person runs them, one after the other in the same folder layout, with the neuron notebook as it is
released and modules from the sample class. Seconds are those of the clock and of the processors (children included),
start-up in them. Prints a table with the ratio, and what writing the gradebook adds to a submission.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import load_course
from autograder.nbgrader.gradebook import kept_results, write_gradebook
from autograder.submission import submissions

REPOSITORY = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# Modules that end by themselves, in a kernel too: nbgrader has no limits but a time-out.
MODULES = ("ada", "emmy", "blaise", "maryam", "joan", "sofia", "leonhard", "pierre", "grace", "augustin")
FEW = 4
AIM = 30.0
LIMIT_MS = 10.0
REPEATS = 5


def class_of(count: int, root: Path) -> None:
    """Make a course with `count` submissions of the neuron module and notebook."""
    for name in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root)
    for folder in ("solutions/neuron", "tests/neuron"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    run(root, "nbgrader", "generate_assignment", "neuron")
    for number in range(count):
        folder = root / f"submitted/student-{number:03}/neuron"
        folder.mkdir(parents=True)
        module = MODULES[number % len(MODULES)]
        shutil.copy(REPOSITORY / f"submitted/{module}/neuron/neuron.py", folder)
        shutil.copy(root / "assignments/neuron/neuron.ipynb", folder)


def run(root: Path, name: str, *arguments: str) -> tuple[float, float]:
    """Run a command of this environment; the seconds on the clock and those of processors."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [BIN / name, *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    elapsed, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{name} {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def writing(root: Path, count: int) -> tuple[float, float]:
    """Milliseconds per submission that writing the gradebook takes, on the clock and of the processor; the best run."""
    course = load_course(root)
    assignment = course.assignment("neuron")
    outcomes, handed_in = kept_results(course, assignment), submissions(course, assignment)
    times = []
    for _ in range(REPEATS):
        begun, processor = time.perf_counter(), time.process_time()
        write_gradebook(course, assignment, outcomes, handed_in)
        times.append((time.perf_counter() - begun, time.process_time() - processor))
    return min(wall for wall, _ in times) / count * 1000, min(cpu for _, cpu in times) / count * 1000


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FEW
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        class_of(count, root)
        rows = {
            "nbgrader autograde": run(root, "nbgrader", "autograde", "neuron"),
            "autograder grade --jobs 1": run(root, "autograder", "grade", "neuron", "--force", "--jobs", "1"),
            "autograder grade": run(root, "autograder", "grade", "neuron", "--force"),
        }
        wall, processor = writing(root, count)
    stock = rows["nbgrader autograde"]
    print(f"{count} submissions, seconds per submission\n")
    print(f"{'':28}{'clock':>9}{'processor':>12}{'ratio':>9}")
    for name, (elapsed, used) in rows.items():
        print(f"{name:28}{elapsed / count:9.3f}{used / count:12.3f}{stock[0] / elapsed:8.1f}x")
    print(f"\nwriting the gradebook: {wall:.1f} ms ({processor:.1f} ms of the processor) per submission")
    print(f"aims: ratio {AIM:g} or more on 40 submissions, writing at most {LIMIT_MS:g} ms")


if __name__ == "__main__":
    main()
