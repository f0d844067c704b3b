"""How long a pull request that changes one module takes to be graded, in a fresh checkout."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "neuron"
LIMIT_SECONDS = 3.0
TIMES = 5


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True)  # noqa: S607


def main() -> None:
    """Measure, and print the median against the limit."""
    autograder = str(Path(sys.executable).parent / "autograder")
    with tempfile.TemporaryDirectory() as temporary:
        course, students, checkout = (Path(temporary) / name for name in ("course", "students", "checkout"))
        course.mkdir()
        shutil.copy(ROOT / "course.toml", course)
        for name in ("solutions", "tests"):
            shutil.copytree(ROOT / name / ASSIGNMENT, course / name / ASSIGNMENT)
        subprocess.run(
            [autograder, "-C", str(course), "release", ASSIGNMENT, "--to", str(students)],
            check=True,
            capture_output=True,
        )
        git(students, "switch", "--quiet", "--create", "work")
        module = students / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.py"
        solution = (course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py").read_text()
        module.write_text("".join(line for line in solution.splitlines(keepends=True) if "### " not in line))
        git(students, "commit", "--quiet", "--all", "--message", "x")
        seconds, processor = [], []
        for _ in range(TIMES):
            git(Path(temporary), "clone", "--quiet", "--branch", "main", str(students), str(checkout))
            began, before = time.perf_counter(), os.times()
            command = [autograder, "grade-pr", "--base", "main", "--head", "origin/work", "--output", "results"]
            done = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
            seconds.append(time.perf_counter() - began)
            after = os.times()
            processor.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
            shutil.rmtree(checkout)
    total = next(line.strip() for line in done.stdout.splitlines() if "total" in line)
    print(f"one module graded ({total}): {statistics.median(seconds):.2f} s (median of {TIMES})", end="; ")
    print(f"fastest {min(seconds):.2f}, slowest {max(seconds):.2f}")
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"processor time {statistics.median(processor):.2f} s; other work per processor {load:.1f}", end="; ")
    print(f"at most {LIMIT_SECONDS:g} s are allowed")


if __name__ == "__main__":
    main()
