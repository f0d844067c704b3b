"""The reference solutions against libraries that nobody here wrote: autograd, SciPy and scikit-learn.

The graded tests judge the references by definitions of the course's own; this group makes sure that the definitions are
the world's. Float64 throughout, agreement to 1e-10.
"""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.scipy.special import logsumexp
from scipy import special, stats
from sklearn.neural_network._stochastic_optimizers import SGDOptimizer

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
ALPHA = 1e-9


@pytest.fixture(params=range(10))
def rng(request):
    return np.random.default_rng(1000 + request.param)


# --- neuron -----------------------------------------------------------------------------------------------------------

FORMULAS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.maximum(z, 0),
}


def test_sigmoid_is_scipys(neuron, rng):
    """The logistic function over the whole range, tails included."""
    z = rng.uniform(-700, 700, (40, 3))
    np.testing.assert_allclose(neuron.sigmoid(z), special.expit(z), rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_slopes_of_activations(neuron, rng, name):
    """Each backward is the derivative that automatic differentiation finds."""
    z, dout = rng.normal(0, 2, (5, 4)), rng.normal(size=(5, 4))
    expected = autograd.grad(lambda z: anp.sum(dout * FORMULAS[name](z)))(z)
    np.testing.assert_allclose(getattr(neuron, f"{name}_backward")(dout, z), expected, **CLOSE)


@pytest.mark.parametrize("name", FORMULAS)
def test_neuron(neuron, rng, name):
    """A whole neuron, forward and all three gradients."""
    x, w, b, dout = rng.normal(size=(6, 3)), rng.normal(size=3), rng.normal(), rng.normal(size=6)

    def objective(x, w, b):
        return anp.sum(dout * FORMULAS[name](anp.dot(x, w) + b))

    made = neuron.Neuron(w, b, name)
    np.testing.assert_allclose(made.forward(x), FORMULAS[name](x @ w + b), **CLOSE)
    dx = made.backward(dout)
    for got, expected in zip((dx, made.dw, made.db), autograd.grad(objective, (0, 1, 2))(x, w, b), strict=True):
        np.testing.assert_allclose(got, expected, **CLOSE)


# --- initializers -----------------------------------------------------------------------------------------------------

VARIANCES = {
    "lecun": lambda fan_in, _fan_out: 1 / fan_in,
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, _fan_out: 2 / fan_in,
}


@pytest.mark.parametrize("shape", [(300, 120), (120, 300), (3, 5, 40, 60)])
@pytest.mark.parametrize("name", VARIANCES)
def test_distributions(initializers, name, shape):
    """SciPy's Kolmogorov-Smirnov test cannot tell the draws from the distribution that the papers name."""
    receptive = int(np.prod(shape[:-2]))
    variance = VARIANCES[name](receptive * shape[-2], receptive * shape[-1])
    limit = np.sqrt(3 * variance)
    normal = getattr(initializers, f"{name}_normal")(shape, np.random.default_rng(5)).ravel()
    uniform = getattr(initializers, f"{name}_uniform")(shape, np.random.default_rng(6)).ravel()
    assert stats.kstest(normal, stats.norm(0, np.sqrt(variance)).cdf).pvalue > ALPHA
    assert stats.kstest(uniform, stats.uniform(-limit, 2 * limit).cdf).pvalue > ALPHA


# --- losses -----------------------------------------------------------------------------------------------------------


def test_squared_error(losses, rng):
    """Mean squared error and its gradient."""
    prediction, target = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = autograd.value_and_grad(lambda p: anp.mean((p - target) ** 2))(prediction)
    np.testing.assert_allclose(losses.mean_squared_error(prediction, target), expected[0], **CLOSE)
    np.testing.assert_allclose(losses.mean_squared_error_backward(prediction, target), expected[1], **CLOSE)


def test_binary_cross_entropy(losses, rng):
    """Cross-entropy of probabilities by SciPy's x·log(y), its gradient by autograd."""
    p, y = rng.uniform(0.01, 0.99, (5, 2)), rng.integers(0, 2, (5, 2)).astype(float)
    expected = -(special.xlogy(y, p) + special.xlog1py(1 - y, -p)).mean()
    np.testing.assert_allclose(losses.binary_cross_entropy(p, y), expected, **CLOSE)
    slope = autograd.grad(lambda p: -anp.mean(y * anp.log(p) + (1 - y) * anp.log(1 - p)))(p)
    np.testing.assert_allclose(losses.binary_cross_entropy_backward(p, y), slope, **CLOSE)


def test_binary_cross_entropy_with_logits(losses, rng):
    """From logits, by SciPy's log of the logistic function."""
    z, y = rng.normal(0, 30, (5, 2)), rng.integers(0, 2, (5, 2)).astype(float)
    expected = -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z)).mean()
    np.testing.assert_allclose(losses.binary_cross_entropy_with_logits(z, y), expected, **CLOSE)
    slope = (special.expit(z) - y) / z.size
    np.testing.assert_allclose(losses.binary_cross_entropy_with_logits_backward(z, y), slope, **CLOSE)


def test_softmax(losses, rng):
    """Softmax and its logarithm are SciPy's, far out too."""
    z = rng.normal(0, 200, (5, 4))
    np.testing.assert_allclose(losses.softmax(z), special.softmax(z, axis=1), rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(losses.log_softmax(z), special.log_softmax(z, axis=1), **CLOSE)


def test_categorical_cross_entropy(losses, rng):
    """Both categorical losses and their gradients."""
    z, labels = rng.normal(0, 3, (6, 4)), rng.integers(0, 4, 6)
    one_hot = np.eye(4)[labels]
    value, slope = autograd.value_and_grad(
        lambda z: -anp.mean(anp.sum(one_hot * (z - logsumexp(z, axis=1, keepdims=True)), axis=1))
    )(z)
    np.testing.assert_allclose(losses.categorical_cross_entropy(z, one_hot), value, **CLOSE)
    np.testing.assert_allclose(losses.sparse_categorical_cross_entropy(z, labels), value, **CLOSE)
    np.testing.assert_allclose(losses.categorical_cross_entropy_backward(z, one_hot), slope, **CLOSE)
    np.testing.assert_allclose(losses.sparse_categorical_cross_entropy_backward(z, labels), slope, **CLOSE)


# --- backprop ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("sizes", [[3, 2], [4, 5, 3], [2, 6, 5, 3]])
def test_mlp(backprop, rng, sizes, activation):
    """A network's output and every gradient."""
    network = backprop.MLP(sizes, rng, activation)
    params = {name: rng.normal(size=value.shape) for name, value in network.params.items()}
    network.params = params
    X, dout = rng.normal(size=(7, sizes[0])), rng.normal(size=(7, sizes[-1]))

    def forward(params):
        out = X
        for layer in range(1, len(sizes)):
            out = anp.dot(out, params[f"W{layer}"]) + params[f"b{layer}"]
            if layer < len(sizes) - 1:
                out = FORMULAS[activation](out)
        return out

    np.testing.assert_allclose(network.forward(X), forward(params), **CLOSE)
    grads = network.backward(dout)
    expected = autograd.grad(lambda params: anp.sum(dout * forward(params)))(params)
    for name, slope in expected.items():
        np.testing.assert_allclose(grads[name], slope, **CLOSE)


def test_value(backprop, rng):
    """A scalar expression with every operation and a node used twice."""

    def expression(a, b, exp, tanh, relu):
        c = a * b + b**3 - a / b
        return tanh(c) * exp(0.1 * a) + relu(c - 1.0) - (-c) + 2.0 / (3.0 + exp(b)) + c * c

    a, b = rng.uniform(0.5, 2, 2)
    x, y = backprop.Value(a), backprop.Value(b)
    out = expression(x, y, lambda v: v.exp(), lambda v: v.tanh(), lambda v: v.relu())
    out.backward()
    plain = (anp.exp, anp.tanh, lambda v: anp.maximum(v, 0))
    np.testing.assert_allclose(out.data, expression(a, b, *plain), **CLOSE)
    slopes = autograd.grad(lambda a, b: expression(a, b, *plain), (0, 1))(a, b)
    np.testing.assert_allclose((x.grad, y.grad), slopes, **CLOSE)


# --- sgd --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_momentum(sgd, rng, momentum, weight_decay):
    """Twenty steps of momentum end where scikit-learn's optimizer ends."""
    start = {"W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=2)}
    ours = sgd.SGD({name: value.copy() for name, value in start.items()}, 0.05, momentum, weight_decay)
    theirs = [value.copy() for value in start.values()]
    optimizer = SGDOptimizer(theirs, learning_rate_init=0.05, momentum=momentum, nesterov=False)
    for _ in range(20):
        grads = {name: rng.normal(size=value.shape) for name, value in start.items()}
        decayed = [grads[name] + weight_decay * value for name, value in zip(start, theirs, strict=True)]
        ours.step(grads)
        optimizer.update_params(theirs, decayed)
    for got, expected in zip(ours.params.values(), theirs, strict=True):
        np.testing.assert_allclose(got, expected, **CLOSE)
