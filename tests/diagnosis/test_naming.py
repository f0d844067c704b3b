"""A misconception is named when a submission answers as it does, and never otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.diagnosis.restyle import renamed, rewritten
from autograder.diagnosis.selfcheck import held_out, in_other_styles

HELD_OUT = Path(__file__).parent / "held_out"

ROWS = """
def weighted_sum(x, w, b):
    sums = []
    for row in x:
        total = 0.0
        for position in range(len(w)):
            total += row[position] * w[position]
        sums.append(total)
    return np.array(sums)
"""


def said(bench, code, *exercises):
    """The diagnosis of code that is put over the reference, exercise by exercise."""
    return bench.diagnosed(code, exercises)[0]


def test_a_mistake_by_another_hand_is_named(neuron):
    """A loop over rows and columns that leaves out the bias gives the answers of `x @ w`."""
    found = said(neuron, ROWS, "weighted-sum")["weighted-sum"]
    assert (found.slug, found.misconception) == ("bias-forgotten", "The bias is left out")
    assert found.see == "neuron.ipynb#weighted-sum"
    assert found.insight


def test_two_mistakes_in_one_exercise_have_no_name(neuron):
    """Without the bias, and with the wrong sign: no single misconception explains it."""
    found = said(neuron, ROWS.replace("np.array(sums)", "-np.array(sums)"), "weighted-sum")
    assert not found.get("weighted-sum") or not found["weighted-sum"].slug


def test_what_is_right_has_no_diagnosis(neuron):
    """Nothing is said of an exercise that passes."""
    assert said(neuron, "", "weighted-sum", "sigmoid") == {}


def test_what_is_not_written_yet_has_no_diagnosis(neuron):
    """A stub is no misconception."""
    assert said(neuron, "def weighted_sum(x, w, b):\n    raise NotImplementedError", "weighted-sum") == {}


def test_an_exception_alone_names_nothing(neuron):
    """Many mistakes raise a TypeError; an unknown one is not given another's name."""
    found = said(neuron, "def weighted_sum(x, w, b):\n    return x @ w + undefined_name(b)", "weighted-sum")
    assert not found.get("weighted-sum") or not found["weighted-sum"].slug


def test_the_bank_and_its_variations(neuron):
    """Every fourth misconception, as it stands and in two other styles: nine in ten named, none wrongly."""
    outcomes = [
        neuron.outcome(each, each.code)
        for variant in neuron.variants[::4]
        for each in (variant, *in_other_styles(variant))
    ]
    verdicts = [outcome.verdict for outcome in outcomes if outcome.verdict != "invalid"]
    assert verdicts.count("wrong") == 0
    assert verdicts.count("named") >= 0.9 * len(verdicts)
    assert sorted(outcome.seconds for outcome in outcomes)[-2] < 0.1


@pytest.mark.parametrize("name", ["neuron", "losses"])
def test_held_out_mistakes(name, request):
    """Mistakes that the bank lacks get no name, and half of them at least a true difference."""
    bench = request.getfixturevalue(name)
    outcomes = [bench.outcome(each, each.code, held_out=True) for each in held_out(HELD_OUT, bench.assignment)]
    assert [outcome.variant.slug for outcome in outcomes if outcome.verdict != "silent"] == []
    assert sum(bool(outcome.said) for outcome in outcomes) >= len(outcomes) / 2


def test_left_out_of_the_bank(losses):
    """A misconception is not taken for another one when the bank lacks it."""
    outcomes = [losses.outcome(each, each.code, held_out=True, without=each.slug) for each in losses.variants[::4]]
    assert [outcome.variant.slug for outcome in outcomes if outcome.verdict == "wrong"] == []


def test_the_cache_gives_the_same(neuron, course):
    """Profiles that were kept on disk say what fresh ones say."""
    again = type(neuron)(course, neuron.assignment)
    assert said(again, ROWS, "weighted-sum") == said(neuron, ROWS, "weighted-sum")


def test_restyled_code_does_the_same():
    """Other names and another order, the same values."""
    branches = "    if twice > 3:\n        y = twice - 1\n    else:\n        y = x ** 2 / 4\n"
    code = f"def f(x):\n    twice = x * 2\n{branches}    return y + twice\n"
    for style in (renamed, rewritten):
        names, others = {}, {}
        exec(code, names)
        exec(style(code), others)
        assert style(code) != code
        assert [others["f"](x) for x in (1.0, 3.0)] == [names["f"](x) for x in (1.0, 3.0)]
