# Written by slice2tx from idl/pushnet/agent.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.server import ServerState, old_ServerStates, read_ServerStates, write_ServerStates
from pushnet.gen.pushnet.types import read_Gauges, write_Gauges
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
from pushnet.wire.basic import read_bytes, read_string, write_bytes, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Agent",
    "AgentFacts",
    "AgentPrx",
    "AgentServant",
    "LogPart",
    "NoServerException",
    "ServerRefusedException",
    "read_AgentFacts",
    "read_LogPart",
    "write_AgentFacts",
    "write_LogPart",
]


@attrs.frozen
class AgentFacts:
    """What an agent's machine is and has."""

    name: str = ""
    version: str = ""
    region: str = ""
    zone: str = ""
    system: str = ""
    generation: int = 0
    """The generation of the settings it goes by."""

    resources: dict[str, float] = attrs.field(factory=dict)
    """`cpus`, `load1`, `load5`, `load15`, `memory_bytes`, `memory_free_bytes`, `disk_bytes`,
    `disk_free_bytes`, `descriptors_max`.
    """


@attrs.frozen(order=True)
class LogPart:
    """A part of what a server has written to stdout and stderr."""

    offset: int = 0
    """Where this part begins: bytes since the server's first start. What was asked for may have been
    dropped.
    """

    data: bytes = b""
    more: bool = False
    """Whether more is there already."""


@attrs.frozen
class NoServerException(UserException):
    """No server of that id is planned at this agent; `reason` says what there is."""

    reason: str = ""


@attrs.frozen
class ServerRefusedException(UserException):
    """What was asked for cannot be done now; `reason` says why."""

    reason: str = ""


class Agent(Protocol):
    """Starts, watches and stops the servers of one machine. Its well-known identity is `Agent/<name>`, its
    adapter `<name>.Agent`.
    """

    def facts(self, current: Current | None = None, /) -> Awaitable[AgentFacts]:
        """What the machine is and has."""
        ...

    def servers(self, current: Current | None = None, /) -> Awaitable[list[ServerState]]:
        """How each of its servers is."""
        ...

    def start(self, id: str, current: Current | None = None, /) -> Awaitable[None]:
        """Returns when it serves."""
        ...

    def activate(self, id: str, current: Current | None = None, /) -> Awaitable[None]:
        """Somebody looks for a server that is started on demand: start it, unless it was stopped by `stop`.
        Returns when it serves.
        """
        ...

    def stop(self, id: str, current: Current | None = None, /) -> Awaitable[None]:
        """Drain and end it; it stays stopped until somebody starts it. Returns when it has ended."""
        ...

    def restart(self, id: str, current: Current | None = None, /) -> Awaitable[None]:
        """Replace it by a successor of the same version, as its handover says. Returns when that serves."""
        ...

    def signal(self, id: str, number: int, current: Current | None = None, /) -> Awaitable[None]:
        """Send its process a signal, by number."""
        ...

    def log(
        self, id: str, offset: int, size: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[LogPart]:
        """What a server has written.

        Args:
            offset: From where; below 0: so many bytes before the end.
            size: At most so many bytes, never more than 256 KiB.
            waitMs: When nothing is there yet, how long to wait for it, at most 30000.
        """
        ...


class AgentPrx(ObjectPrx):
    """Calls an `Agent` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Agent"

    def facts(self, context: CallContext = None) -> Deferred[AgentFacts]:
        return self._ice_call(_OP_Agent_facts, b"", context)

    def servers(self, context: CallContext = None) -> Deferred[list[ServerState]]:
        return self._ice_call(_OP_Agent_servers, b"", context)

    def start(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Agent_start, out, context)

    def activate(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Agent_activate, out, context)

    def stop(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Agent_stop, out, context)

    def restart(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Agent_restart, out, context)

    def signal(self, id: str, number: int, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        out += _S_i.pack(number)
        return self._ice_call(_OP_Agent_signal, out, context)

    def log(
        self, id: str, offset: int, size: int, waitMs: int, context: CallContext = None
    ) -> Deferred[LogPart]:
        out = bytearray()
        write_string(out, id)
        out += _S_qii.pack(offset, size, waitMs)
        return self._ice_call(_OP_Agent_log, out, context)


class AgentServant(Servant):
    """Serves an `Agent`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Agent"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Agent")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_o = Struct("<?")
_S_q = Struct("<q")
_S_qii = Struct("<qii")

_new_AgentFacts = maker_of(AgentFacts)
_new_LogPart = maker_of(LogPart)


def _write_NoServerException(out: bytearray, value: NoServerException) -> None:
    write_string(out, value.reason)


def _read_NoServerException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


NoServerException.ice_slice = ExceptionSlice(
    "::PushNet::NoServerException", NoServerException, _write_NoServerException, _read_NoServerException, None
)


def _write_ServerRefusedException(out: bytearray, value: ServerRefusedException) -> None:
    write_string(out, value.reason)


def _read_ServerRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


ServerRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::ServerRefusedException",
    ServerRefusedException,
    _write_ServerRefusedException,
    _read_ServerRefusedException,
    None,
)


def write_AgentFacts(out: bytearray, value: AgentFacts) -> None:
    write_string(out, value.name)
    write_string(out, value.version)
    write_string(out, value.region)
    write_string(out, value.zone)
    write_string(out, value.system)
    out += _S_q.pack(value.generation)
    write_Gauges(out, value.resources)


def read_AgentFacts(buf: bytes, pos: int) -> tuple[AgentFacts, int]:
    name, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    region, pos = read_string(buf, pos)
    zone, pos = read_string(buf, pos)
    system, pos = read_string(buf, pos)
    (generation,) = _S_q.unpack_from(buf, pos)
    resources, pos = read_Gauges(buf, pos + 8)
    return _new_AgentFacts(name, version, region, zone, system, generation, resources), pos


def write_LogPart(out: bytearray, value: LogPart) -> None:
    out += _S_q.pack(value.offset)
    write_bytes(out, value.data)
    out += _S_o.pack(value.more)


def read_LogPart(buf: bytes, pos: int) -> tuple[LogPart, int]:
    (offset,) = _S_q.unpack_from(buf, pos)
    data, pos = read_bytes(buf, pos + 8)
    (more,) = _S_o.unpack_from(buf, pos)
    return _new_LogPart(offset, data, more), pos + 1


def _read_result_Agent_facts(buf: bytes, pos: int, source: Source) -> AgentFacts:
    result, pos = read_AgentFacts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Agent_facts(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    return servant.facts(current)


def _write_result_Agent_facts(value: AgentFacts) -> bytearray:
    out = bytearray()
    write_AgentFacts(out, value)
    return out


_OP_Agent_facts: Operation[AgentFacts] = Operation("facts", 2, _read_result_Agent_facts, ())

_OLD_Agent_servers = Call10("servers", (), (old_ServerStates,), returns=True)


def _read_result_Agent_servers(buf: bytes, pos: int, source: Source) -> list[ServerState]:
    result, pos = read_ServerStates(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Agent_servers(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    return servant.servers(current)


def _write_result_Agent_servers(value: list[ServerState]) -> bytearray:
    out = bytearray()
    write_ServerStates(out, value)
    return out


_OP_Agent_servers: Operation[list[ServerState]] = Operation(
    "servers", 2, _read_result_Agent_servers, (), old=_OLD_Agent_servers
)


def _serve_Agent_start(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.start(id, current)


_OP_Agent_start: Operation[None] = Operation("start", 2, None, (NoServerException, ServerRefusedException))


def _serve_Agent_activate(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.activate(id, current)


_OP_Agent_activate: Operation[None] = Operation(
    "activate", 2, None, (NoServerException, ServerRefusedException)
)


def _serve_Agent_stop(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.stop(id, current)


_OP_Agent_stop: Operation[None] = Operation("stop", 2, None, (NoServerException, ServerRefusedException))


def _serve_Agent_restart(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.restart(id, current)


_OP_Agent_restart: Operation[None] = Operation(
    "restart", 0, None, (NoServerException, ServerRefusedException)
)


def _serve_Agent_signal(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    (number,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.signal(id, number, current)


_OP_Agent_signal: Operation[None] = Operation("signal", 2, None, (NoServerException, ServerRefusedException))


def _read_result_Agent_log(buf: bytes, pos: int, source: Source) -> LogPart:
    result, pos = read_LogPart(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Agent_log(servant: Agent, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    offset, size, waitMs = _S_qii.unpack_from(buf, pos)
    if pos + 16 != len(buf):
        pass_over(buf, pos + 16, current)
    return servant.log(id, offset, size, waitMs, current)


def _write_result_Agent_log(value: LogPart) -> bytearray:
    out = bytearray()
    write_LogPart(out, value)
    return out


_OP_Agent_log: Operation[LogPart] = Operation("log", 2, _read_result_Agent_log, (NoServerException,))

AgentServant.ice_operations = {
    b"facts": ServantOperation("facts", 2, _serve_Agent_facts, _write_result_Agent_facts),
    b"servers": ServantOperation(
        "servers", 2, _serve_Agent_servers, _write_result_Agent_servers, old=_OLD_Agent_servers
    ),
    b"start": ServantOperation("start", 2, _serve_Agent_start, None),
    b"activate": ServantOperation("activate", 2, _serve_Agent_activate, None),
    b"stop": ServantOperation("stop", 2, _serve_Agent_stop, None),
    b"restart": ServantOperation("restart", 0, _serve_Agent_restart, None),
    b"signal": ServantOperation("signal", 2, _serve_Agent_signal, None),
    b"log": ServantOperation("log", 2, _serve_Agent_log, _write_result_Agent_log),
}
