"""What inputs are drawn, and that a seed says it all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

import autograder
from autograder.errors import GraderError
from autograder.kit import (
    AuthorError,
    arrays,
    depending,
    dim,
    exercise,
    floats,
    given,
    integers,
    labels,
    one_hot,
    sampled,
    seeds,
    upstream,
)
from autograder.suite.draw import draw_examples, size_of

MANY = 300


def drawn(_count=MANY, _seed="s", **arguments):
    """Draw examples as the suite does; gives their inputs."""

    @exercise("x")
    @given(**arguments)
    def test(submission, **inputs):
        """Draw."""

    return [example.inputs for example in draw_examples(test.strategy, _count, _seed)]


def tight(x):
    """Whether an array is C-ordered without gaps."""
    return x.flags.c_contiguous


class TestDimensions:
    """Named dimensions are sizes that arguments have in common."""

    def test_shared(self):
        """The same name is the same size in the whole example."""
        for inputs in drawn(x=arrays("N D"), w=arrays("D M"), n=dim("N"), dout=upstream("N M")):
            n, d = inputs["x"].shape
            assert inputs["w"].shape[0] == d
            assert inputs["n"] == n
            assert type(inputs["n"]) is int
            assert inputs["dout"].shape == (n, inputs["w"].shape[1])

    def test_sizes(self):
        """Sizes are 1 to 7, and all of them occur."""
        assert {inputs["x"].shape[0] for inputs in drawn(x=arrays("N D"))} == set(range(1, 8))

    def test_mostly_different(self):
        """Square shapes, which hide transposed matrices, are rare but there."""
        square = sum(len(set(inputs["x"].shape)) == 1 for inputs in drawn(x=arrays("N D")))
        assert 0 < square < MANY / 5

    def test_ranges_and_fixed_sizes(self):
        """A range is kept, ends included, and a number is a number."""
        sizes = [inputs["x"].shape for inputs in drawn(x=arrays("N=2..5 3", integers=False))]
        assert {n for n, _ in sizes} == {2, 3, 4, 5}
        assert {d for _, d in sizes} == {3}

    def test_range_counts_where_the_name_is_first(self):
        """Later uses of a name take the size that it has."""
        for inputs in drawn(30, x=arrays("N=9..12"), y=arrays("N")):
            assert inputs["x"].shape == inputs["y"].shape

    def test_any_shape(self):
        """Without dimensions there are one to three."""
        assert {inputs["x"].ndim for inputs in drawn(x=arrays())} == {1, 2, 3}

    @pytest.mark.parametrize("dimensions", ["N=5..2", "N=..3", "-1", "N,D", "2N"])
    def test_nonsense(self, dimensions):
        """What is no dimension is told to the author."""
        with pytest.raises(AuthorError, match=r"a dimension is a name|no size is from"):
            drawn(3, x=arrays(dimensions))


class TestArrays:
    """Arrays of floats, now and then of ints, now and then as views."""

    def test_dtypes(self):
        """About one in eight is int64, the rest float64."""
        kinds = [inputs["x"].dtype for inputs in drawn(x=arrays("N D"))]
        assert set(kinds) == {np.dtype("f8"), np.dtype("i8")}
        assert MANY / 20 < sum(kind == np.dtype("i8") for kind in kinds) < MANY / 4
        assert {inputs["x"].dtype for inputs in drawn(x=arrays("N D", integers=False))} == {np.dtype("f8")}

    def test_layouts(self):
        """Strided, reversed and Fortran-ordered views occur, unless they are turned off."""
        found = [inputs["x"] for inputs in drawn(x=arrays("N=2..5 D=2..6"))]
        assert any(x.flags.f_contiguous and not tight(x) for x in found)
        assert any(x.strides[0] < 0 for x in found)
        assert any(x.strides[-1] == 2 * x.itemsize for x in found)
        assert sum(map(tight, found)) > MANY / 2
        assert all(tight(inputs["x"]) for inputs in drawn(x=arrays("N D", layouts=False)))

    @pytest.mark.parametrize("between", [(-1.0, 1.0), (0.0, 1.0), (-700.0, 700.0), (2.0, 2.5)])
    def test_between(self, between):
        """Values stay in their range, whole numbers too."""
        low, high = between
        for inputs in drawn(x=arrays("N D", between=between, integers=high - low >= 1)):
            assert inputs["x"].min() >= low
            assert inputs["x"].max() <= high

    def test_scales(self):
        """Without a range there are sizes from 1e-3 to 1e3."""
        sizes = [np.abs(inputs["x"]).max() for inputs in drawn(x=arrays("N=3..7 D=3..7", integers=False))]
        assert min(sizes) < 3e-3
        assert max(sizes) > 500

    @pytest.mark.parametrize("size", ["N=1..2 D=1..3", "N=4..7 D=4..7"], ids=["small", "large"])
    @pytest.mark.parametrize("options", [{}, {"between": (-1.0, 1.0)}, {"scale": 1e-2}, {"scale": 1.0}], ids=repr)
    def test_kinks(self, size, options):
        """Values keep away from kinks, whole numbers too, whatever their scale."""
        for inputs in drawn(x=arrays(size, away_from=(0.0,), **options)):
            assert np.abs(inputs["x"]).min() >= 1e-3

    def test_several_kinks(self):
        """Several kinks are all kept away from."""
        for inputs in drawn(x=arrays("N=4..7 D=4..7", between=(-3.0, 3.0), away_from=(-1.0, 0.0, 1.0))):
            assert np.abs(np.subtract.outer(inputs["x"], [-1.0, 0.0, 1.0])).min() >= 1e-3

    def test_general_position(self):
        """Larger arrays hold many different values, and hardly any exact zero."""
        for inputs in drawn(50, x=arrays("N=5..7 D=5..7", scale=1.0, integers=False)):
            assert len(np.unique(inputs["x"])) > 0.9 * inputs["x"].size
            assert np.count_nonzero(inputs["x"] == 0) <= 1

    def test_upstream(self):
        """An upstream gradient has the shape of its argument, float64, and is not constant."""
        for inputs in drawn(z=arrays("N=2..5 D=2..5"), dout=upstream("z")):
            assert inputs["dout"].shape == inputs["z"].shape
            assert inputs["dout"].dtype == np.float64
        large = [inputs["dout"] for inputs in drawn(z=arrays("N=5..7 D=5..7"), dout=upstream("z"))]
        assert all(np.ptp(dout) > 0 for dout in large)


class TestOthers:
    """Labels, one-hot rows and numbers."""

    def test_labels(self):
        """Labels are int64, below the number of classes, and use it up."""
        found = drawn(z=arrays("N C"), y=labels("N", classes="C"))
        for inputs in found:
            n, classes = inputs["z"].shape
            assert inputs["y"].shape == (n,)
            assert inputs["y"].dtype == np.int64
            assert 0 <= inputs["y"].min() <= inputs["y"].max() < classes
        assert any(inputs["y"].max() == inputs["z"].shape[1] - 1 > 0 for inputs in found)

    def test_one_hot(self):
        """Rows hold one 1 and else 0."""
        for inputs in drawn(y=one_hot("N C")):
            assert inputs["y"].dtype == np.float64
            assert set(np.unique(inputs["y"])) <= {0.0, 1.0}
            assert (inputs["y"].sum(axis=1) == 1).all()

    def test_numbers(self):
        """Python numbers within their bounds, bounds included."""
        found = drawn(1000, f=floats(-2, 2), i=integers(3, 5), s=sampled("a", "b"), seed=seeds())
        assert {type(inputs["f"]) for inputs in found} == {float}
        assert all(-2 <= inputs["f"] <= 2 for inputs in found)
        assert {inputs["i"] for inputs in found} == {3, 4, 5}
        assert {inputs["s"] for inputs in found} == {"a", "b"}
        assert len({inputs["seed"] for inputs in found}) > 900

    def test_depending(self):
        """A strategy may be made from what was drawn before, by Hypothesis or by the kit."""
        found = drawn(
            100,
            n=integers(1, 5),
            m=integers(1, 2),
            k=depending("n", "m", lambda n, m: st.integers(0, n * m)),
            x=depending("n", lambda n: arrays(f"{n}")),
        )
        assert all(0 <= inputs["k"] <= inputs["n"] * inputs["m"] for inputs in found)
        assert all(inputs["x"].shape == (inputs["n"],) for inputs in found)

    def test_any_hypothesis_strategy(self):
        """Strategies of Hypothesis' own are drawn by the same seed."""
        anything = st.one_of(st.floats(allow_nan=False), st.text("xyz"), st.booleans(), st.binary())
        strategy = st.lists(anything, max_size=4)
        assert drawn(20, x=strategy) == drawn(20, x=strategy)

    def test_not_a_strategy(self):
        """What is no strategy is refused where it is written."""
        with pytest.raises(AuthorError, match="a strategy is due, not int"):
            given(x=3)

    def test_one_that_rejects_everything(self):
        """A strategy that can give nothing ends with an error, and not in an endless loop."""
        with pytest.raises(GraderError, match="rejects"):
            drawn(3, x=st.integers().filter(lambda _value: False))


class TestOrder:
    """Small examples come first, and so the first failure is easy to read."""

    def test_smallest_first(self):
        """Examples are sorted by the number of their numbers."""
        sizes = [size_of(inputs) for inputs in drawn(x=arrays(), pair=st.lists(integers(0, 9), max_size=4))]
        assert sizes == sorted(sizes)
        assert sizes[0] < sizes[-1]


ZOO = '''
import hashlib
{imports}
import numpy as np
from hypothesis import strategies as st
from autograder.kit import *
from autograder.suite.draw import draw_examples
from autograder.worker.codec import encode

def test(submission, **inputs):
    """Draw."""

test = exercise("x")(given(
    x=arrays("N D"), y=arrays(), dout=upstream("y"), c=labels("N"), o=one_hot("N C"), n=dim("D"),
    f=floats(0, 1), i=integers(0, 10**30), s=sampled("a", "b", "c"), seed=seeds(),
    free=st.lists(st.floats(allow_nan=False), max_size=5), text=st.text("abc", max_size=5), whole=st.integers(),
    d=depending("n", lambda n: arrays(f"{{n}}")), b=st.binary(max_size=4), k=arrays("K", away_from=(0.0,)),
)(test))
examples = draw_examples(test.strategy, 40, "seed")
encoded = encode([example.inputs for example in examples], layouts=True)
print(hashlib.sha256(encoded).hexdigest(), __import__("autograder").__file__, sep="\\n")
'''

LITERALS = "NUMBERS = [123456.75, 987654321, 0.015625]\nTEXT = 'a literal to be found'\n"


class TestSeeds:
    """The same seed gives the same examples, on every machine and in every process."""

    @staticmethod
    def digest(folder: Path, hash_seed: str, imports: str = "") -> tuple[str, str]:
        """Draw in another process that has the package from `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "local_literals.py").write_text(LITERALS)
        (folder / "zoo.py").write_text(ZOO.format(imports=imports))
        environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "zoo.py"],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        digest, where = done.stdout.splitlines()
        return digest, where

    def test_other_process(self, tmp_path):
        """Neither other imports, nor another install path, nor another hash seed changes an example."""
        elsewhere = tmp_path / "another place"
        package = Path(autograder.__file__).parent
        shutil.copytree(package, elsewhere / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
        one, here = self.digest(tmp_path / "one", "0")
        two, _ = self.digest(tmp_path / "two", "4242", "import decimal, local_literals, sqlite3, email.message")
        three, there = self.digest(elsewhere, "7", "import local_literals, fractions")
        assert here != there
        assert one == two == three

    def test_other_seeds(self):
        """Another seed gives other examples."""
        one, two = drawn(x=arrays("N D")), drawn(x=arrays("N D"), _seed="t")
        same = sum(np.array_equal(a["x"], b["x"]) for a, b in zip(one, two, strict=True))
        assert same < MANY / 10

    def test_fewer_examples_are_the_first_ones(self):
        """How many are drawn does not change which ones they are."""
        few = {inputs["x"].tobytes() for inputs in drawn(20, x=arrays("N D"))}
        more = {inputs["x"].tobytes() for inputs in drawn(60, x=arrays("N D"))}
        assert few <= more

    def test_drawing_leaves_the_global_generators_alone(self):
        """Drawing reads and moves neither NumPy's nor Python's global generator."""
        import random  # noqa: PLC0415

        before = random.getstate(), np.random.get_state()[1].tobytes()  # noqa: NPY002
        drawn(30, x=arrays("N D"))
        assert (random.getstate(), np.random.get_state()[1].tobytes()) == before  # noqa: NPY002
