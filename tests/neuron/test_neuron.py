"""The neuron: its forward pass, and the gradients for its inputs, its weights and its bias."""

import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    check_raises,
    check_that,
    depending,
    exercise,
    floats,
    given,
    sampled,
    setting_up,
    snapshot,
    upstream,
)

from . import oracle

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu")


@exercise("neuron-forward", weight=2, examples=20)
@given(x=arrays("N D", scale=1.0), w=arrays("D", scale=1.0), b=floats(-2, 2), activation=sampled(*ACTIVATIONS))
def test_values(submission, x, w, b, activation):
    """Each entry is the activation of a row's weighted sum."""
    neuron = submission.Neuron(w, b, activation)
    check_close(neuron.forward(x), oracle.neuron(x, w, b, activation))


@exercise("neuron-forward")
def test_default(submission):
    """Unless another activation is asked for, it is tanh."""
    x, w = np.array([[1.0, -0.5], [0.25, 2.0]]), np.array([0.3, -1.1])
    check_close(submission.Neuron(w, 0.3).forward(x), oracle.neuron(x, w, 0.3, "tanh"))


@exercise("neuron-forward")
def test_unknown_activation(submission):
    """An activation that is none of the four is refused when the neuron is made."""
    x, w = np.array([[1.0, -0.5], [0.25, 2.0]]), np.array([0.3, -1.1])
    check_close(submission.Neuron(w, 0.3, activation="relu").forward(x), oracle.neuron(x, w, 0.3, "relu"))
    for name in ("softmax", "leaky_relu", "Tanh", "sig", ""):
        check_raises(submission.Neuron(w, 0.3, activation=name), ValueError)


@exercise("neuron-forward", examples=10)
@given(
    x=arrays("N D", scale=1.0),
    y=arrays("M D", scale=1.0),
    w=arrays("D", scale=1.0),
    b=floats(-2, 2),
    activation=sampled(*ACTIVATIONS),
)
def test_every_call_for_itself(submission, x, y, w, b, activation):
    """What forward answers depends on nothing that was asked before, and the number of rows may change."""
    neuron = submission.Neuron(w, b, activation)
    for rows in (x, x, y, x):
        check_close(neuron.forward(rows), oracle.neuron(rows, w, b, activation))


@exercise("neuron-forward")
def test_two_neurons(submission):
    """A second neuron leaves the first one's weights, bias and activation alone."""
    x = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, -3.0]])
    first = submission.Neuron(np.array([0.3, -1.1]), 0.3, "sigmoid")
    second = submission.Neuron(np.array([-2.0, 0.25]), -1.0, "identity")
    check_close(second.forward(x), oracle.neuron(x, np.array([-2.0, 0.25]), -1.0, "identity"))
    check_close(first.forward(x), oracle.neuron(x, np.array([0.3, -1.1]), 0.3, "sigmoid"))


@exercise("neuron-forward")
def test_one_of_a_kind(submission):
    """One example, or one feature, still gives a vector."""
    for activation in ACTIVATIONS:
        w, one_weight = np.array([0.3, -1.1, 0.7]), np.array([1.5])
        one_row, one_column = np.array([[2.0, 0.5, 1.0]]), np.array([[0.25], [-2.0]])
        got = submission.Neuron(w, 0.1, activation).forward(one_row)
        check_close(got, oracle.neuron(one_row, w, 0.1, activation))
        got = submission.Neuron(one_weight, 0.1, activation).forward(one_column)
        check_close(got, oracle.neuron(one_column, one_weight, 0.1, activation))


@exercise("neuron-forward")
def test_integers(submission):
    """Integers count like the real numbers that they are."""
    x, w = np.array([[1, -2], [0, 3], [2, 2]]), np.array([1, -1])
    for activation in ACTIVATIONS:
        got = submission.Neuron(w, 0.25, activation).forward(x)
        check_close(got, oracle.neuron(x, w, 0.25, activation))


@exercise("neuron-forward")
def test_saturated(submission):
    """Sums as large as 700 give a number, not an overflow."""
    x, w = np.array([[700.0, 0.0], [-700.0, 0.0], [400.0, -10.0]]), np.array([1.0, 2.0])
    for activation in ACTIVATIONS:
        got = submission.Neuron(w, 0.0, activation).forward(x)
        check_close(got, oracle.neuron(x, w, 0.0, activation))


def away_from_the_kink(x, w):
    """Biases for which no weighted sum comes near 0, where the ReLU has no slope."""
    biases = [eighths / 8 for eighths in range(-16, 17)]
    return sampled(*(b for b in biases if abs(oracle.weighted_sum(x, w, b)).min() > 0.01))


A_BATCH = {
    "x": arrays("N D", scale=1.0),
    "w": arrays("D", scale=1.0),
    "b": depending("x", "w", away_from_the_kink),
    "activation": sampled(*ACTIVATIONS),
    "dout": upstream("N"),
}


def objective(dout, activation):
    """Give what backward differentiates, sum(dout * forward(x)), as a function of x, w and b."""
    return lambda x, w, b: (dout * oracle.neuron(x, w, b, activation)).sum()


def after_forward(submission, x, w, b, activation):
    """Make a neuron that has seen x."""
    with setting_up():
        neuron = submission.Neuron(w, b, activation)
        neuron.forward(x)
    return neuron


def check_gradients(neuron, dx, dout, x, w, b, activation):
    """Check all that a backward leaves: dx, .dw and .db."""
    of = objective(dout, activation)
    check_gradient(dx, of=lambda x: of(x, w, b), at=x, relative_to=dout)
    check_gradient(neuron.dw, of=lambda w: of(x, w, b), at=w, relative_to=dout)
    check_gradient(neuron.db, of=lambda b: of(x, w, b), at=b, relative_to=dout)


@exercise("neuron-backward", weight=2, needs=("neuron-forward",), examples=15)
@given(**A_BATCH)
def test_inputs(submission, x, w, b, activation, dout):
    """The answer is the gradient of sum(dout * forward(x)) for x."""
    dx = after_forward(submission, x, w, b, activation).backward(dout)
    check_gradient(dx, of=lambda x: objective(dout, activation)(x, w, b), at=x, relative_to=dout)


@exercise("neuron-backward", weight=2, needs=("neuron-forward",), examples=15)
@given(**A_BATCH)
def test_weights(submission, x, w, b, activation, dout):
    """.dw is the gradient for the weights, summed over the batch."""
    neuron = after_forward(submission, x, w, b, activation)
    neuron.backward(dout)
    check_gradient(neuron.dw, of=lambda w: objective(dout, activation)(x, w, b), at=w, relative_to=dout)


@exercise("neuron-backward", weight=2, needs=("neuron-forward",), examples=15)
@given(**A_BATCH)
def test_bias(submission, x, w, b, activation, dout):
    """.db is the gradient for the bias, summed over the batch: one number."""
    neuron = after_forward(submission, x, w, b, activation)
    neuron.backward(dout)
    check_gradient(neuron.db, of=lambda b: objective(dout, activation)(x, w, b), at=b, relative_to=dout)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_one_of_a_kind_backward(submission):
    """One example, or one feature, keeps its dimension in the gradients."""
    for activation in ACTIVATIONS:
        for x, w in (
            (np.array([[1.0, -0.5, 0.25]]), np.array([0.3, -1.1, 0.7])),
            (np.array([[0.5], [-2.0]]), np.array([1.5])),
            (np.array([[0.5]]), np.array([-1.5])),
        ):
            dout = np.array([-3.0, 0.5])[: len(x)]
            neuron = after_forward(submission, x, w, 0.3, activation)
            check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.3, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_integers_backward(submission):
    """Integers count like the real numbers that they are, and fractions of them are not cut off."""
    for activation in ACTIVATIONS:
        x, w, dout = np.array([[1, -2], [0, 3], [2, 2]]), np.array([1, -1]), np.array([2, -1, 3])
        neuron = after_forward(submission, x, w, 0.25, activation)
        check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.25, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_last_forward(submission):
    """Backward is about the last forward, whatever came before."""
    for activation in ACTIVATIONS:
        earlier, last = np.array([[1.0, -0.5], [0.25, 2.0]]), np.array([[0.5, 0.5], [-1.0, 1.0], [2.0, 0.25]])
        w, dout = np.array([0.3, -1.1]), np.array([1.0, -2.0, 0.5])
        neuron = after_forward(submission, earlier, w, 0.3, activation)
        with setting_up():
            neuron.forward(last)
        check_gradients(neuron, neuron.backward(dout), dout, last, w, 0.3, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_twice(submission):
    """Every backward starts from nothing: no sums are left over, and nothing is used up."""
    for activation in ACTIVATIONS:
        x, w = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]]), np.array([0.3, -1.1])
        once, again = np.array([1.0, -2.0, 0.5]), np.array([-0.25, 3.0, 1.0])
        neuron = after_forward(submission, x, w, 0.3, activation)
        for dout in (once, once, again):
            check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.3, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_leaves_the_rest_alone(submission):
    """Backward changes neither x nor w: the caller's arrays are as they were."""
    x, w = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]]), np.array([0.3, -1.1])
    neuron = after_forward(submission, x, w, 0.3, "tanh")
    x_before, w_before = snapshot(x), snapshot(w)
    dout = np.array([1.0, -2.0, 0.5])
    check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.3, "tanh")
    check_that(np.array_equal, x_before, snapshot(x), says="backward changed the x that forward was given")
    check_that(np.array_equal, w_before, snapshot(w), says="backward changed the weights that the neuron was made of")


@exercise("neuron-backward", needs=("neuron-forward",))
def test_neurons_apart(submission):
    """Neurons do not disturb each other, in whatever order they are used."""
    x, y = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]]), np.array([[0.5, 0.75], [-2.0, 1.0], [3.0, 0.25]])
    w, v, dout = np.array([0.3, -1.1]), np.array([-2.0, 0.25]), np.array([1.0, -2.0, 0.5])
    with setting_up():
        first, second = submission.Neuron(w, 0.3, "tanh"), submission.Neuron(v, -0.7, "sigmoid")
        first.forward(x)
        second.forward(y)
    dx, dy = first.backward(dout), second.backward(dout)
    check_gradients(first, dx, dout, x, w, 0.3, "tanh")
    check_gradients(second, dy, dout, y, v, -0.7, "sigmoid")
