"""Arrays of equal entries."""

import numpy as np

from autograder.kit import check_close, exercise, floats, given, integers, sampled, snapshot, stand_in

from . import oracle

stand_in("zeros", zeros=oracle.zeros)
stand_in("constant", constant=oracle.constant)

SHAPES = ((3,), (1,), (2, 3), (4, 1), (1, 5), (2, 3, 4), (3, 3, 1, 2), (2, 1, 3, 1, 2), (1001,), (31, 40))
VALUES = (1 / 3, -2.5, 1e-4, -123456.789, 0.1, 0.0, 1e12, -1.0, 2 / 7, -1e-3)


@exercise("zeros")
def test_zeros_everywhere(submission):
    """Every entry is 0, in float64, in the shape asked for."""
    for shape in SHAPES:
        check_close(submission.zeros(shape), oracle.zeros(shape), dtype="float64")


@exercise("zeros", examples=6)
@given(shape=sampled((2, 3), (4,)), number=integers(1, 9))
def test_zeros_are_ones_own(submission, shape, number):
    """Each call gives a new array of zeros: writing to it changes nothing else, and no later call changes it."""
    first = submission.zeros(shape)
    first[...] = number
    second = submission.zeros(shape)
    for zeros in (first, second):
        check_close(zeros, oracle.zeros(shape))
    check_close(snapshot(first), oracle.constant(shape, number))


@exercise("constant", examples=10)
@given(shape=sampled(*SHAPES), value=floats(-3, 3))
def test_constant_everywhere(submission, shape, value):
    """Every entry is the value, in the shape asked for."""
    check_close(submission.constant(shape, value), oracle.constant(shape, value), rtol=1e-12, atol=0, dtype="float64")


@exercise("constant")
def test_constant_of_every_shape(submission):
    """Vectors, tables and kernels are filled with any value, large or small."""
    for shape, value in zip(SHAPES, VALUES, strict=True):
        got = submission.constant(shape, value)
        check_close(got, oracle.constant(shape, value), rtol=1e-12, atol=0, dtype="float64")


@exercise("constant", examples=10)
@given(shape=sampled(*SHAPES), value=integers(-4, 4))
def test_constant_from_an_int(submission, shape, value):
    """An int gives float64 entries, too."""
    check_close(submission.constant(shape, value), oracle.constant(shape, value), dtype="float64")


@exercise("constant")
def test_constant_is_ones_own(submission):
    """Each call gives a new array: writing to it changes nothing else, and no later call changes it."""
    first = submission.constant((2, 3), 0.25)
    first[0, 1] = 7.0
    check_close(submission.constant((2, 3), 0.25), oracle.constant((2, 3), 0.25))
    check_close(submission.constant((2, 3), -0.5), oracle.constant((2, 3), -0.5))
    check_close(snapshot(first), np.array([[0.25, 7.0, 0.25], [0.25, 0.25, 0.25]]))
