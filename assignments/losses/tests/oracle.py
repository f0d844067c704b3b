"""What the losses mean, spelt out. Slow, and meant to be read.

The first part works the losses out number by number. The second part has the same definitions as formulas of whole
arrays, which also take complex numbers: a gradient is found by a tiny imaginary step, without any calculus (Squire and
Trapp, 1998).
"""

import math

import numpy as np

# --- number by number -------------------------------------------------------------------------------------------------


def mean_squared_error(y_pred, y_true):
    """Average (y_pred - y_true)² over all elements."""
    return mean((a - b) ** 2 for a, b in pairs(y_pred, y_true))


def binary_cross_entropy(p, y, eps=1e-7):
    """Average -log p where the label is 1 and -log(1 - p) where it is 0, p kept between eps and 1 - eps."""
    return mean(-math.log(min(max(a if b == 1 else 1 - a, eps), 1 - eps)) for a, b in pairs(p, y))


def binary_cross_entropy_with_logits(z, y):
    """Average -log sigmoid(z) where the label is 1 and -log sigmoid(-z) where it is 0."""
    return mean(softplus(-a if b == 1 else a) for a, b in pairs(z, y))


def softmax(z):
    """Divide e^z by its sum over the row, with the row's largest logit taken off everywhere."""
    return by_row(lambda row: [math.exp(a - max(row)) / math.fsum(math.exp(b - max(row)) for b in row) for a in row], z)


def log_softmax(z):
    """Take off every logit the logarithm of the sum of e^z over its row."""
    return by_row(lambda row: [-log_sum_exp([b - a for b in row]) for a in row], z)


def categorical_cross_entropy(z, y_onehot):
    """Average over the rows -log of the probability of the class that is marked with a 1."""
    same_shape(z, y_onehot)
    return sparse_categorical_cross_entropy(z, np.array([list(row).index(1) for row in y_onehot.tolist()]))


def sparse_categorical_cross_entropy(z, labels):
    """Average over the rows -log of the probability of the class that the label names."""
    one_per_row(z, labels)
    rows = log_softmax(z).tolist()
    return mean(-row[label] for row, label in zip(rows, labels.tolist(), strict=True))


def softplus(a):
    """Work out log(1 + e^a) without overflow."""
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def log_sum_exp(row):
    """Work out the logarithm of the sum of e^a; the largest term is taken out, so that a tiny rest still counts."""
    first, *rest = sorted(row, reverse=True)
    return first + math.log1p(math.fsum(math.exp(a - first) for a in rest))


def pairs(first, second):
    """List the entries of two arrays side by side, as floats."""
    same_shape(first, second)
    return [(float(a), float(b)) for a, b in zip(first.flat, second.flat, strict=True)]


def same_shape(first, second):
    """Raise ValueError unless the shapes are equal."""
    if first.shape != second.shape:
        raise ValueError("the shapes differ")


def one_per_row(z, labels):
    """Raise ValueError unless there is one label per row."""
    if labels.shape != z.shape[:1]:
        raise ValueError("one label per row is due")


def mean(numbers):
    """Average numbers, summed without rounding."""
    numbers = list(numbers)
    return math.fsum(numbers) / len(numbers)


def by_row(function, z):
    """Apply a function of a list to every row."""
    return np.array([function(row) for row in np.asarray(z, dtype=np.float64).tolist()])


# --- as formulas of whole arrays --------------------------------------------------------------------------------------


def mean_squared_error_of(y_pred, y_true):
    """Average (y_pred - y_true)² over all elements."""
    same_shape(y_pred, y_true)
    return ((y_pred - y_true) ** 2).sum() / y_pred.size


def binary_cross_entropy_of(p, y):
    """Average the binary cross-entropy of probabilities, none of which is clipped."""
    same_shape(p, y)
    return -np.log(np.where(y == 1, p, 1 - p)).sum() / p.size


def binary_cross_entropy_with_logits_of(z, y):
    """Average log(1 + e^a) over all elements, a being -z where the label is 1 and z where it is 0."""
    same_shape(z, y)
    a = np.where(y == 1, -z, z)
    return (np.where(a.real > 0, a, 0) + np.log(1 + np.exp(np.where(a.real > 0, -a, a)))).sum() / a.size


def categorical_cross_entropy_of(z, y_onehot):
    """Average over the rows the logarithm of the sum of e^z less the logit that is marked with a 1."""
    same_shape(z, y_onehot)
    largest = z.real.max(axis=1, keepdims=True)
    total = np.log(np.exp(z - largest).sum(axis=1)) + largest[:, 0]
    return (total - (z * y_onehot).sum(axis=1)).sum() / len(z)


def sparse_categorical_cross_entropy_of(z, labels):
    """Average over the rows the logarithm of the sum of e^z less the logit that the label names."""
    one_per_row(z, labels)
    return categorical_cross_entropy_of(z, np.array([[c == label for c in range(z.shape[1])] for label in labels]))
