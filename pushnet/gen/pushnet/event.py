# Written by slice2tx from idl/pushnet/event.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import UnavailableException, read_Strings, write_Strings
from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "EventFilter",
    "EventPage",
    "Events",
    "EventsPrx",
    "EventsServant",
    "GridEvent",
    "read_EventFilter",
    "read_EventPage",
    "read_GridEvent",
    "read_GridEvents",
    "write_EventFilter",
    "write_EventPage",
    "write_GridEvent",
    "write_GridEvents",
]


@attrs.frozen(order=True)
class GridEvent:
    """Something that happened in the grid."""

    position: int = 0
    """Grows from event to event of one registry, and is the same at all that were there."""

    atMs: int = 0
    """Milliseconds since 1970."""

    kind: str = ""
    """What happened, the subject first: `node.up`, `node.left`, `node.lapsed`, `node.refused`,
    `adapter.added`, `policy.set`, `settings.applied`, `version.wanted`, `server.serving`, `roll.journal`,
    …
    """

    who: str = ""
    """To whom: the name of a node, adapter, object, group, server, roll."""

    text: str = ""
    """In words."""


@attrs.frozen(order=True)
class EventFilter:
    """Which events are asked for; what is left as it is asks for all."""

    kinds: list[str] = attrs.field(factory=list)
    """Kinds, or their first words: `node` means `node.up` and all others that begin with `node.`."""

    who: str = ""
    """With `*` and `?` for parts of names; empty: everybody."""

    sinceMs: int = 0
    """Milliseconds since 1970; from then on."""

    untilMs: int = 0
    """Before then; 0: until now."""


@attrs.frozen(order=True)
class EventPage:
    events: list[GridEvent] = attrs.field(factory=list)
    """In the order in which they happened."""

    next: int = 0
    """To be given as `after` for those that follow."""

    more: bool = False
    """Whether there may be more now."""

    nowMs: int = 0
    """By the registry's clock, milliseconds since 1970."""


class Events(Protocol):
    """What happened in the grid, as each registry keeps it. Its identity is `PushNet/Events`."""

    def read(
        self, filter: EventFilter, after: int, most: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[EventPage]:
        """The oldest events that the filter lets through and that came after `after` (0: from the first kept
        on).

        Args:
            most: At most so many, never more than 1000.
            waitMs: When there are none, how long to wait for one, at most 30000.
        """
        ...


class EventsPrx(ObjectPrx):
    """Calls an `Events` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Events"

    def read(
        self, filter: EventFilter, after: int, most: int, waitMs: int, context: CallContext = None
    ) -> Deferred[EventPage]:
        out = bytearray()
        write_EventFilter(out, filter)
        out += _S_qii.pack(after, most, waitMs)
        return self._ice_call(_OP_Events_read, out, context)


class EventsServant(Servant):
    """Serves an `Events`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Events"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Events")


# The wire: how the above becomes bytes and back.

_S_qii = Struct("<qii")
_S_qoq = Struct("<q?q")
_S_qq = Struct("<qq")
_S_qqB = Struct("<qqB")

_new_EventFilter = maker_of(EventFilter)
_new_EventPage = maker_of(EventPage)
_new_GridEvent = maker_of(GridEvent)


def write_GridEvent(out: bytearray, value: GridEvent) -> None:
    out += _S_qq.pack(value.position, value.atMs)
    write_string(out, value.kind)
    write_string(out, value.who)
    write_string(out, value.text)


def read_GridEvent(buf: bytes, pos: int) -> tuple[GridEvent, int]:
    position, atMs = _S_qq.unpack_from(buf, pos)
    kind, pos = read_string(buf, pos + 16)
    who, pos = read_string(buf, pos)
    text, pos = read_string(buf, pos)
    return _new_GridEvent(position, atMs, kind, who, text), pos


def write_GridEvents(out: bytearray, value: Sequence[GridEvent]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.kind.encode()
        if (size := len(text)) < 255:
            out += _S_qqB.pack(item.position, item.atMs, size)
        else:
            out += _S_qq.pack(item.position, item.atMs)
            write_size(out, size)
        out += text
        text = item.who.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.text.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_GridEvents(buf: bytes, pos: int) -> tuple[list[GridEvent], int]:
    count, pos = read_count(buf, pos, 19)
    items: list[GridEvent] = []
    for _ in range(count):
        position, atMs, size = _S_qqB.unpack_from(buf, pos)
        if size < 255:
            kind = buf[pos + 17 : (pos := pos + 17 + size)].decode()
        else:
            kind, pos = read_string(buf, pos + 16)
        if (size := buf[pos]) < 255:
            who = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            who, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            _text = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            _text, pos = read_string(buf, pos)
        items.append(_new_GridEvent(position, atMs, kind, who, _text))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_EventFilter(out: bytearray, value: EventFilter) -> None:
    write_Strings(out, value.kinds)
    write_string(out, value.who)
    out += _S_qq.pack(value.sinceMs, value.untilMs)


def read_EventFilter(buf: bytes, pos: int) -> tuple[EventFilter, int]:
    kinds, pos = read_Strings(buf, pos)
    who, pos = read_string(buf, pos)
    sinceMs, untilMs = _S_qq.unpack_from(buf, pos)
    return _new_EventFilter(kinds, who, sinceMs, untilMs), pos + 16


def write_EventPage(out: bytearray, value: EventPage) -> None:
    write_GridEvents(out, value.events)
    out += _S_qoq.pack(value.next, value.more, value.nowMs)


def read_EventPage(buf: bytes, pos: int) -> tuple[EventPage, int]:
    events, pos = read_GridEvents(buf, pos)
    next, more, nowMs = _S_qoq.unpack_from(buf, pos)
    return _new_EventPage(events, next, more, nowMs), pos + 17


def _read_result_Events_read(buf: bytes, pos: int, source: Source) -> EventPage:
    result, pos = read_EventPage(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Events_read(servant: Events, buf: bytes, pos: int, current: Current) -> Any:
    filter, pos = read_EventFilter(buf, pos)
    after, most, waitMs = _S_qii.unpack_from(buf, pos)
    if pos + 16 != len(buf):
        pass_over(buf, pos + 16, current)
    return servant.read(filter, after, most, waitMs, current)


def _write_result_Events_read(value: EventPage) -> bytearray:
    out = bytearray()
    write_EventPage(out, value)
    return out


_OP_Events_read: Operation[EventPage] = Operation(
    "read", 2, _read_result_Events_read, (UnavailableException,)
)

EventsServant.ice_operations = {
    b"read": ServantOperation("read", 2, _serve_Events_read, _write_result_Events_read),
}
