"""Mistakes that people make in the neuron assignment, each a cell that is put after the reference solution.

The first comment line of a cell names the mistake, the next ones lead to the insight without giving the line away.
"""
# What stands here is how students write, so no rule of style applies.
# ruff: noqa: PGH004
# ruff: noqa


# %% weighted-sum: bias-forgotten
# The bias is left out
# Feed the neuron a row of zeros. Which number should come out, whatever the weights are?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return x @ w


# %% weighted-sum: bias-subtracted
# The bias is subtracted
# Some books write a threshold that the sum must exceed; here the sum is shifted by b. What happens to z when b grows?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return x @ w - b


# %% weighted-sum: products-not-added
# The products are never added up
# Print the shape of your result beside the shape in the docstring. One example should give one number, not D of them.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return x * w + b


# %% weighted-sum: summed-over-examples
# The sum runs over the examples instead of the features
# Rows are examples. Which index stays in z[n], and which one is summed away?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return (x * w).sum(axis=0) + b


# %% weighted-sum: summed-over-everything
# Everything is summed into one number
# Two examples must not mix: each row of x gets a sum of its own.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return (x * w).sum() + b


# %% weighted-sum: weighted-sum-column-instead-of-vector
# The result is a column (N, 1) instead of a vector (N,)
# A column and a vector look alike until they meet: subtract one from the other and look at the shape.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return (x * w).sum(axis=1, keepdims=True) + b


# %% weighted-sum: mean-of-the-products
# The products are averaged, not summed
# It works for one feature and fails for two. What did the number of features do to your result?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return (x * w).mean(axis=1) + b


# %% weighted-sum: bias-once-per-feature
# The bias is added once for every feature
# It works for one feature and fails for two. How often does b occur in the formula, and how often in your program?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return (x * w + b).sum(axis=1)


# %% weighted-sum: bias-added-to-the-weights
# The bias is added to the weights
# With a bias inside the sum, it is multiplied by the inputs. Should it still act when all inputs are 0?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return x @ (w + b)


# %% weighted-sum: weights-from-the-left
# The weights multiply from the left
# Square examples hide it, since both products exist there. Write the shapes of both operands next to each other.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return w @ x + b


# %% weighted-sum: first-row-only
# Only the first example is computed
# A single example works, and a batch does not. How many rows does x have, and how many numbers do you return?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return np.array([x[0] @ w + b])


# %% weighted-sum: last-feature-skipped
# The loop stops one feature early
# Let only the last weight be different from 0 and see what is left of the sum.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    z = np.full(len(x), float(b))
    for d in range(len(w) - 1):
        z += x[:, d] * w[d]
    return z


# %% weighted-sum: weighted-sum-integer-result
# The result array inherits the inputs' integer type
# An integer array silently drops the fraction of whatever you write into it. Which dtype did you give to the array?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    z = np.zeros(x.shape[0], dtype=x.dtype)
    for n in range(x.shape[0]):
        z[n] = x[n] @ w + b
    return z


# %% weighted-sum: weighted-sum-inputs-overwritten
# The inputs are multiplied in place
# An array that a function gets is the caller's own. Look at x before and after the call.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    x *= w
    return x.sum(axis=1) + b


# %% weighted-sum: weighted-sum-squeezed-away
# A single example loses its dimension
# Squeezing removes every dimension of length 1, also one that means something. Try N = 1.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return np.squeeze(x @ w[:, np.newaxis] + b)


# %% weighted-sum: weighted-sum-single-precision
# The sum is computed in single precision
# Half of the digits are gone. A float64 array keeps about 16 of them, a float32 array 7.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return x.astype(np.float32) @ w.astype(np.float32) + b


# %% weighted-sum: rounded
# The result is rounded
# Rounding makes numbers pretty to read and wrong to compute with. Round where you print, never where you return.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return np.round(x @ w + b, 4)


# %% weighted-sum: list-instead-of-array
# A list is returned
# Whoever calls this wants to go on computing with the result. What does a list do when you multiply it by 2?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    return [sum(x_i * w_i for x_i, w_i in zip(row, w)) + b for row in x]


# %% weighted-sum: result-not-returned
# The result is computed but not returned
# A function without a return statement answers None, however much it has computed.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    z = x @ w + b


# %% weighted-sum: weighted-sum-order-in-memory
# The numbers are taken in the order in which they lie in memory
# Two equal arrays may lie differently in memory: compare x with x.copy(order="F"). Only indices tell what is a row.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    flat = x.ravel(order="K")
    return np.array([flat[n * len(w) : (n + 1) * len(w)] @ w + b for n in range(len(x))])


# %% weighted-sum: global-generator-reseeded
# The global random generator is reseeded
# Nothing here is random. A seed that is set in passing changes what every other program draws afterwards.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    np.random.seed(0)
    return x @ w + b


# %% weighted-sum: sum-carried-over
# The sum goes on from the last call
# A default value is made once, when the function is defined, and every call gets the same one. Call it twice.
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b, total={"so far": 0.0}):
    total["so far"] = total["so far"] + x @ w + b
    return np.atleast_1d(total["so far"])


# %% weighted-sum: last-batch-dropped
# What is left over after the last full batch is dropped
# Give it 1,001 examples. Cut into pieces of 100, how many examples has the last piece, and who computes it?
# see: neuron.ipynb#weighted-sum
def weighted_sum(x, w, b):
    if len(x) <= 100:
        return x @ w + b
    return np.concatenate([x[n : n + 100] @ w + b for n in range(0, len(x) - 99, 100)])


# %% sigmoid: minus-forgotten
# The exponent's sign is lost
# The curve must rise with z. Follow what e^z does as z grows, then what 1 / (1 + it) does.
# see: neuron.ipynb#activations
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(z))


# %% sigmoid: sigmoid-overflow
# The exponential overflows for very negative numbers
# The result is right, but on the way to it e^1000 does not fit into a float64. Which power of e is always harmless?
# see: neuron.ipynb#activations
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


# %% sigmoid: ratio-of-infinities
# A ratio of two exponentials becomes infinity by infinity
# Both forms of the sigmoid are equal on paper. Which of numerator and denominator leaves the range of float64 first?
# see: neuron.ipynb#activations
def sigmoid(z):
    return np.exp(z) / (1.0 + np.exp(z))


# %% sigmoid: both-branches-computed
# Both branches are computed everywhere
# np.where chooses between two finished arrays; it does not keep the unchosen formula from being evaluated.
# see: neuron.ipynb#activations
def sigmoid(z):
    return np.where(z >= 0, 1.0 / (1.0 + np.exp(-z)), np.exp(z) / (1.0 + np.exp(z)))


# %% sigmoid: clipped-at-30
# The argument is clipped much too early
# Clipping does stop the overflow, but where does e^-z really overflow, and what is the sigmoid of -40?
# see: neuron.ipynb#activations
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))


# %% sigmoid: clipped-at-500
# The argument is clipped a little too early
# Look up the largest number that a float64 holds and take its logarithm: there is room beyond 500.
# see: neuron.ipynb#activations
def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -500, 500)))


# %% sigmoid: left-tail-through-tanh
# The left tail is lost in a subtraction
# For very negative z, two numbers that agree in nearly all digits are subtracted. How many digits survive that?
# see: neuron.ipynb#activations
def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


# %% sigmoid: left-tail-by-symmetry
# The left tail is computed as 1 minus the right one
# On paper the sigmoid of -z is 1 minus that of z. In floating point, what is 1 - 1/(1 + e^-50)?
# see: neuron.ipynb#activations
def sigmoid(z):
    right = 1.0 / (1.0 + np.exp(-np.abs(z)))
    return np.where(z >= 0, right, 1.0 - right)


# %% sigmoid: tails-cut-off
# The tails are set to 0 and 1
# Tiny is not 0: a logarithm comes next, in the losses, and the logarithm of 0 ends the training.
# see: neuron.ipynb#activations
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    values = np.where(z > 36, 1.0, 0.0)
    middle = np.abs(z) <= 36
    values[middle] = 1.0 / (1.0 + np.exp(-z[middle]))
    return values


# %% sigmoid: sigmoid-single-precision
# The exponential is computed in single precision
# Single precision has 7 digits and ends at about e^88; the task asks for 12 digits, down to e^-700.
# see: neuron.ipynb#activations
def sigmoid(z):
    with np.errstate(over="ignore"):
        return (1.0 / (1.0 + np.exp(-z.astype(np.float32)))).astype(np.float64)


# %% sigmoid: sigmoid-integer-result
# The result array inherits the argument's integer type
# All values lie between 0 and 1. What is left of them in an array of integers?
# see: neuron.ipynb#activations
def sigmoid(z):
    values = np.empty_like(z)
    e = np.exp(-np.abs(z))
    values[...] = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return values


# %% sigmoid: epsilon-in-the-denominator
# A small constant in the denominator that does not belong there
# 1 + e^-z is never 0, so nothing has to be kept from dividing by it; but the constant moves every value a little.
# see: neuron.ipynb#activations
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e + 1e-8)


# %% sigmoid: argument-negated-in-place
# The argument is negated in place
# The caller still needs z, for the backward pass for instance. Look at it before and after the call.
# see: neuron.ipynb#activations
def sigmoid(z):
    np.negative(z, out=z)
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(z))


# %% sigmoid: math-module-on-arrays
# A function of the math module is called with an array
# The math module knows single numbers only. Which module has functions of the same names for arrays?
# see: neuron.ipynb#activations
import math


def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))


# %% sigmoid: softmax-instead
# The values are divided by their sum
# Sigmoid treats every entry by itself: an entry's value must not change when another entry does.
# see: neuron.ipynb#activations
def sigmoid(z):
    e = np.exp(z - z.max())
    return e / e.sum()


# %% sigmoid: sigmoid-straight-line-instead
# A straight line stands in for the curve
# The "hard" sigmoid is a cheap imitation. Plot both and look at z = 2 and z = 3.
# see: neuron.ipynb#activations
def sigmoid(z):
    return np.clip(0.2 * z + 0.5, 0.0, 1.0)


# %% sigmoid: from-minus-one-to-one
# The values run from -1 to 1
# There are two famous S-shaped curves. Which one passes through 0, and which through one half?
# see: neuron.ipynb#activations
def sigmoid(z):
    return np.tanh(0.5 * z)


# %% sigmoid: e-is-2.718
# e is typed in with four digits
# A constant with four digits gives results with four digits, and the error grows with the exponent.
# see: neuron.ipynb#activations
def sigmoid(z):
    e = 2.718 ** -np.abs(z)
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


# %% sigmoid: tables-only
# It works for tables only
# The docstring says: any shape. Two nested loops know rows and columns; what do they do with a plain vector?
# see: neuron.ipynb#activations
def sigmoid(z):
    values = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            e = np.exp(-abs(z[i, j]))
            values[i, j] = (1.0 if z[i, j] >= 0 else e) / (1.0 + e)
    return values


# %% sigmoid: sigmoid-order-in-memory
# The entries are visited in the order in which they lie in memory
# Every value is right, but not every one is in its place. Try a transposed array: np.arange(6.0).reshape(2, 3).T.
# see: neuron.ipynb#activations
def sigmoid(z):
    e = [np.exp(-abs(entry)) for entry in np.nditer(z)]
    values = [(1.0 if entry >= 0 else small) / (1.0 + small) for entry, small in zip(np.nditer(z), e)]
    return np.array(values).reshape(z.shape)


# %% sigmoid: one-array-for-all-answers
# Every answer is written into the same array
# Keep the answer to a first call, make a second call, and look at the first answer again.
# see: neuron.ipynb#activations
def sigmoid(z, room={}):
    values = room.setdefault(z.shape, np.empty(z.shape))
    e = np.exp(-np.abs(z))
    values[...] = np.where(z >= 0, 1.0, e) / (1.0 + e)
    return values


# %% tanh: tanh-overflow
# Infinity is divided by infinity
# For z = 1000 both numerator and denominator overflow. Is there a way to the same value without large powers?
# see: neuron.ipynb#activations
def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# %% tanh: overflow-of-the-square
# Infinity is divided by infinity, because of e^2z
# The shorter formula needs a power twice as high, so it breaks at half the distance. Try z = 400.
# see: neuron.ipynb#activations
def tanh(z):
    return (np.exp(2.0 * z) - 1.0) / (np.exp(2.0 * z) + 1.0)


# %% tanh: sinh-over-cosh
# Infinity is divided by infinity, hidden in sinh and cosh
# sinh and cosh are made of e^z and e^-z, so they overflow where those do. Try z = 1000.
# see: neuron.ipynb#activations
def tanh(z):
    return np.sinh(z) / np.cosh(z)


# %% tanh: right-for-positive-only
# Only one side is safe from overflow
# You protected large positive z. The curve is odd, so look at the other side too: z = -1000.
# see: neuron.ipynb#activations
def tanh(z):
    return (1.0 - np.exp(-2.0 * z)) / (1.0 + np.exp(-2.0 * z))


# %% tanh: sigmoid-not-stretched
# The sigmoid is stretched upwards but not sideways
# tanh is a sigmoid made twice as high and twice as steep. Compare the slopes of both at 0.
# see: neuron.ipynb#activations
def tanh(z):
    return 2.0 / (1.0 + np.exp(-np.clip(z, -700, 700))) - 1.0


# %% tanh: tanh-sign-flipped
# The terms of the numerator are swapped
# A positive number must give a positive number. Which of e^z and e^-z is the larger one then?
# see: neuron.ipynb#activations
def tanh(z):
    return -np.tanh(z)


# %% tanh: without-hyperbolic
# The ordinary tangent is taken
# The h stands for hyperbolic. The tangent of trigonometry has poles; this curve stays between -1 and 1.
# see: neuron.ipynb#activations
def tanh(z):
    return np.tan(z)


# %% tanh: arc-tangent-instead
# The arc tangent is taken
# Both curves are S-shaped, but where does each of them end for large z?
# see: neuron.ipynb#activations
def tanh(z):
    return np.arctan(z)


# %% tanh: tanh-straight-line-instead
# The curve is a clipped straight line
# Near 0 the two agree, at the corners they do not. What is tanh of 1?
# see: neuron.ipynb#activations
def tanh(z):
    return np.clip(z, -1.0, 1.0)


# %% tanh: from-zero-to-one
# The values run from 0 to 1
# There are two famous S-shaped curves. Which one is 0 at 0?
# see: neuron.ipynb#activations
def tanh(z):
    return 0.5 * (np.tanh(z) + 1.0)


# %% tanh: series-cut-short
# A few terms of the series stand in for the curve
# The series is fine near 0. Put in z = 3: can a polynomial stay between -1 and 1?
# see: neuron.ipynb#activations
def tanh(z):
    z = np.asarray(z, dtype=float)
    return z - z**3 / 3.0 + 2.0 * z**5 / 15.0


# %% tanh: clipped-at-5
# The argument is clipped too early
# At z = 5 the curve has not arrived at 1 yet: the difference is still about 1e-4.
# see: neuron.ipynb#activations
def tanh(z):
    return np.tanh(np.clip(z, -5.0, 5.0))


# %% tanh: tanh-integer-result
# The result is cut to the argument's integer type
# The tangent of an integer is no integer. Which values can an array of integers hold between -1 and 1?
# see: neuron.ipynb#activations
def tanh(z):
    return np.tanh(z).astype(z.dtype)


# %% tanh: shape-lost
# The result is flattened
# The docstring says that the shape stays. Print it for a table.
# see: neuron.ipynb#activations
def tanh(z):
    return np.array([np.tanh(entry) for entry in z.ravel()])


# %% tanh: slope-instead-of-value
# The slope is returned instead of the value
# How steep the curve is will matter on the way back. What does the neuron send on, on the way forward?
# see: neuron.ipynb#activations
def tanh(z):
    return 1.0 - np.tanh(z) ** 2


# %% tanh: saved-result-returned
# The first result is kept and given out again
# Your function remembers something between two calls. Call it with two different arrays of one shape.
# see: neuron.ipynb#activations
def tanh(z, seen={}):
    if z.shape not in seen:
        seen[z.shape] = np.tanh(z)
    return seen[z.shape]


# %% relu: negative-side-kept
# The negative numbers pass and the positive ones do not
# Rectifying current lets one direction through. Which one?
# see: neuron.ipynb#activations
def relu(z):
    return np.minimum(z, 0)


# %% relu: absolute-value
# Negative numbers are flipped instead of stopped
# A ReLU is silent for negative numbers, all of them. What does yours answer for -3?
# see: neuron.ipynb#activations
def relu(z):
    return np.abs(z)


# %% relu: maximum-along-an-axis
# The largest entry along an axis is taken
# np.max and np.maximum are different things: one finds the largest entry of an array, the other compares two arrays.
# see: neuron.ipynb#activations
def relu(z):
    return np.max(z, 0)


# %% relu: python-max
# Python's max is used on an array
# Python asks the whole array whether it is larger than 0, and an array has no single answer to that.
# see: neuron.ipynb#activations
def relu(z):
    return max(0.0, z)


# %% relu: dtype-of-the-first-entry
# The first entry decides about the dtype of all
# np.vectorize looks at the first value that it gets back. What is the type of your 0, and what becomes of 2.5 then?
# see: neuron.ipynb#activations
def relu(z):
    return np.vectorize(lambda entry: entry if entry > 0 else 0)(z)


# %% relu: relu-argument-overwritten
# The argument is overwritten
# The backward pass needs z as it was. Look at it before and after the call.
# see: neuron.ipynb#activations
def relu(z):
    z[z < 0] = 0
    return z


# %% relu: step-function
# Every positive number becomes 1
# That is the step of the first perceptrons, from 1958. A ReLU lets positive numbers pass as they are.
# see: neuron.ipynb#activations
def relu(z):
    return np.where(z > 0, 1.0, 0.0)


# %% relu: relu-zero-by-zero
# At 0, zero is divided by zero
# z / |z| is the sign of z, except in one place. Which one?
# see: neuron.ipynb#activations
def relu(z):
    return z * (1.0 + z / np.abs(z)) / 2.0


# %% relu: smoothed
# The corner is rounded off
# That is softplus, a smooth relative. What are both of them at exactly 0?
# see: neuron.ipynb#activations
def relu(z):
    return np.logaddexp(0.0, z)


# %% relu: capped-at-6
# Large numbers are cut off
# There is a variant that stops at 6, made for small devices. This one has no upper limit.
# see: neuron.ipynb#activations
def relu(z):
    return np.clip(z, 0, 6)


# %% relu: relu-threshold-at-1
# Numbers between 0 and 1 are stopped too
# With integers it looks right. Where exactly is the bend: at 0 or at 1?
# see: neuron.ipynb#activations
def relu(z):
    return np.where(z >= 1, z, 0)


# %% relu: relu-negatives-removed
# Negative entries are removed instead of set to 0
# The shape stays. If entries vanish, which weight would the next layer put on which of them?
# see: neuron.ipynb#activations
def relu(z):
    return z[z > 0]


# %% relu: list-of-rows
# A list is returned, and only vectors work
# A loop over a table gives its rows, not its entries. And what should come back is an array.
# see: neuron.ipynb#activations
def relu(z):
    return [max(0.0, entry) for entry in z]


# %% relu: never-quite-zero
# Negative numbers become a tiny positive number
# A small constant guards a logarithm or a division, and there is neither here. relu(-1) is 0, not almost 0.
# see: neuron.ipynb#activations
def relu(z):
    return np.maximum(z, 1e-7)


# %% relu: whole-rows-stopped
# A whole row is stopped together
# Every entry decides for itself. Try a row with one negative and one positive number.
# see: neuron.ipynb#activations
def relu(z):
    return np.where(z.sum(axis=-1, keepdims=True) > 0, z, 0)


# %% relu: relu-small-numbers-stopped
# Small positive numbers are taken for 0
# A tolerance has its place where two results of rounding are compared. Here z itself says on which side of 0 it is.
# see: neuron.ipynb#activations
def relu(z):
    return np.where(z > 1e-6, z, 0.0)


# %% leaky-relu: leaky-relu-sides-swapped
# The leak is on the positive side
# A positive number must come out as it went in. On which side is the slope small?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.where(z > 0, negative_slope * z, z)


# %% leaky-relu: leaky-relu-wrong-default
# The default slope is 0.1
# Other libraries have other defaults. Compare yours with the first line of the exercise.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.1):
    return np.where(z > 0, z, negative_slope * z)


# %% leaky-relu: default-missing
# The slope has no default
# Most callers want the usual slope and do not name it. Read the first line of the stub once more, up to its end.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope):
    return np.where(z > 0, z, negative_slope * z)


# %% leaky-relu: leaky-relu-slope-ignored
# The slope that the caller asks for is ignored
# It works with the default. Where in your program does the name of the second argument occur?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.where(z > 0, z, 0.01 * z)


# %% leaky-relu: slope-instead-of-product
# Negative numbers are replaced by the slope itself
# On the negative side there is a line through 0, not a level. What should -1 and -2 become?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.where(z > 0, z, negative_slope)


# %% leaky-relu: leaky-relu-integer-result
# The leak is written into an array of integers
# 0.01 times -3 is -0.03. What does an integer array make of it?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    out = np.zeros_like(z)
    out[z > 0] = z[z > 0]
    out[z <= 0] = negative_slope * z[z <= 0]
    return out


# %% leaky-relu: copy-keeps-integers
# A copy of integers is multiplied by a fraction in place
# Copying keeps the dtype. With integers, NumPy refuses to put the product back where it came from.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    out = z.copy()
    out[out < 0] *= negative_slope
    return out


# %% leaky-relu: leaky-relu-argument-overwritten
# The argument is overwritten
# The backward pass needs z as it was. Look at it before and after the call.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    if z.dtype.kind != "f":
        z = z.astype(float)
    z[z < 0] *= negative_slope
    return z


# %% leaky-relu: negative-side-flipped
# The leak has the wrong sign
# Walk from the right to the left: after 0, does the line go on falling, or does it rise again?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.where(z > 0, z, -negative_slope * z)


# %% leaky-relu: exponential-instead
# The negative side is curved
# That is the exponential linear unit, a relative. A leaky ReLU is made of two straight lines.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.where(z > 0, z, negative_slope * np.expm1(np.minimum(z, 0)))


# %% leaky-relu: compared-with-the-slope
# z is compared with the slope instead of with the other line
# Draw both lines, z and slope times z, and ask which one is on top on each side of 0.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.maximum(z, negative_slope)


# %% leaky-relu: lower-line-taken
# The lower of the two lines is taken
# Draw both lines, z and slope times z. Which one should you follow on each side of 0?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.minimum(z, negative_slope * z)


# %% leaky-relu: leaky-relu-leak-everywhere
# The leak is added on the positive side too
# What comes out for z = 1? Is the leak meant for all numbers or only for those that would be stopped?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.maximum(z, 0) + negative_slope * z


# %% leaky-relu: leaky-relu-zero-taken-for-missing
# A slope of 0 is taken for no slope at all
# In Python 0 counts as false, so "this or that" passes over it. A slope of 0 is legal: it is the plain ReLU.
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=None):
    negative_slope = negative_slope or 0.01
    return np.where(z > 0, z, negative_slope * z)


# %% leaky-relu: if-with-an-array
# An if statement asks a whole array
# "if" needs one answer, and an array has as many as it has entries. How does NumPy choose entry by entry?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    if z > 0:
        return z
    return negative_slope * z


# %% leaky-relu: leaky-relu-no-leak
# Nothing leaks
# That is the plain ReLU. What should be left of -100 with a slope of 0.01?
# see: neuron.ipynb#activations
def leaky_relu(z, negative_slope=0.01):
    return np.maximum(z, 0)


# %% sigmoid-backward: sigmoid-backward-argument-taken-for-the-value
# z is taken for the value of the sigmoid
# The short formula for the slope is written with the value of the sigmoid. What you are given is its argument.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    return dout * z * (1.0 - z)


# %% sigmoid-backward: sigmoid-backward-upstream-forgotten
# The upstream gradient is not used
# You return the slope of the sigmoid alone. By the chain rule, what must it be multiplied by?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return s * (1.0 - s)


# %% sigmoid-backward: half-the-product
# One factor of the slope is missing
# Far to the right the curve is flat, so hardly any gradient may pass. What does your formula say there?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    return dout * sigmoid(z)


# %% sigmoid-backward: sigmoid-backward-sign-flipped
# The gradient has the wrong sign
# The curve rises everywhere, so its slope is positive. Differentiate 1 / (1 + e^-z) again and mind both minuses.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return dout * s * (s - 1.0)


# %% sigmoid-backward: slope-of-tanh
# The slope of tanh is used
# Two S-shaped curves, two slopes. How steep is the sigmoid at 0, where it is steepest?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    return dout * (1.0 - sigmoid(z) ** 2)


# %% sigmoid-backward: sigmoid-backward-parentheses-forgotten
# The upstream gradient multiplies one term only
# With dout = 1 it is right. Multiplication comes before subtraction: where does a pair of parentheses belong?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return dout * s - s**2


# %% sigmoid-backward: summed-up
# The gradient is summed over all entries
# Every entry of z has a slope of its own, so the gradient is shaped as z.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return (dout * s * (1.0 - s)).sum()


# %% sigmoid-backward: divided-by-the-batch
# The gradient is divided by the number of rows
# If the objective is a mean, the loss has divided already and dout is small. Who else should divide?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return dout * s * (1.0 - s) / len(z)


# %% sigmoid-backward: quotient-rule-not-simplified
# The quotient rule, not simplified, subtracts infinity from infinity
# Your formula is right on paper. Simplify it until no power of e stands alone, or try z = 400.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    e = np.exp(z)
    return dout * (e * (1.0 + e) - e * e) / (1.0 + e) ** 2


# %% sigmoid-backward: sigmoid-backward-integer-result
# The gradient is written into an array shaped and typed like z
# When z holds integers, so does an array that is made in its likeness, and a slope of 0.25 becomes 0.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    dz = np.zeros_like(z)
    dz[...] = dout * s * (1.0 - s)
    return dz


# %% sigmoid-backward: sigmoid-backward-upstream-overwritten
# The upstream gradient is overwritten
# dout is the caller's; in a network with branches it is needed again. Look at it before and after the call.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    if dout.dtype.kind != "f":
        dout = dout.astype(float)
    dout *= s * (1.0 - s)
    return dout


# %% sigmoid-backward: sigmoid-applied-twice
# The sigmoid is applied twice
# The slope is needed at z, so the sigmoid is taken of z, once.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(sigmoid(z))
    return dout * s * (1.0 - s)


# %% sigmoid-backward: arguments-swapped
# The arguments are in the wrong order
# Every backward function of this course takes the upstream gradient first.
# see: neuron.ipynb#gradients
def sigmoid_backward(z, dout):
    s = sigmoid(z)
    return dout * s * (1.0 - s)


# %% sigmoid-backward: difference-quotient
# The slope is a difference quotient
# A difference over a small step is nearly the slope. You can find the exact one with pencil and paper.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    step = 1e-5
    return dout * (sigmoid(z + step) - sigmoid(z)) / step


# %% sigmoid-backward: slope-never-zero
# A small constant keeps the slope from vanishing
# Far out the sigmoid really is flat. A constant added there points the training in directions that do not exist.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return dout * (s * (1.0 - s) + 1e-7)


# %% sigmoid-backward: sigmoid-backward-upstream-summed-first
# The upstream gradient is added up before it is used
# Entry by entry: the change of z[3] acts on the objective through the value of entry 3 alone.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return dout.sum() * s * (1.0 - s)


# %% sigmoid-backward: dot-product
# A dot product is used where a product of entries is due
# @ and np.dot multiply and then add. Which shape must come out?
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(z)
    return np.dot(dout, s * (1.0 - s))


# %% sigmoid-backward: clipped-at-10
# The argument is clipped too early
# At z = 10 the slope is small, about 5e-5, but not 0; beyond, it goes on falling.
# see: neuron.ipynb#gradients
def sigmoid_backward(dout, z):
    s = sigmoid(np.clip(z, -10, 10))
    return dout * s * (1.0 - s)


# %% tanh-backward: tanh-backward-argument-taken-for-the-value
# z is taken for the value of tanh
# The short formula for the slope is written with the value of tanh. What you are given is its argument.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * (1.0 - z**2)


# %% tanh-backward: tanh-backward-upstream-forgotten
# The upstream gradient is not used
# You return the slope of tanh alone. By the chain rule, what must it be multiplied by?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return 1.0 - tanh(z) ** 2


# %% tanh-backward: square-forgotten
# The square is missing
# The slope of tanh is the same at z and at -z. Is yours?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * (1.0 - tanh(z))


# %% tanh-backward: plus-for-minus
# The slope grows where it should vanish
# Far out the curve is flat. Your slope becomes 2 there: which sign is wrong?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * (1.0 + tanh(z) ** 2)


# %% tanh-backward: slope-of-the-sigmoid
# The slope of the sigmoid is used
# At 0 the curve of tanh is as steep as the diagonal. What does your formula give there?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    t = tanh(z)
    return dout * t * (1.0 - t)


# %% tanh-backward: tanh-backward-parentheses-forgotten
# The upstream gradient multiplies one term only
# With dout = 1 it is right. Multiplication comes before subtraction: where does a pair of parentheses belong?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * 1.0 - tanh(z) ** 2


# %% tanh-backward: upstream-inside-the-square
# The upstream gradient ends up inside the square
# Double dout and the gradient must double. What does yours do?
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout - (dout * tanh(z)) ** 2


# %% tanh-backward: tanh-backward-integer-result
# The slope is cut to the argument's integer type
# A slope between 0 and 1 does not survive in an array of integers.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * (1.0 - tanh(z) ** 2).astype(z.dtype)


# %% tanh-backward: upstream-clipped
# The upstream gradient is clipped
# Clipping gradients is a trick of the training loop. A backward function passes on what it gets, however large.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return np.clip(dout, -1.0, 1.0) * (1.0 - tanh(z) ** 2)


# %% tanh-backward: cosh-not-squared
# The hyperbolic cosine is not squared
# Differentiate sinh / cosh with the quotient rule and mind the power below the line.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout / np.cosh(z)


# %% tanh-backward: summed-over-rows
# The gradient is summed over the rows
# Only what many rows share, such as a weight, collects a sum. Every entry of z belongs to one row.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return (dout * (1.0 - tanh(z) ** 2)).sum(axis=0)


# %% tanh-backward: tanh-backward-upstream-overwritten
# The upstream gradient is overwritten
# dout is the caller's; in a network with branches it is needed again. Look at it before and after the call.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    slope = 1.0 - tanh(z) ** 2
    if dout.dtype.kind != "f":
        return dout * slope
    np.multiply(dout, slope, out=dout)
    return dout


# %% tanh-backward: tanh-of-tanh
# tanh is applied twice
# The slope is needed at z. You take it at the value instead.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z):
    return dout * (1.0 - tanh(tanh(z)) ** 2)


# %% tanh-backward: gradients-added-up
# Each call adds to the last one
# Gradients add up where a value is used twice, and that is the caller's business. Call the function twice.
# see: neuron.ipynb#gradients
def tanh_backward(dout, z, gradients={}):
    gradients[z.shape] = gradients.get(z.shape, 0.0) + dout * (1.0 - tanh(z) ** 2)
    return gradients[z.shape]


# %% relu-backward: times-the-value
# The upstream gradient is multiplied by the value instead of the slope
# For z = 5 the ReLU answers 5. If z grows by a little, by how much does the answer grow?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * relu(z)


# %% relu-backward: relu-backward-upstream-forgotten
# The upstream gradient is not used
# You return the slope of the ReLU alone. By the chain rule, what must it be multiplied by?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return np.where(z > 0, 1.0, 0.0)


# %% relu-backward: relu-backward-gate-on-the-gradient
# The gate looks at the gradient instead of at z
# Which numbers were stopped on the way forward? The same places are closed on the way back, whatever dout is there.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return np.maximum(dout, 0)


# %% relu-backward: two-gates
# Negative gradients are stopped as well
# A gradient may be negative: it says that the loss falls when z grows. Is that a reason to stop it?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * (z > 0) * (dout > 0)


# %% relu-backward: wrong-side
# The gradient passes on the negative side
# Where the forward pass is silent, a small change of z changes nothing.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * (z < 0)


# %% relu-backward: relu-backward-upstream-overwritten
# The upstream gradient is overwritten
# dout is the caller's; in a network with branches it is needed again. Look at it before and after the call.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    dout[z <= 0] = 0
    return dout


# %% relu-backward: relu-backward-integer-result
# The gradient is written into an array shaped and typed like z
# When z holds integers, an array made in its likeness drops the fractions of the gradient.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    dz = np.zeros_like(z)
    dz[z > 0] = dout[z > 0]
    return dz


# %% relu-backward: minus-one-on-the-left
# The slope on the negative side is -1
# That is the slope of the absolute value. How steep is the ReLU where it is 0?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * np.where(z >= 0, 1.0, -1.0)


# %% relu-backward: relu-backward-zero-by-zero
# At 0, zero is divided by zero
# relu(z) / z is the slope, except in one place, where it is not a number. Any slope from 0 to 1 would be right there.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * relu(z) / z


# %% relu-backward: relu-backward-threshold-at-1
# No gradient passes between 0 and 1
# With integers it looks right. Where exactly is the bend: at 0 or at 1?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return np.where(z >= 1, dout, 0.0)


# %% relu-backward: relu-backward-negatives-removed
# The stopped entries are removed
# The gradient is shaped as z: a stopped entry gets a 0 and keeps its place.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout[z > 0]


# %% relu-backward: all-or-none
# One negative entry stops the whole array
# Every entry has a gate of its own. Try one negative and one positive number.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * 1.0 if (z > 0).all() else np.zeros(z.shape)


# %% relu-backward: twice-at-zero
# At exactly 0 the gradient is doubled
# Two conditions overlap at one point. At 0, any number from 0 to 1 may be the slope, but not 2 or -1.
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * (1.0 * (z >= 0) + 1.0 * (z == 0))


# %% relu-backward: relu-backward-tolerance-at-the-kink
# A tolerance moves the kink
# At exactly 0 the slope may be chosen, and nowhere else. On which side of the kink is -1e-9, and how steep is it there?
# see: neuron.ipynb#gradients
def relu_backward(dout, z):
    return dout * (z > -1e-8)


# %% leaky-relu-backward: leaky-relu-backward-sides-swapped
# The small slope is on the positive side
# Positive numbers passed unchanged on the way forward. How steep is the line there?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(z > 0, negative_slope, 1.0)


# %% leaky-relu-backward: leaky-relu-backward-wrong-default
# The default slope is 0.1
# The backward function must fit the forward one. Compare the defaults of both.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.1):
    return dout * np.where(z > 0, 1.0, negative_slope)


# %% leaky-relu-backward: leaky-relu-backward-slope-ignored
# The slope that the caller asks for is ignored
# It works with the default. Where in your program does the name of the third argument occur?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(z > 0, 1.0, 0.01)


# %% leaky-relu-backward: integer-slopes
# The slopes are written into an array of integers
# ones_like makes integers out of integers, and a slope of 0.01 becomes 0 there.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    slopes = np.ones_like(z)
    slopes[z <= 0] = negative_slope
    return dout * slopes


# %% leaky-relu-backward: upstream-forgotten-on-the-left
# The upstream gradient is used on one side only
# On the negative side you return the slope alone. By the chain rule, what must it be multiplied by?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return np.where(z > 0, dout, negative_slope)


# %% leaky-relu-backward: value-instead-of-slope
# On the negative side the value is used instead of the slope
# The line is negative_slope times z. When z grows by a little, by how much does that grow? Does it matter where z is?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(z > 0, 1.0, negative_slope * z)


# %% leaky-relu-backward: leaky-relu-backward-no-leak
# No gradient leaks
# That is the backward pass of the plain ReLU. The leak is there so that a silent unit still learns.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * (z > 0)


# %% leaky-relu-backward: leaky-relu-backward-upstream-overwritten
# The upstream gradient is overwritten
# dout is the caller's; in a network with branches it is needed again. Look at it before and after the call.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    if dout.dtype.kind != "f":
        dout = dout.astype(float)
    dout[z <= 0] *= negative_slope
    return dout


# %% leaky-relu-backward: leaky-relu-backward-zero-taken-for-missing
# A slope of 0 is taken for no slope at all
# In Python 0 counts as false, so "this or that" passes over it. A slope of 0 is legal: it is the plain ReLU.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=None):
    return dout * np.where(z > 0, 1.0, negative_slope or 0.01)


# %% leaky-relu-backward: hole-at-zero
# At exactly 0 no gradient passes at all
# You handle z > 0 and z < 0. Which numbers are left, and is 0 between the slopes on either side of them?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * (1.0 * (z > 0) + negative_slope * (z < 0))


# %% leaky-relu-backward: both-slopes-at-zero
# At exactly 0 both slopes are added
# Two conditions overlap at one point. How steep may a line be that lies between the two others?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * (1.0 * (z >= 0) + negative_slope * (z <= 0))


# %% leaky-relu-backward: leaky-relu-backward-leak-everywhere
# The leak is added on the positive side too
# How steep is the line on the positive side: 1, or 1 and a bit?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * ((z > 0) + negative_slope)


# %% leaky-relu-backward: leaky-relu-backward-gate-on-the-gradient
# The gate looks at the gradient instead of at z
# Which numbers were on the steep side on the way forward? Ask z, not dout.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return np.where(dout > 0, dout, negative_slope * dout)


# %% leaky-relu-backward: slope-negated
# The slope on the negative side has the wrong sign
# The line rises on both sides of 0, steeply on one and gently on the other.
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(z > 0, 1.0, -negative_slope)


# %% leaky-relu-backward: leaky-relu-backward-tolerance-at-the-kink
# A tolerance moves the kink
# At exactly 0 the slope may be chosen, and nowhere else. On which side of the kink is 1e-9, and how steep is it there?
# see: neuron.ipynb#gradients
def leaky_relu_backward(dout, z, negative_slope=0.01):
    return dout * np.where(z > 1e-8, 1.0, negative_slope)


# %% neuron-forward: activation-forgotten
# The activation is not applied
# You return the weighted sum. What bends it before it leaves the neuron?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return self.z


# %% neuron-forward: neuron-forward-wrong-default
# The default activation is not tanh
# Read the signature in the stub once more, up to its end.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="sigmoid"):
        super().__init__(w, b, activation)


# %% neuron-forward: always-tanh
# The activation that was asked for is ignored
# It works with the default. What does your forward pass do with the name that the constructor got?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return tanh(self.z)


# %% neuron-forward: unknown-accepted
# An unknown activation is accepted silently
# A typing error in the name should be told at once and not turn the neuron into a different one.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation if activation in ("sigmoid", "tanh", "relu") else "identity")


# %% neuron-forward: key-error
# An unknown activation raises the wrong kind of error
# A dictionary complains in its own way about a missing key. Which kind of error does the docstring promise?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        {"identity": 0, "sigmoid": 1, "tanh": 2, "relu": 3}[activation]
        super().__init__(w, b, activation)


# %% neuron-forward: assertion
# An unknown activation fails an assertion
# An assertion is for your own mistakes and can be switched off. Which kind of error does the docstring promise?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        assert activation in ("identity", "sigmoid", "tanh", "relu")
        super().__init__(w, b, activation)


# %% neuron-forward: complains-too-late
# An unknown activation is noticed in the forward pass only
# The place to complain is where the mistake is made: when the neuron is constructed.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        self.late = (w, b, activation)

    def forward(self, x):
        super().__init__(*self.late)
        return super().forward(x)


# %% neuron-forward: part-of-a-name
# A part of a name is accepted as an activation
# "in" on a text looks for a piece of that text. Is "sig" in your text? Is the empty text?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        if activation not in "identity, sigmoid, tanh, relu":
            raise ValueError(activation)
        names = ("identity", "sigmoid", "tanh", "relu")
        super().__init__(w, b, next(name for name in names if activation in name))


# %% neuron-forward: names-tidied-up
# A name is tidied up before it is looked up
# Four names are legal, spelled exactly so. Should " ReLU " make a neuron or be told to whoever typed it?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation.strip().lower())


# %% neuron-forward: other-libraries-names
# Names of other libraries are accepted
# Which four names does the docstring list? Every other one is an error, well meant or not.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, {"linear": "identity", "logistic": "sigmoid"}.get(activation, activation))


# %% neuron-forward: error-returned
# The error is printed instead of raised
# Whoever makes the neuron is a program and does not read what is printed. How does Python tell a program?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        if activation not in ("identity", "sigmoid", "tanh", "relu"):
            print("ValueError: unknown activation", activation)
            return
        super().__init__(w, b, activation)


# %% neuron-forward: bias-after-the-activation
# The bias is added after the activation
# The bias decides where the activation bends, so it must be inside. Can a sigmoid neuron answer more than 1?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return self.activate(self.z - self.b) + self.b


# %% neuron-forward: activation-of-the-inputs
# The activation is applied to the inputs
# First weigh and sum, then bend. In which order does your program do it?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return weighted_sum(self.activate(self.x), self.w, self.b)


# %% neuron-forward: neuron-forward-column-instead-of-vector
# The result is a column (N, 1) instead of a vector (N,)
# One number for each example, in a plain vector. Print the shape of what you return.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        return super().forward(x)[:, np.newaxis]


# %% neuron-forward: neuron-forward-squeezed-away
# A batch of one example loses its dimension
# Squeezing removes every dimension of length 1, also one that means something. Try N = 1.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        return np.squeeze(super().forward(x))


# %% neuron-forward: value-and-cache
# A tuple is returned
# What the backward pass needs can stay in the neuron. The caller wants the activations alone.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        return a, (self.x, self.z)


# %% neuron-forward, neuron-backward: weights-of-the-class
# The weights belong to the class instead of the neuron
# Make two neurons and ask the first one again. What is written behind the class's name is shared by all of its objects.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation)
        Neuron.shared = (self.w, self.b, self.activate, self.activate_backward)

    def forward(self, x):
        self.w, self.b, self.activate, self.activate_backward = Neuron.shared
        return super().forward(x)


# %% neuron-forward: sums-pile-up
# The sums of earlier calls pile up
# Call forward twice with the same rows. Should the neuron be more excited the second time?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    piled = 0.0

    def forward(self, x):
        super().forward(x)
        if np.shape(self.piled) != self.z.shape:
            self.piled = np.zeros(self.z.shape)
        self.piled = self.piled + self.z
        return self.activate(self.piled)


# %% neuron-forward: first-batch-size-kept
# The size of the first batch is kept
# The last batch of an epoch is often smaller. Call forward with 5 rows and then with 2.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    out = None

    def forward(self, x):
        a = super().forward(x)
        if self.out is None:
            self.out = np.zeros(len(x))
        self.out[: len(a)] = a[: len(self.out)]
        return self.out.copy()


# %% neuron-forward: identity-without-bias
# The identity neuron ignores its bias
# "identity" says what happens to z, and the bias is a part of z.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation)
        self.linear = activation == "identity"

    def forward(self, x):
        a = super().forward(x)
        return a - self.b if self.linear else a


# %% neuron-forward: identity-without-weights
# The identity neuron passes its inputs on
# "identity" names the activation: it leaves the weighted sum as it is, not the inputs.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation)
        self.linear = activation == "identity"

    def forward(self, x):
        a = super().forward(x)
        return self.x if self.linear else a


# %% neuron-forward: neuron-forward-single-precision
# The weights are stored in single precision
# Half of the digits of every weight are gone before anything is computed.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return self.activate(weighted_sum(x, self.w.astype(np.float32), self.b))


# %% neuron-forward: decided-not-graded
# The answer is rounded to a decision
# The perceptron of 1958 answered yes or no. This neuron answers how much, or no gradient could pass.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh"):
        super().__init__(w, b, activation)
        self.yes_or_no = activation == "sigmoid"

    def forward(self, x):
        a = super().forward(x)
        return np.where(a > 0.5, 1.0, 0.0) if self.yes_or_no else a


# %% neuron-forward: rows-standardized
# The inputs are standardized first
# Scaling the data is done once, outside, for all rows. A neuron's answer to one row must not depend on the others.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        scaled = (self.x - self.x.mean(axis=0)) / (self.x.std(axis=0) + 1e-12)
        return self.activate(weighted_sum(scaled, self.w, self.b))


# %% neuron-forward: neuron-forward-inputs-overwritten
# The inputs are weighed in place
# The rows belong to the caller. Look at x before and after the call.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        if x.dtype.kind == "f":
            x *= self.w
        return a


# %% neuron-forward: integer-bias
# The bias is cut to an integer
# A bias is a real number, even when all inputs are integers.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        super().forward(x)
        return self.activate(self.x @ self.w + int(self.b))


# %% neuron-backward: activation-skipped
# The activation's slope is left out
# The gradient enters through the activation. What must it be multiplied by before it reaches the sum?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        self.dw, self.db = dout @ self.x, dout.sum()
        return np.outer(dout, self.w)


# %% neuron-backward: weights-see-the-raw-gradient
# The gradient for the weights skips the activation
# dx goes through the activation's slope and dw does not, but both start at the same sum z.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = dout @ self.x
        return dx


# %% neuron-backward: bias-sees-the-raw-gradient
# The gradient for the bias skips the activation
# The bias is a part of z and sits before the activation, just like the weights.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = dout.sum()
        return dx


# %% neuron-backward: mean-for-the-weights
# The gradient for the weights is averaged over the batch
# If the objective is a mean, the loss has divided already. Every example adds its whole share here.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = self.dw / len(dout)
        return dx


# %% neuron-backward: mean-for-the-bias
# The gradient for the bias is averaged over the batch
# A single example works and a batch does not. The bias acts in every example: do those effects add or average?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = self.activate_backward(dout, self.z).mean()
        return dx


# %% neuron-backward: bias-gradient-not-summed
# The gradient for the bias is not summed
# There is one bias, so there is one number. What do the N examples say about it together?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = self.activate_backward(dout, self.z)
        return dx


# %% neuron-backward: bias-gradient-in-an-array
# The gradient for the bias is an array of one number
# The bias went in as a number, so its gradient is a number: an array of length 1 has one dimension too many.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.db = np.array([self.db])
        return dx


# %% neuron-backward: weight-gradient-as-a-column
# The gradient for the weights is a column
# A gradient is shaped as what it is the gradient of. Compare it with w.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = self.x.T @ self.activate_backward(dout, self.z)[:, np.newaxis]
        return dx


# %% neuron-backward: last-example-only
# Only the last example counts for the weights
# A loop that assigns in every round keeps its last round. What should it do with the earlier ones?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        for dz_n, x_n in zip(self.activate_backward(dout, self.z), self.x):
            self.dw = dz_n * x_n
        return dx


# %% neuron-backward: summed-over-features
# The gradient for the weights is summed over the features
# There is one number for each weight. Which index of x stays, and which one is summed away?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = (self.x * self.activate_backward(dout, self.z)[:, np.newaxis]).sum(axis=1)
        return dx


# %% neuron-backward: inputs-overwritten-later
# The inputs that forward was given are overwritten in the backward pass
# What you keep of x may still be the caller's own array. Look at x before forward and after backward.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        self.rows = x
        return a

    def backward(self, dout):
        dx = super().backward(dout)
        if self.rows.dtype.kind == "f":
            self.rows *= self.activate_backward(dout, self.z)[:, np.newaxis]
        return dx


# %% neuron-backward: added-to-the-last-call
# The gradients of earlier calls are kept and added to
# Call backward twice in a row. Some libraries add up until you clear; here every call starts from nothing.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dw, db = getattr(self, "dw", 0.0), getattr(self, "db", 0.0)
        dx = super().backward(dout)
        self.dw, self.db = self.dw + dw, self.db + db
        return dx


# %% neuron-backward: inputs-for-weights
# The gradient for the inputs is made of the inputs
# In the product w·x each factor is the other one's slope. Which of the two belongs to dx?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        super().backward(dout)
        return self.activate_backward(dout, self.z)[:, np.newaxis] * self.x


# %% neuron-backward: input-gradient-summed
# The gradient for the inputs is summed over the batch
# The weights are shared by all rows, the inputs are not: every row of x has a gradient of its own.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return super().backward(dout).sum(axis=0)


# %% neuron-backward: input-gradient-without-weights
# The gradient for the inputs lacks the weights
# An input with a large weight moves z a lot, one with a weight of 0 not at all. Does your dx know the weights?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        super().backward(dout)
        return np.outer(self.activate_backward(dout, self.z), np.ones(len(self.w)))


# %% neuron-backward: input-gradient-transposed
# The gradient for the inputs is transposed
# A gradient is shaped as what it is the gradient of. Compare it with x, for N and D that differ.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return super().backward(dout).T


# %% neuron-backward: bias-mixed-into-the-weights
# The bias appears in the gradient for the inputs
# Move one input by a little. Does the bias make z move more or less?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        super().backward(dout)
        return np.outer(self.activate_backward(dout, self.z), self.w + self.b)


# %% neuron-backward: first-forward-kept
# The first forward pass is remembered instead of the last
# Call forward with one batch, then with another, then backward. Which batch is meant?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    first = None

    def forward(self, x):
        a = super().forward(x)
        if self.first is None:
            self.first = (self.x, self.z)
        return a

    def backward(self, dout):
        self.x, self.z = self.first
        return super().backward(dout)


# %% neuron-backward: cache-of-the-class
# What forward remembers is shared by all neurons
# Run two neurons forward, then the first one backward. What is written behind the class's name belongs to all of them.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        Neuron.cache = (self.x, self.z)
        return a

    def backward(self, dout):
        self.x, self.z = Neuron.cache
        return super().backward(dout)


# %% neuron-backward: cache-in-a-global
# What forward remembers is kept in a global variable
# Run two neurons forward, then the first one backward. Where does each of them keep what it needs?
# see: neuron.ipynb#neuron
LAST = {}


class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        LAST["x"], LAST["z"] = self.x, self.z
        return a

    def backward(self, dout):
        self.x, self.z = LAST["x"], LAST["z"]
        return super().backward(dout)


# %% neuron-backward: cache-of-the-activation
# What forward remembers is shared by the neurons with the same activation
# Run two tanh neurons forward, then the first one backward. Where does each of them keep what it needs?
# see: neuron.ipynb#neuron
SEEN = {}


class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        SEEN[self.activate] = self.x, self.z
        return a

    def backward(self, dout):
        self.x, self.z = SEEN[self.activate]
        return super().backward(dout)


# %% neuron-backward: default-list-shared
# A default list is shared by all neurons
# A default value is made once, when the function is defined, and every neuron gets the same list.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def __init__(self, w, b, activation="tanh", history=[]):
        super().__init__(w, b, activation)
        self.history = history

    def forward(self, x):
        a = super().forward(x)
        self.history.append((self.x, self.z))
        return a

    def backward(self, dout):
        self.x, self.z = self.history[-1]
        return super().backward(dout)


# %% neuron-backward: value-taken-for-z
# The activation's value is remembered in place of z
# Your backward functions ask for the pre-activation. What did forward keep?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        a = super().forward(x)
        self.z = a
        return a


# %% neuron-backward: cache-thrown-away
# The cache is gone after the first call
# Backward may be called again for the same forward pass. What is left for the second call?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.x = self.z = None
        return dx


# %% neuron-backward: first-gradient-kept
# The first gradient is kept for all later calls
# Call backward with two different upstream gradients. Did the second one change anything?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    kept = None

    def backward(self, dout):
        if self.kept is None or len(self.kept) != len(self.x):
            self.kept = self.activate_backward(dout, self.z)
        self.dw, self.db = self.kept @ self.x, self.kept.sum()
        return np.outer(self.kept, self.w)


# %% neuron-backward: learns-on-its-own
# The weights are changed in the backward pass
# Backward says in which direction to go; the step itself is the optimizer's. Call it twice and compare.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.w = self.w - 0.01 * self.dw
        self.b = self.b - 0.01 * self.db
        return dx


# %% neuron-backward: bias-learns-on-its-own
# The bias is changed in the backward pass
# Backward says in which direction to go; the step itself is the optimizer's. Go forward again afterwards and compare.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.b = self.b - 0.01 * self.db
        return dx


# %% neuron-backward: mean-for-large-batches
# The gradients of large batches are averaged
# The sum over a hundred examples is large because a hundred examples speak. If it should be a mean, the loss divides.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        if len(dout) > 50:
            self.dw, self.db = self.dw / len(dout), self.db / len(dout)
        return dx


# %% neuron-backward: all-three-returned
# All three gradients are returned together
# The gradient for x is returned, those for w and b are left in the neuron.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return super().backward(dout), self.dw, self.db


# %% neuron-backward: weight-gradient-returned
# The gradient for the weights is returned
# The layer before needs to know what to change in its output, which is this neuron's x.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        super().backward(dout)
        return self.dw


# %% neuron-backward: gradients-under-other-names
# The gradients are stored under other names
# The optimizer looks for .dw and .db, spelled exactly so.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dz = self.activate_backward(dout, self.z)
        self.dW, self.dB = dz @ self.x, dz.sum()
        return np.outer(dz, self.w)


# %% neuron-backward: always-the-slope-of-tanh
# The slope of tanh is used for every activation
# It works with the default. Which slope belongs to the activation that this neuron has?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dz = tanh_backward(dout, self.z)
        self.dw, self.db = dz @ self.x, dz.sum()
        return np.outer(dz, self.w)


# %% neuron-backward: one-example-only
# Only the first example is used
# A single example works and a batch does not. The weights are shared by all rows: what do the others say?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = self.activate_backward(dout, self.z)[0] * self.x[0]
        return dx


# %% neuron-backward: square-batches-only
# A product that fits for as many examples as features
# Square batches hide it. Write the shapes of both operands next to each other, with N and D that differ.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = self.x @ self.activate_backward(dout, self.z)
        return dx


# %% neuron-backward: neuron-backward-upstream-overwritten
# The upstream gradient is overwritten
# dout is the caller's, who may call again with it. Look at it before and after the call.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        if dout.dtype.kind == "f":
            dout *= self.activate_backward(np.ones(len(dout)), self.z)
        return dx


# %% neuron-backward: upstream-ignored
# The upstream gradient is taken to be 1
# With a dout of ones it is right. What if the objective falls where the neuron's answer grows?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return super().backward(np.ones(len(dout)))


# %% neuron-backward: neuron-backward-upstream-summed-first
# The upstream gradient is averaged before it is used
# Every example has a gradient of its own; only at the shared weights do they come together.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return super().backward(np.full(len(dout), dout.mean()))


# %% neuron-backward: weight-decay-sneaks-in
# A penalty on large weights sneaks in
# That is a decision of the optimizer's. Here the gradient of the objective is due and nothing else.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = self.dw + 1e-4 * self.w
        return dx


# %% neuron-backward: clipped
# The gradient is clipped
# Clipping belongs in the training loop, if anywhere. Backward passes on what it finds, however large.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dw = np.clip(self.dw, -1.0, 1.0)
        return dx


# %% neuron-backward: neuron-backward-squeezed-away
# Dimensions of length 1 get lost
# Squeezing removes every dimension of length 1, also one that means something. Try N = 1 or D = 1.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        return np.squeeze(super().backward(dout))


# %% neuron-backward: integer-gradient
# The gradient is collected in an array of integers
# zeros_like makes integers out of integers. Which dtype must a gradient have, whatever the inputs are?
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def forward(self, x):
        self.inputs = x
        return super().forward(x)

    def backward(self, dout):
        dx = super().backward(dout)
        dw = np.zeros_like(self.inputs[0])
        dw[...] = self.dw
        self.dw = dw
        return dx


# %% neuron-backward: leftover-experiment
# A gradient check with random numbers is left in
# Draws from NumPy's global generator change what every other program that uses it sees. Take the experiment out.
# see: neuron.ipynb#neuron
class Neuron(Neuron):
    def backward(self, dout):
        dx = super().backward(dout)
        probe = 1e-4 * np.random.randn(*self.x.shape)
        self.expected_change = float((dx * probe).sum())
        return dx
