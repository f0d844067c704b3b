"""Does chance explain these orders? Every bound errs on a fair shuffle less than once in 1e11 passes of the test."""

import math
from functools import cache

import numpy as np

from autograder.kit import CheckFailed

ONCE_IN = 1e11


def check_shuffled(orders):
    """Many orders of the same rows: any row may come anywhere, and next to any other."""
    orders = np.array(orders)
    check_nothing_stays(orders)
    check_rows_travel(orders)
    check_neighbours_part(orders)


def check_nothing_stays(orders):
    """No place holds the same row in every pass; rows are where they were as often as chance has it."""
    passes, size = orders.shape
    if len({order.tobytes() for order in orders}) < passes:
        raise CheckFailed(f"of {passes} passes through {size} rows, some have the same order; each draws a new one")
    stuck = np.flatnonzero((orders == orders[0]).all(axis=0))
    if len(stuck):
        raise CheckFailed(
            f"place {stuck[0]} holds row {orders[0, stuck[0]]} in each of {passes} passes; any row may come there"
        )
    fixed = int((orders == np.arange(size)).sum())
    check_count(fixed, passes, f"in {passes} passes through {size} rows, a row came at its own place")
    again = int((orders[1:] == orders[:-1]).sum())
    check_count(again, passes - 1, f"in {passes} passes through {size} rows, a row came where it was the last time")


def check_rows_travel(orders, blocks=10):
    """Every tenth of the rows comes in every tenth of a pass equally often (chi-squared)."""
    passes, size = orders.shape
    places = np.broadcast_to(np.arange(size) * blocks // size, orders.shape)
    cells = orders * blocks // size * blocks + places
    counts = np.bincount(cells.ravel(), minlength=blocks**2).reshape(blocks, blocks)
    due = passes * size / blocks**2
    if ((counts - due) ** 2 / due).sum() <= chi_squared_bound((blocks - 1) ** 2) * size / (size - 1):
        return
    row, place = np.unravel_index(np.abs(counts - due).argmax(), counts.shape)
    raise CheckFailed(
        f"not every order is equally likely: of the rows in tenth {row + 1} of X, {counts[row, place]} came in tenth "
        f"{place + 1} of a pass, where {due:.0f} are due"
    )


def check_neighbours_part(orders):
    """Rows that are neighbours in X seldom follow each other."""
    passes, size = orders.shape
    for step, word in ((1, "after"), (-1, "before")):
        follow = int((np.diff(orders, axis=1) == step).sum())
        due = passes * (size - 1) / size
        what = f"in {passes} passes through {size} rows, a row came right {word} the one that precedes it in X"
        check_count(follow, due, what)


def check_all_orders(orders):
    """Three rows have six orders, and many passes show each of them."""
    seen = {tuple(order) for order in orders}
    if len(seen) < 6:
        missing = min({(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)} - seen)
        raise CheckFailed(
            f"in {len(orders)} passes through 3 rows, only {len(seen)} of the 6 orders occurred; never {list(missing)}"
        )


def check_count(count, due, what):
    """A number of rare events whose mean is `due` (a Poisson variable) is neither too small nor too large."""
    if not poisson_low(due) <= count <= poisson_high(due):
        raise CheckFailed(f"{what} {count} times; chance has it about {due:.0f} times")


@cache
def poisson_low(mean):
    """The smallest count that is not as rare as ONCE_IN."""
    count, below = 0, math.exp(-mean)
    while below < 1 / ONCE_IN:
        count += 1
        below += poisson(count, mean)
    return count


@cache
def poisson_high(mean):
    """The largest count that is not as rare as ONCE_IN."""
    count = math.ceil(mean)
    while sum(poisson(more, mean) for more in range(count + 1, count + 200)) >= 1 / ONCE_IN:
        count += 1
    return count


def poisson(count, mean):
    """The probability of `count` events where `mean` are due."""
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))


def chi_squared_bound(freedom):
    """What a chi-squared variable exceeds with a probability below e^-x (Laurent and Massart, 2000, lemma 1)."""
    x = math.log(ONCE_IN)
    return freedom + 2 * math.sqrt(freedom * x) + 2 * x
