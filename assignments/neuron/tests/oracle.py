"""What the neuron's functions mean: each is its formula and nothing more.

Real arrays give exact values. Complex arrays work too, which is how a slope is found without any calculus: a tiny
imaginary step goes in, and the imaginary part that comes out, divided by the step, is the slope (Squire and Trapp,
1998).
"""

from decimal import Context, Decimal, localcontext

import numpy as np


def weighted_sum(x, w, b):
    """Compute z[n] = x[n, 0] * w[0] + ... + x[n, D-1] * w[D-1] + b."""
    return sum((1.0 * x[:, d] * w[d] for d in range(len(w))), start=b)


def sigmoid(z):
    """Compute 1 / (1 + e^-z)."""
    if np.iscomplexobj(z):
        return 1 / (1 + np.exp(-z))
    return exactly(lambda z: 1 / (1 + (-z).exp()), z)


def tanh(z):
    """Compute (e^z - e^-z) / (e^z + e^-z)."""
    if np.iscomplexobj(z):
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return exactly(lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp()), z)


def relu(z):
    """Take z where it is positive, else 0."""
    return leaky_relu(z, negative_slope=0.0)


def leaky_relu(z, negative_slope=0.01):
    """Take z where it is positive, else negative_slope * z."""
    return np.where(np.real(z) > 0, z, negative_slope * np.asarray(z))


ACTIVATIONS = {"identity": lambda z: z, "sigmoid": sigmoid, "tanh": tanh, "relu": relu}


def neuron(x, w, b, activation):
    """Compute the activation of the weighted sum."""
    return ACTIVATIONS[activation](weighted_sum(x, w, b))


def slope(f, z):
    """Find the slope of f at every entry of z by one imaginary step."""
    step = 1e-30
    return f(z + step * 1j).imag / step


def exactly(formula, z):
    """Work the formula out in 30 decimal digits for every entry of z, once for entries that are equal."""
    numbers, places = np.unique(z, return_inverse=True)
    with localcontext(Context(prec=30, Emax=10**8, Emin=-(10**8), traps=[])):
        values = np.array([float(formula(Decimal(float(number)))) for number in numbers])
    return values[places].reshape(np.shape(z))
