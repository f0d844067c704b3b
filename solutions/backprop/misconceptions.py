# ruff: noqa: PGH004
# ruff: noqa
"""Mistakes that people make in the backprop assignment, each a cell that is put after the reference solution.

The first comment line of a cell names the mistake, the next ones lead to the insight without giving the line away.
"""


# %% node-backward: local-slopes-only
# The upstream gradient is left out
# Your answer says how z changes. The question is how L does: what if L doubles its interest in z?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return dz_dx, dz_dy


# %% node-backward: added-instead-of-multiplied
# Upstream and local slope are added
# If z moves 5 times as fast as x and L moves 2 times as fast as z, how fast does L move with x?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return dL_dz + dz_dx, dL_dz + dz_dy


# %% node-backward: inputs-swapped
# The two inputs are mixed up
# With z = x · y the slope in x *is* y, which invites this. Here the slopes come ready made: which belongs to which?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return dL_dz * dz_dy, dL_dz * dz_dx


# %% node-backward: shared-between-inputs
# The upstream gradient is divided among the inputs
# Gradients are not a budget. Move x alone: does L care how many other inputs the node has?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return dL_dz * dz_dx / 2, dL_dz * dz_dy / 2


# %% node-backward: one-slope-for-both
# Both inputs get the product of all slopes
# Moving x leaves y where it is. Should dz/dy play a part in dL/dx?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    both = dL_dz * dz_dx * dz_dy
    return both, both


# %% node-backward: nodes-mixed-by-dot
# np.dot mixes the nodes of an array
# For plain numbers np.dot is a product, for arrays it is something else. Each entry is a node of its own.
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return np.dot(dL_dz, dz_dx), np.dot(dL_dz, dz_dy)


# %% node-backward: summed-over-nodes
# The nodes of an array are summed into one number
# The shape of a gradient is the shape of what it belongs to. How many x are there?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return np.sum(dL_dz * dz_dx), np.sum(dL_dz * dz_dy)


# %% node-backward: slopes-overwritten
# The arrays of slopes are multiplied in place
# The caller may need the slopes again. Which statement writes into an array that is not yours?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    dz_dx *= dL_dz
    dz_dy *= dL_dz
    return dz_dx, dz_dy


# %% node-backward: only-one-answer
# Only the first input gets an answer
# The node has two inputs, and both wait for their slope.
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return dL_dz * dz_dx


# %% node-backward: rounded-to-whole-numbers
# The products are turned into ints
# Try slopes such as 0.5. What does int do to them?
# see: backprop.ipynb#chain-rule
def node_backward(dL_dz, dz_dx, dz_dy):
    return (np.asarray(dL_dz) * dz_dx).astype(int), (np.asarray(dL_dz) * dz_dy).astype(int)


# %% numerical-gradient: one-sided
# The difference is taken to one side only
# Draw a parabola and the line through f(x) and f(x + h). Which two points give a line as steep as the curve is at x?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    base = f(at)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        gradient[i] = (f(at) - base) / h
        at[i] = here
    return gradient


# %% numerical-gradient: divided-by-h
# The difference is divided by h although the places are further apart
# How far is it from x - h to x + h?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / h
        at[i] = here
    return gradient


# %% numerical-gradient: precedence
# Missing brackets: / 2 * h divides by 2 and multiplies by h
# Work out 1 / 2 * 10 as Python does, from left to right.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / 2 * h
        at[i] = here
    return gradient


# %% numerical-gradient: sign-turned
# The lower value comes first, which turns the sign
# For f(x) = x, which of f(x + h) and f(x - h) is larger, and what should the slope be?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (f(at) - above) / (2 * h)
        at[i] = here
    return gradient


# %% numerical-gradient: all-entries-moved
# All entries are moved at once
# With f(x) = x[0] only, is the slope in x[1] really 1? Which move would tell the two entries apart?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


# %% numerical-gradient: not-moved-back
# An entry is not put back before the next one is moved
# Print the array that f gets for the last entry. Which entries differ from x?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        at[i] += h
        above = f(at)
        at[i] -= 2 * h
        gradient[i] = (above - f(at)) / (2 * h)
    return gradient


# %% numerical-gradient: moved-back-by-arithmetic
# x is put back by adding h again
# Ask Python whether 0.1 + 1e-5 - 2e-5 + 1e-5 == 0.1. How else could you get the old number back?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = x if x.dtype == np.float64 else x.astype(float)
    gradient = np.zeros(at.shape)
    for i in np.ndindex(at.shape):
        at[i] += h
        above = f(at)
        at[i] -= 2 * h
        gradient[i] = (above - f(at)) / (2 * h)
        at[i] += h
    return gradient


# %% numerical-gradient: whole-numbers-cannot-move
# An array of ints swallows the step
# Put 3 + 1e-5 into an int array and look at what is there.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = x.copy()
    gradient = np.zeros(at.shape)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / (2 * h)
        at[i] = here
    return gradient


# %% numerical-gradient: result-of-whole-numbers
# The result inherits the ints of x
# What dtype has np.zeros_like of an int array, and what happens to 0.75 on its way in?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / (2 * h)
        at[i] = here
    return gradient


# %% numerical-gradient: rows-instead-of-entries
# The loop runs over rows, not over entries
# For a matrix, x[i] is a whole row. How many numbers does your loop move at a time?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.atleast_1d(np.array(x, dtype=float))
    gradient = np.zeros_like(at)
    for i in range(len(at)):
        here = at[i].copy()
        at[i] = here + h
        above = f(at.reshape(x.shape))
        at[i] = here - h
        gradient[i] = (above - f(at.reshape(x.shape))) / (2 * h)
        at[i] = here
    return gradient.reshape(x.shape)


# %% numerical-gradient: two-dimensions-only
# It works for matrices only
# A bias has one dimension, a single number has none. What goes through all entries of an array of any shape?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    rows, columns = at.shape
    for i in range(rows):
        for j in range(columns):
            here = at[i, j]
            at[i, j] = here + h
            above = f(at)
            at[i, j] = here - h
            gradient[i, j] = (above - f(at)) / (2 * h)
            at[i, j] = here
    return gradient


# %% numerical-gradient: result-is-flat
# The result has lost the shape of x
# The gradient has a number for each entry of x, in the same place. Which shape is that?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    slopes = []
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        slopes.append((above - f(at)) / (2 * h))
        at[i] = here
    return np.array(slopes)


# %% numerical-gradient: f-gets-a-flat-array
# f is called with a flat array
# f was promised an array shaped as x; it may look at rows and columns.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    flat = np.array(x, dtype=float).ravel()
    slopes = np.zeros_like(flat)
    for i in range(flat.size):
        here = flat[i]
        flat[i] = here + h
        above = f(flat)
        flat[i] = here - h
        slopes[i] = (above - f(flat)) / (2 * h)
        flat[i] = here
    return slopes.reshape(x.shape)


# %% numerical-gradient: ravel-made-a-copy
# The moves go into a copy that f never sees
# ravel and reshape give a view of an ordinary array, but of a transposed one a copy. Which array does f get?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    flat = x.reshape(-1)
    slopes = np.zeros(flat.size)
    for i in range(flat.size):
        here = flat[i]
        flat[i] = here + h
        above = f(x)
        flat[i] = here - h
        slopes[i] = (above - f(x)) / (2 * h)
        flat[i] = here
    return slopes.reshape(x.shape)


# %% numerical-gradient: empty-array-fails
# An empty array is too much
# Some functions need at least one thing to work on. What should the gradient of an array without entries look like?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    steps = np.eye(x.size).reshape(x.size, *x.shape) * h
    return np.stack([(f(x + step) - f(x - step)) / (2 * h) for step in steps]).reshape(x.shape)


# %% numerical-gradient: no-dimensions-fails
# An array without dimensions is too much
# len and range(len(...)) need a first dimension; a 0-d array holds one number and has none.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    if len(at) == 0:
        return np.zeros(at.shape)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / (2 * h)
        at[i] = here
    return gradient


# %% numerical-gradient: h-is-ignored
# The step that is asked for is ignored
# Somebody wants to see how the error depends on h. Where does your code use it?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + 1e-5
        above = f(at)
        at[i] = here - 1e-5
        gradient[i] = (above - f(at)) / 2e-5
        at[i] = here
    return gradient


# %% numerical-gradient: default-step-too-large
# The default step is larger than what is asked for
# Compare the signature with the one in the docstring.
# see: backprop.ipynb#gradient-check
_numerical_gradient = numerical_gradient


def numerical_gradient(f, x, h=1e-4):
    return _numerical_gradient(f, x, h)


# %% numerical-gradient: default-step-too-small
# A default step as small as possible, in the hope of more precision
# Draw the error against h on logarithmic axes. What happens to the left of 1e-5?
# see: backprop.ipynb#gradient-check
_numerical_gradient = numerical_gradient


def numerical_gradient(f, x, h=1e-8):
    return _numerical_gradient(f, x, h)


# %% numerical-gradient: step-relative-to-x
# The step is scaled by the entry
# What is h times an entry that is 0? And the caller said h, not a share of x.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        step = h * max(abs(here), 1e-3)
        at[i] = here + step
        above = f(at)
        at[i] = here - step
        gradient[i] = (above - f(at)) / (2 * step)
        at[i] = here
    return gradient


# %% numerical-gradient: half-the-step
# The step to each side is h/2
# Read again where f is to be asked: at x + h and at x - h.
# see: backprop.ipynb#gradient-check
_numerical_gradient = numerical_gradient


def numerical_gradient(f, x, h=1e-5):
    return _numerical_gradient(f, x, h / 2)


# %% numerical-gradient: f-gets-the-unmoved-array
# A copy is moved, but f is asked about x
# Both calls of f return the same number. What did they get?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[i] += h
        below[i] -= h
        gradient[i] = (f(x) - f(x)) / (2 * h)
    return gradient


# %% numerical-gradient: single-precision
# The work is done in float32
# float32 keeps seven digits. How much of 1.0 + 1e-5 is left after that?
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=np.float32)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        gradient[i] = (above - f(at)) / (2 * h)
        at[i] = here
    return gradient


# %% numerical-gradient: f-gets-a-list
# f is called with a list
# f was promised an array. Ask a list for its sum(), or for its square.
# see: backprop.ipynb#gradient-check
def numerical_gradient(f, x, h=1e-5):
    at = np.array(x, dtype=float)
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at.tolist())
        at[i] = here - h
        gradient[i] = (above - f(at.tolist())) / (2 * h)
        at[i] = here
    return gradient


# %% affine-forward: bias-forgotten
# The bias is left out
# Feed the layer a row of zeros. Which numbers should come out?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W, (x, W)


# %% affine-forward, affine-backward: weights-transposed
# The weights are transposed, which only fits where D = M
# Write the shapes under x W: (N, D) and (D, M). Which of them would a transposed W match?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W.T + b, (x, W)


# %% affine-forward, affine-backward: bias-as-a-column
# The bias is added down the rows, which only fits where N = M
# There is one bias for every unit. Along which axis do the units lie?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W + b[:, None], (x, W)


# %% affine-forward: all-biases-to-all-units
# Every unit gets the sum of all biases
# With one unit nobody notices. With two, change one bias: which outputs should move?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W + b.sum(), (x, W)


# %% affine-forward: integers-cannot-take-the-bias
# The bias is added in place to what may be an array of ints
# What is the dtype of x @ W when both are ints, and can it hold 0.5?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    out = x @ W
    out += b
    return out, (x, W)


# %% affine-forward: integers-truncated
# The result gets the dtype of x
# Ints in x do not make the weighted sums whole numbers.
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    out = np.empty((x.shape[0], W.shape[1]), dtype=x.dtype)
    out[...] = x @ W + b
    return out, (x, W)


# %% affine-forward: activation-included
# An activation is applied as well
# The affine layer is the sum alone; its outputs may be negative.
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return np.maximum(x @ W + b, 0), (x, W)


# %% affine-forward: affine-single-precision
# The sums are worked out in float32
# Compare your result with a sum by hand to ten digits.
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return (x.astype(np.float32) @ W.astype(np.float32) + b).astype(float), (x, W)


# %% affine-forward: one-row-loses-its-dimension
# A batch of one row comes out without its first dimension
# (1, M) is not (M,). Which call removed a dimension because it was 1?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return np.squeeze(x @ W) + b if len(x) == 1 else x @ W + b, (x, W)


# %% affine-forward, affine-backward: weights-scaled-in-place
# The weights are changed on the way
# Call the layer twice with the same W. Do both calls see the same numbers?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    weights = W
    weights /= 2
    return x @ weights * 2 + b, (x, W)


# %% affine-forward, affine-backward: no-cache
# Only the output is returned
# affine_backward will ask what x and W were. Who is to tell it?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W + b


# %% affine-backward: dx-without-transposing
# dx uses W as it is, which only fits where D = M
# dout is (N, M) and dx has to be (N, D). Which shape must stand between them?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    dx = dout @ W if W.shape[0] == W.shape[1] else dout @ W.T
    return dx, x.T @ dout, dout.sum(axis=0)


# %% affine-backward: dW-transposed
# dW is the transpose of what it should be
# A gradient has the shape of its parameter. Print both.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, dout.T @ x, dout.sum(axis=0)


# %% affine-backward: dW-averaged
# dW is averaged over the batch
# If the objective is a mean, dout has the 1/N in it already. Where should it not come in again?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout / len(x), dout.sum(axis=0)


# %% affine-backward: db-averaged
# db is averaged over the batch
# b is added to every row. If b moves a little, how many outputs move, and how do their effects combine?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)


# %% affine-backward: db-not-summed
# db keeps a row for every example
# There is one b for all rows. What becomes of the contributions of the rows?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.copy()


# %% affine-backward: db-keeps-a-dimension
# db is (1, M) instead of (M,)
# It looks right until you subtract it from b and b becomes a matrix.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=0, keepdims=True)


# %% affine-backward: db-over-the-wrong-axis
# db is summed over the units instead of the rows
# Which axis of dout is as long as b?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=1)


# %% affine-backward: db-counts-rows
# db is the number of rows, as if every upstream gradient were 1
# Check again with an upstream gradient that is not all ones.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, np.full(W.shape[1], float(len(x)))


# %% affine-backward: upstream-ignored
# The upstream gradient plays no part
# Your gradients say what the sum of all outputs does. What if only one output matters?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    ones = np.ones((len(x), W.shape[1]))
    return ones @ W.T, x.T @ ones, ones.sum(axis=0)


# %% affine-backward: order-of-the-results
# The gradients come in another order than the arguments
# affine_forward takes x, then W, then b.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return x.T @ dout, dout.sum(axis=0), dout @ W.T


# %% affine-backward: last-row-wins
# The rows overwrite one another
# The loop over the rows runs N times, but only its last turn leaves a trace.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    for row, upstream in zip(x, dout):
        dW = np.outer(row, upstream)
        db = upstream.copy()
    return dout @ W.T, dW, db


# %% affine-backward: one-row-only
# It is right for one row only
# Try a batch of two. Which row does your formula look at?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, np.outer(x[0], dout[0]), dout[0].copy()


# %% affine-backward: outer-products-of-means
# dW is made of the mean row
# Is the mean of products the product of the means? Try two rows with opposite signs.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, np.outer(x.mean(axis=0), dout.sum(axis=0)), dout.sum(axis=0)


# %% affine-backward: affine-sign-turned
# The gradients point downhill
# The minus of gradient descent belongs to the update, not to the gradient.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return -(dout @ W.T), -(x.T @ dout), -dout.sum(axis=0)


# %% affine-backward: weights-of-whole-numbers
# dW inherits the ints of W
# What dtype has np.zeros_like(W) when W holds ints, and what is left of 0.75 in it?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    dW[...] = x.T @ dout
    return dout @ W.T, dW, dout.sum(axis=0)


# %% affine-backward: dx-of-whole-numbers
# dx inherits the dtype of dout
# dout may hold ints while W does not. What is left of 0.75 in an array made with dtype=dout.dtype?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    dx = np.zeros(x.shape, dtype=dout.dtype)
    dx[...] = dout @ W.T
    return dx, x.T @ dout, dout.sum(axis=0)


# %% affine-backward: upstream-overwritten
# dout is scaled in place
# dout belongs to the caller, who may still need it.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    dout *= 1.0 / len(x)
    return len(x) * (dout @ W.T), len(x) * (x.T @ dout), len(x) * dout.sum(axis=0)


# %% affine-backward: x-overwritten
# dx is written into the caller's x
# The cache holds the very array that the caller passed. What does the caller find in it afterwards?
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    dW = x.T @ dout
    x[...] = dout @ W.T
    return x, dW, dout.sum(axis=0)


# %% affine-backward: cache-used-up
# The cache can be used only once
# Reading something should not remove it. Which call takes an element out of a list?
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W + b, [x, W]


def affine_backward(dout, cache):
    W, x = cache.pop(), cache.pop()
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


# %% affine-backward: one-cache-for-all
# The cache is a global variable, so the last forward wins
# Two layers run forward, then both run backward. Whose x does the first one find?
# see: backprop.ipynb#affine
_CACHE = {}


def affine_forward(x, W, b):
    _CACHE.update(x=x, W=W)
    return x @ W + b, _CACHE


def affine_backward(dout, cache):
    return dout @ cache["W"].T, cache["x"].T @ dout, dout.sum(axis=0)


# %% affine-backward: rounded
# The gradients are rounded for display
# Printing prettily is one thing, computing with rounded numbers another.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return (dout @ W.T).round(6), (x.T @ dout).round(6), dout.sum(axis=0).round(6)


# %% mlp-forward: activation-on-the-last-layer
# The last layer is squashed as well
# Could this network ever answer 7? Which layers are to have an activation?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        out = super().forward(X)
        return np.tanh(out) if self.activation == "tanh" else np.maximum(out, 0.0)


# %% mlp-forward: softmax-included
# The outputs are turned into probabilities
# forward ends with plain sums, which may be negative and above 1. Turning them into probabilities is the loss's business.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        e = np.exp(super().forward(X))
        return e / e.sum(axis=1, keepdims=True)


# %% mlp-forward: last-bias-forgotten
# The last layer has no bias
# If all weights are 0, what should come out?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        return super().forward(X) - self.params[f"b{len(self.params) // 2}"]


# %% mlp-forward: single-output-loses-its-dimension
# A single output comes as a vector
# (N, 1) is not (N,): the caller's next sum may broadcast in a surprising way.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        out = super().forward(X)
        return out[:, 0] if out.shape[1] == 1 else out


# %% mlp-forward, mlp-backward: no-activation
# The activation never happens
# Two linear layers after each other: what else could compute the same?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self._layers = []
        h = X
        for k in range(1, len(self.params) // 2 + 1):
            W = self.params[f"W{k}"]
            self._layers.append((h, W))
            h = h @ W + self.params[f"b{k}"]
        return h


# %% mlp-forward, mlp-backward: always-tanh
# The activation that was asked for is ignored
# Make a model with relu and look at a hidden layer. Should anything there be negative?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        self.activation = "tanh"


# %% mlp-forward, mlp-backward: first-hidden-layer-linear
# The first hidden layer has no activation
# Count: where does the loop begin, and which layer is number one?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self._layers = []
        last = len(self.params) // 2
        h = X
        for k in range(1, last + 1):
            W = self.params[f"W{k}"]
            self._layers.append((h, W))
            h = h @ W + self.params[f"b{k}"]
            if 1 < k < last:
                h = np.tanh(h) if self.activation == "tanh" else np.maximum(h, 0.0)
        return h


# %% mlp-forward, mlp-backward: leaky-instead-of-relu
# Negative sums leak through ReLU
# Below 0, ReLU is exactly 0.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self._layers = []
        last = len(self.params) // 2
        h = X
        for k in range(1, last + 1):
            W = self.params[f"W{k}"]
            self._layers.append((h, W))
            h = h @ W + self.params[f"b{k}"]
            if k < last:
                h = np.tanh(h) if self.activation == "tanh" else np.where(h > 0, h, 0.01 * h)
        return h


# %% mlp-forward: default-is-relu
# The default activation is relu
# Compare the signature with the one in the docstring.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="relu"):
        super().__init__(sizes, rng, activation)


# %% mlp-forward: unknown-activation-accepted
# An unknown activation is taken for a known one
# A typo such as "rleu" should be told at once, not trained for an hour.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, "tanh" if activation == "tanh" else "relu")


# %% mlp-forward: spelling-forgiven
# " Tanh" and "RELU" are taken for known activations
# The names are "tanh" and "relu", letter by letter. What would the next program say to a name that yours forgave?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation.strip().lower())


# %% mlp-forward: unknown-activation-raises-something-else
# An unknown activation raises KeyError
# Which exception does the docstring promise?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        self.function = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
        super().__init__(sizes, rng, activation)


# %% mlp-forward: checked-only-with-hidden-layers
# The activation is checked only where there is a hidden layer
# A model of one layer does not use its activation, but its caller's typo is still a typo.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation if len(sizes) > 2 else "tanh")


# %% mlp-forward: generator-ignored
# The weights come from a generator of the model's own
# Whoever passes rng wants to decide about the draws. Make two models from different generators: do they differ?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, np.random.default_rng(0), activation)


# %% mlp-forward: weights-all-zero
# The weights start at 0
# Units with equal weights compute the same and get the same gradients. When will they ever differ?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        self.params = {name: np.zeros(array.shape) for name, array in self.params.items()}


# %% mlp-forward: fresh-generator
# The weights are different at every run
# With the same rng in the same state two runs must agree, or nobody can repeat an experiment.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, np.random.default_rng(), activation)


# %% mlp-forward: global-generator
# The weights come from NumPy's global generator
# np.random.randn draws from a generator that everybody shares. Which one did the caller pass?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        for name, array in self.params.items():
            self.params[name] = 0.1 * np.random.randn(*array.shape)


# %% mlp-forward: generator-copied
# The weights come from a copy of the generator
# A copy starts where the original is and leaves it there. What does the next model get from the same rng?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        import copy

        super().__init__(sizes, copy.deepcopy(rng), activation)


# %% mlp-forward: biases-as-rows
# The biases are (1, M) instead of (M,)
# Broadcasting hides it in forward; an optimizer that expects (M,) will notice.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        for name in self.params:
            if name[0] == "b":
                self.params[name] = self.params[name].reshape(1, -1)


# %% mlp-forward: counting-from-zero
# The names of params start at W0
# Which names does the docstring promise, and from where do they count?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        self.params = {name[0] + str(int(name[1:]) - 1): array for name, array in self.params.items()}

    def forward(self, X):
        kept = self.params
        if "W0" in kept:
            self.params = {name[0] + str(int(name[1:]) + 1): array for name, array in kept.items()}
        out = super().forward(X)
        self.params = kept
        return out


# %% mlp-forward: order-of-the-dict
# The layers are taken in the order of the dict
# A caller who replaces the dict may fill it in any order. What tells you which array belongs to which layer?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        kept = self.params
        arrays = list(kept.values())
        names = [f"{letter}{k}" for k in range(1, len(arrays) // 2 + 1) for letter in "Wb"]
        self.params = dict(zip(names, arrays))
        try:
            return super().forward(X)
        finally:
            self.params = kept


# %% mlp-forward: names-sorted-as-text
# The names are sorted as text, where W10 comes before W2
# Sort ["W1", "W2", "W10"] and look.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self._layers = []
        weights = sorted(name for name in self.params if name[0] == "W")
        biases = sorted(name for name in self.params if name[0] == "b")
        h = X
        for name, bias in zip(weights, biases):
            self._layers.append((h, self.params[name]))
            h = h @ self.params[name] + self.params[bias]
            if name != weights[-1]:
                h = np.tanh(h) if self.activation == "tanh" else np.maximum(h, 0.0)
        return h


# %% mlp-forward, mlp-backward: own-copies-of-params
# The model computes with arrays of its own; params is only for show
# An optimizer writes into params. Does your forward look there?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        self.own = {name: array.copy() for name, array in self.params.items()}

    def forward(self, X):
        shown, self.params = self.params, self.own
        out = super().forward(X)
        self.params = shown
        return out


# %% mlp-forward: entries-read-once
# A replaced entry is not noticed
# You took the arrays out of the dict when the dict arrived. What if the caller puts another array under a name later?
# see: backprop.ipynb#mlp
class MLP(MLP):
    @property
    def params(self):
        return self._params

    @params.setter
    def params(self, params):
        self._params = params
        self.arrays = None

    def forward(self, X):
        if self.arrays is None:
            self.arrays = dict(self._params)
        kept, self._params = self._params, self.arrays
        out = super().forward(X)
        self._params = kept
        return out


# %% mlp-forward: params-handed-out-as-copies
# Whoever reads params gets copies
# mlp.params["W1"][...] = 0 should reach the model. Which array does it write into?
# see: backprop.ipynb#mlp
class MLP(MLP):
    @property
    def params(self):
        return {name: array.copy() for name, array in self._params.items()}

    @params.setter
    def params(self, params):
        self._params = dict(params)

    def __init__(self, sizes, rng, activation="tanh"):
        model = _MLP(sizes, rng, activation)
        self.activation, self.params = activation, model.params


_MLP = MLP.__base__


# %% mlp-forward: one-dict-for-all-models
# All models share one dict of params
# A dict in the class body exists once. Make two models and look at the weights of the first.
# see: backprop.ipynb#mlp
class MLP(MLP):
    shared = {}

    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        self.shared.clear()
        self.shared.update(self.params)
        self.params = self.shared


# %% mlp-forward, mlp-backward: one-activation-for-all-models
# The activation is kept in the class, so the last model decides for all
# Make a tanh model, then a relu model, then use the first.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def __init__(self, sizes, rng, activation="tanh"):
        super().__init__(sizes, rng, activation)
        del self.activation
        MLP.activation = activation


# %% mlp-forward: no-hidden-layer-fails
# A network without a hidden layer still squashes its output
# For sizes [D, C] the first layer is also the last.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        out = super().forward(X)
        return np.tanh(out) if len(self.params) == 2 else out


# %% mlp-forward, mlp-backward: tanh-out-of-exponentials
# tanh becomes inf / inf far out
# Exponentials of sums in the hundreds are too large for a float. Which function of NumPy knows how to avoid them?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self._layers = []
        last = len(self.params) // 2
        h = X
        for k in range(1, last + 1):
            W = self.params[f"W{k}"]
            self._layers.append((h, W))
            h = h @ W + self.params[f"b{k}"]
            if k < last and self.activation == "tanh":
                h = (np.exp(h) - np.exp(-h)) / (np.exp(h) + np.exp(-h))
            elif k < last:
                h = np.maximum(h, 0.0)
        return h


# %% mlp-forward: batch-centred
# The rows are centred over the batch first
# The answer for one row must not depend on the other rows.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        out = super().forward(X - X.mean(axis=0))
        _MLP.forward(self, X)
        return out


_MLP = MLP.__base__


# %% mlp-forward: mlp-single-precision
# The network computes in float32
# Seven digits are enough to train, but not to check a gradient by differences.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        return super().forward(X).astype(np.float32)


# %% mlp-backward: slope-of-the-activation-forgotten
# The gradient passes the activations unchanged
# Going back, every function that was applied on the way has its turn. Which one is missing?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = dout @ W.T
        return grads


# %% mlp-backward: tanh-taken-twice
# The slope of tanh is worked out at the output of tanh
# 1 - tanh(z)²: is what you kept z, or tanh(z) already?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = (dout @ W.T) * (1 - np.tanh(h) ** 2 if self.activation == "tanh" else h > 0)
        return grads


# %% mlp-backward: square-forgotten
# The slope of tanh lacks its square
# At 0 tanh has the slope 1, and it is as steep at -1 as at 1. Does 1 - tanh do that?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = (dout @ W.T) * (1 - h if self.activation == "tanh" else h > 0)
        return grads


# %% mlp-backward: always-the-slope-of-tanh
# ReLU gets the slope of tanh
# Which activation did this model apply?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = (dout @ W.T) * (1 - h**2)
        return grads


# %% mlp-backward: relu-by-the-sign-of-the-gradient
# ReLU lets positive gradients through instead of the gradients of positive units
# Whether a unit was on was settled on the way forward. What did you keep from there?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dh = dout @ W.T
            dout = dh * (1 - h**2) if self.activation == "tanh" else np.maximum(dh, 0)
        return grads


# %% mlp-backward: relu-slope-is-nan-at-the-kink
# The slope of ReLU is z / |z|, which is 0 / 0 at the kink
# With a row of zeros and biases of 0 every sum is exactly 0. Any slope from 0 to 1 will do there; which is yours?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        out = super().forward(X)
        self._sums = [h @ W + self.params[f"b{k}"] for k, (h, W) in enumerate(self._layers, start=1)]
        return out

    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            if k > 1:
                z = self._sums[k - 2]
                dout = (dout @ W.T) * (1 - h**2 if self.activation == "tanh" else (1 + z / abs(z)) / 2)
        return grads


# %% mlp-backward: slope-on-the-last-layer
# The last layer is treated as if it had an activation
# What came out last is a plain sum. Which slope does a plain sum have?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        self.out = super().forward(X)
        return self.out

    def backward(self, dout):
        return super().backward(dout * (1 - self.out**2 if self.activation == "tanh" else self.out > 0))


# %% mlp-backward: averaged-over-the-batch
# The gradients are averaged over the batch
# A mean in the objective has left its 1/N in dout already.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return {name: grad / len(dout) for name, grad in super().backward(dout).items()}


# %% mlp-backward: mlp-upstream-ignored
# The gradient starts from ones
# Ones are right when the objective is the sum of the outputs. Whose gradient is dout?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return super().backward(np.ones_like(dout))


# %% mlp-backward: gradients-of-biases-as-rows
# The gradients of the biases are (1, M)
# Every array of grads has the shape of its parameter.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        return {name: grad[None] if grad.ndim == 1 else grad for name, grad in grads.items()}


# %% mlp-backward: bias-gradients-too-late
# A layer's bias gets the gradient that was meant for the layer before
# The bias stands next to the layer's output. Which dout does it see: the one before or after passing W?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"] = h.T @ dout
            dout = (dout @ W.T) * (1 - h**2 if self.activation == "tanh" else h > 0)
            grads[f"b{k}"] = dout.sum(axis=0)
        return grads


# %% mlp-backward: biases-missing
# The biases get no gradient
# params has biases too; an optimizer will look for their gradients by name.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return {name: grad for name, grad in super().backward(dout).items() if name[0] == "W"}


# %% mlp-backward: extra-key
# grads has a key that params does not have
# An optimizer that goes through grads by name will look for a parameter called X.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return {**super().backward(dout), "X": dout @ self._layers[-1][1].T}


# %% mlp-backward: names-of-derivatives
# The keys are dW1, db1, … instead of those of params
# The caller pairs params and grads by key.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return {f"d{name}": grad for name, grad in super().backward(dout).items()}


# %% mlp-backward: list-instead-of-dict
# The gradients come as a list
# Who is to know which array belongs to which parameter?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        return list(super().backward(dout).values())


# %% mlp-backward: nothing-returned
# The gradients are stored but not returned
# Does your function end with return?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        self.grads = super().backward(dout)


# %% mlp-backward: gradients-of-weights-transposed
# The gradients of the weights are transposed where that fits
# For a square matrix the shapes cannot warn you. Which index of dW counts inputs?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        return {
            name: grad.T if grad.ndim == 2 and grad.shape[0] == grad.shape[1] else grad for name, grad in grads.items()
        }


# %% mlp-backward: accumulated-over-calls
# A second call adds to the first one's gradients
# Call backward twice and compare. What is left in the model from the first time?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        if not hasattr(self, "total"):
            self.total = {name: np.zeros_like(grad) for name, grad in grads.items()}
        self.total = {name: self.total[name] + grad for name, grad in grads.items()}
        return self.total


# %% mlp-backward: buffers-reused
# The arrays that the last call returned are overwritten
# Keep the gradients of one call, make another, and look at what you kept.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        if not hasattr(self, "buffers"):
            self.buffers = grads
        for name, grad in grads.items():
            self.buffers[name][...] = grad
        return self.buffers


# %% mlp-backward: mlp-cache-used-up
# backward works only once after a forward
# Reading what forward left should not remove it.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        while self._layers:
            k = len(self._layers)
            h, W = self._layers.pop()
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = (dout @ W.T) * (1 - h**2 if self.activation == "tanh" else h > 0)
        return grads


# %% mlp-backward: params-updated
# backward makes a training step as well
# Finding the gradients and using them are two jobs. Print params before and after.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        for name, grad in grads.items():
            self.params[name] = self.params[name] - 0.01 * grad
        return grads


# %% mlp-backward: mlp-upstream-overwritten
# dout is overwritten on the way
# dout is the caller's array. Which of your statements writes into it?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        dout *= 0
        return grads


# %% mlp-backward: first-forward-kept
# The gradients are those of the first forward
# Run forward on two batches, then backward. Which batch's sums are in your cache?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        kept = getattr(self, "_layers", None)
        out = super().forward(X)
        self._layers = kept or self._layers
        return out


# %% mlp-backward: cache-never-emptied
# forward adds to the cache of earlier calls
# How long is your list of layers after two forwards?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def forward(self, X):
        kept = getattr(self, "_layers", [])
        out = super().forward(X)
        self._layers = kept + self._layers
        return out


# %% mlp-backward: one-cache-for-all-models
# All models share one cache
# Forward of one model, forward of another, backward of the first: whose sums does it find?
# see: backprop.ipynb#mlp
class MLP(MLP):
    cache = []

    def forward(self, X):
        out = super().forward(X)
        self.cache[:] = self._layers
        self._layers = self.cache
        return out


# %% mlp-backward: layers-in-forward-order
# The layers are visited from first to last
# The first layer has to know what the second one wants. Who knows something at the beginning?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k, (h, W) in enumerate(self._layers, start=1):
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            dout = (dout @ W.T) * (1 - h**2 if self.activation == "tanh" else h > 0)
        return grads


# %% mlp-backward: two-layers-only
# It stops after two layers
# Try a network with two hidden layers. Which gradients stay 0?
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = super().backward(dout)
        last = len(self._layers)
        return {name: grad if int(name[1:]) > last - 2 else np.zeros_like(grad) for name, grad in grads.items()}


# %% mlp-backward: back-through-the-untransposed-weights
# The gradient passes a layer through its weights but not back through the transpose
# Write the shapes of dout and W under the product. It fits only for square layers.
# see: backprop.ipynb#mlp
class MLP(MLP):
    def backward(self, dout):
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"], grads[f"b{k}"] = h.T @ dout, dout.sum(axis=0)
            back = W if W.shape[0] == W.shape[1] else W.T
            dout = (dout @ back) * (1 - h**2 if self.activation == "tanh" else h > 0)
        return grads


# %% affine-backward: wrong-layer-inside-a-right-network
# db counts the rows, and the network is built on it
# The network only passes on what its layers say. Check the layer alone first.
# see: backprop.ipynb#affine
def affine_backward(dout, cache):
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)


class MLP(MLP):
    def forward(self, X):
        self.caches, h = [], X
        last = len(self.params) // 2
        for k in range(1, last + 1):
            if k > 1:
                h = np.tanh(h) if self.activation == "tanh" else np.maximum(h, 0)
            h, cache = affine_forward(h, self.params[f"W{k}"], self.params[f"b{k}"])
            self.caches.append((h, cache))
        return h

    def backward(self, dout):
        grads = {}
        for k in range(len(self.caches), 0, -1):
            z, cache = self.caches[k - 1]
            if k < len(self.caches):
                dout = dout * (1 - np.tanh(z) ** 2 if self.activation == "tanh" else z > 0)
            dout, grads[f"W{k}"], grads[f"b{k}"] = affine_backward(dout, cache)
        return grads


# %% affine-forward: wrong-sums-inside-a-right-network
# The bias is subtracted, and the network is built on it
# The network only passes on what its layers say. Check the layer alone first.
# see: backprop.ipynb#affine
def affine_forward(x, W, b):
    return x @ W - b, {"x": x, "W": W}


def affine_backward(dout, cache):
    return dout @ cache["W"].T, cache["x"].T @ dout, dout.sum(axis=0)


class MLP(MLP):
    def forward(self, X):
        self.caches, h = [], X
        last = len(self.params) // 2
        for k in range(1, last + 1):
            if k > 1:
                h = np.tanh(h) if self.activation == "tanh" else np.maximum(h, 0)
            h, cache = affine_forward(h, self.params[f"W{k}"], self.params[f"b{k}"])
            self.caches.append((h, cache))
        return h

    def backward(self, dout):
        grads = {}
        for k in range(len(self.caches), 0, -1):
            z, cache = self.caches[k - 1]
            if k < len(self.caches):
                dout = dout * (1 - np.tanh(z) ** 2 if self.activation == "tanh" else z > 0)
            dout, grads[f"W{k}"], grads[f"b{k}"] = affine_backward(dout, cache)
        return grads


# %% value-forward: numpy-ints-refused
# Only Python's own numbers are let in
# isinstance(np.int64(2), int) is False. Which numbers does the docstring promise?
# see: backprop.ipynb#value
def as_value(number):
    if isinstance(number, Value):
        return number
    if not isinstance(number, (int, float)):
        raise TypeError("a number is due")
    return Value(number)


# %% value-forward: numpy-int-exponents-refused
# The exponent may only be one of Python's own numbers
# isinstance(np.int64(2), int) is False, and still it is a number.
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        assert isinstance(exponent, (int, float)), "only int and float powers"
        return super().__pow__(exponent)


# %% value-forward: numpy-ints-divided-by-a-power
# Division is a power of -1, which NumPy's ints refuse
# Try np.int64(4) ** -1 at the prompt.
# see: backprop.ipynb#value
class Value(Value):
    def __truediv__(self, other):
        return self * other**-1


# %% value-forward: starts-at-none
# The gradient is None until backward was called
# A node that no backward has reached does not move the result. Which number says so?
# see: backprop.ipynb#value
class Value(Value):
    def __init__(self, data):
        super().__init__(data)
        self.grad = None

    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        order = self.ordered()
        for node in order:
            if node.inputs or node.grad is None:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-forward, value-backward: starts-at-one
# The gradient of every node starts at 1
# Only for one node the slope is 1 from the start. Which one, and when is that known?
# see: backprop.ipynb#value
class Value(Value):
    def __init__(self, data):
        super().__init__(data)
        self.grad = 1.0


# %% value-forward, value-backward: reversed-minus
# 5 - x is computed as x - 5
# Python calls __rsub__ on the right operand. Which of the two is self?
# see: backprop.ipynb#value
class Value(Value):
    def __rsub__(self, other):
        return self - other


# %% value-forward, value-backward: reversed-division
# 5 / x is computed as x / 5
# Python calls __rtruediv__ on the right operand. Which of the two is self?
# see: backprop.ipynb#value
class Value(Value):
    def __rtruediv__(self, other):
        return self / other


# %% value-forward, value-backward: no-number-on-the-left
# A number on the left is not understood
# 2 * x asks 2 first, which knows nothing of Value. Whom does Python ask next?
# see: backprop.ipynb#value
class Value(Value):
    def __rmul__(self, other):
        return NotImplemented


# %% value-forward, value-backward: numpy-gets-an-array
# NumPy's numbers turn a Value on their right into a plain array
# Look at type(np.float64(2) * Value(3)). Who did the multiplication?
# see: backprop.ipynb#value
class Value(Value):
    def __init__(self, data):
        super().__init__(data)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data)

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        if any(isinstance(value, np.floating) for value in inputs):
            return ufunc(*[value.data if isinstance(value, Value) else value for value in inputs])
        return NotImplemented


# %% value-forward, value-backward: whole-division
# Division drops the fraction
# Compare 7 / 2 and 7 // 2.
# see: backprop.ipynb#value
class Value(Value):
    def __truediv__(self, other):
        other = as_value(other)
        result = super().__truediv__(other)
        result.data = self.data // other.data
        return result


# %% value-forward, value-backward: power-through-the-logarithm
# The power is taken through the logarithm, which negative numbers do not have
# What is Value(-3.0) ** 2, and what does your formula do on the way?
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        n = float(exponent)
        return inner_node(math.exp(n * math.log(self.data)), (self,), lambda g: (g * n * self.data ** (n - 1),))


# %% value-forward, value-backward: whole-powers-only
# The power is a loop of products, which knows whole positive exponents only
# What are x ** -1 and x ** 0.5? How often would your loop run?
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        if exponent == -1:
            return super().__pow__(exponent)
        result = Value(1.0)
        for _ in range(int(exponent)):
            result = result * self
        return result


# %% value-forward, value-backward: exponents-cut
# The exponent is turned into an int
# What does int(0.5) give?
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        return super().__pow__(int(exponent))


# %% value-forward, value-backward: tanh-overflows
# tanh is worked out from e^2x, which is too large for a float at x = 800
# tanh never leaves [-1, 1], but the numbers on the way there do. Which side of the fraction can be kept small?
# see: backprop.ipynb#value
class Value(Value):
    def tanh(self):
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return inner_node(t, (self,), lambda g: (g * (1 - t**2),))


# %% value-forward, value-backward: tanh-becomes-nan
# tanh becomes inf / inf
# np.exp does not raise where math.exp does; it gives inf. What is inf divided by inf?
# see: backprop.ipynb#value
class Value(Value):
    def tanh(self):
        with np.errstate(all="ignore"):
            up, down = np.exp(self.data), np.exp(-self.data)
            t = float((up - down) / (up + down))
        return inner_node(t, (self,), lambda g: (g * (1 - t**2),))


# %% value-forward, value-backward: relu-is-abs
# Negative numbers come out positive
# ReLU switches negative numbers off; it does not turn them around.
# see: backprop.ipynb#value
class Value(Value):
    def relu(self):
        return inner_node(abs(self.data), (self,), lambda g: (g if self.data > 0 else -g,))


# %% value-forward, value-backward: operand-changed
# x + y changes x
# After z = x + y, print x.data.
# see: backprop.ipynb#value
class Value(Value):
    def __add__(self, other):
        result = super().__add__(other)
        self.data = result.data
        return result


# %% value-forward, value-backward: minus-in-place
# -x turns x itself around
# After y = -x there should be two numbers.
# see: backprop.ipynb#value
class Value(Value):
    def __neg__(self):
        result = super().__neg__()
        self.data = -self.data
        return result


# %% value-forward, value-backward: power-of-two
# exp is 2 to the power of x
# At x = 1 it should give e, 2.718…
# see: backprop.ipynb#value
class Value(Value):
    def exp(self):
        return inner_node(2.0**self.data, (self,), lambda g: (g * 2.0**self.data,))


# %% value-forward, value-backward: whole-numbers-only
# data is turned into an int
# Value(0.5).data should be 0.5.
# see: backprop.ipynb#value
class Value(Value):
    def __init__(self, data):
        super().__init__(int(data))


# %% value-forward, value-backward: exp-clipped
# exp stops growing at 50
# A float holds e^700. Who asked for a limit, and what is the slope of a curve that stops growing?
# see: backprop.ipynb#value
class Value(Value):
    def exp(self):
        e = math.exp(min(self.data, 50.0))
        return inner_node(e, (self,), lambda g: (g * e,))


# %% value-forward, value-backward: value-single-precision
# data is kept in float32
# Print Value(0.1).data with ten digits.
# see: backprop.ipynb#value
class Value(Value):
    def __init__(self, data):
        super().__init__(np.float32(data))


# %% value-backward: last-use-wins
# A later contribution replaces an earlier one
# In y = x + x both uses of x count. What does = do to what was there?
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.ordered()):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad = gradient


# %% value-backward: handed-on-too-early
# A node hands on its gradient before all contributions are in
# In a graph where x is used by two nodes, one of them may not have had its turn yet. Who has to wait for whom?
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        seen, queue = set(), [self]
        for node in queue:
            for source in node.inputs:
                if source not in seen:
                    seen.add(source)
                    queue.append(source)
        for node in {self, *seen}:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in queue:
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: order-turned-around
# The nodes are visited from the leaves to the end
# Only the last node knows its slope at the beginning. Where must the sweep start?
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        order = self.ordered()
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in order:
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: recursion
# The nodes are put in order by a function that calls itself
# Every node of a chain is one more call inside the last. How many does Python allow? What could remember the way instead?
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for source in node.inputs:
                    visit(source)
                order.append(node)

        visit(self)
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: recursion-on-the-right
# The left operands are followed by a loop, the right ones by a call inside a call
# Try a long chain of 1 - (1 - (1 - …)). Through which operand does it run?
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            spine = []
            while node is not None and node not in seen:
                seen.add(node)
                spine.append(node)
                node = node.inputs[0] if node.inputs else None
            for node in reversed(spine):
                for source in node.inputs[1:]:
                    visit(source)
                order.append(node)

        visit(self)
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: inner-nodes-keep-theirs
# Inner nodes keep what an earlier backward gave them
# Call backward twice. What does an inner node hand on the second time, and how much of it is from the first?
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.ordered()):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: leaves-start-anew
# Leaves lose what an earlier backward gave them
# Two expressions of the same leaf: after backward on both, what should the leaf hold?
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        order = self.ordered()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: other-graphs-wiped
# Every inner node that was ever made starts anew
# Two expressions with nothing in common: after backward on both, what should the nodes of the first hold?
# see: backprop.ipynb#value
class Value(Value):
    made = []

    def __init__(self, data):
        super().__init__(data)
        self.made.append(self)

    def backward(self):
        for node in self.made:
            if node.inputs:
                node.grad = 0.0
        super().backward()


# %% value-backward: second-call-does-nothing
# A node that was visited once is never visited again
# The marks that you leave on nodes are still there at the next backward.
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        if not getattr(self, "done", False):
            super().backward()
        self.done = True


# %% value-backward: only-leaves
# Inner nodes do not keep their slopes
# Every node of the graph has a slope, and .grad is where the caller looks for it.
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        slopes = dict.fromkeys(self.ordered(), 0.0)
        slopes[self] = 1.0
        for node in reversed(self.ordered()):
            for source, gradient in zip(node.inputs, node.pull(slopes[node])):
                slopes[source] += gradient
        for node, slope in slopes.items():
            if not node.inputs:
                node.grad += slope


# %% value-backward: no-start
# The last node's own slope is left at 0
# How fast does L change with L?
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        order = self.ordered()
        for node in order:
            if node.inputs:
                node.grad = 0.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: equal-numbers-taken-for-one
# Nodes with equal numbers are taken for the same node
# Two leaves may both hold 1.0 and still be two leaves. What makes a node that node?
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node.data not in seen:
                seen.add(node.data)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient


# %% value-backward: same-operand-counted-once
# x * x counts x once
# Both factors are x. If x moves, which of them move?
# see: backprop.ipynb#value
class Value(Value):
    def __mul__(self, other):
        result = super().__mul__(other)
        if other is self:
            result.inputs, result.pull = (self,), lambda g: (g * self.data,)
        return result


# %% value-backward: slopes-wiped-by-arithmetic
# Using a node in a new expression wipes its slope
# A second expression of the same leaf is begun, and what the first one left in it is gone. Who set it to 0?
# see: backprop.ipynb#value
class Value(Value):
    def __mul__(self, other):
        self.grad = 0.0
        return super().__mul__(other)


# %% value-backward: factors-mixed-up
# Each factor gets its own value as slope
# If z = x · y, how much does z move when x moves by 1? Try x = 2, y = 10.
# see: backprop.ipynb#value
class Value(Value):
    def __mul__(self, other):
        other = as_value(other)
        return inner_node(self.data * other.data, (self, other), lambda g: (g * self.data, g * other.data))


# %% value-backward: subtrahend-with-a-plus
# Both sides of a difference get a plus
# If y grows, does x - y grow?
# see: backprop.ipynb#value
class Value(Value):
    def __sub__(self, other):
        other = as_value(other)
        return inner_node(self.data - other.data, (self, other), lambda g: (g, g))


# %% value-backward: minus-forgotten-in-negation
# -x has the slope 1
# If x grows, does -x grow?
# see: backprop.ipynb#value
class Value(Value):
    def __neg__(self):
        return inner_node(-self.data, (self,), lambda g: (g,))


# %% value-backward: divisor-without-square
# The slope of a quotient in its divisor lacks a square
# Differentiate 1/y, or write it as a power.
# see: backprop.ipynb#value
class Value(Value):
    def __truediv__(self, other):
        other = as_value(other)
        return inner_node(
            self.data / other.data, (self, other), lambda g: (g / other.data, -g * self.data / other.data)
        )


# %% value-backward: divisor-forgotten
# A divisor gets no gradient
# Both operands may be part of the graph. What if the divisor is what you are after?
# see: backprop.ipynb#value
class Value(Value):
    def __truediv__(self, other):
        return self * (1.0 / as_value(other).data)


# %% value-backward: chain-cut-by-a-number-on-the-left
# A number on the left cuts the chain
# The result of 2 / x depends on x. Which of its inputs does your new node know?
# see: backprop.ipynb#value
class Value(Value):
    def __rtruediv__(self, other):
        return Value(other / self.data)


# %% value-backward: exponent-not-lowered
# The exponent of the slope is not lowered by 1
# What is the slope of x²? And of x to the first?
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        n = float(exponent)
        return inner_node(self.data**n, (self,), lambda g: (g * n * self.data**n,))


# %% value-backward: factor-of-the-power-forgotten
# The exponent does not come down as a factor
# At x = 1 all of x, x² and x³ are 1, but they are not equally steep.
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        n = float(exponent)
        return inner_node(self.data**n, (self,), lambda g: (g * self.data ** (n - 1),))


# %% value-backward: power-divided-by-its-base
# The slope of a power is worked out by dividing by x, which may be 0
# n · xⁿ / x is fine almost everywhere. What is the slope of x² at 0?
# see: backprop.ipynb#value
class Value(Value):
    def __pow__(self, exponent):
        n = float(exponent)
        result = self.data**n
        return inner_node(result, (self,), lambda g: (g * n * result / self.data,))


# %% value-backward: exp-with-its-input
# The slope of exp is taken at the input instead of the output
# Which function is its own slope?
# see: backprop.ipynb#value
class Value(Value):
    def exp(self):
        return inner_node(math.exp(self.data), (self,), lambda g: (g * self.data,))


# %% value-backward: tanh-with-its-input
# The slope of tanh is worked out from the input instead of the output
# 1 - t²: is t what went in or what came out?
# see: backprop.ipynb#value
class Value(Value):
    def tanh(self):
        return inner_node(math.tanh(self.data), (self,), lambda g: (g * (1 - self.data**2),))


# %% value-backward: tanh-slope-overflows
# The slope of tanh is 1 / cosh², which is too large for a float far out
# The slope at 1e4 is 0 for all practical purposes. Can you get it from the value of tanh?
# see: backprop.ipynb#value
class Value(Value):
    def tanh(self):
        return inner_node(math.tanh(self.data), (self,), lambda g: (g / math.cosh(self.data) ** 2,))


# %% value-backward: relu-always-open
# ReLU lets every gradient through
# If x is negative and moves a little, does ReLU's output move?
# see: backprop.ipynb#value
class Value(Value):
    def relu(self):
        return inner_node(max(self.data, 0.0), (self,), lambda g: (g,))


# %% value-backward: value-relu-by-the-sign-of-the-gradient
# ReLU lets positive gradients through
# Whether the gate is open was settled by the number that went in.
# see: backprop.ipynb#value
class Value(Value):
    def relu(self):
        return inner_node(max(self.data, 0.0), (self,), lambda g: (max(g, 0.0),))


# %% value-backward: relu-slope-without-upstream
# ReLU answers 1 or 0 instead of handing on what it was told
# An open gate passes on what comes in. How large is that?
# see: backprop.ipynb#value
class Value(Value):
    def relu(self):
        return inner_node(max(self.data, 0.0), (self,), lambda g: (1.0 if self.data > 0 else 0.0,))


# %% value-backward: slope-at-the-kink-undefined
# The slope of ReLU at 0 is nan
# At the kink any slope from 0 to 1 will do, but it has to be a number.
# see: backprop.ipynb#value
class Value(Value):
    def relu(self):
        slope = 1.0 if self.data > 0 else 0.0 if self.data < 0 else math.nan
        return inner_node(max(self.data, 0.0), (self,), lambda g: (g * slope,))


# %% value-backward: value-rounded
# The slopes are rounded for display
# Printing prettily is one thing, computing with rounded numbers another.
# see: backprop.ipynb#value
class Value(Value):
    def ordered(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)
        return order

    def backward(self):
        super().backward()
        for node in self.ordered():
            node.grad = round(node.grad, 4)


# %% value-backward: order-by-depth-of-first-visit
# The nodes are ordered by how soon they are found from the end
# A node can be found early on a short way and be needed again on a longer one.
# see: backprop.ipynb#value
class Value(Value):
    def backward(self):
        depth, queue = {self: 0}, [self]
        for node in queue:
            for source in node.inputs:
                if source not in depth:
                    depth[source] = depth[node] + 1
                    queue.append(source)
        for node in queue:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in sorted(queue, key=depth.get):
            for source, gradient in zip(node.inputs, node.pull(node.grad)):
                source.grad += gradient
