"""Bytes of the facets' arguments and results, written by hand: generated code stands above this floor.

Names, type ids and signatures are those of `idl/ice/{process,logger,metrics}.ice`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from struct import Struct
from typing import Any

import attrs

from pushnet.rpc.current import Current
from pushnet.rpc.operations import ServantOperation
from pushnet.wire.basic import read_size, read_string, read_strings, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.slices import ExceptionSlice, UserException

Reader = Callable[[bytes, int, Current], tuple[Any, int]]
"""Takes (buf, pos, current), returns a value and the position behind it."""
_INT = Struct("<i")
_LONG = Struct("<q")
_ENUMERATORS = 4


def text(buf: bytes, pos: int, current: Current) -> tuple[str, int]:
    return read_string(buf, pos)


def texts(buf: bytes, pos: int, current: Current) -> tuple[list[str], int]:
    return read_strings(buf, pos)


def number(buf: bytes, pos: int, current: Current) -> tuple[int, int]:
    return _INT.unpack_from(buf, pos)[0], pos + 4


def dictionary(buf: bytes, pos: int, current: Current) -> tuple[dict[str, str], int]:
    """Texts by texts."""
    count, pos = read_size(buf, pos)
    found: dict[str, str] = {}
    for _ in range(count):
        key, pos = read_string(buf, pos)
        found[key], pos = read_string(buf, pos)
    return found, pos


def message_types(buf: bytes, pos: int, current: Current) -> tuple[list[int], int]:
    """Enumerators of `Ice::LogMessageType`."""
    count, pos = read_size(buf, pos)
    if count > len(buf) - pos:
        raise MarshalException(f"{count} enumerators cannot be in {len(buf) - pos} bytes")
    found = list(buf[pos : pos + count])
    if any(value >= _ENUMERATORS for value in found):
        raise MarshalException("a log message has an unknown type")
    return found, pos + count


def write_dictionary(value: Mapping[str, str]) -> bytearray:
    out = bytearray()
    write_size(out, len(value))
    for key, each in value.items():
        write_string(out, key)
        write_string(out, each)
    return out


def write_text(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


def write_long(out: bytearray, value: int) -> None:
    out += _LONG.pack(value)


def write_int(out: bytearray, value: int) -> None:
    out += _INT.pack(value)


def operation(
    name: str,
    *readers: Reader,
    write: Callable[[Any], bytes | bytearray] | None = None,
    sliced: bool = False,
) -> tuple[bytes, ServantOperation]:
    """An operation of mode Normal, by its name's bytes; the servant's method of that name serves it."""

    def serve(servant: Any, buf: bytes, pos: int, current: Current) -> Any:
        arguments = []
        for read in readers:
            value, pos = read(buf, pos, current)
            arguments.append(value)
        return getattr(servant, name)(*arguments, current)

    return name.encode(), ServantOperation(name, 0, serve, write, sliced)


def _write_nothing(out: bytearray, value: Any) -> None:
    """These exceptions have no members."""


def _read_nothing(buf: bytes, pos: int, source: Any) -> tuple[tuple[Any, ...], int]:
    return (), pos


@attrs.frozen
class RemoteLoggerAlreadyAttached(UserException):
    """The remote logger is attached already."""


@attrs.frozen
class UnknownView(UserException):
    """There is no view of that name."""


for _type_id, _cls in (
    ("::Ice::RemoteLoggerAlreadyAttachedException", RemoteLoggerAlreadyAttached),
    ("::IceMX::UnknownMetricsView", UnknownView),
):
    _cls.ice_slice = ExceptionSlice(_type_id, _cls, _write_nothing, _read_nothing)
