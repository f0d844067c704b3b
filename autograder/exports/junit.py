"""`junit`: the XML that continuous integration shows as a test report."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence

from autograder.feedback.text import clean
from autograder.grading.result import ExerciseResult, Result, TestResult

from .words import explanation

#: The longest text of one failure; the whole report stays readable and small.
_LONGEST = 4000


def junit(results: Sequence[Result], files: Mapping[str, str] | None = None) -> bytes:
    """Return a suite for each submission and a case for each test; no two cases have the same class name and name.

    `files` gives, for an assignment, the file that its cases name. Tests that nobody has written code for yet, and
    those that wait for another exercise, are skipped. A submission that cannot be read or imported is an error.
    """
    several = len({result.student for result in results}) > 1
    root = ET.Element("testsuites", name="autograder")
    for result in results:
        suite = ET.SubElement(root, "testsuite", name=_attribute(f"{result.assignment}: {result.student}"))
        prefix = f"{result.student}." if several else ""
        file = (files or {}).get(result.assignment, f"assignments/{result.assignment}")
        taken: set[tuple[str, str]] = set()
        for exercise, test in _tests(result):
            classname = _attribute(f"{prefix}{result.assignment}.{exercise.name}")
            name = _unique(classname, _attribute(test.name), taken)
            case = ET.SubElement(suite, "testcase", classname=classname, name=name, file=file, time="0")
            _outcome(case, exercise, test)
        if result.problem:
            case = ET.SubElement(
                suite,
                "testcase",
                classname=_attribute(f"{prefix}{result.assignment}"),
                name="loads",
                file=file,
                time="0",
            )
            problem = _attribute(result.problem)
            ET.SubElement(case, "error", message=problem, type=result.state).text = problem
        suite.set("time", f"{result.run.seconds:.4f}")
        suite.set("tests", str(len(suite.findall("testcase"))))
        for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            suite.set(attribute, str(len(suite.findall(f"testcase/{kind}"))))
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _tests(result: Result) -> Iterable[tuple[ExerciseResult, TestResult]]:
    return ((exercise, test) for exercise in result.exercises for test in exercise.tests)


def _outcome(case: ET.Element, exercise: ExerciseResult, test: TestResult) -> None:
    if test.state in {"failed", "stopped"}:
        kind = test.failure.kind if test.failure else test.state
        failure = ET.SubElement(case, "failure", message=_attribute(test.title), type=kind)
        failure.text = clean(explanation(exercise, test), _LONGEST, lines=True)
    elif test.state != "passed":
        ET.SubElement(case, "skipped", message=_attribute(test.note or "not written yet"))


def _unique(classname: str, name: str, taken: set[tuple[str, str]]) -> str:
    """Return a name that is not taken; GitLab drops a second case of the same name without a word."""
    candidate, count = name, 1
    while (classname, candidate) in taken:
        count += 1
        candidate = f"{name} ({count})"
    taken.add((classname, candidate))
    return candidate


def _attribute(text: str) -> str:
    return clean(text, 300)
