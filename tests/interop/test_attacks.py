"""What a student could try in a pull request; each is refused or without effect, in the workflow's own steps."""

import json
import os
import re
from pathlib import Path

import msgspec
import pytest

from autograder.course import load_course
from autograder.errors import GraderError
from autograder.pull_request import objects, run
from autograder.pull_request.annotations import command, fenced
from autograder.pull_request.markdown import MOST_BYTES, comment
from autograder.pull_request.objects import Repository
from autograder.pull_request.run import grade_change

from .conftest import HALF, MODULE, RIGHT, Host, git

REFUSED = 5
CHEAT = "import sys\nsys.exit(0)\n"


def refused(host: Host) -> dict[str, str]:
    """Open the pull request, which must be refused; return each path with the reason."""
    host.pull_request()
    report = grade_change(Repository(host.upstream), "main", "refs/pull/1/head", student="ada").report
    assert report.results == ()
    return {each.path: each.reason for each in report.violations}


def refused_by_workflow(host: Host) -> dict[str, str]:
    """Do so with the workflow's own steps, and look at what they leave."""
    done = host.graded(REFUSED)
    assert "nothing was graded" in done.stderr
    report = json.loads((host.results / "report.json").read_text())
    assert report["results"] == []
    assert "### Not graded" in (host.root / "summary.md").read_text()
    assert not list(host.results.glob("result-*.json"))
    return {each["path"]: each["reason"] for each in report["violations"]}


class TestProtected:
    """Everything but a student's own files."""

    @pytest.mark.parametrize(
        ("path", "content", "reason"),
        [
            ("tests/neuron/test_neuron.py", "", "is a test"),
            (".github/workflows/grade.yml", "name: grade\non: pull_request\njobs: {}\n", "decides how you are graded"),
            (".github/workflows/other.yml", "name: grade\n", "decides how you are graded"),
            (".gitlab-ci.yml", "grade: {script: [true]}\n", "decides how you are graded"),
            ("course.toml", '[course]\nid = "mine"\n', "belongs to the course"),
            ("requirements.txt", "evil\n", "belongs to the course"),
            (".gitattributes", "* filter=evil diff=evil\n", "belongs to the course"),
            (".gitmodules", '[submodule "x"]\n', "belongs to the course"),
            ("conftest.py", CHEAT, "belongs to the course"),
            ("autograder/__init__.py", CHEAT, "belongs to the course"),
            ("assignments/neuron/conftest.py", CHEAT, "is none of the files that are graded"),
            ("assignments/neuron/sitecustomize.py", CHEAT, "is none of the files that are graded"),
            ("assignments/neuron/numpy.py", CHEAT, "is none of the files that are graded"),
            ("assignments/neuron/Neuron.py", RIGHT, f"is not {MODULE}, though some systems take them for one"),
            ("Assignments/neuron/neuron.py", RIGHT, f"is not {MODULE}, though some systems take them for one"),
            ("assignments/neuron /neuron.py", RIGHT, "is none of the files that are graded"),
        ],
    )
    def test_other_files(self, host: Host, path: str, content: str, reason: str):
        """Any other file that is changed or added, beside good work, is named and everything refused."""
        host.write(MODULE, RIGHT)
        host.write(path, content)
        host.push()
        by_workflow = path in {
            "tests/neuron/test_neuron.py",
            ".github/workflows/grade.yml",
            "assignments/neuron/sitecustomize.py",
        }
        found = refused_by_workflow(host) if by_workflow else refused(host)
        assert list(found) == [path]
        assert found[path].startswith(reason)

    def test_deleted_test(self, host: Host):
        """A test that goes away is a change too."""
        (host.work / "tests/neuron/test_neuron.py").unlink()
        host.push()
        assert list(refused(host)) == ["tests/neuron/test_neuron.py"]


class TestShapes:
    """Things in git that are no plain file in its place."""

    def test_renamed_stub(self, host: Host):
        """A renamed module is named under both names."""
        git(host.work, "mv", MODULE, "assignments/neuron/mine.py")
        host.push()
        found = refused(host)
        assert found[MODULE] == "was renamed; give it its name back"
        assert "assignments/neuron/mine.py" in found

    def test_deleted_stub(self, host: Host):
        """A deleted module is told."""
        (host.work / MODULE).unlink()
        host.push()
        assert refused(host) == {MODULE: "was deleted; put it back"}

    def test_symlink(self, host: Host):
        """A link in the module's place is never followed."""
        (host.work / MODULE).unlink()
        (host.work / MODULE).symlink_to("/etc/passwd")
        host.push()
        assert refused(host) == {MODULE: "is a symbolic link, not a plain file (mode 120000)"}

    def test_linked_folder(self, host: Host):
        """Nor is a link in a folder's place, which takes the module away."""
        git(host.work, "mv", "assignments/neuron", "elsewhere")
        (host.work / "assignments").mkdir(exist_ok=True)
        (host.work / "assignments/neuron").symlink_to("../elsewhere")
        host.push()
        assert refused(host)["assignments/neuron"].startswith("is a symbolic link")

    def test_submodule(self, host: Host):
        """A submodule is not fetched."""
        git(
            host.work,
            "update-index",
            "--add",
            "--cacheinfo",
            f"160000,{git(host.work, 'rev-parse', 'HEAD')},tests/more",
        )
        git(host.work, "commit", "--quiet", "-m", "x")
        host.push_as_it_is()
        assert refused(host)["tests/more"].startswith("is a submodule")

    def test_executable(self, host: Host):
        """A mode other than that of a plain file is refused."""
        host.write(MODULE, RIGHT)
        (host.work / MODULE).chmod(0o755)
        host.push()
        assert refused(host) == {MODULE: "is an executable, not a plain file (mode 100755)"}

    def test_folder_in_its_place(self, host: Host):
        """A folder where the module was is no module."""
        (host.work / MODULE).unlink()
        host.write(f"{MODULE}/__init__.py", RIGHT)
        host.push()
        assert set(refused(host)) == {MODULE, f"{MODULE}/__init__.py"}

    def test_names_that_are_no_text(self, host: Host):
        """A name that is not UTF-8, or holds commands and escapes, is shown in printable ASCII."""
        folder = os.fsencode(host.work)
        for name in (b"\xff\xfe.py", b"x\n::error::forged\x1b[31m"):
            Path(os.fsdecode(folder + b"/" + name)).write_bytes(b"x")
        host.push()
        found = refused_by_workflow(host)
        assert sorted(found) == ["\\xff\\xfe.py", "x\\n::error::forged\\x1b[31m"]
        assert found["\\xff\\xfe.py"] == "has a name that is not UTF-8; take it out"

    def test_tree_with_dots(self, host: Host):
        """A tree that a malicious git made, with `..` in its paths, writes nowhere."""
        blob = git(host.work, "hash-object", "-w", MODULE)
        inner = _tree(host, f"100644 blob {blob}\tneuron.py")
        for name in ("..", ".git"):
            root = _tree(host, git(host.work, "ls-tree", "main"), f"040000 tree {inner}\t{name}")
            host_commit(host, root)
            git(host.upstream, "fetch", "--quiet", host.work, "+HEAD:refs/pull/1/head")
            outcome = grade_change(Repository(host.upstream), "main", "refs/pull/1/head", student="ada")
            assert [each.path for each in outcome.report.violations] == [f"{name}/neuron.py"]

    def test_tree_with_two_of_a_name(self, host: Host):
        """A tree that holds the module twice is not taken."""
        right = _blob(host, RIGHT)
        half = _blob(host, HALF)
        folder = _tree(host, f"100644 blob {right}\tneuron.py", f"100644 blob {half}\tneuron.py")
        assignments = _tree(host, f"040000 tree {folder}\tneuron")
        kept = [line for line in git(host.work, "ls-tree", "main").splitlines() if not line.endswith("\tassignments")]
        host_commit(host, _tree(host, *kept, f"040000 tree {assignments}\tassignments"))
        git(host.upstream, "fetch", "--quiet", host.work, "+HEAD:refs/pull/1/head")
        outcome = grade_change(Repository(host.upstream), "main", "refs/pull/1/head", student="ada")
        assert outcome.report.violations
        assert not outcome.report.results

    def test_too_large(self, host: Host):
        """A module beyond the limit is not read."""
        host.write(MODULE, RIGHT + "#" * (1 << 20))
        host.push()
        assert re.fullmatch(r"has 1,048,\d+ bytes; at most 1,048,576 are read", refused(host)[MODULE])

    def test_many_files(self, host: Host, monkeypatch: pytest.MonkeyPatch):
        """A tree of very many files is not looked through."""
        monkeypatch.setattr("autograder.pull_request.change.MOST_PATHS", 50)
        blob = _blob(host, "x")
        wide = _tree(host, *(f"100644 blob {blob}\t{number:05}" for number in range(100)))
        host_commit(host, _tree(host, git(host.work, "ls-tree", "main"), f"040000 tree {wide}\twide"))
        outcome = grade_change(Repository(host.work), "main", "HEAD", student="ada")
        assert [each.path for each in outcome.report.violations] == ["(everything)"]

    def test_bomb(self, host: Host, monkeypatch: pytest.MonkeyPatch):
        """Nor one that is small and unfolds to 10^12 folders."""
        monkeypatch.setattr(objects, "SECONDS", 1.0)
        tree = _tree(host)
        for _ in range(12):
            tree = _tree(host, *(f"040000 tree {tree}\t{number}" for number in range(10)))
        host_commit(host, _tree(host, git(host.work, "ls-tree", "main"), f"040000 tree {tree}\tbomb"))
        outcome = grade_change(Repository(host.work), "main", "HEAD", student="ada")
        assert [each.path for each in outcome.report.violations] == ["(everything)"]


class TestHistory:
    """What git believes about commits, and what the repository would have git do."""

    def test_unrelated(self, host: Host):
        """A history that begins from nothing is refused."""
        git(host.work, "checkout", "--quiet", "--orphan", "new")
        host.write(MODULE, RIGHT)
        host.push()
        host.pull_request()
        outcome = grade_change(Repository(host.upstream), "main", "refs/pull/1/head", student="ada")
        assert outcome.report.violations[0].path == "(history)"

    def test_replacements_and_grafts(self, host: Host):
        """Neither replace refs nor grafts change what is compared."""
        host.write("tests/neuron/test_neuron.py", "")
        head = host.push()
        host.pull_request()
        runner = host.runner()
        git(runner, "fetch", "--quiet", "origin", "refs/pull/1/head")
        git(runner, "replace", head, git(runner, "rev-parse", "main"))
        (runner / ".git/info").mkdir(exist_ok=True)
        (runner / ".git/info/grafts").write_text(f"{head}\n")
        assert git(runner, "diff", "--name-only", "main", head) == ""
        outcome = grade_change(Repository(runner), "main", head, student="ada")
        assert [each.path for each in outcome.report.violations] == ["tests/neuron/test_neuron.py"]

    def test_hooks_and_programs(self, host: Host, monkeypatch: pytest.MonkeyPatch):
        """No hook, pager, filter, external diff or monitor of the repository or the environment is started."""
        host.write(MODULE, RIGHT)
        head = host.push()
        host.pull_request()
        runner = host.runner()
        git(runner, "fetch", "--quiet", "origin", "refs/pull/1/head")
        program = host.root / "evil"
        program.write_text(f"#!/bin/sh\ntouch {host.root}/ran\n")
        program.chmod(0o755)
        for name in (
            "core.pager",
            "diff.external",
            "core.fsmonitor",
            "core.sshCommand",
            "diff.evil.command",
            "filter.evil.smudge",
        ):
            git(runner, "config", name, str(program))
        (runner / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
        monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(program))
        monkeypatch.setenv("GIT_DIR", str(host.root / "nowhere"))
        outcome = grade_change(Repository(runner), "main", head, student="ada")
        assert outcome.report.results[0].score == 3.5
        assert not (host.root / "ran").exists()

    def test_force_push_while_grading(self, host: Host, monkeypatch: pytest.MonkeyPatch):
        """A head that moves while it is graded gives no result."""
        host.write(MODULE, RIGHT)
        host.push()
        host.pull_request()
        grade_patiently = run.grade_patiently

        def slow(*arguments: object) -> object:
            host.write(MODULE, HALF)
            host.push("forced")
            host.pull_request()
            return grade_patiently(*arguments)

        monkeypatch.setattr(run, "grade_patiently", slow)
        with pytest.raises(GraderError, match="was moved from"):
            grade_change(Repository(host.upstream), "main", "refs/pull/1/head", student="ada")

    def test_force_push_before_the_runner_fetches(self, host: Host):
        """A head that is gone before the workflow has it stops the workflow."""
        host.write(MODULE, RIGHT)
        host.push()
        host.pull_request()
        runner, event = host.runner(), dict(host.event)
        git(host.work, "commit", "--quiet", "--amend", "-m", "forced")
        host.push_as_it_is()
        host.pull_request()
        host.event = event
        host.event["github.event.pull_request.head.sha"] = "0123456789" * 4
        assert "The branch has moved on" in host.steps(runner, "Fetch the change as objects", code=3).stdout


class TestOutput:
    """What student code prints and raises."""

    def test_forged_annotations(self, host: Host):
        """Nothing that it prints or raises is a workflow command, a traceback to a matcher, or Markdown."""
        host.write(
            MODULE,
            "import numpy as np\n"
            "print('::error file=x::forged')\nprint('::stop-commands::x')\nprint('##[error]forged')\n"
            "print('  File \"x.py\", line 1, in x')\nprint('```\\n# Full marks @everybody <img src=x>')\n"
            "def relu(z):\n    raise ValueError('x\\n::error::forged %0A ```` <b>@team</b> [a](http://x)')\n",
        )
        host.push()
        out = host.graded().stdout.splitlines()
        (begin,) = [number for number, line in enumerate(out) if line.startswith("::stop-commands::")]
        word = out[begin].removeprefix("::stop-commands::")
        end = out.index(f"::{word}::")
        assert len(word) == 32
        assert all(line.startswith("| ") for line in out[begin + 1 : end])
        assert any("::error file=x::forged" in line for line in out[begin + 1 : end])
        assert out[:begin] == []
        (annotation,) = out[end + 1 :]
        assert annotation.startswith(f"::error file={MODULE},line=8,title=neuron%3A relu::")
        outside = _outside_fences((host.results / "comment.md").read_text())
        assert not re.search(r"@|forged|<img|<b>|Full marks|http:", outside)

    def test_forged_result(self, host: Host):
        """A result file in the repository is refused; one that the code tries to write stays unwritten."""
        host.write("results/report.json", "{}")
        host.write(MODULE, RIGHT)
        host.push()
        assert list(refused_by_workflow(host)) == ["results/report.json"]

    def test_code_that_writes_and_ends(self, host: Host):
        """Code that reaches for the results or ends Python earns nothing."""
        host.write(
            MODULE,
            "import os\ntry:\n    open('results/report.json', 'w')\nexcept OSError as e:\n    print(e)\nos._exit(0)\n",
        )
        host.push()
        host.graded()
        (result,) = json.loads((host.results / "report.json").read_text())["results"]
        assert (result["state"], result["score"]) == ("does-not-load", 0)

    def test_beside_the_module(self, host: Host):
        """What stands beside the module in the base is not importable either: one module is all there is."""
        host.write(MODULE, "import oracle\n" + RIGHT)
        host.push()
        host.graded()
        (result,) = json.loads((host.results / "report.json").read_text())["results"]
        assert result["state"] == "does-not-load"

    def test_comment_is_bounded(self, host: Host):
        """However much is printed, the comment fits and its fences are whole."""
        host.write(MODULE, HALF + "print('`' * 50 + 'x' * 100000)\nprint('é\\n' * 50000)\n")
        host.push()
        host.graded()
        text = (host.results / "comment.md").read_text()
        assert len(text.encode()) < MOST_BYTES
        _outside_fences(text)


def test_commands_are_escaped():
    """A command holds no line break, and a property neither colon nor comma."""
    made = command("error", "a\nb%0A\r::x", title="t,u:v", file="a,b.py", line=3)
    assert made == "::error file=a%2Cb.py,line=3,title=t%2Cu%3Av::a%0Ab%250A::x"


def test_fence_word_is_new():
    """Each fence has a word of its own."""
    assert fenced("x").splitlines()[0] != fenced("x").splitlines()[0]


def test_comment_of_many(host: Host):
    """A report of many results is cut between its parts."""
    host.write(MODULE, HALF)
    host.push()
    outcome = grade_change(Repository(host.work), "origin/main", "HEAD", student="ada")
    many = msgspec.structs.replace(outcome.report, results=outcome.report.results * 200)
    text = comment(many, load_course(host.work))
    assert MOST_BYTES - 4000 < len(text.encode()) < MOST_BYTES
    assert "The rest is left out here" in text
    _outside_fences(text)


def _blob(host: Host, text: str) -> str:
    path = host.root / "blob"
    path.write_text(text)
    return git(host.work, "hash-object", "-w", str(path))


def _tree(host: Host, *lines: str) -> str:
    """Write a tree as it is, whatever git would say of it."""
    entries = []
    for line in (one for each in lines for one in each.splitlines()):
        head, _, name = line.partition("\t")
        mode, _, sha = head.split(" ")
        order = name.encode() + (b"/" if mode == "040000" else b"")
        entries.append((order, mode.lstrip("0").encode() + b" " + name.encode() + b"\0" + bytes.fromhex(sha)))
    path = host.root / "tree"
    path.write_bytes(b"".join(entry for _, entry in sorted(entries, key=lambda each: each[0])))
    return git(host.work, "hash-object", "-t", "tree", "--literally", "-w", str(path))


def host_commit(host: Host, tree: str) -> None:
    """Put a commit of a tree on top of main, without a work tree."""
    commit = git(host.work, "commit-tree", tree, "-p", git(host.work, "rev-parse", "origin/main"), "-m", "x")
    git(host.work, "update-ref", "refs/heads/made", commit)
    git(host.work, "symbolic-ref", "HEAD", "refs/heads/made")


def _outside_fences(text: str) -> str:
    """Return Markdown without its fenced blocks, all of which must be closed."""
    kept, fence = [], ""
    for line in text.splitlines():
        marks = re.match(r"`{3,}", line)
        if fence:
            fence = "" if line == fence else fence
        elif marks:
            fence = marks[0]
        else:
            kept.append(line)
    assert not fence
    return "\n".join(kept)
