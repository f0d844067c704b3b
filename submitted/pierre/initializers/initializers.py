"""Initializers: the numbers that a network's weights have before its first training step.

Weights that start too large or too small make signals explode or vanish on their way through the layers. The named
initializers below are normal or uniform distributions around 0; what differs is the variance, chosen so that a signal
leaves a layer about as large as it came in.

`shape` is a tuple of ints: `(D, M)` for a dense layer of D inputs and M units, `(kh, kw, c_in, c_out)` for a
convolution. `rng` is the caller's `numpy.random.Generator`: all randomness comes from it. Every array that is returned
is a new one of float64 numbers, which the caller may change.
"""

import numpy as np


def zeros(shape: tuple[int, ...]) -> np.ndarray:
    """Return an array of zeros.

    Args:
        shape: the array's shape.

    >>> zeros((2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])

    Used for: biases.
    """
    return np.zeros(shape, dtype=float)


def constant(value: float, shape: tuple[int, ...]) -> np.ndarray:
    """Return an array whose entries are all `value`, as float64 numbers even where `value` is an int.

    Args:
        shape: the array's shape.
        value: the number that every entry gets.

    >>> constant((3,), 1)
    array([1., 1., 1.])

    Used for: biases that should start above 0, such as that of an LSTM's forget gate.
    """
    return np.ones(shape) * float(value)


def random_normal(shape: tuple[int, ...], rng: np.random.Generator, mean: float = 0.0, std: float = 0.05) -> np.ndarray:
    """Return independent draws from the normal distribution N(mean, std²), with nothing cut off at the tails.

    Args:
        shape: the array's shape.
        rng: where the draws come from; it is advanced.
        mean: the centre of the distribution.
        std: its standard deviation, the square root of the variance.

    `random_normal((100, 100), rng, mean=5.0, std=2.0)` has about two thirds of its entries between 3 and 7.

    Used for: weights, and as a building block of the normal initializers below.
    """
    return mean + std * rng.standard_normal(shape)


def random_uniform(
    shape: tuple[int, ...], rng: np.random.Generator, low: float = -0.05, high: float = 0.05
) -> np.ndarray:
    """Return independent draws from the uniform distribution U(low, high).

    Args:
        shape: the array's shape.
        rng: where the draws come from; it is advanced.
        low: the lower end of the interval.
        high: its upper end.

    `random_uniform((100, 100), rng, low=0.0, high=4.0)` has about a quarter of its entries between 0 and 1.

    Used for: weights, and as a building block of the uniform initializers below.
    """
    return rng.uniform(low, high, size=shape)


def compute_fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs each unit sums over and how many outputs each input reaches: `(fan_in, fan_out)`.

    A dense layer `(D, M)` has fans D and M. In a convolution `(kh, kw, c_in, c_out)` each output sees a window of
    kh · kw places with c_in channels each, and each input takes part in kh · kw windows of c_out channels each.

    Args:
        shape: the shape of a weight array, of two or four dimensions.

    Raises:
        ValueError: the shape has another number of dimensions.

    >>> compute_fans((784, 10))
    (784, 10)
    >>> compute_fans((2, 5, 3, 8))
    (30, 80)

    Used for: every initializer below.
    """
    if len(shape) == 2:
        fan_in, fan_out = shape
    elif len(shape) == 4:
        kh, kw, c_in, c_out = shape
        fan_in = kh * kw * c_in
        fan_out = kh * kw * c_out
    else:
        raise ValueError(f"no fans for a shape of {len(shape)} dimensions")
    return fan_in, fan_out


def lecun_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from the normal distribution with mean 0 and variance 1 / fan_in.

    A sum over fan_in inputs of size 1 then has size 1 again (LeCun, Bottou, Orr and Müller, "Efficient BackProp",
    1998).

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(100, 25)` the standard deviation is 0.1.

    Used for: layers whose activation is close to the identity around 0, such as tanh, and for SELU.
    """
    fan_in, fan_out = compute_fans(shape)
    return random_normal(shape, rng, 0.0, np.sqrt(1 / fan_in))


def lecun_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from U(-limit, limit), the limit such that the variance is 1 / fan_in.

    The variance of U(a, b) is (b - a)² / 12.

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(75, 25)` the limit is 0.2 and the variance 1 / 75.

    Used for: the same layers as `lecun_normal`; no draw is ever far from 0.
    """
    fan_in, fan_out = compute_fans(shape)
    # (2 limit)^2 / 12 = 1 / fan_in
    limit = np.sqrt(3 / fan_in)
    return random_uniform(shape, rng, low=-limit, high=limit)


def glorot_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from the normal distribution with mean 0 and variance 2 / (fan_in + fan_out).

    Signals on the way forward ask for 1 / fan_in, gradients on the way back for 1 / fan_out; this is the compromise
    (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010).

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(150, 50)` the standard deviation is 0.1.

    Used for: deep networks with tanh.
    """
    fan_in, fan_out = compute_fans(shape)
    return random_normal(shape, rng, 0.0, np.sqrt(2 / (fan_in + fan_out)))


def glorot_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from U(-limit, limit), the limit such that the variance is 2 / (fan_in + fan_out).

    It is the "normalized initialization" of Glorot and Bengio (2010).

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(100, 50)` the limit is 0.2 and the variance 2 / 150.

    Used for: deep networks with tanh; several libraries take it when nothing is said.
    """
    fan_in, fan_out = compute_fans(shape)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return random_uniform(shape, rng, low=-limit, high=limit)


def he_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from the normal distribution with mean 0 and variance 2 / fan_in.

    Derived for layers that are followed by ReLU (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015).

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(200, 25)` the standard deviation is 0.1.

    Used for: layers with ReLU and its relatives.
    """
    fan_in, fan_out = compute_fans(shape)
    return random_normal(shape, rng, 0.0, np.sqrt(2 / fan_in))


def kaiming_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return independent draws from U(-limit, limit), the limit such that the variance is 2 / fan_in.

    The variance is that of He et al. (2015); the distribution is the flat one.

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.

    For `(150, 25)` the limit is 0.2 and the variance 2 / 150.

    Used for: layers with ReLU and its relatives.
    """
    fan_in, fan_out = compute_fans(shape)
    limit = np.sqrt(6 / fan_in)
    return random_uniform(shape, rng, low=-limit, high=limit)


def variance_scaling(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "normal",
) -> np.ndarray:
    """Return independent draws with mean 0 and variance scale / n: the family of the six initializers above.

    `mode` says what n is: `"fan_in"`, `"fan_out"`, or `"fan_avg"`, the mean of the two. `distribution` is `"normal"`,
    or `"uniform"` for U(-limit, limit) with that variance.

    Args:
        shape: the shape of a weight array, as `compute_fans` takes it.
        rng: where the draws come from; it is advanced.
        scale: a positive number.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`.
        distribution: `"normal"` or `"uniform"`.

    Raises:
        ValueError: the mode or the distribution is none of these.

    For the shape `(300, 100)`, scale 2 and mode `"fan_avg"`, n is 200 and the standard deviation 0.1.

    Used for: layers that need a scale of their own, such as the last of a residual block.
    """
    fan_in, fan_out = compute_fans(shape)
    if mode == "fan_in":
        n = fan_in
    elif mode == "fan_out":
        n = fan_out
    elif mode == "fan_avg":
        n = (fan_in + fan_out) / 2
    else:
        raise ValueError("mode must be fan_in, fan_out or fan_avg")
    std = np.sqrt(scale / n)
    if distribution == "normal":
        return random_normal(shape, rng, 0.0, std)
    if distribution == "uniform":
        return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)
    raise ValueError("distribution must be normal or uniform")
