"""Mistakes that the bank of initializers lacks on purpose: the diagnosis must not give them another's name."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% constant: constant-plus-one
# One is added
def constant(shape, value):
    return np.full(shape, value + 1.0)


# %% constant: constant-squared
# The value is squared
def constant(shape, value):
    return np.full(shape, float(value) ** 2)


# %% compute-fans: fans-doubled
# Both are doubled
def compute_fans(shape):
    places = int(np.prod(shape[2:] if len(shape) > 2 else 1))
    places = int(np.prod(shape[:-2]))
    return 2 * places * shape[-2], 2 * places * shape[-1]


# %% he-normal: he-tripled
# The deviation is three times too large
def he_normal(shape, rng):
    fan_in, _ = compute_fans(shape)
    return random_normal(shape, rng, std=3 * np.sqrt(2.0 / fan_in))
