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
REFUSED = (
    "softmax", "leaky_relu", "relu6", "elu", "step", "tanh_backward", "linear", "logistic", "none", "id", "sig", "",
    "Tanh", "ReLU", "SIGMOID", " relu ", "tanh ", " tanh", "identity\n",
)  # fmt: skip


def many():
    """Make a long batch, which leaves one example over in batches of 10, 50 or 100, and a wide one, with weights."""
    long = np.tile(np.sin(np.arange(286.0)).reshape(2, 143), 7).T
    long[500:502] = [[150.0, -100.0], [-150.0, 100.0]]
    wide = np.cos(np.arange(102.0)).reshape(2, 51)
    return (long, np.array([2.0, -3.0])), (wide, np.sin(np.arange(51.0)))


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
    for name in REFUSED:
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
    """A second neuron leaves the first one's weights, bias, activation and answers alone."""
    x = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, -3.0]])
    first = submission.Neuron(np.array([0.3, -1.1]), 0.3, "sigmoid")
    second = submission.Neuron(np.array([-2.0, 0.25]), -1.0, "identity")
    answer = second.forward(x)
    check_close(first.forward(x), oracle.neuron(x, np.array([0.3, -1.1]), 0.3, "sigmoid"))
    check_close(snapshot(answer), oracle.neuron(x, np.array([-2.0, 0.25]), -1.0, "identity"))


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
def test_many(submission):
    """A thousand examples, or fifty features, are no different."""
    for activation in ACTIVATIONS:
        for x, w in many():
            check_close(submission.Neuron(w, 0.5, activation).forward(x), oracle.neuron(x, w, 0.5, activation))


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
    check_close(dx, row_by_row(dout, x, w, b, activation), relative_to=dout)
    check_gradient(neuron.dw, of=lambda w: of(x, w, b), at=w, relative_to=dout)
    check_gradient(neuron.db, of=lambda b: of(x, w, b), at=b, relative_to=dout)


def row_by_row(dout, x, w, b, activation):
    """Find the gradient for x by an imaginary step of one feature in all rows at once, since rows do not mix."""

    def slopes(feature):
        return oracle.slope(lambda step: oracle.neuron(x + step * feature, w, b, activation), 0.0)

    return np.column_stack([dout * slopes(feature) for feature in np.eye(len(w))])


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
def test_many_backward(submission):
    """A thousand examples, fifty features and large upstream gradients are no different."""
    for activation in ACTIVATIONS:
        for x, w in many() if activation == "tanh" else many()[:1]:
            dout = 3e3 * np.sin(np.arange(len(x)) ** 2 + 1)
            neuron = after_forward(submission, x, w, 0.5, activation)
            check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.5, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_beside_the_kink(submission):
    """However close to 0 the sum is, the ReLU's gradient is that of the line on its own side."""
    x, w = np.array([[-1e-4], [1e-4], [-1e-9], [1e-9], [-1e-12], [1e-12], [-1e-20], [1e-20]]), np.array([1.5])
    dout = np.array([1.0, -2.0, 3.0, -4.0, 0.5, 2.0, -1.0, 5.0])
    neuron = after_forward(submission, x, w, 0.0, "relu")
    check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.0, "relu")


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
        longer = np.array([[1.0, -0.5], [0.25, 2.0], [3.0, 1.0], [-2.0, 0.5]])
        last = np.array([[0.5, 0.5], [-1.0, 1.0]])
        w, dout = np.array([0.3, -1.1]), np.array([1.0, -2.0])
        neuron = after_forward(submission, longer, w, 0.3, activation)
        with setting_up():
            neuron.forward(longer[1:3])
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
    """Backward changes neither the caller's x and w nor the neuron's own weights and bias."""
    for activation in ACTIVATIONS:
        x, y = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]]), np.array([[0.5, 0.75], [-2.0, 1.0], [3.0, 0.25]])
        w, dout = np.array([0.3, -1.1]), np.array([1.0, -2.0, 0.5])
        neuron = after_forward(submission, x, w, 0.3, activation)
        x_before, w_before = snapshot(x), snapshot(w)
        check_gradients(neuron, neuron.backward(dout), dout, x, w, 0.3, activation)
        check_that(np.array_equal, x_before, snapshot(x), says="backward changed the x that forward was given")
        check_that(np.array_equal, w_before, snapshot(w), says="backward changed the weights the neuron was made of")
        with setting_up():
            neuron.forward(y)
        check_gradients(neuron, neuron.backward(dout), dout, y, w, 0.3, activation)


@exercise("neuron-backward", needs=("neuron-forward",))
def test_neurons_apart(submission):
    """Neurons do not disturb each other, in whatever order they are used and however alike they are."""
    x, y = np.array([[1.0, -0.5], [0.25, 2.0], [-1.0, 0.5]]), np.array([[0.5, 0.75], [-2.0, 1.0], [3.0, 0.25]])
    w, v, dout = np.array([0.3, -1.1]), np.array([-2.0, 0.25]), np.array([1.0, -2.0, 0.5])
    with setting_up():
        first, second = submission.Neuron(w, 0.3, "tanh"), submission.Neuron(v, -0.7, "sigmoid")
        twin = submission.Neuron(w, 0.3, "tanh")
        first.forward(x)
        second.forward(y)
        twin.forward(y - 1.0)
    dx, dy, dy_of_twin = first.backward(dout), second.backward(dout), twin.backward(dout)
    check_gradients(first, dx, dout, x, w, 0.3, "tanh")
    check_gradients(second, dy, dout, y, v, -0.7, "sigmoid")
    check_gradients(twin, dy_of_twin, dout, y - 1.0, w, 0.3, "tanh")
