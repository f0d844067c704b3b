"""The family that all named initializers belong to."""

import math

from autograder.kit import check_raises, exercise, generator, given, seeds, stand_in
from autograder.kit.statistics import check_distribution

from . import oracle
from .draws import check_form, check_generator_use

stand_in("variance-scaling", variance_scaling=oracle.variance_scaling)

SIZES = {"fan_in": 200, "fan_out": 60, "fan_avg": 130}
UNKNOWN_MODES = ("fan_max", "fan", "in", "average", "fan_in_and_out", "", "FAN_IN", "Fan_out", " fan_in ", "fan-avg")
DISTRIBUTIONS = ("normal", "uniform")
UNKNOWN_DISTRIBUTIONS = ("truncated_normal", "gaussian", "norm", "", "Normal", "UNIFORM", " uniform", "normal\n")


@exercise("variance-scaling")
def test_scaling_by_default(submission):
    """When nothing is said, the draws are independent, normal, tails uncut, with variance 1 / fan_in."""
    got = submission.variance_scaling((500, 100), generator(1))
    check_distribution(got, (500, 100), std=math.sqrt(1 / 500))
    got = submission.variance_scaling((2, 1_500), generator(8))
    check_distribution(got, (2, 1_500), std=math.sqrt(1 / 2))


@exercise("variance-scaling", weight=2)
def test_scaling_by_every_mode(submission):
    """The variance is scale / n, n by mode, for both distributions."""
    for mode, size in SIZES.items():
        got = submission.variance_scaling((200, 60), generator(2), scale=2.5, mode=mode, distribution="normal")
        check_distribution(got, (200, 60), "normal", std=math.sqrt(2.5 / size))
        got = submission.variance_scaling((200, 60), generator(3), scale=0.5, mode=mode, distribution="uniform")
        check_distribution(got, (200, 60), "uniform", std=math.sqrt(0.5 / size))


@exercise("variance-scaling")
def test_scaling_of_a_convolution(submission):
    """A window counts in the fans of a convolution; arguments may be given by position."""
    shape = (3, 4, 20, 60)
    got = submission.variance_scaling(shape, generator(4), 3, "fan_out", "uniform")
    check_distribution(got, shape, "uniform", std=math.sqrt(3 / (3 * 4 * 60)))
    got = submission.variance_scaling(shape, generator(5), mode="fan_avg")
    check_distribution(got, shape, "normal", std=math.sqrt(1 / (3 * 4 * 40)))
    got = submission.variance_scaling((5, 2, 30, 10), generator(9), scale=2.0, distribution="uniform")
    check_distribution(got, (5, 2, 30, 10), "uniform", std=math.sqrt(2 / (5 * 2 * 30)))


@exercise("variance-scaling")
def test_scaling_by_an_average_that_is_no_integer(submission):
    """The mean of the fans of (120, 121) is 120.5."""
    got = submission.variance_scaling((120, 121), generator(6), mode="fan_avg", distribution="uniform")
    check_distribution(got, (120, 121), "uniform", std=math.sqrt(1 / 120.5))


@exercise("variance-scaling")
def test_scaling_with_unknown_names(submission):
    """A mode or a distribution that is none of those listed raises ValueError, and those listed do not."""
    for mode in SIZES:
        for distribution in DISTRIBUTIONS:
            check_form(submission.variance_scaling((4, 3), generator(7), 1.0, mode, distribution), (4, 3))
    for mode in UNKNOWN_MODES:
        check_raises(submission.variance_scaling((4, 3), generator(7), mode=mode), ValueError)
    for distribution in UNKNOWN_DISTRIBUTIONS:
        check_raises(submission.variance_scaling((4, 3), generator(7), distribution=distribution), ValueError)
    check_raises(submission.variance_scaling((4, 3), generator(7), 1.0, "fan_sum", "uniform"), ValueError)
    check_raises(submission.variance_scaling((4, 3), generator(7), 1.0, "fan_out", "triangular"), ValueError)


@exercise("variance-scaling", examples=1)
@given(seed=seeds())
def test_scaling_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.variance_scaling, seed)
    check_generator_use(lambda shape, rng: submission.variance_scaling(shape, rng, 2.0, "fan_out", "uniform"), seed)
