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

### BEGIN SOLUTION
import math

### END SOLUTION
from collections.abc import Callable

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
    ### BEGIN SOLUTION
    return dL_dz * dz_dx, dL_dz * dz_dy
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    at = np.array(x, dtype=np.float64)
    gradient = np.empty_like(at)
    for i in np.ndindex(at.shape):
        here = at[i]
        at[i] = here + h
        above = f(at)
        at[i] = here - h
        below = f(at)
        at[i] = here
        gradient[i] = (above - below) / (2.0 * h)
    return gradient
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    return x @ W + b, (x, W)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    x, W = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)
    ### END SOLUTION


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
        ### BEGIN SOLUTION
        if activation not in ("tanh", "relu"):
            message = f"activation must be 'tanh' or 'relu', not {activation!r}"
            raise ValueError(message)
        self.activation = activation
        self.params: dict[str, np.ndarray] = {}
        for k in range(1, len(sizes)):
            fan_in, fan_out = sizes[k - 1], sizes[k]
            # Glorot and Bengio (2010) for tanh; He et al. (2015) for ReLU.
            variance = 2.0 / fan_in if activation == "relu" else 2.0 / (fan_in + fan_out)
            self.params[f"W{k}"] = rng.normal(0.0, math.sqrt(variance), (fan_in, fan_out))
            self.params[f"b{k}"] = np.zeros(fan_out)
        ### END SOLUTION

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Compute the network's outputs: h ← activation(h W + b) in every hidden layer, h W + b in the last.

        Example: if all of `params` are 0, every output is 0. Set the last bias to `[7.]`, and every output is 7.

        Args:
            X: `(N, D)`, one example per row.

        Returns:
            The outputs `(N, C)`, which may be any real numbers (logits, when the task is to classify).
        """
        ### BEGIN SOLUTION
        self._layers = []
        last = len(self.params) // 2
        h = X
        for k in range(1, last + 1):
            W, b = self.params[f"W{k}"], self.params[f"b{k}"]
            self._layers.append((h, W))
            h = h @ W + b
            if k < last:
                h = np.tanh(h) if self.activation == "tanh" else np.maximum(h, 0.0)
        return h
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        grads = {}
        for k in range(len(self._layers), 0, -1):
            h, W = self._layers[k - 1]
            grads[f"W{k}"] = h.T @ dout
            grads[f"b{k}"] = dout.sum(axis=0)
            if k > 1:
                # h is what the activation gave, and its slope can be told from that: 1 - tanh², or 1 where ReLU is on.
                dout = (dout @ W.T) * (1.0 - h**2 if self.activation == "tanh" else h > 0.0)
        return grads
        ### END SOLUTION


### BEGIN SOLUTION
def as_value(number: Value | float) -> Value:
    """Make a leaf of a plain number."""
    return number if isinstance(number, Value) else Value(number)


def inner_node(data: float, inputs: tuple[Value, ...], pull: Callable[[float], tuple[float, ...]]) -> Value:
    """Make the node that was computed from `inputs`; `pull` takes its gradient to theirs."""
    node = Value(data)
    node.inputs, node.pull = inputs, pull
    return node


### END SOLUTION


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
        ### BEGIN SOLUTION
        self.data = float(data)
        self.grad = 0.0
        self.inputs: tuple[Value, ...] = ()
        self.pull: Callable[[float], tuple[float, ...]] = lambda _: ()
        ### END SOLUTION

    def __add__(self, other: Value | float) -> Value:
        """`self + other`."""
        ### BEGIN SOLUTION
        other = as_value(other)
        return inner_node(self.data + other.data, (self, other), lambda g: (g, g))
        ### END SOLUTION

    def __radd__(self, other: float) -> Value:
        """`other + self` for a number on the left."""
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __sub__(self, other: Value | float) -> Value:
        """`self - other`."""
        ### BEGIN SOLUTION
        return self + -as_value(other)
        ### END SOLUTION

    def __rsub__(self, other: float) -> Value:
        """`other - self` for a number on the left."""
        ### BEGIN SOLUTION
        return -self + other
        ### END SOLUTION

    def __mul__(self, other: Value | float) -> Value:
        """`self * other`."""
        ### BEGIN SOLUTION
        other = as_value(other)
        return inner_node(self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data))
        ### END SOLUTION

    def __rmul__(self, other: float) -> Value:
        """`other * self` for a number on the left."""
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __truediv__(self, other: Value | float) -> Value:
        """`self / other`."""
        ### BEGIN SOLUTION
        return self * as_value(other) ** -1
        ### END SOLUTION

    def __rtruediv__(self, other: float) -> Value:
        """`other / self` for a number on the left."""
        ### BEGIN SOLUTION
        return self**-1 * other
        ### END SOLUTION

    def __pow__(self, exponent: float) -> Value:
        """`self ** exponent`, where the exponent is any number of Python or NumPy, but not a `Value`."""
        ### BEGIN SOLUTION
        n = float(exponent)
        return inner_node(self.data**n, (self,), lambda g: (g * n * self.data ** (n - 1.0) if n else 0.0,))
        ### END SOLUTION

    def __neg__(self) -> Value:
        """`-self`."""
        ### BEGIN SOLUTION
        return self * -1.0
        ### END SOLUTION

    def exp(self) -> Value:
        """Return e to the power of `self`."""
        ### BEGIN SOLUTION
        e = math.exp(self.data)
        return inner_node(e, (self,), lambda g: (g * e,))
        ### END SOLUTION

    def tanh(self) -> Value:
        """Return the hyperbolic tangent of `self`, which may be any finite number: 1e4 gives 1."""
        ### BEGIN SOLUTION
        t = math.tanh(self.data)
        return inner_node(t, (self,), lambda g: (g * (1.0 - t**2),))
        ### END SOLUTION

    def relu(self) -> Value:
        """Return `self` where it is positive, otherwise 0. At exactly 0 any slope from 0 to 1 is right."""
        ### BEGIN SOLUTION
        return inner_node(max(self.data, 0.0), (self,), lambda g: (g if self.data > 0.0 else 0.0,))
        ### END SOLUTION

    def backward(self) -> None:
        """Set `.grad` of every node that this one was computed from to the slope of this one in it.

        - A node hands its gradient on only when it has all of it: when every node that uses it has had its turn.
        - A node that is used twice gets two contributions, and they add.
        - Inner nodes start anew at every call; leaves keep what earlier calls gave them, and the new gradient is added.
        - Expressions may be 2,000 operations long, while Python stops where 1,000 calls wait for one another.

        Example: `x = Value(2.0); y = x**3; y.backward()` gives `x.grad == 12.0`; a second `y.backward()` gives 24.0.
        """
        ### BEGIN SOLUTION
        order: list[Value] = []  # every node after its inputs
        seen: set[Value] = set()
        stack = [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((source, False) for source in node.inputs)

        for node in order:
            if node.inputs:
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for source, gradient in zip(node.inputs, node.pull(node.grad), strict=True):
                source.grad += gradient
        ### END SOLUTION
