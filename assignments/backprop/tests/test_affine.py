import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    check_gradient,
    exercise,
    given,
    setting_up,
    snapshot,
    stand_in,
    unpack,
    upstream,
)

from . import oracle

# The two share a cache, so they can only be replaced together.
stand_in("affine-forward", affine_forward=oracle.affine_forward, affine_backward=oracle.affine_backward)
stand_in("affine-backward", affine_forward=oracle.affine_forward, affine_backward=oracle.affine_backward)


def layer(*whole):
    """The arguments of a layer, of which those named may be arrays of ints."""
    dimensions = {"x": "N=1..5 D=1..5", "W": "D M=1..5", "b": "M"}
    return {name: arrays(sizes, integers=name in whole) for name, sizes in dimensions.items()}


def objective(x, W, b, dout):
    """The number that is differentiated: its gradient in `out` is `dout`."""
    return (dout * oracle.affine(x, W, b)).sum()


def backward(submission, x, W, b, dout):
    """The three gradients of a layer, whose forward pass only prepares."""
    with setting_up():
        _, cache = unpack(submission.affine_forward(x, W, b), 2)
    return unpack(submission.affine_backward(dout, cache), 3)


def check_backward(submission, x, W, b, dout):
    """Check the three gradients of a layer."""
    dx, dW, db = backward(submission, x, W, b, dout)
    check_gradient(dx, of=lambda x: objective(x, W, b, dout), at=x, relative_to=dout)
    check_gradient(dW, of=lambda W: objective(x, W, b, dout), at=W, relative_to=dout)
    check_gradient(db, of=lambda b: objective(x, W, b, dout), at=b, relative_to=dout)


@exercise("affine-forward")
@given(**layer("x", "W", "b"))
def test_values(submission, x, W, b):
    """Each row of out is the row of x times W, plus b; the cache comes second."""
    out, _cache = unpack(submission.affine_forward(x, W, b), 2)
    check_close(out, oracle.affine(x, W, b), magnitude=oracle.affine(np.abs(x), np.abs(W), np.abs(b)))


@exercise("affine-forward", weight=0.5)
def test_whole_numbers(submission):
    """Arrays of ints give what their float copies give, whichever of the three they are."""
    x, W, b = np.array([[3, -1, 2], [0, 4, 1]]), np.array([[1, -2], [5, 0], [2, 3]]), np.array([0.75, -1.5])
    for arguments in ((x, W, b), (x, W + 0.5, b), (x + 0.25, W, b), (x + 0.25, W, np.array([1, -2]))):
        out, _cache = unpack(submission.affine_forward(*arguments), 2)
        check_close(out, oracle.affine(*arguments))


@exercise("affine-forward", weight=0.5, examples=1)
@given(x=upstream("120 20"), X=upstream("120 20"), W=upstream("20 12"), b=upstream("12"))
def test_many_rows(submission, *, x, X, W, b):
    """A batch of 120 rows is as right as a small one, and a second batch leaves the outputs of the first alone."""
    outs = [(batch, unpack(submission.affine_forward(batch, W, b), 2)[0]) for batch in (x, X)]
    for batch, out in outs:
        check_close(snapshot(out), oracle.affine(batch, W, b))


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**layer("x"), dout=upstream("N M"))
def test_dx(submission, x, W, b, dout):
    """The first gradient, dx, says how sum(dout * out) changes with every entry of x."""
    dx, _, _ = backward(submission, x, W, b, dout)
    check_gradient(dx, of=lambda x: objective(x, W, b, dout), at=x, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**layer("W"), dout=upstream("N M"))
def test_dW(submission, x, W, b, dout):  # noqa: N802 - its name
    """The second gradient, dW, says how sum(dout * out) changes with every entry of W."""
    _, dW, _ = backward(submission, x, W, b, dout)
    check_gradient(dW, of=lambda W: objective(x, W, b, dout), at=W, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**layer("b"), dout=upstream("N M"))
def test_db(submission, x, W, b, dout):
    """The third gradient, db, says how sum(dout * out) changes with every entry of b."""
    _, _, db = backward(submission, x, W, b, dout)
    check_gradient(db, of=lambda b: objective(x, W, b, dout), at=b, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), weight=0.5, examples=3)
@given(dout=upstream("3 3"))
def test_square_layer_of_whole_numbers(submission, dout):
    """A layer of ints and of equal dimensions has gradients like any other; dout may hold ints, too."""
    x = np.array([[3, -1, 2], [0, 4, 1], [1, 1, -2]])
    W = np.array([[1, -2, 0], [5, 0, 3], [2, 3, -4]])
    b = np.array([1, 0, -2])
    check_backward(submission, x, W, b, dout)
    check_backward(submission, x + 0.25, W - 0.75, b + 0.5, np.array([[1, 0, -2], [3, -1, 2], [0, 5, 1]]))


@exercise("affine-backward", needs=("affine-forward",), weight=0.5, examples=1)
@given(x=upstream("120 20"), W=upstream("20 12"), b=upstream("12"), dout=upstream("120 12"))
def test_many_rows_backwards(submission, x, W, b, dout):
    """The gradients add over 120 rows as they do over a few."""
    check_backward(submission, x, W, b, dout)


@exercise("affine-backward", needs=("affine-forward",), examples=10)
@given(**layer(), dout=upstream("N M"), X=arrays("K=1..5 D"), dOut=upstream("K M"))
def test_caches(submission, *, x, W, b, dout, X, dOut):
    """A cache serves its own forward pass as often as it is handed in; no call spoils what another one gave."""
    with setting_up():
        _, cache = unpack(submission.affine_forward(x, W, b), 2)
        _, other = unpack(submission.affine_forward(X, W, b), 2)
    before = -2.0 * dout
    first = unpack(submission.affine_backward(before, cache), 3)
    for argument in (x, W, b):
        check_close(snapshot(argument), argument, rtol=0, atol=0)
    dX, _, _ = unpack(submission.affine_backward(dOut, other), 3)
    dx, dW, db = unpack(submission.affine_backward(dout, cache), 3)
    check_gradient(dW, of=lambda W: objective(x, W, b, dout), at=W, relative_to=dout)
    check_gradient(dx, of=lambda x: objective(x, W, b, dout), at=x, relative_to=dout)
    check_gradient(db, of=lambda b: objective(x, W, b, dout), at=b, relative_to=dout)
    check_gradient(dX, of=lambda X: objective(X, W, b, dOut), at=X, relative_to=dOut)
    dx, dW, db = map(snapshot, first)
    check_gradient(dW, of=lambda W: objective(x, W, b, before), at=W, relative_to=before)
    check_gradient(dx, of=lambda x: objective(x, W, b, before), at=x, relative_to=before)
    check_gradient(db, of=lambda b: objective(x, W, b, before), at=b, relative_to=before)
