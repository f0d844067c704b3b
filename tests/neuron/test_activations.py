"""The activations: functions of one number, applied entry by entry to arrays of any shape."""

import numpy as np

from autograder.kit import arrays, check_close, check_no_warning, exercise, floats, given, stand_in

from . import oracle

stand_in("sigmoid", sigmoid=oracle.sigmoid)
stand_in("tanh", tanh=oracle.tanh)
stand_in("relu", relu=oracle.relu)
stand_in("leaky-relu", leaky_relu=oracle.leaky_relu)

INTEGERS = np.array([[-3, 0, 1], [2, -1, 30]])
SAME_SHAPE = np.array([[5, -4, 0], [-25, 3, -2]])
TRANSPOSED = np.array([[-3.0, 0.5, 1.25], [2.5, -1.5, 0.25]]).T
REVERSED = np.array([[[[-0.5, 3.0], [1.0, -2.0]]]])[..., ::-1]


@exercise("sigmoid", weight=2, examples=20)
@given(z=arrays(scale=3.0))
def test_sigmoid_values(submission, z):
    """Each entry is 1 / (1 + e^-z)."""
    check_close(submission.sigmoid(z), oracle.sigmoid(z), rtol=1e-12, atol=0)


@exercise("sigmoid", examples=20)
@given(z=arrays(between=(-700, 700)))
def test_sigmoid_tails(submission, z):
    """Twelve digits are right even where the value is as small as e^-700."""
    check_close(submission.sigmoid(z), oracle.sigmoid(z), rtol=1e-12, atol=0)


@exercise("sigmoid")
def test_sigmoid_last_digits(submission):
    """Twelve digits are right up to the very end of the range."""
    z = np.array([-700.0, -699.5, -695.25, -690.5, -650.0, -500.0, 700.0])
    check_close(submission.sigmoid(z), oracle.sigmoid(z), rtol=1e-12, atol=0)


@exercise("sigmoid")
def test_sigmoid_extremes(submission):
    """Very large and very small numbers give 1 and 0, without a warning."""
    z = np.array([-10000.0, -1000.0, -710.0, -700.0, -37.0, 0.0, 37.0, 700.0, 710.0, 1000.0, 10000.0])
    got = submission.sigmoid(z)
    check_close(got, oracle.sigmoid(z))
    check_no_warning(got)


@exercise("sigmoid")
def test_sigmoid_integers(submission):
    """Integers count like the real numbers that they are."""
    for z in (INTEGERS, SAME_SHAPE):
        check_close(submission.sigmoid(z), oracle.sigmoid(z), rtol=1e-12, atol=0)


@exercise("sigmoid")
def test_sigmoid_views(submission):
    """The result is shaped as z and in its order, also for transposed and reversed arrays."""
    check_close(submission.sigmoid(TRANSPOSED), oracle.sigmoid(TRANSPOSED))
    check_close(submission.sigmoid(REVERSED), oracle.sigmoid(REVERSED))


@exercise("tanh", weight=2, examples=20)
@given(z=arrays())
def test_tanh_values(submission, z):
    """Each entry is (e^z - e^-z) / (e^z + e^-z)."""
    check_close(submission.tanh(z), oracle.tanh(z))


@exercise("tanh")
def test_tanh_extremes(submission):
    """Very large and very small numbers give 1 and -1."""
    z = np.array([-10000.0, -1000.0, -400.0, -20.0, -7.5, 0.0, 7.5, 20.0, 400.0, 1000.0, 10000.0])
    check_close(submission.tanh(z), oracle.tanh(z))


@exercise("tanh")
def test_tanh_integers(submission):
    """Integers count like the real numbers that they are."""
    for z in (INTEGERS, SAME_SHAPE):
        check_close(submission.tanh(z), oracle.tanh(z))


@exercise("tanh")
def test_tanh_views(submission):
    """The result is shaped as z and in its order, also for transposed and reversed arrays."""
    check_close(submission.tanh(TRANSPOSED), oracle.tanh(TRANSPOSED))
    check_close(submission.tanh(REVERSED), oracle.tanh(REVERSED))


@exercise("relu", weight=2, examples=20)
@given(z=arrays())
def test_relu_values(submission, z):
    """Positive entries stay as they are, all others become 0."""
    check_close(submission.relu(z), oracle.relu(z))


@exercise("relu")
def test_relu_corner(submission):
    """0 stays 0, and right beside it the two straight lines begin."""
    z = np.array([-0.5, -1e-3, -0.0, 0.0, 1e-3, 0.5])
    check_close(submission.relu(z), np.array([0.0, 0.0, 0.0, 0.0, 1e-3, 0.5]))


@exercise("relu")
def test_relu_integers(submission):
    """Integers count like the real numbers that they are."""
    for z in (INTEGERS, SAME_SHAPE):
        check_close(submission.relu(z), oracle.relu(z))


@exercise("relu")
def test_relu_views(submission):
    """The result is shaped as z and in its order, also for transposed and reversed arrays."""
    check_close(submission.relu(TRANSPOSED), oracle.relu(TRANSPOSED))
    check_close(submission.relu(REVERSED), oracle.relu(REVERSED))


@exercise("leaky-relu", weight=2, examples=20)
@given(z=arrays(), negative_slope=floats(0, 1))
def test_leaky_relu_values(submission, z, negative_slope):
    """Positive entries stay as they are, all others are multiplied by the slope."""
    check_close(submission.leaky_relu(z, negative_slope), oracle.leaky_relu(z, negative_slope))


@exercise("leaky-relu")
def test_leaky_relu_default(submission):
    """Without a slope, one hundredth leaks through."""
    z = np.array([-200.0, -0.5, 0.0, 0.5, 200.0])
    check_close(submission.leaky_relu(z), np.array([-2.0, -0.005, 0.0, 0.5, 200.0]))


@exercise("leaky-relu")
def test_leaky_relu_ends(submission):
    """A slope of 0 is the plain ReLU, a slope of 1 changes nothing."""
    z = np.array([[-3.0, 0.0, 1.5], [2.0, -0.25, -4.0]])
    check_close(submission.leaky_relu(z, negative_slope=0.0), np.array([[0.0, 0.0, 1.5], [2.0, 0.0, 0.0]]))
    check_close(submission.leaky_relu(z, negative_slope=1.0), z)


@exercise("leaky-relu")
def test_leaky_relu_integers(submission):
    """Integers count like the real numbers that they are, and fractions of them are not cut off."""
    for z in (INTEGERS, SAME_SHAPE):
        check_close(submission.leaky_relu(z), oracle.leaky_relu(z))
        check_close(submission.leaky_relu(z, 0.25), oracle.leaky_relu(z, 0.25))


@exercise("leaky-relu")
def test_leaky_relu_views(submission):
    """The result is shaped as z and in its order, also for transposed and reversed arrays."""
    check_close(submission.leaky_relu(TRANSPOSED, 0.1), oracle.leaky_relu(TRANSPOSED, 0.1))
    check_close(submission.leaky_relu(REVERSED, 0.1), oracle.leaky_relu(REVERSED, 0.1))
