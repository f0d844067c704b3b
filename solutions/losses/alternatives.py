# ruff: noqa: PGH004
# ruff: noqa
"""Right answers in other styles: each cell goes after the reference and must earn full points."""

# %% plain-loops
# Nested Python loops and the math module, one number at a time
import math


def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    total = 0.0
    for a, b in zip(y_pred.ravel(), y_true.ravel()):
        total += (a - b) * (a - b)
    return total / y_pred.size


def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    result = np.zeros(y_pred.shape)
    for index in np.ndindex(*y_pred.shape):
        result[index] = 2 * (y_pred[index] - y_true[index]) / y_pred.size
    return result


def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    total = 0.0
    for a, b in zip(p.ravel(), y.ravel()):
        a = max(eps, min(1 - eps, a))
        total -= math.log(a) if b == 1 else math.log(1 - a)
    return total / p.size


def softmax(z):
    rows = []
    for row in z:
        largest = max(row)
        weights = [math.exp(a - largest) for a in row]
        total = sum(weights)
        rows.append([weight / total for weight in weights])
    return np.array(rows)


def log_softmax(z):
    result = np.empty(z.shape)
    for n in range(z.shape[0]):
        largest = max(z[n])
        total = math.log(sum(math.exp(a - largest) for a in z[n]))
        for c in range(z.shape[1]):
            result[n, c] = (z[n, c] - largest) - total
    return result


# %% python-floats
# Losses come back as Python floats
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return float(((y_pred - y_true) ** 2).mean())


def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    rows = log_softmax(z).tolist()
    return -sum(row[label] for row, label in zip(rows, labels.tolist())) / len(rows)


def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -sum(row[list(marks).index(1.0)] for row, marks in zip(log_softmax(z).tolist(), y_onehot)) / len(z)


# %% zero-dimensional-arrays
# Losses come back as 0-d arrays
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.asarray(np.mean(np.square(y_pred - y_true)))


def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = p.clip(eps, 1 - eps)
    return np.array(-np.log(np.where(y > 0.5, p, 1 - p)).mean())


def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    result = np.empty(())
    result[...] = np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
    return result


# %% dot-products-and-norms
# Sums of squares as dot products, sums by einsum
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    error = (y_pred - y_true).ravel()
    return error @ error / error.size


def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.einsum("nc,nc->", y_onehot, log_softmax(z)) / z.shape[0]


def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    # A row of the Jacobian of log softmax is a unit row less the probabilities.
    p, unit = softmax(z), np.eye(z.shape[1])
    return np.stack([(p[n] - unit[c]) / len(z) for n, c in enumerate(np.argmax(y_onehot, axis=1))])


# %% logaddexp
# NumPy's own logarithm of a sum of exponentials
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.logaddexp(0.0, np.where(y == 1, -z, z)))


def log_softmax(z):
    return z - np.logaddexp.reduce(z.astype(float), axis=1, keepdims=True)


def softmax(z):
    return np.exp(log_softmax(z))


# %% logaddexp-of-both
# The label's part is subtracted after the logarithm
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return (np.logaddexp(0, z) - z * y).mean()


# %% two-branches-by-mask
# Positive and negative logits are handled apart, each with the exponent that cannot overflow
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    loss = np.empty(z.shape)
    up = z > 0
    loss[up] = z[up] * (1 - y[up]) + np.log1p(np.exp(-z[up]))
    loss[~up] = -z[~up] * y[~up] + np.log1p(np.exp(z[~up]))
    return loss.mean()


def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    gradient = np.empty(z.shape)
    up = z >= 0
    gradient[up] = 1 / (1 + np.exp(-z[up])) - y[up]
    small = np.exp(z[~up])
    gradient[~up] = small / (1 + small) - y[~up]
    gradient /= z.size
    return gradient


# %% naive-sigmoid-is-right
# 1 / (1 + e^-z) overflows to infinity and comes out as 0, which is right; warnings do not count here
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    return (1 / (1 + np.exp(-z)) - y) / z.size


# %% log-instead-of-log1p
# log(1 + t) with t at most 1 is right to 1e-16, which is all that is asked for
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    margin = np.where(y == 1, z, -z)
    return np.mean(np.log(1 + np.exp(-np.abs(margin))) + np.maximum(-margin, 0))


# %% silenced-branches
# Both branches are worked out under errstate, and the right one is chosen
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    with np.errstate(over="ignore"):
        softplus = np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z)))
    return np.mean(softplus - z * y)


def softmax(z):
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


# %% through-two-classes
# The binary loss as a softmax over the logits 0 and z
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    both = np.stack([np.zeros(z.size), z.ravel()], axis=1)
    return -log_softmax(both)[np.arange(z.size), y.ravel().astype(int)].mean()


def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    both = np.stack([np.zeros(z.size), z.ravel()], axis=1)
    return (softmax(both)[:, 1].reshape(z.shape) - y) / z.size


# %% sparse-through-one-hot
# The sparse loss makes one-hot rows and asks the other one
def _one_hot(labels, shape):
    if labels.shape != shape[:1]:
        raise ValueError(f"{labels.shape} labels for {shape}")
    rows = np.zeros(shape)
    rows[np.arange(shape[0]), labels.astype(np.intp)] = 1
    return rows


def sparse_categorical_cross_entropy(z, labels):
    return categorical_cross_entropy(z, _one_hot(labels, z.shape))


def sparse_categorical_cross_entropy_backward(z, labels):
    return categorical_cross_entropy_backward(z, _one_hot(labels, z.shape))


# %% dense-through-labels
# The one-hot loss finds the labels and asks the sparse one
def categorical_cross_entropy(z, y_onehot):
    if z.shape != y_onehot.shape:
        raise ValueError("shapes differ")
    return sparse_categorical_cross_entropy(z, np.argmax(y_onehot, axis=1))


def categorical_cross_entropy_backward(z, y_onehot):
    if z.shape != y_onehot.shape:
        raise ValueError("shapes differ")
    return sparse_categorical_cross_entropy_backward(z, y_onehot.argmax(1))


# %% picked-by-take-along-axis
# take_along_axis and put_along_axis
def sparse_categorical_cross_entropy(z, labels):
    if np.shape(labels) != (len(z),):
        raise ValueError("one label per row")
    return -np.take_along_axis(log_softmax(z), labels.astype(np.int64)[:, None], axis=1).mean()


def sparse_categorical_cross_entropy_backward(z, labels):
    if np.shape(labels) != (len(z),):
        raise ValueError("one label per row")
    p = softmax(z)
    where = labels.astype(np.int64)[:, np.newaxis]
    np.put_along_axis(p, where, np.take_along_axis(p, where, axis=1) - 1, axis=1)
    return p / len(z)


# %% compared-with-a-range
# One-hot rows as a comparison of labels with 0 to C - 1
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    right = labels[:, None] == np.arange(z.shape[1])
    return -log_softmax(z)[right].mean()


def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    return (softmax(z) - (labels[:, None] == np.arange(z.shape[1]))) / z.shape[0]


# %% lists-converted
# Arguments become lists and arrays again; shapes are compared as tuples
def mean_squared_error(y_pred, y_true):
    if tuple(np.shape(y_pred)) != tuple(np.shape(y_true)):
        raise ValueError
    flat = [(float(a) - float(b)) ** 2 for a, b in zip(np.ravel(y_pred).tolist(), np.ravel(y_true).tolist())]
    return sum(flat) / len(flat)


def binary_cross_entropy_backward(p, y, eps=1e-7):
    if p.shape != y.shape:
        raise ValueError(p.shape, y.shape)
    flat = [(-1 / a if b == 1 else 1 / (1 - a)) / p.size for a, b in zip(p.ravel().tolist(), y.ravel().tolist())]
    return np.array(flat).reshape(p.shape)


# %% vectorized-scalar-functions
# np.vectorize over functions of numbers
import math


@np.vectorize
def _loss(z, y):
    margin = z if y == 1 else -z
    return math.log1p(math.exp(-margin)) if margin > 0 else -margin + math.log1p(math.exp(margin))


@np.vectorize
def _slope(z, y):
    s = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
    return s - y


def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return _loss(z, y).mean()


def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    return _slope(z, y) / z.size


# %% gradients-by-cases
# Each label has its own slope
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return np.where(y == 1, -1 / np.maximum(p, eps), 1 / np.maximum(1 - p, eps)) / p.size


def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    right = np.where(y == 1, p, 1 - p)
    return -np.mean(np.log(np.minimum(np.maximum(right, eps), 1 - eps)))


# %% zero-outside
# The gradient is 0 where the probability was clipped
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    inside = (p > eps) & (p < 1 - eps)
    gradient = np.zeros(p.shape)
    gradient[inside] = ((1 - y) / (1 - p + ~inside) - y / (p + ~inside))[inside]
    return gradient / p.size


# %% clipping-by-copy
# An in-place clip on a copy, and xlogy by hand
def binary_cross_entropy(p, y, eps=1e-7):
    if p.shape != y.shape:
        raise ValueError("shapes differ")
    q = p.astype(np.float64, copy=True)
    q[q < eps] = eps
    q[q > 1 - eps] = 1 - eps
    return -(np.log(q[y == 1]).sum() + np.log1p(-q[y == 0]).sum()) / q.size


# %% in-place-on-copies
# Every step writes into an array of the function's own
def softmax(z):
    e = np.array(z, dtype=float)
    e -= e.max(axis=1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=1, keepdims=True)
    return e


def mean_squared_error_backward(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    gradient = np.array(y_pred, dtype=float)
    gradient -= y_true
    gradient *= 2
    gradient /= gradient.size
    return gradient


# %% transposed
# Classes first, inside
def softmax(z):
    e = np.exp(z.T - z.T.max(axis=0))
    return (e / e.sum(axis=0)).T


def log_softmax(z):
    t = z.T.astype(float)
    t = t - t.max(axis=0)
    return (t - np.log(np.exp(t).sum(axis=0))).T


# %% row-functions
# apply_along_axis, a recursive sum, a generator of rows
def softmax(z):
    def of_row(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(of_row, 1, np.asarray(z, dtype=float))


def log_softmax(z):
    def total(terms):
        return terms[0] + total(terms[1:]) if len(terms) > 1 else terms[0]

    def rows():
        for row in z:
            shifted = row - row.max()
            yield shifted - np.log(total(np.exp(shifted)))

    return np.vstack(list(rows()))


# %% differences-to-every-class
# The probability of a class from its differences to all others
def softmax(z):
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[:, None, :] - z[:, :, None].astype(float)).sum(axis=2)


# %% a-class-of-losses
# Functions are bound methods of one object, which keeps what it likes
class _Losses:
    __slots__ = ("calls",)

    def __init__(self):
        self.calls = 0

    def forward(self, y_pred, y_true):
        self.calls += 1
        y_pred, y_true = _matched(y_pred, y_true)
        return np.mean((y_pred - y_true) ** 2)

    def backward(self, y_pred, y_true):
        self.calls += 1
        y_pred, y_true = _matched(y_pred, y_true)
        return (y_pred - y_true) * (2 / y_pred.size)


_losses = _Losses()
mean_squared_error = _losses.forward
mean_squared_error_backward = _losses.backward


# %% decorated
# A decorator checks the shapes and converts the arrays
from functools import wraps


class MismatchError(ValueError):
    """Predictions and targets of different shapes."""


def same_shape(function):
    @wraps(function)
    def checked(first, second, *args, **kwargs):
        if np.shape(first) != np.shape(second):
            raise MismatchError(np.shape(first), np.shape(second))
        return function(np.array(first, dtype=float), np.array(second, dtype=float), *args, **kwargs)

    return checked


@same_shape
def binary_cross_entropy(p, y, eps=1e-7):
    p = np.clip(p, eps, 1 - eps)
    return np.average(-np.log(p) * y - np.log1p(-p) * (1 - y))


@same_shape
def categorical_cross_entropy(z, y_onehot):
    return np.mean(-log_softmax(z)[y_onehot == 1])


@same_shape
def categorical_cross_entropy_backward(z, y_onehot):
    p = softmax(z)
    p -= y_onehot
    p /= len(p)
    return p


# %% lambdas
# Functions as lambdas over the reference's helpers
mean_squared_error = lambda a, b: np.var(np.subtract(*_matched(a, b))) + np.mean(np.subtract(*_matched(a, b))) ** 2
mean_squared_error_backward = lambda a, b: np.subtract(*_matched(a, b)) / (np.size(a) / 2)
softmax = lambda z: np.exp(log_softmax(z))


# %% names-that-shadow
# Parameters and locals named like builtins
def log_softmax(z):
    max, sum = np.max, np.sum
    z = np.array(z, dtype=np.float64)
    abs = z - max(z, axis=1, keepdims=True)
    return abs - np.log(sum(np.exp(abs), axis=1, keepdims=True))


def sparse_categorical_cross_entropy_backward(z, labels):
    len, range = labels.shape, np.arange(labels.size)
    if len != (z.shape[0],):
        raise ValueError(len)
    float = softmax(z) / z.shape[0]
    float[range, labels] -= 1 / z.shape[0]
    return float


# %% prints-while-computing
# Notes to self on the way, and a trial at the bottom
def softmax(z):
    print("softmax of", z.shape)
    e = np.exp(z - z.max(axis=1)[:, None])
    print("sums", e.sum(axis=1)[:3])
    return e / e.sum(axis=1)[:, None]


if __name__ == "__main__":
    print(softmax(np.zeros((2, 3))))


# %% long-double
# More digits inside than outside
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    wide = z.astype(np.longdouble)
    return float(np.mean(np.maximum(wide, 0) - wide * y + np.log1p(np.exp(-np.abs(wide)))))


def log_softmax(z):
    wide = z.astype(np.longdouble)
    wide = wide - wide.max(axis=1, keepdims=True)
    return (wide - np.log(np.exp(wide).sum(axis=1, keepdims=True))).astype(np.float64)


# %% typed-and-keyword-only
# Type hints everywhere, keyword-only helpers
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _sigmoid(*, of: Floats) -> Floats:
    small: Floats = np.exp(-np.abs(of))
    return np.where(of >= 0, 1.0, small) / (1.0 + small)


def binary_cross_entropy_with_logits_backward(z: Floats, y: Floats) -> Floats:
    z, y = _matched(z, y)
    result: Floats = (_sigmoid(of=z) - y) / float(z.size)
    return result
