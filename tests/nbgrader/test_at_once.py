"""Several graders and formgrader at once, each in a process of its own, on each kind of database."""

import multiprocessing
import time

from msgspec.structs import replace
from nbgrader.api import Gradebook

from autograder.grading.run import Graded
from autograder.nbgrader.database import database_url
from autograder.nbgrader.gradebook import write_gradebook

STUDENTS = [f"student-{number:02}" for number in range(15)]
ROUNDS = 3


def grader(course, area, outcomes, start, errors):
    """Write the class several times over."""
    start.wait()
    try:
        for _ in range(ROUNDS):
            write_gradebook(course, area, outcomes)
    except Exception as error:  # noqa: BLE001 - told to the test
        errors.put(f"{type(error).__name__}: {error}")


def formgrader(url, start, stop):
    """Enter a mark and a comment for each student, the way formgrader does, while the graders write."""
    start.wait()
    waiting = list(STUDENTS)
    while waiting and not stop.is_set():
        student = waiting.pop(0)
        try:
            with Gradebook(url, "geo") as book:
                found = book.find_grade("circle", "area", "area", student)
                comment = book.find_comment("circle", "area", "area", student)
                found.manual_score = 1.5
                found.extra_credit = 0.25
                found.needs_manual_grade = False
                comment.manual_comment = f"for {student}"
                book.db.commit()
        except Exception:  # noqa: BLE001 - it may be there only later, or the database be locked, as in formgrader
            waiting.append(student)
            time.sleep(0.05)


def test_no_grade_is_lost_and_none_doubled(any_database):
    geometry = any_database
    for student in STUDENTS:
        geometry.hand_in(student, notebook=geometry.answered())
    outcomes = [geometry.graded(student, circle=2) for student in STUDENTS]
    course, area = geometry.course, geometry.area
    context = multiprocessing.get_context("fork")
    start, stop, errors = context.Barrier(3), context.Event(), context.Queue()
    graders = [context.Process(target=grader, args=(course, area, outcomes, start, errors)) for _ in range(2)]
    person = context.Process(target=formgrader, args=(database_url(course), start, stop))
    for process in (*graders, person):
        process.start()
    for process in graders:
        process.join(120)
        assert process.exitcode == 0
    person.join(60)
    stop.set()
    assert errors.empty(), errors.get()
    with geometry.gradebook() as book:
        submissions = book.assignment_submissions("area")
        assert sorted(submission.student.id for submission in submissions) == STUDENTS
        for submission in submissions:
            (notebook,) = submission.notebooks
            grades = {grade.name: grade for grade in notebook.grades}
            assert sorted(grade.name for grade in notebook.grades) == ["circle", "square", "why"]
            assert sorted(comment.name for comment in notebook.comments) == ["circle", "square", "why"]
            assert (grades["square"].auto_score, grades["circle"].auto_score) == (2, 2)
            assert (grades["circle"].manual_score, grades["circle"].extra_credit) == (1.5, 0.25)
            assert not grades["circle"].needs_manual_grade
            (comment,) = [each for each in notebook.comments if each.name == "circle"]
            assert comment.comment == f"for {submission.student.id}"
            assert submission.score == 3.75


def test_graders_that_disagree_leave_each_submission_as_one_of_them_wrote_it(any_database):
    """Submissions are written whole: never the sigmoid of one run beside the tanh of another."""
    geometry = any_database
    for student in STUDENTS:
        geometry.hand_in(student)
    first = [geometry.graded(student, square=2, circle=3) for student in STUDENTS]
    second = [Graded(each.student, _nothing(each.result)) for each in first]
    context = multiprocessing.get_context("fork")
    start, errors = context.Barrier(2), context.Queue()
    arguments = [(geometry.course, geometry.area, outcomes, start, errors) for outcomes in (first, second)]
    graders = [context.Process(target=grader, args=each) for each in arguments]
    for process in graders:
        process.start()
    for process in graders:
        process.join(120)
    assert errors.empty(), errors.get()
    with geometry.gradebook() as book:
        assert {submission.score for submission in book.assignment_submissions("area")} <= {5, 0}


def _nothing(result):
    return replace(result, exercises=tuple(replace(each, points=0.0) for each in result.exercises), score=0.0)
