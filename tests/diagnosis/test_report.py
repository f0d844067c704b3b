"""Pages say what the results say, and nothing that a student wrote becomes markup."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from autograder.feedback.likely import likely
from autograder.feedback.markdown import student_markdown
from autograder.feedback.page import student_page
from autograder.report.history import change_since
from autograder.report.items import correlation, items
from autograder.report.similar import alike

from .conftest import result_of

pytest.importorskip("jinja2")

HOSTILE = "<script>alert(1)</script>"
FUNCTION = """
def average_of(values, weights):
    total = 0.0
    count = 0
    for value, weight in zip(values, weights):
        if weight > 0:
            total = total + value * weight
            count = count + 1
        elif weight < 0:
            raise ValueError("no negative weights")
    while count > 100:
        count = count // 2
        total = total / 2
    return total / max(count, 1) if count else [total, count, (total + 1, count - 1)]
"""


def page_of(result, course):
    """The student's page."""
    return student_page(result, course, course.assignment("neuron"))


def test_a_page_needs_no_network_and_no_script(course):
    """Nothing is loaded, and nothing could be."""
    page = page_of(result_of("ada", {"sigmoid": 0.0, "tanh": 1.0}), course)
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page)
    assert "default-src 'none'" in page


def test_what_a_student_writes_is_escaped(course):
    """Names, output and problems are text."""
    result = result_of(HOSTILE, {"sigmoid": 0.0}, output=HOSTILE, notes=(HOSTILE,))
    assert HOSTILE not in page_of(result, course)
    assert "&lt;script&gt;" in page_of(result, course)
    broken = result_of("ada", {"sigmoid": 0.0}, state="does-not-load", problem=HOSTILE)
    assert HOSTILE not in page_of(broken, course)


def test_the_likely_mistake_is_told(course):
    """The name, the insight and where to read on stand on the page, in Markdown and in words."""
    known = {
        "misconception": "The bias is left out",
        "insight": "Feed it zeros.",
        "see": "neuron.ipynb#weighted-sum",
        "slug": "b",
    }
    result = result_of("ada", {"sigmoid": 0.0}, sigmoid=known)
    said = "The bias is left out. Feed it zeros. Read: neuron.ipynb, section weighted sum."
    assert likely(result.exercises[0]) == ("Likely", said)
    assert said in page_of(result, course)
    assert f"Likely: {said}" in student_markdown(result, course.assignment("neuron"))


def test_a_hidden_exercise_keeps_its_mistake_to_itself(course):
    """Details that are not shown include the name of the mistake."""
    result = result_of(
        "ada", {"sigmoid": 0.0}, sigmoid={"misconception": "Secret", "hidden": True, "difference": "Secret"}
    )
    assert "Secret" not in page_of(result, course)
    assert "Secret" not in student_markdown(result, course.assignment("neuron"))


def test_difficulty_and_discrimination():
    """An item that the weak get right and the strong do not is flagged."""
    results = [
        result_of(f"s{n}", {"easy": 1.0, "a": float(n > 4), "b": float(n > 5), "odd": float(n < 3)}) for n in range(10)
    ]
    easy, _, b, odd = items(results)
    assert (easy.difficulty, easy.discrimination) == (1.0, None)
    assert b.discrimination is not None
    assert b.discrimination > 0
    assert "those who do well elsewhere do worse here" in odd.flags


def test_few_students_tell_nothing():
    """No correlation is computed for a handful."""
    assert items([result_of("a", {"x": 1.0, "y": 0.0}), result_of("b", {"x": 0.0, "y": 1.0})])[0].discrimination is None


def test_correlation():
    """Pearson's, by hand."""
    assert correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1.0)
    assert correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    assert correlation([1, 1, 1], [3, 2, 1]) is None


def test_a_copy_with_other_names_is_found():
    """Renamed variables, other comments and other numbers do not hide a copy."""
    copy = FUNCTION.replace("total", "acc").replace("count", "number").replace("value", "v").replace("100", "250")
    other = "def average_of(values, weights):\n    import numpy as np\n    return np.average(values, weights=weights)\n"
    found = alike({"a": FUNCTION.encode(), "b": copy.encode(), "c": other.encode()}, "")
    assert [(pair.one, pair.other) for pair in found] == [("a", "b")]


def test_what_everybody_was_handed_is_no_likeness():
    """Two that share the stub alone are not alike."""
    rest = ["\nx = [n for n in range(3)]\n", "\ny = {k: v for k, v in zip('ab', 'cd')}\n"]
    sources = {name: (FUNCTION + own).encode() for name, own in zip("ab", rest, strict=True)}
    assert alike(sources, FUNCTION) == ()


def test_what_most_wrote_is_no_likeness():
    """How one solves it is not copied."""
    assert alike({f"s{n}": FUNCTION.encode() for n in range(20)}, "") == ()


def test_change_since_the_last_run(course, tmp_path):
    """A changed score is told, and told again when nothing has changed since."""
    here, assignment = replace(course, root=tmp_path), course.assignment("neuron")
    first, second = result_of("ada", {"x": 0.0}), result_of("ada", {"x": 1.0})
    assert change_since(here, assignment, [first]) is None
    once = change_since(here, assignment, [second, result_of("emmy", {"x": 1.0})])
    assert once is not None
    assert [(move.student, move.before, move.now) for move in once.moved] == [("ada", 0.0, 1.0)]
    assert once.new == ("emmy",)
    assert change_since(here, assignment, [second, result_of("emmy", {"x": 1.0})]) == once
