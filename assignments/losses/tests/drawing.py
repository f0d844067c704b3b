"""Inputs that only losses need: labels 0 and 1, arrays of every size, and pairs of shapes that do not fit."""

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
    ((2, 1, 3), (2, 3, 1)),
    ((2, 1, 3), (2, 4, 3)),
    ((2, 3, 2), (2, 2, 3)),
    ((2, 1, 2, 3), (2, 2, 2, 3)),
)
ANY_SHAPES = ((1,), (1, 1), (1, 60), (70,), (1100, 2), (2, 3, 2, 2), (2, 1, 3, 1, 2))
TABLE_SHAPES = ((1, 1), (1, 2), (1, 60), (1100, 3), (4, 4))
INTEGER_TYPES = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64)


def bits(like):
    """Labels 0 and 1, int64, in the shape of the argument `like`."""
    return depending(like, lambda array: labels(" ".join(str(size) for size in array.shape), classes="2"))


def sizes(middle=0.0, width=3.0):
    """Arrays of every size; the last two have the same shape, but lie in memory in two ways."""
    other = np.asfortranarray(spread(ANY_SHAPES[-1], middle, -width))
    return [*(spread(shape, middle, width) for shape in ANY_SHAPES), other]


def tables():
    """Logits `(N, C)` of every size; the last three have the same shape, but lie in memory in two ways."""
    square = TABLE_SHAPES[-1]
    return [*(spread(shape) for shape in TABLE_SHAPES), np.asfortranarray(spread(square, width=-3.0)), np.zeros(square)]


def spread(shape, middle=0.0, width=3.0):
    """Different numbers from `middle - width` to `middle + width` in an array of this shape, evenly mixed."""
    return middle + width * (2.0 * ((np.arange(np.prod(shape)) + 1) * 0.6180339887 % 1.0) - 1.0).reshape(shape)


def every_other(array):
    """Labels 0 and 1 by turns, now and then two of a kind, in the shape of `array` but stored in another order."""
    return turned(((np.arange(array.size) + 1) % 7 % 2).reshape(array.shape))


def in_turn(z):
    """The number of a class for each row of `z`: the last, the first, the second and so on, stored backwards."""
    rows, classes = z.shape
    return turned((np.arange(rows) + classes - 1) % classes)


def turned(array):
    """The same array, stored column by column and from the last row to the first."""
    return np.asfortranarray(array[::-1])[::-1]
