"""Mistakes that the bank of the backprop assignment lacks on purpose: the diagnosis must not give them another's name."""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% numerical-gradient: sign-turned
# The difference is taken the wrong way round, by index
def numerical_gradient(f, x, h=1e-5):
    g = np.zeros(np.shape(x))
    base = np.array(x, dtype=float)
    for i in np.ndindex(base.shape):
        up, down = base.copy(), base.copy()
        up[i] += h
        down[i] -= h
        g[i] = 3 * (f(up) - f(down)) / (2 * h)
    return g


# %% affine-forward: bias-twice
# The bias is added twice
def affine_forward(x, W, b):
    return x @ W + 2 * b, (x, W)


# %% affine-forward: output-doubled
# Everything is doubled
def affine_forward(x, W, b):
    return 2 * (x @ W + b), (x, W)


# %% affine-backward: dx-doubled
# dx is doubled
def affine_backward(dout, cache):
    x, W = cache
    return 2 * dout @ W.T, x.T @ dout, dout.sum(axis=0)


# %% affine-backward: db-negated
# db has the wrong sign
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, -dout.sum(axis=0)


# %% affine-backward: all-halved
# Everything is halved
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T / 2, x.T @ dout / 2, dout.sum(axis=0) / 2


# %% node-backward: both-doubled
# Twice the gradient
def node_backward(dL_dz, dz_dx, dz_dy):
    return 2 * dL_dz * dz_dx, 2 * dL_dz * dz_dy


# %% node-backward: upstream-squared
# The upstream gradient is squared
def node_backward(dL_dz, dz_dx, dz_dy):
    return dL_dz**2 * dz_dx, dL_dz**2 * dz_dy
