"""`autograder new`: an assignment that already works, to be changed bit by bit into the one that is wanted."""

from __future__ import annotations

import json
import keyword
import re
import sys
import tempfile
import tomllib
from collections.abc import Collection
from pathlib import Path
from string import Template

import msgspec

from autograder.course import FILE_NAME, find_root, load_course
from autograder.errors import CourseError, UsageError
from autograder.grading.store import write_atomically
from autograder.release import release

TEMPLATES = Path(__file__).parent / "templates"
#: Where each template goes, below the course's folder; ENTRY is put at the end of course.toml.
FILES = {
    "module.py": "solutions/{name}/{name}.py",
    "misconceptions.py": "solutions/{name}/misconceptions.py",
    "notebook.ipynb": "solutions/{name}/{name}.ipynb",
    "oracle.py": "tests/{name}/oracle.py",
    "package.py": "tests/{name}/__init__.py",
    "test.py": "tests/{name}/test_{name}.py",
}
ENTRY = "entry.toml"

_TITLE = re.compile(r'[^"\\\x00-\x1f\x7f]*[^"\\\x00-\x20\x7f][^"\\\x00-\x1f\x7f]*')


def new_assignment(folder: Path, name: str, title: str | None = None) -> list[Path]:
    """Write a new assignment with one exercise and one written question, release it, and return all files written.

    `folder` is the course's or one below it. `course.toml` gets an entry at its end and keeps everything else as it
    is; it need not have had an assignment before. Raises `UsageError`, and writes nothing, where the name is taken or
    cannot be a module's name, and where the title cannot be quoted; `CourseError` where `course.toml` is wrong.
    """
    root = find_root(folder)
    title = name.replace("_", " ").capitalize() if title is None else title
    if refusals := [*_refusals(root, name), *_title_refusals(title)]:
        raise UsageError("\n".join(refusals))
    file = root / FILE_NAME
    before = file.read_bytes()
    end = b"" if before.endswith(b"\n") else b"\n"
    after = before + end + b"\n" + _filled(ENTRY, name, title).encode()
    _check(after, file)
    written = []
    for template, place in FILES.items():
        path = root / place.format(name=name)
        write_atomically(path, _filled(template, name, title).encode())
        written.append(path)
    write_atomically(file, after)
    course = load_course(root)
    return [*written, file, *release(course, course.assignment(name))]


def _check(content: bytes, file: Path) -> None:
    """Raise `CourseError`, with the problems of `file`, where `content` would not do for it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE_NAME).write_bytes(content)
        try:
            load_course(folder)
        except CourseError as error:
            raise CourseError([msgspec.structs.replace(problem, path=file) for problem in error.problems]) from None


def _filled(template: str, name: str, title: str) -> str:
    text = Template((TEMPLATES / f"{template}.tmpl").read_text("utf-8"))
    if template.endswith(".ipynb"):
        title = json.dumps(title, ensure_ascii=False)[1:-1]
    return text.substitute(name=name, title=title)


def _refusals(root: Path, name: str) -> list[str]:
    """What is wrong with a name, each in a sentence."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        return [f"{name!r} cannot be an assignment's name; use small letters, digits and _, as for a Python module"]
    if name in sys.stdlib_module_names or name in {"numpy", "matplotlib", "autograder", "pytest", "hypothesis", "test"}:
        return [f"{name!r} is the name of a library, which {name}.py would hide from students; choose another"]
    if name in _assignments(root):
        return [f"{FILE_NAME} has an assignment {name!r} already; choose another name"]
    taken = [folder for folder in ("solutions", "tests", "assignments") if (root / folder / name).exists()]
    return [f"{root / folder / name} is there already; choose another name, or move it away" for folder in taken]


def _assignments(root: Path) -> Collection[str]:
    """The names of the assignments that there are, as far as the file can be read."""
    try:
        found = tomllib.loads((root / FILE_NAME).read_text("utf-8-sig")).get("assignments", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ()
    return list(found) if isinstance(found, dict) else ()


def _title_refusals(title: str) -> list[str]:
    if _TITLE.fullmatch(title):
        return []
    return [f'{title!r} cannot be a title; write one line without " and \\']
