"""nbgrader's own commands and its formgrader, in this folder: everything is taken from course.toml.

Settings of your own go below the call. See docs/nbgrader.md.
"""

from pathlib import Path

from autograder.nbgrader.config import configure

configure(get_config(), Path(__file__).parent)  # noqa: F821 - nbgrader gives get_config to this file
