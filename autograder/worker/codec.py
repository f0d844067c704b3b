"""Values as bytes: the one format in which anything crosses between trusted and untrusted code.

A value is a one-byte tag and its payload, little-endian throughout. Types are a closed table: nothing is ever looked up
by a name that the other side sent, and nothing is executed. `decode` believes nothing: every length is held against the
bytes that are there before memory is taken for it, and depth and number of items are bounded.

Arrays that come back from student code are base `numpy.ndarray` copies. Arrays that go to student code keep their
memory layout (strides, offset, shared base), because the contract says that views must work.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 32
MAX_ITEMS = 100_000
MAX_DIMENSIONS = 8
MAX_INTEGER_BYTES = 4096
MAX_NAME = 200
#: As much as the sandbox takes in one piece; an array that only claims to be huge would need all that memory.
MAX_ARRAY_BYTES = 16 << 20

_DTYPES = [
    np.dtype(code) for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
]
_BYTES = [bytes([number]) for number in range(MAX_DIMENSIONS + 1)]
_CODES = {dtype: bytes([code]) for code, dtype in enumerate(_DTYPES)}
_LONG = np.dtype(np.longdouble)

_U32 = struct.Struct("<I")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")
_C128 = struct.Struct("<dd")
_SHAPES = [struct.Struct(f"<{ndim}Q") for ndim in range(MAX_DIMENSIONS + 1)]
_STRIDES = [struct.Struct(f"<{ndim}q") for ndim in range(MAX_DIMENSIONS + 1)]


class CodecError(ValueError):
    """The bytes are not a value, or the value is larger or deeper than what may cross."""


class Opaque:
    """Stands for a value of a type that does not cross; carries the name of the type, for display only."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str) -> None:
        """Stand for a value of the type called `type_name`."""
        self.type_name = type_name

    def __repr__(self) -> str:
        return f"<{self.type_name}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and other.type_name == self.type_name

    def __hash__(self) -> int:
        return hash(self.type_name)


# --- encoding -------------------------------------------------------------------------------------------------------


def encode(value: object, *, layouts: bool = False) -> bytes:
    """Encode a value; what has no encoding becomes an `Opaque` with its type's name.

    With `layouts`, arrays keep their strides and the part of memory that they look at.
    """
    if type(value) is np.ndarray and not layouts:  # what most answers are, without the machinery
        code = _CODES.get(value.dtype)
        if code is not None and value.ndim <= MAX_DIMENSIONS and value.nbytes <= MAX_ARRAY_BYTES:
            shape = value.shape
            return b"".join((b"a", code, _BYTES[len(shape)], _SHAPES[len(shape)].pack(*shape), value.tobytes()))
    parts: list[bytes] = []
    _Encoder(parts.append, layouts=layouts).put(value, 0)
    return b"".join(parts)


#: A constant as `marshal` takes it: a plain value, `(dtype code, shape, bytes)` for an array, or `encode`'s bytes.
Packed = bytes | tuple[int, tuple[int, ...], bytes] | int | float | str | None


def pack(value: object) -> Packed:
    """A constant on its way to student code, in the form that costs least to unpack."""
    if type(value) in (int, float, str, bool, type(None)):
        return value  # type: ignore[return-value]
    if type(value) is np.ndarray and value.flags.c_contiguous and value.dtype in _CODES:
        return _CODES[value.dtype][0], value.shape, value.tobytes()
    return encode(value, layouts=True)


def unpack(packed: Packed) -> Any:
    """Undo `pack`."""
    if type(packed) is tuple:
        code, shape, raw = packed
        return np.ndarray(shape, _DTYPES[code], raw).copy()
    return decode(packed, layouts=True) if type(packed) is bytes else packed


def tuple_of(parts: list[bytes]) -> bytes:
    """The encoding of a tuple whose entries are encoded already."""
    return b"t" + _U32.pack(len(parts)) + b"".join(parts)


class _Encoder:
    __slots__ = ("_add", "_items", "_layouts")

    def __init__(self, add: Callable[[bytes], None], *, layouts: bool) -> None:
        self._add = add
        self._layouts = layouts
        self._items = 1

    def put(self, value: object, depth: int) -> None:
        kind = type(value)
        writer = _WRITERS.get(kind)
        if writer is None:
            writer = _writer_for(value)
        if depth >= MAX_DEPTH:
            writer = _Encoder.put_opaque
        writer(self, value, depth)

    def _fits(self, count: int) -> bool:
        """Whether `count` more items may cross; the decoder counts them the same way."""
        self._items += count
        if self._items > MAX_ITEMS:
            self._items -= count
            return False
        return True

    def put_array(self, value: np.ndarray[Any, Any], depth: int) -> None:
        code = _CODES.get(value.dtype)
        if value.nbytes > MAX_ARRAY_BYTES and not self._layouts:
            self._name(f"array of {value.nbytes >> 20:,} MB")
            return
        if code is None:
            if value.dtype != _LONG:
                self._name("array of " + str(value.dtype))
                return
            value, code = value.astype(np.float64), _CODES[np.dtype(np.float64)]
        if value.ndim > MAX_DIMENSIONS:
            self._name(f"array of {value.ndim} dimensions")
        elif self._layouts and not value.flags.c_contiguous and value.size:
            self._view(value, code)
        else:
            self._add(b"a" + code + bytes([value.ndim]) + _SHAPES[value.ndim].pack(*value.shape))
            self._add(value.tobytes())

    def _view(self, value: np.ndarray[Any, Any], code: bytes) -> None:
        low, high = np.lib.array_utils.byte_bounds(value)
        start = value.__array_interface__["data"][0]
        base = np.asarray(_Memory(low, high - low))
        self._add(b"v" + code + bytes([value.ndim]) + _SHAPES[value.ndim].pack(*value.shape))
        self._add(_STRIDES[value.ndim].pack(*value.strides) + _I64.pack(start - low) + _U32.pack(high - low))
        self._add(base.tobytes())

    def put_scalar(self, value: np.generic, depth: int) -> None:
        code = _CODES.get(value.dtype)
        if code is None:
            if value.dtype != _LONG:
                self._name("numpy." + type(value).__name__)
                return
            value, code = np.float64(value), _CODES[np.dtype(np.float64)]
        self._add(b"g" + code + value.tobytes())

    def put_none(self, value: object, depth: int) -> None:
        self._add(b"N")

    def put_boolean(self, value: object, depth: int) -> None:
        self._add(b"T" if value else b"F")

    def put_integer(self, value: int, depth: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self._add(b"i" + _I64.pack(value))
            return
        size = value.bit_length() // 8 + 1
        if size > MAX_INTEGER_BYTES:
            self._name("int of more than 32,768 bits")
        else:
            self._add(b"I" + _U32.pack(size) + value.to_bytes(size, "little", signed=True))

    def put_real(self, value: float, depth: int) -> None:
        self._add(b"f" + _F64.pack(value))

    def put_complex(self, value: complex, depth: int) -> None:
        self._add(b"c" + _C128.pack(value.real, value.imag))

    def put_text(self, value: str, depth: int) -> None:
        data = value.encode("utf-8", "backslashreplace")
        self._add(b"s" + _U32.pack(len(data)) + data)

    def put_bytes(self, value: bytes, depth: int) -> None:
        self._add(b"b" + _U32.pack(len(value)) + value)

    def put_list(self, value: list[Any], depth: int) -> None:
        self._sequence(b"l", value, depth)

    def put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self._sequence(b"t", value, depth)

    def _sequence(self, tag: bytes, value: list[Any] | tuple[Any, ...], depth: int) -> None:
        if not self._fits(len(value)):
            self._name(f"{type(value).__name__} of {len(value)} items")
            return
        self._add(tag + _U32.pack(len(value)))
        for item in value:
            self.put(item, depth + 1)

    def put_dict(self, value: dict[Any, Any], depth: int) -> None:
        if not all(isinstance(key, str) for key in value):
            self._name("dict with keys that are not strings")
            return
        if not self._fits(2 * len(value)):
            self._name(f"dict of {len(value)} items")
            return
        self._add(b"d" + _U32.pack(len(value)))
        for key, item in value.items():
            self.put_text(str(key), depth)
            self.put(item, depth + 1)

    def put_ellipsis(self, value: object, depth: int) -> None:
        self._add(b".")

    def put_slice(self, value: slice, depth: int) -> None:
        if not self._fits(3):
            self._name("slice")
            return
        self._add(b":")
        for part in (value.start, value.stop, value.step):
            self.put(part, depth + 1)

    def put_opaque(self, value: object, depth: int) -> None:
        self._name(value.type_name if isinstance(value, Opaque) else type(value).__qualname__)

    def _name(self, name: str) -> None:
        data = name[:MAX_NAME].encode("utf-8", "backslashreplace")
        self._add(b"u" + _U32.pack(len(data)) + data)


class _Memory:
    """The bytes that a view looks at, from its lowest to its highest address."""

    def __init__(self, address: int, size: int) -> None:
        self.__array_interface__ = {"data": (address, True), "shape": (size,), "typestr": "|u1", "version": 3}


_WRITERS: dict[type, Callable[[_Encoder, Any, int], None]] = {
    np.ndarray: _Encoder.put_array,
    type(None): _Encoder.put_none,
    bool: _Encoder.put_boolean,
    int: _Encoder.put_integer,
    float: _Encoder.put_real,
    complex: _Encoder.put_complex,
    str: _Encoder.put_text,
    bytes: _Encoder.put_bytes,
    list: _Encoder.put_list,
    tuple: _Encoder.put_tuple,
    dict: _Encoder.put_dict,
    type(...): _Encoder.put_ellipsis,
    slice: _Encoder.put_slice,
    Opaque: _Encoder.put_opaque,
}


def _writer_for(value: object) -> Callable[[_Encoder, Any, int], None]:
    """The writer for an instance of a subclass: of a plain type it is that type; of an array it is not an array."""
    if isinstance(value, np.generic):
        return _Encoder.put_scalar
    if isinstance(value, np.ndarray):
        return _Encoder.put_opaque
    for base in (int, float, complex, str, bytes, list, tuple, dict):
        if isinstance(value, base):
            return _WRITERS[base]
    return _Encoder.put_opaque


# --- decoding -------------------------------------------------------------------------------------------------------


def decode(data: bytes | memoryview, *, layouts: bool = False) -> Any:
    """Decode one value that fills `data` to its last byte; raises `CodecError` for anything else.

    Arrays with a memory layout of their own are refused without `layouts`: none comes from student code.
    """
    return _decoded(data, lambda reader: reader.take(0), layouts=layouts)


def decode_answers(data: bytes | memoryview, count: int) -> tuple[Any, ...]:
    """Undo `tuple_of` for `count` entries; each may be as deep and have as many items as a value of its own."""
    return _decoded(data, lambda reader: reader.answers(count), layouts=False)  # type: ignore[no-any-return]


def _decoded(data: bytes | memoryview, take: Callable[[_Decoder], Any], *, layouts: bool) -> Any:
    reader = _Decoder(data, layouts=layouts)
    try:
        value = take(reader)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        message = f"broken value: {error}"
        raise CodecError(message) from None
    if reader.at != len(reader.data):
        message = "bytes left over after the value"
        raise CodecError(message)
    return value


class _Decoder:
    __slots__ = ("_items", "_layouts", "at", "data")

    def __init__(self, data: bytes | memoryview, *, layouts: bool) -> None:
        self.data = data if isinstance(data, bytes) else bytes(data)
        self.at = 0
        self._items = 0
        self._layouts = layouts

    def answers(self, count: int) -> tuple[Any, ...]:
        if self._raw(5) != b"t" + _U32.pack(count):
            message = "the wrong number of answers"
            raise CodecError(message)
        entries = []
        for _ in range(count):
            self._items = 0
            entries.append(self.take(0))
        return tuple(entries)

    def take(self, depth: int) -> Any:
        reader = _READERS.get(self.data[self.at])
        if reader is None:
            message = f"unknown tag {self.data[self.at]}"
            raise CodecError(message)
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            message = "value too deep or of too many items"
            raise CodecError(message)
        self.at += 1
        return reader(self, depth)

    def _raw(self, size: int) -> bytes:
        start, self.at = self.at, self.at + size
        if self.at > len(self.data):
            message = "value longer than its bytes"
            raise CodecError(message)
        return self.data[start : self.at]

    def _size(self) -> int:
        (size,) = _U32.unpack_from(self.data, self.at)
        self.at += 4
        return int(size)

    def _dtype(self) -> np.dtype[Any]:
        code = self.data[self.at]
        self.at += 1
        if code >= len(_DTYPES):
            message = f"unknown dtype {code}"
            raise CodecError(message)
        return _DTYPES[code]

    def _shape(self) -> tuple[int, ...]:
        ndim = self.data[self.at]
        self.at += 1
        if ndim > MAX_DIMENSIONS:
            message = f"array of {ndim} dimensions"
            raise CodecError(message)
        shape = _SHAPES[ndim].unpack_from(self.data, self.at)
        self.at += 8 * ndim
        return shape

    def _array(self, depth: int) -> np.ndarray[Any, Any]:
        dtype, shape = self._dtype(), self._shape()
        count = 1
        for size in shape:
            count *= size
        if count == 0 and math.prod(size for size in shape if size) > MAX_ITEMS:
            message = "empty array with huge dimensions"
            raise CodecError(message)
        raw = self._truth(dtype, self._raw(count * dtype.itemsize))
        return np.frombuffer(raw, dtype).reshape(shape).copy()

    def _view(self, depth: int) -> np.ndarray[Any, Any]:
        if not self._layouts:
            message = "an array with a layout of its own"
            raise CodecError(message)
        dtype, shape = self._dtype(), self._shape()
        strides = _STRIDES[len(shape)].unpack_from(self.data, self.at)
        self.at += 8 * len(shape)
        (offset,) = _I64.unpack_from(self.data, self.at)
        self.at += 8
        base = np.frombuffer(self._raw(self._size()), np.uint8).copy()
        reach = [(size - 1) * stride for size, stride in zip(shape, strides, strict=True)]
        low = offset + sum(step for step in reach if step < 0)
        high = offset + sum(step for step in reach if step > 0) + dtype.itemsize
        if not shape or min(shape) < 1 or low < 0 or high > base.size:
            message = "view outside its memory"
            raise CodecError(message)
        return np.ndarray(shape, dtype, base.data, offset, strides)

    def _scalar(self, depth: int) -> np.generic:
        dtype = self._dtype()
        raw = self._truth(dtype, self._raw(dtype.itemsize))
        scalar: np.generic = np.frombuffer(raw, dtype)[0]
        return scalar

    @staticmethod
    def _truth(dtype: np.dtype[Any], raw: bytes) -> bytes:
        """The bytes as they are, if they are none of truth values or each of them is 0 or 1."""
        if dtype.kind == "b" and raw.translate(None, b"\0\1"):
            message = "a truth value that is neither 0 nor 1"
            raise CodecError(message)
        return raw

    def _integer(self, depth: int) -> int:
        (value,) = _I64.unpack_from(self.data, self.at)
        self.at += 8
        return int(value)

    def _large(self, depth: int) -> int:
        size = self._size()
        if size > MAX_INTEGER_BYTES:
            message = "integer too large"
            raise CodecError(message)
        return int.from_bytes(self._raw(size), "little", signed=True)

    def _real(self, depth: int) -> float:
        (value,) = _F64.unpack_from(self.data, self.at)
        self.at += 8
        return float(value)

    def _complex(self, depth: int) -> complex:
        real, imaginary = _C128.unpack_from(self.data, self.at)
        self.at += 16
        return complex(real, imaginary)

    def _text(self, depth: int) -> str:
        return self._raw(self._size()).decode()

    def _bytes(self, depth: int) -> bytes:
        return self._raw(self._size())

    def _count(self) -> int:
        """The number of items that follow; each takes a byte or more, so a lie is seen before memory is taken."""
        count = self._size()
        if count > len(self.data) - self.at:
            message = "more items than bytes"
            raise CodecError(message)
        return count

    def _list(self, depth: int) -> list[Any]:
        return [self.take(depth + 1) for _ in range(self._count())]

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple([self.take(depth + 1) for _ in range(self._count())])

    def _dict(self, depth: int) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for _ in range(self._count()):
            key = self.take(depth + 1)
            if type(key) is not str:
                message = "a key that is not a string"
                raise CodecError(message)
            items[key] = self.take(depth + 1)
        return items

    def _slice(self, depth: int) -> slice:
        return slice(self.take(depth + 1), self.take(depth + 1), self.take(depth + 1))

    def _opaque(self, depth: int) -> Opaque:
        size = self._size()
        if size > 4 * MAX_NAME:
            message = "type name too long"
            raise CodecError(message)
        return Opaque(self._raw(size).decode())


_READERS: dict[int, Callable[[_Decoder, int], Any]] = {
    ord(tag): reader
    for tag, reader in {
        "N": lambda _reader, _depth: None,
        "T": lambda _reader, _depth: True,
        "F": lambda _reader, _depth: False,
        "i": _Decoder._integer,
        "I": _Decoder._large,
        "f": _Decoder._real,
        "c": _Decoder._complex,
        "s": _Decoder._text,
        "b": _Decoder._bytes,
        "l": _Decoder._list,
        "t": _Decoder._tuple,
        "d": _Decoder._dict,
        "a": _Decoder._array,
        "v": _Decoder._view,
        "g": _Decoder._scalar,
        ".": lambda _reader, _depth: ...,
        ":": _Decoder._slice,
        "u": _Decoder._opaque,
    }.items()
}
