"""A single neuron, built from functions that know how to differentiate themselves."""

import cmath
import math
from collections import namedtuple
from functools import reduce

import numpy as np

Smooth = namedtuple("Smooth", "value slope")


def on_every_entry(f):
    """Lift a function of numbers to arrays: walk over all indices, keep the shape."""

    def lifted(first, *others):
        out = np.empty(first.shape, dtype=float)
        for index in np.ndindex(*first.shape):
            out[index] = f(first[index].item(), *(other[index].item() for other in others))
        return out

    return lifted


def imaginary(f, z, step=1e-50):
    """The slope of an analytic f at z: step a tiny bit off the real line and look how far you have turned."""
    return f(complex(z, step)).imag / step


def logistic(z):
    return 1 / (1 + cmath.exp(-z)) if z.real > 0 else cmath.exp(z) / (1 + cmath.exp(z))


def hyperbolic(z):
    return cmath.tanh(z)


def bent(slope):
    """A line that is bent at 0, as a pair of its value and its slope."""
    return Smooth(lambda z: (slope, 1)[z > 0] * z, lambda z: (slope, 1)[z > 0])


KNOWN = {
    "identity": bent(1),
    "sigmoid": Smooth(lambda z: logistic(z).real, lambda z: imaginary(logistic, z)),
    "tanh": Smooth(lambda z: hyperbolic(z).real, lambda z: imaginary(hyperbolic, z)),
    "relu": bent(0),
}


def forwards(name):
    return lambda z: on_every_entry(KNOWN[name].value)(z)


def backwards(name):
    return lambda dout, z: on_every_entry(lambda g, z: g * KNOWN[name].slope(z))(dout, z)


sigmoid, sigmoid_backward = forwards("sigmoid"), backwards("sigmoid")
tanh, tanh_backward = forwards("tanh"), backwards("tanh")
relu, relu_backward = forwards("relu"), backwards("relu")


def leaky_relu(z, negative_slope=0.01):
    return on_every_entry(bent(negative_slope).value)(z)


def leaky_relu_backward(dout, z, negative_slope=0.01):
    return on_every_entry(lambda g, z: g * bent(negative_slope).slope(z))(dout, z)


def weighted_sum(x, w, b):
    return np.array([math.fsum([float(b), *(float(p) * float(q) for p, q in zip(row, w))]) for row in x])


class Neuron:
    def __init__(self, w, b, activation="tanh"):
        try:
            KNOWN[activation]
        except KeyError as missing:
            raise ValueError(f"{missing} is not one of {', '.join(KNOWN)}") from None
        self.parameters = tuple(w), b
        self.name = activation

    def forward(self, x):
        w, b = self.parameters
        self.seen = [tuple(row) for row in x], weighted_sum(x, w, b)
        return forwards(self.name)(self.seen[1])

    def backward(self, dout):
        rows, z = self.seen
        dz = backwards(self.name)(dout, z)
        terms = [np.array([*row, 1.0]) * g for row, g in zip(rows, dz)]
        *dw, self.db = reduce(np.add, terms)
        self.dw = np.array(dw)
        return np.array([[g * weight for weight in self.parameters[0]] for g in dz])
