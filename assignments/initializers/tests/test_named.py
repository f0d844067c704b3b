"""The named initializers: what differs is the variance."""

from autograder.kit import exercise, given, seeds, stand_in

from . import oracle
from .draws import CONVOLUTIONS, DENSE, check_generator_use, check_variance

stand_in("lecun-normal", lecun_normal=oracle.lecun_normal)
stand_in("lecun-uniform", lecun_uniform=oracle.lecun_uniform)
stand_in("glorot-normal", glorot_normal=oracle.glorot_normal)
stand_in("glorot-uniform", glorot_uniform=oracle.glorot_uniform)
stand_in("he-normal", he_normal=oracle.he_normal)
stand_in("he-uniform", he_uniform=oracle.he_uniform)


@exercise("lecun-normal")
def test_lecun_normal_dense(submission):
    """Dense layers get independent normal draws around 0, tails uncut, with variance 1 / fan_in."""
    check_variance(submission.lecun_normal, DENSE, oracle.lecun_variance, "normal")


@exercise("lecun-normal")
def test_lecun_normal_convolution(submission):
    """Convolutions get independent normal draws around 0, tails uncut, with variance 1 / fan_in."""
    check_variance(submission.lecun_normal, CONVOLUTIONS, oracle.lecun_variance, "normal")


@exercise("lecun-normal", examples=1)
@given(seed=seeds())
def test_lecun_normal_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.lecun_normal, seed)


@exercise("lecun-uniform")
def test_lecun_uniform_dense(submission):
    """Dense layers get independent uniform draws between -limit and limit, with variance 1 / fan_in."""
    check_variance(submission.lecun_uniform, DENSE, oracle.lecun_variance, "uniform")


@exercise("lecun-uniform")
def test_lecun_uniform_convolution(submission):
    """Convolutions get independent uniform draws between -limit and limit, with variance 1 / fan_in."""
    check_variance(submission.lecun_uniform, CONVOLUTIONS, oracle.lecun_variance, "uniform")


@exercise("lecun-uniform", examples=1)
@given(seed=seeds())
def test_lecun_uniform_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.lecun_uniform, seed)


@exercise("glorot-normal")
def test_glorot_normal_dense(submission):
    """Dense layers get independent normal draws around 0, tails uncut, with variance 2 / (fan_in + fan_out)."""
    check_variance(submission.glorot_normal, DENSE, oracle.glorot_variance, "normal")


@exercise("glorot-normal")
def test_glorot_normal_convolution(submission):
    """Convolutions get independent normal draws around 0, tails uncut, with variance 2 / (fan_in + fan_out)."""
    check_variance(submission.glorot_normal, CONVOLUTIONS, oracle.glorot_variance, "normal")


@exercise("glorot-normal", examples=1)
@given(seed=seeds())
def test_glorot_normal_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.glorot_normal, seed)


@exercise("glorot-uniform")
def test_glorot_uniform_dense(submission):
    """Dense layers get independent uniform draws between -limit and limit, with variance 2 / (fan_in + fan_out)."""
    check_variance(submission.glorot_uniform, DENSE, oracle.glorot_variance, "uniform")


@exercise("glorot-uniform")
def test_glorot_uniform_convolution(submission):
    """Convolutions get independent uniform draws between -limit and limit, with variance 2 / (fan_in + fan_out)."""
    check_variance(submission.glorot_uniform, CONVOLUTIONS, oracle.glorot_variance, "uniform")


@exercise("glorot-uniform", examples=1)
@given(seed=seeds())
def test_glorot_uniform_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.glorot_uniform, seed)


@exercise("he-normal")
def test_he_normal_dense(submission):
    """Dense layers get independent normal draws around 0, tails uncut, with variance 2 / fan_in."""
    check_variance(submission.he_normal, DENSE, oracle.he_variance, "normal")


@exercise("he-normal")
def test_he_normal_convolution(submission):
    """Convolutions get independent normal draws around 0, tails uncut, with variance 2 / fan_in."""
    check_variance(submission.he_normal, CONVOLUTIONS, oracle.he_variance, "normal")


@exercise("he-normal", examples=1)
@given(seed=seeds())
def test_he_normal_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.he_normal, seed)


@exercise("he-uniform")
def test_he_uniform_dense(submission):
    """Dense layers get independent uniform draws between -limit and limit, with variance 2 / fan_in."""
    check_variance(submission.he_uniform, DENSE, oracle.he_variance, "uniform")


@exercise("he-uniform")
def test_he_uniform_convolution(submission):
    """Convolutions get independent uniform draws between -limit and limit, with variance 2 / fan_in."""
    check_variance(submission.he_uniform, CONVOLUTIONS, oracle.he_variance, "uniform")


@exercise("he-uniform", examples=1)
@given(seed=seeds())
def test_he_uniform_from_the_generator(submission, seed):
    """All randomness comes from rng, which is advanced; each call gives a new, writable float64 array."""
    check_generator_use(submission.he_uniform, seed)
