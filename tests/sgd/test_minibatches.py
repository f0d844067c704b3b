"""Minibatches: every row once, in an order that chance alone decides."""

import numpy as np

from autograder.kit import (
    CheckFailed,
    arrays,
    check_close,
    check_that,
    exercise,
    generator,
    generator_state,
    given,
    integers,
    listed,
    seeds,
    snapshot,
    stand_in,
)

from . import oracle
from .chance import check_all_orders, check_shuffled

stand_in("minibatches", iterate_minibatches=oracle.iterate_minibatches)


def distinct_labels(count):
    """Labels by which every row can be told: none of them is the number of a row."""
    return 10 * count - 7 * np.arange(count)


def check_batches(batches, X, y, sizes):
    """Batches of these sizes, their rows from X, each with its label; the numbers of the rows as they came."""
    rows = rows_of(batches, X, y)
    got = [len(labels) for _, labels in batches]
    if got != sizes:
        raise CheckFailed(f"the batches must have {sizes} rows, not {got}")
    return rows


def rows_of(batches, X, y):
    """The numbers of the rows in the order in which they came; each with its label, and each once."""
    for batch in batches:
        check_form(batch, X.shape[1])
    features = np.concatenate([X_b for X_b, _ in batches]) if batches else X[:0]
    labels = np.concatenate([y_b for _, y_b in batches]) if batches else y[:0]
    by_size = np.argsort(y)
    rows = by_size[np.searchsorted(y, labels, sorter=by_size).clip(0, len(y) - 1)]
    if not (np.abs(y[rows] - labels) <= 1e-9).all():
        raise CheckFailed("y_b holds a number that is not in y")
    off = ~(np.abs(features - X[rows]) <= 1e-9 + 1e-9 * np.abs(X[rows])).all(axis=1)
    if off.any():
        raise CheckFailed(f"a row of X_b has the label of row {rows[off.argmax()]} but is not that row of X")
    times = np.bincount(rows, minlength=len(y))
    if (times != 1).any():
        row = int((times != 1).argmax())
        raise CheckFailed(f"every row must come once in a pass; row {row} came {times[row]} times")
    return rows.tolist()


def check_mixed(batches, X, y, batch_size):
    """All rows in batches of this size; twenty or more never come in their own order by chance."""
    if check_batches(batches, X, y, sizes_of(len(y), batch_size)) == list(range(len(y))):
        raise CheckFailed(f"{len(y)} rows come in the order of X; each pass draws a new order")


def check_in_order(batches, X, y, batch_size):
    """All rows in batches of this size, as they are in X."""
    if check_batches(batches, X, y, sizes_of(len(y), batch_size)) != list(range(len(y))):
        raise CheckFailed("with shuffle=False the rows must come in the order of X")


def check_form(batch, width):
    """A batch is a pair of arrays that have the same number of rows."""
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        raise CheckFailed("every batch must be a pair (X_b, y_b)")
    for name, part in zip(("X_b", "y_b"), batch, strict=True):
        if not isinstance(part, np.ndarray) or part.dtype.kind not in "iuf":
            raise CheckFailed(f"{name} must be an array of numbers")
    features, labels = batch
    if labels.ndim != 1 or features.shape != (len(labels), width):
        raise CheckFailed(f"X_b must have shape (B, {width}) and y_b (B,), not {features.shape} and {labels.shape}")


def sizes_of(count, batch_size):
    """The sizes of the batches of one pass: full ones, and what is left."""
    full, left = divmod(count, batch_size)
    return [batch_size] * full + [left] * (left > 0)


@exercise("minibatches")
@given(X=arrays("N=1..12 D"), batch_size=integers(1, 14), seed=seeds())
def test_every_row_once(submission, X, batch_size, seed):
    """Every row comes once in a pass, with its own label."""
    y = distinct_labels(len(X))
    batches = listed(submission.iterate_minibatches(X, y, batch_size, generator(seed)))
    check_that(lambda batches: rows_of(batches, X, y), batches)
    check_close(snapshot(X), X)
    check_close(snapshot(y), y)


@exercise("minibatches")
@given(X=arrays("N=1..12 D"), batch_size=integers(1, 14), seed=seeds())
def test_sizes(submission, X, batch_size, seed):
    """Every batch is full but the last, which has what is left and is never empty."""
    y = distinct_labels(len(X))
    sizes = sizes_of(len(X), batch_size)
    for shuffle in (True, False):
        batches = listed(submission.iterate_minibatches(X, y, batch_size, generator(seed), shuffle=shuffle))
        check_that(lambda batches: check_batches(batches, X, y, sizes), batches)


@exercise("minibatches")
def test_many_rows(submission):
    """A thousand rows are dealt out like a few, with any numbers for labels, and two passes may go on at a time."""
    for count, batch_size in ((1030, 32), (96, 32), (60, 1), (50, 700), (300, 260)):
        X, y = 1000.0 * np.arange(8.0 * count).reshape(count, 8) - 70.1, (distinct_labels(count) + 0.1) / 3
        for shuffle in (True, False):
            first = submission.iterate_minibatches(X, y, batch_size, generator(count), shuffle)
            other = submission.iterate_minibatches(X[20::-1], y[20::-1], 3, generator(count), shuffle)
            check = check_mixed if shuffle else check_in_order
            check_that(check, listed(other), X[20::-1], y[20::-1], 3)
            check_that(check, listed(first), X, y, batch_size)


@exercise("minibatches")
@given(X=arrays("N=1..12 D"), batch_size=integers(1, 14), seed=seeds())
def test_without_shuffling(submission, X, batch_size, seed):
    """With shuffle=False the rows keep their order."""
    y = np.stack([distinct_labels(len(X)), np.arange(len(X))], axis=1)[:, 0]
    batches = listed(submission.iterate_minibatches(X, y, batch_size, generator(seed), False))  # noqa: FBT003
    due = [slice(start, start + batch_size) for start in range(0, len(X), batch_size)]
    check_that(lambda batches: check_batches(batches, X, y, sizes_of(len(X), batch_size)), batches)
    for number, rows in enumerate(due):
        check_close(batches[number][0], X[rows])
        check_close(batches[number][1], y[rows])
    check_close(snapshot(X), X)
    check_close(snapshot(y), y)


@exercise("minibatches")
def test_chance(submission):
    """Each pass draws a new order from rng, and every order is equally likely."""
    rng = generator(1951)
    check_chance(submission, rng, rows=3, batch_size=2, passes=160, check=check_all_orders)
    check_chance(submission, rng, rows=600, batch_size=250, passes=40, check=check_shuffled)


def check_chance(submission, rng, rows, batch_size, passes, check):
    """Hold the orders of many passes against chance."""
    X, y = np.arange(rows, dtype=float)[:, np.newaxis] ** 2, distinct_labels(rows)
    drawn = [listed(submission.iterate_minibatches(X, y, batch_size, rng)) for _ in range(passes)]
    check_that(lambda drawn: check([rows_of(batches, X, y) for batches in drawn]), drawn)


@exercise("minibatches", examples=5)
@given(X=arrays("30 D"), seed=seeds())
def test_draws_come_from_rng(submission, X, seed):
    """The order comes from rng and from nothing else: equal generators give equal orders, and rng has moved on."""
    y = distinct_labels(len(X))
    first, second = generator(seed), generator(seed)
    before = generator_state(first)
    one = listed(submission.iterate_minibatches(X, y, 8, first))
    after = generator_state(first)
    other = listed(submission.iterate_minibatches(X, y, 8, second))
    says = "generators in the same state must give the same order: draw from rng and from nothing else"
    check_that(lambda one, other: rows_of(one, X, y) == rows_of(other, X, y), one, other, says=says)
    says = "the order must be drawn from rng, which is where it was before"
    check_that(lambda before, after: before != after, before, after, says=says)
