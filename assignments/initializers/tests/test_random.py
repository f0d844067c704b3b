"""Independent draws from a normal and from a uniform distribution."""

from autograder.kit import exercise, generator, given, seeds, stand_in
from autograder.kit.statistics import check_distribution

from . import oracle
from .draws import SMALL, check_generator_use

stand_in("random-normal", random_normal=oracle.random_normal)
stand_in("random-uniform", random_uniform=oracle.random_uniform)

SHAPES = ((3,), (2, 3, 4), (2, 1, 3, 1, 2), *SMALL)


@exercise("random-normal")
def test_normal_by_default(submission):
    """When nothing is said, the mean is 0 and the standard deviation 0.05; entries are independent, tails uncut."""
    got = submission.random_normal((500, 100), generator(1))
    check_distribution(got, (500, 100), mean=0.0, std=0.05)


@exercise("random-normal")
def test_normal_with_mean_and_std(submission):
    """The draws have the mean and the standard deviation asked for, by name or by position."""
    got = submission.random_normal((4, 5, 20, 30), generator(2), mean=-1.5, std=0.5)
    check_distribution(got, (4, 5, 20, 30), mean=-1.5, std=0.5)
    got = submission.random_normal((8_000,), generator(3), 5, 2)
    check_distribution(got, (8_000,), mean=5.0, std=2.0)
    got = submission.random_normal((30, 300), generator(4), std=3.0)
    check_distribution(got, (30, 300), mean=0.0, std=3.0)
    got = submission.random_normal((40, 50), generator(5), mean=20.0)
    check_distribution(got, (40, 50), mean=20.0, std=0.05)


@exercise("random-normal", examples=1)
@given(seed=seeds())
def test_normal_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.random_normal, seed, SHAPES)


@exercise("random-uniform")
def test_uniform_by_default(submission):
    """When nothing is said, the draws lie between -0.05 and 0.05, equally likely anywhere; entries are independent."""
    got = submission.random_uniform((500, 100), generator(1))
    check_distribution(got, (500, 100), "uniform", low=-0.05, high=0.05)


@exercise("random-uniform")
def test_uniform_with_low_and_high(submission):
    """The draws lie between the ends asked for, by name or by position."""
    got = submission.random_uniform((4, 5, 20, 30), generator(2), low=2.0, high=2.5)
    check_distribution(got, (4, 5, 20, 30), "uniform", low=2.0, high=2.5)
    got = submission.random_uniform((8_000,), generator(3), -4, 10)
    check_distribution(got, (8_000,), "uniform", low=-4.0, high=10.0)
    got = submission.random_uniform((30, 300), generator(4), high=1.0)
    check_distribution(got, (30, 300), "uniform", low=-0.05, high=1.0)
    got = submission.random_uniform((40, 50), generator(5), low=-300.0)
    check_distribution(got, (40, 50), "uniform", low=-300.0, high=0.05)


@exercise("random-uniform", examples=1)
@given(seed=seeds())
def test_uniform_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.random_uniform, seed, SHAPES)
