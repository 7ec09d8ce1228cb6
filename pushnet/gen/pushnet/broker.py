# Written by slice2tx from idl/pushnet/broker.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.push import Message, read_Message, write_Message
from pushnet.gen.pushnet.types import read_Gauges, read_Ints, write_Gauges, write_Ints
from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_bytes, read_count, read_string, write_bytes, write_size, write_string
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Broker",
    "BrokerPrx",
    "BrokerServant",
    "Target",
    "read_Target",
    "read_Targets",
    "write_Target",
    "write_Targets",
]


@attrs.frozen(order=True)
class Target:
    """One device that a message is for, with its place in the device's own stream."""

    ordinal: int = 0
    epoch: int = 0
    """The login that the sender knows of; an older one than the Broker's is delivered too: `seq` decides."""

    prev: int = 0
    seq: int = 0


class Broker(Protocol):
    """Holds device connections. Well-known as `broker/<node name>`; all are in the group `Broker`."""

    def deliver(
        self, app: str, item: Message, devices: Sequence[Target], current: Current | None = None, /
    ) -> Awaitable[list[int]]:
        """Hand a message to devices held here. Returns the ordinals that are not."""
        ...

    def deliverGroup(
        self, app: str, seq: int, item: Message, audience: bytes, current: Current | None = None, /
    ) -> Awaitable[None]:
        """A new row of an app's group log."""
        ...

    def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None, /) -> Awaitable[None]:
        """A device has logged in elsewhere: close what is older than `epoch` here."""
        ...

    def rebalance(self, current: Current | None = None, /) -> Awaitable[int]:
        """Give devices to Brokers that have fewer, at a limited rate, until all have about as many. Returns
        at once how many are on their way.
        """
        ...

    def stats(self, current: Current | None = None, /) -> Awaitable[dict[str, float]]:
        """Connections, logged-in devices, deliveries and the like."""
        ...


class BrokerPrx(ObjectPrx):
    """Calls a `Broker` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Broker"

    def deliver(
        self, app: str, item: Message, devices: Sequence[Target], context: CallContext = None
    ) -> Deferred[list[int]]:
        out = bytearray()
        write_string(out, app)
        write_Message(out, item)
        write_Targets(out, devices)
        return self._ice_call(_OP_Broker_deliver, out, context)

    def deliverGroup(
        self, app: str, seq: int, item: Message, audience: bytes, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, app)
        out += _S_q.pack(seq)
        write_Message(out, item)
        write_bytes(out, audience)
        return self._ice_call(_OP_Broker_deliverGroup, out, context)

    def evict(self, app: str, ordinal: int, epoch: int, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, app)
        out += _S_iq.pack(ordinal, epoch)
        return self._ice_call(_OP_Broker_evict, out, context)

    def rebalance(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Broker_rebalance, b"", context)

    def stats(self, context: CallContext = None) -> Deferred[dict[str, float]]:
        return self._ice_call(_OP_Broker_stats, b"", context)


class BrokerServant(Servant):
    """Serves a `Broker`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Broker"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Broker")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_iq = Struct("<iq")
_S_iqqq = Struct("<iqqq")
_S_q = Struct("<q")

_new_Target = maker_of(Target)


def write_Target(out: bytearray, value: Target) -> None:
    out += _S_iqqq.pack(value.ordinal, value.epoch, value.prev, value.seq)


def read_Target(buf: bytes, pos: int) -> tuple[Target, int]:
    ordinal, epoch, prev, seq = _S_iqqq.unpack_from(buf, pos)
    return _new_Target(ordinal, epoch, prev, seq), pos + 28


def write_Targets(out: bytearray, value: Sequence[Target]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_iqqq.pack(item.ordinal, item.epoch, item.prev, item.seq)


def read_Targets(buf: bytes, pos: int) -> tuple[list[Target], int]:
    count, pos = read_count(buf, pos, 28)
    end = pos + count * 28
    return [_new_Target(*row) for row in _S_iqqq.iter_unpack(buf[pos:end])], end


def _read_result_Broker_deliver(buf: bytes, pos: int, source: Source) -> list[int]:
    result, pos = read_Ints(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Broker_deliver(servant: Broker, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    item, pos = read_Message(buf, pos)
    devices, pos = read_Targets(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.deliver(app, item, devices, current)


def _write_result_Broker_deliver(value: list[int]) -> bytearray:
    out = bytearray()
    write_Ints(out, value)
    return out


_OP_Broker_deliver: Operation[list[int]] = Operation("deliver", 2, _read_result_Broker_deliver, ())


def _serve_Broker_deliverGroup(servant: Broker, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    (seq,) = _S_q.unpack_from(buf, pos)
    item, pos = read_Message(buf, pos + 8)
    audience, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.deliverGroup(app, seq, item, audience, current)


_OP_Broker_deliverGroup: Operation[None] = Operation("deliverGroup", 2, None, ())


def _serve_Broker_evict(servant: Broker, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    ordinal, epoch = _S_iq.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.evict(app, ordinal, epoch, current)


_OP_Broker_evict: Operation[None] = Operation("evict", 2, None, ())


def _read_result_Broker_rebalance(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Broker_rebalance(servant: Broker, buf: bytes, pos: int, current: Current) -> Any:
    return servant.rebalance(current)


_OP_Broker_rebalance: Operation[int] = Operation("rebalance", 2, _read_result_Broker_rebalance, ())


def _read_result_Broker_stats(buf: bytes, pos: int, source: Source) -> dict[str, float]:
    result, pos = read_Gauges(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Broker_stats(servant: Broker, buf: bytes, pos: int, current: Current) -> Any:
    return servant.stats(current)


def _write_result_Broker_stats(value: dict[str, float]) -> bytearray:
    out = bytearray()
    write_Gauges(out, value)
    return out


_OP_Broker_stats: Operation[dict[str, float]] = Operation("stats", 2, _read_result_Broker_stats, ())

BrokerServant.ice_operations = {
    b"deliver": ServantOperation("deliver", 2, _serve_Broker_deliver, _write_result_Broker_deliver),
    b"deliverGroup": ServantOperation("deliverGroup", 2, _serve_Broker_deliverGroup, None),
    b"evict": ServantOperation("evict", 2, _serve_Broker_evict, None),
    b"rebalance": ServantOperation("rebalance", 2, _serve_Broker_rebalance, _S_i.pack),
    b"stats": ServantOperation("stats", 2, _serve_Broker_stats, _write_result_Broker_stats),
}
