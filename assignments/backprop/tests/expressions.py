"""Random expressions for `Value`, as small programs: lists of operations on earlier results and on plain numbers.

A program runs on anything that has the operations: on a submission's `Value`, where it builds a graph, and on complex
numbers, where the oracle reads values and slopes off it.
"""

import math
import operator
import random
from dataclasses import dataclass

from hypothesis import strategies as st

from autograder.kit import integers, seeds


@dataclass(frozen=True)
class Node:
    """An earlier result of the program, as an operand."""

    index: int


class Program(tuple):
    """Operations with their operands, each a `Node` or a plain number; `value` makes a leaf."""

    __slots__ = ()

    def leaves(self):
        """The indices of the leaves."""
        return {index for index, (operation, *_) in enumerate(self) if operation == "value"}

    def graph(self, root):
        """The indices of the nodes that the node `root` was computed from, its own among them."""
        found = {root}
        for index in range(root, -1, -1):
            if index in found:
                found |= {operand.index for operand in self[index][1:] if type(operand) is Node}
        return found

    def run(self, operations, *, moved=None, by=0.0, nodes=()):
        """All nodes in order; the node at the index `moved` is displaced by a number, and what follows feels it.

        The first `nodes` may be there already.
        """
        nodes = list(nodes)
        for operation, *operands in self[len(nodes) :]:
            values = [nodes[operand.index] if type(operand) is Node else operand for operand in operands]
            nodes.append(operations[operation](*values))
            if len(nodes) - 1 == moved:
                nodes[-1] += by
        return nodes


def on(submission):
    """The operations of a submission's `Value`."""
    return {
        "value": submission.Value,
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "**": operator.pow,
        "neg": operator.neg,
        "exp": lambda x: x.exp(),
        "tanh": lambda x: x.tanh(),
        "relu": lambda x: x.relu(),
    }


# --- random graphs ----------------------------------------------------------------------------------------------------

LARGEST = 12.0
SMALLEST = 0.2  # of a divisor, of the base of a power, and in front of the kink of relu
KINDS = (float, float, int)
EXPONENTS = (2, 3, -1, -2, 2.0, 0.5, 1.5, -0.5, 1)
BINARY = ("+", "-", "*", "/", "+", "*")
UNARY = ("**", "neg", "exp", "tanh", "relu")


@st.composite
def programs(draw, leaves=(1, 4), operations=(1, 12), kinds=KINDS):
    """Programs of so many leaves and operations; every node but the last is used by a later one."""
    return random_program(draw(seeds()), draw(integers(*leaves)), draw(integers(*operations)), kinds)


def random_program(seed, leaves, operations, kinds=KINDS):
    """A program whose values are of moderate size and keep clear of kinks and poles."""
    source = random.Random(seed)  # noqa: S311 - examples, not secrets
    steps, values = [], []
    for _ in range(leaves):
        number = _number(source, kinds)
        steps.append(("value", number))
        values.append(float(number))
    unused = list(range(leaves))
    while len(steps) < leaves + operations or len(unused) > 1:
        waiting = unused if len(steps) >= leaves + operations else []
        step = _joining(source, waiting) if waiting else _operation(source, len(steps), kinds)
        value = _value(step[0], *(values[part.index] if type(part) is Node else float(part) for part in step[1:]))
        if value is None:
            continue
        unused = [index for index in unused if Node(index) not in step] + [len(steps)]
        steps.append(step)
        values.append(value)
    return Program(steps)


def _number(source, kinds):
    """A plain number of some kind, not close to 0."""
    kind = source.choice(kinds)
    number = source.choice((-1, 1)) * source.uniform(0.3, 2.5)
    whole = math.copysign(max(1, round(abs(number))), number)
    return kind(round(number, 2) if issubclass(kind, float) else whole)


def _operation(source, count, kinds):
    """An operation on one or two of the nodes so far, or on a node and a number."""
    operation = source.choice(BINARY + UNARY)
    x = Node(_recent(source, count))
    if operation == "**":
        return operation, x, source.choice(EXPONENTS)
    if operation in UNARY:
        return operation, x
    other = source.choice((Node(_recent(source, count)), Node(_recent(source, count)), x, _number(source, kinds)))
    return (operation, x, other) if source.random() < 0.5 else (operation, other, x)


def _joining(source, waiting):
    """An operation on two nodes that nothing uses yet."""
    return source.choice(BINARY), *map(Node, source.sample(waiting, 2))


def _recent(source, count):
    """An index below `count`; later ones come up more often."""
    return int(count * source.random() ** 0.6)


def _value(operation, x, y=0.0):
    if operation == "/" and abs(y) < SMALLEST:
        return None
    if operation in ("**", "relu") and abs(x) < SMALLEST:
        return None
    if operation == "**" and x < 0 and y != int(y):
        return None
    if operation == "exp" and x > math.log(LARGEST):
        return None
    functions = {
        "+": lambda: x + y,
        "-": lambda: x - y,
        "*": lambda: x * y,
        "/": lambda: x / y,
        "**": lambda: x**y,
        "neg": lambda: -x,
        "exp": lambda: math.exp(x),
        "tanh": lambda: math.tanh(x),
        "relu": lambda: max(x, 0.0),
    }
    value = float(functions[operation]())
    return value if abs(value) <= LARGEST else None


# --- chains -----------------------------------------------------------------------------------------------------------

LENGTH = 2000
V = Node(-1)  # the node before
W = Node(1)  # a second leaf

#: First value, second leaf, and links that are taken in turn; each round trip comes back to about where it began.
CHAINS = {
    "functions, numbers, and the chain on the left or on both sides": (
        0.001,
        1.25,
        ("exp", V), ("-", V, 1), ("tanh", V), ("+", V, W), ("-", V, W), ("*", V, 1.5), ("/", V, 1.5),
        ("*", V, W), ("/", V, W), ("neg", V), ("+", V, 0.5), ("-", V, 0.5), ("neg", V), ("**", V, 2), ("**", V, 0.5),
        ("relu", V), ("+", V, V), ("/", V, 2), ("+", 0.5, V), ("-", 0.5, V), ("*", -1, V), ("/", 1, V), ("/", 1.0, V),
    ),
    "the chain on the right": (0.7, 1.25, ("+", W, V), ("-", W, V), ("*", W, V), ("/", W, V)),
}  # fmt: skip


def chain(kind):
    """A leaf, a second leaf, and 2,000 operations, each on the result of the one before."""
    start, other, *links = CHAINS[kind]
    steps = [("value", start), ("value", other)]
    for count in range(LENGTH):
        operation, *operands = links[count % len(links)]
        before = Node(len(steps) - 1 if count else 0)
        steps.append((operation, *(before if operand is V else operand for operand in operands)))
    return Program(steps)
