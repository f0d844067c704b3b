"""Backpropagation: from the chain rule at a single node to a small engine that differentiates any expression.

A network is a long composition of simple functions. To train it we need the slope of one number, the loss L, in every
parameter. Backpropagation gets all of them in one sweep from the end to the beginning: each node is told how L changes
with its output (the *upstream gradient*, `dL_dz` or `dout` below) and works out how L changes with its inputs, which is
what the nodes before it are told in turn.

Rows are examples: `x` is `(N, D)`, a weight matrix `W` is `(D, M)`, a bias `b` is `(M,)`. No function changes its
arguments.

Reading: Linnainmaa (1970) for the reverse sweep; Rumelhart, Hinton and Williams, "Learning representations by
back-propagating errors" (1986) for networks.
"""

from __future__ import annotations

from collections.abc import Callable

import math
import numpy as np


def node_backward(
    dL_dz: float | np.ndarray, dz_dx: float | np.ndarray, dz_dy: float | np.ndarray
) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Apply the chain rule at one node z = h(x, y) that sits somewhere inside a larger graph.

    The node knows two things: how the final number L changes with its output z, which comes from the nodes after it,
    and how z changes with each of its inputs, which is its own affair. From these it tells each input how L changes
    with it.

    Example: for z = x · y at x = 3, y = 5 the local slopes are dz/dx = 5 and dz/dy = 3. If L changes by 2 per unit of
    z, `node_backward(2.0, 5.0, 3.0)` is `(10.0, 6.0)`.
    Used for: everything below; each backward function is this rule with the slopes of its own forward.

    Args:
        dL_dz: the upstream gradient.
        dz_dx: the local slope of z in x.
        dz_dy: the local slope of z in y. The three are numbers, or arrays of one shape that hold a node in each entry.

    Returns:
        The pair `(dL_dx, dL_dy)`, of numbers or arrays of that shape.
    """
    dL_dx = dL_dz * dz_dx
    dL_dy = dL_dz * dz_dy
    return dL_dx, dL_dy


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Estimate the gradient of the scalar function `f` at `x` by central differences.

    The entry for one coordinate: move that coordinate alone by h up and by h down, ask `f` each time, and divide what
    lies between the two answers by the distance between the two places. For a smooth f the error shrinks with h² (a
    step to one side only: with h), but rounding grows as 1/h, so that a step near 1e-5 is best in float64.

    Example: with `f = lambda x: (x ** 2).sum()`, `numerical_gradient(f, np.array([1.0, -3.0]))` is about `[2., -6.]`.
    Used for: checking a backward function before you trust it. It is too slow to train with: two calls for every entry.

    Args:
        f: takes an array shaped as `x` and gives a number. It depends on its argument alone.
        x: where to differentiate; an array of any shape, 0-d and empty ones too, of floats or ints. It may be a view.
            You may write into it while you work, but when you return, every bit of it is as it was.
        h: the step.

    Returns:
        The estimated gradient, shaped as `x`.
    """
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


def affine_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, object]:
    """Compute an affine layer, out = x W + b: M weighted sums of each row's D numbers, each with its own bias.

    Example: for `x = [[1., 2.]]`, `W = [[1., 0., 3.], [0., 1., 4.]]` and `b = [10., 20., 30.]`, `out` is
    `[[11., 22., 41.]]`.
    Used for: the layers of a network (also called dense, linear or fully connected).

    Args:
        x: `(N, D)`, one example per row.
        W: `(D, M)`.
        b: `(M,)`.

    Returns:
        The pair `(out, cache)`: `out` is `(N, M)`; `cache` is whatever your `affine_backward` will need. Nobody else
        looks inside.
    """
    out = np.dot(x, W) + b
    return out, {"x": x, "W": W}


def affine_backward(dout: np.ndarray, cache: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pass an upstream gradient back through the affine layer whose forward pass left `cache`.

    Find each formula by asking where one number goes: an entry of x reaches every output of its row, an entry of W
    reaches one output of every row, an entry of b likewise, and gradients add over everything that a number reaches.
    Then let the shapes confirm it.

    Example: after the forward example above, `dout = [[1., 0., 0.]]` says that only the first output matters. It is
    x₁·1 + x₂·0 + 10, so `dx` is `[[1., 0.]]`, `dW` is `[[1., 0., 0.], [2., 0., 0.]]` and `db` is `[1., 0., 0.]`.
    Used for: the backward pass of a network, layer by layer.

    Args:
        dout: `(N, M)`, the gradient of the objective with respect to `out`.
        cache: as `affine_forward` returned it; it may be handed in more than once.

    Returns:
        `(dx, dW, db)`, shaped `(N, D)`, `(D, M)` and `(M,)`: the objective's gradient with respect to `x`, `W` and `b`.
    """
    dx = np.dot(dout, cache["W"].T)
    dW = np.dot(cache["x"].T, dout)
    db = np.sum(dout, axis=0)
    return dx, dW, db


class MLP:
    """A multilayer perceptron: affine layers with an activation after each of them but the last.

    `params` is a dict of the arrays `W1, b1, W2, b2, …`, counted from the input. It belongs to the caller as much as to
    the model: an optimizer may replace the dict (whose keys then come in any order), replace an entry, or write into an
    array, and the next `forward` uses what it finds.

    Example: `MLP([2, 3, 1], rng)` takes rows of 2 numbers to 3 hidden units and to 1 output. Its `params` are
    `W1 (2, 3)`, `b1 (3,)`, `W2 (3, 1)` and `b2 (1,)`.
    Used for: the classifier of handwritten digits at the end of the course.
    """

    def __init__(self, sizes: list[int], rng: np.random.Generator, activation: str = "tanh") -> None:
        """Draw the parameters of a new network.

        Weights are small random numbers (see the initializers; equal weights would keep the units of a layer equal for
        ever), biases may start at 0.

        Args:
            sizes: the width of every layer from input to output, `[D, H1, …, C]`. `[D, C]` is legal: one layer, nothing
                hidden.
            rng: where all draws come from; it is advanced.
            activation: of the hidden layers, "tanh" or "relu".

        Raises:
            ValueError: for any other activation.
        """
        if activation not in ("tanh", "relu"):
            raise ValueError("activation must be tanh or relu")
        self.activation = activation
        self.params = {}
        for layer, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:]), start=1):
            self.params[f"W{layer}"] = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
            self.params[f"b{layer}"] = np.zeros(n_out)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Compute the network's outputs: h ← activation(h W + b) in every hidden layer, h W + b in the last.

        Example: if all of `params` are 0, every output is 0. Set the last bias to `[7.]`, and every output is 7.

        Args:
            X: `(N, D)`, one example per row.

        Returns:
            The outputs `(N, C)`, which may be any real numbers (logits, when the task is to classify).
        """
        n_layers = len(self.params) // 2
        self.caches = []
        self.sums = []
        h = X
        for layer in range(1, n_layers + 1):
            z, cache = affine_forward(h, self.params[f"W{layer}"], self.params[f"b{layer}"])
            self.caches.append(cache)
            self.sums.append(z)
            if layer == n_layers:
                return z
            h = np.tanh(z) if self.activation == "tanh" else np.maximum(0, z)

    def backward(self, dout: np.ndarray) -> dict[str, np.ndarray]:
        """Backpropagate through the network, for the last `forward`.

        The layers in reverse order: each is told the gradient of its outputs, finds those of its own parameters, and
        tells the layer before. It changes nothing: not `params`, and not what a second call returns.

        Example: for sizes `[1, 1]` the output is W1·x + b1; after `forward([[3.]])`, `backward([[2.]])` is
        `{"W1": [[6.]], "b1": [2.]}`.

        Args:
            dout: `(N, C)`, the gradient of the objective with respect to what `forward` returned.

        Returns:
            A dict with the keys of `params`; each array has the shape of its parameter and holds the gradient for it.
        """
        grads = {}
        for layer in reversed(range(1, len(self.caches) + 1)):
            z = self.sums[layer - 1]
            if layer < len(self.caches):
                if self.activation == "tanh":
                    dout = dout * (1 - np.tanh(z) ** 2)
                else:
                    dout = dout * (z > 0)
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = affine_backward(dout, self.caches[layer - 1])
        return grads


def wrap(number):
    return number if isinstance(number, Value) else Value(number)


class Value:
    """A number that remembers how it was computed, so that it can be differentiated.

    Arithmetic with `Value`s gives new `Value`s, the *inner nodes* of a graph whose *leaves* are the `Value`s that you
    made yourself. `backward` on the last of them then finds its slope in every node: the chain rule, node by node.
    Libraries such as PyTorch do the same with arrays; this shape of it follows Karpathy's micrograd (2020).

    Attributes:
        data: the number.
        grad: the slope found by `backward`; 0.0 until then.

    Example: `x = Value(3.0); y = x * x + 2 * x` has `y.data == 15.0`, and after `y.backward()`, `x.grad` is 8.0.
    Used for: seeing how automatic differentiation works.

    Python and NumPy numbers, ints as well as floats, may stand on either side of + - * and /.
    """

    #: Makes NumPy's numbers leave `np.float64(2) * Value(3)` to `Value.__rmul__`.
    __array_ufunc__ = None

    def __init__(self, data: float) -> None:
        """Make a leaf that holds the number `data`, with a gradient of 0.0."""
        self.data = float(data)
        self.grad = 0.0
        self.children = ()
        self.push = None

    def __add__(self, other: Value | float) -> Value:
        """`self + other`."""
        other = wrap(other)
        out = Value(self.data + other.data)
        out.children = (self, other)

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __radd__(self, other: float) -> Value:
        """`other + self` for a number on the left."""
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        """`self - other`."""
        return self + (-wrap(other))

    def __rsub__(self, other: float) -> Value:
        """`other - self` for a number on the left."""
        return wrap(other) - self

    def __mul__(self, other: Value | float) -> Value:
        """`self * other`."""
        other = wrap(other)
        out = Value(self.data * other.data)
        out.children = (self, other)

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __rmul__(self, other: float) -> Value:
        """`other * self` for a number on the left."""
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        """`self / other`."""
        return self * wrap(other) ** -1

    def __rtruediv__(self, other: float) -> Value:
        """`other / self` for a number on the left."""
        return wrap(other) / self

    def __pow__(self, exponent: float) -> Value:
        """`self ** exponent`, where the exponent is any number of Python or NumPy, but not a `Value`."""
        exponent = float(exponent)
        out = Value(self.data**exponent)
        out.children = (self,)

        def push():
            if exponent != 0:
                self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out.push = push
        return out

    def __neg__(self) -> Value:
        """`-self`."""
        return self * -1

    def exp(self) -> Value:
        """Return e to the power of `self`."""
        out = Value(math.exp(self.data))
        out.children = (self,)

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self) -> Value:
        """Return the hyperbolic tangent of `self`, which may be any finite number: 1e4 gives 1."""
        out = Value(math.tanh(self.data))
        out.children = (self,)

        def push():
            self.grad += (1 - out.data * out.data) * out.grad

        out.push = push
        return out

    def relu(self) -> Value:
        """Return `self` where it is positive, otherwise 0. At exactly 0 any slope from 0 to 1 is right."""
        out = Value(self.data if self.data > 0 else 0.0)
        out.children = (self,)

        def push():
            if self.data > 0:
                self.grad += out.grad

        out.push = push
        return out

    def backward(self) -> None:
        """Set `.grad` of every node that this one was computed from to the slope of this one in it.

        - A node hands its gradient on only when it has all of it: when every node that uses it has had its turn.
        - A node that is used twice gets two contributions, and they add.
        - Inner nodes start anew at every call; leaves keep what earlier calls gave them, and the new gradient is added.
        - Expressions may be 2,000 operations long, while Python stops where 1,000 calls wait for one another.

        Example: `x = Value(2.0); y = x**3; y.backward()` gives `x.grad == 12.0`; a second `y.backward()` gives 24.0.
        """
        # depth first without recursion: a node is finished when all of its children are
        finished, open_nodes, known = [], [self], {id(self)}
        iterators = [iter(self.children)]
        while open_nodes:
            child = next(iterators[-1], None)
            if child is None:
                iterators.pop()
                finished.append(open_nodes.pop())
            elif id(child) not in known:
                known.add(id(child))
                open_nodes.append(child)
                iterators.append(iter(child.children))
        for node in finished:
            if node.push is not None:
                node.grad = 0.0
        self.grad += 1.0
        for node in finished[::-1]:
            if node.push is not None:
                node.push()
