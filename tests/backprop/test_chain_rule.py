from autograder.kit import arrays, check_close, depending, exercise, floats, given, integers, stand_in, unpack

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
@given(dL_dz=floats(-3, 3), dz_dx=floats(-3, 3), dz_dy=integers(-3, 3))
def test_one_node_of_plain_numbers(submission, dL_dz, dz_dx, dz_dy):
    """A single node works with plain numbers and gives the pair (dL_dx, dL_dy)."""
    dL_dx, dL_dy = unpack(submission.node_backward(dL_dz, dz_dx, dz_dy), 2)
    slope_in_x, slope_in_y = oracle.node_backward(dL_dz, dz_dx, dz_dy)
    check_close(dL_dx, slope_in_x)
    check_close(dL_dy, slope_in_y)
