# ruff: noqa: PGH004
# ruff: noqa
"""Right answers in other styles: each cell goes after the reference and must earn full points."""


# %% loops-and-lists
# Everything is done number by number in lists, and becomes arrays at the end
def node_backward(dL_dz, dz_dx, dz_dy):
    if np.ndim(dL_dz) == 0:
        return float(dL_dz) * float(dz_dx), float(dL_dz) * float(dz_dy)
    triples = list(zip(np.ravel(dL_dz).tolist(), np.ravel(dz_dx).tolist(), np.ravel(dz_dy).tolist()))
    shape = np.shape(dL_dz)
    return (
        np.array([up * slope for up, slope, _ in triples], dtype=float).reshape(shape),
        np.array([up * slope for up, _, slope in triples], dtype=float).reshape(shape),
    )


def affine_forward(x, W, b):
    rows, weights, biases = x.tolist(), W.tolist(), b.tolist()
    out = []
    for row in rows:
        sums = []
        for m in range(len(biases)):
            total = biases[m]
            for d in range(len(row)):
                total += row[d] * weights[d][m]
            sums.append(total)
        out.append(sums)
    return np.array(out), (rows, weights)


def affine_backward(dout, cache):
    rows, weights = cache
    upstream = dout.tolist()
    N, D, M = len(rows), len(weights), len(weights[0])
    dx = [[0.0] * D for _ in range(N)]
    dW = [[0.0] * M for _ in range(D)]
    db = [0.0] * M
    for n in range(N):
        for m in range(M):
            db[m] += upstream[n][m]
            for d in range(D):
                dx[n][d] += upstream[n][m] * weights[d][m]
                dW[d][m] += upstream[n][m] * rows[n][d]
    return np.array(dx), np.array(dW), np.array(db)


# %% einsum
# Every sum is spelt out with index letters; the cache is a dict
def affine_forward(x, W, b):
    return np.einsum("nd,dm->nm", x, W) + b, dict(inputs=x, weights=W)


def affine_backward(dout, cache):
    return (
        np.einsum("nm,dm->nd", dout, cache["weights"]),
        np.einsum("nd,nm->dm", cache["inputs"], dout),
        np.einsum("nm->m", dout),
    )


class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in reversed(range(1, len(self._layers) + 1)):
            h, W = self._layers[k - 1]
            grads.update({f"W{k}": np.einsum("nd,nm->dm", h, dout), f"b{k}": np.einsum("nm->m", dout)})
            on = np.where(h > 0, 1.0, 0.0) if self.activation == "relu" else 1 - h * h
            dout = np.einsum("nm,dm,nd->nd", dout, W, on)
        return grads


# %% bias-inside-the-weights
# A column of ones turns the bias into one more row of weights
def affine_forward(x, W, b):
    extended = np.column_stack([x, np.ones(len(x))])
    weights = np.vstack([W, b])
    return extended @ weights, (extended, weights)


def affine_backward(dout, cache):
    extended, weights = cache
    both = extended.T @ dout
    return (dout @ weights.T)[:, :-1], both[:-1], both[-1]


# %% cache-is-a-function
# The cache is a closure that does the backward pass when it is called
def affine_forward(x, W, b):
    def pull(dout):
        return dout.dot(W.T), x.T.dot(dout), np.add.reduce(dout, axis=0)

    return np.dot(x, W) + b, pull


affine_backward = lambda dout, cache: cache(dout)


# %% cache-is-an-object
# The cache is an instance of a small frozen dataclass with copies of the arguments
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cache:
    x: np.ndarray
    W: np.ndarray


def affine_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, Cache]:
    cache = Cache(x=np.copy(x), W=np.copy(W))
    out: np.ndarray = np.empty((len(x), W.shape[1]))
    np.matmul(x, W, out=out, casting="unsafe")
    np.add(out, b, out=out)
    return out, cache


def affine_backward(dout: np.ndarray, cache: Cache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dx = np.matmul(dout, np.transpose(cache.W))
    dW = sum(np.outer(row, upstream) for row, upstream in zip(cache.x, dout))
    db = np.ones(len(dout)) @ dout
    return dx, dW, db


# %% lambdas-and-partials
# Functions are values: lambdas, functools.partial and operator
import functools
import operator

node_backward = lambda dL_dz, dz_dx, dz_dy: tuple(map(functools.partial(operator.mul, dL_dz), (dz_dx, dz_dy)))
_central = lambda f, x, h, step: (f(x + h * step) - f(x - h * step)) / (2 * h)
numerical_gradient = lambda f, x, h=1e-5: np.reshape(
    [_central(f, x, h, step.reshape(x.shape)) for step in np.eye(x.size)], x.shape
)


# %% x-moved-in-place
# x itself is moved and put back, entry by entry, unless it holds ints
def numerical_gradient(f, x, h=1e-5):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index", "zerosize_ok"])
    while not it.finished:
        i = it.multi_index
        saved = x[i].copy() if hasattr(x[i], "copy") else x[i]
        try:
            x[i] = saved + h
            plus = f(x)
            x[i] = saved - h
            minus = f(x)
        finally:
            x[i] = saved
        grad[i] = (plus - minus) / (2 * h)
        it.iternext()
    return grad


# %% flat-and-restored
# A flat copy is moved, f gets it in the shape of x, and the distance is measured instead of assumed
def numerical_gradient(f, x, h=1e-5):
    flat = np.array(x, dtype="float64", order="C").reshape(-1)
    slopes = []
    for i, here in enumerate(flat.tolist()):
        places = here + h, here - h
        answers = []
        for place in places:
            flat[i] = place
            answers.append(f(flat.reshape(x.shape)))
        flat[i] = here
        slopes.append((answers[0] - answers[1]) / (places[0] - places[1]))
    return np.array(slopes, dtype=float).reshape(x.shape)


# %% numbers-for-no-dimensions
# A 0-d array is handled apart and gives a plain float
def numerical_gradient(f, x, h=1e-5):
    if x.ndim == 0:
        here = float(x)
        return (f(np.array(here + h)) - f(np.array(here - h))) / (2 * h)
    result = np.empty(x.shape)
    for i, row in enumerate(x):

        def only_this_row(part, i=i):
            moved = x.astype(float)
            moved[i] = part
            return f(moved)

        result[i] = numerical_gradient(only_this_row, np.asarray(row), h)
    return result


# %% vectorized-by-name
# np.vectorize, np.multiply, and arguments passed by name
def node_backward(dL_dz, dz_dx, dz_dy):
    if isinstance(dL_dz, np.ndarray):
        product = np.vectorize(pyfunc=lambda up, slope: up * slope, otypes=[float])
        return product(dL_dz, dz_dx), product(dL_dz, dz_dy)
    return np.multiply(dL_dz, dz_dx), np.multiply(dL_dz, dz_dy)


def affine_forward(x, W, b):
    weighted = np.vectorize(pyfunc=np.dot, signature="(d),(d,m)->(m)")
    return np.add(weighted(x, W), b), [W, x]


def affine_backward(dout, cache):
    W, x = cache
    return np.inner(dout, W), np.tensordot(a=x, b=dout, axes=(0, 0)), np.sum(a=dout, axis=0)


# %% exact-sums
# math.fsum adds without rounding; rows are generators
def affine_forward(x, W, b):
    out = [[math.fsum((*map(float, row * column), float(bias))) for column, bias in zip(W.T, b)] for row in x]
    return np.array(out), (x.astype(float), W.astype(float))


def affine_backward(dout, cache):
    x, W = cache
    dx = np.array([[math.fsum(upstream * weights) for weights in W] for upstream in dout])
    dW = np.array([[math.fsum(inputs * outputs) for outputs in dout.T] for inputs in x.T])
    return dx, dW, np.array([math.fsum(column) for column in dout.T])


# %% prints-while-computing
# The functions print now and then, and the module has a block for trying them
_affine_forward, _affine_backward, _node_backward = affine_forward, affine_backward, node_backward
print("backprop, with a word on the way")


def node_backward(dL_dz, dz_dx, dz_dy):
    if np.size(dL_dz) > 40:
        print("many nodes:", np.shape(dL_dz))
    return _node_backward(dL_dz, dz_dx, dz_dy)


def affine_forward(x, W, b):
    out, cache = _affine_forward(x, W, b)
    if out.size == 1:
        print(f"one number: {out[0, 0]}")
    return out, cache


def affine_backward(dout, cache):
    if dout.size == 1:
        print("one number, backwards")
    return _affine_backward(dout, cache)


if __name__ == "__main__":
    print(affine_forward(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4)))


# %% network-of-affine-layers
# The network is made of affine_forward and affine_backward
class MLP:
    def __init__(self, sizes, rng, activation="tanh"):
        if activation not in {"tanh", "relu"}:
            raise ValueError(activation)
        self.activation = activation
        self.params = {}
        for i in range(len(sizes) - 1):
            self.params["W" + str(i + 1)] = rng.standard_normal((sizes[i], sizes[i + 1])) / np.sqrt(sizes[i])
            self.params["b" + str(i + 1)] = np.zeros(sizes[i + 1])

    def forward(self, X):
        self.caches, self.sums = [], []
        depth = len(self.params) // 2
        for i in range(1, depth + 1):
            X, cache = affine_forward(X, self.params[f"W{i}"], self.params[f"b{i}"])
            self.caches.append(cache)
            self.sums.append(X)
            if i != depth:
                X = np.tanh(X) if self.activation == "tanh" else X * (X > 0)
        return X

    def backward(self, dout):
        grads = {}
        for i in range(len(self.caches), 0, -1):
            if i != len(self.caches):
                z = self.sums[i - 1]
                dout = dout / np.cosh(z) ** 2 if self.activation == "tanh" else dout * (z >= 0)
            dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, self.caches[i - 1])
        return grads


# %% network-of-closures
# forward leaves a list of functions, which backward calls in reverse order
class MLP:
    activations = {
        "tanh": (np.tanh, lambda z: 1 - np.square(np.tanh(z))),
        "relu": (lambda z: z.clip(min=0), lambda z: np.heaviside(z, 0.5)),
    }

    def __init__(self, sizes, rng, activation="tanh"):
        try:
            self.function, self.slope = self.activations[activation]
        except KeyError as error:
            raise ValueError(f"no activation {activation}") from error
        shapes = {f"W{k}": pair for k, pair in enumerate(zip(sizes, sizes[1:]), 1)}
        shapes |= {f"b{k}": (width,) for k, width in enumerate(sizes[1:], 1)}
        self.params = {name: rng.uniform(-0.5, 0.5, size=shape) for name, shape in shapes.items()}
        self.layers = len(sizes) - 1

    def forward(self, X):
        self.tape = []
        for k in range(1, self.layers + 1):
            X = self._affine(k, X)
            if k < self.layers:
                X = self._activate(X)
        return X

    def _affine(self, k, h):
        W = self.params[f"W{k}"].copy()

        def pull(dout, grads):
            grads[f"W{k}"] = (dout.T @ h).T
            grads[f"b{k}"] = dout.sum(0)
            return dout @ W.T

        self.tape.append(pull)
        return h @ W + self.params[f"b{k}"]

    def _activate(self, z):
        self.tape.append(lambda dout, grads: dout * self.slope(z))
        return self.function(z)

    def backward(self, dout):
        grads = {}
        for pull in self.tape[::-1]:
            dout = pull(dout, grads)
        return grads


# %% network-by-recursion
# forward and backward call themselves on the rest of the network
class MLP:
    __slots__ = ("params", "_relu", "_seen")

    def __init__(self, sizes: list[int], rng: np.random.Generator, activation: str = "tanh") -> None:
        if activation != "tanh" and activation != "relu":
            raise ValueError("activation must be tanh or relu")
        self._relu: bool = activation == "relu"
        self._seen: list[np.ndarray] = []
        self.params: dict[str, np.ndarray] = {}
        for k in range(1, len(sizes)):
            limit = math.sqrt(6 / (sizes[k - 1] + sizes[k]))
            self.params[f"W{k}"] = rng.uniform(-limit, limit, (sizes[k - 1], sizes[k]))
            self.params[f"b{k}"] = np.zeros((sizes[k],))

    def forward(self, X: np.ndarray) -> np.ndarray:
        self._seen = []
        return self._from(1, X)

    def _from(self, k: int, h: np.ndarray) -> np.ndarray:
        self._seen = [*self._seen, h]
        z = h @ self.params[f"W{k}"] + self.params[f"b{k}"]
        if f"W{k + 1}" not in self.params:
            return z
        return self._from(k + 1, (abs(z) + z) / 2 if self._relu else np.tanh(z))

    def backward(self, dout: np.ndarray) -> dict[str, np.ndarray]:
        return self._until(len(self._seen), dout)

    def _until(self, k: int, dout: np.ndarray) -> dict[str, np.ndarray]:
        if k == 0:
            return {}
        h = self._seen[k - 1]
        slope = np.sign(h) if self._relu else (1 - h) * (1 + h)
        before = self._until(k - 1, dout @ self.params[f"W{k}"].T * slope)
        return {**before, f"W{k}": h.T @ dout, f"b{k}": dout.sum(axis=0)}


# %% network-row-by-row
# Each row goes through alone; the gradients of the rows are added
class MLP(MLP):
    def forward(self, X):
        self.rows, outs = [], []
        for x in X:
            outs.append(super().forward(x[None, :])[0])
            self.rows.append(self._layers)
        return np.stack(outs)

    def backward(self, dout):
        total = {name: np.zeros_like(array) for name, array in self.params.items()}
        for self._layers, upstream in zip(self.rows, dout):
            for name, gradient in super().backward(upstream[None, :]).items():
                total[name] += gradient
        return total


# %% network-of-layer-objects
# Layers are dataclasses that look their arrays up in the network's params; builtins are shadowed
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Layer:
    number: int
    last: bool
    activation: str
    input: Any = field(default=None, repr=False)
    sum: Any = field(default=None, repr=False)
    W: Any = field(default=None, repr=False)

    def forward(self, input, params):
        self.input, self.W = input, np.array(params[f"W{self.number}"])
        self.sum = input @ self.W + params[f"b{self.number}"]
        if self.last:
            return self.sum
        return {"tanh": np.tanh, "relu": lambda sum: np.where(sum > 0, sum, 0)}[self.activation](self.sum)

    def backward(self, dout, grads):
        if not self.last:
            slope = 1 - np.tanh(self.sum) ** 2 if self.activation == "tanh" else np.where(self.sum > 0, 1.0, 0.0)
            dout = dout * slope
        grads[f"W{self.number}"] = self.input.T @ dout
        grads[f"b{self.number}"] = dout.sum(axis=0)
        return dout @ self.W.T


class MLP:
    def __init__(self, sizes, rng, activation="tanh"):
        if not activation in ["tanh", "relu"]:
            raise ValueError("unknown activation")
        self.params = {}
        self.list = []
        for id, (input, output) in enumerate(zip(sizes, sizes[1:])):
            self.params[f"W{id + 1}"] = 0.1 * rng.normal(size=(input, output))
            self.params[f"b{id + 1}"] = 0.1 * rng.normal(size=output)
            self.list.append(Layer(id + 1, id == len(sizes) - 2, activation))

    def forward(self, X):
        for layer in self.list:
            X = layer.forward(X, self.params)
        return X

    def backward(self, dout):
        grads = {}
        for layer in reversed(self.list):
            dout = layer.backward(dout, grads)
        return {name: grads[name] for name in self.params}


# %% params-as-a-property
# params is a property over a dict of the model's own, which keeps whatever arrays it is given
class MLP(MLP):
    @property
    def params(self):
        return self._arrays

    @params.setter
    def params(self, arrays):
        self._arrays = dict(arrays)


# %% value-with-closures
# Each operation leaves a closure on its result, as in micrograd; the order is found with a stack
class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = float(data)
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = tuple(_children)
        self._op = _op

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        other = float(other)
        out = Value(self.data**other, (self,), f"**{other}")

        def _backward():
            if other:
                self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo, visited, stack = [], set(), [(self, iter(self._prev))]
        visited.add(self)
        while stack:
            node, children = stack[-1]
            for child in children:
                if child not in visited:
                    visited.add(child)
                    stack.append((child, iter(child._prev)))
                    break
            else:
                topo.append(node)
                stack.pop()
        for node in topo:
            if node._prev:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()

    __radd__ = __add__
    __rmul__ = __mul__
    __neg__ = lambda self: self * -1
    __sub__ = lambda self, other: self + (-other if isinstance(other, Value) else -float(other))
    __rsub__ = lambda self, other: other + (-self)
    __truediv__ = lambda self, other: self * (other if isinstance(other, Value) else Value(other)) ** -1
    __rtruediv__ = lambda self, other: other * self**-1
    __repr__ = lambda self: f"Value(data={self.data}, grad={self.grad})"


# %% value-by-age
# Nodes are numbered as they are made; going back from the youngest needs no search for an order
import heapq
import itertools


class Value:
    counter = itertools.count()

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges, self.age = float(data), 0.0, edges, next(Value.counter)

    def __lt__(self, other):
        return self.age > other.age

    @classmethod
    def of(cls, other):
        return other if isinstance(other, cls) else cls(other)

    def __add__(self, other):
        other = self.of(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = self.of(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = self.of(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = self.of(other)
        ratio = self.data / other.data
        return Value(ratio, ((self, 1 / other.data), (other, -ratio / other.data)))

    def __radd__(self, other):
        return self.of(other) + self

    def __rsub__(self, other):
        return self.of(other) - self

    def __rmul__(self, other):
        return self.of(other) * self

    def __rtruediv__(self, other):
        return self.of(other) / self

    def __pow__(self, n):
        n = float(n)
        if n == 0.0:
            return Value(1.0, ((self, 0.0),))
        slope = n * self.data ** (n - 1) if self.data or n >= 1 else math.inf
        return Value(self.data**n, ((self, slope),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def exp(self):
        e = math.e**self.data
        return Value(e, ((self, e),))

    def tanh(self):
        small = math.exp(-2 * abs(self.data))
        t = math.copysign((1 - small) / (1 + small), self.data)
        return Value(t, ((self, 4 * small / (1 + small) ** 2),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, float(self.data >= 0)),))

    def backward(self):
        slopes = {self: 1.0}
        heap = [self]
        while heap:
            node = heapq.heappop(heap)
            slope = slopes[node]
            node.grad = slope if node.edges else node.grad + slope
            for source, local in node.edges:
                if source not in slopes:
                    slopes[source] = 0.0
                    heapq.heappush(heap, source)
                slopes[source] += slope * local


# %% value-in-the-order-of-graphlib
# The standard library sorts the graph; slopes are worked out on the way forward
import graphlib


class Value:
    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = float(data), 0.0, edges

    @staticmethod
    def of(other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = self.of(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = self.of(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, n):
        return Value(math.pow(self.data, n), ((self, n * math.pow(self.data, n - 1) if n else 0.0),))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -self.of(other)

    def __rsub__(self, other):
        return self.of(other) - self

    def __truediv__(self, other):
        return self * self.of(other) ** -1

    def __rtruediv__(self, other):
        return self.of(other) / self

    def exp(self):
        e = math.pow(math.e, self.data)
        return Value(e, ((self, e),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def relu(self):
        return Value(self.data * (self.data > 0), ((self, self.data > 0),))

    def backward(self):
        graph, found = {}, [self]
        for node in found:
            if node not in graph:
                graph[node] = [source for source, _ in node.edges]
                found += graph[node]
        order = list(graphlib.TopologicalSorter(graph).static_order())
        for node in order:
            node.grad = 0.0 if node.edges else node.grad
        self.grad += 1.0
        for node in reversed(order):
            for source, slope in node.edges:
                source.grad += slope * node.grad


# %% value-counting-users
# A node has its turn when all its users have had theirs (Kahn's algorithm); numbers are NumPy scalars
class Value:
    __slots__ = ("data", "grad", "parents", "locals")

    def __init__(self, data):
        self.data, self.grad, self.parents, self.locals = np.float64(data), np.float64(0), [], []

    @staticmethod
    def result(data, *edges):
        node = Value(data)
        node.parents = [parent for parent, _ in edges]
        node.locals = [local for _, local in edges]
        return node

    def __add__(self, other):
        if not isinstance(other, Value):
            return self.result(self.data + other, (self, 1))
        return self.result(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        if not isinstance(other, Value):
            return self.result(self.data * other, (self, float(other)))
        return self.result(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        n = float(n)
        return self.result(self.data**n, (self, n * self.data ** (n - 1) if n else 0.0))

    def __neg__(self):
        return self.result(-self.data, (self, -1))

    def __sub__(self, other):
        return self + (-other if isinstance(other, Value) else -float(other))

    def __truediv__(self, other):
        return self * (other**-1 if isinstance(other, Value) else 1 / float(other))

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return -(self - other)

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self**-1 * other

    def exp(self):
        e = np.exp(self.data)
        return self.result(e, (self, e))

    def tanh(self):
        t = np.tanh(self.data)
        return self.result(t, (self, 1 - t * t))

    def relu(self):
        return self.result(np.maximum(self.data, 0), (self, np.heaviside(self.data, 0.5)))

    def backward(self):
        users = {self: 0}
        found = [self]
        for node in found:
            for parent in node.parents:
                if parent not in users:
                    users[parent] = 0
                    found.append(parent)
                users[parent] += 1
        for node in found:
            if node.parents:
                node.grad = np.float64(0)
        self.grad = self.grad + 1
        ready = [self]
        while ready:
            node = ready.pop()
            for parent, local in zip(node.parents, node.locals):
                parent.grad = parent.grad + local * node.grad
                users[parent] -= 1
                if not users[parent]:
                    ready.append(parent)


# %% value-order-remembered
# The order is found by a generator with a stack of its own and kept for the next call
class Value(Value):
    def ordered(self):
        seen, stack = {id(self)}, [(self, iter(self.inputs))]
        while stack:
            node, rest = stack[-1]
            nxt = next((source for source in rest if id(source) not in seen), None)
            if nxt is None:
                yield node
                stack.pop()
            else:
                seen.add(id(nxt))
                stack.append((nxt, iter(nxt.inputs)))

    def backward(self):
        if not hasattr(self, "order"):
            self.order = tuple(self.ordered())
        slopes = {id(node): 0.0 for node in self.order}
        slopes[id(self)] = 1.0
        for node in self.order[::-1]:
            for source, slope in zip(node.inputs, node.pull(slopes[id(node)])):
                slopes[id(source)] += slope
        for node in self.order:
            node.grad = slopes[id(node)] + (0.0 if node.inputs else node.grad)


# %% value-as-a-tape
# All operations go on one long tape with numbers for nodes; backward reads the part of it that matters
TAPE = []


class Value:
    def __init__(self, data):
        self._number = self.record(self, float(data))

    @staticmethod
    def record(owner, data, *edges):
        TAPE.append({"data": data, "grad": 0.0, "edges": edges})
        return len(TAPE) - 1

    @classmethod
    def inner(cls, data, *edges):
        self = object.__new__(cls)
        self._number = cls.record(self, data, *((source._number, slope) for source, slope in edges))
        return self

    data = property(lambda self: TAPE[self._number]["data"])

    @property
    def grad(self):
        return TAPE[self._number]["grad"]

    @grad.setter
    def grad(self, value):
        TAPE[self._number]["grad"] = value

    def __add__(self, other, sign=1.0):
        other = other if isinstance(other, Value) else Value(other)
        return self.inner(self.data + sign * other.data, (self, 1.0), (other, sign))

    def __sub__(self, other):
        return self.__add__(other, sign=-1.0)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self.inner(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return self.inner(self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data**2))

    def __pow__(self, n):
        x, n = self.data, float(n)
        slope = 0.0 if n == 0 else n * x ** (n - 1) if x or n >= 1 else float("inf")
        return self.inner(x**n, (self, slope))

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __neg__(self):
        return 0.0 - self

    def exp(self):
        return self.inner(math.exp(self.data), (self, math.exp(self.data)))

    def tanh(self):
        return self.inner(math.tanh(self.data), (self, 1 - math.tanh(self.data) ** 2))

    def relu(self):
        return self.inner((abs(self.data) + self.data) / 2, (self, 1.0 if self.data > 0 else 0.0))

    def backward(self):
        slopes = {self._number: 1.0}
        for number in range(self._number, -1, -1):
            if number not in slopes:
                continue
            node, slope = TAPE[number], slopes.pop(number)
            node["grad"] = slope if node["edges"] else node["grad"] + slope
            for source, local in node["edges"]:
                slopes[source] = slopes.get(source, 0.0) + slope * local


# %% value-kinds-of-nodes
# Every operation is a class of its own that inherits from Value and knows its slopes
class Value:
    inputs = ()

    def __init__(self, data):
        self.data = data.item() if isinstance(data, np.generic) else data
        self.grad = 0.0

    def slopes(self):
        return ()

    def backward(self):
        order, marked, work = [], set(), [self]
        while work:
            node = work[-1]
            fresh = [source for source in node.inputs if source not in marked]
            if node in marked:
                work.pop()
            elif fresh:
                work += fresh
            else:
                marked.add(node)
                order.append(work.pop())
        for node in order:
            node.grad = 0.0 if isinstance(node, Operation) else node.grad
        self.grad += 1.0
        while order:
            node = order.pop()
            for source, slope in zip(node.inputs, node.slopes()):
                source.grad += node.grad * slope


class Operation(Value):
    def __init__(self, *inputs):
        self.inputs = tuple(source if isinstance(source, Value) else Value(source) for source in inputs)
        super().__init__(self.value(*(source.data for source in self.inputs)))


class Add(Operation):
    value = staticmethod(lambda x, y: x + y)
    slopes = lambda self: (1, 1)


class Multiply(Operation):
    value = staticmethod(lambda x, y: x * y)
    slopes = lambda self: (self.inputs[1].data, self.inputs[0].data)


class Power(Operation):
    def __init__(self, base, exponent):
        self.exponent = float(exponent)
        super().__init__(base)

    def value(self, x):
        return float(x) ** self.exponent

    def slopes(self):
        (x,) = self.inputs
        return (self.exponent * float(x.data) ** (self.exponent - 1) if self.exponent else 0,)


class Exp(Operation):
    value = staticmethod(math.exp)
    slopes = lambda self: (self.data,)


class Tanh(Operation):
    value = staticmethod(math.tanh)
    slopes = lambda self: (1 - self.data**2,)


class Relu(Operation):
    value = staticmethod(lambda x: x if x > 0 else 0)
    slopes = lambda self: (0 if self.inputs[0].data <= 0 else 1,)


Value.__add__ = Value.__radd__ = lambda self, other: Add(self, other)
Value.__mul__ = Value.__rmul__ = lambda self, other: Multiply(self, other)
Value.__pow__ = lambda self, exponent: Power(self, exponent)
Value.__neg__ = lambda self: Multiply(self, -1)
Value.__sub__ = lambda self, other: Add(self, Multiply(other, -1))
Value.__rsub__ = lambda self, other: Add(other, Multiply(self, -1))
Value.__truediv__ = lambda self, other: Multiply(self, Power(other, -1))
Value.__rtruediv__ = lambda self, other: Multiply(other, Power(self, -1))
Value.exp, Value.tanh, Value.relu = lambda self: Exp(self), lambda self: Tanh(self), lambda self: Relu(self)


# %% value-without-numpy-marker
# Nothing is told to NumPy, whose numbers then come to __rmul__ as Python's
class Value(Value):
    pass


del Value.__base__.__array_ufunc__


# %% quiet-arithmetic
# Everything runs inside np.errstate, and tanh is made of exponentials that are kept small
class Value(Value):
    def exp(self):
        with np.errstate(all="ignore"):
            e = float(np.exp(self.data))
        return inner_node(e, (self,), lambda g: (e * g,))

    def tanh(self):
        with np.errstate(all="ignore"):
            t = 1.0 - 2.0 / (np.exp(2.0 * self.data) + 1.0)
        return inner_node(float(t), (self,), lambda g: ((1.0 - t) * (1.0 + t) * g,))


# %% many-helpers
# Long-winded, with early returns, try and finally, and copies of everything
def node_backward(dL_dz, dz_dx, dz_dy):
    def along(slope):
        answer = np.array(slope, dtype=np.float64, copy=True)
        answer *= dL_dz
        return answer

    return along(dz_dx), along(dz_dy)


def affine_forward(x, W, b):
    x, W, b = (np.array(a, dtype=np.float64, copy=True) for a in (x, W, b))
    out = np.tile(b, (x.shape[0], 1))
    out += x @ W
    return out, {"x": x, "W": W, "b": b, "out": out}


def affine_backward(dout, cache):
    dout = np.array(dout)
    grads = {}
    for name in ("x", "W", "b"):
        if name == "x":
            grads[name] = np.zeros_like(cache["x"])
            grads[name] += dout @ cache["W"].T
        elif name == "W":
            grads[name] = np.zeros_like(cache["W"])
            for row, upstream in zip(cache["x"], dout):
                grads[name] += row[:, np.newaxis] * upstream[np.newaxis, :]
        else:
            grads[name] = np.zeros_like(cache["b"])
            for upstream in dout:
                grads[name] += upstream
    return tuple(grads.values())
