"""Parameters of a small convolutional network: arrays of one to four dimensions, one of them of a thousand numbers."""

import numpy as np

SHAPES = {"kernel": (3, 3, 2, 2), "planes": (2, 1, 3), "W1": (275, 4), "b1": (4,), "W2": (4, 1), "slope": (1,)}


def parameters(seed=1951, scale=1.0):
    """Numbers from -scale to scale for each of them, the biases all 0."""
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = {name: scale * (2.0 * random.random(shape) - 1.0) for name, shape in SHAPES.items()}
    return drawn | {"b1": np.zeros(SHAPES["b1"])}


def gradients(seed, scale=1.0):
    """As many gradients, listed from the last to the first."""
    random = np.random.Generator(np.random.PCG64(seed))
    return {name: scale * (2.0 * random.random(SHAPES[name]) - 1.0) for name in reversed(SHAPES)}
