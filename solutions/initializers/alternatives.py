# ruff: noqa: PGH004
# ruff: noqa
"""Right answers in other styles: each cell goes after the reference and must earn full points."""


# %% lists-and-loops
# zeros and constant are built from nested lists, by recursion over the shape
def constant(shape, value):
    def nested(sizes):
        if not sizes:
            return float(value)
        return [nested(sizes[1:]) for _ in range(sizes[0])]

    return np.array(nested(shape), dtype=float)


def zeros(shape):
    return constant(shape, 0)


# %% empty-and-fill
# Memory is taken first and filled in place afterwards
def zeros(shape):
    result = np.empty(shape)
    result[...] = 0
    return result


def constant(shape, value):
    result = np.empty(shape, dtype="float64")
    result.fill(value)
    return result


# %% products-of-ones
# Constants by multiplication, and Fortran order
def zeros(shape):
    return np.zeros(shape, order="F")


constant = lambda shape, value: np.ones(shape, order="F") * value


# %% copies-of-views
# Broadcast views are copied, so the results can be written to
def zeros(shape):
    return np.broadcast_to(0.0, shape).copy()


def constant(shape, value):
    return np.array(np.broadcast_to(np.float64(value), shape))


# %% box-muller
# Normal draws from uniform ones (Box and Muller, 1958), both halves of each pair
def random_normal(shape, rng, mean=0.0, std=0.05):
    n = int(np.prod(shape))
    half = (n + 1) // 2
    radius = np.sqrt(-2.0 * np.log1p(-rng.random(half)))
    angle = 2.0 * np.pi * rng.random(half)
    z = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:n]
    return mean + std * z.reshape(shape)


# %% polar-method
# Normal draws by rejection from the unit disc (Marsaglia, 1964), in plain Python
def random_normal(shape, rng, mean=0.0, std=0.05):
    import math

    result = np.empty(shape)
    flat = result.reshape(-1)
    filled = 0
    while filled < len(flat):
        for u, v in rng.uniform(-1.0, 1.0, (len(flat), 2)):
            s = u * u + v * v
            if not 0.0 < s < 1.0:
                continue
            factor = std * math.sqrt(-2.0 * math.log(s) / s)
            for draw in (u, v):
                if filled < len(flat):
                    flat[filled] = mean + factor * draw
                    filled += 1
            if filled == len(flat):
                break
    return result


# %% inverse-distribution-function
# Normal draws through the quantile function of the standard library
def random_normal(shape, rng, mean=0.0, std=0.05):
    from statistics import NormalDist

    quantile = NormalDist(mean, std).inv_cdf
    draws = [quantile(1.0 - u) if u == 0.0 else quantile(u) for u in rng.random(int(np.prod(shape))).tolist()]
    return np.array(draws).reshape(shape)


# %% chi-with-a-sign
# The size of a normal draw is the root of a chi-square draw; the sign is drawn apart
def random_normal(shape, rng, mean=0.0, std=0.05):
    size = np.sqrt(rng.chisquare(1, shape))
    sign = 1.0 - 2.0 * rng.integers(0, 2, shape)
    return mean + std * sign * size


# %% one-by-one
# A Python loop over the entries, in the order of the last index first
def random_normal(shape, rng, mean=0.0, std=0.05):
    result = np.empty(shape)
    for index in np.ndindex(*shape[::-1]):
        result[index[::-1]] = rng.normal(loc=mean, scale=std)
    return result


def random_uniform(shape, rng, low=-0.05, high=0.05):
    return np.array([low + (high - low) * rng.random() for _ in range(int(np.prod(shape)))]).reshape(shape)


# %% transposed-draws
# The draws are laid out by columns: the result is a transposed view of a new array
def random_normal(shape, rng, mean=0.0, std=0.05):
    return rng.normal(mean, std, shape[::-1]).T


def random_uniform(shape, rng, low=-0.05, high=0.05):
    return rng.uniform(low, high, shape[::-1]).transpose()


# %% draws-in-place
# The generator writes into an array, which is then scaled and shifted in place
def random_normal(shape, rng, mean=0.0, std=0.05):
    result = np.empty(shape)
    rng.standard_normal(out=result)
    result *= std
    result += mean
    return result


def random_uniform(shape, rng, low=-0.05, high=0.05):
    result = np.empty(shape)
    rng.random(out=result)
    return np.add(np.multiply(result, high - low, out=result), low, out=result)


# %% more-draws-than-needed
# Twice as many draws as needed; every second one is used, the rest is thrown away
def random_normal(shape, rng, mean=0.0, std=0.05):
    n = int(np.prod(shape))
    return rng.normal(mean, std, 2 * n)[::2].reshape(shape)


def random_uniform(shape, rng, low=-0.05, high=0.05):
    n = int(np.prod(shape))
    return rng.uniform(low, high, n + 17)[:-17].reshape(shape)


# %% uniform-from-integers
# Uniform draws from whole numbers of 53 bits, around the centre
def random_uniform(shape, rng, low=-0.05, high=0.05):
    centre, half = (low + high) / 2, (high - low) / 2
    return centre + half * (rng.integers(-(2**52), 2**52, size=shape, endpoint=True) / 2.0**52)


# %% row-by-row
# Generators of rows, stacked
def random_uniform(shape, rng, low=-0.05, high=0.05):
    def rows():
        for _ in range(shape[0]):
            yield rng.uniform(low, high, shape[1:])

    return np.stack(list(rows()), axis=0)


def random_normal(shape, rng, mean=0.0, std=0.05):
    result = np.empty(shape)
    for row in reversed(range(shape[0])):
        result[row] = rng.normal(mean, std, shape[1:])
    return result


# %% shuffled-draws
# Independent draws in another order are still independent
def random_normal(shape, rng, mean=0.0, std=0.05):
    draws = rng.normal(mean, std, int(np.prod(shape)))
    rng.shuffle(draws)
    return draws.reshape(shape)


# %% fans-by-matching
# Structural pattern matching, floats as fans
def compute_fans(shape):
    match tuple(shape):
        case (fan_in, fan_out):
            return float(fan_in), float(fan_out)
        case (kh, kw, c_in, c_out):
            return float(kh * kw * c_in), float(kh * kw * c_out)
        case _:
            raise ValueError(f"no fans for {shape}")


# %% fans-by-reduction
# functools.reduce, a subclass of ValueError, NumPy integers as results
from functools import reduce
from operator import mul


class ShapeError(ValueError):
    pass


def compute_fans(shape):
    rank = len(shape)
    if rank != 2 and rank != 4:
        raise ShapeError(rank)
    window = reduce(mul, shape[:-2], 1)
    return np.int64(window * shape[rank - 2]), np.int64(window * shape[rank - 1])


# %% fans-by-dividing
# The product of all dimensions divided by one of them
def compute_fans(shape):
    if len(shape) in {2, 4}:
        total = np.prod(shape, dtype=np.float64)
        return total / shape[-1], total / shape[-2]
    raise ValueError


# %% fans-by-recursion
# A window of one place more at a time; errors from unpacking, which are ValueErrors already
def compute_fans(shape):
    if len(shape) == 4:
        fan_in, fan_out = compute_fans(shape[2:])
        return shape[0] * shape[1] * fan_in, shape[0] * shape[1] * fan_out
    fan_in, fan_out = shape
    return fan_in, fan_out


# %% one-family
# variance_scaling does the work, the six are partial applications of it
from functools import partial

lecun_normal = partial(variance_scaling, scale=1.0, mode="fan_in", distribution="normal")
lecun_uniform = partial(variance_scaling, scale=1.0, mode="fan_in", distribution="uniform")
glorot_normal = partial(variance_scaling, scale=1.0, mode="fan_avg", distribution="normal")
glorot_uniform = partial(variance_scaling, scale=1.0, mode="fan_avg", distribution="uniform")
he_normal = partial(variance_scaling, scale=2.0, mode="fan_in", distribution="normal")
he_uniform = partial(variance_scaling, scale=2.0, mode="fan_in", distribution="uniform")


# %% each-from-the-last
# He from LeCun, LeCun from nothing but the generator, Glorot by rescaling
def lecun_normal(shape, rng):
    return rng.standard_normal(shape) / np.sqrt(compute_fans(shape)[0])


def he_normal(shape, rng):
    return np.sqrt(2) * lecun_normal(shape, rng)


def glorot_normal(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    return lecun_normal(shape, rng) * np.sqrt(2 * fan_in / (fan_in + fan_out))


def lecun_uniform(shape, rng):
    return (2 * rng.random(shape) - 1) * (3 / compute_fans(shape)[0]) ** 0.5


def he_uniform(shape, rng):
    return 2**0.5 * lecun_uniform(shape, rng)


def glorot_uniform(shape, rng):
    fan_in, fan_out = compute_fans(shape)
    result = lecun_uniform(shape, rng)
    result /= np.sqrt(0.5 + 0.5 * fan_out / fan_in)
    return result


# %% own-fans
# No function calls another; the fans are worked out inline with einsum-free arithmetic
def lecun_normal(shape, rng):
    *rest, _ = shape
    return rng.normal(0, np.prod(rest) ** -0.5, shape)


def lecun_uniform(shape, rng):
    limit = (3 / np.prod(shape[:-1])) ** 0.5
    return rng.uniform(-limit, +limit, size=shape)


def he_normal(shape, rng):
    return rng.normal(0, np.sqrt(2 / np.prod(shape) * shape[-1]), shape)


def he_uniform(shape, rng):
    limit = np.sqrt(6 * shape[-1] / np.prod(shape))
    return rng.uniform(-limit, limit, shape)


def glorot_normal(shape, rng):
    area = np.prod(shape[:-2])
    return rng.normal(0, np.sqrt(2 / (area * (shape[-1] + shape[-2]))), shape)


def glorot_uniform(shape, rng):
    area = np.prod(shape[:-2])
    return rng.uniform(-1, 1, shape) * np.sqrt(6 / area / sum(shape[-2:]))


# %% a-class-behind-functions
# A dataclass with a __call__ method; the names of the module are its instances
from dataclasses import dataclass


@dataclass(frozen=True)
class Initializer:
    numerator: float
    both: bool
    flat: bool

    def __call__(self, shape, rng):
        fan_in, fan_out = compute_fans(shape)
        size = fan_in + fan_out if self.both else fan_in
        std = np.sqrt(self.numerator / size)
        if self.flat:
            return random_uniform(shape, rng, low=-np.sqrt(3) * std, high=np.sqrt(3) * std)
        return random_normal(shape, rng, mean=0.0, std=std)


lecun_normal = Initializer(1, False, False)
lecun_uniform = Initializer(1, False, True)
glorot_normal = Initializer(2, True, False)
glorot_uniform = Initializer(2, True, True)
he_normal = Initializer(2, False, False)
he_uniform = Initializer(2, False, True)


# %% made-by-a-factory
# Closures made by a function, renamed, with attributes of their own
def _make(name, variance, flat):
    def initializer(shape, rng):
        v = variance(*compute_fans(shape))
        if flat:
            half_width = np.sqrt(12 * v) / 2
            return random_uniform(shape, rng, -half_width, half_width)
        return random_normal(shape, rng, 0.0, v**0.5)

    initializer.__name__ = name
    initializer.flat = flat
    return initializer


for _name, _variance in {
    "lecun": lambda i, o: 1 / i,
    "glorot": lambda i, o: 2 / (i + o),
    "he": lambda i, o: 2 / i,
}.items():
    globals()[_name + "_normal"] = _make(_name + "_normal", _variance, False)
    globals()[_name + "_uniform"] = _make(_name + "_uniform", _variance, True)


# %% scaling-by-matching
# Structural pattern matching; the draws have unit variance and are scaled afterwards
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    match mode:
        case "fan_in":
            n = fan_in
        case "fan_out":
            n = fan_out
        case "fan_avg":
            n = 0.5 * (fan_in + fan_out)
        case other:
            raise ValueError(other)
    match distribution:
        case "normal":
            draws = rng.standard_normal(shape)
        case "uniform":
            draws = rng.uniform(-(3**0.5), 3**0.5, shape)
        case other:
            raise ValueError(other)
    draws *= (scale / n) ** 0.5
    return draws


# %% scaling-with-enums
# Strings become members of an Enum, whose look-up raises ValueError by itself
from enum import Enum


class Mode(Enum):
    IN = "fan_in"
    OUT = "fan_out"
    AVERAGE = "fan_avg"


class Distribution(Enum):
    NORMAL = "normal"
    UNIFORM = "uniform"


def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    mode, distribution = Mode(mode), Distribution(distribution)
    fans = compute_fans(shape)
    n = {Mode.IN: fans[0], Mode.OUT: fans[1], Mode.AVERAGE: np.mean(fans)}[mode]
    std = np.sqrt(scale / n)
    if distribution is Distribution.NORMAL:
        return random_normal(shape, rng, std=std)
    return random_uniform(shape, rng, -std * np.sqrt(3), std * np.sqrt(3))


# %% scaling-by-index
# Positions in tuples; list.index raises ValueError for what is not there
def variance_scaling(shape, rng, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = compute_fans(shape)
    sizes = (fan_in, fan_out, (fan_in + fan_out) / 2)
    size = sizes[["fan_in", "fan_out", "fan_avg"].index(mode)]
    draw = [
        lambda: rng.normal(0.0, np.sqrt(scale / size), shape),
        lambda: rng.uniform(-1.0, 1.0, shape) * np.sqrt(3.0 * scale / size),
    ][["normal", "uniform"].index(distribution)]
    return draw()


# %% names-that-shadow
# Parameters and locals named like builtins, and arguments checked at length
def constant(shape, value):
    list = [value] * int(np.prod(shape))
    float = np.array(list, dtype="d")
    return float.reshape(shape)


def compute_fans(shape):
    sum, len = 0, 0
    for int in shape:
        len += 1
    if len not in (2, 4):
        raise ValueError("rank", len)
    max = 1
    for int in shape[:-2]:
        max = max * int
    return max * shape[-2], max * shape[-1]


# %% prints-while-computing
# Notes to self on the way
def he_normal(shape, rng):
    fans = compute_fans(shape)
    print("fans", fans)
    result = random_normal(shape, rng, std=np.sqrt(2.0 / fans[0]))
    print("std", result.std())
    return result


def zeros(shape):
    print("zeros of shape", shape)
    return np.zeros(shape)


# %% trial-run-at-the-bottom
# Experiments below the functions, guarded and unguarded
_trial = he_normal((20, 30), np.random.default_rng(7))
assert _trial.shape == (20, 30)

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    for f in (lecun_normal, glorot_normal, he_normal):
        print(f.__name__, f((500, 100), rng).std())


# %% typed-throughout
# Type hints everywhere, keyword-only helpers
from typing import Final, Literal, TypeAlias

Shape: TypeAlias = "tuple[int, ...]"
TWELVE: Final = 12


def _flat(shape: Shape, rng: np.random.Generator, *, variance: float) -> np.ndarray:
    width: float = float(np.sqrt(TWELVE * variance))
    draws: np.ndarray = rng.random(shape, dtype=np.float64)
    return (draws - 0.5) * width


def lecun_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return _flat(shape, rng, variance=1.0 / compute_fans(shape)[0])


def glorot_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return _flat(shape, rng, variance=2.0 / sum(compute_fans(shape)))


def he_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return _flat(shape, rng, variance=2.0 / compute_fans(shape)[0])
