# Written by slice2tx from idl/pushnet/queue.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import UnavailableException, read_Longs, write_Longs
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
from pushnet.wire.basic import read_bytes, read_count, read_string, write_bytes, write_size, write_string
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Delivery",
    "Parked",
    "Queue",
    "QueuePrx",
    "QueueRefusedException",
    "QueueServant",
    "Receipt",
    "TopicStats",
    "read_Deliveries",
    "read_Delivery",
    "read_Parked",
    "read_ParkedMessages",
    "read_Receipt",
    "read_TopicStats",
    "write_Deliveries",
    "write_Delivery",
    "write_Parked",
    "write_ParkedMessages",
    "write_Receipt",
    "write_TopicStats",
]


@attrs.frozen(order=True)
class Receipt:
    """What became of a publish."""

    id: int = 0
    duplicate: bool = False
    """Whether the key had been used before: then nothing was added."""

    answer: bytes = b""
    """The answer stored with the first publish of this key."""


@attrs.frozen(order=True)
class Delivery:
    """One message handed to one consumer of a group, which must acknowledge, retry or park it."""

    id: int = 0
    attempt: int = 0
    """1 for the first time."""

    body: bytes = b""


@attrs.frozen(order=True)
class Parked:
    """A message that was given up, with the reason of the last attempt."""

    id: int = 0
    attempts: int = 0
    reason: str = ""
    body: bytes = b""


@attrs.frozen(order=True)
class TopicStats:
    published: int = 0
    waiting: int = 0
    inFlight: int = 0
    parked: int = 0


@attrs.frozen
class QueueRefusedException(UserException):
    """The topic or group has a name that cannot be, or the message is too large: `reason` says it."""

    reason: str = ""


class Queue(Protocol):
    """Durable topics with consumer groups. Its well-known identity is `Queue`."""

    def publish(
        self, topic: str, body: bytes, key: str, answer: bytes, current: Current | None = None, /
    ) -> Awaitable[Receipt]:
        """Add a message. The answer is sent after the message is on disk.

        Args:
            key: Names this publish: a second one with the same key, within a day, adds nothing and gets the
                first one's answer back. So it may be repeated without harm.
            answer: Kept with the key, for the caller's own use.
        """
        ...

    def take(
        self, topic: str, group: str, max: int, waitMs: int, leaseMs: int, current: Current | None = None, /
    ) -> Awaitable[list[Delivery]]:
        """Take up to `max` messages for a group, waiting up to `waitMs` for the first. Each is invisible to
        others for `leaseMs`; then it comes back with a higher attempt number.
        """
        ...

    def acknowledge(
        self, topic: str, group: str, ids: Sequence[int], current: Current | None = None, /
    ) -> Awaitable[None]:
        """These are done. Unknown ids are ignored."""
        ...

    def retry(
        self, topic: str, group: str, id: int, delayMs: int, reason: str, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Give one back, to be delivered again after `delayMs`. Parks it when its attempts are used up."""
        ...

    def park(
        self, topic: str, group: str, id: int, reason: str, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Set one aside, with the reason."""
        ...

    def parked(
        self, topic: str, group: str, max: int, current: Current | None = None, /
    ) -> Awaitable[list[Parked]]:
        """What was set aside, at most `max`."""
        ...

    def replay(
        self, topic: str, group: str, ids: Sequence[int], current: Current | None = None, /
    ) -> Awaitable[int]:
        """Put parked messages back in line, as new; returns how many."""
        ...

    def stats(self, topic: str, group: str, current: Current | None = None, /) -> Awaitable[TopicStats]:
        """How much a group has before it, in hand and set aside."""
        ...


class QueuePrx(ObjectPrx):
    """Calls a `Queue` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Queue"

    def publish(
        self, topic: str, body: bytes, key: str, answer: bytes, context: CallContext = None
    ) -> Deferred[Receipt]:
        out = bytearray()
        write_string(out, topic)
        write_bytes(out, body)
        write_string(out, key)
        write_bytes(out, answer)
        return self._ice_call(_OP_Queue_publish, out, context)

    def take(
        self, topic: str, group: str, max: int, waitMs: int, leaseMs: int, context: CallContext = None
    ) -> Deferred[list[Delivery]]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        out += _S_iii.pack(max, waitMs, leaseMs)
        return self._ice_call(_OP_Queue_take, out, context)

    def acknowledge(
        self, topic: str, group: str, ids: Sequence[int], context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        write_Longs(out, ids)
        return self._ice_call(_OP_Queue_acknowledge, out, context)

    def retry(
        self, topic: str, group: str, id: int, delayMs: int, reason: str, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        out += _S_qi.pack(id, delayMs)
        write_string(out, reason)
        return self._ice_call(_OP_Queue_retry, out, context)

    def park(
        self, topic: str, group: str, id: int, reason: str, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        out += _S_q.pack(id)
        write_string(out, reason)
        return self._ice_call(_OP_Queue_park, out, context)

    def parked(self, topic: str, group: str, max: int, context: CallContext = None) -> Deferred[list[Parked]]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        out += _S_i.pack(max)
        return self._ice_call(_OP_Queue_parked, out, context)

    def replay(
        self, topic: str, group: str, ids: Sequence[int], context: CallContext = None
    ) -> Deferred[int]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        write_Longs(out, ids)
        return self._ice_call(_OP_Queue_replay, out, context)

    def stats(self, topic: str, group: str, context: CallContext = None) -> Deferred[TopicStats]:
        out = bytearray()
        write_string(out, topic)
        write_string(out, group)
        return self._ice_call(_OP_Queue_stats, out, context)


class QueueServant(Servant):
    """Serves a `Queue`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Queue"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Queue")


# The wire: how the above becomes bytes and back.

_S_4q = Struct("<4q")
_S_i = Struct("<i")
_S_iii = Struct("<iii")
_S_q = Struct("<q")
_S_qi = Struct("<qi")
_S_qiB = Struct("<qiB")
_S_qo = Struct("<q?")

_new_Delivery = maker_of(Delivery)
_new_Parked = maker_of(Parked)
_new_Receipt = maker_of(Receipt)
_new_TopicStats = maker_of(TopicStats)


def write_Receipt(out: bytearray, value: Receipt) -> None:
    out += _S_qo.pack(value.id, value.duplicate)
    write_bytes(out, value.answer)


def read_Receipt(buf: bytes, pos: int) -> tuple[Receipt, int]:
    id, duplicate = _S_qo.unpack_from(buf, pos)
    answer, pos = read_bytes(buf, pos + 9)
    return _new_Receipt(id, duplicate, answer), pos


def write_Delivery(out: bytearray, value: Delivery) -> None:
    out += _S_qi.pack(value.id, value.attempt)
    write_bytes(out, value.body)


def read_Delivery(buf: bytes, pos: int) -> tuple[Delivery, int]:
    id, attempt = _S_qi.unpack_from(buf, pos)
    body, pos = read_bytes(buf, pos + 12)
    return _new_Delivery(id, attempt, body), pos


def write_Deliveries(out: bytearray, value: Sequence[Delivery]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_qi.pack(item.id, item.attempt)
        write_bytes(out, item.body)


def read_Deliveries(buf: bytes, pos: int) -> tuple[list[Delivery], int]:
    count, pos = read_count(buf, pos, 13)
    items: list[Delivery] = []
    for _ in range(count):
        id, attempt = _S_qi.unpack_from(buf, pos)
        body, pos = read_bytes(buf, pos + 12)
        items.append(_new_Delivery(id, attempt, body))
    return items, pos


def write_Parked(out: bytearray, value: Parked) -> None:
    out += _S_qi.pack(value.id, value.attempts)
    write_string(out, value.reason)
    write_bytes(out, value.body)


def read_Parked(buf: bytes, pos: int) -> tuple[Parked, int]:
    id, attempts = _S_qi.unpack_from(buf, pos)
    reason, pos = read_string(buf, pos + 12)
    body, pos = read_bytes(buf, pos)
    return _new_Parked(id, attempts, reason, body), pos


def write_ParkedMessages(out: bytearray, value: Sequence[Parked]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.reason.encode()
        if (size := len(text)) < 255:
            out += _S_qiB.pack(item.id, item.attempts, size)
        else:
            out += _S_qi.pack(item.id, item.attempts)
            write_size(out, size)
        out += text
        write_bytes(out, item.body)


def read_ParkedMessages(buf: bytes, pos: int) -> tuple[list[Parked], int]:
    count, pos = read_count(buf, pos, 14)
    items: list[Parked] = []
    for _ in range(count):
        id, attempts, size = _S_qiB.unpack_from(buf, pos)
        if size < 255:
            reason = buf[pos + 13 : (pos := pos + 13 + size)].decode()
        else:
            reason, pos = read_string(buf, pos + 12)
        body, pos = read_bytes(buf, pos)
        items.append(_new_Parked(id, attempts, reason, body))
    return items, pos


def write_TopicStats(out: bytearray, value: TopicStats) -> None:
    out += _S_4q.pack(value.published, value.waiting, value.inFlight, value.parked)


def read_TopicStats(buf: bytes, pos: int) -> tuple[TopicStats, int]:
    published, waiting, inFlight, parked = _S_4q.unpack_from(buf, pos)
    return _new_TopicStats(published, waiting, inFlight, parked), pos + 32


def _write_QueueRefusedException(out: bytearray, value: QueueRefusedException) -> None:
    write_string(out, value.reason)


def _read_QueueRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


QueueRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::QueueRefusedException",
    QueueRefusedException,
    _write_QueueRefusedException,
    _read_QueueRefusedException,
    None,
)


def _read_result_Queue_publish(buf: bytes, pos: int, source: Source) -> Receipt:
    result, pos = read_Receipt(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Queue_publish(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    body, pos = read_bytes(buf, pos)
    key, pos = read_string(buf, pos)
    answer, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.publish(topic, body, key, answer, current)


def _write_result_Queue_publish(value: Receipt) -> bytearray:
    out = bytearray()
    write_Receipt(out, value)
    return out


_OP_Queue_publish: Operation[Receipt] = Operation(
    "publish", 2, _read_result_Queue_publish, (QueueRefusedException, UnavailableException)
)


def _read_result_Queue_take(buf: bytes, pos: int, source: Source) -> list[Delivery]:
    result, pos = read_Deliveries(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Queue_take(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    max, waitMs, leaseMs = _S_iii.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.take(topic, group, max, waitMs, leaseMs, current)


def _write_result_Queue_take(value: list[Delivery]) -> bytearray:
    out = bytearray()
    write_Deliveries(out, value)
    return out


_OP_Queue_take: Operation[list[Delivery]] = Operation(
    "take", 0, _read_result_Queue_take, (QueueRefusedException, UnavailableException)
)


def _serve_Queue_acknowledge(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    ids, pos = read_Longs(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.acknowledge(topic, group, ids, current)


_OP_Queue_acknowledge: Operation[None] = Operation("acknowledge", 2, None, (UnavailableException,))


def _serve_Queue_retry(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    id, delayMs = _S_qi.unpack_from(buf, pos)
    reason, pos = read_string(buf, pos + 12)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.retry(topic, group, id, delayMs, reason, current)


_OP_Queue_retry: Operation[None] = Operation("retry", 2, None, (UnavailableException,))


def _serve_Queue_park(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    (id,) = _S_q.unpack_from(buf, pos)
    reason, pos = read_string(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.park(topic, group, id, reason, current)


_OP_Queue_park: Operation[None] = Operation("park", 2, None, (UnavailableException,))


def _read_result_Queue_parked(buf: bytes, pos: int, source: Source) -> list[Parked]:
    result, pos = read_ParkedMessages(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Queue_parked(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    (max,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.parked(topic, group, max, current)


def _write_result_Queue_parked(value: list[Parked]) -> bytearray:
    out = bytearray()
    write_ParkedMessages(out, value)
    return out


_OP_Queue_parked: Operation[list[Parked]] = Operation(
    "parked", 2, _read_result_Queue_parked, (UnavailableException,)
)


def _read_result_Queue_replay(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Queue_replay(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    ids, pos = read_Longs(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.replay(topic, group, ids, current)


_OP_Queue_replay: Operation[int] = Operation("replay", 2, _read_result_Queue_replay, (UnavailableException,))


def _read_result_Queue_stats(buf: bytes, pos: int, source: Source) -> TopicStats:
    result_published, result_waiting, result_inFlight, result_parked = _S_4q.unpack_from(buf, pos)
    if pos + 32 != len(buf):
        pass_over(buf, pos + 32, source)
    return _new_TopicStats(result_published, result_waiting, result_inFlight, result_parked)


def _serve_Queue_stats(servant: Queue, buf: bytes, pos: int, current: Current) -> Any:
    topic, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.stats(topic, group, current)


def _write_result_Queue_stats(value: TopicStats) -> bytes:
    return _S_4q.pack(value.published, value.waiting, value.inFlight, value.parked)


_OP_Queue_stats: Operation[TopicStats] = Operation(
    "stats", 2, _read_result_Queue_stats, (UnavailableException,)
)

QueueServant.ice_operations = {
    b"publish": ServantOperation("publish", 2, _serve_Queue_publish, _write_result_Queue_publish),
    b"take": ServantOperation("take", 0, _serve_Queue_take, _write_result_Queue_take),
    b"acknowledge": ServantOperation("acknowledge", 2, _serve_Queue_acknowledge, None),
    b"retry": ServantOperation("retry", 2, _serve_Queue_retry, None),
    b"park": ServantOperation("park", 2, _serve_Queue_park, None),
    b"parked": ServantOperation("parked", 2, _serve_Queue_parked, _write_result_Queue_parked),
    b"replay": ServantOperation("replay", 2, _serve_Queue_replay, _S_i.pack),
    b"stats": ServantOperation("stats", 2, _serve_Queue_stats, _write_result_Queue_stats),
}
