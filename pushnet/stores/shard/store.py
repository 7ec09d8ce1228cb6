"""The door to a shard's file: every change is on disk when its Deferred fires.

Beside the file it keeps two things in memory because they are asked for with every push: the end of the
change log and the ends of the group logs. Both move after the commit, so they never promise what is not on
disk, and before the change is answered, so whoever was answered finds them moved.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeVar

from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.dbagent import Change, DeviceUpdate, GroupEntry, Registration, StreamEntry
from pushnet.gen.pushnet.push import Message
from pushnet.stores.shard import apps, changes, devices, expiry, groups, labels, streams
from pushnet.stores.shard.apps import Opening
from pushnet.stores.shard.devices import Credentials, Newcomer, Portrait
from pushnet.stores.shard.schema import SCHEMA
from pushnet.stores.shard.tidemark import Tidemark
from pushnet.stores.sqlite import Database
from pushnet.world import World

PAGE_BYTES_MAX: Final = 1024 * 1024
"""Of message bodies in one page; a page has at least one message whatever its size."""
_LOG_NUMBER_BYTES: Final = 7
_INCARNATIONS_SINCE_S: Final = 1_577_836_800
"""The beginning of 2020. Login epochs have 31 bits for the incarnation, which lasts until 2088."""

T = TypeVar("T")


class ShardStore:
    """One shard on disk.

    Args:
        world: where the file, the time and the numbers come from.
        name: the file's name in the node's storage.
        stream_messages_max: messages kept for one device.
    """

    def __init__(self, world: World, name: str, stream_messages_max: int) -> None:
        self._world = world
        self._database = Database(world, name, SCHEMA)
        self._stream_messages_max = stream_messages_max
        self._group_heads: dict[str, int] = {}
        self.changed = Tidemark()
        """The end of the change log."""

    async def open(self) -> Opening:
        """Open the file and begin a new incarnation of the shard."""
        await self._database.open()
        log = 1 + int.from_bytes(self._world.entropy.token(_LOG_NUMBER_BYTES), "big")
        now_s = int(self._world.wall()) - _INCARNATIONS_SINCE_S
        opening = await self._database.write(lambda c: apps.begin_incarnation(c, now_s, log))
        self._group_heads = await self._database.read(apps.heads)
        self.changed.rise(opening.position)
        return opening

    async def close(self) -> None:
        """Finish what was submitted, let those who wait for changes go, close the file."""
        self.changed.release()
        await self._database.close()

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        self._database.on_failure = tell

    @property
    def failure(self) -> str:
        """Why nothing can be written now; empty while all is well."""
        return self._database.failure

    @property
    def waiting(self) -> int:
        """Writes not yet on disk."""
        return self._database.waiting

    def group_head(self, app: str) -> int:
        """The end of the app's group log; 0 when it is not here."""
        return self._group_heads.get(app, 0)

    def register(self, new: Newcomer) -> Deferred[Registration]:
        return self._changing(partial(devices.register, new=new))

    def credentials(self, app: str, ordinal: int) -> Deferred[Credentials | None]:
        return self._database.read(lambda c: devices.credentials(c, app, ordinal))

    def portraits(self, app: str, ordinals: Sequence[int], with_tags: bool) -> Deferred[list[Portrait]]:
        """Those of the ordinals that are devices, by ordinal."""
        return self._database.read(lambda c: devices.portraits(c, app, ordinals, with_tags))

    def census(self, app: str) -> Deferred[dict[str, float]]:
        return self._database.read(lambda c: apps.census(c, app))

    def note_online(self, facts: Sequence[tuple[str, int, int]]) -> Deferred[None]:
        """(app, ordinal, milliseconds since 1970) of logins and logouts."""
        return self._database.write(lambda c: devices.note_online(c, facts))

    def update(
        self, app: str, registration_id: str, ordinal: int, wanted: DeviceUpdate
    ) -> Deferred[int | None]:
        """The change log position that includes the update; None when there is no such device."""

        def write(connection: sqlite3.Connection) -> tuple[int | None, int]:
            position = labels.update(connection, app, registration_id, ordinal, wanted)
            return position, position or 0

        return self._changing(write)

    def update_tag(
        self, app: str, tag: str, add: Mapping[str, int], remove: Mapping[str, int]
    ) -> Deferred[tuple[int, list[str]]]:
        """Registration ids to ordinals. Returns the position, and the ids that could not be changed."""
        return self._labelling(lambda c: labels.update_tag(c, app, tag, add, remove))

    async def delete_tag(self, app: str, tag: str, platforms: Sequence[str]) -> int:
        """Take the tag from every device of the platforms, or of all; in several transactions."""
        more = True
        while more:
            position, more = await self._database.write(lambda c: labels.delete_tag(c, app, tag, platforms))
            self.changed.rise(position)
        return position

    def delete_alias(self, app: str, alias: str, platforms: Sequence[str]) -> Deferred[int]:
        def write(connection: sqlite3.Connection) -> tuple[int, int]:
            position = labels.delete_alias(connection, app, alias, platforms)
            return position, position

        return self._changing(write)

    def remove_alias(
        self, app: str, alias: str, registration_ids: Mapping[str, int]
    ) -> Deferred[tuple[int, list[str]]]:
        return self._labelling(lambda c: labels.remove_alias(c, app, alias, registration_ids))

    def changes(self, since: int, count_max: int) -> Deferred[tuple[list[Change], int]]:
        """Changes after `since`, and the end of the log."""
        return self._database.read(lambda c: changes.read(c, since, count_max))

    def store(
        self, app: str, message: Message, ordinals: Sequence[int]
    ) -> Deferred[tuple[dict[int, int], list[int]]]:
        """The `seq` the message has for each ordinal, and the ordinals that are no devices."""
        deposit = streams.Deposit(app, message, ordinals, self._now_ms(), self._stream_messages_max)
        return self._database.write(lambda c: streams.store(c, deposit))

    def stream(self, app: str, ordinal: int, since: int, count_max: int) -> Deferred[list[StreamEntry]]:
        return self._database.read(lambda c: streams.read(c, app, ordinal, since, count_max, PAGE_BYTES_MAX))

    def standing(
        self, app: str, ordinal: int, seen: int, count_max: int
    ) -> Deferred[tuple[Credentials, list[StreamEntry]] | None]:
        """The device and its stream after `seen`, as of one moment; None when there is no such device."""
        return self._database.read(
            lambda c: streams.standing(c, app, ordinal, seen, count_max, PAGE_BYTES_MAX)
        )

    def newest(
        self, app: str, ordinals: Sequence[int]
    ) -> Deferred[list[tuple[Message, list[tuple[int, int]]]]]:
        """The last message waiting for each device that has any, with (ordinal, seq) of those devices."""
        return self._database.read(lambda c: streams.newest(c, app, ordinals))

    def acknowledge(self, acks: Sequence[tuple[str, int, bool, int]]) -> Deferred[None]:
        """(app, ordinal, whether of the group log, seq)."""
        return self._database.write(lambda c: streams.acknowledge(c, acks))

    async def append(self, app: str, message: Message, audience: bytes) -> int:
        """The seq of the message in the app's group log."""
        now_ms = self._now_ms()
        seq = await self._database.write(lambda c: groups.append(c, app, message, audience, now_ms))
        self._group_heads[app] = max(seq, self._group_heads.get(app, 0))
        return seq

    def group(self, app: str, since: int, count_max: int) -> Deferred[list[GroupEntry]]:
        return self._database.read(lambda c: groups.read(c, app, since, count_max, PAGE_BYTES_MAX))

    async def expire(self) -> bool:
        """One portion of what time takes away. Whether there is more."""
        now_ms = self._now_ms()
        expiring = await self._database.write(lambda c: expiry.expire(c, now_ms))
        return await self._database.write(lambda c: expiry.forget(c, now_ms)) or expiring

    def _labelling(
        self, write: Callable[[sqlite3.Connection], tuple[int, list[str]]]
    ) -> Deferred[tuple[int, list[str]]]:
        def work(connection: sqlite3.Connection) -> tuple[tuple[int, list[str]], int]:
            outcome = write(connection)
            return outcome, outcome[0]

        return self._changing(work)

    def _changing(self, write: Callable[[sqlite3.Connection], tuple[T, int]]) -> Deferred[T]:
        """A write that returns its result and the end of the change log as of then."""
        return self._database.write(write).addCallback(self._rise)

    def _rise(self, outcome: tuple[T, int]) -> T:
        result, position = outcome
        self.changed.rise(position)
        return result

    def _now_ms(self) -> int:
        return int(self._world.wall() * 1000)
