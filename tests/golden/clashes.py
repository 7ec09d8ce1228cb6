# Written by slice2tx from golden/clashes.ice. To change it, change the Slice file.
"""Names that Python or the generated code would like to have for themselves."""

from __future__ import annotations

from builtins import int as _int
from builtins import len as _len
from builtins import list as _list
from collections.abc import Awaitable, Sequence
from struct import Struct as _Struct
from typing import Any as _Any
from typing import ClassVar, Final, Protocol

import attrs as _attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.rpc.stubs import Current as _Current
from pushnet.rpc.stubs import Servant as _Servant
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import BOOL, INT, STRING, Enum10, Proxy10, Same, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from tests.golden.modules import Other as Other_
from tests.golden.modules import Outer_Inner_Thing, Outer_Thing

__all__ = [
    "Any",
    "Holder1",
    "Message",
    "Servant",
    "ServantPrx",
    "ServantServant",
    "Shelf",
    "ShelfPrx",
    "ShelfServant",
    "Struct",
    "item",
    "itemPrx",
    "itemServant",
    "list",
    "read_Holder1",
    "read_Message",
    "read_Messages",
    "read_Struct",
    "read_list",
    "write_Holder1",
    "write_Message",
    "write_Messages",
    "write_Struct",
    "write_list",
]


class list(SliceEnum):
    _name = 0
    _value = 1
    _real = 2
    _None = 3
    ok = 4


list_ = list


@_attrs.frozen
class Struct:
    _self: _int = _attrs.field(default=0, alias="_self")
    _from: str = _attrs.field(default="", alias="_from")
    int: bool = False
    attrs: list_ = list_._name
    _class: ObjectPrx | None = _attrs.field(default=None, alias="_class")


Struct_ = Struct


@_attrs.frozen(order=True)
class Message:
    x: _int = 0


Message_ = Message


@_attrs.frozen(order=True)
class Holder1:
    Message: Message_ = _attrs.field(factory=Message_)
    Other: Other_ = _attrs.field(factory=Other_)


@_attrs.frozen
class Any(UserException):
    _args: str = _attrs.field(default="", alias="_args")
    _with: list_ = _attrs.field(default=list_._name, alias="_with")


class item(Protocol):
    def put(self, item: str, current: _Current | None = None, /) -> Awaitable[None]: ...

    def _def(self, list: _int, current: _Current | None = None, /) -> Awaitable[None]: ...


item_ = item


class Shelf(item_, Protocol):
    def top(self, current: _Current | None = None, /) -> Awaitable[itemPrx | None]: ...


class Servant(Protocol):
    def _self(
        self, _self: _int, context: _int, current: _int, _current: _Current | None = None, /
    ) -> Awaitable[tuple[_int, _int]]: ...

    def _pass(
        self, buf: str, pos: str, servant: str, value: str, result: str, current: _Current | None = None, /
    ) -> Awaitable[tuple[str, str]]: ...

    def types(
        self,
        int: list_,
        Struct: Struct_,
        Message: Message_,
        len: Sequence[Message_],
        current: _Current | None = None,
        /,
    ) -> Awaitable[None]: ...

    def _checkedCast(
        self, Current: ServantPrx | None, current: _Current | None = None, /
    ) -> Awaitable[bool]: ...


class itemPrx(ObjectPrx):
    """Calls an `item` wherever it is."""

    ice_type: ClassVar[str] = "::Clashes::item"

    def put(self, item: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, item)
        return self._ice_call(_OP_item_put, out, context)

    def _def(self, list: _int, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_item_def, _S_i.pack(list), context)


class ShelfPrx(itemPrx):
    """Calls a `Shelf` wherever it is."""

    ice_type: ClassVar[str] = "::Clashes::Shelf"

    def top(self, context: CallContext = None) -> Deferred[itemPrx | None]:
        return self._ice_call(_OP_Shelf_top, b"", context)


class ServantPrx(ObjectPrx):
    """Calls a `Servant` wherever it is."""

    ice_type: ClassVar[str] = "::Clashes::Servant"

    def _self(
        self, _self: _int, context: _int, current: _int, _context: CallContext = None
    ) -> Deferred[tuple[_int, _int]]:
        return self._ice_call(_OP_Servant_self, _S_iii.pack(_self, context, current), _context)

    def _pass(
        self, buf: str, pos: str, servant: str, value: str, result: str, context: CallContext = None
    ) -> Deferred[tuple[str, str]]:
        out = bytearray()
        write_string(out, buf)
        write_string(out, pos)
        write_string(out, servant)
        write_string(out, value)
        write_string(out, result)
        return self._ice_call(_OP_Servant_pass, out, context)

    def types(
        self,
        int: list_,
        Struct: Struct_,
        Message: Message_,
        len: Sequence[Message_],
        context: CallContext = None,
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Servant_types, (int, Struct, Message, len), context)
        out = bytearray()
        write_list(out, int)
        write_Struct(out, Struct)
        out += _S_i.pack(Message.x)
        write_Messages(out, len)
        return self._ice_call(_OP_Servant_types, out, context)

    def _checkedCast(self, Current: ServantPrx | None, context: CallContext = None) -> Deferred[bool]:
        if self._ice_old:
            return self._ice_call10(_OP_Servant_checkedCast, (Current,), context)
        out = bytearray()
        write_proxy(out, Current)
        return self._ice_call(_OP_Servant_checkedCast, out, context)


class itemServant(_Servant):
    """Serves an `item`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Clashes::item"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Clashes::item", "::Ice::Object")


class ShelfServant(itemServant):
    """Serves a `Shelf`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Clashes::Shelf"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Clashes::Shelf", "::Clashes::item", "::Ice::Object")


class ServantServant(_Servant):
    """Serves a `Servant`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Clashes::Servant"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Clashes::Servant", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_i = _Struct("<i")
_S_ii = _Struct("<ii")
_S_iii = _Struct("<iii")
_S_o = _Struct("<?")

_new_Holder1 = maker_of(Holder1)
_new_Message_ = maker_of(Message_)
_new_Other_ = maker_of(Other_)
_new_Outer_Inner_Thing = maker_of(Outer_Inner_Thing)
_new_Outer_Thing = maker_of(Outer_Thing)
_new_Struct_ = maker_of(Struct_)

_MEMBERS_list: Final = {member.value: member for member in list_}


def write_list(out: bytearray, value: list_) -> None:
    write_size(out, value)


def read_list(buf: bytes, pos: _int) -> tuple[list_, _int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_list.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Clashes::list")
    return value, pos


old_list = Enum10(list_, "::Clashes::list")


def write_Struct(out: bytearray, value: Struct_) -> None:
    out += _S_i.pack(value._self)
    write_string(out, value._from)
    out += _S_o.pack(value.int)
    write_list(out, value.attrs)
    write_proxy(out, value._class)


def read_Struct(buf: bytes, pos: _int, source: Source) -> tuple[Struct_, _int]:
    (_self,) = _S_i.unpack_from(buf, pos)
    _from, pos = read_string(buf, pos + 4)
    (int,) = _S_o.unpack_from(buf, pos)
    attrs, pos = read_list(buf, pos + 1)
    _class, pos = read_proxy(buf, pos, source, ObjectPrx)
    return _new_Struct_(_self, _from, int, attrs, _class), pos


old_Struct = Struct10(
    Struct_,
    (("_self", INT), ("_from", STRING), ("int", BOOL), ("attrs", old_list), ("_class", Proxy10(ObjectPrx))),
)


def write_Message(out: bytearray, value: Message_) -> None:
    out += _S_i.pack(value.x)


def read_Message(buf: bytes, pos: _int) -> tuple[Message_, _int]:
    (x,) = _S_i.unpack_from(buf, pos)
    return _new_Message_(x), pos + 4


def write_Holder1(out: bytearray, value: Holder1) -> None:
    out += _S_ii.pack(value.Message.x, value.Other.outer.inner.a)


def read_Holder1(buf: bytes, pos: _int) -> tuple[Holder1, _int]:
    Message___x, Other___outer_inner_a = _S_ii.unpack_from(buf, pos)
    value = _new_Holder1(
        _new_Message_(Message___x),
        _new_Other_(_new_Outer_Thing(_new_Outer_Inner_Thing(Other___outer_inner_a))),
    )
    return value, pos + 8


def write_Messages(out: bytearray, value: Sequence[Message_]) -> None:
    write_size(out, _len(value))
    for _item in value:
        out += _S_i.pack(_item.x)


def read_Messages(buf: bytes, pos: _int) -> tuple[_list[Message_], _int]:
    count, pos = read_count(buf, pos, 4)
    end = pos + count * 4
    return [_new_Message_(*row) for row in _S_i.iter_unpack(buf[pos:end])], end


def _write_Any(out: bytearray, value: Any) -> None:
    write_string(out, value._args)
    write_list(out, value._with)


def _read_Any(buf: bytes, pos: _int, source: Source) -> tuple[tuple[_Any, ...], _int]:
    _args, pos = read_string(buf, pos)
    _with, pos = read_list(buf, pos)
    return (_args, _with), pos


_old_Any = (("_args", STRING), ("_with", old_list))

Any.ice_slice = ExceptionSlice("::Clashes::Any", Any, _write_Any, _read_Any, None, old=_old_Any)


def _serve_item_put(servant: item_, buf: bytes, pos: _int, current: _Current) -> _Any:
    item__, pos = read_string(buf, pos)
    if pos != _len(buf):
        pass_over(buf, pos, current)
    return servant.put(item__, current)


_OP_item_put: Operation[None] = Operation("put", 0, None, ())


def _serve_item_def(servant: item_, buf: bytes, pos: _int, current: _Current) -> _Any:
    (list__,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != _len(buf):
        pass_over(buf, pos + 4, current)
    return servant._def(list__, current)


_OP_item_def: Operation[None] = Operation("def", 0, None, ())

itemServant.ice_operations = {
    b"put": ServantOperation("put", 0, _serve_item_put, None),
    b"def": ServantOperation("def", 0, _serve_item_def, None),
}

_OLD_Shelf_top = Call10("top", (), (Proxy10(itemPrx),), returns=True)


def _read_result_Shelf_top(buf: bytes, pos: _int, source: Source) -> itemPrx | None:
    result, pos = read_proxy(buf, pos, source, itemPrx)
    if pos != _len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shelf_top(servant: Shelf, buf: bytes, pos: _int, current: _Current) -> _Any:
    return servant.top(current)


def _write_result_Shelf_top(value: itemPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Shelf_top: Operation[itemPrx | None] = Operation("top", 2, _read_result_Shelf_top, (), old=_OLD_Shelf_top)

ShelfServant.ice_operations = {
    **itemServant.ice_operations,
    b"top": ServantOperation("top", 2, _serve_Shelf_top, _write_result_Shelf_top, old=_OLD_Shelf_top),
}


def _read_result_Servant_self(buf: bytes, pos: _int, source: Source) -> tuple[_int, _int]:
    out1, result = _S_ii.unpack_from(buf, pos)
    if pos + 8 != _len(buf):
        pass_over(buf, pos + 8, source)
    return result, out1


def _serve_Servant_self(servant: Servant, buf: bytes, pos: _int, _current: _Current) -> _Any:
    _self, context, current = _S_iii.unpack_from(buf, pos)
    if pos + 12 != _len(buf):
        pass_over(buf, pos + 12, _current)
    return servant._self(_self, context, current, _current)


def _write_result_Servant_self(value: tuple[_int, _int]) -> bytes:
    result, out1 = value
    return _S_ii.pack(out1, result)


_OP_Servant_self: Operation[tuple[_int, _int]] = Operation("self", 0, _read_result_Servant_self, (Any,))


def _read_result_Servant_pass(buf: bytes, pos: _int, _source: Source) -> tuple[str, str]:
    source, pos = read_string(buf, pos)
    result, pos = read_string(buf, pos)
    if pos != _len(buf):
        pass_over(buf, pos, _source)
    return result, source


def _serve_Servant_pass(_servant: Servant, _buf: bytes, _pos: _int, current: _Current) -> _Any:
    buf, _pos = read_string(_buf, _pos)
    pos, _pos = read_string(_buf, _pos)
    servant, _pos = read_string(_buf, _pos)
    value, _pos = read_string(_buf, _pos)
    result, _pos = read_string(_buf, _pos)
    if _pos != _len(_buf):
        pass_over(_buf, _pos, current)
    return _servant._pass(buf, pos, servant, value, result, current)


def _write_result_Servant_pass(value: tuple[str, str]) -> bytearray:
    result, source = value
    out = bytearray()
    write_string(out, source)
    write_string(out, result)
    return out


_OP_Servant_pass: Operation[tuple[str, str]] = Operation("pass", 0, _read_result_Servant_pass, ())

_OLD_Servant_types = Call10(
    "types",
    (old_list, old_Struct, Same(write_Message, read_Message), Same(write_Messages, read_Messages)),
    (),
)


def _serve_Servant_types(servant: Servant, buf: bytes, pos: _int, current: _Current) -> _Any:
    int, pos = read_list(buf, pos)
    Struct__, pos = read_Struct(buf, pos, current)
    (Message___x,) = _S_i.unpack_from(buf, pos)
    len, pos = read_Messages(buf, pos + 4)
    if pos != _len(buf):
        pass_over(buf, pos, current)
    return servant.types(int, Struct__, _new_Message_(Message___x), len, current)


_OP_Servant_types: Operation[None] = Operation("types", 0, None, (), old=_OLD_Servant_types)

_OLD_Servant_checkedCast = Call10("_checkedCast", (Proxy10(ServantPrx),), (BOOL,), returns=True)


def _read_result_Servant_checkedCast(buf: bytes, pos: _int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != _len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Servant_checkedCast(servant: Servant, buf: bytes, pos: _int, current: _Current) -> _Any:
    Current, pos = read_proxy(buf, pos, current, ServantPrx)
    if pos != _len(buf):
        pass_over(buf, pos, current)
    return servant._checkedCast(Current, current)


_OP_Servant_checkedCast: Operation[bool] = Operation(
    "checkedCast", 2, _read_result_Servant_checkedCast, (), old=_OLD_Servant_checkedCast
)

ServantServant.ice_operations = {
    b"self": ServantOperation("self", 0, _serve_Servant_self, _write_result_Servant_self),
    b"pass": ServantOperation("pass", 0, _serve_Servant_pass, _write_result_Servant_pass),
    b"types": ServantOperation("types", 0, _serve_Servant_types, None, old=_OLD_Servant_types),
    b"checkedCast": ServantOperation(
        "checkedCast", 2, _serve_Servant_checkedCast, _S_o.pack, old=_OLD_Servant_checkedCast
    ),
}
