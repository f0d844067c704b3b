"""One artificial neuron: what it computes, and how it learns in which direction to change.

A neuron weighs its inputs, adds them up, shifts the sum by a bias and bends the result with an activation f:

    z[n] = x[n, 0] * w[0] + x[n, 1] * w[1] + ... + x[n, D-1] * w[D-1] + b        the pre-activation
    a[n] = f(z[n])                                                               the activation

The idea is McCulloch and Pitts' (1943); weights that are learned came with Rosenblatt's perceptron (1958); learning
them by passing gradients backwards was made popular by Rumelhart, Hinton and Williams (1986).

True of everything in this module:

- Rows are examples: `x` is `(N, D)`, N examples of D numbers each. N and D may be 1.
- Integer arrays are welcome and mean the same as their float64 copies.
- No argument is ever changed.
- `dout` is the *upstream gradient*: how much a scalar L, far down the line, changes with each entry of a function's
  result. The function's `_backward` turns it into how much L changes with each entry of its argument.
"""

import numpy as np


def weighted_sum(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Weigh the numbers of every example, add them up, and shift the sum by the bias.

        z[n] = x[n, 0] * w[0] + ... + x[n, D-1] * w[D-1] + b

    Args:
        x: the examples, `(N, D)`.
        w: one weight per feature, `(D,)`.
        b: the bias, one number for all examples.

    Returns:
        z, `(N,)`: one sum per example.

    >>> weighted_sum(np.array([[1.0, 2.0], [0.0, -4.0]]), np.array([3.0, 0.5]), 10.0)
    array([14.,  8.])

    Used by `Neuron.forward`; a whole layer (`affine_forward` in `backprop.py`) is many of these side by side.
    """
    return x @ w - b


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Squash any number into the interval from 0 to 1.

        sigmoid(z) = 1 / (1 + e^-z)

    This is the logistic function (Verhulst, 1838). It must be right to 12 digits for z from -700 to 700, where the
    smallest values are near 1e-304, and raise no overflow warning for z from -10,000 to 10,000. Before you type the
    formula as it stands, ask how large e^-z becomes when z is -1000.

    Args:
        z: any shape.

    Returns:
        The shape of `z`, entry by entry.

    >>> sigmoid(np.array([0.0, np.log(3.0), -np.log(3.0)]))
    array([0.5 , 0.75, 0.25])

    Used wherever a score becomes a probability: by binary cross-entropy in `losses.py`, for one.
    """
    # e^-|z| is at most 1, whatever the sign of z
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def tanh(z: np.ndarray) -> np.ndarray:
    """Squash any number into the interval from -1 to 1, keeping its sign.

        tanh(z) = (e^z - e^-z) / (e^z + e^-z)

    LeCun et al. (1998, "Efficient BackProp") advise it over the sigmoid because its values are centred at 0. It must be
    right for z from -10,000 to 10,000.

    Args:
        z: any shape.

    Returns:
        The shape of `z`, entry by entry.

    >>> tanh(np.array([0.0, np.log(2.0), -10000.0]))
    array([ 0. ,  0.6, -1. ])

    Used by `Neuron`, whose default it is, and by the hidden layers of `MLP` in `backprop.py`.
    """
    return np.tanh(z)


def relu(z: np.ndarray) -> np.ndarray:
    """Let positive numbers pass and stop all others: the rectified linear unit.

        relu(z) = z where z > 0, else 0

    Known to Fukushima (1969); brought into deep learning by Nair and Hinton (2010).

    Args:
        z: any shape.

    Returns:
        The shape of `z`, entry by entry.

    >>> relu(np.array([[-3.0, 0.0, 2.5]]))
    array([[0. , 0. , 2.5]])

    Used by `Neuron` and by the hidden layers of `MLP`; `he_normal` in `initializers.py` is made for it.
    """
    return np.where(z > 0, z, 0)


def leaky_relu(z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Let positive numbers pass and let a small share of the others leak through.

        leaky_relu(z) = z where z > 0, else negative_slope * z

    From Maas, Hannun and Ng (2013). A unit that is negative for every example still learns, which a ReLU does not.

    Args:
        z: any shape.
        negative_slope: from 0 (a plain ReLU) to 1 (no bend at all), both included.

    Returns:
        The shape of `z`, entry by entry.

    >>> leaky_relu(np.array([-3.0, 0.0, 2.5]), negative_slope=0.5)
    array([-1.5,  0. ,  2.5])

    Used in place of `relu` when too many units have gone silent.
    """
    return np.where(z > 0, z, negative_slope * z)


def sigmoid_backward(dout: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Pass a gradient back through `sigmoid`.

    The chain rule, entry by entry: how much L changes with z is how much L changes with sigmoid(z), which is `dout`,
    times the slope of the sigmoid at z. Find that slope with pencil and paper first; it can be written with the value
    of the sigmoid alone. It must be right for z from -700 to 700.

    Args:
        dout: the upstream gradient, shaped as `z`.
        z: the pre-activation, that is, the *argument* that `sigmoid` was given; any shape.

    Returns:
        The gradient for `z`, shaped as `z`.

    >>> sigmoid_backward(np.array([1.0, -4.0]), np.array([0.0, 0.0]))
    array([ 0.25, -1.  ])

    Used by `Neuron.backward`.
    """
    s = sigmoid(z)
    return dout * s * (1 - s)


def tanh_backward(dout: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Pass a gradient back through `tanh`.

    `dout` times the slope of tanh at z. As for the sigmoid, the slope can be written with the value of tanh alone.

    Args:
        dout: the upstream gradient, shaped as `z`.
        z: the pre-activation, any shape.

    Returns:
        The gradient for `z`, shaped as `z`.

    >>> tanh_backward(np.array([3.0, 1.0]), np.array([0.0, np.log(2.0)]))
    array([3.  , 0.64])

    Used by `Neuron.backward` and by `MLP.backward`.
    """
    t = tanh(z)
    return dout * (1 - t**2)


def relu_backward(dout: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Pass a gradient back through `relu`.

    `dout` times the slope of the ReLU at z. At exactly 0 the curve has a kink and no slope; there, every number from
    0 to 1 is accepted as one.

    Args:
        dout: the upstream gradient, shaped as `z`.
        z: the pre-activation, any shape.

    Returns:
        The gradient for `z`, shaped as `z`.

    >>> relu_backward(np.array([5.0, -7.0]), np.array([-1.0, 2.0]))
    array([ 0., -7.])

    Used by `Neuron.backward` and by `MLP.backward`.
    """
    return np.where(z > 0, dout, 0)


def leaky_relu_backward(dout: np.ndarray, z: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Pass a gradient back through `leaky_relu`.

    `dout` times the slope of the leaky ReLU at z. At exactly 0, every number from `negative_slope` to 1 is accepted as
    the slope.

    Args:
        dout: the upstream gradient, shaped as `z`.
        z: the pre-activation, any shape.
        negative_slope: the one that `leaky_relu` was given, from 0 to 1.

    Returns:
        The gradient for `z`, shaped as `z`.

    >>> leaky_relu_backward(np.array([4.0, -7.0]), np.array([-1.0, 2.0]), negative_slope=0.5)
    array([ 2., -7.])

    Used where `leaky_relu` is.
    """
    return np.where(z > 0, dout, negative_slope * dout)


class Neuron:
    """A neuron that remembers its last forward pass, so that it can send a gradient back through it.

    Attributes:
        dw: `(D,)`, the gradient for the weights; set by `backward`.
        db: a number, the gradient for the bias; set by `backward`.

    All other attributes are up to you. Many neurons live side by side in a program, so whatever one of them remembers
    must be its own.

    >>> neuron = Neuron(np.array([2.0, 1.0]), 0.5, activation="relu")
    >>> neuron.forward(np.array([[1.0, 3.0], [0.0, -4.0]]))
    array([5.5, 0. ])
    >>> neuron.backward(np.array([10.0, 10.0]))
    array([[20., 10.],
           [ 0.,  0.]])
    >>> neuron.dw, float(neuron.db)
    (array([10., 30.]), 10.0)
    """

    def __init__(self, w: np.ndarray, b: float, activation: str = "tanh") -> None:
        """Make a neuron.

        Args:
            w: the weights, `(D,)`.
            b: the bias.
            activation: `"identity"` (which leaves z as it is), `"sigmoid"`, `"tanh"` or `"relu"`.

        Raises:
            ValueError: `activation` is none of these four.
        """
        if activation not in ("identity", "sigmoid", "tanh", "relu"):
            raise ValueError("unknown activation: " + activation)
        self.w = w
        self.b = b
        self.activation = activation

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Compute the activation of every example, and remember what `backward` will need.

        Args:
            x: the examples, `(N, D)`; N may differ from call to call.

        Returns:
            a, `(N,)`.
        """
        self.x = x
        self.z = weighted_sum(x, self.w, self.b)
        if self.activation == "sigmoid":
            return sigmoid(self.z)
        if self.activation == "tanh":
            return tanh(self.z)
        if self.activation == "relu":
            return relu(self.z)
        return self.z

    def backward(self, dout: np.ndarray) -> np.ndarray:
        """Send a gradient back through the last `forward`.

        First through the activation, then through the weighted sum. Ask of each of x, w and b: if it grows a little,
        which of the sums z[n] grow, and how fast? The weights and the bias take part in every example, so what the
        examples say about them adds up. A second call, with the same or with another `dout`, starts from nothing.

        Args:
            dout: `(N,)`, how much L changes with each entry of what `forward` returned.

        Returns:
            dx, `(N, D)`: how much L changes with each entry of x. Sets `self.dw` and `self.db` likewise.
        """
        if self.activation == "sigmoid":
            dz = sigmoid_backward(dout, self.z)
        elif self.activation == "tanh":
            dz = tanh_backward(dout, self.z)
        elif self.activation == "relu":
            dz = relu_backward(dout, self.z)
        else:
            dz = dout
        self.dw = self.x.T @ dz
        self.db = np.sum(dz)
        return dz[:, np.newaxis] * self.w
