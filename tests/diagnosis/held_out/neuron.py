"""Mistakes that the bank of the neuron assignment lacks on purpose: the diagnosis must not give them another's name."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% weighted-sum: doubled
# Everything is doubled
def weighted_sum(x, w, b):
    return 2 * (x @ w + b)


# %% weighted-sum: negated
# The sum has the wrong sign
def weighted_sum(x, w, b):
    return -(x @ w + b)


# %% weighted-sum: divided-by-the-rows
# The sum is divided by the number of examples
def weighted_sum(x, w, b):
    return (x @ w + b) / len(x)


# %% weighted-sum: rows-backwards
# The examples come out in the wrong order
def weighted_sum(x, w, b):
    return (x @ w + b)[::-1]


# %% weighted-sum: weights-squared
# The weights are squared
def weighted_sum(x, w, b):
    return x @ w**2 + b


# %% weighted-sum: one-too-many
# One is added to the sum
def weighted_sum(x, w, b):
    return x @ w + b + 1.0


# %% sigmoid: complement
# One minus the curve, written with tanh
def sigmoid(z):
    return 0.5 - 0.5 * np.tanh(np.asarray(z, dtype=float) / 2)


# %% sigmoid: squared-curve
# The curve is squared
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return (0.5 + 0.5 * np.tanh(z / 2)) ** 2


# %% sigmoid: three-halves
# The exponent is too steep
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    return 0.5 + 0.5 * np.tanh(0.75 * z)


# %% tanh: scaled-tanh
# LeCun's scaling of tanh
def tanh(z):
    return 1.7159 * np.tanh(z)


# %% tanh: tanh-halved
# Half of tanh
def tanh(z):
    return np.tanh(z) / 2


# %% relu: relu-doubled
# Twice the ramp
def relu(z):
    return 2.0 * np.maximum(z, 0)


# %% relu: relu-lowered
# The ramp is lowered
def relu(z):
    return np.maximum(z, 0) - 0.5


# %% relu: squared-ramp
# The ramp is squared
def relu(z):
    return np.maximum(z, 0.0) ** 2


# %% sigmoid-backward: upstream-divided
# Divided by the upstream gradient
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return s * (1 - s) / dout


# %% sigmoid-backward: twice-the-gradient
# Twice the gradient
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return 2.0 * np.asarray(dout, float) * s * (1 - s)


# %% sigmoid-backward: absolute-upstream
# The upstream gradient loses its sign
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return np.abs(np.asarray(dout, float)) * s * (1 - s)


# %% tanh-backward: upstream-twice
# The upstream gradient is multiplied twice
def tanh_backward(dout, z):
    dout = np.asarray(dout, float)
    return dout * dout * (1 - np.tanh(z) ** 2)


# %% relu-backward: relu-slope-doubled
# The slope is two
def relu_backward(dout, z):
    return 2.0 * np.asarray(dout, float) * (np.asarray(z) > 0)
