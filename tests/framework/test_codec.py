"""What crosses between trusted and untrusted code, and what bytes made by an attacker can do: nothing."""

import struct
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.worker import codec
from autograder.worker.codec import CodecError, Opaque, decode, decode_answers, encode, pack, tuple_of, unpack

F8 = bytes([codec._DTYPES.index(np.dtype("f8"))])
BOOL = bytes([codec._DTYPES.index(np.dtype("?"))])


def u32(value: int) -> bytes:
    """Return a length as it stands in an encoding."""
    return struct.pack("<I", value)


def array(dtype: bytes, shape: tuple[int, ...], raw: bytes) -> bytes:
    """Return an array as a worker could send it, whether or not its parts agree."""
    return b"a" + dtype + bytes([len(shape)]) + struct.pack(f"<{len(shape)}Q", *shape) + raw


def view(shape: tuple[int, ...], strides: tuple[int, ...], offset: int, raw: bytes) -> bytes:
    """Return a view into `raw` as a worker could send it."""
    ndim = len(shape)
    head = b"v" + F8 + bytes([ndim]) + struct.pack(f"<{ndim}Q", *shape) + struct.pack(f"<{ndim}q", *strides)
    return head + struct.pack("<q", offset) + u32(len(raw)) + raw


def same(one: object, other: object) -> bool:
    """Whether two values are of the same types and equal, NaN included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float):
        return struct.pack("<d", one) == struct.pack("<d", other)
    return bool(one == other)


class TestRoundTrips:
    """What is encoded comes back, of the same type and to the last bit."""

    @pytest.mark.parametrize(
        "value",
        [
            None, True, False, 0, -1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**500, -(10**500),
            0.0, -0.0, 1.5, float("nan"), float("inf"), 1 + 2j, "", "Grüße", "a\0b", b"", b"\0\xff", ...,
            [], (), {}, [1, [2, (3,)]], {"W1": [1.0], "b1": None}, slice(1, None, -2), (slice(None), ...),
        ],
        ids=repr,
    )  # fmt: skip
    def test_plain(self, value):
        """Python's own values."""
        assert same(decode(encode(value)), value)

    @pytest.mark.parametrize("dtype", codec._DTYPES, ids=str)
    @pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (0, 4), (1, 1, 1, 1, 1, 1, 1, 2)], ids=str)
    def test_arrays(self, dtype, shape):
        """Arrays of every dtype in the table and of any shape, 0-d and empty ones too."""
        value = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
        assert same(decode(encode(value)), value)
        assert same(unpack(pack(value)), value)

    @pytest.mark.parametrize("dtype", codec._DTYPES, ids=str)
    def test_numpy_scalars(self, dtype):
        """NumPy scalars of every dtype in the table."""
        value = np.ones((), dtype)[()]
        assert same(decode(encode(value)), value)

    @pytest.mark.parametrize(
        "made",
        [
            lambda x: x[:, ::2],
            lambda x: x[::-1],
            lambda x: x.T,
            np.asfortranarray,
            lambda x: x[1:, 1:],
            lambda x: np.broadcast_to(x[0], (3, 6)),
            lambda x: x[::-2, ::-3].T,
        ],
        ids=["strided", "reversed", "transposed", "fortran", "inner", "broadcast", "all-at-once"],
    )
    def test_layouts_going_out(self, made):
        """Arrays on their way to student code keep strides and the memory that they look at."""
        value = made(np.arange(24.0).reshape(4, 6))
        got = unpack(pack(value))
        assert same(got, value)
        assert got.strides == value.strides

    def test_what_is_handed_out_is_writable(self):
        """Student code gets arrays that it may write into, whatever their layout, so that doing so can be noticed."""
        base = np.arange(6.0)
        for value in (base, base[::2], base[::-1]):
            got = unpack(pack(value))
            got[0] = 77
            assert got[0] == 77
        assert base[0] == 0

    def test_layouts_coming_back(self):
        """Arrays that come from student code are plain C-ordered copies that own their memory."""
        got = decode(encode(np.arange(24.0).reshape(4, 6)[:, ::2]))
        assert got.flags.c_contiguous
        assert got.flags.owndata
        assert got.base is None

    def test_long_double_as_double(self):
        """Long doubles, which differ from machine to machine, cross as float64."""
        got = decode(encode(np.array([1.5], np.longdouble)))
        assert same(got, np.array([1.5]))

    def test_other_byte_order(self):
        """An array of the other byte order has the same values on the other side, or does not cross as an array."""
        got = decode(encode(np.array([1.0, 2.0], ">f8")))
        assert isinstance(got, Opaque) or got.tolist() == [1.0, 2.0]

    def test_subclasses_of_plain_types(self):
        """A subclass of a plain Python type is that type: no behaviour of a student's crosses."""

        class Sly(float):
            def __eq__(self, other: object) -> bool:
                return True

            __hash__ = float.__hash__

        got = decode(encode([Sly(2.5)]))
        assert same(got, [2.5])

    def test_surrogates(self):
        """A text that is not valid Unicode still crosses, spelled out."""
        assert decode(encode("\ud800")) == "\\ud800"


class TestWhatDoesNotCross:
    """Types outside the table stay where they are; a name for display crosses in their place."""

    @pytest.mark.parametrize(
        "value",
        [
            object(),
            print,
            {1, 2},
            range(3),
            np.array([1, None], object),
            np.zeros(2, [("a", "f8")]),
            np.array(["2027-01-01"], "M8[D]"),
            np.array(["abc"]),
            np.zeros((1, 1)).view(np.recarray),
            np.ma.array([1.0, 2.0], mask=[True, False]),
            np.rec.array([(1.0,)], dtype=[("a", "f8")]),
            np.zeros((1,) * 9),
            np.datetime64("2027-01-01"),
            10**20_000,
            {1: 2},
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_becomes_opaque(self, value):
        """Objects, structured and dated arrays, subclasses of arrays, too many dimensions."""
        assert isinstance(decode(encode(value)), Opaque)

    def test_masked_array_does_not_pass_for_its_data(self):
        """A masked array inside a tuple does not become the array under the mask."""
        got = decode(encode((np.ma.masked_array([1.0], mask=True),)))
        assert got == (Opaque("MaskedArray"),)

    def test_a_liar_about_its_class(self):
        """What only claims to be an array is not one."""

        class Claims:
            __class__ = np.ndarray  # type: ignore[assignment]
            dtype = np.dtype("f8")
            shape = (1,)
            ndim = 1

        assert isinstance(decode(encode(Claims())), Opaque)

    def test_cycles(self):
        """A list that holds itself crosses down to the depth that is allowed, and ends."""
        cycle: list = [1]
        cycle.append(cycle)
        got = decode(encode(cycle))
        depth = 0
        while isinstance(got, list):
            got, depth = got[1], depth + 1
        assert isinstance(got, Opaque)
        assert depth == codec.MAX_DEPTH

    def test_too_many_items(self):
        """A list too long to cross is told apart from an empty one."""
        assert isinstance(decode(encode([None] * (codec.MAX_ITEMS + 1))), Opaque)

    def test_names_are_bounded(self):
        """The name of a type is cut, since a student chooses it."""
        made = type("x" * 10_000, (), {})
        assert len(decode(encode(made())).type_name) <= codec.MAX_NAME

    def test_what_encodes_can_be_decoded(self):
        """Values at the limits of depth and size that can be encoded can be decoded as well."""
        deep: object = 1.0
        for _ in range(codec.MAX_DEPTH + 5):
            deep = {"k": deep}
        decode(encode(deep))
        decode(encode([[0] * 40_000, [0] * 40_000, [0] * 40_000]))
        decode(encode({f"k{number}": number for number in range(60_000)}))
        decode(encode([slice(1, 2, 3)] * 30_000))
        decode(encode([[0] * 60_000, *[1] * 60_000]))

    def test_each_answer_counts_for_itself(self):
        """Several answers to one example may each be as deep and as large as one alone."""
        deep: object = 1.0
        for _ in range(codec.MAX_DEPTH + 5):
            deep = [deep]
        answers = [encode([0.5] * 60_000), encode([0.5] * 60_000), encode(deep)]
        assert [len(answer) for answer in decode_answers(tuple_of(answers), 3)] == [60_000, 60_000, 1]


class TestAdversarialBytes:
    """Whatever bytes come, `decode` raises `CodecError` or gives a plain value."""

    @pytest.mark.parametrize(
        "data",
        {
            "nothing": b"",
            "unknown-tag": b"Z",
            "tag-zero": b"\0",
            "trailing": encode(1) + b"N",
            "two-values": encode(1.5) * 2,
            "lying-text": b"s" + u32(2**32 - 1) + b"abc",
            "lying-bytes": b"b" + u32(10) + b"abc",
            "lying-list": b"l" + u32(2**32 - 1),
            "lying-tuple": b"t" + u32(3) + b"NN",
            "lying-dict": b"d" + u32(2**31),
            "lying-name": b"u" + u32(2**30) + b"x",
            "long-name": b"u" + u32(5000) + b"x" * 5000,
            "lying-integer": b"I" + u32(100) + b"\1",
            "huge-integer": b"I" + u32(1 << 20) + b"\1" * (1 << 20),
            "bad-utf8": b"s" + u32(2) + b"\xff\xfe",
            "key-is-a-number": b"d" + u32(1) + encode(1) + encode(2),
            "key-is-a-list": b"d" + u32(1) + encode([]) + encode(2),
            "too-deep": b"l" + u32(1),
            "far-too-deep": (b"l" + u32(1)) * 100_000 + b"N",
            "deep-slices": b":" * 100_000,
            "too-many-items": b"l" + u32(codec.MAX_ITEMS + 1) + b"N" * (codec.MAX_ITEMS + 1),
            "bool-bytes": array(BOOL, (3,), b"\0\1\2"),
            "bool-scalar": b"g" + BOOL + b"\7",
            "unknown-dtype": array(b"\x40", (1,), b"\0" * 8),
            "nine-dimensions": b"a" + F8 + b"\x09" + b"\1\0\0\0\0\0\0\0" * 9 + b"\0" * 8,
            "short-array": array(F8, (2,), b"\0" * 8),
            "long-array": array(F8, (1,), b"\0" * 16),
            "huge-shape": array(F8, (2**62, 4), b"\0" * 8),
            "shape-that-overflows": array(F8, (2**32, 2**32), b""),
            "shape-that-overflows-to-one": array(F8, (2**63 + 1, 2), b"\0" * 16),
            "empty-but-huge": array(F8, (0, 2**40), b""),
            "empty-but-huge-first": array(F8, (2**63, 0), b""),
            "view-before-its-memory": view((2,), (-8,), 0, b"\0" * 16),
            "view-behind-its-memory": view((3,), (8,), 0, b"\0" * 16),
            "view-offset": view((1,), (8,), 16, b"\0" * 16),
            "view-negative-offset": view((1,), (8,), -8, b"\0" * 16),
            "view-huge-stride": view((2,), (2**62,), 0, b"\0" * 16),
            "view-of-nothing": view((0,), (8,), 0, b""),
            "view-without-dimensions": view((), (), 0, b"\0" * 8),
        }.items(),
        ids=lambda item: item[0],
    )  # fmt: skip
    def test_refused(self, data):
        """Lies about lengths, depth, shapes and strides are refused."""
        with pytest.raises(CodecError):
            decode(data[1], layouts=True)

    def test_view_from_student_code(self):
        """An array with a memory layout of its own goes out and never comes back."""
        data = encode(np.arange(6.0)[::2], layouts=True)
        with pytest.raises(CodecError):
            decode(data)
        with pytest.raises(CodecError):
            decode_answers(tuple_of([data]), 1)

    def test_wrong_number_of_answers(self):
        """A reply with more or fewer answers than were asked for is refused before they are read."""
        data = tuple_of([encode(1), encode(2)])
        assert decode_answers(data, 2) == (1, 2)
        for count in (0, 1, 3):
            with pytest.raises(CodecError):
                decode_answers(data, count)
        with pytest.raises(CodecError):
            decode_answers(b"l" + data[1:], 2)

    @pytest.mark.parametrize("value", [1, 2.5, 1j, "abc", b"abc", 10**40, [1, 2], {"a": 1.0}, np.arange(3.0)], ids=repr)
    def test_truncated(self, value):
        """A value that is cut off anywhere is refused."""
        data = encode(value)
        for length in range(len(data)):
            with pytest.raises(CodecError):
                decode(data[:length])

    def test_truncated_view(self):
        """So is a view."""
        data = encode(np.arange(6.0)[::2], layouts=True)
        assert decode(data, layouts=True).tolist() == [0.0, 2.0, 4.0]
        for length in range(len(data)):
            with pytest.raises(CodecError):
                decode(data[:length], layouts=True)

    def test_lies_cost_no_memory(self):
        """A few bytes that promise gigabytes take none of them."""
        tracemalloc.start()
        try:
            for tag in (b"s", b"b", b"l", b"t", b"d", b"u", b"I"):
                with pytest.raises(CodecError):
                    decode(tag + u32(2**32 - 1) + b"N" * 64)
            with pytest.raises(CodecError):
                decode(array(F8, (2**20, 2**10), b"\0" * 64))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 1 << 20

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.binary(max_size=200))
    def test_any_bytes(self, data):
        """Arbitrary bytes raise nothing but `CodecError`."""
        self.decodes_or_refuses(data)

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.data())
    def test_damaged_values(self, data):
        """A right encoding with some bytes changed raises nothing but `CodecError`."""
        value = {
            "a": np.arange(6.0).reshape(2, 3),
            "v": np.arange(6.0).reshape(2, 3)[:, ::-2],
            "l": [1, "x", None, (True, 2j)],
            "b": np.array([True, False]),
            "s": (slice(0, 1), ...),
            "n": np.float32(1),
        }
        good = bytearray(encode(value, layouts=True))
        for _ in range(data.draw(st.integers(1, 4))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
        self.decodes_or_refuses(bytes(good))

    @staticmethod
    def decodes_or_refuses(data: bytes) -> None:
        """Decode, allow `CodecError`, and hold what comes out, and the memory it took, against its bytes."""
        tracemalloc.start()
        try:
            value = decode(data, layouts=True)
        except CodecError:
            value = None
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 100_000
        repr(value)

    def test_decoding_never_looks_up_a_name(self):
        """The decoder's table of types is closed, and every entry of it makes a plain value."""
        assert {chr(tag) for tag in codec._READERS} == set("NTFiIfcsbltdavg.:u")

    def test_memory_of_a_process(self):
        """A whole process that decodes hostile bytes stays within a few megabytes."""
        code = (
            "import resource, struct\n"
            "from autograder.worker.codec import decode, CodecError\n"
            "u = lambda n: struct.pack('<I', n)\n"
            "decode(b'N')\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "lies = [b'l' + u(2**32 - 1) + b'l' * 4096, (b'l' + u(1)) * 200_000, b's' + u(2**32 - 1)]\n"
            "for data in [*lies, b'a\\x0b\\x02' + b'\\xff' * 16]:\n"
            "    try:\n"
            "        decode(data)\n"
            "    except CodecError:\n"
            "        pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        assert int(done.stdout) < 20_000
