"""What the training functions must do, spelt out number by number. Slow, and meant to be read."""

import math

import numpy as np


def sgd_step(params, grads, lr):
    """Every entry of every array moves by -lr times its own gradient."""
    return {name: _entry_by_entry(lambda p, g: p - lr * g, params[name], grads[name]) for name in params}


def iterate_minibatches(X, y, batch_size, rng, shuffle=True):  # noqa: FBT002 - the contract's signature
    """The rows in an order of their own (or, without `shuffle`, as they come), cut into pieces of `batch_size`."""
    rows = list(range(len(X)))
    if shuffle:
        waiting, rows = rows, []
        while waiting:  # each of those still waiting is as likely to be next
            rows.append(waiting.pop(int(rng.integers(len(waiting)))))
    batches = []
    while rows:
        batch, rows = rows[:batch_size], rows[batch_size:]
        batches.append((np.array([X[row] for row in batch]), np.array([y[row] for row in batch])))
    return batches


def sgd_path(params, steps, momentum=0.0, weight_decay=0.0):
    """The parameters after each of `steps`, which are pairs of a learning rate and gradients.

    Entry by entry, with v = 0 at first: g = grad + weight_decay * p, then v = momentum * v + g, then p = p - lr * v.
    """
    path = []
    velocity = {name: np.zeros(np.shape(p)) for name, p in params.items()}
    for lr, grads in steps:
        for name in params:
            g = _entry_by_entry(lambda p, grad: grad + weight_decay * p, params[name], grads[name])
            velocity[name] = _entry_by_entry(lambda v, g: momentum * v + g, velocity[name], g)
        params = {name: _entry_by_entry(lambda p, v: p - lr * v, p, velocity[name]) for name, p in params.items()}  # noqa: B023
        path.append(params)
    return path


def step_decay(lr0, epoch, drop=0.5, every=10):
    """`lr0`, multiplied by `drop` once for every `every` epochs that are over."""
    lr = float(lr0)
    for done in range(1, epoch + 1):
        if done % every == 0:
            lr *= drop
    return lr


def exponential_decay(lr0, epoch, rate):
    """lr0 * e^(-rate * epoch)."""
    return lr0 * math.exp(-rate * epoch)


def bowl(params, X, y):
    """A loss to train on, and its gradients: half the mean squared distance of `w` from the rows and of `b` from y.

    Its lowest point is known: w is the mean of the rows, b the mean of the labels.
    """
    n = len(X)
    away = [np.asarray(params["w"], float) - X[i] for i in range(n)]
    aside = [np.asarray(params["b"], float) - y[i] for i in range(n)]
    loss = sum(math.fsum(a**2) for a in away) / (2 * n) + sum(math.fsum(a**2) for a in aside) / (2 * n)
    return loss, {"w": sum(away) / n, "b": sum(aside) / n}


def line(params, X, y):
    """Another: the mean squared distance of X @ w + b from y, and its gradients; 0 where all points lie on the line."""
    off = X @ params["w"] + params["b"] - y
    return float((off**2).mean()), {"b": np.array([2 * off.mean()]), "w": 2 * (X.T @ off) / len(X)}


def fit_whole(loss_and_gradients, params, X, y, lr, epochs):
    """Training when all rows are in one batch, where their order means nothing."""
    history = []
    for _ in range(epochs):
        loss, grads = loss_and_gradients(params, X, y)
        history.append(loss)
        params = sgd_step(params, grads, lr)
    return params, history


def _entry_by_entry(formula, *arrays):
    """The formula applied to the entries that stand at the same place."""
    entries = zip(*(np.ravel(array).tolist() for array in arrays), strict=True)
    return np.array([formula(*map(float, group)) for group in entries]).reshape(np.shape(arrays[0]))
