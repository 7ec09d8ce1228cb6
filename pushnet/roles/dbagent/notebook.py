"""What logins tell that may be written a little later: when a device was here, and what it has.

Neither is promised to anybody: losing a second of it in a crash makes a "last online" older, and a device
tells what it has at its next login again. So it is gathered, and written once a second in one go.
"""

from __future__ import annotations

from typing import Final

from pushnet.stores.shard.store import ShardStore

NOTES_MAX: Final = 50_000
"""Devices in the notebook: logins of several bad seconds. Then the oldest notes are dropped."""


class Notebook:
    """Notes of one shard, written by `flush`."""

    def __init__(self, store: ShardStore) -> None:
        self._store = store
        self._online: dict[tuple[str, int], int] = {}
        self._seen: dict[tuple[str, int], int] = {}

    def __len__(self) -> int:
        return len(self._online) + len(self._seen)

    def note_online(self, app: str, ordinal: int, at_ms: int) -> None:
        """The device has come or gone."""
        _make_room(self._online)
        self._online[app, ordinal] = at_ms

    def note_seen(self, app: str, ordinal: int, seq: int) -> None:
        """The device has its stream up to `seq`."""
        _make_room(self._seen)
        self._seen[app, ordinal] = max(seq, self._seen.get((app, ordinal), 0))

    async def flush(self) -> None:
        """Write what is noted. When that fails it is lost, as a crash would have it."""
        online, self._online = self._online, {}
        seen, self._seen = self._seen, {}
        if seen:
            acks = [(app, ordinal, False, seq) for (app, ordinal), seq in seen.items()]
            await self._store.acknowledge(acks)
        if online:
            await self._store.note_online([(*device, at_ms) for device, at_ms in online.items()])


def _make_room(notes: dict[tuple[str, int], int]) -> None:
    if len(notes) >= NOTES_MAX:
        del notes[next(iter(notes))]
