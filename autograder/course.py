"""`course.toml` as frozen, typed data; a wrong file gives all of its problems at once, each with key and line.

The data classes at the top *are* the format: their field names are its keys, their types and constraints its rules,
and each constraint's description is what an instructor reads when a value breaks it.
"""

import os
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from autograder.errors import CourseError, Problem, UsageError, did_you_mean
from autograder.toml_lines import Key, Lines

FILE_NAME = "course.toml"
SEED_VARIABLE = "AUTOGRADER_SEED"

Name = Annotated[str, Meta(pattern=r"^[a-zA-Z0-9_-]+\Z", description="a name of letters, digits, - and _")]
Title = Annotated[str, Meta(pattern=r"\S", description="a text that is not empty")]
Positive = Annotated[float, Meta(gt=0, le=1e6, description="a positive number")]
NotNegative = Annotated[float, Meta(ge=0, le=1e6, description="a number that is not negative")]
Percent = Annotated[float, Meta(ge=0, le=100, description="a number from 0 to 100")]
Size = Annotated[int, Meta(ge=1, le=2**30, description="a positive whole number")]
Flag = Annotated[bool, Meta(description="true or false")]
Moment = Annotated[
    datetime, Meta(tz=True, description="a date and time with its offset, such as 2027-02-14T23:59:00+01:00")
]
Seed = Annotated[int | str, Meta(description="a whole number or a text")]
Url = Annotated[str, Meta(pattern=r"^[a-z0-9+]+://", description="a database URL such as sqlite:///gradebook.db")]
ModuleName = Annotated[str, Meta(pattern=r"^[a-zA-Z_]\w*\.py\Z", description="a module's file name, such as neuron.py")]
NotebookName = Annotated[
    str, Meta(pattern=r"^[\w-][\w. -]*\.ipynb\Z", description="a notebook's file name, such as neuron.ipynb")
]
LateKind = Annotated[Literal["none", "per-day"], Meta(description='"none" or "per-day"')]


class Exercise(Struct, frozen=True, kw_only=True):
    """One graded unit. Its name is the `grade_id` of its nbgrader cell."""

    name: Name
    points: Positive
    all_or_nothing: Flag = False
    written: Flag = False
    """Graded by hand; its points are counted apart."""
    hidden: Flag = False
    """Details of a failure are not shown to the student."""
    seconds: Positive | None = None
    """Goes before `Limits.call_seconds` in this exercise's tests."""


class Limits(Struct, frozen=True, kw_only=True):
    """What one submission may use. KB and MB are 1024 and 1024² bytes."""

    call_seconds: Positive = 5.0
    submission_seconds: Positive = 60.0
    memory_mb: Size = 512
    """Address space beyond what the worker has before the submission is loaded."""
    output_kb: Size = 1024
    source_kb: Size = 1024
    notebook_kb: Size = 20480


class Extension(Struct, frozen=True):
    """More days for one student and one assignment."""

    student: str
    assignment: str
    days: float


class LatePolicy(Struct, frozen=True, kw_only=True):
    """What late work costs: nothing, or `percent_per_day` for every day begun after the grace."""

    kind: LateKind = "none"
    percent_per_day: Percent = 0.0
    grace_hours: NotNegative = 0.0
    max_percent: Percent = 100.0
    extensions: tuple[Extension, ...] = ()


class Assignment(Struct, frozen=True, kw_only=True):
    """One module and one notebook. `limits` are the course's with the assignment's own put over them."""

    name: Name
    title: Title
    due: Moment | None = None
    weight: NotNegative = 1.0
    module: ModuleName
    notebook: NotebookName
    exercises: tuple[Exercise, ...]
    limits: Limits

    @property
    def points(self) -> float:
        """The most that the tests can give; written exercises are not in it."""
        return sum(exercise.points for exercise in self.exercises if not exercise.written)

    @property
    def written_points(self) -> float:
        """The most that grading by hand can give."""
        return sum(exercise.points for exercise in self.exercises if exercise.written)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name, or raise `UsageError` with the nearest one."""
        return _named(name, self.exercises, f"{self.name} has no exercise")


class Course(Struct, frozen=True, kw_only=True):
    """What `course.toml` says, and where it stands."""

    root: Path
    id: str
    title: str
    seed: str
    """From `AUTOGRADER_SEED`, else from the file, else the course's id. 7 and "7" are one seed."""
    gradebook: str
    limits: Limits
    late: LatePolicy
    assignments: tuple[Assignment, ...]
    """In the order of the file."""

    def assignment(self, name: str) -> Assignment:
        """Return the assignment of that name, or raise `UsageError` with the nearest one."""
        return _named(name, self.assignments, f"{FILE_NAME} has no assignment")


def find_root(path: Path) -> Path:
    """Return the folder of the nearest `course.toml` at or above `path`; `CourseError` where there is none."""
    start = path.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).exists():
            return folder
    reason = "is not there, nor in any folder above; go to the course's folder or name it"
    raise CourseError([Problem(path=path / FILE_NAME, reason=reason)])


def load_course(path: Path | str = ".") -> Course:
    """Read the course that `path` belongs to: its root, `course.toml` itself, or anything below the root.

    Raises `CourseError` with all problems of the file.
    """
    root = find_root(Path(path))
    file = root / FILE_NAME
    line = None
    try:
        text = file.read_bytes().decode("utf-8-sig")
        reader = _Reader(file, tomllib.loads(text), Lines(text).found)
        return reader.course()
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line, reason = int(place[1]) if place else None, f"is not TOML: {error}"
    except UnicodeDecodeError as error:
        line, reason = error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    raise CourseError([Problem(path=file, line=line, reason=reason)])


_S = TypeVar("_S", bound=Struct)
_N = TypeVar("_N", Exercise, Assignment)


def _named(name: str, items: tuple[_N, ...], otherwise: str) -> _N:
    for item in items:
        if item.name == name:
            return item
    raise UsageError(f"{otherwise} {name!r}; {did_you_mean(name, [item.name for item in items])}")


class _Head(Struct, frozen=True, kw_only=True):
    """The table [course]."""

    id: Name
    title: Title
    seed: Seed | None = None
    gradebook: Url = "sqlite:///gradebook.db"


class _Reader:
    """Turns the file's tables into data and notes every problem on the way, so that none hides another."""

    def __init__(self, file: Path, content: dict[str, Any], lines: dict[Key, int]) -> None:
        self._file, self._content, self._found = file, content, lines
        self.problems: list[Problem] = []

    def note(self, key: Key, reason: str) -> None:
        line = next((self._found[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self._found), None)
        self.problems.append(Problem(path=self._file, line=line, key=_dotted(key), reason=reason))

    def course(self) -> Course:
        content = self._content
        self.known((), content, ("course", "limits", "late", "assignments"))
        head = self.struct(_Head, ("course",), content.get("course", {}))
        limits = self.limits(("limits",), content.get("limits", {}))
        tables = self.table(("assignments",), content.get("assignments", {}))
        read = [self.assignment(name, table, limits or Limits()) for name, table in tables.items()]
        assignments = tuple(assignment for assignment in read if assignment)
        late = self.late(content.get("late", {}), list(tables))
        if not tables:
            self.note(("assignments",), "there is none; write a table [assignments.<name>] for each")
        elif assignments and not any(assignment.weight for assignment in assignments):
            self.note(("assignments",), "every weight is 0; give at least one assignment a weight above 0")
        if self.problems or not (head and limits and late):
            raise CourseError(sorted(self.problems, key=lambda problem: problem.line or 0))
        return Course(
            root=self._file.parent,
            id=head.id,
            title=head.title,
            seed=os.environ.get(SEED_VARIABLE) or str(head.id if head.seed is None else head.seed),
            gradebook=head.gradebook,
            limits=limits,
            late=late,
            assignments=assignments,
        )

    def assignment(self, name: str, value: Any, course_limits: Limits) -> Assignment | None:
        key = ("assignments", name)
        table = self.table(key, value)
        self.value(key, name, Name)
        limits = course_limits
        if "limits" in table:
            own = self.table((*key, "limits"), table.pop("limits"))
            limits = self.limits((*key, "limits"), msgspec.structs.asdict(course_limits) | own) or course_limits
        exercises = self.exercises((*key, "exercises"), table.pop("exercises", []), limits)
        defaults = {"module": f"{name}.py", "notebook": f"{name}.ipynb"}
        return self.struct(Assignment, key, defaults | table, {"name": name, "exercises": exercises, "limits": limits})

    def limits(self, key: Key, value: Any) -> Limits | None:
        limits = self.struct(Limits, key, value)
        if limits and limits.call_seconds > limits.submission_seconds:
            self.note(key, "call_seconds is above submission_seconds, so that no call could use it")
        return limits

    def exercises(self, key: Key, value: Any, limits: Limits) -> tuple[Exercise, ...]:
        if not isinstance(value, list) or not value:
            self.note(key, 'must be a list such as [{ name = "sigmoid", points = 2 }] and not empty')
            return ()
        names = [item.get("name") if isinstance(item, dict) else None for item in value]
        read: list[Exercise] = []
        for index, item in enumerate(value):
            here = (*key, index)
            if names[index] is not None and names[index] in names[:index]:
                self.note((*here, "name"), f"{names[index]!r} stands in this assignment already; names are unique")
            exercise = self.struct(Exercise, here, item)
            if exercise is None:
                continue
            if exercise.written and (exercise.all_or_nothing or exercise.hidden or exercise.seconds):
                self.note(here, "is written, so all_or_nothing, hidden and seconds have no meaning; take them out")
            if exercise.seconds and exercise.seconds > limits.submission_seconds:
                self.note((*here, "seconds"), f"is above submission_seconds, {limits.submission_seconds:g}")
            read.append(exercise)
        return tuple(read)

    def late(self, value: Any, assignments: list[str]) -> LatePolicy | None:
        table = self.table(("late",), value)
        extensions = tuple(self.extensions(table.pop("extensions", {}), assignments))
        late = self.struct(LatePolicy, ("late",), table, {"extensions": extensions})
        if late and late.kind == "none" and late.percent_per_day:
            self.note(("late", "percent_per_day"), 'has no effect with kind = "none"; set "per-day" or take it out')
        if late and late.kind == "per-day" and not late.percent_per_day:
            self.note(("late", "percent_per_day"), 'must be above 0 with kind = "per-day"')
        return late

    def extensions(self, value: Any, assignments: list[str]) -> Iterator[Extension]:
        for student, by_assignment in self.table(("late", "extensions"), value).items():
            key = ("late", "extensions", student)
            table = self.table(key, by_assignment)
            self.known(key, table, assignments)
            for name, days in table.items():
                checked = self.value((*key, name), days, Positive)
                if checked is not None:
                    yield Extension(student, name, checked)

    def table(self, key: Key, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return dict(value)
        self.note(key, f"must be a table, is {_shown(value)}")
        return {}

    def known(self, key: Key, table: Iterable[str], known: Iterable[str]) -> None:
        names = list(known)
        for name in table:
            if name not in names:
                self.note((*key, name), f"is not known here; {did_you_mean(name, names)}")

    def struct(self, cls: type[_S], key: Key, value: Any, given: dict[str, Any] | None = None) -> _S | None:
        """Read a table as `cls`; `given` are fields that are read already and no keys of the file."""
        before = len(self.problems)
        table, fields = self.table(key, value), dict(given or {})
        if len(self.problems) > before:
            return None
        types = typing.get_type_hints(cls, include_extras=True)
        self.known(key, table, [name for name in types if name not in fields])
        for field in msgspec.structs.fields(cls):
            if field.name in fields:
                continue
            if field.name in table:
                fields[field.name] = self.value((*key, field.name), table[field.name], types[field.name])
            elif field.required:
                self.note((*key, field.name), f"is missing; it must be {_described(types[field.name])}")
        return cls(**fields) if len(self.problems) == before else None

    def value(self, key: Key, value: Any, kind: Any) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            self.note(key, f"must be {_described(kind)}, is {_shown(value)}")
            return None


def _described(kind: Any) -> str:
    """Return the description in an `Annotated` type, or in the one that an optional type holds."""
    for part in (kind, *typing.get_args(kind)):
        for note in getattr(part, "__metadata__", ()):
            return str(note.description)
    return str(kind)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, str | int | float) else str(value)


def _dotted(key: Key) -> str:
    """Return ("assignments", "neuron", "exercises", 3) as `assignments.neuron.exercises[3]`."""
    parts = (
        f"[{part}]" if isinstance(part, int) else "." + (part if re.fullmatch(r"[\w-]+", part) else repr(part))
        for part in key
    )
    return "".join(parts).removeprefix(".")
