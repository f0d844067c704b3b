"""`autograder grade-pr`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import BelowPassingError, GraderError, ProtectedError
from autograder.feedback.text import clean

if TYPE_CHECKING:
    from autograder.pull_request.run import Outcome

_REPORT_WIDTH = 100


@click.command("grade-pr")
@click.option("--base", required=True, metavar="REV", help="The branch or commit that the change is for.")
@click.option("--head", required=True, metavar="REV", help="The student's commit.")
@click.option(
    "--repo", type=click.Path(path_type=Path), default=Path(), help="The repository; the current one by default."
)
@click.option(
    "--passing", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail (4) below this in any assignment."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A folder for report.json, junit.xml and comment.md."
)
@click.option("--student", default="student", metavar="ID", help="Whose work it is.")
@click.option("--trust-submissions", is_flag=True, help="Grade even where student code cannot be locked in.")
def command(
    base: str,
    head: str,
    repo: Path,
    passing: float | None,
    output: Path | None,
    student: str,
    trust_submissions: bool,  # noqa: FBT001 - click passes flags by position or name
) -> int:
    """Grade what a pull request changes, with the tests, configuration and limits of its base.

    Of the head only the released modules and notebooks are read, as git objects; nothing of it is checked out or
    imported outside the sandbox. In GitHub Actions failures become annotations and the job's summary.

    Exit code 0 when it was graded, 3 when the grader failed, 4 below --passing, 5 when the change touches anything else
    than a student's own files: then it is refused and says what.
    """
    from autograder.pull_request.objects import Repository
    from autograder.pull_request.run import grade_change

    outcome = grade_change(
        Repository(repo),
        base,
        head,
        student=clean(student, 100) or "student",
        passing=passing,
        trust_submissions=trust_submissions,
    )
    if output:
        _write(output, outcome)
    _tell(outcome)
    report = outcome.report
    if report.violations:
        listed = "\n".join(f"{each.path}: {each.reason}" for each in report.violations)
        raise ProtectedError(f"nothing was graded, since the change is not only in your own files:\n{listed}")
    if not report.passed:
        raise BelowPassingError(f"below the passing score of {passing:g} %")
    return 0


def _write(folder: Path, outcome: Outcome) -> None:
    """Write what continuous integration keeps or shows."""
    from autograder.exports.junit import junit
    from autograder.grading.result import encode_result
    from autograder.grading.store import write_atomically
    from autograder.pull_request.markdown import comment
    from autograder.pull_request.report import encode_report

    for old in folder.glob("result-*.json"):
        old.unlink()
    files = {each.assignment.name: each.filename for each in outcome.graded}
    write_atomically(folder / "report.json", encode_report(outcome.report))
    write_atomically(folder / "comment.md", comment(outcome.report, outcome.course).encode())
    write_atomically(folder / "junit.xml", junit(outcome.report.results, files))
    for result in outcome.report.results:
        write_atomically(folder / f"result-{result.assignment}.json", encode_result(result))


def _tell(outcome: Outcome) -> None:
    """Print the report, and for GitHub Actions its annotations and the job's summary."""
    from autograder.pull_request.annotations import annotations, fenced, refusals

    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    text = _log(outcome)
    click.echo(fenced(text) if in_actions else text)
    if not in_actions:
        return
    for line in [*refusals(outcome.report.violations), *annotations(outcome.graded)]:
        click.echo(line)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        from autograder.pull_request.markdown import comment

        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(comment(outcome.report, outcome.course))
        except OSError as error:
            raise GraderError(f"{summary}: {error.strerror}") from None


def _log(outcome: Outcome) -> str:
    from io import StringIO

    from rich.console import Console

    from autograder.feedback.terminal import student_report

    out = StringIO()
    console = Console(file=out, width=_REPORT_WIDTH, no_color=True, highlight=False)
    if not outcome.graded and not outcome.report.violations:
        console.print("no assignment is changed, so nothing was graded")
    for graded in outcome.graded:
        console.print(f"{graded.assignment.title} ({graded.assignment.name})", markup=False)
        console.print(student_report(graded.result, filename=graded.filename))
        console.print(f"isolation: {graded.result.run.isolation}", markup=False)
        if graded.result.output.strip():
            console.print("what the code printed:")
            console.print(graded.result.output, markup=False)
    return out.getvalue()
