"""Pages in a real browser: accessible on light and dark ground, and no wider than a phone."""

from __future__ import annotations

import shutil

import pytest
from msgspec.structs import replace

from autograder.feedback.page import student_page
from autograder.grading.store import write_result
from autograder.report.data import gather
from autograder.report.page import class_page
from autograder.submission import submissions

from .browser import chromium, colours, resize, serious_findings
from .conftest import ROOT, result_of

pytest.importorskip("jinja2")

LONG = "x" * 120


@pytest.fixture(scope="module")
def pages(course, tmp_path_factory):
    """A student's page and the class's, with long names, markup in them and every state of an exercise."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("submitted", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    here, assignment = replace(course, root=folder), course.assignment("neuron")
    for number, submission in enumerate(submissions(here, assignment)):
        known = {
            "misconception": "The bias is left out",
            "insight": f"<b>{LONG}</b>",
            "see": "neuron.ipynb#x",
            "slug": "b",
        }
        shares = {"weighted-sum": float(number % 3 > 0), "sigmoid": 0.5, "relu": float(number % 2)}
        result = result_of(submission.student, shares, weighted_sum=known if number % 3 == 0 else {}, output=LONG)
        write_result(here, replace(result, submission=submission.digest))
        (folder / "student.html").write_text(student_page(result, here, assignment), encoding="utf-8")
    (folder / "class.html").write_text(class_page(gather(here, assignment)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["student.html", "class.html"])
def test_page(name, pages, tmp_path):
    """No serious finding of axe-core, no sideways scrolling, in either colour scheme and at both widths."""
    with chromium(tmp_path / "profile") as browser:
        browser.get((pages / name).as_uri())
        for scheme in ("light", "dark"):
            for width in (1200, 390):
                colours(browser, scheme)
                resize(browser, width)
                assert serious_findings(browser) == []
                assert browser.execute_script("return document.documentElement.scrollWidth") <= width
