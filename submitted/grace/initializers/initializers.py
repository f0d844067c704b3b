"""Initializers. All six named ones are one formula; so here there is one formula, and a table."""

import math

import numpy as np

FANS = {
    "fan_in": lambda fan_in, fan_out: fan_in,
    "fan_out": lambda fan_in, fan_out: fan_out,
    "fan_avg": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
}


def constant(shape, value):
    filled = np.empty(shape)
    filled[...] = value
    return filled


def zeros(shape):
    return constant(shape, 0)


def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(loc=mean, scale=std, size=shape)


def random_uniform(shape, rng, low=-0.05, high=0.05):
    middle, half = (low + high) / 2, (high - low) / 2
    return middle + half * rng.uniform(-1, 1, shape)


def compute_fans(shape):
    match tuple(shape):
        case fan_in, fan_out:
            return fan_in, fan_out
        case height, width, channels_in, channels_out:
            return height * width * channels_in, height * width * channels_out
    raise ValueError(f"a weight has two or four axes; this one has {len(shape)}")


DRAWN = {
    "normal": lambda shape, rng, std: random_normal(shape, rng, 0.0, std),
    "uniform": lambda shape, rng, std: random_uniform(shape, rng, -math.sqrt(3) * std, math.sqrt(3) * std),
}


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    try:
        count, draw = FANS[mode], DRAWN[distribution]
    except KeyError as unknown:
        raise ValueError(f"there is no {unknown}") from None
    return draw(shape, rng, math.sqrt(scale / count(*compute_fans(shape))))


def named(scale, mode, distribution):
    """An initializer that has all of its choices made."""

    def initializer(shape, rng):
        return variance_scaling(shape, rng, scale, mode, distribution)

    return initializer


lecun_normal, lecun_uniform = (named(1, "fan_in", name) for name in DRAWN)
glorot_normal, glorot_uniform = (named(1, "fan_avg", name) for name in DRAWN)
he_normal, he_uniform = (named(2, "fan_in", name) for name in DRAWN)
