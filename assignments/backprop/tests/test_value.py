import numpy as np
from hypothesis import strategies as st

from autograder.kit import check_close, check_that, depending, exercise, floats, given, integers, sampled

from . import oracle
from .expressions import CHAINS, Node, Program, chain, on, programs

NEEDS = ("value-forward",)
WHOLE = (2, 3, 1, 0, -1, -2, 2.0, -1.0, np.int64(2), np.int64(-2), np.float64(3.0))
FRACTIONS = (0.5, -1.5, np.float64(2.5))

# --- forward ----------------------------------------------------------------------------------------------------------


@exercise("value-forward")
@given(number=sampled(3.0, -0.5, 2, 0.0, np.float64(1.25), np.int64(-4), np.float32(0.5), np.int32(3)))
def test_leaf(submission, number):
    """A new Value holds its number in .data, and its .grad is 0.0, as is that of a node that was just computed."""
    leaf = submission.Value(number)
    check_close(leaf.data, float(number))
    check_close(leaf.grad, 0.0, atol=0)
    check_close((leaf * 2.0).grad, 0.0, atol=0)


@exercise("value-forward")
@given(program=programs(kinds=(float, int, np.float64)))
def test_expressions(submission, program):
    """Every node of an expression holds the number that plain arithmetic gives, and keeps it when it is used."""
    nodes = program.run(on(submission))
    for node, value in zip(nodes, oracle.values(program), strict=True):
        check_close(node.data, value)


@exercise("value-forward", examples=4)
@given(x=sampled(0.75, -3.0, 2, np.float64(1.5)))
def test_numbers_on_either_side(submission, x):
    """Python's and NumPy's numbers, floats and ints, may stand on either side of + - * and /."""
    operations = on(submission)
    for number in (0.5, 3, -2, np.float64(-1.5), np.int64(4), np.int64(-3)):
        for operation in ("+", "-", "*", "/"):
            expected = oracle.OPERATIONS[operation]
            check_close(operations[operation](submission.Value(x), number).data, expected(x, float(number)))
            check_close(operations[operation](number, submission.Value(x)).data, expected(float(number), x))
    for number in (0, 0.0, np.float32(0.5), np.int32(3)):
        for operation in ("+", "-", "*"):
            expected = oracle.OPERATIONS[operation]
            check_close(operations[operation](submission.Value(x), number).data, expected(x, float(number)))
            check_close(operations[operation](number, submission.Value(x)).data, expected(float(number), x))


@exercise("value-forward", examples=6)
@given(x=sampled(-3.0, -1.25, 0.4, 2.0, np.float64(1.7)))
def test_powers(submission, x):
    """The exponent of ** is any number, and the base may be negative where the exponent is whole."""
    for exponent in WHOLE + (FRACTIONS if x > 0 else ()):
        check_close((submission.Value(x) ** exponent).data, oracle.power(complex(x), exponent).real)
    for exponent in (1, 2, 1.5):
        check_close((submission.Value(0.0) ** exponent).data, 0.0)


@exercise("value-forward")
def test_tanh_everywhere(submission):
    """The tanh of any finite number is a number from -1 to 1: the right one."""
    for x in (0.0, 1e-3, 0.3, 20.0, 400.0, 800.0, 1e4, 10**4, 1e300):
        check_close(submission.Value(x).tanh().data, np.tanh(x))
        check_close(submission.Value(-x).tanh().data, np.tanh(-x))


@exercise("value-forward")
def test_large_and_small(submission):
    """Exp, relu, division and powers are right for large numbers and for small ones."""
    for x in (-700.0, -50.0, 0.0, 1e-3, 60.0, 100.0, 300.0, 700.0):
        check_close(submission.Value(x).exp().data, np.exp(x))
    for x in (0.0, 1e-3, 7.0, 60.0, 1e6, 1e12):
        check_close(submission.Value(x).relu().data, x)
        check_close(submission.Value(-x).relu().data, 0.0)
    for x in (-1e-6, 1e-4, 1e6):
        check_close((1 / submission.Value(x)).data, 1 / x)
        check_close((submission.Value(x) / submission.Value(-x)).data, -1.0)
        check_close((submission.Value(x) ** -2).data, 1 / x**2)
    check_close((submission.Value(2.0) ** 40).data, 2.0**40)


# --- backward ---------------------------------------------------------------------------------------------------------


def inner_nodes(program):
    """One of the indices of the nodes that are computed from others."""
    return integers(len(program.leaves()), len(program) - 1)


def run_backward(node):
    """Call backward; if it raises, that is what the student reads, and not that a gradient is wrong."""
    check_that(lambda _: None, node.backward())


def check_slopes(nodes, slopes):
    """Check the gradients of some nodes, a dict from indices to slopes."""
    for index, slope in slopes.items():
        check_close(nodes[index].grad, slope, relative_to=list(slopes.values()))


@exercise("value-backward", needs=NEEDS, weight=2)
@given(program=programs())
def test_every_node(submission, program):
    """After backward each node of the graph, inner ones too, holds the slope of the last node in it."""
    nodes = program.run(on(submission))
    run_backward(nodes[-1])
    check_slopes(nodes, oracle.slopes(program))


@exercise("value-backward", needs=NEEDS, examples=3)
@given(x=floats(0.5, 2))
def test_used_twice(submission, x):
    """A node that is used twice gets both contributions, also where both are in one operation."""
    for operation in ("+", "-", "*", "/"):
        steps = [("value", x), (operation, Node(0), Node(0)), (operation, Node(1), Node(0)), ("*", Node(2), Node(1))]
        program = Program([*steps, ("+", Node(3), Node(3)), (operation, Node(4), Node(1))])
        nodes = program.run(on(submission))
        run_backward(nodes[-1])
        check_slopes(nodes, oracle.slopes(program))


@exercise("value-backward", needs=NEEDS, examples=10)
@given(program=programs(operations=(1, 8)))
def test_second_call(submission, program):
    """A second backward starts the inner nodes anew and adds to what the leaves have."""
    nodes = program.run(on(submission))
    run_backward(nodes[-1])
    run_backward(nodes[-1])
    slopes = oracle.slopes(program)
    check_slopes(nodes, {index: slope * (2 if index in program.leaves() else 1) for index, slope in slopes.items()})


@exercise("value-backward", needs=NEEDS, weight=0.5)
def test_leaf_alone(submission):
    """A leaf is a graph too: the slope of a number for itself is 1."""
    leaf = submission.Value(-2.5)
    run_backward(leaf)
    check_close(leaf.grad, 1.0)


@exercise("value-backward", needs=NEEDS, examples=20)
@given(
    program=programs(operations=(3, 10)),
    roots=depending("program", lambda program: st.lists(inner_nodes(program), min_size=3, max_size=3)),
)
def test_several_graphs(submission, program, roots):
    """Graphs may share leaves and inner nodes: leaves sum over all backwards, inner nodes keep the last of theirs."""
    nodes, sums, inner = [], {}, {}
    for root in roots:
        nodes = Program(program[: root + 1]).run(on(submission), nodes=nodes)
        run_backward(nodes[root])
        slopes, graph = oracle.slopes(program, root), program.graph(root)
        sums |= {leaf: sums.get(leaf, 0.0) + slopes[leaf] for leaf in graph & program.leaves()}
        inner |= {index: slopes[index] for index in graph - program.leaves()}
        check_slopes(nodes, inner | sums)


@exercise("value-backward", needs=NEEDS, examples=3)
@given(x=floats(0.3, 2), y=floats(0.3, 2))
def test_new_expression(submission, x, y):
    """A new expression of leaves that have been through backward leaves their slopes alone, and its own are added."""
    X, Y = Node(0), Node(1)
    first = Program([("value", x), ("value", y), ("*", X, Y)])
    operations = (("+", X, Y), ("-", X, Y), ("*", X, Y), ("/", X, Y), ("**", X, 2))
    for step in (*operations, *((name, X) for name in ("neg", "exp", "tanh", "relu"))):
        program = Program([*first, step])
        nodes = first.run(on(submission))
        run_backward(nodes[-1])
        nodes = program.run(on(submission), nodes=nodes)
        run_backward(nodes[-1])
        before, slopes = oracle.slopes(first), oracle.slopes(program)
        check_slopes(nodes, {leaf: before[leaf] + slopes[leaf] for leaf in (0, 1)})


@exercise("value-backward", needs=NEEDS, weight=0.5)
def test_numpy_numbers(submission):
    """A NumPy number on either side of an operation leaves the graph whole."""
    x = Node(0)
    for number in (np.float64(0.5), np.float64(-2.0)):
        for operation in ("+", "-", "*", "/"):
            for pair in ((number, x), (x, number)):
                program = Program([("value", 1.25), (operation, *pair), ("*", x, Node(1))])
                nodes = program.run(on(submission))
                run_backward(nodes[-1])
                check_slopes(nodes, oracle.slopes(program))


@exercise("value-backward", needs=NEEDS)
def test_long_chains(submission):
    """A chain of 2,000 operations works under Python's usual recursion limit, whichever operand it runs through."""
    for kind in CHAINS:
        program = chain(kind)
        nodes = program.run(on(submission))
        run_backward(nodes[-1])
        check_slopes(nodes, {index: oracle.slope(program, index) for index in (0, 1, len(program) // 2)})


@exercise("value-backward", needs=NEEDS)
def test_special_places(submission):
    """Slopes are right at 0 and far out: powers at 0, exp and tanh of large numbers, and any of 0 to 1 at the kink."""
    for x, operation, *exponent in (
        *((0.0, "**", exponent) for exponent in (1, 2, 3, 2.0, 1.5)),
        *((2.0, "**", exponent) for exponent in (10, -7, 0.25)),
        *((x, "exp") for x in (-60.0, 0.0, 60.0, 300.0, 700.0)),
        *((-1.5, "**", exponent) for exponent in (0, -1, 2, -2.0)),
        *((x, "tanh") for x in (0.0, 20.0, -20.0, 800.0, -800.0, 1e4, -1e4)),
        *((x, "relu") for x in (1e-12, -1e-12, 1e3, -1e3)),
        *((1.5, operation, number) for operation in ("+", "-", "*") for number in (0, 1)),
    ):
        program = Program([("value", x), (operation, Node(0), *exponent), ("*", 2.0, Node(1))])
        nodes = program.run(on(submission))
        run_backward(nodes[-1])
        check_slopes(nodes, oracle.slopes(program))
    kink = submission.Value(0.0)
    run_backward(3.0 * kink.relu())
    check_close(kink.grad, 1.5, rtol=0, atol=1.5)
