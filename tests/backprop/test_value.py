import numpy as np
from hypothesis import strategies as st

from autograder.kit import check_close, depending, exercise, floats, given, integers, sampled

from . import oracle
from .expressions import BINARY, CHAINS, Node, Program, chain, on, programs

NEEDS = ("value-forward",)

# --- forward ----------------------------------------------------------------------------------------------------------


@exercise("value-forward")
@given(number=sampled(3.0, -0.5, 2, 0.0, np.float64(1.25), np.int64(-4)))
def test_leaf(submission, number):
    """A new Value holds its number in .data, and its .grad is 0.0, as is that of a node that was just computed."""
    leaf = submission.Value(number)
    check_close(leaf.data, float(number))
    check_close(leaf.grad, 0.0, atol=0)
    check_close((leaf * 2.0).grad, 0.0, atol=0)


@exercise("value-forward")
@given(program=programs())
def test_expressions(submission, program):
    """Every node of an expression holds the number that plain arithmetic gives, and keeps it when it is used."""
    nodes = program.run(on(submission))
    for node, value in zip(nodes, oracle.values(program), strict=True):
        check_close(node.data, value)


@exercise("value-forward", examples=12)
@given(number=sampled(3, -2, 0.5, np.float64(-1.5), np.int64(4), np.int64(-3)), x=sampled(0.75, -3.0, 2))
def test_numbers_on_either_side(submission, number, x):
    """Python's and NumPy's numbers, floats and ints, may stand on either side of + - * and /."""
    plain = on(submission)
    for operation in sorted(set(BINARY)):
        expected = oracle.OPERATIONS[operation]
        check_close(plain[operation](submission.Value(x), number).data, expected(x, float(number)))
        check_close(plain[operation](number, submission.Value(x)).data, expected(float(number), x))


@exercise("value-forward")
@given(
    exponent=sampled(2, 3, 1, 0, -1, -2, 2.0, -1.0, 0.5, -1.5, np.int64(2), np.int64(-2), np.float64(3), np.float64(2.5)),
    x=depending("exponent", lambda exponent: floats(0.3, 3) if exponent % 1 else sampled(-3.0, -1.25, 0.4, 2.0)),
)
def test_powers(submission, exponent, x):
    """The exponent of ** is any number, and the base may be negative where the exponent is whole."""
    check_close((submission.Value(x) ** exponent).data, oracle.power(complex(x), exponent).real)
    check_close((submission.Value(0.0) ** 2).data, 0.0)


@exercise("value-forward", examples=20)
@given(x=sampled(0.0, 1e-3, -0.3, 20.0, -20.0, 400.0, -400.0, 800.0, -800.0, 1e4, -1e4, 1e300, -1e300, 10**4, -(10**4)))
def test_tanh_everywhere(submission, x):
    """The tanh of any finite number is a number from -1 to 1: the right one."""
    check_close(submission.Value(x).tanh().data, float(np.tanh(x)))


# --- backward ---------------------------------------------------------------------------------------------------------


def check_slopes(nodes, slopes):
    """Check the gradients of some nodes, a dict from indices to slopes."""
    for index, slope in slopes.items():
        check_close(nodes[index].grad, slope, relative_to=list(slopes.values()))


@exercise("value-backward", needs=NEEDS, weight=2)
@given(program=programs())
def test_every_node(submission, program):
    """After backward each node of the graph, inner ones too, holds the slope of the last node in it."""
    nodes = program.run(on(submission))
    nodes[-1].backward()
    check_slopes(nodes, oracle.slopes(program))


@exercise("value-backward", needs=NEEDS, examples=10)
@given(x=floats(0.5, 2), operation=sampled("+", "-", "*", "/"))
def test_used_twice(submission, x, operation):
    """A node that is used twice gets both contributions, also where both are in one operation."""
    steps = [("value", x), (operation, Node(0), Node(0)), (operation, Node(1), Node(0)), ("*", Node(2), Node(1))]
    program = Program([*steps, ("+", Node(3), Node(3)), (operation, Node(4), Node(1))])
    nodes = program.run(on(submission))
    nodes[-1].backward()
    check_slopes(nodes, oracle.slopes(program))


@exercise("value-backward", needs=NEEDS, examples=10)
@given(program=programs(operations=(1, 8)))
def test_second_call(submission, program):
    """A second backward starts the inner nodes anew and adds to what the leaves have."""
    nodes = program.run(on(submission))
    nodes[-1].backward()
    nodes[-1].backward()
    slopes = oracle.slopes(program)
    check_slopes(nodes, {index: slope * (2 if index in program.leaves() else 1) for index, slope in slopes.items()})


@exercise("value-backward", needs=NEEDS, examples=20)
@given(
    program=programs(operations=(3, 10)),
    roots=depending("program", lambda program: st.lists(integers(len(program.leaves()), len(program) - 1), min_size=2)),
)
def test_several_graphs(submission, program, roots):
    """Graphs may have leaves and inner nodes in common: leaves sum over all, inner nodes are the last backward's."""
    nodes = program.run(on(submission))
    sums = dict.fromkeys(program.leaves(), 0.0)
    for root in roots[:3]:
        nodes[root].backward()
        slopes = oracle.slopes(program, root)
        sums = {leaf: total + slopes[leaf] for leaf, total in sums.items()}
        check_slopes(nodes, {index: slopes[index] for index in program.graph(root)} | sums)


@exercise("value-backward", needs=NEEDS)
def test_long_chains(submission):
    """A chain of 2,000 operations works under Python's usual recursion limit, whichever operand it runs through."""
    for kind in CHAINS:
        program = chain(kind)
        nodes = program.run(on(submission))
        nodes[-1].backward()
        check_slopes(nodes, {index: oracle.slope(program, index) for index in (0, 1, len(program) // 2)})


@exercise("value-backward", needs=NEEDS)
def test_special_places(submission):
    """Slopes are right at 0 and far out: whole powers at 0, tanh where it is flat, and any of 0 to 1 at the kink."""
    for x, operation, *exponent in (
        *((0.0, "**", exponent) for exponent in (1, 2, 3, 2.0)),
        *((-1.5, "**", exponent) for exponent in (0, -1, np.int64(2), np.float64(-2.0))),
        *((x, "tanh") for x in (0.0, 20.0, -20.0, 800.0, -800.0, 1e4, -1e4)),
        *((x, "relu") for x in (1e-12, -1e-12)),
    ):
        program = Program([("value", x), (operation, Node(0), *exponent), ("*", 2.0, Node(1))])
        nodes = program.run(on(submission))
        nodes[-1].backward()
        check_slopes(nodes, oracle.slopes(program))
    kink = submission.Value(0.0)
    (3.0 * kink.relu()).backward()
    check_close(kink.grad, 1.5, rtol=0, atol=1.5)
