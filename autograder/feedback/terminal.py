"""Results for a terminal of 80 columns: colour where it can, the same words where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.console import Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from .likely import likely
from .text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from autograder.course import Assignment
    from autograder.grading.result import ExerciseResult, Failure, Result, TestResult
    from autograder.grading.run import Graded

LONGEST_NAME = 40
#: What a problem of loading says, and its state in a word or two.
_LOAD_STATES = {
    "is not valid Python": "syntax error",
    "never finishes": "import never ends",
    "ended Python": "exits on import",
    "imported": "cannot be imported",
}
MARKS = {
    "passed": ("✓", "green"),
    "partly": ("◐", "yellow"),
    "failed": ("✗", "red"),
    "stopped": ("✗", "red"),
    "waiting": ("…", "yellow"),
    "not-started": ("·", "dim"),
}
WORDS = {
    "passed": "right",
    "partly": "partly right",
    "failed": "not right yet",
    "waiting": "waits for another exercise",
    "not-started": "not written yet",
}


def points(value: float) -> str:
    """Points without trailing zeros, to two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def overview(result: Result) -> RenderableType:
    """A line for each exercise and the sum."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for exercise in result.exercises:
        mark, style = MARKS[exercise.state]
        table.add_row(
            Text(mark, style),
            Text(exercise.name),
            Text(f"{points(exercise.points)}/{points(exercise.max_points)}"),
            Text(_remark(exercise), "dim"),
        )
    total = Text.assemble(("  total ", "bold"), (f"{points(result.score)}/{points(result.max_score)}", "bold"))
    return Group(table, total)


def _remark(exercise: ExerciseResult) -> str:
    if exercise.state == "passed":
        return next((test.note for test in exercise.tests if test.note), "")
    wrong = sum(test.state != "passed" for test in exercise.tests)
    waiting = next((test.note for test in exercise.tests if test.state == "waiting"), "")
    if exercise.state == "waiting" and waiting:
        return waiting
    if exercise.state == "not-started":
        return WORDS["not-started"]
    return f"{wrong} of {len(exercise.tests)} tests {'fails' if wrong == 1 else 'fail'}"


def problem(result: Result) -> RenderableType:
    """Why nothing could be graded."""
    return Text.assemble(("✗ ", "red"), result.problem)


def first_failure(result: Result) -> tuple[ExerciseResult, TestResult] | None:
    """The first failure worth reading: of the first exercise that was tried and is not right."""
    tried = [exercise for exercise in result.exercises if exercise.state in ("failed", "partly")]
    for exercise in tried:
        for test in exercise.tests:
            if test.state in ("failed", "stopped") and test.failure is not None:
                return exercise, test
    return None


def failure(exercise: ExerciseResult, test: TestResult, *, filename: str) -> RenderableType:
    """One failed test: the property, the counterexample, expected and got, and where."""
    parts: list[RenderableType] = [
        Text.assemble(("✗ ", "red"), (exercise.name, "bold"), ": ", test.title),
    ]
    if exercise.hidden:
        parts.append(Text("  (details of this exercise are not shown)", "dim"))
        return Group(*parts)
    if test.failure is not None:
        parts += _details(test.failure, filename)
    elif test.note:
        parts.append(Text(f"  {test.note}"))
    label, said = likely(exercise)
    if said:
        hint = Text.assemble((f"{label}: ", "bold"), said)
        parts.append(Padding(hint, (1, 0, 0, 2)))
    return Group(*parts)


def _details(failed: Failure, filename: str) -> Iterable[RenderableType]:
    yield Padding(Text(failed.error or failed.says, "yellow"), (0, 0, 0, 2))
    if failed.error and failed.says and failed.kind not in ("raised", "unfinished"):
        yield Padding(Text(failed.says), (0, 0, 0, 2))
    for line in failed.lines[-1:]:
        where = f"in {line.function}" if line.function and line.function != "<module>" else ""
        yield Text(f"  {filename}, line {line.number} {where}".rstrip(), "dim")
    if failed.code:
        yield Padding(Syntax(failed.code, "python", background_color="default", word_wrap=True), (1, 0, 1, 4))
    if failed.expected:
        yield _labelled("expected", failed.expected, "green")
    if failed.got:
        yield _labelled("got", failed.got, "red")
    if failed.place and failed.expected_there:
        yield Text(f"  furthest off at {failed.place}: expected {failed.expected_there}, got {failed.got_there}", "dim")


def _labelled(label: str, value: str, style: str) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=10, justify="right")
    grid.add_column()
    grid.add_row(Text(label, "bold"), Text(value, style))
    return grid


def student_report(result: Result, *, filename: str) -> RenderableType:
    """What `autograder check` prints."""
    if result.problem:
        return problem(result)
    parts: list[RenderableType] = [overview(result)]
    found = first_failure(result)
    if found is not None:
        parts += [Text(), failure(*found, filename=filename)]
        others = sum(exercise.state in ("failed", "partly") for exercise in result.exercises) - 1
        if others:
            parts += [Text(), Text(f"{others} more to look at afterwards; name an exercise to see its failure.", "dim")]
    return Group(*parts)


# --- a class --------------------------------------------------------------------------------------------------------


def class_table(assignment: Assignment, outcomes: Sequence[Graded]) -> RenderableType:
    """Student, score by exercise, state and time; exercises are numbered to fit 80 columns."""
    exercises = [exercise for exercise in assignment.exercises if not exercise.written]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("student", no_wrap=True, overflow="ellipsis", max_width=14)
    for number in range(1, len(exercises) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    for graded in outcomes:
        table.add_row(*_class_row(graded, len(exercises)))
    legend = Columns([Text.assemble((f"{number} ", "bold"), part.name) for number, part in enumerate(exercises, 1)])
    return Group(table, Text(), legend)


def _class_row(graded: Graded, count: int) -> list[Text]:
    result = graded.result
    name = Text(clean(graded.student, LONGEST_NAME))
    if result is None:
        return [name, *[Text("")] * (count + 1), Text(""), Text("grader error", "bold magenta")]
    cells = [Text(points(exercise.points), _shade(exercise)) for exercise in result.exercises]
    score = Text(points(result.score), "bold")
    time = Text("-" if not graded.fresh else f"{result.run.seconds:.1f}s", "dim")
    return [name, *cells, score, time, _state(result)]


def _shade(exercise: ExerciseResult) -> str:
    if exercise.points == exercise.max_points:
        return "green"
    return "yellow" if exercise.points else "red"


def _state(result: Result) -> Text:
    """One or two words; what stopped the code comes before what it got wrong."""
    if result.state == "unreadable":
        return Text("nothing to grade", "red")
    if result.state == "does-not-load":
        return Text(_load_state(result), "red")
    stops = [
        test.failure.kind
        for exercise in result.exercises
        for test in exercise.tests
        if test.state == "stopped" and test.failure is not None
    ]
    if stops:
        return Text(stops[0], "red")
    if result.score == result.max_score:
        return Text("all right", "green")
    unwritten = sum(exercise.state == "not-started" for exercise in result.exercises)
    return Text("mostly unwritten", "dim") if 2 * unwritten > len(result.exercises) else Text("graded")


def _load_state(result: Result) -> str:
    for words, state in _LOAD_STATES.items():
        if words in result.problem:
            return state
    return "stopped"
