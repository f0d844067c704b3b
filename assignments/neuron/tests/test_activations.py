"""The activations: functions of one number, applied entry by entry to arrays of any shape."""

import numpy as np

from autograder.kit import arrays, check_close, check_no_warning, exercise, floats, given, snapshot, stand_in

from . import oracle

stand_in("sigmoid", sigmoid=oracle.sigmoid)
stand_in("tanh", tanh=oracle.tanh)
stand_in("relu", relu=oracle.relu)
stand_in("leaky-relu", leaky_relu=oracle.leaky_relu)

INTEGERS = np.array([[-3, 0, 1], [2, -1, 30]])
SAME_SHAPE = np.array([[5, -4, 0], [-25, 3, -2]])
TRANSPOSED = np.array([[-3.0, 0.5, 1.25], [2.5, -1.5, 0.25]]).T
REVERSED = np.array([[[[-0.5, 3.0], [1.0, -2.0]]]])[..., ::-1]
ONE = np.array([0.75])
MANY = np.tile(np.linspace(-6.5, 6.25, 143), 7)  # 1,001 entries: batches of 10, 50 or 100 leave one over
FIVE_DIMENSIONS = np.linspace(3.0, -2.0, 12).reshape(2, 1, 3, 1, 2)
SHAPES = (ONE, TRANSPOSED, REVERSED, FIVE_DIMENSIONS, MANY)


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
    z = np.array([-10000, -1000, -710, -700, -37, 0, 37, 700, 710, 1000, 10000])
    for numbers in (z.astype(np.float64), z[:, np.newaxis]):
        got = submission.sigmoid(numbers)
        check_close(got, oracle.sigmoid(numbers))
        check_no_warning(got)


@exercise("sigmoid")
def test_sigmoid_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first, second = submission.sigmoid(INTEGERS), submission.sigmoid(SAME_SHAPE)
    check_close(snapshot(first), oracle.sigmoid(INTEGERS), rtol=1e-12, atol=0)
    check_close(second, oracle.sigmoid(SAME_SHAPE), rtol=1e-12, atol=0)


@exercise("sigmoid")
def test_sigmoid_shapes(submission):
    """The result is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for z in SHAPES:
        check_close(submission.sigmoid(z), oracle.sigmoid(z))


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
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first, second = submission.tanh(INTEGERS), submission.tanh(SAME_SHAPE)
    check_close(snapshot(first), oracle.tanh(INTEGERS))
    check_close(second, oracle.tanh(SAME_SHAPE))


@exercise("tanh")
def test_tanh_shapes(submission):
    """The result is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for z in SHAPES:
        check_close(submission.tanh(z), oracle.tanh(z))


@exercise("relu", weight=2, examples=20)
@given(z=arrays())
def test_relu_values(submission, z):
    """Positive entries stay as they are, all others become 0."""
    check_close(submission.relu(z), oracle.relu(z))


@exercise("relu")
def test_relu_corner(submission):
    """0 stays 0, right beside it the two straight lines begin, and neither of them ends."""
    z = np.array([-1e12, -0.5, -1e-3, -1e-6, -5e-9, -0.0, 0.0, 5e-9, 1e-6, 1e-3, 0.5, 1e12])
    check_close(submission.relu(z), np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5e-9, 1e-6, 1e-3, 0.5, 1e12]))


@exercise("relu")
def test_relu_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first, second = submission.relu(INTEGERS), submission.relu(SAME_SHAPE)
    check_close(snapshot(first), oracle.relu(INTEGERS))
    check_close(second, oracle.relu(SAME_SHAPE))


@exercise("relu")
def test_relu_shapes(submission):
    """The result is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for z in SHAPES:
        check_close(submission.relu(z), oracle.relu(z))


@exercise("leaky-relu", weight=2, examples=20)
@given(z=arrays(), negative_slope=floats(0, 1))
def test_leaky_relu_values(submission, z, negative_slope):
    """Positive entries stay as they are, all others are multiplied by the slope."""
    check_close(submission.leaky_relu(z, negative_slope), oracle.leaky_relu(z, negative_slope))


@exercise("leaky-relu")
def test_leaky_relu_default(submission):
    """Without a slope, one hundredth leaks through, however small or large the number is."""
    z = np.array([-1e12, -200.0, -0.5, -1e-6, -5e-9, 0.0, 5e-9, 1e-6, 0.5, 200.0, 1e12])
    due = np.array([-1e10, -2.0, -0.005, -1e-8, -5e-11, 0.0, 5e-9, 1e-6, 0.5, 200.0, 1e12])
    check_close(submission.leaky_relu(z), due)


@exercise("leaky-relu")
def test_leaky_relu_ends(submission):
    """A slope of 0 is the plain ReLU, a slope of 1 changes nothing."""
    z = np.array([[-3.0, 0.0, 1.5], [2.0, -0.25, -4.0]])
    check_close(submission.leaky_relu(z, negative_slope=0.0), np.array([[0.0, 0.0, 1.5], [2.0, 0.0, 0.0]]))
    check_close(submission.leaky_relu(z, negative_slope=1.0), z)


@exercise("leaky-relu")
def test_leaky_relu_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first, second = submission.leaky_relu(INTEGERS, 0.25), submission.leaky_relu(SAME_SHAPE, 0.25)
    check_close(snapshot(first), oracle.leaky_relu(INTEGERS, 0.25))
    check_close(second, oracle.leaky_relu(SAME_SHAPE, 0.25))
    check_close(submission.leaky_relu(INTEGERS), oracle.leaky_relu(INTEGERS))


@exercise("leaky-relu")
def test_leaky_relu_shapes(submission):
    """The result is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for z in SHAPES:
        check_close(submission.leaky_relu(z, 0.1), oracle.leaky_relu(z, 0.1))
