"""`autograder comment-pr`."""

from __future__ import annotations

import click

from autograder.course import load_course


@click.command("comment-pr")
@click.option("--run", required=True, type=int, metavar="ID", help="The workflow run that graded.")
@click.option("--head", required=True, metavar="SHA", help="The commit that it graded.")
@click.option("--owner", required=True, metavar="NAME", help="Who owns the repository that the change is in.")
@click.option("--branch", required=True, metavar="NAME", help="The branch there.")
@click.pass_obj
def command(course_folder: str, run: int, head: str, owner: str, branch: str) -> int:
    """Put the result of a graded pull request into one comment under it, in a workflow of GitHub Actions.

    The result is data from a run that a student may have rewritten: it is checked against the course, and marked "not
    trusted" when the pull request changes anything beside the released modules and notebooks.
    """
    from autograder.pull_request.host import Host
    from autograder.pull_request.publish import publish

    click.echo(
        publish(Host.from_environment(), load_course(course_folder), run=run, head=head, owner=owner, branch=branch)
    )
    return 0
