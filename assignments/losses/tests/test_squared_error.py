"""The mean squared error and its gradient."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    check_raises,
    exercise,
    given,
    gradient,
    snapshot,
    stand_in,
    upstream,
)

from . import oracle
from .drawing import UNEQUAL, sizes, spread, turned

stand_in("mse", mean_squared_error=oracle.mean_squared_error)
stand_in(
    "mse-backward",
    mean_squared_error_backward=lambda a, b: gradient(lambda a: oracle.mean_squared_error_of(a, b), a)[0],
)


@exercise("mse")
@given(y_pred=arrays(), y_true=upstream("y_pred", scale=3.0))
def test_mse_values(submission, y_pred, y_true):
    """The loss is the mean over all elements of (y_pred - y_true)², whatever the shape."""
    check_close(submission.mean_squared_error(y_pred, y_true), oracle.mean_squared_error(y_pred, y_true))


@exercise("mse")
def test_mse_of_integers(submission):
    """Integers count like the real numbers that they are, large ones too."""
    y_pred, y_true = np.array([3, -1, 4, 4]), np.array([2, 0, 4, 5])
    check_close(submission.mean_squared_error(y_pred, y_true), 0.75)
    y_pred, y_true = np.array([4_000_000_000, 3]), np.array([-4_000_000_000, 5])
    check_close(submission.mean_squared_error(y_pred, y_true), oracle.mean_squared_error(y_pred, y_true))


@exercise("mse")
def test_mse_of_small_differences(submission):
    """Large numbers that lie close together lose nothing."""
    y_pred, y_true = np.array([10_000.001, 10_000.0, 9_999.0]), np.array([10_000.0, 10_000.002, 9_999.001])
    check_close(submission.mean_squared_error(y_pred, y_true), oracle.mean_squared_error(y_pred, y_true))


@exercise("mse")
def test_mse_of_transposed_arrays(submission):
    """Entries are paired by index, however the arrays lie in memory."""
    y_pred, y_true = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 9.0]]).T
    check_close(submission.mean_squared_error(y_pred, y_true), 1.5)


@exercise("mse")
def test_mse_of_any_size(submission):
    """One prediction or a thousand, in one dimension or in five: the loss is the mean over all elements."""
    for y_pred in sizes(1.0):
        y_true = turned(spread(y_pred.shape, -1.0, 2.0))
        check_close(submission.mean_squared_error(y_pred, y_true), oracle.mean_squared_error(y_pred, y_true))


@exercise("mse")
def test_mse_of_unequal_shapes(submission):
    """Equal shapes have a loss; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        check_close(submission.mean_squared_error(np.ones(first), np.zeros(first)), 1.0)
        check_raises(submission.mean_squared_error(np.ones(first), np.zeros(second)), ValueError)


@exercise("mse-backward", examples=25)
@given(y_pred=arrays(), y_true=upstream("y_pred", scale=3.0))
def test_mse_gradient(submission, y_pred, y_true):
    """The gradient for y_pred agrees with numerical differentiation of the loss, whatever the shape."""
    got = submission.mean_squared_error_backward(y_pred, y_true)
    check_gradient(got, of=lambda y_pred: oracle.mean_squared_error_of(y_pred, y_true), at=y_pred)


@exercise("mse-backward")
def test_mse_gradient_of_integers(submission):
    """Integers count like the real numbers that they are, large ones too."""
    small, large = (np.array([3, -1, 4, 4]), np.array([2, 0, 4, 5])), (np.array([4_000_000_000]), np.array([-5]))
    for y_pred, y_true in (small, large):
        got = submission.mean_squared_error_backward(y_pred, y_true)
        check_gradient(got, of=lambda y_pred, y_true=y_true: oracle.mean_squared_error_of(y_pred, y_true), at=y_pred)


@exercise("mse-backward")
def test_mse_gradient_of_any_size(submission):
    """One prediction or a thousand, in one dimension or in five: each has its slope, which later calls leave alone."""
    pairs = [(y_pred, turned(spread(y_pred.shape, -1.0, 2.0))) for y_pred in sizes(1.0)]
    answers = [submission.mean_squared_error_backward(*pair) for pair in pairs]
    for got, (y_pred, y_true) in zip(answers, pairs, strict=True):
        of = lambda y_pred, y_true=y_true: oracle.mean_squared_error_of(y_pred, y_true)  # noqa: E731
        check_gradient(snapshot(got), of=of, at=y_pred)


@exercise("mse-backward")
def test_mse_gradient_of_unequal_shapes(submission):
    """Equal shapes have a gradient; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        got = submission.mean_squared_error_backward(np.ones(first), np.zeros(first))
        check_gradient(got, of=lambda y_pred: oracle.mean_squared_error_of(y_pred, 0 * y_pred), at=np.ones(first))
        check_raises(submission.mean_squared_error_backward(np.ones(first), np.zeros(second)), ValueError)
