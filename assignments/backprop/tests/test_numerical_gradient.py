import numpy as np

from autograder.kit import (
    arrays,
    callback,
    check_close,
    check_gradient,
    check_that,
    exercise,
    floats,
    given,
    sampled,
    seeds,
    snapshot,
)

STEPS = (0.5, 0.1, 0.01)


def bowl(shape, seed=0):
    """A quadratic function of arrays of a shape, different in every entry, for which central differences are exact."""
    random = np.random.Generator(np.random.PCG64(seed))
    tilt, weight = random.uniform(0.5, 1.5, shape), random.uniform(-1.0, 1.0, shape)
    return lambda x: (weight * x).sum() ** 2 + (tilt * (x - 0.25) ** 2).sum()


def asked(f, shape):
    """The function f as a callback, which takes arrays of this shape only."""

    def answer(x):
        if isinstance(x, list | tuple):
            raise TypeError(f"f was called with a {type(x).__name__} instead of an array")
        if np.shape(x) != shape:
            raise ValueError(f"f was called with an array of shape {np.shape(x)} instead of {shape}")
        return f(np.asarray(x, np.float64))

    return callback(answer)


@exercise("numerical-gradient", weight=2, examples=25)
@given(x=arrays("N=1..4 D=1..3", scale=1.0), h=sampled(*STEPS), seed=seeds())
def test_exact_for_a_bowl(submission, x, h, seed):
    """For a quadratic function central differences give the slope in every entry exactly, whatever the step."""
    f = bowl(x.shape, seed)
    asked_for_float = asked(lambda x: float(f(x)), x.shape)
    check_gradient(submission.numerical_gradient(asked_for_float, x, h), of=f, at=x)


@exercise("numerical-gradient", examples=10)
@given(x=arrays("D=1..5", between=(-2, 2)), h=floats(0.05, 1), other=sampled(*STEPS))
def test_step(submission, x, h, other):
    """Each entry is (f(x + h) - f(x - h)) / 2h for a move of that entry alone, with the h of this very call."""
    f = asked(lambda x: (x**3).sum(), x.shape)
    got = [(step, submission.numerical_gradient(f, x, h=step)) for step in (h, other)]
    for step, slopes in got:
        check_close(snapshot(slopes), ((x + step) ** 3 - (x - step) ** 3) / (2 * step))


@exercise("numerical-gradient", examples=10)
@given(x=arrays("D=1..5", between=(-2, 2)))
def test_default_step(submission, x):
    """Without another word h is 1e-5."""
    f = asked(lambda x: np.sin(1000 * x).sum(), x.shape)
    slopes = (np.sin(1000 * (x + 1e-5)) - np.sin(1000 * (x - 1e-5))) / 2e-5
    check_close(submission.numerical_gradient(f, x), slopes, rtol=1e-6, atol=1e-6, relative_to=1000.0)


@exercise("numerical-gradient", examples=1)
@given(seed=seeds())
def test_any_shape(submission, seed):
    """The gradient has the shape of x, with no dimensions, several, or no entries; x may be a view, or large."""
    random = np.random.Generator(np.random.PCG64(seed))
    shapes = ((), (0,), (1,), (5,), (3, 0), (1, 4), (4, 1), (2, 3), (2, 1, 3), (3, 2, 2), (1, 2, 1, 2), (3, 35))
    plain = [np.asarray(random.normal(size=shape).round(2)) for shape in shapes]
    square = random.normal(size=(4, 4)).round(2)
    for x in (*plain, square.T, square[:3, ::2], square[::-1, 1], plain[8].transpose(2, 0, 1)):
        f = bowl(x.shape, seed)
        check_gradient(submission.numerical_gradient(asked(f, x.shape), x, 0.1), of=f, at=x)


@exercise("numerical-gradient", examples=10)
@given(x=arrays("N=1..3 D=1..3", between=(-5, 5)), seed=seeds())
def test_whole_numbers(submission, x, seed):
    """An array of ints works like its float copy, although its own entries can't move by less than 1."""
    x = x.astype(np.int64)
    f = bowl(x.shape, seed)
    check_gradient(submission.numerical_gradient(asked(f, x.shape), x, 0.1), of=f, at=x)


@exercise("numerical-gradient", examples=3)
@given(scale=sampled(1.0, 1e-7, 1e4))
def test_x_comes_back(submission, scale):
    """Afterwards x is what it was, bit for bit, even where adding h and taking it away again would not give that."""
    x = scale * np.array([[0.1, -0.7, 1 / 3], [-0.0, 1e-17, 3.3]])
    f = bowl(x.shape)
    for h in (1e-5, 0.1, 1 / 3):
        got = submission.numerical_gradient(asked(f, x.shape), x, h)
        check_that(lambda after: after.tobytes() == x.tobytes(), snapshot(x), says="x must come back bit for bit")
        check_gradient(got, of=f, at=x, rtol=1e-5, atol=1e-5, relative_to=max(1.0, scale))
