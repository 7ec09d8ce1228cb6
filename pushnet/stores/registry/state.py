"""The contract of a registry's state: named entries, each with the revision of its last write.

Every commit gets the next revision, so a revision is an epoch: what was written later has the higher one,
also across restarts, and no two commits share one. An entry may be written under a lease; it is gone when
the lease runs out. Whoever opened the state is told of every change, own ones too, in order of revision; a
commit is refused (`StateConflict`) when somebody else has put something that this watcher has not been told
of yet. So what was decided from what was told holds, or is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import attrs
from twisted.internet.defer import Deferred


class StateConflict(Exception):
    """Something was written, or has lapsed, meanwhile: decide again from what you are told next."""


class StateUnavailable(Exception):
    """Nothing can be written now; the text says why. It may have been written all the same."""


@attrs.frozen
class Entry:
    """One entry as it stands."""

    key: str
    value: str
    revision: int
    lease: str = ""
    """The store's name of the lease it is under; empty: it stays."""


@attrs.frozen
class Put:
    """Write an entry, whatever stood there.

    Under the lease `lease`, when one is named; under a new one of `ttl_s` seconds, when that is not 0.
    """

    key: str
    value: str
    ttl_s: float = 0.0
    lease: str = ""


@attrs.frozen
class Delete:
    """Take an entry away, if it is still the one of that revision."""

    key: str
    revision: int


@attrs.frozen
class Stands:
    """A condition: unless the entry is still the one of that revision, nothing of the commit is written.

    What the watcher was told does not count, only what the store has when it writes. So who acts for as long
    as an entry stands (a lead, under a lease) writes nothing after it, however long he was paused before.
    """

    key: str
    revision: int


Change = Put | Delete | Stands


class Watcher(Protocol):
    """Is told what is in the state."""

    def reset(self, entries: Sequence[Entry]) -> None:
        """This, and nothing else, is in it now."""
        ...

    def put(self, entry: Entry) -> None: ...

    def gone(self, entry: Entry, lapsed: bool) -> None:
        """An entry was deleted, or lapsed with its lease."""
        ...

    def note(self, who: str, text: str) -> None:
        """Another registry's note, by `tell`."""
        ...


class RegistryState(Protocol):
    """Where a registry keeps what must not be forgotten."""

    async def open(self, watcher: Watcher) -> None:
        """Begin; `watcher.reset` is called before this returns."""
        ...

    async def close(self) -> None: ...

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        """Write all of it or nothing. Fires with the revision, on disk, after the watcher was told.

        Fails with `StateConflict` (also when one of ours is still under way, or what must stand does not) or
        `StateUnavailable`.
        """
        ...

    def renew(self, leases: Sequence[str]) -> Deferred[Mapping[str, bool]]:
        """Start leases anew; fires, after a round trip to whoever keeps them, with whether each was there.

        Fails with `StateUnavailable`: then nobody knows, and nobody may act as if it had been renewed.
        """
        ...

    def tell(self, who: str, text: str) -> None:
        """Tell the other registries something that need not last; nothing when there are none."""
        ...

    def current(self) -> Deferred[None]:
        """Fires when the watcher has been told all that was written before this call. May fail as `renew`."""
        ...

    def tick(self) -> None:
        """Look at the leases. To be called several times a lease."""
        ...

    def left_s(self, lease: str) -> float:
        """How long the lease surely runs, as far as this process knows."""
        ...

    @property
    def trouble(self) -> str:
        """Why nothing can be written; empty while all is well."""
        ...

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        ...
