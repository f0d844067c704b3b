"""`autograder new`, and proof that the framework works for an assignment that it has never heard of."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main_group
from autograder.course import load_course
from autograder.errors import CourseError, UsageError
from autograder.grading.executors import InProcess
from autograder.grading.run import ClassRun
from autograder.release import release, release_problems
from autograder.scaffold import new_assignment
from autograder.suite.build import load_suite
from autograder.suite.selfcheck import check_variants
from autograder.validate import course_problems

COURSE = '# my own comment\n[course]\nid = "words" # and this one\ntitle = "Words"\nseed = "test"'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course without any assignment, whose file even lacks its last line break."""
    (tmp_path / "course.toml").write_text(COURSE)
    return tmp_path


def run(root: Path, *arguments: str):
    """Run the command line in a course."""
    return CliRunner().invoke(main_group, ["-C", str(root), *arguments], standalone_mode=False)


class TestNew:
    """A new assignment is sound from the start."""

    def test_sound(self, root):
        """Nothing is wrong with it, and its mistakes are caught where they are wrong."""
        new_assignment(root, "letters")
        course = load_course(root)
        letters = course.assignment("letters")
        assert [str(problem) for problem in course_problems(course, letters)] == []
        findings = check_variants(course, letters, load_suite(course, letters), InProcess())
        assert len(findings) == 2
        assert all(finding.as_it_should for finding in findings)

    def test_commands(self, root):
        """The commands of an instructor's first minutes work."""
        result = run(root, "new", "letters", "--title", "Letters & \N{GREEK SMALL LETTER ALPHA} 'so'")
        assert result.exit_code == 0, result.output
        assert "wrote solutions/letters/letters.ipynb" in result.output
        assert run(root, "validate").output == "letters: sound\n"
        solution = str(root / "solutions" / "letters" / "letters.py")
        assert run(root, "check", "letters", "--file", solution).return_value == 0
        assert run(root, "check", "letters").return_value == 1
        assert run(root, "release", "--check").return_value == 0
        assert load_course(root).assignment("letters").title == "Letters & \N{GREEK SMALL LETTER ALPHA} 'so'"

    def test_keeps_the_file(self, root):
        """Everything that stood in course.toml stays, letter by letter."""
        new_assignment(root, "first")
        before = (root / "course.toml").read_text()
        assert before.startswith(COURSE + "\n")
        new_assignment(root, "second")
        assert (root / "course.toml").read_text().startswith(before)
        assert [each.name for each in load_course(root).assignments] == ["first", "second"]

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("Letters", "small letters"),
            ("two-words", "small letters"),
            ("../escape", "small letters"),
            ("", "small letters"),
            ("class", "small letters"),
            ("string", "name of a library"),
            ("numpy", "name of a library"),
        ],
    )
    def test_bad_name(self, root, name, reason):
        """A name that no module could have, or that would hide a library, is refused, and nothing is written."""
        with pytest.raises(UsageError, match=reason):
            new_assignment(root, name)
        assert [path.name for path in root.rglob("*")] == ["course.toml"]
        assert (root / "course.toml").read_text() == COURSE

    @pytest.mark.parametrize("title", ["", "  ", 'a "quoted" one', "two\nlines", "back\\slash"])
    def test_bad_title(self, root, title):
        """A title that would need quoting is refused."""
        with pytest.raises(UsageError, match="cannot be a title"):
            new_assignment(root, "letters", title)

    def test_taken(self, root):
        """What exists is never written over."""
        new_assignment(root, "letters")
        with pytest.raises(UsageError, match="has an assignment 'letters' already"):
            new_assignment(root, "letters")
        (root / "tests" / "words").mkdir()
        with pytest.raises(UsageError, match="is there already"):
            new_assignment(root, "words")

    def test_wrong_course(self, root):
        """A wrong course.toml is told with its own problems, and is not made worse."""
        (root / "course.toml").write_text(COURSE.replace("title", "titel"))
        with pytest.raises(CourseError, match=rf"{root}/course.toml:4: course.titel"):
            new_assignment(root, "letters")
        assert not (root / "solutions").exists()


MODULE = '''\
"""Old ciphers, and words that can be read both ways."""


def caesar(text: str, shift: int) -> str:
    """Move every letter of the English alphabet by `shift` places, round and round; leave all else."""
    ### BEGIN SOLUTION
    moved = []
    for letter in text:
        if letter.isascii() and letter.isalpha():
            first = ord("a") if letter.islower() else ord("A")
            letter = chr((ord(letter) - first + shift) % 26 + first)
        moved.append(letter)
    return "".join(moved)
    ### END SOLUTION


def counts(text: str) -> dict[str, int]:
    """Count how often each character occurs."""
    ### BEGIN SOLUTION
    return {letter: text.count(letter) for letter in set(text)}
    ### END SOLUTION


def mirrored(text: str) -> bool:
    """Say whether a text is the same read from its end; an empty text raises ValueError."""
    ### BEGIN SOLUTION
    if not text:
        raise ValueError("there is nothing to read")
    return text == text[::-1]
    ### END SOLUTION
'''

TESTS = '''\
"""What is asked of ciphers."""

import string

from hypothesis import strategies as st

from autograder.kit import check_close, check_raises, exercise, given, integers

from . import oracle

texts = st.text(alphabet="abcxyzABZ !\\u00e9", max_size=12)


@exercise("caesar", weight=2)
@given(text=texts, shift=integers(-60, 60))
def test_cipher(submission, text, shift):
    """Letters move, and other characters stay."""
    check_close(submission.caesar(text, shift), oracle.caesar(text, shift))


@exercise("caesar")
@given(text=texts, shift=integers(-60, 60))
def test_back(submission, text, shift):
    """Moving back gives the text again."""
    check_close(submission.caesar(submission.caesar(text, shift), -shift), text)


@exercise("counts")
@given(text=texts)
def test_counts(submission, text):
    """Every character is counted."""
    check_close(submission.counts(text), oracle.counts(text))


@exercise("mirrored")
@given(half=texts.filter(bool))
def test_mirrored(submission, half):
    """A text with its mirror image reads the same both ways."""
    check_close(submission.mirrored(half + half[::-1]), True)
    check_close(submission.mirrored(half + "?"), half + "?" == ("?" + half[::-1]))


@exercise("mirrored")
def test_empty(submission):
    """An empty text raises ValueError."""
    check_raises(submission.mirrored(""), ValueError)
'''

ORACLE = '''\
"""What is right."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def caesar(text, shift):
    moved = ""
    for letter in text:
        for alphabet in (LETTERS, LETTERS.upper()):
            if letter in alphabet:
                letter = alphabet[(alphabet.index(letter) + shift) % 26]
                break
        moved += letter
    return moved


def counts(text):
    found = {}
    for letter in text:
        found[letter] = found.get(letter, 0) + 1
    return found
'''

MISTAKES = '''\
"""Mistakes."""


# %% caesar: no-way-round
# The alphabet has an end
# What comes after z?
# see: ciphers.ipynb#caesar
def caesar(text, shift):
    return "".join(chr(ord(letter) + shift) if letter.isalpha() else letter for letter in text)


# %% mirrored: empty-is-mirrored
# Nothing counts as mirrored
# What must an empty text do?
# see: ciphers.ipynb#mirrored
def mirrored(text):
    return text == text[::-1]
'''

EXERCISES = """\
exercises = [
    { name = "caesar", points = 3 },
    { name = "counts", points = 1 },
    { name = "mirrored", points = 2 },
    { name = "ciphers-written", points = 5, written = true },
]
"""


def replace_grade_cell(notebook: Path, **points: int) -> None:
    """Put a grade cell for each exercise in place of that of a new notebook."""
    text = notebook.read_text()
    start = text.index('  {\n   "cell_type": "code"', text.index("row-sums-text"))
    end = text.index("  {", text.index('"row-sums-check"'))
    cell = text[start:end]
    cells = [
        cell.replace("row-sums", name).replace('"points": 2', f'"points": {worth}') for name, worth in points.items()
    ]
    notebook.write_text(text[:start] + "".join(cells) + text[end:])


@pytest.fixture
def ciphers(root):
    """An assignment about texts, made of what `autograder new` gives: no array, no network, no number but shifts."""
    new_assignment(root, "ciphers", "Old ciphers")
    entry = (root / "course.toml").read_text()
    (root / "course.toml").write_text(entry[: entry.index("exercises")] + EXERCISES)
    (root / "solutions/ciphers/ciphers.py").write_text(MODULE)
    (root / "solutions/ciphers/misconceptions.py").write_text(MISTAKES)
    (root / "tests/ciphers/test_ciphers.py").write_text(TESTS)
    (root / "tests/ciphers/oracle.py").write_text(ORACLE)
    replace_grade_cell(root / "solutions/ciphers/ciphers.ipynb", caesar=3, counts=1, mirrored=2)
    course = load_course(root)
    release(course, course.assignment("ciphers"))
    return course


class TestWalkThrough:
    """What docs/authoring.md tells an instructor to type does what it says."""

    DOCUMENT = Path(__file__).parents[2] / "docs" / "authoring.md"

    def test_every_command(self, tmp_path):
        """Files are written as the document has them, and every command prints what the document shows."""
        shutil.copy(self.DOCUMENT.parents[1] / "course.toml", tmp_path)
        text = self.DOCUMENT.read_text().split("## Writing tests")[0]
        blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
        console = [block for kind, block in blocks if kind == "console"]
        module, oracle, tests, mistakes = [block for kind, block in blocks if kind == "python"]
        [entry] = [block for kind, block in blocks if kind == "toml"]
        assert len(console) == 4

        self.run(console[0], tmp_path)
        course = tmp_path / "course.toml"
        course.write_text(course.read_text().split("[assignments.polygons]")[0] + entry)
        (tmp_path / "solutions/polygons/polygons.py").write_text(module)
        (tmp_path / "tests/polygons/oracle.py").write_text(oracle)
        (tmp_path / "tests/polygons/test_polygons.py").write_text(tests)
        self.run(console[1], tmp_path)
        (tmp_path / "solutions/polygons/misconceptions.py").write_text(f'"""Mistakes."""\n\n\n{mistakes}')
        self.run(console[2], tmp_path)
        replace_grade_cell(tmp_path / "solutions/polygons/polygons.ipynb", perimeter=2, area=3)
        self.run(console[3], tmp_path)

    def run(self, block: str, folder: Path) -> None:
        """Run the commands of a block and compare what they print."""
        starts = {
            "autograder": [sys.executable, "-c", "from autograder.cli import main; main()"],
            "python": [sys.executable],
        }
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            program, *arguments = shlex.split(command)
            environment = os.environ | {"PYTHONPATH": str(self.DOCUMENT.parents[1])}
            ran = subprocess.run(
                [*starts[program], *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            assert [line.rstrip() for line in ran.stdout.strip().splitlines()] == shown.strip().splitlines(), command
            assert ran.stderr == "", command


class TestSixthAssignment:
    """An assignment that has nothing to do with the shipped ones is graded like them."""

    def test_sound(self, ciphers):
        """It validates, notebook and all."""
        assert [str(problem) for problem in course_problems(ciphers, ciphers.assignment("ciphers"))] == []

    def test_mistakes(self, ciphers):
        """Its mistakes are caught where they are wrong and nowhere else."""
        assignment = ciphers.assignment("ciphers")
        findings = check_variants(ciphers, assignment, load_suite(ciphers, assignment), InProcess())
        assert [(finding.variant.slug, finding.lost) for finding in findings] == [
            ("no-way-round", ("caesar",)),
            ("empty-is-mirrored", ("mirrored",)),
        ]

    def test_class(self, ciphers):
        """A class is graded in the sandbox: right, partly right, wrong, unfinished and empty-handed."""
        right = MODULE.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
        handed_in = {
            "ada": right,
            "bob": right.replace("- first + shift", "- first - shift"),
            "cleo": right.replace("text.count(letter)", "1"),
            "dan": (ciphers.root / "assignments/ciphers/ciphers.py").read_text(),
            "eve": None,
        }
        for student, text in handed_in.items():
            folder = ciphers.root / "submitted" / student / "ciphers"
            folder.mkdir(parents=True)
            if text is not None:
                (folder / "ciphers.py").write_text(text)
        run = ClassRun(ciphers, ciphers.assignment("ciphers"))
        found = {graded.student: graded.result for graded in run.run(jobs=1)}
        scores = {name: {each.name: each.points for each in result.exercises} for name, result in found.items()}
        assert scores["ada"] == {"caesar": 3, "counts": 1, "mirrored": 2}
        assert scores["bob"] == {"caesar": 1, "counts": 1, "mirrored": 2}
        assert scores["cleo"] == {"caesar": 3, "counts": 0, "mirrored": 2}
        assert scores["dan"] == {"caesar": 0, "counts": 0, "mirrored": 0}
        assert found["eve"].state == "unreadable"
        [failure] = [test.failure for test in found["cleo"].exercises[1].tests]
        assert "from ciphers import counts" in failure.code

    def test_release(self, ciphers):
        """Stub and notebook are released and hold nothing of the solution."""
        assert release_problems(ciphers, ciphers.assignment("ciphers")) == []
        stub = (ciphers.root / "assignments/ciphers/ciphers.py").read_text()
        assert stub.count("raise NotImplementedError") == 3
