"""The weighted sum of every example, plus the bias."""

import numpy as np

from autograder.kit import arrays, check_close, exercise, floats, given, snapshot, stand_in

from . import oracle

stand_in("weighted-sum", weighted_sum=oracle.weighted_sum)


@exercise("weighted-sum", weight=2, examples=20)
@given(x=arrays("N D"), w=arrays("D"), b=floats(-2, 2))
def test_values(submission, x, w, b):
    """Each entry is the sum of a row's products with the weights, plus the bias."""
    size_of_terms = oracle.weighted_sum(abs(x), abs(w), abs(b))
    check_close(submission.weighted_sum(x, w, b), oracle.weighted_sum(x, w, b), magnitude=size_of_terms)


@exercise("weighted-sum")
def test_one_of_a_kind(submission):
    """One example, or one feature, still gives a vector."""
    one_row = np.array([[2.0, -1.0, 0.5]])
    check_close(submission.weighted_sum(one_row, np.array([1.0, 3.0, 4.0]), -2.0), np.array([-1.0]))
    one_column = np.array([[2.0], [-1.5]])
    check_close(submission.weighted_sum(one_column, np.array([3.0]), 1.0), np.array([7.0, -3.5]))
    check_close(submission.weighted_sum(np.array([[2.0]]), np.array([3.0]), 1.0), np.array([7.0]))


@exercise("weighted-sum")
def test_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    x, same_shape = np.array([[3, -2], [0, 5], [1, 1]]), np.array([[3, 4], [-2, 0], [1, -6]])
    first = submission.weighted_sum(x, np.array([2, 7]), 0.75)
    check_close(submission.weighted_sum(same_shape, np.array([2, 7]), 0.75), np.array([34.75, -3.25, -39.25]))
    check_close(snapshot(first), np.array([-7.25, 35.75, 9.75]))
    check_close(submission.weighted_sum(x, np.array([0.5, 0.1]), -0.3), np.array([1.0, 0.2, 0.3]))


@exercise("weighted-sum")
def test_views(submission):
    """A transposed or a strided array counts by its indices, wherever its numbers lie in memory."""
    transposed = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).T
    strided_weights = np.array([10.0, 77.0, 1.0, 77.0])[::2]
    check_close(submission.weighted_sum(transposed, strided_weights, 0.5), np.array([14.5, 25.5, 36.5]))


@exercise("weighted-sum")
def test_many(submission):
    """A thousand examples, or a hundred features, are no different; numbers and bias may be 0 or large."""
    long = 1e4 * np.sin(np.arange(2002.0)).reshape(1001, 2)  # batches of 10, 50 or 100 leave one example over
    wide = np.sin(np.arange(202.0)).reshape(2, 101)
    for x, w, b in ((long, np.array([3e4, -2e4]), -5e4), (wide, np.cos(np.arange(101.0)), 0.0)):
        size_of_terms = oracle.weighted_sum(abs(x), abs(w), abs(b))
        check_close(submission.weighted_sum(x, w, b), oracle.weighted_sum(x, w, b), magnitude=size_of_terms)
