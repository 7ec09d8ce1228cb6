"""Queue, shards, tag index, Brokers and registry in memory, behind the generated contracts.

Each keeps to its contract's words and no more. `trouble` makes the next calls of an operation fail; `late`
holds them back until `release`; `calls` tells what was called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import attrs
from pyroaring import BitMap
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.broker import Broker, Target
from pushnet.gen.pushnet.dbagent import (
    DeviceRuleException,
    DeviceUpdate,
    DeviceView,
    GroupEntry,
    NoSuchDeviceException,
    Placement,
    Shard,
    StoreReply,
    TagReply,
)
from pushnet.gen.pushnet.push import Audience, Message
from pushnet.gen.pushnet.queue import Delivery, Queue, Receipt
from pushnet.gen.pushnet.registry import Member, Registry
from pushnet.gen.pushnet.tagalias import Selection, TagAlias
from pushnet.grid.placement import ordinal_at, ordinal_in, registration_id
from pushnet.roles.backends import Backends
from pushnet.world import World

ALIAS_DEVICES_MAX = 10


class Troubled:
    """What all of them share: scripted failures, held calls, and a list of what was called."""

    def __init__(self) -> None:
        self.trouble: dict[str, list[Exception]] = {}
        self.late: dict[str, list[Deferred[None]]] = {}
        self.calls: list[str] = []

    async def called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.late:
            waiting: Deferred[None] = Deferred()
            self.late[name].append(waiting)
            await waiting
        if self.trouble.get(name):
            raise self.trouble[name].pop(0)

    def hold(self, name: str) -> None:
        self.late[name] = []

    def release(self, name: str) -> None:
        for waiting in self.late.pop(name):
            if not waiting.called:
                waiting.callback(None)


class MemoryQueue(Troubled):
    """One topic, one group."""

    def __init__(self, world: World, attempts_max: int = 5) -> None:
        super().__init__()
        self._world = world
        self._attempts_max = attempts_max
        self._keys: dict[str, Receipt] = {}
        self._attempts: dict[int, int] = {}
        self._asking: list[tuple[Deferred[None], int]] = []
        self.bodies: dict[int, bytes] = {}
        self.waiting: list[int] = []
        self.taken: list[int] = []
        self.done: list[int] = []
        self.parked_for: dict[int, str] = {}
        self.retried: list[tuple[int, int, str]] = []

    async def publish(self, topic: str, body: bytes, key: str, answer: bytes) -> Receipt:
        """`trouble["publish after"]` fails after the message is in, as a lost answer does."""
        await self.called("publish")
        known = self._keys.get(key)
        if known is None:
            number = len(self.bodies) + 1
            self._keys[key] = Receipt(number, False, answer)
            self.bodies[number] = body
            self._offer(number)
        if self.trouble.get("publish after"):
            raise self.trouble["publish after"].pop(0)
        return self._keys[key] if known is None else attrs.evolve(known, duplicate=True)

    def put(self, body: bytes) -> int:
        """Lay a message in, past the contract."""
        number = len(self.bodies) + 1
        self.bodies[number] = body
        self._offer(number)
        return number

    async def take(self, topic: str, group: str, max: int, waitMs: int, leaseMs: int) -> list[Delivery]:
        await self.called("take")
        if not self.waiting:
            asked: Deferred[None] = Deferred()
            timer = self._world.call_later(waitMs / 1000, asked.callback, None)
            self._asking.append((asked, max))
            await asked
            self._asking = [entry for entry in self._asking if entry[0] is not asked]
            if timer.active():
                timer.cancel()
        numbers, self.waiting = self.waiting[:max], self.waiting[max:]
        self.taken += numbers
        return [self._delivery(number) for number in numbers]

    async def acknowledge(self, topic: str, group: str, ids: Sequence[int]) -> None:
        await self.called("acknowledge")
        self.done += ids

    async def retry(self, topic: str, group: str, id: int, delayMs: int, reason: str) -> None:
        await self.called("retry")
        self.retried.append((id, delayMs, reason))
        if self._attempts[id] >= self._attempts_max:
            self.parked_for[id] = reason
        else:
            self._world.call_later(delayMs / 1000, self._offer, id)

    async def park(self, topic: str, group: str, id: int, reason: str) -> None:
        await self.called("park")
        self.parked_for[id] = reason

    def _delivery(self, number: int) -> Delivery:
        self._attempts[number] = self._attempts.get(number, 0) + 1
        return Delivery(number, self._attempts[number], self.bodies[number])

    def _offer(self, number: int) -> None:
        self.waiting.append(number)
        for asked, _ in self._asking:
            if not asked.called:
                asked.callback(None)
                break


@attrs.define
class Device:
    """One device, as a shard knows it. `broker` is empty while it is offline."""

    registration_id: str
    platform: str = "android"
    tags: list[str] = attrs.field(factory=list)
    alias: str = ""
    mobile: str = ""
    broker: str = ""
    last_online_ms: int = 0
    stream: list[Message] = attrs.field(factory=list)


class MemoryShard(Troubled):
    """The devices of one shard; every app shares them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.devices: dict[int, Device] = {}
        self.log: list[tuple[Message, bytes]] = []
        self.changes = 0

    def add(self, **known: object) -> Device:
        ordinal = ordinal_at(len(self.devices), self.number)
        device = Device(registration_id(ordinal, b"abcde"), **known)  # type: ignore[arg-type]
        self.devices[ordinal] = device
        self.changes += 1
        return device

    def view(self, ordinal: int, *, tags: bool = True) -> DeviceView:
        device = self.devices[ordinal]
        return DeviceView(
            device.registration_id,
            ordinal,
            device.platform,
            list(device.tags) if tags else [],
            device.alias,
            device.mobile,
            bool(device.broker),
            device.last_online_ms,
        )

    async def position(self) -> int:
        await self.called("position")
        return self.changes

    async def device(self, app: str, registrationId: str) -> DeviceView:
        await self.called("device")
        return self.view(self._known(registrationId))

    async def update(self, app: str, registrationId: str, changes: DeviceUpdate) -> int:
        await self.called("update")
        device = self.devices[self._known(registrationId)]
        bearers = sum(other.alias == changes.alias for other in self.devices.values())
        if changes.alias and bearers >= ALIAS_DEVICES_MAX:
            raise DeviceRuleException(7015, "the alias has ten devices")
        kept = [] if changes.clearTags else [tag for tag in device.tags if tag not in changes.removeTags]
        device.tags = list(dict.fromkeys([*kept, *changes.addTags]))
        device.alias = changes.alias if changes.setAlias else device.alias
        device.mobile = changes.mobile if changes.setMobile else device.mobile
        return self._changed()

    async def updateTag(self, app: str, tag: str, add: Sequence[str], remove: Sequence[str]) -> TagReply:
        await self.called("updateTag")
        illegal: list[str] = []
        for name in [*add, *remove]:
            device = self._device(name)
            if device is None:
                illegal.append(name)
            elif name in add:
                device.tags = list(dict.fromkeys([*device.tags, tag]))
            else:
                device.tags = [other for other in device.tags if other != tag]
        return TagReply(self._changed(), illegal)

    async def deleteTag(self, app: str, tag: str, platforms: Sequence[str]) -> int:
        await self.called("deleteTag")
        for device in self._of(platforms):
            device.tags = [other for other in device.tags if other != tag]
        return self._changed()

    async def deleteAlias(self, app: str, alias: str, platforms: Sequence[str]) -> int:
        await self.called("deleteAlias")
        for device in self._of(platforms):
            device.alias = "" if device.alias == alias else device.alias
        return self._changed()

    async def removeAlias(self, app: str, alias: str, registrationIds: Sequence[str]) -> TagReply:
        await self.called("removeAlias")
        illegal = [name for name in registrationIds if self._device(name) is None]
        for name in registrationIds:
            device = self._device(name)
            if device is not None and device.alias == alias:
                device.alias = ""
        return TagReply(self._changed(), illegal)

    async def describe(self, app: str, ordinals: Sequence[int]) -> list[DeviceView]:
        await self.called("describe")
        return [self.view(ordinal) for ordinal in ordinals if ordinal in self.devices]

    async def status(self, app: str, registrationIds: Sequence[str]) -> list[DeviceView]:
        await self.called("status")
        known = [name for name in registrationIds if self._device(name) is not None]
        return [self.view(self._known(name), tags=False) for name in known]

    async def store(self, app: str, item: Message, ordinals: Sequence[int]) -> StoreReply:
        await self.called("store")
        placements: list[Placement] = []
        for ordinal in ordinals:
            if ordinal in self.devices:
                device = self.devices[ordinal]
                if item not in device.stream:
                    device.stream.append(item)
                seq = device.stream.index(item) + 1
                placements.append(Placement(ordinal, seq - 1, seq, device.broker, 7))
        return StoreReply(placements, [ordinal for ordinal in ordinals if ordinal not in self.devices])

    async def append(self, app: str, item: Message, audience: bytes) -> int:
        """`trouble["append after"]` fails after the row is in, as a lost answer does."""
        await self.called("append")
        ids = [message.id for message, _ in self.log]
        if item.id not in ids:
            self.log.append((item, audience))
            ids.append(item.id)
        if self.trouble.get("append after"):
            raise self.trouble["append after"].pop(0)
        return ids.index(item.id) + 1

    async def group(self, app: str, since: int, max: int) -> list[GroupEntry]:
        await self.called("group")
        rows = list(enumerate(self.log, 1))[since : since + max]
        return [GroupEntry(seq, message, audience) for seq, (message, audience) in rows]

    def _changed(self) -> int:
        self.changes += 1
        return self.changes

    def _of(self, platforms: Sequence[str]) -> list[Device]:
        return [device for device in self.devices.values() if not platforms or device.platform in platforms]

    def _device(self, name: str) -> Device | None:
        device = self.devices.get(ordinal_in(name) or 0)
        return device if device is not None and device.registration_id == name else None

    def _known(self, name: str) -> int:
        ordinal = ordinal_in(name)
        if ordinal is None or self._device(name) is None:
            raise NoSuchDeviceException(name)
        return ordinal


class MemoryTagAlias(Troubled):
    """Reads the shards themselves, after checking that it was told to see all they have."""

    def __init__(self, shards: Sequence[MemoryShard]) -> None:
        super().__init__()
        self._shards = shards

    async def resolve(self, app: str, wanted: Audience, needed: Mapping[int, int], waitMs: int) -> Selection:
        await self.called("resolve")
        self._check(needed)
        found = BitMap(
            ordinal
            for shard in self._shards
            for ordinal, device in shard.devices.items()
            if _is_wanted(device, wanted)
        )
        return Selection(found.serialize(), len(found))

    async def tags(self, app: str, needed: Mapping[int, int], waitMs: int) -> list[str]:
        await self.called("tags")
        self._check(needed)
        devices = [device for shard in self._shards for device in shard.devices.values()]
        return sorted({tag for device in devices for tag in device.tags})

    def _check(self, needed: Mapping[int, int]) -> None:
        assert needed == {shard.number: shard.changes for shard in self._shards}


class MemoryBroker(Troubled):
    """Writes down what it is to deliver."""

    def __init__(self) -> None:
        super().__init__()
        self.singles: list[tuple[Message, list[Target]]] = []
        self.groups: list[tuple[int, Message, list[int]]] = []

    async def deliver(self, app: str, item: Message, devices: Sequence[Target]) -> list[int]:
        await self.called("deliver")
        self.singles.append((item, list(devices)))
        return []

    async def deliverGroup(self, app: str, seq: int, item: Message, audience: bytes) -> None:
        await self.called("deliverGroup")
        self.groups.append((seq, item, list(BitMap.deserialize(audience))))


class MemoryRegistry(Troubled):
    """Knows the Brokers that live."""

    def __init__(self) -> None:
        super().__init__()
        self.brokers: dict[str, MemoryBroker] = {}

    async def replicas(self, group: str) -> list[Member]:
        await self.called("replicas")
        assert group == "Broker"
        return [Member(name, name, None) for name in self.brokers]

    def connect(self, member: Member) -> Broker | None:
        """What a proxy would reach: also a Broker that has gone meanwhile."""
        return cast("Broker | None", self.brokers.get(member.node))


class Grid:
    """All of it: one queue, `shards` shards, the tag index, the registry."""

    def __init__(self, world: World, shards: int = 2) -> None:
        self.queue = MemoryQueue(world)
        self.shards = [MemoryShard(number) for number in range(shards)]
        self.tag_alias = MemoryTagAlias(self.shards)
        self.registry = MemoryRegistry()

    @property
    def backends(self) -> Backends:
        return Backends(
            cast(Queue, self.queue),
            cast(TagAlias, self.tag_alias),
            [cast(Shard, shard) for shard in self.shards],
        )

    @property
    def registry_contract(self) -> Registry:
        return cast(Registry, self.registry)


def _is_wanted(device: Device, wanted: Audience) -> bool:
    if wanted.platforms and device.platform not in wanted.platforms:
        return False
    tags = set(device.tags)
    return (
        (not wanted.tag or bool(tags & set(wanted.tag)))
        and tags >= set(wanted.tagAnd)
        and not tags & set(wanted.tagNot)
        and (not wanted.alias or device.alias in wanted.alias)
        and (not wanted.registrationId or device.registration_id in wanted.registrationId)
    )
