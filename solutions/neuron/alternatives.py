"""Right answers in other styles, each a cell that is put after the reference solution. All of them earn full points."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa

# %% loops-and-math
# Nothing but Python loops and the math module, from the weighted sum to the backward pass
import math


def each_entry(function, *arrays):
    out = np.zeros(arrays[0].shape)
    for index in np.ndindex(out.shape):
        out[index] = function(*(float(array[index]) for array in arrays))
    return out


def logistic(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (1.0 + math.exp(z))


def weighted_sum(x, w, b):
    out = []
    for row in x.tolist():
        total = b
        for x_d, w_d in zip(row, w.tolist()):
            total += x_d * w_d
        out.append(float(total))
    return np.array(out)


def sigmoid(z):
    return each_entry(logistic, z)


def tanh(z):
    return each_entry(math.tanh, z)


def relu(z):
    return each_entry(lambda z: z if z > 0 else 0.0, z)


def leaky_relu(z, negative_slope=0.01):
    return each_entry(lambda z: z if z > 0 else negative_slope * z, z)


def sigmoid_backward(dout, z):
    return each_entry(lambda g, z: g * logistic(z) * logistic(-z), dout, z)


def tanh_backward(dout, z):
    return each_entry(lambda g, z: g * (1.0 - math.tanh(z) ** 2), dout, z)


def relu_backward(dout, z):
    return each_entry(lambda g, z: g if z > 0 else 0.0, dout, z)


def leaky_relu_backward(dout, z, negative_slope=0.01):
    return each_entry(lambda g, z: g if z > 0 else negative_slope * g, dout, z)


class Neuron:
    def __init__(self, w, b, activation="tanh"):
        if activation == "identity":
            self.f, self.f_backward = (lambda z: z), (lambda dout, z: dout)
        elif activation == "sigmoid":
            self.f, self.f_backward = sigmoid, sigmoid_backward
        elif activation == "tanh":
            self.f, self.f_backward = tanh, tanh_backward
        elif activation == "relu":
            self.f, self.f_backward = relu, relu_backward
        else:
            raise ValueError("unknown activation " + repr(activation))
        self.w = w
        self.b = b

    def forward(self, x):
        self.x = x
        self.z = weighted_sum(x, self.w, self.b)
        return self.f(self.z)

    def backward(self, dout):
        n_rows, n_features = self.x.shape
        dz = self.f_backward(dout, self.z)
        dx = np.zeros((n_rows, n_features))
        self.dw = np.zeros(n_features)
        self.db = 0.0
        for n in range(n_rows):
            for d in range(n_features):
                dx[n, d] = dz[n] * self.w[d]
                self.dw[d] += dz[n] * self.x[n, d]
            self.db += float(dz[n])
        return dx


# %% einsum
# Every product is an einsum
def weighted_sum(x, w, b):
    return np.einsum("nd,d->n", x, w) + b


class Neuron(Neuron):
    def backward(self, dout):
        dz = self.activate_backward(dout, self.z)
        self.dw = np.einsum("n,nd->d", dz, self.x)
        self.db = np.einsum("n->", dz)
        return np.einsum("n,d->nd", dz, self.w)


# %% vectorize
# Functions of one number, made to work on arrays by np.vectorize
import math

sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)) if z > -700 else math.exp(z), otypes=[float])
tanh = np.vectorize(math.tanh, otypes=[float])
relu = np.vectorize(lambda z: max(z, 0.0), otypes=[float])
leaky_relu = np.vectorize(lambda z, negative_slope=0.01: max(z, negative_slope * z), otypes=[float])
relu_backward = np.vectorize(lambda dout, z: dout * (z > 0), otypes=[float])
leaky_relu_backward = np.vectorize(
    lambda dout, z, negative_slope=0.01: dout if z > 0 else dout * negative_slope, otypes=[float]
)


# %% logarithms-of-sums
# The sigmoid by way of its logarithm, tanh by way of e^x - 1
def sigmoid(z):
    return np.exp(-np.logaddexp(0.0, -z))


def tanh(z):
    e = np.expm1(-2.0 * np.abs(z))
    return -np.sign(z) * e / (e + 2.0)


def sigmoid_backward(dout, z):
    return dout * np.exp(-np.logaddexp(0.0, z) - np.logaddexp(0.0, -z))


def tanh_backward(dout, z):
    return dout * 4.0 * sigmoid(2.0 * z) * sigmoid(-2.0 * z)


# %% overflow-allowed
# The formulas as they stand: infinity on the way is harmless here, and its warning is switched off
def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def tanh(z):
    with np.errstate(all="ignore"):
        return 1.0 - 2.0 / (np.exp(2.0 * z) + 1.0)


def sigmoid_backward(dout, z):
    with np.errstate(all="ignore"):
        return dout * np.exp(-z) / (1.0 + np.exp(-z)) ** 2


def tanh_backward(dout, z):
    with np.errstate(all="ignore"):
        return dout / np.cosh(z) ** 2


# %% overflow-aloud
# Backward functions that overflow with a warning on their way to the right value, which nobody forbids
def tanh(z):
    return 1.0 - 2.0 / (np.exp(2.0 * z) + 1.0)


def sigmoid_backward(dout, z):
    return dout * np.exp(z) / (1.0 + np.exp(z)) ** 2


def tanh_backward(dout, z):
    return dout * 4.0 / (np.exp(z) + np.exp(-z)) ** 2


# %% warnings-off
# Warnings of the kind that NumPy gives are switched off for the whole module
import warnings

warnings.simplefilter("ignore", RuntimeWarning)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-1.0 * z))


# %% clipped-late
# The argument is clipped, but only where the exponential would overflow
def sigmoid(z):
    return np.reciprocal(1.0 + np.exp(-np.clip(z, -709.0, 709.0)))


def tanh(z):
    z = np.clip(z, -300.0, 300.0)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# %% masks-on-copies
# Everything is written in place, into copies
def sigmoid(z):
    out = np.array(z, dtype=float)
    left = out < 0
    right = np.logical_not(left)
    out[right] = 1.0 / (1.0 + np.exp(-out[right]))
    powers = np.exp(out[left])
    out[left] = powers / (powers + 1.0)
    return out


def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def leaky_relu(z, negative_slope=0.01):
    out = z.astype(np.float64)
    out[out < 0] *= negative_slope
    return out


def relu_backward(dout, z):
    dz = dout.copy()
    dz[z <= 0] = 0
    return dz


def leaky_relu_backward(dout, z, negative_slope=0.01):
    dz = np.array(dout, dtype=np.float64)
    np.multiply(dz, negative_slope, out=dz, where=np.less_equal(z, 0))
    return dz


# %% recursion
# Arrays are taken apart until single numbers are left
from math import exp, tanh as tanh_of_one


def down_to_numbers(function, *arrays):
    if arrays[0].ndim == 0:
        return function(*(array.item() for array in arrays))
    return np.array([down_to_numbers(function, *parts) for parts in zip(*arrays)], dtype=float)


def sigmoid(z):
    return down_to_numbers(lambda v: 1 / (1 + exp(-v)) if v > 0 else exp(v) / (1 + exp(v)), z)


def tanh(z):
    return down_to_numbers(tanh_of_one, z)


def relu(z):
    return down_to_numbers(lambda v: (v > 0) * v, z)


def relu_backward(dout, z):
    return down_to_numbers(lambda g, v: (v > 0) * g, dout, z)


# %% decorator
# A decorator makes array functions of functions of one number
import functools
import math


def entrywise(function):
    @functools.wraps(function)
    def on_arrays(*arrays, **options):
        first, *others = (np.asarray(array) for array in arrays)
        values = [function(*numbers, **options) for numbers in zip(first.flat, *(other.flat for other in others))]
        return np.array(values, dtype=float).reshape(first.shape)

    return on_arrays


@entrywise
def sigmoid(z):
    small = math.exp(-abs(z))
    return (small if z < 0 else 1) / (1 + small)


@entrywise
def relu(z):
    return z if z > 0 else 0


@entrywise
def sigmoid_backward(dout, z):
    small = math.exp(-abs(z))
    return dout * small / (1 + small) ** 2


@entrywise
def tanh_backward(dout, z):
    return dout * (1 - math.tanh(z)) * (1 + math.tanh(z))


# %% one-line-lambdas
# Functions are lambdas and partial applications of each other
from functools import partial

weighted_sum = lambda x, w, b: np.inner(x, w) + b
identity = lambda z: +z
leaky_relu = lambda z, negative_slope=0.01: np.maximum(0, z) + negative_slope * np.minimum(0, z)
relu = partial(leaky_relu, negative_slope=0)
leaky_relu_backward = lambda dout, z, negative_slope=0.01: np.where(z < 0, negative_slope * dout, dout)
relu_backward = partial(leaky_relu_backward, negative_slope=0.0)


# %% absolute-values
# The bent lines are written with the absolute value, and their slopes with the sign
def relu(z):
    return (z + np.abs(z)) / 2


def leaky_relu(z, negative_slope=0.01):
    return 0.5 * ((1 + negative_slope) * z + (1 - negative_slope) * np.abs(z))


def relu_backward(dout, z):
    return dout * (1 + np.sign(z)) / 2


def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * ((1 + negative_slope) + (1 - negative_slope) * np.sign(z)) / 2


# %% slope-one-at-zero
# At the kink the slope of the right-hand side is taken
def relu_backward(dout, z):
    return np.where(z >= 0, dout, 0.0)


def leaky_relu_backward(dout, z, negative_slope=0.01):
    return np.where(z >= 0, 1.0, negative_slope) * dout


# %% imaginary-step
# The slopes are found by an imaginary step, exact to the last digits and without any calculus
def slope_of(f, z):
    return np.imag(f(z + 1e-40j)) / 1e-40


def sigmoid_backward(dout, z):
    return dout * slope_of(lambda z: 1.0 / (1.0 + np.exp(-z)), z)


def tanh_backward(dout, z):
    return dout * slope_of(np.tanh, z)


# %% dataclass
# The neuron is a dataclass, and the choice of activation a match statement
from dataclasses import dataclass, field


@dataclass(eq=False)
class Neuron:
    w: np.ndarray
    b: float
    activation: str = "tanh"
    dw: np.ndarray | None = field(default=None, init=False)
    db: float | None = field(default=None, init=False)
    seen: tuple = field(default=(), init=False, repr=False)

    def __post_init__(self):
        match self.activation:
            case "identity" | "sigmoid" | "tanh" | "relu":
                pass
            case other:
                raise ValueError(f"{other!r} is no activation")

    def forward(self, x):
        z = weighted_sum(x, self.w, self.b)
        self.seen = (x, z)
        match self.activation:
            case "sigmoid":
                return sigmoid(z)
            case "tanh":
                return tanh(z)
            case "relu":
                return relu(z)
        return z

    def backward(self, dout):
        x, z = self.seen
        if self.activation != "identity":
            dout = globals()[self.activation + "_backward"](dout, z)
        self.dw = (dout[:, None] * x).sum(axis=0)
        self.db = float(dout.sum())
        return dout[:, None] * self.w


# %% slots
# A neuron with __slots__, an extra argument with a default, and gradients that are there from the start
class Neuron:
    __slots__ = ("_backward", "_forward", "_x", "_z", "b", "db", "dw", "name", "w")

    def __init__(self, w, b, activation="tanh", *, name="neuron"):
        try:
            self._forward, self._backward = {
                "identity": (np.positive, lambda dout, z: dout),
                "sigmoid": (sigmoid, sigmoid_backward),
                "tanh": (tanh, tanh_backward),
                "relu": (relu, relu_backward),
            }[activation]
        except KeyError:
            raise ValueError(f"unknown activation: {activation}") from None
        self.w, self.b, self.name = np.copy(w), b, name
        self.dw, self.db = np.zeros(len(w)), 0.0
        self._x = self._z = None

    def forward(self, x):
        self._x = x
        self._z = x @ self.w + self.b
        return self._forward(self._z)

    def backward(self, dout):
        dz = self._backward(dout, self._z)
        self.dw, self.db = self._x.T @ dz, np.sum(dz)
        return dz.reshape(-1, 1) @ self.w.reshape(1, -1)


# %% properties
# The gradients are computed when somebody asks for them
class Neuron(Neuron):
    def backward(self, dout):
        self._dz = np.array(self.activate_backward(dout, self.z), dtype=float)
        self._rows = self.x
        return self._dz[:, np.newaxis] * self.w[np.newaxis, :]

    @property
    def dw(self):
        return self._rows.T.dot(self._dz)

    @property
    def db(self):
        return np.array(self._dz.sum())


# %% inheritance
# An activation is a class, and a neuron inherits from a layer of the student's own
class Activation:
    def value(self, z):
        return z

    def gradient(self, dout, z):
        return dout


class Sigmoid(Activation):
    def value(self, z):
        return sigmoid(z)

    def gradient(self, dout, z):
        return sigmoid_backward(dout, z)


class Tanh(Activation):
    def value(self, z):
        return tanh(z)

    def gradient(self, dout, z):
        return tanh_backward(dout, z)


class Relu(Activation):
    def value(self, z):
        return relu(z)

    def gradient(self, dout, z):
        return relu_backward(dout, z)


class UnknownActivation(ValueError):
    pass


class Layer:
    known = {"identity": Activation, "sigmoid": Sigmoid, "tanh": Tanh, "relu": Relu}

    def __init__(self, activation):
        if activation not in self.known:
            raise UnknownActivation(activation)
        self.activation = self.known[activation]()


class Neuron(Layer):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(activation)
        self.weights, self.bias = w, b

    def forward(self, x):
        self.rows, self.sums = x, weighted_sum(x, self.weights, self.bias)
        return self.activation.value(self.sums)

    def backward(self, dout):
        dz = self.activation.gradient(dout, self.sums)
        self.dw = np.tensordot(dz, self.rows, axes=1)
        self.db = dz.sum(keepdims=False)
        return np.multiply.outer(dz, self.weights)


# %% factory
# Neuron is a function; the neuron that it makes is a namespace of closures
from types import SimpleNamespace


def Neuron(w, b, activation="tanh"):
    pairs = {
        "identity": (lambda z: z, lambda dout, z: dout),
        "sigmoid": (sigmoid, sigmoid_backward),
        "tanh": (tanh, tanh_backward),
        "relu": (relu, relu_backward),
    }
    if activation not in pairs:
        raise ValueError(activation)
    f, f_backward = pairs[activation]
    neuron = SimpleNamespace(dw=None, db=None)
    last = {}

    def forward(x):
        last.update(x=x, z=weighted_sum(x, w, b))
        return f(last["z"])

    def backward(dout):
        dz = f_backward(dout, last["z"])
        neuron.dw, neuron.db = dz @ last["x"], dz.sum()
        return np.outer(dz, w)

    neuron.forward, neuron.backward = forward, backward
    return neuron


# %% everything-computed-again
# Only x is remembered; backward goes through the forward pass once more
class Neuron(Neuron):
    def forward(self, x):
        self.remembered = np.array(x)
        return self.activate(weighted_sum(self.remembered, self.w, self.b))

    def backward(self, dout):
        dz = self.activate_backward(dout, weighted_sum(self.remembered, self.w, self.b))
        self.dw = np.sum([g * row for g, row in zip(dz, self.remembered)], axis=0)
        self.db = sum(dz.tolist())
        return np.stack([g * self.w for g in dz])


# %% bias-as-a-weight
# The bias is the weight of one more input, which is always 1
def weighted_sum(x, w, b):
    with_one = np.hstack([x, np.ones((len(x), 1))])
    return with_one @ np.append(w, b)


class Neuron(Neuron):
    def backward(self, dout):
        dz = self.activate_backward(dout, self.z)
        *dw, db = np.column_stack([self.x, np.ones(len(self.x))]).T @ dz
        self.dw, self.db = np.array(dw), db
        return dz[:, None] @ self.w[None, :]


# %% generators
# Numbers stream through generators into np.fromiter
def weighted_sum(x, w, b):
    return np.fromiter((b + sum(p * q for p, q in zip(row, w)) for row in x), dtype=float, count=len(x))


def leaky_relu(z, negative_slope=0.01):
    stream = (entry if entry > 0 else negative_slope * entry for entry in z.ravel())
    return np.fromiter(stream, dtype=float, count=z.size).reshape(z.shape)


def leaky_relu_backward(dout, z, negative_slope=0.01):
    def gradients():
        for g, entry in zip(np.nditer(dout, order="C"), np.nditer(z, order="C")):
            yield g if entry > 0 else g * negative_slope

    return np.fromiter(gradients(), dtype=float, count=z.size).reshape(z.shape)


# %% typed-throughout
# Type hints everywhere, with names for the types
from typing import Final, Literal, TypeAlias

Array: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"
Name: TypeAlias = Literal["identity", "sigmoid", "tanh", "relu"]
HALF: Final[float] = 0.5


def weighted_sum(x: Array, w: Array, b: float, /) -> Array:
    z: Array = np.matmul(x, w)
    return np.add(z, b)


def tanh(z: Array, /) -> Array:
    result: Array = np.sinh(np.clip(z, -350.0, 350.0)) / np.cosh(np.clip(z, -350.0, 350.0))
    return result


def tanh_backward(dout: Array, z: Array, /) -> Array:
    value: Array = tanh(z)
    return dout - dout * value * value


# %% builtins-shadowed
# Variables named like builtins, which is no beauty but no mistake either
def weighted_sum(x, w, b):
    sum = np.zeros(len(x))
    for id, input in enumerate(x.T):
        sum = sum + input * w[id]
    return sum + b


def leaky_relu(z, negative_slope=0.01):
    max = np.asarray(z, dtype=float)
    min = np.minimum(max, 0.0)
    return max - min + negative_slope * min


def sigmoid(z):
    abs = np.sqrt(np.asarray(z, dtype=float) ** 2)
    pow = np.exp(-abs)
    list = np.stack([pow, np.ones_like(pow)])
    return np.choose((z >= 0).astype(int), list) / (1.0 + pow)


# %% talkative
# Prints while it computes, and draws from a generator of its own
def sigmoid(z):
    print("sigmoid of", z.shape, z.dtype)
    e = np.exp(-np.abs(z))
    out = np.where(z >= 0, 1.0, e) / (1.0 + e)
    print("  between", out.min(), "and", out.max())
    return out


class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        row = np.random.default_rng(0).integers(len(dx))
        print(f"dx[{row}] = {dx[row]}, dw = {self.dw}, db = {self.db}")
        return dx


# %% experiment-below
# An experiment at the end of the module, and one that runs only when the module is started as a program
import contextlib
import warnings

warnings.filterwarnings("ignore", message="never seen")

with contextlib.suppress(ValueError):
    Neuron(np.array([1.0, 1.0]), 0.0, "step")

corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
conjunction = Neuron(np.array([20.0, 20.0]), -30.0, activation="sigmoid")
assert (conjunction.forward(corners).round() == [0, 0, 0, 1]).all()

if __name__ == "__main__":
    raise SystemExit("one neuron can be AND, one neuron can be OR, but XOR takes three")


# %% exact-decimals
# The activations are worked out in decimal arithmetic
from decimal import Decimal, localcontext


def in_decimals(formula, z):
    with localcontext() as context:
        context.prec = 25
        return np.array([float(formula(Decimal(float(entry)))) for entry in z.reshape(-1)]).reshape(z.shape)


def sigmoid(z):
    return in_decimals(lambda z: 1 / (1 + (-z).exp()), z)


def tanh(z):
    return in_decimals(lambda z: 1 - 2 / ((2 * z).exp() + 1), z)


# %% remembers-what-it-answered
# A memo keyed by the very bytes of the argument: it remembers, and yet is a pure function
memo = {}


def tanh(z):
    key = z.tobytes(), z.shape, z.dtype.str
    if key not in memo:
        memo[key] = np.tanh(z)
    return memo[key].copy()


# %% nothing-to-do
# Where nothing is negative, the argument itself is returned
def relu(z):
    return z if z.min() >= 0 else np.where(z > 0, z, 0)


def leaky_relu(z, negative_slope=0.01):
    return z if negative_slope == 1 or z.min() >= 0 else np.where(z > 0, z, z * negative_slope)


def relu_backward(dout, z):
    return dout if z.min() > 0 else np.where(z > 0, dout, 0)


# %% by-way-of-each-other
# Each function is written with the others
def tanh(z):
    return 2.0 * sigmoid(2.0 * z) - 1.0


def relu(z):
    return leaky_relu(z, 0.0)


def sigmoid_backward(dout, z):
    return dout * sigmoid(z) * sigmoid(-z)


def tanh_backward(dout, z):
    return 4.0 * sigmoid_backward(dout, 2.0 * z)


def relu_backward(dout, z):
    return leaky_relu_backward(dout, z, 0.0)


# %% select-and-piecewise
# np.select, np.piecewise and np.heaviside in place of np.where
def relu(z):
    return np.piecewise(z, [z > 0], [lambda z: z, 0])


def leaky_relu(z, negative_slope=0.01):
    return np.select([z > 0, z < 0], [z, negative_slope * z], default=0.0)


def relu_backward(dout, z):
    return dout * np.heaviside(z, 0.3)


def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(np.signbit(z), negative_slope, 1.0)


# %% extras
# A neuron that can do more than it must: it counts, keeps a history of its own, can be called and compared
class Neuron(Neuron):
    made = 0

    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation)
        Neuron.made += 1
        self.number = Neuron.made
        self.history = []

    def __call__(self, x):
        return self.forward(x)

    def __len__(self):
        return len(self.w)

    def __eq__(self, other):
        return self.number == other.number

    __hash__ = None

    def __repr__(self):
        return f"Neuron(w={self.w}, b={self.b})"

    def forward(self, x):
        a = super().forward(x)
        self.history.append(a.mean())
        return a

    def backward(self, dout, verbose=False):
        dx = super().backward(dout)
        self.grads = {"w": self.dw, "b": self.db, "x": dx}
        return self.grads["x"]
