"""The command `autograder`: parses, calls the library, prints."""

from __future__ import annotations

import os
import sys

import click

from autograder import __version__
from autograder.errors import EXIT_INTERRUPTED, AutograderError, did_you_mean

# Before NumPy is imported: on arrays as small as a course's, threads of the linear algebra library cost more than they
# give, and one thread adds up in one order everywhere.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

#: Commands by name, each in a module of this folder that is imported only when it is called.
COMMANDS = {
    "check": "check your own work before you hand it in",
    "comment-pr": "put the result of a graded pull request into a comment (continuous integration)",
    "export": "write results for a school's or a service's own format",
    "feedback": "write a page on every result, for the students",
    "grade": "grade what was handed in",
    "gradebook": "write nbgrader's gradebook from the results",
    "grade-pr": "grade a pull request in continuous integration",
    "new": "begin a new assignment",
    "release": "make the students' stubs from the solutions",
    "report": "write a page on the class, for the instructor",
    "validate": "say whether the course is sound",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = __import__(f"autograder.cli.{cmd_name.replace('-', '_')}", fromlist=["command"])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            ctx.fail(f"there is no command {args[0]!r}; {did_you_mean(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--course", "-C", "course", default=".", metavar="DIR", help="The course's folder, or one below it.")
@click.version_option(__version__)
@click.pass_context
def main_group(context: click.Context, course: str) -> None:
    """Grade the modules of a programming course, and show students why a test fails."""
    context.obj = course


def main(arguments: list[str] | None = None) -> None:
    """Run the command; every error that is raised on purpose becomes a line and an exit code."""
    try:
        code = main_group.main(arguments, standalone_mode=False)
    except AutograderError as error:
        _complain(str(error))
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _complain("interrupted; what was finished is kept, and the same command goes on from there")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"autograder: {line}", err=True)
