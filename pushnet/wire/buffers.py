"""Sequences that are something else than lists in Python: arrays, what others make of bytes, messages.

Numbers lie on the wire as they lie in the memory of most machines, so a buffer of the same type goes out and
comes in whole. On a machine of the other byte order they are turned round.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable
from struct import pack
from typing import Any, Protocol, TypeVar

from pushnet.wire.basic import read_bytes, read_size, write_bytes, write_size
from pushnet.wire.errors import MarshalException

_NATIVE = sys.byteorder == "little"
_FLOATS = ("f", "d")
T = TypeVar("T")


def write_buffer(out: bytearray, value: Any, code: str, size: int) -> None:
    """Numbers of the `struct` code given, of `size` bytes each: a buffer of them, or any sequence."""
    count = len(value)
    write_size(out, count)
    try:
        view = memoryview(value)
    except TypeError:
        view = None
    if _NATIVE and view is not None and _is_of(view, code, size):
        out += view.cast("B")
    else:
        out += pack(f"<{count}{code}", *value)


def _is_of(view: memoryview, code: str, size: int) -> bool:
    """Whether the buffer holds such numbers, one behind the other."""
    whole = view.itemsize == size and view.c_contiguous and view.ndim == 1
    return whole and (view.format in _FLOATS) == (code in _FLOATS)


def read_buffer(buf: bytes, pos: int, size: int) -> tuple[bytearray, int]:
    """The bytes of a sequence of numbers of `size` bytes each, in the byte order of this machine."""
    count, pos = read_size(buf, pos)
    end = pos + count * size
    if end > len(buf):
        raise MarshalException(f"{count} elements cannot be in {len(buf) - pos} bytes")
    numbers = bytearray(buf[pos:end])
    if not _NATIVE and size > 1:
        swapped = array({2: "h", 4: "i", 8: "q"}[size], bytes(numbers))
        swapped.byteswap()
        numbers = bytearray(swapped.tobytes())
    return numbers, end


def read_array(buf: bytes, pos: int, code: str, size: int) -> tuple[array[Any], int]:
    """An `array.array` of the type code given."""
    numbers, pos = read_buffer(buf, pos, size)
    return array(code, bytes(numbers)), pos


def read_viewed(
    buf: bytes, pos: int, factory: Callable[[memoryview, int, bool], T], kind: int, size: int
) -> tuple[T, int]:
    """What a factory makes of the bytes: it gets them, Ice's number for their type, and need not copy."""
    numbers, pos = read_buffer(buf, pos, size)
    return factory(memoryview(numbers), kind, False), pos


class Message(Protocol):
    """What is of a generated class of Protocol Buffers."""

    def SerializeToString(self) -> bytes: ...

    def ParseFromString(self, serialized: bytes) -> int | None: ...


M = TypeVar("M", bound=Message)


def write_message(out: bytearray, value: Message) -> None:
    write_bytes(out, value.SerializeToString())


def read_message(buf: bytes, pos: int, make: Callable[[], M]) -> tuple[M, int]:
    data, pos = read_bytes(buf, pos)
    message = make()
    try:
        message.ParseFromString(data)
    except Exception as error:
        raise MarshalException(f"a message cannot be parsed: {error}") from error
    return message, pos
