"""The strict comparison: each kind of difference is seen and named, and nothing is ever broadcast."""

import math

import numpy as np
import pytest

from autograder.kit import CheckFailed, check_close
from autograder.kit.failure import Kind
from autograder.worker.codec import Opaque, decode, encode

EXPECTED = np.arange(12.0).reshape(3, 4)


def failure(got, expected, **options) -> CheckFailed:
    """Return why a value is not right, which it must not be."""
    with pytest.raises(CheckFailed) as caught:
        check_close(got, expected, **options)
    return caught.value


class TestArrays:
    """Arrays are compared by type, shape, dtype, finiteness and then value."""

    def test_right(self):
        """Equal arrays pass, and those that differ within the tolerance."""
        check_close(EXPECTED.copy(), EXPECTED)
        check_close(EXPECTED * (1 + 1e-10), EXPECTED)
        check_close(EXPECTED.astype(np.int64), EXPECTED)
        check_close(np.asfortranarray(EXPECTED), EXPECTED)

    @pytest.mark.parametrize(
        ("shape", "due"),
        [((0, 4), (4,)), ((3, 4), (4,)), ((4,), (3, 4)), ((1, 4), (4,)), ((4, 1), (4,)), ((4,), (4, 1)),
         ((), (4,)), ((1,), (4,)), ((0,), (4,)), ((4, 3), (3, 4)), ((0, 4), (0, 5))],
    )  # fmt: skip
    def test_never_broadcasts(self, shape, due):
        """Another shape is wrong, even where NumPy would stretch it and all entries are equal."""
        failed = failure(np.ones(shape), np.ones(due))
        assert failed.kind in (Kind.SHAPE, Kind.TYPE)
        if failed.kind == Kind.SHAPE:
            assert str(due) in failed.says
            assert str(shape) in failed.says

    def test_empty(self):
        """An empty array is right where one of that shape is due."""
        check_close(np.zeros((0, 4)), np.zeros((0, 4)))

    @pytest.mark.parametrize(
        "got",
        [None, True, 1.0, "[1, 2]", [1.0, 2.0], (1.0, 2.0), {"a": 1.0}, Opaque("Lazy"), np.float64(1.0)],
        ids=repr,
    )
    def test_other_things(self, got):
        """What is no array is named as what it is."""
        failed = failure(got, np.array([1.0, 2.0]))
        assert failed.kind == Kind.TYPE
        assert "an array of shape (2,) is due" in failed.says

    def test_none_hints_at_a_missing_return(self):
        """None is what a function without a return gives."""
        assert "is a return missing?" in failure(None, EXPECTED).says

    @pytest.mark.parametrize("dtype", ["?", "c16", "O", "U3"])
    def test_other_dtypes(self, dtype):
        """Truth values, complex numbers, objects and texts are no real numbers, whatever they equal."""
        got = np.ones(3).astype(dtype)
        assert failure(got, np.ones(3)).kind == Kind.DTYPE

    def test_masked(self):
        """A masked array is no array, though NumPy would find it close to anything."""
        got = np.ma.masked_array(np.zeros(3), mask=True)
        assert failure(got, np.ones(3)).kind == Kind.TYPE
        assert failure(decode(encode(got)), np.ones(3)).kind == Kind.TYPE

    def test_subclass(self):
        """A subclass that always agrees is no array."""

        class Agrees(np.ndarray):
            def __array_ufunc__(self, *_args: object, **_keywords: object) -> np.ndarray:
                return np.zeros(3)

        assert failure(np.ones(3).view(Agrees), np.ones(3)).kind == Kind.TYPE

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_not_finite(self, value):
        """NaN and infinities are wrong where a number is due, and told with their place."""
        got = EXPECTED.copy()
        got[1, 2] = value
        failed = failure(got, EXPECTED)
        assert (failed.kind, failed.place) == (Kind.NOT_FINITE, (1, 2))

    def test_infinity_where_it_is_due(self):
        """An infinity is right where it is expected, one of the other sign is not."""
        check_close(np.array([np.inf, 1.0]), np.array([np.inf, 1.0]))
        assert failure(np.array([-np.inf, 1.0]), np.array([np.inf, 1.0])).place == (0,)
        assert failure(np.array([1e300, 1.0]), np.array([np.inf, 1.0])).place == (0,)

    def test_nan_is_never_right(self):
        """NaN is not even close to NaN."""
        failure(np.array([np.nan]), np.array([np.nan]))

    def test_place_is_the_worst_entry(self):
        """Of several wrong entries the one furthest off is named, and they are counted."""
        got = EXPECTED.copy()
        got[0, 1] += 1e-3
        got[2, 3] += 5
        failed = failure(got, EXPECTED)
        assert (failed.kind, failed.place) == (Kind.VALUE, (2, 3))
        assert "2 of 12 entries are wrong" in failed.says

    def test_unsigned_does_not_wrap(self):
        """The difference of unsigned or small integers is taken in float64."""
        assert failure(np.array([255], np.uint8), np.array([-1.0])).kind == Kind.VALUE
        assert failure(np.array([2**64 - 1], np.uint64), np.array([-1.0])).kind == Kind.VALUE
        assert failure(np.array([-128], np.int8), np.array([128.0])).kind == Kind.VALUE

    def test_asked_dtype(self):
        """Where the contract says float64, float32 and int64 are wrong."""
        check_close(np.ones(2), np.ones(2), dtype="float64")
        for dtype in (np.float32, np.int64):
            failed = failure(np.ones(2, dtype), np.ones(2), dtype="float64")
            assert failed.kind == Kind.DTYPE
            assert "float64" in failed.says


class TestScalars:
    """A number may come as Python's, as NumPy's, or as a 0-d array."""

    @pytest.mark.parametrize("got", [2, 2.0, np.float64(2), np.float32(2), np.int32(2), np.array(2.0), np.array(2)])
    def test_right(self, got):
        """All three are right."""
        check_close(got, 2.0)
        check_close(got, np.array(2.0))
        check_close(got, np.float64(2))

    @pytest.mark.parametrize("got", [None, True, np.True_, "2", 2 + 0j, np.complex128(2), [2.0], (2.0,), Opaque("X")])
    def test_other_things(self, got):
        """Truth values, texts, complex numbers and lists are no numbers."""
        assert failure(got, 2.0).kind in (Kind.TYPE, Kind.DTYPE)

    @pytest.mark.parametrize("shape", [(1,), (1, 1), (0,)])
    def test_arrays_of_one(self, shape):
        """An array of one entry is not a number."""
        assert failure(np.full(shape, 2.0), 2.0).kind == Kind.SHAPE

    @pytest.mark.parametrize("got", [math.nan, math.inf, 10**400, np.float64("nan")])
    def test_not_finite(self, got):
        """NaN, infinities and ints beyond every float are wrong."""
        assert failure(got, 2.0).kind == Kind.NOT_FINITE

    def test_wrong(self):
        """A wrong number is wrong, however small the difference beyond the tolerance."""
        check_close(1 + 1e-9, 1.0)
        assert failure(1 + 3e-9, 1.0).kind == Kind.VALUE


class TestTolerance:
    """`abs(got - expected) <= atol * s + rtol * max(abs(expected), magnitude)`."""

    def test_relative(self):
        """A large value may be off by more."""
        check_close(1e6 + 1e-4, 1e6, atol=0)
        failure(1e6 + 1e-2, 1e6, atol=0)

    def test_absolute(self):
        """A value of 0 has only the absolute part."""
        check_close(1e-10, 0.0)
        failure(1e-10, 0.0, atol=0)

    def test_relative_to(self):
        """The absolute part grows and shrinks with what it is relative to."""
        check_close(1e-7, 0.0, relative_to=np.array([-1000.0]))
        failure(1e-10, 0.0, relative_to=np.array([1e-3]))

    def test_magnitude(self):
        """Where terms cancel, their size counts, entry by entry."""
        check_close(np.array([1e-5]), np.array([0.0]), magnitude=np.array([1e6]))
        got, due = np.array([1e-5, 1e-5]), np.zeros(2)
        assert failure(got, due, magnitude=np.array([1e6, 1.0])).place == (1,)
        check_close(1e-5, 0.0, magnitude=1e6)

    def test_zero_tolerance(self):
        """Without any tolerance only the same value is right."""
        check_close(np.array([0.1]), np.array([0.1]), rtol=0, atol=0)
        failure(np.array([0.1 + 1e-17 + 2e-17]), np.array([0.1]), rtol=0, atol=0)


class TestContainers:
    """Lists, tuples and dicts are compared entry by entry, and the place leads to what differs."""

    def test_right(self):
        """Nested containers of equal values pass."""
        value = {"W1": np.ones((2, 2)), "pair": (1.0, [2.0, None]), "name": "tanh"}
        check_close(value, value)

    def test_place(self):
        """The place names keys and indices down to the entry."""
        expected = {"W1": np.ones((2, 2)), "b": (1.0, 2.0)}
        got = {"W1": np.array([[1.0, 1.0], [1.0, 9.0]]), "b": (1.0, 2.0)}
        assert failure(got, expected).place == ("W1", 1, 1)
        assert failure(expected | {"b": (1.0, 3.0)}, expected).place == ("b", 1)

    def test_keys(self):
        """Missing and surplus keys are named; their order does not matter."""
        check_close({"b": 1.0, "a": 2.0}, {"a": 2.0, "b": 1.0})
        failed = failure({"a": 1.0}, {"a": 1.0, "b": 2.0})
        assert (failed.kind, failed.says) == (Kind.SHAPE, "the keys must be a, b, not a")
        assert failure({"a": 1.0, "c": 1.0}, {"a": 1.0}).kind == Kind.SHAPE

    @pytest.mark.parametrize(
        ("got", "expected"),
        [([1.0], (1.0,)), ((1.0,), [1.0]), (np.array([1.0]), [1.0]), (1.0, (1.0,)), ((1.0,), {"a": 1.0}), (None, (1,))],
    )
    def test_kind_of_container(self, got, expected):
        """A list is no tuple, an array no list."""
        assert failure(got, expected).kind == Kind.TYPE

    def test_length(self):
        """A tuple of another length is told with both lengths."""
        failed = failure((1.0, 2.0, 3.0), (1.0, 2.0))
        assert (failed.kind, failed.says) == (Kind.SHAPE, "2 entries are due, not 3")

    @pytest.mark.parametrize(("got", "expected"), [(1, True), (True, 1.0), ("a", "b"), (None, False), (0, None)])
    def test_exact_things(self, got, expected):
        """True, None and texts must be exactly that."""
        failure(got, expected)

    def test_numpy_truth(self):
        """NumPy's True is as good as Python's."""
        check_close(np.True_, expected=True)
        failure(np.False_, expected=True)
