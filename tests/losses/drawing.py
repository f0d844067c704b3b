"""Inputs that only losses need: labels 0 and 1, and pairs of shapes that do not fit."""

import numpy as np

from autograder.kit import depending, labels

UNEQUAL = (
    ((4,), (4, 1)),
    ((4, 1), (4,)),
    ((4,), (1,)),
    ((1,), (4,)),
    ((4, 1), (1, 4)),
    ((4, 3), (3,)),
    ((4, 3), (1, 3)),
    ((4, 3), (4, 1)),
    ((4, 3), (3, 4)),
    ((6,), (2, 3)),
    ((1, 4), (4,)),
    ((5,), (4,)),
)
INTEGER_TYPES = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64)


def bits(like):
    """Labels 0 and 1, int64, in the shape of the argument `like`."""
    return depending(like, lambda array: labels(" ".join(str(size) for size in array.shape), classes="2"))
