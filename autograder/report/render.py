"""The templates, with everything escaped that is not HTML by its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.errors import UsageError
from autograder.feedback.html import Safe

if TYPE_CHECKING:
    from collections.abc import Callable


def render(name: str, **values: Any) -> str:
    """Render a template of this package. Raises `UsageError` where Jinja2 is not installed."""
    try:
        import jinja2  # noqa: PLC0415 - pages are the instructor's, and an extra
    except ImportError:
        message = "pages need Jinja2: pip install jinja2"
        raise UsageError(message) from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(**{key: _marked(value) for key, value in values.items()})


def _marked(value: Any) -> Any:
    """HTML of this package's own making as Jinja2 knows it."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

    if isinstance(value, Safe):
        return Markup(value)  # noqa: S704 - it is escaped where it is made
    if callable(value):
        return _marking(value)
    return value


def _marking(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: _marked(function(*args))
