"""The activations' backward functions: the upstream gradient times the slope, entry by entry."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    check_that,
    exercise,
    floats,
    given,
    snapshot,
    stand_in,
    upstream,
)

from . import oracle

INTEGERS = np.array([[-3, 4, 1], [2, -1, 30]])
SAME_SHAPE = np.array([[5, -4, 3], [-25, 2, -2]])
INTEGER_UPSTREAM = np.array([[5, -7, 2], [-1, 3, -2]])
TRANSPOSED = np.array([[-3.0, 0.5, 1.25], [2.5, -1.5, 0.25]]).T
TRANSPOSED_UPSTREAM = np.array([[0.5, -2.0, 1.0], [3.0, 0.0, -0.25]]).T
REVERSED_UPSTREAM = np.array([[2.0, -1.0], [0.5, 30.0], [-4.0, 0.25]])[::-1]
MANY = np.tile(np.linspace(-6.5, 6.25, 143), 7)  # 1,001 entries: batches of 10, 50 or 100 leave one over
SHAPES = (  # of pairs of an upstream gradient and z
    (np.array([-2.0]), np.array([0.75])),
    (REVERSED_UPSTREAM, TRANSPOSED),
    (TRANSPOSED_UPSTREAM, TRANSPOSED),
    (np.linspace(-6e3, 5e3, 12).reshape(2, 1, 3, 1, 2), np.linspace(3.0, -2.0, 12).reshape(2, 1, 3, 1, 2)),
    (np.sin(np.arange(1001.0)), MANY),
)
AT_THE_KINK = np.array([-2.0, 0.0, 0.0, 3.0, -0.0, -1e-4, 1e-4, -1e-9, 1e-9, -1e-12, 1e-12, -1e-20, 1e-20])
UPSTREAM_AT_THE_KINK = np.array([10.0, 3.0, -5.0, 10.0, 0.5, 2.0, 3.0, -1.0, 4.0, 2.0, -3.0, 1.0, -2.0])


def times_slope(f):
    """Make a backward function that finds the slope of f by an imaginary step."""
    return lambda dout, z, *args, **options: dout * oracle.slope(lambda z: f(z, *args, **options), z)


stand_in("sigmoid-backward", sigmoid_backward=times_slope(oracle.sigmoid))
stand_in("tanh-backward", tanh_backward=times_slope(oracle.tanh))
stand_in("relu-backward", relu_backward=times_slope(oracle.relu))
stand_in("leaky-relu-backward", leaky_relu_backward=times_slope(oracle.leaky_relu))


def check_kink(got, lowest):
    """Check that every slope is the due one, and at exactly 0 one from `lowest` to 1."""
    dout, z = UPSTREAM_AT_THE_KINK, AT_THE_KINK

    def is_between(got):
        check_close(got, dout, atol=np.inf)  # an array of this shape
        slopes = (got / dout)[z == 0]
        return bool((slopes >= lowest - 1e-9).all() and (slopes <= 1 + 1e-9).all())

    check_that(is_between, got, says=f"at exactly 0 the gradient must be dout times a number from {lowest:g} to 1")
    check_close(got[z != 0], (dout * np.where(z > 0, 1.0, lowest))[z != 0])


@exercise("sigmoid-backward", weight=2, examples=20)
@given(z=arrays(scale=3.0), dout=upstream("z"))
def test_sigmoid_gradient(submission, z, dout):
    """The gradient of sum(dout * sigmoid(z)) agrees with numerical differentiation."""
    got = submission.sigmoid_backward(dout, z)
    check_gradient(got, of=lambda z: (dout * oracle.sigmoid(z)).sum(), at=z, relative_to=dout)


@exercise("sigmoid-backward", examples=10)
@given(z=arrays(between=(-700, 700)), dout=upstream("z", scale=1e-3))
def test_sigmoid_gradient_tails(submission, z, dout):
    """The gradient is right far from 0 too, where the curve is flat."""
    got = submission.sigmoid_backward(dout, z)
    check_gradient(got, of=lambda z: (dout * oracle.sigmoid(z)).sum(), at=z, relative_to=dout)


@exercise("sigmoid-backward")
def test_sigmoid_gradient_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first = submission.sigmoid_backward(INTEGER_UPSTREAM, INTEGERS)
    second = submission.sigmoid_backward(INTEGER_UPSTREAM, SAME_SHAPE)
    for got, z in ((snapshot(first), INTEGERS), (second, SAME_SHAPE)):
        check_gradient(got, of=lambda z: (INTEGER_UPSTREAM * oracle.sigmoid(z)).sum(), at=z)


@exercise("sigmoid-backward")
def test_sigmoid_gradient_shapes(submission):
    """The gradient is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for dout, z in SHAPES:
        got = submission.sigmoid_backward(dout, z)
        check_close(got, times_slope(oracle.sigmoid)(dout, z), relative_to=dout)


@exercise("tanh-backward", weight=2, examples=20)
@given(z=arrays(scale=2.0), dout=upstream("z"))
def test_tanh_gradient(submission, z, dout):
    """The gradient of sum(dout * tanh(z)) agrees with numerical differentiation."""
    got = submission.tanh_backward(dout, z)
    check_gradient(got, of=lambda z: (dout * oracle.tanh(z)).sum(), at=z, relative_to=dout)


@exercise("tanh-backward", examples=10)
@given(z=arrays(between=(-700, 700)), dout=upstream("z", scale=1e-3))
def test_tanh_gradient_tails(submission, z, dout):
    """The gradient is right far from 0 too, where the curve is flat."""
    got = submission.tanh_backward(dout, z)
    check_gradient(got, of=lambda z: (dout * oracle.tanh(z)).sum(), at=z, relative_to=dout)


@exercise("tanh-backward")
def test_tanh_gradient_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first = submission.tanh_backward(INTEGER_UPSTREAM, INTEGERS)
    second = submission.tanh_backward(INTEGER_UPSTREAM, SAME_SHAPE)
    for got, z in ((snapshot(first), INTEGERS), (second, SAME_SHAPE)):
        check_gradient(got, of=lambda z: (INTEGER_UPSTREAM * oracle.tanh(z)).sum(), at=z)


@exercise("tanh-backward")
def test_tanh_gradient_shapes(submission):
    """The gradient is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for dout, z in SHAPES:
        got = submission.tanh_backward(dout, z)
        check_close(got, times_slope(oracle.tanh)(dout, z), relative_to=dout)


@exercise("relu-backward", weight=2, examples=20)
@given(z=arrays(away_from=(0.0,)), dout=upstream("z"))
def test_relu_gradient(submission, z, dout):
    """The gradient of sum(dout * relu(z)) agrees with numerical differentiation."""
    got = submission.relu_backward(dout, z)
    check_gradient(got, of=lambda z: (dout * oracle.relu(z)).sum(), at=z, relative_to=dout)


@exercise("relu-backward")
def test_relu_gradient_at_the_kink(submission):
    """At exactly 0 the gradient is dout times any number from 0 to 1."""
    check_kink(submission.relu_backward(UPSTREAM_AT_THE_KINK, AT_THE_KINK), lowest=0.0)


@exercise("relu-backward")
def test_relu_gradient_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first = submission.relu_backward(INTEGER_UPSTREAM, INTEGERS)
    second = submission.relu_backward(INTEGER_UPSTREAM, SAME_SHAPE)
    for got, z in ((snapshot(first), INTEGERS), (second, SAME_SHAPE)):
        check_gradient(got, of=lambda z: (INTEGER_UPSTREAM * oracle.relu(z)).sum(), at=z)
    got = submission.relu_backward(INTEGER_UPSTREAM / 4, INTEGERS)
    check_gradient(got, of=lambda z: (INTEGER_UPSTREAM / 4 * oracle.relu(z)).sum(), at=INTEGERS)


@exercise("relu-backward")
def test_relu_gradient_shapes(submission):
    """The gradient is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for dout, z in SHAPES:
        got = submission.relu_backward(dout, z)
        check_close(got, times_slope(oracle.relu)(dout, z), relative_to=dout)


@exercise("leaky-relu-backward", weight=2, examples=20)
@given(z=arrays(away_from=(0.0,)), dout=upstream("z"), negative_slope=floats(0, 1))
def test_leaky_relu_gradient(submission, z, dout, negative_slope):
    """The gradient of sum(dout * leaky_relu(z)) agrees with numerical differentiation."""
    got = submission.leaky_relu_backward(dout, z, negative_slope)
    check_gradient(got, of=lambda z: (dout * oracle.leaky_relu(z, negative_slope)).sum(), at=z, relative_to=dout)


@exercise("leaky-relu-backward")
def test_leaky_relu_gradient_default(submission):
    """Without a slope, one hundredth of the gradient leaks through."""
    z, dout = np.array([-200.0, -0.5, 0.5, 200.0]), np.array([3.0, -2.0, -1.0, 4.0])
    check_close(submission.leaky_relu_backward(dout, z), np.array([0.03, -0.02, -1.0, 4.0]))


@exercise("leaky-relu-backward")
def test_leaky_relu_gradient_ends(submission):
    """A slope of 0 is the plain ReLU's, a slope of 1 lets every gradient pass."""
    z, dout = np.array([[-3.0, 1.5], [2.0, -0.25]]), np.array([[2.0, -4.0], [0.5, -30.0]])
    check_close(submission.leaky_relu_backward(dout, z, negative_slope=0.0), np.array([[0.0, -4.0], [0.5, 0.0]]))
    check_close(submission.leaky_relu_backward(dout, z, negative_slope=1.0), dout)


@exercise("leaky-relu-backward")
def test_leaky_relu_gradient_at_the_kink(submission):
    """At exactly 0 the gradient is dout times any number from the slope to 1."""
    check_kink(submission.leaky_relu_backward(UPSTREAM_AT_THE_KINK, AT_THE_KINK, 0.3), lowest=0.3)


@exercise("leaky-relu-backward")
def test_leaky_relu_gradient_integers(submission):
    """Integers count like the real numbers that they are, and an answer stays when another call follows."""
    first = submission.leaky_relu_backward(INTEGER_UPSTREAM, INTEGERS, 0.25)
    second = submission.leaky_relu_backward(INTEGER_UPSTREAM, SAME_SHAPE, 0.25)
    for got, z in ((snapshot(first), INTEGERS), (second, SAME_SHAPE)):
        check_gradient(got, of=lambda z: (INTEGER_UPSTREAM * oracle.leaky_relu(z, 0.25)).sum(), at=z)


@exercise("leaky-relu-backward")
def test_leaky_relu_gradient_shapes(submission):
    """The gradient is shaped as z and in its order, for one entry or a thousand, for transposed and reversed arrays."""
    for dout, z in SHAPES:
        got = submission.leaky_relu_backward(dout, z, 0.1)
        check_close(got, times_slope(oracle.leaky_relu)(dout, z, 0.1), relative_to=dout)
