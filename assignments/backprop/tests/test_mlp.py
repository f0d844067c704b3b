from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from autograder.kit import (
    CheckFailed,
    arrays,
    check_close,
    check_gradient,
    check_raises,
    check_that,
    depending,
    exercise,
    generator,
    given,
    integers,
    sampled,
    seeds,
    setting_up,
    snapshot,
    upstream,
)

from . import oracle

# --- networks to ask about --------------------------------------------------------------------------------------------

SIZES = [4, 3, 2]
ACTIVATION = sampled("tanh", "relu")
WIDTHS = st.lists(integers(1, 5), min_size=2, max_size=4)


def rows_for(sizes, rows="N=1..5"):
    """A batch for a network of these sizes."""
    return arrays(f"{rows} {sizes[0]}", scale=1.0)


@st.composite
def params_for(draw, sizes, X):
    """Parameters of such a network, with every sum that enters an activation well away from the kink of ReLU."""
    return next(params for params in random_params(draw(seeds()), sizes) if away_from_kinks(params, X))


def random_params(seed, sizes):
    """One random set of parameters after the other."""
    random = np.random.Generator(np.random.PCG64(seed))
    while True:
        params = {}
        for layer, shape in enumerate(pairwise(sizes), start=1):
            params[f"W{layer}"] = random.uniform(-1.5, 1.5, shape).round(3)
            params[f"b{layer}"] = random.uniform(-1.5, 1.5, shape[1]).round(3)
        yield params


def away_from_kinks(params, X):
    """Whether no hidden sum is within 1e-3 of 0, whichever units are off."""
    h = X
    for layer in range(1, len(params) // 2 + 1):
        z = oracle.affine(h, params[f"W{layer}"], params[f"b{layer}"])
        if np.abs(z).min() < 1e-3:
            return False
        h = oracle.ACTIVATIONS["relu"](z)
    return True


def random_network(seed, sizes, rows):
    """A batch and parameters with so many digits that no sum is 0."""
    random = np.random.Generator(np.random.PCG64(seed))
    params = {name: random.normal(size=array.shape) for name, array in next(random_params(0, sizes)).items()}
    return random.normal(size=(rows, sizes[0])), params


#: The sums that enter the activation are 0 for the first row, and from -800 to 2,500 for the others.
FAR_SIZES = [2, 2, 1]
FAR_X = np.array([[0.0, 0.0], [300.0, -200.0], [-1000.0, 500.0]])
FAR_PARAMS = {
    "W1": np.array([[1.0, -2.0], [3.0, 1.0]]),
    "b1": np.array([0.0, 0.0]),
    "W2": np.array([[1.5], [-1.5]]),
    "b2": np.array([0.25]),
}

NETWORK = {
    "sizes": WIDTHS,
    "activation": ACTIVATION,
    "X": depending("sizes", rows_for),
    "params": depending("sizes", "X", params_for),
}
DOUT = depending("sizes", lambda sizes: upstream(f"N {sizes[-1]}"))
OTHER = {
    "rows": depending("sizes", lambda sizes: rows_for(sizes, "K=1..5")),
    "upstream_rows": depending("sizes", lambda sizes: upstream(f"K {sizes[-1]}")),
}


def network(submission, sizes, activation, params, seed=1):
    """A model of the submission with these parameters."""
    with setting_up():
        mlp = submission.MLP(sizes, generator(seed), activation)
        mlp.params = params
    return mlp


def named_arrays(params, sizes):
    """Insist on a dict of arrays W1, b1, W2, b2, ... that fit these sizes."""
    shapes = {name: array.shape for name, array in next(random_params(0, sizes)).items()}
    if not isinstance(params, dict) or params.keys() != shapes.keys():
        raise CheckFailed(f"params must be a dict with the keys {', '.join(shapes)}")
    for name, shape in shapes.items():
        array = params[name]
        if type(array) is not np.ndarray or array.dtype.kind not in "fiu" or array.shape != shape:
            raise CheckFailed(f"params[{name!r}] must be an array of real numbers with the shape {shape}")


def check_grads(grads, X, params, activation, dout):
    """Check a dict of gradients, entry by entry."""
    check_that(lambda grads: isinstance(grads, dict), grads, says="backward must return a dict")
    check_that(lambda grads: set(grads) == set(params), grads, says=f"the keys must be those of params: {list(params)}")
    for name in params:

        def objective(array, name=name):
            return (dout * oracle.mlp({**params, name: array}, X, activation)).sum()

        check_gradient(grads[name], of=objective, at=params[name], relative_to=dout)


# --- forward ----------------------------------------------------------------------------------------------------------


@exercise("mlp-forward", weight=2)
@given(**NETWORK)
def test_outputs(submission, sizes, activation, X, params):
    """Affine layers with the activation after each but the last give the outputs, for any params that are set."""
    mlp = network(submission, sizes, activation, params)
    check_close(mlp.forward(X), oracle.mlp(params, X, activation))
    backwards = {name: params[name] for name in reversed(params)}
    check_close(network(submission, sizes, activation, backwards).forward(X), oracle.mlp(params, X, activation))


@exercise("mlp-forward", examples=6)
@given(sizes=WIDTHS, X=depending("sizes", rows_for), seed=seeds())
def test_new_model(submission, sizes, X, seed):
    """A new model has params W1, b1, W2, b2, ... of the right shapes, and forward uses them, with tanh by default."""

    def fits(params, out, activation):
        named_arrays(params, sizes)
        check_close(out, oracle.mlp(params, X, activation))

    for activation in ("tanh", "relu"):
        mlp = submission.MLP(sizes, generator(seed), activation)
        check_that(fits, mlp.params, mlp.forward(X), activation)
    mlp = submission.MLP(sizes, generator(seed))
    check_that(fits, mlp.params, mlp.forward(X), "tanh")


@exercise("mlp-forward", weight=0.5, examples=1)
@given(seed=seeds())
def test_many_layers(submission, seed):
    """Eleven layers are applied in the order of their numbers, 9 before 10."""
    sizes = [2, *[3] * 10, 2]
    params = next(random_params(seed, sizes))
    X = np.array([[0.5, -1.0], [2.0, 0.25]])
    check_close(network(submission, sizes, "tanh", params).forward(X), oracle.mlp(params, X, "tanh"))


@exercise("mlp-forward", weight=0.5, examples=2)
@given(seed=seeds(), activation=ACTIVATION)
def test_large(submission, seed, activation):
    """A batch of 110 rows and a hidden layer of 60 units are as right as small ones."""
    X, params = random_network(seed, [4, 60, 3], 110)
    check_close(network(submission, [4, 60, 3], activation, params).forward(X), oracle.mlp(params, X, activation))


@exercise("mlp-forward", weight=0.5)
def test_far_out(submission):
    """Outputs are right where a hidden sum is 0, in the hundreds or in the thousands."""
    for activation in ("tanh", "relu"):
        out = network(submission, FAR_SIZES, activation, FAR_PARAMS).forward(FAR_X)
        check_close(out, oracle.mlp(FAR_PARAMS, FAR_X, activation))


@exercise("mlp-forward", examples=12)
@given(**NETWORK, others=depending("sizes", "X", params_for))
def test_params_belong_to_the_caller(submission, *, sizes, activation, X, params, others):
    """A dict that replaces params, an entry that is replaced and an array that is written into count from then on."""
    mlp = submission.MLP(sizes, generator(1), activation)
    for name, array in params.items():
        mlp.params[name][...] = array
    check_close(mlp.forward(X), oracle.mlp(params, X, activation))
    mlp.params["W1"] = others["W1"]
    now = {**params, "W1": others["W1"]}
    check_close(mlp.forward(X), oracle.mlp(now, X, activation))
    mlp.params["b1"][...] = others["b1"]
    now = {**now, "b1": others["b1"]}
    check_close(mlp.forward(X), oracle.mlp(now, X, activation))
    mlp.params = {name: array.copy() for name, array in params.items()}
    check_close(mlp.forward(X), oracle.mlp(params, X, activation))
    mlp.params["W1"][0] = 0.75
    now = {**params, "W1": params["W1"].copy()}
    now["W1"][0] = 0.75
    check_close(mlp.forward(X), oracle.mlp(now, X, activation))


@exercise("mlp-forward", examples=4)
@given(seed=seeds(), activation=ACTIVATION)
def test_draws(submission, seed, activation):
    """The weights are draws from the generator that is passed: the same state gives the same, another one others."""
    rng = generator(seed)
    sources = (generator(seed), generator(seed), rng, rng)
    models = [submission.MLP(SIZES, source, activation).params for source in sources]

    def verify(one, same, first, second):
        for params in (one, same, first, second):
            named_arrays(params, SIZES)
        for name in one:
            if not np.allclose(one[name], same[name]) or not np.allclose(one[name], first[name]):
                return "two generators of the same seed must give the same params"
        for name in ("W1", "W2"):
            if (one[name] == one[name][0, 0]).all():
                return f"{name} must be drawn at random, but all of its entries are equal"
            if np.array_equal(first[name], second[name]):
                return f"a second model from the same generator must get new draws for {name}"
        return None

    check_that(verify, *models)


@exercise("mlp-forward", examples=6)
@given(sizes=sampled([3, 4, 2], [2, 3, 3, 1]), X=depending("sizes", rows_for), activation=ACTIVATION)
def test_models_are_apart(submission, sizes, X, activation):
    """A second model, its params and its forward leave the first one alone."""
    first = submission.MLP(sizes, generator(1), activation)
    before = snapshot(first.params)
    second = submission.MLP(sizes, generator(2), "relu" if activation == "tanh" else "tanh")
    second.params["W1"][...] = 0.5
    second.forward(X)
    out = first.forward(X)

    def unchanged(params, out):
        named_arrays(params, sizes)
        check_close(out, oracle.mlp(params, X, activation))

    check_that(unchanged, before, out)


@exercise("mlp-forward", weight=0.5)
def test_unknown_activation(submission):
    """An activation that is not exactly tanh or relu raises ValueError, with hidden layers or without."""
    for activation in ("sigmoid", "identity", "leaky_relu", "Tanh", "relu ", ""):
        check_raises(submission.MLP([3, 2, 1], generator(1), activation), ValueError)
        check_raises(submission.MLP([3, 1], generator(1), activation=activation), ValueError)
    for activation in ("tanh", "relu"):
        check_that(lambda params: named_arrays(params, [3, 1]), submission.MLP([3, 1], generator(1), activation).params)


# --- backward ---------------------------------------------------------------------------------------------------------


@exercise("mlp-backward", weight=2, needs=("mlp-forward",))
@given(**NETWORK, dout=DOUT)
def test_gradients(submission, *, sizes, activation, X, params, dout):
    """Each array of grads says how sum(dout * forward(X)) changes with every entry of the parameter of that name."""
    mlp = network(submission, sizes, activation, params)
    mlp.forward(X)
    check_grads(mlp.backward(dout), X, params, activation, dout)


@exercise("mlp-backward", needs=("mlp-forward",), examples=10)
@given(**NETWORK, dout=DOUT, other=DOUT)
def test_called_twice(submission, *, sizes, activation, X, params, dout, other):
    """It may be called twice and changes nothing: not params, not the next call's gradients, not the last call's."""
    mlp = network(submission, sizes, activation, params)
    out = mlp.forward(X)
    first = mlp.backward(dout)
    check_grads(mlp.backward(other), X, params, activation, other)
    check_grads(snapshot(first), X, params, activation, dout)
    check_close(mlp.params, params, rtol=0, atol=0)
    check_that(lambda before, after: check_close(after, before), out, mlp.forward(X))


@exercise("mlp-backward", needs=("mlp-forward",), examples=10)
@given(**NETWORK, dout=DOUT, **OTHER)
def test_last_forward(submission, *, sizes, activation, X, params, dout, rows, upstream_rows):
    """The gradients are those of the last forward, with the params that it used, whatever went before."""
    with setting_up():
        mlp = submission.MLP(sizes, generator(1), activation)
    mlp.forward(rows)
    mlp.backward(upstream_rows)
    mlp.params = params
    mlp.forward(rows)
    mlp.forward(X)
    check_grads(mlp.backward(dout), X, params, activation, dout)


@exercise("mlp-backward", needs=("mlp-forward",), examples=10)
@given(**NETWORK, dout=DOUT, **OTHER)
def test_models_do_not_disturb_each_other(submission, *, sizes, activation, X, params, dout, rows, upstream_rows):
    """Another model's forward and backward between the two leave the gradients alone."""
    mlp = network(submission, sizes, activation, params)
    with setting_up():
        other = submission.MLP(sizes, generator(2), "relu" if activation == "tanh" else "tanh")
    mlp.forward(X)
    other.forward(rows)
    other.backward(upstream_rows)
    check_grads(mlp.backward(dout), X, params, activation, dout)


@exercise("mlp-backward", weight=0.5, needs=("mlp-forward",), examples=1)
@given(seed=seeds())
def test_large_and_deep(submission, seed):
    """A batch of 110 rows, a hidden layer of 60 units and a network of nine layers have gradients like small ones."""
    for activation, sizes, rows in (("relu", [4, 60, 3], 110), ("tanh", [2, *[3] * 8, 2], 2)):
        X, params = random_network(seed, sizes, rows)
        dout = np.cos(np.arange(rows * sizes[-1])).reshape(rows, -1)
        mlp = network(submission, sizes, activation, params)
        mlp.forward(X)
        check_grads(mlp.backward(dout), X, params, activation, dout)


@exercise("mlp-backward", weight=0.5, needs=("mlp-forward",))
def test_special_places(submission):
    """Gradients are right where tanh is flat, at the kink of ReLU (any slope of 0 to 1), and for ints in dout."""
    dout = np.array([[2], [-1], [1]])
    mlp = network(submission, FAR_SIZES, "tanh", FAR_PARAMS)
    mlp.forward(FAR_X)
    check_grads(mlp.backward(dout), FAR_X, FAR_PARAMS, "tanh", dout)
    X = FAR_X / 100.0
    mlp = network(submission, FAR_SIZES, "relu", FAR_PARAMS)
    mlp.forward(X)
    grads = mlp.backward(dout)
    # To b1 the last row gives 1 · W2, the first something from 0 to 2 · W2.
    check_close(grads["b1"], np.array([3.0, -3.0]), rtol=0, atol=3.0 / 2 + 1e-9)
    for name in ("W1", "W2", "b2"):

        def objective(array, name=name):
            return (dout * oracle.mlp({**FAR_PARAMS, name: array}, X, "relu")).sum()

        check_gradient(grads[name], of=objective, at=FAR_PARAMS[name])
