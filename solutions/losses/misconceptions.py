# ruff: noqa: PGH004
# ruff: noqa
"""Mistakes that people make in the losses: each cell goes after the reference and overrides a part of it."""


# %% mse: mse-sum-for-mean
# The sum instead of the mean
# Twice as many examples with the same errors: should the loss double?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sum((y_pred - y_true) ** 2)


# %% mse: mse-mean-over-rows
# Only the rows are counted
# A prediction of D numbers has D errors. By how many numbers does the mean divide?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)


# %% mse: mse-halved
# Half of the mean
# Some books put a 1/2 in front, to make the gradient shorter. This course does not.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 0.5 * np.mean((y_pred - y_true) ** 2)


# %% mse: mse-root
# The root of the mean
# The root of the mean squared error is another measure. What is the loss of an error of 2?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sqrt(np.mean((y_pred - y_true) ** 2))


# %% mse: mse-absolute
# Absolute errors
# Squaring makes an error of 2 cost four times as much as an error of 1.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean(np.abs(y_pred - y_true))


# %% mse: mse-square-of-mean
# The mean is squared, not the errors
# Errors of 1 and -1 cancel here. Which comes first, the square or the mean?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean(y_pred - y_true) ** 2


# %% mse: mse-per-row
# A loss for every row
# A loss is one number for the whole batch. Over which axes does the mean go?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean((y_pred - y_true) ** 2, axis=-1)


# %% mse: mse-broadcast
# Shapes are not compared
# (N,) minus (N, 1) is an N by N table: every prediction against every target. Compare the shapes first.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    return np.mean((np.asarray(y_pred, dtype=float) - y_true) ** 2)


# %% mse: mse-sizes-compared
# Sizes are compared instead of shapes
# (2, 3) and (3, 2) have as many entries, and so have (N,) and (N, 1). Do they match?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    if np.size(y_pred) != np.size(y_true):
        raise ValueError("sizes differ")
    return np.mean((np.ravel(y_pred).astype(float) - np.ravel(y_true)) ** 2)


# %% mse: mse-lengths-compared
# Only the lengths are compared
# `len` looks at the first dimension. What about the others?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    if len(y_pred) != len(y_true):
        raise ValueError("lengths differ")
    return np.mean((np.asarray(y_pred, dtype=float) - y_true) ** 2)


# %% mse: mse-assertion
# An assertion instead of a ValueError
# Assertions are for what can never happen; a caller's mistake has an exception of its own.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    assert y_pred.shape == y_true.shape
    return np.mean((y_pred.astype(float) - y_true) ** 2)


# %% mse: mse-integer-overflow
# Whole numbers overflow
# The square of four billion does not fit into an int64. When do your numbers become floats?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    return np.mean((y_pred - y_true) ** 2)


# %% mse: mse-whole-division
# Whole division
# What is 1 // 2? The mean of whole numbers need not be whole.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    squares = (y_pred.astype(float) - y_true) ** 2
    if y_pred.dtype.kind == "i":
        return squares.sum() // squares.size
    return squares.mean()


# %% mse: mse-memory-order
# Entries are paired by their place in memory
# A transposed array lies in memory in another order. Pair entries by index.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean((y_pred.ravel(order="K") - y_true.ravel(order="K")) ** 2)


# %% mse: mse-in-place
# The predictions are overwritten
# The caller needs the predictions again. Does `-=` make a new array?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    if y_pred.dtype.kind == "f":
        y_pred -= y_true
        return np.mean(y_pred**2)
    return np.mean((y_pred - y_true.astype(float)) ** 2)


# %% mse: mse-single-precision
# Single precision inside
# Seven digits are not nine. In which type are the differences worked out?
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean((y_pred.astype(np.float32) - y_true.astype(np.float32)) ** 2)


# %% mse: mse-by-moments
# Squares are subtracted in the end
# E[a²] - 2 E[ab] + E[b²] is right on paper. Try predictions of 10,000 that are off by 0.001.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.mean(y_pred**2) - 2 * np.mean(y_pred * y_true) + np.mean(y_true**2)


# %% mse: mse-sample-variance
# One less in the denominator
# N - 1 belongs to the variance of a sample. Try two predictions.
# see: losses.ipynb#squared-error
def mean_squared_error(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sum((y_pred - y_true) ** 2) / max(y_pred.size - 1, 1)


# %% mse-backward: mse-backward-two-forgotten
# The 2 of the square is lost
# What is the slope of e² at e = 3?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return (y_pred - y_true) / y_pred.size


# %% mse-backward: mse-backward-sign
# The sign is turned
# If the prediction is too large, does the loss rise or fall when the prediction rises?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * (y_true - y_pred) / y_pred.size


# %% mse-backward: mse-backward-count-forgotten
# The mean is forgotten
# The loss is a mean. By what does the slope of one of its terms have to be divided?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * (y_pred - y_true)


# %% mse-backward: mse-backward-rows-for-elements
# Divided by the rows only
# The loss divides by all elements. So does its gradient.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * (y_pred - y_true) / len(y_pred)


# %% mse-backward: mse-backward-columns-for-elements
# Divided by the last dimension only
# The loss divides by all elements. So does its gradient.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * (y_pred - y_true) / y_pred.shape[-1]


# %% mse-backward: mse-backward-tables-only
# Only two dimensions are counted
# Predictions may have one dimension, or four. Which attribute of an array counts all of its elements?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    columns = y_pred.shape[1] if y_pred.ndim > 1 else 1
    return 2.0 * (y_pred - y_true) / (y_pred.shape[0] * columns)


# %% mse-backward: mse-backward-absolute
# The size of the error without its direction
# A gradient has a direction: up or down. Where does your sign go?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * np.abs(y_pred - y_true) / y_pred.size


# %% mse-backward: mse-backward-direction-only
# The direction of the error without its size
# That is the gradient of the absolute error.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sign(y_pred - y_true) / y_pred.size


# %% mse-backward: mse-backward-times-loss
# The loss is multiplied in
# A loss's backward has no upstream gradient: it is 1.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return 2.0 * (y_pred - y_true) / y_pred.size * np.mean((y_pred - y_true) ** 2)


# %% mse-backward: mse-backward-summed
# One number instead of one per prediction
# The loss changes with each prediction. What shape has the gradient?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    return np.sum(2.0 * (y_pred - y_true)) / y_pred.size


# %% mse-backward: mse-backward-broadcast
# Shapes are not compared
# The gradient of (N,) predictions cannot be an N by N table. Compare the shapes first.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    return 2.0 * (y_pred - y_true) / np.size(y_pred)


# %% mse-backward: mse-backward-reshaped
# The targets are bent into shape
# A target that does not fit is a mistake of the caller's, to be told and not to be mended.
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    return 2.0 * (y_pred.astype(float) - np.reshape(y_true, y_pred.shape)) / y_pred.size


# %% mse-backward: mse-backward-in-place
# The predictions are overwritten
# The caller needs the predictions again. Does `-=` make a new array?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    if y_pred.dtype.kind == "f":
        y_pred -= y_true
        return 2.0 * y_pred / y_pred.size
    return 2.0 * (y_pred - y_true.astype(float)) / y_pred.size


# %% mse-backward: mse-backward-cut-to-integer
# The result has the type of the input
# `zeros_like` of an array of ints holds ints. What becomes of a slope of 0.5?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    a, b = _matched(y_pred, y_true)
    gradient = np.zeros_like(y_pred)
    gradient[...] = 2.0 * (a - b) / a.size
    return gradient


# %% mse-backward: mse-backward-coarse-differences
# A one-sided difference
# The slope between e and e + h is not the slope at e. By how much is it off for a square?
# see: losses.ipynb#squared-error
def mean_squared_error_backward(y_pred, y_true):
    y_pred, y_true = _matched(y_pred, y_true)
    gradient = np.zeros(y_pred.shape)
    for index in np.ndindex(y_pred.shape):
        moved = y_pred.copy()
        moved[index] += 1e-3
        gradient[index] = (mean_squared_error(moved, y_true) - mean_squared_error(y_pred, y_true)) / 1e-3
    return gradient


# %% bce: bce-sign
# The sign is turned
# Logarithms of probabilities are negative. A loss is not.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-positives-only
# Only the ones are counted
# What does a label of 0 cost when the probability is 0.9?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p))


# %% bce: bce-labels-swapped
# The labels are swapped
# A label of 1 with a probability near 1 should cost next to nothing.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))


# %% bce: bce-sum-for-mean
# The sum instead of the mean
# Twice as many examples of the same kind: should the loss double?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-mean-over-rows
# Only the rows are counted
# The mean goes over all elements. By how many numbers do you divide?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(p)


# %% bce: bce-base-two
# Logarithms to the base 2
# Bits are another unit. What does a probability of 0.5 cost?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


# %% bce: bce-base-ten
# Logarithms to the base 10
# What does a probability of 0.5 cost? It should be log 2 = 0.693.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))


# %% bce: bce-not-clipped
# Nothing is clipped
# What is the logarithm of 0, and what is 0 times that?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    with np.errstate(all="ignore"):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-eps-added
# eps is added instead of clipping
# With eps = 0.1, what does a probability of 0.5 cost? Clipping leaves it alone.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


# %% bce: bce-clipped-below-only
# Clipped at one end only
# What does a probability of 1 cost when the label is 0?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.maximum(p, eps)
    with np.errstate(all="ignore"):
        return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


# %% bce: bce-eps-ignored
# eps is fixed
# Call it with eps = 0.1 and a probability of 0.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-other-default
# Another default for eps
# What does a probability of 0 cost when the label is 1 and nothing is said of eps?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-12):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-log-clipped
# The logarithm is clipped, not the probability
# Which number is smallest for a probability of 0: log(eps), or your bound?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    with np.errstate(all="ignore"):
        return -np.mean(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log(1 - p), -100))


# %% bce: bce-clipped-in-place
# The probabilities are clipped in the caller's array
# Who else looks at that array? `out=` writes where it is told to.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    if p.shape != y.shape:
        raise ValueError("shapes differ")
    if p.dtype.kind == "f":
        np.clip(p, eps, 1 - eps, out=p)
    q = np.clip(p.astype(float), eps, 1 - eps)
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


# %% bce: bce-sigmoid-inside
# A sigmoid is applied first
# p is a probability already. The version with logits is another exercise.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(1 / (1 + np.exp(-p)), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-broadcast
# Shapes are not compared
# (N,) and (N, 1) broadcast to an N by N table. Compare the shapes first.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p = np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-per-column
# A loss for every column
# A loss is one number for the whole batch. Over which axes does the mean go?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=0)


# %% bce: bce-rounded-to-labels
# Probabilities are rounded first
# A probability of 0.51 and one of 0.99 are both right for the label 1. Do they cost the same?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(np.round(p), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce: bce-integer-probabilities
# The type of the probabilities is kept
# 0 and 1 may come as ints. What is 0.0000001 as an int?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy(p, y, eps=1e-7):
    if p.shape != y.shape:
        raise ValueError("shapes differ")
    q = np.clip(p, eps, 1 - eps).astype(p.dtype)
    with np.errstate(all="ignore"):
        return -np.mean(np.where(y == 1, np.log(q), np.log(1 - q)))


# %% bce-backward: bce-backward-logit-gradient
# The gradient for the logits
# p - y is what is left after the sigmoid's slope has been multiplied in. Here p itself is the argument.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (p - y) / p.size


# %% bce-backward: bce-backward-sign
# The sign is turned
# For the label 1, does the loss rise or fall when the probability rises?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (y - p) / (p * (1 - p)) / p.size


# %% bce-backward: bce-backward-count-forgotten
# The mean is forgotten
# The loss is a mean. By what does the slope of one of its terms have to be divided?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (p - y) / (p * (1 - p))


# %% bce-backward: bce-backward-rows-for-elements
# Divided by the rows only
# The loss divides by all elements. So does its gradient.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (p - y) / (p * (1 - p)) / len(p)


# %% bce-backward: bce-backward-positives-only
# Only the ones are counted
# The slope of -log(1 - p) is not 0.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return -y / p / p.size


# %% bce-backward: bce-backward-inner-sign
# The inner derivative's sign is lost
# What is the slope of 1 - p? It belongs into the slope of log(1 - p).
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return -(y / p + (1 - y) / (1 - p)) / p.size


# %% bce-backward: bce-backward-eps-in-denominator
# eps is added to the denominator
# With eps = 0.1 and p = 0.5 the slope changes by a third. Inside the interval eps plays no part.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (p - y) / (p * (1 - p) + eps) / p.size


# %% bce-backward: bce-backward-product-forgotten
# Divided by one factor only
# The slope at p = 0.5 for the label 1 is -2. And for the label 0?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (p - y) / p / p.size


# %% bce-backward: bce-backward-wide-clipping
# Clipped far inside the interval
# At p = 0.0001 the slope is 10,000. How large can yours get?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    p = np.clip(p, 0.01, 0.99)
    return (p - y) / (p * (1 - p)) / p.size


# %% bce-backward: bce-backward-gradient-clipped
# The gradient is clipped
# Large slopes near 0 and 1 are part of this loss. A gradient that is cut is not the loss's.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return np.clip((p - y) / (p * (1 - p)) / p.size, -100, 100)


# %% bce-backward: bce-backward-broadcast
# Shapes are not compared
# The gradient of (N,) probabilities cannot be an N by N table. Compare the shapes first.
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    return (p - y) / (p * (1 - p)) / p.size


# %% bce-backward: bce-backward-eps-renamed
# A parameter has another name
# A caller may write eps=0.01. What does Python say when no parameter is called so?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, epsilon=1e-7):
    p, y = _matched(p, y)
    return (p - y) / (p * (1.0 - p)) / p.size


# %% bce-backward: bce-backward-in-place
# The probabilities are overwritten
# The caller needs the probabilities again. Does `-=` make a new array?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    if p.shape != y.shape:
        raise ValueError("shapes differ")
    slope = p * (1 - p)
    p -= y
    return p / slope / p.size


# %% bce-backward: bce-backward-gradient-for-labels
# The gradient for the labels
# There are two arguments. For which one is the slope asked?
# see: losses.ipynb#binary-cross-entropy
def binary_cross_entropy_backward(p, y, eps=1e-7):
    p, y = _matched(p, y)
    return (np.log(1 - p) - np.log(p)) / p.size


# %% bce-with-logits: bce-with-logits-through-probabilities
# Through clipped probabilities
# At a logit of -1000 the loss for the label 1 is 1000. What does clipping make of it?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    p = np.clip(0.5 * (1 + np.tanh(z / 2)), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% bce-with-logits: bce-with-logits-naive-exponential
# e^z overflows
# What is e^1000 in float64? No exponent needs to be positive.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.log(1 + np.exp(z)) - y * z)


# %% bce-with-logits: bce-with-logits-silenced-overflow
# The overflow is silenced, not avoided
# Without the warning, infinity is still infinity. What should the loss be at a logit of 1000?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean(np.log1p(np.exp(z)) - y * z)


# %% bce-with-logits: bce-with-logits-chosen-too-late
# Both branches are worked out
# `np.where` chooses between two results that are there already, with the overflow of the wrong one.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z))) - z * y)


# %% bce-with-logits: bce-with-logits-sigmoid-of-extremes
# The logarithm of a probability that is 0
# At a logit of 800, 1 - sigmoid is 0 in float64, and its logarithm is not finite.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    p = 0.5 * (1 + np.tanh(z / 2))
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


# %% bce-with-logits: bce-with-logits-logits-clipped
# The logits are clipped
# A logit of 10,000 for the wrong label costs 10,000.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    z = np.clip(z, -500, 500)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


# %% bce-with-logits: bce-with-logits-sign-of-product
# The label's term has the wrong sign
# A large logit for the label 1 should cost next to nothing.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


# %% bce-with-logits: bce-with-logits-maximum-forgotten
# The part before the logarithm is forgotten
# What does a logit of 50 cost when the label is 0?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0) * y)


# %% bce-with-logits: bce-with-logits-labels-swapped
# The labels are swapped
# A large logit means: surely 1. Which label should that be cheap for?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.maximum(z, 0) - z * (1 - y) + np.log1p(np.exp(-np.abs(z))))


# %% bce-with-logits: bce-with-logits-sum-for-mean
# The sum instead of the mean
# Twice as many examples of the same kind: should the loss double?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


# %% bce-with-logits: bce-with-logits-mean-over-rows
# Only the rows are counted
# The mean goes over all elements. By how many numbers do you divide?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))) / len(z)


# %% bce-with-logits: bce-with-logits-small-part-dropped
# The logarithm is dropped too early
# At a logit of 20 the logarithm is 2e-9. Does the contract allow to leave it out?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    rest = np.where(np.abs(z) > 15, 0.0, np.log1p(np.exp(-np.abs(z))))
    return np.mean(np.maximum(z, 0) - z * y + rest)


# %% bce-with-logits: bce-with-logits-small-part-cut-off
# The curve is cut off too early
# Beyond z = 25 the loss of a right answer is e^-25, not 0. How much is that against 1e-12?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    margin = np.where(y == 1, -z, z)
    return np.mean(np.maximum(margin, 0) + np.where(np.abs(margin) > 25, 0, np.log1p(np.exp(-np.abs(margin)))))


# %% bce-with-logits: bce-with-logits-eps-inside
# eps inside the logarithm
# An eps of 1e-7 in every term is an error of 1e-7 in the loss. Is anything here ever 0?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(np.maximum(z, 0) - z * y + np.log(1 + np.exp(-np.abs(z)) + 1e-7))


# %% bce-with-logits: bce-with-logits-single-precision
# Single precision inside
# Seven digits are not twelve. In which type is the logarithm worked out?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    t = np.exp(-np.abs(z)).astype(np.float32)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(t).astype(float))


# %% bce-with-logits: bce-with-logits-broadcast
# Shapes are not compared
# (N,) and (N, 1) broadcast to an N by N table. Compare the shapes first.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z = np.asarray(z, dtype=float)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


# %% bce-with-logits: bce-with-logits-right-for-one-sign
# Right only for positive logits
# What is your exponent when the logit is -1000?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits(z, y):
    z, y = _matched(z, y)
    return np.mean(z * (1 - y) + np.log1p(np.exp(-z)))


# %% bce-with-logits-backward: bce-with-logits-backward-sign
# The sign is turned
# For the label 1, does the loss rise or fall when the logit rises?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(z / 2))
    return (y - s) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-count-forgotten
# The mean is forgotten
# The loss is a mean. By what does the slope of one of its terms have to be divided?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(z / 2))
    return s - y


# %% bce-with-logits-backward: bce-with-logits-backward-rows-for-elements
# Divided by the rows only
# The loss divides by all elements. So does its gradient.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(z / 2))
    return (s - y) / len(z)


# %% bce-with-logits-backward: bce-with-logits-backward-slope-twice
# The sigmoid's slope is multiplied in
# Follow the chain: the slope of the loss for p has p (1 - p) below, the slope of p for z is p (1 - p). What is left?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(z / 2))
    return (s - y) * s * (1 - s) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-probability-gradient
# The gradient for the probability
# The argument is the logit. One more step of the chain rule leads there.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = np.clip(0.5 * (1 + np.tanh(z / 2)), 1e-7, 1 - 1e-7)
    return (s - y) / (s * (1 - s)) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-sigmoid-forgotten
# Logits are taken for probabilities
# z is any number. What has to be subtracted from the label?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    return (z - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-naive-exponential
# Infinity over infinity
# What is e^1000 in float64, and that number divided by itself plus 1?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    with np.errstate(all="ignore"):
        s = np.exp(z) / (1 + np.exp(z))
    return (s - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-logits-clipped
# The logits are clipped too closely
# At a logit of 10 the slope is 0.99995. Is 6 the same?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(np.clip(z, -6, 6) / 2))
    return (s - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-decided
# Probabilities are rounded first
# A gradient that knows only right and wrong is the perceptron's. How sure was the model?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    return ((z > 0) - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-broadcast
# Shapes are not compared
# The gradient of (N,) logits cannot be an N by N table. Compare the shapes first.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    return (0.5 * (1 + np.tanh(np.asarray(z, dtype=float) / 2)) - y) / np.size(z)


# %% bce-with-logits-backward: bce-with-logits-backward-zero-when-sure
# Sure answers get no gradient
# A sure answer may be wrong. What is the slope at a logit of 1000 for the label 0?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    s = 0.5 * (1 + np.tanh(z / 2))
    return np.where(np.abs(z) > 500, 0.0, s - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-in-place
# The result is written into the logits
# The caller needs the logits again. Which array does `out=` write to?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    if z.shape != y.shape:
        raise ValueError("shapes differ")
    if z.dtype.kind != "f":
        z = z.astype(float)
    np.tanh(0.5 * z, out=z)
    return (0.5 * (1 + z) - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-single-precision
# Single precision inside
# Seven digits are not nine. In which type is the sigmoid worked out?
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    sigmoid = 0.5 * (1.0 + np.tanh(0.5 * z.astype(np.float32)))
    return (sigmoid - y) / z.size


# %% bce-with-logits-backward: bce-with-logits-backward-tanh-for-sigmoid
# tanh instead of the sigmoid
# tanh runs from -1 to 1, a probability from 0 to 1.
# see: losses.ipynb#logits
def binary_cross_entropy_with_logits_backward(z, y):
    z, y = _matched(z, y)
    return (np.tanh(z) - y) / z.size


# %% softmax: softmax-naive
# e^z overflows
# What is e^1000 in float64? What changes when a number is subtracted from the whole row?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-global-maximum
# The largest logit of all rows is subtracted
# A row far below the largest logit becomes all zeros, and 0 / 0. Which maximum does a row need?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-mean-subtracted
# The mean is subtracted instead of the maximum
# A logit of 10,000 in a row of small ones is still large after that.
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-wrong-axis
# Columns sum to 1
# Each row is an example. Along which axis do its probabilities lie?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


# %% softmax: softmax-sum-over-everything
# The whole table sums to 1
# Each row is an example of its own. What does each row sum to?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


# %% softmax: softmax-dimension-lost
# Sums are lined up with columns
# A sum over rows has shape (N,), and broadcasting lines that up with the columns. Which argument keeps the axis?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


# %% softmax: softmax-absolute-maximum
# The largest absolute value is subtracted
# Try a row of large negative logits: what is left of it?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - np.abs(z).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-logits-clipped
# The logits are clipped
# Is the difference between 2000 and 1000 gone after clipping?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(np.clip(z, -700, 700) - np.clip(z, -700, 700).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-eps-in-denominator
# eps in the denominator
# After the shift the sum is at least 1. What is the eps for, and what does it do to the sum of a row?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-7)


# %% softmax: softmax-linear
# Shares without exponentials
# Logits may be negative. What makes every entry positive first?
# see: losses.ipynb#softmax
def softmax(z):
    shifted = z - z.min(axis=1, keepdims=True) + 1.0
    return shifted / shifted.sum(axis=1, keepdims=True)


# %% softmax: softmax-sigmoids
# A sigmoid for every entry
# Probabilities of classes that exclude each other sum to 1.
# see: losses.ipynb#softmax
def softmax(z):
    return 0.5 * (1 + np.tanh(z / 2.0))


# %% softmax: softmax-in-place
# The logits are overwritten
# The caller needs the logits again. Does `-=` make a new array?
# see: losses.ipynb#softmax
def softmax(z):
    if z.dtype.kind == "f":
        z -= z.max(axis=1, keepdims=True)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% softmax: softmax-winner-takes-all
# Only the largest logit counts
# The winner gets nearly everything, but how nearly? That depends on its lead.
# see: losses.ipynb#softmax
def softmax(z):
    return (z == z.max(axis=1, keepdims=True)) / (z == z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)


# %% softmax: softmax-squeezed
# Dimensions of size 1 vanish
# A single row is still a table. Try N = 1.
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).squeeze()


# %% softmax: softmax-kept-array
# Every answer is written into the same array
# Keep the first answer, ask again, and look at the first one. Who else holds this array?
# see: losses.ipynb#softmax
_kept = {}


def softmax(z):
    result = _kept.setdefault(z.shape, np.empty(z.shape))
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    result[...] = e / np.sum(e, axis=1, keepdims=True)
    return result


# %% softmax: softmax-warns
# A warning on the way
# inf / inf is mended afterwards, but NumPy has warned. Which number is never too large for e^z?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp(z)
    result = e / e.sum(axis=1, keepdims=True)
    bad = np.isnan(result).any(axis=1) | (e.sum(axis=1) < 1e-290)
    e = np.exp(z[bad] - z[bad].max(axis=1, keepdims=True))
    result[bad] = e / e.sum(axis=1, keepdims=True)
    return result


# %% softmax: softmax-base-two
# Powers of two
# Another base is another temperature. What is softmax of [[0, log 3]]?
# see: losses.ipynb#softmax
def softmax(z):
    e = np.exp2(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% log-softmax: log-softmax-log-of-softmax
# The logarithm of the softmax
# Where the probability is 0 in float64 its logarithm is gone. Simplify log(e^a / s) on paper first.
# see: losses.ipynb#softmax
def log_softmax(z):
    with np.errstate(divide="ignore"):
        return np.log(softmax(z))


# %% log-softmax: log-softmax-eps-inside
# eps inside the logarithm
# log(0 + 1e-12) is -27.6. What should it be for a logit that lies 1000 below the largest?
# see: losses.ipynb#softmax
def log_softmax(z):
    return np.log(softmax(z) + 1e-12)


# %% log-softmax: log-softmax-floor
# A floor under the probability
# The smallest float is e^-708. What should the result be for a logit that lies 1000 below the largest?
# see: losses.ipynb#softmax
def log_softmax(z):
    return np.log(np.maximum(softmax(z), np.finfo(float).tiny))


# %% log-softmax: log-softmax-naive-sum
# e^z overflows
# The sum of e^z is infinite when a logit is 1000. Where does the largest logit belong?
# see: losses.ipynb#softmax
def log_softmax(z):
    with np.errstate(all="ignore"):
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


# %% log-softmax: log-softmax-shift-not-undone
# The shift is taken off only once
# What is taken off inside the exponential has to come back outside, or be taken off there, too.
# see: losses.ipynb#softmax
def log_softmax(z):
    return z - np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))


# %% log-softmax: log-softmax-shift-twice
# The shift is taken off twice
# Add 5 to a whole row: does the result stay?
# see: losses.ipynb#softmax
def log_softmax(z):
    m = z.max(axis=1, keepdims=True)
    return z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True)) - m


# %% log-softmax: log-softmax-wrong-axis
# Columns instead of rows
# Each row is an example. Along which axis do its classes lie?
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


# %% log-softmax: log-softmax-global-maximum
# The largest logit of all rows is subtracted
# A row far below the largest logit sums to 0, whose logarithm is gone. Which maximum does a row need?
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max()
    with np.errstate(all="ignore"):
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


# %% log-softmax: log-softmax-mean-for-sum
# The mean instead of the sum
# The exponentials of a row of results sum to 1. To what do yours?
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).mean(axis=1, keepdims=True))


# %% log-softmax: log-softmax-sign
# The sign is turned
# Logarithms of probabilities are at most 0.
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted


# %% log-softmax: log-softmax-one-plus
# 1 is added inside the logarithm
# The largest logit contributes e^0 = 1 to the sum already.
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log1p(np.exp(shifted).sum(axis=1, keepdims=True))


# %% log-softmax: log-softmax-in-place
# The logits are overwritten
# The caller needs the logits again. Does `-=` make a new array?
# see: losses.ipynb#softmax
def log_softmax(z):
    if z.dtype.kind != "f":
        z = z.astype(float)
    z -= z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


# %% log-softmax: log-softmax-cut-to-integer
# The result has the type of the input
# `empty_like` of an array of ints holds ints. What becomes of -0.5?
# see: losses.ipynb#softmax
def log_softmax(z):
    result = np.empty_like(z)
    shifted = z - z.max(axis=1, keepdims=True)
    result[...] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result


# %% log-softmax: log-softmax-sum-over-everything
# The sum goes over the whole table
# The exponentials of each row of results sum to 1. To what do yours?
# see: losses.ipynb#softmax
def log_softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum())


# %% cce: cce-mean-over-elements
# Divided by all elements
# The categorical losses are means over the rows. How many rows are there?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.mean(y_onehot * log_softmax(z))


# %% cce: cce-sum-for-mean
# The sum instead of the mean
# Twice as many examples of the same kind: should the loss double?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * log_softmax(z))


# %% cce: cce-divided-by-classes
# Divided by the classes
# The mean goes over the rows. Which entry of the shape is that?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * log_softmax(z)) / z.shape[1]


# %% cce: cce-sign
# The sign is turned
# Logarithms of probabilities are negative. A loss is not.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return np.sum(y_onehot * log_softmax(z)) / len(z)


# %% cce: cce-logits-for-probabilities
# Logits are taken for probabilities
# z is any number, and log z exists only for positive ones. What turns logits into probabilities?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * np.log(np.clip(z, 1e-7, 1 - 1e-7))) / len(z)


# %% cce: cce-eps-inside
# eps inside the logarithm
# log(0 + 1e-12) is -27.6. What should the loss be when the right logit lies 1000 below the largest?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * np.log(softmax(z) + 1e-12)) / len(z)


# %% cce: cce-log-of-zero
# The logarithm of a probability that is 0
# Where the probability is 0 in float64 its logarithm is not finite, and neither is 0 times it.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    with np.errstate(all="ignore"):
        return -np.sum(y_onehot * np.log(softmax(z))) / len(z)


# %% cce: cce-wrong-classes-too
# The wrong classes count, too
# That is a binary loss for each class. What does a softmax leave to say about the wrong classes?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    p = np.clip(softmax(z), 1e-15, 1 - 1e-15)
    return -np.sum(y_onehot * np.log(p) + (1 - y_onehot) * np.log(1 - p)) / len(z)


# %% cce: cce-per-row
# A loss for every row
# A loss is one number for the whole batch.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * log_softmax(z), axis=1)


# %% cce: cce-softmax-twice
# Softmax is applied twice
# log_softmax expects logits. What do you hand to it?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -np.sum(y_onehot * log_softmax(softmax(z))) / len(z)


# %% cce: cce-shape-ignored
# Shapes are not compared
# One row of targets for many rows of logits is stretched by broadcasting. Compare the shapes first.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    return -np.sum(y_onehot * log_softmax(z)) / len(z)


# %% cce: cce-probability-of-right
# Probabilities without a logarithm
# A probability of 0.01 for the right class should cost much more than one of 0.1. Does it?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return np.sum(y_onehot * (1 - softmax(z))) / len(z)


# %% cce: cce-squared-error
# Squared error of the probabilities
# Here the loss is a logarithm. What does a probability of 0 for the right class cost?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return np.sum((softmax(z) - y_onehot) ** 2) / len(z)


# %% cce-backward: cce-backward-count-forgotten
# The mean is forgotten
# The loss is a mean over the rows. By what does the gradient of one row have to be divided?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return softmax(z) - y_onehot


# %% cce-backward: cce-backward-divided-by-elements
# Divided by all elements
# The loss divides by the rows only. So does its gradient.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return (softmax(z) - y_onehot) / z.size


# %% cce-backward: cce-backward-divided-by-classes
# Divided by the classes
# The mean goes over the rows. Which entry of the shape is that?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return (softmax(z) - y_onehot) / z.shape[1]


# %% cce-backward: cce-backward-sign
# The sign is turned
# When the right logit rises, does the loss rise or fall?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return (y_onehot - softmax(z)) / len(z)


# %% cce-backward: cce-backward-gradient-for-probabilities
# The gradient for the probabilities
# The argument is the logits. One more step of the chain rule, through softmax, leads there.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -y_onehot / np.maximum(softmax(z), 1e-12) / len(z)


# %% cce-backward: cce-backward-diagonal-only
# Only the diagonal of softmax's Jacobian
# Every probability of a row depends on every logit of the row, not only on its own.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return -y_onehot * (1 - softmax(z)) / len(z)


# %% cce-backward: cce-backward-slope-of-sigmoid
# p (1 - p) is multiplied in
# The slope of softmax has been used up already when p - y appears.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    p = softmax(z)
    return (p - y_onehot) * p * (1 - p) / len(z)


# %% cce-backward: cce-backward-sigmoids
# Sigmoids for softmax
# Classes that exclude each other: each row of the gradient sums to 0. Does yours?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    return (0.5 * (1 + np.tanh(z / 2)) - y_onehot) / len(z)


# %% cce-backward: cce-backward-naive-softmax
# e^z overflows
# What is e^1000 in float64? The gradient needs the same care as softmax.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return (e / e.sum(axis=1, keepdims=True) - y_onehot) / len(z)


# %% cce-backward: cce-backward-shape-ignored
# Shapes are not compared
# One row of targets for many rows of logits is stretched by broadcasting. Compare the shapes first.
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    return (softmax(z) - y_onehot) / len(z)


# %% cce-backward: cce-backward-into-targets
# The targets are overwritten
# The caller needs the targets again. Which array does your result live in?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    if z.shape != y_onehot.shape:
        raise ValueError("shapes differ")
    if y_onehot.dtype.kind != "f":
        y_onehot = y_onehot.astype(float)
    np.subtract(softmax(z), y_onehot, out=y_onehot)
    return y_onehot / len(z)


# %% cce-backward: cce-backward-wrong-axis
# Columns instead of rows
# Each row is an example. Along which axis do its probabilities lie?
# see: losses.ipynb#categorical-cross-entropy
def categorical_cross_entropy_backward(z, y_onehot):
    z, y_onehot = _matched(z, y_onehot)
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0) - y_onehot) / len(z)


# %% scce: scce-all-pairs
# Every row with every label
# `z[:, labels]` takes all labels from every row. How do you pair row n with label n?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(log_softmax(z)[:, labels])


# %% scce: scce-sum-for-mean
# The sum instead of the mean
# Twice as many examples of the same kind: should the loss double?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.sum(log_softmax(z)[np.arange(len(labels)), labels])


# %% scce: scce-divided-by-elements
# Divided by all elements
# The categorical losses are means over the rows. How many rows are there?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.sum(log_softmax(z)[np.arange(len(labels)), labels]) / z.size


# %% scce: scce-sign
# The sign is turned
# Logarithms of probabilities are negative. A loss is not.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return np.mean(log_softmax(z)[np.arange(len(labels)), labels])


# %% scce: scce-count-from-one
# Classes are counted from 1
# The first class is number 0.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(log_softmax(z)[np.arange(len(labels)), labels.astype(int) - 1])


# %% scce: scce-log-forgotten
# The logarithm is forgotten
# A probability of 0.01 for the right class should cost much more than one of 0.1. Does it?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(softmax(z)[np.arange(len(labels)), labels])


# %% scce: scce-raw-logits
# Logits without their normalization
# Adding a number to a whole row should change nothing.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(np.asarray(z, dtype=float)[np.arange(len(labels)), labels])


# %% scce: scce-eps-inside
# eps inside the logarithm
# log(0 + 1e-12) is -27.6. What should the loss be when the right logit lies 1000 below the largest?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(np.log(softmax(z)[np.arange(len(labels)), labels] + 1e-12))


# %% scce: scce-one-label-for-all
# A single label is stretched
# One label for many rows is stretched by broadcasting. Compare the shapes first.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    return -np.mean(log_softmax(z)[np.arange(len(z)), labels])


# %% scce: scce-surplus-ignored
# Rows without a label are ignored
# Fewer labels than rows: a mistake of the caller's, to be told and not to be passed over.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    n = min(len(z), len(labels))
    return -np.mean([log_softmax(z)[i, labels[i]] for i in range(n)])


# %% scce: scce-one-hot-accepted
# One-hot rows are taken for labels
# Three numbers per row are not one label per row. Whose mistake is hidden when they are turned into labels?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    if labels.shape == z.shape:
        labels = labels.argmax(axis=1)
    _check_labels(z, labels)
    return -np.mean(log_softmax(z)[np.arange(len(labels)), labels])


# %% scce: scce-index-error
# The wrong exception
# Indexing fails with an IndexError. Which one does the contract ask for when lengths differ?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    if labels.ndim != 1:
        raise ValueError("labels have one dimension")
    if len(labels) == 1 and len(z) > 1:
        raise ValueError("one label per row")
    return -np.mean(log_softmax(z)[np.arange(len(z)), labels])


# %% scce: scce-narrow-positions
# Positions in the labels' type
# The labels may be 8 bits wide. Does the place of the 300th row in the table fit?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    flat = np.arange(len(labels)).astype(labels.dtype) * labels.dtype.type(z.shape[1]) + labels
    return -np.mean(log_softmax(z).ravel()[flat.astype(np.int64)])


# %% scce: scce-signed-labels-only
# Only one kind of integer
# Labels may have any integer dtype, unsigned ones as well.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    if labels.dtype not in (np.int32, np.int64):
        raise TypeError("labels must be int32 or int64")
    return -np.mean(log_softmax(z)[np.arange(len(labels)), labels])


# %% scce: scce-mixed-types
# Labels turn into floats
# uint64 and int64 together make float64, which is no index.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    flat = np.arange(len(labels), dtype=np.int64) * z.shape[1] + labels
    return -np.mean(log_softmax(z).ravel()[flat])


# %% scce: scce-most-likely-class
# The most likely class instead of the right one
# The loss must look at the labels: a sure and wrong answer is expensive.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -np.mean(log_softmax(z).max(axis=1))


# %% scce: scce-per-row
# A loss for every row
# A loss is one number for the whole batch.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy(z, labels):
    _check_labels(z, labels)
    return -log_softmax(z)[np.arange(len(labels)), labels]


# %% scce-backward: scce-backward-count-forgotten
# The mean is forgotten
# The loss is a mean over the rows. By what does the gradient of one row have to be divided?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient


# %% scce-backward: scce-backward-divided-by-elements
# Divided by all elements
# The loss divides by the rows only. So does its gradient.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / z.size


# %% scce-backward: scce-backward-whole-columns
# 1 is taken off whole columns
# `gradient[:, labels]` is every row at every label. How do you pair row n with label n?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    gradient[:, labels] -= 1
    return gradient / len(z)


# %% scce-backward: scce-backward-sign
# The sign is turned
# When the right logit rises, does the loss rise or fall?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = -softmax(z)
    gradient[np.arange(len(labels)), labels] += 1
    return gradient / len(z)


# %% scce-backward: scce-backward-label-subtracted
# The label's number is subtracted
# A label is a name, not an amount. Which entry of the row does it point to?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    return (softmax(z) - labels[:, None].astype(float)) / len(z)


# %% scce-backward: scce-backward-right-class-only
# Only the right class has a gradient
# The other logits are in the sum below the fraction. What happens to the loss when one of them rises?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    rows = np.arange(len(labels))
    gradient = np.zeros(z.shape)
    gradient[rows, labels] = softmax(z)[rows, labels] - 1
    return gradient / len(z)


# %% scce-backward: scce-backward-one-taken-off-last
# 1 is taken off after dividing
# Both parts belong under the mean. In which order do you subtract and divide?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z) / len(z)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient


# %% scce-backward: scce-backward-count-from-one
# Classes are counted from 1
# The first class is number 0.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    gradient[np.arange(len(labels)), labels.astype(int) - 1] -= 1
    return gradient / len(z)


# %% scce-backward: scce-backward-one-label-for-all
# A single label is stretched
# One label for many rows is stretched by broadcasting. Compare the shapes first.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    gradient = softmax(z)
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


# %% scce-backward: scce-backward-rows-counted-by-label
# Divided by the number of classes seen
# How many rows are there? Labels may repeat.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(np.unique(labels))


# %% scce-backward: scce-backward-gradient-of-picked
# Only the picked entries come back
# The gradient is shaped as the logits.
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    return (softmax(z)[np.arange(len(labels)), labels] - 1) / len(z)


# %% scce-backward: scce-backward-narrow-positions
# Positions in the labels' type
# The labels may be 8 bits wide. Does the place of the 300th row in the table fit?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    gradient = softmax(z)
    flat = np.arange(len(labels)).astype(labels.dtype) * labels.dtype.type(z.shape[1]) + labels
    gradient.reshape(-1)[flat.astype(np.int64)] -= 1
    return gradient / len(z)


# %% scce-backward: scce-backward-identity-of-seen-classes
# One-hot rows of the seen classes only
# The largest class may be missing from the labels. How wide is a one-hot row?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    onehot = np.zeros(z.shape)
    seen = np.eye(int(labels.max()) + 1)[labels]
    if seen.shape[1] < z.shape[1]:
        onehot[:, -seen.shape[1] :] = seen
    else:
        onehot[:, : seen.shape[1]] = seen
    return (softmax(z) - onehot) / len(z)


# %% scce-backward: scce-backward-in-place
# The logits are overwritten
# The caller needs the logits again. Which array does your result live in?
# see: losses.ipynb#categorical-cross-entropy
def sparse_categorical_cross_entropy_backward(z, labels):
    _check_labels(z, labels)
    if z.dtype.kind != "f":
        z = z.astype(float)
    z[...] = softmax(z)
    gradient = z.copy()
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
