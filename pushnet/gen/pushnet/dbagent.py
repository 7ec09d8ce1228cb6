# Written by slice2tx from idl/pushnet/dbagent.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.push import Message, read_Message, write_Message
from pushnet.gen.pushnet.types import (
    UnavailableException,
    read_Gauges,
    read_Ints,
    read_Strings,
    write_Gauges,
    write_Ints,
    write_Strings,
)
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
from pushnet.wire.basic import (
    read_bytes,
    read_count,
    read_size,
    read_string,
    write_bytes,
    write_size,
    write_string,
)
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, LONG, STRING, Enum10, Sequence10, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Acknowledgement",
    "BeatReply",
    "Change",
    "ChangeKind",
    "ChangePage",
    "DeviceRuleException",
    "DeviceUpdate",
    "DeviceView",
    "GroupEntry",
    "LoginRefusedException",
    "LoginReply",
    "LoginRequest",
    "NoSuchDeviceException",
    "Placement",
    "Registration",
    "Route",
    "Shard",
    "ShardPrx",
    "ShardServant",
    "StoreReply",
    "StreamEntry",
    "TagReply",
    "read_Acknowledgement",
    "read_Acknowledgements",
    "read_BeatReply",
    "read_Change",
    "read_ChangeKind",
    "read_ChangePage",
    "read_Changes",
    "read_DeviceUpdate",
    "read_DeviceView",
    "read_DeviceViews",
    "read_GroupEntries",
    "read_GroupEntry",
    "read_Heads",
    "read_LoginReply",
    "read_LoginRequest",
    "read_Placement",
    "read_Placements",
    "read_Registration",
    "read_Route",
    "read_Routes",
    "read_StoreReply",
    "read_StreamEntries",
    "read_StreamEntry",
    "read_TagReply",
    "write_Acknowledgement",
    "write_Acknowledgements",
    "write_BeatReply",
    "write_Change",
    "write_ChangeKind",
    "write_ChangePage",
    "write_Changes",
    "write_DeviceUpdate",
    "write_DeviceView",
    "write_DeviceViews",
    "write_GroupEntries",
    "write_GroupEntry",
    "write_Heads",
    "write_LoginReply",
    "write_LoginRequest",
    "write_Placement",
    "write_Placements",
    "write_Registration",
    "write_Route",
    "write_Routes",
    "write_StoreReply",
    "write_StreamEntries",
    "write_StreamEntry",
    "write_TagReply",
]


@attrs.frozen(order=True)
class Registration:
    """A device's place in the cluster."""

    registrationId: str = ""
    """19 characters: `1`, the ordinal as 8 hexadecimal digits, 10 random ones."""

    ordinal: int = 0
    """Dense number of the device within its app; bits 16 to 21 are the shard."""

    secret: bytes = b""
    """What the device must show at login."""

    groupSeq: int = 0
    """The end of the app's group log now, where a new device begins to read; 0 when it lives elsewhere."""


@attrs.frozen(order=True)
class LoginRequest:
    app: str = ""
    ordinal: int = 0
    registrationId: str = ""
    """The full id, or empty on a resumed session that the Broker has verified."""

    secret: bytes = b""
    """The device's secret, or empty as above."""

    broker: str = ""
    """The Broker that holds the connection."""

    brokerEpoch: int = 0
    seen: int = 0
    """The highest unicast `seq` the device has."""


@attrs.frozen(order=True)
class StreamEntry:
    """One message of a device's own stream: follows `prev` without a hole."""

    prev: int = 0
    seq: int = 0
    message: Message = attrs.field(factory=Message)


@attrs.frozen(order=True)
class LoginReply:
    registrationId: str = ""
    platform: str = ""
    epoch: int = 0
    """Grows with every login of the device; older ones have lost."""

    head: int = 0
    """The end of the device's own stream."""

    entries: list[StreamEntry] = attrs.field(factory=list)
    """The first messages after `seen`, up to the page limit; ask `fetch` for the rest."""

    groupSeen: int = 0
    """The highest group `seq` that the device has acknowledged."""


@attrs.frozen(order=True)
class GroupEntry:
    """One group push: a row of an app's group log."""

    seq: int = 0
    message: Message = attrs.field(factory=Message)
    audience: bytes = b""
    """A serialized roaring bitmap of ordinals."""


@attrs.frozen(order=True)
class Placement:
    """Where a stored message has to go."""

    ordinal: int = 0
    prev: int = 0
    seq: int = 0
    broker: str = ""
    """The Broker that holds the device, or empty when it is offline."""

    epoch: int = 0


@attrs.frozen(order=True)
class StoreReply:
    placements: list[Placement] = attrs.field(factory=list)
    unknown: list[int] = attrs.field(factory=list)
    """Those that are no devices of this app."""


@attrs.frozen(order=True)
class Acknowledgement:
    """What a device has: cumulative, of its own stream (`group` false) or of its app's group log."""

    app: str = ""
    ordinal: int = 0
    group: bool = False
    seq: int = 0


@attrs.frozen(order=True)
class Route:
    """A Broker's claim on a device."""

    app: str = ""
    ordinal: int = 0
    epoch: int = 0


@attrs.frozen
class BeatReply:
    incarnation: int = 0
    """Changes when the shard wants the Broker's routes anew: it has restarted, or dropped them."""

    heads: dict[str, int] = attrs.field(factory=dict)
    """For the apps asked about whose group log lives on this shard."""


class ChangeKind(SliceEnum):
    """What changed about a device."""

    DeviceAdded = 0
    DeviceRemoved = 1
    TagAdded = 2
    TagRemoved = 3
    AliasSet = 4
    AliasCleared = 5


@attrs.frozen(order=True)
class Change:
    position: int = 0
    kind: ChangeKind = ChangeKind.DeviceAdded
    app: str = ""
    ordinal: int = 0
    value: str = ""
    """The platform of an added device, the tag, or the alias."""


@attrs.frozen(order=True)
class ChangePage:
    changes: list[Change] = attrs.field(factory=list)
    head: int = 0
    """The end of the log when this page was read."""

    log: int = 0
    """Drawn when the log was begun. In a log of another number, positions mean something else."""


@attrs.frozen(order=True)
class DeviceView:
    """A device as the REST API shows it."""

    registrationId: str = ""
    ordinal: int = 0
    platform: str = ""
    tags: list[str] = attrs.field(factory=list)
    alias: str = ""
    mobile: str = ""
    online: bool = False
    lastOnlineMs: int = 0
    """Milliseconds since 1970 of the last login or logout; 0 when never."""


@attrs.frozen(order=True)
class DeviceUpdate:
    """Changes to one device. The `set` flags say which texts count; empty clears."""

    clearTags: bool = False
    addTags: list[str] = attrs.field(factory=list)
    removeTags: list[str] = attrs.field(factory=list)
    setAlias: bool = False
    alias: str = ""
    setMobile: bool = False
    mobile: str = ""


@attrs.frozen(order=True)
class TagReply:
    position: int = 0
    illegal: list[str] = attrs.field(factory=list)


@attrs.frozen
class LoginRefusedException(UserException):
    """The device is not known, its secret is wrong, or its app is unknown: `reason` says which."""

    reason: str = ""


@attrs.frozen
class NoSuchDeviceException(UserException):
    """There is no device with that registration id."""

    registrationId: str = ""


@attrs.frozen
class DeviceRuleException(UserException):
    """A rule of the device API is broken. `code` is JPush's (7002, 7013, 7015...)."""

    code: int = 0
    reason: str = ""


class Shard(Protocol):
    """The truth about the devices of one shard, and about the group logs of the apps at home here. Well-known
    as `shard/<number>`. Every answer to a write is sent after the write is on disk.
    """

    def register(
        self, app: str, deviceKey: str, platform: str, current: Current | None = None, /
    ) -> Awaitable[Registration]:
        """Make a device known. The same app and key get the same registration again."""
        ...

    def login(self, request: LoginRequest, current: Current | None = None, /) -> Awaitable[LoginReply]:
        """A device has come to a Broker: check it, note the route, say what it has missed."""
        ...

    def logout(
        self, app: str, ordinal: int, broker: str, epoch: int, current: Current | None = None, /
    ) -> Awaitable[None]:
        """A device has left. A later login's route stays."""
        ...

    def beat(
        self, broker: str, brokerEpoch: int, apps: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[BeatReply]:
        """A Broker lives: its routes stay for three beats more. Sent every second.

        Args:
            apps: The apps whose group log ends the Broker wants to know.
        """
        ...

    def report(
        self, broker: str, brokerEpoch: int, held: Sequence[Route], current: Current | None = None, /
    ) -> Awaitable[None]:
        """All of a Broker's routes, after a change of incarnation, in pages."""
        ...

    def fetch(
        self, app: str, ordinal: int, since: int, max: int, current: Current | None = None, /
    ) -> Awaitable[list[StreamEntry]]:
        """The device's own stream after `since`, oldest first. The first `prev` shows where a gap begins."""
        ...

    def acknowledge(
        self, acks: Sequence[Acknowledgement], current: Current | None = None, /
    ) -> Awaitable[None]:
        """What devices have received."""
        ...

    def store(
        self, app: str, item: Message, ordinals: Sequence[int], current: Current | None = None, /
    ) -> Awaitable[StoreReply]:
        """Put a message into devices' own streams. The same message id is stored once for each device."""
        ...

    def append(
        self, app: str, item: Message, audience: bytes, current: Current | None = None, /
    ) -> Awaitable[int]:
        """Add to the app's group log; the same message id again gets the same seq."""
        ...

    def group(
        self, app: str, since: int, max: int, current: Current | None = None, /
    ) -> Awaitable[list[GroupEntry]]:
        """The app's group log after `since`, oldest first."""
        ...

    def position(self, current: Current | None = None, /) -> Awaitable[int]:
        """The end of the change log."""
        ...

    def changes(
        self, since: int, max: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[ChangePage]:
        """The change log after `since`; waits up to `waitMs` when there is nothing yet."""
        ...

    def device(
        self, app: str, registrationId: str, current: Current | None = None, /
    ) -> Awaitable[DeviceView]:
        """What is known of one device."""
        ...

    def update(
        self, app: str, registrationId: str, changes: DeviceUpdate, current: Current | None = None, /
    ) -> Awaitable[int]:
        """Returns the change log position that includes the update."""
        ...

    def updateTag(
        self, app: str, tag: str, add: Sequence[str], remove: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[TagReply]:
        """Give or take one tag. Ids that are not of this shard's devices are answered as illegal."""
        ...

    def deleteTag(
        self, app: str, tag: str, platforms: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[int]:
        """Take a tag from every device of these platforms (empty: all)."""
        ...

    def deleteAlias(
        self, app: str, alias: str, platforms: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[int]:
        """Take an alias from every device of these platforms (empty: all)."""
        ...

    def removeAlias(
        self, app: str, alias: str, registrationIds: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[TagReply]:
        """Take an alias from these devices."""
        ...

    def describe(
        self, app: str, ordinals: Sequence[int], current: Current | None = None, /
    ) -> Awaitable[list[DeviceView]]:
        """Those of the ordinals that are devices here."""
        ...

    def status(
        self, app: str, registrationIds: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[list[DeviceView]]:
        """Those of the ids that are devices here, without tags."""
        ...

    def census(self, app: str, current: Current | None = None, /) -> Awaitable[dict[str, float]]:
        """What the app has here: `devices`, `devices.<platform>`, and the account of its devices' own
        streams, where `stored` = `delivered` + `pending` + `expired` + `overflowed`; `unregistered` were
        never stored.
        """
        ...


class ShardPrx(ObjectPrx):
    """Calls a `Shard` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Shard"

    def register(
        self, app: str, deviceKey: str, platform: str, context: CallContext = None
    ) -> Deferred[Registration]:
        out = bytearray()
        write_string(out, app)
        write_string(out, deviceKey)
        write_string(out, platform)
        return self._ice_call(_OP_Shard_register, out, context)

    def login(self, request: LoginRequest, context: CallContext = None) -> Deferred[LoginReply]:
        out = bytearray()
        write_LoginRequest(out, request)
        return self._ice_call(_OP_Shard_login, out, context)

    def logout(
        self, app: str, ordinal: int, broker: str, epoch: int, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, app)
        out += _S_i.pack(ordinal)
        write_string(out, broker)
        out += _S_q.pack(epoch)
        return self._ice_call(_OP_Shard_logout, out, context)

    def beat(
        self, broker: str, brokerEpoch: int, apps: Sequence[str], context: CallContext = None
    ) -> Deferred[BeatReply]:
        out = bytearray()
        write_string(out, broker)
        out += _S_q.pack(brokerEpoch)
        write_Strings(out, apps)
        return self._ice_call(_OP_Shard_beat, out, context)

    def report(
        self, broker: str, brokerEpoch: int, held: Sequence[Route], context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, broker)
        out += _S_q.pack(brokerEpoch)
        write_Routes(out, held)
        return self._ice_call(_OP_Shard_report, out, context)

    def fetch(
        self, app: str, ordinal: int, since: int, max: int, context: CallContext = None
    ) -> Deferred[list[StreamEntry]]:
        out = bytearray()
        write_string(out, app)
        out += _S_iqi.pack(ordinal, since, max)
        return self._ice_call(_OP_Shard_fetch, out, context)

    def acknowledge(self, acks: Sequence[Acknowledgement], context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_Acknowledgements(out, acks)
        return self._ice_call(_OP_Shard_acknowledge, out, context)

    def store(
        self, app: str, item: Message, ordinals: Sequence[int], context: CallContext = None
    ) -> Deferred[StoreReply]:
        out = bytearray()
        write_string(out, app)
        write_Message(out, item)
        write_Ints(out, ordinals)
        return self._ice_call(_OP_Shard_store, out, context)

    def append(self, app: str, item: Message, audience: bytes, context: CallContext = None) -> Deferred[int]:
        out = bytearray()
        write_string(out, app)
        write_Message(out, item)
        write_bytes(out, audience)
        return self._ice_call(_OP_Shard_append, out, context)

    def group(
        self, app: str, since: int, max: int, context: CallContext = None
    ) -> Deferred[list[GroupEntry]]:
        out = bytearray()
        write_string(out, app)
        out += _S_qi.pack(since, max)
        return self._ice_call(_OP_Shard_group, out, context)

    def position(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Shard_position, b"", context)

    def changes(self, since: int, max: int, waitMs: int, context: CallContext = None) -> Deferred[ChangePage]:
        return self._ice_call(_OP_Shard_changes, _S_qii.pack(since, max, waitMs), context)

    def device(self, app: str, registrationId: str, context: CallContext = None) -> Deferred[DeviceView]:
        out = bytearray()
        write_string(out, app)
        write_string(out, registrationId)
        return self._ice_call(_OP_Shard_device, out, context)

    def update(
        self, app: str, registrationId: str, changes: DeviceUpdate, context: CallContext = None
    ) -> Deferred[int]:
        out = bytearray()
        write_string(out, app)
        write_string(out, registrationId)
        write_DeviceUpdate(out, changes)
        return self._ice_call(_OP_Shard_update, out, context)

    def updateTag(
        self, app: str, tag: str, add: Sequence[str], remove: Sequence[str], context: CallContext = None
    ) -> Deferred[TagReply]:
        out = bytearray()
        write_string(out, app)
        write_string(out, tag)
        write_Strings(out, add)
        write_Strings(out, remove)
        return self._ice_call(_OP_Shard_updateTag, out, context)

    def deleteTag(
        self, app: str, tag: str, platforms: Sequence[str], context: CallContext = None
    ) -> Deferred[int]:
        out = bytearray()
        write_string(out, app)
        write_string(out, tag)
        write_Strings(out, platforms)
        return self._ice_call(_OP_Shard_deleteTag, out, context)

    def deleteAlias(
        self, app: str, alias: str, platforms: Sequence[str], context: CallContext = None
    ) -> Deferred[int]:
        out = bytearray()
        write_string(out, app)
        write_string(out, alias)
        write_Strings(out, platforms)
        return self._ice_call(_OP_Shard_deleteAlias, out, context)

    def removeAlias(
        self, app: str, alias: str, registrationIds: Sequence[str], context: CallContext = None
    ) -> Deferred[TagReply]:
        out = bytearray()
        write_string(out, app)
        write_string(out, alias)
        write_Strings(out, registrationIds)
        return self._ice_call(_OP_Shard_removeAlias, out, context)

    def describe(
        self, app: str, ordinals: Sequence[int], context: CallContext = None
    ) -> Deferred[list[DeviceView]]:
        out = bytearray()
        write_string(out, app)
        write_Ints(out, ordinals)
        return self._ice_call(_OP_Shard_describe, out, context)

    def status(
        self, app: str, registrationIds: Sequence[str], context: CallContext = None
    ) -> Deferred[list[DeviceView]]:
        out = bytearray()
        write_string(out, app)
        write_Strings(out, registrationIds)
        return self._ice_call(_OP_Shard_status, out, context)

    def census(self, app: str, context: CallContext = None) -> Deferred[dict[str, float]]:
        out = bytearray()
        write_string(out, app)
        return self._ice_call(_OP_Shard_census, out, context)


class ShardServant(Servant):
    """Serves a `Shard`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Shard"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Shard")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_iB = Struct("<iB")
_S_ioq = Struct("<i?q")
_S_iq = Struct("<iq")
_S_iqi = Struct("<iqi")
_S_iqq = Struct("<iqq")
_S_iqqB = Struct("<iqqB")
_S_o = Struct("<?")
_S_oq = Struct("<?q")
_S_q = Struct("<q")
_S_qi = Struct("<qi")
_S_qii = Struct("<qii")
_S_qq = Struct("<qq")

_new_Acknowledgement = maker_of(Acknowledgement)
_new_BeatReply = maker_of(BeatReply)
_new_Change = maker_of(Change)
_new_ChangePage = maker_of(ChangePage)
_new_DeviceUpdate = maker_of(DeviceUpdate)
_new_DeviceView = maker_of(DeviceView)
_new_GroupEntry = maker_of(GroupEntry)
_new_LoginReply = maker_of(LoginReply)
_new_LoginRequest = maker_of(LoginRequest)
_new_Placement = maker_of(Placement)
_new_Registration = maker_of(Registration)
_new_Route = maker_of(Route)
_new_StoreReply = maker_of(StoreReply)
_new_StreamEntry = maker_of(StreamEntry)
_new_TagReply = maker_of(TagReply)


def write_Registration(out: bytearray, value: Registration) -> None:
    write_string(out, value.registrationId)
    out += _S_i.pack(value.ordinal)
    write_bytes(out, value.secret)
    out += _S_q.pack(value.groupSeq)


def read_Registration(buf: bytes, pos: int) -> tuple[Registration, int]:
    registrationId, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    secret, pos = read_bytes(buf, pos + 4)
    (groupSeq,) = _S_q.unpack_from(buf, pos)
    return _new_Registration(registrationId, ordinal, secret, groupSeq), pos + 8


def write_LoginRequest(out: bytearray, value: LoginRequest) -> None:
    write_string(out, value.app)
    out += _S_i.pack(value.ordinal)
    write_string(out, value.registrationId)
    write_bytes(out, value.secret)
    write_string(out, value.broker)
    out += _S_qq.pack(value.brokerEpoch, value.seen)


def read_LoginRequest(buf: bytes, pos: int) -> tuple[LoginRequest, int]:
    app, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    registrationId, pos = read_string(buf, pos + 4)
    secret, pos = read_bytes(buf, pos)
    broker, pos = read_string(buf, pos)
    brokerEpoch, seen = _S_qq.unpack_from(buf, pos)
    return _new_LoginRequest(app, ordinal, registrationId, secret, broker, brokerEpoch, seen), pos + 16


def write_StreamEntry(out: bytearray, value: StreamEntry) -> None:
    out += _S_qq.pack(value.prev, value.seq)
    write_Message(out, value.message)


def read_StreamEntry(buf: bytes, pos: int) -> tuple[StreamEntry, int]:
    prev, seq = _S_qq.unpack_from(buf, pos)
    message, pos = read_Message(buf, pos + 16)
    return _new_StreamEntry(prev, seq, message), pos


def write_StreamEntries(out: bytearray, value: Sequence[StreamEntry]) -> None:
    write_size(out, len(value))
    for item in value:
        write_StreamEntry(out, item)


def read_StreamEntries(buf: bytes, pos: int) -> tuple[list[StreamEntry], int]:
    count, pos = read_count(buf, pos, 33)
    items: list[StreamEntry] = []
    for _ in range(count):
        item, pos = read_StreamEntry(buf, pos)
        items.append(item)
    return items, pos


def write_LoginReply(out: bytearray, value: LoginReply) -> None:
    write_string(out, value.registrationId)
    write_string(out, value.platform)
    out += _S_qq.pack(value.epoch, value.head)
    write_StreamEntries(out, value.entries)
    out += _S_q.pack(value.groupSeen)


def read_LoginReply(buf: bytes, pos: int) -> tuple[LoginReply, int]:
    registrationId, pos = read_string(buf, pos)
    platform, pos = read_string(buf, pos)
    epoch, head = _S_qq.unpack_from(buf, pos)
    entries, pos = read_StreamEntries(buf, pos + 16)
    (groupSeen,) = _S_q.unpack_from(buf, pos)
    return _new_LoginReply(registrationId, platform, epoch, head, entries, groupSeen), pos + 8


def _write_LoginRefusedException(out: bytearray, value: LoginRefusedException) -> None:
    write_string(out, value.reason)


def _read_LoginRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


LoginRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::LoginRefusedException",
    LoginRefusedException,
    _write_LoginRefusedException,
    _read_LoginRefusedException,
    None,
)


def _write_NoSuchDeviceException(out: bytearray, value: NoSuchDeviceException) -> None:
    write_string(out, value.registrationId)


def _read_NoSuchDeviceException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    registrationId, pos = read_string(buf, pos)
    return (registrationId,), pos


NoSuchDeviceException.ice_slice = ExceptionSlice(
    "::PushNet::NoSuchDeviceException",
    NoSuchDeviceException,
    _write_NoSuchDeviceException,
    _read_NoSuchDeviceException,
    None,
)


def _write_DeviceRuleException(out: bytearray, value: DeviceRuleException) -> None:
    out += _S_i.pack(value.code)
    write_string(out, value.reason)


def _read_DeviceRuleException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    (code,) = _S_i.unpack_from(buf, pos)
    reason, pos = read_string(buf, pos + 4)
    return (code, reason), pos


DeviceRuleException.ice_slice = ExceptionSlice(
    "::PushNet::DeviceRuleException",
    DeviceRuleException,
    _write_DeviceRuleException,
    _read_DeviceRuleException,
    None,
)


def write_GroupEntry(out: bytearray, value: GroupEntry) -> None:
    out += _S_q.pack(value.seq)
    write_Message(out, value.message)
    write_bytes(out, value.audience)


def read_GroupEntry(buf: bytes, pos: int) -> tuple[GroupEntry, int]:
    (seq,) = _S_q.unpack_from(buf, pos)
    message, pos = read_Message(buf, pos + 8)
    audience, pos = read_bytes(buf, pos)
    return _new_GroupEntry(seq, message, audience), pos


def write_GroupEntries(out: bytearray, value: Sequence[GroupEntry]) -> None:
    write_size(out, len(value))
    for item in value:
        write_GroupEntry(out, item)


def read_GroupEntries(buf: bytes, pos: int) -> tuple[list[GroupEntry], int]:
    count, pos = read_count(buf, pos, 26)
    items: list[GroupEntry] = []
    for _ in range(count):
        item, pos = read_GroupEntry(buf, pos)
        items.append(item)
    return items, pos


def write_Placement(out: bytearray, value: Placement) -> None:
    out += _S_iqq.pack(value.ordinal, value.prev, value.seq)
    write_string(out, value.broker)
    out += _S_q.pack(value.epoch)


def read_Placement(buf: bytes, pos: int) -> tuple[Placement, int]:
    ordinal, prev, seq = _S_iqq.unpack_from(buf, pos)
    broker, pos = read_string(buf, pos + 20)
    (epoch,) = _S_q.unpack_from(buf, pos)
    return _new_Placement(ordinal, prev, seq, broker, epoch), pos + 8


def write_Placements(out: bytearray, value: Sequence[Placement]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.broker.encode()
        if (size := len(text)) < 255:
            out += _S_iqqB.pack(item.ordinal, item.prev, item.seq, size)
        else:
            out += _S_iqq.pack(item.ordinal, item.prev, item.seq)
            write_size(out, size)
        out += text
        out += _S_q.pack(item.epoch)


def read_Placements(buf: bytes, pos: int) -> tuple[list[Placement], int]:
    count, pos = read_count(buf, pos, 29)
    items: list[Placement] = []
    for _ in range(count):
        ordinal, prev, seq, size = _S_iqqB.unpack_from(buf, pos)
        if size < 255:
            broker = buf[pos + 21 : (pos := pos + 21 + size)].decode()
        else:
            broker, pos = read_string(buf, pos + 20)
        (epoch,) = _S_q.unpack_from(buf, pos)
        pos += 8
        items.append(_new_Placement(ordinal, prev, seq, broker, epoch))
    return items, pos


def write_StoreReply(out: bytearray, value: StoreReply) -> None:
    write_Placements(out, value.placements)
    write_Ints(out, value.unknown)


def read_StoreReply(buf: bytes, pos: int) -> tuple[StoreReply, int]:
    placements, pos = read_Placements(buf, pos)
    unknown, pos = read_Ints(buf, pos)
    return _new_StoreReply(placements, unknown), pos


def write_Acknowledgement(out: bytearray, value: Acknowledgement) -> None:
    write_string(out, value.app)
    out += _S_ioq.pack(value.ordinal, value.group, value.seq)


def read_Acknowledgement(buf: bytes, pos: int) -> tuple[Acknowledgement, int]:
    app, pos = read_string(buf, pos)
    ordinal, group, seq = _S_ioq.unpack_from(buf, pos)
    return _new_Acknowledgement(app, ordinal, group, seq), pos + 13


def write_Acknowledgements(out: bytearray, value: Sequence[Acknowledgement]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.app.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_ioq.pack(item.ordinal, item.group, item.seq)


def read_Acknowledgements(buf: bytes, pos: int) -> tuple[list[Acknowledgement], int]:
    count, pos = read_count(buf, pos, 14)
    items: list[Acknowledgement] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            app = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            app, pos = read_string(buf, pos)
        ordinal, group, seq = _S_ioq.unpack_from(buf, pos)
        pos += 13
        items.append(_new_Acknowledgement(app, ordinal, group, seq))
    return items, pos


def write_Route(out: bytearray, value: Route) -> None:
    write_string(out, value.app)
    out += _S_iq.pack(value.ordinal, value.epoch)


def read_Route(buf: bytes, pos: int) -> tuple[Route, int]:
    app, pos = read_string(buf, pos)
    ordinal, epoch = _S_iq.unpack_from(buf, pos)
    return _new_Route(app, ordinal, epoch), pos + 12


def write_Routes(out: bytearray, value: Sequence[Route]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.app.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_iq.pack(item.ordinal, item.epoch)


def read_Routes(buf: bytes, pos: int) -> tuple[list[Route], int]:
    count, pos = read_count(buf, pos, 13)
    items: list[Route] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            app = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            app, pos = read_string(buf, pos)
        ordinal, epoch = _S_iq.unpack_from(buf, pos)
        pos += 12
        items.append(_new_Route(app, ordinal, epoch))
    return items, pos


def write_Heads(out: bytearray, value: Mapping[str, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_q.pack(item)


def read_Heads(buf: bytes, pos: int) -> tuple[dict[str, int], int]:
    count, pos = read_count(buf, pos, 9)
    value: dict[str, int] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_q.unpack_from(buf, pos)
        pos += 8
        value[key] = item
    return value, pos


def write_BeatReply(out: bytearray, value: BeatReply) -> None:
    out += _S_q.pack(value.incarnation)
    write_Heads(out, value.heads)


def read_BeatReply(buf: bytes, pos: int) -> tuple[BeatReply, int]:
    (incarnation,) = _S_q.unpack_from(buf, pos)
    heads, pos = read_Heads(buf, pos + 8)
    return _new_BeatReply(incarnation, heads), pos


_MEMBERS_ChangeKind: Final = {member.value: member for member in ChangeKind}


def write_ChangeKind(out: bytearray, value: ChangeKind) -> None:
    write_size(out, value)


def read_ChangeKind(buf: bytes, pos: int) -> tuple[ChangeKind, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_ChangeKind.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::PushNet::ChangeKind")
    return value, pos


old_ChangeKind = Enum10(ChangeKind, "::PushNet::ChangeKind")


def write_Change(out: bytearray, value: Change) -> None:
    out += _S_q.pack(value.position)
    write_ChangeKind(out, value.kind)
    write_string(out, value.app)
    out += _S_i.pack(value.ordinal)
    write_string(out, value.value)


def read_Change(buf: bytes, pos: int) -> tuple[Change, int]:
    (position,) = _S_q.unpack_from(buf, pos)
    kind, pos = read_ChangeKind(buf, pos + 8)
    app, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    value, pos = read_string(buf, pos + 4)
    return _new_Change(position, kind, app, ordinal, value), pos


old_Change = Struct10(
    Change,
    (("position", LONG), ("kind", old_ChangeKind), ("app", STRING), ("ordinal", INT), ("value", STRING)),
)


def write_Changes(out: bytearray, value: Sequence[Change]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_q.pack(item.position)
        write_ChangeKind(out, item.kind)
        text = item.app.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.value.encode()
        if (size := len(text)) < 255:
            out += _S_iB.pack(item.ordinal, size)
        else:
            out += _S_i.pack(item.ordinal)
            write_size(out, size)
        out += text


def read_Changes(buf: bytes, pos: int) -> tuple[list[Change], int]:
    count, pos = read_count(buf, pos, 15)
    items: list[Change] = []
    for _ in range(count):
        (position,) = _S_q.unpack_from(buf, pos)
        kind, pos = read_ChangeKind(buf, pos + 8)
        if (size := buf[pos]) < 255:
            app = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            app, pos = read_string(buf, pos)
        ordinal, size = _S_iB.unpack_from(buf, pos)
        if size < 255:
            _value = buf[pos + 5 : (pos := pos + 5 + size)].decode()
        else:
            _value, pos = read_string(buf, pos + 4)
        items.append(_new_Change(position, kind, app, ordinal, _value))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


old_Changes = Sequence10(old_Change, 15)


def write_ChangePage(out: bytearray, value: ChangePage) -> None:
    write_Changes(out, value.changes)
    out += _S_qq.pack(value.head, value.log)


def read_ChangePage(buf: bytes, pos: int) -> tuple[ChangePage, int]:
    changes, pos = read_Changes(buf, pos)
    head, log = _S_qq.unpack_from(buf, pos)
    return _new_ChangePage(changes, head, log), pos + 16


old_ChangePage = Struct10(ChangePage, (("changes", old_Changes), ("head", LONG), ("log", LONG)))


def write_DeviceView(out: bytearray, value: DeviceView) -> None:
    write_string(out, value.registrationId)
    out += _S_i.pack(value.ordinal)
    write_string(out, value.platform)
    write_Strings(out, value.tags)
    write_string(out, value.alias)
    write_string(out, value.mobile)
    out += _S_oq.pack(value.online, value.lastOnlineMs)


def read_DeviceView(buf: bytes, pos: int) -> tuple[DeviceView, int]:
    registrationId, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    platform, pos = read_string(buf, pos + 4)
    tags, pos = read_Strings(buf, pos)
    alias, pos = read_string(buf, pos)
    mobile, pos = read_string(buf, pos)
    online, lastOnlineMs = _S_oq.unpack_from(buf, pos)
    value = _new_DeviceView(registrationId, ordinal, platform, tags, alias, mobile, online, lastOnlineMs)
    return value, pos + 9


def write_DeviceViews(out: bytearray, value: Sequence[DeviceView]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.registrationId.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.platform.encode()
        if (size := len(text)) < 255:
            out += _S_iB.pack(item.ordinal, size)
        else:
            out += _S_i.pack(item.ordinal)
            write_size(out, size)
        out += text
        write_Strings(out, item.tags)
        text = item.alias.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.mobile.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_oq.pack(item.online, item.lastOnlineMs)


def read_DeviceViews(buf: bytes, pos: int) -> tuple[list[DeviceView], int]:
    count, pos = read_count(buf, pos, 18)
    items: list[DeviceView] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            registrationId = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            registrationId, pos = read_string(buf, pos)
        ordinal, size = _S_iB.unpack_from(buf, pos)
        if size < 255:
            platform = buf[pos + 5 : (pos := pos + 5 + size)].decode()
        else:
            platform, pos = read_string(buf, pos + 4)
        tags, pos = read_Strings(buf, pos)
        if (size := buf[pos]) < 255:
            alias = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            alias, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            mobile = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            mobile, pos = read_string(buf, pos)
        online, lastOnlineMs = _S_oq.unpack_from(buf, pos)
        pos += 9
        items.append(
            _new_DeviceView(registrationId, ordinal, platform, tags, alias, mobile, online, lastOnlineMs)
        )
    return items, pos


def write_DeviceUpdate(out: bytearray, value: DeviceUpdate) -> None:
    out += _S_o.pack(value.clearTags)
    write_Strings(out, value.addTags)
    write_Strings(out, value.removeTags)
    out += _S_o.pack(value.setAlias)
    write_string(out, value.alias)
    out += _S_o.pack(value.setMobile)
    write_string(out, value.mobile)


def read_DeviceUpdate(buf: bytes, pos: int) -> tuple[DeviceUpdate, int]:
    (clearTags,) = _S_o.unpack_from(buf, pos)
    addTags, pos = read_Strings(buf, pos + 1)
    removeTags, pos = read_Strings(buf, pos)
    (setAlias,) = _S_o.unpack_from(buf, pos)
    alias, pos = read_string(buf, pos + 1)
    (setMobile,) = _S_o.unpack_from(buf, pos)
    mobile, pos = read_string(buf, pos + 1)
    return _new_DeviceUpdate(clearTags, addTags, removeTags, setAlias, alias, setMobile, mobile), pos


def write_TagReply(out: bytearray, value: TagReply) -> None:
    out += _S_q.pack(value.position)
    write_Strings(out, value.illegal)


def read_TagReply(buf: bytes, pos: int) -> tuple[TagReply, int]:
    (position,) = _S_q.unpack_from(buf, pos)
    illegal, pos = read_Strings(buf, pos + 8)
    return _new_TagReply(position, illegal), pos


def _read_result_Shard_register(buf: bytes, pos: int, source: Source) -> Registration:
    result, pos = read_Registration(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_register(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    deviceKey, pos = read_string(buf, pos)
    platform, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.register(app, deviceKey, platform, current)


def _write_result_Shard_register(value: Registration) -> bytearray:
    out = bytearray()
    write_Registration(out, value)
    return out


_OP_Shard_register: Operation[Registration] = Operation(
    "register", 2, _read_result_Shard_register, (LoginRefusedException, UnavailableException)
)


def _read_result_Shard_login(buf: bytes, pos: int, source: Source) -> LoginReply:
    result, pos = read_LoginReply(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_login(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    request, pos = read_LoginRequest(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.login(request, current)


def _write_result_Shard_login(value: LoginReply) -> bytearray:
    out = bytearray()
    write_LoginReply(out, value)
    return out


_OP_Shard_login: Operation[LoginReply] = Operation(
    "login", 0, _read_result_Shard_login, (LoginRefusedException, UnavailableException)
)


def _serve_Shard_logout(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    broker, pos = read_string(buf, pos + 4)
    (epoch,) = _S_q.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.logout(app, ordinal, broker, epoch, current)


_OP_Shard_logout: Operation[None] = Operation("logout", 2, None, ())


def _read_result_Shard_beat(buf: bytes, pos: int, source: Source) -> BeatReply:
    result, pos = read_BeatReply(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_beat(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    broker, pos = read_string(buf, pos)
    (brokerEpoch,) = _S_q.unpack_from(buf, pos)
    apps, pos = read_Strings(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.beat(broker, brokerEpoch, apps, current)


def _write_result_Shard_beat(value: BeatReply) -> bytearray:
    out = bytearray()
    write_BeatReply(out, value)
    return out


_OP_Shard_beat: Operation[BeatReply] = Operation("beat", 2, _read_result_Shard_beat, ())


def _serve_Shard_report(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    broker, pos = read_string(buf, pos)
    (brokerEpoch,) = _S_q.unpack_from(buf, pos)
    held, pos = read_Routes(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.report(broker, brokerEpoch, held, current)


_OP_Shard_report: Operation[None] = Operation("report", 2, None, ())


def _read_result_Shard_fetch(buf: bytes, pos: int, source: Source) -> list[StreamEntry]:
    result, pos = read_StreamEntries(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_fetch(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    ordinal, since, max = _S_iqi.unpack_from(buf, pos)
    if pos + 16 != len(buf):
        pass_over(buf, pos + 16, current)
    return servant.fetch(app, ordinal, since, max, current)


def _write_result_Shard_fetch(value: list[StreamEntry]) -> bytearray:
    out = bytearray()
    write_StreamEntries(out, value)
    return out


_OP_Shard_fetch: Operation[list[StreamEntry]] = Operation(
    "fetch", 2, _read_result_Shard_fetch, (UnavailableException,)
)


def _serve_Shard_acknowledge(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    acks, pos = read_Acknowledgements(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.acknowledge(acks, current)


_OP_Shard_acknowledge: Operation[None] = Operation("acknowledge", 2, None, (UnavailableException,))


def _read_result_Shard_store(buf: bytes, pos: int, source: Source) -> StoreReply:
    result, pos = read_StoreReply(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_store(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    item, pos = read_Message(buf, pos)
    ordinals, pos = read_Ints(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.store(app, item, ordinals, current)


def _write_result_Shard_store(value: StoreReply) -> bytearray:
    out = bytearray()
    write_StoreReply(out, value)
    return out


_OP_Shard_store: Operation[StoreReply] = Operation(
    "store", 2, _read_result_Shard_store, (UnavailableException,)
)


def _read_result_Shard_append(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Shard_append(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    item, pos = read_Message(buf, pos)
    audience, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.append(app, item, audience, current)


_OP_Shard_append: Operation[int] = Operation("append", 2, _read_result_Shard_append, (UnavailableException,))


def _read_result_Shard_group(buf: bytes, pos: int, source: Source) -> list[GroupEntry]:
    result, pos = read_GroupEntries(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_group(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    since, max = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.group(app, since, max, current)


def _write_result_Shard_group(value: list[GroupEntry]) -> bytearray:
    out = bytearray()
    write_GroupEntries(out, value)
    return out


_OP_Shard_group: Operation[list[GroupEntry]] = Operation(
    "group", 2, _read_result_Shard_group, (UnavailableException,)
)


def _read_result_Shard_position(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Shard_position(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    return servant.position(current)


_OP_Shard_position: Operation[int] = Operation(
    "position", 2, _read_result_Shard_position, (UnavailableException,)
)

_OLD_Shard_changes = Call10("changes", (LONG, INT, INT), (old_ChangePage,), returns=True)


def _read_result_Shard_changes(buf: bytes, pos: int, source: Source) -> ChangePage:
    result, pos = read_ChangePage(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_changes(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    since, max, waitMs = _S_qii.unpack_from(buf, pos)
    if pos + 16 != len(buf):
        pass_over(buf, pos + 16, current)
    return servant.changes(since, max, waitMs, current)


def _write_result_Shard_changes(value: ChangePage) -> bytearray:
    out = bytearray()
    write_ChangePage(out, value)
    return out


_OP_Shard_changes: Operation[ChangePage] = Operation(
    "changes", 2, _read_result_Shard_changes, (UnavailableException,), old=_OLD_Shard_changes
)


def _read_result_Shard_device(buf: bytes, pos: int, source: Source) -> DeviceView:
    result, pos = read_DeviceView(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_device(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    registrationId, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.device(app, registrationId, current)


def _write_result_Shard_device(value: DeviceView) -> bytearray:
    out = bytearray()
    write_DeviceView(out, value)
    return out


_OP_Shard_device: Operation[DeviceView] = Operation(
    "device", 2, _read_result_Shard_device, (NoSuchDeviceException, UnavailableException)
)


def _read_result_Shard_update(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Shard_update(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    registrationId, pos = read_string(buf, pos)
    changes, pos = read_DeviceUpdate(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.update(app, registrationId, changes, current)


_OP_Shard_update: Operation[int] = Operation(
    "update", 2, _read_result_Shard_update, (NoSuchDeviceException, DeviceRuleException, UnavailableException)
)


def _read_result_Shard_updateTag(buf: bytes, pos: int, source: Source) -> TagReply:
    result, pos = read_TagReply(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_updateTag(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    tag, pos = read_string(buf, pos)
    add, pos = read_Strings(buf, pos)
    remove, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.updateTag(app, tag, add, remove, current)


def _write_result_Shard_updateTag(value: TagReply) -> bytearray:
    out = bytearray()
    write_TagReply(out, value)
    return out


_OP_Shard_updateTag: Operation[TagReply] = Operation(
    "updateTag", 2, _read_result_Shard_updateTag, (DeviceRuleException, UnavailableException)
)


def _read_result_Shard_deleteTag(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Shard_deleteTag(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    tag, pos = read_string(buf, pos)
    platforms, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.deleteTag(app, tag, platforms, current)


_OP_Shard_deleteTag: Operation[int] = Operation(
    "deleteTag", 2, _read_result_Shard_deleteTag, (UnavailableException,)
)


def _read_result_Shard_deleteAlias(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Shard_deleteAlias(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    alias, pos = read_string(buf, pos)
    platforms, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.deleteAlias(app, alias, platforms, current)


_OP_Shard_deleteAlias: Operation[int] = Operation(
    "deleteAlias", 2, _read_result_Shard_deleteAlias, (UnavailableException,)
)


def _read_result_Shard_removeAlias(buf: bytes, pos: int, source: Source) -> TagReply:
    result, pos = read_TagReply(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_removeAlias(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    alias, pos = read_string(buf, pos)
    registrationIds, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.removeAlias(app, alias, registrationIds, current)


def _write_result_Shard_removeAlias(value: TagReply) -> bytearray:
    out = bytearray()
    write_TagReply(out, value)
    return out


_OP_Shard_removeAlias: Operation[TagReply] = Operation(
    "removeAlias", 2, _read_result_Shard_removeAlias, (UnavailableException,)
)


def _read_result_Shard_describe(buf: bytes, pos: int, source: Source) -> list[DeviceView]:
    result, pos = read_DeviceViews(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_describe(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    ordinals, pos = read_Ints(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.describe(app, ordinals, current)


def _write_result_Shard_describe(value: list[DeviceView]) -> bytearray:
    out = bytearray()
    write_DeviceViews(out, value)
    return out


_OP_Shard_describe: Operation[list[DeviceView]] = Operation(
    "describe", 2, _read_result_Shard_describe, (UnavailableException,)
)


def _read_result_Shard_status(buf: bytes, pos: int, source: Source) -> list[DeviceView]:
    result, pos = read_DeviceViews(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_status(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    registrationIds, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.status(app, registrationIds, current)


def _write_result_Shard_status(value: list[DeviceView]) -> bytearray:
    out = bytearray()
    write_DeviceViews(out, value)
    return out


_OP_Shard_status: Operation[list[DeviceView]] = Operation(
    "status", 2, _read_result_Shard_status, (UnavailableException,)
)


def _read_result_Shard_census(buf: bytes, pos: int, source: Source) -> dict[str, float]:
    result, pos = read_Gauges(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Shard_census(servant: Shard, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.census(app, current)


def _write_result_Shard_census(value: dict[str, float]) -> bytearray:
    out = bytearray()
    write_Gauges(out, value)
    return out


_OP_Shard_census: Operation[dict[str, float]] = Operation(
    "census", 2, _read_result_Shard_census, (UnavailableException,)
)

ShardServant.ice_operations = {
    b"register": ServantOperation("register", 2, _serve_Shard_register, _write_result_Shard_register),
    b"login": ServantOperation("login", 0, _serve_Shard_login, _write_result_Shard_login),
    b"logout": ServantOperation("logout", 2, _serve_Shard_logout, None),
    b"beat": ServantOperation("beat", 2, _serve_Shard_beat, _write_result_Shard_beat),
    b"report": ServantOperation("report", 2, _serve_Shard_report, None),
    b"fetch": ServantOperation("fetch", 2, _serve_Shard_fetch, _write_result_Shard_fetch),
    b"acknowledge": ServantOperation("acknowledge", 2, _serve_Shard_acknowledge, None),
    b"store": ServantOperation("store", 2, _serve_Shard_store, _write_result_Shard_store),
    b"append": ServantOperation("append", 2, _serve_Shard_append, _S_q.pack),
    b"group": ServantOperation("group", 2, _serve_Shard_group, _write_result_Shard_group),
    b"position": ServantOperation("position", 2, _serve_Shard_position, _S_q.pack),
    b"changes": ServantOperation(
        "changes", 2, _serve_Shard_changes, _write_result_Shard_changes, old=_OLD_Shard_changes
    ),
    b"device": ServantOperation("device", 2, _serve_Shard_device, _write_result_Shard_device),
    b"update": ServantOperation("update", 2, _serve_Shard_update, _S_q.pack),
    b"updateTag": ServantOperation("updateTag", 2, _serve_Shard_updateTag, _write_result_Shard_updateTag),
    b"deleteTag": ServantOperation("deleteTag", 2, _serve_Shard_deleteTag, _S_q.pack),
    b"deleteAlias": ServantOperation("deleteAlias", 2, _serve_Shard_deleteAlias, _S_q.pack),
    b"removeAlias": ServantOperation(
        "removeAlias", 2, _serve_Shard_removeAlias, _write_result_Shard_removeAlias
    ),
    b"describe": ServantOperation("describe", 2, _serve_Shard_describe, _write_result_Shard_describe),
    b"status": ServantOperation("status", 2, _serve_Shard_status, _write_result_Shard_status),
    b"census": ServantOperation("census", 2, _serve_Shard_census, _write_result_Shard_census),
}
