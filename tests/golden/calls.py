# Written by slice2tx from golden/calls.ice. To change it, change the Slice file.
"""Operations: what goes in, what comes out, and in which order."""

from __future__ import annotations

from builtins import bytes as _bytes
from collections.abc import Awaitable, Mapping
from struct import Struct
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_bytes, read_string, write_bytes, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Proxy10, Same
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from tests.golden.collections import (
    Bag,
    old_Bag,
    read_Bag,
    read_Gauges,
    read_Nested,
    write_Bag,
    write_Gauges,
    write_Nested,
)
from tests.golden.values import Light, Line, Point, old_Light, read_Light, write_Light

__all__ = ["Callback", "CallbackPrx", "CallbackServant", "Everything", "EverythingPrx", "EverythingServant"]


class Everything(Protocol):
    def nothing(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def one(self, current: Current | None = None, /) -> Awaitable[int]: ...

    def asked(self, current: Current | None = None, /) -> Awaitable[bool]: ...

    def add(self, a: int, b: int, current: Current | None = None, /) -> Awaitable[int]:
        """Adds. @param a The first. @param b The second. @return The sum."""
        ...

    def divide(
        self, dividend: int, divisor: int, current: Current | None = None, /
    ) -> Awaitable[tuple[int, int]]:
        """Divides.

        Args:
            dividend: What is divided.
            divisor: By which.

        Returns:
            How often it goes.
            `remainder`: What is left.

        Raises:
            Bag: never, but the text stays.
        """
        ...

    def outs(self, current: Current | None = None, /) -> Awaitable[tuple[str, int, int]]: ...

    def mixed(
        self, a: str, b: int, c: int, d: str, current: Current | None = None, /
    ) -> Awaitable[tuple[str, str, Line]]: ...

    def line(self, value: Line, current: Current | None = None, /) -> Awaitable[Line]: ...

    def bag(
        self, value: Bag, current: Current | None = None, /
    ) -> Awaitable[tuple[Bag, dict[str, dict[str, float]]]]: ...

    def light(self, value: Light, current: Current | None = None, /) -> Awaitable[Light]: ...

    def me(
        self, callback: CallbackPrx | None, any: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[EverythingPrx | None]: ...

    def bytes(self, value: _bytes, current: Current | None = None, /) -> Awaitable[_bytes]: ...

    def long1(
        self,
        aPointOfDeparture: Point,
        aPointOfArrival: Point,
        readings: Mapping[str, float],
        current: Current | None = None,
        /,
    ) -> Awaitable[None]: ...


class Callback(Protocol):
    def tell(self, text: str, current: Current | None = None, /) -> Awaitable[None]: ...


class EverythingPrx(ObjectPrx):
    """Calls an `Everything` wherever it is."""

    ice_type: ClassVar[str] = "::Calls::Everything"

    def nothing(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Everything_nothing, b"", context)

    def one(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_one, b"", context)

    def asked(self, context: CallContext = None) -> Deferred[bool]:
        return self._ice_call(_OP_Everything_asked, b"", context)

    def add(self, a: int, b: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_add, _S_ii.pack(a, b), context)

    def divide(self, dividend: int, divisor: int, context: CallContext = None) -> Deferred[tuple[int, int]]:
        return self._ice_call(_OP_Everything_divide, _S_ii.pack(dividend, divisor), context)

    def outs(self, context: CallContext = None) -> Deferred[tuple[str, int, int]]:
        return self._ice_call(_OP_Everything_outs, b"", context)

    def mixed(
        self, a: str, b: int, c: int, d: str, context: CallContext = None
    ) -> Deferred[tuple[str, str, Line]]:
        out = bytearray()
        write_string(out, a)
        out += _S_iq.pack(b, c)
        write_string(out, d)
        return self._ice_call(_OP_Everything_mixed, out, context)

    def line(self, value: Line, context: CallContext = None) -> Deferred[Line]:
        out = bytearray()
        out += _S_4id.pack(value.from1.x, value.from1.y, value.to.x, value.to.y, value.width)
        return self._ice_call(_OP_Everything_line, out, context)

    def bag(
        self, value: Bag, context: CallContext = None
    ) -> Deferred[tuple[Bag, dict[str, dict[str, float]]]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_bag, (value,), context)
        out = bytearray()
        write_Bag(out, value)
        return self._ice_call(_OP_Everything_bag, out, context)

    def light(self, value: Light, context: CallContext = None) -> Deferred[Light]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_light, (value,), context)
        out = bytearray()
        write_Light(out, value)
        return self._ice_call(_OP_Everything_light, out, context)

    def me(
        self, callback: CallbackPrx | None, any: ObjectPrx | None, context: CallContext = None
    ) -> Deferred[EverythingPrx | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_me, (callback, any), context)
        out = bytearray()
        write_proxy(out, callback)
        write_proxy(out, any)
        return self._ice_call(_OP_Everything_me, out, context)

    def bytes(self, value: _bytes, context: CallContext = None) -> Deferred[_bytes]:
        out = bytearray()
        write_bytes(out, value)
        return self._ice_call(_OP_Everything_bytes, out, context)

    def long1(
        self,
        aPointOfDeparture: Point,
        aPointOfArrival: Point,
        readings: Mapping[str, float],
        context: CallContext = None,
    ) -> Deferred[None]:
        out = bytearray()
        out += _S_4i.pack(aPointOfDeparture.x, aPointOfDeparture.y, aPointOfArrival.x, aPointOfArrival.y)
        write_Gauges(out, readings)
        return self._ice_call(_OP_Everything_long1, out, context)


class CallbackPrx(ObjectPrx):
    """Calls a `Callback` wherever it is."""

    ice_type: ClassVar[str] = "::Calls::Callback"

    def tell(self, text: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, text)
        return self._ice_call(_OP_Callback_tell, out, context)


class EverythingServant(Servant):
    """Serves an `Everything`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Calls::Everything"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Calls::Everything", "::Ice::Object")


class CallbackServant(Servant):
    """Serves a `Callback`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Calls::Callback"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Calls::Callback", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_4i = Struct("<4i")
_S_4id = Struct("<4id")
_S_d = Struct("<d")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_iii = Struct("<iii")
_S_iq = Struct("<iq")
_S_o = Struct("<?")

_new_Line = maker_of(Line)
_new_Point = maker_of(Point)


def _serve_Everything_nothing(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    return servant.nothing(current)


_OP_Everything_nothing: Operation[None] = Operation("nothing", 0, None, ())


def _read_result_Everything_one(buf: _bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_one(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    return servant.one(current)


_OP_Everything_one: Operation[int] = Operation("one", 2, _read_result_Everything_one, ())


def _read_result_Everything_asked(buf: _bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Everything_asked(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    return servant.asked(current)


_OP_Everything_asked: Operation[bool] = Operation("asked", 1, _read_result_Everything_asked, ())


def _read_result_Everything_add(buf: _bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_add(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    a, b = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.add(a, b, current)


_OP_Everything_add: Operation[int] = Operation("add", 0, _read_result_Everything_add, ())


def _read_result_Everything_divide(buf: _bytes, pos: int, source: Source) -> tuple[int, int]:
    remainder, result = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result, remainder


def _serve_Everything_divide(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    dividend, divisor = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.divide(dividend, divisor, current)


def _write_result_Everything_divide(value: tuple[int, int]) -> _bytes:
    result, remainder = value
    return _S_ii.pack(remainder, result)


_OP_Everything_divide: Operation[tuple[int, int]] = Operation("divide", 2, _read_result_Everything_divide, ())


def _read_result_Everything_outs(buf: _bytes, pos: int, source: Source) -> tuple[str, int, int]:
    first, pos = read_string(buf, pos)
    second, third = _S_iq.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, source)
    return first, second, third


def _serve_Everything_outs(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    return servant.outs(current)


def _write_result_Everything_outs(value: tuple[str, int, int]) -> bytearray:
    first, second, third = value
    out = bytearray()
    write_string(out, first)
    out += _S_iq.pack(second, third)
    return out


_OP_Everything_outs: Operation[tuple[str, int, int]] = Operation("outs", 0, _read_result_Everything_outs, ())


def _read_result_Everything_mixed(buf: _bytes, pos: int, source: Source) -> tuple[str, str, Line]:
    e, pos = read_string(buf, pos)
    f_from1_x, f_from1_y, f_to_x, f_to_y, f_width = _S_4id.unpack_from(buf, pos)
    result, pos = read_string(buf, pos + 24)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, e, _new_Line(_new_Point(f_from1_x, f_from1_y), _new_Point(f_to_x, f_to_y), f_width)


def _serve_Everything_mixed(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    a, pos = read_string(buf, pos)
    b, c = _S_iq.unpack_from(buf, pos)
    d, pos = read_string(buf, pos + 12)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.mixed(a, b, c, d, current)


def _write_result_Everything_mixed(value: tuple[str, str, Line]) -> bytearray:
    result, e, f = value
    out = bytearray()
    write_string(out, e)
    out += _S_4id.pack(f.from1.x, f.from1.y, f.to.x, f.to.y, f.width)
    write_string(out, result)
    return out


_OP_Everything_mixed: Operation[tuple[str, str, Line]] = Operation(
    "mixed", 0, _read_result_Everything_mixed, ()
)


def _read_result_Everything_line(buf: _bytes, pos: int, source: Source) -> Line:
    result_from1_x, result_from1_y, result_to_x, result_to_y = _S_4i.unpack_from(buf, pos)
    (result_width,) = _S_d.unpack_from(buf, pos + 16)
    if pos + 24 != len(buf):
        pass_over(buf, pos + 24, source)
    return _new_Line(
        _new_Point(result_from1_x, result_from1_y), _new_Point(result_to_x, result_to_y), result_width
    )


def _serve_Everything_line(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    value_from1_x, value_from1_y, value_to_x, value_to_y, value_width = _S_4id.unpack_from(buf, pos)
    if pos + 24 != len(buf):
        pass_over(buf, pos + 24, current)
    return servant.line(
        _new_Line(_new_Point(value_from1_x, value_from1_y), _new_Point(value_to_x, value_to_y), value_width),
        current,
    )


def _write_result_Everything_line(value: Line) -> _bytes:
    return _S_4id.pack(value.from1.x, value.from1.y, value.to.x, value.to.y, value.width)


_OP_Everything_line: Operation[Line] = Operation("line", 0, _read_result_Everything_line, ())

_OLD_Everything_bag = Call10("bag", (old_Bag,), (old_Bag, Same(write_Nested, read_Nested)), returns=True)


def _read_result_Everything_bag(
    buf: _bytes, pos: int, source: Source
) -> tuple[Bag, dict[str, dict[str, float]]]:
    nested, pos = read_Nested(buf, pos)
    result, pos = read_Bag(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, nested


def _serve_Everything_bag(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    value, pos = read_Bag(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.bag(value, current)


def _write_result_Everything_bag(value: tuple[Bag, dict[str, dict[str, float]]]) -> bytearray:
    result, nested = value
    out = bytearray()
    write_Nested(out, nested)
    write_Bag(out, result)
    return out


_OP_Everything_bag: Operation[tuple[Bag, dict[str, dict[str, float]]]] = Operation(
    "bag", 0, _read_result_Everything_bag, (), old=_OLD_Everything_bag
)

_OLD_Everything_light = Call10("light", (old_Light,), (old_Light,), returns=True)


def _read_result_Everything_light(buf: _bytes, pos: int, source: Source) -> Light:
    result, pos = read_Light(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_light(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    value, pos = read_Light(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.light(value, current)


def _write_result_Everything_light(value: Light) -> bytearray:
    out = bytearray()
    write_Light(out, value)
    return out


_OP_Everything_light: Operation[Light] = Operation(
    "light", 0, _read_result_Everything_light, (), old=_OLD_Everything_light
)

_OLD_Everything_me = Call10(
    "me", (Proxy10(CallbackPrx), Proxy10(ObjectPrx)), (Proxy10(EverythingPrx),), returns=True
)


def _read_result_Everything_me(buf: _bytes, pos: int, source: Source) -> EverythingPrx | None:
    result, pos = read_proxy(buf, pos, source, EverythingPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_me(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    callback, pos = read_proxy(buf, pos, current, CallbackPrx)
    any, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.me(callback, any, current)


def _write_result_Everything_me(value: EverythingPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Everything_me: Operation[EverythingPrx | None] = Operation(
    "me", 0, _read_result_Everything_me, (), old=_OLD_Everything_me
)


def _read_result_Everything_bytes(buf: _bytes, pos: int, source: Source) -> _bytes:
    result, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_bytes(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    value, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.bytes(value, current)


def _write_result_Everything_bytes(value: _bytes) -> bytearray:
    out = bytearray()
    write_bytes(out, value)
    return out


_OP_Everything_bytes: Operation[_bytes] = Operation("bytes", 0, _read_result_Everything_bytes, ())


def _serve_Everything_long1(servant: Everything, buf: _bytes, pos: int, current: Current) -> Any:
    aPointOfDeparture_x, aPointOfDeparture_y, aPointOfArrival_x = _S_iii.unpack_from(buf, pos)
    (aPointOfArrival_y,) = _S_i.unpack_from(buf, pos + 12)
    readings, pos = read_Gauges(buf, pos + 16)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.long1(
        _new_Point(aPointOfDeparture_x, aPointOfDeparture_y),
        _new_Point(aPointOfArrival_x, aPointOfArrival_y),
        readings,
        current,
    )


_OP_Everything_long1: Operation[None] = Operation("long1", 0, None, ())

EverythingServant.ice_operations = {
    b"nothing": ServantOperation("nothing", 0, _serve_Everything_nothing, None),
    b"one": ServantOperation("one", 2, _serve_Everything_one, _S_i.pack),
    b"asked": ServantOperation("asked", 1, _serve_Everything_asked, _S_o.pack),
    b"add": ServantOperation("add", 0, _serve_Everything_add, _S_i.pack),
    b"divide": ServantOperation("divide", 2, _serve_Everything_divide, _write_result_Everything_divide),
    b"outs": ServantOperation("outs", 0, _serve_Everything_outs, _write_result_Everything_outs),
    b"mixed": ServantOperation("mixed", 0, _serve_Everything_mixed, _write_result_Everything_mixed),
    b"line": ServantOperation("line", 0, _serve_Everything_line, _write_result_Everything_line),
    b"bag": ServantOperation(
        "bag", 0, _serve_Everything_bag, _write_result_Everything_bag, old=_OLD_Everything_bag
    ),
    b"light": ServantOperation(
        "light", 0, _serve_Everything_light, _write_result_Everything_light, old=_OLD_Everything_light
    ),
    b"me": ServantOperation(
        "me", 0, _serve_Everything_me, _write_result_Everything_me, old=_OLD_Everything_me
    ),
    b"bytes": ServantOperation("bytes", 0, _serve_Everything_bytes, _write_result_Everything_bytes),
    b"long1": ServantOperation("long1", 0, _serve_Everything_long1, None),
}


def _serve_Callback_tell(servant: Callback, buf: _bytes, pos: int, current: Current) -> Any:
    text, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.tell(text, current)


_OP_Callback_tell: Operation[None] = Operation("tell", 2, None, ())

CallbackServant.ice_operations = {
    b"tell": ServantOperation("tell", 2, _serve_Callback_tell, None),
}
