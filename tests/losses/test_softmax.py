"""Probabilities of classes, and their logarithms."""

import numpy as np

from autograder.kit import arrays, check_close, check_no_warning, exercise, given, snapshot, stand_in

from . import oracle
from .drawing import tables

stand_in("softmax", softmax=oracle.softmax)
stand_in("log-softmax", log_softmax=oracle.log_softmax)

FAR_APART = np.array([[10_000.0, 9_999.0, 9_990.0], [-9_999.0, -10_000.0, -9_999.5], [0.5, -0.5, 0.0]])
WIDE = np.array([[-10_000.0, 10_000.0, 0.0, 9_998.0], [800.0, 0.0, -800.0, 799.0]])


@exercise("softmax")
@given(z=arrays("N C"))
def test_softmax_values(submission, z):
    """Each entry is e^z divided by the sum of e^z over its row, so that each row sums to 1."""
    check_close(submission.softmax(z), oracle.softmax(z))


@exercise("softmax", examples=20)
@given(z=arrays("N C", between=(-10_000, 10_000)))
def test_softmax_of_large_logits(submission, z):
    """Logits up to ±10,000 are right, and NumPy has nothing to warn of."""
    got = submission.softmax(z)
    check_close(got, oracle.softmax(z))
    check_no_warning(got)


@exercise("softmax")
def test_softmax_row_by_row(submission):
    """Each row is right, and without a warning, however far away the other rows are."""
    for z in (FAR_APART, WIDE, FAR_APART[:1], FAR_APART[:, :1], np.array([[1_000, 999], [-3, -3]])):
        got = submission.softmax(z)
        check_close(got, oracle.softmax(z))
        check_no_warning(got)


@exercise("softmax")
def test_softmax_of_any_size(submission):
    """One row or a thousand, of one class or sixty, are right, and later calls leave an answer alone."""
    answers = [submission.softmax(z) for z in tables()]
    for got, z in zip(answers, tables(), strict=True):
        check_close(snapshot(got), oracle.softmax(z))


@exercise("log-softmax")
@given(z=arrays("N C"))
def test_log_softmax_values(submission, z):
    """Each entry is the logarithm of softmax."""
    check_close(submission.log_softmax(z), oracle.log_softmax(z))


@exercise("log-softmax", examples=20)
@given(z=arrays("N C", between=(-10_000, 10_000)))
def test_log_softmax_where_softmax_underflows(submission, z):
    """Where a probability is too small for a float64, its logarithm is still right."""
    check_close(submission.log_softmax(z), oracle.log_softmax(z))


@exercise("log-softmax")
def test_log_softmax_row_by_row(submission):
    """Each row is right, however far away the other rows are."""
    for z in (FAR_APART, WIDE, FAR_APART[:1], FAR_APART[:, :1], np.array([[1_000, 999], [-3, -3]])):
        check_close(submission.log_softmax(z), oracle.log_softmax(z))


@exercise("log-softmax")
def test_log_softmax_of_any_size(submission):
    """One row or a thousand, of one class or sixty, are right, and later calls leave an answer alone."""
    answers = [submission.log_softmax(z) for z in tables()]
    for got, z in zip(answers, tables(), strict=True):
        check_close(snapshot(got), oracle.log_softmax(z))
