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

LAYER = {"x": arrays("N=1..5 D=1..5"), "W": arrays("D M=1..5"), "b": arrays("M")}


def objective(x, W, b, dout):
    """The number that is differentiated: its gradient in `out` is `dout`."""
    return (dout * oracle.affine(x, W, b)).sum()


def backward(submission, x, W, b, dout):
    """The three gradients of a layer, whose forward pass only prepares."""
    with setting_up():
        _, cache = unpack(submission.affine_forward(x, W, b), 2)
    return unpack(submission.affine_backward(dout, cache), 3)


@exercise("affine-forward")
@given(**LAYER)
def test_values(submission, x, W, b):
    """Each row of out is the row of x times W, plus b; the cache comes second."""
    out, _cache = unpack(submission.affine_forward(x, W, b), 2)
    check_close(out, oracle.affine(x, W, b), magnitude=oracle.affine(np.abs(x), np.abs(W), np.abs(b)))


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**LAYER, dout=upstream("N M"))
def test_dx(submission, x, W, b, dout):
    """The first gradient, dx, says how sum(dout * out) changes with every entry of x."""
    dx, _, _ = backward(submission, x, W, b, dout)
    check_gradient(dx, of=lambda x: objective(x, W, b, dout), at=x, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**LAYER, dout=upstream("N M"))
def test_dW(submission, x, W, b, dout):  # noqa: N802 - its name
    """The second gradient, dW, says how sum(dout * out) changes with every entry of W."""
    _, dW, _ = backward(submission, x, W, b, dout)
    check_gradient(dW, of=lambda W: objective(x, W, b, dout), at=W, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), examples=20)
@given(**LAYER, dout=upstream("N M"))
def test_db(submission, x, W, b, dout):
    """The third gradient, db, says how sum(dout * out) changes with every entry of b."""
    _, _, db = backward(submission, x, W, b, dout)
    check_gradient(db, of=lambda b: objective(x, W, b, dout), at=b, relative_to=dout)


@exercise("affine-backward", needs=("affine-forward",), examples=10)
@given(**LAYER, dout=upstream("N M"), X=arrays("K=1..5 D"), dOut=upstream("K M"))
def test_caches(submission, *, x, W, b, dout, X, dOut):
    """A cache serves its own forward pass, whatever was called since, and as often as it is handed in."""
    with setting_up():
        _, cache = unpack(submission.affine_forward(x, W, b), 2)
        _, other = unpack(submission.affine_forward(X, W, b), 2)
    submission.affine_backward(dout, cache)
    for argument in (x, W, b):
        check_close(snapshot(argument), argument, rtol=0, atol=0)
    dX, _, _ = unpack(submission.affine_backward(dOut, other), 3)
    dx, dW, db = unpack(submission.affine_backward(dout, cache), 3)
    check_gradient(dW, of=lambda W: objective(x, W, b, dout), at=W, relative_to=dout)
    check_gradient(dx, of=lambda x: objective(x, W, b, dout), at=x, relative_to=dout)
    check_gradient(db, of=lambda b: objective(x, W, b, dout), at=b, relative_to=dout)
    check_gradient(dX, of=lambda X: objective(X, W, b, dOut), at=X, relative_to=dOut)
