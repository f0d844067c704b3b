"""What `autograder grade` leaves in nbgrader's gradebook, read with nbgrader's own API."""

from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from msgspec.structs import replace
from nbgrader.utils import compute_checksum

from autograder.errors import GraderError, ProblemsError
from autograder.grading.run import Graded
from autograder.nbgrader.database import Database
from autograder.nbgrader.explain import NO_RESPONSE
from autograder.nbgrader.gradebook import kept_results, write_gradebook

ONE_DAY_LATE = "2027-02-15 12:00:00 UTC"


def write(geometry, *outcomes):
    return write_gradebook(geometry.course, geometry.area, outcomes)


def naive(hour, minute):
    """A time on the due date as nbgrader keeps it."""
    return datetime(2027, 2, 14, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def test_a_submission_is_there_with_all_that_nbgrader_knows_of_one(any_database):
    geometry = any_database
    geometry.hand_in("ada", notebook=geometry.answered("Because a * b."))
    write(geometry, geometry.graded("ada", circle=1.5))
    with geometry.gradebook() as book:
        area = book.find_assignment("area")
        assert (area.duedate, area.course_id, area.max_score) == (naive(23, 59), "geo", 10)
        submission = book.find_submission("area", "ada")
        assert submission.timestamp == naive(12, 0)
        assert (submission.score, submission.code_score, submission.needs_manual_grade) == (3.5, 3.5, True)
        assert (submission.max_written_score, submission.late_submission_penalty) == (5, 0)
        grades = {grade.name: grade for grade in book.find_submission_notebook("area", "area", "ada").grades}
        assert {name: grade.auto_score for name, grade in grades.items()} == {"square": 2, "circle": 1.5, "why": None}
        assert {name: grade.needs_manual_grade for name, grade in grades.items()} == {
            "square": False,
            "circle": False,
            "why": True,
        }
        assert grades["circle"].failed_tests
        said = book.find_comment("circle", "area", "area", "ada").comment
        assert said == "1.5 of 3 points: not right yet. the entry is wrong"
        source = book.find_source_cell("square", "area", "area")
        assert (source.source, source.locked, source.cell_type) == ('check("square")', True, "code")


def test_cells_are_as_nbgrader_would_save_them(geometry):
    """The checksum, which tells nbgrader an untouched answer, is nbgrader's own."""
    geometry.hand_in("ada")
    write(geometry, geometry.graded("ada"))
    with geometry.gradebook() as book:
        path = geometry.root / "assignments/area/area.ipynb"
        for released in nbformat.read(path, as_version=4).cells:
            if name := released.metadata.get("nbgrader", {}).get("grade_id"):
                assert book.find_source_cell(name, "area", "area").checksum == compute_checksum(released)


@pytest.mark.parametrize("answer", [None, "YOUR ANSWER HERE"])
def test_no_answer_is_worth_nothing_and_waits_for_nobody(geometry, answer):
    geometry.hand_in("ada", notebook=answer and geometry.answered(answer))
    write(geometry, geometry.graded("ada"))
    assert geometry.grade("ada", "why") == (0, None, False)
    with geometry.gradebook() as book:
        assert book.find_comment("why", "area", "area", "ada").comment == NO_RESPONSE


def test_a_student_who_handed_nothing_in_has_no_submission(geometry):
    geometry.hand_in("ada")
    (geometry.root / "submitted/emmy").mkdir()
    write(geometry, geometry.graded("ada"), geometry.graded("emmy", 0, 0))
    with geometry.gradebook() as book:
        assert [submission.student.id for submission in book.assignment_submissions("area")] == ["ada"]
        assert [student.id for student in book.students] == ["ada", "emmy"]


def test_writing_twice_changes_nothing(any_database):
    geometry = any_database
    geometry.hand_in("ada", notebook=geometry.answered(), timestamp=ONE_DAY_LATE)

    def everything():
        with geometry.gradebook() as book:
            found = book.find_submission("area", "ada")
            (notebook,) = found.notebooks
            rows = [*notebook.grades, *notebook.comments]
            return [found.to_dict(), notebook.id, *sorted((row.to_dict() for row in rows), key=lambda row: row["id"])]

    outcome = geometry.graded("ada")
    write(geometry, outcome)
    first, on_disk = everything(), geometry.autograded("ada")
    write(geometry, outcome)
    assert (everything(), geometry.autograded("ada")) == (first, on_disk)


def test_marks_and_comments_by_hand_survive(any_database):
    geometry = any_database
    geometry.hand_in("ada", notebook=geometry.answered())
    write(geometry, geometry.graded("ada", circle=1))
    geometry.mark_by_hand("ada", "why", 4, "Well said.")
    geometry.mark_by_hand("ada", "circle", 2.5, "A slip of the pen.")
    write(geometry, geometry.graded("ada", circle=1))
    assert geometry.grade("ada", "why") == (None, 4, False)
    assert geometry.grade("ada", "circle") == (1, 2.5, False)
    with geometry.gradebook() as book:
        assert book.find_submission("area", "ada").score == 8.5
        assert book.find_comment("why", "area", "area", "ada").comment == "Well said."
        assert book.find_comment("circle", "area", "area", "ada").auto_comment.startswith("1 of 3 points")


def test_a_mark_by_hand_waits_for_a_second_look_when_what_it_was_for_has_changed(geometry):
    geometry.hand_in("ada", notebook=geometry.answered("First."))
    write(geometry, geometry.graded("ada", circle=1))
    geometry.mark_by_hand("ada", "why", 4, "")
    geometry.mark_by_hand("ada", "circle", 2.5, "")
    geometry.hand_in("ada", notebook=geometry.answered("Second."))
    write(geometry, geometry.graded("ada", circle=3))
    assert geometry.grade("ada", "why") == (None, 4, True)
    assert geometry.grade("ada", "circle") == (3, 2.5, True)


def test_points_that_change_and_exercises_that_come_and_go(any_database):
    geometry = any_database
    geometry.hand_in("ada", notebook=geometry.answered())
    geometry.hand_in("emmy")
    write(geometry, geometry.graded("ada"), geometry.graded("emmy"))
    geometry.mark_by_hand("ada", "why", 4, "Well said.")
    line = '{ name = "square", points = 4 },\n    { name = "triangle", points = 6 },'
    geometry.edit("course.toml", '{ name = "square", points = 2 },', line)
    write(geometry, _with_triangle(geometry, "ada"))
    with geometry.gradebook() as book:
        assert book.find_assignment("area").max_score == 18
        assert book.find_submission("area", "ada").score == 4 + 6 + 3 + 4
    assert geometry.grade("ada", "why") == (None, 4, False)
    # Emmy was not graded anew: what changed does not look as if she had been.
    assert geometry.grade("emmy", "square") == (None, None, True)
    assert geometry.grade("emmy", "triangle") == (None, None, True)
    assert geometry.grade("emmy", "circle") == (3, None, False)
    geometry.edit("course.toml", line, '{ name = "square", points = 4 },')
    write(geometry, geometry.graded("emmy", square=4))
    with geometry.gradebook() as book:
        assert book.find_assignment("area").max_score == 12
        assert book.find_submission("area", "ada").score == 4 + 3 + 4


def _with_triangle(geometry, student):
    result = geometry.graded(student, square=4).result
    triangle = replace(result.exercises[0], name="triangle", points=6, max_points=6)
    return Graded(student, replace(result, exercises=(*result.exercises, triangle)))


def test_a_failed_regrade_leaves_no_score_that_looks_fresh(any_database):
    geometry = any_database
    geometry.hand_in("ada", notebook=geometry.answered())
    write(geometry, geometry.graded("ada"))
    geometry.mark_by_hand("ada", "why", 4, "")
    write(geometry, Graded("ada", None, trouble="ada: the grader failed"))
    assert geometry.grade("ada", "square") == (None, None, True)
    assert geometry.grade("ada", "why") == (None, 4, False)
    with geometry.gradebook() as book:
        assert "the grader failed" in book.find_comment("square", "area", "area", "ada").comment
        assert book.find_submission("area", "ada").score == 4
    assert "2 of 2" not in str(geometry.autograded("ada"))


def test_a_result_for_another_submission_does_not_count(geometry):
    geometry.hand_in("ada")
    outcome = geometry.graded("ada")
    geometry.hand_in("ada", module="def square(a): return 0\n")
    write(geometry, outcome)
    assert geometry.grade("ada", "square") == (None, None, True)


@pytest.mark.parametrize(
    ("timestamp", "extra", "penalty"),
    [
        ("2027-02-15 00:59:00 UTC", "", 0),
        ("2027-02-15 00:59:01 UTC", "", 0.5),
        ("2027-02-15 02:59:01 Europe/Berlin", "", 0.5),
        ("2027-02-16 12:00:00 UTC", "", 1),
        ("2027-12-31 12:00:00 UTC", "", 2.5),
        ("2027-02-16 12:00:00 UTC", "[late.extensions]\nada = { area = 2 }\n", 0),
        ("2027-02-18 12:00:00 UTC", "[late.extensions]\nada = { area = 2 }\n", 1),
        (None, "", 0),
    ],
)
def test_late_work_loses_what_course_toml_says(geometry, timestamp, extra, penalty):
    geometry.write("course.toml", (geometry.root / "course.toml").read_text() + extra)
    geometry.hand_in("ada", timestamp=timestamp)
    write(geometry, geometry.graded("ada"))
    with geometry.gradebook() as book:
        submission = book.find_submission("area", "ada")
        assert (submission.score, submission.late_submission_penalty) == (5, penalty)


def test_the_penalty_counts_marks_by_hand_once_it_is_written_again(geometry):
    geometry.hand_in("ada", notebook=geometry.answered(), timestamp=ONE_DAY_LATE)
    write(geometry, geometry.graded("ada"))
    geometry.mark_by_hand("ada", "why", 5, "")
    assert write(geometry, *kept_results(geometry.course, geometry.area)) == 1
    with geometry.gradebook() as book:
        assert book.find_submission("area", "ada").late_submission_penalty == 1


def test_an_extension_given_in_nbgrader_counts_unless_course_toml_has_one(geometry):
    geometry.hand_in("ada", timestamp=ONE_DAY_LATE)
    write(geometry, geometry.graded("ada"))
    with geometry.gradebook() as book:
        book.grant_extension("area", "ada", days=3)
    write(geometry, geometry.graded("ada"))
    with geometry.gradebook() as book:
        submission = book.find_submission("area", "ada")
        assert (submission.extension, submission.late_submission_penalty) == (timedelta(days=3), 0)


def test_names_are_kept_as_they_are(any_database):
    names = ["=1+1", "Lovelace, Ada", 'O"Neill', "Zoë 😀", "'; DROP TABLE grade; --"]
    for name in names:
        any_database.hand_in(name)
    write(any_database, *[any_database.graded(name) for name in names])
    with any_database.gradebook() as book:
        assert sorted(student.id for student in book.students) == sorted(names)
        assert all(submission.score == 5 for submission in book.assignment_submissions("area"))


def test_a_class_larger_than_one_transaction(geometry):
    names = [f"student-{number:02}" for number in range(60)]
    for name in names:
        geometry.hand_in(name)
    assert write(geometry, *[geometry.graded(name) for name in names]) == 60
    with geometry.gradebook() as book:
        assert book.average_assignment_score("area") == 5


def test_a_graded_cell_that_is_no_exercise_is_named(geometry):
    geometry.edit("course.toml", '{ name = "circle", points = 3 },', "")
    geometry.hand_in("ada")
    with pytest.raises(ProblemsError, match=r"circle: is graded, but area in course\.toml has no such exercise"):
        write(geometry, geometry.graded("ada"))


def test_an_assignment_of_another_course_is_not_taken_over(geometry):
    with Database(geometry.course):
        pass
    with geometry.gradebook() as book:
        book.check_course("other")
        book.add_assignment("area", course_id="other")
    geometry.hand_in("ada")
    with pytest.raises(GraderError, match=r"'other'.*a gradebook of its own"):
        write(geometry, geometry.graded("ada"))


def test_a_course_of_modules_alone_has_a_gradebook(geometry):
    (geometry.root / "assignments/area/area.ipynb").unlink()
    geometry.hand_in("ada")
    write(geometry, geometry.graded("ada"))
    with geometry.gradebook() as book:
        assert book.find_submission("area", "ada").score == 5
        assert book.find_assignment("area").max_score == 10


def test_autograded_notebooks_that_cannot_be_written_leave_the_gradebook_as_it_was(geometry):
    geometry.hand_in("ada")
    write(geometry, geometry.graded("ada"))
    folder = geometry.root / "autograded/ada/area"
    (folder / "area.ipynb").unlink()
    (folder / "area.ipynb").mkdir()
    with pytest.raises(GraderError, match=r"area\.ipynb"):
        write(geometry, geometry.graded("ada", circle=0))
    assert geometry.grade("ada", "circle") == (3, None, False)


def test_the_command_grades_into_the_gradebook_and_writes_it_anew(geometry):
    geometry.hand_in("ada")
    grade = ("autograder", "grade", "area", "--trust-submissions", "--jobs", "1")
    geometry.run(*grade, "--no-gradebook")
    assert not (geometry.root / "gradebook.db").exists()
    geometry.run(*grade)
    assert geometry.grade("ada", "circle") == (3, None, False)
    (geometry.root / "gradebook.db").unlink()
    assert "area: 1 submissions written" in geometry.run("autograder", "gradebook").stdout
    assert geometry.grade("ada", "circle") == (3, None, False)


def test_without_a_database_the_results_are_kept_and_the_failure_told(geometry):
    geometry.hand_in("ada")
    (geometry.root / "gradebook.db").mkdir()
    done = geometry.run("autograder", "grade", "area", "--trust-submissions", "--jobs", "1", check=False)
    assert done.returncode == 3
    assert "gradebook sqlite:///" in done.stderr
    assert (geometry.root / "autograded/ada/area/result.json").exists()
