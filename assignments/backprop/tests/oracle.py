"""What the functions of this assignment mean, forwards only: each is its definition.

No backward formula stands here. A slope is found without any calculus: a tiny imaginary step goes in, and the
imaginary part that comes out, divided by the step, is the slope (Squire and Trapp, 1998). So all of these take complex
numbers too.
"""

import cmath

import numpy as np

STEP = 1e-30


def linear_node(x, y, dz_dx, dz_dy):
    """A node z = h(x, y) whose local slopes are dz_dx and dz_dy everywhere."""
    return dz_dx * x + dz_dy * y


def node_backward(dL_dz, dz_dx, dz_dy):
    """How L = dL_dz · z changes with x and with y, by a tiny step in each."""
    step = STEP * 1j
    return tuple((dL_dz * linear_node(x, y, dz_dx, dz_dy)).imag / STEP for x, y in ((step, 0.0), (0.0, step)))


def affine(x, W, b):
    """out[n, m] = x[n, 0] * W[0, m] + ... + x[n, D-1] * W[D-1, m] + b[m]."""
    return sum((1.0 * x[:, d, None] * W[d] for d in range(len(W))), start=b)


def affine_forward(x, W, b):
    """The layer's output, and what it was computed from."""
    return affine(x, W, b), (x, W, b)


def affine_backward(dout, cache):
    """The slopes of sum(dout * out) in every entry of x, W and b, by a tiny step in a column of x or a row of W.

    A row of out depends on the same row of x alone, and a column of out on the same column of W and of b.
    """
    x, W, b = cache
    columns, rows = np.eye(x.shape[1]) * STEP * 1j, np.eye(len(W))[:, :, None] * STEP * 1j
    return (
        np.stack([(dout * affine(x + step, W, b)).imag.sum(axis=1) for step in columns], axis=1) / STEP,
        np.stack([(dout * affine(x, W + step, b)).imag.sum(axis=0) for step in rows]) / STEP,
        (dout * affine(x, W, b + STEP * 1j)).imag.sum(axis=0) / STEP,
    )


ACTIVATIONS = {"tanh": np.tanh, "relu": lambda z: np.where(np.real(z) > 0, z, 0.0)}


def mlp(params, X, activation="tanh"):
    """Affine layers W1, b1, W2, b2, ... with the activation between them."""
    h = affine(X, params["W1"], params["b1"])
    for layer in range(2, len(params) // 2 + 1):
        h = affine(ACTIVATIONS[activation](h), params[f"W{layer}"], params[f"b{layer}"])
    return h


def power(x, exponent):
    """X times itself for a whole exponent, e^(exponent · ln x) for the others."""
    if exponent < 0:
        return 1 / power(x, -exponent)
    if exponent == int(exponent):
        product = 1.0
        for _ in range(int(exponent)):
            product *= x
        return product
    return cmath.exp(exponent * cmath.log(x)) if x else 0.0


#: The operations of `Value`, on plain complex numbers.
OPERATIONS = {
    "value": complex,
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": power,
    "neg": lambda x: -x,
    "exp": cmath.exp,
    "tanh": cmath.tanh,
    "relu": lambda x: x if x.real > 0 else 0j,
}


def values(program):
    """The number at every node of a program (see expressions.py)."""
    return [node.real for node in program.run(OPERATIONS)]


def slope(program, index, root=-1):
    """How the node `root`, the program's last, changes with the node at `index`: that one is moved by a tiny step."""
    return program.run(OPERATIONS, moved=index, by=STEP * 1j)[root].imag / STEP


def slopes(program, root=-1):
    """How the node `root`, the program's last, changes with each of its nodes."""
    return {index: slope(program, index, root) for index in range(len(program))}
