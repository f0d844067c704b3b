"""Notebooks that students hand in, as they come, and what becomes of them in autograded/."""

import base64
import json

import nbformat
import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace
from nbconvert import HTMLExporter

from autograder.nbgrader.cells import text
from autograder.nbgrader.explain import comment
from autograder.nbgrader.gradebook import write_gradebook
from autograder.nbgrader.restore import parsed
from autograder.nbgrader.sanitize import safe_markdown

SOLUTION = {"nbgrader": {"schema_version": 3, "grade_id": "mine", "solution": True, "grade": False, "locked": False}}
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 20).decode()


def grade(geometry, student="ada", **handed_in):
    """Hand a notebook in, write the gradebook and return the autograded notebook."""
    geometry.hand_in(student, **handed_in)
    write_gradebook(geometry.course, geometry.area, [geometry.graded(student, circle=1)])
    return geometry.autograded(student)


def by_name(content):
    """The cells of a notebook by grade_id."""
    return {
        each["metadata"]["nbgrader"]["grade_id"]: each for each in content["cells"] if "nbgrader" in each["metadata"]
    }


def page(content):
    """A notebook as formgrader's exporter renders it."""
    return HTMLExporter(template_name="classic").from_notebook_node(nbformat.from_dict(content))[0]


def test_it_holds_the_students_cells_our_feedback_and_the_module(geometry):
    content = grade(geometry, notebook=geometry.answered("Because a * b.", geometry.cell("code", "my_own = 1")))
    cells = by_name(content)
    assert cells["why"]["source"] == "Because a * b."
    assert "my_own = 1" in [each["source"] for each in content["cells"]]
    assert "2 of 2 points" in cells["square"]["outputs"][0]["data"]["text/plain"]
    assert "&lt;b&gt;5&lt;/b&gt;" in cells["circle"]["outputs"][0]["data"]["text/html"]
    assert content["cells"][-1]["source"].startswith("import math")
    nbformat.validate(nbformat.from_dict(content))


def test_no_anchor_is_called_as_a_graded_cell_is(geometry):
    """Formgrader would take it for the cell's field for points."""
    anchors = "<a id='top'></a><a id='square'></a><A NAME=circle></A>[see](#square)"
    geometry.edit("assignments/area/area.ipynb", "<a id='top'></a>", anchors)
    for handed_in in (None, geometry.answered()):
        content = grade(geometry, notebook=handed_in)
        (said,) = [each["source"] for each in content["cells"] if "see" in each["source"]]
        assert "<a id='top'></a><a id='about-square'></a><A NAME=about-circle></A>[see](#square)" in said


def test_a_module_alone_gets_the_released_notebook(geometry):
    content = grade(geometry)
    assert content["cells"][0]["source"] == "# Areas\n\n<a id='top'></a>How large?"
    assert list(by_name(content)) == ["square", "circle", "why"]


def test_deleted_and_edited_graded_cells_are_put_back_in_their_places(geometry):
    handed_in = geometry.answered()
    del handed_in["cells"][3]
    handed_in["cells"][2]["source"] = "100"
    content = grade(geometry, notebook=handed_in)
    cells = by_name(content)
    assert list(cells) == ["square", "circle", "why"]
    assert (cells["square"]["source"], cells["circle"]["source"]) == ('check("square")', 'check("circle")')
    assert "square had been changed and was put back" in content["cells"][0]["source"]
    assert "circle was missing and was put back" in content["cells"][0]["source"]
    assert geometry.grade("ada", "circle") == (1, None, False)


def test_all_cells_may_be_gone(geometry):
    handed_in = geometry.released | {"cells": []}
    assert list(by_name(grade(geometry, notebook=handed_in))) == ["square", "circle", "why"]


def test_cells_are_put_back_after_what_the_student_defines(geometry):
    own = geometry.cell("code", "def square(a): return a * a")
    content = grade(geometry, module=None, notebook=geometry.released | {"cells": [own | {"metadata": SOLUTION}]})
    order = [each["source"] for each in content["cells"] if each["cell_type"] == "code"]
    assert order == [own["source"], 'check("square")', 'check("circle")']


def test_of_two_answers_with_one_id_the_last_that_says_something_counts(geometry):
    answers = [json.loads(json.dumps(geometry.released["cells"][-1])) for _ in range(3)]
    answers[0]["source"], answers[1]["source"] = "First.", "Second."
    handed_in = geometry.released
    handed_in["cells"] = [*handed_in["cells"][:-1], *answers]
    content = grade(geometry, notebook=handed_in)
    assert by_name(content)["why"]["source"] == "Second."
    assert "why stood 3 times" in content["cells"][0]["source"]
    assert geometry.grade("ada", "why") == (None, None, True)


def test_forged_metadata_changes_nothing(geometry):
    handed_in = geometry.answered()
    for each in handed_in["cells"]:
        each["metadata"] |= {"nbgrader": each["metadata"].get("nbgrader", {}) | {"points": 1000, "schema_version": 99}}
    handed_in["cells"][2]["metadata"]["nbgrader"] |= {"locked": False, "solution": True, "checksum": "0"}
    handed_in["cells"][4]["metadata"]["nbgrader"]["grade"] = "yes"
    handed_in["cells"].append(geometry.cell("code", "1", "bonus", grade=True, points=50))
    handed_in["cells"].append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["x"]}}, "source": "1"})
    content = grade(geometry, notebook=handed_in)
    assert {name: each["metadata"]["nbgrader"]["points"] for name, each in by_name(content).items()} == {
        "square": 2,
        "circle": 3,
        "why": 5,
    }
    with geometry.gradebook() as book:
        submission = book.find_submission("area", "ada")
        assert (submission.score, submission.max_score) == (3, 10)


@pytest.mark.parametrize("schema", [0, 1, 2])
def test_older_metadata_of_nbgrader_is_understood(geometry, schema):
    handed_in = geometry.answered("Old but good.")
    for each in handed_in["cells"]:
        if "nbgrader" in each["metadata"]:
            each["metadata"]["nbgrader"] |= {"schema_version": schema}
            each["metadata"]["nbgrader"].pop("task", None)
    assert by_name(grade(geometry, notebook=handed_in))["why"]["source"] == "Old but good."


def test_a_notebook_of_format_3_is_converted():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": "Old."}]}],
    }
    assert [text(each["source"]) for each in parsed(json.dumps(old).encode())["cells"]] == ["Old."]


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "[]",
        "null",
        '{"nbformat": 4}',
        '{"nbformat": 4, "cells": {}}',
        '{"nbformat": 3, "worksheets": 7}',
        '{"nbformat": "x", "cells": 1}',
        "[" * 100_000,
        "\0",
    ],
)
def test_a_broken_notebook_is_told_and_the_module_still_counts(geometry, broken):
    content = grade(geometry, notebook=broken)
    assert "area.ipynb is " in content["cells"][0]["source"]
    assert geometry.grade("ada", "square") == (2, None, False)
    assert geometry.grade("ada", "why") == (None, None, True)


@pytest.mark.parametrize("junk", [None, 7, "x", {}, {"cell_type": 3}, {"cell_type": "code", "source": {"a": 1}}])
def test_cells_that_are_none_are_passed_over(geometry, junk):
    handed_in = geometry.answered("Still here.")
    handed_in["cells"].insert(0, junk)
    assert by_name(grade(geometry, notebook=handed_in))["why"]["source"] == "Still here."


def test_a_link_in_place_of_a_notebook_is_not_followed(geometry):
    secret = geometry.write("secret.ipynb", json.dumps(geometry.answered("The secret.")))
    geometry.hand_in("ada")
    (geometry.root / "submitted/ada/area/area.ipynb").symlink_to(secret)
    content = grade(geometry)
    assert "secret" not in json.dumps(content)
    assert "symbolic link" in content["cells"][0]["source"]


ACTIVE = [
    "<script>run()</script>",
    "<SCRIPT src=//x>run()</SCRIPT>",
    "<img src=x onerror=run()>",
    "<svg/onload=run()>",
    "<!-- --!><img src=x onerror=run()>",
    "&#60;script&#62;run()&#60;/script&#62;",
    "[x](javascript:run())",
    "[x](JaVaScRiPt:run())",
    "[x](java&#115;cript:run())",
    "[x](javascript&colon;run())",
    "[x](java&Tab;script:run())",
    "[x](javascript\\:run())",
    "[x](&#x6A;avascript:run())",
    "[x]: javascript:run()\n\n[x]",
    "<javascript:run()>",
    "[x](vbscript:run())",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<\u200bscript>run()</script>",
    "$$<script>run()</script>$$",
    "```\n</code></pre><script>run()</script>\n```",
]


@pytest.mark.parametrize("source", ACTIVE)
def test_nothing_in_a_students_text_runs(geometry, source):
    own = [geometry.cell("markdown", source + " "), geometry.cell("raw", source)]
    content = grade(geometry, notebook=geometry.answered(source, *own))
    assert "raw" not in {each["cell_type"] for each in content["cells"]}  # which a page takes as HTML
    soup = BeautifulSoup(page(content), "html.parser").find(class_="container")
    assert not soup.find_all(["script", "svg", "iframe", "object", "embed", "form"])
    for element in soup.select("*"):
        assert not [name for name in element.attrs if name.lower().startswith("on")]
        for name in ("href", "src"):
            address = "".join(str(element.get(name, "")).split()).lower()
            scheme = address.partition(":")[0] if ":" in address else ""
            assert scheme in {"", "http", "https", "mailto"} or address.startswith("data:image/png")


def test_nothing_in_a_comment_runs(geometry):
    """A comment is shown as Markdown in nbgrader's feedback, and an error's text is the student's own."""
    geometry.hand_in("ada")
    result = geometry.graded("ada", circle=1).result
    (test,) = result.exercises[1].tests
    said = "ValueError: <img src=x onerror=run()> [x](javascript:run())"
    failed = replace(result.exercises[1], tests=(replace(test, failure=replace(test.failure, error=said)),))
    assert comment(result, failed).endswith("ValueError: < img src=x onerror=run()> [x](javascript : run())")


def test_of_outputs_text_and_pixels_stay(geometry):
    noisy = geometry.cell("code", "draw()")
    noisy["outputs"] = [
        {"output_type": "display_data", "metadata": {"image/png": {"alt": '"><script>'}}, "data": {"image/png": PIXEL}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": '"><script>run()</script>'}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>x</b>", "text/plain": "plain"}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": "run()"}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg onload=run()>"}},
        {"output_type": "stream", "name": "stderr", "text": ["\x1b[31mred\x1b[0m \u202eright"]},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["<script>line"]},
        {"output_type": "execute_result", "data": 7},
        "junk",
    ]
    handed_in = geometry.answered("x", noisy)
    handed_in["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    content = grade(geometry, notebook=handed_in)
    kept = next(each for each in content["cells"] if each["source"] == "draw()")["outputs"]
    assert [list(each.get("data", each.get("text"))) if "data" in each else each["text"] for each in kept] == [
        ["image/png"],
        ["text/plain"],
        "red right",
        "<script>line",
    ]
    assert all(each.get("metadata", {}) == {} for each in kept)
    assert list(content["metadata"]) == ["kernelspec"]


def test_only_pixels_stay_as_attachments(geometry):
    own = geometry.cell("markdown", "![a](attachment:a.png)")
    own["attachments"] = {
        "a.png": {"image/png": PIXEL},
        "b.svg": {"image/svg+xml": "<svg onload=run()>"},
        '"><script>': {"image/png": PIXEL},
        "c.html": {"text/html": "<script>"},
    }
    content = grade(geometry, notebook=geometry.answered("x", own))
    assert [each["attachments"] for each in content["cells"] if "attachments" in each] == [
        {"a.png": {"image/png": PIXEL}}
    ]


def test_ordinary_text_stays_as_it_is():
    said = "If $a < b$ and x > 2, see [here](https://example.org/?a=1&b=2) & there: `w[0] <= 1`, **bold**.\n\n- data: 5"
    assert safe_markdown(said) == said


def test_what_is_very_long_is_cut(geometry):
    content = grade(geometry, notebook=geometry.answered("x" * 1_000_000))
    assert len(by_name(content)["why"]["source"]) < 250_000
