"""A machine that cannot isolate is refused: each layer is taken away, and something notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import Isolation, IsolationError, Sandbox, WorkerFailure
from autograder.sandbox.isolation import FORBIDDEN, NEEDED
from autograder.sandbox.zygote import Hello

from .conftest import SHORT

HELLO = Hello(landlock=6, seccomp=True, identity=None, resident=1, numpy="2.0", python="3.11")
PERFECT = "\n".join([f"{name}: refused" for name in FORBIDDEN] + [f"{name}: worked" for name in NEEDED])


def broken(worker_folder: Path, tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Copy the worker package with one line changed."""
    folder = tmp_path / "worker"
    shutil.copytree(worker_folder, folder)
    text = (folder / file).read_text()
    assert text.count(old) == 1, f"{file} has changed; this test must too"
    (folder / file).write_text(text.replace(old, new))
    return folder


NOTHING = "lambda: None"
LAYERS = {
    "Landlock": ("lambda: _landlock(plan.ruleset)", ["read a file", "list a folder", "create a file"]),
    "seccomp": ("lambda: _seccomp(plan.filter)", ["open a network socket", "open a local socket"]),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_probe_notices_a_layer_that_is_not_there(worker_folder: Path, tmp_path: Path, layer: str) -> None:
    call, breaches = LAYERS[layer]
    folder = broken(worker_folder, tmp_path, "lockdown.py", call, NOTHING)
    with pytest.raises(IsolationError) as refusal:
        Sandbox(SHORT, worker_folder=folder)
    assert all(breach in str(refusal.value) for breach in breaches)
    assert "say that you trust" in str(refusal.value)
    with Sandbox(SHORT, worker_folder=folder, trust_submissions=True) as sandbox:
        assert set(breaches) <= set(sandbox.isolation.breaches)
        assert "NOT isolated" in sandbox.isolation.describe()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (("lockdown.py", "landlock.restrict(_RULESET)", "pass"), "Landlock"),
        (("lockdown.py", "filter_.install()", "pass"), "seccomp"),
        (("lockdown.py", "kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)", "pass"), "no new privileges"),
        (("lockdown.py", "kernel.prctl(kernel.PR_SET_DUMPABLE, 0)", "kernel.prctl(4, 1)"), "not dumpable"),
        (("landlock.py", "_RESTRICT_SELF: Final = 446", "_RESTRICT_SELF: Final = 999"), "Landlock"),
    ],
)
def test_a_layer_that_does_not_take_ends_the_worker(
    worker_folder: Path, tmp_path: Path, change: tuple[str, str, str], name: str
) -> None:
    folder = broken(worker_folder, tmp_path, *change)
    with pytest.raises(IsolationError, match=f"its lockdown failed. {name}: "):
        Sandbox(SHORT, worker_folder=folder)


def test_a_kernel_without_landlock_serves_only_trusted_submissions(worker_folder: Path, tmp_path: Path) -> None:
    number = "_CREATE_RULESET: Final = "
    folder = broken(worker_folder, tmp_path, "landlock.py", f"{number}444", f"{number}999")
    with pytest.raises(IsolationError):
        Sandbox(SHORT, worker_folder=folder)
    with Sandbox(SHORT, worker_folder=folder, trust_submissions=True) as sandbox:
        assert sandbox.isolation.landlock == 0
        with sandbox.worker() as worker:
            assert worker.load(b"answer = 42") == b"42"


def test_a_lockdown_that_fails_later_is_the_graders_fault(worker_folder: Path, tmp_path: Path) -> None:
    folder = broken(worker_folder, tmp_path, "serve.py", "runtime = make_runtime()", "raise OSError('no luck')")
    with Sandbox(SHORT, worker_folder=folder) as sandbox, pytest.raises(WorkerFailure, match=r"(?s)grader: .*no luck"):
        sandbox.worker()


def test_a_perfect_report_is_sufficient() -> None:
    assert Isolation.of(HELLO, PERFECT.encode()).sufficient


@pytest.mark.parametrize("line", PERFECT.splitlines())
def test_every_line_of_a_report_counts(line: str) -> None:
    assert not Isolation.of(HELLO, PERFECT.replace(line + "\n", "").removesuffix(line).encode()).sufficient


def test_no_report_is_not_sufficient() -> None:
    assert not Isolation.of(HELLO, None).sufficient


SCRIPT = """
import os, sys
from pathlib import Path
from autograder.sandbox import Sandbox, WorkerFailure
with Sandbox(worker_folder=Path(sys.argv[1])) as sandbox:
    print(sandbox.isolation.describe())
    with sandbox.worker() as worker:
        print(worker.load(b"import os, numpy; answer = f'{os.getuid()} {numpy.ones(3).sum():g}'").decode())
        source = f"import os; os.kill({os.getpid()}, 9)"
        print(worker.load(source.encode()).decode())
    with sandbox.worker() as worker:
        try:
            worker.load(b"while True: pass", seconds=0.3)
        except WorkerFailure as failure:
            print(failure.kind)
"""


@pytest.fixture(scope="module")
def readable(worker_folder: Path) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Give a command and environment for a Python that everybody can read, with copies of all that it needs."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = next(
        (path for path in (Path(sys.executable).resolve(), Path("/usr/bin") / version) if everybody_reads(path)), None
    )
    if python is None:
        pytest.skip("there is no Python of this version that another user could run")
    # Not in pytest's own folder, which every run of pytest makes private again.
    with tempfile.TemporaryDirectory(prefix="autograder-test-") as name:
        folder = Path(name)
        packages = folder / "packages"
        skipped = shutil.ignore_patterns("tests", "__pycache__")
        numpy = Path(np.__file__).parent
        root = Path(__file__).parents[2] / "autograder"
        for source, target in {
            numpy: packages / "numpy",
            numpy.with_name("numpy.libs"): packages / "numpy.libs",
            worker_folder: folder / "worker",
            root / "sandbox": packages / "autograder" / "sandbox",
            root / "worker": packages / "autograder" / "worker",
        }.items():
            if source.is_dir():
                shutil.copytree(source, target, ignore=skipped)
        (packages / "autograder" / "errors.py").write_text("class GraderError(Exception): pass\n")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        if not everybody_reads(folder):
            pytest.skip("temporary files cannot be read by other users")
        command = [str(python), "-B", "-c", SCRIPT, str(folder / "worker")]
        yield command, {"PYTHONPATH": str(packages), "PATH": "/usr/bin:/bin"}


def everybody_reads(path: Path) -> bool:
    """Whether other users can get to `path`."""
    return path.exists() and all(each.stat().st_mode & 0o1 for each in (path, *path.parents))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_needs_nothing_more(readable: tuple[list[str], dict[str, str]]) -> None:
    command, environment = readable
    done = subprocess.run(
        command,
        env=environment,
        cwd="/",
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[1:] == [
        "65534 3",
        "PermissionError: [Errno 1] Operation not permitted",
        "timeout",
    ], done.stderr
    assert done.stdout.startswith("Landlock")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_becomes_nobody_where_python_is_readable(readable: tuple[list[str], dict[str, str]]) -> None:
    command, environment = readable
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    user, total = done.stdout.splitlines()[1].split()
    assert (65100 <= int(user) < 65533, total) == (True, "3")
    assert f"user {user}" in done.stdout
