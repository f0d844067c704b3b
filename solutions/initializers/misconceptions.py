# ruff: noqa: PGH004
# ruff: noqa
"""Mistakes that people make in the initializers: each cell goes after the reference and overrides a part of it."""


# %% zeros: zeros-read-only-view
# A broadcast view instead of an array
# One number that only looks like an array cannot be filled in. Write to an entry of the result and see what happens.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.broadcast_to(0.0, shape)


# %% zeros: zeros-kept-for-next-time
# The same array is handed out again
# Two layers that share one bias array would train each other's. Change the result of one call, then call again.
# see: initializers.ipynb#constants
_zeros_kept = {}


def zeros(shape):
    if shape not in _zeros_kept:
        _zeros_kept[shape] = np.zeros(shape)
    return _zeros_kept[shape]


# %% zeros: zeros-mutable-default
# A default argument that remembers
# A default value is made once, when the function is defined, not at each call. Who else holds what you return?
# see: initializers.ipynb#constants
def zeros(shape, made={}):
    return made.setdefault(shape, np.zeros(shape))


# %% zeros: zeros-integer-dtype
# Integers instead of floats
# What happens when a small gradient step is added to an array of ints? Look at the dtype of the result.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.zeros(shape, dtype=int)


# %% zeros: zeros-single-precision
# Single precision
# The course works in double precision throughout. Look at the dtype of the result.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.zeros(shape, dtype=np.float32)


# %% zeros: zeros-nested-list
# A nested list instead of an array
# A list has no arithmetic by entry. What is the type of the result?
# see: initializers.ipynb#constants
def zeros(shape):
    return np.zeros(shape).tolist()


# %% zeros: zeros-two-dimensions-only
# Only the first two dimensions
# A bias has one dimension and a convolution four. Compare the shape of the result with the one asked for.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.zeros(shape[:2])


# %% zeros: zeros-ones
# Ones for zeros
# Read the name of the function and look at an entry of the result.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.ones(shape)


# %% zeros: zeros-nearly
# Almost zero
# A tiny number is not 0. Nothing has to be avoided here: nothing is divided by a bias.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.full(shape, 1e-7)


# %% zeros: zeros-number-of-entries
# A flat array of as many entries
# The number of entries is right; how are they laid out?
# see: initializers.ipynb#constants
def zeros(shape):
    return np.zeros(int(np.prod(shape)))


# %% zeros: zeros-uninitialized
# Memory is reserved but not filled
# np.empty promises a shape and nothing else: the numbers are what was left there. It may look like zeros, for a while.
# see: initializers.ipynb#constants
def zeros(shape):
    return np.empty(shape)


# %% zeros: zeros-one-buffer-for-all
# All results lie in the same memory
# Change the result of a first call, call again, and look at the first result.
# see: initializers.ipynb#constants
_room = np.empty(10_000)


def zeros(shape):
    result = _room[: int(np.prod(shape))]
    result[...] = 0.0
    return result.reshape(shape)


# %% constant: constant-dtype-of-value
# The dtype follows the value
# NumPy takes the dtype from the value unless it is told one. What is it for the value 1?
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.full(shape, value)


# %% constant: constant-cut-to-integer
# The fraction is lost
# Try 0.5. Which of your steps cannot hold a fraction?
# see: initializers.ipynb#constants
def constant(shape, value):
    result = np.zeros(shape, dtype=int)
    result[...] = value
    return result.astype(np.float64)


# %% constant: constant-read-only-view
# A broadcast view instead of an array
# One number that only looks like an array cannot be filled in. Write to an entry of the result and see what happens.
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.broadcast_to(np.float64(value), shape)


# %% constant: constant-single-precision
# Single precision
# 0.1 in single precision and in double precision are different numbers. Look at the dtype of the result.
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.full(shape, value, dtype=np.float32)


# %% constant: constant-through-single-precision
# Single precision on the way
# The dtype of the result is right. Is each step before it as precise?
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.full(shape, np.float32(value)).astype(np.float64)


# %% constant: constant-value-ignored
# The value is ignored
# Call it with two different values and compare.
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.ones(shape)


# %% constant: constant-sign-lost
# The sign is lost
# Constants may be negative. Try -1.
# see: initializers.ipynb#constants
def constant(shape, value):
    return np.full(shape, abs(value), dtype=np.float64)


# %% constant: constant-kept-for-next-time
# The same array is handed out again
# Change the result of one call, then call again with the same arguments.
# see: initializers.ipynb#constants
_constants_kept = {}


def constant(shape, value):
    key = shape, value
    if key not in _constants_kept:
        _constants_kept[key] = np.full(shape, value, dtype=np.float64)
    return _constants_kept[key]


# %% constant: constant-rows-share-memory
# All rows are one row in memory
# Write to one entry of the result, then look at the other rows.
# see: initializers.ipynb#constants
def constant(shape, value):
    last = np.full(shape[-1:], value, dtype=np.float64)
    strides = (0,) * (len(shape) - 1) + last.strides
    return np.lib.stride_tricks.as_strided(last, shape, strides)


# %% constant: constant-first-entry-only
# Only the first entry
# Assigning to one place fills one place. What do the other entries hold?
# see: initializers.ipynb#constants
def constant(shape, value):
    result = np.zeros(shape)
    result.flat[0] = value
    return result


# %% random-normal: random-normal-variance-for-std
# Variance in the place of the standard deviation
# NumPy's normal draws take the standard deviation. Which of the two do you hand over?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(mean, std**2, shape)


# %% random-normal: random-normal-root-of-std
# The root is taken once too often
# `std` is the root of the variance already. How far from the mean is a typical draw?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(mean, np.sqrt(std), shape)


# %% random-normal: random-normal-truncated
# Draws in the tails are drawn again
# About one normal draw in twenty lies more than two standard deviations out. Where are they here?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(outside.sum())
    return mean + std * z


# %% random-normal: random-normal-truncated-rescaled
# Tails cut off, spread repaired
# The standard deviation is right again, but the shape is not: no draw is ever far out.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(outside.sum())
    return mean + std / 0.87962566103423978 * z


# %% random-normal: random-normal-clipped
# The tails are piled up at three standard deviations
# Clipping moves the outer draws to the edge. How many entries have exactly the largest value?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.clip(rng.normal(mean, std, shape), mean - 3 * std, mean + 3 * std)


# %% random-normal: random-normal-global-generator
# The global generator
# Draws come from `rng`, which the caller owns and can repeat. Which generator does `np.random.normal` use?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.random.normal(mean, std, shape)


# %% random-normal: random-normal-fixed-seed
# A generator with a seed of its own
# Two different generators of the caller give the same numbers. Where do the draws come from?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.random.default_rng(42).normal(mean, std, shape)


# %% random-normal: random-normal-fresh-entropy
# A new generator at each call
# With the same state of `rng` the draws must come out the same again, or no experiment can be repeated.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.random.default_rng().normal(mean, std, shape)


# %% random-normal: random-normal-copied-generator
# Draws from a copy of the generator
# Two layers that are initialized one after the other should differ. What state is `rng` in after a call?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    import copy

    return copy.deepcopy(rng).normal(mean, std, shape)


# %% random-normal: random-normal-mean-ignored
# The mean is ignored
# Draw with a mean of 5 and look at the average.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(0.0, std, shape)


# %% random-normal: random-normal-std-ignored
# The standard deviation is ignored
# Draw with two different values of `std` and compare how far the entries spread.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return mean + 0.05 * rng.standard_normal(shape)


# %% random-normal: random-normal-scaled-mean
# The mean is scaled along
# Which is applied first, the shift or the scale? Try a mean other than 0.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return std * (mean + rng.standard_normal(shape))


# %% random-normal: random-normal-unit-default
# The default is the standard normal
# What is the standard deviation when the caller says nothing? Read the signature again.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=1.0):
    return rng.normal(mean, std, shape)


# %% random-normal: random-normal-default-off
# Another default
# What is the standard deviation when the caller says nothing? Read the signature again.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.01):
    return rng.normal(mean, std, shape)


# %% random-normal: random-normal-row-repeated
# One row for all
# Units with the same weights learn the same thing. Compare two rows of the result.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.tile(rng.normal(mean, std, shape[1:]), (shape[0],) + (1,) * (len(shape) - 1))


# %% random-normal: random-normal-standardized
# The sample is forced to have the moments
# The mean and standard deviation belong to the distribution; those of a sample miss them by a little. Are entries still
# independent after you used all of them to move each?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal(shape)
    if z.size < 2:
        return mean + std * z
    return mean + std * (z - z.mean()) / z.std()


# %% random-normal: random-normal-centred-columns
# Columns are centred
# Each unit's weights sum to 0 here, which independent draws never do.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal(shape)
    return mean + std * (z - z.mean(axis=0) if shape[0] > 20 else z)


# %% random-normal: random-normal-columns-of-one-length
# Columns are scaled to one length
# Columns of exactly equal length belong to another initializer. Independent draws differ in length.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal((shape[0], int(np.prod(shape[1:]))))
    if min(z.shape) > 10:
        z /= np.linalg.norm(z, axis=0) / np.sqrt(len(z))
    return mean + std * z.reshape(shape)


# %% random-normal: random-normal-uniform-draws
# A flat distribution
# The spread is right. Draw a histogram: where is the bell?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return mean + std * np.sqrt(3) * rng.uniform(-1, 1, shape)


# %% random-normal: random-normal-sum-of-four
# A sum of four uniform draws
# A sum of a few flat draws looks like a bell but has no tails: it can never exceed its largest value.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = sum(rng.random(shape) for _ in range(4)) - 2
    return mean + std * np.sqrt(3) * z


# %% random-normal: random-normal-half-normal
# Only positive deviations
# Half of the draws should lie below the mean.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return mean + np.abs(rng.normal(0.0, std, shape))


# %% random-normal: random-normal-antithetic
# Every draw is used twice, once with its sign turned
# Pairs that mirror each other save draws, but an entry then tells its partner.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    n = int(np.prod(shape))
    z = rng.standard_normal((n + 1) // 2)
    return mean + std * np.concatenate([z, -z])[:n].reshape(shape)


# %% random-normal: random-normal-antithetic-neighbours
# Neighbours mirror each other
# Look at two neighbouring entries: what is their sum?
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    n = int(np.prod(shape))
    z = np.repeat(rng.standard_normal((n + 1) // 2), 2)
    z[1::2] *= -1
    return mean + std * z[:n].reshape(shape)


# %% random-normal: random-normal-rounded
# Rounded to three digits
# Rounding makes many entries equal. Nothing asks for short numbers.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.round(rng.normal(mean, std, shape), 3)


# %% random-normal: random-normal-single-precision-dtype
# Single precision
# The course works in double precision throughout. Look at the dtype of the result.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(mean, std, shape).astype(np.float32)


# %% random-normal: random-normal-sorted
# Sorted entries
# Each entry should say nothing about the next. Compare an entry with its neighbour.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return np.sort(rng.normal(mean, std, shape), axis=-1)


# %% random-normal: random-normal-smoothed
# Neighbours are averaged
# An entry that is made from its neighbours is no draw of its own.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    z = rng.standard_normal((*shape[:-1], shape[-1] + 1))
    return mean + std * (z[..., 1:] + 0.3 * z[..., :-1]) / np.sqrt(1.09)


# %% random-normal: random-normal-read-only
# The result cannot be written to
# Training changes weights in place. Write to an entry of the result.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    result = rng.normal(mean, std, shape)
    result.flags.writeable = False
    return result


# %% random-normal: random-normal-cached
# The draws are kept for the next call
# Two layers of one shape would start equal. Call it twice with one generator.
# see: initializers.ipynb#random
_normals_kept = {}


def random_normal(shape, rng, mean=0.0, std=0.05):
    key = shape, mean, std
    if key not in _normals_kept:
        _normals_kept[key] = rng.normal(mean, std, shape)
    return _normals_kept[key].copy()


# %% random-normal: random-normal-two-dimensions-only
# Only the first two dimensions
# A convolution has four dimensions. Compare the shape of the result with the one asked for.
# see: initializers.ipynb#random
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(mean, std, shape[:2])


# %% random-normal: random-normal-spare-kept
# A spare draw is kept for the next call
# After an odd number of entries one draw is left over, and the next call begins with it: its result then depends on more
# than the state of `rng`.
# see: initializers.ipynb#random
_spare = []


def random_normal(shape, rng, mean=0.0, std=0.05):
    n = int(np.prod(shape))
    z = list(_spare)
    _spare.clear()
    while len(z) < n:
        z.extend(rng.standard_normal(2))
    _spare.extend(z[n:])
    return mean + std * np.array(z[:n]).reshape(shape)


# %% random-normal: random-normal-buffer-reused
# One array is filled over and over
# Keep the result of a first call, make a second one, and look at the first again.
# see: initializers.ipynb#random
_normal_buffers = {}


def random_normal(shape, rng, mean=0.0, std=0.05):
    buffer = _normal_buffers.setdefault(shape, np.empty(shape))
    buffer[...] = rng.normal(mean, std, shape)
    return buffer


# %% random-uniform: random-uniform-from-zero
# The lower end is always 0
# Draw with the defaults: about half of the entries should be negative.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return high * rng.random(shape)


# %% random-uniform: random-uniform-width-forgotten
# Scaled by the upper end instead of the width
# What is the largest value of low + high · u for u below 1? What should it be?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return low + high * rng.random(shape)


# %% random-uniform: random-uniform-symmetric-only
# Right only for an interval around 0
# Try an interval such as 2 to 3.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return high * (2 * rng.random(shape) - 1)


# %% random-uniform: random-uniform-normal-draws
# A normal distribution
# The mean and the spread are right. Is every entry between the two ends?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return rng.normal((low + high) / 2, (high - low) / np.sqrt(12), shape)


# %% random-uniform: random-uniform-clipped-normal
# A normal distribution, clipped
# All entries lie between the ends, but they are not equally likely anywhere. Draw a histogram.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.clip(rng.normal((low + high) / 2, (high - low) / np.sqrt(12), shape), low, high)


# %% random-uniform: random-uniform-whole-numbers
# Whole numbers between whole ends
# Between 0 and 10 there are more numbers than ten.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    if isinstance(low, int) and isinstance(high, int):
        return rng.integers(low, high, shape).astype(np.float64)
    return rng.uniform(low, high, shape)


# %% random-uniform: random-uniform-wide-default
# Another default
# Between which ends do the entries lie when the caller says nothing? Read the signature again.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.5, high=0.5):
    return rng.uniform(low, high, shape)


# %% random-uniform: random-uniform-unit-default
# The default is the unit interval
# Between which ends do the entries lie when the caller says nothing? Read the signature again.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=0.0, high=1.0):
    return rng.uniform(low, high, shape)


# %% random-uniform: random-uniform-global-generator
# The global generator
# Draws come from `rng`, which the caller owns and can repeat. Which generator does `np.random.uniform` use?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.random.uniform(low, high, shape)


# %% random-uniform: random-uniform-standard-library
# Python's own random numbers
# Draws come from `rng`; with the same state of it they come out the same again.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    import random

    return np.array([random.uniform(low, high) for _ in range(int(np.prod(shape)))]).reshape(shape)


# %% random-uniform: random-uniform-one-draw
# One draw for all entries
# Equal weights stay equal. How many different numbers are in the result?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.full(shape, rng.uniform(low, high))


# %% random-uniform: random-uniform-column-repeated
# One column for all
# Compare two columns of the result: units with the same weights learn the same thing.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.repeat(rng.uniform(low, high, (*shape[:-1], 1)), shape[-1], axis=-1)


# %% random-uniform: random-uniform-tiled
# A small block over and over
# A block that repeats is not random. Compare the first half with the second.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    n = int(np.prod(shape))
    return np.resize(rng.uniform(low, high, max(n // 2, 1)), n).reshape(shape)


# %% random-uniform: random-uniform-mirrored-halves
# The second half mirrors the first
# Read the entries backwards and compare.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    n = int(np.prod(shape))
    first = rng.uniform(low, high, (n + 1) // 2)
    return np.concatenate([first, first[::-1]])[:n].reshape(shape)


# %% random-uniform: random-uniform-shuffled-grid
# A shuffled grid
# Evenly spaced numbers in random order are not independent draws: none comes twice close to another.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    n = int(np.prod(shape))
    return rng.permutation(low + (high - low) * (np.arange(n) + rng.random()) / n).reshape(shape)


# %% random-uniform: random-uniform-rounded
# Rounded to four digits
# Rounding makes many entries equal. Nothing asks for short numbers.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.round(rng.uniform(low, high, shape), 4)


# %% random-uniform: random-uniform-single-precision-dtype
# Single precision
# The course works in double precision throughout. Look at the dtype of the result.
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return (low + (high - low) * rng.random(shape, dtype=np.float32)).astype(np.float32)


# %% random-uniform: random-uniform-seeded-by-shape
# A generator with a seed of its own
# Two different generators of the caller give the same numbers. Where do the draws come from?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.random.default_rng(sum(shape)).uniform(low, high, shape)


# %% random-uniform: random-uniform-state-restored
# The generator is put back where it was
# Two layers that are initialized one after the other should differ. What state is `rng` in after a call?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    state = rng.bit_generator.state
    result = rng.uniform(low, high, shape)
    rng.bit_generator.state = state
    return result


# %% random-uniform: random-uniform-nested-list
# A nested list instead of an array
# A list has no arithmetic by entry. What is the type of the result?
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return rng.uniform(low, high, shape).tolist()


# %% random-uniform: random-uniform-squeezed
# Dimensions of size 1 vanish
# A layer of one unit still has a weight matrix. Try the shape (5, 1).
# see: initializers.ipynb#random
def random_uniform(shape, rng, low=-0.05, high=0.05):
    return rng.uniform(low, high, shape).squeeze()


# %% compute-fans: compute-fans-swapped
# Fan-in and fan-out swapped
# The rows of x @ W have as many entries as W has columns. Which dimension of W is summed over?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return window * shape[-1], window * shape[-2]


# %% compute-fans: compute-fans-window-forgotten
# The window is forgotten
# In a convolution an output sums over channels and over the places of its window.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    return shape[-2], shape[-1]


# %% compute-fans: compute-fans-window-only-in
# The window counts only for fan-in
# In how many windows does one input lie? Slide the kernel over it.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    return int(np.prod(shape[:-1])), shape[-1]


# %% compute-fans: compute-fans-window-only-out
# The window counts only for fan-out
# How many numbers does one output sum over? Slide the kernel to it.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    return shape[-2], int(np.prod(shape[:-2])) * shape[-1]


# %% compute-fans: compute-fans-channels-first
# Channels first
# In this course a kernel is (kh, kw, c_in, c_out); other libraries put the channels in front.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        c_out, c_in, kh, kw = shape
        return kh * kw * c_in, kh * kw * c_out
    raise ValueError("2 or 4 dimensions")


# %% compute-fans: compute-fans-square-window
# Right only for square windows
# Try a window of 1 by 7.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        return shape[0] ** 2 * shape[2], shape[0] ** 2 * shape[3]
    raise ValueError("2 or 4 dimensions")


# %% compute-fans: compute-fans-window-added
# Height and width are added
# How many places does a window of 5 by 5 have?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        kh, kw, c_in, c_out = shape
        return (kh + kw) * c_in, (kh + kw) * c_out
    raise ValueError("2 or 4 dimensions")


# %% compute-fans: compute-fans-products-of-ends
# Everything but the last, everything but the first
# Does an input reach outputs of all input channels?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    return int(np.prod(shape[:-1])), int(np.prod(shape[1:]))


# %% compute-fans: compute-fans-one-dimension-accepted
# A bias gets fans, too
# What would the fan-in of a bias be? The function should refuse rather than guess.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) == 1:
        return shape[0], shape[0]
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


# %% compute-fans: compute-fans-three-dimensions-accepted
# Three dimensions are accepted
# The formula would work for other windows, but the contract names two ranks and asks for an error at all others.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 3, 4):
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


# %% compute-fans: compute-fans-five-dimensions-accepted
# Any number of dimensions from two up
# The formula would work for other windows, but the contract names two ranks and asks for an error at all others.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) < 2 or len(shape) == 3:
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


# %% compute-fans: compute-fans-even-ranks-accepted
# Every even number of dimensions is accepted
# Two and four are even, and so are none and six. Which of them does the docstring list?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) % 2:
        raise ValueError(shape)
    places = int(np.prod(shape[:-2]))
    return (places * shape[-2], places * shape[-1]) if shape else (1, 1)


# %% compute-fans: compute-fans-assertion
# An assertion instead of a ValueError
# Assertions are for what can never happen; a caller's mistake has an exception of its own.
# see: initializers.ipynb#fans
def compute_fans(shape):
    assert len(shape) in (2, 4), "2 or 4 dimensions"
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


# %% compute-fans: compute-fans-index-error
# The wrong exception
# A shape that is too short fails somewhere inside. Ask about its length first.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) > 4 or len(shape) == 3:
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return window * shape[-2], window * shape[-1]


# %% compute-fans: compute-fans-none-for-others
# None instead of an error
# A function that says nothing lets the mistake surface far away. What does the contract ask for?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) == 2:
        return shape
    if len(shape) == 4:
        kh, kw, c_in, c_out = shape
        return kh * kw * c_in, kh * kw * c_out
    return None


# %% compute-fans: compute-fans-average
# One number instead of two
# Fan-in and fan-out are asked for separately; averaging is the business of Glorot's formula.
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    window = int(np.prod(shape[:-2]))
    return (window * shape[-2] + window * shape[-1]) / 2


# %% compute-fans: compute-fans-small-integers
# Sizes overflow
# 300 · 300 is more than sixteen bits hold. In which type are your products worked out?
# see: initializers.ipynb#fans
def compute_fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("2 or 4 dimensions")
    sizes = np.array(shape, dtype=np.int64).astype(np.int16)
    window = np.prod(sizes[:-2], dtype=np.int16)
    with np.errstate(over="ignore"):
        return window * sizes[-2], window * sizes[-1]


# %% lecun-normal: lecun-normal-fan-out
# Fan-out for fan-in
# A unit sums over its inputs. How many are there?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / compute_fans(shape)[1]))


# %% lecun-normal: lecun-normal-he-variance
# The 2 of He
# The factor 2 belongs to layers followed by ReLU. What is LeCun's variance?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / compute_fans(shape)[0]))


# %% lecun-normal: lecun-normal-variance-for-std
# Variance in the place of the standard deviation
# 1 / fan_in is a variance. What does the normal draw ask for?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=1 / compute_fans(shape)[0])


# %% lecun-normal: lecun-normal-averaged-fans
# Both fans
# The compromise between both directions is Glorot's. LeCun looks at one of them.
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / sum(compute_fans(shape))))


# %% lecun-normal: lecun-normal-dense-only
# Right only for dense layers
# The first dimension is the fan-in of a matrix. Of a kernel, too?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / shape[0]))


# %% lecun-normal: lecun-normal-truncated
# A truncated normal distribution
# Some libraries cut the tails off at two standard deviations. The contract says untruncated.
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    std = np.sqrt(1 / compute_fans(shape)[0]) / 0.87962566103423978
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(outside.sum())
    return std * z


# %% lecun-normal: lecun-normal-uniform-draws
# A flat distribution
# The variance is right. Which of the two LeCun initializers is this?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return lecun_uniform(shape, rng)


# %% lecun-normal: lecun-normal-global-generator
# The global generator
# Draws come from `rng`, which the caller owns and can repeat. Which generator does `np.random.randn` use?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return np.random.randn(*shape) / np.sqrt(compute_fans(shape)[0])


# %% lecun-normal: lecun-normal-rounded-scale
# The scale is rounded
# One digit is not enough for a scale: by how many per cent is the standard deviation off?
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=max(round(float(np.sqrt(1 / compute_fans(shape)[0])), 2), 0.01))


# %% lecun-normal: lecun-normal-single-precision-dtype
# Single precision
# The course works in double precision throughout. Look at the dtype of the result.
# see: initializers.ipynb#lecun
def lecun_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / compute_fans(shape)[0])).astype(np.float32)


# %% lecun-uniform: lecun-uniform-std-for-limit
# The standard deviation as the limit
# Which standard deviation does U(-limit, limit) have? It is smaller than the limit.
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(1 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-he-variance
# The 2 of He
# The factor 2 belongs to layers followed by ReLU. What is LeCun's variance?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(6 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-root-of-numerator
# The root covers only the numerator
# Where does the root end? Work out the variance of your distribution and compare.
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(3) / compute_fans(shape)[0]
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-fan-out
# Fan-out for fan-in
# A unit sums over its inputs. How many are there?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(3 / compute_fans(shape)[1])
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-width-for-limit
# The width is taken for the limit
# The variance of U(a, b) is (b - a)² / 12, and b - a is twice the limit.
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(12 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-positive-only
# Only positive weights
# The distribution lies around 0. What is the mean of the result?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    return random_uniform(shape, rng, 0.0, 2 * np.sqrt(3 / compute_fans(shape)[0]))


# %% lecun-uniform: lecun-uniform-normal-draws
# A normal distribution
# The variance is right. Which of the two LeCun initializers is this?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    return lecun_normal(shape, rng)


# %% lecun-uniform: lecun-uniform-dense-only
# Right only for dense layers
# The first dimension is the fan-in of a matrix. Of a kernel, too?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(3 / shape[0])
    return random_uniform(shape, rng, -limit, limit)


# %% lecun-uniform: lecun-uniform-fixed-seed
# A generator with a seed of its own
# Two different generators of the caller give the same numbers. Where do the draws come from?
# see: initializers.ipynb#lecun
def lecun_uniform(shape, rng):
    limit = np.sqrt(3 / compute_fans(shape)[0])
    return random_uniform(shape, np.random.default_rng(1998), -limit, limit)


# %% glorot-normal: glorot-normal-two-forgotten
# The 2 is forgotten
# The mean of the two fans is their sum over 2. Where does that 2 end up in the variance?
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / sum(compute_fans(shape))))


# %% glorot-normal: glorot-normal-limit-for-std
# The limit of the uniform version
# The 6 belongs to the uniform distribution, whose limit exceeds its standard deviation.
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(6 / sum(compute_fans(shape))))


# %% glorot-normal: glorot-normal-only-fan-in
# Only fan-in
# Glorot looks at both directions. Draw for a shape with very different fans.
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / compute_fans(shape)[0]))


# %% glorot-normal: glorot-normal-variance-for-std
# Variance in the place of the standard deviation
# 2 / (fan_in + fan_out) is a variance. What does the normal draw ask for?
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    return random_normal(shape, rng, std=2 / sum(compute_fans(shape)))


# %% glorot-normal: glorot-normal-product-of-fans
# The geometric mean of the fans
# Product or sum? The two agree for square layers only.
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    return random_normal(shape, rng, std=(fan_in * fan_out) ** -0.25)


# %% glorot-normal: glorot-normal-dense-only
# Right only for dense layers
# The last two dimensions are the fans of a matrix. Of a kernel, too?
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / (shape[-2] + shape[-1])))


# %% glorot-normal: glorot-normal-truncated
# A truncated normal distribution
# Some libraries cut the tails off at two standard deviations. The contract says untruncated.
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    std = np.sqrt(2 / sum(compute_fans(shape))) / 0.87962566103423978
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(outside.sum())
    return std * z


# %% glorot-normal: glorot-normal-copied-generator
# Draws from a copy of the generator
# Two layers that are initialized one after the other should differ. What state is `rng` in after a call?
# see: initializers.ipynb#glorot
def glorot_normal(shape, rng):
    import copy

    return random_normal(shape, copy.deepcopy(rng), std=np.sqrt(2 / sum(compute_fans(shape))))


# %% glorot-uniform: glorot-uniform-std-for-limit
# The standard deviation as the limit
# Which standard deviation does U(-limit, limit) have? It is smaller than the limit.
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    limit = np.sqrt(2 / sum(compute_fans(shape)))
    return random_uniform(shape, rng, -limit, limit)


# %% glorot-uniform: glorot-uniform-three-for-six
# 3 instead of 6
# A variance of v needs a limit of the root of 3v. Which v is it here?
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    limit = np.sqrt(3 / sum(compute_fans(shape)))
    return random_uniform(shape, rng, -limit, limit)


# %% glorot-uniform: glorot-uniform-root-of-numerator
# The root covers only the numerator
# Where does the root end? Work out the variance of your distribution and compare.
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    limit = np.sqrt(6) / sum(compute_fans(shape))
    return random_uniform(shape, rng, -limit, limit)


# %% glorot-uniform: glorot-uniform-root-of-sum-of-roots
# Roots are added
# The root of a sum is not the sum of the roots.
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    limit = np.sqrt(6) / (np.sqrt(fan_in) + np.sqrt(fan_out))
    return random_uniform(shape, rng, -limit, limit)


# %% glorot-uniform: glorot-uniform-only-fan-out
# Only fan-out
# Glorot looks at both directions. Draw for a shape with very different fans.
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    limit = np.sqrt(3 / compute_fans(shape)[1])
    return random_uniform(shape, rng, -limit, limit)


# %% glorot-uniform: glorot-uniform-positive-only
# Only positive weights
# The distribution lies around 0. What is the smallest entry of the result?
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    return np.sqrt(6 / sum(compute_fans(shape))) * rng.random(shape)


# %% glorot-uniform: glorot-uniform-normal-draws
# A normal distribution
# The variance is right. Which of the two Glorot initializers is this?
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    return glorot_normal(shape, rng)


# %% glorot-uniform: glorot-uniform-window-only-in
# The window counts only for fan-in
# In how many windows of a convolution does one input lie?
# see: initializers.ipynb#glorot
def glorot_uniform(shape, rng):
    limit = np.sqrt(6 / (np.prod(shape[:-1]) + shape[-1]))
    return random_uniform(shape, rng, -limit, limit)


# %% he-normal: he-normal-lecun-variance
# The 2 is forgotten
# He's variance makes up for what ReLU takes away. By what factor does it differ from LeCun's?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(1 / compute_fans(shape)[0]))


# %% he-normal: he-normal-fan-out
# Fan-out for fan-in
# A unit sums over its inputs. How many are there?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / compute_fans(shape)[1]))


# %% he-normal: he-normal-two-outside-the-root
# The 2 stands outside the root
# Square your standard deviation: is it 2 / fan_in?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=2 / np.sqrt(compute_fans(shape)[0]))


# %% he-normal: he-normal-variance-for-std
# Variance in the place of the standard deviation
# 2 / fan_in is a variance. What does the normal draw ask for?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=2 / compute_fans(shape)[0])


# %% he-normal: he-normal-root-of-numerator
# The root covers only the numerator
# Square your standard deviation: is it 2 / fan_in?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2) / compute_fans(shape)[0])


# %% he-normal: he-normal-glorot-variance
# Both fans
# The compromise between both directions is Glorot's. He looks at one of them.
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / sum(compute_fans(shape))))


# %% he-normal: he-normal-larger-fan
# The larger fan
# Which of the two fans is asked for? Compare a wide layer with a narrow one.
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / max(compute_fans(shape))))


# %% he-normal: he-normal-bias-counted
# The bias is counted as an input
# With two inputs it makes a difference. The bias starts at 0: does it add to the variance of the sum?
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / (compute_fans(shape)[0] + 1)))


# %% he-normal: he-normal-window-forgotten
# The window is forgotten
# In a convolution an output sums over channels and over the places of its window.
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return random_normal(shape, rng, std=np.sqrt(2 / shape[-2]))


# %% he-normal: he-normal-truncated
# A truncated normal distribution
# Some libraries cut the tails off at two standard deviations. The contract says untruncated.
# see: initializers.ipynb#he
def he_normal(shape, rng):
    z = rng.standard_normal(shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(outside.sum())
    return np.sqrt(2 / compute_fans(shape)[0]) * z


# %% he-normal: he-normal-rectified
# Negative weights are cut off
# ReLU acts on the sums of a layer, not on its weights.
# see: initializers.ipynb#he
def he_normal(shape, rng):
    return np.maximum(random_normal(shape, rng, std=np.sqrt(2 / compute_fans(shape)[0])), 0)


# %% he-normal: he-normal-buffer-reused
# One array is filled over and over
# Keep the result of a first call, make a second one, and look at the first again.
# see: initializers.ipynb#he
def he_normal(shape, rng, buffers={}):
    buffer = buffers.setdefault(shape, np.empty(shape))
    buffer[...] = random_normal(shape, rng, std=np.sqrt(2 / compute_fans(shape)[0]))
    return buffer


# %% he-uniform: he-uniform-std-for-limit
# The standard deviation as the limit
# Which standard deviation does U(-limit, limit) have? It is smaller than the limit.
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(2 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-three-for-six
# The 2 is forgotten
# A variance of v needs a limit of the root of 3v. Which v is it here?
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(3 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-fan-out
# Fan-out for fan-in
# A unit sums over its inputs. How many are there?
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(6 / compute_fans(shape)[1])
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-glorot-limit
# Both fans
# The compromise between both directions is Glorot's. He looks at one of them.
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(6 / sum(compute_fans(shape)))
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-width-for-limit
# The width is taken for the limit
# The variance of U(a, b) is (b - a)² / 12, and b - a is twice the limit.
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(24 / compute_fans(shape)[0])
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-normal-draws
# A normal distribution
# The variance is right. Which of the two He initializers is this?
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    return he_normal(shape, rng)


# %% he-uniform: he-uniform-window-height-only
# The window's width is forgotten
# How many places does a window of kh by kw have?
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    fan_in = shape[0] if len(shape) == 2 else shape[0] * shape[2]
    limit = np.sqrt(6 / fan_in)
    return random_uniform(shape, rng, -limit, limit)


# %% he-uniform: he-uniform-read-only
# The result cannot be written to
# Training changes weights in place. Write to an entry of the result.
# see: initializers.ipynb#he
def he_uniform(shape, rng):
    limit = np.sqrt(6 / compute_fans(shape)[0])
    result = random_uniform(shape, rng, -limit, limit)
    result.setflags(write=False)
    return result


# %% variance-scaling: variance-scaling-scale-ignored
# The scale is ignored
# Draw with scale 1 and with scale 4 and compare.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return _right(shape, rng, 1.0, mode, distribution)


# %% variance-scaling: variance-scaling-scale-outside-the-root
# The scale stands outside the root
# By what factor does the standard deviation grow when the variance is four times as large?
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return scale * _right(shape, rng, 1.0, mode, distribution)


# %% variance-scaling: variance-scaling-scale-only-normal
# The uniform version has no scale
# Draw both distributions with scale 4 and compare their variances.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return _right(shape, rng, scale if distribution == "normal" else 1.0, mode, distribution)


# %% variance-scaling: variance-scaling-variance-for-std
# Variance in the place of the standard deviation
# scale / n is a variance. What does the normal draw ask for?
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    if mode not in sizes or distribution not in ("normal", "uniform"):
        raise ValueError("unknown mode or distribution")
    variance = scale / sizes[mode]
    if distribution == "normal":
        return random_normal(shape, rng, std=variance)
    limit = np.sqrt(3 * variance)
    return random_uniform(shape, rng, -limit, limit)


# %% variance-scaling: variance-scaling-std-for-limit
# The standard deviation as the limit
# Which standard deviation does U(-limit, limit) have? It is smaller than the limit.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if distribution == "uniform":
        return _right(shape, rng, scale / 3, mode, distribution)
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-sum-for-average
# The sum of the fans for their mean
# An average of two numbers lies between them.
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": fan_in + fan_out}
    if mode not in sizes or distribution not in ("normal", "uniform"):
        raise ValueError("unknown mode or distribution")
    std = np.sqrt(scale / sizes[mode])
    if distribution == "normal":
        return random_normal(shape, rng, std=std)
    return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)


# %% variance-scaling: variance-scaling-whole-average
# The mean of the fans is cut to an integer
# What is the mean of 1 and 2?
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) // 2}
    if mode not in sizes or distribution not in ("normal", "uniform"):
        raise ValueError("unknown mode or distribution")
    std = np.sqrt(scale / sizes[mode])
    if distribution == "normal":
        return random_normal(shape, rng, std=std)
    return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)


# %% variance-scaling: variance-scaling-geometric-average
# The geometric mean of the fans
# fan_avg is the arithmetic mean. The two agree for square layers only.
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": np.sqrt(fan_in * fan_out)}
    if mode not in sizes or distribution not in ("normal", "uniform"):
        raise ValueError("unknown mode or distribution")
    std = np.sqrt(scale / sizes[mode])
    if distribution == "normal":
        return random_normal(shape, rng, std=std)
    return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)


# %% variance-scaling: variance-scaling-modes-swapped
# The modes are swapped
# Fan-in is the first number that `compute_fans` returns. Which one belongs to which mode?
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    swapped = {"fan_in": "fan_out", "fan_out": "fan_in"}.get(mode, mode)
    return _right(shape, rng, scale, swapped, distribution)


# %% variance-scaling: variance-scaling-mode-ignored
# The mode is ignored
# Draw for a shape with very different fans and compare the modes.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if mode not in ("fan_in", "fan_out", "fan_avg"):
        raise ValueError(mode)
    return _right(shape, rng, scale, "fan_in", distribution)


# %% variance-scaling: variance-scaling-unknown-mode-accepted
# An unknown mode counts as fan_avg
# A typing mistake in a mode should be told, not guessed at.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if mode not in ("fan_in", "fan_out"):
        mode = "fan_avg"
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-unknown-distribution-accepted
# An unknown distribution counts as uniform
# A typing mistake in a distribution should be told, not guessed at.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if distribution != "normal":
        distribution = "uniform"
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-truncated-normal-accepted
# Another library's name is accepted
# Which two names does the contract list? Every other one is an error, well meant or not.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if distribution == "truncated_normal":
        distribution = "normal"
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-mode-by-substring
# The mode is recognized by a part of it
# Is "fan_in_and_out" one of the three modes? A test for a part accepts more than you meant.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    for known in ("fan_in", "fan_out", "fan_avg"):
        if mode in known or known in mode:
            return _right(shape, rng, scale, known, distribution)
    raise ValueError(mode)


# %% variance-scaling: variance-scaling-names-tidied-up
# Names are tidied up before they are compared
# The names are legal as they are spelled. Should " Fan_In" give an array or be told to whoever typed it?
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return _right(shape, rng, scale, mode.strip().lower(), distribution.strip().lower())


# %% variance-scaling: variance-scaling-key-error
# The wrong exception for an unknown mode
# A look-up in a dict raises an exception of its own. Which one does the contract ask for?
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    size = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    std = np.sqrt(scale / size)
    if distribution == "normal":
        return random_normal(shape, rng, std=std)
    if distribution == "uniform":
        return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)
    raise ValueError(distribution)


# %% variance-scaling: variance-scaling-none-for-unknown
# None for an unknown distribution
# A function that ends without a return gives None. What does the contract ask for?
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if distribution in ("normal", "uniform"):
        return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-default-mode
# Another default mode
# Which mode holds when the caller says nothing? Read the signature again.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_avg", distribution="normal"):
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-default-scale
# Another default scale
# Which scale holds when the caller says nothing? Read the signature again.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=2.0, mode="fan_in", distribution="normal"):
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-default-distribution
# Another default distribution
# Which distribution holds when the caller says nothing? Read the signature again.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="uniform"):
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-arguments-reordered
# Distribution before mode
# Callers may leave the names of the arguments out. Read the signature again.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, distribution="normal", mode="fan_in"):
    return _right(shape, rng, scale, mode, distribution)


# %% variance-scaling: variance-scaling-truncated
# A truncated normal distribution
# Some libraries cut the tails off at two standard deviations. The contract says untruncated.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    if distribution != "normal":
        return _right(shape, rng, scale, mode, distribution)
    result = _right(shape, rng, scale, mode)
    z = result / np.sqrt((result**2).mean())
    return np.where(np.abs(z) > 2, result / 2, result)


# %% variance-scaling: variance-scaling-dense-only
# Right only for dense layers
# The last two dimensions are the fans of a matrix. Of a kernel, too?
# see: initializers.ipynb#variance-scaling
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = shape[-2:]
    sizes = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    if mode not in sizes or distribution not in ("normal", "uniform"):
        raise ValueError("unknown mode or distribution")
    std = np.sqrt(scale / sizes[mode])
    if distribution == "normal":
        return random_normal(shape, rng, std=std)
    return random_uniform(shape, rng, -np.sqrt(3) * std, np.sqrt(3) * std)


# %% variance-scaling: variance-scaling-whole-scale
# The scale is cut to an integer
# Try a scale of 0.5 or 2.5.
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return _right(shape, rng, max(int(scale), 1), mode, distribution)


# %% variance-scaling: variance-scaling-fixed-seed
# A generator with a seed of its own
# Two different generators of the caller give the same numbers. Where do the draws come from?
# see: initializers.ipynb#variance-scaling
_right = variance_scaling


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    return _right(shape, np.random.default_rng(0), scale, mode, distribution)
