import numpy as np

from autograder.kit import (
    arrays,
    check_close,
    depending,
    exercise,
    floats,
    given,
    integers,
    sampled,
    snapshot,
    stand_in,
    unpack,
    upstream,
)

from . import oracle

stand_in("node-backward", node_backward=oracle.node_backward)


def shaped_as(name):
    """An array with the shape of the argument `name`."""
    return depending(name, lambda array: arrays(" ".join(map(str, array.shape))))


@exercise("node-backward")
@given(dL_dz=arrays(), dz_dx=shaped_as("dL_dz"), dz_dy=shaped_as("dL_dz"))
def test_arrays_of_nodes(submission, dL_dz, dz_dx, dz_dy):
    """Each entry is a node of its own: L's slope in x is what L changes by when that x moves, and likewise for y."""
    dL_dx, dL_dy = unpack(submission.node_backward(dL_dz, dz_dx, dz_dy), 2)
    slope_in_x, slope_in_y = oracle.node_backward(dL_dz, dz_dx, dz_dy)
    check_close(dL_dx, slope_in_x, relative_to=dL_dz)
    check_close(dL_dy, slope_in_y, relative_to=dL_dz)


@exercise("node-backward")
@given(dL_dz=sampled(0.75, -1.5, 2, -3, 0, np.float64(0.5), np.int64(-2)), dz_dx=floats(-3, 3), dz_dy=integers(-3, 3))
def test_one_node_of_plain_numbers(submission, dL_dz, dz_dx, dz_dy):
    """A single node works with numbers of Python and NumPy and gives the pair (dL_dx, dL_dy)."""
    dL_dx, dL_dy = unpack(submission.node_backward(dL_dz, dz_dx, dz_dy), 2)
    slope_in_x, slope_in_y = oracle.node_backward(dL_dz, dz_dx, dz_dy)
    check_close(dL_dx, slope_in_x)
    check_close(dL_dy, slope_in_y)


@exercise("node-backward", weight=0.5, examples=2)
@given(dL_dz=upstream("N=100..130"), dz_dx=upstream("N"), dz_dy=upstream("N"))
def test_many_nodes(submission, dL_dz, dz_dx, dz_dy):
    """A hundred nodes are as right as a few, and a second call leaves the answers of the first alone."""
    first = unpack(submission.node_backward(dL_dz, dz_dx, dz_dy), 2)
    second = unpack(submission.node_backward(dz_dx, dL_dz, dz_dy), 2)
    for answers, arguments in ((first, (dL_dz, dz_dx, dz_dy)), (second, (dz_dx, dL_dz, dz_dy))):
        for answer, slope in zip(answers, oracle.node_backward(*arguments), strict=True):
            check_close(snapshot(answer), slope)
