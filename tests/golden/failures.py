# Written by slice2tx from golden/failures.ice. To change it, change the Slice file.
"""Exceptions and where they come from."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.encoding10 import INT, Proxy10, Same
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from tests.golden.values import Point, read_Point, write_Point

__all__ = ["Empty", "Failure", "OutOfRange", "Risky", "RiskyPrx", "RiskyServant", "Worse"]


@attrs.frozen
class Failure(UserException):
    """The root of what goes wrong here."""

    reason: str = ""


@attrs.frozen
class Empty(UserException):
    pass


@attrs.frozen
class OutOfRange(Failure):
    """Has its base's members first."""

    low: int = 0
    high: int = 100
    at: Point = attrs.field(factory=Point)
    witness: ObjectPrx | None = None
    """Those who might know more."""


@attrs.frozen
class Worse(OutOfRange):
    pass


class Risky(Protocol):
    def try1(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def try2(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def try3(self, n: int, current: Current | None = None, /) -> Awaitable[int]: ...


class RiskyPrx(ObjectPrx):
    """Calls a `Risky` wherever it is."""

    ice_type: ClassVar[str] = "::Failures::Risky"

    def try1(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Risky_try1, b"", context)

    def try2(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Risky_try2, b"", context)

    def try3(self, n: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Risky_try3, _S_i.pack(n), context)


class RiskyServant(Servant):
    """Serves a `Risky`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Failures::Risky"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Failures::Risky", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_4i = Struct("<4i")
_S_i = Struct("<i")

_new_Point = maker_of(Point)


def _write_Failure(out: bytearray, value: Failure) -> None:
    write_string(out, value.reason)


def _read_Failure(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


Failure.ice_slice = ExceptionSlice("::Failures::Failure", Failure, _write_Failure, _read_Failure, None)


def _write_Empty(out: bytearray, value: Empty) -> None:
    """Has no members of its own."""


def _read_Empty(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


Empty.ice_slice = ExceptionSlice("::Failures::Empty", Empty, _write_Empty, _read_Empty, None)


def _write_OutOfRange(out: bytearray, value: OutOfRange) -> None:
    out += _S_4i.pack(value.low, value.high, value.at.x, value.at.y)
    write_proxy(out, value.witness)


def _read_OutOfRange(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    low, high, at_x, at_y = _S_4i.unpack_from(buf, pos)
    witness, pos = read_proxy(buf, pos + 16, source, ObjectPrx)
    return (low, high, _new_Point(at_x, at_y), witness), pos


_old_OutOfRange = (
    ("low", INT),
    ("high", INT),
    ("at", Same(write_Point, read_Point)),
    ("witness", Proxy10(ObjectPrx)),
)

OutOfRange.ice_slice = ExceptionSlice(
    "::Failures::OutOfRange",
    OutOfRange,
    _write_OutOfRange,
    _read_OutOfRange,
    Failure.ice_slice,
    old=_old_OutOfRange,
)


def _write_Worse(out: bytearray, value: Worse) -> None:
    """Has no members of its own."""


def _read_Worse(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


Worse.ice_slice = ExceptionSlice("::Failures::Worse", Worse, _write_Worse, _read_Worse, OutOfRange.ice_slice)


def _serve_Risky_try1(servant: Risky, buf: bytes, pos: int, current: Current) -> Any:
    return servant.try1(current)


_OP_Risky_try1: Operation[None] = Operation("try1", 0, None, (Failure, Empty))


def _serve_Risky_try2(servant: Risky, buf: bytes, pos: int, current: Current) -> Any:
    return servant.try2(current)


_OP_Risky_try2: Operation[None] = Operation("try2", 0, None, (Failure,))


def _read_result_Risky_try3(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Risky_try3(servant: Risky, buf: bytes, pos: int, current: Current) -> Any:
    (n,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.try3(n, current)


_OP_Risky_try3: Operation[int] = Operation("try3", 0, _read_result_Risky_try3, (Worse,))

RiskyServant.ice_operations = {
    b"try1": ServantOperation("try1", 0, _serve_Risky_try1, None, sliced=True),
    b"try2": ServantOperation("try2", 0, _serve_Risky_try2, None, sliced=False),
    b"try3": ServantOperation("try3", 0, _serve_Risky_try3, _S_i.pack, sliced=True),
}
