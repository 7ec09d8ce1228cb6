# Written by slice2tx from idl/pushnet/cluster.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.server import (
    ServerPlan,
    ServerState,
    old_ServerPlans,
    old_ServerStates,
    read_ServerPlans,
    read_ServerStates,
    write_ServerPlans,
    write_ServerStates,
)
from pushnet.gen.pushnet.types import UnavailableException, read_Strings, write_Strings
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
from pushnet.wire.encoding10 import INT, LONG, STRING, Struct10
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "AgentPlan",
    "BadSettingsException",
    "Cluster",
    "ClusterPrx",
    "ClusterServant",
    "Difference",
    "Generation",
    "GenerationException",
    "ScaleState",
    "read_AgentPlan",
    "read_Difference",
    "read_Differences",
    "read_Generation",
    "read_Generations",
    "read_ScaleState",
    "read_ScaleStates",
    "write_AgentPlan",
    "write_Difference",
    "write_Differences",
    "write_Generation",
    "write_Generations",
    "write_ScaleState",
    "write_ScaleStates",
]


@attrs.frozen(order=True)
class Generation:
    """One applied state of the cluster's settings."""

    number: int = 0
    atS: int = 0
    """Seconds since 1970."""

    who: str = ""
    why: str = ""


@attrs.frozen(order=True)
class Difference:
    """What would change for one server, agent or group."""

    what: str = ""
    """`server`, `set`, `agent`, `group`, `app` or `cluster`."""

    name: str = ""
    how: str = ""
    """`added`, `removed`, `changed`, `restarted` or `moved`."""

    details: str = ""
    """In words: which keys, from what to what. Secrets are not shown."""


@attrs.frozen
class ScaleState:
    """A set of servers of which as many run as their load needs."""

    name: str = ""
    count: int = 0
    """How many are to run: the first ones of the members."""

    min: int = 0
    max: int = 0
    target: float = 0.0
    gauge: str = ""
    load: float = 0.0
    """What those that serve tell on average; below 0: nobody tells anything."""

    serving: int = 0
    journal: list[str] = attrs.field(factory=list)
    """What was decided and why, the last 20, oldest first."""


@attrs.frozen
class AgentPlan:
    """What an agent is to do."""

    generation: int = 0
    """Of the plan: grows with every change of the settings, of a wanted version, of a place. 0: nothing was
    ever applied, and what runs may go on running.
    """

    settings: str = ""
    """The cluster file, whole: servers of pushnet's are started with it."""

    servers: list[ServerPlan] = attrs.field(factory=list)


@attrs.frozen
class BadSettingsException(UserException):
    """The settings are wrong; `reason` names the place and the cure."""

    reason: str = ""


@attrs.frozen
class GenerationException(UserException):
    """Somebody else has applied settings meanwhile: look at the difference again."""

    current: int = 0


class Cluster(Protocol):
    """The settings of the whole cluster, and how its servers are. Its identity is `PushNet/Cluster`."""

    def settings(self, generation: int, current: Current | None = None, /) -> Awaitable[str]:
        """The text of a generation; 0: of the newest. Empty when nothing was ever applied."""
        ...

    def compare(self, text: str, current: Current | None = None, /) -> Awaitable[list[Difference]]:
        """What applying `text` would change."""
        ...

    def apply(
        self, text: str, expected: int, who: str, why: str, current: Current | None = None, /
    ) -> Awaitable[int]:
        """Make `text` the settings. It is on disk, and the agents are being told, when this returns the
        generation.

        Args:
            expected: The generation that was compared with.
        """
        ...

    def history(self, most: int, current: Current | None = None, /) -> Awaitable[list[Generation]]:
        """The newest first."""
        ...

    def plan(
        self, agent: str, known: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[AgentPlan]:
        """What an agent is to do. Answers at once when that differs from what the agent knows, else after
        `waitMs`. An agent takes no plan with a lower number than it goes by, not even after it was started
        again.

        Args:
            known: The number of the plan that it goes by; 0: of none.
        """
        ...

    def restored(self, who: str, current: Current | None = None, /) -> Awaitable[int]:
        """The registry's state was restored from a backup, so its plans have lower numbers than agents go by:
        from now on they have higher ones, and agents follow them. Returns what was added to the numbers.
        """
        ...

    def report(
        self, agent: str, epoch: int, servers: Sequence[ServerState], current: Current | None = None, /
    ) -> Awaitable[None]:
        """How the servers of an agent are; with every change, and every second."""
        ...

    def servers(self, current: Current | None = None, /) -> Awaitable[list[ServerState]]:
        """Every server of the cluster, as its agent last told, and those whose agent is silent."""
        ...

    def scaling(self, current: Current | None = None, /) -> Awaitable[list[ScaleState]]:
        """Every set that is scaled."""
        ...


class ClusterPrx(ObjectPrx):
    """Calls a `Cluster` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Cluster"

    def settings(self, generation: int, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_Cluster_settings, _S_q.pack(generation), context)

    def compare(self, text: str, context: CallContext = None) -> Deferred[list[Difference]]:
        out = bytearray()
        write_string(out, text)
        return self._ice_call(_OP_Cluster_compare, out, context)

    def apply(
        self, text: str, expected: int, who: str, why: str, context: CallContext = None
    ) -> Deferred[int]:
        out = bytearray()
        write_string(out, text)
        out += _S_q.pack(expected)
        write_string(out, who)
        write_string(out, why)
        return self._ice_call(_OP_Cluster_apply, out, context)

    def history(self, most: int, context: CallContext = None) -> Deferred[list[Generation]]:
        return self._ice_call(_OP_Cluster_history, _S_i.pack(most), context)

    def plan(self, agent: str, known: int, waitMs: int, context: CallContext = None) -> Deferred[AgentPlan]:
        out = bytearray()
        write_string(out, agent)
        out += _S_qi.pack(known, waitMs)
        return self._ice_call(_OP_Cluster_plan, out, context)

    def restored(self, who: str, context: CallContext = None) -> Deferred[int]:
        out = bytearray()
        write_string(out, who)
        return self._ice_call(_OP_Cluster_restored, out, context)

    def report(
        self, agent: str, epoch: int, servers: Sequence[ServerState], context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Cluster_report, (agent, epoch, servers), context)
        out = bytearray()
        write_string(out, agent)
        out += _S_q.pack(epoch)
        write_ServerStates(out, servers)
        return self._ice_call(_OP_Cluster_report, out, context)

    def servers(self, context: CallContext = None) -> Deferred[list[ServerState]]:
        return self._ice_call(_OP_Cluster_servers, b"", context)

    def scaling(self, context: CallContext = None) -> Deferred[list[ScaleState]]:
        return self._ice_call(_OP_Cluster_scaling, b"", context)


class ClusterServant(Servant):
    """Serves a `Cluster`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Cluster"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Cluster")


# The wire: how the above becomes bytes and back.

_S_di = Struct("<di")
_S_i = Struct("<i")
_S_iiid = Struct("<iiid")
_S_q = Struct("<q")
_S_qi = Struct("<qi")
_S_qq = Struct("<qq")
_S_qqB = Struct("<qqB")

_new_AgentPlan = maker_of(AgentPlan)
_new_Difference = maker_of(Difference)
_new_Generation = maker_of(Generation)
_new_ScaleState = maker_of(ScaleState)


def _write_BadSettingsException(out: bytearray, value: BadSettingsException) -> None:
    write_string(out, value.reason)


def _read_BadSettingsException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


BadSettingsException.ice_slice = ExceptionSlice(
    "::PushNet::BadSettingsException",
    BadSettingsException,
    _write_BadSettingsException,
    _read_BadSettingsException,
    None,
)


def _write_GenerationException(out: bytearray, value: GenerationException) -> None:
    out += _S_q.pack(value.current)


def _read_GenerationException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    (current,) = _S_q.unpack_from(buf, pos)
    return (current,), pos + 8


GenerationException.ice_slice = ExceptionSlice(
    "::PushNet::GenerationException",
    GenerationException,
    _write_GenerationException,
    _read_GenerationException,
    None,
)


def write_Generation(out: bytearray, value: Generation) -> None:
    out += _S_qq.pack(value.number, value.atS)
    write_string(out, value.who)
    write_string(out, value.why)


def read_Generation(buf: bytes, pos: int) -> tuple[Generation, int]:
    number, atS = _S_qq.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 16)
    why, pos = read_string(buf, pos)
    return _new_Generation(number, atS, who, why), pos


def write_Generations(out: bytearray, value: Sequence[Generation]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.who.encode()
        if (size := len(text)) < 255:
            out += _S_qqB.pack(item.number, item.atS, size)
        else:
            out += _S_qq.pack(item.number, item.atS)
            write_size(out, size)
        out += text
        text = item.why.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Generations(buf: bytes, pos: int) -> tuple[list[Generation], int]:
    count, pos = read_count(buf, pos, 18)
    items: list[Generation] = []
    for _ in range(count):
        number, atS, size = _S_qqB.unpack_from(buf, pos)
        if size < 255:
            who = buf[pos + 17 : (pos := pos + 17 + size)].decode()
        else:
            who, pos = read_string(buf, pos + 16)
        if (size := buf[pos]) < 255:
            why = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            why, pos = read_string(buf, pos)
        items.append(_new_Generation(number, atS, who, why))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_Difference(out: bytearray, value: Difference) -> None:
    write_string(out, value.what)
    write_string(out, value.name)
    write_string(out, value.how)
    write_string(out, value.details)


def read_Difference(buf: bytes, pos: int) -> tuple[Difference, int]:
    what, pos = read_string(buf, pos)
    name, pos = read_string(buf, pos)
    how, pos = read_string(buf, pos)
    details, pos = read_string(buf, pos)
    return _new_Difference(what, name, how, details), pos


def write_Differences(out: bytearray, value: Sequence[Difference]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.what.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.name.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.how.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.details.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Differences(buf: bytes, pos: int) -> tuple[list[Difference], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[Difference] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            what = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            what, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            name = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            name, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            how = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            how, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            details = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            details, pos = read_string(buf, pos)
        items.append(_new_Difference(what, name, how, details))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_ScaleState(out: bytearray, value: ScaleState) -> None:
    write_string(out, value.name)
    out += _S_iiid.pack(value.count, value.min, value.max, value.target)
    write_string(out, value.gauge)
    out += _S_di.pack(value.load, value.serving)
    write_Strings(out, value.journal)


def read_ScaleState(buf: bytes, pos: int) -> tuple[ScaleState, int]:
    name, pos = read_string(buf, pos)
    count, min, max, target = _S_iiid.unpack_from(buf, pos)
    gauge, pos = read_string(buf, pos + 20)
    load, serving = _S_di.unpack_from(buf, pos)
    journal, pos = read_Strings(buf, pos + 12)
    return _new_ScaleState(name, count, min, max, target, gauge, load, serving, journal), pos


def write_ScaleStates(out: bytearray, value: Sequence[ScaleState]) -> None:
    write_size(out, len(value))
    for item in value:
        write_ScaleState(out, item)


def read_ScaleStates(buf: bytes, pos: int) -> tuple[list[ScaleState], int]:
    count, pos = read_count(buf, pos, 35)
    items: list[ScaleState] = []
    for _ in range(count):
        item, pos = read_ScaleState(buf, pos)
        items.append(item)
    return items, pos


def write_AgentPlan(out: bytearray, value: AgentPlan) -> None:
    out += _S_q.pack(value.generation)
    write_string(out, value.settings)
    write_ServerPlans(out, value.servers)


def read_AgentPlan(buf: bytes, pos: int) -> tuple[AgentPlan, int]:
    (generation,) = _S_q.unpack_from(buf, pos)
    settings, pos = read_string(buf, pos + 8)
    servers, pos = read_ServerPlans(buf, pos)
    return _new_AgentPlan(generation, settings, servers), pos


old_AgentPlan = Struct10(
    AgentPlan, (("generation", LONG), ("settings", STRING), ("servers", old_ServerPlans))
)


def _read_result_Cluster_settings(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_settings(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    (generation,) = _S_q.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.settings(generation, current)


def _write_result_Cluster_settings(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Cluster_settings: Operation[str] = Operation(
    "settings", 2, _read_result_Cluster_settings, (BadSettingsException,)
)


def _read_result_Cluster_compare(buf: bytes, pos: int, source: Source) -> list[Difference]:
    result, pos = read_Differences(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_compare(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    text, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.compare(text, current)


def _write_result_Cluster_compare(value: list[Difference]) -> bytearray:
    out = bytearray()
    write_Differences(out, value)
    return out


_OP_Cluster_compare: Operation[list[Difference]] = Operation(
    "compare", 2, _read_result_Cluster_compare, (BadSettingsException,)
)


def _read_result_Cluster_apply(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Cluster_apply(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    text, pos = read_string(buf, pos)
    (expected,) = _S_q.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 8)
    why, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.apply(text, expected, who, why, current)


_OP_Cluster_apply: Operation[int] = Operation(
    "apply", 0, _read_result_Cluster_apply, (BadSettingsException, GenerationException, UnavailableException)
)


def _read_result_Cluster_history(buf: bytes, pos: int, source: Source) -> list[Generation]:
    result, pos = read_Generations(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_history(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    (most,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.history(most, current)


def _write_result_Cluster_history(value: list[Generation]) -> bytearray:
    out = bytearray()
    write_Generations(out, value)
    return out


_OP_Cluster_history: Operation[list[Generation]] = Operation("history", 2, _read_result_Cluster_history, ())

_OLD_Cluster_plan = Call10("plan", (STRING, LONG, INT), (old_AgentPlan,), returns=True)


def _read_result_Cluster_plan(buf: bytes, pos: int, source: Source) -> AgentPlan:
    result, pos = read_AgentPlan(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_plan(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    agent, pos = read_string(buf, pos)
    known, waitMs = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.plan(agent, known, waitMs, current)


def _write_result_Cluster_plan(value: AgentPlan) -> bytearray:
    out = bytearray()
    write_AgentPlan(out, value)
    return out


_OP_Cluster_plan: Operation[AgentPlan] = Operation(
    "plan", 2, _read_result_Cluster_plan, (UnavailableException,), old=_OLD_Cluster_plan
)


def _read_result_Cluster_restored(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Cluster_restored(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    who, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.restored(who, current)


_OP_Cluster_restored: Operation[int] = Operation(
    "restored", 0, _read_result_Cluster_restored, (UnavailableException,)
)

_OLD_Cluster_report = Call10("report", (STRING, LONG, old_ServerStates), ())


def _serve_Cluster_report(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    agent, pos = read_string(buf, pos)
    (epoch,) = _S_q.unpack_from(buf, pos)
    servers, pos = read_ServerStates(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.report(agent, epoch, servers, current)


_OP_Cluster_report: Operation[None] = Operation(
    "report", 2, None, (UnavailableException,), old=_OLD_Cluster_report
)

_OLD_Cluster_servers = Call10("servers", (), (old_ServerStates,), returns=True)


def _read_result_Cluster_servers(buf: bytes, pos: int, source: Source) -> list[ServerState]:
    result, pos = read_ServerStates(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_servers(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    return servant.servers(current)


def _write_result_Cluster_servers(value: list[ServerState]) -> bytearray:
    out = bytearray()
    write_ServerStates(out, value)
    return out


_OP_Cluster_servers: Operation[list[ServerState]] = Operation(
    "servers", 2, _read_result_Cluster_servers, (), old=_OLD_Cluster_servers
)


def _read_result_Cluster_scaling(buf: bytes, pos: int, source: Source) -> list[ScaleState]:
    result, pos = read_ScaleStates(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Cluster_scaling(servant: Cluster, buf: bytes, pos: int, current: Current) -> Any:
    return servant.scaling(current)


def _write_result_Cluster_scaling(value: list[ScaleState]) -> bytearray:
    out = bytearray()
    write_ScaleStates(out, value)
    return out


_OP_Cluster_scaling: Operation[list[ScaleState]] = Operation("scaling", 2, _read_result_Cluster_scaling, ())

ClusterServant.ice_operations = {
    b"settings": ServantOperation("settings", 2, _serve_Cluster_settings, _write_result_Cluster_settings),
    b"compare": ServantOperation("compare", 2, _serve_Cluster_compare, _write_result_Cluster_compare),
    b"apply": ServantOperation("apply", 0, _serve_Cluster_apply, _S_q.pack),
    b"history": ServantOperation("history", 2, _serve_Cluster_history, _write_result_Cluster_history),
    b"plan": ServantOperation(
        "plan", 2, _serve_Cluster_plan, _write_result_Cluster_plan, old=_OLD_Cluster_plan
    ),
    b"restored": ServantOperation("restored", 0, _serve_Cluster_restored, _S_q.pack),
    b"report": ServantOperation("report", 2, _serve_Cluster_report, None, old=_OLD_Cluster_report),
    b"servers": ServantOperation(
        "servers", 2, _serve_Cluster_servers, _write_result_Cluster_servers, old=_OLD_Cluster_servers
    ),
    b"scaling": ServantOperation("scaling", 2, _serve_Cluster_scaling, _write_result_Cluster_scaling),
}
