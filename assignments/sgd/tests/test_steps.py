"""One plain step, and learning rates that fall."""

import numpy as np

from autograder.kit import arrays, check_close, exercise, floats, given, integers, snapshot, stand_in, upstream

from . import oracle
from .parameters import gradients, parameters

stand_in("sgd-step", sgd_step=oracle.sgd_step)
stand_in("step-decay", step_decay=oracle.step_decay)
stand_in("exponential-decay", exponential_decay=oracle.exponential_decay)


@exercise("sgd-step")
@given(W=arrays("D M"), b=arrays("M"), dW=arrays("D M"), db=upstream("M"), lr=floats(0.001, 2))
def test_values(submission, W, b, dW, db, lr):
    """Each entry is the old one minus lr times its own gradient, whatever order the keys come in."""
    params, grads = {"W1": W, "b1": b}, {"b1": db, "W1": dW}
    check_close(submission.sgd_step(params, grads, lr), oracle.sgd_step(params, grads, lr))


@exercise("sgd-step", examples=15)
@given(p=arrays(), g=upstream("p"), q=arrays("Q"), h=upstream("q"), lr=floats(0.001, 2))
def test_any_shapes(submission, p, g, q, h, lr):
    """Arrays of any shapes, under any names."""
    params, grads = {"shift": q, "kernel": p}, {"shift": h, "kernel": g}
    check_close(submission.sgd_step(params, grads, lr=lr), oracle.sgd_step(params, grads, lr))


@exercise("sgd-step")
def test_a_whole_network(submission):
    """Six arrays of up to four dimensions and a thousand numbers, with small gradients and rates or with large ones."""
    for lr, scale in ((0.001, 1.0), (1, 0.01), (3.5, 1.0), (0.5, 1e6)):
        params, grads = parameters(scale=scale), gradients(2, scale)
        check_close(submission.sgd_step(params, grads, lr), oracle.sgd_step(params, grads, lr))
    params, grads = {"w": np.array([[4, -7], [0, 1]])}, {"w": np.array([[3, 1], [-1, 0]])}
    check_close(submission.sgd_step(params, grads, 0.25), oracle.sgd_step(params, grads, 0.25))


@exercise("sgd-step", examples=10)
@given(W=arrays("D M", scale=1.0), dW=upstream("D M"), lr=floats(0, 1))
def test_new_arrays(submission, W, dW, lr):
    """What comes back is new: who writes into it does not write into the old parameters or the gradients."""
    params, grads = {"W": W}, {"W": dW}
    stepped = submission.sgd_step(params, grads, lr)
    stepped["W"][...] = 77
    check_close(snapshot(params), {"W": W})
    check_close(snapshot(grads), {"W": dW})
    check_close(submission.sgd_step(params, grads, lr), oracle.sgd_step(params, grads, lr))


@exercise("sgd-step")
def test_no_rate(submission):
    """With a learning rate or a gradient of 0 the values stay, and the arrays are new all the same."""
    params, grads = {"w": np.array([1.5, -2.0])}, {"w": np.array([3.0, 4.0])}
    stays = submission.sgd_step(params, grads, 0.0)
    check_close(stays, {"w": np.array([1.5, -2.0])})
    stays["w"][...] = 77
    stays = submission.sgd_step(params, {"w": np.zeros(2)}, 0.5)
    check_close(stays, {"w": np.array([1.5, -2.0])})
    stays["w"][...] = 77
    check_close(submission.sgd_step(params, grads, 0.5), {"w": np.array([0.0, -4.0])})
    check_close(snapshot(params), {"w": np.array([1.5, -2.0])})


@exercise("step-decay")
@given(lr0=floats(0.001, 3), epoch=integers(0, 60), drop=floats(0.1, 1), every=integers(1, 12))
def test_stairs(submission, lr0, epoch, drop, every):
    """The rate is lr0, multiplied by drop once for every `every` epochs that are over."""
    check_close(submission.step_decay(lr0, epoch, drop, every), oracle.step_decay(lr0, epoch, drop, every))


@exercise("step-decay")
def test_edges_of_stairs(submission):
    """A stair lasts exactly `every` epochs: the rate falls at its end, not before and not after."""
    for epoch, due in ((0, 8.0), (1, 8.0), (2, 8.0), (3, 2.0), (4, 2.0), (5, 2.0), (6, 0.5), (9, 0.125)):
        check_close(submission.step_decay(8.0, epoch, drop=0.25, every=3), due)


@exercise("step-decay")
def test_usual_stairs(submission):
    """Unless told otherwise, the rate halves, and does so every ten epochs."""
    for epoch in (0, 1, 9, 10, 11, 19, 20, 35, 100):
        check_close(submission.step_decay(2.0, epoch), oracle.step_decay(2.0, epoch, 0.5, 10))
    check_close(submission.step_decay(2.0, 35, drop=0.9), oracle.step_decay(2.0, 35, 0.9, 10))
    check_close(submission.step_decay(2.0, 35, every=4), oracle.step_decay(2.0, 35, 0.5, 4))


@exercise("step-decay")
def test_long_stairs(submission):
    """Hundreds of epochs are counted like a few, and a rate may be large."""
    for epoch in (29, 30, 59, 60, 299, 300, 301):
        check_close(submission.step_decay(100.0, epoch, 0.9, 60), oracle.step_decay(100.0, epoch, 0.9, 60))
        check_close(submission.step_decay(1.0, epoch, 0.95, 30), oracle.step_decay(1.0, epoch, 0.95, 30))
    for epoch in (48, 49, 97, 98):  # 49 * (1 / 49) is a little less than 1
        check_close(submission.step_decay(1.0, epoch, 0.5, 49), oracle.step_decay(1.0, epoch, 0.5, 49))


@exercise("exponential-decay")
@given(lr0=floats(0.001, 3), epoch=integers(0, 60), rate=floats(0, 0.5))
def test_decay(submission, lr0, epoch, rate):
    """The rate is lr0 * e^(-rate * epoch)."""
    check_close(submission.exponential_decay(lr0, epoch, rate), oracle.exponential_decay(lr0, epoch, rate))


@exercise("exponential-decay")
def test_ends_of_decay(submission):
    """The first epoch has lr0 itself, and so has every epoch when the rate is 0."""
    check_close(submission.exponential_decay(0.25, 0, 0.7), 0.25)
    check_close(submission.exponential_decay(0.25, 40, rate=0.0), 0.25)
    check_close(submission.exponential_decay(3.0, 1, 1.0), oracle.exponential_decay(3.0, 1, 1.0))


@exercise("exponential-decay")
def test_slow_and_fast_decay(submission):
    """Hundreds of epochs are counted like a few, and rates may be large or small."""
    for lr0, epoch, rate in ((100.0, 300, 0.002), (50.0, 65, 0.05), (0.5, 120, 0.0005), (20.0, 2, 2.5), (2, 1, 3)):
        due = oracle.exponential_decay(lr0, epoch, rate)
        check_close(submission.exponential_decay(lr0, epoch, rate), due)
