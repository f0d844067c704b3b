"""The optimizer: its whole path against the three lines that define it."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    exercise,
    floats,
    given,
    held,
    integers,
    may_change,
    sampled,
    snapshot,
    upstream,
)

from . import oracle
from .parameters import gradients, parameters

momenta = sampled(0.0, 0.5, 0.9)
decays = sampled(0.0, 0.01, 0.3)
start = {
    "W": arrays("D M", integers=False),
    "b": arrays("M", integers=False),
}
path = {
    **start,
    "dW": arrays("T=1..6 D M"),
    "db": upstream("T M"),
}


def check_params(optimizer, expected):
    """Every array of .params has these values."""
    for name, array in expected.items():
        check_close(optimizer.params[name], array)


def backwards(dW, db):
    """The gradients of every step, from the last key to the first, as a backward pass fills them in."""
    return [{"b": b, "W": W} for W, b in zip(dW, db, strict=True)]


@exercise("sgd-momentum", weight=2)
@given(**path, lr=floats(0.001, 1.5), momentum=momenta, weight_decay=decays)
def test_path(submission, W, b, dW, db, lr, momentum, weight_decay):
    """After every step, every parameter is where the definition puts it, biases too."""
    params, grads = {"W": W, "b": b}, backwards(dW, db)
    due = oracle.sgd_path(params, [(lr, each) for each in grads], momentum, weight_decay)
    optimizer = submission.SGD(may_change(params), lr, momentum, weight_decay)
    for each, expected in zip(grads, due, strict=True):
        optimizer.step(each)
        check_params(optimizer, expected)


@exercise("sgd-momentum")
@given(**path, rate=floats(0.001, 1.5), change=integers(1, 5), momentum=momenta)
def test_rate_changed_midway(submission, W, b, dW, db, rate, change, momentum):
    """A new lr counts from the next update on, and the velocity is not rescaled."""
    params, grads = {"W": W, "b": b}, backwards(dW, db)
    rates = [0.5 if number < change else rate for number in range(len(grads))]
    due = oracle.sgd_path(params, list(zip(rates, grads, strict=True)), momentum)
    optimizer = submission.SGD(may_change(params), 0.5, momentum=momentum)
    for number, each in enumerate(grads):
        if number >= change:
            optimizer.lr = rate
        optimizer.step(each)
        check_params(optimizer, due[number])


@exercise("sgd-momentum", examples=10)
@given(**path, lr=floats(0.001, 1.5))
def test_usual(submission, W, b, dW, db, lr):
    """Unless asked for, there is no momentum and no weight decay."""
    params, grads = {"W": W, "b": b}, backwards(dW, db)
    due = oracle.sgd_path(params, [(lr, each) for each in grads])
    optimizer = submission.SGD(may_change(params), lr)
    check_params(optimizer, params)
    for each, expected in zip(grads, due, strict=True):
        optimizer.step(each)
        check_params(optimizer, expected)


@exercise("sgd-momentum", examples=10)
@given(**start, dW=upstream("W"), db=upstream("b"), momentum=momenta, weight_decay=decays)
def test_in_place(submission, W, b, dW, db, momentum, weight_decay):
    """Whoever holds an array of .params sees it move: the arrays change in place."""
    params, grads = {"W": W, "b": b}, {"W": dW, "b": db}
    due = oracle.sgd_path(params, [(0.25, grads), (0.25, grads)], momentum, weight_decay)
    optimizer = submission.SGD(may_change(params), 0.25, momentum, weight_decay)
    weights, biases = optimizer.params["W"], optimizer.params["b"]
    for expected in due:
        optimizer.step(grads)
        check_close(snapshot(weights), expected["W"])
        check_close(snapshot(biases), expected["b"])


@exercise("sgd-momentum", examples=12)
@given(
    **start,
    dW=arrays("T=2..5 D M", integers=False, layouts=False),
    db=upstream("T M"),
    momentum=sampled(0.5, 0.9),
    weight_decay=sampled(0.0, 0.0, 0.3),
)
def test_gradients_reused(submission, W, b, dW, db, momentum, weight_decay):
    """Gradients are neither changed nor kept: the caller writes the next ones into the same arrays."""
    params, grads = {"W": W, "b": b}, backwards(dW, db)
    due = oracle.sgd_path(params, [(0.5, each) for each in grads], momentum, weight_decay)
    optimizer = submission.SGD(may_change(params), 0.5, momentum=momentum, weight_decay=weight_decay)
    buffers = {"W": held(dW[0].copy()), "b": held(db[0].copy())}
    for each, expected in zip(grads, due, strict=True):
        buffers["W"][...] = each["W"]
        buffers["b"][...] = each["b"]
        optimizer.step(buffers)
        check_close(snapshot(buffers["W"]), each["W"])
        check_close(snapshot(buffers["b"]), each["b"])
        buffers["W"][...] = 77
        buffers["b"][...] = 77
        check_params(optimizer, expected)


@exercise("sgd-momentum", examples=10)
@given(**path, momentum=sampled(0.5, 0.9), weight_decay=decays)
def test_two_optimizers(submission, W, b, dW, db, momentum, weight_decay):
    """Two optimizers do not disturb each other, even when their parameters have the same names."""
    mine, yours, grads = {"W": W, "b": b}, {"W": W.copy(), "b": b.copy()}, backwards(dW, db)
    steps = [(0.5, each) for each in grads]
    due, other = oracle.sgd_path(mine, steps, momentum, weight_decay), oracle.sgd_path(yours, steps, 0.25)
    first = submission.SGD(may_change(mine), 0.5, momentum, weight_decay)
    second = submission.SGD(may_change(yours), 0.5, 0.25)
    for number, each in enumerate(grads):
        first.step(each)
        second.step(each)
        check_params(first, due[number])
        check_params(second, other[number])


@exercise("sgd-momentum")
def test_shapes(submission):
    """One number, a row, a column and two arrays of the same shape: each is trained, with a velocity of its own."""
    params = {
        "number": np.array([2.0]),
        "row": np.array([[1.0, -2.0, 3.0]]),
        "column": np.array([[0.5], [4.0]]),
        "twin": np.array([[1.0], [-1.0]]),
    }
    grads = {
        "number": np.array([1.0]),
        "row": np.array([[0.5, 0.25, -1.0]]),
        "column": np.array([[2.0], [-3.0]]),
        "twin": np.array([[0.5], [0.75]]),
    }
    due = oracle.sgd_path(params, [(0.5, grads), (0.5, grads)], momentum=0.5, weight_decay=0.25)
    optimizer = submission.SGD(may_change(params), lr=0.5, momentum=0.5, weight_decay=0.25)
    for expected in due:
        optimizer.step(grads)
        check_params(optimizer, expected)


@exercise("sgd-momentum")
def test_long_path(submission):
    """Two dozen steps at rates that fall and rise, for arrays of up to four dimensions and a thousand numbers."""
    rates = [0.5] * 5 + [0.01] * 5 + [0.0] * 2 + [2] * 6 + [0.3] * 6
    for momentum, weight_decay in ((0.99, 0.0), (0.99, 0.05), (0.0, 0.4), (0.3, 0.0)):
        params, cycle = parameters(), [gradients(seed) for seed in (1, 2, 3)]
        steps = [(lr, cycle[number % 3]) for number, lr in enumerate(rates)]
        due = oracle.sgd_path(params, steps, momentum, weight_decay)
        optimizer = submission.SGD(may_change(params), rates[0], momentum, weight_decay)
        for number, (lr, grads) in enumerate(steps):
            if number and lr != rates[number - 1]:
                optimizer.lr = lr
            optimizer.step(grads)
            if number in {0, 5, 11, 23}:
                check_params(optimizer, due[number])


@exercise("sgd-momentum")
def test_begins_at_rest(submission):
    """An optimizer begins at rest, though another one moved the same parameters before it."""
    w, g = np.array([1.0, -2.0, 1e6]), np.array([0.5, 0.25, -3e5])
    params, grads = {"w": w}, {"w": g}
    first = submission.SGD(may_change(params), 0.5, momentum=0.9)
    for _ in range(2):
        first.step(grads)
    second = submission.SGD(may_change(first.params), 0.25, momentum=0.5)
    moved = oracle.sgd_path(params, [(0.5, grads)] * 2, 0.9)[-1]
    for expected in oracle.sgd_path(moved, [(0.25, grads)] * 3, 0.5):
        second.step(grads)
        check_params(second, expected)
