# Written by slice2tx from idl/ice/metrics.ice. To change it, change the Slice file.
"""What a process measures of itself, by views that properties describe."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.identity import read_StringSeq, write_StringSeq
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
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, LONG, STRING, Class10, Dictionary10, Sequence10
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value, ValueSlice

__all__ = [
    "ChildInvocationMetrics",
    "CollocatedMetrics",
    "ConnectionMetrics",
    "DispatchMetrics",
    "InvocationMetrics",
    "Metrics",
    "MetricsAdmin",
    "MetricsAdminPrx",
    "MetricsAdminServant",
    "MetricsFailures",
    "RemoteMetrics",
    "SessionMetrics",
    "ThreadMetrics",
    "UnknownMetricsView",
    "read_MetricsFailures",
    "read_MetricsFailuresSeq",
    "read_MetricsMap",
    "read_MetricsView",
    "read_StringIntDict",
    "write_MetricsFailures",
    "write_MetricsFailuresSeq",
    "write_MetricsMap",
    "write_MetricsView",
    "write_StringIntDict",
]


@attrs.define(eq=False, slots=False)
class Metrics(Value):
    """What all have."""

    id: str = ""
    """By what they are grouped."""

    total: int = 0
    """So many there have been, and so many there are now."""

    current: int = 0
    totalLifetime: int = 0
    """Together, in microseconds."""

    failures: int = 0


@attrs.frozen
class MetricsFailures:
    """Of one group: how often it failed, by exception."""

    id: str = ""
    failures: dict[str, int] = attrs.field(factory=dict)


@attrs.define(eq=False, slots=False)
class ThreadMetrics(Metrics):
    inUseForIO: int = 0
    inUseForUser: int = 0
    inUseForOther: int = 0


@attrs.define(eq=False, slots=False)
class DispatchMetrics(Metrics):
    """Requests being served. Sizes are bytes, without headers."""

    userException: int = 0
    size: int = 0
    replySize: int = 0


@attrs.define(eq=False, slots=False)
class ChildInvocationMetrics(Metrics):
    size: int = 0
    replySize: int = 0


@attrs.define(eq=False, slots=False)
class CollocatedMetrics(ChildInvocationMetrics):
    pass


@attrs.define(eq=False, slots=False)
class RemoteMetrics(ChildInvocationMetrics):
    pass


@attrs.define(eq=False, slots=False)
class InvocationMetrics(Metrics):
    """Calls being made."""

    retry: int = 0
    userException: int = 0
    remotes: list[Metrics | None] = attrs.field(factory=list)
    collocated: list[Metrics | None] = attrs.field(factory=list)


@attrs.define(eq=False, slots=False)
class ConnectionMetrics(Metrics):
    receivedBytes: int = 0
    sentBytes: int = 0


@attrs.define(eq=False, slots=False)
class SessionMetrics(Metrics):
    """Sessions of a Glacier2 router."""

    forwardedClient: int = 0
    forwardedServer: int = 0
    routingTableSize: int = 0
    queuedClient: int = 0
    queuedServer: int = 0
    overriddenClient: int = 0
    overriddenServer: int = 0


@attrs.frozen
class UnknownMetricsView(UserException):
    """There is no view of that name."""


class MetricsAdmin(Protocol):
    def getMetricsViewNames(
        self, current: Current | None = None, /
    ) -> Awaitable[tuple[list[str], list[str]]]: ...

    def enableMetricsView(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def disableMetricsView(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def getMetricsView(
        self, view: str, current: Current | None = None, /
    ) -> Awaitable[tuple[dict[str, list[Metrics | None]], int]]:
        """What is measured now. @param timestamp Milliseconds since 1970, UTC."""
        ...

    def getMapMetricsFailures(
        self, view: str, map: str, current: Current | None = None, /
    ) -> Awaitable[list[MetricsFailures]]: ...

    def getMetricsFailures(
        self, view: str, map: str, id: str, current: Current | None = None, /
    ) -> Awaitable[MetricsFailures]: ...


class MetricsAdminPrx(ObjectPrx):
    """Calls a `MetricsAdmin` wherever it is."""

    ice_type: ClassVar[str] = "::IceMX::MetricsAdmin"

    def getMetricsViewNames(self, context: CallContext = None) -> Deferred[tuple[list[str], list[str]]]:
        return self._ice_call(_OP_MetricsAdmin_getMetricsViewNames, b"", context)

    def enableMetricsView(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_MetricsAdmin_enableMetricsView, out, context)

    def disableMetricsView(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_MetricsAdmin_disableMetricsView, out, context)

    def getMetricsView(
        self, view: str, context: CallContext = None
    ) -> Deferred[tuple[dict[str, list[Metrics | None]], int]]:
        out = bytearray()
        write_string(out, view)
        return self._ice_call(_OP_MetricsAdmin_getMetricsView, out, context)

    def getMapMetricsFailures(
        self, view: str, map: str, context: CallContext = None
    ) -> Deferred[list[MetricsFailures]]:
        out = bytearray()
        write_string(out, view)
        write_string(out, map)
        return self._ice_call(_OP_MetricsAdmin_getMapMetricsFailures, out, context)

    def getMetricsFailures(
        self, view: str, map: str, id: str, context: CallContext = None
    ) -> Deferred[MetricsFailures]:
        out = bytearray()
        write_string(out, view)
        write_string(out, map)
        write_string(out, id)
        return self._ice_call(_OP_MetricsAdmin_getMetricsFailures, out, context)


class MetricsAdminServant(Servant):
    """Serves a `MetricsAdmin`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceMX::MetricsAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceMX::MetricsAdmin")


# The wire: how the above becomes bytes and back.

_S_7i = Struct("<7i")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_iii = Struct("<iii")
_S_iqq = Struct("<iqq")
_S_q = Struct("<q")
_S_qiqi = Struct("<qiqi")
_S_qq = Struct("<qq")

_new_MetricsFailures = maker_of(MetricsFailures)


def _write_Metrics(out: bytearray, value: Metrics, values: ValueWriter) -> None:
    write_string(out, value.id)
    out += _S_qiqi.pack(value.total, value.current, value.totalLifetime, value.failures)


def _read_Metrics(buf: bytes, pos: int, value: Metrics, source: ValueReader) -> int:
    value.id, pos = read_string(buf, pos)
    value.total, value.current, value.totalLifetime, value.failures = _S_qiqi.unpack_from(buf, pos)
    return pos + 24


Metrics.ice_slice = ValueSlice("::IceMX::Metrics", Metrics, _write_Metrics, _read_Metrics)


def write_StringIntDict(out: bytearray, value: Mapping[str, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_i.pack(item)


def read_StringIntDict(buf: bytes, pos: int) -> tuple[dict[str, int], int]:
    count, pos = read_count(buf, pos, 5)
    value: dict[str, int] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_i.unpack_from(buf, pos)
        pos += 4
        value[key] = item
    return value, pos


def write_MetricsFailures(out: bytearray, value: MetricsFailures) -> None:
    write_string(out, value.id)
    write_StringIntDict(out, value.failures)


def read_MetricsFailures(buf: bytes, pos: int) -> tuple[MetricsFailures, int]:
    id, pos = read_string(buf, pos)
    failures, pos = read_StringIntDict(buf, pos)
    return _new_MetricsFailures(id, failures), pos


def write_MetricsFailuresSeq(out: bytearray, value: Sequence[MetricsFailures]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_StringIntDict(out, item.failures)


def read_MetricsFailuresSeq(buf: bytes, pos: int) -> tuple[list[MetricsFailures], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[MetricsFailures] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        failures, pos = read_StringIntDict(buf, pos)
        items.append(_new_MetricsFailures(id, failures))
    return items, pos


def write_MetricsMap(out: bytearray, value: Sequence[Metrics | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for item in value:
        values.write(out, item)


def read_MetricsMap(buf: bytes, pos: int, source: ValueReader) -> tuple[list[Metrics | None], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Metrics | None] = []
    for _ in range(count):
        item, pos = source.value(buf, pos, Metrics)
        items.append(item)
    return items, pos


old_MetricsMap = Sequence10(Class10(Metrics), 1)


def write_MetricsView(
    out: bytearray, value: Mapping[str, Sequence[Metrics | None]], values: ValueWriter
) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_MetricsMap(out, item, values)


def read_MetricsView(
    buf: bytes, pos: int, source: ValueReader
) -> tuple[dict[str, list[Metrics | None]], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, list[Metrics | None]] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        item, pos = read_MetricsMap(buf, pos, source)
        value[key] = item
    return value, pos


old_MetricsView = Dictionary10(STRING, old_MetricsMap, 2)


def _write_UnknownMetricsView(out: bytearray, value: UnknownMetricsView) -> None:
    """Has no members of its own."""


def _read_UnknownMetricsView(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


UnknownMetricsView.ice_slice = ExceptionSlice(
    "::IceMX::UnknownMetricsView",
    UnknownMetricsView,
    _write_UnknownMetricsView,
    _read_UnknownMetricsView,
    None,
)


def _write_ThreadMetrics(out: bytearray, value: ThreadMetrics, values: ValueWriter) -> None:
    out += _S_iii.pack(value.inUseForIO, value.inUseForUser, value.inUseForOther)


def _read_ThreadMetrics(buf: bytes, pos: int, value: ThreadMetrics, source: ValueReader) -> int:
    value.inUseForIO, value.inUseForUser, value.inUseForOther = _S_iii.unpack_from(buf, pos)
    return pos + 12


ThreadMetrics.ice_slice = ValueSlice(
    "::IceMX::ThreadMetrics", ThreadMetrics, _write_ThreadMetrics, _read_ThreadMetrics, Metrics.ice_slice
)


def _write_DispatchMetrics(out: bytearray, value: DispatchMetrics, values: ValueWriter) -> None:
    out += _S_iqq.pack(value.userException, value.size, value.replySize)


def _read_DispatchMetrics(buf: bytes, pos: int, value: DispatchMetrics, source: ValueReader) -> int:
    value.userException, value.size, value.replySize = _S_iqq.unpack_from(buf, pos)
    return pos + 20


DispatchMetrics.ice_slice = ValueSlice(
    "::IceMX::DispatchMetrics",
    DispatchMetrics,
    _write_DispatchMetrics,
    _read_DispatchMetrics,
    Metrics.ice_slice,
)


def _write_ChildInvocationMetrics(out: bytearray, value: ChildInvocationMetrics, values: ValueWriter) -> None:
    out += _S_qq.pack(value.size, value.replySize)


def _read_ChildInvocationMetrics(
    buf: bytes, pos: int, value: ChildInvocationMetrics, source: ValueReader
) -> int:
    value.size, value.replySize = _S_qq.unpack_from(buf, pos)
    return pos + 16


ChildInvocationMetrics.ice_slice = ValueSlice(
    "::IceMX::ChildInvocationMetrics",
    ChildInvocationMetrics,
    _write_ChildInvocationMetrics,
    _read_ChildInvocationMetrics,
    Metrics.ice_slice,
)


def _write_CollocatedMetrics(out: bytearray, value: CollocatedMetrics, values: ValueWriter) -> None:
    """Has no members of its own."""


def _read_CollocatedMetrics(buf: bytes, pos: int, value: CollocatedMetrics, source: ValueReader) -> int:
    return pos


CollocatedMetrics.ice_slice = ValueSlice(
    "::IceMX::CollocatedMetrics",
    CollocatedMetrics,
    _write_CollocatedMetrics,
    _read_CollocatedMetrics,
    ChildInvocationMetrics.ice_slice,
)


def _write_RemoteMetrics(out: bytearray, value: RemoteMetrics, values: ValueWriter) -> None:
    """Has no members of its own."""


def _read_RemoteMetrics(buf: bytes, pos: int, value: RemoteMetrics, source: ValueReader) -> int:
    return pos


RemoteMetrics.ice_slice = ValueSlice(
    "::IceMX::RemoteMetrics",
    RemoteMetrics,
    _write_RemoteMetrics,
    _read_RemoteMetrics,
    ChildInvocationMetrics.ice_slice,
)


def _write_InvocationMetrics(out: bytearray, value: InvocationMetrics, values: ValueWriter) -> None:
    out += _S_ii.pack(value.retry, value.userException)
    write_MetricsMap(out, value.remotes, values)
    write_MetricsMap(out, value.collocated, values)


def _read_InvocationMetrics(buf: bytes, pos: int, value: InvocationMetrics, source: ValueReader) -> int:
    value.retry, value.userException = _S_ii.unpack_from(buf, pos)
    value.remotes, pos = read_MetricsMap(buf, pos + 8, source)
    value.collocated, pos = read_MetricsMap(buf, pos, source)
    return pos


_old_InvocationMetrics = (
    ("retry", INT),
    ("userException", INT),
    ("remotes", old_MetricsMap),
    ("collocated", old_MetricsMap),
)

InvocationMetrics.ice_slice = ValueSlice(
    "::IceMX::InvocationMetrics",
    InvocationMetrics,
    _write_InvocationMetrics,
    _read_InvocationMetrics,
    Metrics.ice_slice,
    old=_old_InvocationMetrics,
)


def _write_ConnectionMetrics(out: bytearray, value: ConnectionMetrics, values: ValueWriter) -> None:
    out += _S_qq.pack(value.receivedBytes, value.sentBytes)


def _read_ConnectionMetrics(buf: bytes, pos: int, value: ConnectionMetrics, source: ValueReader) -> int:
    value.receivedBytes, value.sentBytes = _S_qq.unpack_from(buf, pos)
    return pos + 16


ConnectionMetrics.ice_slice = ValueSlice(
    "::IceMX::ConnectionMetrics",
    ConnectionMetrics,
    _write_ConnectionMetrics,
    _read_ConnectionMetrics,
    Metrics.ice_slice,
)


def _write_SessionMetrics(out: bytearray, value: SessionMetrics, values: ValueWriter) -> None:
    out += _S_7i.pack(
        value.forwardedClient,
        value.forwardedServer,
        value.routingTableSize,
        value.queuedClient,
        value.queuedServer,
        value.overriddenClient,
        value.overriddenServer,
    )


def _read_SessionMetrics(buf: bytes, pos: int, value: SessionMetrics, source: ValueReader) -> int:
    value.forwardedClient, value.forwardedServer = _S_ii.unpack_from(buf, pos)
    value.routingTableSize, value.queuedClient, value.queuedServer = _S_iii.unpack_from(buf, pos + 8)
    value.overriddenClient, value.overriddenServer = _S_ii.unpack_from(buf, pos + 20)
    return pos + 28


SessionMetrics.ice_slice = ValueSlice(
    "::IceMX::SessionMetrics", SessionMetrics, _write_SessionMetrics, _read_SessionMetrics, Metrics.ice_slice
)


def _read_result_MetricsAdmin_getMetricsViewNames(
    buf: bytes, pos: int, source: Source
) -> tuple[list[str], list[str]]:
    disabledViews, pos = read_StringSeq(buf, pos)
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, disabledViews


def _serve_MetricsAdmin_getMetricsViewNames(
    servant: MetricsAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.getMetricsViewNames(current)


def _write_result_MetricsAdmin_getMetricsViewNames(value: tuple[list[str], list[str]]) -> bytearray:
    result, disabledViews = value
    out = bytearray()
    write_StringSeq(out, disabledViews)
    write_StringSeq(out, result)
    return out


_OP_MetricsAdmin_getMetricsViewNames: Operation[tuple[list[str], list[str]]] = Operation(
    "getMetricsViewNames", 0, _read_result_MetricsAdmin_getMetricsViewNames, ()
)


def _serve_MetricsAdmin_enableMetricsView(
    servant: MetricsAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.enableMetricsView(name, current)


_OP_MetricsAdmin_enableMetricsView: Operation[None] = Operation(
    "enableMetricsView", 0, None, (UnknownMetricsView,)
)


def _serve_MetricsAdmin_disableMetricsView(
    servant: MetricsAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.disableMetricsView(name, current)


_OP_MetricsAdmin_disableMetricsView: Operation[None] = Operation(
    "disableMetricsView", 0, None, (UnknownMetricsView,)
)

_OLD_MetricsAdmin_getMetricsView = Call10(
    "getMetricsView", (STRING,), (old_MetricsView, LONG), returns=True, classes_out=True
)


def _read_result_MetricsAdmin_getMetricsView(
    buf: bytes, pos: int, source: Source
) -> tuple[dict[str, list[Metrics | None]], int]:
    values = ValueReader(source)
    (timestamp,) = _S_q.unpack_from(buf, pos)
    result, pos = read_MetricsView(buf, pos + 8, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, timestamp


def _serve_MetricsAdmin_getMetricsView(servant: MetricsAdmin, buf: bytes, pos: int, current: Current) -> Any:
    view, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getMetricsView(view, current)


def _write_result_MetricsAdmin_getMetricsView(
    value: tuple[dict[str, list[Metrics | None]], int],
) -> bytearray:
    result, timestamp = value
    out = bytearray()
    values = ValueWriter(sliced=True)
    out += _S_q.pack(timestamp)
    write_MetricsView(out, result, values)
    return out


_OP_MetricsAdmin_getMetricsView: Operation[tuple[dict[str, list[Metrics | None]], int]] = Operation(
    "getMetricsView",
    0,
    _read_result_MetricsAdmin_getMetricsView,
    (UnknownMetricsView,),
    old=_OLD_MetricsAdmin_getMetricsView,
)


def _read_result_MetricsAdmin_getMapMetricsFailures(
    buf: bytes, pos: int, source: Source
) -> list[MetricsFailures]:
    result, pos = read_MetricsFailuresSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_MetricsAdmin_getMapMetricsFailures(
    servant: MetricsAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    view, pos = read_string(buf, pos)
    map, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getMapMetricsFailures(view, map, current)


def _write_result_MetricsAdmin_getMapMetricsFailures(value: list[MetricsFailures]) -> bytearray:
    out = bytearray()
    write_MetricsFailuresSeq(out, value)
    return out


_OP_MetricsAdmin_getMapMetricsFailures: Operation[list[MetricsFailures]] = Operation(
    "getMapMetricsFailures", 0, _read_result_MetricsAdmin_getMapMetricsFailures, (UnknownMetricsView,)
)


def _read_result_MetricsAdmin_getMetricsFailures(buf: bytes, pos: int, source: Source) -> MetricsFailures:
    result, pos = read_MetricsFailures(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_MetricsAdmin_getMetricsFailures(
    servant: MetricsAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    view, pos = read_string(buf, pos)
    map, pos = read_string(buf, pos)
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getMetricsFailures(view, map, id, current)


def _write_result_MetricsAdmin_getMetricsFailures(value: MetricsFailures) -> bytearray:
    out = bytearray()
    write_MetricsFailures(out, value)
    return out


_OP_MetricsAdmin_getMetricsFailures: Operation[MetricsFailures] = Operation(
    "getMetricsFailures", 0, _read_result_MetricsAdmin_getMetricsFailures, (UnknownMetricsView,)
)

MetricsAdminServant.ice_operations = {
    b"getMetricsViewNames": ServantOperation(
        "getMetricsViewNames",
        0,
        _serve_MetricsAdmin_getMetricsViewNames,
        _write_result_MetricsAdmin_getMetricsViewNames,
        sliced=True,
    ),
    b"enableMetricsView": ServantOperation(
        "enableMetricsView", 0, _serve_MetricsAdmin_enableMetricsView, None, sliced=True
    ),
    b"disableMetricsView": ServantOperation(
        "disableMetricsView", 0, _serve_MetricsAdmin_disableMetricsView, None, sliced=True
    ),
    b"getMetricsView": ServantOperation(
        "getMetricsView",
        0,
        _serve_MetricsAdmin_getMetricsView,
        _write_result_MetricsAdmin_getMetricsView,
        sliced=True,
        old=_OLD_MetricsAdmin_getMetricsView,
    ),
    b"getMapMetricsFailures": ServantOperation(
        "getMapMetricsFailures",
        0,
        _serve_MetricsAdmin_getMapMetricsFailures,
        _write_result_MetricsAdmin_getMapMetricsFailures,
        sliced=True,
    ),
    b"getMetricsFailures": ServantOperation(
        "getMetricsFailures",
        0,
        _serve_MetricsAdmin_getMetricsFailures,
        _write_result_MetricsAdmin_getMetricsFailures,
        sliced=True,
    ),
}
