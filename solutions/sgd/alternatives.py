# ruff: noqa
"""Right solutions of the assignment sgd in other styles, each a cell that is put after the reference solution.

The comment says what is unusual about the cell. All of them must earn full points.
"""

# %% plain-loops
# Pure Python where it can be: loops, lists, math, Fisher and Yates by hand
import math


def sgd_step(params, grads, lr):
    new = {}
    for name in params:
        flat = [p - lr * g for p, g in zip(np.ravel(params[name]).tolist(), np.ravel(grads[name]).tolist())]
        new[name] = np.array(flat, dtype=float).reshape(np.shape(params[name]))
    return new


def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    order = list(range(len(X)))
    if shuffle:
        for i in range(len(order) - 1, 0, -1):
            j = int(rng.integers(i + 1))
            order[i], order[j] = order[j], order[i]
    batches = []
    while order:
        rows, order = order[:batch_size], order[batch_size:]
        batches.append((np.array([X[row] for row in rows]), np.array([y[row] for row in rows])))
    return batches


def step_decay(lr0, epoch, drop=0.5, every=10):
    while epoch >= every:
        lr0, epoch = lr0 * drop, epoch - every
    return lr0


def exponential_decay(lr0, epoch, rate):
    return lr0 * math.exp(-rate * epoch)


# %% lambdas-and-partials
# Functions as lambdas, functools.partial and reduce
import functools
import operator

sgd_step = lambda params, grads, lr: {k: functools.reduce(operator.sub, (params[k], lr * grads[k])) for k in params}
exponential_decay = lambda lr0, epoch, rate: lr0 * np.e ** (-rate * epoch)


def decayed(lr0, epoch, *, base, drop, every):
    return base * lr0 * pow(drop, divmod(epoch, every)[0])


step_decay = lambda lr0, epoch, drop=0.5, every=10: functools.partial(decayed, base=1.0)(
    lr0=lr0, epoch=epoch, drop=drop, every=every
)


# %% negated-and-added
# The step as an addition of a negated gradient, with np.add and np.multiply
def sgd_step(params, grads, lr):
    return dict((name, np.add(params[name], np.multiply(-lr, grads[name]))) for name in grads)


# %% deep-copy-then-in-place
# A deep copy is made of floats and then changed in place
import copy


def sgd_step(params, grads, lr):
    new = copy.deepcopy(params)
    for name in new:
        new[name] = new[name].astype(np.float64)
        new[name] -= np.multiply(lr, grads[name])
    return new


# %% einsum-and-vectorize
# np.vectorize for the step, einsum in the optimizer
def sgd_step(params, grads, lr):
    move = np.vectorize(lambda p, g: p - lr * g, otypes=[float])
    return {name: move(p, grads[name]) for name, p in params.items()}


class SGD(SGD):
    def step(self, grads):
        for name, p in self.params.items():
            v = self._velocity[name]
            v[...] = np.einsum("...,->...", v, np.float64(self.momentum)) + grads[name] + self.weight_decay * p
            p += np.einsum("...,->...", v, np.float64(-self.lr))


# %% ordered-dict-result
# The result is a subclass of dict
from collections import OrderedDict


def sgd_step(params, grads, lr):
    return OrderedDict((name, p - lr * grads[name]) for name, p in params.items())


# %% batches-as-a-list
# A list of lists instead of a generator, split by np.split
def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    order = rng.permutation(len(X)) if shuffle else np.arange(len(X))
    pieces = np.split(order, range(batch_size, len(X), batch_size))
    return [[X[rows], y[rows]] for rows in pieces]


# %% iterator-object
# An iterator class with __iter__ and __next__
class Minibatches:
    def __init__(self, X, y, order, size):
        self.X, self.y, self.order, self.size = X, y, order, size

    def __iter__(self):
        return self

    def __next__(self):
        if not len(self.order):
            raise StopIteration
        rows, self.order = self.order[: self.size], self.order[self.size :]
        return self.X[rows], self.y[rows]


def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    order = np.arange(X.shape[0])
    if shuffle:
        rng.shuffle(order)
    return Minibatches(X, y, order, batch_size)


# %% zip-of-two-lists
# A zip object of two lists; views of the arguments where nothing is shuffled
def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    if shuffle:
        order = np.argsort(rng.random(len(X)))
        X, y = X[order], y[order]
    starts = range(0, len(X), batch_size)
    return zip([X[i : i + batch_size] for i in starts], [y[i : i + batch_size] for i in starts])


# %% order-without-replacement
# rng.choice without replacement; draws even when nothing is shuffled; np.take
def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    order = rng.choice(len(y), size=len(y), replace=False)
    if not shuffle:
        order = np.sort(order)
    for start in range(0, len(y), batch_size):
        rows = order[start : start + batch_size]
        yield np.take(X, rows, axis=0), np.take(y, rows)


# %% one-table
# Rows and labels are shuffled as one table of floats
def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    table = np.concatenate([X.astype(float), y.astype(float)[:, np.newaxis]], axis=1)
    if shuffle:
        table = rng.permutation(table, axis=0)
    for number in range(int(np.ceil(len(table) / batch_size))):
        batch = table[number * batch_size : (number + 1) * batch_size]
        yield batch[:, :-1], batch[:, -1].astype(y.dtype)


# %% recursive-batches
# Recursion and yield from; the order is drawn row by row
def cut(X, y, order, size):
    if order:
        yield X[order[:size]], y[order[:size]]
        yield from cut(X, y, order[size:], size)


def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    order = list(range(len(X)))
    if shuffle:
        order = [order.pop(rng.integers(0, len(order))) for _ in range(len(X))]
    yield from cut(X, y, order, batch_size)


# %% itertools-and-permuted
# rng.permuted, itertools and an iterator of tuples
import itertools


def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    rows = iter(rng.permuted(np.arange(len(X))).tolist() if shuffle else range(len(X)))
    chunks = iter(lambda: list(itertools.islice(rows, batch_size)), [])
    return map(lambda chunk: (X[chunk], y[chunk]), chunks)


# %% child-generator
# A generator of its own, seeded by draws from rng
def iterate_minibatches(X, y, batch_size, rng, shuffle=True):
    child = np.random.Generator(np.random.PCG64(rng.integers(2**63, size=4).tolist()))
    order = child.permutation(len(X)) if shuffle else np.arange(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


# %% optimizer-on-copies
# The optimizer trains copies of the caller's arrays, and has attributes of its own
class SGD:
    """Copies are trained."""

    steps_made = 0

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = {name: np.array(p, dtype=np.float64) for name, p in params.items()}
        self.lr, self.mu, self.decay = lr, momentum, weight_decay
        self.v = dict.fromkeys(params, 0.0)
        self.names = sorted(params)

    def step(self, grads):
        for name in self.names:
            g = np.asarray(grads[name], dtype=np.float64) + self.decay * self.params[name]
            self.v[name] = self.mu * self.v[name] + g
            self.params[name][...] = self.params[name] - self.lr * self.v[name]
        self.steps_made += 1
        return self.params


# %% optimizer-on-the-callers-dict
# The very dict of the caller is kept; velocities are made when first needed; np.subtract with out
class SGD:
    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = params
        self.lr = lr
        self._settings = (momentum, weight_decay)
        self._v = {}

    def step(self, grads):
        momentum, decay = self._settings
        for name in grads:
            p = self.params[name]
            g = np.array(grads[name], dtype=float)
            g += decay * p
            if name in self._v:
                g += momentum * self._v[name]
            self._v[name] = g
            np.subtract(p, self.lr * g, out=p)


# %% optimizer-as-a-dataclass
# A dataclass with fields and __post_init__; extra methods
from dataclasses import dataclass, field


@dataclass
class SGD:
    params: dict
    lr: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    velocity: dict = field(default_factory=dict, repr=False)

    def __post_init__(self):
        self.velocity = {name: np.zeros(p.shape) for name, p in self.params.items()}

    def direction(self, name, gradient):
        self.velocity[name] = self.momentum * self.velocity[name] + gradient + self.weight_decay * self.params[name]
        return self.velocity[name]

    def step(self, grads):
        for name, gradient in grads.items():
            self.params[name] -= self.lr * self.direction(name, gradient)


# %% optimizer-with-slots
# __slots__, a property with a setter for lr, private names
class SGD:
    __slots__ = ("__lr", "__m", "__v", "__wd", "params")

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = {**params}
        self.__lr, self.__m, self.__wd = float(lr), float(momentum), float(weight_decay)
        self.__v = [np.zeros_like(p) for p in params.values()]

    @property
    def lr(self):
        return self.__lr

    @lr.setter
    def lr(self, value):
        self.__lr = float(value)

    def step(self, grads):
        for v, (name, p) in zip(self.__v, self.params.items(), strict=True):
            v[:] = self.__m * v + grads[name] + self.__wd * p
            p[:] = p - self.__lr * v


# %% optimizer-on-one-flat-vector
# All parameters are views into one flat vector, which is stepped as a whole
class SGD:
    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay
        self.flat = np.concatenate([np.ravel(p) for p in params.values()])
        self.v = np.zeros_like(self.flat)
        self.params, start = {}, 0
        for name, p in params.items():
            self.params[name] = self.flat[start : start + p.size].reshape(p.shape)
            start += p.size

    def step(self, grads):
        g = np.concatenate([np.ravel(grads[name]) for name in self.params])
        self.v = self.momentum * self.v + g + self.weight_decay * self.flat
        self.flat -= self.lr * self.v


# %% optimizer-by-inheritance
# A base class with hooks; one small object for each parameter
class Parameter:
    def __init__(self, array):
        self.array, self.velocity = array, 0 * array

    def push(self, gradient, momentum):
        self.velocity = momentum * self.velocity + gradient


class Optimizer:
    def __init__(self, params, lr):
        self.params, self.lr = dict(params), lr
        self.trained = {name: Parameter(array) for name, array in params.items()}

    def step(self, grads):
        for name, parameter in self.trained.items():
            self.update(parameter, grads[name])


class SGD(Optimizer):
    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr)
        self.momentum, self.weight_decay = momentum, weight_decay

    def update(self, parameter, gradient):
        parameter.push(gradient + self.weight_decay * parameter.array, self.momentum)
        parameter.array += -self.lr * parameter.velocity


# %% optimizer-with-entry-loops
# The optimizer in pure Python loops over the entries, by index
class SGD:
    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params, self.lr, self.momentum, self.weight_decay = params, lr, momentum, weight_decay
        self.velocity = {name: {} for name in params}

    def step(self, grads):
        for name in self.params:
            for index in np.ndindex(self.params[name].shape):
                g = float(grads[name][index]) + self.weight_decay * float(self.params[name][index])
                v = self.momentum * self.velocity[name].get(index, 0.0) + g
                self.velocity[name][index] = v
                self.params[name][index] -= self.lr * v


# %% schedules-in-numpy
# NumPy scalars and 0-d arrays come back from the schedules
def step_decay(lr0, epoch, drop=0.5, every=10):
    return np.multiply(lr0, np.power(float(drop), np.floor_divide(epoch, every)))


def exponential_decay(lr0, epoch, rate):
    return np.array(lr0) * np.exp(np.float64(-rate) * epoch)


# %% schedules-by-logarithms
# Powers through logarithms, floor instead of //, names that shadow builtins
import math


def step_decay(lr0, epoch, drop=0.5, every=10):
    float = math.floor(epoch / every)
    return math.exp(math.log(lr0) + float * math.log(drop))


def exponential_decay(lr0, epoch, rate):
    sum = math.log(lr0) - rate * epoch
    return math.exp(sum)


# %% schedules-recursive
# Recursion: each epoch from the one before
def step_decay(lr0, epoch, drop=0.5, every=10):
    return lr0 if epoch < every else drop * step_decay(lr0, epoch - every, drop=drop, every=every)


def exponential_decay(lr0, epoch, rate):
    return lr0 if epoch <= 0 else exponential_decay(lr0, epoch - 1, rate) / np.exp(rate)


# %% fit-without-helpers
# The loop written anew, without the other functions; the history is an array; prints on the way
def fit(loss_and_gradients, params, X, y, lr, epochs, batch_size, rng):
    params = {name: np.array(p, dtype=float) for name, p in params.items()}
    N = len(X)
    history = np.zeros(epochs)
    for epoch in range(epochs):
        order = rng.permutation(N)
        Xs, ys = X[order], y[order]
        for start in range(0, N, batch_size):
            X_b, y_b = Xs[start : start + batch_size], ys[start : start + batch_size]
            loss, grads = loss_and_gradients(params, X_b, y_b)
            history[epoch] += loss * len(X_b) / N
            for name in params:
                params[name] -= lr * grads[name]
        print(f"epoch {epoch}: {history[epoch]:.4f}")
    return params, history


# %% fit-with-the-optimizer
# fit hands copies to SGD; the history is a tuple
def fit(loss_and_gradients, params, X, y, lr, epochs, batch_size, rng):
    optimizer = SGD({name: np.array(p, dtype=float) for name, p in params.items()}, lr)

    def epoch():
        losses, sizes = [], []
        for X_b, y_b in iterate_minibatches(X, y, batch_size, rng):
            loss, grads = loss_and_gradients(optimizer.params, X_b, y_b)
            optimizer.step(grads)
            losses.append(loss)
            sizes.append(len(X_b))
        return np.average(losses, weights=sizes)

    history = tuple(epoch() for _ in range(epochs))
    return optimizer.params, history


# %% fit-as-a-list-of-two
# A list of two comes back; losses are collected row by row; the loss is asked for twice
def fit(loss_and_gradients, params, X, y, lr, epochs, batch_size, rng):
    per_row = []
    for _ in range(epochs):
        for X_b, y_b in list(iterate_minibatches(X, y, batch_size, rng)):
            per_row += [loss_and_gradients(params, X_b, y_b)[0]] * len(y_b)
            params = sgd_step(params, loss_and_gradients(params, X_b, y_b)[1], lr)
    history = np.array(per_row).reshape(epochs, len(X)).mean(axis=1)
    return [params, list(history)]


# %% fit-that-looks-at-the-whole
# The loss of all rows is worked out now and then, and thrown away
def fit(loss_and_gradients, params, X, y, lr, epochs, batch_size, rng):
    history = []
    for _ in range(epochs):
        loss_and_gradients(params, X, y)
        seen = [(0.0, 0)]
        for X_b, y_b in iterate_minibatches(X, y, batch_size, rng, shuffle=True):
            loss, grads = loss_and_gradients(params, X_b, y_b)
            params = sgd_step(params, grads, lr)
            seen.append((seen[-1][0] + loss * X_b.shape[0], seen[-1][1] + X_b.shape[0]))
        loss_and_gradients(params, X[:1], y[:1])
        history.append(seen[-1][0] / seen[-1][1])
    return params, history


# %% fit-on-row-numbers
# Batches of row numbers go through iterate_minibatches; the history has 0-d arrays; a class keeps the state
class Trainer:
    def __init__(self, ask, params, X, y, lr):
        self.ask, self.params, self.X, self.y, self.lr = ask, params, X, y, lr

    def epoch(self, batch_size, rng):
        total = np.array(0.0)
        for start in range(0, len(self.order(rng)), batch_size):
            rows = self.rows[start : start + batch_size]
            loss, grads = self.ask(self.params, self.X[rows], self.y[rows])
            self.params = {name: p - self.lr * grads[name] for name, p in self.params.items()}
            total += len(rows) * loss
        return total / len(self.y)

    def order(self, rng):
        self.rows = np.arange(len(self.y))
        rng.shuffle(self.rows)
        return self.rows


def fit(loss_and_gradients, params, X, y, lr, epochs, batch_size, rng):
    trainer = Trainer(loss_and_gradients, params, X, y, lr)
    history = [np.asarray(trainer.epoch(batch_size, rng)) for _ in range(epochs)]
    return trainer.params, history


# %% fit-with-everything-typed
# Type hints everywhere, keyword arguments inside, np.errstate, a main block
from typing import Any


def fit(
    loss_and_gradients: Any,
    params: dict[str, np.ndarray],
    X: np.ndarray,
    y: np.ndarray,
    lr: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], list[float]]:
    history: list[float] = []
    with np.errstate(all="ignore"):
        for _epoch in range(epochs):
            losses: dict[int, float] = {}
            batches = iterate_minibatches(X=X, y=y, batch_size=batch_size, rng=rng)
            for number, (X_b, y_b) in enumerate(batches):
                loss, grads = loss_and_gradients(params, X_b, y_b)
                losses[number] = float(loss) * len(X_b)
                params = sgd_step(params=params, grads=grads, lr=lr)
            history.append(sum(losses.values()) / len(X))
    return params, history


if __name__ == "__main__":
    print(step_decay(1.0, 20))


# %% digits-nearest-neighbours
# No network: the nearest of the training images; labels as they come from y
def train_classifier(X, y, n_classes, rng):
    squares = (X**2).sum(axis=1)

    def predict(images):
        return y[(squares - 2.0 * images @ X.T).argmin(axis=1)]

    return predict


# %% digits-with-momentum
# tanh, standardized pixels, momentum and weight decay; predict is a method of an object
class Network:
    def __init__(self, X, y, n_classes, rng, hidden=48):
        self.mean, self.spread = X.mean(axis=0), X.std(axis=0) + 1e-8
        features = X.shape[1]
        params = {
            "W1": rng.standard_normal((features, hidden)) / np.sqrt(features),
            "b1": np.zeros(hidden),
            "W2": rng.standard_normal((hidden, n_classes)) / np.sqrt(hidden),
            "b2": np.zeros(n_classes),
        }
        targets = np.eye(n_classes)[y]
        optimizer = SGD(params, 0.05, momentum=0.9, weight_decay=1e-3)
        self.params = optimizer.params
        for epoch in range(30):
            optimizer.lr = exponential_decay(0.05, epoch, 0.08)
            for X_b, rows in iterate_minibatches(X, np.arange(len(X)), 32, rng):
                optimizer.step(self.gradients(X_b, targets[rows]))

    def layers(self, X):
        h = np.tanh((X - self.mean) / self.spread @ self.params["W1"] + self.params["b1"])
        return h, h @ self.params["W2"] + self.params["b2"]

    def gradients(self, X, targets):
        h, logits = self.layers(X)
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        d = (p / p.sum(axis=1, keepdims=True) - targets) / len(X)
        dh = d @ self.params["W2"].T * (1.0 - h**2)
        x = (X - self.mean) / self.spread
        return {"W1": x.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}

    def __call__(self, X):
        return self.layers(X)[1].argmax(axis=1).astype(np.uint8)


def train_classifier(X, y, n_classes, rng):
    return Network(X, y, n_classes, rng)


# %% digits-with-fit
# A network trained by fit; labels come back as floats
def train_classifier(X, y, n_classes, rng):
    def layers(params, X):
        h = np.maximum(X / 16.0 @ params["W1"] + params["b1"], 0.0)
        return h, h @ params["W2"] + params["b2"]

    def loss_and_gradients(params, X, y):
        h, logits = layers(params, X)
        logits = logits - logits.max(axis=1, keepdims=True)
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        d = np.exp(log_p)
        d[np.arange(len(y)), y] -= 1.0
        d /= len(y)
        dh = d @ params["W2"].T * (h > 0)
        grads = {"b2": d.sum(axis=0), "W2": h.T @ d, "b1": dh.sum(axis=0), "W1": (X / 16.0).T @ dh}
        return -log_p[np.arange(len(y)), y].mean(), grads

    start = {
        "W1": rng.standard_normal((X.shape[1], 100)) * np.sqrt(2.0 / X.shape[1]),
        "b1": np.zeros(100),
        "W2": rng.standard_normal((100, n_classes)) * 0.1,
        "b2": np.zeros(n_classes),
    }
    trained, _ = fit(loss_and_gradients, start, X, y, 0.3, 30, 24, rng)
    return lambda images: layers(trained, images)[1].argmax(axis=1).astype(float)
