"""What the initializers must do, spelt out entry by entry. Slow, and meant to be read."""

import math

import numpy as np


def zeros(shape):
    """Make every entry 0."""
    return constant(shape, 0)


def constant(shape, value):
    """Make every entry `value`, as a float."""
    return _filled(shape, lambda: float(value))


def random_normal(shape, rng, mean=0.0, std=0.05):
    """Draw every entry on its own from N(mean, std²), out of two uniform draws (Box and Muller, 1958)."""

    def draw():
        radius = math.sqrt(-2 * math.log(1 - rng.random()))
        return mean + std * radius * math.cos(2 * math.pi * rng.random())

    return _filled(shape, draw)


def random_uniform(shape, rng, low=-0.05, high=0.05):
    """Draw every entry on its own, equally likely anywhere between `low` and `high`."""
    return _filled(shape, lambda: low + (high - low) * rng.random())


def compute_fans(shape):
    """Count the inputs that one output sums over, and the outputs that one input takes part in."""
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        height, width, channels_in, channels_out = shape
        return height * width * channels_in, height * width * channels_out
    raise ValueError("weights have 2 or 4 dimensions")


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    """Draw around 0 with a variance of `scale` over the fan that `mode` names."""
    fan_in, fan_out = compute_fans(shape)
    if mode == "fan_in":
        size = fan_in
    elif mode == "fan_out":
        size = fan_out
    elif mode == "fan_avg":
        size = (fan_in + fan_out) / 2
    else:
        raise ValueError("mode is fan_in, fan_out or fan_avg")
    if distribution == "normal":
        return random_normal(shape, rng, 0.0, normal_std(scale / size))
    if distribution == "uniform":
        return random_uniform(shape, rng, -uniform_limit(scale / size), uniform_limit(scale / size))
    raise ValueError("distribution is normal or uniform")


def normal_std(variance):
    """Find the standard deviation that belongs to a variance."""
    return math.sqrt(variance)


def uniform_limit(variance):
    """Find the limit for which U(-limit, limit) has this variance: (2 · limit)² / 12 = variance."""
    return math.sqrt(12 * variance) / 2


def lecun_variance(shape):
    """Take 1 / fan_in (LeCun et al., 1998)."""
    return 1 / compute_fans(shape)[0]


def glorot_variance(shape):
    """Take 2 / (fan_in + fan_out) (Glorot and Bengio, 2010)."""
    return 2 / sum(compute_fans(shape))


def he_variance(shape):
    """Take 2 / fan_in (He et al., 2015)."""
    return 2 / compute_fans(shape)[0]


def lecun_normal(shape, rng):
    """Draw from the normal distribution of LeCun's variance."""
    return random_normal(shape, rng, 0.0, normal_std(lecun_variance(shape)))


def lecun_uniform(shape, rng):
    """Draw from the uniform distribution of LeCun's variance."""
    return random_uniform(shape, rng, -uniform_limit(lecun_variance(shape)), uniform_limit(lecun_variance(shape)))


def glorot_normal(shape, rng):
    """Draw from the normal distribution of Glorot's variance."""
    return random_normal(shape, rng, 0.0, normal_std(glorot_variance(shape)))


def glorot_uniform(shape, rng):
    """Draw from the uniform distribution of Glorot's variance."""
    return random_uniform(shape, rng, -uniform_limit(glorot_variance(shape)), uniform_limit(glorot_variance(shape)))


def he_normal(shape, rng):
    """Draw from the normal distribution of He's variance."""
    return random_normal(shape, rng, 0.0, normal_std(he_variance(shape)))


def he_uniform(shape, rng):
    """Draw from the uniform distribution of He's variance."""
    return random_uniform(shape, rng, -uniform_limit(he_variance(shape)), uniform_limit(he_variance(shape)))


def _filled(shape, entry):
    """Make a float64 array of this shape, each entry by a call of `entry`."""
    return np.array([entry() for _ in range(math.prod(shape))], dtype=np.float64).reshape(shape)
