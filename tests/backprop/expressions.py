"""Random expressions for `Value`, as small programs: lists of operations on earlier results and on plain numbers.

A program runs on anything that has the operations: on a submission's `Value`, where it builds a graph, and on complex
numbers, where the oracle reads values and slopes off it.
"""

import math
import operator
import random
from dataclasses import dataclass

import numpy as np
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

    def run(self, operations, *, moved=None, by=0.0):
        """All nodes in order; the node at the index `moved` is displaced by a number, and what follows feels it."""
        nodes = []
        for operation, *operands in self:
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
EXPONENTS = (2, 3, -1, -2, 2.0, 0.5, 1.5, -0.5, np.float64(3.0), 1)
BINARY = ("+", "-", "*", "/", "+", "*")
UNARY = ("**", "neg", "exp", "tanh", "relu")


@st.composite
def programs(draw, leaves=(1, 4), operations=(1, 12)):
    """Programs of so many leaves and operations; every node but the last is used by a later one."""
    return random_program(draw(seeds()), draw(integers(*leaves)), draw(integers(*operations)))


def random_program(seed, leaves, operations):
    """A program whose values are of moderate size and keep clear of kinks and poles."""
    source = random.Random(seed)  # noqa: S311 - examples, not secrets
    steps, values = [], []
    for _ in range(leaves):
        number = _number(source)
        steps.append(("value", number))
        values.append(float(number))
    unused = list(range(leaves))
    while len(steps) < leaves + operations or len(unused) > 1:
        finishing = len(steps) >= leaves + operations
        step, value = _operation(source, values, unused if finishing else [], BINARY if finishing else BINARY + UNARY)
        if value is None:
            continue
        used = {operand.index for operand in step[1:] if type(operand) is Node}
        unused = [index for index in unused if index not in used] + [len(steps)]
        steps.append(step)
        values.append(value)
    return Program(steps)


def _number(source):
    """A plain number of some kind, not close to 0."""
    kind = source.choice((float, float, int, np.float64))
    number = source.choice((-1, 1)) * source.uniform(0.3, 2.5)
    return kind(max(1, round(abs(number))) * (1 if number > 0 else -1)) if kind is int else kind(round(number, 2))


def _operation(source, values, waiting, choices):
    """An operation on earlier nodes and its value, which is None where it would be out of bounds."""
    operation = source.choice(choices)
    x = source.choice(waiting) if waiting else _recent(source, len(values))
    if operation in UNARY:
        operands = (Node(x), source.choice(EXPONENTS)) if operation == "**" else (Node(x),)
    else:
        kind = source.choice(("node", "node", "node", "same", "number", "number"))
        if waiting:
            kind = "node"
            other = Node(source.choice([index for index in waiting if index != x]))
        elif kind == "number":
            other = _number(source)
        else:
            other = Node(x) if kind == "same" else Node(_recent(source, len(values)))
        operands = (Node(x), other) if source.random() < 0.5 else (other, Node(x))
    numbers = [values[operand.index] if type(operand) is Node else float(operand) for operand in operands]
    return (operation, *operands), _value(operation, *numbers)


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
    "functions, and the chain on the left or on both sides": (
        0.001,
        1.25,
        ("exp", V), ("-", V, 1), ("tanh", V), ("+", V, W), ("-", V, W), ("*", V, 1.5), ("/", V, 1.5),
        ("*", V, W), ("/", V, W), ("neg", V), ("+", V, 0.5), ("-", V, 0.5), ("neg", V), ("**", V, 2), ("**", V, 0.5),
        ("relu", V), ("+", V, V), ("/", V, 2),
    ),
    "the chain on the right": (
        0.7,
        1.25,
        ("+", 0.5, V), ("-", 0.5, V), ("*", -1, V), ("/", 1.0, V), ("/", 2.0, V), ("*", 0.5, V), ("+", W, V),
        ("-", W, V), ("*", W, V), ("/", W, V), ("/", -1, V),
    ),
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
