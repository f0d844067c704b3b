"""What every random initializer owes to its caller, put in one place."""

import math

import numpy as np

from autograder.kit import check_close, check_that, generator, generator_state, snapshot
from autograder.kit.statistics import check_distribution

DENSE = ((500, 100), (2, 1_500), (4_000, 1))
CONVOLUTIONS = ((4, 5, 10, 60), (5, 2, 30, 10))
SMALL = ((5, 1), (1, 4), (1, 1), (3, 2, 1, 5))


def check_variance(draw, shapes, variance, kind):
    """Draw an array of each shape and check that it is normal or uniform around 0, with the variance it should have."""
    for number, shape in enumerate(shapes):
        check_distribution(draw(shape, generator(2015 + number)), shape, kind, std=math.sqrt(variance(shape)))


def check_generator_use(draw, seed, shapes=SMALL):
    """Check that draws come from the generator alone, advance it, and arrive in new, writable float64 arrays."""
    rng, twin, other = generator(seed), generator(seed), generator(seed + 1)
    before = generator_state(rng)
    first = draw((7, 3), rng)
    after = generator_state(rng)
    again = draw((7, 3), twin)
    elsewhere = draw((7, 3), other)
    first[0, 0] = 7.0
    written = snapshot(first)
    second = draw((7, 3), rng)
    kept = snapshot(first)
    for got in (first, again, elsewhere, second):
        check_form(got, (7, 3))
    check_that(np.array_equal, first, again, says="generators in the same state must give the same draws")
    check_that(share_nothing, first, elsewhere, says="another generator must give other draws")
    check_that(lambda before, after: before != after, before, after, says="rng must be advanced")
    check_that(share_nothing, first, second, says="the next call must go on with new draws")
    check_that(lambda written: written[0, 0] == 7.0, written, says="an entry of the result must be writable")
    check_that(np.array_equal, written, kept, says="a later call must leave an earlier result alone")
    for shape in shapes:
        check_form(draw(shape, rng), shape)


def check_form(got, shape):
    """Check for a float64 array of this shape with finite entries, whatever they are."""
    check_close(got, np.zeros(shape), atol=math.inf, dtype="float64")


def share_nothing(first, second):
    """No number occurs in both arrays."""
    return not np.isin(first, second).any()
