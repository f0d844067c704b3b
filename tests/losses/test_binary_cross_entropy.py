"""The binary cross-entropy of probabilities and of logits, and the gradients."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    check_no_warning,
    check_raises,
    exercise,
    floats,
    given,
    gradient,
    snapshot,
    stand_in,
)

from . import oracle
from .drawing import UNEQUAL, bits, every_other, sizes

stand_in("bce", binary_cross_entropy=oracle.binary_cross_entropy)
stand_in(
    "bce-backward",
    binary_cross_entropy_backward=lambda p, y, eps=1e-7: gradient(
        lambda p: oracle.binary_cross_entropy_of(np.where((p.real > eps) & (p.real < 1 - eps), p, 0.5), y), p
    )[0],
)
stand_in("bce-with-logits", binary_cross_entropy_with_logits=oracle.binary_cross_entropy_with_logits)
stand_in(
    "bce-with-logits-backward",
    binary_cross_entropy_with_logits_backward=lambda z, y: gradient(
        lambda z: oracle.binary_cross_entropy_with_logits_of(z, y), z
    )[0],
)

EXTREMES = (
    *(-10_000.0, -9_999.9, -1_000.0, -710.0, -40.0, -26.5, -20.5, -16.0, -1.7, 0.0),
    *(1.7, 16.0, 20.5, 26.5, 40.0, 745.5, 1_000.0, 10_000.0),
)


# --- of probabilities -------------------------------------------------------------------------------------------------


@exercise("bce", examples=20)
@given(p=arrays("N D", between=(0, 1)), y=bits("p"))
def test_bce_values(submission, p, y):
    """Each element costs -log p where the label is 1 and -log(1 - p) where it is 0; the loss is their mean."""
    check_close(submission.binary_cross_entropy(p, y), oracle.binary_cross_entropy(p, y))


@exercise("bce", examples=20)
@given(p=arrays(between=(0, 1)), y=bits("p"), eps=floats(0.001, 0.3))
def test_bce_clipping(submission, p, y, eps):
    """Probabilities are clipped to [eps, 1 - eps], and those inside stay as they are."""
    y = y.astype(np.float64)
    check_close(submission.binary_cross_entropy(p, y, eps), oracle.binary_cross_entropy(p, y, eps))
    check_close(submission.binary_cross_entropy(p, y, eps=eps), oracle.binary_cross_entropy(p, y, eps))


@exercise("bce")
def test_bce_of_certainties(submission):
    """Probabilities of exactly 0 and 1 give a finite loss, right ones and wrong ones, whole numbers or not."""
    for certain in (0, 0.0, 1e-9, 1e-7, 1.1e-7, 2e-7, 1e-5):
        p = np.array([certain, 1 - certain])
        for y in (np.array([0, 1]), np.array([1, 0])):
            check_close(submission.binary_cross_entropy(p, y), oracle.binary_cross_entropy(p, y))
    p, y = np.array([0.0, 1e-12, 1e-9]), np.array([1, 1, 1])
    check_close(submission.binary_cross_entropy(p, y, eps=1e-10), oracle.binary_cross_entropy(p, y, 1e-10))


@exercise("bce")
def test_bce_of_any_size(submission):
    """One probability or a thousand, in one dimension or in five: the loss is the mean over all elements."""
    for p in sizes(0.5, 0.49):
        y = every_other(p)
        check_close(submission.binary_cross_entropy(p, y), oracle.binary_cross_entropy(p, y))


@exercise("bce")
def test_bce_of_unequal_shapes(submission):
    """Equal shapes have a loss; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        check_close(submission.binary_cross_entropy(np.full(first, 0.3), np.ones(first)), -np.log(0.3))
        check_raises(submission.binary_cross_entropy(np.full(first, 0.3), np.ones(second)), ValueError)


@exercise("bce-backward", examples=20)
@given(p=arrays("N D", between=(0.02, 0.98), integers=False), y=bits("p"))
def test_bce_gradient(submission, p, y):
    """The gradient for p agrees with numerical differentiation of the loss."""
    got = submission.binary_cross_entropy_backward(p, y)
    check_gradient(got, of=lambda p: oracle.binary_cross_entropy_of(p, y), at=p)


@exercise("bce-backward", examples=20)
@given(p=arrays(between=(0.31, 0.69), integers=False), y=bits("p"), eps=floats(0.001, 0.3))
def test_bce_gradient_inside(submission, p, y, eps):
    """Strictly between eps and 1 - eps the gradient does not depend on eps."""
    y = y.astype(np.float64)
    for got in (
        submission.binary_cross_entropy_backward(p, y, eps),
        submission.binary_cross_entropy_backward(p, y, eps=eps),
    ):
        check_gradient(got, of=lambda p: oracle.binary_cross_entropy_of(p, y), at=p)


@exercise("bce-backward")
def test_bce_gradient_near_certainty(submission):
    """Close to 0 and 1 the gradient is large, and right."""
    p = np.array([1.1e-7, 1 - 1.1e-7, 1e-5, 1 - 1e-5, 0.001, 0.999])
    for y in (np.array([1, 1, 1, 1, 1, 1]), np.array([0, 0, 0, 0, 0, 0]), np.array([1, 0, 1, 0, 1, 0])):
        got = submission.binary_cross_entropy_backward(p, y)
        check_gradient(got, of=lambda p, y=y: oracle.binary_cross_entropy_of(p, y), at=p)


@exercise("bce-backward")
def test_bce_gradient_of_any_size(submission):
    """One probability or a thousand, in one dimension or in five: each has its slope, which later calls leave alone."""
    pairs = [(p, every_other(p)) for p in sizes(0.5, 0.49)]
    answers = [submission.binary_cross_entropy_backward(*pair) for pair in pairs]
    for got, (p, y) in zip(answers, pairs, strict=True):
        check_gradient(snapshot(got), of=lambda p, y=y: oracle.binary_cross_entropy_of(p, y), at=p)


@exercise("bce-backward")
def test_bce_gradient_of_unequal_shapes(submission):
    """Equal shapes have a gradient; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        p, y = np.full(first, 0.3), np.ones(first)
        got = submission.binary_cross_entropy_backward(p, y)
        check_gradient(got, of=lambda p, y=y: oracle.binary_cross_entropy_of(p, y), at=p)
        check_raises(submission.binary_cross_entropy_backward(np.full(first, 0.3), np.ones(second)), ValueError)


# --- of logits --------------------------------------------------------------------------------------------------------


@exercise("bce-with-logits", examples=20)
@given(z=arrays(), y=bits("z"))
def test_logits_values(submission, z, y):
    """The loss is the binary cross-entropy of sigmoid(z), right to 1e-12."""
    y = y.astype(np.float64)
    got = submission.binary_cross_entropy_with_logits(z, y)
    check_close(got, oracle.binary_cross_entropy_with_logits(z, y), rtol=1e-12, atol=1e-12)


@exercise("bce-with-logits", examples=20)
@given(z=arrays("N D", between=(-10_000, 10_000)), y=bits("z"))
def test_logits_of_large_size(submission, z, y):
    """Logits up to ±10,000 are right to 1e-12, and NumPy has nothing to warn of."""
    got = submission.binary_cross_entropy_with_logits(z, y)
    check_close(got, oracle.binary_cross_entropy_with_logits(z, y), rtol=1e-12, atol=1e-12)
    check_no_warning(got)


@exercise("bce-with-logits")
def test_logits_one_by_one(submission):
    """A single logit, however large, is right to 1e-12 without a warning, for either label."""
    for z in EXTREMES:
        for y in (0.0, 1.0):
            got = submission.binary_cross_entropy_with_logits(np.array([z]), np.array([y]))
            expected = oracle.binary_cross_entropy_with_logits(np.array([z]), np.array([y]))
            check_close(got, expected, rtol=1e-12, atol=1e-12)
            check_no_warning(got)


@exercise("bce-with-logits")
def test_logits_of_integers(submission):
    """Integers count like the real numbers that they are."""
    z, y = np.array([[-2, 0, 3], [1, -1000, 1000]]), np.array([[0, 1, 1], [0, 0, 1]])
    got = submission.binary_cross_entropy_with_logits(z, y)
    check_close(got, oracle.binary_cross_entropy_with_logits(z, y), rtol=1e-12, atol=1e-12)


@exercise("bce-with-logits")
def test_logits_of_any_size(submission):
    """One logit or a thousand, in one dimension or in five: the loss is the mean over all elements."""
    for z in sizes():
        y = every_other(z)
        expected = oracle.binary_cross_entropy_with_logits(z, y)
        check_close(submission.binary_cross_entropy_with_logits(z, y), expected, rtol=1e-12, atol=1e-12)


@exercise("bce-with-logits")
def test_logits_of_unequal_shapes(submission):
    """Equal shapes have a loss; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        got = submission.binary_cross_entropy_with_logits(np.zeros(first), np.ones(first))
        check_close(got, np.log(2.0), rtol=1e-12, atol=1e-12)
        check_raises(submission.binary_cross_entropy_with_logits(np.full(first, 0.3), np.ones(second)), ValueError)


@exercise("bce-with-logits-backward", examples=20)
@given(z=arrays(), y=bits("z"))
def test_logits_gradient(submission, z, y):
    """The gradient for z agrees with numerical differentiation of the loss."""
    y = y.astype(np.float64)
    got = submission.binary_cross_entropy_with_logits_backward(z, y)
    check_gradient(got, of=lambda z: oracle.binary_cross_entropy_with_logits_of(z, y), at=z)


@exercise("bce-with-logits-backward")
def test_logits_gradient_of_large_size(submission):
    """Logits up to ±10,000 have the right gradient, for either label."""
    together = np.array(EXTREMES)
    for z in (together, *together[:, np.newaxis]):
        for y in (np.zeros(z.shape), np.ones(z.shape)):
            got = submission.binary_cross_entropy_with_logits_backward(z, y)
            check_gradient(got, of=lambda z, y=y: oracle.binary_cross_entropy_with_logits_of(z, y), at=z)


@exercise("bce-with-logits-backward")
def test_logits_gradient_of_integers(submission):
    """Integers count like the real numbers that they are."""
    z, y = np.array([[-2, 0, 3], [1, -1000, 1000]]), np.array([[0, 1, 1], [0, 0, 1]])
    got = submission.binary_cross_entropy_with_logits_backward(z, y)
    check_gradient(got, of=lambda z: oracle.binary_cross_entropy_with_logits_of(z, y), at=z)


@exercise("bce-with-logits-backward")
def test_logits_gradient_of_any_size(submission):
    """One logit or a thousand, in one dimension or in five: each has its slope, which later calls leave alone."""
    pairs = [(z, every_other(z)) for z in sizes()]
    answers = [submission.binary_cross_entropy_with_logits_backward(*pair) for pair in pairs]
    for got, (z, y) in zip(answers, pairs, strict=True):
        check_gradient(snapshot(got), of=lambda z, y=y: oracle.binary_cross_entropy_with_logits_of(z, y), at=z)


@exercise("bce-with-logits-backward")
def test_logits_gradient_of_unequal_shapes(submission):
    """Equal shapes have a gradient; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for first, second in UNEQUAL:
        got = submission.binary_cross_entropy_with_logits_backward(np.zeros(first), np.ones(first))
        check_close(got, np.full(first, -0.5 / np.prod(first)))
        got = submission.binary_cross_entropy_with_logits_backward(np.full(first, 0.3), np.ones(second))
        check_raises(got, ValueError)
