"""`autograder new`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.course import find_root
from autograder.scaffold import new_assignment


@click.command("new")
@click.argument("assignment_name", metavar="ASSIGNMENT")
@click.option("--title", metavar="T", help="What students see; made of the name by default.")
@click.pass_obj
def command(course_folder: str, assignment_name: str, title: str | None) -> int:
    """Begin a new ASSIGNMENT: a small one that is sound and can be graded at once, for you to change.

    Writes the reference solution, typical mistakes and the notebook under solutions/, tests and oracle under tests/, an
    entry at the end of course.toml, and what students get under assignments/. docs/authoring.md goes on from there.
    """
    root = find_root(Path(course_folder))
    for path in new_assignment(root, assignment_name, title):
        click.echo(f"wrote {path.relative_to(root)}")
    click.echo(f"next: change solutions/{assignment_name}/ and tests/{assignment_name}/ as docs/authoring.md tells")
    return 0
