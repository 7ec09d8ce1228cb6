# Written by slice2tx from idl/pushnet/server.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Final

import attrs

from pushnet.gen.pushnet.types import read_Gauges, read_Strings, write_Gauges, write_Strings
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.encoding10 import INT, LONG, STRING, Enum10, Same, Sequence10, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.makers import maker_of

__all__ = [
    "Activation",
    "Handover",
    "Readiness",
    "ServerPhase",
    "ServerPlan",
    "ServerState",
    "read_Activation",
    "read_Handover",
    "read_Readiness",
    "read_ServerPhase",
    "read_ServerPlan",
    "read_ServerPlans",
    "read_ServerState",
    "read_ServerStates",
    "read_Texts",
    "write_Activation",
    "write_Handover",
    "write_Readiness",
    "write_ServerPhase",
    "write_ServerPlan",
    "write_ServerPlans",
    "write_ServerState",
    "write_ServerStates",
    "write_Texts",
]


class Activation(SliceEnum):
    """When an agent starts a server, and what it does when the server ends."""

    Always = 0
    """Start it with the agent, and again whenever it ends."""

    OnDemand = 1
    """Start it when somebody looks up one of its adapters; again when it ends, unless by itself with status
    0.
    """

    Manual = 2
    """Start it when an administrator says so."""

    Once = 3
    """Start it once for each version and settings; it ends by itself, and is not started again when it
    fails.
    """


class Handover(SliceEnum):
    """How a server gives way to its successor."""

    StartFirst = 0
    """The successor serves before the predecessor drains."""

    StopFirst = 1
    """The predecessor has drained and ended before the successor starts: both have the same data."""


class Readiness(SliceEnum):
    """By what an agent knows that a server serves."""

    SaysServing = 0
    """It writes a log line with the message `serving`, as pushnet's nodes do."""

    Listens = 1
    """It listens at the first of its addresses, or at its own where an agent stands before it."""

    Registered = 2
    """It has registered its adapters."""

    Runs = 3
    """Its process runs."""


@attrs.frozen
class ServerPlan:
    """Everything an agent has to know to run one server."""

    id: str = ""
    """Unique in the cluster."""

    kind: str = ""
    """What is deployed together: a role of pushnet's, or the `kind` of a `[[server]]`."""

    release: str = ""
    """The release it is run from; empty: from what is installed on the machine."""

    version: str = ""
    """Of the release; empty where there is none."""

    command: list[str] = attrs.field(factory=list)
    """The program and its arguments. `${release}`, `${data}`, `${settings}`, `${id}`, `${version}`,
    `${locator}` and `${port}` are filled in by the agent.
    """

    environment: dict[str, str] = attrs.field(factory=dict)
    """Added to the environment, filled in likewise."""

    activation: Activation = Activation.Always
    handover: Handover = Handover.StartFirst
    readiness: Readiness = Readiness.SaysServing
    sockets: list[str] = attrs.field(factory=list)
    """Addresses as `host:port` at which the agent listens for the server, and hands it the listening sockets
    (`PUSHNET_SOCKETS`), so that nobody is ever refused while one version follows the other.
    """

    front: str = ""
    """Endpoints of an Ice server that knows nothing of pushnet, such as `tcp -h 10.0.0.1 -p 4502`: the agent
    listens there itself and passes messages on to the server, which it starts on `${port}`. Empty: nobody
    stands before the server.
    """

    adapters: list[str] = attrs.field(factory=list)
    """Ids of its adapters: what `OnDemand` and `Registered` look at."""

    startLimitMs: int = 60000
    stopLimitMs: int = 20000
    """For draining and ending, before it is killed."""

    check: list[str] = attrs.field(factory=list)
    """A program that asks the server what it knows the answer of, and ends with status 0 when the answer is
    right. Filled in as `command` is; empty: nobody asks.
    """

    checkEveryMs: int = 5000
    checkLimitMs: int = 5000


class ServerPhase(SliceEnum):
    Resting = 0
    """Not running, and nobody wants it to."""

    Fetching = 1
    """Its release is being fetched and checked."""

    Starting = 2
    Serving = 3
    Draining = 4
    """Serving what it has begun, and nothing new."""

    Pausing = 5
    """It ended and will be started again after a pause."""

    Failed = 6
    """It could not be started, or ended where it must not; nobody tries again before something changes."""


@attrs.frozen
class ServerState:
    """How one server is."""

    id: str = ""
    kind: str = ""
    agent: str = ""
    phase: ServerPhase = ServerPhase.Resting
    version: str = ""
    """What it runs; while one version follows the other, the newer one."""

    versionWanted: str = ""
    """What it is to run."""

    pid: int = 0
    restarts: int = 0
    sinceMs: int = 0
    """Milliseconds in this phase."""

    http: str = ""
    """Where its health and metrics are, as `http://host:port`; empty when nowhere."""

    reason: str = ""
    """Why it is `Pausing` or `Failed`, what its check says against it, or how its last process ended."""

    resources: dict[str, float] = attrs.field(factory=dict)
    """`cpu_share` of one processor, `memory_bytes`, `descriptors`, `threads`; `check_failed` when `reason` is
    what its check says of a server that serves, `last_end` when it is how its last process ended;
    `killed`: how many processes did not end in time.
    """


# The wire: how the above becomes bytes and back.

_S_ii = Struct("<ii")
_S_iiq = Struct("<iiq")

_new_ServerPlan = maker_of(ServerPlan)
_new_ServerState = maker_of(ServerState)


def write_Texts(out: bytearray, value: Mapping[str, str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Texts(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, str] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[key] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos


_MEMBERS_Activation: Final = {member.value: member for member in Activation}


def write_Activation(out: bytearray, value: Activation) -> None:
    write_size(out, value)


def read_Activation(buf: bytes, pos: int) -> tuple[Activation, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Activation.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::PushNet::Activation")
    return value, pos


old_Activation = Enum10(Activation, "::PushNet::Activation")

_MEMBERS_Handover: Final = {member.value: member for member in Handover}


def write_Handover(out: bytearray, value: Handover) -> None:
    write_size(out, value)


def read_Handover(buf: bytes, pos: int) -> tuple[Handover, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Handover.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::PushNet::Handover")
    return value, pos


old_Handover = Enum10(Handover, "::PushNet::Handover")

_MEMBERS_Readiness: Final = {member.value: member for member in Readiness}


def write_Readiness(out: bytearray, value: Readiness) -> None:
    write_size(out, value)


def read_Readiness(buf: bytes, pos: int) -> tuple[Readiness, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Readiness.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::PushNet::Readiness")
    return value, pos


old_Readiness = Enum10(Readiness, "::PushNet::Readiness")


def write_ServerPlan(out: bytearray, value: ServerPlan) -> None:
    write_string(out, value.id)
    write_string(out, value.kind)
    write_string(out, value.release)
    write_string(out, value.version)
    write_Strings(out, value.command)
    write_Texts(out, value.environment)
    write_Activation(out, value.activation)
    write_Handover(out, value.handover)
    write_Readiness(out, value.readiness)
    write_Strings(out, value.sockets)
    write_string(out, value.front)
    write_Strings(out, value.adapters)
    out += _S_ii.pack(value.startLimitMs, value.stopLimitMs)
    write_Strings(out, value.check)
    out += _S_ii.pack(value.checkEveryMs, value.checkLimitMs)


def read_ServerPlan(buf: bytes, pos: int) -> tuple[ServerPlan, int]:
    id, pos = read_string(buf, pos)
    kind, pos = read_string(buf, pos)
    release, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    command, pos = read_Strings(buf, pos)
    environment, pos = read_Texts(buf, pos)
    activation, pos = read_Activation(buf, pos)
    handover, pos = read_Handover(buf, pos)
    readiness, pos = read_Readiness(buf, pos)
    sockets, pos = read_Strings(buf, pos)
    front, pos = read_string(buf, pos)
    adapters, pos = read_Strings(buf, pos)
    startLimitMs, stopLimitMs = _S_ii.unpack_from(buf, pos)
    check, pos = read_Strings(buf, pos + 8)
    checkEveryMs, checkLimitMs = _S_ii.unpack_from(buf, pos)
    value = _new_ServerPlan(
        id,
        kind,
        release,
        version,
        command,
        environment,
        activation,
        handover,
        readiness,
        sockets,
        front,
        adapters,
        startLimitMs,
        stopLimitMs,
        check,
        checkEveryMs,
        checkLimitMs,
    )
    return value, pos + 8


old_ServerPlan = Struct10(
    ServerPlan,
    (
        ("id", STRING),
        ("kind", STRING),
        ("release", STRING),
        ("version", STRING),
        ("command", Same(write_Strings, read_Strings)),
        ("environment", Same(write_Texts, read_Texts)),
        ("activation", old_Activation),
        ("handover", old_Handover),
        ("readiness", old_Readiness),
        ("sockets", Same(write_Strings, read_Strings)),
        ("front", STRING),
        ("adapters", Same(write_Strings, read_Strings)),
        ("startLimitMs", INT),
        ("stopLimitMs", INT),
        ("check", Same(write_Strings, read_Strings)),
        ("checkEveryMs", INT),
        ("checkLimitMs", INT),
    ),
)


def write_ServerPlans(out: bytearray, value: Sequence[ServerPlan]) -> None:
    write_size(out, len(value))
    for item in value:
        write_ServerPlan(out, item)


def read_ServerPlans(buf: bytes, pos: int) -> tuple[list[ServerPlan], int]:
    count, pos = read_count(buf, pos, 29)
    items: list[ServerPlan] = []
    for _ in range(count):
        item, pos = read_ServerPlan(buf, pos)
        items.append(item)
    return items, pos


old_ServerPlans = Sequence10(old_ServerPlan, 29)

_MEMBERS_ServerPhase: Final = {member.value: member for member in ServerPhase}


def write_ServerPhase(out: bytearray, value: ServerPhase) -> None:
    write_size(out, value)


def read_ServerPhase(buf: bytes, pos: int) -> tuple[ServerPhase, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_ServerPhase.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::PushNet::ServerPhase")
    return value, pos


old_ServerPhase = Enum10(ServerPhase, "::PushNet::ServerPhase")


def write_ServerState(out: bytearray, value: ServerState) -> None:
    write_string(out, value.id)
    write_string(out, value.kind)
    write_string(out, value.agent)
    write_ServerPhase(out, value.phase)
    write_string(out, value.version)
    write_string(out, value.versionWanted)
    out += _S_iiq.pack(value.pid, value.restarts, value.sinceMs)
    write_string(out, value.http)
    write_string(out, value.reason)
    write_Gauges(out, value.resources)


def read_ServerState(buf: bytes, pos: int) -> tuple[ServerState, int]:
    id, pos = read_string(buf, pos)
    kind, pos = read_string(buf, pos)
    agent, pos = read_string(buf, pos)
    phase, pos = read_ServerPhase(buf, pos)
    version, pos = read_string(buf, pos)
    versionWanted, pos = read_string(buf, pos)
    pid, restarts, sinceMs = _S_iiq.unpack_from(buf, pos)
    http, pos = read_string(buf, pos + 16)
    reason, pos = read_string(buf, pos)
    resources, pos = read_Gauges(buf, pos)
    value = _new_ServerState(
        id, kind, agent, phase, version, versionWanted, pid, restarts, sinceMs, http, reason, resources
    )
    return value, pos


old_ServerState = Struct10(
    ServerState,
    (
        ("id", STRING),
        ("kind", STRING),
        ("agent", STRING),
        ("phase", old_ServerPhase),
        ("version", STRING),
        ("versionWanted", STRING),
        ("pid", INT),
        ("restarts", INT),
        ("sinceMs", LONG),
        ("http", STRING),
        ("reason", STRING),
        ("resources", Same(write_Gauges, read_Gauges)),
    ),
)


def write_ServerStates(out: bytearray, value: Sequence[ServerState]) -> None:
    write_size(out, len(value))
    for item in value:
        write_ServerState(out, item)


def read_ServerStates(buf: bytes, pos: int) -> tuple[list[ServerState], int]:
    count, pos = read_count(buf, pos, 25)
    items: list[ServerState] = []
    for _ in range(count):
        item, pos = read_ServerState(buf, pos)
        items.append(item)
    return items, pos


old_ServerStates = Sequence10(old_ServerState, 25)
