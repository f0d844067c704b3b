"""How many inputs a unit sums over, how many outputs an input reaches."""

from autograder.kit import check_close, check_raises, exercise, given, integers, stand_in, unpack

from . import oracle

stand_in("compute-fans", compute_fans=oracle.compute_fans)


@exercise("compute-fans", examples=15)
@given(d=integers(1, 60), m=integers(1, 60))
def test_fans_of_a_dense_layer(submission, d, m):
    """A dense layer (D, M) has fans D and M."""
    check_fans(submission, (d, m))


@exercise("compute-fans", examples=15)
@given(kh=integers(1, 7), kw=integers(1, 7), c_in=integers(1, 20), c_out=integers(1, 20))
def test_fans_of_a_convolution(submission, kh, kw, c_in, c_out):
    """A convolution (kh, kw, c_in, c_out) has fans kh * kw * c_in and kh * kw * c_out."""
    check_fans(submission, (kh, kw, c_in, c_out))


@exercise("compute-fans")
def test_fans_of_large_layers(submission):
    """The largest layers fit, too."""
    check_fans(submission, (150_528, 4_096))
    check_fans(submission, (7, 7, 2_048, 1_024))


@exercise("compute-fans")
def test_fans_of_other_ranks(submission):
    """Shapes of any other number of dimensions, from none to eight, raise ValueError."""
    check_fans(submission, (5, 6))
    check_fans(submission, (2, 3, 4, 5))
    for shape in ((), (5,), (3, 4, 5), (3, 3, 3, 4, 5), (2, 2, 2, 2, 2, 2), (1,) * 7, (1,) * 8):
        check_raises(submission.compute_fans(shape), ValueError)


def check_fans(submission, shape):
    """Compare both fans."""
    for got, expected in zip(unpack(submission.compute_fans(shape), 2), oracle.compute_fans(shape), strict=True):
        check_close(got, expected)
