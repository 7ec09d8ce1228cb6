# Written by slice2tx from idl/pushnet/lists.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from builtins import list as _list
from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import UnavailableException
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
)
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "BadRuleException",
    "Lists",
    "ListsPrx",
    "ListsServant",
    "Rule",
    "RuleBook",
    "read_Rule",
    "read_RuleBook",
    "read_Rules",
    "write_Rule",
    "write_RuleBook",
    "write_Rules",
]


@attrs.frozen(order=True)
class Rule:
    """One entry of a white or black list."""

    list: str = ""
    """`app-deny`, `device-deny`, `alias-deny`, `address-deny`, `address-allow` or `api-allow`."""

    app: str = ""
    """The app whose list it is; empty for `app-deny` and the lists of addresses."""

    value: str = ""
    """An app key, a registration id, an alias, or an address as `10.1.2.3` or `10.1.0.0/16`; `none`:
    nobody.
    """

    expiresS: int = 0
    """Seconds since 1970; 0: for ever."""

    who: str = ""
    why: str = ""
    madeS: int = 0
    """Seconds since 1970; the registry's time when it is put."""


@attrs.frozen(order=True)
class RuleBook:
    """All lists. `number` is another after every change."""

    number: int = 0
    rules: _list[Rule] = attrs.field(factory=_list)


@attrs.frozen
class BadRuleException(UserException):
    """The rule cannot be: `reason` says why."""

    reason: str = ""


class Lists(Protocol):
    """White and black lists, which hold on all nodes at once. Its identity is `PushNet/Lists`."""

    def put(self, rule: Rule, current: Current | None = None, /) -> Awaitable[None]:
        """Add a rule, or change the one of the same list, app and value. It is on disk when this returns."""
        ...

    def remove(self, list: str, app: str, value: str, current: Current | None = None, /) -> Awaitable[None]:
        """Take a rule away."""
        ...

    def rules(self, known: int, waitMs: int, current: Current | None = None, /) -> Awaitable[RuleBook]:
        """Answers at once when the lists differ from what the caller knows, else after `waitMs`."""
        ...


class ListsPrx(ObjectPrx):
    """Calls a `Lists` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Lists"

    def put(self, rule: Rule, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_Rule(out, rule)
        return self._ice_call(_OP_Lists_put, out, context)

    def remove(self, list: str, app: str, value: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, list)
        write_string(out, app)
        write_string(out, value)
        return self._ice_call(_OP_Lists_remove, out, context)

    def rules(self, known: int, waitMs: int, context: CallContext = None) -> Deferred[RuleBook]:
        return self._ice_call(_OP_Lists_rules, _S_qi.pack(known, waitMs), context)


class ListsServant(Servant):
    """Serves a `Lists`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Lists"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Lists")


# The wire: how the above becomes bytes and back.

_S_q = Struct("<q")
_S_qB = Struct("<qB")
_S_qi = Struct("<qi")

_new_Rule = maker_of(Rule)
_new_RuleBook = maker_of(RuleBook)


def write_Rule(out: bytearray, value: Rule) -> None:
    write_string(out, value.list)
    write_string(out, value.app)
    write_string(out, value.value)
    out += _S_q.pack(value.expiresS)
    write_string(out, value.who)
    write_string(out, value.why)
    out += _S_q.pack(value.madeS)


def read_Rule(buf: bytes, pos: int) -> tuple[Rule, int]:
    list, pos = read_string(buf, pos)
    app, pos = read_string(buf, pos)
    value, pos = read_string(buf, pos)
    (expiresS,) = _S_q.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 8)
    why, pos = read_string(buf, pos)
    (madeS,) = _S_q.unpack_from(buf, pos)
    return _new_Rule(list, app, value, expiresS, who, why, madeS), pos + 8


def write_Rules(out: bytearray, value: Sequence[Rule]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.list.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.app.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.value.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.who.encode()
        if (size := len(text)) < 255:
            out += _S_qB.pack(item.expiresS, size)
        else:
            out += _S_q.pack(item.expiresS)
            write_size(out, size)
        out += text
        text = item.why.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_q.pack(item.madeS)


def read_Rules(buf: bytes, pos: int) -> tuple[_list[Rule], int]:
    count, pos = read_count(buf, pos, 21)
    items: _list[Rule] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            list = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            list, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            app = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            app, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            _value = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            _value, pos = read_string(buf, pos)
        expiresS, size = _S_qB.unpack_from(buf, pos)
        if size < 255:
            who = buf[pos + 9 : (pos := pos + 9 + size)].decode()
        else:
            who, pos = read_string(buf, pos + 8)
        if (size := buf[pos]) < 255:
            why = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            why, pos = read_string(buf, pos)
        (madeS,) = _S_q.unpack_from(buf, pos)
        pos += 8
        items.append(_new_Rule(list, app, _value, expiresS, who, why, madeS))
    return items, pos


def write_RuleBook(out: bytearray, value: RuleBook) -> None:
    out += _S_q.pack(value.number)
    write_Rules(out, value.rules)


def read_RuleBook(buf: bytes, pos: int) -> tuple[RuleBook, int]:
    (number,) = _S_q.unpack_from(buf, pos)
    rules, pos = read_Rules(buf, pos + 8)
    return _new_RuleBook(number, rules), pos


def _write_BadRuleException(out: bytearray, value: BadRuleException) -> None:
    write_string(out, value.reason)


def _read_BadRuleException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


BadRuleException.ice_slice = ExceptionSlice(
    "::PushNet::BadRuleException", BadRuleException, _write_BadRuleException, _read_BadRuleException, None
)


def _serve_Lists_put(servant: Lists, buf: bytes, pos: int, current: Current) -> Any:
    rule, pos = read_Rule(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.put(rule, current)


_OP_Lists_put: Operation[None] = Operation("put", 2, None, (BadRuleException, UnavailableException))


def _serve_Lists_remove(servant: Lists, buf: bytes, pos: int, current: Current) -> Any:
    list, pos = read_string(buf, pos)
    app, pos = read_string(buf, pos)
    value, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.remove(list, app, value, current)


_OP_Lists_remove: Operation[None] = Operation("remove", 2, None, (BadRuleException, UnavailableException))


def _read_result_Lists_rules(buf: bytes, pos: int, source: Source) -> RuleBook:
    result, pos = read_RuleBook(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Lists_rules(servant: Lists, buf: bytes, pos: int, current: Current) -> Any:
    known, waitMs = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.rules(known, waitMs, current)


def _write_result_Lists_rules(value: RuleBook) -> bytearray:
    out = bytearray()
    write_RuleBook(out, value)
    return out


_OP_Lists_rules: Operation[RuleBook] = Operation(
    "rules", 2, _read_result_Lists_rules, (UnavailableException,)
)

ListsServant.ice_operations = {
    b"put": ServantOperation("put", 2, _serve_Lists_put, None),
    b"remove": ServantOperation("remove", 2, _serve_Lists_remove, None),
    b"rules": ServantOperation("rules", 2, _serve_Lists_rules, _write_result_Lists_rules),
}
