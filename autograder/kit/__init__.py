"""The test kit: what a course's test files import. See docs/authoring.md."""

from .checks import calls_of, check_close, check_gradient, check_no_warning, check_raises, check_share, check_that
from .differentiation import gradient
from .exercise import exercise, stand_in
from .failure import AuthorError, CheckFailed
from .statistics import check_distribution
from .strategies import (
    arrays,
    depending,
    dim,
    floats,
    given,
    integers,
    labels,
    one_hot,
    sampled,
    seeds,
    upstream,
)
from .trace import (
    barrier,
    callback,
    generator,
    generator_state,
    held,
    listed,
    may_change,
    setting_up,
    snapshot,
    unpack,
)

__all__ = [
    "AuthorError",
    "CheckFailed",
    "arrays",
    "barrier",
    "callback",
    "calls_of",
    "check_close",
    "check_distribution",
    "check_gradient",
    "check_no_warning",
    "check_raises",
    "check_share",
    "check_that",
    "depending",
    "dim",
    "exercise",
    "floats",
    "generator",
    "generator_state",
    "given",
    "gradient",
    "held",
    "integers",
    "labels",
    "listed",
    "may_change",
    "one_hot",
    "sampled",
    "seeds",
    "setting_up",
    "snapshot",
    "stand_in",
    "unpack",
    "upstream",
]
