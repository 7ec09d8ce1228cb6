"""What is measured, as values that travel: `IceMX::Metrics` and those derived from it."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, ClassVar

from pushnet.rpc.admin.codec import write_int, write_long
from pushnet.wire.basic import write_size, write_string
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import ValueSlice


class Metrics:
    """One group of what is measured. Travels one way only, so it is no `Value` that a reader may meet."""

    ice_slice: ClassVar[ValueSlice]
    ice_slicedData = None
    ice_numbers: ClassVar[str] = "qiqi"
    """The own members' sizes: `i` int, `q` long."""
    ice_members: ClassVar[tuple[str, ...]] = ("total", "current", "totalLifetime", "failures")

    def __init__(self, id: str = "") -> None:
        self.id = id
        self.total = self.current = self.totalLifetime = self.failures = 0
        for name in self.own_members():
            setattr(self, name, 0)

    @classmethod
    def own_members(cls) -> tuple[str, ...]:
        """Those that are not of the root, by order of their declaration."""
        own: list[str] = []
        for base in reversed(cls.__mro__):
            if base is not Metrics:
                own.extend(base.__dict__.get("ice_members", ()))
        return tuple(own)

    def copy(self) -> Metrics:
        """As it is now."""
        other = type(self)(self.id)
        other.__dict__.update(self.__dict__)
        return other


class ThreadMetrics(Metrics):
    ice_numbers = "iii"
    ice_members: ClassVar[tuple[str, ...]] = ("inUseForIO", "inUseForUser", "inUseForOther")


class DispatchMetrics(Metrics):
    ice_numbers = "iqq"
    ice_members = ("userException", "size", "replySize")


class ChildInvocationMetrics(Metrics):
    ice_numbers = "qq"
    ice_members: ClassVar[tuple[str, ...]] = ("size", "replySize")


class CollocatedMetrics(ChildInvocationMetrics):
    ice_numbers = ""
    ice_members = ()


class RemoteMetrics(ChildInvocationMetrics):
    ice_numbers = ""
    ice_members = ()


class InvocationMetrics(Metrics):
    """`remotes` and `collocated` are the groups below it."""

    ice_numbers = "ii"
    ice_members = ("retry", "userException")

    def __init__(self, id: str = "") -> None:
        super().__init__(id)
        self.remotes: list[Metrics] = []
        self.collocated: list[Metrics] = []


class ConnectionMetrics(Metrics):
    ice_numbers = "qq"
    ice_members = ("receivedBytes", "sentBytes")


def write_maps(out: bytearray, values: list[Metrics], writer: ValueWriter) -> None:
    """A sequence of metrics."""
    write_size(out, len(values))
    for each in values:
        value: Any = each
        writer.write(out, value)


def write_failures(out: bytearray, id: str, failures: dict[str, int]) -> None:
    """`IceMX::MetricsFailures`."""
    write_string(out, id)
    write_size(out, len(failures))
    for kind, count in failures.items():
        write_string(out, kind)
        write_int(out, count)


def write_view(result: tuple[dict[str, list[Metrics]], int]) -> bytearray:
    """A view and when it was taken, in milliseconds since 1970."""
    view, taken_ms = result
    out = bytearray()
    writer = ValueWriter(True)
    write_long(out, taken_ms)
    write_size(out, len(view))
    for name, values in view.items():
        write_string(out, name)
        write_maps(out, values, writer)
    return out


def _writer(cls: type[Metrics]) -> Callable[[bytearray, Any, Any], None]:
    numbers = Struct("<" + cls.__dict__["ice_numbers"])
    members = cls.__dict__["ice_members"]

    def write(out: bytearray, value: Any, writer: Any) -> None:
        if cls is Metrics:
            write_string(out, value.id)
        out.extend(numbers.pack(*(getattr(value, name) for name in members)))
        if cls is InvocationMetrics:
            write_maps(out, value.remotes, writer)
            write_maps(out, value.collocated, writer)

    return write


def _read(buf: bytes, pos: int, value: Any, reader: Any) -> int:
    raise NotImplementedError("metrics are read by generated classes")


def _describe(cls: type[Metrics], base: ValueSlice | None) -> None:
    kind: Any = cls
    cls.ice_slice = ValueSlice(f"::IceMX::{cls.__name__}", kind, _writer(cls), _read, base)


_describe(Metrics, None)
for _cls in (ThreadMetrics, DispatchMetrics, ChildInvocationMetrics, InvocationMetrics, ConnectionMetrics):
    _describe(_cls, Metrics.ice_slice)
for _cls in (CollocatedMetrics, RemoteMetrics):
    _describe(_cls, ChildInvocationMetrics.ice_slice)
