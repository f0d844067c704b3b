"""An honest pull request, graded by the workflow's own steps."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

from autograder.course import load_course
from autograder.pull_request.report import checked_report

from .conftest import HALF, MODULE, RIGHT, Host, autograder, git


class TestHonest:
    """What a student gets."""

    def test_everything(self, host: Host):
        """One mistake: exit 0, an annotation at the definition, a summary, a report, JUnit and a result."""
        host.write(MODULE, HALF)
        head = host.push()
        out = host.graded().stdout
        assert [line for line in out.splitlines() if line.startswith("::error")] == [
            line
            for line in out.splitlines()
            if line.startswith(f"::error file={MODULE},line=8,title=neuron%3A square::Each entry is")
        ]
        report = json.loads((host.results / "report.json").read_text())
        assert (report["head"], report["violations"]) == (head, [])
        assert [(each["student"], each["score"], each["max_score"]) for each in report["results"]] == [("ada", 1, 3.5)]
        assert json.loads((host.results / "result-neuron.json").read_text()) == report["results"][0]
        cases = ET.parse(host.results / "junit.xml").findall(".//testcase")  # noqa: S314 - our own
        assert [(case.get("name"), case.find("failure") is not None) for case in cases] == [
            ("test_relu", False),
            ("test_square", True),
        ]
        summary = (host.root / "summary.md").read_text()
        assert summary == (host.results / "comment.md").read_text()
        assert "1 of 3.5 points" in summary
        assert checked_report((host.results / "report.json").read_bytes(), load_course(host.work), head)

    def test_nothing_is_written_to_the_work_tree(self, host: Host):
        """The base stays checked out as it was; only the results are new."""
        host.write(MODULE, RIGHT)
        host.push()
        host.graded()
        assert git(host.root / "runner", "status", "--porcelain", "--ignored") == "!! results/"
        assert "NotImplementedError" in (host.root / "runner" / MODULE).read_text()

    def test_the_base_moves_on(self, host: Host):
        """New tests of the base are used at once, and are not taken for a change of the student's."""
        host.write(MODULE, RIGHT)
        host.push()
        other = host.root / "instructor"
        git(host.root, "clone", "--quiet", host.upstream, other)
        test = other / "tests/neuron/test_neuron.py"
        test.write_text(test.read_text().replace("z * z)", "z * z + 1)"))
        git(other, "commit", "--quiet", "-am", "Another test")
        git(other, "push", "--quiet", "origin", "HEAD:main")
        host.graded()
        assert json.loads((host.results / "report.json").read_text())["results"][0]["score"] == 1

    def test_nothing_changed(self, host: Host):
        """An empty commit is graded as nothing."""
        host.push()
        assert "nothing was graded" in host.graded().stdout

    def test_notebook(self, host: Host):
        """A change in the notebook alone is graded from its solution cells."""
        cell = {
            "cell_type": "code", "execution_count": None, "outputs": [], "source": RIGHT,
            "metadata": {"nbgrader": {"solution": True, "grade": False, "grade_id": "relu", "schema_version": 3}},
        }  # fmt: skip
        host.write(
            "assignments/neuron/neuron.ipynb",
            json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}),
        )
        host.push()
        host.graded()
        assert json.loads((host.results / "report.json").read_text())["results"][0]["score"] == 3.5

    def test_passing(self, host: Host):
        """A passing score that is not reached gives 4."""
        host.write(MODULE, HALF)
        host.push()
        arguments = ("grade-pr", "--base", "origin/main", "--head", "HEAD", "--passing", "90")
        assert "below the passing score of 90 %" in autograder(*arguments, cwd=host.work, code=4).stderr

    def test_unknown_revision(self, host: Host):
        """A revision that is not there is told, and an option is no revision."""
        for name in ("nowhere", "--output=x"):
            done = autograder("grade-pr", "--base", "main", f"--head={name}", cwd=host.work, code=2)
            assert "there is no such commit" in done.stderr

    def test_broken_base(self, host: Host):
        """Where the course's own tests fail to load, nobody is charged: exit 3."""
        host.write("tests/neuron/test_neuron.py", "1/0\n")
        host.push()
        git(host.work, "branch", "broken")
        host.write(MODULE, RIGHT)
        host.push()
        done = autograder("grade-pr", "--base", "broken", "--head", "HEAD", cwd=host.work, code=3)
        assert "ZeroDivisionError while importing the tests" in done.stderr


def test_objects_are_enough(host: Host, tmp_path: Path):
    """A bare repository is graded as well: no work tree is needed."""
    host.write(MODULE, RIGHT)
    host.push()
    host.pull_request()
    autograder("grade-pr", "--repo", host.upstream, "--base", "main", "--head", "refs/pull/1/head", cwd=tmp_path)
