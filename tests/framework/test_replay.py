"""Answers are checked once: the same bytes have the same verdict, whoever sends them."""

import pytest

from autograder.course import load_course
from autograder.grading.executors import InProcess
from autograder.grading.grade import grade
from autograder.grading.replay import LONG, MOST_KEPT, Answers, first_failure
from autograder.kit import callback, calls_of, check_that
from autograder.kit.trace import Call, trace
from autograder.submission import Submission
from autograder.suite.build import Suite, load_suite
from autograder.worker.codec import CodecError, encode, tuple_of


class Counted:
    """A predicate that counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, value):
        """Whether it is 2."""
        self.asked += 1
        return value == 2


@pytest.fixture
def predicate():
    return Counted()


@pytest.fixture
def script(predicate):
    return trace(lambda submission: check_that(predicate, submission.f(1)), {})


def answered(script, value, calls=None) -> Answers:
    """The answer that the runtime sends for this value."""
    return Answers(script, tuple_of([encode(value), encode(None)]), calls or {})


def test_right_answers_are_checked_once(script, predicate):
    assert [first_failure([answered(script, 2)]) for _ in range(3)] == [None] * 3
    assert predicate.asked == 1


def test_what_was_right_can_still_be_looked_at(script):
    for _ in range(2):
        answers = answered(script, 2)
        answers.verify()
        assert (list(answers.values.values()), answers.notes.errors) == ([2], {})


def test_wrong_answers_are_wrong_every_time(script, predicate):
    assert all(first_failure([answered(script, 3)]) for _ in range(3))
    answered(script, 2).verify()
    assert first_failure([answered(script, 3)])
    assert predicate.asked == 5


def test_other_bytes_are_other_answers(script, predicate):
    for value in (2, 2.0, 2):
        answered(script, value).verify()
    assert predicate.asked == 2


def test_what_depends_on_calls_is_checked_every_time(predicate):
    """The bytes may be the same and the calls not."""
    helper = callback(abs)
    script = trace(
        lambda submission: check_that(lambda _, calls: predicate(len(calls)), submission.f(helper), calls_of(helper)),
        {},
    )
    once, twice = Call((1,), {}, 1), Call((2,), {}, 2)
    for calls, right in (([once, twice], True), ([once], False), ([once, twice], True), ([], False)):
        assert (first_failure([answered(script, 5, {0: calls} if calls else {})]) is None) == right
    assert predicate.asked == 4


def test_memory_is_bounded():
    script = trace(lambda submission: check_that(lambda _: True, submission.f(1)), {})
    for number in range(100):
        answered(script, number).verify()
    assert len(script.right) == MOST_KEPT
    script.right.clear()
    answered(script, "x" * 10 * LONG).verify()
    assert [len(kept) < LONG for kept in script.right] == [True]


def test_long_answers_are_known_by_all_of_their_bytes():
    script = trace(lambda submission: check_that(lambda value: value.endswith("y"), submission.f(1)), {})
    answered(script, "x" * LONG + "y").verify()
    assert first_failure([answered(script, "x" * LONG + "y")]) is None
    assert first_failure([answered(script, "x" * LONG + "z")])
    (digest,) = script.right
    with pytest.raises(CodecError):
        Answers(script, digest.encode(), {})


def test_a_class_gets_what_each_student_alone_would(course_root, right):
    """Whoever is graded first changes nothing for others."""
    course = load_course(course_root)
    assignment = course.assignment("areas")

    def points(suite: Suite, source: str) -> dict[str, float]:
        submission = Submission(
            student="x", assignment="areas", source=source.encode(), filename=assignment.module, digest=""
        )
        return {each.name: each.points for each in grade(submission, suite, InProcess(), course).exercises}

    wrong = f"{right}\n\ndef area(a, b): return a * b if a.size > 3 else a + b\n"
    together = load_suite(course, assignment)
    in_a_class = [points(together, source) for source in (right, wrong, right, wrong)]
    assert in_a_class == [points(load_suite(course, assignment), source) for source in (right, wrong)] * 2
    assert in_a_class[0] != in_a_class[1]
