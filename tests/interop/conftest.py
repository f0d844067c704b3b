"""A small course, a host with forks and pull requests made of real git repositories, and the workflow's own steps."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from autograder.course import Course, load_course

COURSE = """\
# A secret remark of the instructor's.
[course]
id = "small"
title = "A small course"
seed = "the-secret-seed"
gradebook = "sqlite:///hunter2.db"

[late]
kind = "per-day"
percent_per_day = 10

[late.extensions]
zuzanna = { neuron = 3 }

[assignments.neuron]
title = "A single neuron"
due = 2027-02-14T23:59:00Z
exercises = [
    { name = "relu", points = 1 },
    { name = "square", points = 2.5 },
    { name = "essay", points = 3, written = true },
]

[assignments.later]
title = "Later"
exercises = [{ name = "double", points = 1 }]
"""

SOLUTION = '''\
"""A module."""

import numpy as np


def relu(z):
    """Let positive numbers pass."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, 0.0) + 0 * z
    ### END SOLUTION


def square(z):
    """Multiply each number with itself."""
    ### BEGIN SOLUTION
    return z**2 * 1.0 + 0.0 * z
    ### END SOLUTION
'''

TESTS = '''\
from autograder.kit import arrays, check_close, exercise, given

from . import oracle


@exercise("relu")
@given(z=arrays(integers=False, layouts=False))
def test_relu(submission, z):
    """Positive entries stay, others become 0."""
    check_close(submission.relu(z), oracle.relu(z))


@exercise("square")
@given(z=arrays(integers=False, layouts=False))
def test_square(submission, z):
    """Each entry is its own square."""
    check_close(submission.square(z), z * z)
'''

ORACLE = '''\
"""Definitions."""

import numpy as np


def relu(z):
    """Return the definition."""
    return np.maximum(z, 0)
'''

LATER = '''\
from autograder.kit import arrays, check_close, exercise, given


@exercise("double")
@given(z=arrays(integers=False, layouts=False))
def test_double(submission, z):
    """Each entry is doubled."""
    check_close(submission.double(z), z + z)
'''

RIGHT = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n\n\ndef square(z):\n    return z * z\n"
HALF = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n\n\ndef square(z):\n    return z * 3\n"
MODULE = "assignments/neuron/neuron.py"

SECRETS = ("the-secret-seed", "hunter2", "zuzanna", "secret remark", "BEGIN SOLUTION", "np.where(z > 0")


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, code: int | None = 0):
    """Run a command to its end; with `code` it must give that."""
    environment = {key: value for key, value in os.environ.items() if key not in {"GITHUB_ACTIONS", "AUTOGRADER_SEED"}}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | (env or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if code is not None:
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def git(folder: Path, *arguments: str | Path) -> str:
    """Run git as somebody."""
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "protocol.file.allow=always")
    return run("git", *who, "-C", folder, *arguments).stdout.strip()


def autograder(*arguments: str | Path, cwd: Path, env: dict[str, str] | None = None, code: int | None = 0):
    """Run the command line."""
    return run(Path(sys.executable).parent / "autograder", *arguments, cwd=cwd, env=env, code=code)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the small course once."""
    root = tmp_path_factory.mktemp("course")
    (root / "course.toml").write_text(COURSE)
    for name, solution, tests in (("neuron", SOLUTION, TESTS), ("later", SOLUTION.replace("square", "double"), LATER)):
        (root / "solutions" / name).mkdir(parents=True)
        (root / "solutions" / name / f"{name}.py").write_text(solution)
        (root / "tests" / name).mkdir(parents=True)
        (root / "tests" / name / "__init__.py").write_text("")
        (root / "tests" / name / f"test_{name}.py").write_text(tests)
        (root / "tests" / name / "oracle.py").write_text(ORACLE)
    return root


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Course:
    """Return a copy of the small course."""
    root = tmp_path / "course"
    shutil.copytree(made, root)
    return load_course(root)


@pytest.fixture(scope="session")
def students(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release the small course's first assignment to a student repository, once."""
    root = tmp_path_factory.mktemp("students") / "repository"
    autograder("release", "neuron", "--to", root, cwd=made)
    return root


@dataclass
class Host:
    """What a git host keeps: the course's repository, a student's fork, and pull requests between them."""

    root: Path
    upstream: Path
    work: Path
    event: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file in the student's clone."""
        target = self.work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def push(self, message: str = "My work") -> str:
        """Commit everything in the student's clone and push it to the fork."""
        git(self.work, "add", "--all", "--force")
        git(self.work, "commit", "--quiet", "--allow-empty", "-m", message)
        return self.push_as_it_is()

    def push_as_it_is(self) -> str:
        """Push the student's clone's HEAD."""
        git(self.work, "push", "--quiet", "--force", "fork", "HEAD:refs/heads/work")
        return git(self.work, "rev-parse", "HEAD")

    def pull_request(self) -> str:
        """Open a pull request from the fork, or bring it up to date, with its merge commit, as a host does."""
        git(self.upstream, "fetch", "--quiet", self.root / "fork.git", "+refs/heads/work:refs/pull/1/head")
        base, head = git(self.upstream, "rev-parse", "main"), git(self.upstream, "rev-parse", "refs/pull/1/head")
        merger = self.root / "merger"
        if not merger.exists():
            git(self.root, "clone", "--quiet", self.upstream, merger)
        git(merger, "fetch", "--quiet", "origin", "main", "refs/pull/1/head")
        git(merger, "-c", "core.protectNTFS=false", "checkout", "--quiet", "--force", "--detach", base)
        done = run(
            "git", "-c", "user.name=Host", "-c", "user.email=host@example.org", "-C", merger,
            "merge", "--quiet", "--no-ff", "--no-edit", "--allow-unrelated-histories", head, code=None,
        )  # fmt: skip
        if done.returncode == 0:
            git(merger, "push", "--quiet", "--force", "origin", "HEAD:refs/pull/1/merge")
        self.event = {
            "github.event.pull_request.base.sha": base,
            "github.event.pull_request.head.sha": head,
            "github.event.pull_request.number": "1",
            "github.event.pull_request.user.login": "ada",
            "github.token": "no-token",
        }
        return head

    def runner(self) -> Path:
        """Check out what `actions/checkout` would: the commit that the workflow names, with the whole history."""
        folder = self.root / "runner"
        if folder.exists():
            shutil.rmtree(folder)
        git(self.root, "clone", "--quiet", "--no-checkout", self.upstream, folder)
        git(folder, "checkout", "--quiet", "--detach", self.expanded(self.checkout()["with"]["ref"]))
        return folder

    def workflow(self) -> dict:
        """Parse the workflow that stands in the repository."""
        text = git(self.upstream, "show", "main:.github/workflows/grade.yml")
        return YAML(typ="safe").load(text)

    def checkout(self) -> dict:
        """Return the step that checks out."""
        return self.workflow()["jobs"]["grade"]["steps"][0]

    def expanded(self, text: str) -> str:
        """Fill in the expressions of a workflow."""
        return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda match: self.event[match[1]], str(text))

    def steps(self, folder: Path, *names: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the workflow's own steps of these names as GitHub's runner does; the last one must give `code`."""
        job = self.workflow()["jobs"]["grade"]
        steps = {step["name"]: step for step in job["steps"]}
        for name in names:
            step = steps[name]
            env = {key: self.expanded(value) for key, value in (job.get("env", {}) | step.get("env", {})).items()}
            env |= {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.root / "summary.md")}
            script = self.root / "step.sh"
            script.write_text(self.expanded(step["run"]))
            last = run("bash", "--noprofile", "--norc", "-eo", "pipefail", script, cwd=folder, env=env, code=None)
            if name != names[-1]:
                assert last.returncode == 0, last.stderr
        assert last.returncode == code, f"{last.returncode}\n{last.stdout}\n{last.stderr}"
        return last

    def graded(self, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Open the pull request and run the workflow on it."""
        self.pull_request()
        return self.steps(self.runner(), "Fetch the change as objects", "Grade", code=code)

    @property
    def results(self) -> Path:
        """The folder that the workflow keeps."""
        return self.root / "runner" / "results"


@pytest.fixture
def host(students: Path, tmp_path: Path) -> Host:
    """Return a host with the course's repository and one fork, cloned by its student."""
    upstream, fork, work = tmp_path / "upstream.git", tmp_path / "fork.git", tmp_path / "work"
    git(tmp_path, "clone", "--quiet", "--bare", students, upstream)
    git(tmp_path, "clone", "--quiet", "--bare", upstream, fork)
    git(tmp_path, "clone", "--quiet", upstream, work)
    git(work, "remote", "add", "fork", fork)
    return Host(tmp_path, upstream, work)
