"""`autograder release --to`: what students get, and what they never get."""

import io
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from autograder.course import Course, load_course
from autograder.errors import ReleaseError
from autograder.pull_request.objects import Repository
from autograder.student_repository.files import repository_files
from autograder.student_repository.wheel import own_wheel
from autograder.syllabus import public_syllabus

from .conftest import MODULE, RIGHT, SECRETS, autograder, git, run

TEMPLATES = Path(__file__).parents[2] / "autograder" / "student_repository" / "templates"


def released(course: Course, target: Path, *arguments: str) -> str:
    """Release to a folder and return what was said."""
    if "--package" not in arguments:  # The wheel is larger than all else, and other tests are about it.
        arguments = (*arguments, "--package", "autograder")
    done = autograder("release", *arguments, "--to", target, cwd=course.root)
    return done.stdout + done.stderr


class TestFresh:
    """A new repository."""

    def test_files(self, students: Path):
        """It is complete, committed once, and clean."""
        names = set(git(students, "ls-files").splitlines())
        assert {
            MODULE, "README.md", "course.toml", "requirements.txt",
            "tests/neuron/test_neuron.py", "tests/neuron/oracle.py",
            ".github/workflows/grade.yml", ".github/workflows/report.yml", ".gitlab-ci.yml", ".gitignore",
        } <= names  # fmt: skip
        assert not any(name.startswith("solutions") for name in names)
        assert git(students, "status", "--porcelain") == ""
        assert git(students, "rev-list", "--count", "--all") == "1"

    def test_no_secret_in_any_object(self, students: Path):
        """No object of the repository, in files or in history, holds a secret or a line of a solution."""
        names = git(
            students, "cat-file", "--batch-check=%(objectname) %(objecttype)", "--batch-all-objects"
        ).splitlines()
        blobs = [name.split()[0] for name in names if name.endswith(" blob")]
        wheels = 0
        for data in Repository(students).blobs(blobs, most_bytes=1 << 24):
            if data.startswith(b"PK"):
                wheels += 1
            else:
                text = data.decode()
                assert [secret for secret in SECRETS if secret in text] == []
        assert wheels == 1

    def test_syllabus(self, course: Course, students: Path):
        """course.toml is the course's, less what is secret; the seed is no longer the grader's."""
        public = load_course(students)
        ours = course.assignment("neuron")
        assert public.assignments == (ours,)
        assert public.late.extensions == ()
        assert (public.seed, public.gradebook) == ("small", "sqlite:///gradebook.db")
        assert "seed" not in (students / "course.toml").read_text()

    def test_shipped_syllabus(self):
        """That of the real course reads back the same too, limits and flags included."""
        course = load_course(Path(__file__).parents[2])
        text = public_syllabus(course, course.assignments)
        assert tomllib.loads(text)["course"] == {"id": course.id, "title": course.title}

    def test_grader_installs(self, students: Path, tmp_path: Path):
        """The wheel in the repository is one that pip takes, with the very package that made it."""
        target = tmp_path / "target"
        run(
            "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            target,
            "-r",
            "requirements.txt",
            cwd=students,
        )
        done = run(
            "python", "-c", "import autograder as a; print(a.__file__)", env={"PYTHONPATH": str(target)}, cwd=tmp_path
        )
        assert done.stdout.strip() == str(target / "autograder" / "__init__.py")
        assert (target / "autograder/student_repository/templates/grade.yml").read_text() == (
            TEMPLATES / "grade.yml"
        ).read_text()

    def test_wheel_is_the_same_each_time(self):
        """Twice the same bytes, and a version that tells contents apart."""
        assert own_wheel() == own_wheel()
        name, data = own_wheel()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            assert (
                f"Version: {name.split('-')[1]}\n"
                in archive.read(f"{'-'.join(name.split('-')[:2])}.dist-info/METADATA").decode()
            )

    def test_students_check_works(self, students: Path):
        """A student's own check runs there."""
        assert "not written yet" in autograder("check", "neuron", cwd=students, code=1).stdout

    def test_package(self, course: Course, tmp_path: Path):
        """Another source of the grader is named as given, and no wheel is put in."""
        released(
            course, tmp_path / "x", "neuron", "--package", "autograder @ git+https://git.example.org/autograder@v1"
        )
        assert "git+https://git.example.org/autograder@v1\n" in (tmp_path / "x/requirements.txt").read_text()
        assert not list((tmp_path / "x").glob(".autograder/*.whl"))

    def test_folder_in_use(self, course: Course, tmp_path: Path):
        """A folder that holds something else is left alone."""
        (tmp_path / "thesis.txt").write_text("mine")
        done = autograder("release", "neuron", "--to", tmp_path, cwd=course.root, code=2)
        assert "holds something" in done.stderr
        assert not (tmp_path / ".git").exists()

    def test_solution_among_the_tests(self, course: Course):
        """A solution that was left in a folder that is released stops the release."""
        (course.root / "tests/neuron/old.py").write_text("### BEGIN SOLUTION\n")
        with pytest.raises(ReleaseError, match="holds a solution marker"):
            repository_files(course, [course.assignment("neuron")])


class TestUpdate:
    """The same repository, later."""

    def test_again(self, course: Course, tmp_path: Path):
        """Nothing new is no commit."""
        released(course, tmp_path / "x", "neuron")
        assert released(course, tmp_path / "x", "neuron").splitlines()[-1] == "up to date"
        assert git(tmp_path / "x", "rev-list", "--count", "HEAD") == "1"

    def test_next_assignment(self, course: Course, tmp_path: Path):
        """The next week's joins those that are there, and a student's work, committed or not, stays."""
        target = tmp_path / "x"
        released(course, target, "neuron")
        (target / MODULE).write_text(RIGHT)
        (target / "notes.txt").write_text("mine")
        git(target, "add", "notes.txt")
        solution = course.root / "solutions/neuron/neuron.py"
        solution.write_text(solution.read_text().replace("A module.", "A better module."))
        (course.root / "tests/neuron/oracle.py").write_text('"""Anew."""\n')
        said = released(course, target, "later")
        assert f"{MODULE} has a student's work and was left" in said
        assert (target / MODULE).read_text() == RIGHT
        assert git(target, "status", "--porcelain").splitlines() == [f"M {MODULE}", "A  notes.txt"]
        changed = set(git(target, "show", "--name-only", "--format=", "HEAD").splitlines())
        assert {"assignments/later/later.py", "tests/neuron/oracle.py", "course.toml"} <= changed
        assert not {MODULE, "notes.txt"} & changed
        assert {each.name for each in load_course(target).assignments} == {"neuron", "later"}
        assert "has a student's work" in released(course, target, "neuron")

    def test_untouched_stub(self, course: Course, tmp_path: Path):
        """A stub that nobody has touched is brought up to date."""
        target = tmp_path / "x"
        released(course, target, "neuron")
        solution = course.root / "solutions/neuron/neuron.py"
        solution.write_text(solution.read_text().replace("A module.", "A better module."))
        released(course, target, "neuron")
        assert "A better module." in (target / MODULE).read_text()

    def test_tampered(self, course: Course, tmp_path: Path):
        """A test that was edited, and one that the course no longer has, are set right."""
        target = tmp_path / "x"
        released(course, target, "neuron")
        (target / "tests/neuron/test_neuron.py").write_text("")
        (course.root / "tests/neuron/oracle.py").unlink()
        said = released(course, target, "neuron")
        assert "tests/neuron/test_neuron.py had been changed" in said
        assert "removed tests/neuron/oracle.py" in said

    def test_links(self, course: Course, tmp_path: Path):
        """Nothing is written through a link that a student left."""
        target, outside = tmp_path / "x", tmp_path / "outside"
        released(course, target, "neuron")
        outside.mkdir()
        for path in (target / "tests/neuron").iterdir():
            path.unlink()
        (target / "tests/neuron").rmdir()
        (target / "tests/neuron").symlink_to(outside)
        done = autograder("release", "neuron", "--to", target, cwd=course.root, code=2)
        assert "is a symbolic link" in done.stderr
        assert not list(outside.iterdir())

    def test_forged_manifest(self, course: Course, tmp_path: Path):
        """A list of released files that points elsewhere is refused."""
        target, victim = tmp_path / "x", tmp_path / "victim"
        released(course, target, "neuron")
        victim.write_text("mine")
        manifest = target / ".autograder/released.json"
        manifest.write_text(manifest.read_text().replace('"README.md"', '"../victim"'))
        autograder("release", "neuron", "--to", target, cwd=course.root, code=2)
        assert victim.read_text() == "mine"


class TestWorkflows:
    """The linters that know the formats."""

    @pytest.fixture
    def folder(self, students: Path, tmp_path: Path) -> Path:
        """Return a copy of the workflows as they stand in a student repository."""
        target = tmp_path / ".github/workflows"
        target.mkdir(parents=True)
        for path in (students / ".github/workflows").iterdir():
            (target / path.name).write_text(path.read_text())
        git(tmp_path, "init", "--quiet")
        return target

    def test_zizmor(self, folder: Path):
        """No finding, in its default persona and offline."""
        run("zizmor", "--offline", "--quiet", folder)

    def test_zizmor_finds(self, folder: Path):
        """It would find a template that is put into a script."""
        path = folder / "grade.yml"
        path.write_text(path.read_text().replace('echo "::error', 'echo "${{ github.event.pull_request.title }}'))
        assert "template-injection" in run("zizmor", "--offline", folder, code=None).stdout

    def test_schema(self, folder: Path):
        """Both follow GitHub's schema; GitLab's file its own."""
        run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *folder.iterdir())
        run("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", TEMPLATES / "gitlab-ci.yml")

    def test_jactionlint(self, folder: Path):
        """Expressions, contexts and steps are sound."""
        run("jactionlint", "--shellcheck=", *folder.iterdir(), cwd=folder)

    def test_gitlab_steps(self, students: Path, tmp_path: Path):
        """GitLab's script, run line by line, grades a merge request with the target's tests."""
        upstream, work, job = (
            tmp_path / "upstream.git",
            tmp_path / "work",
            YAML(typ="safe").load(TEMPLATES / "gitlab-ci.yml")["grade"],
        )
        git(tmp_path, "clone", "--quiet", "--bare", students, upstream)
        git(tmp_path, "clone", "--quiet", upstream, work)
        (work / MODULE).write_text(RIGHT)
        git(work, "commit", "--quiet", "-am", "x")
        script = [line for line in job["script"] if " -m venv " not in line and "pip install" not in line]
        assert len(script) == len(job["script"]) - 2
        (tmp_path / "bin").mkdir()
        env = {
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "GITLAB_USER_LOGIN": "ada", "TMPDIR": str(tmp_path),
            "CI_COMMIT_SHA": git(work, "rev-parse", "HEAD"), "ALREADY": str(Path(sys.executable).parent),
        }  # fmt: skip
        text = "\n".join(script).replace('"$GRADER/venv/bin/autograder"', '"$ALREADY/autograder"')
        done = run("bash", "-euo", "pipefail", "-c", text, cwd=work, env=env)
        assert "total 3.5/3.5" in done.stdout
        assert (work / "results/junit.xml").exists()
