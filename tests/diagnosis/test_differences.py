"""A measured difference is said where every failing example supports it, and not otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.diagnosis import conditions, differences
from autograder.diagnosis.pairs import Evidence, Pair

RNG = np.random.default_rng(3)
SHAPES = [(2, 3), (4, 2), (3, 5)]
DUE = [RNG.normal(size=shape) for shape in SHAPES]


def pair(expected, got, earlier=(), part="", **inputs):
    """One comparison that failed."""
    arrays = {name: np.asarray(value, float) for name, value in inputs.items()}
    return Pair(np.asarray(expected, float), np.asarray(got, float), "value", part, arrays, tuple(earlier))


def measured(pairs, agreeing=(), right=()):
    """What is said of these pairs."""
    return differences._measured(Evidence(tuple(pairs), tuple(agreeing), frozenset(right), complete=True))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda due: 2 * due, "twice"),
        (lambda due: due / 2, "half"),
        (lambda due: -due, "wrong sign"),
        (lambda due: due.T, "transpose"),
        (lambda due: due * len(due), "number of rows of `x` times too large"),
        (lambda due: due / len(due), "divided by the number of rows of `x`"),
        (lambda due: due[::-1], "first axis"),
        (lambda due: due + 1, "too large by 1"),
        (lambda due: due**2, "square of what is due"),
        (lambda due: due.sum(axis=0), "the sum over axis 0"),
        (lambda due: due.astype(np.float32), "digits only"),
        (lambda due: due * 0, "Every entry is 0"),
        (lambda due: due.ravel(), "shape"),
    ],
)
def test_a_difference_that_all_examples_show(wrong, says):
    """Each kind of difference is found."""
    assert says in measured([pair(due, wrong(due), x=np.ones((len(due), 2))) for due in DUE])


def test_one_example_that_disagrees_silences():
    """Twice what is due in all but one example is not said."""
    pairs = [pair(due, 2 * due) for due in DUE]
    assert measured([*pairs, pair(DUE[0], 3 * DUE[0] + 1)]) == ""


def test_a_passing_example_that_disagrees_silences():
    """Where the same test passes with a value that is not 0, answers are not always doubled."""
    passing = pair(DUE[0], DUE[0])
    assert measured([pair(due, 2 * due) for due in DUE], [passing]) == ""


def test_a_passing_example_that_a_factor_explains():
    """The factor N is 1 where N is 1, so that a passing example with one row supports it."""
    one = np.ones((1, 3))
    said = measured([pair(due, due * len(due), x=due) for due in DUE], [pair(one, one, x=one)])
    assert "number of rows" in said


def test_a_missing_factor_and_a_missing_term():
    """What an input makes of the answer is told by the input's name."""
    douts = [RNG.normal(size=due.shape) for due in DUE]
    assert "every entry times its `dout`" in measured(
        [pair(due * dout, due, dout=dout) for due, dout in zip(DUE, douts, strict=True)]
    )
    assert "adding `b`" in measured([pair(due + number, due, b=number) for number, due in enumerate(DUE, 2)])


def test_stale_answers():
    """The answer to an earlier call, again or added."""
    before = [RNG.normal(size=due.shape) for due in DUE]
    again = [pair(due, old, [old]) for due, old in zip(DUE, before, strict=True)]
    added = [pair(due, due + old, [old]) for due, old in zip(DUE, before, strict=True)]
    assert "an earlier call, which should leave no trace" in measured(again)
    assert "has been added" in measured(added)


def test_only_one_part():
    """The part that is wrong is named where others are right."""
    assert measured([pair(due, 2 * due, part="dw") for due in DUE], right={"db"}).startswith("Only `dw` is wrong.")


def test_entries_that_are_wrong_where_the_input_is_negative():
    """What wrong entries have in common, and right ones have not."""
    inputs = [{"z": RNG.normal(size=(4, 5))} for _ in range(3)]
    wrong = [named["z"] < 0 for named in inputs]
    assert conditions.which_entries(inputs, wrong) == "The entries are right except where `z` is negative."
    scattered = [RNG.random((4, 5)) < 0.5 for _ in inputs]
    assert conditions.which_entries(inputs, scattered) == ""


def test_too_little_to_tell():
    """One number says nothing."""
    assert measured([pair(3.0, 6.0)]) == ""
