"""Mistakes that the bank of the losses assignment lacks on purpose: the diagnosis must not give them another's name."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% mse: cubed-error
# The third power of the error
def mean_squared_error(y_pred, y_true):
    return np.mean(np.abs(np.asarray(y_pred, float) - y_true) ** 3)


# %% mse: times-three
# Three times the loss
def mean_squared_error(y_pred, y_true):
    return 3.0 * np.mean((np.asarray(y_pred, float) - y_true) ** 2)


# %% mse: loss-negated
# The loss is negative
def mean_squared_error(y_pred, y_true):
    return -np.mean((np.asarray(y_pred, float) - y_true) ** 2)


# %% mse-backward: gradient-times-four
# Four times the gradient
def mean_squared_error_backward(y_pred, y_true):
    y_pred = np.asarray(y_pred, float)
    return 8.0 * (y_pred - y_true) / y_pred.size


# %% mse-backward: root-of-the-size
# Divided by the square root of the size
def mean_squared_error_backward(y_pred, y_true):
    y_pred = np.asarray(y_pred, float)
    return 2.0 * (y_pred - y_true) / np.sqrt(y_pred.size)


# %% bce: in-decibels
# Ten times the logarithm to the base 10
def binary_cross_entropy(p, y, eps=1e-7):
    p = np.clip(p, eps, 1 - eps)
    return -10 * np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))


# %% bce-with-logits-backward: logit-gradient-doubled
# Twice the gradient
def binary_cross_entropy_with_logits_backward(z, y):
    z = np.asarray(z, float)
    return 2 * (0.5 * (1 + np.tanh(z / 2)) - y) / z.size


# %% softmax: rows-transposed
# Rows and columns are exchanged at the end
def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return (e / np.sum(e, axis=1, keepdims=True)).T


# %% softmax: temperature-of-two
# A temperature of two
def softmax(z):
    z = np.asarray(z, float) / 2
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# %% softmax: percent
# Percent instead of shares
def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return 100 * e / np.sum(e, axis=1, keepdims=True)


# %% log-softmax: log-softmax-backwards
# The classes come in the wrong order
def log_softmax(z):
    s = z - np.max(z, axis=1, keepdims=True)
    return (s - np.log(np.sum(np.exp(s), axis=1, keepdims=True)))[:, ::-1]


# %% cce: times-the-classes
# Multiplied by the number of classes
def categorical_cross_entropy(z, y_onehot):
    return -np.sum(y_onehot * log_softmax(z)) / z.shape[0] * z.shape[1]


# %% cce-backward: divided-by-the-square
# Divided by the batch size twice
def categorical_cross_entropy_backward(z, y_onehot):
    return (softmax(z) - y_onehot) / z.shape[0] ** 2


# %% scce: off-by-one
# One is added to the loss
def sparse_categorical_cross_entropy(z, labels):
    return 1.0 - np.mean(log_softmax(z)[np.arange(len(labels)), labels])
