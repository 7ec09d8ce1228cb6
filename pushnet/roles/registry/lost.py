"""Stock servers that gave no sign of life for too long, and may give one again.

A stock server registers once, when it starts. One that was stopped for a while, or cut off, knows nothing of
having been taken out, and would never come back by itself. So its place is looked at on: when it answers, it
is entered as it was. When nobody listens there any more, when its id was given to somebody else, or after a
day, it is forgotten.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.records import AdapterRecord, ProcessRecord

LOST_MAX: Final = 1024
"""The one that was lost first is forgotten first."""
FORGOTTEN_S: Final = 86_400.0
SOON_S: Final = 60.0
"""For so long a place is looked at in every round, later in one of `SELDOM`."""
SELDOM: Final = 10

Record: TypeAlias = AdapterRecord | ProcessRecord
Key: TypeAlias = tuple[type[Record], str]

_REMOVED: Final = (What.adapter_removed, What.process_removed)
_ENTERED: Final = (What.adapter_added, What.adapter_updated, What.process_entered)


@attrs.frozen
class _Entry:
    record: Record
    since: float


class Lost:
    """What one registry has seen lapse. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._entries: dict[Key, _Entry] = {}
        self._round = 0

    def follow(self, event: Event, now: float) -> None:
        """Something changed in the books."""
        record = event.record
        if not isinstance(record, AdapterRecord | ProcessRecord):
            return
        key = (type(record), record.id)
        if event.what in _REMOVED and event.lapsed:
            self._entries[key] = _Entry(record, now)
            if len(self._entries) > LOST_MAX:
                del self._entries[next(iter(self._entries))]
        elif event.what in (*_REMOVED, *_ENTERED):
            self._entries.pop(key, None)

    def round(self, now: float) -> list[str]:
        """The places to look at this time."""
        self._round += 1
        seldom = self._round % SELDOM == 0
        for key, entry in list(self._entries.items()):
            if now - entry.since > FORGOTTEN_S:
                del self._entries[key]
        looked = [entry for entry in self._entries.values() if seldom or now - entry.since <= SOON_S]
        return list(dict.fromkeys(entry.record.endpoints for entry in looked))

    def at(self, endpoints: str) -> list[Record]:
        """What was lost there."""
        return [entry.record for entry in self._entries.values() if entry.record.endpoints == endpoints]

    def forget(self, endpoints: str) -> None:
        """Nobody listens there any more."""
        for record in self.at(endpoints):
            del self._entries[type(record), record.id]
