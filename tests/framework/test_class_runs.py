"""A class graded: in parallel, interrupted, resumed, on a full disk, with a grader that fails."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from autograder.course import load_course
from autograder.errors import GraderError, UsageError
from autograder.grading.executors import Sandboxed
from autograder.grading.result import encode_result
from autograder.grading.run import ClassRun
from autograder.grading.store import read_result, result_path, write_atomically, write_result
from autograder.sandbox import Kind, Sandbox, WorkerFailure
from autograder.submission import submissions

WRONG = "\n\ndef area(a, b):\n    return a + b\n"
SLOW = "\n\nimport time\ntime.sleep(0.35)\n"


def run(root: Path, **options) -> dict:
    """Grade the class anew from what stands on disk; gives the outcomes by student."""
    course = load_course(root)
    outcomes = ClassRun(course, course.assignment("areas")).run(options.pop("only", None), **options)
    return {graded.student: graded for graded in outcomes}


def scores(outcomes: dict) -> dict[str, float]:
    """Return the score of each student."""
    return {student: graded.result.score for student, graded in outcomes.items()}


def fresh(root: Path, **options) -> set[str]:
    """Grade the class; gives the students that were really graded."""
    return {student for student, graded in run(root, **options).items() if graded.fresh}


def on_disk(root: Path) -> dict[str, dict]:
    """Return the results on disk without what may differ from run to run."""
    found = {}
    for path in sorted((root / "autograded").rglob("result.json")):
        content = json.loads(path.read_bytes())
        del content["run"]
        found[path.parts[-3]] = content
    return found


@pytest.fixture
def class_of_three(course_root, write_module, right):
    """Three submissions: right, wrong, and one that cannot be loaded."""
    write_module("ada", right)
    write_module("emmy", right + WRONG)
    write_module("zeno", "def area(:\n")
    return course_root


class TestWhole:
    """Everybody has a result, and none disturbs another."""

    def test_results(self, class_of_three):
        """Scores and states of a small class, and where the results stand."""
        outcomes = run(class_of_three)
        assert scores(outcomes) == {"ada": 10, "emmy": 7, "zeno": 0}
        assert outcomes["zeno"].result.state == "does-not-load"
        course = load_course(class_of_three)
        for student, graded in outcomes.items():
            assert result_path(course, student, "areas").read_bytes() == encode_result(graded.result)

    def test_jobs(self, class_of_three):
        """One process or two: the same results, byte for byte apart from `run`."""
        run(class_of_three, jobs=1)
        one = on_disk(class_of_three)
        run(class_of_three, jobs=2, force=True)
        assert list(one) == ["ada", "emmy", "zeno"]
        assert on_disk(class_of_three) == one

    def test_seed(self, class_of_three):
        """The same seed gives the same results in another folder; another seed draws other examples."""
        run(class_of_three)
        one = on_disk(class_of_three)
        other = class_of_three.rename(class_of_three.parent / "elsewhere")
        run(other, force=True)
        assert on_disk(other) == one
        toml = (other / "course.toml").read_text()
        (other / "course.toml").write_text(toml.replace("spring", "autumn"))
        run(other)
        assert on_disk(other)["ada"]["suite"] != one["ada"]["suite"]

    def test_odd_files(self, class_of_three, right):
        """A folder, a link, NULs, no UTF-8, far too large, or nothing at all in place of the module."""
        submitted = class_of_three / "submitted"
        for student in ("folder", "link", "nuls", "latin", "large", "nothing"):
            (submitted / student / "areas").mkdir(parents=True)
        (submitted / "folder" / "areas" / "areas.py").mkdir()
        (submitted / "link" / "areas" / "areas.py").symlink_to(submitted / "ada" / "areas" / "areas.py")
        (submitted / "nuls" / "areas" / "areas.py").write_bytes(b"\0" * 100)
        (submitted / "latin" / "areas" / "areas.py").write_bytes(right.encode() + "# é".encode("latin-1"))
        (submitted / "large" / "areas" / "areas.py").write_bytes(b"#" * 50_000_000)
        outcomes = run(class_of_three)
        odd = {student: graded.result for student, graded in outcomes.items() if student not in ("ada", "emmy", "zeno")}
        assert len(odd) == 6
        assert {result.state for result in odd.values()} == {"unreadable"}
        assert all(result.problem and result.score == 0 for result in odd.values())
        assert outcomes["ada"].result.score == 10

    def test_some_students(self, class_of_three):
        """Only those who were asked for are graded."""
        assert set(run(class_of_three, only=["emmy"])) == {"emmy"}
        assert set(on_disk(class_of_three)) == {"emmy"}

    def test_unknown_student(self, class_of_three):
        """A student that does not exist is answered with the nearest name."""
        with pytest.raises(UsageError, match="did you mean 'emmy'"):
            run(class_of_three, only=["emy"])

    def test_empty_class(self, course_root):
        """An empty class is told, with where submissions belong."""
        (course_root / "submitted").mkdir()
        with pytest.raises(UsageError, match="the class is empty"):
            run(course_root)


class TestResume:
    """What has not changed is not graded twice; what has changed is."""

    @pytest.fixture
    def graded(self, class_of_three):
        """A class that was graded once."""
        assert fresh(class_of_three) == {"ada", "emmy", "zeno"}
        return class_of_three

    def test_unchanged(self, graded):
        """Nothing changed: nothing is graded, and the results are there all the same."""
        outcomes = run(graded)
        assert not any(outcome.fresh for outcome in outcomes.values())
        assert scores(outcomes) == {"ada": 10, "emmy": 7, "zeno": 0}

    def test_force(self, graded):
        """Unless it is asked for."""
        assert fresh(graded, force=True) == {"ada", "emmy", "zeno"}

    def test_submission(self, graded, write_module, right):
        """A changed submission is graded, and no other."""
        write_module("zeno", right)
        assert fresh(graded) == {"zeno"}
        assert on_disk(graded)["zeno"]["score"] == 10

    def test_touched(self, graded):
        """A file that was only touched is not."""
        os.utime(graded / "submitted" / "ada" / "areas" / "areas.py")
        assert fresh(graded) == set()

    @pytest.mark.parametrize("name", ["test_areas.py", "oracle.py"])
    def test_tests(self, graded, name):
        """Changed tests, or oracles, grade everybody anew."""
        path = graded / "tests" / "areas" / name
        path.write_text(path.read_text() + "\n# another thought\n")
        assert fresh(graded) == {"ada", "emmy", "zeno"}

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('"area", points = 3', '"area", points = 4'),
            ('seed = "spring"', 'seed = "autumn"'),
            ("call_seconds = 0.5", "call_seconds = 0.6"),
            ('"area", points = 3', '"area", points = 3, hidden = true'),
        ],
        ids=["points", "seed", "limits", "hidden"],
    )
    def test_course(self, graded, before, after):
        """So do points, seed and limits."""
        toml = (graded / "course.toml").read_text()
        assert before in toml
        (graded / "course.toml").write_text(toml.replace(before, after))
        assert fresh(graded) == {"ada", "emmy", "zeno"}

    def test_seed_of_the_environment(self, graded, monkeypatch):
        """And the seed of the environment."""
        monkeypatch.setenv("AUTOGRADER_SEED", "secret")
        assert fresh(graded) == {"ada", "emmy", "zeno"}

    def test_title(self, graded):
        """A changed title of the course does not."""
        toml = (graded / "course.toml").read_text()
        (graded / "course.toml").write_text(toml.replace("Areas and sums", "Sums and areas"))
        assert fresh(graded) == set()

    @pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": "autograder/result/v1"}', b"\xff\xfe"])
    def test_damaged_result(self, graded, damage):
        """A result that cannot be read is made again."""
        path = graded / "autograded" / "ada" / "areas" / "result.json"
        path.write_bytes(damage)
        assert fresh(graded) == {"ada"}
        assert on_disk(graded)["ada"]["score"] == 10


class TestInterrupted:
    """Ctrl-C in the middle keeps what is finished, and the same command goes on."""

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_interrupt(self, course_root, write_module, right, jobs):
        """A real SIGINT to the real command, as a terminal sends it to all of its processes."""
        names = [f"student{number}" for number in range(8)]
        for name in names:
            write_module(name, right + SLOW)
        code = "import sys; from autograder.cli import main; main(sys.argv[1:])"
        command = ["-C", str(course_root), "grade", "areas", "--jobs", jobs]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *command],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        folder = course_root / "autograded"
        until = time.monotonic() + 60
        while not list(folder.rglob("result.json")) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        finished = on_disk(course_root)
        assert process.returncode == 130, errors
        assert "interrupted" in errors
        assert "Traceback" not in errors
        assert 1 <= len(finished) < len(names)
        assert not [path for path in folder.rglob(".*") if path.is_file()], "a half-written file is left"
        outcomes = run(course_root, jobs=2)
        assert {student for student, graded in outcomes.items() if not graded.fresh} == set(finished)
        assert {graded.result.score for graded in outcomes.values()} == {10}


@pytest.fixture
def small_files():
    """Let no file grow beyond 1,000 bytes, which fails as a full disk does: in the middle of writing."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limited(action):
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        try:
            return action()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


class TestFullDisk:
    """A result is written whole or not at all."""

    def test_old_result_stays(self, small_files, class_of_three):
        """What stood there before is unchanged, nothing half-written is left, and the error says where."""
        result = run(class_of_three, only=["emmy"])["emmy"].result
        course = load_course(class_of_three)
        path = result_path(course, "emmy", "areas")
        before = path.read_bytes()
        with pytest.raises(GraderError, match=r"result\.json: File too large; what stood there before is unchanged"):
            small_files(lambda: write_result(course, msgspec.structs.replace(result, score=0.0)))
        assert path.read_bytes() == before
        assert [entry.name for entry in path.parent.iterdir()] == ["result.json"]

    def test_no_space(self, tmp_path, monkeypatch):
        """The same when the disk turns out to be full only when it is synced."""
        path = tmp_path / "folder" / "x.json"
        write_atomically(path, b"old")

        def full(_descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(GraderError, match="No space left on device"):
            write_atomically(path, b"new")
        assert path.read_bytes() == b"old"
        assert [entry.name for entry in path.parent.iterdir()] == ["x.json"]

    def test_folder_cannot_be_made(self, class_of_three):
        """A file where the folder of results is due."""
        (class_of_three / "autograded").write_text("")
        with pytest.raises(GraderError, match="autograded"):
            run(class_of_three)

    def test_earlier_results_are_kept(self, class_of_three, monkeypatch):
        """A disk that is full in the middle of a class keeps what was written, and a second run goes on from there."""
        replaced, real = [], os.replace

        def full(source, target):
            replaced.append(target)
            if len(replaced) == 2:
                raise OSError(28, "No space left on device")
            real(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", full)
            with pytest.raises(GraderError, match="No space left"):
                run(class_of_three)
        assert set(on_disk(class_of_three)) == {"ada"}
        assert fresh(class_of_three) == {"emmy", "zeno"}


class TestFailingGrader:
    """A failure of the grader is tried again, and never charged to anybody."""

    def test_killed_between(self, class_of_three):
        """A zygote that was killed between two submissions is replaced."""
        course = load_course(class_of_three)
        outcomes = {}
        with pytest.MonkeyPatch.context() as patch:
            opened = []
            begin = Sandbox.__enter__
            patch.setattr(Sandbox, "__enter__", lambda self: (opened.append(self), begin(self))[1])
            for graded in ClassRun(course, course.assignment("areas")).run():
                outcomes[graded.student] = graded.result.score
                os.kill(opened[0].zygote.pid, signal.SIGKILL)
        assert outcomes == {"ada": 10, "emmy": 7, "zeno": 0}

    def test_killed_in_the_middle(self, course_root, write_module, right):
        """One that is killed while a submission runs costs that submission nothing."""
        write_module("ada", right + SLOW)
        course = load_course(course_root)
        class_run = ClassRun(course, course.assignment("areas"))
        (submission,) = submissions(class_run.course, class_run.assignment)
        with class_run.sandbox() as sandbox:
            killer = threading.Timer(0.2, os.kill, (sandbox.zygote.pid, signal.SIGKILL))
            killer.start()
            graded = class_run._grade(submission, Sandboxed(sandbox))
            killer.join()
        assert graded.result is not None, graded.trouble
        assert graded.result.score == 10

    def test_failing_for_good(self, class_of_three, monkeypatch):
        """A grader that fails on the reference, twice, grades nobody and leaves the old results as they were."""
        run(class_of_three)
        before = on_disk(class_of_three)
        attempts = []
        monkeypatch.setattr(Sandbox, "worker", refusing(attempts))
        with pytest.raises(GraderError, match="the grader failed, which says nothing of the submission"):
            run(class_of_three, force=True)
        assert len(attempts) == 2
        assert on_disk(class_of_three) == before

    def test_failing_for_one(self, class_of_three, monkeypatch):
        """Where it fails on one submission only, that one has no result and says why; the others have theirs."""
        real = Sandboxed.__call__

        def broken(self, source, *rest, **options):
            if b"return a + b" in source:
                monkeypatch.setattr(Sandbox, "worker", refusing([]))
            else:
                monkeypatch.setattr(Sandbox, "worker", worker)
            return real(self, source, *rest, **options)

        worker = Sandbox.worker
        monkeypatch.setattr(Sandboxed, "__call__", broken)
        outcomes = run(class_of_three)
        assert outcomes["emmy"].result is None
        assert "says nothing of the submission" in outcomes["emmy"].trouble
        assert outcomes["ada"].result.score == 10
        assert set(on_disk(class_of_three)) == {"ada", "zeno"}
        assert read_result(load_course(class_of_three), "emmy", "areas") is None


def refusing(attempts):
    """Return what gives no worker, and notes that it was asked."""

    def worker(_self, _limits=None):
        attempts.append(1)
        raise WorkerFailure(Kind.GRADER, "no processes left")

    return worker


class TestUnsound:
    """A course that is not sound grades nobody."""

    def test_reference_fails(self, class_of_three):
        """A reference that fails its own tests: nothing is graded, and the exercise is named."""
        path = class_of_three / "solutions" / "areas" / "areas.py"
        path.write_text(path.read_text().replace("return a * b", "return a + b"))
        with pytest.raises(GraderError, match=r"reference solution fails its own tests .*area.*nothing was graded"):
            run(class_of_three)
        assert not (class_of_three / "autograded").exists()

    def test_reference_does_not_load(self, class_of_three):
        """One that cannot be loaded."""
        (class_of_three / "solutions" / "areas" / "areas.py").write_text("import nowhere_at_all\n")
        with pytest.raises(GraderError, match="reference solution"):
            run(class_of_three)

    def test_without_solutions(self, class_of_three):
        """A copy of the course without its solutions grades by its tests alone."""
        (class_of_three / "solutions" / "areas" / "areas.py").unlink()
        (class_of_three / "solutions" / "areas").rmdir()
        assert run(class_of_three)["ada"].result.score == 10

    def test_untested_exercise(self, class_of_three):
        """An exercise without a test."""
        toml = (class_of_three / "course.toml").read_text()
        (class_of_three / "course.toml").write_text(
            toml.replace('    { name = "mean"', '    { name = "new", points = 1 },\n    { name = "mean"')
        )
        with pytest.raises(GraderError, match="no test for new"):
            run(class_of_three)

    def test_test_of_no_exercise(self, class_of_three):
        """A test of an exercise that is not in the course is told with file and line."""
        path = class_of_three / "tests" / "areas" / "test_areas.py"
        path.write_text(path.read_text().replace('@exercise("mean", ', '@exercise("maen", '))
        with pytest.raises(Exception, match=r"test_areas\.py:\d+: no exercise 'maen'"):
            run(class_of_three)

    @pytest.mark.parametrize(
        ("code", "says"),
        [
            ("def test_(submission): 'It holds.'\n", "must check something"),
            ("def test_(submission):\n    'It holds.'\n    check_close(1 / 0, 1)\n", "ZeroDivisionError in the test"),
            ("def test_(submission):\n    'It holds.'\n    if submission.area(1, 2): pass\n", "unpack"),
        ],
        ids=["no-check", "broken", "looking"],
    )
    def test_broken_test(self, class_of_three, code, says):
        """A test that cannot be traced is the grader's fault, told with file and line."""
        path = class_of_three / "tests" / "areas" / "test_more.py"
        path.write_text(f"from autograder.kit import *\n@exercise('area')\n{code}")
        with pytest.raises(GraderError, match=rf"test_more\.py:\d+: .*{says}"):
            run(class_of_three)

    def test_test_file_that_cannot_be_imported(self, class_of_three):
        """So is a test file that raises."""
        (class_of_three / "tests" / "areas" / "test_more.py").write_text("import nowhere_at_all\n")
        with pytest.raises(GraderError, match=r"test_more\.py: ModuleNotFoundError"):
            run(class_of_three)
