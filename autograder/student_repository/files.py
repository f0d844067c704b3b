"""Every file of a student repository, made of the course; nothing is written here."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files as resources
from pathlib import Path

from msgspec import Struct

from autograder.course import Assignment, Course
from autograder.errors import Problem, ReleaseError
from autograder.release import released
from autograder.release_tests import some, visible_tests
from autograder.syllabus import public_syllabus

from .wheel import own_wheel

GRADER_FOLDER = ".autograder"
_TEMPLATES = {
    ".github/workflows/grade.yml": "grade.yml",
    ".github/workflows/report.yml": "report.yml",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    ".gitignore": "gitignore",
    "README.md": "README.md",
}
_MARKER = re.compile(rb"(?:BEGIN|END)\s+SOLUTION")


class File(Struct, frozen=True):
    """One file of a student repository."""

    path: str
    """From its root, with slashes."""
    data: bytes
    theirs: bool = False
    """A student writes here: it is released once and never written over."""

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.data).hexdigest()


def repository_files(course: Course, assignments: Sequence[Assignment], package: str | None = None) -> list[File]:
    """Return the files of a repository with these assignments.

    `package` is what pip installs as the grader; by default the repository carries a wheel of the running one. Raises
    `ReleaseError` with everything that a student must not see.
    """
    found = [file for assignment in assignments for file in _assignment(course, assignment)]
    found.append(File("course.toml", public_syllabus(course, assignments).encode()))
    if package is None:
        name, data = own_wheel()
        found.append(File(f"{GRADER_FOLDER}/{name}", data))
        package = f"./{GRADER_FOLDER}/{name}"
    found.append(
        File("requirements.txt", f"# The grader; `pip install -r requirements.txt` from here.\n{package}\n".encode())
    )
    for path, template in _TEMPLATES.items():
        text = (resources("autograder.student_repository") / "templates" / template).read_text("utf-8")
        found.append(File(path, _filled(text, course, assignments).encode()))
    _refuse_solutions(course, found)
    return sorted(found, key=lambda file: file.path)


def _assignment(course: Course, assignment: Assignment) -> Iterator[File]:
    folder = f"assignments/{assignment.name}"
    for file in released(course, assignment):
        yield File(f"{folder}/{file.target.name}", file.text.encode(), theirs=True)
    notebook = course.root / folder / assignment.notebook
    if notebook.is_file():
        yield File(f"{folder}/{assignment.notebook}", notebook.read_bytes(), theirs=True)
    for name, data in some(visible_tests(course, assignment), course, assignment).items():
        yield File(f"tests/{assignment.name}/{name}", data)


def _filled(text: str, course: Course, assignments: Sequence[Assignment]) -> str:
    rows = [
        f"| {assignment.title.replace('|', '/')} | `assignments/{assignment.name}/{assignment.module}` | "
        f"`autograder check {assignment.name}` | {f'{assignment.due:%Y-%m-%d %H:%M %Z}' if assignment.due else ''} |"
        for assignment in assignments
    ]
    first = assignments[0]
    values = {"title": course.title, "table": "\n".join(rows), "first": first.name, "module": first.module}
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", value)
    return text


def _refuse_solutions(course: Course, found: Sequence[File]) -> None:
    """Raise for a solution marker anywhere, and for a solution that is released whole."""
    references = {
        path.read_bytes()
        for path in (course.root / "solutions").rglob("*")
        if path.is_file() and b"BEGIN SOLUTION" in path.read_bytes()
    }
    problems = [
        Problem(path=Path(file.path), reason="holds a solution marker; release it anew")
        for file in found
        if not file.path.startswith(GRADER_FOLDER) and (_MARKER.search(file.data) or file.data in references)
    ]
    if problems:
        raise ReleaseError(problems)
