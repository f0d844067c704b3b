"""The cross-entropy of classes, given by one-hot rows or by their numbers, and the gradients."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    check_raises,
    exercise,
    given,
    gradient,
    labels,
    one_hot,
    sampled,
    snapshot,
    stand_in,
)

from . import oracle
from .drawing import INTEGER_TYPES, in_turn, tables, turned

stand_in("cce", categorical_cross_entropy=oracle.categorical_cross_entropy)
stand_in(
    "cce-backward",
    categorical_cross_entropy_backward=lambda z, y: gradient(lambda z: oracle.categorical_cross_entropy_of(z, y), z)[0],
)
stand_in("scce", sparse_categorical_cross_entropy=oracle.sparse_categorical_cross_entropy)
stand_in(
    "scce-backward",
    sparse_categorical_cross_entropy_backward=lambda z, labels: gradient(
        lambda z: oracle.sparse_categorical_cross_entropy_of(z, labels), z
    )[0],
)

WIDE = np.array([[-10_000.0, 10_000.0, 0.0], [800.0, 0.0, -800.0], [0.5, -0.5, 0.0], [-9_999.0, -10_000.0, -9_999.5]])
LARGE = (WIDE, WIDE[:1], WIDE[:, :1], np.array([[1_000, -1_000, 3], [2, 2, 5]]))
MANY = np.linspace(-3.0, 3.0, 900).reshape(3, 300).T
MANY_LABELS = np.arange(300) * 7 % 3
UNEQUAL_TO_4_BY_3 = ((1, 3), (4, 1), (3,), (4,), (12,), (3, 4), (4, 2), (5, 3), (4, 3, 1), (1, 4, 3))
NOT_ONE_PER_ROW = ((3,), (5,), (1,), (4, 3), (4, 4), (1, 4))


# --- from one-hot rows ------------------------------------------------------------------------------------------------


@exercise("cce")
@given(z=arrays("N C"), y_onehot=one_hot("N C"))
def test_cce_values(submission, z, y_onehot):
    """The loss is the mean over the rows of -log of the probability of the right class."""
    expected = oracle.categorical_cross_entropy(z, y_onehot)
    check_close(submission.categorical_cross_entropy(z, y_onehot), expected)


@exercise("cce")
def test_cce_of_large_logits(submission):
    """Logits up to ±10,000 are right, whichever class is the right one; one-hot rows may be ints."""
    for z, right in labelled(LARGE):
        y_onehot = np.eye(z.shape[1], dtype=np.int64)[right]
        expected = oracle.categorical_cross_entropy(z, y_onehot)
        check_close(submission.categorical_cross_entropy(z, y_onehot), expected)


@exercise("cce")
def test_cce_of_any_size(submission):
    """One row or a thousand, of one class or sixty: the loss is the mean over the rows."""
    for z in tables():
        y_onehot = one_hot_rows(z)
        expected = oracle.categorical_cross_entropy(z, y_onehot)
        check_close(submission.categorical_cross_entropy(z, y_onehot), expected)


@exercise("cce")
def test_cce_of_unequal_shapes(submission):
    """Equal shapes have a loss; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for z in (WIDE, WIDE[:1]):
        expected = oracle.categorical_cross_entropy(z, marks(z.shape))
        check_close(submission.categorical_cross_entropy(z, marks(z.shape)), expected)
    for shape in UNEQUAL_TO_4_BY_3:
        check_raises(submission.categorical_cross_entropy(WIDE, marks(shape)), ValueError)
    check_raises(submission.categorical_cross_entropy(WIDE[:1], marks((4, 3))), ValueError)


@exercise("cce-backward", examples=20)
@given(z=arrays("N C"), y_onehot=one_hot("N C"))
def test_cce_gradient(submission, z, y_onehot):
    """The gradient for the logits agrees with numerical differentiation of the loss."""
    got = submission.categorical_cross_entropy_backward(z, y_onehot)
    check_gradient(got, of=lambda z: oracle.categorical_cross_entropy_of(z, y_onehot), at=z)


@exercise("cce-backward")
def test_cce_gradient_of_large_logits(submission):
    """Logits up to ±10,000 have the right gradient, whichever class is the right one; one-hot rows may be ints."""
    for z, right in labelled(LARGE):
        y_onehot = np.eye(z.shape[1], dtype=np.int64)[right]
        got = submission.categorical_cross_entropy_backward(z, y_onehot)
        check_gradient(got, of=lambda z, y_onehot=y_onehot: oracle.categorical_cross_entropy_of(z, y_onehot), at=z)


@exercise("cce-backward")
def test_cce_gradient_of_any_size(submission):
    """One row or a thousand, of one class or sixty: each logit has its slope, which later calls leave alone."""
    pairs = [(z, one_hot_rows(z)) for z in tables()]
    answers = [submission.categorical_cross_entropy_backward(*pair) for pair in pairs]
    for got, (z, y_onehot) in zip(answers, pairs, strict=True):
        of = lambda z, y_onehot=y_onehot: oracle.categorical_cross_entropy_of(z, y_onehot)  # noqa: E731
        check_gradient(snapshot(got), of=of, at=z)


@exercise("cce-backward")
def test_cce_gradient_of_unequal_shapes(submission):
    """Equal shapes have a gradient; different ones raise ValueError, whether NumPy could broadcast them or not."""
    for z in (WIDE, WIDE[:1]):
        got = submission.categorical_cross_entropy_backward(z, marks(z.shape))
        check_gradient(got, of=lambda z: oracle.categorical_cross_entropy_of(z, marks(z.shape)), at=z)
    for shape in UNEQUAL_TO_4_BY_3:
        check_raises(submission.categorical_cross_entropy_backward(WIDE, marks(shape)), ValueError)
    check_raises(submission.categorical_cross_entropy_backward(WIDE[:1], marks((4, 3))), ValueError)


# --- from the numbers of the classes ----------------------------------------------------------------------------------


@exercise("scce")
@given(z=arrays("N C"), labels=labels("N", classes="C"), dtype=sampled(*INTEGER_TYPES))
def test_scce_values(submission, z, labels, dtype):
    """The loss is the mean over the rows of -log of the probability of the right class, for labels of any int type."""
    expected = oracle.sparse_categorical_cross_entropy(z, labels)
    check_close(submission.sparse_categorical_cross_entropy(z, labels.astype(dtype)), expected)


@exercise("scce")
def test_scce_of_large_logits(submission):
    """Logits up to ±10,000 are right, whichever class is the right one."""
    for z, right in labelled(LARGE):
        expected = oracle.sparse_categorical_cross_entropy(z, right)
        check_close(submission.sparse_categorical_cross_entropy(z, right), expected)


@exercise("scce")
def test_scce_of_many_rows(submission):
    """There may be more rows than the labels' type can count."""
    for dtype in INTEGER_TYPES:
        expected = oracle.sparse_categorical_cross_entropy(MANY, MANY_LABELS)
        check_close(submission.sparse_categorical_cross_entropy(MANY, MANY_LABELS.astype(dtype)), expected)


@exercise("scce")
def test_scce_of_any_size(submission):
    """One row or a thousand, of one class or sixty: the loss is the mean over the rows."""
    for z in tables():
        right = in_turn(z)
        expected = oracle.sparse_categorical_cross_entropy(z, right)
        check_close(submission.sparse_categorical_cross_entropy(z, right), expected)


@exercise("scce")
def test_scce_of_too_many_or_too_few_labels(submission):
    """One label per row has a loss; anything else raises ValueError, whether NumPy could broadcast it or not."""
    for z in (WIDE, WIDE[:1]):
        right = np.zeros(len(z), dtype=np.int64)
        expected = oracle.sparse_categorical_cross_entropy(z, right)
        check_close(submission.sparse_categorical_cross_entropy(z, right), expected)
    for shape in NOT_ONE_PER_ROW:
        check_raises(submission.sparse_categorical_cross_entropy(WIDE, np.zeros(shape, dtype=np.int64)), ValueError)
    check_raises(submission.sparse_categorical_cross_entropy(WIDE[:1], np.array([0, 1])), ValueError)


@exercise("scce-backward", examples=20)
@given(z=arrays("N C"), labels=labels("N", classes="C"), dtype=sampled(*INTEGER_TYPES))
def test_scce_gradient(submission, z, labels, dtype):
    """The gradient for the logits agrees with numerical differentiation of the loss, for labels of any int type."""
    got = submission.sparse_categorical_cross_entropy_backward(z, labels.astype(dtype))
    check_gradient(got, of=lambda z: oracle.sparse_categorical_cross_entropy_of(z, labels), at=z)


@exercise("scce-backward")
def test_scce_gradient_of_large_logits(submission):
    """Logits up to ±10,000 have the right gradient, whichever class is the right one."""
    for z, right in labelled(LARGE):
        got = submission.sparse_categorical_cross_entropy_backward(z, right)
        check_gradient(got, of=lambda z, right=right: oracle.sparse_categorical_cross_entropy_of(z, right), at=z)


@exercise("scce-backward")
def test_scce_gradient_of_many_rows(submission):
    """There may be more rows than the labels' type can count."""
    for dtype in (np.int8, np.uint8):
        got = submission.sparse_categorical_cross_entropy_backward(MANY, MANY_LABELS.astype(dtype))
        check_gradient(got, of=lambda z: oracle.sparse_categorical_cross_entropy_of(z, MANY_LABELS), at=MANY)


@exercise("scce-backward")
def test_scce_gradient_of_any_size(submission):
    """One row or a thousand, of one class or sixty: each logit has its slope, which later calls leave alone."""
    pairs = [(z, in_turn(z)) for z in tables()]
    answers = [submission.sparse_categorical_cross_entropy_backward(*pair) for pair in pairs]
    for got, (z, right) in zip(answers, pairs, strict=True):
        of = lambda z, right=right: oracle.sparse_categorical_cross_entropy_of(z, right)  # noqa: E731
        check_gradient(snapshot(got), of=of, at=z)


@exercise("scce-backward")
def test_scce_gradient_of_too_many_or_too_few_labels(submission):
    """One label per row has a gradient; anything else raises ValueError, whether NumPy could broadcast it or not."""
    for z in (WIDE, WIDE[:1]):
        right = np.zeros(len(z), dtype=np.int64)
        got = submission.sparse_categorical_cross_entropy_backward(z, right)
        of = lambda z, right=right: oracle.sparse_categorical_cross_entropy_of(z, right)  # noqa: E731
        check_gradient(got, of=of, at=z)
    for shape in NOT_ONE_PER_ROW:
        got = submission.sparse_categorical_cross_entropy_backward(WIDE, np.zeros(shape, dtype=np.int64))
        check_raises(got, ValueError)
    check_raises(submission.sparse_categorical_cross_entropy_backward(WIDE[:1], np.array([0, 1])), ValueError)


def labelled(tables):
    """Pair each table of logits with labels, so that every class of the first row is once the right one."""
    for z in tables:
        for shift in range(z.shape[1]):
            yield z, (np.arange(len(z)) + shift) % z.shape[1]


def one_hot_rows(z):
    """A one-hot row for every row of `z`, each class in turn, stored in another order than `z`."""
    return turned(np.eye(z.shape[1])[in_turn(z)])


def marks(shape):
    """Zeros with a 1 at the beginning of each row."""
    array = np.zeros(shape)
    array[..., 0] = 1.0
    return array
